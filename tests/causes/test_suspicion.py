"""Which functions are suspect: votes of failing tests, then the callers above."""

import pytest

from triagebot.causes.divergence import divergence
from triagebot.causes.suspicion import suspects
from triagebot.steps import Step, TestPath


def path(calls: str) -> TestPath:
    """`a>b` is the first call of b, by a."""
    pairs = [call.rpartition(">") for call in calls.split()]
    return TestPath("t", tuple(Step("function", name, caller, f"app.py:{name}") for caller, _, name in pairs))


SUSPECTS = {
    "it raised: the last that ran, then who called it": ([("a a>b", "a a>b b>c")], "b/0 a/1"),
    "another turn was taken: what ran before it, which may have answered wrong, then who took it": (
        [("a a>b a>x", "a a>b a>c")],
        "b/0 a/0",
    ),
    "most tests decide": (
        [("a a>b", "a a>b b>c"), ("a a>d", "a a>d d>c"), ("a a>d", "a a>d d>c")],
        "d/0 b/0 a/1",
    ),
    "callers of all tests, the nearest first": (
        [("a a>b", "a a>b b>c"), ("z z>y y>b", "z z>y y>b b>c")],
        "b/0 a/1 y/1 z/2",
    ),
    "a circle of calls ends": ([("b>a a>b", "b>a a>b b>c")], "b/0 a/1"),
    "what returned before the turn may have answered wrong, too": (
        [("a a>b b>c c>d a>x", "a a>b b>c c>d a>e")],
        "d/0 a/0 c/0 b/0",
    ),
    "where nothing is common nothing is suspect": ([("x", "y")], ""),
}


@pytest.mark.parametrize("name", SUSPECTS)
def test_suspects_are_ranked(name: str) -> None:
    runs, ranked = SUSPECTS[name]
    left = [one for red, green in runs if (one := divergence(path(red), path(green)))]
    found = suspects(left, [path(red) for red, _ in runs])
    assert " ".join(f"{one.function}/{one.above}" for one in found) == ranked


def test_what_passing_tests_called_unharmed_is_the_less_suspect() -> None:
    one = divergence(path("a a>b a>x"), path("a a>b a>c"))
    assert one is not None
    ranked = suspects([one], [path("a a>b a>x")], {"b": 9})
    assert [each.function for each in ranked] == ["a", "b"]


def test_a_lambda_counts_for_the_function_in_which_it_is_written() -> None:
    before = (
        Step("function", "b", "a", "app.py:1"),
        Step("function", "b.<locals>.<lambda>", "b", "app.py:2"),
    )
    red, green = (TestPath("t", (*before, Step("function", name, "b", "app.py:3"))) for name in "xc")
    one = divergence(red, green)
    assert one is not None
    assert dict(one.votes) == {"b": 6}
