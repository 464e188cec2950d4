"""pytest's terminal output cut into its parts: sessions, sections, blocks, summary lines.

In: the lines of a log. Out: frozen parts with nothing interpreted beyond what marks their borders. Which test a block
belongs to is not decided here. Source: pytest's terminal.py, versions 6 to 9.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from triagebot.reports.model import Section

LINE = 2048
"""Longest part of a line that any pattern looks at."""

_ANSI = re.compile(r"\x1b\[[0-9;:?]{0,40}[ -/]{0,4}[@-~]")
"""A colour or another order to a terminal. Hit: `\x1b[31m`. Hit: `\x1b[2K`. Miss: `[31m`."""
_STAMP = re.compile(
    r"\ufeff?(?:[^\t\n]{1,300}\t[^\t\n]{1,300}\t\ufeff?)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z ?"
)
"""The time that GitHub writes before each line of a log; `gh` puts job and step before it.

Hit: `2026-01-31T09:30:00.1234567Z gone`
Hit: `build\ttest\t2026-01-31T09:30:00.1234567Z gone`
Miss: `2026-01-31 09:30:00 gone`
"""
_TITLE = re.compile(r"={1,400} (.{1,200}?) ={1,400}")
"""The title of a part of a session. Hit: `===== FAILURES =====`. Miss: `_____ test_add _____`."""
_CLOSING = re.compile(
    r"(?:={1,400} )?((?:no tests ran|\d{1,9} [a-z]{1,20}(?: [a-z]{1,20})?)"
    r"(?:, \d{1,9} [a-z]{1,20}(?: [a-z]{1,20})?){0,12})"
    r" in (\d{1,9}(?:\.\d{1,9})?)s(?: \([0-9:, days]{1,40}\))?(?: ={1,400})?"
)
"""The closing line of a session.

Hit: `===== 1 failed, 12 passed in 0.12s =====`
Hit: `2 passed, 1 warning in 75.20s (0:01:15)`
Hit: `no tests ran in 0.01s`
Miss: `12 passed`
Miss: `===== FAILURES =====`
"""
_ONLY_COLLECTED = re.compile(
    r"(?:={1,400} )?(?:no tests|(\d{1,9})(?:/\d{1,9})? tests?) collected(?: \((\d{1,9}) deselected\))?"
    r"(?:, (\d{1,9}) errors?)? in (\d{1,9}(?:\.\d{1,9})?)s(?: \([0-9:, days]{1,40}\))?(?: ={1,400})?"
)
"""The closing line of `--collect-only`.

Hit: `===== 12 tests collected in 0.10s =====`
Hit: `3/12 tests collected (9 deselected) in 0.10s`
Miss: `12 passed in 0.10s`
"""
_HEADING = re.compile(r"_{1,400} (\S.{0,1800}?) _{1,400}")
"""The heading of a failure. Hit: `_____ test_add _____`. Miss: `===== FAILURES =====`."""
_CAPTURED = re.compile(r"-{1,400} (Captured .{1,100}?) -{1,400}")
"""The heading of what a test printed.

Hit: `----- Captured stdout call -----`
Miss: `----- generated xml file: a.xml -----`
"""
_APPENDIX = re.compile(
    r"-{1,400} (?:generated xml file|generated html file|Generated html report|JSON report|coverage"
    r"|live log).{0,1500} ?-{0,400}",
    re.IGNORECASE,
)
"""What plugins write below the failures.

Hit: `----- generated xml file: /srv/shop/a.xml -----`
Hit: `----- coverage: platform linux -----`
Miss: `----- Captured stdout call -----`
"""
_STOPPED = re.compile(r"!{1,400} (.{1,1800}?) !{1,400}")
"""Why a session ended early. Hit: `!!!!! stopping after 1 failures !!!!!`. Miss: `stopping after 1 failures`."""
_COUNT = re.compile(r"(\d{1,9}) ([a-z]{1,20}(?: [a-z]{1,20})?)")
"""One number of the closing line. Hit: `12 passed`. Miss: `passed`."""

_PARTS = {
    "test session starts": "progress",
    "ERRORS": "errors",
    "FAILURES": "failures",
    "PASSES": "other",
    "XFAILURES": "other",
    "XPASSES": "other",
    "warnings summary": "other",
    "warnings summary (final)": "other",
    "short test summary info": "summary",
    "rerun test summary info": "other",
    "slowest durations": "other",
    "tests coverage": "other",
    "Hypothesis Statistics": "other",
}


@dataclass(slots=True)
class Session:
    """One invocation of pytest in a log. `counts` and `seconds` are of its closing line; None when there is none. `opened` says that
    its first line is there, which `-q` leaves out.
    """

    progress: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    internal: list[str] = field(default_factory=list)
    counts: dict[str, int] | None = None
    seconds: float | None = None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What stands under one heading: the text of a failure and the output captured beside it."""

    title: str
    text: str
    sections: tuple[Section, ...] = ()


