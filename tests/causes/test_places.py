"""Disjoint places at which the tests of one group leave their green paths."""

import pytest

from tests.causes.test_suspicion import path
from tests.plans.worlds import group, join, test_id
from triagebot.causes.divergence import divergence
from triagebot.causes.places import places

A, B, C = ("a a>b", "a a>b b>c"), ("x x>y", "x x>y y>z"), ("m m>n", "m m>n n>o")
"""(red, green) of tests that stop in b, y and n."""
SHARED = ("a a>b", "a a>b a>w")  # another turn in a, after b

PLACES = {
    "two and two": ([A, A, B, B], "b:2 y:2"),
    "one of few is a place": ([A, A, B], "b:2 y:1"),
    "one of many is none": ([*[A] * 8, B], ""),
    "all at one place": ([A, A, A], ""),
    "a suspect in common": ([A, A, SHARED, SHARED], ""),
    "scattered": ([(f"{n}", f"{n} {n}>z") for n in "abcdef"], ""),
    "too many without a path": ([A, B, *[("", "")] * 3], ""),
    "three": ([A, A, B, B, C, C, C], "n:3 b:2 y:2"),
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("turned", [False, True])
def test_places_are_disjoint_and_the_same_in_any_order(name: str, turned: bool) -> None:
    runs, told = PLACES[name]
    names = [f"t{n}" for n in range(len(runs))]
    left = {
        join(test_id(n)): one
        for n, (red, green) in zip(names, runs, strict=True)
        if (one := divergence(path(red), path(green)))
    }
    if turned:
        names, left = names[::-1], dict(reversed(left.items()))
    found = places(group(tests=names), left)
    assert " ".join(f"{place.name}:{len(place.tests)}" for place in found) == told
