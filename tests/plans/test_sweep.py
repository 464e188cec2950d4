from dataclasses import replace
from datetime import timedelta

from tests.plans.worlds import CONFIG, DAY, group, local, run, triage
from triagebot.history import Past, PastRun, Result
from triagebot.plans import scopes_to_sweep, sweep
from triagebot.reports.model import Scope
from triagebot.trackers.applying import apply

GROUP = group()
SCOPE = Scope("staging", "main")


def past(number):
    """Green runs that only history knows."""
    runs = tuple(PastRun(f"g{n}", DAY + timedelta(days=1 + n), commit=f"c{n}") for n in range(number))
    results = {f.join: tuple(Result(r.id, "passed") for r in runs) for f in GROUP.failures}
    return Past(SCOPE, runs, results)


def swept(tracker, number, scope=SCOPE):
    plan = sweep(tracker.issues(), {scope: past(number)}, CONFIG, now=DAY)
    return [o.status for o in apply(plan, tracker)], plan


def test_green_runs_of_history_move_the_countdown_and_close(tmp_path):
    tracker = local(tmp_path)
    triage(tracker, run("run-1", [GROUP]), [GROUP])
    assert swept(tracker, 4)[0] == ["applied"]
    assert "4 of 5 clean runs" in tracker.read(1).body
    assert swept(tracker, 4)[1].changes == ()
    assert swept(tracker, 5)[0] == ["applied", "applied"]
    issue = tracker.read(1)
    assert (issue.state, issue.marker.closed_commit) == ("closed", "c4")
    assert "passed in 5 runs in a row" in tracker.comments(1)[0]
    assert swept(tracker, 6)[1].changes == ()


def test_green_runs_of_another_scope_prove_nothing(tmp_path):
    tracker = local(tmp_path)
    triage(tracker, run("run-1", [GROUP]), [GROUP])
    assert swept(tracker, 9, Scope("production", "main"))[1].changes == ()


def test_muted_and_closed_issues_are_not_swept(tmp_path):
    tracker = local(tmp_path)
    triage(tracker, run("run-1", [GROUP]), [GROUP])
    assert list(scopes_to_sweep(tracker.issues(), CONFIG)) == [SCOPE]
    tracker.label(1, add=["muted"])
    assert not scopes_to_sweep(tracker.issues(), CONFIG)
    tracker.close(1)
    assert not scopes_to_sweep(tracker.issues(), CONFIG)


def test_only_the_scope_of_an_issue_can_prove_it_gone_and_two_scopes_cannot(tmp_path):
    tracker = local(tmp_path)
    triage(tracker, run("run-1", [GROUP]), [GROUP])
    first = tracker.read(1)
    triage(tracker, replace(run("run-2", [GROUP], day=0.1), environment="production"), [GROUP])
    assert scopes_to_sweep([first], CONFIG) == {SCOPE: (first,)}
    assert not scopes_to_sweep(tracker.issues(), CONFIG)


def test_every_issue_of_a_scope_is_swept(tmp_path):
    tracker, other = local(tmp_path), group("env-cccccccccccc", ["c"])
    triage(tracker, run("run-1", [GROUP, other]), [GROUP, other])
    assert [issue.number for issue in scopes_to_sweep(tracker.issues(), CONFIG)[SCOPE]] == [1, 2]


def test_a_list_of_tests_that_history_does_not_know_whole_closes_nothing(tmp_path):
    tracker = local(tmp_path)
    wide = group(tests=[f"test_{n}" for n in range(2_000)])
    triage(tracker, run("run-1", [wide]), [wide])
    runs = tuple(PastRun(f"g{n}", DAY + timedelta(days=1 + n)) for n in range(9))
    results = {f.join: tuple(Result(r.id, "passed") for r in runs) for f in wide.failures}
    past = Past(SCOPE, runs, results)
    whole = replace(past, tests={wide.key: tuple(results)})
    for known, moves in ((past, False), (whole, True)):
        plan = sweep(tracker.issues(), {SCOPE: known}, CONFIG, now=DAY)
        assert bool(plan.changes) is moves
