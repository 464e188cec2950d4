"""JSON events of `dart test` and `flutter test --machine`: one object a line, of suites, groups, tests, errors and prints.

In: a `File`. Out: a `Report`. What the runner hides (loading a file that loads) is no test; a file that does not load is one. A
platform that is not Dart's own machine is who ran the test.
Source: https://github.com/dart-lang/test/blob/master/pkgs/test/doc/json_reporter.md
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_values import count, mapping, number, string
from triagebot.reports.limits import Exceeded, NoReport
from triagebot.reports.model import Case, CaseOutcome, Report, Section
from triagebot.reports.runner_cases import AttemptResult, Error, case, in_checkout, report, test_id

NAME = "dart-json"

_START = re.compile(
    r'^\{(?=[^\n]{0,400}"type": ?"start")(?=[^\n]{0,400}"(?:protocolVersion|runnerVersion)":)', re.MULTILINE
)
"""The first event, which names the protocol.

Hit: `{"protocolVersion":"0.1.1","pid":5,"type":"start","time":0}`
Miss: `{"type":"start","time":0}`
"""
_LINE = re.compile(r"[^\n]+")
"""One line that is not empty. Hit: `{}`. Miss: `\n`."""
_OUTCOMES: dict[str, CaseOutcome] = {"success": "passed", "failure": "failed", "error": "error"}
_LOADING = "loading "
_UNLOADED = re.compile(
    r"\AFailed to load \".{1,1000}?\":\s{0,9}(?:Compilation failed for testPath=\S{1,1000}: )?"
    r"(?:\S{1,1000}\.dart:\d{1,7}:\d{1,7}: )?(?:Error: )?"
)
"""What stands before the reason why a file was not loaded.

Hit: `Failed to load "test/a_test.dart": test/a_test.dart:5:3: Error: gone`
Miss: `Failed to load the page`
"""


def looks(head: str) -> bool:
    """Whether a text has the event that a run of Dart's begins with; Flutter may print lines before it."""
    return bool(_START.search(head))


def read(file: File) -> Report:
    """The Report of a stream of events, read line by line."""
    run = _Run(file.limits.cases)
    for line in _LINE.finditer(file.text):
        run.take(line[0])
    if not run.events:
        raise NoReport("no report: it has no events of Dart's")
    cases = list(run.cases())
    red = any(one.failures for one in cases)
    return report(
        file,
        NAME,
        cases,
        duration_s=run.took,
        complete=run.ended and not run.cut,
        problems=["cut off: its last line is no whole event"] if run.cut else [],
        doubts=["it says that the run failed, and names no test that did"]
        if run.success is False and not red
        else [],
    )


@dataclass(slots=True)
class _Test:
    """One test: its name, file and platform, what it met, and how it ended ("" while it runs)."""

    name: str
    file: str
    platform: str
    began: float
    errors: list[Error] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    outcome: CaseOutcome | None = None
    hidden: bool = False
    took: float | None = None


class _Run:
    """What was told so far, by the ids that events refer to each other with."""

    def __init__(self, most: int) -> None:
        self.events = 0
        self.took: float | None = None
        self.ended = False
        self.success: bool | None = None
        self.cut = False
        self._suites: dict[Any, tuple[str, str]] = {}
        self._tests: dict[Any, _Test] = {}
        self._left = most

    def take(self, line: str) -> None:
        """Take one line: an event, or what Flutter says between them."""
        if not line.startswith("{"):
            return
        try:
            event = mapping(json.loads(line))
        except (ValueError, RecursionError):
            self.cut = True
            return
        self.cut = False
        self.events += "type" in event
        kind, test = event.get("type"), self._tests.get(count(event.get("testID")))
        if test:
            _of_test(test, string(kind), event)
            return
        match kind:
            case "suite":
                suite = mapping(event.get("suite"))
                self._suites[count(suite.get("id"))] = (
                    string(suite.get("path")),
                    string(suite.get("platform")),
                )
            case "testStart":
                self._begin(mapping(event.get("test")), _seconds(event) or 0.0)
            case "done":
                self.ended, self.took = True, _seconds(event)
                self.success = event.get("success") if isinstance(event.get("success"), bool) else None
            case _:
                pass

    def _begin(self, test: dict[str, Any], began: float) -> None:
        self._left -= 1
        if self._left < 0:
            raise Exceeded("more tests than may be read; the rest was not (limits.cases)")
        path, platform = self._suites.get(count(test.get("suiteID")), ("", ""))
        self._tests[count(test.get("id"))] = _Test(
            string(test.get("name")), in_checkout(path), "" if platform == "vm" else platform, began
        )

    def cases(self) -> Iterator[Case]:
        """A case for each test that is shown, and for each file that did not load."""
        for test in self._tests.values():
            loading = test.name.startswith(_LOADING)
            if (test.hidden or loading) and not test.errors and test.outcome == "passed":
                continue
            name = "" if loading else test.name
            yield case(test_id(test.file, name), [_told(test, loading=loading)], test.platform)


def _error(event: dict[str, Any]) -> Error:
    said, stack = string(event.get("error")).strip(), string(event.get("stackTrace"))
    return Error(said, f"{said}\n{stack}".strip())


def _unloaded(error: Error) -> Error:
    """Why a file was not loaded, the reason first."""
    reason = _UNLOADED.sub("", error.message)
    return Error(reason, error.text if reason == error.message else f"{reason}\n\n{error.text}", "collect")


def _of_test(test: _Test, kind: str, event: dict[str, Any]) -> None:
    if kind == "error":
        test.errors.append(_error(event))
    elif kind == "print":
        test.printed.append(string(event.get("message")))
    elif kind == "testDone":
        _end(test, event)


def _end(test: _Test, event: dict[str, Any]) -> None:
    done = _OUTCOMES.get(string(event.get("result")), "error")
    test.outcome = "skipped" if event.get("skipped") is True and done == "passed" else done
    test.hidden = event.get("hidden") is True
    test.took = max((_seconds(event) or 0.0) - test.began, 0.0)


def _told(test: _Test, *, loading: bool) -> AttemptResult:
    sections = (Section("print", "\n".join(test.printed)),)
    if test.outcome is None:
        unfinished = Error("The test did not finish: the run ended before it did")
        return AttemptResult("error", (*test.errors, unfinished), None, sections)
    errors = tuple(_unloaded(error) if loading else error for error in test.errors)
    return AttemptResult("error" if loading else test.outcome, errors, test.took, sections)


def _seconds(event: dict[str, Any]) -> float | None:
    told = number(event.get("time"))
    return None if told is None else told / 1000
