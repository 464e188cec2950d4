"""Code without its source: pytest writes `???` in place of the statement, and the message is all that is told."""

from tests.signatures.said import failure
from triagebot.signatures import Settings, sign


def shown(*lines: str) -> str:
    told = "\n".join(f"E   {line}" for line in lines)
    return f">   ???\n{told}\n\napp/tests/test_api.py:21: AssertionError"


def test_the_message_is_the_title():
    text = shown("AssertionError: assert 404 == 200")
    assert sign(failure("", text)).title == "Assertion failed: 404 where 200 was expected"


def test_a_cut_message_is_made_whole_by_the_diff():
    text = shown(
        "AssertionError: assert 'disconnected...uth failed' == 'connected'",
        "  - connected",
        "  + disconnected: cache auth failed",
    )
    assert (
        sign(failure("", text)).title
        == "Assertion failed: 'disconnected: cache auth failed' where 'connected' was expected"
    )
    whole = shown("AssertionError: assert 'disconnected: cache auth failed' == 'connected'")
    assert sign(failure("", text)).key == sign(failure("", whole)).key


def test_two_messages_are_two_issues():
    one, other = (
        shown("AssertionError: assert 'down' == 'up'"),
        shown("AssertionError: assert 'slow' == 'up'"),
    )
    assert sign(failure("", one)).key != sign(failure("", other)).key


def test_without_a_message_the_test_stands_for_itself():
    one, other = failure("", shown("AssertionError")), failure("", shown("AssertionError"))
    assert sign(one).key == sign(other).key
    assert "???" not in sign(one).title
    elsewhere = type(one)("tests/test_z.py::test_y", "tests.test_z.test_y", "call", "", one.text)
    assert sign(one).key != sign(elsewhere).key


def test_the_key_of_the_algorithm_before_is_an_alias():
    text = shown("AssertionError")
    before = sign(failure("", text), Settings(algorithm=1))
    assert before.algorithm == 1
    assert sign(failure("", text)).former == (before.key,)


def test_words_of_the_author_keep_their_key():
    text = shown("AssertionError: quota exceeded", "assert 3 < 2")
    assert sign(failure("", text)).key == sign(failure("", text), Settings(algorithm=1)).key
