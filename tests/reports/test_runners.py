"""What real runners wrote is read as its truth says (tests/data/runners/*/expected.json)."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from triagebot.reports import Context, merge, parse, sniff
from triagebot.reports.model import Case, Report
from triagebot.reports.runner_cases import in_checkout

RUNNERS = Path(__file__).parent.parent / "data" / "runners"
READ = {
    "junit": "junit-xml",
    "playwright-json": "playwright-json",
    "jest-json": "jest-json",
    "vitest-json": "jest-json",
    "mocha-json": "mocha-json",
    "pytest-terminal": "pytest-terminal",
    "mochawesome": "mochawesome",
    "ctrf": "ctrf",
    "go-json": "go-json",
    "allure": "allure",
    "cucumber-json": "cucumber-json",
    "cucumber-messages": "cucumber-messages",
    "newman-json": "newman-json",
    "dart-json": "dart-json",
    "tap13": "tap",
    "tap14": "tap",
    "rspec-json": "rspec-json",
    "robot-xml": "robot-xml",
    "robot-json": "robot-json",
    "trx": "trx",
    "nunit3": "nunit",
    "xunit-net": "xunit-net",
    "go-terminal": "go-terminal",
    "jest-terminal": "jest-terminal",
    "maven-terminal": "maven-terminal",
    "vitest-terminal": "vitest-terminal",
    "playwright-terminal": "playwright-terminal",
}
"""Formats of `expected.json` that are read, and by which of ours."""
TOLD = {tool.name: json.loads((tool / "expected.json").read_text()) for tool in sorted(RUNNERS.iterdir()) if tool.is_dir()}  # fmt: skip
REPORTS = [
    pytest.param(tool, name, id=f"{tool}/{name}")
    for tool, told in TOLD.items()
    for name, report in told["reports"].items()
    if report["format"].removeprefix("github-log, ").removeprefix("gh-run-view, ") in READ
]


@cache
def read(tool: str, name: str) -> Report:
    path = RUNNERS / tool / name
    if path.is_file():
        return parse(name, path.read_bytes())
    files = [
        parse(file.name, file.read_bytes()) for file in sorted(path.iterdir()) if sniff(file.read_bytes())
    ]
    return replace(files[0], cases=merge(files, Context()).cases)


def outcome(case: Case) -> str:
    """The outcome in the words of `expected.json`."""
    flaky = case.outcome == "passed" and any(a.outcome in {"failed", "error"} for a in case.attempts[:-1])
    return "flaky" if flaky else {"xfailed": "skipped", "xpassed": "passed"}.get(case.outcome, case.outcome)


def counts(report: Report, case: Case) -> bool:
    """Whether a case is in the totals, and not what went wrong beside the tests: a virtual machine, a clean-up."""
    beside = {"maven-terminal": "collect", "trx": "collect", "xunit-net": "teardown"}
    return all(f.phase != beside.get(report.format) for f in case.failures)


def comparable(tool: str, totals: Counter) -> dict[str, int]:
    """Totals, of pytest's only what agrees: from its own reports more reruns are known, and phases are divided otherwise."""
    if tool == "pytest":
        red, green = totals["failed"] + totals["error"], totals["passed"] + totals["flaky"]
        return {"red": red, "green": green, "skipped": totals["skipped"]}
    return {kind: totals[kind] for kind in ("passed", "failed", "error", "skipped", "flaky")}


def entries(tool: str, name: str, kind: str) -> list[dict]:
    """What is expected of one kind in one report."""
    return [entry for entry in TOLD[tool][kind] if name in entry.get("reports", [name])]


def named(report: Report, entry: dict) -> list[Case]:
    """The cases that an entry may mean; a suite that a report never names tells none apart."""
    suite = entry.get("suite", "").removeprefix("Robot.")  # one file alone has no suite around it
    return [
        case
        for case in report.cases
        if (
            in_checkout(entry["name"]) in case.test
            or (entry["name"] == "Test suite failed to run" and entry["file"] in case.test)
        )
        and (suite in case.test or not any(suite in other.test for other in report.cases))
        and entry.get("project", "") in (case.project or entry.get("project", ""))
    ]


def said(case: Case) -> str:
    """All that a case says of its failed attempts."""
    return "\n".join(f"{f.message}\n{f.text}" for attempt in case.attempts for f in attempt.failures)


