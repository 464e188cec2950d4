"""Which groups are one cause: tables of what joins and what never does, and properties of joining."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triagebot.causes import Cause, causes, evidence_of
from triagebot.causes.divergence import divergences
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
    tests: int = field(default=1)


def case(seen: Seen) -> Case:
    test = f"tests/test_a.py::{seen.name}"
    join = f"tests.test_a.{seen.name}"
    sections = (Section("Captured stdout call", seen.printed),) if seen.printed else ()
    if not seen.error:
        return Case(test, join, "passed", (Attempt("passed", sections=sections),))
    text = f"{seen.frames}tests/test_a.py:7: in {seen.name}\n    call()\nE   {seen.error}\n"
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
    return causes(
        group(run, Config()), evidence_of(run, paths(run)), {test: one.place for test, one in left.items()}
    )


def together(tests: list[Seen]) -> set[frozenset[str]]:
    """Names of the tests of each cause."""
    return {
        frozenset(f.test.rpartition("::")[2] for g in cause.groups for f in g.failures)
        for cause in causes_of(tests)
    }


GREEN = [Seen(f"test_ok_{n}") for n in range(12)]
OFFLINE = "asked\nanswer: device pump-7 is offline"
LOUD = "app/{}.py:9: in {}\n    raise error\n"

JOINED = {
    "one telling line, three ways to fail": [
        Seen("test_a", "AssertionError: assert None == 'on'", OFFLINE),
        Seen("test_b", "IndexError: list index out of range", OFFLINE),
        Seen("test_c", "KeyError: 'speed'", OFFLINE),
        *GREEN,
    ],
    "one place where the green path is left": [
        Seen("test_a", "AssertionError: assert 1 == 2", "", "app:load app:load>app:parse", "app:load app:load>app:check"),
        Seen("test_b", "KeyError: 'x'", "", "app:load app:load>app:end", "app:load app:load>app:check"),
    ],
    "a status with and without its host": [
        Seen("test_a", "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.staging.example/a"),
        Seen("test_b", "AssertionError: got status code 503"),
    ],
    "three tables that are not there": [
        Seen(f"test_{name}", f'psycopg2.errors.UndefinedTable: relation "{name}" does not exist') for name in ("users", "orders", "items")
    ],
    "three modules that are not there": [
        Seen(f"test_{name}", f"ModuleNotFoundError: No module named '{name}'") for name in ("alpha", "beta", "gamma")
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", JOINED)
def test_these_are_one_cause(name: str) -> None:
    tests = JOINED[name]
    assert together(tests) == {frozenset(seen.name for seen in tests if seen.error)}


APART = {
    "two statuses behind one line": [
        Seen("test_a", "AssertionError: got status code 503", OFFLINE),
        Seen("test_b", "AssertionError: got status code 429", OFFLINE),
        *GREEN,
    ],
    "two hosts behind one line": [
        Seen("test_a", "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.one.example/a", OFFLINE),
        Seen("test_b", "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.two.example/a", OFFLINE),
        *GREEN,
    ],
    "sent and received": [
        Seen("test_a", "websockets.exceptions.ConnectionClosedError: received 1011 (internal error); then sent 1011 (internal error)", OFFLINE),
        Seen("test_b", "websockets.exceptions.ConnectionClosedError: sent 1011 (internal error); no close frame received", OFFLINE),
        *GREEN,
    ],
    "a line that every failing test prints, whatever failed": [
        Seen("test_a", "AssertionError: got status code 503", "teardown: test failed, dumping state"),
        Seen("test_b", "AssertionError: got status code 404", "teardown: test failed, dumping state"),
        Seen("test_c", "KeyError: 'x'", "teardown: test failed, dumping state"),
        *GREEN,
    ],
    "a line that a passing test prints, too": [
        Seen("test_a", "KeyError: 'speed'", OFFLINE),
        Seen("test_b", "IndexError: list index out of range", OFFLINE),
        Seen("test_ok", printed=OFFLINE),
        *GREEN,
    ],
    "one passing test only": [
        Seen("test_a", "KeyError: 'speed'", OFFLINE),
        Seen("test_b", "IndexError: list index out of range", OFFLINE),
        Seen("test_ok"),
    ],
    "passing tests of which nothing was recorded": [
        Seen("test_a", "KeyError: 'speed'", OFFLINE),
        Seen("test_b", "IndexError: list index out of range", OFFLINE),
        *[Seen(f"test_ok_{n}", printed="") for n in range(20)],
    ],
    "chatter that says nothing of an error": [
        Seen("test_a", "KeyError: 'speed'", "opened the connection to pump-7"),
        Seen("test_b", "IndexError: list index out of range", "opened the connection to pump-7"),
        *GREEN,
    ],
    "two errors that two functions of the code raise": [
        Seen("test_a", "ValueError: bad state", OFFLINE, frames=LOUD.format("store", "save")),
        Seen("test_b", "KeyError: 'speed'", OFFLINE, frames=LOUD.format("pump", "speed")),
        *GREEN,
    ],
    "two variables that two functions read": [
        Seen("test_a", "KeyError: 'API_TOKEN'", frames="app/a.py:9: in one\n    os.environ['API_TOKEN']\n<frozen os>:7: in __getitem__\n    ???\n"),
        Seen("test_b", "KeyError: 'DB_URL'", frames="app/b.py:9: in two\n    os.environ['DB_URL']\n<frozen os>:7: in __getitem__\n    ???\n"),
    ],
    "two tables only": [
        Seen(f"test_{name}", f'psycopg2.errors.UndefinedTable: relation "{name}" does not exist') for name in ("users", "orders")
    ],
    "two places where green paths are left": [
        Seen("test_a", "AssertionError: assert 1 == 2", "", "app:load app:load>app:parse", "app:load app:load>app:check"),
        Seen("test_b", "KeyError: 'x'", "", "app:save app:save>app:end", "app:save app:save>app:check"),
    ],
    "two tests that ran as ever and end as passing ones do": [
        Seen("test_a", "AssertionError: assert 1 == 2", "", "app:load app:close", "app:load app:close"),
        Seen("test_b", "KeyError: 'x'", "", "app:save app:close", "app:save app:close"),
        Seen("test_ok", "", "", "app:read app:close", "app:read app:close"),
    ],
    "a status of which two hosts may be meant": [
        Seen("test_a", "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.one.example/a"),
        Seen("test_b", "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.two.example/a"),
        Seen("test_c", "AssertionError: got status code 503"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", APART)
def test_these_stay_apart(name: str) -> None:
    tests = APART[name]
    assert together(tests) == {frozenset([seen.name]) for seen in tests if seen.error}


def test_a_cause_says_what_sets_its_tests_apart() -> None:
    (cause,) = causes_of(JOINED["one telling line, three ways to fail"])
    (found,) = cause.explanations
    assert (found.failing_with, found.failing, found.passing_with, found.passing) == (3, 3, 0, 12)
    assert found.quote == "answer: device pump-7 is offline"
    assert {join.rule for join in cause.joins} == {"item"}


def test_few_passing_tests_explain_nothing() -> None:
    tests = [Seen("test_a", "KeyError: 'speed'", OFFLINE), Seen("test_ok")]
    assert [cause.explanations for cause in causes_of(tests)] == [()]


LINES = ("started", OFFLINE, "service refused the order", "ERROR: cache is unreachable", "opened a socket")
ERRORS = (
    "", "", "", "KeyError: 'speed'", "IndexError: list index out of range", "AssertionError: got status code 503",
    "AssertionError: got status code 429", "ModuleNotFoundError: No module named 'alpha'", "ValueError: bad state",
)  # fmt: skip
SUITES = st.lists(st.tuples(st.sampled_from(ERRORS), st.sampled_from(LINES)), min_size=2, max_size=30).map(
    lambda rows: [Seen(f"test_{n}", error, line) for n, (error, line) in enumerate(rows)]
)


@settings(max_examples=60, deadline=None)
@given(SUITES, st.randoms(use_true_random=False))
def test_the_order_of_tests_changes_nothing(tests: list[Seen], rng) -> None:
    shuffled = tests[:]
    rng.shuffle(shuffled)
    assert together(shuffled) == together(tests)


@settings(max_examples=60, deadline=None)
@given(SUITES)
def test_an_unrelated_failure_changes_nothing_among_the_rest(tests: list[Seen]) -> None:
    other = Seen("test_zz", "ZeroDivisionError: division by zero", "nothing of the sort")
    assert together([*tests, other]) == together(tests) | {frozenset(["test_zz"])}


@settings(max_examples=60, deadline=None)
@given(SUITES)
def test_renamed_tests_are_joined_alike(tests: list[Seen]) -> None:
    renamed = [Seen(f"test_other_{seen.name}", seen.error, seen.printed) for seen in tests]
    assert together(renamed) == {
        frozenset(f"test_other_{name}" for name in names) for names in together(tests)
    }


@settings(max_examples=60, deadline=None)
@given(SUITES)
def test_every_group_is_in_one_cause_and_none_contradicts_another(tests: list[Seen]) -> None:
    found = causes_of(tests)
    keys = [key for cause in found for key in cause.keys]
    assert len(keys) == len(set(keys))
    for cause in found:
        statuses = {dict(g.signature.slots).get("status") for g in cause.groups} - {None}
        assert len(statuses) < 2
