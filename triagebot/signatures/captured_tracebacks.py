"""What a server inside the test process raised while it handled the request that it then dropped.

In: the captured output of one failure. Out: the exception that a server, a thread or a task announced as unhandled.
The client of such a server sees no more than a connection that closed; the reason stands beside it. It must not judge.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from triagebot.reports.model import Section
from triagebot.signatures.clean import clean
from triagebot.signatures.mask import mask
from triagebot.signatures.traceback import ExceptionText, read

_ANNOUNCED = re.compile(
    r"Exception (?:occurred|happened) during processing of request from |Exception in thread "
    r"|Exception in ASGI application|Task exception was never retrieved|Error handling request"
)
"""What a server or an event loop says above a traceback that it swallowed.

Hit: `Exception in thread Thread-1 (run):`
Miss: `Traceback (most recent call last):`
"""
_NATIVE = "Traceback (most recent call last):"
_NEAR = 1_000
"""Characters between an announcement and its traceback: asyncio prints the task there."""
_RULE = re.compile(r"\s{0,40}-{0,200}$")
"""A line that parts what a server printed. Hit: `----------------------------------------`. Miss: `-- gone --`."""


def unhandled(sections: Sequence[Section]) -> tuple[ExceptionText, ...]:
    """The chain of the one exception announced as unhandled, its last one linked as "captured".

    Empty when none was announced, or several that say different things.
    """
    found = {_identity(chain[-1]): chain for section in sections for chain in _announced(section.text)}
    if len(found) != 1:
        return ()
    *before, last = next(iter(found.values()))
    return (*before, replace(last, raised=replace(last.raised, link="captured")))


def has_traceback(sections: Sequence[Section]) -> bool:
    """Whether captured output is worth a look."""
    return any(_NATIVE in section.text for section in sections)


def _identity(told: ExceptionText) -> tuple[str, str]:
    """By what two announcements are of one exception: ids and numbers differ from request to request."""
    return told.raised.type, mask(told.raised.message.partition("\n")[0])


def _announced(output: str) -> Iterator[tuple[ExceptionText, ...]]:
    """The chains of the tracebacks that follow an announcement."""
    text = clean(output)
    for found in _ANNOUNCED.finditer(text):
        start = text.find(_NATIVE, found.end(), found.end() + _NEAR)
        if start >= 0 and (chain := read(_block(text[start:].split("\n")))):
            yield chain


def _block(lines: Sequence[str]) -> str:
    """The traceback that lines begin with, to the first empty or ruled line that leads to no further exception."""
    at = 0
    while at < len(lines) and (not _RULE.match(lines[at]) or _within_a_chain(lines, at)):
        at += 1
    return "\n".join(lines[:at])


def _within_a_chain(lines: Sequence[str], at: int) -> bool:
    """Whether an empty line stands beside the words that link two exceptions."""
    return any("above exception" in line for line in (*lines[at - 1 : at], *lines[at + 1 : at + 2]))
