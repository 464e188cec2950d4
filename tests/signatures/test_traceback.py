"""Reading exceptions from every style of pytest, and from texts that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.signatures.said import RULE, in_app, long_text, native_text, short_text
from triagebot.signatures.traceback import bare, heading, read

CHAIN = "ValueError: first\n"


def both(separator: str, shape=short_text) -> str:
    return f"{shape('KeyError', chr(39) + 'a' + chr(39))}\n\n{separator}\n\n{shape('app.errors.CartError', 'no cart')}"


@pytest.mark.parametrize("shape", [long_text, short_text, native_text])
@pytest.mark.parametrize("type_", ["ValueError", "app.errors.CartError"])
def test_type_message_and_statement_are_read_in_every_style(shape, type_):
    (told,) = read(shape(type_, "no cart\nsecond line"))
    assert (told.raised.type, told.raised.message) == (type_, "no cart\nsecond line")
    assert told.statement == "client.call()"
    assert told.raised.frames[-1].path.endswith("tests/e2e/test_a.py")
    assert told.raised.frames[-1].line == 12


@pytest.mark.parametrize("shape", [long_text, short_text, native_text])
@pytest.mark.parametrize(
    ("separator", "link"),
    [
        ("The above exception was the direct cause of the following exception:", "cause"),
        ("During handling of the above exception, another exception occurred:", "context"),
    ],
)
def test_a_chain_runs_from_the_first_raised_to_the_last(shape, separator, link):
    chain = read(both(separator, shape))
    assert [(told.raised.type, told.raised.link) for told in chain] == [
        ("KeyError", link),
        ("app.errors.CartError", ""),
    ]


def test_the_line_style_is_a_place_and_a_message():
    (told,) = read("/w/tests/test_a.py:12: ValueError: no cart")
    assert (told.raised.type, told.raised.message) == ("ValueError", "no cart")


def test_frames_know_their_functions_in_the_long_style():
    (told,) = read(in_app("ValueError", "no", module="src/app/cart.py", function="pay"))
    assert [(f.path, f.function) for f in told.raised.frames] == [
        ("tests/e2e/test_a.py", "test_b"),
        ("src/app/cart.py", "pay"),
    ]


def test_short_frames_between_long_ones_keep_their_code():
    text = f"    def test_b():\n>       pay()\n\ntests/test_a.py:3: \n{RULE}\nsrc/app/cart.py:9: in pay\n    self.charge(\n         ^^^^^^\n{RULE}\n\n    def charge():\n>       raise it\nE       ValueError: no\n\nsrc/app/bank.py:4: ValueError"
    (told,) = read(text)
    assert [(f.function, f.code) for f in told.raised.frames] == [
        ("test_b", "pay()"),
        ("pay", "self.charge("),
        ("charge", "raise it"),
    ]


def test_a_statement_of_several_lines_is_joined():
    text = ">       assert price(\n            a,\n        ) == 3\nE       assert 2 == 3\n\ntests/test_a.py:3: AssertionError"
    (told,) = read(text)
    assert told.statement == "assert price( a, ) == 3"


def test_source_above_the_statement_is_kept_for_looking_up_names():
    (told,) = read(
        "    def test_b():\n        x = price(1)\n>       assert x == 2\nE       assert 1 == 2\n\nt.py:3: AssertionError"
    )
    assert told.source == ("    def test_b():", "        x = price(1)")


def test_an_exception_group_keeps_its_leaves():
    text = (
        '  + Exception Group Traceback (most recent call last):\n  |   File "/w/a.py", line 3, in run\n  |     work()\n'
        "  | ExceptionGroup: errors (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n"
        '    | Traceback (most recent call last):\n    |   File "/w/b.py", line 9, in one\n    | ValueError: a\n'
        "    +---------------- 2 ----------------\n    | KeyError: 'b'\n    +------------------------------------\n"
    )
    (told,) = read(text)
    assert told.raised.type == "ExceptionGroup"
    assert [(leaf.type, leaf.message) for leaf in told.raised.leaves] == [
        ("ValueError", "a"),
        ("KeyError", "'b'"),
    ]


@pytest.mark.parametrize(
    ("line", "type_", "message"),
    [
        ("ValueError: no", "ValueError", "no"),
        ("ValueError", "ValueError", ""),
        ("app.errors.Denied: no", "app.errors.Denied", "no"),
        ("java.lang.IllegalStateException: no", "java.lang.IllegalStateException", "no"),
        ("Note: nothing", "", "Note: nothing"),
        ("expected: 3", "", "expected: 3"),
        ("", "", ""),
    ],
)
def test_only_what_looks_like_an_exception_is_a_type(line, type_, message):
    assert heading(line) == (type_, message)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "nothing to see", "a:1:", ">", "E", "_ _ _", "+---", 'File "', ":" * 50]
)
def test_what_is_no_exception_gives_no_chain(text):
    assert read(text) == ()
    assert bare(text) == ()


@pytest.mark.parametrize(
    ("message", "type_", "said"),
    [
        ("ValueError: no\nmore", "ValueError", "no\nmore"),
        ("assert 1 == 2", "AssertionError", "assert 1 == 2"),
    ],
)
def test_a_bare_message_names_its_exception(message, type_, said):
    (told,) = bare(message)
    assert (told.raised.type, told.raised.message) == (type_, said)


@given(st.text(alphabet=st.sampled_from("E >_|+-:\n 1aF\"'/.Tr"), max_size=300), st.text(max_size=60))
def test_reading_never_raises(text, message):
    read(text)
    bare(message)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing at all",
        "During handling of the above exception, another exception occurred:",
        "+---\nsub-exception",
    ],
    ids=["empty", "words", "a link alone", "a tree without an exception"],
)
def test_a_text_without_an_exception_tells_none(text):
    assert read(text) == ()


def test_a_style_that_marks_only_the_first_line_goes_on_below_it():
    (told,) = read(
        "E   assert 404 == 200\n     +  where 404 = <Response [404 Not Found]>.status_code\n\ntests/a.py:3: AssertionError"
    )
    assert told.raised.message == "assert 404 == 200\n +  where 404 = <Response [404 Not Found]>.status_code"
