"""Functions of the code under test as steps: the first call of each, as the pytest plugin saw it."""

from collections.abc import Iterator
from functools import lru_cache

from triagebot.reports.model import Call, Case
from triagebot.steps.model import Step


def steps(case: Case) -> Iterator[Step]:
    """The first calls of a test, in their order."""
    return map(_step, case.trace.calls if case.trace else ())


@lru_cache(maxsize=16_384)
def _step(call: Call) -> Step:
    """A call as a step; tests of one run make the same ones."""
    return Step("function", call.function, call.caller, call.place, call.function)
