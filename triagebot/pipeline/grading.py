"""Drafts graded when it is known what mended their causes and proven that they are gone: one write to each closed issue.

In: issues as listed, a workspace. Out: the numbers of those that were graded. A fix that cannot be read is none that tells; a place that
does not answer is asked by the next run.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.history import joined
from triagebot.issues import Issue, Marker, is_let_go, keys_of
from triagebot.pipeline.code_changes import clean_changes
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Plan, lifecycle
from triagebot.plans.review_change import review_change
from triagebot.reviews import states
from triagebot.reviews.grades import grade
from triagebot.reviews.judgement import scene_of
from triagebot.trackers.applying import apply

LOOK_BACK = timedelta(days=30)
MOST = 5
"""Drafts that one run grades, for each may cost requests."""


def grade_drafts(
    issues: Sequence[Issue], workspace: Workspace, config: Config, effects: Effects
) -> tuple[int, ...]:
    """Grade what is due, the issues that were closed last first, and write it into them."""
    found = [issue for issue in issues if _is_due(issue, effects) and not is_let_go(issue, config)]
    due = sorted(found, key=lambda issue: issue.closed_at or effects.now(), reverse=True)[:MOST]
    return tuple(issue.number for issue in due if _is_graded(issue, workspace, config, effects))


def _is_graded(issue: Issue, workspace: Workspace, config: Config, effects: Effects) -> bool:
    """Whether the draft of one issue was graded; where a place does not answer, that is said."""
    try:
        return _grade(issue, workspace, config, effects)
    except (TrackerError, UserError) as error:
        effects.warn(f"The draft of issue {issue.number} was not graded: {error}")
        return False


def _is_due(issue: Issue, effects: Effects) -> bool:
    """Whether an issue was closed as done not long ago, and its draft was judged by no fix yet."""
    marker = issue.marker
    if marker is None or issue.state != "closed" or issue.state_reason in ("duplicate", "not_planned"):
        return False
    young = issue.closed_at is None or effects.now() - issue.closed_at <= LOOK_BACK
    told = bool(states.fixed_by(marker)) or not marker.closed_by_bot  # proof closes without naming a commit
    return young and told and _is_ungraded(marker)


def _is_ungraded(marker: Marker) -> bool:
    """Whether a model's draft stands that nothing was written of."""
    drafted = marker.drafted == "model" and marker.drafted_at is not None and not states.is_ended(marker)
    return drafted and marker.drafted_at not in {one.at for one in marker.grades}


def _grade(issue: Issue, workspace: Workspace, config: Config, effects: Effects) -> bool:
    """Whether the draft of one issue was graded."""
    assert issue.marker is not None
    fix = states.fix(issue) or states.fix(_with_closing(issue, workspace))
    if fix is None or not _is_proven(issue.marker, workspace):
        return False
    changed = clean_changes(workspace.fix(fix), effects.redactor.text)
    marker = replace(issue.marker, grades=(*issue.marker.grades, grade(issue.marker, fix, changed)))
    change = review_change(replace(scene_of(issue, config), marker=marker), f"grade {fix}")
    done = apply(Plan("review", (change,) if change else ()), workspace.tracker)
    return any(outcome.status in ("applied", "already") for outcome in done)


def _with_closing(issue: Issue, workspace: Workspace) -> Issue:
    """The issue with what closed it."""
    found = workspace.closings([issue], keys_of(issue))
    return next(one for one in found if one.number == issue.number)


def _is_proven(marker: Marker, workspace: Workspace) -> bool:
    """Whether enough clean runs showed that it is gone: those that closed it, or those that history knows since."""
    if marker.closed_by_bot:
        return True
    scopes = lifecycle.scopes_of(marker)
    if len(scopes) != 1:
        return False
    past = workspace.history.past(next(iter(scopes)), (marker.key, *marker.aliases), joined(marker.tests))
    needed = lifecycle.countdown(marker, past).needed
    return needed is not None and marker.clean + len(lifecycle.swept(marker, past)) >= needed
