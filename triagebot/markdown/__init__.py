"""Untrusted text becomes Markdown for GitHub here, and nowhere else.

In: any string, as hostile as reports, logs, models and commenters can make it. Out: `Markdown`, a string that renders
as the text it was given and does nothing: it mentions nobody, refers to no issue or commit, closes nothing, links
nowhere, shows no image, opens no tag, forges no marker and cannot leave its place (line, cell, code span, fence, fold).

`Markdown` is a nominal type, so that a type checker keeps the two worlds apart:

- *makers* take `str` that nobody trusts: `inline`, `code`, `block`, `link`; `fold` takes such a summary;
- *composers* take `Markdown` only: `fill`, `join`, `paragraphs`, `heading`, `bullets`, `checklist`, `table`, `fold`;
- `words` takes our own constant text, `reference` and `comment_link` a number; these alone may be live.

`plain`, `workflow` and `workflow_property` are for places that are not Markdown: titles, log lines, commands of the
Actions runner. What no eye can see (zero-width and other default-ignorable characters, terminal colours) is removed;
what would make text lie or break (control and bidirectional characters, lone surrogates) is shown as `␀`, `⟨U+202E⟩`
or `�`. Cuts are visible.

In text that GitHub links, `@`, `#`, `://`, `www`, `GH-` and commit hashes are broken with U+200B, because neither
backslashes nor entities stop its mention filter. In code GitHub links nothing, so code stays as it was, to be copied;
only `<!--` is broken there too, since a marker is sought in the raw body.

This room must not judge, redact, or read anything else of the package.
"""

from triagebot.markdown.compose import (
    Markdown,
    bullets,
    checklist,
    comment_link,
    fill,
    fold,
    heading,
    join,
    paragraphs,
    reference,
    table,
    words,
)
from triagebot.markdown.escape import code, inline, link
from triagebot.markdown.fence import block
from triagebot.markdown.text import cut_middle, plain
from triagebot.markdown.workflow_commands import workflow, workflow_property

__all__ = [
    "Markdown",
    "block",
    "bullets",
    "checklist",
    "code",
    "comment_link",
    "cut_middle",
    "fill",
    "fold",
    "heading",
    "inline",
    "join",
    "link",
    "paragraphs",
    "plain",
    "reference",
    "table",
    "words",
    "workflow",
    "workflow_property",
]
