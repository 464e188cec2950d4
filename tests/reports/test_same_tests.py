"""Reports of one run in two formats count each test once, whatever each calls it."""

import re
from itertools import combinations

import pytest

from tests.reports.test_runners import REPORTS, TOLD, read
from triagebot.reports import Context, merge
from triagebot.reports.model import Attempt, Case, Failure, Report
from triagebot.reports.test_names import join_id

APART = {
    "bazel": "a file for each target",
    "ctest": "three programs",
    "github-actions": "a log for each job",
    "karate": "a file for each feature",
    "pytest": "runs of two regions, in a container and with a crash",
}
"""Tools of whose reports no two are of one run, but for those that are named in `ALSO`."""
ALSO = [("pytest", "junit-eu.xml", "ctrf-eu.json"), ("pytest", "ctrf-eu.json", "terminal-eu.txt")]
OTHERS = re.compile(r"rerun|broken|network|minitest|accounts\.ndjson|TEST-")
"""Files of a run of their own, or of a part of the run."""
UNLIKE = {
    ("go", "junit.xml", "terminal.txt"): "gotestsum ran what failed once more",
    ("vitest", "report.json", "terminal.txt"): "what is printed of a crash names no test",
    ("vitest", "junit.xml", "terminal.txt"): "what is printed of a crash names no test",
}
PAIRS = [
    *ALSO,
    ("newman", "network.json", "network.xml"),
    ("ruby", "broken.json", "broken.xml"),
    *(
        (tool, one, other)
        for tool in TOLD
        if tool not in APART
        for one, other in combinations(
            sorted(p.values[1] for p in REPORTS if p.values[0] == tool and not OTHERS.search(p.values[1])), 2
        )
        if (tool, one, other) not in UNLIKE
    ),
]


def totals(*reports: Report) -> tuple[int, int, int]:
    told = merge(reports, Context()).totals
    return told.passed, told.failed + told.error, told.skipped + told.xfailed


@pytest.mark.parametrize(("tool", "one", "other"), PAIRS)
def test_two_formats_of_one_run_count_each_test_once(tool, one, other):
    first, second = read(tool, one), read(tool, other)
    alone = totals(first), totals(second)
    together = totals(first, second)
    assert sum(together) == max(map(sum, alone))
    assert together[1] == max(red for _green, red, _skipped in alone)
    assert together == totals(second, first)


@pytest.mark.parametrize("tool", sorted({tool for tool, _one, _other in PAIRS if tool not in APART}))
def test_all_reports_of_a_run_together_count_each_test_once(tool):
    names = {name for other, *pair in PAIRS for name in pair if other == tool and not OTHERS.search(name)}
    beside = {name for other, *pair in UNLIKE for name in pair if other == tool and name == "terminal.txt"}
    reports = [read(tool, name) for name in sorted(names - beside)]
    assert sum(totals(*reports)) == max(sum(totals(one)) for one in reports)


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
    ("two projects, and one name without", [("a::pays", "x"), ("a::pays", "y")], [("a::pays", "")], 2),
    ("two projects, and their names without", [("a::pays", "x"), ("a::pays", "y")], [("a::pays (namesake 1)", ""), ("a::pays (namesake 2)", "")], 2),
    ("one project, and two names without", [("a::pays", "x")], [("a::pays (namesake 1)", ""), ("a::pays (namesake 2)", "")], 3),
    ("two files, and their tests without", [("x/a.js::pays", ""), ("y/a.js::pays", "")], [("a.js::pays (namesake 1)", ""), ("a.js::pays (namesake 2)", "")], 2),
    ("rows of an outline by number", [("f.feature::Cart.pays (namesake 1)", ""), ("f.feature::Cart.pays (namesake 2)", "")], [("Cart.pays - #1.1", ""), ("Cart.pays - #1.2", "")], 2),
    ("rows of an outline by name", [("f.feature::Cart.pays 1", ""), ("f.feature::Cart.pays 2", "")], [("Cart.pays <n> - dear - Example #1.1: pays 1", ""), ("Cart.pays <n> - dear - Example #1.2: pays 2", "")], 2),
    ("one as it is, and one in a folder", [("a.js::pays", "")], [("a.js::pays", ""), ("x/a.js::pays", "")], 2),
    ("folders", [("shop::cart / pays::answers 200", "")], [("cart / pays::answers 200", "")], 1),
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
