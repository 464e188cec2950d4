"""One cause, one group: failures of one key together, storms as incidents, likeness as a suggestion.

In: a `Run`, the config, and what is known of earlier runs. Out: groups and incidents. Only equal keys put failures
together; everything else here suggests, orders or names.
"""

from triagebot.groups.algorithm_comparison import Comparison, compare
from triagebot.groups.grouping import group
from triagebot.groups.incidents import incidents
from triagebot.groups.model import Group, Impact, Incident, Risk, Variant
from triagebot.groups.similar import Suggestion, similar
from triagebot.groups.victims import under_causes, victims

__all__ = [
    "Comparison",
    "Group",
    "Impact",
    "Incident",
    "Risk",
    "Suggestion",
    "Variant",
    "compare",
    "group",
    "incidents",
    "similar",
    "under_causes",
    "victims",
]
