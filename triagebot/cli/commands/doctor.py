"""`triagebot doctor`: what stands in the way, found before a run goes red, and what to do about each.

In: the environment, the config and the tracker that a triage would use. Out: findings, worst verdict as exit code. It
changes nothing but the label that triage would make anyway (`trackers.github.probe` says why), and, where history has a
home, that home's own tables.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, replace

import click

from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.output import tables
from triagebot.cli.output.json_text import SCHEMA, dumps
from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.history.heartbeat import heartbeat
from triagebot.issues import Issue
from triagebot.pipeline.opening import FILE
from triagebot.pipeline.reading import DEFAULT_CONFIG, read_config
from triagebot.plans import watched_scopes
from triagebot.stores import History, open_history
from triagebot.trackers.diagnosis import Finding, Probed, judge, silence, worst

_MARKS = {"ok": ("ok", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "bold red")}


@click.command("doctor")
@click.option(
    "--tracker",
    type=TRACKERS,
    help="Where issues live.  [default: github inside Actions, else local]",
)
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@HISTORY
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process, tracker: str | None, config: str | None, history: str | None, *, as_json: bool
) -> int:
    """Check token, labels, config, history, clock and model key, and say what to do. Exit code 1 when something fails.

    \b
    Examples:
      triagebot doctor
      triagebot doctor --tracker github --history branch:triagebot-history
      triagebot doctor --json
    """
    finding, settings = _config(config, process)
    name = tracker or ("github" if process.in_actions else "local")
    rest = _github(settings, process, history) if name == "github" else _local(settings, process, history)
    findings = (finding, *rest, _model(settings, process))
    if as_json:
        _as_json(process, findings)
    else:
        _as_text(process, findings)
    return 1 if worst(findings) == "fail" else 0


def _config(path: str | None, process: Process) -> tuple[Finding, Config]:
    """Whether the config is understood, rules and their expressions among it; the defaults stand in for a broken one."""
    name = path or str(DEFAULT_CONFIG)
    try:
        found = read_config(path, process.effects)
    except UserError as error:
        return Finding("config", "fail", str(error), f"Mend {name}; nothing is triaged until then."), Config()
    if path is None and not (process.cwd / DEFAULT_CONFIG).exists():
        return Finding("config", "ok", f"there is no {name}: the defaults hold"), found
    said = f"{name} is understood: {len(found.suites)} suites, {len(found.rules)} rules, {len(found.aliases)} aliases"
    return Finding("config", "ok", said), found


def _model(config: Config, process: Process) -> Finding:
    """Whether a model can be asked for drafts. Nobody is asked: that would cost money."""
    from triagebot.models.model_drafts import has_access  # noqa: PLC0415 - drafting loads it when it is needed, so do we

    wanted = f"{config.drafts.model} by way of {config.drafts.provider}"
    if has_access(config.drafts, process.environ):
        return Finding("model", "ok", f"there is a key for {wanted}; whether it is valid was not tried")
    said = f"no key for {wanted}: issues get a digest of facts in place of a draft"
    return Finding("model", "warn", said, "Set ANTHROPIC_API_KEY, or leave it and read the digests.")


def _github(config: Config, process: Process, history: str | None) -> tuple[Finding, ...]:
    """What GitHub answers, judged. Without a token or a repository there is nobody to ask."""
    from triagebot.pipeline.github_workspace import BRANCH, history_store, pace  # noqa: PLC0415 - PyGithub takes half a second to load
    from triagebot.trackers.github import connect  # noqa: PLC0415
    from triagebot.trackers.github.probe import probe  # noqa: PLC0415

    try:
        tracker = connect(
            process.environ, config, now=process.now, pause=process.pause, pace=pace(process.effects)
        )
    except UserError as error:
        return (Finding("access", "fail", str(error), "Inside Actions hand in github-token; else set both."),)
    except TrackerError as error:
        return (Finding("access", "fail", str(error), "Install the app on this repository."),)
    try:
        probed = probe(tracker, writes_branch=bool(history and history.startswith(BRANCH)))
        heard: list[Finding] = []
        if history and "history" not in probed.errors:
            refusal = _refusal(
                lambda: heard.append(
                    _silence(history_store(history, tracker, config)(), tracker.listed, config, process)
                )
            )
            probed = _with_error(probed, refusal)
        return (*judge(probed, config, process.now(), history=history or ""), *heard)
    finally:
        tracker.close()


def _silence(home: History, issues: Sequence[Issue], config: Config, process: Process) -> Finding:
    """Whether runs still come."""
    with closing(home):
        pasts = (home.past(scope, (), ()) for scope in watched_scopes(issues, config))
        return silence(heartbeat(pasts, process.now(), config.limits.silence_days))


def _with_error(probed: Probed, error: str) -> Probed:
    """The answers with what history's home said, "" for nothing bad."""
    return replace(probed, errors={**probed.errors, "history": error}) if error else probed


