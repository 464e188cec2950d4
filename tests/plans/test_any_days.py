"""Any sequence of runs and human acts: what must hold whatever happens."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plans.worlds import group, planned, run, triage
from triagebot.issues import section
from triagebot.plans import dump, load
from triagebot.trackers import Edit
from triagebot.trackers.applying import apply
from triagebot.trackers.local import LocalTracker

KEYS = {"ws.close-aaaaaaaaaaaa": ["a", "b"], "env-cccccccccccc": ["b", "c"], "timeout-dddddddddddd": ["d"]}

days = st.fixed_dictionaries(
    {
        "red": st.sets(st.sampled_from(sorted(KEYS))),
        "passed": st.sets(st.sampled_from(["a", "b", "c", "d", "x"])),
        "commit": st.sampled_from([None, "c1", "c2", "c3"]),
        "again": st.booleans(),
    }
)
acts = st.tuples(
    st.sampled_from(
        ["close", "not_planned", "mute", "unmute", "reopen", "note", "tick", "rename", "unlabel", "forge"]
    ),
    st.integers(1, 3),
)
steps = st.lists(st.one_of(days, acts), min_size=1, max_size=9)


def do(tracker, act, number):
    """One act of a person on one issue, if it is there."""
    issue = tracker.read(number)
    if issue is None:
        return
    match act:
        case "close" | "not_planned":
            tracker.close(number, "completed" if act == "close" else "not_planned")
        case "reopen":
            tracker.reopen(number)
        case "mute":
            tracker.label(number, add=["muted"])
        case "unmute":
            tracker.label(number, remove=["muted"])
        case "unlabel":
            tracker.label(number, remove=["area: chat"])
        case "rename":
            tracker.update(number, Edit(title="a person's title"))
        case "note":
            tracker.update(number, Edit(body=issue.body + "\na person's note"))
        case "tick":
            tracker.update(number, Edit(body=issue.body.replace("### Impact", "### Impact\n- [x] seen")))
        case "forge":
            tracker.comment(number, issue.body.split("\n", 1)[0], author="mallory")


def contains(commit, ancestor):
    return None if "c3" in {commit, ancestor} else commit >= ancestor


def runs_on(number, day):
    groups = [group(key, KEYS[key]) for key in sorted(day["red"])]
    green = sorted(day["passed"] - {name for key in day["red"] for name in KEYS[key]})
    return run(f"run-{number}", groups, green, day=number, commit=day["commit"]), groups


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_whatever_happens(some):
    tracker = LocalTracker(Path(":memory:"))
    people = {}
    for number, step in enumerate(some):
        if isinstance(step, tuple):
            do(tracker, *step)
            people = {i.number: outside(i) for i in tracker.issues()}
            continue
        tested, groups = runs_on(number, step)
        before = {i.number: i for i in tracker.issues()}
        plan = load(dump(planned(tracker, tested, groups, contains=contains)), "p")
        assert {o.status for o in apply(plan, tracker)} <= {"applied"}
        assert planned(tracker, tested, groups, contains=contains).changes == (), (
            "planning again plans nothing"
        )
        if step["again"]:
            assert {o.status for o in apply(plan, tracker)} <= {"already"}
        holds(tracker, tested, groups, before, people)
    tracker.engine.dispose()


def outside(issue):
    """What people wrote on an issue: all but the marker line and the section, the labels that are not ours, the title."""
    text = issue.body.replace(section(issue.body), "").split("\n", 1)[-1]
    return text, issue.title if issue.title == "a person's title" else None, "area: chat" in issue.labels


def holds(tracker, tested, groups, before, people):
    issues = tracker.issues()
    keys = [issue.marker.key for issue in issues]
    assert len(keys) == len(set(keys)), "one issue for each cause"
    assert {g.key for g in groups} <= set(keys)
    for issue in issues:
        marker = issue.marker
        assert len(set(marker.runs)) == len(marker.runs)
        assert marker.seen == len(marker.runs) == len(marker.occurrences), "every run is counted once"
        assert not set(marker.clean_runs) & set(marker.runs)
        if (known := people.get(issue.number)) is not None:
            text, title, area = outside(issue)
            assert text == known[0], "what people wrote is kept"
            assert title == known[1]
            assert known[2] or not area, "a label that a person removed is not put back"
        if (old := before.get(issue.number)) is not None and "muted" in old.labels:
            assert issue == old, "muted is left alone"
        if not groups and old is not None and old.state == "closed":
            assert issue.state == "closed", "green reopens nothing"


@pytest.mark.parametrize("number", range(3))
def test_the_property_would_see_a_doubled_count(tmp_path, number):
    """The check itself fails when a run is counted twice."""
    tracker = LocalTracker(tmp_path / "t.db")
    one = [group()]
    triage(tracker, run("run-1", one), one)
    body = tracker.read(1).body.replace('"seen":1', f'"seen":{number + 2}')
    tracker.update(1, Edit(body=body))
    with pytest.raises(AssertionError, match="counted once"):
        holds(tracker, run("run-1", one), one, {}, {})
