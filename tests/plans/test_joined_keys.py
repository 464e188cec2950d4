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


def test_a_cause_of_twelve_keys_that_shrinks_to_one_keeps_its_issue(tmp_path) -> None:
    tracker = tracker_at(tmp_path)
    some = parts(*(f"k{number:02}" for number in range(12)))
    triaged(tracker, "run-1", 0, as_group(cause(*some), {}))
    for day, left in enumerate((some[:7], some[5:7], some[6:7], some[6:7]), 1):
        made = triaged(
            tracker, f"run-{day + 1}", day, *([as_group(cause(*left), {})] if len(left) > 1 else left)
        )
        assert [type(change).__name__ for change in made.changes][:1] == ["EditIssue"]
    (issue,) = tracker.issues()
    assert (issue.state, issue.marker.key, issue.marker.seen, len(issue.marker.aliases)) == (
        "open",
        some[0].key,
        5,
        11,
    )


PREVIOUS = (
    '<!-- triagebot {"v":1,"key":"assert-old","algorithm":1,"runs":["before"],"labels":["triagebot"],"states":[],'
    '"occurrences":[{"run":"before","at":"2025-09-01T00:00:00Z","failed":1,"ran":1,"environment":"staging","branch":"main"}],'
    '"seen":1,"tests":["tests/e2e/test_1_websocket_events_staging.py::TestEvents::b"],"tests_seen":1,"ran":1} -->\n'
    "<!-- triagebot:begin -->\nwhat broke\n<!-- triagebot:end -->"
)


def test_an_issue_of_the_previous_version_with_one_key_is_taken_over_by_the_cause(tmp_path) -> None:
    tracker = tracker_at(tmp_path)
    tracker.create("b failed", PREVIOUS, ("triagebot",), "1" * 64)
    first, second, third = parts("a", "b", "c")
    second = group(key="assert-b", tests=["b"], title="b failed", aliases=("assert-old",))
    homes = {"assert-b": 1}  # by its alias, the key of the previous version
    (part,) = split_by_issue(cause(first, second, third), homes)
    triaged(tracker, "run-1", 1, as_group(part, {}))
    (issue,) = tracker.issues()
    assert issue.marker.key == "assert-old"
    assert set(issue.marker.aliases) == {"assert-a", "assert-b", "assert-c"}
    assert (issue.marker.seen, issue.marker.runs) == (2, ("before", "run-1"))
    triaged(tracker, "run-2", 2, third)
    assert [one.number for one in tracker.issues()] == [1]
