"""xUnit.net's XML, version 2 and 3: assemblies, collections, tests.

In: a `File`. Out: a `Report`. Errors outside the tests (a fixture's clean-up) are cases of their own.
Source: https://xunit.net/docs/format-xml-v2 and format-xml-v3.
"""

from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.model import Case, CaseOutcome, Phase, Report, Section
from triagebot.reports.outcomes import meaning
from triagebot.reports.runner_cases import AttemptResult, Error, case, instant, raised, report, seconds
from triagebot.reports.xml_documents import document_of, root_of, text_at

NAME = "xunit-net"


def looks(head: str) -> bool:
    """Whether a text starts like xUnit.net's XML."""
    return root_of(head) in {"assemblies", "assembly"}


def read(file: File) -> Report:
    """The Report of an xUnit.net file."""
    root, problems = document_of(file, frozenset({"assemblies", "assembly"}), "test")
    assemblies = [root] if root.tag == "assembly" else root.findall("assembly")
    cases = [one for assembly in assemblies for one in _cases(assembly, several=len(assemblies) > 1)]
    counted = sum(int(seconds(assembly.get("failed")) or 0) for assembly in assemblies)
    missing = counted - sum(bool(one.failures) for one in cases) if not problems else 0
    durations = [seconds(assembly.get("time")) for assembly in assemblies]
    return report(
        file,
        NAME,
        cases,
        started=instant(root.get("start-rtf")),
        duration_s=sum(took for took in durations if took is not None) if any(durations) else None,
        complete=not problems,
        problems=problems,
        doubts=[f"failures that are counted but not named: {missing}"] if missing > 0 else [],
    )


def _cases(assembly: Any, *, several: bool) -> Iterator[Case]:
    name = (assembly.get("name") or "").replace("\\", "/").rpartition("/")[2]
    project = name if several else ""
    for test in assembly.iter("test"):
        yield case(test.get("name") or "", [_result(test)], project)
    for error in assembly.iterfind("errors/error"):
        kind = error.get("type") or "error"
        phase: Phase = "teardown" if "cleanup" in kind else "setup"
        yield case(
            f"{error.get('name') or name} ({kind})",
            [AttemptResult("error", (_error(error, phase),))],
            project,
        )


def _result(test: Any) -> AttemptResult:
    means = meaning(test.get("result") or "")
    outcome: CaseOutcome = "passed" if means == "green" else "skipped" if means == "skipped" else "failed"
    if (test.get("result") or "") == "NotRun":
        outcome = "skipped"
    output = (Section("output", text_at(test, "output")),)
    return AttemptResult(outcome, (_error(test, "call"),), seconds(test.get("time")), output)


def _error(element: Any, phase: Phase) -> Error:
    return raised(text_at(element, "failure/message"), text_at(element, "failure/stack-trace"), phase=phase)
