"""A board as a folder of static pages: an index, one page a cause, style and script.

In: a board, and what happened to issues and tests as far as somebody asked. Out: the texts of files by name. Everything is there to
read without the script; nothing comes from outside. Values are escaped by the templates, and cut where a line is meant.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files as resources
from typing import Any

from triagebot.boards.model import Board, BoardCause, GridRow, Seen
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
    risk_words,
    scope_text,
    strip_text,
    total_text,
    trend_text,
    what_broke,
)
from triagebot.drafts.sanitizing import disarm
from triagebot.pages.document import moment
from triagebot.pages.html_pages import page

COLUMNS = ("Priority", "Cause", "State", "Age", "Last seen", "Rate", "Last runs", "At risk")
_FILTERS = (("Priority", "priority"), ("Area", "area"), ("Owner", "owner"), ("State", "state"))


Grids = Mapping[int, Sequence[GridRow]]
"""The tests of a cause by run, by issue, as far as they were asked for."""


def board_files(board: Board, grids: Grids, title: str = "Board") -> dict[str, str]:
    """The text of every file by its name."""
    told = {
        "index.html": _index(board, title),
        "board.css": _own("board.css"),
        "board.js": _own("board.js"),
    }
    return told | {
        page_of(cause): _cause(cause, grids.get(cause.issue, ()), board.at) for cause in board.open
    }


def page_of(cause: BoardCause) -> str:
    """The name of a cause's page."""
    return f"cause-{cause.issue}.html"


def _own(name: str) -> str:
    """One of our own files."""
    return (resources("triagebot") / "templates" / name).read_text(encoding="utf-8")


def _index(board: Board, title: str) -> str:
    """The page of the whole board."""
    rows = [_row(cause, board.at) for cause in board.open]
    choices = [
        {"label": label, "name": name, "options": sorted({row[name] for row in rows} - {""})}
        for label, name in _FILTERS
    ]
    return page(
        "board.html.j2",
        title=title,
        at=moment(board.at),
        headline=headline(board),
        totals=[
            {"text": total_text(total), "of": "; ".join(f"{s.text} (#{', #'.join(map(str, s.issues))})" for s in total.stakes)}
            for total in board.totals
        ],
        columns=COLUMNS,
        unsorted=COLUMNS[-2:],
        rows=rows,
        choices=choices,
        sections=[section for section in _sections(board) if section["lines"]],
    )  # fmt: skip


def _row(cause: BoardCause, now: datetime) -> dict[str, Any]:
    """One cause as cells. Values that filters compare are as the page shows them."""
    ran = len(cause.rate.ran)
    return {
        "page": page_of(cause),
        "priority": cause.priority,
        "title": what_broke(cause),
        "about": ", ".join(filter(None, (f"#{cause.issue}", cause.area, cause.owner or "no owner", *map(scope_text, cause.scopes)))),
        "area": _shown(cause.area),
        "owner": _shown(cause.owner),
        "state": cause.state,
        "review": cause.review,
        "age": age_text(cause),
        "days": cause.age_days if cause.age_days is not None else -1,
        "last": f"{cause.last:%Y-%m-%d %H:%M}" if cause.last else "",
        "seconds": int((now - cause.last).total_seconds()) if cause.last else -1,
        "rate": rate_text(cause),
        "share": round(len(cause.rate.failed) / ran, 4) if ran else -1,
        "strip": strip_text(cause),
        "strip_said": _strip_label(cause.strip[-14:]),
        "risk": first_risk(cause),
    }  # fmt: skip


def _shown(text: str) -> str:
    """A value of a filter, as it stands on the page and in the address."""
    return disarm(text)[:80]


def _strip_label(strip: Sequence[Seen]) -> str:
    """A strip for who does not see it."""
    return f"failed in {sum(seen.mark == '●' for seen in strip)} of the last {len(strip)} runs"


