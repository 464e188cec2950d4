"""Rows that only a history knows come back into the issue, once, and nothing that was dropped does."""

from dataclasses import replace
from datetime import timedelta

from tests.plans.worlds import DAY
from triagebot.history import Past, PastRun, Result, TakenOver
from triagebot.issues import Issue, Marker, Occurrence
from triagebot.plans.restore import restored
from triagebot.reports.model import Scope

KEY = "import-a"
TEST = "tests.test_shop.test_a"


def at(day):
    return DAY + timedelta(days=day)


def issue(*days, **changes):
    rows = tuple(Occurrence(f"r{day}", at(day), 1, 1) for day in days)
    runs = tuple(row.run for row in rows)
    marker = replace(Marker(KEY, 1, runs=runs, occurrences=rows, seen=len(rows), ran=len(rows)), **changes)
    return Issue(1, "t", "b", "open", (), "bot", marker)


def past(*days, key=KEY):
    runs = tuple(PastRun(f"r{day}", at(day), commit=f"c{day}") for day in days)
    results = {TEST: tuple(Result(run.id, "failed") for run in runs)}
    seen = {key: tuple(run.id for run in runs)}
    return Past(Scope("staging", "main"), runs, results, seen, {key: (TEST,)})


def rows(found):
    return [row.run for row in found[0].marker.occurrences]


def test_a_row_that_was_overwritten_comes_back_in_its_place():
    found = restored([issue(0, 2)], past(0, 1, 2))
    assert rows(found) == ["r0", "r1", "r2"]
    marker = found[0].marker
    assert (marker.seen, marker.occurrences[1]) == (
        3,
        Occurrence("r1", at(1), 1, 1, "c1", environment="staging", branch="main"),
    )


def test_what_both_know_is_left_as_it_is():
    before = issue(0, 1)
    assert restored([before], past(0, 1)) == [before]
    assert restored([before], Past()) == [before]


def test_restoring_twice_changes_nothing_more():
    once = restored([issue(0)], past(0, 1))
    assert restored(once, past(0, 1)) == once


def test_runs_of_another_cause_are_not_taken():
    assert rows(restored([issue(0)], past(0, 1, key="import-b"))) == ["r0"]


def test_an_alias_is_the_same_cause():
    assert rows(restored([issue(0, aliases=("import-b",))], past(0, 1, key="import-b"))) == ["r0", "r1"]


def test_a_failure_that_was_overlooked_starts_the_countdown_anew():
    [found] = restored([issue(0, clean=2, clean_runs=("g1", "g2"))], past(0, 1))
    assert (found.marker.clean, found.marker.clean_runs) == (0, ())


def test_rows_that_a_full_marker_dropped_stay_dropped():
    full = issue(*range(10, 60))
    assert rows(restored([full], past(5, 30, 70)))[-1] == "r70"
    assert "r5" not in rows(restored([full], past(5, 70)))


def test_an_issue_without_a_marker_is_left_alone():
    bare = replace(issue(0), marker=None)
    assert restored([bare], past(0, 1)) == [bare]


def test_a_row_that_history_has_from_an_issue_comes_back_as_it_was():
    held = TakenOver(PastRun("r1", at(1), "c1", complete=False), 3, 4)
    before = replace(past(0), taken_over={KEY: (held,)})
    found = restored([issue(0)], before)
    assert rows(found) == ["r0", "r1"]
    row = found[0].marker.occurrences[1]
    assert (row.failed, row.ran, row.commit, row.environment) == (3, 4, "c1", "staging")
    assert restored(found, before) == found