def lines_of(text: str) -> list[str]:
    """The lines without colours, carriage returns and the timestamps that GitHub puts before each line of a log."""
    plain = (
        _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
        if "\x1b" in text or "\r" in text
        else text
    )
    lines = plain.split("\n")
    stamped = sum(bool(_STAMP.match(line)) for line in lines[:50])
    if stamped * 2 > len(lines[:50]):
        return [_STAMP.sub("", line, count=1) for line in lines]
    return lines


def is_border(line: str) -> bool:
    """Whether a line is one that only pytest writes: a section's title or the closing line."""
    return _part(line[:LINE]) is not None or _closing(line[:LINE]) is not None


def sessions(lines: Iterable[str]) -> list[Session]:
    """The sessions of a log in order. A new one starts where one ended and another says so."""
    found = [Session()]
    part = "progress"
    for line in lines:
        head = line[:LINE]
        titled = _part(head)
        if titled == "progress" and found[-1].counts is not None:
            found.append(Session())
        part = titled or part
        found[-1].opened |= titled == "progress"
        if titled is None:
            part = _put(found[-1], part, head, line)
    return found


def _put(session: Session, part: str, head: str, line: str) -> str:
    """Put one line where it belongs; returns the part that the next line is in."""
    if head.startswith("INTERNALERROR>"):
        session.internal.append(line[14:].removeprefix(" "))
    elif closing := _closing(head):
        session.counts, session.seconds = closing
        return "other"
    elif head[:1] == "!" and (stopped := _STOPPED.fullmatch(head.rstrip())):
        session.stopped.append(stopped[1])
    elif head[:1] == "-" and part in {"errors", "failures"} and _APPENDIX.fullmatch(head.rstrip()):
        return "other"
    else:
        getattr(session, part).append(line)
    return part


def _part(head: str) -> str | None:
    """The part that a section's title opens, if the line is one."""
    found = _TITLE.fullmatch(head.rstrip()) if head[:1] == "=" else None
    if not found:
        return None
    title = found[1]
    return "other" if title.startswith(("slowest ", "tests coverage")) else _PARTS.get(title)


def _closing(head: str) -> tuple[dict[str, int], float] | None:
    """Counts by word and seconds, if the line is a session's last."""
    if head[:1] not in "=0123456789n":
        return None
    if only := _ONLY_COLLECTED.fullmatch(head.strip()):
        told = zip(("collected", "deselected", "errors"), only.groups(), strict=False)
        return {word: int(number) for word, number in told if number and int(number)}, float(only[4])
    found = _CLOSING.fullmatch(head.strip())
    if not found:
        return None
    return {word: int(number) for number, word in _COUNT.findall(found[1])}, float(found[2])


def blocks(lines: list[str], opens: Callable[[str], bool]) -> Iterator[Block]:
    """The blocks of a section. `opens` says whether a heading's title is a test's: output may hold such lines too."""
    title: str | None = None
    body: list[str] = []
    for line in lines:
        heading = _HEADING.fullmatch(line[:LINE].rstrip()) if line[:1] == "_" else None
        if heading and heading[1].strip("_ ") and opens(heading[1]):
            if title is not None:
                yield _block(title, body)
            title, body = heading[1], []
        else:
            body.append(line)
    if title is not None:
        yield _block(title, body)


def _block(title: str, lines: list[str]) -> Block:
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        captured = _CAPTURED.fullmatch(line[:LINE].rstrip()) if line[:1] == "-" else None
        if captured:
            parts.append((captured[1], []))
        else:
            parts[-1][1].append(line)
    text, *rest = ((name, "\n".join(held).strip("\n")) for name, held in parts)
    return Block(title, text[1], tuple(Section(name, held) for name, held in rest))
