"""Whatever bytes arrive, parsing gives a Report: readable, or with a problem that says why not."""

import json
import math
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from triagebot.errors import UserError
from triagebot.reports import FORMATS, Context, merge, parse, sniff
from triagebot.reports.json_values import count, items, mapping, moment, number, string
from triagebot.reports.model import Frame, Raised

DATA = Path(__file__).parent.parent / "data"
REAL = [
    *sorted((DATA / "pytest").glob("*.json")),
    *sorted((DATA / "pytest").glob("*.xml")),
    *sorted((DATA / "pytest").glob("*.txt")),
    *sorted((DATA / "others").glob("*.xml")),
]
RUNNERS = [
    *(path for path in sorted((DATA / "runners").rglob("*")) if path.is_file() and sniff(path.read_bytes()))
]
"""What the runners wrote, in every format that is read."""
REAL = [path for path in REAL if not path.name.endswith(".golden.json")]


@cache
def content(path):
    return path.read_bytes()


def check(data, format=None):
    report = parse("x", data, format=format)
    assert report.readable or (report.problems and not report.cases and not report.complete)
    assert all(problem.reason for problem in report.problems)
    assert all(
        case.attempts and (case.outcome in ("failed", "error")) == bool(case.failures)
        for case in report.cases
    )
    run = merge([report], Context())
    assert report.readable or run.status == "unreadable"
    repr(run).encode("utf-8")
    return report


@given(st.binary(max_size=400))
@example(b"\xff\xfe<\0t\0")
@example(b"\0" * 9)
@example(b"<testsuites><testsuite")
@example(b'{"exitcode":')
def test_arbitrary_bytes_give_a_report(data):
    check(data)


@given(st.binary(max_size=200), st.sampled_from(sorted(FORMATS)))
def test_a_forced_format_gives_a_report_too(data, format):
    assert check(data, format).format == format


@settings(max_examples=300)
@given(st.sampled_from(REAL + RUNNERS), st.data())
def test_real_reports_with_a_hole_or_a_splice_give_a_report(path, data):
    whole = content(path)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 2_000)))
    check(whole[:start] + data.draw(st.binary(max_size=20)) + whole[end:])


@settings(max_examples=150)
@given(st.sampled_from(REAL), st.floats(0, 1))
def test_a_cut_report_is_never_both_complete_and_green(path, share):
    whole = content(path)
    at = int(len(whole.rstrip()) * share) - 1
    report = check(whole[: max(at, 0)])
    run = merge([report], Context())
    if path.suffix in (".json", ".xml"):
        assert not report.complete
        assert run.status != "passed"


@settings(max_examples=150)
@given(st.sampled_from(RUNNERS), st.floats(0, 0.999))
def test_a_cut_report_of_a_runner_is_never_green(path, share):
    whole = content(path)
    report = check(whole[: int((len(whole.rstrip()) - 2) * share)])
    assert merge([report], Context()).status != "passed"
    assert not any("report this as a bug" in problem.reason for problem in report.problems)


@pytest.mark.parametrize("lines", range(1, 7))
def test_tap_that_ends_inside_a_subtest_is_incomplete_and_says_so(lines):
    stream = "1..1\n    ok 1 - a\n    ok 2 - b\n        ok 1 - c\n        ok 2 - d\n    ok 3 - e".splitlines()
    report = parse("x", ("TAP version 14\n" + "\n".join(stream[:lines])).encode())
    assert not report.complete and report.problems
    assert merge([report], Context()).status != "passed"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "nodeid",
                    "outcome",
                    "call",
                    "setup",
                    "???",
                    "crash",
                    "message",
                    "longrepr",
                    "reprcrash",
                    "stdout",
                    "log",
                    "metadata",
                    "triagebot",
                    "chains",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(["created", "duration", "exitcode", "environment", "summary", "collectors", "tests"]),
        values,
    )
)
def test_json_of_any_shape_gives_a_report(document):
    check(json.dumps(document | {"exitcode": document.get("exitcode", 0)}).encode())


@given(values)
def test_a_test_of_any_shape_gives_a_case(call):
    test = {
        "nodeid": "a.py::t",
        "outcome": "failed",
        "call": {"outcome": "failed", "x": call},
        "metadata": call,
    }
    test["call"] |= call if isinstance(call, dict) else {}
    report = check(json.dumps({"exitcode": 1, "tests": [test]}).encode())
    assert [case.test for case in report.cases] == ["a.py::t"]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_format_is_recognised_by_content(path):
    expected = {".json": "pytest-json", ".xml": "junit-xml", ".txt": "pytest-terminal"}[path.suffix]
    assert sniff(content(path)) == expected


def test_an_unknown_format_is_the_users_mistake():
    with pytest.raises(
        UserError, match=r"unknown format teletype; use one of pytest-json, .*pytest-terminal\."
    ):
        parse("x", b"", format="teletype")


