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
    Desk,
    dashboard_change,
    desk_of,
    duplicate_change,
    paused,
    stamp,
)
from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.issues import Act, Issue, Marker, home_of, is_let_go
from triagebot.issues.revisions import Revision
from triagebot.pipeline.boarding import board_of
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.listening import may_steer
from triagebot.pipeline.reviewing import Word, reviewed
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Outcome, Plan
from triagebot.plans.model import Change
from triagebot.reviews.grammar import Command, Verb
from triagebot.reviews.judgement import Speaker
from triagebot.trackers.applying import apply
from triagebot.trackers.github.tracker import GitHubTracker

_NUMBER = re.compile(r"The dashboard of triagebot is #([1-9][0-9]{0,9})")
"""The number that the description of the dashboard's label keeps."""
_VERBS: dict[str, Verb] = {"draft": "redraft", "unmute": "unmute"}


@dataclass(frozen=True, slots=True)
class Clerk:
    """What dealing with the dashboard needs."""

    workspace: Workspace
    tracker: GitHubTracker
    config: Config
    effects: Effects

    def is_ours(self, login: str) -> bool:
        """Whether a login is ours."""
        return login.lower() in self.tracker.trust.logins


def heed(workspace: Workspace, config: Config, effects: Effects) -> None:
    """Carry out what people ticked since the last look, and note in the workspace's `stop` what this command must mind."""
    if not isinstance(workspace.tracker, GitHubTracker) or not config.board.issue:
        return
    clerk = Clerk(workspace, workspace.tracker, config, effects)
    issue = _first(clerk)
    if issue is None or issue.marker is None:
        return
    desk = desk_of(issue.marker)
    if _asked(issue, desk):
        try:
            _, desk = _heeded(clerk, issue)
        except (TrackerError, UserError) as error:
            workspace.stop.said.append(f"The dashboard was not heeded: {error}")
    _mind(workspace, desk, issue)


def refresh(
    workspace: Workspace, config: Config, effects: Effects, reasons: Mapping[str, str] | None = None
) -> tuple[Outcome, ...]:
    """Bring the dashboard up to date, and open it where there is none. `reasons` say why this run held keys back (None: no run).

    Two requests where something changed, none where nothing did; more only when it is opened or somebody ticked a box.
    """
    if not isinstance(workspace.tracker, GitHubTracker) or not config.board.issue:
        return ()
    clerk = Clerk(workspace, workspace.tracker, config, effects)
    try:
        return _refresh(clerk, reasons)
    except (TrackerError, UserError) as error:
        workspace.stop.said.append(f"The dashboard was not brought up to date: {error}")
    return ()


def pause_of(workspace: Workspace, config: Config) -> str:
    """Why nothing is filed, as the dashboard in the last listing says; nothing is asked or written."""
    if not isinstance(workspace.tracker, GitHubTracker) or not config.board.issue:
        return ""
    open_ = (i for i in workspace.tracker.dashboards if i.state == "open" and i.marker)
    return next((paused(issue.marker, issue.number) for issue in open_), "")


def _first(clerk: Clerk) -> Issue | None:
    """The dashboard: the lowest open one that nobody took our label off."""
    open_ = (i for i in clerk.tracker.dashboards if i.state == "open" and not is_let_go(i, clerk.config))
    return next(open_, None)


def _asked(issue: Issue, desk: Desk) -> frozenset[str]:
    """The boxes whose state asks for something."""
    ticked = boxes.ticked(issue.body)
    turned = (boxes.PAUSE in ticked) != (desk.pause is not None) and boxes.PAUSE in boxes.there(issue.body)
    return (ticked - {boxes.PAUSE}) | ({boxes.PAUSE} if turned else frozenset())


def _heeded(clerk: Clerk, issue: Issue) -> tuple[Issue, Desk]:
    """The dashboard as it stands now, and its desk after everything that was asked for."""
    now, revisions = clerk.tracker.look(issue.number)
    if now is None:
        raise TrackerError(f"issue {issue.number} is gone")
    marker = now.marker or issue.marker or Marker(KEY, 0)
    desk = desk_of(marker)
    for name in sorted(_asked(now, desk)):
        desk = _tick(clerk, desk, name, boxes.turned(name, revisions, clerk.is_ours))
    return now, desk


