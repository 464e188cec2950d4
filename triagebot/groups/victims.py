"""Groups that only ever occur behind another: shown under their cause, never merged with it.

In: the groups of a run in the order of the run, and in which earlier runs each key was seen. Out: victim ▶ cause.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from triagebot.groups.model import Group

Seen = Mapping[str, Sequence[str]]
"""For each key the ids of the runs in which it occurred."""


class Past(Protocol):
    """As much of the past as this room looks at."""

    @property
    def seen(self) -> Seen:
        """For each key the ids of the runs in which it occurred."""


def victims(groups: Sequence[Group], seen: Seen, at_least: int = 5) -> dict[str, str]:
    """Keys of groups that in at least `at_least` runs never occurred without a group that comes earlier in the run.

    `groups` stand in the order in which the run met them. Of several possible causes the one seen least often, which
    explains most closely, is taken; then the earliest.
    """
    runs = {g.key: frozenset(seen.get(g.key, ())) for g in groups}
    found: dict[str, str] = {}
    for at, victim in enumerate(groups):
        mine = runs[victim.key]
        causes = [
            cause for cause in groups[:at] if mine and mine <= runs[cause.key] and cause.key not in found
        ]
        if len(mine) >= at_least and causes:
            found[victim.key] = min(causes, key=lambda cause: len(runs[cause.key])).key
    return found
