"""One GitHub Project kept beside the board: people's moves are obeyed, then every open cause has its card with its fields.

In: a workspace on GitHub, the config. Out: nothing; what cannot be done is said in a sentence and stops no filing. A move counts by
who made it, as a command in a comment does, and is remembered in the issue's marker, so that it is obeyed once.
"""

import re
from collections import defaultdict

from triagebot.boards import Board, project_cards
from triagebot.boards.project_cards import Move, Project
from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.pipeline.board_inputs import board_of
from triagebot.pipeline.comment_commands import may_steer
from triagebot.pipeline.dashboard_sync import SyncContext
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.reviewing import Word, reviewed
from triagebot.pipeline.workspace import Workspace
from triagebot.reviews.grammar import Command
from triagebot.reviews.judgement import Speaker
from triagebot.trackers.github import projects
from triagebot.trackers.github.tracker import GitHubTracker

_PROJECT = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]{0,38})/([1-9][0-9]{0,8})")
"""The owner's login and the number of the project. Hit: `shop/7`. Miss: `shop/cart`. Miss: `shop/07`."""


def sync(workspace: Workspace, config: Config, effects: Effects) -> None:
    """Obey moves and bring cards up to date, where the config names a project."""
    if not isinstance(workspace.tracker, GitHubTracker) or not config.board.project:
        return
    try:
        _sync(SyncContext(workspace, workspace.tracker, config, effects))
    except (TrackerError, UserError) as error:
        workspace.stop.messages.append(
            f"The project {config.board.project} was not brought up to date: {error}"
        )


def _sync(context: SyncContext) -> None:
    """As `sync`."""
    owner = _PROJECT.fullmatch(context.config.board.project)
    if owner is None:
        raise UserError("board.project must be owner/number, as in acme/7.")
    api = context.tracker.api
    found = context.tracker.patient(lambda: projects.read(api, owner[1], int(owner[2])))
    board = _board(context)
    if moved := project_cards.moves(found, board, context.is_ours):
        _obey(context, moved)
        board = _board(context)
    if lacking := project_cards.what_is_missing(project_cards.unknown(found, board)):
        context.workspace.stop.messages.append(lacking)
    if not found.writable:
        raise TrackerError("the token may not write it, or it is closed")
    _write(context, found, board)


def _board(context: SyncContext) -> Board:
    """The board as it stands."""
    return board_of(context.workspace, context.config, context.effects, context.tracker.listed)


def _write(context: SyncContext, found: Project, board: Board) -> None:
    """Adds the cards that are missing, and sets what differs."""
    api, nodes = context.tracker.api, context.tracker.nodes(project_cards.missing(found, board))
    new = context.tracker.patient(lambda: projects.add(api, found.id, nodes)) if nodes else {}
    wanted = project_cards.settings(found, {**found.cards, **new}, board, context.is_ours)
    if wanted:
        context.tracker.patient(lambda: projects.write(api, found.id, wanted))


def _obey(context: SyncContext, moved: tuple[Move, ...]) -> None:
    """Carries out the moves of people who may; the cards of others go back."""
    refused: dict[str, list[int]] = defaultdict(list)
    for move in moved:
        if not may_steer(context.tracker, context.config, move.who):
            refused[move.who].append(move.issue)
            continue
        at = move.at or context.effects.now()
        speaker = Speaker(move.who, at, f"card:{at:%Y%m%dT%H%M%S}:{move.issue}")
        word = Word(Command(move.verb, said=move.verb), speaker)
        try:
            came = reviewed(move.issue, [word], context.workspace, context.config, context.effects.now())
        except (TrackerError, UserError) as error:
            context.workspace.stop.messages.append(f"The card of issue {move.issue} was not obeyed: {error}")
            continue
        if came.refused:
            context.workspace.stop.messages.append(
                f"The card of issue {move.issue} goes back: {came.refused[0][1]}."
            )
    for who, numbers in refused.items():
        named = ", ".join(map(str, numbers[:5]))
        context.workspace.stop.messages.append(
            f"{who} moved cards without triage permission ({named}): they go back."
        )
