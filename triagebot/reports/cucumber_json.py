"""Cucumber's JSON of any implementation: features, scenarios, steps. It holds the last attempt only.

In: a `File`. Out: a `Report`. Undefined, pending and ambiguous steps fail a scenario; a background that stands alone belongs
to the scenario after it.
Source: https://github.com/cucumber/cucumber-json-schema
"""

import re
from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import items, mapping, number, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Attachment, Case, Phase, Report, Section
from triagebot.reports.runner_cases import AttemptResult, Error, case, head_of, in_checkout, report, test_id

NAME = "cucumber-json"

_KEYS = re.compile(r'"(?:elements|uri|keyword)"\s{0,9}:')
"""What a feature says first. Hit: `"uri": "features/pay.feature"`. Miss: `"url": "/pay"`."""
_STEPS = re.compile(r'"(?:steps|elements)"\s{0,9}:')
"""The lists in features and scenarios. Hit: `"steps": []`. Miss: `"step": 5`."""
_RED = {"failed", "undefined", "pending", "ambiguous", "unknown"}
_PHASES: dict[str, Phase] = {"Before": "setup", "After": "teardown"}
_WORDS = {
    "undefined": "Undefined step",
    "pending": "Pending step",
    "ambiguous": "Ambiguous step",
    "unknown": "Step of unknown status",
    "failed": "Failed step",
}


def looks(head: str) -> bool:
    """Whether a text starts like a list of features."""
    start = head.lstrip("\ufeff \t\r\n")
    return start.startswith("[") and bool(_KEYS.search(start[:4096])) and bool(_STEPS.search(head))


def read(file: File) -> Report:
    """The Report of Cucumber's JSON."""
    features = document_of(file)
    if not isinstance(features, list) or not all(
        isinstance(mapping(f).get("elements", []), list) for f in features
    ):
        raise NoReport("JSON, but not Cucumber's: it is no list of features")
    return report(file, NAME, [one for feature in features for one in _feature(mapping(feature))])


def _feature(feature: dict[str, Any]) -> Iterator[Case]:
    background: list[dict[str, Any]] = []
    for element in map(mapping, items(feature.get("elements"))):
        steps = list(_steps(element))
        if element.get("type") == "background":
            background = steps
            continue
        name = f"{string(feature.get('name'))}.{string(element.get('name'))}"
        test = test_id(in_checkout(string(feature.get("uri"))), name)
        yield case(test, [result_of_steps([*background, *steps])])
        background = []


def _steps(element: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Steps and hooks in the order in which they ran, hooks of steps among them."""
    for hook in items(element.get("before")):
        yield mapping(hook) | {"keyword": "Before"}
    for step in map(mapping, items(element.get("steps"))):
        yield from map(mapping, items(step.get("before")))
        yield step
        yield from map(mapping, items(step.get("after")))
    for hook in items(element.get("after")):
        yield mapping(hook) | {"keyword": "After"}


def result_of_steps(steps: list[dict[str, Any]]) -> AttemptResult:
    """One attempt by the results of its steps and hooks in order."""
    results = [mapping(step.get("result")) for step in steps]
    statuses = [string(result.get("status")).lower() for result in results]
    took = sum(number(result.get("duration")) or 0.0 for result in results) / 1e9
    red = [at for at, status in enumerate(statuses) if status in _RED]
    if not red:
        return AttemptResult("skipped" if "skipped" in statuses else "passed", (), took)
    trail = Section("steps", "\n".join(map(_line, steps, statuses)))
    kept = tuple(
        Attachment(
            string(mapping(one).get("name")) or _line(step, ""), "", string(mapping(one).get("mime_type"))
        )
        for step in steps
        for one in items(step.get("embeddings"))
    )
    errors = tuple(_error(steps[at], statuses[at], results[at]) for at in red)
    return AttemptResult("failed", errors, took, (trail,), kept)


def _line(step: dict[str, Any], status: str) -> str:
    said = f"{string(step.get('keyword')).strip()} {string(step.get('name'))}".strip()
    return f"{said}: {status}" if status else said


def _error(step: dict[str, Any], status: str, result: dict[str, Any]) -> Error:
    phase = _PHASES.get(string(step.get("keyword")).strip(), "call")
    text = string(result.get("error_message"))
    if text and status == "failed":
        return Error(head_of(text), text, phase)
    return Error(f"{_WORDS[status]}: {_line(step, '')}", text, phase)
