"""What a plan may do, whatever it says: a plan file is data from outside, and whoever edits one must gain nothing by it.

In: a change, the issue that it is for as it stands, a `Permit`. Out: why the change is refused, "" where it is not. It
holds for every plan, also for those that this process made: only our issues, only our labels, only text of our shape.
Nothing here reads a tracker.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from unicodedata import category

from triagebot.config import Config
from triagebot.issues import BEGIN, END, Issue, Marker, read_marker
from triagebot.issues.marker import is_marker
from triagebot.plain_text import normalized
from triagebot.plans.decision import breaker, room
from triagebot.plans.labels import is_label_of_ours
from triagebot.plans.model import (
    AddComment,
    CloseIssue,
    EditIssue,
    LabelIssue,
    OpenIssue,
    Plan,
    ReopenIssue,
)
from triagebot.plans.recognise import is_unmarked, may_be_swapped
from triagebot.plans.render.comments import once_of

Written = EditIssue | ReopenIssue | CloseIssue
ToIssue = Written | AddComment | LabelIssue
MAX_TITLE = 256
"""GitHub's limit for a title."""


def _as_it_is(text: str) -> str:
    """The `redact` of a plan whose text this process made, and so has redacted."""
    return text


@dataclass(frozen=True, slots=True)
class Permit:
    """What plans may do here. `room` is how many issues may still be opened (None: any number).

    `redact` is the choke point that text of a plan file passes once more: what it would change is refused.
    """

    config: Config
    room: int | None = None
    redact: Callable[[str], str] = _as_it_is


def bounded(
    plan: Plan, issues: Sequence[Issue], permit: Permit, tracker: str, max_new: int | None
) -> tuple[Plan, Permit]:
    """A plan from a file with the breaker of this config, and the permit with the room that `issues` leave its run."""
    opens = sum(isinstance(change, OpenIssue) for change in plan.changes)
    left = room(issues, plan.run, permit.config, "github" if tracker == "github" else "local", max_new)
    return replace(plan, blocked=plan.blocked or breaker(opens, permit.config)), replace(permit, room=left)


def refusal_to_open(change: OpenIssue, permit: Permit) -> str:
    """Why an issue may not be opened; "" when it may."""
    marker = _marker(change.section)
    if change.expects.key != change.key or marker is None or marker.key != change.key:
        return "its section is not one of triagebot's for this key"
    if permit.room is not None and permit.room <= 0:
        return "over the cap of new issues for one run (max-new-issues raises the cap)"
    if permit.config.labels.generated not in change.labels:
        return f"an issue of ours carries the label {permit.config.labels.generated!r}"
    return (
        _unfit(change, permit)
        or _foreign_labels(change.labels, permit.config)
        or _claimed(marker.labels, change.labels)
    )


def refusal(change: ToIssue, issue: Issue, permit: Permit) -> str:
    """Why a change may not be made to an issue of ours; "" when it may."""
    return (
        _unfit(change, permit)
        or (_wrong_labels(change, issue, permit.config) if not isinstance(change, AddComment) else "")
        or _decided_by_people(change, issue, permit.config)
    )


def unfit_comment(change: AddComment, permit: Permit) -> str:
    """Why a comment may not be said on an issue that this very call has written to; "" when it may."""
    return _unfit(change, permit)


def not_ours(change: ToIssue, issue: Issue, config: Config) -> str:
    """Why an issue is none of ours, or is about something else; "" when it is ours.

    Ours it is by author and marker, or adopted by the config; one that lost its marker is known by author and label.
    """
    if issue.marker is not None:
        fits = issue.marker.key == change.key or may_be_swapped(issue)
        return "" if fits else f"issue {issue.number} is not about {change.key}"
    if is_unmarked(issue, config):
        return ""
    marker = _marker(change.section) if isinstance(change, Written) else None
    keys = {change.key, *(marker.aliases if marker else ())}
    if any(alias.issue == issue.number and alias.key in keys for alias in config.aliases):
        return ""
    return (
        f"issue {issue.number} is not triagebot's: {issue.author} opened it, and it has no marker that counts"
    )


