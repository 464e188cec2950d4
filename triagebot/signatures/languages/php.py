"""PHP: PHPUnit's failures with the files below them, and exceptions as PHP prints them.

In: text and message. Out: the chain. Read after PHPUnit's `--log-junit` and `Throwable::__toString`.
"""

import re

from triagebot.reports.model import Frame
from triagebot.signatures.languages.shape import exception, linked, message_and_frames, parted
from triagebot.signatures.traceback import ExceptionText

_FRAME = re.compile(
    r"\s{0,20}(?:(?P<path>(?:/|[A-Za-z]:\\|phar://)[^\n:]{1,400}\.(?:php|phpt|phar)[^\n:]{0,100}):"
    r"(?P<line>\d{1,7})$"
    r"|#\d{1,4} (?P<path2>[^\n()]{1,400}\.php)\((?P<line2>\d{1,7})\): (?P<function>[\w\\:>-]{1,300}))"
)
r"""A frame of PHPUnit or of PHP's own trace.

Hit: `/srv/shop/CartTest.php:12`
Hit: `#0 /srv/shop/Cart.php(12): Shop\Cart->add()`
Miss: `CartTest.php`
"""
_TEST = re.compile(r"[\w\\]{1,300}::\w{1,200}(?: with data set .{1,400})?$")
r"""The line that names a test. Hit: `Shop\CartTest::testAdd with data set #1`. Miss: `Shop\CartTest`."""
_CAUSE = re.compile(r"Caused by$|Next (?=[\w\\]{1,300}: )")
r"""The mark of an exception's cause. Hit: `Caused by`. Hit: `Next Shop\CartException: gone`. Miss: `Next`."""
_TRACE = re.compile(r"\s{0,20}(?:Stack trace:$|thrown in /)")
"""The lines around PHP's own trace. Hit: `Stack trace:`. Miss: `trace:`."""


def php(text: str, message: str) -> tuple[ExceptionText, ...]:
    """The chain of a failure of PHPUnit's, or of an exception that PHP printed."""
    lines = [line for line in text.split("\n") if not _TRACE.match(line)]
    if not any(map(_FRAME.match, lines)) and not (lines and _TEST.match(lines[0].strip())):
        return ()
    if lines and _TEST.match(lines[0].strip()):
        lines = lines[1:]
    chain = [_one(part) for part in parted(lines, _CAUSE)]
    if chain[0] is None:
        chain[0] = exception(message.split("\n"), _frames(lines)) or exception([" "])
    return linked(chain) or _silent(lines)


def _silent(lines: list[str]) -> tuple[ExceptionText, ...]:
    """A failure of which nothing but its place is told."""
    told = exception(["Failed without a message"], _frames(lines))
    return (told,) if told else ()


def _frames(lines: list[str]) -> list[Frame]:
    return message_and_frames(lines, _frame)[1]


def _one(lines: list[str]) -> ExceptionText | None:
    said, frames = message_and_frames(lines, _frame)
    return exception(said, frames)


def _frame(line: str) -> Frame | None:
    found = _FRAME.match(line)
    if not found:
        return None
    path = (found["path"] or found["path2"]).replace("\\", "/")
    return Frame(path, int(found["line"] or found["line2"]), (found["function"] or "").rpartition(">")[2])
