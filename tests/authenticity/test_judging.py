"""Whether passes were real: the numbers that are named, and what is never called real."""

from datetime import UTC, datetime

import pytest

from triagebot.authenticity import judgements, with_unproven
from triagebot.config import Suite
from triagebot.config.amounts import duration_text, seconds, share
from triagebot.history import flaky_tests, proves_gone
from triagebot.history.model import Past
from triagebot.reports.model import Attempt, Case, Contact, Run, Section, Totals, Trace
from triagebot.steps import green_paths
from triagebot.stores.rows import run_file
from triagebot.stores.run_files import decode, encode, path_of

NOW = datetime(2025, 9, 10, tzinfo=UTC)
API, WS = "https://api.staging.example", "wss://api.staging.example"
GET = Contact("GET", "api.staging.example", "/me", "200")
CHAT = Contact("ws connect", "api.staging.example", "/ws", "101")
PLAIN = Contact("connect", "api.staging.example")
MOCK = Contact("mock GET", "api.staging.example", "/me", "200")
FAKE = Contact("GET", "localhost:8080", "/me", "200")


def case(n, *contacts, took=5.0, outcome="passed", traced=True, fixtures=(), log=""):
    name = f"e2e/test_1.py::test_{n}"
    trace = Trace(contacts=contacts, fixtures=fixtures) if traced else None
    sections = (Section("Captured log call", log),) if log else ()
    return Case(name, f"e2e.test_1.test_{n}", outcome, (Attempt(outcome, (), took, sections),), trace=trace)


def run(*cases):
    return Run("r", ("pytest-json",), cases, Totals(len(cases)), "passed", commit="c")


def suite(**given):
    return Suite(match="e2e/*", name="chats", **given)


def encoded(file):
    return path_of(file), encode(file)


def said(found):
    return [(one.state, one.said, dict(one.unproven)) for one in found]


