"""Which exception of a chain is judged, and that the reason is told."""

from dataclasses import replace

import pytest

from tests.signatures.said import failure, in_app, long_text, native_text
from triagebot.reports.model import Failure, Raised
from triagebot.signatures import judge, sign

CAUSE = "\n\nThe above exception was the direct cause of the following exception:\n\n"
CONTEXT = "\n\nDuring handling of the above exception, another exception occurred:\n\n"
WS = "websockets.exceptions.ConnectionClosedError"
LIBRARY = {"module": "/venv/lib/python3.12/site-packages/websockets/legacy/protocol.py"}


def deep(type_: str, message: str) -> str:
    return in_app(type_, message, **LIBRARY)


TABLE = [
    # text, type of the root, words of the reason
    (long_text("ValueError", "a"), "ValueError", "only exception"),
    (long_text("KeyError", "'a'") + CAUSE + long_text("CartError", "no cart"), "KeyError", "deepest explicit cause"),
    (long_text("KeyError", "'a'") + CAUSE + long_text("A1Error", "b") + CAUSE + long_text("CartError", "c"), "KeyError", "deepest explicit cause"),
    (long_text("KeyError", "'a'") + CONTEXT + long_text("CartError", "no cart"), "CartError", "last exception"),
    (long_text("KeyError", "'a'") + CONTEXT + long_text("RuntimeError", "wrapped: 'a'"), "KeyError", "only repeats"),
    (long_text("KeyError", "'a'") + CONTEXT + long_text("RuntimeError", "something else"), "RuntimeError", "last exception"),
    (long_text("KeyError", "3") + CONTEXT + long_text("RuntimeError", "no answer after 36 ms"), "RuntimeError", "nothing before it"),
    (long_text("KeyError", "plan") + CONTEXT + long_text("RuntimeError", "planning failed"), "RuntimeError", "nothing before it"),
    (long_text("ValueError", "bad plan") + CONTEXT + long_text("Failed", "could not read: bad plan"), "ValueError", "only repeats"),
    (long_text("ConnectionRefusedError", "[Errno 111] Connection refused") + CONTEXT + long_text("app.errors.CartError", "no cart"), "app.errors.CartError", "nothing before it"),
    (long_text("ConnectionRefusedError", "[Errno 111] Connection refused") + CONTEXT + deep("CartError", "no cart"), "CartError", "nothing before it"),
    (long_text("ConnectionRefusedError", "[Errno 111] Connection refused") + CONTEXT + deep("client.CartError", "no cart"), "ConnectionRefusedError", "a library's wrapper"),
    (long_text("CancelledError", "") + CAUSE + long_text("TimeoutError", "no answer in 3s"), "TimeoutError", "last exception"),
    (long_text("ValueError", "bad") + CONTEXT + long_text("Exception", ""), "ValueError", "says nothing"),
    (deep("IncompleteReadError", "0 bytes read") + CAUSE + long_text(WS, "no close frame received or sent"), WS, "its protocol's words"),
    (deep("PayloadTooBig", "over size limit") + CAUSE + long_text(WS, "sent 1009 (message too big); no close frame received"), WS, "inside the library"),
    (long_text("OSError", "[Errno 111] Connection refused") + CAUSE + long_text("urllib3.NewConnectionError", "HTTPConnection(host='auth.example', port=80): Failed: [Errno 111] Connection refused"), "urllib3.NewConnectionError", "more detail"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type_", "reason"), TABLE)
def test_the_root_is_the_exception_that_a_person_would_fix(text, type_, reason):
    judgement = judge(failure("", text))
    assert judgement.root.type == type_
    assert reason in judgement.root_reason


GROUP = (
    "  + Exception Group Traceback (most recent call last):\n  | ExceptionGroup: errors ({n} sub-exceptions)\n"
    "  +-+---------------- 1 ----------------\n    | {one}\n    +---------------- 2 ----------------\n    | {other}\n"
    "    +------------------------------------\n"
)


def grouped(one: str, other: str) -> str:
    return judge(failure("", GROUP.format(n=2, one=one, other=other))).signature.key


def test_a_group_is_its_leaves_in_any_order():
    assert grouped("ValueError: a", "KeyError: 'b'") == grouped("KeyError: 'b'", "ValueError: a")


def test_one_leaf_is_that_leaf():
    alone = judge(failure("", native_text("KeyError", "'STAGING_DB_URL'"))).signature.key
    assert grouped("KeyError: 'STAGING_DB_URL'", "KeyError: 'STAGING_DB_URL'") == alone


def test_a_cancelled_sibling_never_counts():
    alone = judge(failure("", native_text("KeyError", "'STAGING_DB_URL'"))).signature.key
    assert grouped("KeyError: 'STAGING_DB_URL'", "asyncio.exceptions.CancelledError: stop") == alone


def test_other_leaves_are_another_group():
    assert grouped("ValueError: a", "KeyError: 'b'") != grouped("ValueError: a", "KeyError: 'c'")


def test_a_leaf_is_judged_with_what_led_to_it():
    refused = Raised("ConnectionRefusedError", "[Errno 111] Connection refused", link="cause")
    leaf = Raised("shop.CartError", "no cart", before=(refused,))
    group = Raised("ExceptionGroup", "unhandled errors in a TaskGroup (1 sub-exception)", leaves=(leaf,))
    alone = replace(failure(""), chain=(refused, replace(leaf, before=())))
    assert sign(replace(failure(""), chain=(group,))).key == sign(alone).key
    assert sign(alone).kind == "connection"


def test_the_plugins_chain_beats_text():
    chain = (Raised("ConnectionResetError", "[Errno 104] Connection reset by peer"),)
    judgement = judge(Failure("t", "t", "call", "ValueError: boom", "", chain))
    assert judgement.signature.kind == "connection"


@pytest.mark.parametrize(
    ("outer", "root"),
    [
        (Raised("RuntimeError", "", attributes=(("code", "7"),)), "KeyError"),
        (Raised("RuntimeError", "said 'plan'", attributes=(("code", "7"),)), "KeyError"),
        (Raised("RuntimeError", "the cart is empty", attributes=(("code", "7"),)), "RuntimeError"),
        (Raised("app.CartError", "", attributes=(("code", "7"),)), "app.CartError"),
    ],
    ids=["no words", "the same words", "other words", "no words, but a class of its own"],
)
def test_a_general_exception_without_words_of_its_own_repeats_what_it_was_raised_over(outer, root):
    chain = (Raised("KeyError", "'plan'", link="context"), outer)
    assert judge(Failure("t", "t", "call", "", "", chain)).root.type == root


def test_text_without_an_exception_is_judged_with_low_confidence():
    judgement = judge(failure("", "2026-11-22 09:00:00 ERROR the cart is empty"))
    assert not judgement.parsed
    assert dict(judgement.signature.slots) == {"text": "the cart is empty"}
