"""Several runs at once on a tracker without transactions, as GitHub is: interleaved, killed, with stale listings."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plans.worlds import group, planned, run
from triagebot.issues import parts
from triagebot.plans.model import Plan
from triagebot.trackers import TrackerError
from triagebot.trackers.applying import apply
from triagebot.trackers.local import LocalTracker

KEYS = ("ws.close-aaaaaaaaaaaa", "env-cccccccccccc")


class Weak:
    """A tracker whose quick look at keys sees nothing new, and whose next write may fail before or after it is made."""

    def __init__(self, tracker):
        self.tracker, self.fault = tracker, None

    def __getattr__(self, name):
        return getattr(self.tracker, name)

    def holding(self, keys, *, fresh):
        return self.tracker.holding(keys, fresh=True) if fresh else ()

    def _write(self, name, *args):
        fault, self.fault = self.fault, None
        if fault == "before":
            raise TrackerError("502 before")
        done = getattr(self.tracker, name)(*args)
        if fault == "after":
            raise TrackerError("502 after")
        return done

    def update(self, *args):
        return self._write("update", *args)

    def comment(self, *args):
        return self._write("comment", *args)

    def create(self, title, body, labels, once):
        """A create of which nothing is known is looked up by its once-key before it is tried again, as promised."""
        try:
            return self._write("create", title, body, labels, once)
        except TrackerError:
            for issue in self.tracker.issues():
                if issue.marker and once in issue.marker.once:
                    return issue
            raise


class Process:
    """One triage, a change at a time: plan, apply the changes one by one, plan anew when one was stale."""

    def __init__(self, name, keys, number, tracker):
        self.groups = [group(key) for key in keys]
        self.run = run(name, self.groups, day=number)
        self.tracker, self.rounds, self.changes, self.stale = tracker, 3, None, False

    @property
    def done(self):
        return self.rounds == 0

    def step(self):
        if self.changes is None:
            self.changes = list(planned(self.tracker, self.run, self.groups).changes)
            self.stale = False
        elif self.changes:
            (outcome,) = apply(Plan(self.run.id, (self.changes.pop(0),)), self.tracker)
            self.stale |= outcome.status in {"stale", "failed"}
        else:
            self.rounds = self.rounds - 1 if self.stale else 0
            self.changes = None


schedules = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["step"] * 12 + ["kill", "before", "after"])), max_size=60
)
teams = st.lists(st.sets(st.sampled_from(KEYS), min_size=1), min_size=2, max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(teams, schedules)
def test_after_one_undisturbed_run_there_is_one_open_issue_for_each_cause_and_nothing_is_lost(team, schedule):
    home = LocalTracker(Path(":memory:"))
    tracker = Weak(home)
    processes = [Process(f"run-{n}", keys, n, tracker) for n, keys in enumerate(team)]
    for who, what in schedule:
        process = processes[who % len(processes)]
        if process.done:
            continue
        if what == "kill":
            process.rounds = 0
        else:
            tracker.fault = None if what == "step" else what
            process.step()
            tracker.fault = None
    while left := [process for process in processes if not process.done]:
        for process in left:
            process.step()
    last = Process("last", KEYS, 9, home)
    while not last.done:
        last.step()
    check(home)
    home.engine.dispose()


def check(tracker):
    issues = tracker.issues()
    open_ = [issue for issue in issues if issue.state == "open"]
    assert sorted(issue.marker.key for issue in open_) == sorted(KEYS)
    for issue in open_:
        same = [other for other in issues if other.marker.key == issue.marker.key]
        counted = {run_id for other in same for run_id in other.marker.runs}
        assert set(issue.marker.runs) == counted, "what any issue counted, the open one has"
        assert {row.run for row in issue.marker.occurrences} == counted
        assert issue.marker.seen == len(counted)
        table = parts(issue.body)["occurrences"]
        assert all(f"`{run_id}`" in table for run_id in counted)
        assert all(other.state_reason == "duplicate" for other in same if other is not issue)
    for issue in issues:
        said = tracker.comments(issue.number)
        assert len(said) == len(set(said))
