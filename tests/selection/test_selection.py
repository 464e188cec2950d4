"""What is run next: order, reasons, the budget, what gates need, and the command; as tables and as properties."""

import shlex
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triagebot.config import Suite
from triagebot.config.model import Risk
from triagebot.history import Past, PastRun, Result
from triagebot.selection import Choice, Selection, arguments, facts, pytest_command, select

NOW = datetime(2025, 9, 30, 12, tzinfo=UTC)
SUITES = (
    Suite(
        match="e2e/test_1.py",
        name="chats",
        phase="1 critical",
        priority="P1",
        impact=Risk("chat", 120000, "$ MRR"),
    ),
    Suite(match="e2e/test_2.py", name="mail", phase="2 rest", priority="P2"),
)


def past(days, **results):
    """Runs by days ago (r20 is 20 days old), results by test as {run: outcome}."""
    runs = tuple(PastRun(f"r{d}", NOW - timedelta(days=d)) for d in sorted(days, reverse=True))
    found = {
        f"e2e.{name}": tuple(
            Result(run, out.rstrip("!"), 2.0, out.endswith("!"))
            for run, out in sorted(told.items(), key=lambda pair: -int(pair[0][1:]))
        )
        for name, told in results.items()
    }
    return Past(runs=runs, results=found)


def chosen(known, how, **more):
    return [(c.test.rpartition("/")[2], c.reason) for c in select(known, how, now=NOW, **more).choices]


THREE = past(
    [1, 2, 20],
    **{
        "test_1.test_a": {"r1": "passed", "r2": "passed", "r20": "passed"},
        "test_1.test_b": {"r1": "failed", "r20": "passed"},
        "test_2.test_c": {"r2": "error"},
        "test_3.test_d": {"r20": "passed", "r2": "unproven"},
    },
)


def test_what_was_proven_least_and_longest_ago_comes_first_with_its_numbers():
    known = facts(THREE, SUITES, collected=["e2e/test_1.py::test_a", "e2e/test_1.py::test_b", "e2e/test_2.py::test_c", "e2e/test_3.py::test_d", "e2e/test_9.py::test_new"])  # fmt: skip
    assert chosen(known, "least-covered") == [
        ("test_2.py::test_c", "P2: never proven in 1 run; 1 of the last 3 runs ran it"),
        ("test_9.py::test_new", "never ran; 0 of the last 3 runs ran it; never timed, 2 s assumed"),
        ("test_1.py::test_b", "P1, chat ($120K MRR): last proven 20 days ago (2025-09-10), red since (1 of 2 runs); 2 of the last 3 runs ran it"),
        ("test_3.py::test_d", "last proven 20 days ago (2025-09-10); 2 of the last 3 runs ran it"),
        ("test_1.py::test_a", "P1, chat ($120K MRR): last proven 24 h ago; 3 of the last 3 runs ran it"),
    ]  # fmt: skip


def test_what_failed_when_it_last_ran():
    assert chosen(facts(THREE, SUITES), "failed") == [
        (
            "test_1.py::test_b",
            "P1, chat ($120K MRR): failed when it last ran, 24 h ago; 1 of 2 runs were red",
        ),
        ("test_2.py::test_c", "P2: failed when it last ran, 2 days ago (2025-09-28); 1 of 1 run were red"),
    ]


@pytest.mark.parametrize("phase", ["1", "1 critical"])
def test_one_phase(phase):
    assert [test for test, _ in chosen(facts(THREE, SUITES), "phase", phase=phase)] == [
        "test_1.py::test_b",
        "test_1.py::test_a",
    ]


def test_risk_takes_one_of_each_cause_before_a_second_one():
    told = {f"test_{n}.test_{x}": {"r1": "failed", "r2": "failed"} for n in (1, 2) for x in "ab"}
    before = past([1, 2], **told)
    keys = {
        "k1": ("e2e.test_1.test_a", "e2e.test_1.test_b"),
        "k2": ("e2e.test_2.test_a", "e2e.test_2.test_b"),
    }
    before = Past(before.scope, before.runs, before.results, dict.fromkeys(keys, ("r2", "r1")), keys)
    found = chosen(facts(before), "risk")
    assert [test for test, _ in found][:2] == ["test_1.py::test_a", "test_2.py::test_a"]
    assert found[0][1] == "shows k1, seen in 2 of the last 2 runs; never proven in 2 runs; takes 2 s"


