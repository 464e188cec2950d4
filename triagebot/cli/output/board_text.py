"""A board for a terminal, and as the JSON that machines read."""

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any

from rich.text import Text

from triagebot.boards.model import Board, BoardCause, Seen
from triagebot.boards.words import (
    age_text,
    drafts_text,
    first_risk,
    headline,
    held_text,
    mean_text,
    proof_text,
    pulse_text,
    rate_text,
    scope_text,
    strip_text,
    trend_word,
    what_broke,
)
from triagebot.cli.output import tables
from triagebot.cli.process import Process

SCHEMA = 1
_SHOWN = 20


def print_board(process: Process, board: Board) -> None:
    """The board, most urgent first, and under it what is stuck."""
    tables.say(process.console, headline(board), style="bold")
    if board.open:
        _table(process, board)
        tables.say(
            process.console, "● failed  ○ ran without it  ✕ failed in another way  · not run", style="dim"
        )
    for title, lines in _sections(board):
        some = list(lines)
        if some:
            tables.say(process.console, title, style="bold")
        for line in some[:_SHOWN]:
            tables.say(process.console, f"  {tables.safe(process, line, 300)}")
        if len(some) > _SHOWN:
            tables.say(process.console, f"  … and {len(some) - _SHOWN} more (--json tells all)")


def _table(process: Process, board: Board) -> None:
    """One row a cause."""
    out = tables.table(
        process.console,
        ("Issue", "right"),
        ("", ""),
        ("What is broken", ""),
        ("Age", ""),
        ("Last runs", ""),
        ("At risk", ""),
    )
    for cause in board.open:
        out.add_row(
            f"#{cause.issue}",
            tables.priority_text(cause.priority),
            _what(process, cause),
            age_text(cause),
            f"{strip_text(cause)}\n{rate_text(cause)} {trend_word(cause.weeks)}".strip(),
            tables.safe(process, first_risk(cause), 120),
        )
    process.console.print(out)


def _what(process: Process, cause: BoardCause) -> Text:
    """The cell that says what is broken, and where it stands."""
    text = Text(tables.safe(process, what_broke(cause)), style="bold")
    owner = f"owner {cause.owner}" if cause.owner else "no owner"
    stands = ", ".join(filter(None, (cause.state, cause.review, cause.area, owner)))
    text.append(f"\n{tables.safe(process, stands)}", style="not bold dim")
    return text


def _sections(board: Board) -> Iterable[tuple[str, Iterable[str]]]:
    """What is stuck and how it goes, each with its lines."""
    yield "Waiting for proof", (_named(c, proof_text(c)) for c in board.open if c.waits)
    yield "Muted", (_named(c, c.until) for c in board.open if c.until)
    owed = ", ".join(f"#{cause.issue}" for cause in board.open if cause.owed)
    yield "Draft owed", [f"{owed}: the next run in which they fail drafts them"] if owed else []
    yield "Held, without an issue", (f"{held.key}, {held_text(held)}" for held in board.held)
    yield "Not reviewed for more than 7 days", (_named(c, age_text(c)) for c in board.open if c.unreviewed)
    yield (
        "Flaky tests",
        (
            f"{flaky.test}: unsteady in {len(flaky.unsteady)} of {len(flaky.ran)} runs ({scope_text(flaky.scope)})"
            for flaky in board.flaky
        ),
    )
    yield (
        "Closed within four weeks",
        (
            f"#{c.issue} {c.title}: {f'{len(c.proof)} clean runs proved it' if c.proof else 'by a person'}, {c.at:%Y-%m-%d}"
            for c in board.closed
        ),
    )
    yield "Heard of", (f"{scope_text(pulse.scope)}: {pulse_text(pulse)}" for pulse in board.scopes)
    means = (
        mean_text(board.to_close, "From first failure to closing"),
        mean_text(board.to_review, "From first failure to review"),
    )
    yield "How it goes", filter(None, (*means, drafts_text(board)))


def _named(cause: BoardCause, text: str) -> str:
    """A line about one cause."""
    return f"#{cause.issue} {cause.title}: {text}"


def as_json(board: Board) -> dict[str, Any]:
    """`board --json`: every number with the ids of the runs and issues that it was counted from; `runs` tells of each run once."""
    shown: dict[str, Any] = _plain(board)
    runs = {seen.run: seen for cause in board.open for seen in cause.strip}
    return {"schema": SCHEMA, **shown, "runs": {run: _run(seen) for run, seen in runs.items()}}


def _run(seen: Seen) -> dict[str, Any]:
    """What is known of a run of a strip."""
    return {name: _plain(getattr(seen, name)) for name in ("at", "scope", "commit", "revision", "url")}


def _plain(value: Any) -> Any:
    """A value as JSON has it: times as ISO 8601 in UTC, a share with its test."""
    if isinstance(value, Seen):
        return {"run": value.run, "mark": value.mark, "failed": value.failed}
    if is_dataclass(value) and not isinstance(value, type):
        return _plain({name: getattr(value, name) for name in value.__slots__})  # type: ignore[attr-defined]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
