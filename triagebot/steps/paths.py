"""All sources put together: what each test of a run did, and which of these paths are green.

In: a run, logs that lay beside it, roles of hosts. Out: paths by join id. Of a test that ran in several legs, the path is that of the first leg
in which it failed, else of the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from triagebot.reports.model import Case, Run
from triagebot.reports.test_names import shared_name
from triagebot.steps import contacts, fixtures, functions, records, values
from triagebot.steps.model import LogText, StepSource, TestPath

_NO_ROLES: Mapping[str, str] = MappingProxyType({})
_TRACED: tuple[StepSource, ...] = ("fixture", "function", "contact")
_CAPTURED: tuple[StepSource, ...] = ("log", "output")


def paths(
    run: Run, logs: Sequence[LogText] = (), hosts: Mapping[str, str] = _NO_ROLES
) -> Mapping[str, TestPath]:
    """The path of every test of a run by its join id. `logs` are redacted; those of passing runs are left out.

    The values that failures show are not among the steps: no passing test shows any, so that they set nothing apart. `with_values` adds them.
    """
    return _paths(run, _chosen(run), logs, hosts)


def with_values(path: TestPath, run: Run) -> TestPath:
    """A test's path with the values that its failures show as its last steps."""
    case = _chosen(run).get(path.test)
    shown = tuple(values.steps(case)) if case else ()
    return replace(
        path, steps=(*path.steps, *shown), absent=tuple(s for s in path.absent if s != "value" or not shown)
    )


def green_paths(
    run: Run, logs: Sequence[LogText] = (), hosts: Mapping[str, str] = _NO_ROLES
) -> Mapping[str, TestPath]:
    """The paths of the tests that this run proves green: they passed in every leg, at the first attempt, and no word is doubted."""
    green = proven(run)
    chosen = {join: case for join, case in _chosen(run).items() if join in green}
    return _paths(run, chosen, logs, hosts)


def _paths(
    run: Run, chosen: Mapping[str, Case], logs: Sequence[LogText], hosts: Mapping[str, str]
) -> Mapping[str, TestPath]:
    """The paths of these cases by join id."""
    if not chosen:
        return {}
    window = records.Window(logs, records.day_of(run.started))
    captured = _captured(run)
    return {join: _path(case, window, captured, hosts) for join, case in chosen.items()}


def proven(run: Run) -> frozenset[str]:
    """Join ids of the tests that passed at the first attempt wherever they ran; none of a run that contradicts itself."""
    if run.doubted:
        return frozenset()
    unclean = {c.join for c in run.cases if c.outcome != "passed" or len(c.attempts) != 1 or c.unproven}
    return frozenset({case.join for case in run.cases if shared_name(case.join) == case.join} - unclean)


def _chosen(run: Run) -> dict[str, Case]:
    """One case for each join id."""
    found: dict[str, Case] = {}
    for case in run.cases:
        before = found.get(case.join)
        if before is None or (case.failures and not before.failures):
            found[case.join] = case
    return found


def _captured(run: Run) -> set[tuple[StepSource, bool]]:
    """(source, whether of failing tests) of what the reports carry at all: many leave out what passing tests printed."""
    return {(source, bool(case.failures)) for case in run.cases for source in records.sources(case)}


def _path(
    case: Case, window: records.Window, captured: set[tuple[StepSource, bool]], hosts: Mapping[str, str]
) -> TestPath:
    """The path of one case."""
    steps = (
        *fixtures.steps(case),
        *functions.steps(case),
        *contacts.steps(case, hosts),
        *records.steps(case, window),
    )
    return TestPath(case.join, steps, _absent(case, window, captured))


def _absent(
    case: Case, window: records.Window, captured: set[tuple[StepSource, bool]]
) -> tuple[StepSource, ...]:
    """The sources of which nothing was recorded for a case."""
    trace = case.trace
    timed = bool(window) and trace is not None and trace.started is not None and trace.ended is not None
    red = bool(case.failures)
    return (
        *(source for source in _TRACED if trace is None or source in trace.absent),
        *(s for s in _CAPTURED if (s, red) not in captured and not (s == "log" and timed)),
        "value",
    )
