"""Closing by proof without a report: green runs that history holds and the issues have not counted yet.

In: our issues and the past of each scope. Out: a `Plan` of edits, closes and their comments. It opens and reopens
nothing, and sweeping again plans nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from triagebot.config import Config
from triagebot.history import Past, PastRun
from triagebot.issues import Issue
from triagebot.plans import lifecycle
from triagebot.plans.model import Change, Plan
from triagebot.plans.parting import without_parts
from triagebot.plans.planner import PlanInput, recovery
from triagebot.redact import recorded
from triagebot.reports.model import Run, Scope, Totals


def scopes_to_sweep(issues: Sequence[Issue], config: Config) -> Mapping[Scope, tuple[Issue, ...]]:
    """The open issues that proof could close, by the one scope in which they were seen."""
    found: dict[Scope, tuple[Issue, ...]] = {}
    for issue in issues:
        if issue.state != "open" or issue.marker is None or config.labels.muted in issue.labels:
            continue
        scopes = lifecycle.scopes_of(issue.marker)
        if len(scopes) == 1:
            (scope,) = scopes
            found[scope] = (*found.get(scope, ()), issue)
    return found


def watched_scopes(issues: Sequence[Issue], config: Config) -> tuple[Scope, ...]:
    """The scopes that must not fall silent: those that the config names in full, else those of open issues."""
    named = (Scope(recorded(rule.environment), recorded(rule.branch)) for rule in config.scopes)
    whole = [scope for scope in named if not any(sign in f"{scope}" for sign in "*?[")]
    return tuple(dict.fromkeys(whole or scopes_to_sweep(issues, config)))


def sweep(issues: Sequence[Issue], pasts: Mapping[Scope, Past], config: Config, *, now: datetime) -> Plan:
    """The countdowns that move and the issues that are proven gone. `pasts` by scope, with all tests of its issues."""
    changes: list[Change] = []
    for scope, some in scopes_to_sweep(without_parts(issues), config).items():
        past = pasts.get(scope, Past(scope))
        for issue in some:
            changes += _swept(issue, past, config, now)
    return Plan("sweep", tuple(changes))


def _swept(issue: Issue, past: Past, config: Config, now: datetime) -> Iterable[Change]:
    """What history adds to one issue's proof."""
    assert issue.marker is not None
    if not (clean := lifecycle.swept(issue.marker, past)):
        return
    marker = lifecycle.passed_clean(issue.marker, [run.id for run in clean])
    yield from recovery(issue, marker, PlanInput(_run(clean[-1], past.scope), past, {}, config, now))


def _run(last: PastRun, scope: Scope) -> Run:
    """The last clean run, as far as history knows it."""
    return Run(
        id=last.id,
        formats=(),
        cases=(),
        totals=Totals(0),
        status="passed",
        complete=last.complete,
        started=last.at,
        environment=scope.environment,
        branch=scope.branch,
        commit=last.commit,
        revision=last.revision,
        url=last.url,
    )
