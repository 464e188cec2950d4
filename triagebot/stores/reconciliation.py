"""The tables of issues beside a history store: what only the issues hold, and where the two tell different things.

In: issues, and what history holds of their keys. Out: rows to take over and disagreements in words. Pure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from triagebot.issues import keys_of
from triagebot.issues.model import Issue, Occurrence, Settled

KeyedOccurrence = tuple[str, Occurrence]
"""An occurrence and the key of its issue."""


@dataclass(frozen=True, slots=True)
class Compared:
    """`lacking` are rows of runs that history does not know; `disagreements` are about those that it knows.

    `settled` is what people decided on the issues, other than history has it.
    """

    lacking: tuple[KeyedOccurrence, ...] = ()
    disagreements: tuple[str, ...] = ()
    settled: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What history holds: how many tests failed, by key and run, and which runs it recorded whole."""

    failed: Mapping[str, Mapping[str, int]]
    runs: Collection[str]


def compared(issues: Iterable[Issue], held: Held) -> Compared:
    """Every row of every table beside what history holds under any of the issue's keys."""
    lacking: dict[tuple[str, str], KeyedOccurrence] = {}
    said: list[str] = []
    for issue in issues:
        if issue.marker is None:
            continue
        keys = sorted(keys_of(issue))
        for row in issue.marker.occurrences:
            counts = [held.failed[key][row.run] for key in keys if row.run in held.failed.get(key, {})]
            if not counts and row.run not in held.runs:
                lacking.setdefault((issue.marker.key, row.run), (issue.marker.key, row))
            else:
                said += _disagreement(issue, row, counts)
    return Compared(tuple(lacking.values()), tuple(said))


def _disagreement(issue: Issue, row: Occurrence, counts: Sequence[int]) -> Iterator[str]:
    """What is said of a run that both know. Groups that share an issue may share tests: their sum is the most."""
    if counts and max(counts) <= row.failed <= sum(counts):
        return
    # History keeps an incident under the keys of its parts.
    if not counts and issue.marker and issue.marker.parts:
        return
    told = " and ".join(map(str, counts)) or "that it did not occur"
    yield f"issue {issue.number}, run {row.run}: the issue says {row.failed} tests failed, history says {told}"
