"""Which exception of a chain is the one to judge, and why.

In: what the text told, first raised first, and a way to ask what an extractor finds in one of them. Out: the place of
the root in the chain and the reason in words.

Explicit causes: the deepest first, unless a library's own exception says in the words of its protocol what went wrong in
that library's depths (a WebSocket that was closed because a read was cut). Implicit context ("during handling"): the later error may be the real bug, so the
inner one only wins when the outer says nothing, or is generic and merely repeats it. Of several that tell the same the one that tells most speaks for them.
Cancellation and silence never win over a neighbour.
"""

import re
from collections.abc import Callable, Sequence

from triagebot.signatures.code_location import is_library
from triagebot.signatures.subject import Finding
from triagebot.signatures.traceback import ExceptionText

Ask = Callable[[int], Finding | None]

_GENERIC = frozenset(
    [
        "Exception",
        "BaseException",
        "RuntimeError",
        "Error",
        "Failed",
        "AssertionError",
        "SystemExit",
        "UsageError",
    ]
)
_PROTOCOLS = frozenset(("ws.close", "ws.handshake"))
_TRANSPORTS = frozenset(("connection", "timeout"))
_CANCELLED = frozenset(
    (
        "CancelledError",
        "Cancelled",
        "GeneratorExit",
        "KeyboardInterrupt",
        "TaskCanceledException",
        "OperationCanceledException",
        "CancellationException",
    )
)
_HOLLOW = re.compile(
    r"(?:A task was canceled|The operation was canceled|aborted|ClosedChannelException)?\.?$"
)
"""Messages of causes that say no more than that what they caused happened.

Hit: `The operation was canceled.`
Miss: `the order was canceled by ada`
"""


def root(chain: Sequence[ExceptionText], ask: Ask) -> tuple[int, str]:
    """The index of the exception to judge and the reason for the choice. `chain` is not empty."""
    at = len(chain) - 1
    reason = "the only exception" if at == 0 else "the last exception; nothing before it explains it"
    for inner in range(at - 1, -1, -1):
        why = _deeper(chain, inner, at) or _wrapped(chain, inner, at, ask)
        if not why:
            break
        if told := _outer_explains(chain, inner, at, ask):
            return _fullest(chain, at, ask, told)
        at, reason = inner, why
    return _fullest(chain, at, ask, reason)


def _deeper(chain: Sequence[ExceptionText], inner: int, at: int) -> str:
    """Why the inner exception explains the outer one better than it does itself; "" when it does not."""
    outer, told = chain[at], chain[inner]
    if _silent(told):
        return ""
    if told.raised.link == "captured":
        return f"what the server in this process raised before {_bare(outer)} (captured output)"
    if told.raised.link == "cause":
        return f"the deepest explicit cause (of {_bare(chain[-1])})"
    if _silent(outer):
        return f"{_bare(outer)} says nothing itself"
    if _bare(outer) in _GENERIC and _repeats(outer, told):
        return f"{_bare(outer)} only repeats what it was raised while handling"
    return ""


def _wrapped(chain: Sequence[ExceptionText], inner: int, at: int, ask: Ask) -> str:
    """Why an inner exception wins that a library wrapped without naming it as the cause."""
    frames = chain[at].raised.frames
    wraps = "." in chain[at].raised.type and bool(frames) and is_library(frames[-1].path)
    if _silent(chain[inner]) or not wraps or ask(at) is not None:
        return ""
    return f"{_bare(chain[at])} is a library's wrapper that says less" if ask(inner) is not None else ""


def _outer_explains(chain: Sequence[ExceptionText], inner: int, at: int, ask: Ask) -> str:
    """Why the outer exception stays the root although it has a cause: its library tells what its own depths met."""
    found, other = ask(inner), ask(at)
    if other is None:
        return ""
    if found is None:
        frames = chain[inner].raised.frames
        deep = chain[inner].foreign or (bool(frames) and is_library(frames[-1].path))
        return (
            f"{_bare(chain[at])} says in its protocol's words what went wrong inside the library"
            if deep
            else ""
        )
    if other.kind in _PROTOCOLS and found.kind in _TRANSPORTS:
        return f"{_bare(chain[at])} says in its protocol's words what happened to the connection"
    if not any(name != "at" for name, _value in found.slots):
        return f"{_bare(chain[at])} says more than {_bare(chain[inner])}"
    return ""


def _fullest(chain: Sequence[ExceptionText], at: int, ask: Ask, reason: str) -> tuple[int, str]:
    """The exception that says the same as the chosen one and more, such as the host."""
    found = ask(at) if len(chain) > 1 else None
    for outer in range(at + 1, len(chain)) if found else ():
        other = ask(outer)
        if other and found and other.kind == found.kind and _richer(other, found):
            return outer, f"{reason}; {_bare(chain[outer])} tells the same with more detail"
    return at, reason


def _richer(other: Finding, found: Finding) -> bool:
    """Whether one finding repeats the other's protocol slots and adds where it happened."""
    mine, theirs = dict(found.slots), dict(other.slots)
    mine.pop("at", None)
    return len(theirs) > len(mine) and all(theirs.get(name) == value for name, value in mine.items())


def _bare(told: ExceptionText) -> str:
    return told.raised.type.rpartition(".")[2] or "an unnamed exception"


def _silent(told: ExceptionText) -> bool:
    """Whether an exception is a cancellation, or has neither message nor leaves."""
    raised = told.raised
    if _bare(told) in _CANCELLED and not (told.foreign and not raised.link):
        return True
    if told.foreign and raised.link:
        return (
            _HOLLOW.match(raised.message) is not None
            and not raised.leaves
            and "Unresolved" not in raised.type
        )
    return not raised.message.strip("() ") and not raised.leaves and not raised.attributes


def _repeats(outer: ExceptionText, inner: ExceptionText) -> bool:
    """Whether the outer message carries the inner one, or none at all.

    A bare number or a part of a word that also stands in the outer message is chance: `KeyError: 3` in `after 36 ms`.
    """
    said, meant = outer.raised.message, inner.raised.message.partition("\n")[0].strip()[:80]
    if not said.strip():
        return True
    before, found, after = said.partition(meant) if any(map(str.isalpha, meant)) else ("", "", "")
    return bool(found) and not _joined(before[-1:], meant[0]) and not _joined(meant[-1], after[:1])


def _joined(left: str, right: str) -> bool:
    """Whether two characters that meet belong to one word."""
    return (left + right).isalnum() and bool(left) and bool(right)
