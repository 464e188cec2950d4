"""Go: what a test said at a line of its file, testify's table, and panics with the goroutine that met them.

In: text and message. Out: one exception; Go has no causes, an error that wraps another says both in one line.
"""

import re
from itertools import pairwise

from triagebot.reports.go_results import message_in
from triagebot.reports.model import Frame
from triagebot.signatures.languages.shape import exception
from triagebot.signatures.traceback import ExceptionText

_MARKS = re.compile(
    r"^\s{0,20}(?:=== RUN |--- FAIL: |panic: |fatal error: |goroutine \d)"
    r"|^\s{0,20}[\w.@/-]{1,300}_test\.go:\d{1,7}: |^\s{1,20}Error Trace:\s",
    re.MULTILINE,
)
"""Lines that only Go's tests print.

Hit: `--- FAIL: TestCart (0.00s)`
Hit: `    cart_test.go:12: gone`
Miss: `FAIL: cart`
"""
_AT = re.compile(r"^\s{0,20}(?P<path>[\w.@/-]{1,300}\.go):(?P<line>\d{1,7}): ", re.MULTILINE)
"""A message with its place. Hit: `    cart_test.go:12: gone`. Miss: `cart_test.go is gone`."""
_NAMED = re.compile(
    r"^=== RUN\s{1,9}(?P<test>[^\s]{1,400})$|^\s{0,20}--- FAIL: (?P<failed>[^\s]{1,400})", re.MULTILINE
)
"""The test that a line names.

Hit: `=== RUN   TestCart/add`
Hit: `--- FAIL: TestCart (0.00s)`
Miss: `--- PASS: TestCart`
"""
_CALL = re.compile(r"(?P<function>\S{1,300})\([^()\n]{0,400}\)$")
"""The call of a frame. Hit: `shop.(*Cart).Add(0xc000)`. Miss: `shop.Cart`."""
_FILE = re.compile(r"\t(?P<path>[^\s:]{1,400}\.go):(?P<line>\d{1,7})")
"""The place of a frame. Hit: `\t/srv/shop/cart.go:12 +0x1d`. Miss: `/srv/shop/cart.go`."""


def go(text: str, _message: str) -> tuple[ExceptionText, ...]:
    """What the output of a test, or a panic, says went wrong."""
    if not _MARKS.search(text):
        return ()
    said = message_in(text)
    panics = said.startswith(("panic: ", "fatal error: "))
    frames = _goroutine(text.split("\n")) if panics else _place(text)
    told = exception(said.split("\n"), frames, typed=False)
    return (told,) if told else ()


def _place(text: str) -> list[Frame]:
    """The line of the test that spoke."""
    at, named = _AT.search(text), _NAMED.search(text)
    test = (named["test"] or named["failed"]) if named else ""
    return [Frame(at["path"], int(at["line"]), test)] if at else []


def _goroutine(lines: list[str]) -> list[Frame]:
    """The frames of the first goroutine below the last `panic(`, outermost first."""
    frames: list[Frame] = []
    for call, place in pairwise(lines):
        if call.startswith("goroutine ") and frames:
            break
        if call.startswith("panic("):
            frames.clear()
        elif (found := _FILE.match(place)) and (named := _CALL.match(call)):
            frames.append(Frame(found["path"], int(found["line"]), named["function"].rpartition("/")[2]))
    return frames[::-1]
