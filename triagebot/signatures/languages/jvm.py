"""Java, Kotlin and what else runs on the JVM: `Caused by:`, suppressed exceptions, frames.

In: text and message. Out: the chain. Read after `Throwable.printStackTrace`
(https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Throwable.html), Surefire's trimmed stacks and Karate's
envelope. A suppressed exception is a side effect of closing and never the cause.
"""

import re

from triagebot.reports.model import Frame
from triagebot.signatures.languages.shape import exception, linked, message_and_frames, parted
from triagebot.signatures.traceback import ExceptionText

_FRAME = re.compile(
    r"\s{0,40}at (?:[\w.@-]{0,120}/{1,2}){0,3}(?P<function>[\w.$<>-]{1,300})\("
    r"(?:(?P<file>[\w$-]{1,120}\.(?:java|kt|scala|groovy|clj))(?::(?P<line>\d{1,7}))?|Native Method"
    r"|Unknown Source)\)"
)
"""A frame of a JVM. Hit: `\tat shop.Cart.add(Cart.java:12)`. Miss: `at shop.Cart.add`."""
_CAUSE = re.compile(r"Caused by: (?=\S)")
"""The mark of an exception's cause. Hit: `Caused by: java.io.IOException: gone`. Miss: `caused by us`."""
_BESIDE = re.compile(r"\s{0,40}Suppressed: ")
"""An exception that closing something threw. Hit: `\tSuppressed: java.io.IOException: gone`. Miss: `suppressed`."""
_HEAD = re.compile(
    r"(?:Exception in thread \"[^\"\n]{1,120}\" )?(?:[a-z_]\w{0,40}\.){1,8}[A-Z][\w$]{0,120}(?:: |:?$)"
)
"""How an exception of a JVM begins.

Hit: `java.io.IOException: gone`
Hit: `Exception in thread "main" shop.CartException`
Miss: `IOException: gone`
"""
_KARATE = "\nStack Trace:\n"
_FEATURE = re.compile(r"\nclasspath:(?P<path>[^\n:]{1,400}):(?P<line>\d{1,7})\s{0,9}$")
"""The place of a step, which Karate adds.

Hit: `said\nclasspath:shop/cart.feature:12`
Miss: `shop/cart.feature:12`
"""
_MORE = re.compile(r"\s{0,40}\.\.\. \d{1,5} (?:more|common frames)")
"""Frames that stand above already. Hit: `\t... 12 more`. Miss: `12 more`."""


def jvm(text: str, message: str) -> tuple[ExceptionText, ...]:
    """The chain of a stack trace; of a first line alone where it begins with a class and its package."""
    if _KARATE in text and (told := _karate(text)):
        return (told,)
    lines = [line for line in text.split("\n") if not _MORE.match(line)]
    first = next((line for line in lines if line.strip()), "")
    if not any(map(_FRAME.match, lines)) and not _HEAD.match(first):
        return ()
    chain = [_one(part) for part in parted(lines, _CAUSE)]
    if chain[0] is None and message:
        chain[0] = exception(message.split("\n"))
    return linked(chain)


def _one(lines: list[str]) -> ExceptionText | None:
    beside = next((at for at, line in enumerate(lines) if _BESIDE.match(line)), len(lines))
    said, frames = message_and_frames(lines[:beside], _frame)
    return exception(said, frames)


def _frame(line: str) -> Frame | None:
    """A frame with the path that the class's package gives its file."""
    found = _FRAME.match(line)
    if not found:
        return None
    *package, owner, method = ["", "", *found["function"].split(".")][-40:]
    folder = "/".join(part for part in package if part)
    file = found["file"] or f"{owner.partition('$')[0]}.java"
    number = int(found["line"]) if found["line"] else None
    return Frame(f"{folder}/{file}".lstrip("/"), number, f"{owner}.{method}")


def _karate(text: str) -> ExceptionText | None:
    """What Karate says of a step, at the step's line of a feature."""
    said = text.partition(_KARATE)[2]
    found = _FEATURE.search(said, max(0, len(said) - 500))
    place = Frame(found["path"], int(found["line"])) if found else None
    return exception(said[: found.start()].split("\n"), [place]) if found and place else None
