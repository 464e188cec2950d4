"""Outside text made fit to be read: no colours, no control characters, one kind of newline, bounded in size.

In: a text as a report carried it. Out: the text that parsing, extractors and masks see. It must stay linear: this runs
on every failure, and the common text (plain ASCII, short lines) passes after a few searches at C speed.
"""

import re
import unicodedata

from triagebot.plain_text import normalized

LINE_CAP = 2_000
"""Characters of one line that are looked at; a longer line keeps its head and its tail."""
FIELD_CAP = 32_000
"""Characters of one field that are looked at; a longer field keeps its head and its tail."""
CUT = " … "

_WRAPPED = re.compile(r"^failed on (setup|teardown) with \"(.*?)\"?$", re.DOTALL)
"""How JUnit reports of pytest wrap an error of setup or teardown.

Hit: `failed on setup with "ValueError: gone"`
Miss: `failed on call with "ValueError: gone"`
"""
_STAMP = re.compile(
    r"^(?:\[gw\d{1,4}\] {0,4})?"
    r"(?:\[?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?\]?[ :|-]{0,4})?"
    r"(?:\[?(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|FATAL)\]?(?=[ :|\]])[ :|]{1,4})?"
)
"""What a log writes before a line: worker, time, level. It can be empty.

Hit: `[gw1] 2026-01-31 09:30:00,125 ERROR: gone`
Hit: `gone`
"""


def clean(text: str) -> str:
    """The same text without ANSI sequences, control characters and CRLF, in NFC, with long lines and fields cut."""
    if len(text) > FIELD_CAP:
        text = shorten(text, FIELD_CAP)
    text = normalized(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    return _short_lines(text) if has_long_line(text) else text


def was_cut(cleaned: str) -> bool:
    """Whether something of a text was left out for its size."""
    return CUT in cleaned


def has_long_line(text: str) -> bool:
    """Whether a line exceeds what is looked at. Hops from line end to line end instead of visiting every line."""
    at, end = -1, len(text)
    while end - at - 1 > LINE_CAP:
        hop = text.rfind("\n", at + 1, at + LINE_CAP + 2)
        if hop < 0:
            return True
        at = hop
    return False


def _short_lines(text: str) -> str:
    """The text with every long line cut."""
    return "\n".join(shorten(line, LINE_CAP) for line in text.split("\n"))


def shorten(text: str, cap: int) -> str:
    """Head and tail of a text that is longer than `cap` characters, with a visible cut between."""
    if len(text) <= cap:
        return text
    tail = cap // 4
    return text[: cap - tail - len(CUT)] + CUT + text[-tail:]


def unwrap(message: str) -> str:
    """The message that JUnit hides in `failed on setup with "…"`; any other message as it is."""
    if not message.startswith("failed on "):
        return message
    found = _WRAPPED.match(message)
    return found[2] if found else message


def without_stamp(line: str) -> str:
    """A log line without its worker banner, timestamp and level: they say when, never what."""
    found = _STAMP.match(line) if line[:1] in "[0123456789DIWECF" else None
    return line[found.end() :] if found else line
