"""Cleaning: what is not text leaves, what is too long is cut visibly, what is clean stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.signatures.clean import (
    CUT,
    FIELD_CAP,
    LINE_CAP,
    clean,
    shorten,
    unwrap,
    was_cut,
    without_stamp,
)

TABLE = [
    ("plain", "plain"),
    ("\x1b[31mred\x1b[0m", "red"),
    ("#x1B[1mbold#x1B[0m", "bold"),
    ("a\x00b\x07c", "abc"),
    ("a\r\nb\rc", "a\nb\nc"),
    ("e\u0301", "\u00e9"),
    ("a\u200bb\u202ec", "abc"),
    ("a\ud800b", "ab"),
    ("\x1b]0;title\x07a", "a"),
]


@pytest.mark.parametrize(("text", "cleaned"), TABLE)
def test_what_is_no_text_leaves(text, cleaned):
    assert clean(text) == cleaned


@given(st.text(max_size=400))
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=400))
def test_what_is_clean_can_be_written_anywhere(text):
    clean(text).encode("utf-8")


def test_a_long_line_keeps_head_and_tail():
    cut = clean("h" * LINE_CAP + "middle" + "t" * LINE_CAP)
    assert len(cut) <= LINE_CAP
    assert cut.startswith("h") and cut.endswith("t") and CUT in cut and was_cut(cut)


def test_a_long_field_keeps_head_and_tail():
    cut = clean("\n".join(f"line {n}" for n in range(20_000)))
    assert len(cut) <= FIELD_CAP
    assert cut.startswith("line 0") and cut.endswith("line 19999")


def test_short_text_is_not_cut():
    assert shorten("abc", 3) == "abc"
    assert not was_cut(clean("abc"))


@pytest.mark.parametrize(
    ("message", "inner"),
    [
        ('failed on setup with "ValueError: no"', "ValueError: no"),
        ('failed on teardown with "ValueError: say "no""', 'ValueError: say "no"'),
        ("failed on purpose", "failed on purpose"),
        ("ValueError: no", "ValueError: no"),
    ],
)
def test_junit_wrapping_is_taken_off(message, inner):
    assert unwrap(message) == inner


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("2026-11-22 09:08:55,123 ERROR boom", "boom"),
        ("[gw3] 2026-11-22T09:08:55Z boom", "boom"),
        ("ERROR: boom", "boom"),
        ("Errors were made", "Errors were made"),
        ("1 apple", "1 apple"),
    ],
)
def test_what_log_lines_begin_with_is_taken_off(line, rest):
    assert without_stamp(line) == rest
