"""Storms, victims, likeness and the shadow of another algorithm."""

import pytest

from tests.groups.test_grouping import Earlier, red, run_of
from tests.signatures.said import long_text
from triagebot.config import Config, load
from triagebot.errors import UserError
from triagebot.groups import compare, group, incidents, similar, victims
from triagebot.groups.shadow import compared
from triagebot.reports.model import Attempt, Case, Run, Totals


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
    past = Earlier({g.key: tuple(runs) for g, runs in zip(groups, seen, strict=True)})
    assert victims(groups, past.seen) == {groups[v].key: groups[c].key for v, c in expected.items()}


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
