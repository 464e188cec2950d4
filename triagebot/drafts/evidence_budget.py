"""Evidence cut to size, the least telling lines first, and every cut visible.

In: numbered items, names that the failure mentions, a budget in characters. Out: the same items with fewer and shorter lines.
Numbers of lines do not move, so that a gap between two numbers is the cut itself; no item disappears without leaving
its title and one line.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from triagebot.drafts.model import EvidenceKind, Item, Line
from triagebot.drafts.sentence_tokens import holds
from triagebot.steps.log_timeline import severe

LINE_LONGEST = 400
_HEAD, _TAIL = 260, 100
_FEWEST = 4

# The most lines of one item, and how soon a kind gives lines up when the whole is too long (higher: sooner).
_MOST: dict[EvidenceKind, tuple[int, int]] = {
    "message": (15, 0),
    "chain": (70, 2),
    "contrast": (24, 0),
    "stats": (24, 0),
    "authenticity": (12, 1),
    "gap": (20, 0),
    "change": (60, 2),
    "config": (25, 1),
    "contract": (30, 1),
    "test_log": (60, 3),
    "service_log": (120, 3),
    "ci": (40, 3),
    "history": (10, 1),
    "timeline": (25, 1),
}
_RAISED = re.compile(
    r"^E\s|^\S{1,200}:\d{1,6}: |\b\w{1,80}(?:Error|Exception|Timeout|Closed\w{0,20})\b|^\s{0,12}raise\b"
)
"""Lines that say what was raised; they stay when the rest is cut.

Hit: `E   ValueError: gone`
Hit: `raise SendError`
Miss: `return None`
"""


def trim(items: Sequence[Item], names: frozenset[str], room: int) -> tuple[Item, ...]:
    """The items within `room` characters, as far as their titles and first lines allow."""
    share = 1.0
    cut = tuple(_cut(item, names, _MOST[item.kind][0]) for item in items)
    while size(cut) > room and share > 0.03:
        share *= 0.8
        cut = tuple(_cut(item, names, _allowed(item.kind, share)) for item in items)
    return cut


def size(items: Sequence[Item]) -> int:
    """The characters that items take up in a prompt, with the prefixes of their lines."""
    return sum(len(item.title) + 40 + sum(len(line.text) + 12 for line in item.lines) for item in items)


def _allowed(kind: EvidenceKind, share: float) -> int:
    """How many lines an item of a kind keeps; log-like kinds shrink first and fastest."""
    most, soon = _MOST[kind]
    return max(_FEWEST, int(most * share**soon)) if soon else max(_FEWEST, int(most * max(share, 0.3)))


def _cut(item: Item, names: frozenset[str], most: int) -> Item:
    """An item with its most telling lines, each of bearable length."""
    lines = item.lines
    if len(lines) > most:
        scores = _scores(item, names)
        best = sorted(range(len(lines)), key=lambda at: (-scores[at], at))[:most]
        lines = tuple(lines[at] for at in sorted(best))
    return replace(item, lines=tuple(map(_short, lines)))


def _short(line: Line) -> Line:
    """A line of at most `LINE_LONGEST` characters; what was left out is counted in its middle."""
    if len(line.text) <= LINE_LONGEST:
        return line
    gone = len(line.text) - _HEAD - _TAIL
    return replace(line, text=f"{line.text[:_HEAD]} [… {gone} characters elided] {line.text[-_TAIL:]}")


def _scores(item: Item, names: frozenset[str]) -> list[float]:
    """How telling each line is: by what it says, by its neighbours, and by standing at an end."""
    own = [_telling(item.kind, line.text, names) for line in item.lines]
    last = len(own) - 1
    return [
        score + 0.5 * max(own[max(at - 1, 0)], own[min(at + 1, last)]) + _edge(item.kind, at, last)
        for at, score in enumerate(own)
    ]


def _telling(kind: EvidenceKind, text: str, names: frozenset[str]) -> float:
    """Points for errors, raised exceptions and names of the failure."""
    low = text[:LINE_LONGEST].casefold()
    shared = sum(holds(low, name) for name in names)
    raised = 3.0 if kind in ("message", "chain") and _RAISED.search(text[:LINE_LONGEST]) else 0.0
    changed = 1.5 if kind == "change" and text[:1] in ("+", "-") else 0.0
    return raised + changed + (3.0 if severe(text) else 0.0) + min(shared, 4) * 1.0


def _edge(kind: EvidenceKind, at: int, last: int) -> float:
    """Points for the beginning and the end, where a log tells how it came and how it ended."""
    if kind in ("stats", "contrast", "gap", "timeline", "config", "history"):
        return 1.0 - at / (last + 1)
    return 2.0 if at < 2 or at > last - 4 else 0.0
