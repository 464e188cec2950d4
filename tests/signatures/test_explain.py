"""`explain` tells what happened, and why two failures are not the same."""

from tests.signatures.said import failure, long_text
from triagebot.signatures import explain, judge, why_not_same

WS = "websockets.exceptions.ConnectionClosedError"
CAUSE = "\n\nThe above exception was the direct cause of the following exception:\n\n"


def judged(type_: str, message: str):
    return judge(failure("", long_text(type_, message)))


RECEIVED = judged(WS, "received 1011 (internal error); then sent 1011 (internal error)")
SENT = judged(WS, "sent 1011 (internal error) keepalive ping timeout; no close frame received")
CART = judged("CartError", "cart 7 of /tmp/a/b is empty")


def test_every_step_is_told_in_order():
    text = long_text("CartError", "cart 7 of /tmp/a/b is empty") + CAUSE + long_text("ShopError", "no sale")
    lines = explain(judge(failure("", text))).lines
    assert lines[0] == "read: 2 exceptions, first raised first"
    assert lines[1] == "▶ CartError: cart 7 of /tmp/a/b is empty"
    assert lines[2] == "  ShopError: no sale"
    assert lines[3] == "chosen: the deepest explicit cause (of ShopError)"
    assert "decided by: fallback" in lines
    assert "masked: 7 as <int>" in lines
    assert "masked: /tmp/a/b as <path>" in lines
    assert "+ text = cart <int> of <path>/b is empty" in lines


def test_every_part_says_whether_it_counts_and_why_not():
    parts = {part.name: part for part in explain(RECEIVED).parts}
    assert parts["code"].contributes and parts["side"].contributes
    assert not parts["statement"].contributes and parts["statement"].hint


def test_the_canonical_tuple_is_what_is_hashed():
    told = explain(RECEIVED)
    assert told.canonical == '["ws.close",{"code":"1011","side":"received"}]'
    assert any(told.canonical in line and told.key in line for line in told.lines)


def test_the_nearest_signatures_that_it_is_not_are_named():
    (near,) = (line for line in explain(RECEIVED, [SENT, CART, RECEIVED]).lines if line.startswith("not "))
    assert SENT.signature.key in near
    assert "side: received is not sent" in near


def test_of_many_the_nearest_are_those_that_say_almost_the_same():
    said = ("no plan today", "the cart is full", "the cart was stolen", "a user is gone", "login failed")
    others = [judged("CartError", text) for text in said]
    near = [
        line for line in explain(judged("CartError", "the cart is empty"), others).lines if line[:4] == "not "
    ]
    assert len(near) == 3
    assert "the cart is full" in near[0]


def test_data_that_was_left_out_is_told():
    lines = explain(judged("CartError", "bad reply: {'error': 'quota', 'id': 7}")).lines
    assert "masked: {'error': 'quota', 'id': 7} as <data>" in lines
    assert "+ text = bad reply: {error: quota, id}" in lines


def test_two_keys_differ_slot_by_slot():
    told = why_not_same(RECEIVED, SENT)
    assert not told.same
    assert told.lines == ("reason: (none) is not keepalive", "side: received is not sent")


def test_two_kinds_differ_by_who_decided():
    told = why_not_same(RECEIVED, CART)
    assert told.lines[0] == "kind: ws.close (by ws.close) is not error (by fallback)"


def test_the_same_is_the_same():
    told = why_not_same(RECEIVED, judged(WS, "received 1011 (internal error) other words"))
    assert told.same
    assert RECEIVED.signature.key in told.lines[0]


def test_what_could_not_be_read_says_so():
    lines = explain(judge(failure("", "just words"))).lines
    assert "low confidence" in lines[0]


def test_a_cut_text_says_so():
    lines = explain(judge(failure("", long_text("CartError", "x" * 9_000)))).lines
    assert any(line.startswith("note: the text was cut") for line in lines)
