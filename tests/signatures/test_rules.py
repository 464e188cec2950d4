"""The user's rules: first match wins, one thing each, and the linter says which do nothing or too much."""

import pytest

from tests.signatures.said import failure, long_text
from triagebot.config import load
from triagebot.errors import UserError
from triagebot.reports.model import Attempt, Case, Run, Section, Totals
from triagebot.signatures import judge, lint_rules, settings, sign

WS = long_text(
    "websockets.exceptions.ConnectionClosedError",
    "received 1011 (internal error); then sent 1011 (internal error)",
)
CART = long_text("shop.CartError", "the cart of user 7 is empty")


def ruled(toml: str):
    return settings(load(toml, "triagebot.toml"))


MATCHES = [
    ('when = "cart of user"', True),
    ('when = "/cart of user \\\\d+/"', True),
    ('when = "/^nothing$/"', False),
    ('when = {type = "CartError"}', True),
    ('when = {type = "/Error$/", message = "empty"}', True),
    ('when = {type = "CartError", message = "full"}', False),
    ('when = {test = "tests/e2e/*"}', True),
    ('when = {test = "tests/e2e/test_a.py"}', True),
    ('when = {test = "tests/unit/*"}', False),
    ('when = {kind = "error"}', True),
    ('when = {kind = "ws.close"}', False),
]


@pytest.mark.parametrize(("when", "holds"), MATCHES)
def test_every_field_that_is_given_must_match(when, holds):
    found = sign(failure("", CART), ruled(f'[[rules]]\n{when}\nkey = "Empty cart"'))
    assert (found.key == "rule-empty-cart") is holds


def test_the_first_rule_that_matches_wins():
    rules = '[[rules]]\nwhen = "cart"\nkey = "one"\n[[rules]]\nwhen = "empty"\nkey = "two"'
    judgement = judge(failure("", CART), ruled(rules))
    assert (judgement.signature.key, judgement.extractor) == ("rule-one", "rule:1")


def test_a_rule_gives_title_and_labels():
    found = sign(
        failure("", CART),
        ruled('[[rules]]\nwhen = "cart"\nkey = "x"\ntitle = "Carts empty"\nlabels = ["shop"]'),
    )
    assert (found.title, found.labels, found.kind) == ("Carts empty", ("shop",), "rule")


def test_a_rule_may_leave_a_failure_out():
    assert judge(failure("", CART), ruled('[[rules]]\nwhen = "cart"\nignore = true')).ignored
    assert not judge(failure("", WS), ruled('[[rules]]\nwhen = "cart"\nignore = true')).ignored


def test_a_rule_may_split_and_the_whole_stays_an_alias():
    rules = ruled('[[rules]]\nwhen = {kind = "ws.close"}\nsplit = ["test"]')
    one, other = (sign(failure("", WS, test=f"tests/t.py::{name}"), rules) for name in ("a", "b"))
    assert one.key != other.key
    assert one.aliases == other.aliases == (sign(failure("", WS)).key,)
    assert dict(one.slots)["by_test"] == "tests/t.py::a"


@pytest.mark.parametrize(
    "toml",
    [
        '[[rules]]\nwhen = "x"',
        '[[rules]]\nwhen = "x"\nkey = "a"\nignore = true',
        '[[rules]]\nwhen = {}\nkey = "a"',
        '[[rules]]\nwhen = "/(/"\nkey = "a"',
        '[[rules]]\nwhen = "x"\nsplit = ["moon"]',
    ],
)
def test_a_rule_that_makes_no_sense_is_told(toml):
    with pytest.raises(UserError, match="rules"):
        load(toml, "triagebot.toml")


def run_with(output: str) -> Run:
    passed = Case("t", "t", "passed", (Attempt("passed", sections=(Section("Captured stdout", output),)),))
    return Run("r", (), (passed,), Totals(1, passed=1), "failed")


def complaints(toml: str, texts: list[str], output: str = "") -> list[str]:
    rules = ruled(toml).rules
    judged = [(j.failure, j.root, j.signature.key) for j in (judge(failure("", text)) for text in texts)]
    return [f"{c.rule}: {c.reason}" for c in lint_rules(rules, [run_with(output)], judged)]


def test_the_linter_names_a_rule_that_never_matched():
    (told,) = complaints('[[rules]]\nwhen = "nothing"\nkey = "a"', [CART, WS])
    assert told.startswith("1: never matched any of 2 failures")


def test_the_linter_names_a_rule_that_takes_more_than_half():
    (told,) = complaints('[[rules]]\nwhen = "the cart"\nkey = "a"', [CART, CART, CART, WS])
    assert "matched 3 of 4" in told


def test_the_linter_names_a_rule_that_matches_passing_output():
    (told,) = complaints('[[rules]]\nwhen = "cart"\nkey = "a"', [CART, WS], output="a cart was made")
    assert "passing" in told


def test_the_linter_is_silent_about_a_good_rule():
    assert complaints('[[rules]]\nwhen = "cart"\nkey = "a"', [CART, WS, WS, WS]) == []


def test_a_rule_for_one_key_splits_that_cause_alone_and_is_no_complaint_where_it_does_not_occur():
    whole = sign(failure("", CART))
    text = f'[[rules]]\nwhen = {{key = "{whole.key}"}}\nsplit = ["test"]'
    split = sign(failure("", CART), settings(ruled(text)))
    assert split.key != whole.key
    assert split.aliases == (whole.key,)
    assert sign(failure("", WS), settings(ruled(text))) == sign(failure("", WS))
    assert complaints(text, [WS, WS, WS, WS]) == []
