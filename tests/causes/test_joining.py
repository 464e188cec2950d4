"""Which groups are one cause: tables of what joins and what never does, and properties of joining."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.causes.seen import GREEN, LOUD, OFFLINE, Seen, causes_of, together

ITEM = """
    def test_{item}{number}():
        data = shop.load(7)
>       assert data["{item}"] == "x"
E       AssertionError: assert None == 'x'

tests/test_a.py:{number}: AssertionError
"""
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
    "one function whose answer sends its callers different ways": [
        Seen("test_a", "AssertionError: assert 1 == 2", "", "app:rate app:load>app:end", "app:rate app:load>app:check"),
        Seen("test_b", "KeyError: 'x'", "", "app:rate app:save>app:end", "app:rate app:save>app:check"),
    ],
    "a status with and without its host": [
        Seen("test_a", "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.staging.example/a"),
        Seen("test_b", "AssertionError: got status code 503"),
    ],
    "three tables that are not there": [
        Seen(f"test_{name}", f'psycopg2.errors.UndefinedTable: relation "{name}" does not exist') for name in ("users", "orders", "items")
    ],
    "three assertions that show the same difference": [
        Seen(f"test_{number}", f"AssertionError: '{words}' != 'x'\n- <p>{words} ~a~ and more</p>\n+ <p>{words} <sub>a</sub> and more</p>\n")
        for number, words in enumerate(("one", "two", "three"))
    ],
    "three items of what one call gave, each missed by several tests": [
        Seen(f"test_{item}{number}", "AssertionError: assert None == 'x'", text=ITEM.format(item=item, number=number))
        for item in ("name", "price", "size") for number in range(3)
    ],
    "what two functions make of one value that is not there": [
        Seen("test_a", "TypeError: 'NoneType' object is not iterable", "", "app:load app:load>app:one", "app:load app:load>app:check", "app/a.py:9: in one\n    for each in rates:\n"),
        Seen("test_b", "TypeError: 'NoneType' object is not iterable", "", "app:load app:load>app:two", "app:load app:load>app:check", "app/b.py:9: in two\n    first, *rest = rates\n"),
    ],
    "one line of the code that three tests' own functions break": [
        Seen(name, f"TypeError: {name}.<locals>.call() missing 1 required positional argument: 'arg'", frames="app/a.py:9: in wrap\n    output = func(**given)\n")
        for name in ("test_a", "test_b", "test_c")
    ],
    "one line of the code that three wrong values reach": [
        Seen(f"test_{kind}", f"TypeError: descriptor 'date' for 'datetime' objects doesn't apply to a '{kind}' object", frames="app/a.py:9: in show\n    return format_one(value)\n")
        for kind in ("str", "int", "list")
    ],
    "what one call gave, taken apart in two functions": [
        Seen("test_a", "ValueError: not enough values to unpack (expected 2, got 1)", frames="app/a.py:9: in one\n    at, token = tokens.before(here)\n"),
        Seen("test_b", "ValueError: not enough values to unpack (expected 2, got 1)", frames="app/b.py:4: in two\n    _, last = self.before(dot, skip=False)\n"),
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
    "two assertions that show the same difference": [
        Seen(f"test_{words}", f"AssertionError: '{words}' != 'x'\n- <p>{words} ~a~ and more</p>\n+ <p>{words} <sub>a</sub> and more</p>\n") for words in ("one", "two")
    ],
    "three items of what one call gave, each missed by one test": [
        Seen(f"test_{item}", "AssertionError: assert None == 'x'", text=ITEM.format(item=item, number="")) for item in ("name", "price", "size")
    ],
    "two wrong values on one line": [
        Seen(f"test_{kind}", f"TypeError: descriptor 'date' for 'datetime' objects doesn't apply to a '{kind}' object", frames="app/a.py:9: in show\n    return format_one(value)\n")
        for kind in ("str", "int")
    ],
    "three keys that one lookup of the code does not have": [
        Seen(f"test_{key}", f"KeyError: '{key}'", frames="app/a.py:9: in field\n    return self.rows[name]\n") for key in ("color", "price", "weight")
    ],
    "three errors that the code raises on one line": [
        Seen(f"test_{key}", f"ValueError: no such field: '{key}' in cart", frames="app/a.py:9: in fail\n    raise ValueError(message)\n") for key in ("color", "price", "weight")
    ],
    "one error on lines that share a call of Python's own": [
        Seen("test_a", "ValueError: not enough values to unpack (expected 2, got 1)", frames="app/a.py:9: in one\n    at, token = rates.get(here)\n"),
        Seen("test_b", "ValueError: not enough values to unpack (expected 2, got 1)", frames="app/b.py:4: in two\n    name, host = hosts.get(name)\n"),
    ],
    "one error on lines that call different functions": [
        Seen("test_a", "ValueError: not enough values to unpack (expected 2, got 1)", frames="app/a.py:9: in one\n    at, token = tokens.before(here)\n"),
        Seen("test_b", "ValueError: not enough values to unpack (expected 2, got 1)", frames="app/b.py:4: in two\n    name, host = split_url(url)\n"),
    ],
    "what the error itself says of a call": [
        Seen("test_a", "AttributeError: 'NoneType' object has no attribute 'before'", frames="app/a.py:9: in one\n    at = tokens.before(here)\n"),
        Seen("test_b", "AttributeError: 'NoneType' object has no attribute 'before'", frames="app/b.py:4: in two\n    last = self.parts.before(dot)\n"),
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


LINES = (
    "started",
    OFFLINE,
    "service refused the order",
    "ERROR: cache is unreachable",
    "opened a socket",
    "{time} session {id}: connection lost",
)
ERRORS = (
    "", "", "", "KeyError: 'speed'", "IndexError: list index out of range", "AssertionError: got status code 503",
    "AssertionError: got status code 429", "ModuleNotFoundError: No module named 'alpha'", "ValueError: bad state", "RuntimeError: order {id} is lost",
)  # fmt: skip
PATHS = (
    ("", ""),
    ("app:load app:load>app:end", "app:load app:load>app:check"),
    ("app:save app:save>app:end", "app:save app:save>app:check"),
    ("app:load app:close", "app:load app:close"),
    ("app:rate app:load>app:end", "app:rate app:load>app:check"),
    ("app:rate app:save>app:end", "app:rate app:save>app:check"),
)
ROWS = st.tuples(st.sampled_from(ERRORS), st.sampled_from(LINES), st.sampled_from(PATHS))
SUITES = st.lists(ROWS, min_size=2, max_size=30).map(
    lambda rows: [Seen(f"test_{n}", error, line, *path) for n, (error, line, path) in enumerate(rows)]
)


def on(tests: list[Seen], **day: str) -> list[Seen]:
    """The same run on some day: with its times and ids."""
    return [replace(s, error=s.error.format(**day), printed=s.printed.format(**day)) for s in tests]


@settings(max_examples=50, deadline=None)
@given(SUITES, st.randoms(use_true_random=False))
def test_the_order_of_tests_changes_nothing(tests: list[Seen], rng) -> None:
    shuffled = tests[:]
    rng.shuffle(shuffled)
    assert together(shuffled) == together(tests)


@settings(max_examples=50, deadline=None)
@given(SUITES)
def test_an_unrelated_group_changes_nothing_among_the_rest(tests: list[Seen]) -> None:
    error, green = "ZeroDivisionError: division by zero in {}", "app:other app:other>app:check"
    others = [
        Seen(f"test_z{n}", error.format("sum"), "nothing of the sort", "app:other", green) for n in "ab"
    ]
    assert together([*tests, *others]) == together(tests) | {frozenset(["test_za", "test_zb"])}


@settings(max_examples=50, deadline=None)
@given(SUITES)
def test_renamed_tests_are_joined_alike(tests: list[Seen]) -> None:
    renamed = [replace(seen, name=f"test_other_{seen.name}") for seen in tests]
    assert together(renamed) == {
        frozenset(f"test_other_{name}" for name in names) for names in together(tests)
    }


@settings(max_examples=50, deadline=None)
@given(SUITES)
def test_another_day_joins_alike(tests: list[Seen]) -> None:
    one = on(tests, time="2026-09-10 10:00:01", id="3f2a91c07bd84e11")
    assert together(one) == together(on(tests, time="2026-10-02 23:59:59", id="9b1d77aa02c34f5e"))


@settings(max_examples=50, deadline=None)
@given(SUITES)
def test_every_group_is_in_one_cause_and_none_contradicts_another(tests: list[Seen]) -> None:
    found = causes_of(tests)
    keys = [key for cause in found for key in cause.keys]
    assert len(keys) == len(set(keys))
    for cause in found:
        statuses = {dict(g.signature.slots).get("status") for g in cause.groups} - {None}
        assert len(statuses) < 2
