"""What an extractor sees of one exception, and what it says about it.

A `Subject` is the exception under judgement with everything that was said around it, cleaned. A `Finding` is an
extractor's answer: kind, slots and the exact text it read. Neither knows the run or other failures;
the test's name is there for a failure of which nothing else is said.
"""

import re
from dataclasses import dataclass

from triagebot.reports.model import Frame
from triagebot.signatures.code_location import innermost, module_of

Slots = tuple[tuple[str, str], ...]

TEXT_CAP = 6_000
"""Characters of an exception's message that extractors read."""


_LABEL_WORDS = 3
_BODY = re.compile(r"\A[^\n]{0,400}[\w)](?::\s{0,8}|[:=]? )[{\[]\n")
"""A message that goes on as a document over lines.

Hit: `Invalid answer: {\n  "state": 5}`
Miss: `Invalid answer: 5`
"""
_BODY_WITHIN = 1_000
"""Characters of a pretty-printed body that are read with the words before it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One exception: its type bare and as spelled, its message, the statement that failed and the frames it crossed.

    `lowered` is `text` in lower case, for cheap gates. `asserted` is True for an assertion that pytest or unittest
    rewrote and that carries no words of its author. `attributes` come from the plugin. `shown` is the source above
    the statement. `test` names the test's class and function, for a failure that says nothing else. `foreign` is True where the
    exception is not Python's; then `type` is "" where it only carries a sentence, and `test` is the whole id.
    `whole_test` is the id of the test without parameters. `compares` is True where the words of an assertion are read for which of two statuses came (not by the algorithm before).
    `sourceless` is True where pytest found no source to show (`???`).
    """

    type: str
    qualified: str
    text: str
    lowered: str
    statement: str = ""
    frames: tuple[Frame, ...] = ()
    shown: tuple[str, ...] = ()
    phase: str = "call"
    asserted: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    in_app: tuple[str, ...] = ()
    test: str = ""
    foreign: bool = False
    sourceless: bool = False
    compares: bool = True
    whole_test: str = ""

    @property
    def first(self) -> str:
        """The first line of the message that says something."""
        return first_line(self.text)

    @property
    def place(self) -> str:
        """`module:function` of the innermost frame of the code under test, or ""."""
        return innermost(self.frames, self.in_app)

    @property
    def module(self) -> str:
        """The module of the innermost frame of the code under test, or ""."""
        return module_of(self.frames, self.in_app)

    def attribute(self, name: str) -> str:
        """An attribute that the plugin read from the exception, or ""."""
        return next((value for key, value in self.attributes if key == name), "")


@dataclass(frozen=True, slots=True)
class Finding:
    """What an extractor read: `slots` in any order, `span` the exact text, `title` one line for people.

    `reread` is True where the algorithm before read something else.
    """

    kind: str
    slots: Slots
    title: str
    span: str
    hosts: tuple[str, ...] = ()
    reread: bool = False


def first_line(text: str) -> str:
    """The first line with a letter or digit, for banners begin with ruled lines; a label of few words takes the next one with it."""
    first, _newline, rest = text.partition("\n")
    if not rest or (first[:1].isalnum() and not first.endswith((":", "{", "["))):
        return first
    if body := _BODY.search(text, 0, _BODY_WITHIN):
        return " ".join(text[: body.start() + _BODY_WITHIN].split())
    said = [line.strip() for line in text.split("\n") if any(map(str.isalnum, line))]
    label = said[:1] and said[0].endswith(":") and len(said[0].split()) <= _LABEL_WORDS
    label = label and len(said) > 1 and not said[1].endswith(":")
    return f"{said[0]} {said[1]}" if label else said[0] if said else first


def finding(kind: str, title: str, span: str, hosts: tuple[str, ...] = (), **slots: str) -> Finding:
    """A finding with the slots that are not empty, sorted by name."""
    kept = tuple(sorted((name, value) for name, value in slots.items() if value))
    return Finding(kind, kept, title, span.strip(), hosts)
