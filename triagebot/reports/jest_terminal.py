"""What Jest prints: a line for each file, the failures below it, and sums at the end.

In: a `File`. Out: a `Report`. Without `--verbose` what passed is counted and not named.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from triagebot.reports.decoding import File
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, CaseOutcome, Report
from triagebot.reports.runner_cases import (
    AttemptResult,
    Error,
    case,
    head_of,
    in_checkout,
    report,
    seconds,
    test_id,
)
from triagebot.reports.terminal_lines import lines_of

NAME = "jest-terminal"

_FILE = re.compile(
    r"\s?(PASS|FAIL)\s{1,3}(?:(\S(?:.{0,100}\S)?)\s{1,3})?(\S{1,500}\.(?:[cm]?[jt]sx?|vue|svelte))"
    r"(?: \(.{1,60}\))?\s{0,9}"
)
"""How a file ended, with its project and the time it took.

Hit: `PASS src/pay.test.ts`
Hit: `FAIL api src/pay.test.ts (5.012 s)`
Miss: `FAIL src/test_pay.py`
"""
_TITLE = re.compile(r"  ● (\S.{0,1800}?)\s{0,9}")
"""The head of a failure: the describes and the test.

Hit: `  ● Cart › adds two`
Miss: `● Cart › adds two`
"""
_VERBOSE = re.compile(
    r"(\s{2,60})(✓|✕|○|✎|√|×) (?:(?:skipped|todo) )?(\S.{0,1000}?)(?: \((\d{1,9}(?:\.\d{1,9})?) (m?s)\))?\s{0,9}"
)
"""How a test ended, in a run with `--verbose`.

Hit: `    ✕ adds two (5 ms)`
Hit: `    ○ skipped adds two`
Miss: `✕ adds two (5 ms)`
"""
_DESCRIBE = re.compile(r"(\s{2,60})(\S.{0,1000})")
"""A describe above its tests, which any line with an indent can be. Hit: `  Cart`. Miss: `Cart`."""
_SUM = re.compile(r"Tests:\s{1,20}(\d.{0,300})")
"""The sum of the tests. Hit: `Tests:       1 failed, 2 passed, 3 total`. Miss: `Tests: none`."""
_COUNT = re.compile(r"(\d{1,9}) (failed|skipped|todo|passed|total)")
"""One count of the sum. Hit: `2 passed`. Miss: `2 flaky`."""
_TIME = re.compile(r"Time:\s{1,20}(\d{1,9}(?:\.\d{1,9})?) s\b")
"""How long the run took. Hit: `Time:        1.234 s, estimated 2 s`. Miss: `Time: 5 ms`."""
_LOOKS = re.compile(
    r"^Tests:\s{1,20}(?:\d{1,9} (?:failed|skipped|todo|passed), ){0,4}\d{1,9} total|^Test Suites: \d",
    re.MULTILINE,
)
"""The sums that only Jest prints.

Hit: `Tests:       1 failed, 2 passed, 3 total`
Hit: `Test Suites: 1 failed, 1 total`
Miss: `Tests  1 failed | 2 passed (3)`
"""
_AGAIN = "Summary of all failing tests"
_MARKS: dict[str, CaseOutcome] = {
    "✓": "passed",
    "√": "passed",
    "✕": "failed",
    "×": "failed",
    "○": "skipped",
    "✎": "skipped",
}


def looks(head: str) -> bool:
    """Whether a text has lines that only Jest prints."""
    lines = lines_of(head)
    return (
        any(_FILE.fullmatch(line) for line in lines) and any(_TITLE.fullmatch(line) for line in lines)
    ) or bool(_LOOKS.search("\n".join(lines)))


def read(file: File) -> Report:
    """The Report of a terminal's text."""
    lines = lines_of(file.text)
    sums = [dict(_counts(found[1])) for line in lines if (found := _SUM.match(line))]
    cases = list(_cases(lines))
    if not sums and not cases:
        raise NoReport("no report: Jest ends with its sums, and this has none")
    counted: Counter[str] = Counter()
    for each in sums:
        counted.update(each)
    done = report(
        file,
        NAME,
        cases,
        duration_s=next((seconds(time[1]) for line in lines if (time := _TIME.match(line))), None),
        complete=bool(sums),
    )
    return replace(done, unnamed=unnamed(counted, done.cases))


def _counts(text: str) -> Iterator[tuple[str, int]]:
    return ((word, int(number)) for number, word in _COUNT.findall(text))


def unnamed(counted: Counter[str], cases: Sequence[Case]) -> dict[CaseOutcome, int]:
    """What the sums count beyond what is named. A file that did not run is named and not counted."""
    named = Counter(one.outcome for one in cases)
    told: dict[CaseOutcome, int] = {
        "passed": counted["passed"] - named["passed"],
        "skipped": counted["skipped"] + counted["todo"] - named["skipped"],
        "failed": counted["failed"] - named["failed"],
    }
    return {outcome: number for outcome, number in told.items() if number > 0}


@dataclass(slots=True)
class _Suite:
    """What stands below a file's line."""

    file: str
    project: str
    failures: list[tuple[str, list[str]]] = field(default_factory=list)
    named: list[tuple[str, CaseOutcome, float | None]] = field(default_factory=list)


def _cases(lines: Sequence[str]) -> Iterator[Case]:
    for suite in _suites(lines):
        texts = {title: "\n".join(text) for title, text in suite.failures}
        for title, outcome, took in suite.named:
            if outcome != "failed":
                yield case(test_id(suite.file, title), [AttemptResult(outcome, (), took)], suite.project)
        times = {title: took for title, outcome, took in suite.named if outcome == "failed"}
        for title in [*texts, *(title for title in times if title not in texts)]:
            text = textwrap.dedent(texts.get(title, "")).strip("\n")
            if title == "Test suite failed to run":
                yield case(
                    suite.file,
                    [AttemptResult("error", (Error(head_of(text), text, "collect"),))],
                    suite.project,
                )
            else:
                told = AttemptResult("failed", (Error(head_of(text), text),), times.get(title))
                yield case(test_id(suite.file, title), [told], suite.project)


def _suites(lines: Sequence[str]) -> Iterator[_Suite]:
    """The files in order, each once: at the end Jest says again what failed."""
    suite: _Suite | None = None
    block: list[str] | None = None
    around: list[tuple[int, str]] = []
    for line in lines:
        if line.startswith(_AGAIN):
            break
        if found := _FILE.fullmatch(line):
            if suite:
                yield suite
            suite, block, around = _Suite(in_checkout(found[3]), found[2] or ""), None, []
        elif suite is None:
            continue
        elif titled := _TITLE.fullmatch(line):
            block = []
            if titled[1] != "Console":
                suite.failures.append((titled[1].replace(" › ", " "), block))
        elif line[:1] not in {"", " ", "\t"}:
            block = None
        elif block is not None:
            block.append(line)
        elif marked := _VERBOSE.fullmatch(line):
            suite.named.append(_marked(marked, around))
        elif described := _DESCRIBE.fullmatch(line):
            around = [
                *(each for each in around if each[0] < len(described[1])),
                (len(described[1]), described[2]),
            ]
    if suite:
        yield suite


def _marked(line: re.Match[str], around: list[tuple[int, str]]) -> tuple[str, CaseOutcome, float | None]:
    """A test that `--verbose` names, with the describes around it."""
    titles = [title for indent, title in around if indent < len(line[1])]
    took = seconds(line[4], 1000 if line[5] == "ms" else 1) if line[4] else None
    return " ".join([*titles, line[3]]), _MARKS[line[2]], took
