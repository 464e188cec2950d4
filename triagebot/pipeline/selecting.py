"""What to run next, with all that it takes: history, issues, gates, quarantine, tests in the code.

In: options, the config, the workspace. Out: `Selected`. It writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.gates import GateResult, Quarantined, Standing, gates, quarantined, standings
from triagebot.history import Past
from triagebot.issues import Issue, keys_of
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.proving import state_of
from triagebot.pipeline.workspace import Workspace
from triagebot.redact import fact_or_none
from triagebot.reports.model import Scope
from triagebot.reports.test_names import join_id
from triagebot.selection import How, Selection, TestFacts, arguments, facts, pytest_command, select


@dataclass(frozen=True, slots=True)
class SelectOptions:
    """What one command asks of selection. `budget` in seconds; `collected` are node ids, None where nobody gave any."""

    how: How = "least-covered"
    phase: str = ""
    budget: float | None = None
    limit: int | None = None
    collected: tuple[str, ...] | None = None
    environment: str | None = None
    branch: str | None = None
    revision: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one scope: its past, how tests stand, gates, every test."""

    scope: Scope
    past: Past
    tests: Mapping[str, Standing]
    gates: tuple[GateResult, ...]
    quarantine: Quarantined
    facts: tuple[TestFacts, ...]

    @property
    def needed(self) -> Mapping[str, str]:
        """Why a gate needs which tests (join ids), those that are known."""
        there = {one.join for one in self.facts}
        found: dict[str, str] = {}
        for gate in self.gates:
            if gate.passed:
                continue
            held = {one.join: one for one in gate.held_by}
            for join in gate.lacking:
                if join in there:
                    one = held.get(join)
                    found.setdefault(
                        join, f"gate {gate.name} needs it: {(one.why or one.state) if one else 'not kept'}"
                    )
        return found


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection, what it rests on, and pytest's arguments."""

    selection: Selection
    known: Known
    arguments: tuple[str, ...]

    def command(self, config: Config, file: str = "") -> str:
        """The pytest command; the arguments stand in `file` where one is given."""
        return pytest_command(self.arguments, traced=sees_traffic(config), file=file)


def sees_traffic(config: Config) -> bool:
    """Whether the config asks for what only traces tell."""
    return any(suite.requires or suite.no_mocks for suite in config.suites)


def scope_of(
    environment: str | None, branch: str | None, config: Config, issues: Sequence[Issue], effects: Effects
) -> Scope:
    """The scope that is meant: as given, else the first one that the config names in full, else that of the newest occurrence."""
    redactor = effects.redactor
    if effects.in_actions and branch is None:
        branch = effects.environ.get("GITHUB_REF_NAME") or None
    named = [
        rule for rule in config.scopes if not any(sign in rule.environment + rule.branch for sign in "*?[")
    ]
    rows = [row for issue in issues if issue.marker for row in issue.marker.occurrences]
    last = max(rows, key=lambda row: row.at, default=None)
    known = (
        (named[0].environment, named[0].branch)
        if named
        else (last.environment, last.branch)
        if last
        else (None, None)
    )
    return Scope(
        fact_or_none(known[0] if environment is None else environment, redactor),
        fact_or_none(known[1] if branch is None else branch, redactor),
    )


def known_of(options: SelectOptions, config: Config, workspace: Workspace, effects: Effects) -> Known:
    """What history and issues tell of a scope. Raises UserError where no test is known."""
    issues = workspace.tracker.issues()
    scope = scope_of(options.environment, options.branch, config, issues, effects)
    found = known_in(scope, options.collected, config, workspace, effects, issues)
    if not found.facts:
        where = ", ".join(scope_words(scope)) or "no named environment or branch"
        raise UserError(
            f"history knows no test of {where}. Triage a run of it first, name another with --environment and --branch, "
            "or give --collect."
        )
    return found


def known_in(
    scope: Scope,
    collected: Sequence[str] | None,
    config: Config,
    workspace: Workspace,
    effects: Effects,
    issues: Sequence[Issue],
) -> Known:
    """What history and issues tell of a scope, be it nothing."""
    keys = frozenset[str]().union(*map(keys_of, issues))
    past = workspace.history.past(scope, keys, None)
    held = quarantined(
        config.quarantine, effects.now().date(), lambda number: state_of(workspace.tracker, number)
    )
    tests = dict(standings(None, past, held))
    for test in collected or ():
        tests.setdefault(
            join_id(test), Standing(join_id(test), test, "not run", why="it never ran", placed=False)
        )
    if collected is not None:
        there = set(map(join_id, collected))
        tests = {join: one for join, one in tests.items() if join in there}
    found = gates(config, tests, now=effects.now())
    known = facts(past, config.suites, tests, collected, _closed(issues))
    return Known(scope, past, tests, found, held, known)


def scope_words(scope: Scope) -> tuple[str, ...]:
    """The parts of a scope that are known."""
    return tuple(str(part) for part in (scope.environment, scope.branch) if part)


def _closed(issues: Sequence[Issue]) -> dict[str, tuple[datetime, str]]:
    """Keys of closed causes: when, and the number of the issue."""
    return {
        key: (issue.closed_at, f"#{issue.number}")
        for issue in issues
        if issue.state == "closed" and issue.closed_at and issue.state_reason == "completed"
        for key in keys_of(issue)
    }


def selected(options: SelectOptions, known: Known, now: datetime) -> Selected:
    """The selection that the options ask for."""
    found = select(
        [one for one in known.facts if not known.quarantine.holds(one.test)],
        options.how,
        now=now,
        phase=options.phase,
        budget=options.budget,
        limit=options.limit,
        needed=known.needed,
    )
    given = arguments(found, known.facts, ordered=options.how in ("risk", "failed"))
    return Selected(found, known, given)
