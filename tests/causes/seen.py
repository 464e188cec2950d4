"""Runs made by hand: tests as a report tells them, and the causes that are found behind them."""

from dataclasses import dataclass

from triagebot.causes import Cause, causes, evidence_of
from triagebot.causes.divergence import divergences, shared_places
from triagebot.config import Config
from triagebot.groups import group
from triagebot.reports import Context, merge
from triagebot.reports.model import Attempt, Case, Failure, Report, Run, Section
from triagebot.steps import Step, TestPath, paths


@dataclass
class Seen:
    """A test as a report tells it: how it ended, what it printed, the functions that it ran and should have run."""

    name: str
    error: str = ""
    printed: str = "started\nasked for an answer"
    ran: str = ""
    green: str = ""
    frames: str = ""
    teardown: str = ""
    text: str = ""


def case(seen: Seen) -> Case:
    test = f"tests/test_a.py::{seen.name}"
    join = f"tests.test_a.{seen.name}"
    captured = (("Captured stdout call", seen.printed), ("Captured stdout teardown", seen.teardown))
    sections = tuple(Section(name, text) for name, text in captured if text)
    if not seen.error:
        return Case(test, join, "passed", (Attempt("passed", sections=sections),))
    text = seen.text or f"tests/test_a.py:7: in {seen.name}\n    call()\n{seen.frames}E   {seen.error}\n"
    failure = Failure(test, join, "call", seen.error, text, (), sections)
    return Case(test, join, "failed", (Attempt("failed", (failure,), sections=sections),))


def run_of(tests: list[Seen]) -> Run:
    return merge([Report("r.json", "0" * 64, "pytest-json", tuple(map(case, tests)))], Context())


def traced(tests: list[Seen], which: str) -> dict[str, TestPath]:
    """Paths of functions: `a>b` is the call of b by a."""
    found = {}
    for seen in tests:
        calls = [call.partition(">") for call in getattr(seen, which).split()]
        steps = tuple(
            Step("function", called or caller, caller if called else "") for caller, _, called in calls
        )
        found[f"tests.test_a.{seen.name}"] = TestPath(f"tests.test_a.{seen.name}", steps)
    return found


def causes_of(tests: list[Seen]) -> tuple[Cause, ...]:
    run = run_of(tests)
    passed = traced([t for t in tests if not t.error], "ran").values()
    left = divergences(traced([t for t in tests if t.error], "ran"), traced(tests, "green"), passed)
    return causes(group(run, Config()), evidence_of(run, paths(run)), shared_places(left))


def together(tests: list[Seen]) -> set[frozenset[str]]:
    """Names of the tests of each cause."""
    return {
        frozenset(f.test.rpartition("::")[2] for g in cause.groups for f in g.failures)
        for cause in causes_of(tests)
    }


GREEN = [Seen(f"test_ok_{n}") for n in range(12)]
OFFLINE = "asked\nanswer: device pump-7 is offline"
LOUD = "app/{}.py:9: in {}\n    raise error\n"
