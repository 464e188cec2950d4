"""`triagebot issues`: read and steer the local tracker. On GitHub, GitHub's own pages do this."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from pydantic import TypeAdapter
from rich.text import Text

from triagebot.cli.output import tables
from triagebot.cli.process import Process
from triagebot.errors import UserError
from triagebot.issues import Issue, Marker
from triagebot.pipeline.opening import FILE
from triagebot.pipeline.reading import read_config
from triagebot.trackers.local import LocalTracker
from triagebot.trackers.markdown_export import file_text

_MARKER = TypeAdapter(Marker)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@click.group("issues")
def command() -> None:
    """Read and steer the local tracker (.triagebot/triagebot.db).

    \b
    Examples:
      triagebot issues list --all
      triagebot issues show 3
      triagebot issues close 3 --commit 1a2b3c4
      triagebot issues mute 5
    """


@contextmanager
def _tracker(process: Process) -> Iterator[LocalTracker]:
    """The local tracker, which must be there."""
    path = process.cwd / FILE
    if not path.exists():
        raise UserError(f"{FILE}: no local tracker here yet. `triagebot triage REPORT` makes one.")
    tracker = LocalTracker(path, process.now)
    try:
        yield tracker
    finally:
        tracker.engine.dispose()


@command.command("list")
@click.option("--all", "every", is_flag=True, help="Closed issues too.")
@click.option("--label", metavar="NAME", help="Only issues with this label.")
@_JSON
@click.pass_obj
def list_(process: Process, label: str | None, *, every: bool, as_json: bool) -> None:
    """List issues, open ones first."""
    with _tracker(process) as tracker:
        issues = [
            i
            for i in (*tracker.issues(), *tracker.sessions())
            if (every or i.state == "open") and (label is None or label in i.labels)
        ]
    issues.sort(key=lambda issue: (issue.state == "closed", issue.number))
    if as_json:
        process.stdout.write(json.dumps([_as_json(issue) for issue in issues], indent=1) + "\n")
        return
    if not issues:
        tables.say(process.console, "No issues." if every else "No open issues; --all shows closed ones too.")
        return
    out = tables.table(
        process.console, ("Issue", "right"), ("State", "left"), ("Title", "left"), ("Labels", "left")
    )
    for issue in issues:
        state = Text(_state(issue), style="green" if issue.state == "open" else "dim")
        out.add_row(
            f"#{issue.number}",
            state,
            tables.safe(process, issue.title),
            tables.safe(process, ", ".join(issue.labels)),
        )
    process.console.print(out)


@command.command("show")
@click.argument("number", type=int)
@_JSON
@click.pass_obj
def show_(process: Process, number: int, *, as_json: bool) -> None:
    """Show one issue with its comments."""
    with _tracker(process) as tracker:
        issue = tracker.show(number)
        comments = tracker.issue_comments(number)
    if as_json:
        value = _as_json(issue) | {"body": issue.body, "comments": [c.body for c in comments]}
        process.stdout.write(json.dumps(value, indent=1) + "\n")
        return
    text = file_text(issue) + "".join(f"\n---\n\n{c.body}\n" for c in comments)
    tables.markdown(process, text)


@command.command("close")
@click.argument("number", type=int)
@click.option(
    "--reason", type=click.Choice(["completed", "not_planned"]), default="completed", show_default=True
)
@click.option(
    "--commit", metavar="SHA", help="The commit that fixes it: failures without it do not reopen the issue."
)
@click.pass_obj
def close(process: Process, number: int, reason: str, commit: str | None) -> None:
    """Close an issue, as fixed or as not planned (which stays closed)."""
    with _tracker(process) as tracker:
        issue = tracker.close(number, "not_planned" if reason == "not_planned" else "completed", commit)
    _print_issue(process, issue)


@command.command("reopen")
@click.argument("number", type=int)
@click.pass_obj
def reopen(process: Process, number: int) -> None:
    """Reopen an issue."""
    with _tracker(process) as tracker:
        issue = tracker.reopen(number)
    _print_issue(process, issue)


@command.command("mute")
@click.argument("number", type=int)
@click.option("--undo", is_flag=True, help="Listen again.")
@click.option("--config", metavar="FILE", help="Config that names the label.")
@click.pass_obj
def mute(process: Process, number: int, config: str | None, *, undo: bool) -> None:
    """Stop updating and reopening an issue; --undo listens again."""
    label = read_config(config, process.effects).labels.muted
    with _tracker(process) as tracker:
        issue = tracker.label(number, remove=(label,)) if undo else tracker.label(number, add=(label,))
    _print_issue(process, issue)


@command.command("label")
@click.argument("number", type=int)
@click.argument("names", metavar="[+|-]NAME…", nargs=-1, required=True)
@click.pass_obj
def label_(process: Process, number: int, names: tuple[str, ...]) -> None:
    """Add labels, or remove those written with a minus (put -- before them).

    \b
    Examples:
      triagebot issues label 3 P1 "area: auth"
      triagebot issues label 3 -- -P2 +P1
    """
    add = tuple(name.removeprefix("+") for name in names if not name.startswith("-"))
    remove = tuple(name[1:] for name in names if name.startswith("-"))
    with _tracker(process) as tracker:
        issue = tracker.label(number, add, remove)
    _print_issue(process, issue)


def _print_issue(process: Process, issue: Issue) -> None:
    """The issue after a person's act, in one line."""
    labels = ", ".join(issue.labels)
    tables.say(
        process.console, tables.safe(process, f"#{issue.number} is {_state(issue)} [{labels}] {issue.title}")
    )


def _state(issue: Issue) -> str:
    """open, or closed with its reason."""
    return (
        f"{issue.state}, {issue.state_reason.replace('_', ' ')}"
        if issue.state == "closed" and issue.state_reason
        else issue.state
    )


def _as_json(issue: Issue) -> dict[str, object]:
    """An issue for machines."""
    return {
        "number": issue.number,
        "state": issue.state,
        "state_reason": issue.state_reason,
        "title": issue.title,
        "labels": list(issue.labels),
        "key": issue.marker.key if issue.marker else None,
        "marker": _MARKER.dump_python(issue.marker, mode="json") if issue.marker else None,
    }
