"""What of a message's first line is its author's sentence, and what is data that he printed behind it."""

import pytest

from tests.signatures.said import failure
from triagebot.signatures import sign
from triagebot.signatures.sentence import sentence
from triagebot.signatures.subject import first_line

TOLD = [
    ('Unexpected response: {"error": "quota", "request_id": "b7", "left": 3}', "Unexpected response: {error: quota, left, request_id}"),
    ("Unexpected payload: {'user': 'u682', 'error': 'bad plan'}", "Unexpected payload: {error: bad plan, user}"),
    ("no tool_completed in ['agent_started', 'agent_started']", "no tool_completed in [agent_started]"),
    ("5 events, got 1: [{'type': 'started', 'ts': 1.5}] in all", "5 events, got 1: {ts, type} in all"),
    ("unknown fields dict_keys(['b', 'a']) came", "unknown fields [a, b] came"),
    ("cut in the middle: {'error': 'quota', 'text': 'abc", "cut in the middle: {error: quota, text}"),
]  # fmt: skip
LEFT = [
    "{'error': 'quota'}",
    "['a', 'b'] != ['b', 'a']",
    "the cart is empty",
    "expected [a-z] in plan {plan}",
    "index [0] of plan {0} is odd",
    "'a' is a required property in {'b': 1}",
]


@pytest.mark.parametrize(("line", "said"), TOLD)
def test_data_behind_words_is_told_by_its_names(line, said):
    assert sentence(line) == said


@pytest.mark.parametrize("line", LEFT[:-1])
def test_a_line_without_words_before_data_is_left_alone(line):
    assert sentence(line) == line


LINES = [
    ("", ""),
    ("=====", "====="),
    ("=====\nCRITICAL: no events came\n=====", "CRITICAL: no events came"),
    ("\n\n  Payment declined\nby the bank", "Payment declined"),
    ("❌\nlogin is broken", "login is broken"),
    ("Missing events:\n  - agent_started", "Missing events: - agent_started"),
    ("The order pipeline is stuck:\n  id: 7", "The order pipeline is stuck:"),
    ("Message: \nStacktrace:\n#0 0x55", "Message: "),
    ('Unexpected body:\n{\n  "error": "quota"\n}', 'Unexpected body: { "error": "quota" }'),
    ("The API said: {\n  'a': 1\n}", "The API said: { 'a': 1 }"),
]


@pytest.mark.parametrize(("text", "line"), LINES)
def test_the_first_line_is_the_first_that_says_something(text, line):
    assert first_line(text) == line


TWO_DAYS = [
    ("bad:\n{\n  'id': 'u1',\n  'error': 'quota'\n}", "bad:\n{\n  'error': 'quota',\n  'id': 'u77'\n}"),
    ("agent 1872917b is stuck", "agent 18c2917f is stuck"),
    ("agent 123e4567 is stuck", "agent 18c2917f is stuck"),
    ("run run_MHtP6OXHmZwL is gone", "run run_aVAq98TU4o06 is gone"),
    ("revision backend-00576-afk is down", "revision backend-00188-ejf is down"),
    ("Missing events: {'agent_done', 'tool_done'}", "Missing events: {'tool_done', 'agent_done'}"),
    ("cleanup of tenant 06121659 failed", "cleanup of tenant 0612165e failed"),
    ("retry 3 of 3 failed", "retry 2 of 3 failed"),
    ("expected 5 rows, got 1", "expected 5 rows, got 2"),
    ("bad reply: {'id': 'u1', 'error': 'quota'}", "bad reply: {'error': 'quota', 'id': 'u77'}"),
    ("no answer to {'id': 'u1', 'n': 3} within 30s", "no answer to {'n': 1, 'id': 'u2'} within 40s"),
]


@pytest.mark.parametrize(("one", "other"), TWO_DAYS)
def test_a_message_with_data_is_the_same_tomorrow(one, other):
    assert sign(failure(f"AssertionError: {one}")).key == sign(failure(f"AssertionError: {other}")).key
