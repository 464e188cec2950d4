"""JSON for machines: no secret in any string of it, wherever it stands, and nothing else changed."""

import json

import pytest

from triagebot.cli.output import json_text
from triagebot.redact import Redactor

SECRET = "sk-live-4242424242"
SUT = {"API_TOKEN": SECRET}


class Counting(Redactor):
    """A redactor that counts the characters that it looks at."""

    looked_at = 0

    def text(self, text: str) -> str:
        self.looked_at += len(text)
        return super().text(text)


def said(value: object, redactor: Redactor | None = None) -> object:
    return json.loads(json_text.dumps(value, redactor or Redactor(SUT)))


@pytest.mark.parametrize(
    "value",
    [
        {"a": [f"token {SECRET}"]},
        {"a": {"b": f"token {SECRET}"}},
        {"a": (f"token {SECRET}",)},
        {"a": [{"b": ({"c": f"token {SECRET}"},)}]},
    ],
)
def test_a_secret_goes_wherever_it_stands(value):
    text = json_text.dumps(value, Redactor(SUT))
    assert SECRET not in text
    assert "[REDACTED:" in text


def test_strings_beside_a_secret_stay_as_they_are():
    rest = [f"item {n}" for n in range(100)]
    found = said({"rest": rest, "one": SECRET, "n": 1, "none": None})
    assert isinstance(found, dict)
    assert found["rest"] == rest
    assert found["n"] == 1
    assert found["none"] is None


def test_a_finding_never_crosses_from_one_string_into_another():
    value = {"a": ["Authorization: Bearer", "abcdefghijklmnop0123456789"]}
    assert said(value) == value


def test_one_secret_costs_a_few_looks_and_not_one_for_every_string():
    strings = [f"test {n} said nothing that is secret" for n in range(4000)]
    counting = Counting(SUT)
    said({"a": [*strings, SECRET]}, counting)
    assert counting.looked_at < 3 * sum(map(len, strings))


def test_an_id_keeps_its_mail_address_and_loses_its_secret():
    tests = ["t.py::test[a@shop.example]", f"t.py::test[{SECRET}]"]
    failures = [{"test": test, "message": "mail a@shop.example"} for test in tests]
    found = said({"groups": [{"tests": tests, "failures": failures}]})
    assert isinstance(found, dict)
    (group,) = found["groups"]
    assert group["tests"][0] == tests[0]
    assert group["failures"][0]["test"] == tests[0]
    assert SECRET not in json.dumps(group)
    assert "a@shop.example" not in group["failures"][0]["message"]
