"""A job's log as GitHub keeps it, or as `gh run view --log` prints it: time stamps, groups, and in them a runner's output.

In: a `File`. Out: the `Report` of the runners whose output lies in it. The job's name is the leg where there are several. A log of several jobs gives
the cases of each under its name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from triagebot.reports import (
    go_json,
    go_terminal,
    jest_terminal,
    maven_terminal,
    playwright_terminal,
    pytest_terminal,
    vitest_terminal,
)
from triagebot.reports.decoding import File
from triagebot.reports.limits import NoReport
from triagebot.reports.model import CaseOutcome, Report
from triagebot.reports.namesakes import Placed, distinct

NAME = "github-log"

_RUNNERS = (
    go_json,
    playwright_terminal,
    jest_terminal,
    vitest_terminal,
    maven_terminal,
    go_terminal,
    pytest_terminal,
)
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z"
_LOOKS = re.compile(rf"\ufeff?(?:[^\t\n]{{1,300}}\t[^\t\n]{{1,300}}\t\ufeff?)?{_STAMP} ")
"""A line that GitHub stamped, behind job and step where `gh run view --log` printed it.

Hit: `2026-01-05T10:00:00.1234567Z ok`
Hit: `test (eu)\tRun pytest\t2026-01-05T10:00:00.1234567Z ok`
Miss: `2026-01-05 10:00:00 ok`
"""
_LINE = re.compile(
    rf"^\ufeff?(?:([^\t\n]{{1,300}})\t[^\t\n]{{1,300}}\t\ufeff?)?{_STAMP} ?(.{{0,100000}})$", re.MULTILINE
)
"""The same as a whole line: its job, where that is named, and what it says.

Hit: `2026-01-05T10:00:00.1234567Z ok`
Hit: `test (eu)\tRun pytest\t2026-01-05T10:00:00.1234567Z ok`
Miss: `2026-01-05 10:00:00 ok`
"""
_JOB = re.compile(r"^Complete job name: (.{1,300}?)\s{0,9}$", re.MULTILINE)
"""The runner's word for the job.

Hit: `Complete job name: pytest (eu)`
Miss: `The complete job name: pytest`
"""
_COMMAND = re.compile(r"##\[(?:group|endgroup|section|command|debug|warning|notice)\].{0,2000}")
"""A line that is the runner's, and no program's.

Hit: `##[group]Run pytest`
Miss: `##[error]Process completed with exit code 1.`
"""
_ERROR = re.compile(r"##\[error\](.{0,2000})")
"""What the runner says of a step that failed.

Hit: `##[error]Process completed with exit code 1.`
Miss: `##[warning]This action is old.`
"""
_LAST = "Cleaning up orphan processes"
"""What the runner says at the end of every job (actions/runner, JobExtension.cs)."""


def looks(head: str) -> bool:
    """Whether a text starts with a line that GitHub stamped."""
    return bool(_LOOKS.match(head.lstrip("\0 \r\n")))


def read(file: File) -> Report:
    """The Report of a log. One without any runner's output is none, and says what the job said went wrong."""
    jobs = _jobs(file.text)
    found = [(name, report) for name, text in jobs.items() for report in _reports(file, text)]
    if not found:
        return _without_tests(file, jobs)
    first = max((report for _, report in found), key=lambda report: len(report.cases))
    several = len({name for name, _ in found}) > 1
    unnamed: Counter[CaseOutcome] = Counter()
    for _, report in found:
        unnamed.update(report.unnamed)
    return replace(
        first,
        path=file.path,
        sha256=file.sha256,
        cases=distinct(
            [Placed(case, (name,) if several else ()) for name, report in found for case in report.cases]
        ),
        complete=all(report.complete for _, report in found),
        problems=tuple(dict.fromkeys(problem for _, report in found for problem in report.problems)),
        unnamed=dict(unnamed),
        doubted=any(report.doubted for _, report in found),
        exit_code=max(
            (report.exit_code for _, report in found if report.exit_code is not None), default=None
        ),
        job="" if several else found[0][0],
    )


def _jobs(text: str) -> dict[str, str]:
    """The text of each job without stamps, groups and commands, by the job's name."""
    lines: dict[str, list[str]] = {}
    for found in _LINE.finditer(text.replace("\r\n", "\n")):
        said = found[2] if not _COMMAND.match(found[2]) else ""
        lines.setdefault(found[1] or "", []).append(said)
    joined = {name: "\n".join(held) for name, held in lines.items()}
    return {name or _named(text): text for name, text in joined.items()}


def _named(text: str) -> str:
    found = _JOB.search(text)
    return found[1] if found else ""


def _reports(file: File, text: str) -> Iterator[Report]:
    """What each runner whose output is recognised has to say."""
    for runner in _RUNNERS:
        if not runner.looks(text):
            continue
        try:
            report = runner.read(replace(file, text=text, encoding="utf-8", start=0))
        except NoReport:
            continue
        if report.readable and (report.cases or report.unnamed or report.exit_code is not None):
            yield report


def _without_tests(file: File, jobs: dict[str, str]) -> Report:
    """The report of jobs that ran no test that we know. Raises NoReport where one says that it failed, or whose end is not there."""
    said = next((found[1] for text in jobs.values() if (found := _ERROR.search(text))), "")
    if said:
        raise NoReport(f"a job that failed, with no known runner's output in its log; it says: {said[:300]}")
    if cut := next((name or "a job" for name, text in jobs.items() if f"\n{_LAST}" not in text), ""):
        raise NoReport(f"the log of {cut} ends before the job did, with no known runner's output in it")
    name = next(iter(jobs), "")
    return Report(
        file.path,
        file.sha256,
        NAME,
        problems=file.problems,
        leg=name,
        idle=f"no test ran in {name or 'a job'}",
    )
