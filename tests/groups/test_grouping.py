"""Failures of one key together, the most urgent first; red without a failing case under a key of its own."""

from dataclasses import replace

import pytest

from tests.signatures.said import failure, long_text
from triagebot.config import Config, load
from triagebot.groups import group
from triagebot.groups.impact import risk_text
from triagebot.groups.model import Impact, Risk
from triagebot.groups.victims import under_causes
from triagebot.reports.model import Attempt, Case, Failure, Problem, Run, Totals

DOWN = long_text("ConnectionRefusedError", "[Errno 111] Connect call failed ('127.0.0.1', 5432)")
CART = long_text("CartError", "cart {} is empty")
ENV = long_text("KeyError", "'STAGING_DB_URL'")


def run_of(
    *failures: Failure, status: str = "failed", exit_code: int | None = 1, problems: tuple[Problem, ...] = ()
) -> Run:
    cases = tuple(Case(f.test, f.join, "failed", (Attempt("failed", (f,)),)) for f in failures)
    return Run(
        "r",
        ("pytest-json",),
        cases,
        Totals(len(cases), failed=len(cases)),
        status,
        exit_code=exit_code,
        problems=problems,
    )


def red(text: str, test: str) -> Failure:
    return failure("", text, test=test)


def test_one_key_is_one_group_and_tests_are_named_once():
    run = run_of(
        red(CART.format(1), "t.py::a"), red(CART.format(2), "t.py::b"), red(CART.format(3), "t.py::a")
    )
    (found,) = group(run, Config())
    assert found.tests == ("t.py::a", "t.py::b")
    assert len(found.failures) == 3
    assert found.exemplar is found.failures[0]


def test_every_failure_is_in_exactly_one_group():
    run = run_of(red(CART.format(1), "a"), red(DOWN, "b"), red(ENV, "c"), red(DOWN, "d"))
    assert sorted(f.test for g in group(run, Config()) for f in g.failures) == ["a", "b", "c", "d"]


def test_groups_are_ordered_by_priority_then_breadth_then_key():
    config = load('[[suites]]\nmatch = "pay.py"\npriority = "P1"', "t")
    run = run_of(red(DOWN, "a.py::a"), red(DOWN, "a.py::b"), red(ENV, "a.py::c"), red(CART, "pay.py::d"))
    assert [g.signature.kind for g in group(run, config)] == ["error", "connection", "env"]


def test_the_order_of_failures_changes_neither_keys_nor_order():
    failures = [red(CART.format(n), f"t.py::{n}") for n in range(4)] + [red(DOWN, "x"), red(ENV, "y")]
    forth, back = group(run_of(*failures), Config()), group(run_of(*reversed(failures)), Config())
    assert [(g.key, set(g.tests)) for g in forth] == [(g.key, set(g.tests)) for g in back]


def test_subtests_of_two_tests_are_two_groups():
    said = "contains 2 failed subtests"
    failures = [Failure(f"a.py::{name}", f"a.{name}", "call", said, said) for name in ("test_a", "test_b")]
    found = group(run_of(*failures), Config())
    assert {g.signature.title for g in found} == {f"a.{n} {said}" for n in ("test_a", "test_b")}


def test_identical_texts_are_judged_once(monkeypatch):
    from triagebot.groups import grouping

    judged = []
    real = grouping.judge
    monkeypatch.setattr(grouping, "judge", lambda f, s: judged.append(f) or real(f, s))
    group(run_of(*(red(DOWN, f"t.py::{n}") for n in range(50))), Config())
    assert len(judged) == 1


def test_variants_tell_how_a_group_says_it():
    refused = "ConnectionRefusedError", "[Errno 111] Connect call failed ('127.0.0.1', 5432)"
    wrapped = "OSError", "Multiple exceptions: [Errno 111] Connect call failed ('127.0.0.1', 5432)"
    run = run_of(red(long_text(*refused), "a"), red(long_text(*refused), "b"), red(long_text(*wrapped), "c"))
    (found,) = group(run, Config())
    assert [v.count for v in found.variants] == [2, 1]
    assert found.variants[0].text.startswith("ConnectionRefusedError")
    first, second = (variant.text for variant in found.variants)
    assert found.wordings == (first, first, second)


