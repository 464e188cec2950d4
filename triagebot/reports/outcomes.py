"""What a word says of how a test ended, in whatever tool's spelling.

In: one word of a report (an attribute, a tag, a word of a closing line). Out: its meaning. A word of nobody we know is told
from what is no word at all, so that the one can be a problem and the other (an empty attribute, a number) is none.
"""

import re
from functools import lru_cache
from typing import Literal

Meaning = Literal["", "green", "skipped", "red", "unknown"]

_GREEN = frozenset((
    "run", "passed", "pass", "success", "successful", "succeeded", "ok", "completed", "complete", "done",
    "finished", "executed", "expected", "fixed", "flaky",
))  # fmt: skip
_SKIPPED = frozenset((
    "notrun", "disabled", "skipped", "skip", "ignored", "ignore", "suppressed", "pending", "todo",
    "untested", "inconclusive", "notexecuted", "notapplicable", "filtered", "excluded", "deselected",
))  # fmt: skip
_RED = frozenset((
    "failed", "fail", "failure", "failures", "failing", "error", "errored", "errors", "broken",
    "crashed", "crash", "timedout", "timeout", "panicked", "panic", "interrupted", "aborted", "killed",
    "fatal", "exception", "regression", "unexpected",
))  # fmt: skip


@lru_cache(maxsize=256)
def meaning(text: str) -> Meaning:
    """What a status says; "unknown" for a word of nobody we know, "" for what is no word at all."""
    said = re.sub(r"[ _-]{1,9}", "", text[:80]).lower()
    if not said.isalpha():
        return ""
    known: tuple[tuple[Meaning, frozenset[str]], ...] = (
        ("red", _RED),
        ("skipped", _SKIPPED),
        ("green", _GREEN),
    )
    return next((means for means, words in known if said in words), "unknown")
