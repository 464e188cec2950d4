"""Groups that only ever occur victims_of another: shown under their cause, never merged with it.

In: the groups of a run in the order of the run, and in which earlier runs each key was seen. Out: victim ▶ cause.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from triagebot.groups.model import Group
from triagebot.reports.model import Run

Seen = Mapping[str, Sequence[str]]
"""For each key the ids of the runs in which it occurred."""


def victims(groups: Sequence[Group], seen: Seen, at_least: int = 5) -> dict[str, str]:
    """Keys of groups that in at least `at_least` runs never occurred without a group that comes earlier in the run.

    `groups` stand in the order in which the run met them. Of several possible causes the one seen least often, which
    explains most closely, is taken; then the earliest.
    """
    runs = {g.key: frozenset(seen.get(g.key, ())) for g in groups}
    found: dict[str, str] = {}
    earlier: list[str] = []  # whoever explains a victim occurred in at least as many runs
    for key in (g.key for g in groups if len(runs[g.key]) >= at_least):
        causes = [cause for cause in earlier if runs[key] <= runs[cause]]
        if causes:
            found[key] = min(causes, key=lambda cause: len(runs[cause]))
        else:
            earlier.append(key)
    return found


def under_causes(groups: Sequence[Group], run: Run, seen: Seen, at_least: int = 5) -> tuple[Group, ...]:
    """The groups as they stand, each victim moved under its cause with a hint that names it; nothing is merged."""
    met = {id(failure): at for at, failure in enumerate(run.failures)}
    as_met = sorted(groups, key=lambda g: met.get(id(g.exemplar), len(met)))
    found = victims(as_met, seen, at_least)
    by_key = {g.key: g for g in groups}
    told = {key: _with_hint(by_key[key], by_key[cause], len(seen[key])) for key, cause in found.items()}
    return tuple(_placed([g for g in groups if g.key not in found], found, told))


def _with_hint(victim: Group, cause: Group, runs: int) -> Group:
    """The victim with its hint."""
    hint = f"in {runs} earlier runs it never occurred without {cause.signature.title} ({cause.key}): perhaps its consequence"
    return replace(victim, hints=(*victim.hints, hint))


def _placed(others: Sequence[Group], found: Mapping[str, str], told: Mapping[str, Group]) -> Iterator[Group]:
    """Every group that is no victim, followed by its own victims."""
    victims_of: dict[str, list[Group]] = defaultdict(list)
    for key, cause in found.items():
        victims_of[cause].append(told[key])
    for group in others:
        yield group
        yield from victims_of[group.key]
