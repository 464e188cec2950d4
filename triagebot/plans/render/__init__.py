"""The final text of issues and comments, as people read it.

In: values of groups, drafts, markers and countdowns, and a redactor. Out: titles, named parts of an issue's section,
comments. Every text from outside goes through `triagebot.markdown`, and every finished part through the redactor.
Nothing here judges: what is said was decided elsewhere.
"""

from triagebot.plans.render.cause import ROOM, Shown, parts, room_beside
from triagebot.plans.render.comments import (
    comment,
    lost_comment,
    recovery_comment,
    regression_comment,
    trouble_comment,
    variant_comment,
)
from triagebot.plans.render.incident import incident_parts, incident_title
from triagebot.plans.render.occurrences import occurrences
from triagebot.plans.render.review_text import annotated, review_parts
from triagebot.plans.render.title import title, with_priority, without_counts

__all__ = [
    "ROOM",
    "Shown",
    "annotated",
    "comment",
    "incident_parts",
    "incident_title",
    "lost_comment",
    "occurrences",
    "parts",
    "recovery_comment",
    "regression_comment",
    "review_parts",
    "room_beside",
    "title",
    "trouble_comment",
    "variant_comment",
    "with_priority",
    "without_counts",
]
