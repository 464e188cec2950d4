"""The way of outside text into a catalogue: without what hides or pretends, and without secrets.

In: any text, and a redactor. Out: plain text. It is still untrusted, and not yet safe as Markdown.
"""

import re
from collections.abc import Callable
from typing import Protocol

from triagebot.drafts.sentence_tokens import strip_ansi

Clean = Callable[[str], str]

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_LOOKALIKE = re.compile(
    r"[<＜﹤‹]\s{0,8}(/?)\s{0,8}(evidence|problem|system|instructions)(?=[\s>/=＞﹥]|$)", re.IGNORECASE
)


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
    plain = strip_ansi(text).replace("\r\n", "\n").replace("\t", "    ")
    return _LOOKALIKE.sub(r"[\1\2", _HIDDEN.sub("", plain))
