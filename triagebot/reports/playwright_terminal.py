"""What Playwright prints (list, line, dot and github reporters): failures by number, and sums with their names.

In: a `File`. Out: a `Report`. The list reporter names every attempt; the others only what failed.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from triagebot.reports.decoding import File
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Attachment, Case, CaseOutcome, Report
from triagebot.reports.runner_cases import (
    AttemptResult,
    Error,
    attachment,
    case,
    head_of,
    in_checkout,
    report,
    seconds,
    test_id,
)
from triagebot.reports.terminal_lines import lines_of

NAME = "playwright-terminal"

_TEST = r"(?:\[([^\]]{1,200})\] › )?(\S.{0,400}?\.[cm]?[jt]sx?):\d{1,7}:\d{1,7} › (\S.{0,1500}?)"
_HEADING = re.compile(rf"\s{{0,4}}\d{{1,6}}\) {_TEST}(?: ─{{1,200}}|\s{{0,200}})")
"""The heading of a failure.

Hit: `  1) [chromium] › tests/cart.spec.ts:12:5 › cart › adds ─────`
Hit: `  1) cart.spec.ts:12:5 › adds`
Miss: `  tests/cart.spec.ts:12:5 › adds`
"""
_LISTED = re.compile(
    rf"\s{{0,4}}(✓|✘|-|ok|x)\s{{1,6}}\d{{1,7}} {_TEST}(?: \(retry #\d{{1,4}}\))?"
    rf"(?: \((\d{{1,9}}(?:\.\d{{1,3}})?)(ms|s|m|h)\))?\s{{0,9}}"
)
"""The line of a test in the reporter `list`.

Hit: `  ✓  1 [chromium] › cart.spec.ts:12:5 › adds (1.2s)`
Hit: `  x  2 cart.spec.ts:12:5 › pays (retry #1) (305ms)`
Miss: `  1) cart.spec.ts:12:5 › adds`
"""
_SUMMED = re.compile(rf"    {_TEST}(?: ─{{1,200}}|\s{{0,200}})")
"""A test below the sum that counts it.

Hit: `    [chromium] › cart.spec.ts:12:5 › adds ─────`
Miss: `  1) cart.spec.ts:12:5 › adds`
"""
_SUM = re.compile(
    r"  (\d{1,9}) (failed|flaky|skipped|interrupted|did not run|passed)(?: \((.{1,40})\))?\s{0,9}"
)
"""How many tests came to one end. Hit: `  2 failed`. Hit: `  5 passed (12.3s)`. Miss: `  2 tests`."""
_RETRY = re.compile(r"    Retry #\d{1,4} ─{1,200}")
"""The rule above a further attempt. Hit: `    Retry #1 ─────────`. Miss: `    Retry #1`."""
_KEPT = re.compile(r"\s{4}attachment #\d{1,4}: (\S.{0,200}?) \(([\w.+/-]{1,100})\) ─{0,200}")
"""A file that was kept. Hit: `    attachment #1: screenshot (image/png) ──────`. Miss: `    attachment #1: screenshot`."""
_RULE = re.compile(r"\s{4}─{20,200}")
"""The rule below a file that was kept. Hit: `    ──────────────────────────────`. Miss: `    ────`."""
_CONTEXT = re.compile(r"\s{4}Error Context: (\S.{0,900})")
"""The file with the page as Playwright saw it.

Hit: `    Error Context: test-results/cart/error-context.md`
Miss: `    Error: gone`
"""
_RUNNING = re.compile(r"^\s{0,4}Running \d{1,9} tests? using \d{1,9} workers?", re.MULTILINE)
"""The first line of a run. Hit: `Running 12 tests using 4 workers`. Miss: `Running tests`."""
_UNITS = {"ms": 1000.0, "s": 1.0, "m": 1 / 60, "h": 1 / 3600}
_MARKS: dict[str, CaseOutcome] = {"✓": "passed", "ok": "passed", "✘": "failed", "x": "failed", "-": "skipped"}


def looks(head: str) -> bool:
    """Whether a text has lines that only Playwright's runner prints."""
    lines = lines_of(head)
    return bool(_RUNNING.search("\n".join(lines))) or any(_HEADING.fullmatch(line) for line in lines)


def read(file: File) -> Report:
    """The Report of a terminal's text."""
    found = _Output()
    for line in lines_of(file.text):
        found.take(line)
    if not found.tests and not found.sums:
        raise NoReport("no report: Playwright ends with its sums, and this has none")
    cases = list(found.cases())
    done = report(
        file,
        NAME,
        cases,
        duration_s=found.seconds,
        complete=bool(found.sums) and not found.sums["did not run"] and not found.sums["interrupted"],
    )
    return replace(done, unnamed=_unnamed(found.sums, done.cases))


