"""Cucumber's list of steps, where a step that is pending or undefined is all that went wrong.

In: text and message. Out: one exception in the words of Cucumber's own JSON reader.
"""

import re

from triagebot.signatures.languages.shape import exception
from triagebot.signatures.traceback import ExceptionText

_STEP = re.compile(
    r"^(?P<step>(?:Given|When|Then|And|But|\*) [^\n]{1,400}?)\.{3,400}(?P<end>pending|undefined|ambiguous)\s{0,20}$",
    re.MULTILINE,
)
"""A step that Cucumber did not run to its end, with the reason.

Hit: `Given a cart.........................undefined`
Miss: `Given a cart`
"""


def cucumber(text: str, message: str) -> tuple[ExceptionText, ...]:
    """The first step that has no end of its own."""
    found = _STEP.search(text) if not message.strip() else None
    told = exception([f"{found['end'].capitalize()} step: {found['step']}"], typed=False) if found else None
    return (told,) if told else ()
