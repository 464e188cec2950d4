"""What the pytest plugin saw, read from JSON reports and from files of its own, and put beside the right cases."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.config import Limits
from triagebot.reports import Context, merge, parse
from triagebot.reports.model import Call, Contact, Report, Run, Trace

JUNIT = b"""<testsuite name="pytest" tests="2" failures="1">
<testcase classname="tests.test_a" name="test_red"><failure message="assert 0">E assert 0</failure></testcase>
<testcase classname="tests.test_a" name="test_green"/></testsuite>"""
LINES = [
    '{"triagebot-trace":1}',
    (
        '{"test":"tests/test_a.py::test_red","functions":["shop:pay shop.py:3","shop:send shop.py:9"],'
        '"start":1.5,"end":2.5,"calls":"0 1<0","contacts":[["GET","api","/x","503",2.0]],"fixtures":["db"]}'
    ),
    (
        '{"test":"tests/test_a.py::test_green","functions":["shop:look shop.py:12"],"start":2.5,"end":3,"calls":"2 1<2",'
        '"absent":["contact"]}'
    ),
]
RED = Trace(
    datetime.fromtimestamp(1.5, UTC),
    datetime.fromtimestamp(2.5, UTC),
    (Call("shop:pay", "", "shop.py:3"), Call("shop:send", "shop:pay", "shop.py:9")),
    (Contact("GET", "api", "/x", "503", datetime.fromtimestamp(2, UTC)),),
    ("db",),
)


def traces(*lines: str, path: str = "out/junit.triagebot-trace.json", limits: Limits | None = None) -> Report:
    return parse(path, "\n".join(lines).encode(), limits=limits or Limits())


def merged(*reports: Report) -> Run:
    return merge(reports, Context())


def test_a_file_of_traces_is_put_beside_the_cases_of_the_junit_report() -> None:
    run = merged(parse("out/junit.xml", JUNIT), traces(*LINES))
    red, green = run.cases
    assert red.trace == RED
    assert green.trace is not None
    assert [call.function for call in green.trace.calls] == ["shop:look", "shop:send"]
    assert green.trace.absent == ("contact",)
    assert run.formats == ("junit-xml",)


def test_traces_change_nothing_else_of_a_run() -> None:
    plain, traced = merged(parse("junit.xml", JUNIT)), merged(parse("junit.xml", JUNIT), traces(*LINES))
    for name in ("id", "status", "totals", "complete", "doubted", "reports", "problems"):
        assert getattr(plain, name) == getattr(traced, name), name


def test_a_json_report_carries_the_traces_itself() -> None:
    tests = [
        {
            "nodeid": "tests/test_a.py::test_red",
            "outcome": "failed",
            "setup": {"outcome": "passed"},
            "call": {"outcome": "failed", "longrepr": "E assert 0"},
            "metadata": {
                "triagebot": {
                    "trace": {
                        "start": 1.5,
                        "end": 2.5,
                        "calls": "0 1<0",
                        "contacts": [["GET", "api", "/x", "503", 2.0]],
                        "fixtures": ["db"],
                    }
                }
            },
        }
    ]
    functions = {"functions": ["shop:pay shop.py:3", "shop:send shop.py:9"]}
    document = {"exitcode": 1, "summary": {"failed": 1, "total": 1, "collected": 1}, "tests": tests}
    for told in ({**document, "triagebot": functions}, {"triagebot": functions, **document}):
        (case,) = merged(parse("r.json", json.dumps(told).encode())).cases
        assert case.trace == RED


def test_the_last_line_of_a_session_that_was_killed_is_left_out_without_a_word() -> None:
    report = traces(*LINES[:2], LINES[2][:40])
    assert dict(report.traces) == {"tests.test_a.test_red": RED}
    assert report.problems == ()


def test_a_broken_line_among_others_is_a_problem_and_stops_nothing() -> None:
    run = merged(parse("junit.xml", JUNIT), traces(LINES[0], "{", *LINES[1:]))
    assert run.cases[0].trace == RED
    assert [problem.reason for problem in run.problems] == [
        "lines that are no traces: 1, the first in line 2"
    ]
    assert run.complete and not run.doubted


def test_traces_alone_are_no_report() -> None:
    run = merged(traces(*LINES))
    assert run.status == "unreadable"
    assert "give the report" in run.problems[-1].reason


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("out/junit.triagebot-trace.json", "out/other.triagebot-trace.json"),
        ("out/triagebot-trace.json", "triagebot-trace.json"),
        ("out/triagebot-trace.json", "else/triagebot-trace.json"),
        ("out/deep/triagebot-trace.json", "else/deep/triagebot-trace.json"),
    ],
)
def test_the_nearest_file_of_traces_tells_of_a_case(near: str, far: str) -> None:
    told = traces(*LINES, path=near)
    other = traces(LINES[0], '{"test":"tests/test_a.py::test_red","start":7,"end":8}', path=far)
    for order in ((told, other), (other, told)):
        run = merged(parse("out/junit.xml", JUNIT), *order)
        assert run.cases[0].trace == RED


def test_a_case_that_two_formats_tell_of_keeps_its_trace() -> None:
    terminal = b"tests/test_a.py::test_red FAILED\n=== FAILURES ===\n___ test_red ___\nE   assert 0\n=== short test summary info ===\nFAILED tests/test_a.py::test_red - assert 0\n=== 1 failed in 0.1s ===\n"
    run = merged(parse("out/t.txt", terminal), parse("out/junit.xml", JUNIT), traces(*LINES))
    assert {case.test: case.trace for case in run.cases}["tests/test_a.py::test_red"] == RED


def test_more_traces_than_tests_may_be_read_are_a_limit() -> None:
    report = traces(*LINES, limits=Limits(cases=1))
    assert "limits.cases" in report.problems[0].reason and not report.traces


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["0", "0<1", "9" * 30, "<", "-1"]),
    lambda held: (
        st.lists(held, max_size=4)
        | st.dictionaries(
            st.sampled_from(["start", "end", "calls", "contacts", "fixtures", "absent", "test", "functions"]),
            held,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(ODD)
def test_whatever_stands_in_a_trace_no_report_is_lost(odd: object) -> None:
    line = json.dumps(
        {
            "test": "tests/test_a.py::test_red",
            "functions": odd,
            "calls": odd,
            "start": odd,
            "contacts": odd,
            "fixtures": odd,
        }
    )
    run = merged(parse("junit.xml", JUNIT), traces(LINES[0], line, json.dumps(odd), "{}"))
    assert [case.outcome for case in run.cases] == ["failed", "passed"]
    assert run.status == "failed" and run.complete