T = "e2e.test_1.test_"
REAL = "chats: 10 s for 2 tests, 2 connections to api.staging.example (https): these were real calls"
ROWS = [
    ("nothing is asked", {}, [case(1)], []),
    ("nothing passed", {"min_duration": "1s"}, [case(1, outcome="skipped"), case(2, outcome="failed")], []),
    ("long enough", {"min_duration": "10s"}, [case(1), case(2)], [("real", "chats: 10 s for 2 tests (at least 10 s)", {})]),
    ("too fast", {"min_duration": "2m"}, [case(1, took=0.6), case(2, took=0.6)], [("unproven", "chats: 2 unproven passes (2 × too fast): 1.2 s for 2 tests (at least 2 min)", {f"{T}1": "1.2 s for 2 tests", f"{T}2": "1.2 s for 2 tests"})]),
    ("0.00 s", {"min_duration": "1s"}, [case(1, took=0.0)], [("unproven", "chats: 1 unproven pass (1 × too fast): 0.00 s for 1 test (at least 1 s)", {f"{T}1": "0.00 s for 1 test"})]),
    ("time of failing tests counts", {"min_duration": "10s"}, [case(1), case(2, outcome="failed")], [("real", "chats: 10 s for 2 tests (at least 10 s)", {})]),
    ("nobody says how long", {"min_duration": "10s"}, [case(1, took=None)], [("not known", "chats: 1 test (at least 10 s); how long its tests took is not known", {})]),
    ("reached", {"requires": (API,)}, [case(1, GET), case(2, GET)], [("real", REAL, {})]),
    ("a plain connection reaches, too", {"requires": (API,)}, [case(1, PLAIN), case(2, GET)], [("real", REAL, {})]),
    ("one reached nothing", {"requires": (API,)}, [case(1, GET, GET), case(2)], [("unproven", "chats: 1 unproven pass (1 × it reached none of api.staging.example): 10 s for 2 tests, 2 connections to api.staging.example (https)", {f"{T}2": "it reached none of api.staging.example"})]),
    ("nobody reached it", {"requires": (API,)}, [case(1)], [("unproven", "chats: 1 unproven pass (1 × 0 connections to api.staging.example): 5 s for 1 test, 0 connections to api.staging.example (https)", {f"{T}1": "0 connections to api.staging.example"})]),
    ("a fake elsewhere", {"requires": (API,)}, [case(1, FAKE)], [("unproven", "chats: 1 unproven pass (1 × 0 connections to api.staging.example): 5 s for 1 test, 0 connections to api.staging.example (https)", {f"{T}1": "0 connections to api.staging.example"})]),
    ("HTTP is no WebSocket", {"requires": (WS,)}, [case(1, GET)], [("unproven", "chats: 1 unproven pass (1 × 0 connections to api.staging.example): 5 s for 1 test, 0 connections to api.staging.example (wss)", {f"{T}1": "0 connections to api.staging.example"})]),
    ("both ways", {"requires": (API, WS)}, [case(1, GET), case(2, CHAT)], [("real", "chats: 10 s for 2 tests, 1 connection to api.staging.example (https), 1 connection to api.staging.example (wss): these were real calls", {})]),
    ("a glob over hosts", {"requires": ("https://*.staging.example",)}, [case(1, GET)], [("real", "chats: 5 s for 1 test, 1 connection to *.staging.example (https): these were real calls", {})]),
    ("a port that is named counts", {"requires": ("http://localhost:9090",)}, [case(1, FAKE)], [("unproven", "chats: 1 unproven pass (1 × 0 connections to localhost:9090): 5 s for 1 test, 0 connections to localhost:9090 (http)", {f"{T}1": "0 connections to localhost:9090"})]),
    ("any port where none is named", {"requires": ("http://localhost",)}, [case(1, FAKE)], [("real", "chats: 5 s for 1 test, 1 connection to localhost (http): these were real calls", {})]),
    ("no trace, no logs: never real", {"requires": (API,)}, [case(1, traced=False)], [("not known", "chats: 5 s for 1 test; traffic of 1 test is not known (no trace of the pytest plugin, and no log that names the service)", {})]),
    ("logs name it", {"requires": (API,)}, [case(1, traced=False, log="GET https://api.staging.example/me -> 200")], [("real", "chats: 5 s for 1 test, 1 log that names api.staging.example (https): these were real calls", {})]),
    ("logs name another", {"requires": (API,)}, [case(1, traced=False, log="GET http://localhost/me -> 200")], [("not known", "chats: 5 s for 1 test; traffic of 1 test is not known (no trace of the pytest plugin, and no log that names the service)", {})]),
    ("a mock answered", {"no_mocks": True}, [case(1, MOCK)], [("unproven", "chats: 1 unproven pass (1 × a mock answered for api.staging.example): 5 s for 1 test", {f"{T}1": "a mock answered for api.staging.example"})]),
    ("a mock is no connection", {"requires": (API,)}, [case(1, MOCK)], [("unproven", "chats: 1 unproven pass (1 × 0 connections to api.staging.example): 5 s for 1 test, 0 connections to api.staging.example (https)", {f"{T}1": "0 connections to api.staging.example"})]),
    ("a fixture that mocks", {"no_mocks": True}, [case(1, fixtures=("httpx_mock",))], [("unproven", "chats: 1 unproven pass (1 × the fixture httpx_mock answered in the place of a service): 5 s for 1 test", {f"{T}1": "the fixture httpx_mock answered in the place of a service"})]),
    ("whether there were mocks is not known", {"no_mocks": True}, [case(1, traced=False)], [("not known", "chats: 5 s for 1 test; whether mocks took part is not known (no trace of the pytest plugin)", {})]),
    ("mocks that nobody forbids", {}, [case(1, MOCK)], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "cases", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_a_suite_is_judged_by_its_numbers(given, cases, expected):
    assert said(judgements(run(*cases), [suite(**given)])) == expected


def test_of_a_part_of_a_suite_less_time_is_asked():
    fast = run(case(1, took=2.0), case(2, took=2.0))
    (whole,) = judgements(fast, [suite(min_duration="10s")])
    (part,) = judgements(fast, [suite(min_duration="10s")], {"chats": 10})
    assert (whole.state, part.state) == ("unproven", "real")
    assert part.said == "chats: 4 s for 2 tests (at least 2 s)"


def test_an_unproven_pass_is_no_proof_anywhere():
    read = run(case(1, GET), case(2))
    marked = with_unproven(read, judgements(read, [suite(requires=(API,))]))
    one, two = f"{T}1", f"{T}2"
    assert proves_gone(read, {one, two})
    assert proves_gone(marked, {one})
    assert not proves_gone(marked, {two})
    assert [*green_paths(marked)] == [one]
    assert [(kept.test, kept.outcome) for kept in run_file(marked, (), None).results] == [
        (one, "passed"),
        (two, "unproven"),
    ]
    assert run_file(marked, (), NOW) == decode(*encoded(run_file(marked, (), NOW)))
    assert flaky_tests(Past(), marked) == frozenset()


@pytest.mark.parametrize(("text", "length"), [("30s", 30), ("20m", 1200), ("1h 30m", 5400), ("1h30m", 5400), ("2d", 172800), ("1.5 h", 5400), ("250ms", 0.25), ("5 min", 300)])  # fmt: skip
def test_lengths_of_time(text, length):
    assert seconds(text) == pytest.approx(length)


@pytest.mark.parametrize("text", ["", "5", "s", "soon", "5 weeks", "-3s", "1h x"])
def test_what_is_no_length_of_time(text):
    with pytest.raises(ValueError, match="is no length of time; write it as"):
        seconds(text)


@pytest.mark.parametrize(("length", "words"), [(0.004, "0.00 s"), (1.2, "1.2 s"), (59.4, "59.4 s"), (120, "2 min"), (131, "2 min 11 s"), (5400, "1 h 30 min"), (259200, "3 days")])  # fmt: skip
def test_seconds_as_people_say_them(length, words):
    assert duration_text(length) == words


def test_shares():
    assert (share("100%"), share("99.5 %")) == (1.0, 0.995)
    for odd in ("", "1", "101%", "all"):
        with pytest.raises(ValueError, match="is no share"):
            share(odd)
