"""What a run files, decided before any text is written: which causes are opened, updated, held, and why.

In: the run, its groups, our issues, the past of the scope, config. Out: a `Decision`. Drafts are made for what it files,
and `planner` writes the text of its changes; neither decides again. The order of judgement is match, incident, breaker,
cap.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from triagebot.config import Config
from triagebot.groups.model import Group, Incident
from triagebot.history import Past, first_seen_revisions
from triagebot.issues import Contains, Issue, Match, duplicates, echoes, match, nobody_knows
from triagebot.plans import lifecycle
from triagebot.plans.model import Held
from triagebot.plans.recognise import unknown
from triagebot.plans.storm import Storm, storm_of
from triagebot.plans.urgency import by_urgency
from triagebot.reports.model import Run

TrackerName = Literal["local", "github"]
MAX_NEW_ON_GITHUB = 10
_NO_STORM = Storm(())


@dataclass(frozen=True, slots=True)
class Decision:
    """What a run files. `not_filed` says why its scope files nothing, `blocked` why nothing may be opened ("" for neither).

    `matches` stand by urgency, one for each group. `issues` are ours without the duplicates that races left (`duplicates`
    as pairs of duplicate and original); `absorbing` are the numbers of those that take over a duplicate's memory.
    `opens_incident` and `opened` are what fits under the cap. `unknown` are open issues of ours beside which nothing may be
    opened, because nobody can say what they are about.
    """

    run: Run
    past: Past
    matches: tuple[Match, ...]
    issues: tuple[Issue, ...] = ()
    duplicates: tuple[tuple[Issue, Issue], ...] = ()
    absorbing: frozenset[int] = frozenset()
    storm: Storm = _NO_STORM
    opens_incident: bool = False
    opened: tuple[Group, ...] = ()
    unknown: tuple[Issue, ...] = ()
    held: tuple[Held, ...] = ()
    not_filed: str = ""
    blocked: str = ""

    @property
    def written(self) -> tuple[Match, ...]:
        """The matches of which this run writes an issue: those are worth a draft."""
        if self.not_filed or self.blocked:
            return ()
        keys = {group.key for group in self.opened}
        told = ("known", "regressed", "straggler")
        return tuple(m for m in self.matches if m.group.key in keys or m.state in told)


def decide(
    run: Run,
    groups: Sequence[Group],
    issues: Sequence[Issue],
    past: Past,
    config: Config,
    *,
    tracker: TrackerName,
    max_new: int | None = None,
    incidents: Sequence[Incident] = (),
    contains: Contains = nobody_knows,
    default_branch: str | None = None,
    paused: str = "",
    wanted: Collection[str] = (),
) -> Decision:
    """What this run files. `max_new` overrules config and tracker.

    `contains` answers whether a commit has another one in its history. `default_branch` is the only branch that files
    issues on GitHub when the config names no scopes. `paused` says that people paused all filing, `wanted` are keys that they
    want filed whatever the cap says.
    """
    pairs = duplicates(issues)
    kept = _absorbed(issues, pairs)
    matches = match(by_urgency(groups), kept, run, config, contains, first_seen_revisions(past))
    if reason := paused or not_filed_because(run, config, tracker, default_branch):
        held = tuple(Held(group.key, reason) for group in groups)
        return Decision(run, past, matches, held=held, not_filed=reason)
    storming = storm_of([m.group for m in matches if m.state == "new"], incidents, kept, run)
    opening = sorted(_opening(storming), key=lambda group: group is None or group.key not in wanted)
    lost = unknown(kept, config) if opening else ()
    fits = 0 if lost else room(kept, run.id, config, tracker, max_new)
    if fits is not None and not lost:
        fits += sum(group is not None and group.key in wanted for group in opening)
    return Decision(
        run=run,
        past=past,
        matches=matches,
        issues=tuple(kept),
        duplicates=pairs,
        absorbing=frozenset({i.number for i in kept} & {i.number for i in issues if i not in kept}),
        storm=storming,
        opens_incident=None in opening[:fits],
        opened=tuple(group for group in opening[:fits] if group is not None),
        unknown=lost,
        held=(*_over_the_cap(opening, fits, storming.key, lost), *_muted(matches)),
        blocked=breaker(len(opening), config),
    )


def not_filed_because(run: Run, config: Config, tracker: TrackerName, default_branch: str | None) -> str:
    """Why this run files no issues; "" when it does: code of strangers, or a scope that files none.

    Locally everything files unless the config says less.
    """
    if run.strangers:
        return run.strangers
    where = f"branch {run.branch or 'unknown'}, environment {run.environment or 'unknown'}"
    if config.scopes:
        files = any(rule.holds(run.branch, run.environment) for rule in config.scopes)
        return "" if files else f"{where}: no [[scopes]] of the config files issues for it"
    if tracker == "local" or run.branch is None or default_branch is None or run.branch == default_branch:
        return ""
    return f"{where}: only the default branch {default_branch} files issues"


def _absorbed(issues: Sequence[Issue], pairs: Sequence[tuple[Issue, Issue]]) -> list[Issue]:
    """The issues without open duplicates, whose memory goes into their originals."""
    doubled = {duplicate.number for duplicate, _original in pairs}
    memories = (*pairs, *echoes(issues))
    kept = [issue for issue in issues if issue.number not in doubled]
    return [_absorbing(issue, [d for d, home in memories if home.number == issue.number]) for issue in kept]


def _absorbing(issue: Issue, doubles: Sequence[Issue]) -> Issue:
    """An issue whose marker also remembers what its duplicates counted."""
    marker = issue.marker
    for double in doubles:
        assert marker is not None
        assert double.marker is not None
        marker = lifecycle.absorbed(marker, double.marker)
    return replace(issue, marker=marker)


def _opening(storming: Storm) -> tuple[Group | None, ...]:
    """What asks for a new issue, most urgent first; None stands for the incident of a storm that has no issue yet."""
    incident = (None,) if storming.incident is not None and storming.issue is None else ()
    return (*incident, *storming.remaining)


def room(
    issues: Sequence[Issue], run: str, config: Config, tracker: TrackerName, max_new: int | None
) -> int | None:
    """How many issues this run may still open; None for any number. What it opened already counts."""
    limit = max_new if max_new is not None else config.limits.max_new_issues
    if limit is None:
        limit = MAX_NEW_ON_GITHUB if tracker == "github" else None
    opened = sum(1 for issue in issues if issue.marker and issue.marker.runs[:1] == (run,))
    return None if limit is None else max(0, limit - opened)


def _over_the_cap(
    opening: Sequence[Group | None], room: int | None, incident: str, lost: Sequence[Issue]
) -> tuple[Held, ...]:
    """What does not fit under the cap, held with its reason. `incident` is the key of the storm's issue.

    Beside the `lost` issues nothing fits: one of them may be its home.
    """
    if room is None:
        return ()
    reason = (
        f"over the cap of new issues for one run ({room} left); filed by the next run in which it fails "
        "(max-new-issues raises the cap)"
    )
    if lost:
        reason = (
            f"issue {lost[0].number} is ours, but lost the marker that says what it is about; nothing is opened beside it "
            "until somebody puts its text back or takes our label off"
        )
    return tuple(Held(incident if group is None else group.key, reason) for group in opening[room:])


def _muted(matches: Sequence[Match]) -> tuple[Held, ...]:
    """What people do not want to hear of."""
    return tuple(Held(m.group.key, m.reason) for m in matches if m.state == "muted")


def breaker(opening: int, config: Config) -> str:
    """Why nothing may be opened at all; "" in every sane run."""
    if opening <= config.limits.breaker:
        return ""
    return (
        f"{opening} new issues in one run are more than the breaker of {config.limits.breaker} allows; "
        "nothing is opened. Look at the groups, then apply with --force or raise limits.breaker."
    )
