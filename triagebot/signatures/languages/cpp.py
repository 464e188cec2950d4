"""C++: GoogleTest, alone or run by CTest, and Catch2.

In: text and message. Out: one exception: what the C++ exception said, or the expectation with its values on lines of the
names `Expected` and `Actual`. Read after GoogleTest's and Catch2's own printers.
"""

import re

from triagebot.reports.model import Frame
from triagebot.signatures.languages.shape import exception
from triagebot.signatures.traceback import ExceptionText

_GTEST = re.compile(
    r"^(?:(?P<path>(?:[A-Za-z]:)?[^\s:][^:\n]{0,400}?\.\w{1,4}):(?P<line>\d{1,7})|unknown file)"
    r"(?:: (?:Failure|error: .{0,20}))?\n"
    r"(?P<said>(?:C\+\+ exception|Unknown C\+\+|Expected|Value of|Failed|The difference|Death test"
    r"|\s).{0,8000}?)(?=\n\[  FAILED|\Z)",
    re.MULTILINE | re.DOTALL,
)
"""A failure of GoogleTest with its place.

Hit: `cart_test.cc:12: Failure\nExpected equality of these values:\n  a\n  b`
Miss: `cart_test.cc:12`
"""
_VISUAL_STUDIO = re.compile(
    r"^(?P<path>(?:[A-Za-z]:)?[^\s:(][^:(\n]{0,400}\.\w{1,4})\((?P<line>\d{1,7})\): error: ?", re.MULTILINE
)
r"""How GoogleTest writes a place on Windows.

Hit: `C:\shop\cart_test.cc(12): error: Expected`
Miss: `cart_test.cc:12: error: Expected`
"""
_EXCEPTION = re.compile(r"C\+\+ exception with description \"(?P<said>.{0,4000})\" thrown in ", re.DOTALL)
"""An exception that left a test.

Hit: `C++ exception with description "gone" thrown in the test body.`
Miss: `C++ exception in the test body`
"""
_EQUALITY = re.compile(
    r"Expected equality of these values:\n {2}(?P<left>[^\n]{1,800})"
    r"(?:\n {4}Which is: (?P<got>[^\n]{1,800}))?\n {2}(?P<right>[^\n]{1,800})"
    r"(?:\n {4}Which is: (?P<wanted>[^\n]{1,800}))?(?:\n(?P<more>.{0,2000}))?",
    re.DOTALL,
)
"""Two values that should have been equal.

Hit: `Expected equality of these values:\n  state\n    Which is: 5\n  6`
Miss: `Expected: (a) > (b)`
"""
_CATCH = re.compile(
    r"FAILED:\n(?: {2}\w{1,40}\( (?P<statement>.{1,800}?) \)\n)?"
    r"(?:with expansion:\n(?P<values>(?: {2}[^\n]{0,800}\n){1,40}))?(?P<said>.{0,2000}?)"
    r"(?:^at (?P<path>[^\n]{1,400}):(?P<line>\d{1,7})\s{0,20})?\Z",
    re.MULTILINE | re.DOTALL,
)
"""A failure of Catch2: the statement, its values, the message, the place.

Hit: `FAILED:\n  REQUIRE( a == b )\nwith expansion:\n  5 == 6`
Miss: `PASSED:`
"""
_FAILED = re.compile(r"^FAILED:$", re.MULTILINE)
"""The line with which Catch2 begins it. Hit: `FAILED:`. Miss: `FAILED: 1`."""
_SIDES = re.compile(
    r"\s*(?P<got>.{1,400}?)(?: \(0x\w{1,16}\))?\s(?:==|!=|<=|>=|<|>)\s(?:\s*)(?P<wanted>.{1,400}?)"
    r"(?: \(0x\w{1,16}\))?\s*$",
    re.DOTALL,
)
"""The values on both sides of an operator. Hit: `5 == 6`. Miss: `5`."""
_BANNERS = (
    "Running main() from ",
    "Note: Google Test filter",
    "[==========]",
    "[----------]",
    "[ RUN      ]",
    "[  FAILED  ]",
    "[  PASSED  ]",
)


def cpp(text: str, _message: str) -> tuple[ExceptionText, ...]:
    """What GoogleTest or Catch2 says went wrong."""
    catch = _FAILED.search(text)
    if catch and (found := _CATCH.match(text.rstrip(), catch.start())):
        return _catch(found)
    if found := _GTEST.search(_VISUAL_STUDIO.sub(r"\g<path>:\g<line>: Failure\n", text)):
        return _gtest(found)
    return _died(text)


def _gtest(found: re.Match[str]) -> tuple[ExceptionText, ...]:
    place = _place(found)
    said = found["said"].strip("\n")
    if thrown := _EXCEPTION.search(said):
        return _exceptions(thrown["said"].split("\n"), place)
    if same := _EQUALITY.match(said):
        lines = _expected(
            same["more"] or "", same["left"], same["wanted"] or same["right"], same["got"] or same["left"]
        )
        return _exceptions(lines, place, same["left"])
    return _exceptions(said.split("\n"), place)


def _catch(found: re.Match[str]) -> tuple[ExceptionText, ...]:
    place = _place(found)
    sides = _SIDES.match(found["values"]) if found["values"] else None
    statement = " ".join((found["statement"] or "").split())
    if sides:
        return _exceptions(_expected("", statement, sides["wanted"], sides["got"]), place, statement)
    return _exceptions(
        [*found["said"].strip().split("\n"), *([statement] if statement else [])], place, statement
    )


def _place(found: re.Match[str]) -> list[Frame]:
    path = (found["path"] or "").replace("\\", "/")
    return [Frame(path, int(found["line"]))] if path else []


def _expected(more: str, about: str, wanted: str, got: str) -> list[str]:
    """An expectation with the names of its values in front of them; the author's words come first."""
    return [
        *(more.strip().split("\n") if more.strip() else []),
        f"Expected: {about}",
        f"Expected: {wanted}",
        f"Actual: {got}",
    ]


def _exceptions(lines: list[str], place: list[Frame], statement: str = "") -> tuple[ExceptionText, ...]:
    told = exception(lines, place, statement, typed=False)
    return (told,) if told else ()


def _died(text: str) -> tuple[ExceptionText, ...]:
    """A test of GoogleTest that began and never ended: its program died."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or not all(line.startswith(_BANNERS) for line in lines) or not lines[-1].startswith("[ RUN"):
        return ()
    return _exceptions(["The program ended during the test"], [])
