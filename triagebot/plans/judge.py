"""From what a run shows and what the tracker holds to everything that should change, as one value with final text.

In: the run, its groups, our issues, the past of the scope, drafts, config; the clock's reading and a redactor are
handed in. Out: a `Plan`. The order of judgement is match, incident, breaker, cap. It reads and writes nothing; the
same arguments give the same plan, and a plan for a run that was applied before is empty.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never

from triagebot.config import Config
from triagebot.drafts.model import Digest, Draft, FiveWhys
from triagebot.groups.model import Group, Impact, Incident
from triagebot.history import Past, first_seen_revisions
from triagebot.issues import (
    Contains,
    Issue,
    Marker,
    Match,
    compose,
    duplicates,
    echoes,
    is_let_go,
    match,
    nobody_knows,
    parts,
    section_hash,
    splice,
    trimmed,
    write_marker,
)
from triagebot.plans import lifecycle, render, storm
from triagebot.plans.labels import human_priority, label_edit, wanted
from triagebot.plans.model import (
    Absent,
    AddComment,
    Change,
    CloseIssue,
    EditIssue,
    Held,
    OpenIssue,
    Plan,
    Present,
    ReopenIssue,
)
from triagebot.plans.restore import completed
from triagebot.plans.urgency import by_urgency, joined_impact
from triagebot.reports.model import Run

TrackerName = Literal["local", "github"]
Redact = Callable[[str], str]
MAX_NEW_ON_GITHUB = 10


@dataclass(frozen=True, slots=True)
class Given:
    """What every judgement of one plan may look at."""

    run: Run
    past: Past
    drafts: Mapping[str, Draft]
    config: Config
    now: datetime
    redact: Redact
    explain: Mapping[str, Sequence[str]] = field(default_factory=dict)
    issues: Sequence[Issue] = ()


def plan(
    run: Run,
    groups: Sequence[Group],
    issues: Sequence[Issue],
    past: Past,
    drafts: Mapping[str, Draft],
    config: Config,
    *,
    now: datetime,
    tracker: TrackerName,
    redact: Redact,
    max_new: int | None = None,
    incidents: Sequence[Incident] = (),
    explain: Mapping[str, Sequence[str]] | None = None,
    contains: Contains = nobody_knows,
    default_branch: str | None = None,
) -> Plan:
    """Every change that this run asks for, in the order of application, and what is held with its reason.

    `drafts` and `explain` are by key. `max_new` overrules config and tracker. `contains` answers whether a commit has
    another one in its history. `default_branch` is the only branch that files issues on GitHub when the config names
    no scopes. `now` must be UTC.
    """
    if reason := not_filed_because(run, config, tracker, default_branch):
        return Plan(run.id, (), tuple(Held(group.key, reason) for group in groups), run.problems)
    pairs = duplicates(issues)
    kept = _absorbed(issues, pairs)
    given = Given(run, past, drafts, config, now, redact, explain or {}, kept)
    taken_over = {i.number for i in kept} & {i.number for i in issues if i not in kept}
    matches = match(by_urgency(groups), kept, run, config, contains, first_seen_revisions(past))
    storming = storm.judge([m.group for m in matches if m.state == "new"], incidents, kept, run)
    opens = [*_incident_opens(storming, given), *(_open(group, given) for group in storming.remaining)]
    blocked = _breaker(opens, config)
    opens, held = _capped(opens, _room(kept, run, config, tracker, max_new))
    changes = [
        *opens,
        *_updates(matches, given),
        *_incident_updates(storming, given),
        *_recoveries(kept, matches, taken_over, given),
        *_duplicates_closed(pairs, given),
    ]
    held += [Held(m.group.key, m.reason) for m in matches if m.state == "muted"]
    return Plan(run.id, tuple(changes), tuple(held), run.problems, blocked)


def not_filed_because(run: Run, config: Config, tracker: TrackerName, default_branch: str | None) -> str:
    """Why runs of this scope file no issues; "" when they do. Locally everything files unless the config says less."""
    where = f"branch {run.branch or 'unknown'}, environment {run.environment or 'unknown'}"
    if config.scopes:
        files = any(rule.holds(run.branch, run.environment) for rule in config.scopes)
        return "" if files else f"{where}: no [[scopes]] of the config files issues for it"
    if tracker == "local" or run.branch is None or default_branch is None or run.branch == default_branch:
        return ""
    return f"{where}: only the default branch {default_branch} files issues"


def once_key(run: str, key: str, action: str) -> str:
    """The key that lets this change be made once: sha256 of (run.id, key, action)."""
    return hashlib.sha256(json.dumps([run, key, action]).encode()).hexdigest()


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


def _open(group: Group, given: Given) -> OpenIssue:
    """The change that files a new cause."""
    once = once_key(given.run.id, group.key, "open")
    marker = completed(lifecycle.fresh(group.key, group.signature.algorithm), given.past)
    marker = lifecycle.seen_again(marker, [group], given.run, given.now)
    marker = _with_states(marker, [group], given)
    names = wanted(marker.states, group.impact, given.config)
    title = render.title([group], group.impact, given.redact)
    marker = replace(marker, labels=names, title=title, once=(once,))
    return OpenIssue(
        group.key, once, Absent(group.key), title, _section(marker, [group], group.impact, given), names
    )


def _with_states(marker: Marker, groups: Sequence[Group], given: Given) -> Marker:
    """The marker with the states that this run shows: flaky or not, a draft to be judged."""
    states = set(marker.states) - {"flaky"}
    if lifecycle.is_flaky(groups, given.past, given.run):
        states.add("flaky")
    if not states & {"confirmed", "rejected", "needs-evidence"}:
        states.add("draft")
    draft = _draft(groups, marker, given)
    owed = draft.owed if isinstance(draft, Digest) else marker.owed and draft is None
    marker = replace(marker, states=tuple(sorted(states)), owed=owed)
    match draft:
        case None:
            return marker
        case Digest():
            return replace(marker, drafted="digest", draft_once="")
        case FiveWhys():
            return replace(marker, drafted="model", draft_once=draft.once)
        case unreachable:
            assert_never(unreachable)


def _draft(groups: Sequence[Group], marker: Marker, given: Given) -> Draft | None:
    """The draft that was made in this run; a digest never takes the place of what a model drafted and code checked."""
    made = next((given.drafts[group.key] for group in groups if group.key in given.drafts), None)
    return None if isinstance(made, Digest) and marker.drafted == "model" else made


def _section(marker: Marker, groups: Sequence[Group], impact: Impact, given: Given, body: str = "") -> str:
    """The bot's part for a cause that this run shows; what only an earlier run could write is kept from `body`."""
    marker = _final(marker, given)
    shown = render.Shown(
        groups=tuple(groups),
        impact=impact,
        run=given.run,
        marker=marker,
        countdown=lifecycle.countdown(marker, given.past),
        draft=_draft(groups, marker, given),
        explain=tuple(line for group in groups for line in given.explain.get(group.key, ())),
        muted=given.config.labels.muted,
        related=lifecycle.related(marker, groups, given.issues),
    )
    return compose(
        write_marker(marker), render.parts(shown, parts(body), given.redact, render.room_beside(body))
    )


