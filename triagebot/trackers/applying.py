"""A plan carried out: every change re-read, checked against what it expects, and made at most once.

In: a plan and a tracker. Out: one outcome for each change, in order. It renders nothing and decides nothing: a change
whose issue is no longer as the plan saw it is stale and left alone, and a change that was made before is not made
again, whoever made it. Killed anywhere and run again, it ends in the same state.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import assert_never

from triagebot.errors import UserError
from triagebot.issues import duplicates, section_hash, splice
from triagebot.issues.model import Issue
from triagebot.plans.model import (
    AddComment,
    Change,
    CloseIssue,
    EditIssue,
    LabelIssue,
    OpenIssue,
    Outcome,
    Plan,
    Present,
    ReopenIssue,
)
from triagebot.plans.permit import Permit, Written, not_ours, refusal, refusal_to_open, unfit_comment
from triagebot.plans.render.comments import once_of
from triagebot.trackers import Edit, OvertakenError, Tracker, TrackerError

MAX_CHARS = 65_536
"""GitHub's limit for a body; the local tracker keeps to it too, so that an issue can move."""


def apply(
    plan: Plan,
    tracker: Tracker,
    permit: Permit | None = None,
    *,
    force: bool = False,
    again: bool = False,
    alone: bool = False,
    settle: bool = True,
) -> tuple[Outcome, ...]:
    """What came of each change. `force` lifts the breaker and nothing else; no error of the tracker escapes.

    What a `permit` does not allow fails, whatever the plan says; without one all is allowed.

    `again` says that an earlier plan for the same run was applied before, in part: then no comment is taken for unsaid
    only because the write before it was made just now. `alone` says that no history store knows what is written here:
    then the second look waits until no write of another run can come that rests on an older read. Without `settle` there is
    no second look: for what the next run writes anew from what it knows then.
    """
    outcomes: list[Outcome] = []
    for change in plan.changes:
        if plan.blocked and not force and isinstance(change, OpenIssue):
            outcomes.append(Outcome(change, "failed", detail=plan.blocked))
        else:
            written = frozenset() if again else _written(outcomes)
            outcomes.append(_guarded(change, tracker, written, _left(permit, outcomes)))
    return _settled(tuple(outcomes), tracker, alone=alone) if settle else tuple(outcomes)


def put_back(outcomes: Sequence[Outcome], tracker: Tracker) -> None:
    """Mend what these writes took from people who wrote at the same moment."""
    wrote = [o for o in outcomes if o.status == "applied" and isinstance(o.change, Written) and o.issue]
    changed = {o.issue for o in wrote if o.issue and _is_more_than_a_body(o.change)}
    if wrote:
        tracker.put_back({o.issue for o in wrote if o.issue}, changed)


def _is_more_than_a_body(change: Change) -> bool:
    """Whether a change writes a title or labels, too."""
    return bool(getattr(change, "title", None) or getattr(change, "add", ()) or getattr(change, "remove", ()))


def _written(outcomes: Sequence[Outcome]) -> frozenset[int]:
    """Issues that this very call wrote to: a comment that follows such a write cannot have been made before."""
    return frozenset(o.issue for o in outcomes if o.status == "applied" and o.issue is not None)


def _left(permit: Permit | None, outcomes: Sequence[Outcome]) -> Permit | None:
    """The permit with the room that is left after what was opened."""
    opened = sum(o.status == "applied" and isinstance(o.change, OpenIssue) for o in outcomes)
    return permit if permit is None or permit.room is None else replace(permit, room=permit.room - opened)


def _guarded(change: Change, tracker: Tracker, written: Collection[int], permit: Permit | None) -> Outcome:
    """One change within one transaction; a failure is an outcome, so that the other issues still get theirs."""
    try:
        with tracker.transaction():
            return _apply(change, tracker, written, permit)
    except OvertakenError as error:
        return Outcome(change, "stale", getattr(change, "issue", None), str(error))
    except (TrackerError, UserError) as error:
        return Outcome(change, "failed", getattr(change, "issue", None), str(error))


def _apply(change: Change, tracker: Tracker, written: Collection[int], permit: Permit | None) -> Outcome:
    """One change, by its kind."""
    match change:
        case OpenIssue():
            return _open(change, tracker, permit)
        case AddComment():
            return _comment(change, tracker, written, permit)
        case EditIssue() | ReopenIssue() | CloseIssue() | LabelIssue():
            return _edit(change, tracker, permit)
        case unreachable:
            assert_never(unreachable)


