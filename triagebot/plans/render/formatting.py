"""How times, commits and runs are written in issues.

In: UTC times, commits, suspects, occurrences. Out: Markdown for a line or a cell.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from triagebot.groups.model import Suspect
from triagebot.issues.model import Occurrence
from triagebot.markdown import Markdown, block, bullets, code, fill, fold, inline, link, paragraphs


def moment(at: datetime) -> str:
    """`2025-09-10 19:52` in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def commit(sha: str | None) -> Markdown:
    """The first twelve characters of a commit; nothing for none."""
    return code(sha[:12]) if sha else Markdown("")


def suspects(found: Iterable[Suspect], chars: int) -> Markdown:
    """A point for each commit, with what it changed in a fold of at most so many characters."""
    return bullets(
        paragraphs(
            fill("{} “{}” changes {}.", commit(one.commit), inline(one.subject), inline(one.touches, 300)),
            fold(f"What it changes in {one.path}", block("\n".join(one.hunk), info="diff", max_chars=chars)),
        )
        for one in found
    )


def run_link(row: Occurrence) -> Markdown:
    """The run, leading to where it can be looked at when that is known."""
    name = row.run if len(row.run) <= 24 else f"{row.run[:12]}…"
    return link(name, row.url) if row.url else code(name)


def where(environment: str | None, branch: str | None) -> Markdown:
    """The scope in words; nothing when nobody said."""
    named = [("environment", environment), ("branch", branch)]
    return inline(", ".join(f"{name} {value}" for name, value in named if value), 160)
