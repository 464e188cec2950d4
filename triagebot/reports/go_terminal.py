"""What `go test` prints: with `-v` every test, else those that failed; then a line for each package.

In: a `File`. Out: a `Report`. Passes that are not named are not counted either.
"""

import re
from collections.abc import Iterator, Sequence

from triagebot.reports.decoding import File
from triagebot.reports.go_results import Package
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, CaseOutcome, Report
from triagebot.reports.runner_cases import report, seconds
from triagebot.reports.terminal_lines import lines_of

NAME = "go-terminal"

_PACKAGE = re.compile(
    r"(ok  |FAIL|\?   |---)\t(\S{1,1000})(?:\t|\s{0,3}\[)(.{0,300})|FAIL\t(\S{1,1000}) \[(?:build|setup) failed\]"
)
"""The line that ends a package.

Hit: `ok  \tapp/mail\t0.012s`
Hit: `?   \tapp/mail\t[no test files]`
Hit: `FAIL\tapp/mail [build failed]`
Miss: `FAIL`
"""
_RESULT = re.compile(r"\s{0,400}--- (PASS|FAIL|SKIP): (\S.{0,1000}?) \((\d{1,9}(?:\.\d{1,9})?)s\)\s{0,20}")
"""How a test ended. Hit: `    --- FAIL: TestPay/five (0.01s)`. Miss: `--- FAIL: TestPay`."""
_RUN = re.compile(r"=== (?:RUN|CONT|NAME) {1,3}(\S.{0,1000}?)\s{0,20}")
"""The test that the next lines belong to. Hit: `=== RUN   TestPay/five`. Miss: `=== PAUSE TestPay`."""
_BUILD = re.compile(r"# (\S{1,1000})(?: \[\S{1,1000}\])?\s{0,20}")
"""The package above what the compiler says of it. Hit: `# app/mail [app/mail.test]`. Miss: `# two words`."""
_ENDS: dict[str, CaseOutcome] = {"PASS": "passed", "FAIL": "failed", "SKIP": "skipped"}
_LOOKS = re.compile(
    r"^(?:(?:ok  |FAIL)\t\S{1,300}(?:\t|\s\[(?:build|setup) failed\])"
    r"|--- (?:FAIL|PASS|SKIP): \S{1,300} \(\d{1,9}\.\d\ds\)|=== RUN   Test)",
    re.MULTILINE,
)
"""What only `go test` prints.

Hit: `FAIL\tapp/mail [build failed]`
Hit: `--- FAIL: TestPay (0.01s)`
Hit: `=== RUN   TestPay`
Miss: `--- FAIL: it pays`
Miss: `ok 1 - pays`
"""


def looks(head: str) -> bool:
    """Whether a text has lines that only `go test` prints."""
    return not head.lstrip("\ufeff").startswith(("{", "<")) and bool(_LOOKS.search("\n".join(lines_of(head))))


def read(file: File) -> Report:
    """The Report of a terminal's text."""
    lines = lines_of(file.text)
    cases = list(_cases(lines))
    if not any(_PACKAGE.fullmatch(line.rstrip()) for line in lines) and not cases:
        raise NoReport("no report: go test prints a line for each package, and this has none")
    ended = any(_PACKAGE.fullmatch(line.rstrip()) for line in lines[-50:])
    return report(file, NAME, cases, complete=ended)


def _cases(lines: Sequence[str]) -> Iterator[Case]:
    package, current, building = Package(), "", ""
    built: dict[str, list[str]] = {}
    for line in lines:
        if ended := _PACKAGE.fullmatch(line.rstrip()):
            name = ended[2] or ended[4]
            for said in built.pop(name, []):
                package.say("", said)
            if ended[4] or ended[1] == "FAIL":
                package.say("", line + "\n")
            yield from package.cases(name, failed=bool(ended[4]) or ended[1] == "FAIL")
            package, current, building = Package(), "", ""
        elif header := _BUILD.fullmatch(line):
            building = header[1]
            built.setdefault(building, [])
        elif result := _RESULT.fullmatch(line):
            current, building = result[2], ""
            package.end(current, _ENDS[result[1]], seconds(result[3]))
        elif run := _RUN.fullmatch(line):
            current, building = run[1], ""
            package.say(current, "")
        elif building:
            built[building].append(line + "\n")
        elif line.strip() not in {"PASS", "FAIL"}:
            package.say(current, line + "\n")
    yield from package.cases("go test", failed=package.unfinished)