def _open(change: OpenIssue, tracker: Tracker, permit: Permit | None) -> Outcome:
    """Open an issue unless the key has one."""
    for issue in tracker.holding([change.expects.key], fresh=False):
        if issue.marker and change.once in issue.marker.once:
            return Outcome(change, "already", issue.number)
        if not (issue.state == "closed" and issue.state_reason == "duplicate"):
            return Outcome(
                change, "stale", issue.number, f"issue {issue.number} holds {change.expects.key} by now"
            )
    if permit and (reason := refusal_to_open(change, permit)):
        return _refused(change, reason)
    _fits(change.section)
    made = tracker.create(change.title, change.section, change.labels, change.once)
    return Outcome(change, "applied", made.number)


def _refused(change: Change, reason: str) -> Outcome:
    """The outcome of a change that may not be made."""
    return Outcome(change, "failed", getattr(change, "issue", None), f"refused: {reason}")


def _edit(
    change: EditIssue | ReopenIssue | CloseIssue | LabelIssue, tracker: Tracker, permit: Permit | None
) -> Outcome:
    """One write to an issue that is as the plan saw it."""
    issue = tracker.read(change.issue)
    if issue is None:
        return Outcome(change, "stale", change.issue, f"issue {change.issue} is gone")
    if permit and (reason := not_ours(change, issue, permit.config)):
        return _refused(change, reason)
    if _is_made(change, issue):
        return Outcome(change, "already", change.issue)
    if reason := _differs(issue, change.expects):
        return Outcome(change, "stale", change.issue, reason)
    if permit and (reason := refusal(change, issue, permit) or _foreign_original(change, tracker)):
        return _refused(change, reason)
    edit = _edit_of(change, issue)
    _fits(edit.body or "")
    tracker.update(change.issue, edit)
    return Outcome(change, "applied", change.issue)


def _foreign_original(change: Change, tracker: Tracker) -> str:
    """Why an issue may not be closed as the duplicate of another one: that one is not about the same key."""
    if not isinstance(change, CloseIssue) or change.duplicate_of is None:
        return ""
    homes = {issue.number for issue in tracker.holding([change.key], fresh=False)} - {change.issue}
    return "" if change.duplicate_of in homes else f"issue {change.duplicate_of} is not about {change.key}"


def _is_made(change: EditIssue | ReopenIssue | CloseIssue | LabelIssue, issue: Issue) -> bool:
    """Whether the once-key is spent; a change of labels alone leaves none and is seen by its labels."""
    if isinstance(change, LabelIssue):
        return set(change.add) <= set(issue.labels) and not set(change.remove) & set(issue.labels)
    return issue.marker is not None and change.once in issue.marker.once


def _edit_of(change: EditIssue | ReopenIssue | CloseIssue | LabelIssue, issue: Issue) -> Edit:
    """The write that a change asks for."""
    match change:
        case EditIssue(section=section, title=title, add=add, remove=remove):
            return Edit(title=title, body=splice(issue.body, section), add=add, remove=remove)
        case ReopenIssue(section=section, title=title, add=add, remove=remove):
            body = splice(issue.body, section)
            return Edit(title=title, body=body, state="open", state_reason="reopened", add=add, remove=remove)
        case CloseIssue(section=section, add=add, remove=remove):
            return Edit(
                body=splice(issue.body, section),
                state="closed",
                state_reason=change.state_reason,
                duplicate_of=change.duplicate_of,
                add=add,
                remove=remove,
            )
        case LabelIssue(add=add, remove=remove):
            return Edit(add=add, remove=remove)
        case unreachable:
            assert_never(unreachable)


def _comment(
    change: AddComment, tracker: Tracker, written: Collection[int], permit: Permit | None
) -> Outcome:
    """Say it once. After a write of this very call it cannot have been said, and the issue is as that write left it."""
    if change.issue not in written:
        issue = tracker.read(change.issue)
        if issue is None:
            return Outcome(change, "stale", change.issue, f"issue {change.issue} is gone")
        if permit and (reason := not_ours(change, issue, permit.config)):
            return _refused(change, reason)
        if change.once in map(once_of, tracker.comments(change.issue)):
            return Outcome(change, "already", change.issue)
        if reason := _differs(issue, change.expects):
            return Outcome(change, "stale", change.issue, reason)
        if permit and (reason := refusal(change, issue, permit)):
            return _refused(change, reason)
    elif permit and (reason := unfit_comment(change, permit)):
        return _refused(change, reason)
    _fits(change.body)
    tracker.comment(change.issue, change.body)
    return Outcome(change, "applied", change.issue)