def test_a_group_that_says_one_thing_has_no_variants():
    (found,) = group(run_of(red(CART.format(1), "a"), red(CART.format(2), "b")), Config())
    assert found.variants == ()
    assert found.wordings == ()


def test_in_a_large_group_with_variants_every_failure_tells_its_own():
    config = load('[[rules]]\nwhen = "it"\nkey = "one"', "t")
    texts = [long_text(error, "it") for error in ("ErrorA", *["ErrorB"] * 250, "ErrorC")]
    (found,) = group(run_of(*(red(text, f"{n}") for n, text in enumerate(texts))), config)
    assert found.wordings == ("ErrorA: it", *["ErrorB: it"] * 250, "ErrorC: it")
    assert [v.count for v in found.variants] == [250, 1, 1]


CLOSED = "received 1011 (internal error); connecting to wss://{}.example/ws"


def closed(*names: str) -> list[Failure]:
    text = long_text("websockets.exceptions.ConnectionClosedError", CLOSED)
    return [red(text.format(name), f"t.py::{n}") for n, name in enumerate(names)]


def test_a_group_names_every_host_of_its_failures_once_and_ten_at_most():
    (found,) = group(run_of(*closed("b", "a", "b")), Config())
    assert found.signature.hosts == ("b.example", "a.example")
    (found,) = group(run_of(*closed(*"abcdefghijkl")), Config())
    assert found.signature.hosts == tuple(f"{name}.example" for name in "abcdefghij")


def test_a_group_has_everything_else_of_its_first_failure():
    (one,) = group(run_of(*closed("b")), Config())
    (both,) = group(run_of(*closed("b", "a")), Config())
    assert replace(both.signature, hosts=one.signature.hosts) == one.signature


def test_ten_wordings_at_most_the_most_common_first():
    errors = [f"Error{letter}" for letter in "ABCDEFGHIJKL"]
    config = load('[[rules]]\nwhen = "it"\nkey = "one"', "t")
    texts = [long_text(error, "it") for error in (*errors, "ErrorL", "ErrorL", "ErrorK")]
    (found,) = group(run_of(*(red(text, f"{n}") for n, text in enumerate(texts))), config)
    assert [(v.text, v.count) for v in found.variants[:3]] == [
        ("ErrorL: it", 3),
        ("ErrorK: it", 2),
        ("ErrorA: it", 1),
    ]
    assert len(found.variants) == 10


def test_an_ignored_failure_is_in_no_group():
    config = load('[[rules]]\nwhen = "cart"\nignore = true', "t")
    assert [g.signature.kind for g in group(run_of(red(CART, "a"), red(ENV, "b")), config)] == ["env"]


def test_a_rule_may_tell_tests_with_one_text_apart():
    config = load('[[rules]]\nwhen = {kind = "env"}\nsplit = ["test"]', "t")
    assert len(group(run_of(red(ENV, "a"), red(ENV, "b")), config)) == 2


@pytest.mark.parametrize(
    ("status", "exit_code", "kind", "slots"),
    [
        ("errored", 3, "run.exit", {"exit_code": "3"}),
        ("errored", 4, "run.exit", {"exit_code": "4"}),
        ("interrupted", 2, "run.exit", {"exit_code": "2"}),
        ("errored", 1, "run.exit", {"exit_code": "1"}),
        ("errored", None, "run.unreadable", {}),
        ("interrupted", None, "run.exit", {}),
        ("empty", 4, "run.exit", {"exit_code": "4"}),
        ("passed", 1, "run.exit", {"exit_code": "1"}),
        ("unreadable", 3, "run.unreadable", {}),
        ("empty", 5, "run.empty", {}),
        ("empty", 0, "run.empty", {}),
        ("unreadable", None, "run.unreadable", {}),
    ],
)
def test_red_without_a_failing_case_has_a_group_of_its_own(status, exit_code, kind, slots):
    (found,) = group(
        run_of(status=status, exit_code=exit_code, problems=(Problem("a.xml", "cut"),)), Config()
    )
    assert (found.signature.kind, dict(found.signature.slots), found.tests) == (kind, slots, ())
    assert "cut" in found.exemplar.text
    assert found.signature.title


