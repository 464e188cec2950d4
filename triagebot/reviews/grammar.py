"""The grammar of commands: the text of a comment becomes what was asked for, or what was meant and how to write it.

In: any text. Out: `Command` and `Mistake` values in the order of their lines. A command stands at the start of a line of
plain text. Code, quotes, lists, tables, HTML and signatures only show commands; which they are, Markdown's own parser
says. Whether a command can be done is not known here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal, get_args

from markdown_it import MarkdownIt
from markdown_it.token import Token

Verb = Literal[
    "accept", "cause", "reject", "edit", "not-quite", "needs-evidence", "redraft", "merge", "unmerge", "split",
    "unsplit", "mute", "unmute", "priority", "owner", "fixed-by", "handoff", "explain", "undo", "help",
]  # fmt: skip
Rank = Literal["primary", "secondary", "tertiary"]
SplitBy = Literal["test", "file", "host", "suite"]

MOST = 20
"""Commands that one comment may hold."""
LONGEST = 300
"""Characters of a text that a person states."""
MOST_DAYS = 365
_LONGEST_COMMENT = 65_536

FORMS: Mapping[Verb, str] = {
    "accept": "accept [all | 1-3 | 2,4]",
    "cause": "cause [primary | secondary | tertiary]: the root cause",
    "reject": "reject [2]: the reason",
    "edit": "edit 2: the corrected step",
    "not-quite": "not-quite 3: what is wrong",
    "needs-evidence": "needs-evidence: what is missing",
    "redraft": "redraft [a hint]",
    "merge": "merge #12",
    "unmerge": "unmerge",
    "split": "split by test | file | host | suite",
    "unsplit": "unsplit",
    "mute": "mute [14d | until fixed]",
    "unmute": "unmute",
    "priority": "priority P2",
    "owner": "owner a name",
    "fixed-by": "fixed-by 0123abc",
    "handoff": "handoff",
    "explain": "explain",
    "undo": "undo",
    "help": "help",
}
"""How each command is written."""

# A command's line: at most three spaces (four are code), the word, and then nothing, white space or a colon.
_LINE = re.compile(r"^( {0,3})/triage(?=[ \t:]|$)(.{0,4096})", re.IGNORECASE)
"""Hit: `/triage accept 1`. Miss: `see /triage accept 1`."""
# What stands in for the word while Markdown is parsed, so that the parser tells where it is plain text.
_MARK = re.compile("\ue000([0-9]{1,6})\ue001")
# Two dashes alone begin a signature (RFC 3676, section 4.3).
_SIGNATURE = re.compile(r"^--[ \t]{0,3}$")
"""Hit: `--`. Miss: `-- ada`."""
# Elements that show text of others or hide it; those that HTML closes by itself are not counted.
_TAG = re.compile(
    r"<(/?)(details|blockquote|pre|code|q|samp|kbd|s|del|strike|ins|sub|sup|span|div|table|a|b|i|em|strong"
    r"|ul|ol|template)\b"
    r"[^<>]{0,2000}?(/?)>",
    re.IGNORECASE,
)
"""Hit: `<details>`. Miss: `<br>`."""
_WHY = r"d?[0-9]{1,2}(?:\.[0-9]{1,2}){0,6}"
# One why or a range of them: "2", "1-3", "d1"; the dash may be typographic.
_SPAN = re.compile(rf"({_WHY})(?:\s{{0,9}}[-–—]\s{{0,9}}({_WHY}))?", re.IGNORECASE)
"""Hit: `1-3`. Miss: `one`."""
# The number in front of a text, and the colon that may stand between.
_NUMBERED = re.compile(
    rf"(?:(?:why|step)\s{{1,9}})?({_WHY})\s{{0,9}}(?:[:,]|\s)\s{{0,9}}(\S.*)", re.IGNORECASE
)
"""Hit: `why 2: the token is empty`. Miss: `the token is empty`."""
_MUTED = re.compile(r"(?:for\s{1,9})?([0-9]{1,4})\s{0,9}(d|days?|w|weeks?)", re.IGNORECASE)
"""How long an issue is to be quiet. Hit: `for 2 weeks`. Miss: `for ever`."""
# A letter's width in front of a command: none of these may stand in what is to be obeyed, for it is not seen.
_UNSEEN = frozenset(("Cf", "Cc", "Co", "Cs"))
_MEANT: Mapping[str, Verb] = {
    "approve": "accept", "confirm": "accept", "ok": "accept", "lgtm": "accept", "yes": "accept", "refuse": "reject",
    "decline": "reject", "wrong": "reject", "correct": "edit", "change": "edit", "because": "cause", "root": "cause",
    "duplicate": "merge", "silence": "mute", "snooze": "mute", "ignore": "mute", "unsilence": "unmute", "retry": "redraft",
    "again": "redraft", "revert": "undo", "assign": "owner", "severity": "priority", "fixed": "fixed-by", "why": "explain",
    "commands": "help", "usage": "help", "handover": "handoff",
}  # fmt: skip
_VERBS: tuple[Verb, ...] = get_args(Verb)


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that was asked for. `line` counts from 1, `said` is the command in one spelling, which is its identity.

    `spans` are whys by number, first and last of each range; none for all of them. `text` is what the person states,
    `rank` of a cause, `issue` a number, `days` how long (None for no end), `until_fixed` or until then, `by` what a
    split goes by.
    """

    verb: Verb
    line: int = 1
    said: str = ""
    spans: tuple[tuple[str, str], ...] = ()
    text: str = ""
    rank: Rank = "primary"
    issue: int = 0
    days: int | None = None
    until_fixed: bool = False
    by: SplitBy = "test"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that is no command. `instead` is the nearest one as it is written, `reason` says in words what is wrong."""

    line: int
    said: str
    instead: str
    reason: str


def commands_in(text: str) -> tuple[Command | Mistake, ...]:
    """What a comment asks for, line by line; () for one that asks for nothing. Any text is taken."""
    lines = text[:_LONGEST_COMMENT].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    marked = {number: found for number, line in enumerate(lines) if (found := _LINE.match(line))}
    if not marked:
        return ()
    obeyed = [number for number in _plain_lines(lines, marked) if number in marked]
    read = [command_of(marked[number][2], number + 1) for number in obeyed[:MOST]]
    if len(obeyed) > MOST:
        line, reason = obeyed[MOST], f"one comment holds at most {MOST} commands"
        read.append(Mistake(line + 1, lines[line].strip(), FORMS["help"], reason))
    return tuple(read)


def command_of(text: str, line: int = 1) -> Command | Mistake:
    """One command without its `/triage`, which is forgiven where it stands there."""
    given = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(character) in _UNSEEN and character != "\t" for character in given):
        return Mistake(line, given, FORMS["help"], "it holds characters that nobody sees; type it again")
    words = " ".join(given.split())
    said = re.sub(r"^(?:/triage\b)?[\s:]{0,9}", "", words, flags=re.IGNORECASE)
    verb, rest = _verb(said)
    if verb is None:
        return Mistake(
            line, said, FORMS[_nearest(said)], "there is no such command" if said else "a command is missing"
        )
    read = _READERS[verb](rest)
    if isinstance(read, str):
        return Mistake(line, said, FORMS[verb], read)
    return replace(read, verb=verb, line=line, said=f"{verb} {rest}".strip())


def _plain_lines(lines: list[str], marked: Mapping[int, re.Match[str]]) -> Iterator[int]:
    """The numbers of those marked lines that Markdown shows as the beginning of a line of plain text."""
    end = next((number for number, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))
    source = [line.replace("\ue000", "").replace("\ue001", "") for line in lines[:end]]
    for number in marked.keys() & set(range(end)):
        source[number] = f"{marked[number][1]}\ue000{number}\ue001{marked[number][2]}"
    depth, paragraph = 0, False
    for token in _MARKDOWN.parse("\n".join(source)):
        if token.type == "html_block":
            depth = _depth(depth, token.content)
        elif token.type == "inline" and paragraph:
            found = _beginnings(token.children or [], depth)
            depth = found[1]
            yield from found[0]
        paragraph = token.type == "paragraph_open" and token.level == 0


def _beginnings(children: list[Token], depth: int) -> tuple[list[int], int]:
    """The marked lines that begin in a paragraph outside of elements, and how deep in elements its end is."""
    found: list[int] = []
    begins = True
    for child in children:
        if child.type == "html_inline":
            depth = _depth(depth, child.content)
        elif begins and depth == 0 and child.type == "text" and (mark := _MARK.match(child.content)):
            found.append(int(mark[1]))
        begins = child.type in ("softbreak", "hardbreak")
    return found, depth


def _depth(depth: int, html: str) -> int:
    """How many elements are open after a piece of HTML."""
    if html.lstrip().startswith("<!--"):
        html = html[html.find("-->") :] if "-->" in html else ""
    for closing, _name, alone in _TAG.findall(html):
        depth = max(0, depth - 1) if closing else depth + (not alone)
    return depth


def _verb(said: str) -> tuple[Verb | None, str]:
    """The verb at the beginning, its hyphen forgiven, and what follows it."""
    for verb in sorted(_VERBS, key=len, reverse=True):
        found = re.match(rf"{verb.replace('-', '[- ]?')}(?![\w-])", said, re.IGNORECASE)
        if found:
            return verb, said[found.end() :].strip()
    return None, ""


def _nearest(said: str) -> Verb:
    """The verb that was most likely meant."""
    word = re.split(r"[\s:]", said.lower(), maxsplit=1)[0][:40]
    near = get_close_matches(word, [*_VERBS, *_MEANT], n=1, cutoff=0.6)
    if not near:
        return "help"
    return _MEANT.get(near[0], next((verb for verb in _VERBS if verb == near[0]), "help"))


Read = Command | str
"""The arguments of a command, or what is wrong with them."""


def _bare(verb: Verb) -> Callable[[str], Read]:
    """The reader of a command that stands alone."""

    def read(rest: str) -> Read:
        return Command(verb) if not rest.strip(" .!:") else f"{verb} takes nothing more"

    return read


def _accept(rest: str) -> Read:
    """All, or some whys by number."""
    given = re.sub(r"^(?:whys?|steps?)\s+", "", rest.strip(" .!:"), flags=re.IGNORECASE)
    if given.lower() in ("", "all", "everything"):
        return Command("accept")
    pieces = [
        piece.strip() for piece in re.split(r",|;|&|\band\b", given, flags=re.IGNORECASE) if piece.strip()
    ]
    spans = [_SPAN.fullmatch(piece) for piece in pieces]
    if not all(spans) or len(spans) > MOST:
        return "it takes numbers of steps, such as 1-3 or 2,4"
    return Command("accept", spans=tuple((s[1].upper(), (s[2] or s[1]).upper()) for s in spans if s))


def _stated(verb: Verb, text: str, what: str) -> Read:
    """A command with a text that a person states."""
    text = text.lstrip(" :").strip()
    if not text:
        return f"{what} is missing"
    return (
        Command(verb, text=text)
        if len(text) <= LONGEST
        else f"at most {LONGEST} characters fit, and it has {len(text)}"
    )


def _cause(rest: str) -> Read:
    """A root cause, its rank in front."""
    ranks: tuple[Rank, ...] = get_args(Rank)
    found = re.match(rf"({'|'.join(ranks)})(?=[\s:]|$)", rest, re.IGNORECASE)
    read = _stated("cause", rest[found.end() :] if found else rest, "the cause")
    if isinstance(read, str) or not found:
        return read
    return replace(read, rank=next(rank for rank in ranks if rank == found[1].lower()))


def _reject(rest: str) -> Read:
    """One why with its reason, or the whole draft after a colon."""
    if rest.startswith(":"):
        return _stated("reject", rest, "the reason")
    return _about("reject", "the reason")(rest)


def _about(verb: Verb, what: str) -> Callable[[str], Read]:
    """The reader of a command about one why."""

    def read(rest: str) -> Read:
        found = _NUMBERED.fullmatch(rest)
        if not found:
            return f"the number of a step and {what} are needed"
        stated = _stated(verb, found[2], what)
        number = found[1].upper()
        return stated if isinstance(stated, str) else replace(stated, spans=((number, number),))

    return read


def _hint(rest: str) -> Read:
    """A new draft, with or without a hint."""
    return _stated("redraft", rest, "the hint") if rest.strip(" .!:") else Command("redraft")


def _merge(rest: str) -> Read:
    """Another issue."""
    found = re.fullmatch(r"(?:(?:with|into)\s+)?#?([1-9][0-9]{0,8})[.!]?", rest, re.IGNORECASE)
    return Command("merge", issue=int(found[1])) if found else "it takes the number of another issue"


def _split(rest: str) -> Read:
    """What to split by."""
    word = re.sub(r"^by\s+", "", rest.strip(" .!:"), flags=re.IGNORECASE).lower().removesuffix("s")
    ways: tuple[SplitBy, ...] = get_args(SplitBy)
    by = next((way for way in ways if way == word), None)
    return Command("split", by=by) if by else "it takes test, file, host or suite"


def _mute(rest: str) -> Read:
    """For good, for some days, or until it is fixed."""
    given = rest.strip(" .!:")
    if not given:
        return Command("mute")
    if re.fullmatch(r"until\s+(?:it\s+is\s+|it's\s+)?fixed", given, re.IGNORECASE):
        return Command("mute", until_fixed=True)
    found = _MUTED.fullmatch(given)
    days = int(found[1]) * (7 if found[2][0] in "wW" else 1) if found else 0
    return (
        Command("mute", days=days)
        if 1 <= days <= MOST_DAYS
        else f"it takes 1 to {MOST_DAYS} days, or until fixed"
    )


def _priority(rest: str) -> Read:
    """P1 to P5."""
    found = re.fullmatch(r"P?([1-5])[.!]?", rest, re.IGNORECASE)
    return Command("priority", text=f"P{found[1]}") if found else "it takes P1 to P5"


def _fixed_by(rest: str) -> Read:
    """A commit."""
    found = re.fullmatch(r"(?:commit\s+)?([0-9a-f]{7,40})[.!]?", rest.lstrip(": "), re.IGNORECASE)
    return (
        Command("fixed-by", text=found[1].lower())
        if found
        else "it takes a commit of 7 to 40 hexadecimal digits"
    )


_READERS: Mapping[Verb, Callable[[str], Read]] = {
    "accept": _accept,
    "cause": _cause,
    "reject": _reject,
    "edit": _about("edit", "the corrected text"),
    "not-quite": _about("not-quite", "what is wrong"),
    "needs-evidence": lambda rest: _stated("needs-evidence", rest, "what is needed"),
    "redraft": _hint,
    "merge": _merge,
    "unmerge": _bare("unmerge"),
    "split": _split,
    "unsplit": _bare("unsplit"),
    "mute": _mute,
    "unmute": _bare("unmute"),
    "priority": _priority,
    "owner": lambda rest: _stated("owner", rest, "the owner"),
    "fixed-by": _fixed_by,
    "handoff": _bare("handoff"),
    "explain": _bare("explain"),
    "undo": _bare("undo"),
    "help": _bare("help"),
}
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