def _differs(issue: Issue, expects: Present) -> str:
    """What is no longer as the plan saw it; "" when nothing that matters."""
    if issue.state != expects.state:
        return f"issue {issue.number} is {issue.state} by now, not {expects.state}"
    if section_hash(issue.body) != expects.section_sha256:
        return f"the bot's text in issue {issue.number} was changed since the plan was made"
    return ""


def _fits(body: str) -> None:
    """Nothing when a body fits. Raises UserError otherwise."""
    if len(body) > MAX_CHARS:
        raise UserError(
            f"the text would have {len(body)} characters and {MAX_CHARS} fit; "
            "shorten what people wrote around triagebot's section"
        )


def _settled(outcomes: tuple[Outcome, ...], tracker: Tracker, *, alone: bool) -> tuple[Outcome, ...]:
    """The outcomes after a second look at what we wrote, in one listing.

    Racing runs may have opened issues for the same keys: the lowest stays, and only what we opened is closed; what it
    counted is taken over by the original when the next run is planned. And they may have read an issue before our
    write and written after it (GitHub has no compare-and-swap): then ours is gone, and the change is stale.
    """
    made = {o.issue for o in outcomes if isinstance(o.change, OpenIssue) and o.status == "applied"}
    keys = [o.change.key for o in outcomes if o.status == "applied" and hasattr(o.change, "section")]
    if not keys:
        return outcomes
    if alone and any(map(_may_be_overwritten, outcomes)):
        tracker.calm()
    try:
        held = _looked(tracker, keys)
    except TrackerError as error:  # the next plan reconciles what a history store remembers
        return tuple(_unchecked(outcome, error) for outcome in outcomes) if alone else outcomes
    pairs = _closed_duplicates(
        {d.number: home.number for d, home in duplicates(held) if d.number in made}, tracker
    )
    there = {issue.number: issue for issue in held}
    return tuple(_overwritten(_raced(outcome, pairs), there) for outcome in outcomes)


def _looked(tracker: Tracker, keys: Collection[str]) -> Sequence[Issue]:
    """The second look, tried twice: an answer that makes no sense is not asked for again further down."""
    with suppress(TrackerError):
        return tracker.holding(keys, fresh=True)
    return tracker.holding(keys, fresh=True)


def _closed_duplicates(pairs: Mapping[int, int], tracker: Tracker) -> dict[int, int]:
    """Those of the pairs (duplicate, original) whose duplicate could be closed; the next plan sees to the others."""
    closed: dict[int, int] = {}
    for number, home in pairs.items():
        with suppress(TrackerError):
            tracker.update(number, Edit(state="closed", state_reason="duplicate", duplicate_of=home))
            closed[number] = home
    return closed


def _may_be_overwritten(outcome: Outcome) -> bool:
    """Whether this was a write to a body that others may have read before it."""
    return outcome.status == "applied" and isinstance(outcome.change, EditIssue | ReopenIssue | CloseIssue)


def _unchecked(outcome: Outcome, error: TrackerError) -> Outcome:
    """The outcome of a write of which nobody knows whether it lasted."""
    if not _may_be_overwritten(outcome):
        return outcome
    detail = f"issue {outcome.issue} was written, but not looked at again: {error}"
    return Outcome(outcome.change, "failed", outcome.issue, detail)


def _overwritten(outcome: Outcome, there: Mapping[int, Issue]) -> Outcome:
    """The outcome of a write that another run's write undid: its once-key was written and is not there."""
    change, issue = outcome.change, there.get(outcome.issue or 0)
    if (
        outcome.status != "applied"
        or issue is None
        or not isinstance(change, EditIssue | ReopenIssue | CloseIssue)
    ):
        return outcome
    if change.once not in change.section or change.once in issue.body:
        return outcome
    detail = f"another run wrote issue {issue.number} at the same time, over what was just written"
    return Outcome(change, "stale", outcome.issue, detail)


def _raced(outcome: Outcome, pairs: dict[int, int]) -> Outcome:
    """The outcome of an open that lost a race."""
    if not isinstance(outcome.change, OpenIssue) or outcome.issue not in pairs:
        return outcome
    home = pairs[outcome.issue]
    return Outcome(
        outcome.change,
        "applied",
        home,
        f"issue {outcome.issue} was closed as a duplicate of {home}, opened meanwhile",
    )
