"""What should change on the tracker after a run, as one value with final text; nothing here writes.

In: a run, its groups, our issues, the past, config. `decide` says what is filed; with the drafts for that, a clock's reading
and a redactor `render_plan` makes the `Plan`, which can be written to disk, read by people, approved, and applied by
`triagebot.trackers.applying`.
"""

from triagebot.groups.impact import joined_impact
from triagebot.plans.closing_by_proof import scopes_to_sweep, sweep, watched_scopes
from triagebot.plans.decision import MAX_NEW_ON_GITHUB, Decision, TrackerName, decide, not_filed_because
from triagebot.plans.describe import describe
from triagebot.plans.model import Change, Held, Outcome, Plan
from triagebot.plans.plan_file import SavedPlan, dump, load, sha256_of
from triagebot.plans.planner import once_key, render_plan
from triagebot.plans.urgency import by_urgency

__all__ = [
    "MAX_NEW_ON_GITHUB",
    "Change",
    "Decision",
    "Held",
    "Outcome",
    "Plan",
    "SavedPlan",
    "TrackerName",
    "by_urgency",
    "decide",
    "describe",
    "dump",
    "joined_impact",
    "load",
    "not_filed_because",
    "once_key",
    "render_plan",
    "scopes_to_sweep",
    "sha256_of",
    "sweep",
    "watched_scopes",
]
