"""`go test -json`: one event a line, packages beside each other.

In: a `File`. Out: a `Report`. What does not build is told by older Go in lines that are no JSON.
Source: https://pkg.go.dev/cmd/test2json and `go doc test2json`.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.go_results import Package
from triagebot.reports.limits import Exceeded, NoReport
from triagebot.reports.model import Case, CaseOutcome, Report
from triagebot.reports.runner_cases import AttemptResult, Error, case, instant, report, seconds

NAME = "go-json"

_ACTION = r'"Action": ?"(?:start|run|pause|cont|pass|bench|fail|output|skip|build-output|build-fail|attr)"'
_EVENT = re.compile(rf'^\{{(?:"(?:Time|ImportPath|Package)":[^\n]{{0,4000}})?{_ACTION}', re.MULTILINE)
"""One event in a line of its own.

Hit: `{"Time":"2026-01-05T10:00:00Z","Action":"run","Test":"TestPay"}`
Hit: `{"Action":"pass"}`
Miss: `{"Action":"pay"}`
"""
_ENDS: dict[str, CaseOutcome] = {"pass": "passed", "fail": "failed", "skip": "skipped", "bench": "passed"}
_BROKEN = re.compile(r"FAIL\t(\S{1,1000})(?: \[(?:build|setup) failed\])?\s{0,20}\Z")
"""Plain text that ends a package which did not build or start.

Hit: `FAIL\tapp/mail [build failed]`
Hit: `FAIL\tapp/mail`
Miss: `FAIL\tapp/mail\t0.012s`
"""
_DECODE = json.JSONDecoder().raw_decode
_LINE = re.compile(r"[^\n]+")
"""One line that is not empty. Hit: `{}`. Miss: `\n`."""
_BLANK = "\ufeff\0 \t\r"


def looks(head: str) -> bool:
    """Whether a text has an event of `go test -json` in a line."""
    return bool(_EVENT.search(head))


def read(file: File) -> Report:
    """The Report of a stream of events, read line by line."""
    run = _Run(file.limits.cases)
    # A line at a time: of a stream of a hundred megabytes there is no second copy.
    for line in _LINE.finditer(file.text):
        run.take(line[0])
    if not run.events:
        raise NoReport("no report: it has no events of go test -json")
    cases = list(run.cases())
    return report(
        file,
        NAME,
        cases,
        started=run.started,
        duration_s=(run.ended - run.started).total_seconds() if run.started and run.ended else None,
        complete=not run.open and not run.cut and not any(p.unfinished for p in run.done.values()),
        problems=[*(["cut off: its last line is no whole event"] if run.cut else [])],
    )


def _text(value: Any) -> str:
    """The value when it is a text; there are millions of them."""
    return value if type(value) is str else ""


class _Run:
    """What was told so far. Packages that have ended keep their cases' results only."""

    def __init__(self, most: int) -> None:
        self.events = 0
        self.open: dict[str, Package] = {}
        self.done: dict[str, Package] = {}
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self.cut = False
        self._failed: dict[str, bool] = {}
        self._built: dict[str, list[str]] = {}
        self._left = most

    def take(self, line: str) -> None:
        """Take one line: an event, or what the compiler or a program said between them."""
        bare = line if line[:1] == "{" else line.strip(_BLANK)
        if bare[:1] != "{":
            if bare:
                self.cut = False
                self._plain(bare)
            return
        try:
            event, end = _DECODE(bare)
        except (ValueError, RecursionError):
            self.cut = True
            return
        self.cut = end < len(bare) and bool(bare[end:].strip(_BLANK))
        if not self.cut:
            self._event(event)

    def _plain(self, line: str) -> None:
        if broken := _BROKEN.match(line):
            package = self.open.setdefault(broken[1], Package())
            package.say("", line)
            self._end(broken[1], failed=True)

    def _event(self, event: dict[str, Any]) -> None:
        action, name, test = _text(event.get("Action")), _text(event.get("Package")), _text(event.get("Test"))
        if action == "build-output":
            self._built.setdefault(_text(event.get("ImportPath")), []).append(_text(event.get("Output")))
        if not name or not action:
            return
        if not self.events:
            self.started = instant(event.get("Time"))
        self.events += 1
        package = self.open.get(name) or self.open.setdefault(name, Package())
        if action == "output":
            package.say(test, _text(event.get("Output")))
        elif test:
            self._of_test(package, test, action, event)
        elif action in _ENDS:
            self.ended = instant(event.get("Time"))
            for said in self._built.get(_text(event.get("FailedBuild")), []):
                package.say("", said)
            self._end(name, failed=action == "fail")

    def _of_test(self, package: Package, test: str, action: str, event: dict[str, Any]) -> None:
        if action == "run":
            package.say(test, "")
        elif action in _ENDS:
            self._count()
            package.end(test, _ENDS[action], seconds(event.get("Elapsed")))

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Exceeded("more tests than may be read; the rest was not (limits.cases)")

    def _end(self, name: str, *, failed: bool) -> None:
        package = self.open.pop(name)
        if before := self.done.get(name):  # the same package again, as gotestsum runs it
            for test, held in package.tests.items():
                known = before.tests.setdefault(test, held)
                if known is not held:
                    known.attempts += held.attempts
                    known.output = held.output or known.output
            failed = failed or self._failed[name]
        else:
            self.done[name] = package
        self._failed[name] = failed

    def cases(self) -> Iterator[Case]:
        """The cases of all packages, those last that never ended: what they were doing may be what is wrong."""
        for name, package in self.done.items():
            yield from package.cases(name, failed=self._failed[name])
        for name, package in self.open.items():
            yield from package.cases(name, failed=package.unfinished)
        for path, said in self._built.items():
            if path and not any(path.split(" ")[0] == name for name in (*self.done, *self.open)):
                yield case(
                    path, [AttemptResult("error", (Error("\n".join(said[:5]), "".join(said), "collect"),))]
                )
