"""The dashboard issue at the beginning and the end of a command: what people ticked is carried out, then the board is written.

In: a workspace on GitHub, the config. Out: `Stop`, and the issue brought up to date. A tick counts by who made it, by the same
judgement as a command in a comment. Each carries a once-key into the issue that it is about, so that a killed run does nothing
twice. Nothing here stops filing: what GitHub refuses costs the dashboard, and is said.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from triagebot.boards import boxes
from triagebot.boards.dashboard import (
    KEY,
    DashboardMemory,
    dashboard_change,
    duplicate_change,
    memory_of,
    paused,
    stamp,
)
from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.issues import Act, Issue, Marker, is_let_go, issue_of
from triagebot.issues.revisions import Revision
from triagebot.pipeline.board_inputs import board_of
from triagebot.pipeline.comment_commands import may_steer
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.reviewing import Word, reviewed
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Outcome, Plan
from triagebot.plans.model import Change
from triagebot.reviews.grammar import Command, Verb
from triagebot.reviews.judgement import Speaker
from triagebot.trackers.applying import apply
from triagebot.trackers.github.tracker import GitHubTracker

_NUMBER = re.compile(r"The dashboard of triagebot is #([1-9][0-9]{0,9})")
"""The number that the description of the dashboard's label keeps.

Hit: `The dashboard of triagebot is #12`
Miss: `The dashboard of triagebot is #0`
"""
_VERBS: dict[str, Verb] = {"draft": "redraft", "unmute": "unmute"}


@dataclass(frozen=True, slots=True)
class SyncContext:
    """What dealing with the dashboard needs."""

    workspace: Workspace
    tracker: GitHubTracker
    config: Config
    effects: Effects

    def is_ours(self, login: str) -> bool:
        """Whether a login is ours."""
        return login.lower() in self.tracker.trust.logins


def apply_ticks(workspace: Workspace, config: Config, effects: Effects) -> None:
    """Carry out what people ticked since the last look, and note in the workspace's `stop` what this command must mind."""
    if not isinstance(workspace.tracker, GitHubTracker) or not config.board.issue:
        return
    context = SyncContext(workspace, workspace.tracker, config, effects)
    issue = _first(context)
    if issue is None or issue.marker is None:
        return
    memory = memory_of(issue.marker)
    if _changed_boxes(issue, memory):
        try:
            _, memory = _with_ticks_applied(context, issue)
        except (TrackerError, UserError) as error:
            workspace.stop.messages.append(f"The dashboard was not read: {error}")
    _mind(workspace, memory, issue)


def refresh(
    workspace: Workspace, config: Config, effects: Effects, reasons: Mapping[str, str] | None = None
) -> tuple[Outcome, ...]:
    """Bring the dashboard up to date, and open it where there is none. `reasons` say why this run held keys back (None: no run).

    Two requests where something changed, none where nothing did; more only when it is opened or somebody ticked a box.
    """
    if not isinstance(workspace.tracker, GitHubTracker) or not config.board.issue:
        return ()
    context = SyncContext(workspace, workspace.tracker, config, effects)
    try:
        return _refresh(context, reasons)
    except (TrackerError, UserError) as error:
        workspace.stop.messages.append(f"The dashboard was not brought up to date: {error}")
    return ()


def pause_of(workspace: Workspace, config: Config) -> str:
    """Why nothing is filed, as the dashboard in the last listing says; nothing is asked or written."""
    if not isinstance(workspace.tracker, GitHubTracker) or not config.board.issue:
        return ""
    open_ = (i for i in workspace.tracker.dashboards if i.state == "open" and i.marker)
    return next((paused(issue.marker, issue.number) for issue in open_), "")


def _first(context: SyncContext) -> Issue | None:
    """The dashboard: the lowest open one that nobody took our label off."""
    open_ = (i for i in context.tracker.dashboards if i.state == "open" and not is_let_go(i, context.config))
    return next(open_, None)


def _changed_boxes(issue: Issue, memory: DashboardMemory) -> frozenset[str]:
    """The boxes whose state asks for something."""
    ticked = boxes.ticked(issue.body)
    turned = (boxes.PAUSE in ticked) != (memory.pause is not None) and boxes.PAUSE in boxes.there(issue.body)
    return (ticked - {boxes.PAUSE}) | ({boxes.PAUSE} if turned else frozenset())


