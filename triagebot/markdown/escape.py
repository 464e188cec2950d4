"""Untrusted text as Markdown inside a line: words, a code span, a link. Safe in paragraphs, headings, items and cells.

In: any string. Out: `Markdown` without a line end. Nothing here makes a block.
"""

import html
import re
from typing import NewType
from urllib.parse import SplitResult, quote, urlsplit

from triagebot.markdown.text import ZWSP, cut, cut_middle, disarm, folded

Markdown = NewType("Markdown", str)

# An underscore between letters or digits can neither open nor close emphasis, and names are full of them.
_SPECIAL = re.compile(
    r"(?P<name>(?<=[A-Za-z0-9])_{1,80}(?=[A-Za-z0-9]))"
    r"|[\\`*_\[\]<|~#]|&(?=[#A-Za-z]|\Z)|!(?=\[|\Z)|(?P<math>\$)"
)
"""Hit: `*gone*`. Hit: `a < b`. Miss: `gone`."""
# What only means something first in a line: lists, quotes, setext underlines, table delimiters.
_OPENING = re.compile(r"\A(?:(?=[-+=:>])|([0-9]{1,9})(?=[.)](?:\s|\Z)))")
"""Hit: `- gone`. Hit: `1. gone`. Miss: `gone - there`."""
_TICKS = re.compile(r"`{1,4096}")
"""A run of backticks; a span of code needs a longer one around it. Hit: ``a `b` c``. Miss: `abc`."""
_REFERRING = re.compile(r"/(?:issues|pull|pulls|discussions|commit|commits)/", re.IGNORECASE)
"""A path that GitHub turns into a reference to an issue or a commit.

Hit: `/acme/shop/issues/7`
Miss: `/acme/shop/blob/main`
"""


def inline(text: str, limit: int = 200) -> Markdown:
    """`text` as words in a line: what one sees is `text`, folded and cut at `limit` characters, and all of it inert."""
    return Markdown(_OPENING.sub(r"\1\\", _escape(disarm(cut(folded(text), limit)))))


def _escape(text: str) -> str:
    """`text` with a backslash before every character that CommonMark or GFM reads.

    GitHub documents no backslash for a dollar outside of formulas but this span
    (https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions).
    """
    return _SPECIAL.sub(_inert, text)


def _inert(found: re.Match[str]) -> str:
    """One special character, or a name's underscores, as text."""
    if found["name"]:
        return found[0]
    return "<span>$</span>" if found["math"] else "\\" + found[0]


def code(text: str, limit: int = 120) -> Markdown:
    """`text` as one code span, folded and cut in the middle at `limit` characters; for names, ids and values.

    A pipe would end a table's cell even within backticks, and its escape would be seen outside of tables, so text
    with a pipe becomes a `<code>` element, which reads the same in both.
    """
    shown = cut_middle(folded(text), limit).replace("<!--", f"<!{ZWSP}--") or " "
    if "|" in shown:
        return Markdown(f"<code>{_escape(disarm(shown)).replace('<span>$</span>', '$')}</code>")
    ticks = "`" * (max(map(len, _TICKS.findall(shown)), default=0) + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return Markdown(f"{ticks}{pad if shown.strip() else ''}{shown}{pad if shown.strip() else ''}{ticks}")


def link(text: str, url: str) -> Markdown:
    """`text` leading to `url`, or `text` alone where `url` is not a plain http(s) address.

    No user, no port out of range, no white space or control character, at most 2,000 characters; and nothing that
    GitHub would record as a reference to an issue, pull request, discussion or commit: those are for `reference`.
    """
    words = inline(text)
    if not words or _safe_url(url) is None:
        return words
    target = quote(url, safe="/:?#@!$&'*+,;=%~-._[]").replace("&", "&amp;")
    return Markdown(f"[{words}]({target})")


def _safe_url(url: str) -> SplitResult | None:
    """The parts of a well-formed http(s) address that leads out of this text and does nothing else, or None."""
    if not url.isprintable() or " " in url or "\\" in url or len(url) > 2000:
        return None
    try:
        parts = urlsplit(url)
        well_formed = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if well_formed and "@" not in parts.netloc and not _REFERRING.search(parts.path) else None


def element_text(text: str, limit: int) -> str:
    """`text` for the inside of an HTML element in an HTML block, where Markdown's backslashes would be seen."""
    return html.escape(disarm(cut(folded(text), limit)), quote=True).replace("$", "<span>$</span>")
