"""CTRF, the Common Test Report Format: one list of tests, whatever runner they ran in.

In: a `File`. Out: a `Report`. Writers put the project of Playwright first in `suite`, and the file behind it.
Source: https://ctrf.io/docs/specification/overview and its JSON schema.
"""

import re
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import count, items, mapping, moment, number, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, CaseOutcome, Report, Section
from triagebot.reports.outcomes import meaning
from triagebot.reports.runner_cases import (
    AttemptResult,
    Error,
    attachment,
    case,
    in_checkout,
    raised,
    report,
    seconds,
    test_id,
)

NAME = "ctrf"

_KEYS = re.compile(
    r'\{\s{0,20}"results"\s{0,9}:\s{0,9}\{\s{0,20}"tool"\s{0,9}:|"reportFormat"\s{0,9}:\s{0,9}"CTRF"'
)
"""How CTRF's JSON begins, or its own name for itself.

Hit: `{"results": {"tool": {"name": "jest"}}}`
Hit: `"reportFormat": "CTRF"`
Miss: `{"results": {"tests": []}}`
"""
_MOST_RETRIES = 20
_ENDS: dict[str, CaseOutcome] = {
    "passed": "passed",
    "failed": "failed",
    "skipped": "skipped",
    "pending": "skipped",
}


def looks(head: str) -> bool:
    """Whether a text starts like CTRF."""
    start = head.lstrip("\ufeff \t\r\n")
    return start.startswith("{") and bool(_KEYS.search(start[:4096]))


def read(file: File) -> Report:
    """The Report of a CTRF file."""
    results = mapping(mapping(document_of(file)).get("results"))
    if not isinstance(results.get("tests"), list):
        raise NoReport("JSON, but not CTRF: it has no results with tests")
    summary = mapping(results.get("summary"))
    between = " › " if string(mapping(results.get("tool")).get("name")) == "playwright" else " > "
    cases = [_case(mapping(told), between) for told in results["tests"]]
    start, stop = number(summary.get("start")), number(summary.get("stop"))
    missing = (count(summary.get("failed")) or 0) - sum(bool(one.failures) for one in cases)
    return report(
        file,
        NAME,
        cases,
        started=moment(start / 1000) if start else None,
        duration_s=(stop - start) / 1000 if start and stop and stop >= start else None,
        doubts=[f"failures that are counted but not named: {missing}"] if missing > 0 else [],
    )


def _case(told: dict[str, Any], between: str) -> Case:
    test, project = _named(told, between)
    last = _attempt(told)
    earlier = [_attempt(mapping(attempt)) for attempt in items(told.get("retryAttempts"))]
    unknown = min(count(told.get("retries")) or 0, _MOST_RETRIES) - len(earlier)
    again = (
        [AttemptResult("failed")] * max(unknown, 0) if told.get("flaky") or last.outcome == "failed" else []
    )
    return case(test, [*again, *earlier, last], project)


def _named(told: dict[str, Any], between: str) -> tuple[str, str]:
    """A test's id, and the project that ran it."""
    name, path = string(told.get("name")), in_checkout(string(told.get("filePath")))
    project = string(told.get("browser"))
    if "::" in name:
        return name, project
    suite = told.get("suite")
    parts = list(map(string, suite)) if isinstance(suite, list) else string(suite).split(" > ")
    parts = [part for part in parts if part]
    at = next((at for at, part in enumerate(parts) if path and _same_file(path, part)), None)
    if at is not None:
        path, project, parts = parts[at], " > ".join(parts[:at]) or project, parts[at + 1 :]
    titles = [] if parts and name.startswith(" ".join(parts)) else parts
    return test_id(path, between.join([*titles, name])), project


def _same_file(path: str, part: str) -> bool:
    """Whether a part of a suite's name is the test's file, told from another folder."""
    slashed = part.replace("\\", "/")
    return path == slashed or path.endswith(f"/{slashed}") or slashed.endswith(f"/{path}")


def _attempt(told: dict[str, Any]) -> AttemptResult:
    status = string(told.get("status"))
    outcome = _ENDS.get(status) or _other(string(told.get("rawStatus")))
    return AttemptResult(
        outcome,
        (_error(told),) if outcome == "failed" else (),
        seconds(told.get("duration"), 1000),
        tuple(Section(name, "\n".join(map(string, items(told.get(name))))) for name in ("stdout", "stderr")),
        tuple(attachment(mapping(kept)) for kept in items(told.get("attachments"))),
    )


def _other(raw: str) -> CaseOutcome:
    """What "other" means by the runner's own word; red where that is unknown, for it may be."""
    means = meaning(raw)
    return "passed" if means == "green" else "skipped" if means == "skipped" else "failed"


def _error(told: dict[str, Any]) -> Error:
    return raised(string(told.get("message")), string(told.get("trace")), string(told.get("snippet")))
