"""Playwright's JSON report: suites in suites, specs with a test for each project, a result for each attempt.

In: a `File`. Out: a `Report`. A test that ends as was expected of it passes, whatever its attempts' own status says; errors
outside any test (a config, a file that cannot be loaded) are a case of their file. Shards are files of one run.
Source: https://playwright.dev/docs/test-reporters#json-reporter and its `JSONReport` type.
"""

import re
from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import count, items, mapping, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import RED, Case, CaseOutcome, Phase, Report, Section
from triagebot.reports.runner_cases import (
    AttemptResult,
    Error,
    attachment,
    case,
    in_checkout,
    instant,
    raised,
    report,
    seconds,
    test_id,
)

NAME = "playwright-json"

_CONFIG = re.compile(r'"(?:rootDir|configFile|forbidOnly|fullyParallel)"\s{0,20}:')
"""A setting that Playwright's report shows. Hit: `"rootDir": "/srv/shop"`. Miss: `"root": "/srv/shop"`."""
_SUITES = re.compile(r'"(?:projectName|workerIndex|expectedStatus|specs|reporter|projects)"\s{0,20}:')
"""A key of its suites and projects. Hit: `"projectName": "chromium"`. Miss: `"project": "chromium"`."""
_LIMIT = re.compile(r"(?:\x1b\[\d{1,3}m){0,4}Test timeout of \d{1,9}ms exceeded")
"""The error of a test that took too long, with the colours that Playwright writes.

Hit: `Test timeout of 30000ms exceeded.`
Hit: `\x1b[31mTest timeout of 30000ms exceeded.`
Miss: `Timeout 5000ms exceeded.`
"""
_RED = {"failed", "timedOut", "interrupted"}


def looks(head: str) -> bool:
    """Whether a text starts like Playwright's JSON, whose config comes first."""
    start = head.lstrip("\ufeff \t\r\n")
    return start.startswith("{") and bool(_CONFIG.search(head)) and bool(_SUITES.search(head))


def read(file: File) -> Report:
    """The Report of a JSON report."""
    document = mapping(document_of(file))
    if not isinstance(document.get("suites"), list):
        raise NoReport("JSON, but not Playwright's: it has no suites")
    stats = mapping(document.get("stats"))
    tests = list(_tests(document))
    cases = [*(_case(test, told) for test, told in tests), *_run_errors(document)]
    return report(
        file,
        NAME,
        cases,
        started=instant(stats.get("startTime")),
        duration_s=seconds(stats.get("duration"), 1000),
        complete=_ran_to_its_end([told for _, told in tests]),
        doubts=_doubts(stats, cases),
    )


def _tests(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tests of all suites with their ids, outer suites first; a spec has a test for each project."""
    waiting: list[tuple[dict[str, Any], tuple[str, ...]]] = [({"suites": document["suites"]}, ())]
    while waiting:
        suite, around = waiting.pop()
        for spec in map(mapping, items(suite.get("specs"))):
            titles = " › ".join(title for title in (*around[1:], string(spec.get("title"))) if title)
            test = test_id(in_checkout(string(spec.get("file"))), titles)
            yield from ((test, mapping(told)) for told in items(spec.get("tests")))
        inner = map(mapping, reversed(items(suite.get("suites"))))
        waiting += [(suite, (*around, string(suite.get("title")))) for suite in inner]


def _case(test: str, told: dict[str, Any]) -> Case:
    return case(test, _attempts(told), string(told.get("projectName")))


def _attempts(test: dict[str, Any]) -> list[AttemptResult]:
    """The attempts of a test. One without any was never run: skipped, or behind what stopped the run."""
    results = [mapping(result) for result in items(test.get("results"))]
    told = [_attempt(result, test) for result in results] or [AttemptResult("skipped")]
    if test.get("status") == "unexpected" and told[-1].outcome not in RED:
        told[-1] = AttemptResult("failed", (Error(_against(test)),), told[-1].duration_s)
    return told


def _attempt(result: dict[str, Any], test: dict[str, Any]) -> AttemptResult:
    outcome = _outcome(string(result.get("status")), string(test.get("expectedStatus")))
    if outcome != "failed":
        return AttemptResult(
            outcome, (), seconds(result.get("duration"), 1000)
        )  # nobody asks what a green test printed
    return AttemptResult(
        outcome,
        _one_timeout([_error(mapping(error)) for error in _errors(result)]),
        seconds(result.get("duration"), 1000),
        (
            Section("stdout", _output(result.get("stdout"))),
            Section("stderr", _output(result.get("stderr"))),
        ),
        tuple(attachment(mapping(kept)) for kept in items(result.get("attachments"))),
    )


def _outcome(status: str, expected: str) -> CaseOutcome:
    if status == "skipped":
        return "skipped"
    if status in _RED:
        return "xfailed" if status == expected == "failed" else "failed"
    return "failed" if expected not in {"", "passed", "skipped"} else "passed"


def _against(test: dict[str, Any]) -> str:
    """What a test says that passed and was to fail."""
    return f"Expected to be {string(test.get('expectedStatus')) or 'passed'}, but it was not"


def _errors(result: dict[str, Any]) -> list[Any]:
    """The errors of an attempt; the first has its stack beside it only."""
    first, errors = mapping(result.get("error")), items(result.get("errors"))
    return [first, *errors[1:]] if first else errors


def _one_timeout(errors: list[Error]) -> tuple[Error, ...]:
    """The errors, with the test's time limit put in front of the call that it ended: Playwright tells them apart."""
    if len(errors) < 2 or not _LIMIT.match(errors[0].message):
        return tuple(errors)
    limit, ended, *rest = errors
    return (Error(f"{limit.message}\n{ended.message}", f"{limit.message}\n{ended.text}", ended.phase), *rest)


def _error(error: dict[str, Any], phase: Phase = "call") -> Error:
    """An error as it was raised: message, code around it, stack, cause."""
    causes, cause = list[str](), mapping(error.get("cause"))
    while cause and len(causes) < 10:
        causes.append(f"[cause]: {string(cause.get('stack')) or string(cause.get('message'))}")
        cause = mapping(cause.get("cause"))
    message = string(error.get("message")) or string(error.get("value"))
    return raised(message, string(error.get("stack")), string(error.get("snippet")), "\n".join(causes), phase)


def _output(said: Any) -> str:
    """What was printed, piece by piece as text or base64 (which says nothing to a reader)."""
    return "".join(string(mapping(piece).get("text")) for piece in items(said))


def _run_errors(document: dict[str, Any]) -> Iterator[Case]:
    """Errors that belong to no test, each a case of its file."""
    for error in map(mapping, items(document.get("errors"))):
        place = in_checkout(string(mapping(error.get("location")).get("file")))
        yield case(place or "playwright", [AttemptResult("error", (_error(error, "collect"),))])


def _ran_to_its_end(tests: list[dict[str, Any]]) -> bool:
    """Whether no test was stopped, or kept from running by what stopped the run (`--max-failures`, a global timeout)."""
    results = [[mapping(result).get("status") for result in items(test.get("results"))] for test in tests]
    return all(said and "interrupted" not in said for said in results)


def _doubts(stats: dict[str, Any], cases: list[Case]) -> list[str]:
    """What the report counts and does not name."""
    red = sum(bool(one.failures) for one in cases)
    missing = (count(stats.get("unexpected")) or 0) - red
    return [f"failures that are counted but not named: {missing}"] if missing > 0 else []
