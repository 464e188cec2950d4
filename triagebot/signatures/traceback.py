"""The text of a failure as exceptions: what was raised, from what, through which frames, and the statement that failed.

In: cleaned text in any of pytest's styles (long, short, native, line), or a bare message. Out: `Raised` values, first
raised first, each with the statement that failed and the source shown above it. It must not judge, mask or choose, and
never raises: what is not understood gives an empty chain.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from triagebot.reports.model import Frame, Raised

_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"
STATEMENT_CAP = 2_000
"""Characters of a statement that are kept."""
_LINKS: dict[str, Literal["cause", "context"]] = {_CAUSE: "cause", _CONTEXT: "context"}
_NATIVE = "Traceback (most recent call last)"

_PLACE = re.compile(r"([^\s:][^:\n]{0,400}+(?::[\\/][^:\n]{0,400}+)?):(\d{1,7}):(?: (.{0,2000}))?$")
"""The place at which pytest ends a frame: `path:line: type`.

Hit: `tests/test_a.py:12: ValueError`
Miss: `tests/test_a.py`
"""
_FILE = re.compile(r'File "(.{1,400}?)", line (\d{1,7})(?:, in (.{1,200}))?$')
"""The place of a frame in Python's own traceback.

Hit: `File "/srv/app/mail.py", line 12, in send`
Miss: `File "/srv/app/mail.py"`
"""
_DEF = re.compile(r"[>\s]{0,40}(?:async )?def (\w{1,120})\(")
"""The line that defines the function of a frame. Hit: `    async def test_a():`. Miss: `default(5)`."""
_NAME = re.compile(r"[A-Za-z_][\w.]{0,160}$")
"""A name that can be a type. Hit: `app.mail.SendError`. Miss: `send it`."""
_HEAD = re.compile(r"([A-Za-z_][\w.]{0,160}+)(?:\[[\w, .]{0,80}\])?(?::(?: |$)|$)")
"""The head of an exception: its type, and a colon where a message follows.

Hit: `app.mail.SendError: gone`
Hit: `ExceptionGroup[ValueError]: two`
Miss: `5: gone`
"""
_RULE = re.compile(r"[\s^~]{1,400}$")
"""Marks below a line of code. Hit: `    ^^^^~~~`. Miss: `a ^ b`."""
_COMMENT = re.compile(r"  # [^'\"]{0,400}$")
"""The comment behind a line of code; text with a quote behind its `#` may be a string.

