"""What the languages share: lines parted into exceptions, first lines into type and message, frames into values.

In: lines of text. Out: `ExceptionText` values marked as foreign. Types stay as they are spelled; `telling` says what of a type
counts: of `java.lang.RuntimeException`, `Error` and what else only carries a sentence, nothing.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from triagebot.reports.model import Frame, Raised
from triagebot.signatures.traceback import ExceptionText

FrameOf = Callable[[str], Frame | None]

_HEAD = re.compile(
    r"(?:Uncaught (?:\(in promise\) )?|Unhandled \w{1,20}: |Exception in thread \"[^\"\n]{0,120}\" )?"
    r"(?P<type>[A-Za-z_$][\w$]{0,120}+(?:(?:\.|::|\\)[\w$]{1,120}+){0,14})"
    r"(?: \[(?P<code>\w{1,60})\]| \((?:0x)?[\dA-F]{1,10}\))?(?: ?: | ?:$|$)"
)
"""The head of an error of any language: its type, perhaps a code, and a colon where a message follows.

Hit: `java.io.IOException: gone`
Hit: `TypeError [ERR_X]: gone`
Miss: `5: gone`
"""
_ENDS = re.compile(
    r"(?:Error|Exception|Failure|Failed|Throwable|Fault|Timeout|Interrupt|Closed|NotFound|Unavailable"
    r"|Refused|Rejected|Violation|Expired|Panic|Exit)\d?$"
)
"""How the name of an error ends. Hit: `CartException`. Miss: `Cart`."""
_QUALIFIED = re.compile(r"(?:[a-z_]\w{0,80}\.){1,20}[A-Z][\w$]{0,200}$|.{1,300}(?:::|\\)[A-Z]\w{0,200}$")
r"""A type with its package or namespace.

Hit: `java.io.IOException`
Hit: `Shop\CartException`
Miss: `IOException`
"""
_CARRIERS = frozenset(
    [
        "Error", "Exception", "Throwable", "RuntimeException", "RuntimeError", "StandardError", "AssertionError",
        "AssertionFailedError", "AssertionFailedException", "AssertionException", "ComparisonFailure",
        "ComparisonFailedException", "ExpectationNotMetError", "ExpectationFailedException", "JestAssertionError", "CypressError",
        "UnknownError", "UnexpectedError", "Failure", "Failed", "panic", "Panic", "XunitException", "EqualException", "SingleException",
        "TrueException", "FalseException", "NullException", "NotNullException", "ContainsException", "ThrowsException",
        "AssertFailedException", "AssertActualExpectedException", "MultipleFailuresError", "ExecutionException", "CompletionException",
        "UndeclaredThrowableException", "InvocationTargetException", "AggregateException", "TargetInvocationException", "UnexpectedTagNameException",
        "AxiosError", "FetchError", "RequestError", "DetoxRuntimeError", "FailureError", "Assertion", "ApplicationException",
        "SystemException", "ShouldAssertException",
    ]
)  # fmt: skip
"""Types that only carry a sentence; a report may leave them out."""


def telling(type_: str) -> str:
    """The bare name of a type, or "" where it only carries a sentence or has no name (`AgentsTest$1`)."""
    name = re.split(r"[.:\\$]", type_)[-1]
    return "" if name in _CARRIERS or name.isdigit() else name


def heading(line: str) -> tuple[str, str]:
    """Type and message of a line such as `java.io.IOException: message`; the type is "" where none is named."""
    found = _HEAD.match(line)
    if not found or not (_ENDS.search(found["type"]) or _QUALIFIED.match(found["type"])):
        return "", line
    said = line[found.end() :].strip()
    return found["type"], said or (found["code"] or "")


def exception(
    lines: Sequence[str], frames: Iterable[Frame] = (), statement: str = "", *, typed: bool = True
) -> ExceptionText | None:
    """An exception of the lines that say it; None where there are neither words nor a type."""
    kept = [line.rstrip() for line in lines]
    while kept and not kept[0].strip():
        kept = kept[1:]
    if not kept:
        return None
    type_, rest = heading(kept[0].strip()) if typed else ("", kept[0].strip())
    message = "\n".join([*([rest] if rest else []), *kept[1:]]).strip("\n")
    return ExceptionText(Raised(type_, unquoted(message), tuple(frames)), statement, foreign=True)


def unquoted(message: str) -> str:
    """A message that is all one quoted string (what was thrown was no error), without its quotes."""
    lone = re.fullmatch(r"(?:thrown: )?(?:'([^'\n]{1,400})'|\"([^\"]{1,800})\")", message)
    return (lone[1] or lone[2]) if lone else message


def linked(chain: Sequence[ExceptionText | None]) -> tuple[ExceptionText, ...]:
    """The chain of exceptions told outermost first: the deepest cause comes first, what only repeats its effect is left out."""
    told: list[ExceptionText] = []
    for one in chain:
        if one is not None and not (told and _same(told[-1], one)):
            told.append(one)
    inner = [replace(one, raised=replace(one.raised, link="cause")) for one in reversed(told[1:])]
    return (*inner, *told[:1])


def _same(one: ExceptionText, other: ExceptionText) -> bool:
    return (one.raised.type, one.raised.message) == (other.raised.type, other.raised.message)


def parted(lines: Sequence[str], cause: re.Pattern[str]) -> list[list[str]]:
    """The lines parted where a line begins a cause; its own first line loses the words that say so."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if found := cause.match(line):
            parts.append([line[found.end() :]])
        else:
            parts[-1].append(line)
    return parts


def message_and_frames(lines: Sequence[str], frame_of: FrameOf) -> tuple[list[str], list[Frame]]:
    """The lines before the first frame, and the frames with the outermost first."""
    said: list[str] = []
    frames: list[Frame] = []
    for line in lines:
        if frame := frame_of(line):
            frames.append(frame)
        elif not frames:
            said.append(line)
    return said, frames[::-1]
