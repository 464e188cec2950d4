from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans.worlds import DAY, case, group, run, test_id
from triagebot.history import (
    Past,
    PastRun,
    Rate,
    Result,
    clean_runs,
    flaky_tests,
    needed_clean_runs,
    proves_gone,
    rate,
)


@pytest.mark.parametrize(
    ("failed", "ran", "needed"),
    [
        (1, 1, 5),
        (3, 3, 3),
        (10, 10, 3),
        (0, 0, 7),
        (1, 2, 7),
        (1, 10, 26),
        (1, 19, 47),
        (1, 20, 49),
        (1, 21, None),
        (50, 100, 7),
    ],
)
def test_clean_runs_that_a_rate_asks_for(failed, ran, needed):
    assert needed_clean_runs(failed, ran) == needed


@given(st.integers(0, 400), st.integers(0, 400))
def test_it_is_the_smallest_number_that_makes_luck_improbable(failed, more):
    r = (failed + 1) / (failed + more + 2)
    needed = needed_clean_runs(failed, failed + more)
    if needed is None:
        assert (1 - r) ** 50 >= 0.01
    else:
        assert 3 <= needed <= 50
        assert (1 - r) ** needed < 0.01
        assert needed == 3 or (1 - r) ** (needed - 1) >= 0.01


RUNS = tuple(PastRun(f"r{n}", DAY + timedelta(days=n), commit=f"c{n // 2}") for n in range(6))


def past(**outcomes):
    """A past of six runs from words such as a="p f - p p p": passed, failed, not run, s skipped, r passed when rerun."""
    names = {"p": ("passed", False), "f": ("failed", False), "s": ("skipped", False), "r": ("passed", True)}
    results = {
        test: tuple(
            Result(r.id, *_result(names[o])) for r, o in zip(RUNS, line.split(), strict=True) if o != "-"
        )
        for test, line in outcomes.items()
    }
    return Past(runs=RUNS, results=results, seen={"k": ("r1", "r3")}, tests={"k": tuple(outcomes)})


def _result(pair):
    outcome, rerun = pair
    return outcome, None, rerun


def test_rate_counts_runs_from_first_to_last_occurrence_in_which_its_tests_ran():
    assert rate(past(a="p f p f p p"), "k") == Rate(2, 3)
    assert rate(past(a="p f - f p p"), "k") == Rate(2, 2)
    assert rate(past(a="p f s f p p"), "k") == Rate(2, 2)
    assert rate(past(a="p f - f p p", b="p p p p p p"), "k") == Rate(2, 3)
    assert rate(Past(), "k") == Rate(0, 0)


@pytest.mark.parametrize(
    ("outcomes", "clean"),
    [
        ({"a": "p f p f p p"}, ["r4", "r5"]),
        ({"a": "p f p f - p"}, ["r5"]),
        ({"a": "p f p f s p"}, ["r5"]),
        ({"a": "p f p f r p"}, ["r5"]),
        ({"a": "p f p f p p", "b": "p p p p f p"}, ["r5"]),
        ({"a": "p f p f p p", "b": "p p p p - -"}, []),
    ],
    ids=["passed", "not run", "skipped", "rerun", "one red", "one deleted"],
)
def test_a_clean_run_is_one_in_which_every_test_ran_and_passed(outcomes, clean):
    assert [r.id for r in clean_runs(past(**outcomes), tuple(outcomes), RUNS[3].at)] == clean


def test_without_tests_nothing_is_proven():
    assert clean_runs(past(a="p p p p p p"), (), None) == ()
    assert not proves_gone(run("r"), ())


def test_a_test_of_two_legs_must_pass_in_both():
    one, two = case(test_id("a")), replace(case(test_id("a"), "skipped"), leg="windows")
    tested = replace(run("r"), cases=(one, two))
    assert not proves_gone(tested, {one.join})
    assert proves_gone(replace(tested, cases=(one,)), {one.join})


def test_flaky_passed_and_failed_on_one_commit():
    assert flaky_tests(past(a="p f p p p p", b="p p f f p p", c="p p p p p p")) == {"a"}


def test_flaky_passed_only_when_run_again():
    assert flaky_tests(past(a="p r p p p p")) == {"a"}


def test_another_revision_at_the_same_commit_is_not_flaky():
    runs = (PastRun("r1", DAY, "c", "rev-1"), PastRun("r2", DAY, "c", "rev-2"))
    results = {"a": (Result("r1", "passed"), Result("r2", "failed"))}
    assert flaky_tests(Past(runs=runs, results=results)) == frozenset()


def test_without_a_commit_nothing_is_flaky():
    runs = (PastRun("r1", DAY), PastRun("r2", DAY))
    results = {"a": (Result("r1", "passed"), Result("r2", "failed"))}
    assert flaky_tests(Past(runs=runs, results=results)) == frozenset()


def test_this_run_counts_too():
    red = group(tests=["a"])
    join = red.failures[0].join
    earlier = Past(runs=(PastRun("r1", DAY, "c9"),), results={join: (Result("r1", "passed"),)})
    assert flaky_tests(earlier, run("r", [red], commit="c9")) == {join}
    assert flaky_tests(earlier, run("r", [red], commit="c8")) == frozenset()
