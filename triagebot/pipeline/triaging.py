"""One run through all rooms: group, match, decide, draft, plan, and apply.

In: a run, the config, the workspace, effects. Out: `Planned`, and what came of it. Data goes forward only: what is filed is
decided first, drafts are made for that, and the plan is written last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.groups import group, incidents, under_causes
from triagebot.groups.model import Group
from triagebot.groups.splitting import split_groups
from triagebot.history import Past, first_seen_revisions, joined
from triagebot.issues import Issue, Match, Settled, issue_of, keys_of
from triagebot.issues.masked_hosts import with_masked_hosts
from triagebot.issues.match import Order
from triagebot.pipeline.culprits import with_code
from triagebot.pipeline.drafting import Drafter
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.issue_listing import current_issues, pause_in, refresh_boards
from triagebot.pipeline.proving import Proof, gated, judged
from triagebot.pipeline.run_causes import find_causes
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Decision, Outcome, Plan, decide, render_plan
from triagebot.plans.parting import Scene, parted, without_parts
from triagebot.plans.permit import Permit
from triagebot.plans.recognise import recognised
from triagebot.plans.restore import reminded, restored
from triagebot.reports.model import Run
from triagebot.signatures import explain, judge, settings
from triagebot.steps import LogText, green_paths
from triagebot.trackers.applying import apply, put_back

_EXPLAINED = 3
"""How many signatures of one cause are explained on its issue."""
_ANEW = 3
"""How often a run is planned anew when changes went stale under it (somebody else wrote at the same time)."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One run with its groups, what each means beside the tracker, and the plan that follows from the issues as listed.

    `logged` says which errors the logs of services hold for it.
    """

    run: Run
    matches: tuple[Match, ...]
    plan: Plan
    issues: tuple[Issue, ...] = ()
    proof: Proof = field(default_factory=Proof)
    logged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessed:
    """One run's groups beside what the tracker and history hold; `listed` are the issues before history was added.

    `settled` is what history knows of people's decisions about these groups.
    """

    groups: tuple[Group, ...]
    listed: tuple[Issue, ...]
    issues: tuple[Issue, ...]
    past: Past
    settled: tuple[Settled, ...] = ()


def judge_and_plan(
    read: Run, config: Config, workspace: Workspace, effects: Effects, drafter: Drafter
) -> Planned:
    """`make_plan` of a run as it was read: contracts and passes are judged before, gates after."""
    run, proof = judged(read, config, workspace.history, drafter.logs())
    planned = make_plan(run, config, workspace, effects, drafter)
    return replace(planned, proof=gated(proof, run, config, workspace.tracker, effects.now()))


def judge_and_triage(
    read: Run, config: Config, workspace: Workspace, effects: Effects, drafter: Drafter, *, last: bool = True
) -> tuple[Planned, tuple[Outcome, ...]]:
    """`triage_run` of a run as it was read: contracts and passes are judged before, gates after."""
    run, proof = judged(read, config, workspace.history, drafter.logs())
    planned, outcomes = triage_run(run, config, workspace, effects, drafter, last=last)
    return replace(planned, proof=gated(proof, run, config, workspace.tracker, effects.now())), outcomes


def make_plan(
    run: Run,
    config: Config,
    workspace: Workspace,
    effects: Effects,
    drafter: Drafter,
    listed: Sequence[Issue] | None = None,
) -> Planned:
    """What this run would change on the workspace's tracker as it stands now, or as it was `listed`."""
    assessed = assess(run, config, workspace, listed, drafter.logs())
    decision = _decide(run, assessed, config, workspace, drafter)
    matches = _in_order(decision, assessed.groups)
    drafts = drafter.drafts(matches, decision.written, run, assessed.past, assessed.settled)
    plan = render_plan(
        decision,
        drafts,
        config,
        now=effects.now(),
        explain=partial(_explanation, config),
        settled=assessed.settled,
    )
    logged = drafter.logged(run) if matches else ()
    return Planned(run, matches, plan, assessed.listed, logged=logged)


def assess(
    run: Run,
    config: Config,
    workspace: Workspace,
    listed: Sequence[Issue] | None = None,
    logs: Sequence[LogText] = (),
) -> Assessed:
    """The run's groups, our issues, and what earlier runs saw of both. `logs` are redacted."""
    groups = group(run, config)
    listed = workspace.tracker.issues() if listed is None else listed
    listed = recognised(listed, groups, config, workspace.remembered)
    listed = workspace.closings(listed, _keys(groups, ()))
    past = workspace.history.past(run.scope, _keys(groups, listed), _tests(groups, listed), but=run.id)
    groups = with_masked_hosts(groups, listed, config)
    groups = under_causes(groups, run, past.seen, config.storms.victim_runs)
    green = workspace.history.green(run.scope, {failure.join for failure in run.failures})
    found = find_causes(run, groups, config, logs=logs, green=green)
    filed = found.as_groups(_issue_numbers(groups, listed, config))
    order = Order(workspace.contains, first_seen_revisions(past))
    filed = parted(filed, found.left, listed, Scene(run, past, order, config))
    groups = with_code(filed, found, green, run, workspace.code, past)
    listed = without_parts(listed)
    splits = {i.marker.key: i.marker.split for i in listed if i.marker and i.marker.split}
    groups = split_groups(groups, splits, config) if splits else groups
    settled = tuple(workspace.history.settled(_keys(groups, ())))
    return Assessed(groups, tuple(listed), tuple(reminded(restored(listed, past), settled)), past, settled)


