"""NUnit's XML: version 3 (`test-run`) and 2 (`test-results`).

In: a `File`. Out: a `Report`. A set-up or tear-down of a fixture that broke without a failing test below is a case of its own.
Source: https://docs.nunit.org/articles/nunit/technical-notes/usage/Test-Result-XML-Format.html
"""

from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.model import Attachment, Case, CaseOutcome, Phase, Report, Section
from triagebot.reports.outcomes import meaning
from triagebot.reports.runner_cases import AttemptResult, case, instant, raised, report, seconds
from triagebot.reports.xml_documents import document_of, root_of, text_at

NAME = "nunit"

_ROOTS = frozenset({"test-run", "test-results", "test-suite"})
_PHASES: dict[str, Phase] = {"SetUp": "setup", "TearDown": "teardown"}


def looks(head: str) -> bool:
    """Whether a text starts like NUnit's XML."""
    return root_of(head) in {"test-run", "test-results"}


def read(file: File) -> Report:
    """The Report of an NUnit file."""
    root, problems = document_of(file, _ROOTS, "test-case")
    cases = list(_cases(root))
    red = sum(bool(one.failures) for one in cases)
    missing = int(seconds(root.get("failed")) or 0) - red if not problems else 0
    said_red = root.get("result") == "Failed" and not red and not problems
    return report(
        file,
        NAME,
        cases,
        started=instant((root.get("start-time") or "").replace(" ", "T")),
        duration_s=seconds(root.get("duration")),
        complete=not problems,
        problems=problems,
        doubts=[f"failures that are counted but not named: {missing}"]
        if missing > 0
        else ["it says that the run failed, and names nothing that did"]
        if said_red
        else [],
    )


def _cases(root: Any) -> Iterator[Case]:
    """The cases of all suites, outer ones first; the assembly tells them apart where there are several."""
    assemblies = [suite for suite in root.iter("test-suite") if suite.get("type") == "Assembly"]
    waiting = [(root, "")]
    while waiting:
        suite, project = waiting.pop()
        if suite.get("type") == "Assembly" and len(assemblies) > 1:
            project = (suite.get("name") or "").replace("\\", "/").rpartition("/")[2]
        yield from (_case(test, project) for test in suite.findall("test-case"))
        if suite.find("failure") is not None and suite.get("site") in _PHASES and not _red_below(suite):
            test = suite.get("fullname") or suite.get("name") or "suite"
            yield case(test, [_result(suite, _PHASES[suite.get("site")])], project)
        if (
            suite.get("runstate") == "NotRunnable"
            and suite.find("test-case") is None
            and suite.find("test-suite") is None
        ):
            yield _unrunnable(suite)
        inner = [*suite.findall("test-suite"), *suite.findall("results/test-suite")]
        waiting += [(each, project) for each in reversed(inner)]
        if (results := suite.find("results")) is not None:
            yield from (_case(test, project) for test in results.findall("test-case"))


def _unrunnable(suite: Any) -> Case:
    """An assembly or fixture that could not be run, with the reason that it gives."""
    said = (text_at(suite, "reason/message") or text_at(suite, "failure/message")).strip()
    name = (suite.get("name") or "suite").replace("\\", "/").rpartition("/")[2]
    return case(name, [AttemptResult("error", (raised(said, phase="collect"),))])


def _red_below(suite: Any) -> bool:
    return any(_outcome(test) == "failed" for test in suite.iter("test-case"))


def _case(test: Any, project: str) -> Case:
    name = test.get("fullname") or test.get("name") or ""
    site = test.get("site") or ""
    return case(name, [_result(test, _PHASES.get(site, "setup" if site == "Parent" else "call"))], project)


def _result(element: Any, phase: Phase) -> AttemptResult:
    outcome = _outcome(element)
    error = raised(
        text_at(element, "failure/message").strip(), text_at(element, "failure/stack-trace"), phase=phase
    )
    kept = [text_at(each, "filePath") for each in element.iterfind("attachments/attachment")]
    return AttemptResult(
        outcome,
        (error,),
        seconds(element.get("duration") or element.get("time")),
        (Section("output", text_at(element, "output")),),
        tuple(Attachment(path.replace("\\", "/").rpartition("/")[2], path) for path in kept if path),
    )


_SUCCESS = {"True": "passed", "False": "failed"}
"""All that NUnit before 2.5 says of a test that ran."""


def _outcome(element: Any) -> CaseOutcome:
    """By the result; a warning passes, and what nobody knows is red."""
    result = element.get("result") or _SUCCESS.get(element.get("success") or "", "")
    if result == "Warning":
        return "passed"
    means = meaning(result) if result else "skipped" if element.get("executed") == "False" else "unknown"
    return "passed" if means == "green" else "skipped" if means == "skipped" else "failed"
