"""What should change on the tracker after a run, as one value with final text; nothing here writes.

In: a run, its groups, our issues, the past, drafts, config, a clock's reading and a redactor. Out: a `Plan`, which can
be written to disk, read by people, approved, and applied by `triagebot.trackers.apply`.
"""

from triagebot.plans.describe import describe
from triagebot.plans.disk import dump, load
from triagebot.plans.judge import MAX_NEW_ON_GITHUB, not_filed_because, once_key, plan
from triagebot.plans.model import Change, Held, Outcome, Plan
from triagebot.plans.sweep import scopes_to_sweep, sweep, watched_scopes
from triagebot.plans.urgency import by_urgency, joined_impact

__all__ = [
    "MAX_NEW_ON_GITHUB",
    "Change",
    "Held",
    "Outcome",
    "Plan",
    "by_urgency",
    "describe",
    "dump",
    "joined_impact",
    "load",
    "not_filed_because",
    "once_key",
    "plan",
    "scopes_to_sweep",
    "sweep",
    "watched_scopes",
]
