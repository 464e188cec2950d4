"""Mocha's JSON reporter: passes, failures and pending tests in three lists; a hook that failed stands among the failures.

In: a `File`. Out: a `Report`. Tests behind a failed hook are in no list: such a run is not complete.
Source: https://mochajs.org/#json
"""

import re
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import count, items, mapping, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, CaseOutcome, Phase, Report
from triagebot.reports.runner_cases import (
    AttemptResult,
    Error,
    case,
    in_checkout,
    instant,
    raised,
    report,
    seconds,
    test_id,
)

NAME = "mocha-json"

_KEYS = re.compile(
    r'\{\s{0,20}"stats"\s{0,9}:\s{0,9}\{[^}]{0,2000}\}\s{0,9},\s{0,20}"(?:tests|failures|passes)"\s{0,9}:'
)
"""How Mocha's JSON begins: its stats, then a list of tests.

Hit: `{"stats": {"suites": 1}, "tests": []}`
Miss: `{"stats": {"suites": 1}, "results": []}`
"""
_HOOK = re.compile(r'"(before|after) (?:all|each)" hook')
"""A hook that a title names in place of a test.

Hit: `"before each" hook for "pays"`
Miss: `before each test`
"""
_LISTS: dict[str, CaseOutcome] = {"passes": "passed", "failures": "failed", "pending": "skipped"}
_MOST_RETRIES = 20


def looks(head: str) -> bool:
    """Whether a text starts like Mocha's JSON, whose stats come first."""
    return bool(_KEYS.match(head.lstrip("\ufeff \t\r\n")))


def read(file: File) -> Report:
    """The Report of Mocha's JSON."""
    document = mapping(document_of(file))
    stats = mapping(document.get("stats"))
    if not any(isinstance(document.get(name), list) for name in _LISTS):
        raise NoReport("JSON, but not Mocha's: it has no passes and no failures")
    cases = [
        _case(mapping(told), outcome)
        for name, outcome in _LISTS.items()
        for told in items(document.get(name))
    ]
    missing = (count(stats.get("failures")) or 0) - sum(bool(one.failures) for one in cases)
    return report(
        file,
        NAME,
        cases,
        started=instant(stats.get("start")),
        duration_s=seconds(stats.get("duration"), 1000),
        complete=all(f.phase == "call" for one in cases for f in one.failures),
        doubts=[f"failures that are counted but not named: {missing}"] if missing > 0 else [],
    )


def _case(told: dict[str, Any], outcome: CaseOutcome) -> Case:
    title = string(told.get("fullTitle")) or string(told.get("title"))
    test = test_id(in_checkout(string(told.get("file"))), title)
    errors = (error_of(mapping(told.get("err")), phase_of(title)),) if outcome == "failed" else ()
    last = AttemptResult(outcome, errors, seconds(told.get("duration"), 1000))
    return case(
        test, [*[AttemptResult("failed")] * min(count(told.get("currentRetry")) or 0, _MOST_RETRIES), last]
    )


def phase_of(title: str) -> Phase:
    """The phase that a title speaks of: that of a hook is before or behind its tests."""
    hook = _HOOK.search(title)
    return "call" if not hook else "setup" if hook[1] == "before" else "teardown"


def error_of(err: dict[str, Any], phase: Phase) -> Error:
    """An error as Mocha writes it down, with what was compared."""
    said = raised(
        string(err.get("message")), string(err.get("stack")) or string(err.get("estack")), phase=phase
    )
    compared = string(err.get("diff")) or _compared(err)
    return Error(said.message, f"{said.text}\n{compared}", phase) if compared else said


def _compared(err: dict[str, Any]) -> str:
    if "actual" not in err or "expected" not in err:
        return ""
    return f"expected: {string(err['expected'])[:2000]}\nactual: {string(err['actual'])[:2000]}"