def _tick(clerk: Clerk, desk: Desk, name: str, by: Revision | None) -> Desk:
    """The desk after one box was dealt with."""
    at = stamp(clerk.effects.now())
    if by is None:
        return _noted(desk, name, f"GitHub does not say who ticked it, so that it was not done, {at}")
    if not may_steer(clerk.tracker, clerk.config, by.editor):
        return _noted(desk, name, f"{by.editor} has no triage permission, {at}")
    kind, _, about = name.partition(":")
    if kind == boxes.PAUSE:
        verb = "resume" if desk.pause else "pause"
        once = f"tick:{by.at.isoformat()}"
        notes = {box: text for box, text in desk.notes.items() if box != name}
        done = f"{at}: {by.editor} {'let filing go on' if desk.pause else 'paused filing'}"
        return replace(
            desk, acts=(*desk.acts, Act(verb, by.editor, by.at, once)), notes=notes, done=(*desk.done, done)
        )
    if kind == "file":
        return replace(desk, waiting={**desk.waiting, about: f"{by.editor}, {at}"})
    return _said(clerk, desk, name, by) if kind in _VERBS and about.isdigit() else desk


def _said(clerk: Clerk, desk: Desk, name: str, by: Revision) -> Desk:
    """The desk after a tick that is a command on another issue."""
    kind, _, about = name.partition(":")
    speaker = Speaker(by.editor, by.at, f"tick:{by.at:%Y%m%dT%H%M%S}:{name}"[:80])
    at = stamp(clerk.effects.now())
    try:
        came = reviewed(
            int(about),
            [Word(Command(_VERBS[kind], said=_VERBS[kind]), speaker)],
            clerk.workspace,
            clerk.config,
            clerk.effects.now(),
        )
    except (TrackerError, UserError) as error:
        return _noted(desk, name, f"not done: {error} {at}")
    if came.refused:
        return _noted(desk, name, f"not done: {came.refused[0][1]}, {at}")
    what = {"draft": "is drafted anew by the next run in which it fails", "unmute": "is not muted any more"}
    notes = {box: text for box, text in desk.notes.items() if box != name}
    done = f"{at}: issue {about} {what[kind]}, as {by.editor} asked"
    # A draft stays owed until it is made, and so does its box: what came of the tick stands beside it.
    if kind == "draft":
        notes[name] = f"{by.editor} asked, {at}"
    return replace(desk, notes=notes, done=(*desk.done, done))


def _noted(desk: Desk, name: str, text: str) -> Desk:
    """The desk with what came of a box."""
    return replace(desk, notes={**desk.notes, name: text})


def _mind(workspace: Workspace, desk: Desk, issue: Issue) -> None:
    """What the command must mind."""
    marker = replace(issue.marker, acts=desk.acts) if issue.marker else None
    workspace.stop.paused = paused(marker, issue.number)
    workspace.stop.wanted = frozenset(desk.waiting)


def _refresh(clerk: Clerk, reasons: Mapping[str, str] | None) -> tuple[Outcome, ...]:
    """As `refresh`."""
    issue = _first(clerk)
    if issue is None and (stays := _stays_away(clerk)):
        clerk.workspace.stop.said.append(stays)
        return ()
    desk = desk_of(issue.marker) if issue and issue.marker else Desk()
    change = _change(clerk, issue, desk, reasons)
    if issue is not None and (change is not None or _asked(issue, desk)):
        issue, desk = _heeded(clerk, issue)
        _mind(clerk.workspace, desk, issue)
        change = _change(clerk, issue, desk, reasons)
    doubles = [duplicate_change(other, issue.number) for other in _others(clerk, issue)] if issue else []
    changes: list[Change] = [*([change] if change else []), *doubles]
    outcomes = apply(Plan(KEY, tuple(changes)), clerk.tracker, settle=issue is None)
    for outcome in outcomes:
        if outcome.status in ("failed", "stale"):
            raise TrackerError(outcome.detail)
    if issue is None and outcomes and outcomes[0].issue is not None:
        _opened(clerk, outcomes[0].issue, reasons)
    return outcomes


