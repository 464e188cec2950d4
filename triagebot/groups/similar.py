"""Groups that may be the same to a person: a suggestion with the difference spelled out, never a decision.

In: groups. Out: suggestions. Candidates share kind and every protected slot (codes, statuses, names of variables,
modules and fixtures); only sentences and places may differ, and sentences must be alike.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from triagebot.groups.model import Group

SOFT = frozenset(("at", "call", "text", "what", "target", "title", "test"))
"""Slots that hold words or places; every other slot is protected."""

_ALIKE = 0.8
_PER_BLOCK = 40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two keys that a person may want to join, how alike they are (0 to 1), and what differs, a line for each slot."""

    keys: tuple[str, str]
    alike: float
    differences: tuple[str, ...]


def similar(groups: Sequence[Group]) -> tuple[Suggestion, ...]:
    """Suggestions, most alike first. Of each block of candidates the first 40 are compared."""
    blocks: dict[tuple[object, ...], list[Group]] = defaultdict(list)
    for group in groups:
        blocks[_protected(group)].append(group)
    found = [s for block in blocks.values() for s in _within(block[:_PER_BLOCK])]
    return tuple(sorted(found, key=lambda s: (-s.alike, s.keys)))


def _protected(group: Group) -> tuple[object, ...]:
    """What candidates must have in common."""
    signature = group.signature
    return signature.kind, tuple(slot for slot in signature.slots if slot[0] not in SOFT)


def _within(block: Sequence[Group]) -> Iterator[Suggestion]:
    """Suggestions among candidates."""
    for at, one in enumerate(block):
        for other in block[at + 1 :]:
            differences, alike = _difference(one, other)
            if alike >= _ALIKE:
                yield Suggestion((one.key, other.key), round(alike, 3), differences)


def _difference(one: Group, other: Group) -> tuple[tuple[str, ...], float]:
    """What differs in words, and how alike the least alike sentence is. A place that differs says nothing either way."""
    mine, theirs = dict(one.signature.slots), dict(other.signature.slots)
    lines, alike = [], 1.0
    for name in sorted(mine.keys() | theirs.keys()):
        left, right = mine.get(name, ""), theirs.get(name, "")
        if left == right:
            continue
        lines.append(f"{name}: {left or '(none)'} ≠ {right or '(none)'}")
        if name != "at":
            alike = min(alike, SequenceMatcher(None, left.split(), right.split(), autojunk=False).ratio())
    return tuple(lines), alike
