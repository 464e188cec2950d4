"""What git or GitHub tell of changed code, without secrets.

In: `Changes` as they were read. Out: the same with every text redacted; a hunk is looked at as a whole, for a secret may
span its lines.
"""

from collections.abc import Callable
from dataclasses import replace

from triagebot.drafts.model import Changes
from triagebot.redact import Unredacted

Fix = Callable[[str], Unredacted[Changes]]
"""What one commit changed, beside its first parent."""
Between = Callable[[str, str], Unredacted[Changes]]
"""What changed after a good commit up to a bad one."""


def no_changes(good: str = "", bad: str = "") -> Unredacted[Changes]:
    """The answer of a place that knows no code."""
    return Unredacted(Changes(good, bad, problem="nobody here knows the code"))


def clean_changes(found: Unredacted[Changes], clean: Callable[[str], str]) -> Changes:
    """The changes without secrets."""
    return found.redacted_by(lambda changes: _cleaned(changes, clean))


def _cleaned(found: Changes, clean: Callable[[str], str]) -> Changes:
    commits = (replace(c, subject=clean(c.subject), paths=tuple(map(clean, c.paths))) for c in found.commits)
    hunks = (
        replace(
            h, path=clean(h.path), header=clean(h.header), lines=tuple(clean("\n".join(h.lines)).split("\n"))
        )
        for h in found.hunks
    )
    return replace(found, commits=tuple(commits), hunks=tuple(hunks), problem=clean(found.problem))
