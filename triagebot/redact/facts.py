"""Facts of a run (environment, branch, revision, commit, run id, link) as a type: one line without secrets and escapes.

In: what a report, an option, a runner's variable or an issue says. Out: `Fact`, which is all that renderers take. A fact is
still outside text: `triagebot.markdown` makes it inert where it becomes Markdown.
"""

from typing import NewType

from triagebot.plain_text import one_line
from triagebot.redact.redactor import Redactor

Fact = NewType("Fact", str)
"""At most 500 characters on one line, without secrets, control characters, bidi marks and terminal escapes."""

_MOST = 500


def fact(text: str, redactor: Redactor) -> Fact:
    """`text` as a fact. The same text gives the same fact in every run."""
    return Fact(one_line(redactor.lasting(text))[:_MOST])


def fact_or_none(text: str | None, redactor: Redactor) -> Fact | None:
    """`text` as a fact; None for None, and where nothing is left of it."""
    return (fact(text, redactor) if text else None) or None


def recorded(text: str | None) -> Fact | None:
    """A fact that an earlier run recorded. It was redacted then; since then anybody may have edited the issue."""
    return (Fact(one_line(text)[:_MOST]) if text is not None else None) or None