def test_the_plugins_chain_is_read_with_its_attributes_and_leaves():
    raised = {
        "type": "websockets.exceptions.ConnectionClosedError",
        "message": "received 1011",
        "frames": "a.py:3:connect\nC:/b.py::<module>\nno frame\n\n:x:9\nc.py:" + "9" * 5000 + ":f",
        "link": "cause",
        "attributes": {"side": "received", "code": 1011},
        "leaves": [
            {"type": "ValueError", "message": "one", "chain": [{"type": "OSError", "link": "cause"}, 7]},
            7,
        ],
    }
    test = {"nodeid": "a.py::t", "outcome": "failed", "call": {"outcome": "failed"}}
    test["metadata"] = {"triagebot": {"chains": {"call": [raised, {"link": "odd"}, None], "setup": [raised]}}}
    (case,) = parse("x", json.dumps({"exitcode": 1, "tests": [test]}).encode()).cases
    assert case.failures[0].chain == (
        Raised(
            "websockets.exceptions.ConnectionClosedError",
            "received 1011",
            (
                Frame("a.py", 3, "connect"),
                Frame("C:/b.py", None, "<module>"),
                Frame("no frame", None),
                Frame(":x:9", None),
                Frame("c.py", None, "f"),
            ),
            "cause",
            (("code", "1011"), ("side", "received")),
            (Raised("ValueError", "one", before=(Raised("OSError", "", link="cause"),)),),
        ),
        Raised("", ""),
    )


def test_a_group_nested_beyond_reason_is_cut():
    deep = {"type": "E"}
    for _ in range(100):
        deep = {"type": "G", "leaves": [deep]}
    test = {
        "nodeid": "a.py::t",
        "outcome": "failed",
        "call": {"outcome": "failed"},
        "metadata": {"triagebot": {"chains": {"call": [deep]}}},
    }
    (case,) = parse("x", json.dumps({"exitcode": 1, "tests": [test]}).encode()).cases
    assert repr(case).count("Raised(") == 11


def test_a_case_whose_subtests_json_hides_is_neither_green_nor_disputed():
    folder = DATA / "pytest"
    told = parse("u.json", content(folder / "unittest.json"))
    assert [case.test for case in told.cases] == ["test_u.py::TestAll::test_last_fails"]
    assert [p.reason for p in told.problems] == [
        "the result of test_u.py::TestAll::test_last_passes is not told: this format hides failed subtests; add --junitxml"
    ]
    run = merge([told, parse("u.xml", content(folder / "unittest.xml"))], Context())
    assert (run.totals.failed, len(run.problems)) == (2, 1)
    green = json.loads(content(folder / "unittest.json")) | {"exitcode": 0}
    assert [c.outcome for c in parse("u", json.dumps(green).encode()).cases] == ["failed", "passed"]


def test_logs_become_lines_and_what_nobody_reads_is_dropped():
    record = {"levelname": "WARNING", "name": "shop", "filename": "a.py", "lineno": 3, "msg": "low"}
    call = {
        "outcome": "failed",
        "log": [record, "odd"],
        "stdout": "x" * 100_000,
        "traceback": [{"path": "a.py"}],
    }
    tests = [
        {"nodeid": "a.py::t", "outcome": "failed", "call": call},
        {"nodeid": "", "outcome": "passed"},
        {"nodeid": "b"},
    ]
    report = parse("x", json.dumps({"exitcode": 1, "tests": tests}).encode())
    (out, log) = report.cases[0].failures[0].sections
    assert (log.name, log.text) == ("Captured log call", "WARNING  shop:a.py:3 low\nodd")
    assert len(out.text) < 65_600
    assert "34464 characters cut" in out.text
    assert [p.reason for p in report.problems] == ["entries under tests that are no tests: 2"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1}', "JSON, but no pytest-json-report"),
        ("[]", "JSON, but no pytest-json-report"),
        ("5", "JSON, but no pytest-json-report"),
        ("[" * 200_000, "JSON nested more deeply"),
        ('{"tests": [' + "9" * 5_000 + "]}", "JSON with a number of thousands of digits"),
    ],
    ids=["an object", "an array", "a number", "deep", "digits"],
)
def test_json_that_is_no_report_says_why(text, reason):
    report = parse("x.json", text.encode(), format="pytest-json")
    assert not report.readable
    assert report.problems[0].reason.startswith(reason)


@pytest.mark.parametrize("key", ["tests", "collectors", "exitcode"])
def test_one_of_its_keys_makes_a_report(key):
    assert parse("x.json", json.dumps({key: []}).encode(), format="pytest-json").readable


UNTYPED = [
    (mapping, {"a": 1}, {"a": 1}), (mapping, [1], {}), (mapping, None, {}),
    (items, [1], [1]), (items, {"a": 1}, []), (items, "ab", []),
    (string, "a", "a"), (string, None, ""), (string, "\ud800é", "\ufffdé"), (string, {"é": "\ud800"}, '{"é": "\ufffd"}'), (string, 5, "5"),
    (number, 5, 5.0), (number, 0.5, 0.5), (number, True, None), (number, "5", None), (number, math.inf, None),
    (number, math.nan, None), (number, 10**400, None),
    (count, 5, 5), (count, 0, 0), (count, 5.0, 5), (count, 5.5, None), (count, -1, None), (count, (1 << 53) - 1, (1 << 53) - 1),
    (count, 1 << 53, None), (count, None, None),
    (moment, 0.0, datetime(1970, 1, 1, tzinfo=UTC)), (moment, None, None), (moment, 1e300, None), (moment, 1e12, None),
]  # fmt: skip


@pytest.mark.parametrize(("read", "value", "found"), UNTYPED)
def test_a_value_of_another_type_is_that_types_empty_value(read, value, found):
    assert read(value) == found
    assert type(read(value)) is type(found)