@pytest.mark.parametrize(
    ("exit_code", "title"),
    [
        (1, "Tests failed, yet no case in the report did (exit code 1)"),
        (2, "The run was interrupted before its end (exit code 2)"),
        (3, "The test runner met an internal error (exit code 3)"),
        (4, "The test runner was called with wrong options (exit code 4)"),
        (137, "The run is red without a failing case (exit code 137)"),
        (0, "The run is red without a failing case (exit code 0)"),
        (None, "The run is red without a failing case"),
    ],
)
def test_an_exit_code_is_told_in_words(exit_code, title):
    (found,) = group(run_of(status="errored", exit_code=exit_code), Config())
    assert found.signature.title == title
    assert (found.exemplar.message, found.exemplar.phase) == (title, "collect")


def test_five_reasons_at_most_are_told():
    problems = tuple(Problem("a.xml", f"reason {n}") for n in range(7))
    (found,) = group(run_of(status="unreadable", exit_code=None, problems=problems), Config())
    assert found.exemplar.text.split("\n") == [f"reason {n}" for n in range(5)]


@pytest.mark.parametrize("exit_code", [0, 5, None])
def test_a_green_run_has_no_group(exit_code):
    assert group(run_of(status="passed", exit_code=exit_code), Config()) == ()


def test_a_failing_case_says_more_than_the_exit_code():
    assert [
        g.signature.kind for g in group(run_of(red(ENV, "a"), status="errored", exit_code=3), Config())
    ] == ["env"]


SUITES = """
[[suites]]
match = "tests/chat/*"
name = "chat"
phase = "P1 journey"
priority = "P1"
area = "websocket"
owner = "@team-chat"
impact = {text = "chat is down", amount = 120000, unit = "USD MRR", stream = "subscriptions"}
[[suites]]
match = "tests/*"
name = "all"
priority = "P2"
impact = {text = "the product is down", amount = 500000, unit = "USD MRR", stream = "subscriptions"}
[[suites]]
match = "tests/chat/test_b.py"
name = "b"
priority = "P4"
area = "websocket"
impact = "support is called"
"""


def test_impact_is_the_most_urgent_and_counts_one_stream_once():
    config = load(SUITES, "t")
    (found,) = group(run_of(red(ENV, "tests/chat/test_a.py::x"), red(ENV, "tests/chat/test_b.py::y")), config)
    assert found.impact == Impact(
        priority="P1",
        suites=("chat", "all", "b"),
        phases=("P1 journey",),
        areas=("websocket",),
        owners=("@team-chat",),
        risks=(
            Risk("the product is down", 500000, "USD MRR", "subscriptions"),
            Risk("support is called"),
        ),
    )