Hit: `send(order)  # twice`
Miss: `send("a  # b")`
"""
_LEAF = re.compile(r"\s{0,60}\+-?\+?-{3,40} (?:\d{1,4}|\.\.\.) -{3,40}$")
"""The head of one exception in a group. Hit: `  +-+---------------- 1 ----------------`. Miss: `---- 1 ----`."""
_LEAVES_END = re.compile(r"\s{0,60}\+-{3,60}$")
"""The end of a group. Hit: `    +------------------------------------`. Miss: `+--`."""
_TREE = re.compile(r"\s{0,60}[|+] ?")
"""The bars before the lines of a group. Hit: `  | ValueError: gone`. Miss: `ValueError: gone`."""
_CAMEL = re.compile(r"(?:[A-Z][a-z0-9]{1,40}){1,8}$")
"""A name in camel case. Hit: `SendError`. Miss: `send_error`."""
_EXCEPTIONAL = (
    "Error", "Exception", "Warning", "Exit", "Interrupt", "Failed", "Failure", "Timeout", "Group",
    "Found",
)  # fmt: skip
_EXCEPTION_NAMES = frozenset((
    "StopIteration", "StopAsyncIteration", "Skipped", "Cancelled", "CancelledError", "ConnectionClosed",
    "ConnectionClosedOK", "BadSignature", "SignatureExpired", "DoesNotExist", "InvalidStatus",
    "InvalidHandshake", "RemoteDisconnected", "IncompleteRead", "Panic", "BrokenBarrier",
    "TimeoutExpired", "Empty", "Full", "Abort", "Throttled", "NotFound", "UndefinedTable",
    "UniqueViolation",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExceptionText:
    """One exception as the text tells it. `statement` is the code that failed, `source` the lines shown above it.

    `foreign` is True where it is not Python's.
    """

    raised: Raised
    statement: str = ""
    source: tuple[str, ...] = ()
    foreign: bool = False


@dataclass(slots=True)
class _Draft:
    """What has been read of one exception so far. `entry` is the index at which the source being shown begins."""

    lines: list[str]
    frames: list[Frame] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    entry: int = 0
    shown: tuple[int, int] = (0, 0)
    statement: str = ""
    named: str = ""
    native: bool = False


def read(text: str) -> tuple[ExceptionText, ...]:
    """The chain that a failure's cleaned text tells, first raised first, the last with the link "".

    An empty tuple: the text tells none.
    """
    if not text:
        return ()
    if "above exception" not in text:
        told = _one(text)
        return (told,) if told else ()
    return _chain(text)


def bare(message: str) -> tuple[ExceptionText, ...]:
    """The exception of a message without a traceback: `Type: message` when it begins like one, else nothing."""
    lines = [line for line in message.split("\n") if line.strip()]
    type_, rest = heading(lines[0].strip()) if lines else ("", "")
    if not type_ and lines and lines[0].startswith("assert "):
        type_ = "AssertionError"
    return (ExceptionText(Raised(type_, "\n".join([rest, *lines[1:]]))),) if type_ else ()


def heading(line: str) -> tuple[str, str]:
    """The type and message of a line like `pkg.SomeError: message`; the type is "" where none is named."""
    found = _HEAD.match(line)
    if not found or not is_exceptional(found[1]):
        return "", line
    return found[1], line[found.end() :].strip()


def is_exceptional(name: str) -> bool:
    """Whether a dotted name is that of an exception, as far as a name can tell."""
    module, _dot, last = name.rpartition(".")
    if last.endswith(_EXCEPTIONAL) or last in _EXCEPTION_NAMES:
        return True
    return bool(module) and module.islower() and _CAMEL.match(last) is not None


def _chain(text: str) -> tuple[ExceptionText, ...]:
    """The exceptions of a text with their links."""
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


def _one(text: str) -> ExceptionText | None:
    """One exception with its frames, or None when the text holds none."""
    if "+---" in text and "sub-exception" in text:
        return _group(text)
    draft = _scanned(text.split("\n"), native='  File "' in text)
    type_, message = _head(draft)
    if not type_ and not message:
        return None
    return ExceptionText(Raised(type_, message, tuple(draft.frames)), draft.statement, _source(draft))


def _source(draft: _Draft) -> tuple[str, ...]:
    """The source shown above the statement that failed."""
    first, last = draft.shown
    return tuple(draft.lines[first:last])


def _scanned(lines: list[str], *, native: bool) -> _Draft:
    """All lines of one exception, sorted into frames, the failing statement and what was said.

    Only lines at the margin mean something; indented ones are looked up from there, since they are most of the text.
    `native` says whether there are frames of Python's own style among them.
    """
    draft = _Draft(lines)
    for at, line in (
        enumerate(lines)
        if native
        else [(at, line) for at, line in enumerate(lines) if line and line[0] != " "]
    ):
        first = line[:1]
        if first == "E" and (line[1:4] == "   " or line.strip() == "E"):
            draft.told.append(line[1:])
            draft.told.extend(_continued(lines, at + 1))
        elif first == ">" and line[1:2] == " ":
            draft.statement = _statement(lines, at)
            draft.shown = (draft.entry, at)
        elif first == "_" and line.startswith("_ _"):
            draft.entry = at + 1
        elif first and first != " ":
            _margin(draft, at, line)
        elif line.startswith("  File ") and (found := _FILE.match(line.strip())):
            draft.frames.append(Frame(found[1], int(found[2]), found[3] or "", _code(lines, at + 1)))
            draft.statement = draft.frames[-1].code
        elif native and draft.native and draft.told:
            draft.told.append(line)
    return draft


def _continued(lines: list[str], at: int) -> list[str]:
    """The lines by which an `E` line goes on where a style marks only the first one (`--tb=value`)."""
    more = []
    while at < len(lines) and lines[at].startswith("    ") and lines[at].strip():
        more.append(lines[at][1:])
        at += 1
    return more


def _code(lines: list[str], at: int) -> str:
    """The line of code under a place, or "" where the style shows none."""
    line = lines[at] if at < len(lines) else ""
    return _COMMENT.sub("", line).strip() if line[:1] == " " and not line.startswith("  File ") else ""


def _statement(lines: list[str], at: int) -> str:
    """The statement that pytest marks with `>`, to its last line."""
    parts = [_COMMENT.sub("", lines[at][1:]).strip()]
    for line in lines[at + 1 : at + 30]:
        if line[:1] != " ":
            break
        if not _RULE.match(line):
            parts.append(_COMMENT.sub("", line).strip())
    return " ".join(parts)[:STATEMENT_CAP]


def _margin(draft: _Draft, at: int, line: str) -> None:
    """A line that begins at the margin: a place, a native ending, or the first line of source."""
    if line.startswith(_NATIVE):
        draft.native, draft.told = True, []
    elif ":" in line and (found := _PLACE.match(line)) and not (draft.native and draft.told):
        _placed(draft, at, found)
    elif draft.native:
        draft.told.append(line)


def _placed(draft: _Draft, at: int, found: re.Match[str]) -> None:
    """`path:line: in function`, `path:line: Type`, `path:line: ` or, in the line style, `path:line: Type: message`."""
    path, line, rest = found[1], int(found[2]), (found[3] or "").strip()
    if rest.startswith("in "):
        code = _code(draft.lines, at + 1)
        draft.frames.append(Frame(path, line, rest[3:].strip(), code))
        draft.statement, draft.shown = code, (0, 0)
        return
    draft.frames.append(Frame(path, line, _function(draft.lines[draft.entry : at]), draft.statement))
    draft.entry = at + 1
    if rest and _NAME.match(rest):
        draft.named = rest
    elif rest and not draft.told:
        draft.told.append(rest)


def _function(source: list[str]) -> str:
    """The function that an entry shows: the first definition in it, for those inside it come later."""
    for line in source:
        if "def " in line and (found := _DEF.match(line)):
            return found[1]
    return ""


def _head(draft: _Draft) -> tuple[str, str]:
    """Type and message of what was said, spelled as the report spells them."""
    lines = _message_lines(draft.told)
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


def _message_lines(told: list[str]) -> list[str]:
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


def _group(text: str) -> ExceptionText | None:
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


def _plain(text: str) -> ExceptionText | None:
    """The last exception of a section of a group, whose chain is not drawn into the tree."""
    draft = _scanned(text.replace("Exception Group Traceback", "Traceback").split("\n"), native=True)
    if not draft.told:
        draft.told = [line for line in draft.lines if line[:1].strip()][-12:]
    type_, message = _head(draft)
    return ExceptionText(Raised(type_, message, tuple(draft.frames)), draft.statement) if type_ else None


def _untreed(line: str) -> str:
    """A line of the tree without its bars, with the indent of the traceback restored."""
    found = _TREE.match(line)
    return line[found.end() :] if found else line
