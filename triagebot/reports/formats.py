"""The formats that can be read, how each is recognised, and `parse`, which never fails.

In: a path to name and bytes. Out: a `Report`. A new format is a module with `looks` and `read` and a line in `FORMATS`;
it is imported when it is first asked: what reads XML takes as long to load as all of the rest.
"""

from dataclasses import dataclass, replace
from importlib import import_module

from triagebot.config import Limits
from triagebot.errors import UserError
from triagebot.redact import Redactor, Unredacted
from triagebot.reports.decoding import File, read_text, without_script
from triagebot.reports.foreign import foreign
from triagebot.reports.limits import Exceeded, NoReport, first_of, with_short_names
from triagebot.reports.model import Beyond, Report
from triagebot.reports.redaction import redacted_report

_HEAD = 65_536
_CONFLICT = "<<<<<<< "
_HINT = "`triagebot group --format list` tells those that are read"
_EVERYDAY = Limits()


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a report, read by the module of this room with its name. `made_by` is a command that writes it,
    `opens` the characters of which its texts begin with one ("" for any): only then is its module loaded.
    """

    name: str
    title: str
    made_by: str
    opens: str = ""

    @property
    def module(self) -> str:
        """The module that reads it."""
        return f"{__package__}.{self.name.replace('-', '_')}"

    def looks(self, head: str, start: str) -> bool:
        """Whether the first 64 kB of a text are written in this way; `start` is their first character that is not blank."""
        may_be = not self.opens or (bool(start) and start in self.opens)
        return may_be and bool(import_module(self.module).looks(head))

    def read(self, file: File) -> Unredacted[Report]:
        """The Report of a file; raises nothing. One file never ends a run: what a reader stumbles over is its problem."""
        try:
            report: Report = import_module(self.module).read(file)
        except Exceeded as exceeded:
            report = file.unreadable(self.name, Beyond(file.path, str(exceeded)))
        except NoReport as reason:
            report = file.unreadable(self.name, str(reason))
        except Exception as error:  # noqa: BLE001 - libraries raise what they like, and memory may end
            report = file.unreadable(self.name, _stumbled(error))
        return Unredacted(report)


FORMATS: dict[str, Format] = {
    known.name: known
    for known in (
        Format("pytest-json", "pytest-json-report", "pytest --json-report", "{"),
        Format("robot-xml", "Robot Framework", "robot --output output.xml tests/", "<"),
        Format("robot-json", "Robot Framework's JSON", "robot --output output.json tests/", "{"),
        Format("trx", "dotnet test, Visual Studio", "dotnet test --logger trx", "<"),
        Format("nunit", "NUnit 3 and 2", "dotnet test --logger nunit", "<"),
        Format("xunit-net", "xUnit.net 2 and 3", "dotnet test --logger xunit", "<"),
        Format("junit-xml", "JUnit XML of any tool", "pytest --junitxml=junit.xml", "<"),
        Format(
            "triagebot-trace",
            "traces of tests, beside a report",
            "pytest --triagebot-trace --junitxml=junit.xml",
        ),
        Format(
            "playwright-json", "Playwright's JSON", "npx playwright test --reporter=json > report.json", "{"
        ),
        Format("jest-json", "Jest and Vitest", "npx jest --json --outputFile=report.json", "{"),
        Format("mocha-json", "Mocha's JSON", "npx mocha --reporter json > report.json", "{"),
        Format("mochawesome", "mochawesome (Mocha, Cypress)", "npx cypress run --reporter mochawesome", "{"),
        Format(
            "ctrf", "CTRF of any tool", "npx playwright test --reporter=playwright-ctrf-json-reporter", "{"
        ),
        Format("rspec-json", "RSpec", "rspec --format json --out report.json", "{"),
        Format(
            "cucumber-messages",
            "Cucumber's messages, with every attempt",
            "npx cucumber-js --format message:report.ndjson",
            "{",
        ),
        Format("cucumber-json", "Cucumber of any language", "npx cucumber-js --format json:report.json", "["),
        Format("newman-json", "Newman (Postman)", "npx newman run collection.json -r json", "{"),
        Format("allure", "Allure's results, a folder", "pytest --alluredir=allure-results", "{"),
        Format("tap", "TAP 13 and 14", "node --test --test-reporter=tap > report.tap"),
        Format("go-json", "Go", "go test -json ./... > report.json"),
        Format("dart-json", "Dart and Flutter", "flutter test --machine > report.json"),
        Format("github-log", "a job's log of GitHub Actions", "gh run view --log --job ID > job.log"),
        Format("playwright-terminal", "Playwright's terminal output", "npx playwright test > playwright.txt"),
        Format("jest-terminal", "Jest's terminal output", "npx jest 2> jest.txt"),
        Format("vitest-terminal", "Vitest's terminal output", "npx vitest run > vitest.txt"),
        Format("maven-terminal", "Maven's terminal output (Surefire)", "mvn -B verify > maven.txt"),
        Format("go-terminal", "Go's terminal output", "go test ./... > go.txt"),
        Format("pytest-terminal", "pytest's terminal output", "pytest -v > pytest.txt"),
    )
}
"""Every known format by name, in the order in which they are tried and, where two hold one case, preferred."""


def table() -> str:
    """All formats as a table of Markdown: name, whose it is, a command that writes one."""
    rows = [
        ("Format", "Written by", "For example"),
        ("---",) * 3,
        *((f"`{known.name}`", known.title, f"`{known.made_by}`") for known in FORMATS.values()),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def sniff(data: bytes) -> str | None:
    """The name of the format that the first bytes of a file are written in, or None."""
    return _format_of(without_script(read_text("", data[:_HEAD]).text))


def parse(
    path: str,
    data: bytes,
    *,
    format: str | None = None,
    redactor: Redactor | None = None,
    limits: Limits = _EVERYDAY,
) -> Report:
    """The Report of one file without secrets; `path` is only a name to blame. `format` forces one of `FORMATS`.

    Without a `redactor`, one that knows no environment is used.

    Whatever the bytes hold, the answer is a Report: one that cannot be read has no cases, `readable` False and a
    problem with reason and place; of one beyond the limits the rest is left out. Raises UserError only for a `format`
    that does not exist.
    """
    return parse_text(read_text(path, data, limits), format=format, redactor=redactor)


def parse_text(file: File, *, format: str | None = None, redactor: Redactor | None = None) -> Report:
    """`parse` for those who have decoded the file, and need not hold its bytes as well."""
    known = redactor or Redactor()
    found = _read(file, format).redacted_by(
        lambda report: redacted_report(first_of(report, file.limits), known)
    )
    return with_short_names(found, file.limits)


def _read(file: File, format: str | None) -> Unredacted[Report]:
    """The report as its reader made it, or one that says why there is none."""
    if format is not None and format not in FORMATS:
        raise UserError(f"unknown format {format}; use one of {', '.join(FORMATS)}.")
    if (text := without_script(file.text)) is not file.text:
        file = replace(file, text=text)
    head = file.text[:_HEAD]
    if not head.strip("\0 \t\r\n") and not file.text.strip("\0 \t\r\n"):
        return Unredacted(
            file.unreadable(format or "", "empty: the run was killed before it wrote its report")
        )
    if head.lstrip().startswith(_CONFLICT):
        reason = "a merge conflict stands in line 1: two reports in one file"
        return Unredacted(file.unreadable(format or _format_of(head) or "", reason))
    name = format or _format_of(head)
    return FORMATS[name].read(file) if name else Unredacted(file.unreadable("", _unknown(head)))


def _stumbled(error: Exception) -> str:
    """What a reader stumbled over, without what the file says: that may be a secret, or megabytes."""
    if isinstance(error, RecursionError | MemoryError):
        return (
            f"{'nested more deeply' if isinstance(error, RecursionError) else 'larger'} than can be read here"
        )
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f" in {at.tb_frame.f_code.co_name}, line {at.tb_lineno}" if at else ""
    return f"cannot be read: {type(error).__name__}{place}; please report this as a bug of triagebot"


def _format_of(head: str) -> str | None:
    start = head[:4096].lstrip("\ufeff\0 \t\r\n")[:1]
    return next((name for name, known in FORMATS.items() if known.looks(head, start)), None)


def _unknown(head: str) -> str:
    """Why a text is no report, by what it looks like."""
    start = head.lstrip("\ufeff\0 \t\r\n")
    if tool := foreign(start):
        return f"{tool}, no report of tests"
    if start[:1] in "{[":
        return f"JSON, but no report of a known format; {_HINT}"
    if start[:14].lower().startswith(("<!doctype html", "<html")):
        return "an HTML page, no report: was a login or error page saved in its place?"
    if start[:1] == "<":
        return f"XML, but no report of a known format; {_HINT}"
    return f"text, no report; if it is one, name its format with --format; {_HINT}"
