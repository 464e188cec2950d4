"""Outside text never crashes the judgement and never makes it slow."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signatures.said import failure, long_text
from triagebot.signatures import judge
from triagebot.signatures.extractors import EXTRACTORS
from triagebot.signatures.subject import Subject

PIECES = ["/a", "-", "a=", "0x", "::", "QUJD", "1.", "a@b.", "https://", "a.", "[", "'", "(", "Error: ", "\\x", "1 ", "status ", "é", "E   ", "_ ", 'File "', "eyJ", "received 1", "2026-"]  # fmt: skip
NOISE = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=60).map("".join)


def seconds(text: str) -> float:
    """The best of several, in processor time, so that a busy machine does not fail the test."""
    best = 10.0
    for _ in range(5):
        begun = time.process_time()
        judge(failure(text, long_text("RuntimeError", text)))
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("piece", PIECES)
def test_a_hostile_line_costs_no_more_than_its_length(piece):
    text = piece * (40_000 // len(piece))
    assert seconds(text * 2) <= 2.3 * seconds(text) + 0.004
    assert seconds(text) < 0.25


@pytest.mark.parametrize("piece", PIECES)
def test_a_hostile_field_costs_no_more_than_its_length(piece):
    text = (piece * (300 // len(piece)) + "\n") * 60
    assert seconds(text * 2) <= 2.3 * seconds(text) + 0.004


@pytest.mark.parametrize("name", EXTRACTORS)
@pytest.mark.parametrize("piece", PIECES)
def test_no_extractor_is_slow_on_a_hostile_message(name, piece):
    text = f"environ http status error timeout connect ssl event websocket closed received {piece * (5_000 // len(piece))}"
    subject = Subject("RuntimeError", "RuntimeError", text, text.lower())
    begun = time.process_time()
    EXTRACTORS[name](subject)
    assert time.process_time() - begun < 0.1


@settings(max_examples=150, deadline=None)
@given(NOISE, NOISE)
def test_no_text_raises(message, text):
    first, second = judge(failure(message, text)), judge(failure(message, text))
    assert first.signature == second.signature
    assert first.signature.title


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["RuntimeError", "app.E1Error", "AssertionError", "KeyError"]), NOISE)
def test_no_message_of_an_exception_raises(type_, message):
    signature = judge(failure("", long_text(type_, message or "x"))).signature
    assert signature.key.startswith(signature.kind + "-")
