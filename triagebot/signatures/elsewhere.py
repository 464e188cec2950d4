"""Failures of other languages that no family knows: by type and sentence, assertions by their test.

In: a `Subject` that is not Python's. Out: always a `Finding`, `assert` or `error` as for Python's. An assertion's values say
nothing that lasts, and few reports show its statement: it is known by the words of its library, the file and the test.
A sentence stands for itself. One that says little is known by where the code under test raised it, else by its test.
"""

import re
from collections.abc import Sequence

from triagebot.reports.model import Frame
from triagebot.signatures.code_location import is_library, is_test
from triagebot.signatures.expectations import Expectation, expectation
from triagebot.signatures.mask import HARMLESS, Masked, mask
from triagebot.signatures.sentence import sentence
from triagebot.signatures.subject import Finding, Subject, finding

_FILE = re.compile(  # the file that a test's id begins with, however a report parts it from the names
    r".{0,600}\.(?:[cm]?[jt]sx?|feature|rb|robot|php|cs|go|rs|cpp|cc|dart)(?=[.:])[.:]{1,2}"
)
"""Hit: `src/cart.spec.ts::cart › adds`. Miss: `cart › adds`."""
_PROJECT = re.compile(r" \[[^\[\]]{1,200}\]$")
"""The browser that Playwright adds to a test's name. Hit: `adds an item [chromium]`. Miss: `[cart] adds an item`."""
_ARGUMENTS = re.compile(r"(?:\(.{0,400}\)| with data set .{1,400})$")
"""The arguments of a parametrised test. Hit: `adds(1, 2)`. Hit: `testAdds with data set "two"`. Miss: `adds(1) twice`."""
_APART = re.compile(r"[\s.:/›>|»]{1,20}")
"""What stands between the names of suites and tests. Hit: `cart › adds`. Miss: `adds`."""
_SPEC = re.compile(r"^(?:\w{1,200}[./]){0,9}\w{1,120}_(?:spec|test)\.")
"""RSpec's JUnit names the file twice, as a path and as a class.

Hit: `spec.models.cart_spec.Cart adds`
Miss: `spec.models.Cart adds`
"""
_OUTLINE = re.compile(r"<[^<>.]{1,80}>[^.]{0,200} - #\d{1,4}(?:\.\d{1,4})?: ")
"""An example of an outline, of which Cucumber's JUnit tells the outline's name, too.

Hit: `Paying with <card> - cards - #1.1: `
Miss: `Paying with visa`
"""
_TWICE = re.compile(r"^(.{1,200}?) \1 ")
"""Suites that stand in the class and in the name. Hit: `cart cart adds`. Miss: `cart adds`."""
_SAYS_LITTLE = frozenset(
    (
        "Failed without a message",
        "panicked",
        "Box<dyn Any>",
        "Unknown exception",
        "Unknown C++ exception thrown in the test body",
        "Epic Fail!",
    )
)
_NOTHING = re.compile(
    r"(?:AssertionError|Failed|FAILED|failed|FAILURE|Failure|test failed|Unknown Error|null|undefined|Error)?$"
)
"""A message that says nothing. Hit: `AssertionError`. Miss: `AssertionError: gone`."""
_NULL = re.compile(
    r"(?:called `Option::unwrap\(\)` on a `None` value"
    r"|Object reference not set to an instance of an object|runtime error: .{1,120}"
    r"|Index was out(?:side| of)\b.{0,120}|map::at)$"
)
"""A message that says only that something was not there.

Hit: `Object reference not set to an instance of an object`
Miss: `Object of cart not set`
"""
_RECOVERED = re.compile(r"^(?:panic|fatal error): ")
"""What Go prints before a panic. Hit: `panic: runtime error`. Miss: `a panic: runtime error`."""
_TEST = 120
_NAME = 600
"""Characters of a test's name that are read, from its end: patterns cost their square, and a longer name is shortened anyway."""


def elsewhere(subject: Subject, log: list[Masked] | None = None) -> Finding:
    """The finding of a failure of another language; `log` receives what was masked."""
    found = expectation(subject)
    return _asserted(subject, found) if found else _error(subject, log)


def test_of(subject: Subject) -> str:
    """`file: test` of the test that failed, alike in all of a runner's reports; the project that ran it is no part."""
    if subject.statement.startswith("assertion: "):
        return subject.statement  # Newman's tests are its assertions
    name = _OUTLINE.sub("", _ARGUMENTS.sub("", _PROJECT.sub("", subject.test[-_NAME:])), count=1)
    name = _SPEC.sub("", _FILE.sub("", name, count=1))
    words = _APART.sub(" ", name).split()
    said = _TWICE.sub(r"\1 ", " ".join(words if " " in name.strip() else words[-2:]))
    file = "" if " " not in name.strip() and len(words) > 1 else _file(subject.frames)
    return f"{file}: {said}"[:_TEST].strip(": ")


def _file(frames: Sequence[Frame]) -> str:
    """The name of the innermost file of tests, else of the innermost that is the project's own."""
    own = [frame.path for frame in frames if frame.path and not is_library(frame.path)]
    found = [path for path in own if is_test(path)][-1:] or own[-1:]
    return found[0].rpartition("/")[2] if found else ""


def _asserted(subject: Subject, found: Expectation) -> Finding:
    """An assertion by its words and its test, with its values in the title."""
    at = test_of(subject)
    told = found.wanted and found.got and found.wanted != found.got
    values = f"expected {found.wanted[:60]}, got {found.got[:60]}" if told else subject.first.rstrip(" :")
    about = found.about.rstrip(";") if 0 < len(found.about) < 80 else at.partition(": ")[2] or at
    title = f"{about}: {values}" if about and about not in values else values
    return finding("assert", title, subject.first, text=mask(found.words), at=at)


def _error(subject: Subject, log: list[Masked] | None) -> Finding:
    """Type and masked sentence; where both say little, the place in the code under test, else the test."""
    masks: list[Masked] = []
    first = sentence(_RECOVERED.sub("", subject.first), log)
    said = "" if _NOTHING.match(first) else mask(first, masks).rstrip(" .:;!")
    if log is not None:
        log.extend(masks)
    shown = first if {name for name, _text in masks} <= HARMLESS else said
    little = len(said) < 4 or said in _SAYS_LITTLE or _NULL.match(said) is not None
    at = (_place(subject) or test_of(subject)) if little else ""
    name = f"{subject.type}: {shown}".strip(": ")
    title = f"{name or 'Failed without a word'} ({at})" if at and at != name else name
    return finding(
        "error",
        title or "A failure of which the report says nothing",
        subject.first,
        type=subject.type,
        text=said,
        at=at,
    )


def _place(subject: Subject) -> str:
    """`module:function` of the innermost frame of the code under test."""
    place = subject.place
    return place if ":" in place.lstrip(":") and not place.startswith(":") else ""
