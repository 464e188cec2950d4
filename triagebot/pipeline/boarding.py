"""The board of one workspace: our issues beside what history tells of every scope that matters.

In: a workspace, the config, the clock, and why the last run held things back. Out: a `Board`. It writes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from triagebot.boards import Board, board
from triagebot.boards.board import REACH
from triagebot.config import Config
from triagebot.issues import Issue, keys_of
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import lifecycle
from triagebot.reports.model import Scope


def board_of(
    workspace: Workspace,
    config: Config,
    effects: Effects,
    issues: Sequence[Issue],
    reasons: Mapping[str, str] | None = None,
) -> Board:
    """The board over these issues. What people wrote into titles is redacted: a page may go further than the tracker."""
    clean = [replace(issue, title=effects.redactor.text(issue.title)) for issue in issues]
    now = effects.now()
    keys = frozenset[str]().union(*(keys_of(issue) for issue in clean if issue.state == "open"))
    wanted = _wanted(clean, config, workspace.default_branch)
    lines = workspace.history.timelines(keys, now - REACH, wanted) if workspace.history.lasting else ()
    return board(clean, lines, config, now, reasons)


def _wanted(issues: Sequence[Issue], config: Config, default: str | None) -> Callable[[Scope], bool]:
    """The scopes of a board: those that the config says file issues, else the default branch; and where issues were seen."""
    seen = frozenset[Scope]().union(*(lifecycle.scopes_of(i.marker) for i in issues if i.marker))

    def wanted(scope: Scope) -> bool:
        if scope in seen:
            return True
        if config.scopes:
            return any(rule.holds(scope.branch, scope.environment) for rule in config.scopes)
        return default is None or scope.branch in (None, default)

    return wanted
