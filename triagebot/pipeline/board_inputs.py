"""The board of one workspace: our issues beside what history tells of every scope that matters.

In: a workspace, the config, the clock, and why the last run held things back. Out: a `Board`. It writes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from triagebot.boards import Board, board
from triagebot.boards.build import REACH, STRIP
from triagebot.boards.model import GridRow, IssueEvent
from triagebot.config import Config
from triagebot.history.model import Result
from triagebot.history.proof import PASSED, RAN
from triagebot.issues import Issue, keys_of
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import lifecycle
from triagebot.reports.model import Scope
from triagebot.reports.test_names import join_id

MOST_GRIDS = 100
MOST_EVENTS = 25
GRID_TESTS = 12
"""So many causes, the most urgent, show their tests by run, and so many tests each."""


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


def grids_of(workspace: Workspace, board: Board) -> Mapping[int, Sequence[GridRow]]:
    """How the tests of the most urgent causes ended in the last runs of the first scope in which each was seen."""
    found: dict[int, Sequence[GridRow]] = {}
    for cause in board.open[:MOST_GRIDS] if workspace.history.lasting else ():
        tests = {join_id(test): test for test in cause.tests[:GRID_TESTS]}
        if cause.scopes and tests:
            past = workspace.history.past(cause.scopes[0], (), tests.keys())
            runs = [run.id for run in past.runs[-STRIP:]]
            found[cause.issue] = [
                _grid_row(shown, past.results.get(test, ()), runs) for test, shown in tests.items()
            ]
    return found


def with_events(workspace: Workspace, board: Board) -> Board:
    """The board with what the tracker knows of the most urgent issues: who closed, reopened and commented on them, and when.

    On GitHub that is two requests an issue, so it is asked for pages only.
    """
    happened = getattr(workspace.tracker, "happened", None)
    if happened is None:
        return board
    told = (
        replace(
            c,
            events=tuple(
                sorted((*c.events, *(IssueEvent(*one) for one in happened(c.issue))), key=lambda one: one.at)
            ),
        )
        for c in board.open[:MOST_EVENTS]
    )
    return replace(board, open=(*told, *board.open[MOST_EVENTS:]))


def _grid_row(test: str, results: Sequence[Result], runs: Sequence[str]) -> GridRow:
    """One test as marks."""
    ends: dict[str, Result] = {result.run: result for result in results}
    marks = "".join(_mark(ends.get(run)) for run in runs)
    return GridRow(test, marks, marks.count("●"), len(marks) - marks.count("·"))


def _mark(result: Result | None) -> str:
    """How a test ended in a run."""
    if result is None or result.outcome not in RAN:
        return "·"
    if result.outcome not in PASSED:
        return "●"
    return "~" if result.rerun else "○"


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