def test_amounts_of_other_units_stand_beside_each_other():
    toml = '[[suites]]\nmatch = "*"\nimpact = {text = "a", amount = 1, unit = "MRR", stream = "s"}\n[[suites]]\nmatch = "*"\nimpact = {text = "b", amount = 2, unit = "ARR", stream = "s"}'
    (found,) = group(run_of(red(ENV, "a")), load(toml, "t"))
    assert [(r.amount, r.unit) for r in found.impact.risks] == [(1, "MRR"), (2, "ARR")]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ('text = "a", amount = 2, unit = "MRR", stream = "s"', 'text = "b", amount = 1, unit = "MRR", stream = "s"', ["a"]),
        ('text = "a", amount = 1, unit = "MRR", stream = "s"', 'text = "b", amount = 2, unit = "MRR", stream = "s"', ["b"]),
        ('text = "a", amount = 1, unit = "MRR", stream = "s"', 'text = "b", amount = 1, unit = "MRR", stream = "s"', ["a"]),
        ('text = "a", unit = "MRR", stream = "s"', 'text = "b", amount = 1, unit = "MRR", stream = "s"', ["b"]),
        ('text = "a", amount = 1, unit = "MRR", stream = "s"', 'text = "b", unit = "MRR", stream = "s"', ["a"]),
        ('text = "a", amount = 1, unit = "MRR", stream = "s"', 'text = "b", amount = 2, unit = "MRR", stream = "t"', ["a", "b"]),
        ('text = "a", amount = 1, unit = "MRR"', 'text = "b", amount = 2, unit = "MRR"', ["a", "b"]),
        ('text = "a"', 'text = "a"', ["a"]),
    ],
    ids=["greater first", "greater last", "equal", "uncounted first", "uncounted last", "two streams", "no stream", "the same words"],
)  # fmt: skip
def test_of_one_stream_and_unit_the_greatest_risk_stands(first, second, kept):
    toml = "\n".join(f'[[suites]]\nmatch = "*"\nimpact = {{{risk}}}' for risk in (first, second))
    (found,) = group(run_of(red(ENV, "a")), load(toml, "t"))
    assert [risk.text for risk in found.impact.risks] == kept


def test_a_suite_without_a_name_goes_by_its_pattern():
    (found,) = group(run_of(red(ENV, "a.py::b")), load('[[suites]]\nmatch = "a.py"', "t"))
    assert found.impact.suites == ("a.py",)


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (None, "$ MRR", "chat"),
        (120_000, "$ MRR", "chat ($120K MRR)"),
        (1_500_000, "€ ARR", "chat (€1.5M ARR)"),
        (1_000_000, "$ MRR", "chat ($1M MRR)"),
        (999_999, "$ MRR", "chat ($999,999 MRR)"),
        (1_000, "$ MRR", "chat ($1K MRR)"),
        (1_100, "$ MRR", "chat ($1.1K MRR)"),
        (1_050, "$ MRR", "chat ($1,050 MRR)"),
        (999, "$ MRR", "chat ($999 MRR)"),
        (1_234_567, "$ MRR", "chat ($1,234,567 MRR)"),
        (0, "$ MRR", "chat ($0 MRR)"),
        (0.5, "$ MRR", "chat ($0.5 MRR)"),
        (40, "users", "chat (40 users)"),
        (40, "paying users", "chat (40 paying users)"),
        (40, "", "chat (40)"),
    ],
)
def test_a_risk_is_said_as_people_say_it(amount, unit, said):
    assert risk_text(Risk("chat", amount, unit)) == said


def test_without_a_suite_the_priority_is_the_middle_one():
    (found,) = group(run_of(red(ENV, "a")), Config())
    assert found.impact == Impact()


@pytest.mark.parametrize(
    ("tests", "hint"),
    [
        (["t.py::a[google-1]", "t.py::a[google-2]"], ("all failing params share google",)),
        (["t.py::a[google-eu-1]", "t.py::b[google-eu-2]"], ("all failing params share google, eu",)),
        (["t.py::a[google-1]", "t.py::a[github-2]"], ()),
        (["t.py::a[google]"], ()),
        (["t.py::a[google]", "t.py::b"], ()),
        (["t.py::a[google-1]", "t.py::a[google-2]", "t.py::b"], ()),
        (["t.py::a[-1]", "t.py::a[-2]"], ()),
    ],
)
def test_what_all_failing_params_share_is_a_hint(tests, hint):
    (found,) = group(run_of(*(red(ENV, test) for test in tests)), Config())
    assert found.hints == hint


def test_a_victim_names_its_cause():
    run = run_of(red(DOWN, "a"), red(CART.format(1), "b"))
    down, cart = sorted(group(run, Config()), key=lambda g: g.tests)
    seen = {down.key: tuple("12345678"), cart.key: tuple("12345")}
    told = {g.key: g.hints for g in under_causes(group(run, Config()), run, seen)}
    assert told[cart.key] == (
        f"in 5 earlier runs it never occurred without {down.signature.title} ({down.key}): perhaps its consequence",
    )
    assert told[down.key] == ()
