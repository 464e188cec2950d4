"""Cases that share a name: told apart, counted each, never attempts of one another unless the writer says so."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.history import proves_gone
from triagebot.reports import Context, join_id, merge, parse
from triagebot.reports.model import Attempt, Case, Failure, Report
from triagebot.reports.test_names import numbered, shared_name

NOON = datetime(2025, 9, 10, 12, tzinfo=UTC)
FAIL = "<failure message='m'>boom</failure>"


def t(inner="", name="adds"):
    return f"<testcase classname='Cart' name='{name}'>{inner}</testcase>"


def suite(body, name="Cart", attributes=""):
    return f"<testsuite name='{name}' {attributes}>{body}</testsuite>"


def read(*suites):
    return parse("j.xml", f"<testsuites>{''.join(suites)}</testsuites>".encode())


def seen(report):
    return [(case.test, case.outcome, len(case.attempts)) for case in report.cases]


JUNIT = {
    "in one suite: by number": (
        [suite(t(FAIL) + t())],
        [("Cart.adds (namesake 1)", "failed", 1), ("Cart.adds (namesake 2)", "passed", 1)],
    ),
    "in two suites of one name: by number": (
        [suite(t()), suite(t(FAIL))],
        [("Cart.adds (namesake 1)", "passed", 1), ("Cart.adds (namesake 2)", "failed", 1)],
    ),
    "in suites of two names: by suite": (
        [suite(t(), "x"), suite(t(FAIL), "y")],
        [("x::Cart.adds", "passed", 1), ("y::Cart.adds", "failed", 1)],
    ),
    "in browsers: by browser": (
        [suite(t(), attributes="hostname='chromium'"), suite(t(FAIL), attributes="hostname='Mobile Safari 14'")],
        [("Cart.adds [chromium]", "passed", 1), ("Cart.adds [Mobile Safari 14]", "failed", 1)],
    ),
    "on machines, which are others tomorrow: by number": (
        [suite(t(), attributes="hostname='fv-az123'"), suite(t(FAIL), attributes="hostname='vm.local'")],
        [("Cart.adds (namesake 1)", "passed", 1), ("Cart.adds (namesake 2)", "failed", 1)],
    ),
    "twice in one browser: by browser and number": (
        [suite(t() + t(), attributes="hostname='chromium'"), suite(t(), attributes="hostname='firefox'")],
        [
            ("Cart.adds [chromium] (namesake 1)", "passed", 1),
            ("Cart.adds [chromium] (namesake 2)", "passed", 1),
            ("Cart.adds [firefox]", "passed", 1),
        ],
    ),
    "alone: as it is": ([suite(t() + t(name="removes"))], [("Cart.adds", "passed", 1), ("Cart.removes", "passed", 1)]),
    "three, with a skip": (
        [suite(t("<skipped/>") + t(FAIL) + t("<error/>"))],
        [("Cart.adds (namesake 1)", "skipped", 1), ("Cart.adds (namesake 2)", "failed", 1), ("Cart.adds (namesake 3)", "error", 1)],
    ),
    "pytest: bare elements are attempts, up to the next result": (
        [suite(t() + t() + t(FAIL) + t(), "pytest")],
        [("Cart::adds (namesake 1)", "failed", 3), ("Cart::adds (namesake 2)", "passed", 1)],
    ),
    "pytest: a failure that is only stated ends a test": (
        [suite(t().replace("<testcase", "<testcase status='failed'") + t(), "pytest")],
        [("Cart::adds (namesake 1)", "failed", 1), ("Cart::adds (namesake 2)", "passed", 1)],
    ),
    "pytest: two teardowns are of two tests": (
        [suite(t("<error message='failed on teardown with \"x\"'/>") * 2, "pytest")],
        [("Cart::adds (namesake 1)", "error", 1), ("Cart::adds (namesake 2)", "error", 1)],
    ),
    "pytest: a failure ends a test": (
        [suite(t(FAIL) + t(FAIL) + t(), "pytest")],
        [("Cart::adds (namesake 1)", "failed", 1), ("Cart::adds (namesake 2)", "failed", 1), ("Cart::adds (namesake 3)", "passed", 1)],
    ),
    "pytest: the teardown of a failed call is no test": (
        [suite(t(FAIL) + t("<error message='failed on teardown with \"x\"'/>"), "pytest")],
        [("Cart::adds", "failed", 1)],
    ),
    "pytest: legs merged into one file": (
        [suite(t(FAIL), "pytest"), suite(t(), "pytest")],
        [("Cart::adds (namesake 1)", "failed", 1), ("Cart::adds (namesake 2)", "passed", 1)],
    ),
    "surefire's attempts are attempts": (
        [suite(t("<flakyFailure message='m'>x</flakyFailure>") + t())],
        [("Cart.adds (namesake 1)", "passed", 2), ("Cart.adds (namesake 2)", "passed", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("suites, cases", JUNIT.values(), ids=JUNIT)
def test_namesakes_in_junit_are_told_apart(suites, cases):
    report = read(*suites)
    assert [(test.replace("Cart.py::", "Cart::"), *rest) for test, *rest in seen(report)] == cases
    assert all(
        f.test == c.test and f.join == c.join for c in report.cases for a in c.attempts for f in a.failures
    )


def entries(*outcomes):
    tests = [
        {
            "nodeid": "a.py::t[x::y]",
            "outcome": said,
            "call": {"outcome": "failed" if said == "failed" else "passed"},
        }
        for said in outcomes
    ]
    return parse("a.json", json.dumps({"exitcode": 1, "tests": tests}).encode())


JSON = {
    "two of a name": (["failed", "passed"], ["failed", "passed"], [1, 1]),
    "a rerun is an attempt of the next": (["rerun", "passed"], ["passed"], [2]),
    "two reruns": (["rerun", "rerun", "failed"], ["failed"], [3]),
    "a rerun and another test": (["rerun", "passed", "failed"], ["passed", "failed"], [2, 1]),
    "pytest-retry": (["retried", "passed"], ["passed"], [2]),
}


@pytest.mark.parametrize("said, outcomes, attempts", JSON.values(), ids=JSON)
def test_namesakes_in_json_are_attempts_only_where_the_outcome_says_so(said, outcomes, attempts):
    report = entries(*said)
    assert [case.outcome for case in report.cases] == outcomes
    assert [len(case.attempts) for case in report.cases] == attempts


def test_a_number_stays_at_the_end_of_every_id():
    cases = entries("passed", "failed").cases
    assert [c.test for c in cases] == ["a.py::t[x::y] (namesake 1)", "a.py::t[x::y] (namesake 2)"]
    assert [c.join for c in cases] == ["a.t[x::y] (namesake 1)", "a.t[x::y] (namesake 2)"]


@given(st.text(max_size=30), st.integers(1, 999))
def test_the_join_id_of_a_numbered_name_is_the_numbered_join_id(name, number):
    name = shared_name(name)
    assert shared_name(numbered(name, number)) == name
    assert join_id(numbered(name, number)) == numbered(join_id(name), number)


def case(outcome, text="E   boom"):
    failures = (Failure("a.py::t", "a.t", "call", "boom", text),) if outcome == "failed" else ()
    return Case("a.py::t", "a.t", outcome, (Attempt(outcome, failures),))


def report(found, sha, after_s=None, lasted_s=None):
    started = None if after_s is None else NOON + timedelta(seconds=after_s)
    return Report(f"{sha}.xml", sha, "junit-xml", (found,), started, lasted_s)


FILES = {  # the second file: seconds after the first, which ran for 60; outcome of both together, attempts
    "after the first ended": (60, "passed", 2),
    "beside the first": (59, "failed", 2),
    "at the same moment": (0, "failed", 2),
    "nobody knows when": (None, "failed", 2),
}


@pytest.mark.parametrize("after_s, outcome, attempts", FILES.values(), ids=FILES)
def test_files_are_attempts_only_one_after_the_other(after_s, outcome, attempts):
    files = [report(case("failed"), "1", 0, 60.0), report(case("passed"), "2", after_s, 60.0)]
    for order in permutations(files):
        run = merge(order, Context())
        assert [(c.outcome, len(c.attempts)) for c in run.cases] == [(outcome, attempts)]
        assert bool(run.problems) == (outcome == "failed")


def test_two_files_beside_each_other_keep_the_failures_of_both():
    files = [report(case("failed", "E   one"), "1", 0, 60.0), report(case("failed", "E   two"), "2", 1, 60.0)]
    assert sorted(f.text for f in merge(files, Context()).failures) == ["E   one", "E   two"]
    after = [files[0], replace(files[1], started=NOON + timedelta(seconds=61))]
    assert [f.text for f in merge(after, Context()).failures] == ["E   two"]


EACH = {  # `-v` lines, summary lines, closing words; failed and passed cases
    "two that fail": (["FAILED", "FAILED"], 2, "2 failed", (2, 0)),
    "two that fail beside one that passes": (["FAILED", "PASSED", "FAILED"], 2, "2 failed, 1 passed", (2, 1)),
    "one that fails before one that passes": (["FAILED", "PASSED"], 1, "1 failed, 1 passed", (1, 1)),
    "one that fails after one that passes": (["PASSED", "FAILED"], 1, "1 failed, 1 passed", (1, 1)),
    "a rerun that fails": (["RERUN", "FAILED"], 1, "1 failed, 1 rerun", (1, 0)),
    "two subtests of one test": (["SUBFAILED(i=1)", "SUBFAILED(i=2)", "PASSED"], 0, "2 failed, 1 passed", (1, 0)),
}  # fmt: skip


@pytest.mark.parametrize("words, named, closing, counts", EACH.values(), ids=EACH)
def test_namesakes_in_terminal_output_are_counted_each(words, named, closing, counts):
    progress = "".join(f"a.py::t {word} [ 50%]\n" for word in words)
    lines = "FAILED a.py::t - boom\n" * named
    lines += "".join(
        f"SUBFAILED({word[10:-1]}) a.py::t - boom\n" for word in words if word.startswith("SUBFAILED")
    )
    text = f"=== test session starts ===\n{progress}=== short test summary info ===\n{lines}=== {closing} in 1.00s ===\n"
    run = merge([parse("t.txt", text.encode())], Context())
    assert (run.status, run.doubted) == ("failed", False)
    assert (run.totals.failed, run.totals.passed) == counts


def both(json_outcomes, *suites):
    return merge([entries(*json_outcomes), read(*suites)], Context())


def test_a_format_that_tells_namesakes_apart_covers_one_that_does_not():
    two = suite(
        f"<testcase classname='a' name='t[x::y]'/><testcase classname='a' name='t[x::y]'>{FAIL}</testcase>",
        "pytest",
    )
    green = suite("<testcase classname='a' name='t[x::y]'><skipped/></testcase>" * 2, "pytest")
    attempts = both(["failed"], two)
    assert [(c.outcome, len(c.attempts)) for c in attempts.cases] == [("failed", 2)]
    twice = suite(
        f"<testcase classname='a' name='t[x::y]'>{FAIL}</testcase><testcase classname='a' name='t[x::y]'/>",
        "pytest",
    )
    assert [c.outcome for c in both(["passed"], twice).cases] == ["failed", "passed"]
    assert [c.outcome for c in both(["failed"], twice).cases] == ["failed", "passed"]
    assert [c.outcome for c in both(["failed"], green).cases] == ["failed", "skipped", "skipped"]


def test_namesakes_prove_something_only_together():
    good = merge([read(suite(t() + t()))], Context())
    bad = merge([read(suite(t() + t(FAIL)))], Context())
    alone = merge([read(suite(t()))], Context())
    assert proves_gone(good, {"Cart.adds (namesake 1)"})
    assert not proves_gone(bad, {"Cart.adds (namesake 1)"})
    assert not proves_gone(alone, {"Cart.adds (namesake 1)"})
    assert not proves_gone(good, {"Cart.adds"})


def test_a_host_that_tells_namesakes_apart_is_their_project():
    suite = '<testsuite name="a" hostname="{}"><testcase classname="a" name="t"><failure message="m"/></testcase></testsuite>'
    data = f"<testsuites>{suite.format('chromium')}{suite.format('firefox')}</testsuites>"
    assert [(c.project, c.failures[0].project) for c in parse("j", data.encode()).cases] == [
        ("chromium", "chromium"),
        ("firefox", "firefox"),
    ]
