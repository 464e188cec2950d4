"""Cucumber's messages: one envelope a line, of documents, pickles, test cases, attempts and steps.

In: a `File`. Out: a `Report`. It holds every attempt, which Cucumber's JSON does not. Steps are told as that format tells
them, so that one reader judges both. A test case that never ended is one that was running when the run was stopped.
Source: https://github.com/cucumber/messages
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from triagebot.reports.cucumber_json import result_of_steps
from triagebot.reports.decoding import File
from triagebot.reports.json_values import items, mapping, number, string
from triagebot.reports.limits import Exceeded, NoReport
from triagebot.reports.model import Case, Report
from triagebot.reports.runner_cases import AttemptResult, Error, case, in_checkout, report, test_id

NAME = "cucumber-messages"

_ENVELOPE = re.compile(
    r'^\{"(?:meta":\{[^\n]{0,400}"protocolVersion"|gherkinDocument":\{|testCaseStarted":\{|pickle":\{'
    r'|testRunStarted":\{)',
    re.MULTILINE,
)
"""An envelope, each in a line of its own, by what only Cucumber puts into one.

Hit: `{"meta":{"protocolVersion":"24.0.0"}}`
Hit: `{"pickle":{"id":"5"}}`
Miss: `{"meta":{"version":"24.0.0"}}`
"""
_LINE = re.compile(r"[^\n]+")
"""One line that is not empty. Hit: `{}`. Miss: `\n`."""
_KEYWORDS = {"Context": "Given", "Action": "When", "Outcome": "Then"}
_HOOKS = {"BEFORE_TEST_CASE": "Before", "AFTER_TEST_CASE": "After"}


def looks(head: str) -> bool:
    """Whether a text has an envelope of Cucumber's in a line."""
    return bool(_ENVELOPE.search(head))


def read(file: File) -> Report:
    """The Report of a stream of messages, read line by line."""
    run = _Run(file.limits.cases)
    for line in _LINE.finditer(file.text):
        run.take(line[0])
    if not run.messages:
        raise NoReport("no report: it has no messages of Cucumber's")
    cases = list(run.cases())
    return report(
        file,
        NAME,
        cases,
        started=run.started,
        duration_s=(run.ended - run.started).total_seconds() if run.started and run.ended else None,
        complete=run.ended is not None and not run.cut,
        problems=["cut off: its last line is no whole message"] if run.cut else [],
    )


@dataclass(slots=True)
class _Attempt:
    """One attempt: its test case, the results of its steps, what was attached to them, whether it ended."""

    test_case: str
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    attached: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    ended: bool = False