def _sections(board: Board) -> Iterable[dict[str, Any]]:
    """What is stuck and how it goes."""

    def of(title: str, lines: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
        return {
            "title": title,
            "lines": [{"name": name, "text": text, "page": page} for name, text, page in lines],
        }

    def named(cause: BoardCause, text: str) -> tuple[str, str, str]:
        return f"#{cause.issue} {cause.title}", text, page_of(cause)

    yield of("Waiting for proof", (named(c, proof_text(c)) for c in board.open if c.waits))
    yield of("Muted", (named(c, c.until) for c in board.open if c.until))
    yield of("Held, without an issue", ((held.key, held_text(held), "") for held in board.held))
    yield of("Draft owed", (named(c, "") for c in board.open if c.owed))
    yield of("Not reviewed for more than 7 days", (named(c, age_text(c)) for c in board.open if c.unreviewed))
    yield of(
        "Flaky tests",
        (
            (f.test, f"unsteady in {len(f.unsteady)} of {len(f.ran)} runs in {scope_text(f.scope)}", "")
            for f in board.flaky
        ),
    )
    yield of(
        "Closed within four weeks",
        (
            (
                f"#{c.issue} {c.title}",
                f"{c.at:%Y-%m-%d}, {f'{len(c.proof)} clean runs proved it' if c.proof else 'by a person'}",
                "",
            )
            for c in board.closed
        ),
    )
    yield of("Heard of", ((scope_text(pulse.scope), pulse_text(pulse), "") for pulse in board.scopes))
    goes = (
        mean_text(board.to_close, "From first failure to closing"),
        mean_text(board.to_review, "From first failure to review"),
        drafts_text(board),
    )
    yield of("How it goes", ((line, "", "") for line in goes if line))


def _cause(cause: BoardCause, grid: Sequence[GridRow], now: datetime) -> str:
    """The page of one cause."""
    return page(
        "board_cause.html.j2",
        at=moment(now),
        cause=cause,
        facts=_facts(cause),
        streaks=_streaks(cause.strip),
        weeks=_weeks(cause),
        said=[f"{moment(one.at)}: {one.what}{f' by {one.who}' if one.who else ''}" for one in cause.events],
        grid=[
            {"test": row.test, "marks": row.marks, "said": f"failed in {row.failed} of {row.ran} runs"}
            for row in grid
        ],
        more_tests=max(0, cause.tests_seen - (len(grid) or min(20, len(cause.tests)))),
    )


def _facts(cause: BoardCause) -> list[tuple[str, str]]:
    """What is known of a cause, by name."""
    return [
        ("Key", cause.key),
        ("Area, owner", ", ".join(filter(None, (cause.area, cause.owner or "no owner")))),
        ("At risk", risk_words(cause)),
        ("Seen in", "; ".join(map(scope_text, cause.scopes))),
        ("First seen", f"{moment(cause.first)}, {age_text(cause)} ago" if cause.first and cause.age_days else moment(cause.first) if cause.first else ""),
        ("Last seen", moment(cause.last) if cause.last else ""),
        ("First bad", cause.first_bad),
        ("Last good", cause.last_good),
        ("Rate", rate_text(cause)),
        ("Last four weeks", trend_text(cause.weeks)),
        ("Proof of its end", proof_text(cause)),
        ("Muted", cause.until),
        ("Draft", "owed" if cause.owed else ""),
    ]  # fmt: skip


def _streaks(strip: Sequence[Seen]) -> list[dict[str, str]]:
    """The runs of a strip, oldest first; runs on end that say the same and are not red stand together."""
    found: list[list[Seen]] = []
    for seen in strip:
        if found and seen.mark == found[-1][-1].mark != "●":
            found[-1].append(seen)
        else:
            found.append([seen])
    return [_streak(some) for some in found]


def _streak(some: Sequence[Seen]) -> dict[str, str]:
    """Runs that say the same, the oldest first; what was tested is that of the last of them."""
    old, new = some[0], some[-1]
    several = len(some) > 1
    when = f"{f'{old.at:%Y-%m-%d} to ' if several else ''}{new.at:%Y-%m-%d %H:%M}"
    place = _place(new)
    return {
        "marks": new.mark * len(some),
        "run": f"{len(some)} runs" if several else new.run,
        "url": "" if several else new.url,
        "when": when,
        "how": f"{new.mark}{f' {new.failed} tests' if new.failed > 1 else ''}",
        "place": place,
        "hover": f"{when} {place}".strip(),
    }


def _place(seen: Seen) -> str:
    """What was tested."""
    return " ".join(filter(None, (seen.commit[:10], seen.revision[:40])))


def _weeks(cause: BoardCause) -> list[dict[str, Any]]:
    """The bars of the plot and the rows of its table."""
    return [
        {
            "first": week.first.isoformat(),
            "day": f"{week.first:%m-%d}",
            "failed": len(week.failed),
            "runs": len(week.runs),
            "height": round(48 * len(week.failed) / len(week.runs), 1) if week.runs else 0,
        }
        for week in cause.weeks
        if any(each.runs for each in cause.weeks)
    ]
