"""Killing `apply` at every single write, and running it again."""

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import event, text

from tests.plans.worlds import group, local, planned, run, triage
from triagebot.plans import dump, load
from triagebot.trackers.applying import apply

CLOSED_ONE = group("http.status-bbbbbbbbbbbb", ["h"])
GROUPS = [
    group("ws.close-aaaaaaaaaaaa", ["a", "b"]),
    group("env-cccccccccccc", ["c"]),
    replace(CLOSED_ONE),
    group("timeout-dddddddddddd", ["d"]),
]


class Killed(BaseException):
    """The process dies here: no handler of the program may see it as an error."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A tracker with an open issue, one closed by a person and one about to be closed on proof; and the next plan."""
    folder = tmp_path_factory.mktemp("prepared")
    tracker = local(folder)
    old = group("import-eeeeeeeeeeee", ["e"])
    triage(tracker, run("run-1", [GROUPS[0], CLOSED_ONE, old], day=0), [GROUPS[0], CLOSED_ONE, old])
    for day in range(1, 5):
        triage(tracker, run(f"run-1.{day}", [], ["e"], day=day / 10))
    tracker.close(2)
    plan = load(dump(planned(tracker, run("run-2", GROUPS, ["e"], day=2), GROUPS)), "plan.json")
    tracker.engine.dispose()
    return folder, plan


@pytest.fixture
def world(prepared, tmp_path):
    """Makes a tracker of its own, under a name, out of the prepared one."""
    folder, plan = prepared

    def make(name):
        shutil.copytree(folder, tmp_path / name)
        return local(tmp_path / name), plan

    return make


def kill_at(tracker, number):
    """Die before the write of this number (0 is the first); commits count as writes."""
    count = iter(range(10**6))

    def write(*_):
        if next(count) == number:
            raise Killed

    def statement(_connection, _cursor, sql, *_):
        if sql.split()[0] in {"INSERT", "UPDATE", "DELETE"}:
            write()

    event.listen(tracker.engine, "before_cursor_execute", statement)
    event.listen(tracker.engine, "commit", write)
    return count


def state(tracker):
    """Every row of every table of the tracker and the history."""
    queries = {
        "issues": "SELECT * FROM issues ORDER BY number",
        "comments": "SELECT issue, author, body FROM comments ORDER BY issue, body",
        "once": "SELECT * FROM once ORDER BY key",
        "occurrences": "SELECT * FROM occurrences ORDER BY key, run",
    }
    with tracker.engine.connect() as connection:
        return {name: list(connection.execute(text(query))) for name, query in queries.items()}


def test_the_plan_of_this_test_holds_every_sort_of_change(world):
    _, plan = world("w")
    kinds = [type(change).__name__ for change in plan.changes]
    assert sorted(set(kinds)) == ["AddComment", "CloseIssue", "EditIssue", "OpenIssue", "ReopenIssue"]
    assert kinds.count("AddComment") == 2


def test_killed_at_any_write_and_run_again_it_ends_like_an_undisturbed_run(world, tmp_path):
    undisturbed, plan = world("calm")
    writes = kill_at(undisturbed, None)
    assert {o.status for o in apply(plan, undisturbed)} == {"applied"}
    expected, total = state(undisturbed), next(writes)
    assert total > 20
    for number in range(total):
        tracker, plan = world(f"killed-{number}")
        kill_at(tracker, number)
        with pytest.raises(Killed):
            apply(plan, tracker)
        again = local(tmp_path / f"killed-{number}")
        outcomes = apply(plan, again)
        assert {o.status for o in outcomes} <= {"applied", "already"}, number
        assert state(again) == expected, number
        assert planned(again, run("run-2", GROUPS, ["e"], day=2), GROUPS).changes == (), number


def test_applying_a_plan_twice_changes_nothing(world):
    tracker, plan = world("w")
    apply(plan, tracker)
    before = state(tracker)
    assert {o.status for o in apply(plan, tracker)} == {"already"}
    assert state(tracker) == before


def test_killed_and_triaged_anew_instead_it_has_one_open_issue_for_each_cause(world, tmp_path):
    for number in range(0, 20, 3):
        tracker, plan = world(str(number))
        kill_at(tracker, number)
        with pytest.raises(Killed):
            apply(plan, tracker)
        again = local(tmp_path / str(number))
        triage(again, run("run-2", GROUPS, ["e"], day=2), GROUPS)
        keys = [issue.marker.key for issue in again.issues() if issue.state == "open"]
        assert sorted(keys) == sorted(g.key for g in GROUPS)