def _decide(run: Run, assessed: Assessed, config: Config, workspace: Workspace, drafter: Drafter) -> Decision:
    """What this run files."""
    known = frozenset(key for issue in assessed.issues for key in keys_of(issue))
    return decide(
        run,
        assessed.groups,
        assessed.issues,
        assessed.past,
        config,
        tracker="github" if workspace.tracker.name == "github" else "local",
        max_new=drafter.options.max_new_issues,
        incidents=incidents(assessed.groups, run, known, config),
        contains=workspace.contains,
        default_branch=workspace.default_branch,
        paused=pause_in(workspace, config),
        wanted=workspace.stop.wanted,
    )


def _in_order(decision: Decision, groups: Sequence[Group]) -> tuple[Match, ...]:
    """The matches in the order of the groups."""
    by_key = {match.group.key: match for match in decision.matches}
    return tuple(by_key[group.key] for group in groups)


def triage_run(
    run: Run, config: Config, workspace: Workspace, effects: Effects, drafter: Drafter, *, last: bool = True
) -> tuple[Planned, tuple[Outcome, ...]]:
    """Plan and apply, and plan anew what went stale meanwhile, three times at most.

    The run is history before anything is written: whoever is killed here leaves no row in an issue that history lacks,
    and what history has and an issue lacks the next run puts back. A history store that refuses stops no filing, and is
    asked once more when all is written. What people said on issues is carried out before, and the dashboard is written after the
    `last` run of a command. A run of strangers' code is no history, and nothing is written for it.
    """
    listed = None if run.strangers else current_issues(workspace, config, effects)
    planned = make_plan(run, config, workspace, effects, drafter, listed)
    if run.strangers:
        return planned, ()
    shown = [g for m in planned.matches for g in m.group.each]
    green = green_paths(run, drafter.logs(), config.hosts)
    workspace.history.keep(run, shown, planned.issues, green)
    permit = Permit(config)
    outcomes = apply(planned.plan, workspace.tracker, permit, alone=workspace.history.alone)
    done = [o for o in outcomes if o.status != "stale"]
    for _ in range(_ANEW):
        if not any(o.status == "stale" for o in outcomes):
            break
        try:
            again = make_plan(run, config, workspace, effects, drafter)
        except (TrackerError, UserError):  # what is stale stays so and is said, unless the next look succeeds
            continue
        workspace.history.compare(again.issues)
        outcomes = apply(again.plan, workspace.tracker, permit, again=True, alone=workspace.history.alone)
        done += [o for o in outcomes if o.status != "stale"]
    workspace.history.settle()
    reasons = {held.key: held.reason for held in planned.plan.held}
    board = refresh_boards(workspace, config, effects, reasons) if last else ()
    put_back((*done, *board) if done else (), workspace.tracker)
    return planned, (*done, *(o for o in outcomes if o.status == "stale"))


def _issue_numbers(groups: Sequence[Group], issues: Sequence[Issue], config: Config) -> Mapping[str, int]:
    """The number of the issue that each key has, where it has one."""
    found = ((g.key, issue_of(g.signature.known_as, issues, config)) for g in groups)
    return {key: home.number for key, home in found if home is not None}


def _keys(groups: Sequence[Group], issues: Sequence[Issue]) -> frozenset[str]:
    """Every key that the past is asked for: those of this run, and those of issues that are open or that it concerns."""
    ours = frozenset[str]().union(*(g.signature.known_as for g in groups))
    return ours.union(*(keys_of(issue) for issue in issues if _is_judged(issue, ours)))


def _tests(groups: Sequence[Group], issues: Sequence[Issue]) -> frozenset[str]:
    """Every test (join id) that the past is asked for beside those that it knows of the keys."""
    failing = frozenset(failure.join for found in groups for failure in found.failures)
    ours = _keys(groups, ())
    return failing.union(
        *(joined(issue.marker.tests) for issue in issues if issue.marker and _is_judged(issue, ours))
    )


def _is_judged(issue: Issue, keys: frozenset[str]) -> bool:
    """Whether a run with these keys says anything about an issue."""
    return issue.state == "open" or bool(keys & keys_of(issue))


def _explanation(config: Config, found: Group) -> tuple[str, ...]:
    """How a group's exemplars got their signatures, as lines for the issue's fold."""
    if not found.tests:
        return ("the run is red without a failing case: the run itself is what is filed",)
    lines = (explain(judge(part.exemplar, settings(config))).lines for part in found.each[:_EXPLAINED])
    return tuple(line for number, some in enumerate(lines) for line in (*([""] if number else []), *some))
