from collections import Counter
from contextlib import nullcontext
from dataclasses import replace

import pytest

from tests.plans.worlds import group, local, planned, run, triage
from triagebot.issues import splice
from triagebot.plans.model import Absent, CloseIssue, LabelIssue, OpenIssue, Plan, Present
from triagebot.trackers import Edit, TrackerError
from triagebot.trackers.applying import apply

GROUP = group()
NEXT = run("run-2", [GROUP], day=1)


@pytest.fixture
def tracker(tmp_path):
    tracker = local(tmp_path)
    triage(tracker, run("run-1", [GROUP]), [GROUP])
    return tracker


def edit_of(tracker):
    (change,) = planned(tracker, NEXT, [GROUP]).changes
    return Plan("run-2", (change,))


def only(outcomes):
    (outcome,) = outcomes
    return outcome


def test_an_issue_that_appeared_meanwhile_makes_an_open_stale(tracker):
    change = OpenIssue(GROUP.key, "0" * 64, Absent(GROUP.key), "title", "body", ())
    outcome = only(apply(Plan("run-2", (change,)), tracker))
    assert (outcome.status, outcome.issue) == ("stale", 1)
    assert "holds" in outcome.detail
    assert len(tracker.issues()) == 1


def test_a_section_that_was_rewritten_meanwhile_makes_an_edit_stale(tracker):
    plan = edit_of(tracker)
    body = tracker.read(1).body
    tracker.update(1, Edit(body=body.replace("### Impact", "### Effect")))
    outcome = only(apply(plan, tracker))
    assert outcome.status == "stale"
    assert "was changed since" in outcome.detail


def test_an_issue_closed_meanwhile_makes_an_edit_stale(tracker):
    plan = edit_of(tracker)
    tracker.close(1)
    outcome = only(apply(plan, tracker))
    assert (outcome.status, outcome.detail) == ("stale", "issue 1 is closed by now, not open")


def test_what_people_write_meanwhile_is_kept_and_makes_nothing_stale(tracker):
    plan = edit_of(tracker)
    tracker.update(
        1, Edit(body=tracker.read(1).body + "\n\nSeen by me too.", title="My title", add=("mine",))
    )
    assert only(apply(plan, tracker)).status == "applied"
    issue = tracker.read(1)
    assert issue.body.endswith("\n\nSeen by me too.")
    assert (issue.title, "mine" in issue.labels) == ("My title", True)
    assert "run-2" in issue.marker.runs


def test_ticks_set_meanwhile_are_kept(tracker):
    with_box = splice(
        tracker.read(1).body, tracker.read(1).body.replace("### Impact", "### Impact\n- [ ] look")
    )
    tracker.update(1, Edit(body=with_box))
    issue = tracker.read(1)
    planned_section = issue.body.replace('"once":["', f'"once":["{"0" * 64}","')
    tracker.update(1, Edit(body=issue.body.replace("- [ ] look", "- [x] look")))
    from triagebot.issues import section_hash

    close = CloseIssue(
        GROUP.key, 1, "0" * 64, Present("open", section_hash(issue.body)), planned_section, "completed"
    )
    assert only(apply(Plan("run-2", (close,)), tracker)).status == "applied"
    assert "- [x] look" in tracker.read(1).body


def test_an_issue_that_is_gone_makes_its_changes_stale(tracker):
    plan = Plan("r", (replace(edit_of(tracker).changes[0], issue=99),))
    outcome = only(apply(plan, tracker))
    assert (outcome.status, outcome.detail) == ("stale", "issue 99 is gone")


def test_damaged_marks_fail_one_change_and_no_other(tracker):
    other = group("env-cccccccccccc", ["c"])
    plan = planned(tracker, run("run-2", [GROUP, other], day=1), [GROUP, other])
    kinds = {type(o.change).__name__: o for o in apply(_damaged(plan, tracker), tracker)}
    assert kinds["EditIssue"].status == "failed"
    assert "damaged" in kinds["EditIssue"].detail
    assert kinds["OpenIssue"].status == "applied"


def _damaged(plan, tracker):
    """The plan as made against a body whose end mark somebody deleted."""
    from triagebot.issues import section_hash

    body = tracker.read(1).body.replace("<!-- triagebot:end -->", "")
    tracker.update(1, Edit(body=body))
    changes = [
        replace(c, expects=Present("open", section_hash(body))) if hasattr(c, "issue") else c
        for c in plan.changes
    ]
    return replace(plan, changes=tuple(changes))


def test_a_body_that_people_filled_up_fails_visibly(tracker):
    plan = edit_of(tracker)
    tracker.update(1, Edit(body=tracker.read(1).body + "\n" + "x" * 65_000))
    outcome = only(apply(plan, tracker))
    assert outcome.status == "failed"
    assert "65536 fit" in outcome.detail


