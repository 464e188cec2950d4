"""Functions of the code under test as steps: the first call of each, as the pytest plugin saw it."""

from collections.abc import Iterator

from triagebot.reports.model import Case
from triagebot.steps.model import Step


def steps(case: Case) -> Iterator[Step]:
    """The first calls of a test, in their order."""
    for call in case.trace.calls if case.trace else ():
        yield Step("function", call.function, call.caller, call.place, call.function)
