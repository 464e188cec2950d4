"""What Vitest prints: a line for each file, what failed in full, errors that no test caught, and sums at the end.

In: a `File`. Out: a `Report`. Without the verbose reporter what passed is counted and not named, and retries are not shown.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from triagebot.reports.decoding import File
from triagebot.reports.jest_terminal import unnamed
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, CaseOutcome, Report
from triagebot.reports.runner_cases import AttemptResult, Error, case, in_checkout, report, seconds, test_id
from triagebot.reports.terminal_lines import lines_of

NAME = "vitest-terminal"

_PLACE = re.compile(
    r"(?:(?:\|([^|]{1,100})\||\[([^\]]{1,100})\]|(\S.{0,99}?)) {1,3})?(\S{1,500}\.(?:[cm]?[jt]sx?|vue|svelte))"
)
"""A file, behind its project: in bars without colour, in blanks with it.

Hit: `|eu| src/cart.test.ts`
Hit: `eu  src/cart.test.ts`
Hit: `src/cart.test.ts`
Miss: `src/cart`
"""
_RUN = re.compile(r"^\s?(?:RUN|DEV) {1,3}v\d{1,4}\.\d{1,4}\.\S{1,40} {1,3}\S", re.MULTILINE)
"""The first line of a run. Hit: ` RUN  v3.2.4 /srv/shop`. Miss: ` RUN  all`."""
_SUMS = re.compile(r"^ *Test Files {2}.{1,200}\n *Tests {2}", re.MULTILINE)
"""The sums at the end. Hit: ` Test Files  1 failed (1)\n      Tests  2 failed (2)`. Miss: `Tests  2 failed`."""
_FILE = re.compile(r"\s[❯✓×↓] {1,3}(.{1,700}?) {1,2}\(\d{1,9} tests?.{0,200}")
"""The line of a file. Hit: ` ❯ src/cart.test.ts (3 tests | 1 failed) 12ms`. Miss: ` ❯ src/cart.test.ts:12:5`."""
_FAIL = re.compile(r"\s?FAIL {1,3}(.{1,700}?)(?: > (.{1,1800})| \[ .{1,600} \]\s{0,9})?")
"""The heading of a failure: of a test, or of a file that could not be run.

Hit: ` FAIL  src/cart.test.ts > cart > adds`
Hit: ` FAIL  src/cart.test.ts [ src/cart.test.ts ]`
Miss: ` × src/cart.test.ts > adds`
"""
_TIMES = r"(?: (?P<took>\d{1,9}(?:\.\d{1,9})?)(?P<unit>m?s))?(?: \(retry x(?P<again>\d{1,4})\))?(?: \(repeat x.{1,9}\))?(?: \d.{0,9} MB.{0,20})?"
"""How long a test took, how often it was run again; with `--logHeapUsage` memory."""
_TEST = re.compile(rf"\s{{2,40}}[✓×] (?P<title>.{{1,1000}}?){_TIMES}")
"""A test below its file. Hit: `   × adds 12ms`. Hit: `     ✓ pays (retry x2)`. Miss: ` ✓ src/cart.test.ts (3 tests)`."""
_VERBOSE = re.compile(
    rf"\s(?P<mark>[✓×↓□]) {{1,3}}(?P<place>.{{1,700}}?) > (?P<title>.{{1,1000}}?){_TIMES}(?: \[.{{1,200}}\])?"
)
"""A test as the reporter `verbose` lists it, its file before it.

Hit: ` ✓ src/cart.test.ts > cart > adds 12ms`
Miss: `   ✓ adds 12ms`
"""
_LINE = 2_000
"""Characters of a line that Vitest may have written itself."""
_END = re.compile(r"⎯{1,400}\[\d{1,9}/\d{1,9}\]⎯{0,400}|##\[error\].{0,9999}")
"""What ends a failure's text. Hit: `⎯⎯⎯⎯[1/2]⎯`. Hit: `##[error]AssertionError: gone`. Miss: `⎯⎯⎯⎯`."""
_BANNER = re.compile(r"⎯{2,400} (?P<said>\S.{0,200}?) ⎯{2,400}")
"""The rule above failures, with what they are. Hit: `⎯⎯⎯⎯ Failed Tests 2 ⎯⎯⎯⎯`. Miss: `⎯⎯⎯⎯`."""
_SUM = re.compile(r" *(?P<what>Tests|Errors) {2}(?P<counts>.{1,300})")
"""The sum of tests or errors.

Hit: `      Tests  1 failed | 2 passed (3)`
Hit: `     Errors  1 error`
Miss: ` Test Files  1 failed (1)`
"""
_COUNT = re.compile(r"(\d{1,9}) (failed|skipped|todo|passed|errors?)")
"""One number of a sum. Hit: `2 passed`. Miss: `(3)`."""
_TOOK = re.compile(r" *Duration {2}(\d{1,9}(?:\.\d{1,9})?)(m?s)\b")
"""How long a run took.

Hit: `   Duration  1.25s (transform 40ms)`
Hit: `   Duration  305ms`
Miss: `   Start at  09:30:00`
"""
_MARKS: dict[str, CaseOutcome] = {"✓": "passed", "↓": "skipped", "□": "skipped"}
_MOST_RETRIES = 20


