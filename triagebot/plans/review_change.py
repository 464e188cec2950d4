"""What people said of an issue becomes one write to it: marker, the parts that show it, labels, open or closed.

In: the scene after all commands, the issue as it was. Out: a change, or None where nothing would change. It judges
nothing; `triagebot.reviews` did.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from triagebot.issues import Issue, Marker, compose, parts, section_hash, trimmed, write_marker
from triagebot.plans import render
from triagebot.plans.labels import PRIORITIES, STATES, human_priority, state_label
from triagebot.plans.model import CloseIssue, EditIssue, Present, ReopenIssue
from triagebot.plans.planner import once_key
from triagebot.reviews import states
from triagebot.reviews.judgement import Scene

Labels = tuple[str, ...]
# The priority as `render.cause` writes it into the impact.
_PRIORITY = re.compile(r"^(- \*\*Priority:\*\* )P[1-5]\b", re.MULTILINE)
"""Hit: `- **Priority:** P2`. Miss: `Priority: P2`."""
ORDER = ("memory", "sentence", "impact", "review", "draft", "occurrences", "related", "grouping", "footer")


def review_change(scene: Scene, once: str) -> EditIssue | CloseIssue | ReopenIssue | None:
    """The write that brings an issue to what was said; `once` tells this review of it from every other one."""
    issue = scene.issue
    marker, labels = _labelled(scene)
    add = tuple(label for label in labels if label not in issue.labels)
    remove = tuple(label for label in issue.labels if label not in labels)
    title = _title(replace(scene, marker=marker, labels=labels))
    if marker == issue.marker and not (add or remove or title) and scene.state == issue.state:
        return None
    edit = _edit(issue, marker, once, add, remove, title)
    if scene.state == issue.state:
        return edit
    if scene.state == "open":
        return ReopenIssue(edit.key, issue.number, edit.once, edit.expects, edit.section, title, add, remove)
    reason: Literal["duplicate", "completed"] = "duplicate" if marker.merged else "completed"
    into = marker.merged or None
    return CloseIssue(
        edit.key, issue.number, edit.once, edit.expects, edit.section, reason, into, add, remove
    )


def changes_beside(scene: Scene, once: str) -> tuple[EditIssue, ...]:
    """The writes to other issues that go with it."""
    return tuple(_edit(issue, marker, f"{once} beside") for issue, marker in scene.also)


def _title(scene: Scene) -> str | None:
    """Our title with the priority that the labels show now; None where it stays, or a person gave the issue another one."""
    title, priority = scene.issue.title, _priority(scene)
    if priority is None or title != scene.marker.title or scene.state == "closed":
        return None
    return render.with_priority(title, priority) if render.with_priority(title, priority) != title else None


def _priority(scene: Scene) -> str | None:
    """The priority on an issue: a person's, else ours."""
    theirs = human_priority(replace(scene.issue, labels=scene.labels), scene.marker, scene.config)
    prefix = scene.config.labels.priority_prefix
    return theirs or next((name for name in PRIORITIES if f"{prefix}{name}" in scene.labels), None)


def _edit(
    issue: Issue,
    marker: Marker,
    once: str,
    add: Labels = (),
    remove: Labels = (),
    title: str | None = None,
) -> EditIssue:
    """One write of marker and text."""
    once = once_key("review", marker.key, once)
    marker = trimmed(replace(marker, title=title or marker.title, once=(*marker.once, once)))
    expects = Present(issue.state, section_hash(issue.body))
    section = reviewed_section(marker, issue)
    if title:
        section = _PRIORITY.sub(rf"\g<1>{title[1:3]}", section, count=1)
    return EditIssue(marker.key, issue.number, once, expects, section, title, add, remove)


def reviewed_section(marker: Marker, issue: Issue) -> str:
    """The bot's part with what people said; what only a run can write stays as it is."""
    named = {**parts(issue.body), **render.review_parts(marker)}
    if draft := named.get("draft"):
        named["draft"] = render.annotated(draft, marker)
    return compose(write_marker(marker), _ordered(named))


def _ordered(named: Mapping[str, str]) -> Mapping[str, str]:
    """The parts in reading order; those that are not known stand at the end."""
    return {
        name: named[name]
        for name in (*(n for n in ORDER if n in named), *(n for n in named if n not in ORDER))
    }


def _labelled(scene: Scene) -> tuple[Marker, tuple[str, ...]]:
    """Marker and labels with that of the new state in place of the old one; a state of more weight is shown for it.

    Where the state is as it was, labels are left alone: one that a person took off is not put back.
    """
    marker, labels, config = scene.marker, scene.labels, scene.config
    if scene.issue.marker and states.state(marker) == states.state(scene.issue.marker):
        return marker, labels
    names = {state_label(state, config) for state in states.STATES}
    wanted = state_label(next(state for state in STATES if state in marker.states), config)
    kept = tuple(label for label in labels if label not in names)
    mine = tuple(label for label in marker.labels if label not in names)
    return replace(marker, labels=_with(mine, wanted)), _with(kept, wanted)


def _with(labels: tuple[str, ...], wanted: str) -> tuple[str, ...]:
    """The labels and one more, once."""
    return tuple(dict.fromkeys((*labels, wanted)))
