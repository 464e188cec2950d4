"""The text of a failure as exceptions: what was raised, from what, through which frames, and the statement that failed.

In: cleaned text in any of pytest's styles (long, short, native, line), or a bare message. Out: `Raised` values, first
raised first, each with the statement that failed and the source shown above it. It must not judge, mask or choose, and
never raises: what is not understood gives an empty chain.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from triagebot.reports.model import Frame, Raised

_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"
_LINKS: dict[str, Literal["cause", "context"]] = {_CAUSE: "cause", _CONTEXT: "context"}
_NATIVE = "Traceback (most recent call last)"

_PLACE = re.compile(r"(\S.{0,400}?):(\d{1,7}):(?: (.{0,2000}))?$")
_FILE = re.compile(r'File "(.{1,400}?)", line (\d{1,7})(?:, in (.{1,200}))?$')
_DEF = re.compile(r"\s{0,40}(?:async )?def (\w{1,120})\(")
_NAME = re.compile(r"[A-Za-z_][\w.]{0,160}$")
_HEAD = re.compile(r"([A-Za-z_][\w.]{0,160})(?:\[[\w, .]{0,80}\])?(?::(?: |$)|$)")
_RULE = re.compile(r"[\s^~]{1,400}$")
_LEAF = re.compile(r"\s{0,60}\+-?\+?-{3,40} (?:\d{1,4}|\.\.\.) -{3,40}$")
_LEAVES_END = re.compile(r"\s{0,60}\+-{3,60}$")
_TREE = re.compile(r"\s{0,60}[|+] ?")
_EXCEPTIONAL = (
    "Error",
    "Exception",
    "Warning",
    "Exit",
    "Interrupt",
    "Failed",
    "Failure",
    "Timeout",
    "Group",
    "Found",
)
_ENDINGS = frozenset(
    [
        "StopIteration",
        "StopAsyncIteration",
        "Skipped",
        "Cancelled",
        "CancelledError",
        "ConnectionClosed",
        "ConnectionClosedOK",
        "BadSignature",
        "SignatureExpired",
        "DoesNotExist",
        "InvalidStatus",
        "InvalidHandshake",
        "RemoteDisconnected",
        "IncompleteRead",
        "Panic",
        "BrokenBarrier",
        "TimeoutExpired",
        "Empty",
        "Full",
        "Abort",
        "Throttled",
        "NotFound",
        "UndefinedTable",
        "UniqueViolation",
    ]
)


@dataclass(frozen=True, slots=True)
class Told:
    """One exception as the text tells it. `statement` is the code that failed, `source` the lines shown above it."""

    raised: Raised
    statement: str = ""
    source: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """What has been read of one exception so far."""

    frames: list[Frame] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    statement: str = ""
    failing: bool = False
    coding: bool = False
    native: bool = False
    named: str = ""


def read(text: str, message: str = "") -> tuple[Told, ...]:
    """The chain that a failure's text tells, first raised first; of `message` alone where the text tells none.

    Both texts are cleaned. The last exception of a chain has the link "". An empty tuple: nothing could be read.
    """
    chain = _chain(text) if text else ()
    return chain or _bare(message or text)


def heading(line: str) -> tuple[str, str]:
    """The type and message of a line like `pkg.SomeError: message`; the type is "" where none is named."""
    found = _HEAD.match(line)
    if not found or not is_exceptional(found[1]):
        return "", line
    return found[1], line[found.end() :].strip()


def is_exceptional(name: str) -> bool:
    """Whether a dotted name is that of an exception, as far as a name can tell."""
    last = name.rpartition(".")[2]
    return last.endswith(_EXCEPTIONAL) or last in _ENDINGS


def _chain(text: str) -> tuple[Told, ...]:
    """The exceptions of a text with their links."""
    if _CAUSE not in text and _CONTEXT not in text:
        told = _one(text)
        return (told,) if told else ()
    parts: list[tuple[list[str], Literal["", "cause", "context"]]] = [([], "")]
    for line in text.split("\n"):
        if link := _LINKS.get(line.strip(" |")):
            parts[-1] = (parts[-1][0], link)
            parts.append(([], ""))
        else:
            parts[-1][0].append(line)
    read_parts = [(told, link) for lines, link in parts if (told := _one("\n".join(lines)))]
    linked = [replace(told, raised=replace(told.raised, link=link)) for told, link in read_parts]
    if linked:
        linked[-1] = replace(linked[-1], raised=replace(linked[-1].raised, link=""))
    return tuple(linked)


def _one(text: str) -> Told | None:
    """One exception with its frames, or None when the text holds none."""
    if "Exception Group Traceback" in text or "+---" in text:
        return _group(text)
    draft = _scanned(text.split("\n"))
    type_, message = _head(draft)
    if not type_ and not message:
        return None
    raised = Raised(type=type_, message=message, frames=tuple(draft.frames))
    return Told(raised, draft.statement, tuple(draft.shown))


def _scanned(lines: Iterable[str]) -> _Draft:
    """All lines of one exception, sorted into frames, source, the failing statement and what was said."""
    draft = _Draft()
    for line in lines:
        first = line[:1]
        if not first:
            draft.failing = False
        elif first == "E" and (line[1:4] == "   " or line.strip() == "E"):
            draft.told.append(line[1:])
            draft.failing = False
        elif first == " ":
            _indented(draft, line)
        elif first == ">" and line[1:2] == " ":
            _failing(draft, line)
        elif first == "_" and line.startswith("_ _"):
            draft.source, draft.coding = [], False
        else:
            _flush(draft, line)
    return draft


def _indented(draft: _Draft, line: str) -> None:
    """A line of source, of code under a place, or of a native frame."""
    stripped = line.strip()
    if not stripped or _RULE.match(stripped):
        return
    if stripped.startswith('File "') and (found := _FILE.match(stripped)):
        draft.frames.append(Frame(found[1], int(found[2]), found[3] or ""))
        draft.coding = True
    elif draft.coding:
        draft.frames[-1] = replace(draft.frames[-1], code=stripped)
        draft.statement, draft.shown, draft.coding = stripped, [], False
    elif draft.failing:
        draft.statement = f"{draft.statement} {stripped}"[:2000]
    else:
        draft.source.append(line)


def _failing(draft: _Draft, line: str) -> None:
    """The line that pytest marks with `>`: the statement that failed begins here."""
    draft.statement = line[1:].strip()
    draft.shown = draft.source
    draft.failing = True


def _flush(draft: _Draft, line: str) -> None:
    """A line that begins at the margin: a place, a native ending, or the first line of source."""
    draft.failing = False
    if line.startswith(_NATIVE):
        draft.native, draft.told = True, []
    elif (found := _PLACE.match(line)) and not (draft.native and draft.told):
        _placed(draft, found)
    elif draft.native:
        draft.told.append(line)
    else:
        draft.coding = False
        draft.source.append(line)


def _placed(draft: _Draft, found: re.Match[str]) -> None:
    """`path:line: in function`, `path:line: Type`, `path:line: ` or, in the line style, `path:line: Type: message`."""
    path, line, rest = found[1], int(found[2]), (found[3] or "").strip()
    if rest.startswith("in "):
        draft.frames.append(Frame(path, line, rest[3:].strip()))
        draft.coding = True
        return
    function = next((m[1] for text in draft.source if (m := _DEF.match(text))), "")
    draft.frames.append(Frame(path, line, function, draft.statement))
    draft.source, draft.coding = [], False
    if rest and _NAME.match(rest):
        draft.named = rest
    elif rest and not draft.told:
        draft.told.append(rest)


def _head(draft: _Draft) -> tuple[str, str]:
    """Type and message of what was said, spelled as the report spells them."""
    lines = _said(draft.told)
    if not lines:
        return draft.named, ""
    type_, message = heading(lines[0])
    if draft.named and type_.rpartition(".")[2] != draft.named:
        named = lines[0].partition(":")[0]
        if named.rpartition(".")[2] == draft.named and _NAME.match(named):
            type_, message = named, lines[0][len(named) + 1 :].strip()
        else:
            type_, message = draft.named, lines[0]
    if not type_ and lines[0].startswith("assert "):
        type_ = "AssertionError"
    return type_, "\n".join([message, *lines[1:]]).strip("\n")


def _said(told: list[str]) -> list[str]:
    """The lines of an exception's text without their common margin; of a syntax error, its naming line first."""
    kept = told[:200]
    while kept and not kept[0].strip():
        kept = kept[1:]
    if not kept:
        return []
    margin = len(kept[0]) - len(kept[0].lstrip())
    lines = [line[margin:] if not line[:margin].strip() else line.lstrip() for line in kept]
    if lines[0].startswith('File "'):
        named = [line for line in lines if heading(line.strip())[0]]
        return [*named[-1:], *lines] if named else lines
    return lines


