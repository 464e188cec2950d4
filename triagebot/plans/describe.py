"""A plan as lines that people read: `+` opens, `~` changes, `-` closes, `!` is held or blocked.

In: a `Plan`. Out: plain lines, one for each change and each thing held. It adds no judgement.
"""

from collections.abc import Iterable
from typing import assert_never

from triagebot.markdown import plain
from triagebot.plans.model import (
    AddComment,
    Change,
    CloseIssue,
    EditIssue,
    LabelIssue,
    OpenIssue,
    Plan,
    ReopenIssue,
)


def describe(plan: Plan) -> tuple[str, ...]:
    """The lines of a plan; one that says so when there is nothing to do."""
    changes = [describe_change(change) for change in plan.changes]
    held = [f"! {plain(held.key)}: {plain(held.reason)}" for held in plan.held]
    blocked = [f"! {plan.blocked}"] if plan.blocked else []
    return tuple([*blocked, *changes, *held] or ["nothing to change"])


def describe_change(change: Change) -> str:
    """One change in one line."""
    match change:
        case OpenIssue():
            return f"+ open {plain(change.title)}{_labels(change.labels, ())}"
        case EditIssue():
            renamed = f" and rename it to {plain(change.title)}" if change.title else ""
            return (
                f"~ edit #{change.issue}{renamed} ({plain(change.key)}){_labels(change.add, change.remove)}"
            )
        case AddComment():
            return f"~ comment on #{change.issue}: {_first_line(change.body)}"
        case ReopenIssue():
            return f"+ reopen #{change.issue} ({plain(change.key)}){_labels(change.add, change.remove)}"
        case CloseIssue():
            of = f" of #{change.duplicate_of}" if change.duplicate_of else ""
            return f"- close #{change.issue} as {change.state_reason.replace('_', ' ')}{of} ({plain(change.key)})"
        case LabelIssue():
            return f"~ label #{change.issue}{_labels(change.add, change.remove)}"
        case unreachable:
            assert_never(unreachable)


def _labels(add: Iterable[str], remove: Iterable[str]) -> str:
    """Labels as they come and go."""
    names = [*(f"+{plain(name)}" for name in add), *(f"-{plain(name)}" for name in remove)]
    return f" [{', '.join(names)}]" if names else ""


def _first_line(body: str) -> str:
    """What a comment begins with, past its marker."""
    return next((plain(line, 120) for line in body.splitlines() if line and not line.startswith("<!--")), "")