def _marker(section: str) -> Marker | None:
    """The marker of a section that has the shape of ours: marker, begin mark, text, end mark, and nothing around it."""
    lines = section.split("\n")
    marks = [line.strip() for line in lines if is_marker(line) or line.strip() in (BEGIN, END)]
    if lines[1:2] != [BEGIN] or lines[-1] != END or marks[1:] != [BEGIN, END] or not is_marker(lines[0]):
        return None
    marker = read_marker(section)
    return marker if isinstance(marker, Marker) else None


def _unfit(change: OpenIssue | ToIssue, permit: Permit) -> str:
    """What is wrong with the text of a change."""
    if isinstance(change, AddComment):
        fits = once_of(change.body) == change.once and change.body.count("<!--") == 1
        return _leaks([change.body], permit) if fits else "its body is not a comment of triagebot's"
    if isinstance(change, LabelIssue):
        return ""
    marker = _marker(change.section)
    if marker is None or marker.key != change.key or change.once not in marker.once:
        return "its section is not one of triagebot's for this key"
    title = None if isinstance(change, CloseIssue) else change.title
    if title is not None and not _is_title(title):
        return f"its title is not one line of at most {MAX_TITLE} characters"
    return _leaks([title or "", change.section], permit)


def _is_title(text: str) -> bool:
    """Whether a text can be a title: one line, not empty, no control characters."""
    return bool(text.strip()) and len(text) <= MAX_TITLE and all(category(sign) != "Cc" for sign in text)


def _leaks(texts: Sequence[str], permit: Permit) -> str:
    """Why text may not leave the program."""
    if all(normalized(permit.redact(text)) == normalized(text) for text in texts):
        return ""
    return "its text holds what looks like a secret; plan anew"


def _foreign_labels(names: Sequence[str], config: Config) -> str:
    """Why labels may not be set."""
    foreign = [name for name in names if not is_label_of_ours(name, config)]
    return f"{foreign[0]!r} is no label of triagebot's" if foreign else ""


def _wrong_labels(change: Written | LabelIssue, issue: Issue, config: Config) -> str:
    """Why labels may not be set, taken off or remembered as ours."""
    marker = None if isinstance(change, LabelIssue) else _marker(change.section)
    claimed = marker.labels if marker else ()
    ours = (
        issue.marker.labels
        if issue.marker and issue.marker.key == change.key
        else [n for n in (*change.remove, *claimed) if is_label_of_ours(n, config)]
    )
    for name in change.remove:
        if name not in ours or name == config.labels.generated:
            return f"the label {name!r} was not set by triagebot, and stays"
    return _foreign_labels(change.add, config) or _claimed(claimed, (*ours, *change.add))


def _claimed(labels: Sequence[str], ours: Collection[str]) -> str:
    """Why a marker may not be written: a label that it claims as ours could be taken off by the next plan."""
    foreign = [name for name in labels if name not in ours]
    return f"its marker claims the label {foreign[0]!r}" if foreign else ""


def _decided_by_people(change: ToIssue, issue: Issue, config: Config) -> str:
    """Why a decision of people stands against a change."""
    if isinstance(change, CloseIssue):
        if (change.state_reason == "duplicate") != (change.duplicate_of is not None):
            return "it does not say of which issue this one is a duplicate"
        return "only people close as not planned" if change.state_reason == "not_planned" else ""
    if isinstance(change, ReopenIssue):
        if config.labels.muted in issue.labels:
            return f"issue {issue.number} is labelled {config.labels.muted}"
        if issue.state_reason in ("not_planned", "duplicate"):
            return (
                f"issue {issue.number} was closed as {issue.state_reason.replace('_', ' ')}, and stays closed"
            )
    return ""
