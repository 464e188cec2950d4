"""Fixtures of a test as steps, in the order in which the pytest plugin saw them set up."""

from collections.abc import Iterator

from triagebot.reports.model import Case
from triagebot.steps.model import Step


def steps(case: Case) -> Iterator[Step]:
    """The fixtures of a test."""
    for fixture in case.trace.fixtures if case.trace else ():
        yield Step("fixture", fixture, quote=fixture)
