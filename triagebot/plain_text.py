"""Outside text without what hides in it: terminal escapes, control characters, invisible and direction-changing ones.

In: any text. Out: the same text as a person would see it, safe to search and to encode. White space that lays text out (tab,
line feed, carriage return) stays. Nothing is masked, redacted or escaped here.
"""

import re

_ESCAPE = re.compile(  # terminal sequences: CSI, OSC, character sets, two-character escapes; `#x1B` is how JUnit spells ESC
    r"(?:\x1b|\#x1[bB])(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\)|[()][A-Z0-9])"
    r"|\x9b[0-?]{0,32}[ -/]{0,4}[@-~]|\x1b[@-Z\\-_]"
)
_INVISIBLE = re.compile(  # C0 and C1 controls but white space, default-ignorable and bidi characters, lone surrogates
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ASCII_CONTROL = bytes(code for code in (*range(32), 127) if chr(code) not in "\t\n\r")


def without_escapes(text: str) -> str:
    """The text without terminal control sequences."""
    return _ESCAPE.sub("", text) if "\x1b" in text or "#x1" in text or "\x9b" in text else text


def normalized(text: str) -> str:
    """The text without terminal control sequences, control characters and characters that are not seen.

    Doing it twice changes nothing: what a removed character held apart is looked at again.
    """
    while True:
        plain = _seen(without_escapes(text))
        if plain == text:
            return text
        text = plain


def one_line(text: str) -> str:
    """`normalized`, with every run of white space as one space and none at the ends."""
    return " ".join(normalized(text).split())


def _seen(text: str) -> str:
    """The text without characters that are not seen; ASCII, the usual case, at the speed of memory."""
    if not text.isascii():
        return _INVISIBLE.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    raw = text.encode("ascii")
    kept = raw.translate(None, _ASCII_CONTROL)
    return text if len(kept) == len(raw) else kept.decode("ascii")