def _with_ticks_applied(context: SyncContext, issue: Issue) -> tuple[Issue, DashboardMemory]:
    """The dashboard as it stands now, and its memory after everything that was asked for."""
    now, revisions = context.tracker.look(issue.number)
    if now is None:
        raise TrackerError(f"issue {issue.number} is gone")
    marker = now.marker or issue.marker or Marker(KEY, 0)
    memory = memory_of(marker)
    for name in sorted(_changed_boxes(now, memory)):
        memory = _tick(context, memory, name, boxes.turned(name, revisions, context.is_ours))
    return now, memory


def _tick(context: SyncContext, memory: DashboardMemory, name: str, by: Revision | None) -> DashboardMemory:
    """The memory after one box was dealt with."""
    at = stamp(context.effects.now())
    if by is None:
        return _noted(memory, name, f"GitHub does not say who ticked it, so that it was not done, {at}")
    if not may_steer(context.tracker, context.config, by.editor):
        return _noted(memory, name, f"{by.editor} has no triage permission, {at}")
    kind, _, about = name.partition(":")
    if kind == boxes.PAUSE:
        verb = "resume" if memory.pause else "pause"
        once = f"tick:{by.at.isoformat()}"
        notes = {box: text for box, text in memory.notes.items() if box != name}
        done = f"{at}: {by.editor} {'let filing go on' if memory.pause else 'paused filing'}"
        return replace(
            memory,
            acts=(*memory.acts, Act(verb, by.editor, by.at, once)),
            notes=notes,
            done=(*memory.done, done),
        )
    if kind == "file":
        return replace(memory, waiting={**memory.waiting, about: f"{by.editor}, {at}"})
    return _after_command(context, memory, name, by) if kind in _VERBS and about.isdigit() else memory


def _after_command(context: SyncContext, memory: DashboardMemory, name: str, by: Revision) -> DashboardMemory:
    """The memory after a tick that is a command on another issue."""
    kind, _, about = name.partition(":")
    speaker = Speaker(by.editor, by.at, f"tick:{by.at:%Y%m%dT%H%M%S}:{name}"[:80])
    at = stamp(context.effects.now())
    try:
        came = reviewed(
            int(about),
            [Word(Command(_VERBS[kind], said=_VERBS[kind]), speaker)],
            context.workspace,
            context.config,
            context.effects.now(),
        )
    except (TrackerError, UserError) as error:
        return _noted(memory, name, f"not done: {error} {at}")
    if came.refused:
        return _noted(memory, name, f"not done: {came.refused[0][1]}, {at}")
    what = {"draft": "is drafted anew by the next run in which it fails", "unmute": "is not muted any more"}
    notes = {box: text for box, text in memory.notes.items() if box != name}
    done = f"{at}: issue {about} {what[kind]}, as {by.editor} asked"
    # A draft stays owed until it is made, and so does its box: what came of the tick stands beside it.
    if kind == "draft":
        notes[name] = f"{by.editor} asked, {at}"
    return replace(memory, notes=notes, done=(*memory.done, done))


def _noted(memory: DashboardMemory, name: str, text: str) -> DashboardMemory:
    """The memory with what came of a box."""
    return replace(memory, notes={**memory.notes, name: text})


def _mind(workspace: Workspace, memory: DashboardMemory, issue: Issue) -> None:
    """What the command must mind."""
    marker = replace(issue.marker, acts=memory.acts) if issue.marker else None
    workspace.stop.paused = paused(marker, issue.number)
    workspace.stop.wanted = frozenset(memory.waiting)