@pytest.mark.parametrize(("tool", "name"), REPORTS)
def test_a_report_is_recognised_and_its_totals_are_those_of_its_run(tool, name):
    told = TOLD[tool]["reports"][name]
    report = read(tool, name)
    assert report.format == READ[told["format"].rpartition(", ")[2]]
    counted = Counter(outcome(case) for case in report.cases if counts(report, case))
    for end, number in report.unnamed.items():
        counted["skipped" if end == "xfailed" else end] += number
    assert comparable(tool, counted) == comparable(tool, Counter(told["totals"]))
    assert (merge([report], Context()).status == "failed") == bool(counted["failed"] + counted["error"])


@pytest.mark.parametrize(("tool", "name"), REPORTS)
def test_each_failure_says_what_went_wrong_where_it_is_expected(tool, name):
    report = read(tool, name)
    missing = [
        (entry["name"], entry.get("project"), error)
        for entry in entries(tool, name, "failures")
        for error in [entry.get("errors", {}).get(name, entry.get("error", ""))]
        if not any(case.failures and error in said(case) for case in named(report, entry))
    ]
    assert missing == []


@pytest.mark.parametrize(("tool", "name"), REPORTS)
def test_each_failure_says_it_in_its_message(tool, name):
    report = read(tool, name)
    if report.format in {"pytest-terminal", "junit-xml"}:
        return  # what some say is all text, and the signature's to read
    silent = [case.test for case in report.cases for f in case.failures if f.text and not f.message]
    assert silent == []


@pytest.mark.parametrize(("tool", "name"), REPORTS)
def test_flaky_and_skipped_cases_are_those_that_are_expected(tool, name):
    report = read(tool, name)
    for kind in ("flaky", "skipped"):
        for entry in entries(tool, name, kind):
            assert kind in map(outcome, named(report, entry)), (kind, entry)
    assert all(len(case.attempts) > 1 for case in report.cases if outcome(case) == "flaky")


@pytest.mark.parametrize(("tool", "name"), REPORTS)
def test_no_two_cases_share_an_id_and_projects_are_part_of_it(tool, name):
    report = read(tool, name)
    assert len({case.join for case in report.cases}) == len(report.cases)
    assert all(f"[{case.project}]" in case.join for case in report.cases if case.project)
    assert all(f.project == case.project for case in report.cases for f in case.failures)


UNTIMED = {"k6", "pytest-terminal", "jest-terminal", "network.json"}
"""Runners, formats and a file (of requests without an answer) that tell no times of cases; others leave them out of cases that did not run, or whose rerun is meant."""
ELSEWHERE_TIMED = {
    "pytest": "its CTRF has the time of all phases",
    "ctest": "its own time is that of the program",
    "maven": "its XML has the time of the first attempt",
}


@pytest.mark.parametrize(("tool", "name"), REPORTS)
def test_cases_have_their_durations(tool, name):
    report = read(tool, name)
    ran = [
        case
        for case in report.cases
        if case.outcome != "skipped" and all(f.phase == "call" for f in case.failures)
    ]
    timed = [case for case in ran if any(attempt.duration_s is not None for attempt in case.attempts)]
    assert bool({tool, name, report.format} & UNTIMED) == (not timed and bool(ran))
    assert all(
        0 <= attempt.duration_s < 3_600
        for case in timed
        for attempt in case.attempts
        if attempt.duration_s is not None
    )


@pytest.mark.parametrize("tool", sorted({p.values[0] for p in REPORTS if p.values[0] not in ELSEWHERE_TIMED}))
def test_the_reports_of_a_run_agree_in_the_durations_and_attempts_of_red_cases(tool):
    for entry in TOLD[tool].get("failures", ()):
        told = [
            (case.duration_s, len(case.attempts))
            for name in (p.values[1] for p in REPORTS if p.values[0] == tool and "rerun" not in p.values[1])
            if name in entry.get("reports", [name])
            for case in [one for one in named(read(tool, name), entry) if one.failures][:1]
        ]
        times = [seconds for seconds, _attempts in told if seconds is not None]
        assert not times or max(times) - min(times) <= 0.06, entry["name"]
        assert (
            len({attempts for _seconds, attempts in told}) <= 1 or tool == "go"
        )  # only gotestsum's JUnit was rerun


@pytest.mark.parametrize(("tool", "name"), [p for p in REPORTS if "run_error" in TOLD[p.values[0]]])
def test_what_went_wrong_beside_the_tests_is_told(tool, name):
    report = read(tool, name)
    beside = [case for case in report.cases if not counts(report, case)]
    assert [f.message for case in beside for f in case.failures] == [TOLD[tool]["run_error"]]
