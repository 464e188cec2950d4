"""Results of Go's tests by package, as `go test` tells them: in JSON event by event, on a terminal line by line.

In: what happened, in order. Out: cases. A test that fails only because a subtest did is no failure of its own; a package that
fails without a failing test (it does not build, it panics, it leaves) is one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from triagebot.reports.model import Case, CaseOutcome
from triagebot.reports.runner_cases import AttemptResult, Error, case

_MARK = re.compile(
    r"\s{0,400}(?:=== (?:RUN|PAUSE|CONT|NAME)\b|--- (?:FAIL|PASS|SKIP|BENCH): )"
    r"|(?:FAIL|PASS|ok)\b(?:\s|\Z)|exit status \d"
)
"""A line that frames what a test says.

Hit: `=== RUN   TestPay`
Hit: `    --- FAIL: TestPay/five (0.01s)`
Hit: `ok  \tapp/mail\t0.012s`
Hit: `exit status 1`
Miss: `okay`
"""
_AT = re.compile(r"(\s{0,200})[\w.@/-]{1,300}\.go:\d{1,7}(?::\d{1,7})?: ?(.{0,4000})")
"""The place that a test's words begin with. Hit: `    pay_test.go:12: got 5`. Miss: `    got 5`."""
_LABEL = re.compile(r"\s{1,200}(Error Trace|Error|Test|Messages):\s{1,20}(.{0,4000})")
"""A line of testify's table (https://github.com/stretchr/testify).

Hit: `    \tError:      \tNot equal:`
Miss: `Error: gone`
"""
_PANIC = re.compile(r"(?:panic|fatal error): .{1,2000}")
"""The end of a program in the words of Go itself.

Hit: `panic: assignment to entry in nil map`
Hit: `fatal error: all goroutines are asleep - deadlock!`
Miss: `no panic: gone`
"""
_GENERAL = ("Received unexpected error:",)
_LINES = 2000


_UNBUILT = re.compile(r"FAIL\t(?:\S{1,1000}/)?([^/\s]{1,300}) \[(build|setup) failed\]")
"""All that older Go writes among the events of a package that does not build.

Hit: `FAIL\tapp/mail [build failed]`
Miss: `FAIL\tapp/mail`
"""


@dataclass(slots=True)
class _Test:
    """One test: what it printed since it last began, and how it ended each time."""

    output: list[str] = field(default_factory=list)
    attempts: list[AttemptResult] = field(default_factory=list)


@dataclass(slots=True)
class Package:
    """One package's tests in order, and what belongs to none of them."""

    tests: dict[str, _Test] = field(default_factory=dict)
    output: list[str] = field(default_factory=list)

    def say(self, test: str, text: str) -> None:
        """Keep what was printed in a test, or in none of them (""); of very much, the first lines."""
        found = self.tests.get(test) if test else None
        held = found.output if found else self.tests.setdefault(test, _Test()).output if test else self.output
        if len(held) < _LINES:
            held.append(text)

    def end(self, test: str, outcome: CaseOutcome, seconds: float | None) -> None:
        """Keep how a test ended. What a green one printed is let go when it is told."""
        found = self.tests.setdefault(test, _Test())
        found.attempts.append(AttemptResult(outcome, (), seconds))
        if outcome != "failed":
            found.output.clear()

    def cases(self, name: str, *, failed: bool) -> Iterator[Case]:
        """The package's cases, the package itself among them where nothing else says why it failed."""
        red = {test for test, held in self.tests.items() if any(t.outcome == "failed" for t in held.attempts)}
        stopped = [test for test, held in self.tests.items() if failed and not held.attempts]
        panics = [test for test in stopped if _panic(self.tests[test].output)]
        for test, held in self.tests.items():
            if test in panics:
                held.attempts.append(AttemptResult("failed"))
            if held.attempts and not self._only_by_subtests(test, red):
                yield case(f"{name}::{test}", _results(held))
        if failed and not red and not panics:
            text = "".join((*self.output, *(line for test in stopped for line in self.tests[test].output)))
            unbuilt = _UNBUILT.fullmatch(text.strip())
            said = f"{unbuilt[1]}: {unbuilt[2]} failed" if unbuilt else message_in(text) or text.strip()
            yield case(name, [AttemptResult("error", (Error(said, text, "collect"),))])

    @property
    def unfinished(self) -> bool:
        """Whether a test began and never ended."""
        return any(not held.attempts for held in self.tests.values())

    def _only_by_subtests(self, test: str, red: set[str]) -> bool:
        below = f"{test}/"
        return (
            test in red
            and any(other.startswith(below) for other in red)
            and not _own(self.tests[test].output)
        )


def _results(held: _Test) -> list[AttemptResult]:
    """The attempts; what is kept of the output is the last failing one's."""
    text = "".join(held.output) if _own(held.output) else ""
    red = [at for at, told in enumerate(held.attempts) if told.outcome == "failed"]
    return [
        AttemptResult("failed", (Error(message_in(text), text),), told.duration_s) if at in red[-1:] else told
        for at, told in enumerate(held.attempts)
    ]


def _own(output: list[str]) -> bool:
    """Whether a test said anything itself."""
    return any(line.strip() and not _MARK.match(line) for text in output for line in text.splitlines())


def _panic(output: list[str]) -> bool:
    return any(_PANIC.match(line) for text in output for line in text.splitlines())


def message_in(text: str) -> str:
    """What a test's output says went wrong: a panic, testify's error, else what was first said at a line of a file."""
    lines = [line for line in islice(text.splitlines(), _LINES) if line.strip() and not _MARK.match(line)]
    if panic := next((line for line in lines if _PANIC.match(line)), ""):
        return panic.removesuffix(" [recovered]")
    return _testify(lines) or _first_message(lines) or "\n".join(line.strip() for line in lines[:5])


def _testify(lines: list[str]) -> str:
    """Testify's error, over several lines as it may be, and the message that the test gave."""
    said: dict[str, list[str]] = {}
    label = ""
    for line in lines:
        if found := _LABEL.match(line):
            label = found[1]
            if label in said:
                break
            said[label] = [found[2].strip()]
        elif label:
            said[label].append(line.strip())
    error = [line for line in said.get("Error", []) if line and line not in _GENERAL]
    return "\n".join([*error, *said.get("Messages", [])]) if error else ""


def _first_message(lines: list[str]) -> str:
    """The first text that stands behind a file and a line, with the lines that are indented below it."""
    for at, line in enumerate(lines):
        if found := _AT.match(line):
            deeper = len(found[1])
            more = [line.strip() for line in lines[at + 1 :] if len(line) - len(line.lstrip()) > deeper]
            said = found[2].strip()
            return "\n".join([*([said] if said else []), *more[:20]]) if not said or not more else said
    return ""
