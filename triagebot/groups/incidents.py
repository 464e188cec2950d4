"""A storm: so many new causes at once that one incident tells the truth better than many issues.

In: groups, the run, the keys that are known, the config. Out: at most one `Incident`, which names its parts. The parts
stay groups; the first run that is no storm dissolves the incident and what remains is filed.
"""

from collections.abc import Collection, Sequence

from triagebot.config import Config
from triagebot.groups.model import Group, Incident
from triagebot.reports.model import RED, Run
from triagebot.signatures import key

_RAN = frozenset(("passed", "failed", "error", "xfailed", "xpassed"))


def incidents(
    groups: Sequence[Group], run: Run, known: Collection[str], config: Config
) -> tuple[Incident, ...]:
    """The run's incident, if it is a storm: at least `storms.new_keys` new keys and more than `storms.share` of tests red."""
    new = [g for g in groups if g.tests and not _is_known(g, known)]
    if len(new) < config.storms.new_keys or failing_share(run) <= config.storms.share:
        return ()
    tests = {test for g in new for test in g.tests}
    title = f"Storm: {len(new)} new causes at once in {len(tests)} failing tests"
    slots = (("environment", run.environment or ""), ("branch", run.branch or ""))
    return (Incident(key("incident", slots), tuple(g.key for g in new), title),)


def failing_share(run: Run) -> float:
    """The share of the cases that ran and are red; 0.0 when none ran."""
    ran = sum(case.outcome in _RAN for case in run.cases)
    red = sum(case.outcome in RED for case in run.cases)
    return red / ran if ran else 0.0


def _is_known(group: Group, known: Collection[str]) -> bool:
    return any(key in known for key in group.signature.known_as)
