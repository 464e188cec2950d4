"""Reports of one run in two formats count each test once, whatever each calls it."""

import pytest

from tests.reports.test_runners import READ, RUNNERS, TOLD
from triagebot.reports import Context, merge, parse
from triagebot.reports.model import Attempt, Case, Failure, Report
from triagebot.reports.test_names import join_id

PAIRS = [
    ("playwright", "report.json", "junit.xml"),
    ("playwright", "report.json", "ctrf.json"),
    ("playwright", "report.json", "terminal.txt"),
    ("playwright", "junit.xml", "terminal.txt"),
    ("playwright-browser", "report.json", "junit.xml"),
    ("playwright-browser", "junit.xml", "ctrf.json"),
    ("playwright-browser", "ctrf.json", "terminal.txt"),
    ("jest", "report.json", "ctrf.json"),
    ("jest", "report.json", "terminal.txt"),
    ("go", "report.json", "terminal.txt"),
    ("mocha", "report.json", "mochawesome.json"),
    ("mocha", "report.json", "xunit.xml"),
    ("cypress", "mochawesome.json", "junit.xml"),
    ("robot", "output.xml", "xunit.xml"),
    ("robot", "output.xml", "output.json"),
    ("node-test", "report.tap", "junit.xml"),
    ("pytest", "junit-eu.xml", "ctrf-eu.json"),
    ("pytest", "ctrf-eu.json", "terminal-eu.txt"),
]


def totals(*reports: Report) -> tuple[int, int, int]:
    told = merge(reports, Context()).totals
    return told.passed, told.failed + told.error, told.skipped + told.xfailed


@pytest.mark.parametrize(("tool", "one", "other"), PAIRS)
def test_two_formats_of_one_run_count_each_test_once(tool, one, other):
    assert {TOLD[tool]["reports"][name]["format"] for name in (one, other)} <= set(READ)
    first, second = (parse(name, (RUNNERS / tool / name).read_bytes()) for name in (one, other))
    alone = totals(first), totals(second)
    together = totals(first, second)
    assert together == tuple(map(max, *alone))
    assert together == totals(second, first)


def report(format: str, *tests: tuple[str, str]) -> Report:
    cases = []
    for test, project in tests:
        shown = f"{test} [{project}]" if project else test
        failure = Failure(shown, join_id(shown), "call", "no", "no", project=project)
        cases.append(Case(shown, join_id(shown), "failed", (Attempt("failed", (failure,)),), project=project))
    return Report(format, format, format, tuple(cases))


KINDS = [
    ("a folder in one of them", [("e2e/a.spec.ts::pays", "")], [("a.spec.ts::pays", "")], 1),
    ("a project in one of them", [("a.spec.ts::pays", "chromium")], [("a.spec.ts::pays", "")], 1),
    ("two projects, and one name without", [("a::pays", "x"), ("a::pays", "y")], [("a::pays", "")], 3),
    ("other projects", [("a::pays", "x")], [("a::pays", "y")], 2),
    ("two files of one test", [("x/a.js::pays", ""), ("y/a.js::pays", "")], [("a.js::pays", "")], 3),
    ("other separators", [("a.js::cart > pays", "")], [("a.js::cart pays", "")], 1),
    ("another end", [("a.js::pays", "")], [("a.js::pays late", "")], 2),
    ("two that claim one", [("x/a.js::pays", "")], [("a.js::pays", ""), ("pays", "")], 3),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "count"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_only_what_can_be_no_other_test_is_the_same(one, other, count):
    run = merge([report("playwright-json", *one), report("ctrf", *other)], Context())
    assert len(run.cases) == count
