"""What a session remembers: the same in marker and history, within its room, whoever writes first; and what it says is next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from triagebot.config import Config
from triagebot.gates import GateResult, Standing
from triagebot.issues import read_marker, splice
from triagebot.issues.model import Issue
from triagebot.selection import TestFacts
from triagebot.sessions import (
    CauseSeen,
    Closed,
    GateSeen,
    Ran,
    Start,
    lines_of,
    next_step,
    session_change,
    session_of,
    written,
)
from triagebot.sessions.memory import id_of, lines_in, notes, united

AT = datetime(2025, 9, 10, 19, 45, tzinfo=UTC)
START = Start("golden-1", AT, "golden path", environment="staging", branch="main", phases=("1", "2"))
CAUSE = CauseSeen("WebSocket closed with 1011", "P1", 7, 12, "new", "chat ($120K MRR)")


def ran(number, **more):
    base = Ran(
        f"r{number}",
        AT + timedelta(minutes=number),
        AT + timedelta(minutes=number),
        "failed",
        60,
        6,
        2,
        0,
        68,
    )
    return replace(
        base,
        **{"causes": (CAUSE,) * 3, "gates": (GateSeen("P1", False, "1 failed"),), "next": "pytest x", **more},
    )


def lines(*some):
    return {id_of(line): line for line in (START, *some)}


def issue(body, state="open", number=1):
    marker = read_marker(body)
    return Issue(number, "t", body, state, ("triagebot", "session"), "bot", marker)


def body_of(some, before=None):
    change = session_change(some, before, Config())
    return change.section if before is None else splice(before.body, change.section)


def test_a_line_is_the_same_after_it_was_written_and_read():
    for line in (START, ran(1), Closed(AT, "freeze", (GateSeen("P1", False, "x"),), 3, 9)):
        assert lines_of({"x": written(line)}) == {id_of(line): line}
    assert lines_of({"x": "{}", "y": "not JSON"}) == {}


def test_the_issue_remembers_its_lines_and_planning_again_plans_nothing():
    some = lines(ran(1), ran(2))
    there = issue(body_of(some))
    assert lines_in(there.marker) == some
    assert session_change(some, there, Config()) is None
    assert session_change(lines(ran(1), ran(2), ran(3)), there, Config()) is not None


def test_old_runs_lose_their_details_and_then_leave_and_that_is_said():
    some = lines(*(ran(n, causes=(replace(CAUSE, title="x" * 200),) * 6) for n in range(120)))
    body = body_of(some)
    assert len(body) < 60_000
    kept = lines_in(issue(body).marker)
    session = session_of(kept, issue(body))
    assert session_change(some, issue(body), Config()) is None, "nor is anything dropped twice"
    assert session.runs[-1] == some["run r119"]
    assert (session.runs[0].causes, session.runs[0].more_causes) == ((), 6)
    assert session.dropped == 120 - len(session.runs) > 0
    assert f"{session.dropped} older runs do not fit here any more" in body
    again = session_of(united(kept, some), issue(body))
    assert (len(again.runs), again.dropped) == (120, 0), "history has them all"


numbers = st.lists(st.integers(0, 9), max_size=8)


@settings(max_examples=30)
@given(numbers, numbers)
def test_two_writers_in_any_order_lose_no_line(one, other):
    first, second = lines(*map(ran, one)), lines(*map(ran, other))
    assert united(first, second) == united(second, first)
    body = body_of(first)
    merged = united(lines_in(issue(body).marker), second)
    after = body_of(merged, issue(body)) if session_change(merged, issue(body), Config()) else body
    assert {*lines_in(issue(after).marker)} == {*first, *second}


def test_notes_hold_no_more_than_their_room():
    assert sum(len(text) for _, text in notes(lines(*(ran(n) for n in range(200))))) < 17_000


def facts(*tests, phase="1 critical"):
    return [TestFacts(f"e2e/test_1.py::{name}", f"e2e.test_1.{name}", phase=phase) for name in tests]


def stands(**states):
    return {f"e2e.test_1.{name}": Standing(f"e2e.test_1.{name}", f"e2e/test_1.py::{name}", state, why="because") for name, state in states.items()}  # fmt: skip


def step(known, tests, gates=(), **start):
    found = next_step(replace(START, **start), known, tests, gates, ["#12"])
    return found.kind, found.why, [join.rpartition(".")[2] for join in found.tests]


def gate(passed, *lacking, why="1 of 2 proven"):
    return GateResult(
        "P1", "priority P1", passed, 1, 2, why, (), tuple(f"e2e.test_1.{name}" for name in lacking)
    )


def test_what_is_red_comes_first():
    found = step(facts("a", "b", "c"), stands(a="proven", b="failed", c="unproven"))
    assert found == (
        "fix",
        "phase 1 critical: 1 of 3 tests are red (#12); fix what broke them, deploy, and run them again",
        ["b"],
    )


def test_then_what_proves_nothing_then_what_did_not_run_then_the_next_phase():
    known = [*facts("a", "b"), *facts("c", phase="2 rest")]
    assert step(known, stands(a="unproven", b="not run", c="failed")) == (
        "prove",
        "phase 1 critical: 1 passes prove nothing yet: because",
        ["a"],
    )
    assert step(known, stands(a="proven", b="elsewhere", c="failed"))[::2] == ("run", ["b"])
    assert step(known, stands(a="proven", b="proven", c="failed"))[::2] == ("fix", ["c"])
    assert step(known, stands(a="proven", b="skipped", c="failed"), phases=("1",))[0] == "more"


def test_a_gate_that_other_tests_could_open_and_one_that_none_could():
    known = facts("a", phase="9 none")
    assert step(known, stands(a="too old"), [gate(False, "a")])[::2] == ("gate", ["a"])
    kind, why, tests = step(facts("a"), stands(a="proven"), [gate(False, why="1 quarantined")])
    assert (kind, why, tests) == (
        "fix",
        "gate P1 is held, and no test that is known could open it: 1 quarantined",
        [],
    )


def test_where_nothing_is_known_nothing_is_open():
    kind, why, _ = step([], {})
    assert (kind, why) == (
        "run",
        "no run is known yet: run the suites that were chosen, and triage their report",
    )


def test_the_target_then_the_end():
    known = facts("a", "b", phase="")
    assert step(known, stands(a="proven", b="not run"), target=2) == (
        "more",
        "1 of 2 tests are proven; the least covered are next",
        ["b"],
    )
    assert step(known, stands(a="proven", b="proven"), [gate(True)]) == (
        "close",
        "all gates are open and 2 tests are proven: `triagebot session close`",
        [],
    )
