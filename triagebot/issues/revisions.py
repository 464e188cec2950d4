"""What people wrote into an issue's body while we wrote, too: GitHub takes a body as a whole and compares nothing.

In: the revisions of a body, newest first, as the edit history has them. Out: what a write of ours took away of a
person's. The history alone tells, so that a later run finds what a killed one left behind. It writes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from triagebot.errors import UserError
from triagebot.issues.marker import is_marker, lines_of
from triagebot.issues.section import section, splice


@dataclass(frozen=True, slots=True)
class Revision:
    """A body as somebody left it. `editor` is a login, `at` is UTC."""

    editor: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A person's revision that a write of ours did not rest on. `mended` is the body with it put back.

    `mended` is "" where somebody wrote on since: then it is theirs to say what should stand there.
    """

    revision: Revision
    mended: str = ""


def overwritten(revisions: Sequence[Revision], is_ours: Callable[[str], bool]) -> tuple[Overwritten, ...]:
    """What is missing of people's revisions, the newest first. `is_ours` tells our logins."""
    return tuple(_overwritten(revisions, is_ours))


def _overwritten(revisions: Sequence[Revision], is_ours: Callable[[str], bool]) -> Iterator[Overwritten]:
    """Every person's revision beside the last of ours that stands upon it, before the next person's."""
    upon: Revision | None = None
    newest = True
    for revision in revisions:
        if is_ours(revision.editor):
            upon = upon or revision
            continue
        if upon is not None and not stands_upon(upon.body, revision.body):
            if newest:
                yield Overwritten(revision, _mended(revision.body, upon.body))
            elif not _holds(revisions[0].body, _missing(upon.body, revision.body)):
                yield Overwritten(revision)
        upon, newest = None, False


def stands_upon(ours: str, before: str) -> bool:
    """Whether a body of ours is what we write when `before` stands there, so that nothing of it was lost."""
    mended = _mended(before, ours)
    return plain(mended) == plain(ours) if mended else not _missing(ours, before)


def plain(text: str) -> str:
    """A body without what GitHub may change about line ends and edges."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def _mended(before: str, ours: str) -> str:
    """A person's body with our part of `ours` in it; "" where one of them has no whole part or damaged marks."""
    marker = next(filter(is_marker, lines_of(ours)), "")
    part = section(ours)
    try:
        return splice(before, f"{marker}\n{part}") if marker and part else ""
    except UserError:
        return ""


def _missing(ours: str, before: str) -> Counter[str]:
    """The lines of a person's body that are not in ours; what stood in our own part does not count."""
    own = Counter(map(str.strip, lines_of(section(before))))
    return _lines(before) - _lines(ours) - own


def _holds(body: str, lines: Counter[str]) -> bool:
    """Whether a body has these lines."""
    return not lines - _lines(body)


def _lines(body: str) -> Counter[str]:
    """The lines of a body that say anything."""
    return Counter(line.strip() for line in plain(body).split("\n") if line.strip() and not is_marker(line))
