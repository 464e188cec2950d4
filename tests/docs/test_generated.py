"""Pages that are made from the code say what the code says."""

import importlib.util
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from triagebot.config import load
from triagebot.errors import UserError

ROOT = Path(__file__).parents[2]


def generator():
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs/generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(generator().generated()))
def test_a_generated_page_is_what_the_code_says(name):
    expected = generator().generated()[name]
    assert (ROOT / "docs" / name).read_text("utf-8") == expected, "run: python docs/generate.py"


def is_valid(text):
    return Draft202012Validator(generator().schema()).is_valid(tomllib.loads(text))


ACCEPTED = [
    "",
    (ROOT / "examples/triagebot.toml").read_text("utf-8"),
    '[[suites]]\nmatch = "*"\nimpact = "chat"',
    '[[suites]]\nmatch = "*"\nimpact = {text = "chat", amount = 1.5}',
    '[[rules]]\nwhen = "quota"\nkey = "quota"',
    '[[rules]]\nwhen = {type = "ValueError"}\nignore = true',
    '[hosts]\n"10.0.0.1" = "api"',
]
REFUSED = [
    "unknown = 1",
    '[[suites]]\npriority = "P1"',
    '[[suites]]\nmatch = "*"\npriority = "P9"',
    "[limits]\nbreaker = 0",
    '[drafts]\nmodel = ""',
    '[[rules]]\nwhen = 3\nkey = "quota"',
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_the_schema_takes_what_the_program_takes(text):
    load(text, "triagebot.toml")
    assert is_valid(text)


@pytest.mark.parametrize("text", REFUSED)
def test_the_schema_refuses_what_the_program_refuses(text):
    with pytest.raises(UserError):
        load(text, "triagebot.toml")
    assert not is_valid(text)
