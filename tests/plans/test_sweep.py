from datetime import timedelta

from tests.plans.worlds import CONFIG, DAY, group, local, run, triage
from triagebot.history import Past, PastRun, Result
from triagebot.plans import scopes_to_sweep, sweep
from triagebot.reports.model import Scope
from triagebot.trackers.apply import apply

GROUP = group()
SCOPE = Scope("staging", "main")


def past(number):
    """Green runs that only history knows."""
    runs = tuple(PastRun(f"g{n}", DAY + timedelta(days=1 + n), commit=f"c{n}") for n in range(number))
    results = {f.join: tuple(Result(r.id, "passed") for r in runs) for f in GROUP.failures}
    return Past(SCOPE, runs, results)


def swept(tracker, number, scope=SCOPE):
    plan = sweep(tracker.issues(), {scope: past(number)}, CONFIG, now=DAY, redact=str)
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
