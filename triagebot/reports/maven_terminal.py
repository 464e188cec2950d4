"""What Maven prints of Surefire and Failsafe: each failing attempt with its stack, sums, flakes, and virtual machines that died.

In: a `File`. Out: a `Report`. What passed is counted and not named.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from triagebot.reports.decoding import File
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, CaseOutcome, Report
from triagebot.reports.runner_cases import AttemptResult, Error, case, report, seconds, test_id
from triagebot.reports.terminal_lines import lines_of

NAME = "maven-terminal"

_LEVEL = re.compile(r"\[(?:INFO|ERROR|WARNING|DEBUG)\] ?")
"""Maven's mark before a line of its own. Hit: `[ERROR] Failures:`. Miss: `[error] gone`."""
_FAILED = (
    re.compile(  # Surefire 2: `test(class)  Time elapsed: …`, Surefire 3: `class.test -- Time elapsed: …`
        r"(?:(\S.{0,500}?)\(([\w.$]{1,500})\)|([\w.$]{1,500})\.([^\s.].{0,500}?)) {1,3}"
        r"(?:-- {1,2})?Time elapsed: ([\d.,]{1,20}) s {1,3}<<< (FAILURE|ERROR)!"
    )
)
"""A test that failed, as Surefire prints it at once.

Hit: `pays(app.CartTest)  Time elapsed: 0.012 s  <<< FAILURE!`
Hit: `app.CartTest.pays -- Time elapsed: 0.012 s <<< ERROR!`
Miss: `app.CartTest.pays -- Time elapsed: 0.012 s`
"""
_SUM = re.compile(
    r"Tests run: (\d{1,9}), Failures: (\d{1,9}), Errors: (\d{1,9}), Skipped: (\d{1,9})"
    r"(?:, Flakes: (\d{1,9}))?\s{0,9}"
)
"""The sum of a module, and not of a class, whose line goes on.

Hit: `Tests run: 5, Failures: 1, Errors: 0, Skipped: 2`
Hit: `Tests run: 5, Failures: 1, Errors: 0, Skipped: 2, Flakes: 1`
Miss: `Tests run: 5, Failures: 1, Errors: 0, Skipped: 2, Time elapsed: 0.05 s`
"""
_FLAKE = re.compile(r"([\w.$]{1,500})\.([\w$]{1,300})(?:\(([\w.$]{1,500})\))?\s{0,9}")
"""A test that passed in the end, above its runs.

Hit: `app.CartTest.pays`
Miss: `  Run 1: CartTest.pays:12 gone`
"""
_LOOKS = re.compile(
    r"^(?:\[[A-Z]{4,7}\] )?(?:Tests run: \d{1,9}, Failures: \d|\s{0,3}T E S T S\s{0,3}$|Running [\w.$]{3,300}$)",
    re.MULTILINE,
)
"""What only Surefire prints.

Hit: `[ERROR] Tests run: 5, Failures: 1`
Hit: ` T E S T S`
Hit: `[INFO] Running app.CartTest`
Miss: `Running 5 tests`
"""
_LINES = 500


def looks(head: str) -> bool:
    """Whether a text has lines that only Surefire prints."""
    return not head.lstrip("\ufeff").startswith(("{", "<")) and bool(_LOOKS.search("\n".join(lines_of(head))))


def read(file: File) -> Report:
    """The Report of a terminal's text."""
    lines = lines_of(file.text)
    bare = [_LEVEL.sub("", line, count=1) for line in lines]
    sums = [found for line in bare if (found := _SUM.fullmatch(line))]
    cases = [*_cases(lines, bare), *_crashed(bare)]
    if not sums and not cases:
        raise NoReport("no report: Maven sums up its tests, and this has no sum")
    done = report(file, NAME, cases, complete=bool(sums) and "Crashed tests:" not in bare)
    return replace(done, unnamed=_unnamed(sums, done.cases))


def _unnamed(sums: Sequence[re.Match[str]], cases: Sequence[Case]) -> dict[CaseOutcome, int]:
    """What the sums of all modules count beyond what is named."""
    counted = Counter[str]()
    for run, failures, errors, skipped, flakes in (found.groups("0") for found in sums):
        counted.update(failed=int(failures), error=int(errors), skipped=int(skipped))
        counted["passed"] += int(run) - int(failures) - int(errors) - int(skipped) - int(flakes)
    red = Counter(one.outcome for one in cases if all(f.phase == "call" for f in one.failures))
    told: dict[CaseOutcome, int] = {
        "passed": counted["passed"],
        "skipped": counted["skipped"],
        "failed": counted["failed"] - red["failed"],
        "error": counted["error"] - red["error"],
    }
    return {outcome: number for outcome, number in told.items() if number > 0}


def _cases(lines: Sequence[str], bare: Sequence[str]) -> Iterator[Case]:
    """The tests that failed, with all their attempts: Surefire prints each as it fails."""
    flaky = set(_flakes(bare))
    attempts: dict[str, list[AttemptResult]] = {}
    for at, line in enumerate(bare):
        if found := _FAILED.fullmatch(line.rstrip()):
            test = test_id("", f"{found[2] or found[3]}.{found[1] or found[4]}")
            text = "\n".join(_stack(lines, at + 1))
            outcome: CaseOutcome = "failed" if found[6] == "FAILURE" else "error"
            attempts.setdefault(test, []).append(
                AttemptResult(outcome, (Error(_message(text), text),), seconds(found[5]))
            )
    for test, told in attempts.items():
        yield case(test, [*told, *([AttemptResult("passed")] if test in flaky else [])])


def _stack(lines: Sequence[str], start: int) -> Iterator[str]:
    """The lines of an exception: up to a blank one or one of Maven's own."""
    for line in lines[start : start + _LINES]:
        if not line.strip() or _LEVEL.match(line):
            return
        yield line


def _message(text: str) -> str:
    """Type and message, which may have several lines: what stands before the frames."""
    return re.split(r"\n\s{1,8}at |\nCaused by: ", text, maxsplit=1)[0]


def _flakes(bare: Sequence[str]) -> Iterator[str]:
    """The tests that the sums call flakes: each is followed by its runs."""
    start = next((at for at, line in enumerate(bare) if line.strip() == "Flakes:"), len(bare))
    for line in bare[start + 1 :]:
        if _SUM.fullmatch(line):
            return
        if found := _FLAKE.fullmatch(line):
            yield f"{found[1]}.{found[2]}"


def _crashed(bare: Sequence[str]) -> Iterator[Case]:
    """The classes whose virtual machine died, each once, with what Maven says of it."""
    seen: set[str] = set()
    for at, line in enumerate(bare):
        if line.strip() != "Crashed tests:" or at + 1 == len(bare):
            continue
        name = bare[at + 1].strip()
        start = next((back for back in range(at, max(at - 20, -1), -1) if "forked VM" in bare[back]), at)
        if name and name not in seen:
            seen.add(name)
            said = "\n".join(bare[start:at])
            yield case(name, [AttemptResult("error", (Error(_without_class(bare[start]), said, "collect"),))])


def _without_class(line: str) -> str:
    """A line from the words about the virtual machine on."""
    at = line.find("The forked VM")
    return line[at:] if at >= 0 else line
