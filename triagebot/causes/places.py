"""Disjoint places at which the tests of one group leave their green paths: perhaps two causes that read alike.

In: a group, and where its tests left their green paths. Out: `Place`s. Places are disjoint where no function is suspect in both: one that two tests
share may be what broke them both.
"""

from collections import Counter
from collections.abc import Mapping

from triagebot.causes.divergence import Divergence
from triagebot.causes.sentences import turn
from triagebot.groups.model import Group, Place

_MOST = 4
"""From more places on, the tests are scattered, and that says nothing."""
_SHARE = 0.2
"""The share of a group's tests from which on one test alone makes a place; of larger groups it takes two."""
_COVERED = 0.6


def places(group: Group, left: Mapping[str, Divergence]) -> tuple[Place, ...]:
    """The places of a group, that of most tests first; () where there is only one, or where they say little."""
    shown = {failure.join: failure.test for failure in group.failures}
    found = _together({test: left[test] for test in shown if test in left})
    told = [part for part in found if len(part) > 1 or len(part) >= _SHARE * len(shown)]
    if not 2 <= len(told) <= _MOST or sum(map(len, told)) < _COVERED * len(shown):
        return ()
    made = [_place(part, shown) for part in told]
    return tuple(sorted(made, key=lambda place: (-len(place.tests), place.name)))


def suspected(one: Divergence) -> frozenset[str]:
    """The functions that may have broken a test: the one that took another turn, and the last one before it."""
    return frozenset(filter(None, (one.place, one.last.text if one.last else "")))


def _together(left: Mapping[str, Divergence]) -> list[dict[str, Divergence]]:
    """The tests in parts that share no suspect."""
    parts: list[tuple[set[str], dict[str, Divergence]]] = []
    for test, one in sorted(left.items()):
        names = set(suspected(one))
        alike = [part for part in parts if part[0] & names]
        parts = [part for part in parts if part not in alike]
        united = {test: one}
        for others, tests in alike:
            names |= others
            united = {**tests, **united}
        parts.append((names, united))
    return [tests for _, tests in parts]


def _place(part: Mapping[str, Divergence], shown: Mapping[str, str]) -> Place:
    """A part by the place that most of its tests name."""
    counts = Counter(one.place for one in part.values())
    name = min(counts, key=lambda place: (-counts[place], place))
    turned = next(one for one in part.values() if one.place == name)
    return Place(name, tuple(shown[test] for test in shown if test in part), turn(turned))