def _final(marker: Marker, given: Given) -> Marker:
    """The marker as it will be read again: cut to its limits, without secrets."""
    return lifecycle.redacted(trimmed(marker), given.redact)


def _updates(matches: Sequence[Match], given: Given) -> Iterable[Change]:
    """The changes to issues whose signature this run shows."""
    by_number: dict[int, list[Match]] = {}
    for found in matches:
        if found.issue is not None:
            by_number.setdefault(found.issue.number, []).append(found)
    for together in by_number.values():
        issue = together[0].issue
        assert issue is not None
        yield from _update(issue, together, given)


def _update(issue: Issue, together: Sequence[Match], given: Given) -> Iterable[Change]:
    """What one issue asks for; groups that share an issue share its state."""
    groups = [found.group for found in together]
    match together[0].state:
        case "reported" | "muted" | "new":
            return
        case "known":
            yield from _known(issue, groups, given)
        case "straggler":
            yield from _straggler(issue, groups, given)
        case "regressed":
            yield from _regressed(issue, groups, given)
        case unreachable:
            assert_never(unreachable)


def _known(issue: Issue, groups: Sequence[Group], given: Given) -> Iterable[Change]:
    """An open issue: its body is edited, and people are told only of wordings that are new."""
    before = _marker_of(issue, groups)
    marker = lifecycle.awake(lifecycle.seen_again(before, groups, given.run, given.now))
    told = lifecycle.new_variants(before, groups)
    day = given.now.date().isoformat()
    if told and before.commented != day:
        marker = replace(marker, commented=day)
    edit = _edit(issue, marker, groups, given)
    yield edit
    if told and before.commented != day:
        yield _comment(issue, edit, "variant", render.variant_comment(told, given.run, given.redact), given)


def _straggler(issue: Issue, groups: Sequence[Group], given: Given) -> Iterable[Change]:
    """A closed issue and a failure without the fix: counted in the body, which tells nobody."""
    marker = lifecycle.straggled(_marker_of(issue, groups), groups, given.run, given.now)
    yield _edit(issue, marker, groups, given)


