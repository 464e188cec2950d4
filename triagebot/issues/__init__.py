"""The memory on the tracker, pure: issues as they stand, the marker inside them, and what a group means beside them.

In: bodies and issues that a tracker has read. Out: markers, bodies, matches. Nothing here reads a tracker.
"""

from triagebot.issues.marker import ROOM, fits, read_marker, trimmed, write_marker
from triagebot.issues.match import (
    Contains,
    duplicates,
    echoes,
    fix_of,
    is_dashboard,
    is_let_go,
    is_session,
    issue_of,
    keys_of,
    match,
    nobody_knows,
)
from triagebot.issues.model import (
    Act,
    DraftedWhy,
    Ended,
    Grade,
    Issue,
    Judged,
    Marker,
    Match,
    Occurrence,
    Quote,
    Settled,
)
from triagebot.issues.section import BEGIN, END, compose, parts, section, section_hash, splice

__all__ = [
    "BEGIN",
    "END",
    "ROOM",
    "Act",
    "Contains",
    "DraftedWhy",
    "Ended",
    "Grade",
    "Issue",
    "Judged",
    "Marker",
    "Match",
    "Occurrence",
    "Quote",
    "Settled",
    "compose",
    "duplicates",
    "echoes",
    "fits",
    "fix_of",
    "is_dashboard",
    "is_let_go",
    "is_session",
    "issue_of",
    "keys_of",
    "match",
    "nobody_knows",
    "parts",
    "read_marker",
    "section",
    "section_hash",
    "splice",
    "trimmed",
    "write_marker",
]
