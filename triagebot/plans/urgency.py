"""Which cause comes first, and what several groups of one issue put at risk together.

In: groups with their impact. Out: groups in order, one impact. It adds no money: risks stay apart by stream and unit.
"""

from collections.abc import Iterable

from triagebot.groups.model import Group


def by_urgency(groups: Iterable[Group]) -> list[Group]:
    """Groups by priority (P1 first), then by breadth (most tests first), then by key, so that the order is total."""
    return sorted(groups, key=lambda group: (group.impact.priority, -len(group.tests), group.key))
