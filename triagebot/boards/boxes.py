"""The checkboxes of the dashboard issue: what each asks for, which are ticked, and who ticked them.

In: bodies as they stand, and their revisions. Out: names of boxes and people. A box is known by its hidden name at the end of
its line, whatever its words are. Nothing is carried out here.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from triagebot.issues.marker import lines_of
from triagebot.issues.revisions import Revision
from triagebot.issues.section import section

PAUSE = "pause"
_BOX = re.compile(
    r"\s{0,20}[-*+] \[([ xX])\] .{0,2000}<!-- triagebot:do ([a-z]{1,10}(?::[A-Za-z0-9._-]{1,140})?) -->"
)
"""A line with a box of ours: whether it is ticked, and its name.

Hit: `- [x] pause filing <!-- triagebot:do pause -->`
Miss: `- [x] pause filing`
"""
_NAME = re.compile(r"[a-z]{1,10}(?::[A-Za-z0-9._-]{1,140})?")
"""The name of such a box: what it does, and of which cause. Hit: `mute:ws.close-k7m2q4x3a2bc`. Miss: `Mute it`."""


def mark(name: str) -> str:
    """The hidden name of a box. Raises ValueError for one that could not be read again."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name[:40]!r} cannot name a box")
    return f"<!-- triagebot:do {name} -->"


def can_be_named(name: str) -> bool:
    """Whether a box may have this name: keys that people gave to rules may hold anything."""
    return bool(_NAME.fullmatch(name))


def ticked(body: str) -> frozenset[str]:
    """The names of the boxes in the bot's part of a body that are ticked."""
    found = (_BOX.fullmatch(line.rstrip()) for line in lines_of(section(body)))
    return frozenset(box[2] for box in found if box and box[1] != " ")


def there(body: str) -> frozenset[str]:
    """The names of all boxes in the bot's part of a body."""
    found = (_BOX.fullmatch(line.rstrip()) for line in lines_of(section(body)))
    return frozenset(box[2] for box in found if box)


def turned(name: str, revisions: Sequence[Revision], is_ours: Callable[[str], bool]) -> Revision | None:
    """The person's revision (newest first) that gave a box the state that it has now; None where the history does not reach so far.

    Where a write of ours did, it put back what it had overwritten before: then it is the person's revision that had it so.
    """
    now = bool(revisions) and name in ticked(revisions[0].body)
    for place, (newer, older) in enumerate(pairwise(revisions), 1):
        if (name in ticked(older.body)) == now and name in there(older.body):
            continue
        if not is_ours(newer.editor):
            return newer
        theirs = (
            n
            for n, r in enumerate(revisions)
            if n > place and not is_ours(r.editor) and (name in ticked(r.body)) == now
        )
        return turned(name, revisions[start:], is_ours) if (start := next(theirs, None)) is not None else None
    return None
