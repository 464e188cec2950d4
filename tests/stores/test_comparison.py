"""The issues' tables beside history: what is lacking, what disagrees, and what only looks as if it did."""

from dataclasses import replace

from tests.plans.worlds import DAY
from triagebot.issues import Issue, Marker, Occurrence
from triagebot.stores.reconciliation import Held, compared

ROW = Occurrence("r1", DAY, 2, 2)


def issue(number=4, key="a", row=ROW, **marker):
    return Issue(number, "t", "", "open", (), "bot", Marker(key, 1, occurrences=(row,), **marker))


def test_a_row_of_a_run_that_history_does_not_know_is_lacking_once():
    found = compared([issue(4), issue(5), issue(6, "b")], Held({}, ()))
    assert found.lacking == (("a", ROW), ("b", ROW))
    assert found.disagreements == ()


def test_a_row_that_history_holds_under_an_alias_is_not_lacking():
    found = compared([issue(aliases=("b",))], Held({"b": {"r1": 2}}, {"r1"}))
    assert (found.lacking, found.disagreements) == ((), ())


def test_of_groups_that_share_an_issue_and_some_tests_any_union_agrees():
    held = Held({"a": {"r1": 2}, "b": {"r1": 3}}, {"r1"})
    said = {
        failed: compared([issue(row=replace(ROW, failed=failed), aliases=("b",))], held).disagreements
        for failed in (2, 3, 5, 6)
    }
    assert [failed for failed, told in said.items() if not told] == [3, 5]
    assert said[6] == ("issue 4, run r1: the issue says 6 tests failed, history says 2 and 3",)


def test_a_run_that_history_knows_without_the_failure_disagrees_and_is_not_taken_over():
    found = compared([issue()], Held({}, {"r1"}))
    assert found.lacking == ()
    assert found.disagreements == (
        "issue 4, run r1: the issue says 2 tests failed, history says that it did not occur",
    )


def test_an_incident_is_kept_under_its_parts():
    assert compared([issue(parts=("b", "c"))], Held({}, {"r1"})).disagreements == ()


def test_an_issue_without_a_marker_says_nothing():
    assert compared([replace(issue(), marker=None)], Held({}, ())).lacking == ()
