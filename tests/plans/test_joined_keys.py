"""Keys that an explanation brought to an issue: found again alone, kept apart where they have issues, let go where they stand alone."""

from tests.plans.worlds import DAY, group, planned, run
from triagebot.causes import Cause, Join
from triagebot.causes.cause_groups import as_group, split_by_issue
from triagebot.groups.model import Group
from triagebot.trackers.applying import apply
from triagebot.trackers.local import LocalTracker


def tracker_at(folder):
    return LocalTracker(folder / "issues.db", lambda: DAY)


def parts(*names: str) -> list[Group]:
    return [group(key=f"assert-{name}", tests=[name], title=f"{name} failed") for name in names]


def cause(*groups: Group) -> Cause:
    first, *others = groups
    return Cause(
        tuple(groups), tuple(Join((first.key, g.key), "item", "they print one line") for g in others)
    )


def triaged(tracker, name: str, day: int, *groups: Group):
    tested = run(name, list(groups), commit=name, day=day)
    made = planned(tracker, tested, groups)
    apply(made, tracker)
    return made


def test_each_key_of_a_cause_finds_its_issue_alone(tmp_path) -> None:
    tracker = tracker_at(tmp_path)
    some = parts("a", "b", "c")
    triaged(tracker, "run-1", 0, as_group(cause(*some), {}))
    triaged(tracker, "run-2", 1, some[2])
    (issue,) = tracker.issues()
    assert issue.marker.aliases == ("assert-b", "assert-c")
    assert [(one.key, one.run) for one in issue.marker.joined] == [
        ("assert-b", "run-1"),
        ("assert-c", "run-1"),
    ]
    assert issue.marker.seen == 2


def test_a_key_that_fails_alone_in_three_runs_is_let_go_and_its_issue_says_where_it_came_from(
    tmp_path,
) -> None:
    tracker = tracker_at(tmp_path)
    some = parts("a", "b", "c")
    triaged(tracker, "run-1", 0, as_group(cause(*some), {}))
    for day in (1, 2, 3):
        triaged(tracker, f"run-{day + 1}", day, some[1])
    (issue,) = tracker.issues()
    assert issue.marker.let_go == ("assert-b",)
    assert issue.marker.aliases == ("assert-c",)
    triaged(tracker, "run-5", 4, some[1])
    first, second = tracker.issues()
    assert second.marker.key == "assert-b"
    assert f"part of issue {first.number}" in second.body


def test_a_key_that_fails_with_its_cause_again_is_not_let_go(tmp_path) -> None:
    tracker = tracker_at(tmp_path)
    some = parts("a", "b")
    whole = as_group(cause(*some), {})
    triaged(tracker, "run-1", 0, whole)
    for day in range(1, 9):
        triaged(tracker, f"run-{day + 1}", day, some[1] if day % 3 else whole)
    (issue,) = tracker.issues()
    assert issue.marker.let_go == ()


def test_keys_that_have_issues_stay_with_them_and_the_later_one_names_the_other(tmp_path) -> None:
    tracker = tracker_at(tmp_path)
    some = parts("a", "b", "c")
    triaged(tracker, "run-1", 0, some[0], some[1])
    homes = {issue.marker.key: issue.number for issue in tracker.issues()}
    filed = [as_group(part, {}) for part in split_by_issue(cause(*some), homes)]
    triaged(tracker, "run-2", 1, *filed)
    issues = {issue.marker.key: issue for issue in tracker.issues()}
    assert set(issues) == {"assert-a", "assert-b"}
    first = min(issues.values(), key=lambda issue: issue.number)
    later = max(issues.values(), key=lambda issue: issue.number)
    assert first.marker.aliases == ("assert-c",)
    assert f"same cause as issue {first.number}" in later.body


def test_planning_again_changes_nothing(tmp_path) -> None:
    tracker = tracker_at(tmp_path)
    whole = as_group(cause(*parts("a", "b")), {})
    triaged(tracker, "run-1", 0, whole)
    assert triaged(tracker, "run-1", 0, whole).changes == ()
