"""Rust: panics, with the value that was unwrapped.

In: text and message. Out: one exception. `called Result::unwrap() on an Err value: …` says how the test noticed; what it
noticed stands behind it. Both forms of the line are read, that before Rust 1.73 with the message on it and that since.
"""

import re

from triagebot.reports.model import Frame, Raised
from triagebot.signatures.languages.shape import exception
from triagebot.signatures.traceback import ExceptionText

_PANICKED = re.compile(
    r"thread '(?P<thread>[^'\n]{1,400})'(?: \(\d{1,20}\))? panicked at (?:'(?P<old>.{0,4000}?)', )?"
    r"(?P<path>[^\s:]{1,400}):(?P<line>\d{1,7}):\d{1,7}:?\n?",
    re.DOTALL,
)
"""A panic: the thread, which carries the test's name, and the place.

Hit: `thread 'cart::adds' panicked at src/cart.rs:12:5:\ngone`
Miss: `thread 'main' ended`
"""
_NOTE = re.compile(r"^(?:note: |stack backtrace:)", re.MULTILINE)
"""What stands below the message. Hit: `` note: run with `RUST_BACKTRACE=1` ``. Miss: `a note`."""
_UNWRAPPED = re.compile(r"called `Result::\w{1,40}\(\)` on an `\w{1,10}` value: ")
"""What stands before the error that was unwrapped.

Hit: ``called `Result::unwrap()` on an `Err` value: gone``
Miss: `unwrap() failed`
"""


def rust(text: str, message: str) -> tuple[ExceptionText, ...]:
    """The panic of a test's thread; the first one, where several threads panicked."""
    found = _PANICKED.search(text) or _PANICKED.search(message)
    if not found:
        return ()
    said = (
        found["old"] if found["old"] is not None else _NOTE.split(found.string[found.end() :], maxsplit=1)[0]
    )
    place = Frame(found["path"].replace("\\", "/"), int(found["line"]), found["thread"].rpartition("::")[2])
    told = exception(_UNWRAPPED.sub("", said.strip()).split("\n"), [place], typed=False)
    return (told or ExceptionText(Raised("", "panicked", (place,)), foreign=True),)
