"""One result of Allure 2: a folder of results has a file for each attempt of each test.

In: a `File`. Out: a `Report` of one case. Files of one test are attempts by their clocks (`merging`). What fixtures did stands in
containers, which are not read: a test that a fixture broke is broken itself.
Source: https://allurereport.org/docs/how-it-works-test-result-file/
"""

import re
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import items, mapping, moment, number, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Attachment, CaseOutcome, Report
from triagebot.reports.runner_cases import AttemptResult, case, in_checkout, raised, report, test_id
from triagebot.reports.test_names import pytest_node_id

NAME = "allure"

_KEYS = re.compile(r'"(?:historyId|testCaseId|fullName|testCaseName)"\s{0,9}:')
"""What names the test in a result of Allure's.

Hit: `"fullName": "tests.test_a#test_pay"`
Miss: `"name": "test_pay"`
"""
_STATUS = re.compile(r'"(?:status|stage|uuid|labels)"\s{0,9}:')
"""What a result says besides. Hit: `"status": "failed"`. Miss: `"state": "failed"`."""
_ENDS: dict[str, CaseOutcome] = {
    "passed": "passed",
    "failed": "failed",
    "broken": "error",
    "skipped": "skipped",
}
_PROJECTS = {"project", "browser"}


def looks(head: str) -> bool:
    """Whether a text starts like a result of Allure."""
    start = head.lstrip("\ufeff \t\r\n")
    return (
        start.startswith("{") and bool(_KEYS.search(head)) and bool(_STATUS.search(head)) and '"uuid"' in head
    )


def read(file: File) -> Report:
    """The Report of one result."""
    result = mapping(document_of(file))
    if "name" not in result or "uuid" not in result:
        raise NoReport("JSON, but no result of Allure: it has no name")
    start, stop = number(result.get("start")), number(result.get("stop"))
    took = (stop - start) / 1000 if start and stop and stop >= start else None
    test, project = _named(result)
    return report(
        file,
        NAME,
        [case(test, [_result(result, took)], project)],
        started=moment(start / 1000) if start else None,
        duration_s=took,
        complete=string(result.get("stage")) not in {"running", "pending", "scheduled"},
    )


def _named(result: dict[str, Any]) -> tuple[str, str]:
    """A test's id, and who ran it: a parameter of that name, as Playwright's writer has it."""
    name, full = string(result.get("name")), string(result.get("fullName"))
    labels = {
        string(mapping(label).get("name")): string(mapping(label).get("value"))
        for label in items(result.get("labels"))
    }
    parameters = [mapping(one) for one in items(result.get("parameters")) if not mapping(one).get("excluded")]
    project = next(
        (string(p.get("value")) for p in parameters if string(p.get("name")).lower() in _PROJECTS), ""
    )
    if labels.get("framework") == "pytest":
        return pytest_node_id(full.partition("#")[0], name, ""), project
    values = [string(p.get("value")) for p in parameters if string(p.get("name")).lower() not in _PROJECTS]
    shown = f"{name} [{', '.join(values)}]" if values and not all(value in name for value in values) else name
    suites = [labels[key] for key in ("parentSuite", "suite", "subSuite") if labels.get(key)]
    home = in_checkout(full.partition("#")[0].partition(":")[0]) if "#" in full or ":" in full else ""
    if not home and full:
        return (full if full.endswith(shown) else f"{full.removesuffix(f'.{name}')}::{shown}"), project
    inner = [suite for suite in suites if suite != project and not home.endswith(suite)]
    return test_id(home, " > ".join([*inner, shown])), project


def _result(result: dict[str, Any], took: float | None) -> AttemptResult:
    """The attempt. A status that nobody knows is an error: the test did not end."""
    status = string(result.get("status"))
    details = mapping(result.get("statusDetails"))
    message, trace = string(details.get("message")), string(details.get("trace"))
    if status == "skipped" and message.startswith("XFAIL"):
        return AttemptResult("xfailed", (), took)
    outcome = _ENDS.get(status, "error")
    known = message or ("" if status in _ENDS else f"status {status or 'missing'}: the test did not end")
    kept = tuple(
        Attachment(string(one.get("name")), string(one.get("source")), string(one.get("type")))
        for one in _attachments(result)
    )
    return AttemptResult(outcome, (raised(known, trace),), took, (), kept)


def _attachments(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The attachments of a test and of its steps, at most a hundred."""
    found: list[dict[str, Any]] = []
    waiting = [result]
    while waiting and len(found) < 100:
        held = waiting.pop()
        found += [mapping(one) for one in items(held.get("attachments"))]
        waiting += [mapping(step) for step in items(held.get("steps"))]
    return found