def looks(head: str) -> bool:
    """Whether a text has lines that only Vitest prints."""
    text = "\n".join(lines_of(head))
    return bool(_RUN.search(text) or _SUMS.search(text))


def read(file: File) -> Report:
    """The Report of a terminal's text."""
    lines = lines_of(file.text)
    sums = [found for line in lines if (found := _SUM.match(line))]
    seen = _Seen()
    seen.take(lines)
    cases = list(seen.cases())
    if not sums and not cases:
        raise NoReport("no report: Vitest ends with its sums, and this has none")
    counted: Counter[str] = Counter()
    for found in sums:
        counted.update({word: int(number) for number, word in _COUNT.findall(found["counts"])})
    took = next((found for line in lines if (found := _TOOK.match(line))), None)
    done = report(
        file, NAME, cases, duration_s=_seconds(took[1], took[2]) if took else None, complete=bool(sums)
    )
    return replace(done, unnamed=unnamed(counted, done.cases))


@dataclass(slots=True)
class _Block:
    """What went wrong once, for all tests that say so: (file, project, title)."""

    tests: list[tuple[str, str, str]]
    lines: list[str] = field(default_factory=list)


class _Seen:
    """What the lines so far tell."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._green: list[Case] = []
        self._lines: dict[tuple[str, str, str], list[re.Match[str]]] = {}

    def take(self, lines: Sequence[str]) -> None:
        """Take all lines, in order."""
        block: _Block | None = None
        around = ("", "")
        for line in lines:
            if len(line) > _LINE:
                if block:
                    block.lines.append(line)
            elif (found := _FAIL.fullmatch(line)) and (place := _place(found[1])):
                if block is None or block.lines:
                    block = self._opened()
                block.tests.append((*place, (found[2] or "").strip()))
            elif _END.fullmatch(line) or _SUM.match(line):
                block = None
            elif banner := _BANNER.fullmatch(line.strip()):
                unhandled = banner["said"].startswith("Unhandled ") and banner["said"] != "Unhandled Errors"
                block = self._opened(("", "", banner["said"])) if unhandled else None
            elif block:
                block.lines.append(line)
            elif (found := _FILE.fullmatch(line)) and (place := _place(found[1])):
                around = place
            elif (found := _VERBOSE.fullmatch(line)) and (place := _place(found["place"])):
                self._named(found, *place)
            elif found := _TEST.fullmatch(line):
                self._lines.setdefault((*around, _last(found["title"])), []).append(found)

    def _opened(self, *tests: tuple[str, str, str]) -> _Block:
        self._blocks.append(_Block([*tests]))
        return self._blocks[-1]

    def _named(self, found: re.Match[str], file: str, project: str) -> None:
        """One test of the verbose reporter."""
        if outcome := _MARKS.get(found["mark"]):
            told = [*_again(found), AttemptResult(outcome, (), _took(found))]
            self._green.append(case(_test(file, found["title"]), told, project))
        else:
            self._lines.setdefault((file, project, _last(found["title"])), []).append(found)

    def cases(self) -> Iterator[Case]:
        """Cases of what is named: failures, and with the verbose reporter all others."""
        yield from self._green
        for block in self._blocks:
            text = "\n".join(block.lines).strip()
            error = Error(text.partition("\n")[0], text)
            for file, project, title in block.tests:
                if file and title:
                    line = self._line(file, project, title)
                    told = [*_again(line), AttemptResult("failed", (error,), _took(line))]
                    yield case(_test(file, title), told, project)
                else:
                    yield case(
                        file or title, [AttemptResult("error", (replace(error, phase="collect"),))], project
                    )

    def _line(self, file: str, project: str, title: str) -> re.Match[str] | None:
        """The line of a test below its file, where only one may mean it."""
        named = self._lines.get((file, project, _last(title)), ())
        found = [line for line in named if f" > {title}".endswith(f" > {line['title']}")]
        return found[0] if len(found) == 1 else None


def _last(title: str) -> str:
    """A test's own title, without those of the suites around it."""
    return title.rpartition(" > ")[2]


def _again(line: re.Match[str] | None) -> list[AttemptResult]:
    """Attempts that failed before; what they failed with is not shown."""
    return [AttemptResult("failed")] * min(int(line["again"] or 0), _MOST_RETRIES) if line else []


def _took(line: re.Match[str] | None) -> float | None:
    return _seconds(line["took"], line["unit"]) if line and line["took"] else None


def _test(file: str, title: str) -> str:
    return test_id(file, title.replace(" > ", " "))


def _place(text: str) -> tuple[str, str] | None:
    """File and project, if that is what stands in front of a test's name."""
    found = _PLACE.fullmatch(text.strip())
    return (in_checkout(found[4]), found[1] or found[2] or found[3] or "") if found else None


def _seconds(number: str, unit: str) -> float | None:
    return seconds(number, 1000 if unit == "ms" else 1)
