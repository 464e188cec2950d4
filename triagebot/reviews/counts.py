"""How maintainers took the drafts and how drafts fared beside the fix, counted from the issues, with how much so few can tell.

In: issues and the time. Out: `Count` values. Nothing is estimated: under 20 drafts a share is not told.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import get_args

from triagebot.issues import Issue, Marker
from triagebot.reviews import states
from triagebot.reviews.states import Fate

FEWEST = 20
UNKNOWN = "an unknown prompt"
_Z = 1.96
FATES: tuple[str, ...] = get_args(Fate)
GRADES = {
    "yes": "fix touched what its root names",
    "no": "fix touched nothing that its root names",
    "cannot say": "fix does not tell",
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many of `drafts` of one kind of signature and one version of the prompt ("" for all) had this fate.

    `drafts` are those that were judged in this way: for what the fix touched, those that were graded. `interval` is that of
    95 %, None where they are too few to tell. `issues` are the numbers of the issues that had them, one for each draft.
    """

    kind: str
    prompt: str
    fate: str
    number: int
    drafts: int
    interval: tuple[float, float] | None
    issues: tuple[int, ...] = ()


def counted(issues: Sequence[Issue], now: datetime) -> tuple[Count, ...]:
    """What became of the drafts that a model made: over all, for each kind, and for each kind and version of the prompt."""
    markers = [(issue.number, issue.marker) for issue in issues if issue.marker is not None]
    fates = [(*told, number) for number, marker in markers for told in _fates(marker, now)]
    grades = [(*told, number) for number, marker in markers for told in _grades(marker)]
    return (*_counts(fates, FATES), *_counts(grades, tuple(GRADES.values())))


DraftFate = tuple[str, str, str]
"""Kind, prompt, fate."""


def _counts(told: Sequence[tuple[str, str, str, int]], names: Sequence[str]) -> Iterator[Count]:
    """Every fate in every group of drafts."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for kind, prompt, fate, issue in told:
        for group in (("", ""), ("", prompt), (kind, ""), (kind, prompt)):
            found[group].append((fate, issue))
    for (kind, prompt), fates in sorted(found.items()):
        for name in names:
            issues = tuple(issue for fate, issue in fates if fate == name)
            share = interval(len(issues), len(fates))
            yield Count(kind, prompt, name, len(issues), len(fates), share, issues)


def _fates(marker: Marker, now: datetime) -> Iterator[DraftFate]:
    """The drafts that one issue had, with the one that it has."""
    kind = marker.key.rpartition("-")[0]
    yield from ((kind, one.prompt or UNKNOWN, one.fate) for one in marker.ended)
    if marker.drafted == "model" and not states.is_ended(marker):
        yield kind, marker.prompt or UNKNOWN, states.fate(marker, now)


def _grades(marker: Marker) -> Iterator[DraftFate]:
    """The drafts of one issue that were graded."""
    kind = marker.key.rpartition("-")[0]
    yield from ((kind, grade.prompt or UNKNOWN, GRADES[grade.touched]) for grade in marker.grades)


def interval(number: int, of: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share; None where there are too few to tell."""
    if of < FEWEST:
        return None
    share, square = number / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)
