"""`triagebot session`: the staging loop as one record: begin, look, what to run now, end with a report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.output import json_text, out_folder, tables
from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.gates import GateResult
from triagebot.markdown.text import folded
from triagebot.pages.session_pages import run_lines, session_files
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.run_options import TriageOptions
from triagebot.pipeline.selecting import scope_of
from triagebot.pipeline.sessions import (
    Held,
    begin,
    command_of,
    end,
    new_start,
    session_line,
    session_named,
    session_open_in,
    sessions_in,
    state_of_session,
)
from triagebot.pipeline.workspace import Workspace
from triagebot.sessions import GateSeen, Step
from triagebot.trackers.markdown_export import write_markdown

_OUT = ".triagebot/sessions"
_SHOWN = 5
_COMMON = (
    click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]"),
    click.option("--tracker", type=TRACKERS, help="Where issues live.  [default: github inside Actions, else local]"),
    HISTORY,
    click.option("--json", "as_json", is_flag=True, help="Print JSON for machines."),
)  # fmt: skip
_SCOPE = (
    click.option("--environment", metavar="NAME", help="Where the tests run, such as staging.  [default: from [[scopes]], else the newest issue's]"),
    click.option("--branch", metavar="NAME", help="Branch of the tested code.  [default: as --environment]"),
)  # fmt: skip
_WHICH = (
    click.option(
        "--session",
        metavar="ID",
        help="Which one.  [default: the open session of the environment and branch]",
    ),
)


Verb = Callable[..., Any]


def _with(*options: Callable[[Verb], Verb]) -> Callable[[Verb], Verb]:
    """A decorator that gives a command these options."""

    def decorated(command: Verb) -> Verb:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


@click.group("session")
def command() -> None:
    """Keep the log of a staging loop: choose, run, prove, until all pass.

    \b
    Examples:
      triagebot session start --focus "golden path" --phases 1,2 --target 1000 --environment staging
      triagebot triage report.json --environment staging     (adds the run to the open session)
      triagebot session next
      triagebot session close
    """


@contextmanager
def _opened(
    process: Process, config: Config, tracker: str | None, history: str | None, *, writes: bool
) -> Iterator[Workspace]:
    """The workspace, and what it has to say at the end."""
    with open_workspace(
        TriageOptions(tracker, history=history), process.effects, config, writes=writes
    ) as workspace:
        yield workspace
        for said in workspace.notices:
            process.complain(folded(said))


@command.command("start")
@click.option("--focus", required=True, metavar="TEXT", help="What the session is about.")
@click.option("--mission", metavar="TEXT", default="", help="What it is to reach, in words.")
@click.option("--phases", metavar="N,N", default="", help="Phases of suites, in this order.  [default: all]")
@click.option(
    "--target",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="So many tests are to be proven.  [default: all that are known]",
)
@_with(*_SCOPE)
@click.option("--revision", metavar="NAME", default="", help="What is deployed; opaque.")
@click.option(
    "--url", "urls", metavar="NAME=URL", multiple=True, help="An address of a service; again for more."
)
@_with(*_COMMON)
@click.pass_obj
def start(
    process: Process,
    focus: str,
    mission: str,
    phases: str,
    target: int,
    environment: str | None,
    branch: str | None,
    revision: str,
    urls: tuple[str, ...],
    config: str | None,
    tracker: str | None,
    history: str | None,
    as_json: bool,
) -> int:
    """Begin a session: one issue that keeps what was chosen and why, and the log of every run."""
    settings = read_config(config, process.effects)
    clean = process.redactor.lasting
    with _opened(process, settings, tracker, history, writes=True) as workspace:
        made = new_start(
            focus=clean(focus),
            mission=clean(mission),
            scope=scope_of(environment, branch, settings, workspace.tracker.issues(), process.effects),
            revision=clean(revision),
            urls=tuple((name, clean(address)) for name, address in map(_pair, urls)),
            phases=tuple(part.strip() for part in phases.split(",") if part.strip()),
            target=target,
            config=settings,
            workspace=workspace,
            effects=process.effects,
        )
        held, came = begin(made, settings, workspace, sessions_in(workspace))
    _print_session(process, held, as_json=as_json)
    if came is not None and came.status in ("failed", "stale"):
        raise UserError(f"{session_line(held, came)} Run the same command again.")
    return 1 if workspace.history.refusal else 0


def _pair(text: str) -> tuple[str, str]:
    """`name=address` as a pair."""
    name, sign, address = text.partition("=")
    if not sign or "://" not in address:
        raise click.BadParameter(
            f"{text!r} is not NAME=URL, such as backend=https://api.example.com.", param_hint="--url"
        )
    return name.strip(), address.strip()


def _standing(
    process: Process,
    session: str | None,
    environment: str | None,
    branch: str | None,
    config: str | None,
    tracker: str | None,
    history: str | None,
) -> tuple[Held, tuple[GateResult, ...], Step, str]:
    """The session that is meant, its gates, what to do next, and the command for that. Writes nothing."""
    settings = read_config(config, process.effects)
    with _opened(process, settings, tracker, history, writes=False) as workspace:
        held = _chosen(session, environment, branch, settings, workspace, process)
        known, gates, step = state_of_session(held, settings, workspace, process.effects)
        return held, gates, step, command_of(step, known, settings)


@command.command("status")
@_with(*_WHICH, *_SCOPE, *_COMMON)
@click.pass_obj
def status(
    process: Process,
    session: str | None,
    environment: str | None,
    branch: str | None,
    config: str | None,
    tracker: str | None,
    history: str | None,
    as_json: bool,
) -> None:
    """How far the session is: gates, proof, the last runs, what to run now."""
    held, gates, step, line = _standing(process, session, environment, branch, config, tracker, history)
    if as_json:
        value = _as_json(held) | {
            "gates": [asdict(GateSeen(g.name, g.passed, g.why)) for g in gates],
            "next": {"kind": step.kind, "why": step.why, "command": line},
        }
        process.stdout.write(json_text.dumps(_plain(value)) + "\n")
        return
    _print_session(process, held, as_json=False)
    for gate in gates:
        tables.say(
            process.console,
            tables.safe(process, f"G{gate.summary[1:]}", 500),
            "green" if gate.passed else "bold red",
        )
    for ran in held.session.runs[: -_SHOWN - 1 : -1]:
        first, *rest = run_lines(ran)
        tables.say(
            process.console,
            tables.safe(process, f"{ran.logged:%m-%d %H:%M} UTC {ran.run[:40]}: {first}", 300),
        )
        for said in rest:
            tables.say(process.console, tables.safe(process, f"    {said}", 300), "dim")
    _next(process, step.why, line)


@command.command("next")
@_with(*_WHICH, *_SCOPE)
@click.option("--command", "bare", is_flag=True, help="Print the command and nothing else.")
@_with(*_COMMON)
@click.pass_obj
def next_(
    process: Process,
    session: str | None,
    environment: str | None,
    branch: str | None,
    bare: bool,
    config: str | None,
    tracker: str | None,
    history: str | None,
    as_json: bool,
) -> None:
    """What to run now, and why, as a command line."""
    held, _, step, line = _standing(process, session, environment, branch, config, tracker, history)
    if as_json:
        process.stdout.write(
            json_text.dumps(
                {
                    "schema": 1,
                    "session": held.session.id,
                    "kind": step.kind,
                    "why": step.why,
                    "tests": len(step.tests),
                    "command": line,
                }
            )
            + "\n"
        )
    elif bare:
        process.stdout.write(process.redactor.text(line) + "\n")
    else:
        _next(process, step.why, line)


@command.command("close")
@_with(*_WHICH, *_SCOPE)
@click.option("--force", metavar="REASON", default="", help="Close although a gate is held, and say why.")
@click.option("--out", metavar="DIR", help=f"Where the report goes.  [default: {_OUT}/ID]")
@_with(*_COMMON)
@click.pass_obj
def close(
    process: Process,
    session: str | None,
    environment: str | None,
    branch: str | None,
    force: str,
    out: str | None,
    config: str | None,
    tracker: str | None,
    history: str | None,
    as_json: bool,
) -> int:
    """End the session and write its report. While a gate is held it stays open, unless --force says why."""
    settings = read_config(config, process.effects)
    with _opened(process, settings, tracker, history, writes=True) as workspace:
        held = _chosen(session, environment, branch, settings, workspace, process)
        known, gates, step = state_of_session(held, settings, workspace, process.effects)
        held, came = end(
            held, gates, known, settings, workspace, process.effects, process.redactor.lasting(force.strip())
        )
        folder = process.cwd / (out or f"{_OUT}/{held.session.id}")
        _report(
            folder,
            held,
            [GateSeen(g.name, g.passed, g.why) for g in gates],
            "" if step.kind == "close" else step.why,
            command_of(step, known, settings),
            workspace,
        )
    _print_session(process, held, as_json=as_json)
    if not as_json:
        tables.say(
            process.console,
            f"Report: {tables.safe(process, str(Path(out or f'{_OUT}/{held.session.id}') / 'session.html'), 300)}",
        )
    if came is not None and came.status in ("failed", "stale"):
        raise UserError(session_line(held, came))
    return 1 if workspace.history.refusal else 0


def _report(
    folder: Path, held: Held, gates: list[GateSeen], why: str, line: str, workspace: Workspace
) -> None:
    """The files of the report, and the issues that it names."""
    issues = {cause.issue for ran in held.session.runs for cause in ran.causes if cause.issue}
    write_markdown([issue for issue in workspace.tracker.issues() if issue.number in issues], folder)
    out_folder.write_texts(folder, session_files(held.session, gates, why, line))


def _chosen(
    session: str | None,
    environment: str | None,
    branch: str | None,
    config: Config,
    workspace: Workspace,
    process: Process,
) -> Held:
    """The session that is meant. Raises UserError where there is none."""
    found = sessions_in(workspace)
    if session:
        return session_named(session, found)
    scope = scope_of(environment, branch, config, workspace.tracker.issues(), process.effects)
    held = session_open_in(scope, found)
    if held is None:
        where = (
            ", ".join(filter(None, (scope.environment, scope.branch)))
            or "runs of no named environment or branch"
        )
        raise UserError(
            f"no session is open for {where}. Begin one with `triagebot session start`, or name one with --session."
        )
    return held


def _as_json(held: Held) -> dict[str, object]:
    """A session for machines."""
    told = asdict(held.session)
    return {"schema": 1, "id": held.session.id, **told}


def _print_session(process: Process, held: Held, *, as_json: bool) -> None:
    """One session in a line, or as JSON."""
    if as_json:
        process.stdout.write(json_text.dumps(_plain(_as_json(held))) + "\n")
        return
    session = held.session
    issue = f" (#{held.issue.number})" if held.issue else ""
    state = "open" if session.open else "closed"
    where = ", ".join(filter(None, (session.start.environment, session.start.branch, session.start.revision)))
    said = f"Session {session.id}{issue}: {state}, {len(session.runs) + session.dropped} runs, {len(session.start.suites)} suites chosen{f', {where}' if where else ''}"
    tables.say(process.console, tables.safe(process, said, 400), "bold")


def _plain(value: object) -> object:
    """A value with times as text."""
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value


def _next(process: Process, why: str, line: str) -> None:
    """The next step for people."""
    tables.say(process.console, tables.safe(process, f"Next: {why}", 600), "bold")
    if line:
        process.console.print(process.redactor.text(line), soft_wrap=True)
