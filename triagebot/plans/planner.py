"""From what a run files to everything that should change, as one value with final text.

In: a `Decision`, drafts, config; the clock's reading is handed in. Out: a `Plan`. What is filed was decided
before; here it gets its text. It reads and writes nothing; the same arguments give the same plan, and a plan for a run
that was applied before is empty.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from triagebot.config import Config
from triagebot.drafts.model import Digest, Draft, FiveWhys
from triagebot.drafts.outline import drafted_actions, drafted_whys
from triagebot.groups.impact import joined_impact
from triagebot.groups.model import Group, Impact
from triagebot.history import Past
from triagebot.issues import (
    Issue,
    Marker,
    Match,
    Settled,
    compose,
    is_let_go,
    parts,
    section_hash,
    splice,
    trimmed,
    write_marker,
)
from triagebot.plans import lifecycle, render, storm
from triagebot.plans.decision import Decision
from triagebot.plans.labels import human_priority, label_edit, wanted
from triagebot.plans.model import (
    Absent,
    AddComment,
    Change,
    CloseIssue,
    EditIssue,
    OpenIssue,
    Plan,
    Present,
    ReopenIssue,
)
from triagebot.plans.restore import completed, of_group
from triagebot.reports.model import Run
from triagebot.reviews.states import fix, redrafted, remembering, returned, with_state

Explain = Callable[[Group], Sequence[str]]
"""How a group got its signature, as lines for the fold of its issue."""


def unexplained(group: Group) -> Sequence[str]:  # noqa: ARG001 it is the `Explain` that has nothing to say
    """No lines."""
    return ()


@dataclass(frozen=True, slots=True)
class PlanInput:
    """What the text of every change may look at. `drafts` are by key; `settled` is what history remembers."""

    run: Run
    past: Past
    drafts: Mapping[str, Draft]
    config: Config
    now: datetime
    explain: Explain = unexplained
    issues: Sequence[Issue] = ()
    settled: Sequence[Settled] = ()


def render_plan(
    decision: Decision,
    drafts: Mapping[str, Draft],
    config: Config,
    *,
    now: datetime,
    explain: Explain = unexplained,
    settled: Sequence[Settled] = (),
) -> Plan:
    """Every change that a decision asks for with its final text, in the order of application.

    `drafts` are by key. `explain` is asked for groups that get an issue text only. `now` must be UTC.
    """
    run = decision.run
    if decision.not_filed:
        return Plan(run.id, (), decision.held, run.problems)
    inputs = PlanInput(run, decision.past, drafts, config, now, explain, decision.issues, settled)
    incident = _incident_opens(decision.storm, inputs) if decision.opens_incident else ()
    changes = [
        *incident,
        *(_open(group, inputs) for group in decision.opened),
        *_updates(decision.matches, inputs),
        *_incident_updates(decision.storm, inputs),
        *_recoveries(decision, inputs),
        *_duplicates_closed(decision.duplicates, inputs),
    ]
    told = (*_troubles(changes, decision), *(_lost(issue) for issue in decision.unknown))
    return Plan(run.id, (*told, *changes), decision.held, run.problems, decision.blocked)


def _troubles(changes: Sequence[Change], decision: Decision) -> Iterable[AddComment]:
    """What was wrong with the markers of issues that are mended now: said before the text changes, and once for ever."""
    written = {c.issue: c.key for c in changes if isinstance(c, EditIssue | ReopenIssue | CloseIssue)}
    for issue in decision.issues:
        if issue.trouble and (key := written.get(issue.number)):
            once = once_key("", key, "comment trouble")
            text = render.trouble_comment(issue.trouble)
            yield AddComment(key, issue.number, once, _expected(issue), render.comment(once, text))


def _lost(issue: Issue) -> AddComment:
    """That nobody can say what an issue is about, said once for ever."""
    key = f"issue-{issue.number}"
    once = once_key("", key, "comment lost")
    return AddComment(key, issue.number, once, _expected(issue), render.comment(once, render.lost_comment()))


def once_key(run: str, key: str, action: str) -> str:
    """The key that lets this change be made once: sha256 of (run.id, key, action)."""
    return hashlib.sha256(json.dumps([run, key, action]).encode()).hexdigest()


def _open(group: Group, inputs: PlanInput) -> OpenIssue:
    """The change that files a new cause."""
    once = once_key(inputs.run.id, group.key, "open")
    group = _with_origin(group, inputs.issues)
    marker = lifecycle.fresh(group.key, group.signature.algorithm)
    marker = replace(marker, origin=group.origin, whole=group.whole, masked=group.signature.masked)
    marker = remembering(completed(marker, inputs.past), of_group(inputs.settled, group))
    marker = lifecycle.seen_again(marker, [group], inputs.run, inputs.now)
    marker = _with_states(marker, [group], inputs)
    names = wanted(marker.states, group.impact, inputs.config)
    title = render.title([group], group.impact)
    marker = replace(marker, labels=names, title=title, once=(once,))
    return OpenIssue(
        group.key, once, Absent(group.key), title, _section(marker, [group], group.impact, inputs), names
    )


def _with_origin(group: Group, issues: Sequence[Issue]) -> Group:
    """The group with a hint where an issue let its key go."""
    origin = next((i for i in issues if i.marker and group.key in i.marker.let_go), None)
    if origin is None:
        return group
    hint = f"it was part of issue {origin.number} and is let go: in {lifecycle.ALONE} runs nothing else of that cause failed"
    return replace(group, hints=(*group.hints, hint))


def _with_states(marker: Marker, groups: Sequence[Group], inputs: PlanInput) -> Marker:
    """The marker with the states that this run shows: flaky or not, a draft to be judged."""
    states = set(marker.states) - {"flaky"}
    if lifecycle.is_flaky(groups, inputs.past, inputs.run):
        states.add("flaky")
    draft = _draft(groups, marker, inputs)
    owed = draft.owed if isinstance(draft, Digest) else marker.owed and draft is None
    marker = replace(marker, states=tuple(states), owed=owed)
    match draft:
        case None:
            return with_state(marker)
        case Digest():
            return with_state(replace(marker, drafted="digest", draft_once=""))
        case FiveWhys():
            marker = redrafted(marker, drafted_whys(draft), inputs.now, drafted_actions(draft))
            made = f"{draft.origin.prompt} {draft.origin.version}"
            return with_state(replace(marker, drafted="model", draft_once=draft.once, prompt=made))
        case unreachable:
            assert_never(unreachable)


def _draft(groups: Sequence[Group], marker: Marker, inputs: PlanInput) -> Draft | None:
    """The draft that was made in this run; a digest never takes the place of what a model drafted and code checked."""
    made = next((inputs.drafts[group.key] for group in groups if group.key in inputs.drafts), None)
    return None if isinstance(made, Digest) and marker.drafted == "model" else made


def _section(
    marker: Marker, groups: Sequence[Group], impact: Impact, inputs: PlanInput, body: str = ""
) -> str:
    """The bot's part for a cause that this run shows; what only an earlier run could write is kept from `body`."""
    marker = trimmed(marker)
    shown = render.Shown(
        groups=tuple(groups),
        impact=impact,
        run=inputs.run,
        marker=marker,
        countdown=lifecycle.countdown(marker, inputs.past),
        draft=_draft(groups, marker, inputs),
        explain=tuple(line for group in groups for line in inputs.explain(group)),
        muted=inputs.config.labels.muted,
        related=lifecycle.related(marker, groups, inputs.issues),
    )
    return compose(write_marker(marker), render.parts(shown, parts(body), render.room_beside(body)))


