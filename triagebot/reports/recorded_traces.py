"""Traces as the pytest plugin writes them, as values, and put beside the cases of which they tell.

In: a trace as JSON, the list of functions to which its numbers refer; reports, some of which are files of traces. Out: `Trace`s, cases that carry them. What
is odd in a trace is left out: no word of it decides how a test ended.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from triagebot.reports.json_values import items, mapping, moment, number, string
from triagebot.reports.model import Call, Contact, Problem, Report, Trace

FORMAT = "triagebot-trace"
_MOST = 2_000
_CHARS = 600


class Calls(dict[str, Call | None]):
    """Calls by the plugin's word for them, `3<0`; None for a word that names no function. Each is made once."""

    def __init__(self) -> None:
        super().__init__()
        self._functions: list[tuple[str, str]] = []

    def more(self, functions: Any) -> None:
        """Takes in functions that get the next numbers, each `module:qualname path:line`."""
        for function in items(functions):
            name, _, place = string(function)[:_CHARS].partition(" ")
            self._functions.append((name, place))

    def __missing__(self, word: str) -> Call | None:
        called, _, caller = word.partition("<")
        found = self._function(called)
        self[word] = call = Call(found[0], self._function(caller)[0], found[1]) if found[0] else None
        return call

    def _function(self, digits: str) -> tuple[str, str]:
        """The function of a number and where it stands."""
        at = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else -1
        return self._functions[at] if 0 <= at < len(self._functions) else ("", "")


def trace_of(value: Any, calls: Calls) -> Trace | None:
    """One trace; None for what is none."""
    held = mapping(value)
    if not held:
        return None
    words = string(held.get("calls")).split()[:_MOST]
    return Trace(
        moment(number(held.get("start"))),
        moment(number(held.get("end"))),
        tuple(filter(None, map(calls.__getitem__, words))),
        tuple(_contacts(items(held.get("contacts"))[:_MOST])),
        _texts(held.get("fixtures")),
        _texts(held.get("absent")),
    )


def _texts(value: Any) -> tuple[str, ...]:
    """A list of names."""
    return tuple(string(text)[:_CHARS] for text in items(value)[:_MOST])


def _contacts(values: Iterable[Any]) -> Iterator[Contact]:
    """What a test sent to others."""
    for value in values:
        held = items(value)
        if len(held) == 5:
            action, host, path, status = (string(text)[:_CHARS] for text in held[:4])
            yield Contact(action, host, path, status, moment(number(held[4])))


def attached(reports: Sequence[Report]) -> tuple[list[Report], list[Problem]]:
    """The reports without files of traces, their cases with the traces that those hold, and what is to be said of such files.

    A case gets its trace from the file that lies nearest to its report: beside it under its name, beside it, or
    further up and down the folders.
    """
    traces = [report for report in reports if report.format == FORMAT]
    held = [report for report in reports if report.format != FORMAT]
    problems = [problem for report in traces for problem in report.problems]
    if traces and not held:
        reason = "traces of tests, no report: give the report beside which they were written as well"
        return [replace(traces[0], readable=False, complete=False)], [Problem(traces[0].path, reason)]
    by_test = [(report, dict(report.traces)) for report in traces]
    return [_with_traces(report, by_test) for report in held], problems


def _with_traces(report: Report, files: Sequence[tuple[Report, dict[str, Trace]]]) -> Report:
    """A report whose cases have traces."""
    if not files:
        return report
    near = [held for _, held in sorted(files, key=lambda file: _distance(report.path, file[0].path))]
    cases = (
        case
        if case.trace
        else replace(case, trace=next((held[case.join] for held in near if case.join in held), None))
        for case in report.cases
    )
    return replace(report, cases=tuple(cases))


def _distance(report: str, trace: str) -> tuple[int, bool, str]:
    """How far a file of traces lies from a report, smallest first."""
    here, there = PurePosixPath(report), PurePosixPath(trace)
    shared = 0
    for one, other in zip(here.parent.parts, there.parent.parts, strict=False):
        if one != other:
            break
        shared += 1
    steps = len(here.parent.parts) + len(there.parent.parts) - 2 * shared
    return steps, not there.name.startswith(f"{here.stem}."), trace
