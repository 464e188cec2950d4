"""Storms, victims, likeness and the shadow of another algorithm."""

from dataclasses import replace

import pytest

from tests.groups.test_grouping import red, run_of
from tests.signatures.said import long_text
from triagebot.config import Config, load
from triagebot.errors import UserError
from triagebot.groups import compare, group, incidents, similar, under_causes, victims
from triagebot.groups.algorithm_comparison import compared
from triagebot.groups.incidents import failing_share
from triagebot.groups.model import Group
from triagebot.reports.model import Attempt, Case, Run, Totals
from triagebot.signatures.model import Signature


def storm(red_tests: int, green_tests: int) -> Run:
    failures = [
        red(long_text("KeyError", f"'STAGING_URL_{'ABCDEFGHIJKLMNOP'[n]}'"), f"t.py::r{n}")
        for n in range(red_tests)
    ]
    run = run_of(*failures)
    passed = tuple(Case(f"t.py::g{n}", f"t.g{n}", "passed", (Attempt("passed"),)) for n in range(green_tests))
    return Run(
        "r", (), (*run.cases, *passed), Totals(red_tests + green_tests), "failed", environment="staging"
    )


@pytest.mark.parametrize(
    ("red_tests", "green_tests", "config", "is_storm"),
    [
        (10, 23, "", True),
        (10, 24, "", False),
        (9, 0, "", False),
        (3, 0, "[storms]\nnew_keys = 3", True),
        (10, 40, "[storms]\nshare = 0.1", True),
        (10, 30, "[storms]\nshare = 0.25", False),
        (10, 29, "[storms]\nshare = 0.25", True),
    ],
)
def test_many_new_causes_in_much_of_the_run_are_one_incident(red_tests, green_tests, config, is_storm):
    run, chosen = storm(red_tests, green_tests), load(config, "t")
    groups = group(run, chosen)
    found = incidents(groups, run, frozenset(), chosen)
    assert bool(found) is is_storm
    for incident in found:
        assert set(incident.parts) == {g.key for g in groups}
        assert incident.key.startswith("incident-")
        assert str(red_tests) in incident.title


def test_known_causes_make_no_storm():
    run = storm(12, 0)
    groups = group(run, Config())
    assert incidents(groups, run, {g.key for g in groups[:3]}, Config()) == ()


def test_a_cause_that_is_known_by_an_alias_is_known():
    run = storm(10, 0)
    groups = list(group(run, Config()))
    first = groups[0].signature
    renamed = replace(groups[0], signature=replace(first, key="rule-mine", aliases=(first.key,)))
    assert incidents([renamed, *groups[1:]], run, {"other"}, Config())
    assert incidents([renamed, *groups[1:]], run, {first.key}, Config()) == ()


@pytest.mark.parametrize(
    ("outcomes", "share"),
    [
        (["failed", "passed"], 0.5),
        (["error", "passed", "xfailed", "xpassed"], 0.25),
        (["failed", "skipped"], 1.0),
        (["skipped"], 0.0),
        ([], 0.0),
    ],
)
def test_the_share_of_red_among_what_ran(outcomes, share):
    cases = tuple(Case(f"t{n}", f"t{n}", outcome, (Attempt(outcome),)) for n, outcome in enumerate(outcomes))
    assert failing_share(Run("r", (), cases, Totals(len(cases)), "failed")) == share


def test_an_incident_of_one_scope_keeps_its_key():
    keys = {incidents(group(run, Config()), run, (), Config())[0].key for run in (storm(11, 0), storm(14, 1))}
    assert len(keys) == 1


def test_a_run_without_cases_is_no_storm():
    run = run_of(status="errored", exit_code=3)
    assert incidents(group(run, Config()), run, (), Config()) == ()


def three():
    texts = [
        long_text("KeyError", "'STAGING_A_URL'"),
        long_text("KeyError", "'STAGING_B_URL'"),
        long_text("CartError", "no"),
    ]
    run = run_of(*(red(text, name) for text, name in zip(texts, "abc", strict=True)))
    return sorted(group(run, Config()), key=lambda g: g.tests)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (("12345", "12345", ""), {1: 0}),
        (("1234", "1234", ""), {}),
        (("12345", "123456", ""), {}),
        (("1234567", "12345", ""), {1: 0}),
        (("12345678", "123456", "12345"), {1: 0, 2: 0}),
        (("", "", "12345"), {}),
    ],
)
def test_what_never_occurs_without_an_earlier_cause_is_its_victim(seen, expected):
    groups = three()
    past = {g.key: tuple(runs) for g, runs in zip(groups, seen, strict=True)}
    assert victims(groups, past) == {groups[v].key: groups[c].key for v, c in expected.items()}