def _regressed(issue: Issue, groups: Sequence[Group], given: Given) -> Iterable[Change]:
    """A closed issue whose signature truly came back."""
    marker = lifecycle.seen_again(_marker_of(issue, groups), groups, given.run, given.now)
    edit = _edit(issue, lifecycle.reopened(marker), groups, given, action="reopen")
    reopen = ReopenIssue(
        edit.key, edit.issue, edit.once, edit.expects, edit.section, edit.title, edit.add, edit.remove
    )
    yield reopen
    text = render.regression_comment(groups, issue, given.run, given.redact)
    yield _comment(issue, reopen, "regression", text, given)


def _marker_of(issue: Issue, groups: Sequence[Group]) -> Marker:
    """The issue's memory; an adopted issue of a person has none yet."""
    return issue.marker or lifecycle.fresh(groups[0].key, groups[0].signature.algorithm)


def _edit(
    issue: Issue, marker: Marker, groups: Sequence[Group], given: Given, action: str = "edit"
) -> EditIssue:
    """One write that brings text, title and labels of an issue up to this run."""
    groups = sorted(groups, key=lambda group: not _is_own(group, marker))
    once = once_key(given.run.id, marker.key, action)
    impact = joined_impact(groups)
    if priority := human_priority(issue, marker, given.config):
        impact = replace(impact, priority=priority)
    marker = _with_states(marker, groups, given)
    labels, marker = label_edit(issue, marker, wanted(marker.states, impact, given.config), given.config)
    title = _new_title(issue, marker, render.title(groups, impact, given.redact))
    title = title if _is_own(groups[0], marker) else None
    marker = replace(marker, title=title or marker.title, once=(*marker.once, once))
    section = _section(marker, groups, impact, given, issue.body)
    return EditIssue(
        marker.key, issue.number, once, _expected(issue), section, title, labels.add, labels.remove
    )


def _is_own(group: Group, marker: Marker) -> bool:
    """Whether a group is the issue's own cause, and not one that a duplicate or an alias leads here."""
    return marker.key in (group.key, *group.signature.aliases)


def _new_title(issue: Issue, marker: Marker, title: str) -> str | None:
    """The title to write: None when a person renamed the issue, or when only counts would change."""
    if issue.title != marker.title or render.without_counts(title) == render.without_counts(issue.title):
        return None
    return title


def _expected(issue: Issue) -> Present:
    """The issue as it is now."""
    return Present(issue.state, section_hash(issue.body))


def _comment(
    issue: Issue, after: EditIssue | ReopenIssue | CloseIssue, action: str, text: str, given: Given
) -> AddComment:
    """A comment that follows a write to the same issue, and so expects what that write left."""
    once = once_key(given.run.id, after.key, f"comment {action}")
    state = _state_after(issue, after)
    expects = Present(state, section_hash(splice(issue.body, after.section)))
    return AddComment(after.key, issue.number, once, expects, render.comment(once, text))


def _state_after(issue: Issue, change: EditIssue | ReopenIssue | CloseIssue) -> Literal["open", "closed"]:
    """The state in which a change leaves its issue."""
    match change:
        case EditIssue():
            return issue.state
        case ReopenIssue():
            return "open"
        case CloseIssue():
            return "closed"
        case unreachable:
            assert_never(unreachable)


def _recoveries(
    issues: Sequence[Issue], matches: Sequence[Match], taken_over: Collection[int], given: Given
) -> Iterable[Change]:
    """Clean runs counted, issues closed on proof, and what was taken over from duplicates written down."""
    touched = {m.issue.number for m in matches if m.issue is not None and m.state != "reported"}
    for issue in issues:
        if issue.state != "open" or issue.marker is None or issue.number in touched:
            continue
        quiet = given.config.labels.muted in issue.labels or is_let_go(issue, given.config)
        if not quiet and lifecycle.is_clean_run(issue.marker, given.run, given.past):
            marker = lifecycle.passed_clean(issue.marker, [given.run.id])
            yield from recovery(issue, marker, given)
        elif issue.number in taken_over:
            yield _retold(issue, issue.marker, given, "absorb")


def recovery(issue: Issue, marker: Marker, given: Given) -> Iterable[Change]:
    """The countdown moved on in the body, or the issue closed when the proof is complete."""
    if not lifecycle.countdown(marker, given.past).proven:
        yield _retold(issue, marker, given, "clean")
        return
    marker = lifecycle.closed(marker, given.run.commit, given.run.revision)
    edit = _retold(issue, marker, given, "close")
    close = CloseIssue(
        edit.key, edit.issue, edit.once, edit.expects, edit.section, "completed", None, edit.add, edit.remove
    )
    yield close
    yield _comment(issue, close, "recovery", render.recovery_comment(marker, given.run, given.redact), given)