def _refresh(context: SyncContext, reasons: Mapping[str, str] | None) -> tuple[Outcome, ...]:
    """As `refresh`."""
    issue = _first(context)
    if issue is None and (stays := _stays_away(context)):
        context.workspace.stop.messages.append(stays)
        return ()
    memory = memory_of(issue.marker) if issue and issue.marker else DashboardMemory()
    change = _change(context, issue, memory, reasons)
    if issue is not None and (change is not None or _changed_boxes(issue, memory)):
        issue, memory = _with_ticks_applied(context, issue)
        _mind(context.workspace, memory, issue)
        change = _change(context, issue, memory, reasons)
    doubles = [duplicate_change(other, issue.number) for other in _others(context, issue)] if issue else []
    changes: list[Change] = [*([change] if change else []), *doubles]
    outcomes = apply(Plan(KEY, tuple(changes)), context.tracker, settle=issue is None)
    for outcome in outcomes:
        if outcome.status in ("failed", "stale"):
            raise TrackerError(outcome.detail)
    if issue is None and outcomes and outcomes[0].issue is not None:
        _opened(context, outcomes[0].issue, reasons)
    return outcomes


def _others(context: SyncContext, first: Issue) -> Iterable[Issue]:
    """Dashboards beside the first that races left open."""
    return [i for i in context.tracker.dashboards if i.state == "open" and i.own and i.number != first.number]


def _change(
    context: SyncContext, issue: Issue | None, memory: DashboardMemory, reasons: Mapping[str, str] | None
) -> Change | None:
    """The change that the dashboard needs now."""
    issues = context.tracker.listed
    memory = _settled(context, memory, reasons)
    board = board_of(context.workspace, context.config, context.effects, issues, memory.reasons)
    return dashboard_change(issue, board, memory, context.config, _repository_url(context))


def _settled(
    context: SyncContext, memory: DashboardMemory, reasons: Mapping[str, str] | None
) -> DashboardMemory:
    """The memory with the reasons of this run, and without wishes that came true."""
    filed = {key: issue_of([key], context.tracker.listed, context.config) for key in memory.waiting}
    made = {key: home.number for key, home in filed.items() if home is not None}
    at = stamp(context.effects.now())
    done = [f"{at}: {key} is issue {number}, as {memory.waiting[key]} asked" for key, number in made.items()]
    waiting = {key: text for key, text in memory.waiting.items() if key not in made}
    known = memory.reasons if reasons is None or context.workspace.history.lasting else {}
    kept = {**known, **(reasons or {})}
    lasting = {
        key: text
        for key, text in kept.items()
        if issue_of([key], context.tracker.listed, context.config) is None
    }
    return replace(memory, waiting=waiting, done=(*memory.done, *done), reasons=lasting)


def _repository_url(context: SyncContext) -> str:
    """The repository's page."""
    server = context.effects.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    return f"{server}/{context.tracker.api.repository}"


def _stays_away(context: SyncContext) -> str:
    """Why no dashboard is opened: people closed, deleted or took over the one that there was; "" where there never was one.

    A deleted issue leaves nothing but its number in the description of the dashboard's label.
    """
    label = context.config.labels.board
    again = f"Delete the label {label!r} to get a new one, or set board.issue to false."
    if closed := [issue for issue in context.tracker.dashboards if issue.state == "closed"]:
        return f"The dashboard, issue {closed[0].number}, was closed: it is left alone. Reopen it, or set board.issue to false."
    if let_go := [issue for issue in context.tracker.dashboards if is_let_go(issue, context.config)]:
        return f"Our label was taken off the dashboard, issue {let_go[0].number}: it is left alone. {again}"
    found = _NUMBER.match(context.tracker.noted_on_label(label))
    if found is None:
        return ""
    there = context.tracker.read(int(found[1]))
    what = "was deleted or moved" if there is None else "is no longer ours and left alone"
    return f"The dashboard, issue {found[1]}, {what}: no new one is opened. {again}"


def _opened(context: SyncContext, number: int, reasons: Mapping[str, str] | None) -> None:
    """Pins a dashboard that was just opened and keeps its number; what cannot be pinned says so once, in its text."""
    context.tracker.note_on_label(context.config.labels.board, f"The dashboard of triagebot is #{number}")
    if not (refused := context.tracker.pin(number)):
        return
    context.workspace.stop.messages.append(
        f"The dashboard, issue {number}, was opened and not pinned: {refused}"
    )
    issue = context.tracker.read(number)
    if issue is not None and issue.marker is not None:
        memory = replace(memory_of(issue.marker), unpinned="Not pinned: the token may not. Pin it by hand.")
        change = _change(context, issue, memory, reasons)
        apply(Plan(KEY, (change,) if change else ()), context.tracker, settle=False)
