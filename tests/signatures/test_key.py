"""The key: its shape, what it depends on, and the rule's literal."""

import re
from base64 import b32encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.signatures.key import canonical, key, rule_key

SLOTS = st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=4)


def test_the_key_is_twelve_letters_of_base32_behind_the_kind():
    digest = sha256(b'["ws.close",{"code":"1011","side":"received"}]').digest()
    expected = "ws.close-" + b32encode(digest).decode()[:12].lower()
    assert key("ws.close", (("code", "1011"), ("side", "received"))) == expected
    assert re.fullmatch(r"ws\.close-[a-z2-7]{12}", expected)


@given(SLOTS)
def test_the_order_of_slots_does_not_matter(slots):
    pairs = tuple(slots.items())
    assert key("x", pairs) == key("x", pairs[::-1])


@given(SLOTS, SLOTS)
def test_other_slots_are_another_key(one, other):
    assert (key("x", tuple(one.items())) == key("x", tuple(other.items()))) == (one == other)


def test_another_kind_is_another_key():
    assert key("a", ()).partition("-")[2] != key("b", ()).partition("-")[2]


def test_what_is_hashed_is_plain_ascii_without_spaces():
    assert canonical("x", (("b", "é"), ("a", "1"))) == '["x",{"a":"1","b":"\\u00e9"}]'


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("Login Down!", "rule-login-down"),
        ("rule-login", "rule-login"),
        ("---", "rule-unnamed"),
        ("Ü", "rule-unnamed"),
    ],
)
def test_a_users_literal_becomes_a_slug(name, literal):
    assert rule_key(name) == literal