def _retold(issue: Issue, marker: Marker, given: Given, action: str) -> EditIssue:
    """An edit of what the marker alone can tell: the table and the countdown. All other parts stay as they are."""
    once = once_key(given.run.id, marker.key, action)
    labels, marker = label_edit(issue, marker, _kept_labels(marker, given.config), given.config)
    marker = _final(replace(marker, once=(*marker.once, once)), given)
    told = render.occurrences(marker, lifecycle.countdown(marker, given.past), given.redact)
    section = compose(write_marker(marker), {**parts(issue.body), "occurrences": told})
    return EditIssue(
        marker.key, issue.number, once, _expected(issue), section, None, labels.add, labels.remove
    )


def _kept_labels(marker: Marker, config: Config) -> tuple[str, ...]:
    """Our labels without those of states that ended."""
    ended = {getattr(config.labels, state) for state in ("regression", "flaky")} - {
        getattr(config.labels, state) for state in marker.states if state in {"regression", "flaky"}
    }
    return tuple(label for label in marker.labels if label not in ended)


def _duplicates_closed(pairs: Sequence[tuple[Issue, Issue]], given: Given) -> Iterable[Change]:
    """Issues that racing runs opened for one key: ours above the lowest number is closed as its duplicate."""
    for duplicate, original in pairs:
        assert duplicate.marker is not None
        once = once_key(given.run.id, duplicate.marker.key, f"duplicate {duplicate.number}")
        marker = replace(duplicate.marker, once=(*duplicate.marker.once, once))
        section = compose(write_marker(marker), parts(duplicate.body))
        yield CloseIssue(
            marker.key, duplicate.number, once, _expected(duplicate), section, "duplicate", original.number
        )


def _incident_opens(storming: storm.Storm, given: Given) -> Iterable[OpenIssue]:
    """The one issue of a storm that has none yet."""
    if storming.incident is None or storming.issue is not None:
        return
    once = once_key(given.run.id, storming.key, "open")
    marker = storm.counted(lifecycle.fresh(storming.key, 1), storming, given.run, given.now)
    names = wanted(("incident",), joined_impact(storming.parts), given.config)
    title = render.incident_title(storming, given.run, given.redact)
    marker = _final(replace(marker, labels=names, title=title, once=(once,)), given)
    section = compose(write_marker(marker), render.incident_parts(storming, marker, given.run, given.redact))
    yield OpenIssue(marker.key, once, Absent(marker.key), title, section, names)


def _incident_updates(storming: storm.Storm, given: Given) -> Iterable[Change]:
    """The storm's issue brought up to this run, or closed because the storm is over."""
    issue = storming.issue
    if issue is None or issue.marker is None or given.run.id in issue.marker.runs:
        return
    action = "dissolve" if storming.incident is None else "edit"
    once = once_key(given.run.id, issue.marker.key, action)
    marker = storm.counted(issue.marker, storming, given.run, given.now)
    marker = _final(replace(marker, once=(*marker.once, once)), given)
    text = render.incident_parts(storming, marker, given.run, given.redact, parts(issue.body))
    section = compose(write_marker(marker), text)
    if storming.incident is None:
        yield CloseIssue(marker.key, issue.number, once, _expected(issue), section, "completed")
    else:
        yield EditIssue(marker.key, issue.number, once, _expected(issue), section)


def _breaker(opens: Sequence[OpenIssue], config: Config) -> str:
    """Why nothing may be opened at all; "" in every sane run."""
    if len(opens) <= config.limits.breaker:
        return ""
    return (
        f"{len(opens)} new issues in one run are more than the breaker of {config.limits.breaker} allows; "
        "nothing is opened. Look at the groups, then apply with --force or raise limits.breaker."
    )


def _room(
    issues: Sequence[Issue], run: Run, config: Config, tracker: TrackerName, max_new: int | None
) -> int | None:
    """How many issues this run may still open; None for any number. What it opened already counts."""
    limit = max_new if max_new is not None else config.limits.max_new_issues
    if limit is None:
        limit = MAX_NEW_ON_GITHUB if tracker == "github" else None
    opened = sum(1 for issue in issues if issue.marker and issue.marker.runs[:1] == (run.id,))
    return None if limit is None else max(0, limit - opened)


def _capped(opens: Sequence[OpenIssue], room: int | None) -> tuple[list[OpenIssue], list[Held]]:
    """The opens that fit, worst first as they come, and the others held."""
    if room is None or len(opens) <= room:
        return list(opens), []
    reason = (
        f"over the cap of new issues for one run ({room} left); filed by the next run in which it fails "
        "(max-new-issues raises the cap)"
    )
    return list(opens[:room]), [Held(change.key, reason) for change in opens[room:]]
