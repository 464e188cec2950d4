"""Why tests fail together: what sets them apart from passing ones, and groups that are one cause.

In: a run, its groups, and where it is known, how its tests left their green paths. Out: `Cause`s. Pure, and the same for every
order. A signature says how a failure reads; a cause is what several of them have behind them. Nothing here names a culprit:
what it says was seen, with counts.
"""

from triagebot.causes.contrast import Evidence, evidence_of, explanations
from triagebot.causes.joining import causes
from triagebot.causes.model import Cause, Explanation, Join

__all__ = ["Cause", "Evidence", "Explanation", "Join", "causes", "evidence_of", "explanations"]
