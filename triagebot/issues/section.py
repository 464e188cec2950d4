"""The bot's part of an issue's body, and everything around it, which belongs to people.

In: bodies and the new text of the bot's part (marker line, begin mark, text, end mark). Out: bodies. What stands
outside the part is kept to the letter, and so are the ticks that people set inside it.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping

from triagebot.errors import UserError
from triagebot.issues.marker import is_marker, lines_of

BEGIN = "<!-- triagebot:begin -->"
END = "<!-- triagebot:end -->"
_PART = re.compile(r"<!-- triagebot:part ([a-z]{1,20}) -->")
"""The mark before a part of the bot's section.

Hit: `<!-- triagebot:part review -->`
Miss: `<!-- triagebot:begin -->`
"""
_BOX = re.compile(r"(\s{0,20}[-*+] \[)([ xX])(\] .{0,2000})")
"""A box that people tick. Hit: `- [x] mended`. Miss: `- mended`."""


def section(body: str) -> str:
    """The bot's part without the marker line, marks included; "" where there is none or the marks are damaged."""
    lines = lines_of(body)
    place = _place(lines)
    return "\n".join(lines[place[0] : place[1] + 1]) if place else ""


def section_hash(body: str) -> str:
    """sha256 (hex) of marker line and section, every checkbox counted as empty and line ends as they were written."""
    marker = [line.strip() for line in lines_of(body) if is_marker(line)]
    text = "\n".join([*marker, *map(_unticked, lines_of(section(body)))])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def splice(body: str, new: str) -> str:
    """`body` with the bot's part replaced by `new`; ticks are kept. A body without one gets it below its text.

    Raises UserError when the marks in `body` are damaged, for nobody can say then which text is a person's.
    """
    lines = body.split("\n")
    if (place := _place(lines)) is None and (BEGIN in body or END in body):
        raise UserError(
            "the begin and end marks of triagebot in this issue are damaged; restore or delete both"
        )
    marker, part = new.split("\n", 1)
    part = _with_ticks(part, section(body))
    if place is None:
        return "\n".join([marker, *_below(lines), part])
    before, after = _without_markers(lines[: place[0]]), _without_markers(lines[place[1] + 1 :])
    return "\n".join([marker, *before, part, *after])


def parts(body: str) -> dict[str, str]:
    """The named parts of the bot's section, in order: what a later run rewrites one by one. {} without a section."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in lines_of(section(body))[1:-1]:
        if mark := _PART.fullmatch(line.strip()):
            lines = found.setdefault(mark[1], [])
        else:
            lines.append(line)
    return {name: "\n".join(text).strip("\n") for name, text in found.items()}


def compose(marker: str, named: Mapping[str, str]) -> str:
    """The bot's part: marker line, begin mark, every part that says anything under its own mark, end mark."""
    texts = (f"<!-- triagebot:part {name} -->\n{text}\n" for name, text in named.items() if text)
    return "\n".join([marker, BEGIN, *texts, END])


def _below(lines: list[str]) -> list[str]:
    """A person's text, and an empty line that sets the bot's part off from it."""
    text = _without_markers(lines)
    return [*text, ""] if any(line.strip() for line in text) else []


def _without_markers(lines: list[str]) -> list[str]:
    """Lines without old marker lines: the new one stands at the top."""
    return [line for line in lines if not is_marker(line)]


def _place(lines: list[str]) -> tuple[int, int] | None:
    """Line numbers of begin and end mark when there is exactly one of each, in this order."""
    begins = [number for number, line in enumerate(lines) if line.strip() == BEGIN]
    ends = [number for number, line in enumerate(lines) if line.strip() == END]
    whole = len(begins) == 1 and len(ends) == 1 and begins[0] < ends[0]
    return (begins[0], ends[0]) if whole else None


def _unticked(line: str) -> str:
    """The line with its checkbox empty."""
    box = _BOX.match(line)
    return line if box is None else line[: box.end(1)] + " " + line[box.start(3) :]


def _with_ticks(new: str, old: str) -> str:
    """`new` with each checkbox as it stands in `old`; equal lines are paired in order."""
    ticks: dict[str, list[str]] = defaultdict(list)
    for line in lines_of(old):
        if box := _BOX.match(line):
            ticks[_unticked(line)].append(box[2])
    return "\n".join(_ticked(line, ticks) for line in new.split("\n"))


def _ticked(line: str, ticks: dict[str, list[str]]) -> str:
    """The line with the tick that it had."""
    box = _BOX.match(line)
    had = ticks.get(_unticked(line)) if box else None
    return line if box is None or not had else line[: box.end(1)] + had.pop(0) + line[box.start(3) :]