def _others(clerk: Clerk, first: Issue) -> Iterable[Issue]:
    """Dashboards beside the first that races left open."""
    return [i for i in clerk.tracker.dashboards if i.state == "open" and i.own and i.number != first.number]


def _change(
    clerk: Clerk, issue: Issue | None, desk: Desk, reasons: Mapping[str, str] | None
) -> Change | None:
    """The change that the dashboard needs now."""
    issues = clerk.tracker.listed
    desk = _settled(clerk, desk, reasons)
    board = board_of(clerk.workspace, clerk.config, clerk.effects, issues, desk.reasons)
    return dashboard_change(issue, board, desk, clerk.config, _home(clerk))


def _settled(clerk: Clerk, desk: Desk, reasons: Mapping[str, str] | None) -> Desk:
    """The desk with the reasons of this run, and without wishes that came true."""
    filed = {key: home_of([key], clerk.tracker.listed, clerk.config) for key in desk.waiting}
    made = {key: home.number for key, home in filed.items() if home is not None}
    at = stamp(clerk.effects.now())
    done = [f"{at}: {key} is issue {number}, as {desk.waiting[key]} asked" for key, number in made.items()]
    waiting = {key: text for key, text in desk.waiting.items() if key not in made}
    known = desk.reasons if reasons is None or clerk.workspace.history.lasting else {}
    kept = {**known, **(reasons or {})}
    lasting = {
        key: text for key, text in kept.items() if home_of([key], clerk.tracker.listed, clerk.config) is None
    }
    return replace(desk, waiting=waiting, done=(*desk.done, *done), reasons=lasting)


def _home(clerk: Clerk) -> str:
    """The repository's page."""
    server = clerk.effects.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    return f"{server}/{clerk.tracker.api.repository}"


def _stays_away(clerk: Clerk) -> str:
    """Why no dashboard is opened: people closed, deleted or took over the one that there was; "" where there never was one.

    A deleted issue leaves nothing but its number in the description of the dashboard's label.
    """
    label = clerk.config.labels.board
    again = f"Delete the label {label!r} to get a new one, or set board.issue to false."
    if closed := [issue for issue in clerk.tracker.dashboards if issue.state == "closed"]:
        return f"The dashboard, issue {closed[0].number}, was closed: it is left alone. Reopen it, or set board.issue to false."
    if let_go := [issue for issue in clerk.tracker.dashboards if is_let_go(issue, clerk.config)]:
        return f"Our label was taken off the dashboard, issue {let_go[0].number}: it is left alone. {again}"
    found = _NUMBER.match(clerk.tracker.noted_on_label(label))
    if found is None:
        return ""
    there = clerk.tracker.read(int(found[1]))
    what = "was deleted or moved" if there is None else "is no longer ours and left alone"
    return f"The dashboard, issue {found[1]}, {what}: no new one is opened. {again}"


def _opened(clerk: Clerk, number: int, reasons: Mapping[str, str] | None) -> None:
    """Pins a dashboard that was just opened and keeps its number; what cannot be pinned says so once, in its text."""
    clerk.tracker.note_on_label(clerk.config.labels.board, f"The dashboard of triagebot is #{number}")
    if not (refused := clerk.tracker.pin(number)):
        return
    clerk.workspace.stop.said.append(f"The dashboard, issue {number}, was opened and not pinned: {refused}")
    issue = clerk.tracker.read(number)
    if issue is not None and issue.marker is not None:
        desk = replace(desk_of(issue.marker), unpinned="Not pinned: the token may not. Pin it by hand.")
        change = _change(clerk, issue, desk, reasons)
        apply(Plan(KEY, (change,) if change else ()), clerk.tracker, settle=False)