class _Run:
    """What was told so far, by the ids that messages refer to each other with."""

    def __init__(self, most: int) -> None:
        self.messages = 0
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self.cut = False
        self._features: dict[str, str] = {}
        self._pickles: dict[str, dict[str, Any]] = {}
        self._hooks: dict[str, str] = {}
        self._tests: dict[str, dict[str, Any]] = {}
        self._attempts: dict[str, _Attempt] = {}
        self._left = most

    def take(self, line: str) -> None:
        """Take one line: an envelope with one message."""
        try:
            envelope = json.loads(line)
        except (ValueError, RecursionError):
            self.cut = True
            return
        for kind, message in mapping(envelope).items():
            self.messages += 1
            self._message(kind, mapping(message))

    def _message(self, kind: str, message: dict[str, Any]) -> None:
        match kind:
            case "gherkinDocument":
                self._features[string(message.get("uri"))] = string(
                    mapping(message.get("feature")).get("name")
                )
            case "pickle":
                self._pickles[string(message.get("id"))] = message
            case "hook":
                self._hooks[string(message.get("id"))] = _HOOKS.get(string(message.get("type")), "Hook")
            case "testCase":
                self._tests[string(message.get("id"))] = message
            case "testCaseStarted":
                self._begin(message)
            case "testRunStarted" | "testRunFinished":
                self._moment(kind, message)
            case _:
                self._of_attempt(kind, message)

    def _begin(self, message: dict[str, Any]) -> None:
        self._left -= 1
        if self._left < 0:
            raise Exceeded("more tests than may be read; the rest was not (limits.cases)")
        self._attempts[string(message.get("id"))] = _Attempt(string(message.get("testCaseId")))

    def _moment(self, kind: str, message: dict[str, Any]) -> None:
        at = _instant(message.get("timestamp"))
        if kind == "testRunStarted":
            self.started = at
        else:
            self.ended = at or self.started

    def _of_attempt(self, kind: str, message: dict[str, Any]) -> None:
        attempt = self._attempts.get(string(message.get("testCaseStartedId")))
        if attempt is None:
            return
        step = string(message.get("testStepId"))
        if kind == "testStepFinished":
            attempt.results[step] = mapping(message.get("testStepResult"))
        elif kind == "attachment":
            attempt.attached[step].append(
                {"name": message.get("fileName"), "mime_type": message.get("mediaType")}
            )
        elif kind == "testCaseFinished":
            attempt.ended = True

    def cases(self) -> Iterator[Case]:
        """A case for each test case with its attempts in order."""
        attempts: dict[str, list[_Attempt]] = defaultdict(list)
        for attempt in self._attempts.values():
            attempts[attempt.test_case].append(attempt)
        for name, held in attempts.items():
            test = self._tests.get(name, {})
            pickle = self._pickles.get(string(test.get("pickleId")), {})
            uri = string(pickle.get("uri"))
            names = ".".join(filter(None, (self._features.get(uri, ""), string(pickle.get("name")))))
            yield case(
                test_id(in_checkout(uri), names), [self._result(test, pickle, attempt) for attempt in held]
            )

    def _result(self, test: dict[str, Any], pickle: dict[str, Any], attempt: _Attempt) -> AttemptResult:
        if not attempt.ended:
            return AttemptResult(
                "error", (Error("The scenario did not finish: the run ended before it did"),)
            )
        written = {string(step.get("id")): step for step in map(mapping, items(pickle.get("steps")))}
        steps = [
            self._step(step, written, attempt)
            for step in map(mapping, items(test.get("testSteps")))
            if string(step.get("id")) in attempt.results
        ]
        return result_of_steps(steps)

    def _step(
        self, step: dict[str, Any], written: dict[str, dict[str, Any]], attempt: _Attempt
    ) -> dict[str, Any]:
        """A step as Cucumber's JSON has it."""
        id_ = string(step.get("id"))
        of = written.get(string(step.get("pickleStepId")), {})
        keyword = (
            _KEYWORDS.get(string(of.get("type")), "")
            if of
            else self._hooks.get(string(step.get("hookId")), "Hook")
        )
        result = attempt.results[id_]
        return {
            "keyword": keyword,
            "name": of.get("text"),
            "result": {
                "status": result.get("status"),
                "duration": _nanoseconds(result.get("duration")),
                "error_message": _error(result),
            },
            "embeddings": attempt.attached.get(id_, []),
        }


def _error(result: dict[str, Any]) -> str:
    """What a step says that it met; newer writers put the stack beside the message."""
    return string(mapping(result.get("exception")).get("stackTrace")) or string(result.get("message"))


def _nanoseconds(duration: Any) -> float:
    told = mapping(duration)
    return (number(told.get("seconds")) or 0.0) * 1e9 + (number(told.get("nanos")) or 0.0)


def _instant(timestamp: Any) -> datetime | None:
    """A time in UTC; None where it is none that a calendar has."""
    told = mapping(timestamp)
    try:
        return datetime.fromtimestamp(
            (number(told.get("seconds")) or 0.0) + (number(told.get("nanos")) or 0.0) / 1e9, UTC
        )
    except (ValueError, OverflowError, OSError):
        return None