def _refusal(open_it: Callable[[], object]) -> str:
    """Why something cannot be opened or read; "" when it can."""
    try:
        open_it()
    except (UserError, TrackerError) as error:
        return str(error)
    return ""


def _local(config: Config, process: Process, history: str | None) -> tuple[Finding, ...]:
    """Whether the file of the local tracker can be used, and its history. A file that is not there is not made."""
    found = [_folder(process)]
    if (process.cwd / FILE).exists():
        found.append(_tracker(process))
    if history:
        found.append(_local_history(config, history))
    else:
        found.append(Finding("history", "ok", "history is kept beside the local tracker's issues"))
    return tuple(found)


def _folder(process: Process) -> Finding:
    """Whether our folder can be written, or made."""
    folder = process.cwd / FILE.parent
    place = folder if folder.exists() else process.cwd
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding("folder", "fail", f"{place} cannot be written", "Run where you may write.")
    there = "is there" if folder.exists() else "is made by the first triage"
    return Finding("folder", "ok", f"{FILE.parent} {there}")


def _tracker(process: Process) -> Finding:
    """Whether the local tracker opens and can be listed."""
    from triagebot.trackers.local import LocalTracker  # noqa: PLC0415 - SQLAlchemy takes 0.6 s to load

    try:
        local = LocalTracker(process.cwd / FILE, process.now)
    except UserError as error:
        return Finding("tracker", "fail", str(error), f"Move {FILE} away, and triage makes a new one.")
    try:
        return Finding("tracker", "ok", f"{FILE} holds {len(local.issues())} issues")
    except TrackerError as error:
        return Finding("tracker", "fail", str(error), f"Move {FILE} away, and triage makes a new one.")
    finally:
        local.engine.dispose()


def _local_history(config: Config, history: str) -> Finding:
    """Whether a history store that was named answers."""
    if history.startswith("branch:"):
        return Finding("history", "fail", f"{history} needs --tracker github", "Give the URL of a database.")
    if error := _refusal(lambda: open_history(history, limits=config.history).close()):
        return Finding("history", "fail", error, "Check the URL, and that its server is reachable from here.")
    return Finding("history", "ok", "the history store answers")


def _as_json(process: Process, findings: Sequence[Finding]) -> None:
    """The findings for machines, without secrets."""
    told = {
        "schema": SCHEMA,
        "verdict": worst(findings),
        "findings": [asdict(finding) for finding in findings],
    }
    process.stdout.write(dumps(told) + "\n")


def _as_text(process: Process, findings: Sequence[Finding]) -> None:
    """The findings for people: a line each, and what to do below it."""
    for finding in findings:
        mark, style = _MARKS[finding.verdict]
        tables.say(
            process.console, tables.safe(process, f"{mark:<5}{finding.name}: {finding.said}", 1000), style
        )
        if finding.advice:
            tables.say(process.console, tables.safe(process, f"     {finding.advice}", 300))