def _group(text: str) -> Told | None:
    """An exception group of a native traceback with its leaves, nested ones flattened."""
    sections: list[list[str]] = [[]]
    for line in text.split("\n"):
        if _LEAF.match(line):
            sections.append([])
        elif not _LEAVES_END.match(line):
            sections[-1].append(_untreed(line))
    outer = _plain("\n".join(sections[0]))
    leaves = [told for lines in sections[1:] if (told := _plain("\n".join(lines)))]
    if outer is None:
        return None
    kept = tuple(leaf.raised for leaf in leaves if "sub-exception" not in leaf.raised.message)
    return replace(outer, raised=replace(outer.raised, leaves=kept))


def _plain(text: str) -> Told | None:
    """The last exception of a section of a group, whose chain is not drawn into the tree."""
    draft = _scanned(text.replace("Exception Group Traceback", "Traceback").split("\n"))
    draft.native = True
    told = [line for line in draft.told or draft.source if line.strip()]
    draft.told = told[-12:] if not draft.frames else told
    type_, message = _head(draft)
    return Told(Raised(type_, message, tuple(draft.frames)), draft.statement) if type_ else None


def _untreed(line: str) -> str:
    """A line of the tree without its bars, with the indent of the traceback restored."""
    found = _TREE.match(line)
    return line[found.end() :] if found else line


def _bare(message: str) -> tuple[Told, ...]:
    """A message without a traceback: `Type: message` when it begins like one."""
    lines = [line for line in message.split("\n") if line.strip()]
    if not lines:
        return ()
    type_, rest = heading(lines[0].strip())
    if not type_ and lines[0].startswith("assert "):
        type_ = "AssertionError"
    if not type_:
        return ()
    return (Told(Raised(type_, "\n".join([rest, *lines[1:]]))),)
