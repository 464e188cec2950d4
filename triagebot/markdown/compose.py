"""Markdown from Markdown: what is safe stays safe, and blocks stay whole.

In: `Markdown` made by this room, and constant words of our own. Out: `Markdown`. Nothing here takes text from outside
but the summary of `fold`. Parts that touch could read each other's delimiters, so composers put something between.
"""

import re
from collections.abc import Iterable, Sequence
from typing import LiteralString

from triagebot.markdown.escape import Markdown, element_text

__all__ = [
    "Markdown",
    "bullets",
    "checklist",
    "comment_link",
    "fill",
    "fold",
    "heading",
    "join",
    "paragraphs",
    "reference",
    "table",
    "words",
]

_BARE_PIPE = re.compile(r"(?<!\\)\|")
r"""A bar that would end a cell of a table. Hit: `a|b`. Miss: `a\|b`."""


def words(text: LiteralString) -> Markdown:
    """Our own constant text, which may use Markdown and is not escaped. Never for anything that came from outside."""
    return Markdown(text)


def reference(number: int) -> Markdown:
    """A live reference to an issue of the same repository: `#12`."""
    return Markdown(f"#{int(number)}")


def comment_link(comment: int) -> Markdown:
    """A live link to a comment of the same issue, by its id."""
    return Markdown(f"[comment](#issuecomment-{int(comment)})")


def fill(template: LiteralString, *parts: Markdown, **named: Markdown) -> Markdown:
    """Our own constant words around parts: `fill("{} of {}", inline(a), inline(b))`.

    Raises ValueError when two places in the template touch.
    """
    if "}{" in template:
        raise ValueError(f"places touch in {template!r}; put something between them")
    return Markdown(template.format(*parts, **named))


def join(parts: Iterable[Markdown], separator: LiteralString = " ") -> Markdown:
    """The parts that are not empty, in a row. Raises ValueError for an empty separator."""
    if not separator:
        raise ValueError("parts must not touch")
    return Markdown(separator.join(part for part in parts if part))


def paragraphs(*parts: Markdown) -> Markdown:
    """The parts that are not empty, one under the other with a blank line between."""
    return Markdown("\n\n".join(part for part in parts if part))


def heading(level: int, text: Markdown) -> Markdown:
    """A heading of level 1 to 6. `text` is one line."""
    return Markdown(f"{'#' * min(max(level, 1), 6)} {_one_line(text)}")


def bullets(items: Iterable[Markdown]) -> Markdown:
    """A list. An item may have several lines and blocks; they are indented under it."""
    return Markdown("\n".join("- " + _hung(item, 2) for item in items))


def checklist(items: Iterable[tuple[bool, Markdown]]) -> Markdown:
    """A list of boxes that people can tick; each item says whether it is ticked."""
    return Markdown("\n".join(f"- [{'x' if done else ' '}] {_hung(item, 2)}" for done, item in items))


def _hung(item: Markdown, width: int) -> str:
    """An item's lines with all but the first indented by `width` spaces; blank lines stay blank."""
    first, *rest = item.split("\n")
    return "\n".join([first, *(" " * width + line if line else "" for line in rest)])


def table(header: Sequence[Markdown], rows: Iterable[Sequence[Markdown]]) -> Markdown:
    """A GFM table. Cells are one line each; a short row is filled up, a long one raises ValueError."""
    width = len(header)
    lines = [_row(header, width), "|" + " --- |" * width, *(_row(row, width) for row in rows)]
    return Markdown("\n".join(lines))


def _row(cells: Sequence[Markdown], width: int) -> str:
    """One row of `width` cells."""
    if len(cells) > width:
        raise ValueError(f"{len(cells)} cells in a table of {width} columns")
    shown = [_BARE_PIPE.sub(r"\\|", _one_line(cell)) for cell in cells] + [""] * (width - len(cells))
    return "| " + " | ".join(shown) + " |"


def fold(summary: str, body: Markdown) -> Markdown:
    """`body` folded away under `summary`, which is text from outside (one line, at most 200 characters)."""
    return Markdown(f"<details>\n<summary>{element_text(summary, 200)}</summary>\n\n{body}\n\n</details>")


def _one_line(text: Markdown) -> Markdown:
    """`text`, which has to be one line. Raises ValueError otherwise."""
    if "\n" in text:
        raise ValueError(f"a line, not a block, belongs here: {text[:40]!r}")
    return text