def _updates(matches: Sequence[Match], inputs: PlanInput) -> Iterable[Change]:
    """The changes to issues whose signature this run shows."""
    by_number: dict[int, list[Match]] = {}
    for found in matches:
        if found.issue is not None:
            by_number.setdefault(found.issue.number, []).append(found)
    for together in by_number.values():
        issue = together[0].issue
        assert issue is not None
        yield from _update(issue, together, inputs)


def _update(issue: Issue, together: Sequence[Match], inputs: PlanInput) -> Iterable[Change]:
    """What one issue asks for; groups that share an issue share its state."""
    groups = [found.group for found in together]
    match together[0].state:
        case "reported" | "muted" | "new":
            return
        case "known":
            yield from _known(issue, groups, inputs)
        case "straggler":
            yield from _straggler(issue, groups, inputs)
        case "regressed":
            yield from _regressed(issue, groups, inputs)
        case unreachable:
            assert_never(unreachable)


def _known(issue: Issue, groups: Sequence[Group], inputs: PlanInput) -> Iterable[Change]:
    """An open issue: its body is edited, and people are told only of wordings that are new."""
    before = _marker_of(issue, groups)
    marker = lifecycle.awake(lifecycle.seen_again(before, groups, inputs.run, inputs.now))
    told = lifecycle.new_variants(before, groups)
    day = inputs.now.date().isoformat()
    if told and before.commented != day:
        marker = replace(marker, commented=day)
    edit = _edit(issue, marker, groups, inputs)
    yield edit
    if told and before.commented != day:
        yield _comment(issue, edit, "variant", render.variant_comment(told, inputs.run), inputs)