def test_the_breaker_holds_opens_until_force(tmp_path):
    tracker = local(tmp_path)
    groups = [group(f"timeout-{n:012d}", [f"t{n}"]) for n in range(51)]
    plan = planned(tracker, run("run-1", groups), groups)
    assert plan.blocked
    assert {o.status for o in apply(plan, tracker)} == {"failed"}
    assert tracker.issues() == ()
    assert {o.status for o in apply(plan, tracker, force=True)} == {"applied"}
    assert len(tracker.issues()) == 51


def test_a_change_of_labels_alone_is_seen_by_its_labels(tracker):
    from triagebot.issues import section_hash

    expects = Present("open", section_hash(tracker.read(1).body))
    change = LabelIssue(GROUP.key, 1, "0" * 64, expects, add=("flaky",), remove=("P1",))
    assert only(apply(Plan("r", (change,)), tracker)).status == "applied"
    assert only(apply(Plan("r", (change,)), tracker)).status == "already"
    assert {"flaky"} <= set(tracker.read(1).labels)
    assert "P1" not in tracker.read(1).labels


class Broken:
    """A tracker whose writes fail."""

    def __init__(self, tracker):
        self.tracker = tracker

    def __getattr__(self, name):
        return getattr(self.tracker, name)

    def update(self, *_):
        raise TrackerError("HTTP 502 from api.example")


def test_an_error_of_the_tracker_is_an_outcome_with_its_words(tracker):
    outcome = only(apply(edit_of(tracker), Broken(tracker)))
    assert (outcome.status, outcome.issue, outcome.detail) == ("failed", 1, "HTTP 502 from api.example")


class Racing:
    """A tracker without transactions, as GitHub is, on which another run opens an issue just before ours."""

    def __init__(self, tracker, other):
        self.tracker, self.other, self.done = tracker, other, False

    def __getattr__(self, name):
        return getattr(self.tracker, name)

    def transaction(self):
        return nullcontext()

    def create(self, title, body, labels, once):
        if not self.done:
            self.done = True
            assert {o.status for o in apply(self.other, self.tracker)} == {"applied"}
        return self.tracker.create(title, body, labels, once)


def test_of_two_racing_opens_the_higher_number_is_closed_and_the_next_run_takes_over_what_it_counted(
    tmp_path,
):
    tracker = local(tmp_path)
    ours, theirs = run("ours", [GROUP]), run("theirs", [GROUP], day=0.1)
    plans = planned(tracker, ours, [GROUP]), planned(tracker, theirs, [GROUP])
    outcome = only(apply(plans[0], Racing(tracker, plans[1])))
    assert (outcome.status, outcome.issue) == ("applied", 1)
    first, second = tracker.issues()
    assert (first.state, second.state, second.state_reason, second.duplicate_of) == (
        "open",
        "closed",
        "duplicate",
        1,
    )
    triage(tracker, NEXT, [GROUP])
    first, second = tracker.issues()
    assert set(first.marker.runs) == {"theirs", "ours", "run-2"}
    assert [row.run for row in first.marker.occurrences] == ["ours", "theirs", "run-2"]
    assert (first.marker.seen, second.state) == (3, "closed")
    assert planned(tracker, NEXT, [GROUP]).changes == ()


class Counting:
    """A tracker that counts what is asked of it, by the name of the request."""

    def __init__(self, tracker):
        self.tracker, self.asked = tracker, Counter()

    def __getattr__(self, name):
        self.asked[name] += 1
        return getattr(self.tracker, name)


def test_a_thousand_tests_beside_three_hundred_issues_cost_a_read_and_a_write_for_each_changed_one(tmp_path):
    tracker = local(tmp_path)
    old = [group(f"timeout-{n:012d}", [f"t{n}"]) for n in range(300)]
    first = planned(tracker, run("run-1", old), old)
    assert {o.status for o in apply(first, tracker, force=True)} == {"applied"}
    for number in range(1, 6):
        tracker.close(number, commit="c0")
    new = [group(f"env-{n:012d}", [f"n{n}"]) for n in range(10)]
    groups = [*old[:20], *new]
    counting = Counting(tracker)
    tested = run("run-2", groups, [f"p{n}" for n in range(970)], day=1, commit="c1")
    outcomes = triage(counting, tested, groups, contains=lambda *_: True)
    assert {o.status for o in outcomes} == {"applied"}
    asked = counting.asked
    assert (asked["issues"], asked["read"], asked["update"], asked["create"]) == (1, 20, 20, 10)
    assert (asked["comment"], asked["comments"]) == (5, 0)
    assert asked["holding"] == 10 + 1
