"""TRX, the results of `dotnet test` and Visual Studio: results in one list, definitions with class and assembly in another.

In: a `File`. Out: a `Report`. The assembly is who ran a test. What ended the run outside its tests is a case of its own.
Source: https://github.com/microsoft/vstest and its vstst.xsd.
"""

import re
from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_values import count
from triagebot.reports.model import Attachment, Case, CaseOutcome, Report, Section
from triagebot.reports.runner_cases import AttemptResult, Error, case, instant, raised, report, seconds
from triagebot.reports.xml_documents import document_of, root_of, text_at

NAME = "trx"

_DURATION = re.compile(r"(?:(\d{1,4})\.)?(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)")
"""A span of time as .NET writes it, days first. Hit: `00:00:01.2500000`. Hit: `1.02:03:04`. Miss: `1.25`."""
_GREEN = {"passed", "passedbutrunaborted", "completed", "warning"}
_SKIPPED = {"notexecuted", "inconclusive", "notrunnable", "pending"}
_RESULTS = {f"{kind}TestResult" for kind in ("Unit", "Generic", "Web", "Manual", "Load")} | {
    "TestResultAggregation"
}


def looks(head: str) -> bool:
    """Whether a text starts like a TRX file."""
    return root_of(head) == "TestRun"


def read(file: File) -> Report:
    """The Report of a TRX file."""
    root, problems = document_of(file, frozenset({"TestRun"}), "UnitTestResult")
    cases = [*_cases(root), *_run_errors(root)]
    times = root.find("Times")
    started = instant(None if times is None else times.get("start"))
    ended = instant(None if times is None else times.get("finish"))
    return report(
        file,
        NAME,
        cases,
        started=started,
        duration_s=max((ended - started).total_seconds(), 0.0) if started and ended else None,
        complete=not problems and not any(f.phase == "collect" for one in cases for f in one.failures),
        problems=problems,
        doubts=_doubts(root, cases) if not problems else (),
    )


def _cases(root: Any) -> Iterator[Case]:
    """A case for each result. One of several rows of data, or an ordered test, has results within, which count in its place."""
    known = {
        test.get("id"): (method.get("className") or "", test.get("storage") or method.get("codeBase") or "")
        for test in root.iterfind("TestDefinitions/UnitTest")
        if (method := test.find("TestMethod")) is not None
    }
    for result in root.iter():
        if result.tag not in _RESULTS or any(
            inner.tag in _RESULTS for inner in result.iterfind("InnerResults/*")
        ):
            continue
        owner, storage = known.get(result.get("testId"), ("", ""))
        name, owner = result.get("testName") or "", owner.partition(",")[0]
        test = name if not owner or name.startswith(owner) else f"{owner}.{name}"
        yield case(test, [_result(result)], storage.replace("\\", "/").rpartition("/")[2])


def _result(result: Any) -> AttemptResult:
    said = (result.get("outcome") or "error").lower()  # the platform leaves out what is its default
    outcome: CaseOutcome = "passed" if said in _GREEN else "skipped" if said in _SKIPPED else "failed"
    message = text_at(result, "Output/ErrorInfo/Message") or ("" if said == "failed" else said.capitalize())
    error = raised(message, text_at(result, "Output/ErrorInfo/StackTrace"))
    kept = [file.get("path") or "" for file in result.iterfind("ResultFiles/ResultFile")]
    return AttemptResult(
        outcome,
        (error,),
        duration_of(result.get("duration")),
        (
            Section("stdout", text_at(result, "Output/StdOut")),
            Section("stderr", text_at(result, "Output/StdErr")),
        ),
        tuple(Attachment(path.replace("\\", "/").rpartition("/")[2], path) for path in kept),
    )


def duration_of(text: str | None) -> float | None:
    """`00:00:01.5` in seconds."""
    found = _DURATION.fullmatch(text or "")
    if not found:
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups()[:3])
    return ((days * 24 + hours) * 60 + minutes) * 60 + (seconds(found[4]) or 0.0)


def _run_errors(root: Any) -> Iterator[Case]:
    """What ended the run: a host that crashed, a time limit."""
    for info in root.iterfind("ResultSummary/RunInfos/RunInfo"):
        if (info.get("outcome") or "").lower() in {"error", "failed", "aborted", "timeout"}:
            said = text_at(info, "Text")
            yield case("dotnet test", [AttemptResult("error", (Error(said, said, "collect"),))])


def _doubts(root: Any, cases: list[Case]) -> list[str]:
    """What the summary counts and no result names, and one that says failed where nothing did."""
    counters = root.find("ResultSummary/Counters")
    told = {} if counters is None else counters.attrib
    red = sum(bool(one.failures) for one in cases)
    counted = sum(_number(told.get(name)) for name in ("failed", "error", "timeout", "aborted"))
    if counted > red:
        return [f"failures that are counted but not named: {counted - red}"]
    summary = root.find("ResultSummary")
    failed = summary is not None and (summary.get("outcome") or "").lower() in {"failed", "error", "aborted"}
    return ["it says that the run failed, and names nothing that did"] if failed and not red else []


def _number(text: str | None) -> int:
    return count(seconds(text or "")) or 0 if text else 0
