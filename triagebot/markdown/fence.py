"""Untrusted text as a fenced block that it cannot leave.

In: any text. Out: `Markdown` of several lines. Cuts go through the middle, for both ends of a failure tell most.
"""

import re

from triagebot.markdown.escape import Markdown
from triagebot.markdown.text import ZWSP, cut_middle, visible

# GitHub draws or runs some languages (mermaid, math, geojson, stl, suggestion), so only these pass.
_LANGUAGES = frozenset(
    {"text", "python", "pytb", "json", "diff", "console", "log", "xml", "toml", "yaml", "http", "sql"}
)
_TICKS = re.compile(r"`{3,65536}")
"""A run of backticks that could close a fence. Hit: ```` ``` ````. Miss: `~~~`."""
_NOTICE = 40


def block(text: str, *, info: str = "", max_lines: int = 40, max_chars: int = 4000) -> Markdown:
    """`text` in a fence longer than any run of backticks in it.

    Shows at most `max_lines` lines and `max_chars` characters (both at least 3 and 120); the rest is left out of the
    middle, visibly. `info` is a language of a fixed list and ignored otherwise.
    """
    lines = visible(text).replace("<!--", f"<!{ZWSP}--").splitlines()
    body = "\n".join(_elided(lines, max(max_lines, 3), max(max_chars, 120)))
    fence = "`" * max(3, max(map(len, _TICKS.findall(body)), default=0) + 1)
    return Markdown(
        f"{fence}{info if info in _LANGUAGES else ''}\n{body}\n{fence}" if body else f"{fence}\n{fence}"
    )


def _elided(lines: list[str], max_lines: int, max_chars: int) -> list[str]:
    """`lines` within both limits: single long lines cut, then whole lines left out of the middle."""
    cap = max_chars if len(lines) == 1 else max_chars // 3
    lines = [cut_middle(line, cap) for line in lines]
    if len(lines) <= max_lines and sum(map(len, lines)) + len(lines) <= max_chars + 1:
        return lines
    head, tail = _ends(lines, max_lines - 1, max_chars - _NOTICE)
    left = len(lines) - head - tail
    return [*lines[:head], f"[… {left:,} line{'s' * (left != 1)} elided]", *lines[len(lines) - tail :]]


def _ends(lines: list[str], count: int, room: int) -> tuple[int, int]:
    """How many lines of the beginning and of the end fit, taken in turn, into `count` lines and `room` characters."""
    head = tail = 0
    while head + tail < min(count, len(lines) - 1):
        line = lines[head] if head <= tail else lines[-1 - tail]
        room -= len(line) + 1
        if room < 0:
            break
        head, tail = (head + 1, tail) if head <= tail else (head, tail + 1)
    return head, tail