def _straggler(issue: Issue, groups: Sequence[Group], inputs: PlanInput) -> Iterable[Change]:
    """A closed issue and a failure without the fix: counted in the body, which tells nobody."""
    marker = lifecycle.straggled(_marker_of(issue, groups), groups, inputs.run, inputs.now)
    yield _edit(issue, marker, groups, inputs)


def _regressed(issue: Issue, groups: Sequence[Group], inputs: PlanInput) -> Iterable[Change]:
    """A closed issue whose signature truly came back."""
    marker = lifecycle.seen_again(_marker_of(issue, groups), groups, inputs.run, inputs.now)
    marker = lifecycle.reopened(returned(marker, fix(issue), inputs.now))
    edit = _edit(issue, marker, groups, inputs, action="reopen")
    reopen = ReopenIssue(
        edit.key, edit.issue, edit.once, edit.expects, edit.section, edit.title, edit.add, edit.remove
    )
    yield reopen
    text = render.regression_comment(groups, issue, inputs.run)
    yield _comment(issue, reopen, "regression", text, inputs)


def _marker_of(issue: Issue, groups: Sequence[Group]) -> Marker:
    """The issue's memory; an adopted issue of a person has none yet."""
    return issue.marker or lifecycle.fresh(groups[0].key, groups[0].signature.algorithm)


def _edit(
    issue: Issue, marker: Marker, groups: Sequence[Group], inputs: PlanInput, action: str = "edit"
) -> EditIssue:
    """One write that brings text, title and labels of an issue up to this run."""
    groups = sorted(groups, key=lambda group: not _is_own(group, marker))
    once = once_key(inputs.run.id, marker.key, action)
    impact = joined_impact(groups)
    if priority := human_priority(issue, marker, inputs.config):
        impact = replace(impact, priority=priority)
    marker = _with_states(marker, groups, inputs)
    labels, marker = label_edit(issue, marker, wanted(marker.states, impact, inputs.config), inputs.config)
    title = _new_title(issue, marker, render.title(groups, impact))
    title = title if _is_own(groups[0], marker) else None
    marker = replace(marker, title=title or marker.title, once=(*marker.once, once))
    section = _section(marker, groups, impact, inputs, issue.body)
    return EditIssue(
        marker.key, issue.number, once, _expected(issue), section, title, labels.add, labels.remove
    )


def _is_own(group: Group, marker: Marker) -> bool:
    """Whether a group is the issue's own cause, and not one that a duplicate or an alias leads here."""
    return marker.key in group.signature.known_as


def _new_title(issue: Issue, marker: Marker, title: str) -> str | None:
    """The title to write: None when a person renamed the issue, or when only counts would change."""
    if issue.title != marker.title or render.without_counts(title) == render.without_counts(issue.title):
        return None
    return title


def _expected(issue: Issue) -> Present:
    """The issue as it is now."""
    return Present(issue.state, section_hash(issue.body))


def _comment(
    issue: Issue, after: EditIssue | ReopenIssue | CloseIssue, action: str, text: str, inputs: PlanInput
) -> AddComment:
    """A comment that follows a write to the same issue, and so expects what that write left."""
    once = once_key(inputs.run.id, after.key, f"comment {action}")
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


