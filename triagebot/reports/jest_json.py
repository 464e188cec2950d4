"""JSON of Jest (`--json`) and of Vitest, which follows it: a result for each file, an assertion result for each test.

In: a `File`. Out: a `Report`. Neither names the project: files that ran in several stand there as often and are told apart
by number. Vitest calls what its worker never finished "pending", as Jest calls what was skipped.
Source: https://jestjs.io/docs/configuration#testresultsprocessor-string, @jest/test-result and Vitest's JSON reporter.
"""

import re
from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import count, items, mapping, moment, number, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, Phase, Report
from triagebot.reports.outcomes import meaning
from triagebot.reports.runner_cases import (
    AttemptResult,
    Error,
    case,
    in_checkout,
    raised,
    report,
    seconds,
    test_id,
)

NAME = "jest-json"

_KEYS = re.compile(r'"(?:numTotalTests|numFailedTestSuites|numTotalTestSuites|numPassedTests)"\s{0,20}:')
"""The counts that Jest begins with. Hit: `"numTotalTests": 5`. Miss: `"tests": 5`."""
_MOST_RETRIES = 20


def looks(head: str) -> bool:
    """Whether a text starts like Jest's JSON, whose counts come first."""
    return head.lstrip("\ufeff \t\r\n").startswith("{") and bool(_KEYS.search(head))


def read(file: File) -> Report:
    """The Report of Jest's or Vitest's JSON."""
    document = mapping(document_of(file))
    if not isinstance(document.get("testResults"), list):
        raise NoReport("JSON, but not Jest's: it has no testResults")
    cases = list(_cases(document))
    started = number(document.get("startTime"))
    return report(
        file,
        NAME,
        cases,
        started=moment(started / 1000 if started else None),
        complete=not document.get("wasInterrupted"),
        doubts=_doubts(document, cases),
    )


def _cases(document: dict[str, Any]) -> Iterator[Case]:
    jest = "openHandles" in document or "numRuntimeErrorTestSuites" in document or "snapshot" not in document
    for result in map(mapping, items(document["testResults"])):
        file = in_checkout(string(result.get("name")))
        told = [mapping(one) for one in items(result.get("assertionResults"))]
        if not told and meaning(string(result.get("status"))) == "red":
            yield _suite(file, string(result.get("message")))
        for one in told:
            yield _case(file, one, jest=jest)


def _suite(file: str, message: str) -> Case:
    """A file that could not be run: as a case of its name."""
    return case(file, [AttemptResult("error", (_error_of(message, "collect"),))])


def _case(file: str, told: dict[str, Any], *, jest: bool) -> Case:
    messages = [string(message) for message in items(told.get("failureMessages"))]
    title = string(told.get("title"))
    if not title and not told.get("fullName"):
        return _suite(file, "\n".join(messages))
    titles = [*map(string, items(told.get("ancestorTitles"))), title]
    status = string(told.get("status"))
    test = test_id(file, (" " if jest else " > ").join(filter(None, titles)))
    last = _last(status, messages, told, jest=jest)
    return case(test, [*_earlier(told, messages, last), last])


def _last(status: str, messages: list[str], told: dict[str, Any], *, jest: bool) -> AttemptResult:
    """The last attempt. A status that nobody knows is red: what is not known to be green proves nothing."""
    duration = seconds(told.get("duration"), 1000)
    if status == "pending" and not jest:
        return AttemptResult(
            "error", (Error("The test did not finish: its worker ended before it did"),), duration
        )
    means = meaning(status)
    if means in {"green", "skipped"}:
        return AttemptResult("passed" if means == "green" else "skipped", (), duration)
    errors = tuple(map(_error_of, dict.fromkeys(messages))) or (Error(f"status {status or 'missing'}"),)
    return AttemptResult("failed", errors, duration)


def _earlier(told: dict[str, Any], messages: list[str], last: AttemptResult) -> list[AttemptResult]:
    """Attempts that failed before: Jest counts them, Vitest leaves their messages on what passed."""
    if last.outcome == "passed" and messages:
        return [AttemptResult("failed", (_error_of(message),)) for message in messages]
    reasons = [string(reason) for reason in items(told.get("retryReasons"))]
    invocations = count(told.get("invocations")) or 1
    missing = min(invocations - 1, _MOST_RETRIES) - len(reasons)
    return [
        *(AttemptResult("failed", (_error_of(reason),)) for reason in reasons),
        *[AttemptResult("failed")] * max(missing, 0),
    ]


def _error_of(message: str, phase: Phase = "call") -> Error:
    """An error of one text, its message first. Of a file that did not run, Jest's heading is left out."""
    return raised("", message.removeprefix("  ● Test suite failed to run").strip("\n"), phase=phase)


def _doubts(document: dict[str, Any], cases: list[Case]) -> list[str]:
    """What the report counts or states and does not name."""
    red = sum(bool(one.failures) for one in cases)
    missing = (count(document.get("numFailedTests")) or 0) - red
    if missing > 0:
        return [f"failures that are counted but not named: {missing}"]
    if document.get("success") is False and not red and not _checks_more(document):
        return ["it says that the run failed, and names nothing that did: an error outside the tests"]
    return []


def _checks_more(document: dict[str, Any]) -> bool:
    """Whether no test was found, or snapshots were out of date, which fails a run beside its tests."""
    snapshot = mapping(document.get("snapshot"))
    return not count(document.get("numTotalTests")) or bool(snapshot.get("failure"))
