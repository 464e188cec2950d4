"""A run without secrets in the names by which it is known and remembered: its own, its tests', those of its files.

In: a `Run` and a way to take secrets out of a text that gives the same for the same text in every run. Out: the run with
other names where there was something to hide. What tests said (messages, tracebacks, output) stays as it is here: it
is hidden where it is shown, for signatures are made from it.
"""

from collections.abc import Callable
from dataclasses import replace

from triagebot.reports.model import Case, Failure, Problem, Run

Conceal = Callable[[str], str]


def concealed(run: Run, conceal: Conceal) -> Run:
    """The run with every name concealed. `conceal` must not depend on what it was given before: ids are compared over runs."""
    names = "\n".join([*_of_run(run), *(case.test for case in run.cases), *(case.join for case in run.cases)])
    if conceal(names) == names:
        return run
    return replace(
        run,
        id=conceal(run.id),
        cases=tuple(_case(case, conceal) for case in run.cases),
        environment=_maybe(run.environment, conceal),
        branch=_maybe(run.branch, conceal),
        commit=_maybe(run.commit, conceal),
        revision=_maybe(run.revision, conceal),
        url=_maybe(run.url, conceal),
        problems=tuple(Problem(conceal(p.path), conceal(p.reason)) for p in run.problems),
    )


def _of_run(run: Run) -> list[str]:
    """The run's own names, and what is said of files that could not be read."""
    own = (run.id, run.environment, run.branch, run.commit, run.revision, run.url)
    told = (text for problem in run.problems for text in (problem.path, problem.reason))
    return [*filter(None, own), *told]


def _maybe(text: str | None, conceal: Conceal) -> str | None:
    return None if text is None else conceal(text)


def _case(case: Case, conceal: Conceal) -> Case:
    """A case under concealed ids, its failures with it."""
    test, join = conceal(case.test), conceal(case.join)
    if (test, join) == (case.test, case.join):
        return case
    attempts = tuple(
        replace(attempt, failures=tuple(_failure(failure, conceal) for failure in attempt.failures))
        for attempt in case.attempts
    )
    return replace(case, test=test, join=join, attempts=attempts)


def _failure(failure: Failure, conceal: Conceal) -> Failure:
    return replace(failure, test=conceal(failure.test), join=conceal(failure.join))
