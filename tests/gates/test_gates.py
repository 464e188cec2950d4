"""Gates: what is a proof and what is none, and quarantine."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triagebot.config import Config, Contract, Gate, Quarantine, Suite
from triagebot.contracts import Breach, Verdict
from triagebot.gates import gates, needed, quarantined, standings
from triagebot.gates.quarantine import pytest_args
from triagebot.history import Past, PastRun, Result
from triagebot.reports.model import Attempt, Case, Run, Totals

NOW = datetime(2025, 9, 10, 20, tzinfo=UTC)
P1 = Suite(match="e2e/test_1.py", name="chats", priority="P1")
NAMES = ("e2e.test_1.test_a", "e2e.test_1.test_b")


def case(name, outcome="passed", attempts=1, unproven=""):
    done = (*[Attempt("failed")] * (attempts - 1), Attempt(outcome))
    return Case(f"e2e/test_1.py::{name}", f"e2e.test_1.{name}", outcome, done, unproven=unproven)


def run(*cases, **given):
    base = Run("now", ("pytest-json",), cases, Totals(len(cases)), "passed", started=NOW, revision="r2")
    return replace(base, **given)


def past(*runs, **results):
    """Runs as (id, hours ago, revision, complete), results by test as {run: outcome}."""
    told = tuple(PastRun(i, NOW - timedelta(hours=h), None, rev, whole) for i, h, rev, whole in runs)
    held = {
        f"e2e.test_1.{name}": tuple(
            Result(each, out.removesuffix("!"), 1.0, out.endswith("!")) for each, out in found.items()
        )
        for name, found in results.items()
    }
    return Past(runs=told, results=held)


BEFORE = past(("old", 2, "r2", True), test_a={"old": "passed"}, test_b={"old": "passed"})
ROWS = [
    ("all passed", run(case("test_a"), case("test_b")), Past(), {}, True, "2 of 2 proven"),
    ("one failed", run(case("test_a"), case("test_b", "failed")), Past(), {}, False, "1 of 2 proven; 1 failed (test_b)"),
    ("one has an error", run(case("test_a"), case("test_b", "error")), Past(), {}, False, "1 of 2 proven; 1 failed (test_b)"),
    ("one is expected to fail", run(case("test_a"), case("test_b", "xfailed")), Past(), {}, False, "1 of 2 proven; 1 failed (test_b)"),
    ("one skipped", run(case("test_a"), case("test_b", "skipped")), Past(), {}, False, "1 of 2 proven; 1 skipped (test_b)"),
    ("one skipped that passed before", run(case("test_a"), case("test_b", "skipped")), BEFORE, {}, False, "1 of 2 proven; 1 skipped (test_b)"),
    ("one passed only when run again", run(case("test_a"), case("test_b", attempts=2)), Past(), {}, False, "1 of 2 proven; 1 unproven (test_b: passed only when it was run again)"),
    ("one is unproven", run(case("test_a"), case("test_b", unproven="0.00 s for 1 test")), Past(), {}, False, "1 of 2 proven; 1 unproven (test_b: 0.00 s for 1 test)"),
    ("the run contradicts itself", run(case("test_a"), doubted=True), Past(), {}, False, "0 of 1 proven; 1 unproven (test_a: the reports contradict themselves)"),
    ("stopped by maxfail", run(case("test_a"), complete=False), Past(), {}, False, "0 of 1 proven; 1 stopped (test_a)"),
    ("no test is known", run(), Past(), {}, False, "no test is known that it is about"),
    ("missing, proven on this revision", run(case("test_a")), BEFORE, {}, True, "2 of 2 proven"),
    ("missing, proven on another", run(case("test_a")), past(("old", 2, "r1", True), test_b={"old": "passed"}), {}, False, "1 of 2 proven; 1 elsewhere (test_b: proven on r1, not on r2)"),
    ("missing, nobody says where it passed", run(case("test_a"), revision=None), BEFORE, {}, False, "1 of 2 proven; 1 not run (test_b)"),
    ("missing, nobody says where, and an age is enough", run(case("test_a"), revision=None), BEFORE, {"max_age": "3h"}, True, "2 of 2 proven"),
    ("missing, passed in a stopped run", run(case("test_a")), past(("old", 2, "r2", False), test_b={"old": "passed"}), {}, False, "1 of 2 proven; 1 stopped (test_b)"),
    ("missing, failed last", run(case("test_a")), past(("o", 3, "r2", True), ("p", 2, "r2", True), test_b={"o": "passed", "p": "failed"}), {}, False, "1 of 2 proven; 1 failed (test_b)"),
    ("missing, rerun", run(case("test_a")), past(("old", 2, "r2", True), test_b={"old": "passed!"}), {}, False, "1 of 2 proven; 1 unproven (test_b: passed only when it was run again)"),
    ("too old", run(case("test_a")), BEFORE, {"max_age": "1h"}, False, "1 of 2 proven; 1 too old (test_b: older than 1h)"),
    ("half is enough", run(case("test_a"), case("test_b", "failed")), Past(), {"share": "50%"}, True, "1 of 2 proven; 1 failed (test_b); 50% are asked for"),
    ("too few", run(case("test_a")), Past(), {"tests": 2}, False, "1 of 1 proven; at least 2 are asked for"),
]  # fmt: skip


@pytest.mark.parametrize(("this", "before", "more", "passed", "why"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])  # fmt: skip
def test_a_gate_says_whether_it_is_open_and_why(this, before, more, passed, why):
    config = Config(suites=(P1,), gates=(Gate(priority="P1", **more),))
    (found,) = gates(config, standings(this, before), now=NOW, run=this.id)
    assert (found.passed, found.why) == (passed, why)
    assert found.summary.startswith(f"gate P1: {'open' if passed else 'held'}: ")


def test_a_gate_of_a_suite_and_of_tests_without_any():
    config = Config(suites=(P1,), gates=(Gate(suite="chats"), Gate(priority="P3")))
    other = Case("x.py::test_x", "x.test_x", "passed", (Attempt("passed"),))
    chats, rest = gates(config, standings(run(case("test_a"), other), Past()), now=NOW, run="now")
    assert (chats.total, rest.total, rest.held_by) == (1, 1, ())


def verdict(state, name="test_a"):
    broken = (Breach("missing", "x", "x never came"),) if state == "broken" else ()
    return Verdict("five", f"e2e/test_1.py::{name}", f"e2e.test_1.{name}", state, broken, (), "no logs")


@pytest.mark.parametrize(("states", "passed", "why"), [
    ((), False, "nothing in this run shows it"),
    (("kept", "kept"), True, "kept in 2 of 2 tests"),
    (("kept", "broken"), False, "kept in 1 of 2 tests; broken in 1 (test_1: x never came)"),
    (("kept", "not known"), False, "kept in 1 of 2 tests; not known in 1 (test_1: no logs)"),
])  # fmt: skip
def test_a_gate_of_a_contract(states, passed, why):
    config = Config(contracts=(Contract(name="five", events=("x",)),), gates=(Gate(contract="five"),))
    found = [verdict(state, f"test_{n}") for n, state in enumerate(states)]
    (gate,) = gates(config, {}, found, now=NOW)
    assert (gate.passed, gate.why) == (passed, why)


def test_what_a_held_gate_needs_is_what_could_prove_it():
    config = Config(suites=(P1,), gates=(Gate(priority="P1"),))
    held = quarantined([entry(match="*test_b")], NOW.date(), lambda _: "open")
    this = run(case("test_a", "failed"), case("test_b"), case("test_c"))
    assert needed(gates(config, standings(this, Past(), held), now=NOW, run="now")) == {"e2e.test_1.test_a"}


def test_a_test_that_is_not_in_five_whole_runs_of_its_file_is_deleted():
    runs = [(f"r{n}", 9 - n, "r2", True) for n in range(6)]
    before = past(*runs, test_gone={"r0": "passed"}, test_a={f"r{n}": "passed" for n in range(6)})
    assert [*standings(run(case("test_a")), before)] == ["e2e.test_1.test_a"]
    assert [*standings(None, past(*runs[:5], test_gone={"r0": "passed"}, test_a={"r1": "passed"}))] == [
        "e2e.test_1.test_a",
        "e2e.test_1.test_gone",
    ]


def entry(**given):
    base = {
        "match": "e2e/test_1.py::test_b",
        "until": date(2025, 9, 10),
        "issue": 7,
        "reason": "flaky since Monday",
    }
    return Quarantine(**{**base, **given})


def test_a_test_in_quarantine_is_no_pass_of_a_gate():
    config = Config(suites=(P1,), gates=(Gate(priority="P1"),))
    held = quarantined([entry()], NOW.date(), lambda _: "open")
    (found,) = gates(config, standings(run(case("test_a"), case("test_b")), Past(), held), now=NOW, run="now")
    assert (found.passed, found.why) == (False, "1 of 2 proven; 1 quarantined (test_b)")


@pytest.mark.parametrize(("until", "state", "shouted"), [
    (date(2025, 9, 10), "open", ""),
    (date(2025, 9, 9), "open", "it ended on 2025-09-09 (flaky since Monday)"),
    (date(2025, 9, 10), "closed", "issue #7 is closed (flaky since Monday)"),
    (date(2025, 9, 10), "", "issue #7 is not to be found (flaky since Monday)"),
])  # fmt: skip
def test_quarantine_that_is_over_is_shouted_and_not_obeyed(until, state, shouted):
    held = quarantined([entry(until=until)], NOW.date(), lambda _: state)
    assert held.holds("e2e/test_1.py::test_b") is not bool(shouted)
    assert [shouted] * bool(shouted) == [
        said.partition(": ")[2].partition(". Mend")[0] for said in held.shouted
    ]


def test_pytest_runs_quarantined_tests_apart():
    known = ["e2e/test_1.py::test_a", "e2e/test_1.py::test_b[x y]", "e2e/test_2.py::test_c"]
    entries = [entry(), entry(match="*test_2*")]
    assert pytest_args(entries, known, only=False) == [
        "--deselect=e2e/test_1.py::test_b",
        "--deselect=e2e/test_2.py::test_c",
    ]
    assert pytest_args(entries, known, only=True) == ["e2e/test_1.py::test_b", "e2e/test_2.py::test_c"]


outcomes = st.sampled_from(["passed", "failed", "error", "skipped", "xfailed", "passed!"])


@settings(max_examples=40)
@given(
    st.lists(outcomes, min_size=1, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6), st.booleans()
)
def test_a_gate_of_all_is_open_only_where_every_test_passed_at_once_in_a_whole_run(found, doubts, whole):
    cases = [
        case(f"test_{n}", out.removesuffix("!"), 1 + out.endswith("!"), "too fast" if doubts[n] else "")
        for n, out in enumerate(found)
    ]
    config = Config(suites=(P1,), gates=(Gate(priority="P1"),))
    (gate,) = gates(config, standings(run(*cases, complete=whole), Past()), now=NOW, run="now")
    assert gate.passed == (whole and all(out == "passed" for out in found) and not any(doubts[: len(found)]))
    assert len(gate.held_by) == gate.total - gate.proven