def _recoveries(decision: Decision, inputs: PlanInput) -> Iterable[Change]:
    """Clean runs counted, issues closed on proof, and what was taken over from duplicates written down."""
    touched = {m.issue.number for m in decision.matches if m.issue is not None and m.state != "reported"}
    for issue in decision.issues:
        if issue.state != "open" or issue.marker is None or issue.number in touched:
            continue
        quiet = inputs.config.labels.muted in issue.labels or is_let_go(issue, inputs.config)
        if not quiet and lifecycle.is_clean_run(issue.marker, inputs.run, inputs.past):
            marker = lifecycle.passed_clean(issue.marker, [inputs.run.id])
            yield from recovery(issue, marker, inputs)
        elif issue.number in decision.absorbing:
            yield _retold(issue, issue.marker, inputs, "absorb")


def recovery(issue: Issue, marker: Marker, inputs: PlanInput) -> Iterable[Change]:
    """The countdown moved on in the body, or the issue closed when the proof is complete."""
    if not lifecycle.countdown(marker, inputs.past).proven:
        yield _retold(issue, marker, inputs, "clean")
        return
    marker = lifecycle.closed(marker, inputs.run.commit, inputs.run.revision)
    edit = _retold(issue, marker, inputs, "close")
    close = CloseIssue(
        edit.key, edit.issue, edit.once, edit.expects, edit.section, "completed", None, edit.add, edit.remove
    )
    yield close
    yield _comment(issue, close, "recovery", render.recovery_comment(marker, inputs.run), inputs)


def _retold(issue: Issue, marker: Marker, inputs: PlanInput, action: str) -> EditIssue:
    """An edit of what the marker alone can tell: the table and the countdown. All other parts stay as they are."""
    once = once_key(inputs.run.id, marker.key, action)
    labels, marker = label_edit(issue, marker, _kept_labels(marker, inputs.config), inputs.config)
    marker = trimmed(replace(marker, once=(*marker.once, once)))
    told = render.occurrences(marker, lifecycle.countdown(marker, inputs.past))
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


def _duplicates_closed(pairs: Sequence[tuple[Issue, Issue]], inputs: PlanInput) -> Iterable[Change]:
    """Issues that racing runs opened for one key: ours above the lowest number is closed as its duplicate."""
    for duplicate, original in pairs:
        assert duplicate.marker is not None
        once = once_key(inputs.run.id, duplicate.marker.key, f"duplicate {duplicate.number}")
        marker = replace(duplicate.marker, once=(*duplicate.marker.once, once))
        section = compose(write_marker(marker), parts(duplicate.body))
        yield CloseIssue(
            marker.key, duplicate.number, once, _expected(duplicate), section, "duplicate", original.number
        )


def _incident_opens(storming: storm.Storm, inputs: PlanInput) -> Iterable[OpenIssue]:
    """The one issue of a storm that has none yet."""
    if storming.incident is None or storming.issue is not None:
        return
    once = once_key(inputs.run.id, storming.key, "open")
    marker = storm.counted(lifecycle.fresh(storming.key, 1), storming, inputs.run, inputs.now)
    names = wanted(("incident",), joined_impact(storming.parts), inputs.config)
    title = render.incident_title(storming, inputs.run)
    marker = trimmed(replace(marker, labels=names, title=title, once=(once,)))
    section = compose(write_marker(marker), render.incident_parts(storming, marker, inputs.run))
    yield OpenIssue(marker.key, once, Absent(marker.key), title, section, names)


def _incident_updates(storming: storm.Storm, inputs: PlanInput) -> Iterable[Change]:
    """The storm's issue brought up to this run, or closed because the storm is over."""
    issue = storming.issue
    if issue is None or issue.marker is None or inputs.run.id in issue.marker.runs:
        return
    action = "dissolve" if storming.incident is None else "edit"
    once = once_key(inputs.run.id, issue.marker.key, action)
    marker = storm.counted(issue.marker, storming, inputs.run, inputs.now)
    marker = trimmed(replace(marker, once=(*marker.once, once)))
    text = render.incident_parts(storming, marker, inputs.run, parts(issue.body))
    section = compose(write_marker(marker), text)
    if storming.incident is None:
        yield CloseIssue(marker.key, issue.number, once, _expected(issue), section, "completed")
    else:
        yield EditIssue(marker.key, issue.number, once, _expected(issue), section)
