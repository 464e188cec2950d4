"""Which cause comes first, and what several groups of one issue put at risk together.

In: groups with their impact. Out: groups in order, one impact. It adds no money: risks stay apart by stream and unit.
"""

from collections.abc import Iterable, Sequence

from triagebot.groups.model import Group, Impact


def by_urgency(groups: Iterable[Group]) -> list[Group]:
    """Groups by priority (P1 first), then by breadth (most tests first), then by key, so that the order is total."""
    return sorted(groups, key=lambda group: (group.impact.priority, -len(group.tests), group.key))


def joined_impact(groups: Sequence[Group]) -> Impact:
    """The impact of all groups: the most urgent priority, everything else united in order without repeats."""
    impacts = [group.impact for group in groups]
    return Impact(
        priority=min((impact.priority for impact in impacts), default="P3"),
        suites=_united(impact.suites for impact in impacts),
        phases=_united(impact.phases for impact in impacts),
        areas=_united(impact.areas for impact in impacts),
        owners=_united(impact.owners for impact in impacts),
        risks=tuple(dict.fromkeys(risk for impact in impacts for risk in impact.risks)),
    )


def _united(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Every text once, in order."""
    return tuple(dict.fromkeys(text for texts in lists for text in texts))
