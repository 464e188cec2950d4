"""One issue for a storm: when new causes go into an incident, and when the incident dissolves.

In: the new groups of a run, the incidents that grouping saw (cockroachdb/cockroach#49881, elastic/kibana#278459), our
issues. Out: a `Storm`. A storm with an open incident
goes on while runs are storms; the first run that is none ends it, and what remains is filed under its own issues.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from triagebot.groups.model import Group, Incident
from triagebot.issues.model import Issue, Marker, Occurrence
from triagebot.plans.lifecycle import occurrence, scopes_of
from triagebot.reports.model import Run


@dataclass(frozen=True, slots=True)
class Storm:
    """What a run's storm asks for. Without `incident` there is none in this run, and an open `issue` is to be closed.

    `parts` are the new groups that go into the incident, `remaining` those that are filed on their own. `key` is that
    of the incident's issue: an incident that is over stays closed, and the next storm gets an issue of its own.
    """

    remaining: tuple[Group, ...]
    incident: Incident | None = None
    parts: tuple[Group, ...] = ()
    issue: Issue | None = None
    key: str = ""


def storm_of(new: Sequence[Group], incidents: Sequence[Incident], issues: Sequence[Issue], run: Run) -> Storm:
    """The storm of this run, if it is one, with the issue of a storm that is going on."""
    issue = next((i for i in issues if i.state == "open" and i.marker and _is_storm_of(i.marker, run)), None)
    for incident in incidents:
        named = frozenset(incident.parts)
        parts = tuple(group for group in new if group.key in named)
        if parts:
            left = tuple(group for group in new if group.key not in named)
            return Storm(left, incident, parts, issue, _key(incident, issues))
    proves_calm = run.status in {"passed", "failed"} and bool(run.cases) and not run.doubted
    return Storm(tuple(new), issue=issue if proves_calm else None)


def _is_storm_of(marker: Marker, run: Run) -> bool:
    """Whether a marker is that of a storm in this run's environment and branch."""
    return "incident" in marker.states and run.scope in scopes_of(marker)


def _key(incident: Incident, issues: Sequence[Issue]) -> str:
    """The incident's key, numbered after the earlier storms of that key, so that racing runs find the same one."""
    over = sum(
        1 for i in issues if i.state == "closed" and i.marker and i.marker.key.startswith(incident.key)
    )
    return f"{incident.key}.{over + 1}" if over else incident.key


def counted(marker: Marker, storming: Storm, run: Run, now: datetime) -> Marker:
    """The incident's marker after this run. The run that ends a storm is counted as seen by it, not as a row."""
    runs = tuple(dict.fromkeys((*marker.runs, run.id)))
    if storming.incident is None:
        return replace(marker, runs=runs, closed_by_bot=True)
    row: Occurrence = occurrence(storming.parts, (), run, now)
    keys = (group.key for group in storming.parts)
    return replace(
        marker,
        runs=runs,
        states=("incident",),
        closed_by_bot=False,
        occurrences=tuple(sorted((*marker.occurrences, row), key=lambda o: o.at)),
        seen=marker.seen + 1,
        ran=marker.ran + 1,
        first=min(marker.first or row.at, row.at),
        parts=tuple(dict.fromkeys((*marker.parts, *keys))),
    )
