"""The way of outside text into a catalogue: without what hides or pretends, and without secrets.

In: any text, and a redactor. Out: plain text. It is still untrusted, and not yet safe as Markdown.
"""

import re
from collections.abc import Callable
from typing import Protocol

from triagebot.plain_text import normalized

Clean = Callable[[str], str]

_LOOKALIKE = re.compile(
    r"[<＜﹤‹]\s{0,8}(/?)\s{0,8}(evidence|problem|system|instructions)(?=[\s>/=＞﹥]|$)", re.IGNORECASE
)
"""A tag that looks like one of our prompt. Hit: `</evidence>`. Miss: `evidence`."""


class Cleaned(Protocol):
    """What a redactor gives back: at least the text."""

    @property
    def text(self) -> str:
        """The text without secrets."""
        ...


class Redacts(Protocol):
    """Anything that takes secrets out of a text, with stable placeholders (`triagebot.redact.Redactor`)."""

    def clean(self, text: str) -> Cleaned:
        """The text with every secret replaced."""
        ...


def cleaner(redactor: Redacts) -> Clean:
    """The way of every outside text into a catalogue: disarmed, then redacted.

    In this order, for a hidden character inside a secret would hide the secret from the redactor.
    """
    return lambda text: redactor.clean(disarm(text)).text


def disarm(text: str) -> str:
    """The text without terminal escapes, hidden characters, and tags that look like those of our prompt."""
    plain = normalized(text).replace("\r", "").replace("\t", "    ")
    return _LOOKALIKE.sub(r"[\1\2", plain)
