"""A draft beside the fix: whether the fix touched what its supported roots name, and what people did with each step.

In: an issue's marker, what the fix changed. Out: a `Grade`. It says what was touched and not who was right: a fix may lie where no
root points. Nothing here decides when a draft is graded.
"""

import re

from triagebot.drafts.history_evidence import names_in, shared_names
from triagebot.drafts.model import Changes
from triagebot.issues import DraftedWhy, Grade, Marker
from triagebot.redact import Fact
from triagebot.reviews import states

_NAMED = 5
# The line that follows the name of a file.
_AT_LINE = re.compile(r"(?<=\w):\d{1,7}\b")
"""Hit: `app/mail.py:12`. Miss: `app/mail.py`."""


def grade(marker: Marker, fix: Fact, found: Changes) -> Grade:
    """The grade of the draft that stands. The marker must hold one, and say when it was made."""
    assert marker.drafted_at is not None
    touched, names = _touched(marker, found)
    return Grade(marker.drafted_at, marker.prompt, fix, touched, names, states.fates_of_whys(marker))


def _touched(marker: Marker, found: Changes) -> tuple[str, tuple[str, ...]]:
    """yes, no or cannot say, and the names that both the roots and the fix hold."""
    roots = [why for why in marker.whys if why.root and why.status == "supported"]
    names = names_in([_AT_LINE.sub(" ", text) for root in roots for text in _texts(root)])
    if not names or found.problem or not found.hunks:
        return "cannot say", ()
    shared = frozenset[str]().union(*(shared_names(hunk, names) for hunk in found.hunks))
    return ("yes" if shared else "no"), tuple(sorted(shared, key=lambda name: (-len(name), name))[:_NAMED])


def _texts(root: DraftedWhy) -> tuple[str, ...]:
    """A root's sentence, the lines that it quotes, and where they stand."""
    return (root.text, *(text for quote in root.quotes for text in (quote.text, quote.where)))
