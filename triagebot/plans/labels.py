"""Which labels an issue should carry, and which of them to add or take away without overruling a person.

In: states, impact, the config's names, and what is on the issue. Out: names. At most four: generated, priority, area
and one state. A label that a person removed is not put back, and a person's label is not removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from triagebot.config import Config
from triagebot.groups.model import Impact
from triagebot.issues.model import Issue, Marker

PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
STATES = ("incident", "regression", "flaky", "confirmed", "rejected", "needs-evidence", "draft")
"""In the order of their weight: the first that holds is shown."""


@dataclass(frozen=True, slots=True)
class LabelEdit:
    """Labels to add and to remove in one write."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def wanted(states: Iterable[str], impact: Impact, config: Config) -> tuple[str, ...]:
    """The names of the labels for an issue with these states, at most four."""
    names = config.labels
    held = set(states)
    state = next((state_label(state, config) for state in STATES if state in held), None)
    area = f"{names.area_prefix}{impact.areas[0]}"[:50] if impact.areas else None
    found = (names.generated, f"{names.priority_prefix}{impact.priority}", area, state)
    return tuple(dict.fromkeys(name for name in found if name))


def state_label(state: str, config: Config) -> str:
    """The configured name of a state's label."""
    return str(getattr(config.labels, state.replace("-", "_")))


def is_label_of_ours(name: str, config: Config) -> bool:
    """Whether this is a label that we set: the generated one, a priority, a state or an area."""
    prefix = config.labels.area_prefix
    if prefix and name.startswith(prefix):
        return True
    priorities = {f"{config.labels.priority_prefix}{priority}" for priority in PRIORITIES}
    states = {state_label(state, config) for state in STATES}
    areas = {suite.area for suite in config.suites} - {""}
    return name in {config.labels.generated, *priorities, *states, *(() if prefix else areas)}


def label_edit(
    issue: Issue, marker: Marker, names: tuple[str, ...], config: Config
) -> tuple[LabelEdit, Marker]:
    """What to write, and the marker that remembers every label we ever set (so that a removal by a person is seen).

    A priority that a person set keeps ours away.
    """
    if human_priority(issue, marker, config):
        names = tuple(name for name in names if name not in _priorities(config))
    add = tuple(name for name in names if name not in issue.labels and name not in marker.labels)
    obsolete = [name for name in marker.labels if name not in names and name != config.labels.generated]
    remove = tuple(name for name in obsolete if name in issue.labels)
    kept = tuple(name for name in marker.labels if name not in remove)
    return LabelEdit(add, remove), replace(marker, labels=(*kept, *add))


def human_priority(issue: Issue, marker: Marker, config: Config) -> str | None:
    """The priority ("P1" …) that a person set on the issue by label, the most urgent of several."""
    prefix = config.labels.priority_prefix
    ours = set(marker.labels)
    return next(
        (p for p in PRIORITIES if f"{prefix}{p}" in issue.labels and f"{prefix}{p}" not in ours), None
    )


def _priorities(config: Config) -> frozenset[str]:
    """The names of all priority labels."""
    return frozenset(f"{config.labels.priority_prefix}{priority}" for priority in PRIORITIES)
