"""How maintainers took the drafts, counted from the issues themselves, with how much so few cases can tell.

In: issues and the time. Out: `Count` values. Nothing is estimated: under 20 drafts a share is not told.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Literal

from triagebot.issues import Issue, Marker
from triagebot.reviews import states

FEWEST = 20
UNTOUCHED = timedelta(days=7)
_Z = 1.96
Fate = Literal["accepted as drafted", "edited", "rejected", "untouched after 7 days", "waiting"]
FATES: tuple[Fate, ...] = ("accepted as drafted", "edited", "rejected", "untouched after 7 days", "waiting")


@dataclass(frozen=True, slots=True)
class Count:
    """How many of `drafts` of one kind of signature ("" for all) had this fate, with the 95 % interval (None: too few)."""

    kind: str
    fate: Fate
    number: int
    drafts: int
    interval: tuple[float, float] | None


def counted(issues: Sequence[Issue], now: datetime) -> tuple[Count, ...]:
    """What became of the drafts that a model made, over all kinds and for each."""
    fates: dict[str, list[Fate]] = defaultdict(list)
    for issue in issues:
        if issue.marker is not None and issue.marker.drafted == "model":
            for kind in ("", issue.marker.key.rpartition("-")[0]):
                fates[kind].append(fate(issue.marker, now))
    return tuple(
        Count(kind, name, found.count(name), len(found), interval(found.count(name), len(found)))
        for kind, found in sorted(fates.items())
        for name in FATES
    )


def fate(marker: Marker, now: datetime) -> Fate:
    """What became of the draft on one issue."""
    judged = [
        act for act in marker.acts if act.verb in states.ON_WHYS | {"cause", "needs-evidence", "redraft"}
    ]
    if any(act.verb in ("edit", "cause", "not-quite") for act in judged):
        return "edited"
    if states.state(marker) == "rejected" or any(act.verb == "reject" for act in judged):
        return "rejected"
    if any(act.verb == "accept" for act in judged):
        return "accepted as drafted"
    old = marker.first is not None and now - marker.first >= UNTOUCHED
    return "untouched after 7 days" if old and not judged else "waiting"


def interval(number: int, of: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share; None where there are too few to tell."""
    if of < FEWEST:
        return None
    share, square = number / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)
