"""The workspace on GitHub: the repository's issues, its compare endpoint, its default branch, and a history for this run.

In: the environment, the config and the clock. Out: a `Workspace`. A runner's disk dies with it: without a history store
the issues are all that lasts, and what this command saw of them is remembered in a database in memory, so that a row
which a racing run overwrites meanwhile is written again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.issues import keys_of
from triagebot.issues.model import Issue
from triagebot.pipeline.culprits import code_here
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.recording import HistoryRecorder
from triagebot.pipeline.workspace import Workspace
from triagebot.stores import History, history_opener
from triagebot.stores.branch_history import KEEP_DAYS, BranchHistory
from triagebot.stores.sql_history import SqlHistory
from triagebot.trackers.github import GitHubTracker, Pace, connect
from triagebot.trackers.github.branch_files import Branch

BRANCH = "branch:"
_BRANCH_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}[A-Za-z0-9]")
"""The name of the branch that keeps the history.

Hit: `triagebot-history`
Hit: `ci/history`
Miss: `-history`
Miss: `history/`
"""


@contextmanager
def open_github(
    config: Config, effects: Effects, out: Path | None, history: str | None
) -> Iterator[Workspace]:
    """The workspace of the repository that the environment names, with history in the store that `history` says."""
    tracker = connect(effects.environ, config, now=effects.now, pause=effects.pause, pace=pace(effects))
    recorder = None
    try:
        home = history_store(history, tracker, config) if history else None
        recorder = HistoryRecorder(home, effects.now)
        yield Workspace(
            tracker=tracker,
            history=recorder,
            contains=cache(tracker.contains),
            closings=lambda issues, keys: with_closings(tracker, issues, keys),
            remembered=tracker.remembered,
            fix=tracker.code.fix,
            between=tracker.code.between,
            code=code_here(effects),
            default_branch=tracker.default_branch(),
            out=out,
        )
    finally:
        if recorder is not None:
            recorder.close()
        tracker.close()


def history_store(history: str, tracker: GitHubTracker, config: Config) -> Callable[[], History]:
    """Opens the store that `--history` names, a database or a branch of this repository, when it is called.

    Raises UserError at once for a name that can be neither.
    """
    name = history.removeprefix(BRANCH)
    if name == history:
        return history_opener(history, tracker.api.repository, config.history)
    if not _BRANCH_NAME.fullmatch(name) or ".." in name:
        raise UserError(f"--history {history}: that is no name of a branch. Try {BRANCH}triagebot-history.")
    branch = Branch(tracker.api, name, pause=tracker.pause, now=tracker.now)
    days = min(config.history.keep_days, KEEP_DAYS)
    return lambda: BranchHistory(branch, SqlHistory.at("sqlite://"), days)


def pace(effects: Effects) -> Pace:
    """GitHub's pace; a server on this very machine is a test's, and need not be spared."""
    local = effects.environ.get("GITHUB_API_URL", "").startswith("http://localhost:")
    return Pace(0.0, 0.0) if local else Pace()


def with_closings(tracker: GitHubTracker, issues: Sequence[Issue], wanted: frozenset[str]) -> list[Issue]:
    """The issues, those that are closed and hold one of the `wanted` keys with what closed them.

    Keys without an issue are looked for once more among what people took our label off, before anything is opened in
    its place (golang/go#72731).
    """
    homes = frozenset[str]().union(*(keys_of(issue) for issue in issues))
    gone = tracker.let_go(wanted - homes) if wanted - homes else ()
    return [
        tracker.with_closing(issue) if issue.state == "closed" and wanted & keys_of(issue) else issue
        for issue in (*issues, *gone)
    ]