def test_victims_stand_under_their_cause_with_a_hint_and_nothing_is_merged():
    run = run_of(
        red(long_text("KeyError", "'STAGING_URL'"), "t.py::first"),
        red(long_text("CartError", "no cart"), "t.py::second"),
        red(long_text("OrderError", "no order"), "t.py::third"),
    )
    cause, cart, order = sorted(group(run, Config()), key=lambda g: g.tests)
    seen = {cause.key: ["1", "2", "3", "4", "5", "6"], order.key: ["1", "2", "3", "4", "5"], cart.key: ["9"]}
    shown = under_causes((order, cart, cause), run, seen)
    assert [g.key for g in shown] == [cart.key, cause.key, order.key]
    assert shown[2].hints == (
        f"in 5 earlier runs it never occurred without {cause.signature.title} ({cause.key}): perhaps its consequence",
    )
    assert [g.tests for g in shown] == [cart.tests, cause.tests, order.tests]
    assert under_causes((order, cart, cause), run, seen, at_least=6) == (order, cart, cause)


def likeness(one: tuple[str, str], other: tuple[str, str]):
    return similar(group(run_of(red(long_text(*one), "a"), red(long_text(*other), "b")), Config()))


def test_alike_sentences_are_suggested_with_the_difference():
    (found,) = likeness(
        ("CartError", "the cart of the user could not be read from the store today"),
        ("CartError", "the cart of the user could not be read from the cache today"),
    )
    assert "store" in found.differences[0] and "cache" in found.differences[0]
    assert 0.8 <= found.alike < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("requests.HTTPError", "503 Server Error: x"), ("requests.HTTPError", "429 Client Error: x")),
        (("KeyError", "'STAGING_A_URL'"), ("KeyError", "'STAGING_B_URL'")),
        (("CartError", "the cart of the user is empty"), ("ShopError", "the cart of the user is empty")),
        (("CartError", "the cart is empty"), ("CartError", "no plan was found for that user")),
    ],
)
def test_what_differs_in_a_protected_slot_or_in_most_words_is_not_suggested(one, other):
    assert likeness(one, other) == ()


FEW = "the cart of the user could not be read from the store"
LIKENESS = {
    "places differ, words do not": ([("text", FEW), ("at", "a.py")], [("text", FEW), ("at", "b.py")], 1.0),
    "four words of five": ([("text", "a b c d e")], [("text", "a b c d x")], 0.8),
    "three words of four": ([("text", "a b c d")], [("text", "a b c x")], None),
    "the least alike decides": (
        [("call", "a b c d e"), ("text", "one")],
        [("call", "a b c d x"), ("text", "two")],
        None,
    ),
    "words that only one has": ([("text", FEW)], [("text", FEW), ("call", "x")], None),
    "a protected slot that only one has": ([("text", FEW)], [("text", FEW), ("code", "5")], None),
}


def said(slots, number=1):
    return Group(Signature(f"error-{number}", "error", tuple(slots), ""), (), ())


@pytest.mark.parametrize(("one", "other", "alike"), LIKENESS.values(), ids=LIKENESS)
def test_likeness_is_that_of_the_least_alike_sentence(one, other, alike):
    found = similar([said(one, 1), said(other, 2)])
    assert [suggestion.alike for suggestion in found] == ([] if alike is None else [alike])


def test_the_difference_is_told_slot_by_slot():
    slots = [("at", "a.py"), ("text", FEW)]
    (found,) = similar([said(slots, 1), said([("text", f"{FEW} today")], 2)])
    assert found.differences == ("at: a.py ≠ (none)", f"text: {FEW} ≠ {FEW} today")
    assert found.keys == ("error-1", "error-2")


def test_the_most_alike_come_first_and_forty_of_a_block_are_compared():
    words = [f"{FEW} {'today ' * n}" for n in range(3)]
    found = similar([said([("text", text)], n) for n, text in enumerate(words)])
    assert [s.alike for s in found] == sorted((s.alike for s in found), reverse=True)
    assert len(found) == 3
    many = [said([("text", FEW), ("at", str(n))], n) for n in range(42)]
    assert len(similar(many)) == 40 * 39 / 2


def test_our_own_algorithm_differs_in_nothing():
    run = run_of(red(long_text("KeyError", "'STAGING_A_URL'"), "a"), red(long_text("CartError", "no"), "b"))
    found = compare(run, Config(), 1)
    assert (found.merges, found.splits) == ((), ())
    assert all(mine == theirs for mine, theirs, _count in found.overlap)


def test_merges_and_splits_are_told_with_their_overlap():
    pairs = [("a", "x"), ("a", "x"), ("b", "x"), ("c", "y"), ("c", "z")]
    found = compared(2, pairs)
    assert found.merges == (("x", ("a", "b")),)
    assert found.splits == (("c", ("y", "z")),)
    assert ("a", "x", 2) in found.overlap


def test_an_algorithm_that_is_not_shipped_is_refused():
    with pytest.raises(UserError, match="knows 1"):
        compare(run_of(), Config(), 99)
