"""How our labels look: colour and description for every name that the config can give.

In: the names from the config. Out: `Style` by name. It is set when we make a label, and once more where GitHub made
it grey and mute because an issue named it first; a colour that people chose stays.
"""

import re
from dataclasses import dataclass

from triagebot.config import Labels

GREY = "ededed"
"""The colour that GitHub gives a label that an issue named before anybody made it."""

_URGENCY = {"P1": "b60205", "P2": "d93f0b", "P3": "fbca04", "P4": "c2e0c6", "P5": "e6f2ea"}
_PRIORITY = re.compile(r"P[1-5]")
"""A priority, as its label names it. Hit: `P1`. Miss: `P6`. Miss: `P10`."""


@dataclass(frozen=True, slots=True)
class Style:
    """Colour (six hex digits) and description (100 characters at most) of a label."""

    color: str
    description: str


def style_of(name: str, labels: Labels) -> Style:
    """How the label called `name` looks when we make it."""
    if found := _fixed(labels).get(name):
        return found
    bare = name.removeprefix(labels.priority_prefix)
    if _PRIORITY.fullmatch(bare):
        return Style(_URGENCY[bare], f"How soon this needs a person: {bare} of P1 to P5")
    if labels.area_prefix and name.startswith(labels.area_prefix):
        return Style("c5def5", f"Part of the product: {name.removeprefix(labels.area_prefix)}"[:100])
    return Style("d4c5f9", "Set by triagebot")


def _fixed(labels: Labels) -> dict[str, Style]:
    """The labels that mean one thing each."""
    return {
        labels.generated: Style(
            "5319e7", "Opened and kept by triagebot; remove this label to make it let go"
        ),
        labels.muted: Style("cfd3d7", "People do not want to hear of this; triagebot stays silent"),
        labels.incident: Style("b60205", "Many things broke at once; filed as one"),
        labels.regression: Style("e99695", "Was fixed and came back"),
        labels.flaky: Style("fef2c0", "Passes and fails on the same commit"),
        labels.draft: Style("bfdadc", "A draft of the causes waits for a person's judgement"),
        labels.confirmed: Style("0e8a16", "A person confirmed the draft"),
        labels.rejected: Style("f9d0c4", "A person rejected the draft"),
        labels.board: Style("1d76db", "The dashboard of triagebot"),
        labels.needs_evidence: Style("fbca04", "The draft lacks evidence that somebody could bring"),
    }


def is_mute(color: str | None, description: str | None) -> bool:
    """Whether nobody has given this label a face yet."""
    return (color or "").lower() == GREY and not description
