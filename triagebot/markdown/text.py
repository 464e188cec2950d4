"""Text that can be seen, cut where one can see it, and disarmed against what GitHub makes of it.

In: any string. Out: a string that is not yet Markdown. Nothing here escapes Markdown or HTML.
"""

import re

from triagebot.plain_text import without_escapes

ZWSP = "\u200b"
"""Zero-width space: the only character that stops GitHub's mention and reference filters and shows nothing."""

# Default-ignorable code points (Unicode DerivedCoreProperties) without those that set direction.
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_REMOVED = re.compile(f"[{_UNSEEN}]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
"""Control characters but white space. Hit: `a\x1bb`. Miss: `a b`."""
_SHOWN = re.compile("[\x80-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_LIVE = re.compile(
    r"@|#|:(?=//)|<!(?=--)"
    r"|(?i:www(?=\.)|\bgh-(?=[0-9]))"
    r"|:(?=(?:[+-]1|100|1234|[0-9]{0,4}[a-z][a-z0-9_+-]{0,39}):)"
    r"|(?<![A-Za-z0-9_])[0-9A-Fa-f]{7,40}(?![A-Za-z0-9_])"
)
"""What GitHub makes something of in plain text: mentions, references, addresses, emoji, commits.

Hit: `@ada`
Hit: `9fceb02`
Miss: `gone`
"""
_SIX = re.compile(r"[0-9A-Fa-f]{6}(?=[0-9A-Fa-f])")
"""Six digits of a commit, after which it is broken so that it links to nothing. Hit: `9fceb02`. Miss: `9fceb0`."""


def visible(text: str) -> str:
    """`text` with nothing in it that hides or lies. White space, line ends included, stays."""
    return _SHOWN.sub(_name, _CONTROL.sub(_picture, _REMOVED.sub("", without_escapes(text))))


def _picture(found: re.Match[str]) -> str:
    """The Unicode control picture of a C0 control or DEL."""
    point = ord(found[0])
    return "\u2421" if point == 0x7F else chr(0x2400 + point)


def _name(found: re.Match[str]) -> str:
    """A code point by its number; a lone surrogate, which no encoder takes, as the replacement character."""
    point = ord(found[0])
    return "\ufffd" if 0xD800 <= point <= 0xDFFF else f"\u27e8U+{point:04X}\u27e9"


def folded(text: str) -> str:
    """`text` on one line: visible, every run of white space one space, none at the ends."""
    return " ".join(visible(text).split())


def disarm(text: str) -> str:
    """`text` with U+200B wherever GitHub would find a mention, reference, link, emoji, commit or comment in it.

    A run of hexadecimal digits that could be a commit is broken every six, since seven make a commit again.
    """
    return _LIVE.sub(_break, text)


def _break(found: re.Match[str]) -> str:
    """What was found, broken."""
    return _SIX.sub(rf"\g<0>{ZWSP}", found[0]) if len(found[0]) > 6 else found[0] + ZWSP


def cut(text: str, limit: int) -> str:
    """At most `limit` (at least 1) characters of the beginning; a cut ends in an ellipsis."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


def cut_middle(text: str, max_chars: int) -> str:
    """At most `max_chars` (at least 1) characters of both ends, with `[… n characters elided]` between them.

    Where there is no room for that notice and as much text beside it, a bare ellipsis stands in the middle.
    """
    if len(text) <= max_chars:
        return text
    notice = _notice(len(text) - max_chars)
    if max_chars < 2 * len(notice):
        notice = "…"
    room = max(max_chars - len(notice), 0)
    return text[: room - room // 2] + notice + text[len(text) - room // 2 :]


def _notice(over: int) -> str:
    """The notice that says how many characters it stands for: the `over` ones too many, and as many as it takes."""
    notice = ""
    for _ in range(3):  # its own length can add a digit, which adds a character, and that is the end of it
        notice = f"[… {over + len(notice):,} characters elided]"
    return notice


def plain(text: str, limit: int = 200) -> str:
    """One line of at most about `limit` characters for titles, tables on a terminal and log lines; not Markdown.

    Disarmed like Markdown text, since titles are quoted in many places, and never a command of the Actions runner
    (https://docs.github.com/actions/reference/workflow-commands-for-github-actions; `##[` is its older form).
    """
    return uncommanded(disarm(cut(folded(text), limit)))


def uncommanded(line: str) -> str:
    """`line` as no command of the Actions runner, which obeys what stands at the beginning of a line of a log."""
    return f"{line[:1]}{ZWSP}{line[1:]}" if line.startswith(("::", "##[")) else line
