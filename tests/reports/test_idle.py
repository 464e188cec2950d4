"""Runs in which nothing was to run: they say so, file nothing, and are no proof."""

import json
from dataclasses import replace

import pytest

from triagebot.cli.output.json_text import run_as_json
from triagebot.cli.output.tables import headline
from triagebot.config import Config
from triagebot.groups import group
from triagebot.pages.document import counts
from triagebot.reports import Context, merge, parse

SKIP = {"outcome": "skipped", "longrepr": "('a.py', 3, 'Skipped')"}
SKIPPED = [{"nodeid": f"a.py::t{n}", "outcome": "skipped", "setup": SKIP} for n in range(2)]
STARTS = "=== test session starts ===\n"


def document(summary, *tests, exitcode=0):
    return json.dumps({"exitcode": exitcode, "summary": summary, "tests": list(tests)})


def run_of(*texts):
    return merge([parse(f"{n}", text.encode()) for n, text in enumerate(texts)], Context(run_id="r"))


ONLY = "only collected: 932 tests, none of them run"
AWAY = "everything was deselected: 8 of 8 tests"
IDLE = {
    "json, only collected": (document({"total": 0, "collected": 932}), ONLY),
    "json, only some collected": (document({"total": 0, "collected": 940, "deselected": 8}), ONLY),
    "json, all deselected": (document({"total": 0, "collected": 8, "deselected": 8}, exitcode=5), AWAY),
    "json, all deselected when only collecting": (document({"total": 0, "collected": 8, "deselected": 8}), AWAY),
    "json, all skipped": (document({"total": 2, "skipped": 2, "collected": 2}, *SKIPPED), "everything was skipped: 2 tests"),
    "terminal, only collected": (f"{STARTS}collected 932 items\n\n<Module a.py>\n  <Function t>\n\n=== 932 tests collected in 0.50s ===\n", ONLY),
    "terminal, only collected, quiet": ("a.py::t\n\n932 tests collected in 0.50s\n", ONLY),
    "terminal, only some collected": (f"{STARTS}collected 940 items / 8 deselected / 932 selected\n=== 932/940 tests collected (8 deselected) in 0.50s ===\n", ONLY),
    "terminal, only collected by an old pytest": (f"{STARTS}collected 932 items\n<Module a.py>\n\n=== no tests ran in 0.50s ===\n", ONLY),
    "terminal, all deselected": (f"{STARTS}collected 8 items / 8 deselected / 0 selected\n\n=== 8 deselected in 0.02s ===\n", AWAY),
    "terminal, all deselected with a warning": (f"{STARTS}collected 8 items / 8 deselected / 0 selected\n\n=== 8 deselected, 1 warning in 0.02s ===\n", AWAY),
    "terminal, all deselected when only collecting": (f"{STARTS}collected 8 items / 8 deselected / 0 selected\n\n=== no tests collected (8 deselected) in 0.02s ===\n", AWAY),
    "terminal, all skipped": (f"{STARTS}collected 2 items\na.py ss [100%]\n\n=== 2 skipped in 0.02s ===\n", "everything was skipped: 2 tests"),
    "junit, all skipped": ("<testsuite name='s'><testcase classname='a' name='t'><skipped/></testcase></testsuite>", "everything was skipped: 1 test"),
}  # fmt: skip


@pytest.mark.parametrize("text, why", IDLE.values(), ids=IDLE)
def test_a_run_in_which_nothing_was_to_run_says_so_and_files_nothing(text, why):
    run = run_of(text)
    assert (run.status, run.idle, run.doubted) == ("empty", why, False)
    assert group(run, Config()) == ()
    assert why in headline(run)
    assert why in counts(run)
    assert run_as_json(run)["idle"] == why


EMPTY = {
    "json": document({"total": 0, "collected": 0}, exitcode=5),
    "json, some deselected and none left": document(
        {"total": 0, "collected": 8, "deselected": 3}, exitcode=5
    ),
    "terminal": f"{STARTS}collected 0 items\n\n=== no tests ran in 0.01s ===\n",
    "terminal, only collecting": f"{STARTS}collected 0 items\n\n=== no tests collected in 0.01s ===\n",
    "junit": "<testsuites><testsuite name='pytest' tests='0'/></testsuites>",
}


@pytest.mark.parametrize("text", EMPTY.values(), ids=EMPTY)
def test_a_run_that_should_have_run_tests_and_found_none_has_an_issue(text):
    run = run_of(text)
    assert (run.status, run.idle) == ("empty", "")
    assert [g.signature.kind for g in group(run, Config())] == ["run.empty"]


def test_two_formats_of_one_leg_are_idle_together():
    run = run_of(IDLE["json, all deselected"][0], IDLE["terminal, all deselected"][0], EMPTY["junit"])
    assert (run.status, run.idle) == ("empty", AWAY)


def test_a_leg_that_is_silent_for_no_reason_is_not_covered_by_one_that_says_why():
    legs = [parse("a", IDLE["json, all deselected"][0].encode()), parse("b", EMPTY["json"].encode())]
    reports = [replace(report, leg=name) for report, name in zip(legs, "ab", strict=True)]
    run = merge(reports, Context())
    assert (run.status, run.idle) == ("empty", "")


def test_what_ran_elsewhere_decides():
    ran = document(
        {"total": 1, "passed": 1}, {"nodeid": "a.py::t", "outcome": "passed", "call": {"outcome": "passed"}}
    )
    run = run_of(IDLE["json, all deselected"][0], ran)
    assert (run.status, run.exit_code, run.idle, group(run, Config())) == ("passed", 0, "", ())


def test_red_that_was_only_collected_is_red():
    broken = f"{STARTS}collected 3 items / 1 error\n=== ERRORS ===\n___ ERROR collecting b.py ___\nE   ImportError: x\n"
    run = run_of(
        f"{broken}=== short test summary info ===\nERROR b.py\n=== 3 tests collected, 1 error in 0.10s ===\n"
    )
    assert (run.status, run.idle) == ("failed", "")
