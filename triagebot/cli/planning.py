"""From a run to a plan and, where asked, to what came of it: the effects that `triage`, `plan` and `apply` share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from triagebot.cli.desk import Desk
from triagebot.cli.drafting import Drafter
from triagebot.cli.world import World
from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.groups import group, incidents, under_causes
from triagebot.groups.model import Group
from triagebot.history import first_seen_revisions
from triagebot.issues import Issue, Match, keys_of, match
from triagebot.plans import Outcome, Plan, plan
from triagebot.plans.restore import restored
from triagebot.reports.model import Run
from triagebot.signatures import explain, judge, settings
from triagebot.trackers.apply import apply

_ANEW = 3
"""How often a run is planned anew when changes went stale under it (somebody else wrote at the same time)."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One run with its groups, what each means beside the tracker, and the plan that follows from the issues as listed."""

    run: Run
    matches: tuple[Match, ...]
    plan: Plan
    issues: tuple[Issue, ...] = ()


def make_plan(run: Run, config: Config, desk: Desk, world: World, drafter: Drafter) -> Planned:
    """What this run would change on the desk's tracker as it stands now."""
    groups = group(run, config)
    issues = desk.closings(desk.tracker.issues(), frozenset(_keys(groups, ())))
    past = desk.history.past(run.scope, _keys(groups, issues), but=run.id)
    groups = under_causes(groups, run, past.seen, config.storms.victim_runs)
    listed, issues = issues, restored(issues, past)
    matches = match(groups, issues, run, config, desk.contains, first_seen_revisions(past))
    known = frozenset(key for issue in issues for key in keys_of(issue))
    draw = partial(
        plan,
        run,
        groups,
        issues,
        past,
        config=config,
        now=world.now(),
        tracker="github" if desk.tracker.name == "github" else "local",
        redact=world.redactor.text,
        max_new=drafter.wish.max_new_issues,
        incidents=incidents(groups, run, known, config),
        explain={g.key: _explained(g, config) for g in groups},
        contains=desk.contains,
        default_branch=desk.default_branch,
    )
    return Planned(run, matches, draw(drafter.drafts(matches, run, past, draw)), tuple(listed))


def triage_run(
    run: Run, config: Config, desk: Desk, world: World, drafter: Drafter
) -> tuple[Planned, tuple[Outcome, ...]]:
    """Plan and apply, and plan anew what went stale meanwhile, three times at most.

    The run is history before anything is written: whoever is killed here leaves no row in an issue that history lacks,
    and what history has and an issue lacks the next run puts back. A home of history that refuses stops no filing, and
    is asked once more when all is written.
    """
    planned = make_plan(run, config, desk, world, drafter)
    desk.history.keep(run, [m.group for m in planned.matches], planned.issues)
    outcomes = apply(planned.plan, desk.tracker, alone=desk.history.alone)
    done = [o for o in outcomes if o.status != "stale"]
    for _ in range(_ANEW):
        if not any(o.status == "stale" for o in outcomes):
            break
        try:
            again = make_plan(run, config, desk, world, drafter)
        except (TrackerError, UserError):  # what is stale stays so and is said, unless the next look succeeds
            continue
        desk.history.compare(again.issues)
        outcomes = apply(again.plan, desk.tracker, again=True, alone=desk.history.alone)
        done += [o for o in outcomes if o.status != "stale"]
    desk.history.settle()
    return planned, (*done, *(o for o in outcomes if o.status == "stale"))


def _keys(groups: Sequence[Group], issues: Sequence[Issue]) -> frozenset[str]:
    """Every key that the past is asked for: those of this run and those of our issues."""
    ours = {key for issue in issues for key in keys_of(issue)}
    return frozenset(ours.union(*((g.key, *g.signature.aliases) for g in groups)))


def _explained(found: Group, config: Config) -> tuple[str, ...]:
    """How the group's exemplar got its signature, as lines for the issue's fold."""
    if not found.tests:
        return ("the run is red without a failing case: the run itself is what is filed",)
    return explain(judge(found.exemplar, settings(config))).lines
