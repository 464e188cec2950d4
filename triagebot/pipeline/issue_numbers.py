"""Which issue each cause of a run is found under once the plan was carried out.

In: what was planned and what came of it. Out: numbers by key. A cause that a storm's incident stands for is found there.
"""

from collections.abc import Mapping, Sequence

from triagebot.issues import Marker, read_marker
from triagebot.pipeline.triaging import Planned
from triagebot.plans import Outcome
from triagebot.plans.model import EditIssue, OpenIssue


def issue_numbers(planned: Planned, outcomes: Sequence[Outcome]) -> Mapping[str, int]:
    """The numbers of issues by key; a key that has none is left out."""
    numbers = {o.change.key: o.issue for o in outcomes if o.issue is not None}
    numbers |= {m.group.key: m.issue.number for m in planned.matches if m.issue is not None}
    incident = next((o.issue for o in outcomes if o.issue is not None and _is_incident(o)), None)
    return numbers if incident is None else dict.fromkeys(_parts(planned), incident) | numbers


def _is_incident(outcome: Outcome) -> bool:
    """Whether a change opens a storm's issue, or brings it up to this run."""
    if not isinstance(outcome.change, OpenIssue | EditIssue):
        return False
    marker = read_marker(outcome.change.section)
    return isinstance(marker, Marker) and "incident" in marker.states


def _parts(planned: Planned) -> list[str]:
    """The new causes for which nothing is filed or held by itself."""
    alone = {change.key for change in planned.plan.changes} | {held.key for held in planned.plan.held}
    return [m.group.key for m in planned.matches if m.state == "new" and m.group.key not in alone]