def _unnamed(sums: Counter[str], cases: Sequence[Case]) -> dict[CaseOutcome, int]:
    named = Counter(one.outcome for one in cases)
    told: dict[CaseOutcome, int] = {
        "passed": sums["passed"] + sums["flaky"] - named["passed"],
        "skipped": sums["skipped"] + sums["did not run"] - named["skipped"],
        "failed": sums["failed"] + sums["interrupted"] - named["failed"],
    }
    return {outcome: number for outcome, number in told.items() if number > 0}


@dataclass(slots=True)
class _Test:
    """What is said of one test in one project: attempts by the list, texts of failed ones, the word of the sums."""

    listed: list[tuple[CaseOutcome, float | None]] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    kept: list[list[Attachment]] = field(default_factory=list)
    summed: str = ""


class _Output:
    """The output so far, line by line."""

    def __init__(self) -> None:
        self.tests: dict[tuple[str, str], _Test] = {}
        self.sums: Counter[str] = Counter()
        self.seconds: float | None = None
        self._in: _Test | None = None
        self._under = ""
        self._naming: tuple[str, str] | None = None

    def take(self, line: str) -> None:
        if heading := _HEADING.fullmatch(line):
            self._in, self._under = self._test(heading, 1), ""
            self._begin()
        elif listed := _LISTED.fullmatch(line):
            self._in = None
            took = seconds(listed[5], _UNITS[listed[6]]) if listed[5] else None
            self._test(listed, 2).listed.append((_MARKS[listed[1]], took))
        elif summed := _SUM.fullmatch(line):
            self._in, self._under = None, summed[2]
            self.sums[summed[2]] += int(summed[1])
            self.seconds = _time(summed[3]) if summed[3] else self.seconds
        elif self._under and (named := _SUMMED.fullmatch(line)):
            self._test(named, 1).summed = self._under
        elif self._in is not None:
            self._say(line)

    def _test(self, found: re.Match[str], at: int) -> _Test:
        project, file, titles = found[at] or "", in_checkout(found[at + 1]), found[at + 2].rstrip(" ─")
        return self.tests.setdefault((test_id(file, titles), project), _Test())

    def _begin(self) -> None:
        if self._in is not None:
            self._in.texts.append([])
            self._in.kept.append([])
        self._naming = None

    def _say(self, line: str) -> None:
        """Keep one line below a heading."""
        if self._in is None:
            return
        if _RETRY.fullmatch(line):
            self._begin()
        elif kept := _KEPT.fullmatch(line):
            self._naming = kept[1], kept[2]
        elif self._naming and line.strip():
            self._keep(*self._naming, line.strip())
        elif context := _CONTEXT.fullmatch(line):
            self._keep("error-context", "text/markdown", context[1])
        elif not _RULE.fullmatch(line):
            self._in.texts[-1].append(line)

    def _keep(self, name: str, content_type: str, path: str) -> None:
        if self._in is not None:
            self._in.kept[-1].append(
                attachment({"name": name, "path": path.removeprefix(".."), "contentType": content_type})
            )
        self._naming = None

    def cases(self) -> Iterator[Case]:
        """The cases, those of the failures in the order of their numbers."""
        for (test, project), said in self.tests.items():
            yield case(test, _attempts(said), project)


def _attempts(said: _Test) -> list[AttemptResult]:
    """A test's attempts: each failed one with its text, and what the sums say of the last."""
    times = [took for outcome, took in said.listed if outcome == "failed"]
    red = [
        _failed("\n".join(text), tuple(kept), times[at] if at < len(times) else None)
        for at, (text, kept) in enumerate(zip(said.texts, said.kept, strict=True))
    ] or [AttemptResult("failed", (), took) for took in times]
    last = [AttemptResult(outcome, (), took) for outcome, took in said.listed[-1:] if outcome != "failed"]
    if said.summed == "flaky":
        last = last or [AttemptResult("passed")]
    elif said.summed in {"failed", "interrupted"}:
        last = [] if red else [AttemptResult("failed")]
    return [*red, *last] or [AttemptResult("skipped")]


def _failed(text: str, kept: tuple[Attachment, ...], took: float | None) -> AttemptResult:
    text = textwrap.dedent(text).strip("\n")
    return AttemptResult("failed", (Error(head_of(text), text),), took, (), kept)


def _time(text: str) -> float | None:
    """`11.5s`, `1.2m` in seconds."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)", text)
    return seconds(found[1], _UNITS[found[2]]) if found else None
