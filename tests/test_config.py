"""The config's file: what is understood, and what a person reads where something is not."""

import subprocess
import sys

import pytest

from triagebot.config import Config, load
from triagebot.errors import UserError

SUITE = '[[suites]]\nmatch = "a"\n'
RULE = "[[rules]]\nignore = true\n"

WRONG = [
    ("x", "c.toml: not TOML: "),
    ("foo = 1", "c.toml: unknown key foo; "),
    (SUITE + 'prioritty = "P1"', "c.toml: unknown key suites[1].prioritty; did you mean priority?"),
    (
        SUITE + 'impact = {text = "x", txt = "x"}',
        "c.toml: unknown key suites[1].impact.txt; did you mean text?",
    ),
    (RULE + 'when = {knd = "x"}', "c.toml: unknown key rules[1].when.knd; did you mean kind?"),
    ("[limits]\nbreker = 5", "c.toml: unknown key limits.breker; did you mean breaker?"),
    (SUITE + 'priority = "P9"', "c.toml: suites[1].priority: input should be 'P1', 'P2', 'P3', 'P4' or 'P5'"),
    ('[[suites]]\nname = "a"', "c.toml: suites[1].match: field required"),
    (
        SUITE + 'impact = {text = "x", amount = -1}',
        "c.toml: suites[1].impact.amount: input should be greater",
    ),
    ("[limits]\nbreaker = 0", "c.toml: limits.breaker: input should be greater than or equal to 1 (found 0)"),
    ("[storms]\nshare = 2", "c.toml: storms.share: input should be less than or equal to 1 (found 2)"),
    ('[drafts]\nmodel = ""', "c.toml: drafts.model: string should have at least 1 character"),
    ("[drafts]\ndeadline_s = 0", "c.toml: drafts.deadline_s: input should be greater than 0"),
    (RULE + "when = {}", "c.toml: rules[1].when: value error, says nothing"),
    (RULE + 'when = "/(/"', "c.toml: rules[1].when: value error, /(/ is not a regular expression"),
    ('[[rules]]\nwhen = "x"', "c.toml: rules[1]: value error, a rule has exactly one of"),
    ("suites = [3]", "c.toml: suites[1]: input should be a dictionary"),
    ("suites = 3", "c.toml: suites: input should be a valid tuple"),
]


def test_an_empty_file_is_the_defaults():
    assert load("", "c.toml") == Config()


def test_a_bare_string_is_the_text_of_an_impact_and_of_a_condition():
    config = load(SUITE + 'impact = "chat is down"\n' + RULE + 'when = "timed out"', "c.toml")
    assert config.suites[0].impact is not None
    assert config.suites[0].impact.text == "chat is down"
    assert config.rules[0].when.text == "timed out"


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_not_understood_is_named_with_its_place(text, said):
    with pytest.raises(UserError) as caught:
        load(text, "c.toml")
    assert str(caught.value).startswith(said)


def test_every_mistake_is_told_at_once():
    with pytest.raises(UserError) as caught:
        load("foo = 1\n[limits]\nbreaker = 0", "c.toml")
    assert len(str(caught.value).splitlines()) == 2


def test_the_defaults_do_not_load_pydantic():
    code = "import sys; from triagebot.config import Config; Config(); print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False", done.stderr
