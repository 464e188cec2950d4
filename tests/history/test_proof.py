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
    first_seen_revisions,
    flaky_tests,
    joined,
    needed_clean_runs,
    proves_gone,
    rate,
)
from triagebot.reports.test_names import numbered


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


def test_a_numbered_namesake_that_failed_keeps_a_run_from_being_clean():
    one, two, other = numbered("a", 1), numbered("a", 2), numbered("b", 1)
    held = past(**{one: "p f p f p p", two: "p p p p f p", other: "f f f f f f"})
    assert [r.id for r in clean_runs(held, (one,), RUNS[3].at)] == ["r5"]
    assert [r.id for r in clean_runs(held, (one, two), RUNS[3].at)] == ["r5"]


def test_a_run_whose_reports_contradict_themselves_proves_nothing_and_makes_nothing_flaky():
    again = case(test_id("b"), attempts=2)
    told = replace(run("r", passed=["a"]), commit="c")
    told = replace(told, cases=(*told.cases, again))
    doubted = replace(told, doubted=True)
    assert proves_gone(told, {told.cases[0].join})
    assert not proves_gone(doubted, {told.cases[0].join})
    assert flaky_tests(Past(), told) == {again.join}
    assert flaky_tests(Past(), doubted) == frozenset()


def test_without_tests_nothing_is_proven():
    assert clean_runs(past(a="p p p p p p"), (), None) == ()
    assert not proves_gone(run("r"), ())


def test_a_cause_or_test_that_history_knows_no_results_of_is_neither_proven_gone_nor_an_error():
    unknown = Past(runs=RUNS, seen={"k": ("r1", "r3")})
    assert rate(unknown, "k") == Rate(2, 2)
    assert rate(replace(unknown, tests={"k": ("a",)}), "k") == Rate(2, 2)
    assert clean_runs(unknown, ("a",), None) == ()


def test_a_test_of_two_legs_must_pass_in_both():
    one, two = case(test_id("a")), replace(case(test_id("a"), "skipped"), leg="windows")
    tested = replace(run("r"), cases=(one, two))
    assert not proves_gone(tested, {one.join})
    assert proves_gone(replace(tested, cases=(one,)), {one.join})


@pytest.mark.parametrize(
    ("outcome", "attempts", "proof"),
    [
        ("passed", 1, True),
        ("xpassed", 1, True),
        ("passed", 2, False),
        ("failed", 1, False),
        ("error", 1, False),
        ("skipped", 1, False),
        ("xfailed", 1, False),
    ],
)
def test_only_a_pass_at_the_first_attempt_is_proof(outcome, attempts, proof):
    one = case(test_id("a"), outcome, attempts=attempts)
    assert proves_gone(replace(run("r"), cases=(one,)), {one.join}) is proof


def test_a_test_that_this_run_did_not_list_is_no_proof():
    tested = run("r", passed=["a"])
    here = tested.cases[0].join
    assert proves_gone(tested, {here})
    assert not proves_gone(tested, {here, "elsewhere"})


def test_runs_before_a_time_and_at_it_are_not_counted_as_clean():
    everything = past(a="p p p p p p")
    assert [r.id for r in clean_runs(everything, ("a",), None)] == [r.id for r in RUNS]
    assert [r.id for r in clean_runs(everything, ("a",), RUNS[4].at)] == ["r5"]


def test_a_past_without_runs_is_no_past():
    assert not Past()
    assert Past(runs=RUNS[:1])


def test_revisions_come_in_the_order_in_which_they_were_first_seen():
    names = ("b", None, "a", "", "b", "c")
    runs = tuple(PastRun(f"r{n}", DAY, revision=name) for n, name in enumerate(names))
    assert first_seen_revisions(Past(runs=runs)) == ("b", "a", "c")


def test_display_ids_become_join_ids_once():
    assert joined([test_id("a"), test_id("a"), test_id("b")]) == {
        case(test_id("a")).join,
        case(test_id("b")).join,
    }


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


def test_a_pass_of_this_run_that_needed_a_second_attempt_is_flaky():
    again = case(test_id("a"), attempts=2)
    red = case(test_id("b"), "failed", attempts=2)
    once = case(test_id("c"))
    assert flaky_tests(Past(), replace(run("r"), cases=(again, red, once))) == {again.join}


def test_a_rerun_that_failed_in_the_end_is_not_flaky():
    results = {"a": (Result("r0", "failed", rerun=True),), "b": (Result("r0", "passed", rerun=True),)}
    assert flaky_tests(Past(runs=RUNS[:1], results=results)) == {"b"}


@pytest.mark.parametrize("outcome", ["skipped", "failed", "error", "xfailed"])
def test_only_pass_beside_failure_is_flaky(outcome):
    results = {"a": (Result("r0", "passed"), Result("r1", outcome))}
    runs = (PastRun("r0", DAY, "c"), PastRun("r1", DAY, "c"))
    assert bool(flaky_tests(Past(runs=runs, results=results))) is (outcome != "skipped")


def test_results_of_a_forgotten_run_say_nothing_of_flakiness():
    results = {"a": (Result("gone", "passed"), Result("gone", "failed"))}
    assert flaky_tests(Past(runs=RUNS, results=results)) == frozenset()


def test_two_runs_on_one_commit_and_revision_are_one_place():
    runs = (PastRun("r1", DAY, "c", "rev"), PastRun("r2", DAY, "c", "rev"))
    results = {"a": (Result("r1", "passed"), Result("r2", "failed"))}
    assert flaky_tests(Past(runs=runs, results=results)) == {"a"}


@pytest.mark.parametrize("attempts", [1, 2])
def test_a_test_that_fails_in_one_leg_and_passes_in_another_is_a_contrast_and_not_flaky(attempts):
    red = replace(case(test_id("a"), outcome="failed"), leg="eu")
    green = replace(case(test_id("a"), attempts=attempts), leg="us")
    told = replace(run("r"), commit="c", cases=(red, green))
    assert flaky_tests(Past(), told) == frozenset()
    assert flaky_tests(Past(), replace(told, cases=(replace(green, leg="eu"), green))) == (
        {green.join} if attempts > 1 else frozenset()
    )