def test_a_cause_that_was_closed_since_a_test_last_ran_is_said():
    before = Past(THREE.scope, THREE.runs, THREE.results, {"k": ("r20",)}, {"k": ("e2e.test_3.test_d",)})
    known = facts(before, closed={"k": (NOW - timedelta(days=1), "#3")})
    (said,) = [reason for test, reason in chosen(known, "least-covered") if "test_d" in test]
    assert said.endswith("; its cause #3 was closed and it has not run since")


def test_gates_come_first_even_beyond_the_budget_and_that_is_said():
    known = facts(THREE, SUITES)
    found = select(known, "least-covered", now=NOW, budget=3.0, needed={"e2e.test_1.test_a": "gate P1 needs it: stopped", "e2e.test_3.test_d": "x"})  # fmt: skip
    assert [(c.test.rpartition("/")[2], c.gate) for c in found.choices] == [
        ("test_1.py::test_a", True),
        ("test_3.py::test_d", True),
    ]
    assert (found.over, found.left) == (True, 2)


def test_a_file_stands_for_all_its_tests_where_order_does_not_matter():
    known = facts(THREE, SUITES)
    found = select(known, "phase", now=NOW, phase="1")
    assert arguments(found, known, ordered=False) == ("e2e/test_1.py",)
    assert arguments(found, known, ordered=True) == ("e2e/test_1.py::test_b", "e2e/test_1.py::test_a")


def test_the_command_is_quoted_for_a_shell_and_may_read_its_arguments_from_a_file():
    line = pytest_command(["e2e/test_1.py::test_a[x 'y' $HOME]"], traced=True)
    assert shlex.split(line)[-1] == "e2e/test_1.py::test_a[x 'y' $HOME]"
    assert line.startswith("pytest --json-report --json-report-file=report.json --triagebot-trace ")
    assert pytest_command(["x"], traced=False, file="args.txt").endswith("report.json @args.txt")


def test_no_command_of_pytest_runs_the_tests_of_another_runner():
    tests = (
        "e2e/a.spec.ts::pays [chromium]",
        "com.shop.CartTest.pays",
        "f.feature::Cart.pays",
        "e2e/test_1.py::test_a",
    )
    found = Selection(tuple(Choice(test, "", 1.0, "asked") for test in tests))
    assert arguments(found, [], ordered=True) == ("e2e/test_1.py::test_a",)
    assert pytest_command(arguments(Selection(found.choices[:3]), [], ordered=True), traced=False) == ""


names = st.integers(0, 11).map(lambda n: f"test_{n % 4}.test_{n}")
outcomes = st.sampled_from(["passed", "failed", "error", "skipped", "unproven", "passed!"])
pasts = st.dictionaries(
    names, st.dictionaries(st.sampled_from(["r1", "r2", "r20"]), outcomes, min_size=1), min_size=1
).map(lambda told: past([1, 2, 20], **told))


@settings(max_examples=60)
@given(
    pasts,
    st.sampled_from(["least-covered", "risk", "failed", "phase"]),
    st.floats(0, 30),
    st.integers(1, 12),
    st.data(),
)
def test_a_selection_holds_its_budget_and_its_gates_whatever_is_asked(before, how, budget, limit, data):
    known = facts(before, SUITES)
    needed = data.draw(st.sets(st.sampled_from([one.join for one in known])))
    reasons = dict.fromkeys(needed, "gate")
    found = select(known, how, now=NOW, phase="1", budget=budget, limit=limit, needed=reasons)
    joins = {one.test: one.join for one in known}
    gated = [c for c in found.choices if c.gate]
    assert {joins[c.test] for c in gated} == needed
    assert found.choices[: len(gated)] == tuple(gated)
    need = sum(c.seconds for c in gated)
    assert found.seconds <= max(budget, need) + 1e-6
    assert found.over == (need > budget)
    assert len(found.choices) <= max(limit, len(gated))
    assert len({c.test for c in found.choices}) == len(found.choices)
    assert all(c.reason for c in found.choices)
    again = select(known[::-1], how, now=NOW, phase="1", budget=budget, limit=limit, needed=reasons)
    assert again == found
    whole = select(known, how, now=NOW, phase="1", needed=reasons)
    assert found.left == len(whole.choices) - len(found.choices)
