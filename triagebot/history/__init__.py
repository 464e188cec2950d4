"""What earlier runs saw, pure: the past as a value, rates, proof of recovery, flakiness, always within one scope.

In: a `Past` that a store has read. Out: counts and judgements about it. Nothing here reads a store.
"""

from triagebot.history.bisecting import BisectPlan, bisect_plan
from triagebot.history.model import Green, Past, PastOutcome, PastRun, Rate, Result, TakenOver, Timeline
from triagebot.history.proof import (
    clean_runs,
    first_seen_revisions,
    flaky_tests,
    joined,
    needed_clean_runs,
    proves_gone,
    rate,
    streak,
)

__all__ = [
    "BisectPlan",
    "Green",
    "Past",
    "PastOutcome",
    "PastRun",
    "Rate",
    "Result",
    "TakenOver",
    "Timeline",
    "bisect_plan",
    "clean_runs",
    "first_seen_revisions",
    "flaky_tests",
    "joined",
    "needed_clean_runs",
    "proves_gone",
    "rate",
    "streak",
]
