"""History stores: where what earlier runs saw is kept, so that rates and proof reach beyond one machine.

In: runs with their groups. Out: a `Past`. A store judges nothing. The database library is loaded only when a store is
opened, for it costs more than half a second.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from triagebot.config import HistoryLimits
from triagebot.groups.model import Group
from triagebot.history.model import Green, Past, Timeline
from triagebot.issues.model import Issue, Settled
from triagebot.reports.model import Problem, Run, Scope
from triagebot.steps import TestPath

__all__ = ["KEEP_DAYS", "History", "Rebuilt", "history_opener", "open_history", "sqlite_url"]

KEEP_DAYS = HistoryLimits().keep_days
NO_PATHS: Mapping[str, TestPath] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a look at the issues' tables came to: the (key, run) of what was taken over, and what disagrees, in words."""

    taken_over: tuple[tuple[str, str], ...] = ()
    disagreements: tuple[str, ...] = ()


class History(Protocol):
    """A history store for one project. `problems` is what of it could not be read, and was left alone."""

    problems: tuple[Problem, ...]

    def record(
        self, run: Run, groups: Sequence[Group], *, now: datetime, green: Mapping[str, TestPath] = NO_PATHS
    ) -> bool:
        """Keep a run with its results and occurrences; False when this run id was recorded before (nothing changes).

        `green` are the paths of the tests that it proves green, by join id: each takes the place of its test's earlier one.

        `now` stands in for the start of a run that does not say when it started. A run that is older than what is kept
        changes nothing either.
        """

    def past(
        self,
        scope: Scope,
        keys: Collection[str],
        tests: Collection[str] | None = None,
        *,
        but: str | None = None,
    ) -> Past:
        """What earlier runs of a scope saw of these keys and tests (join ids; None for all), without the run `but`."""

    def green(self, scope: Scope, tests: Collection[str] | None = None) -> Mapping[str, Green]:
        """The last proven green paths of these tests (join ids; None for all) in a scope, as far as there are any."""

    def settled(self, keys: Collection[str]) -> Sequence[Settled]:
        """What people decided about the causes of these keys, an item for each issue."""

    def scopes(self, since: datetime) -> Sequence[Scope]:
        """The scopes of which runs since a moment are kept, in order."""

    def timeline(self, scope: Scope, keys: Collection[str], since: datetime) -> Timeline:
        """The runs of a scope since a moment, every key that occurred in them, and how the tests of these `keys` ended."""

    def session_lines(self) -> Mapping[str, Mapping[str, str]]:
        """What sessions remember: by session the lines by id, as JSON."""

    def add_session_lines(self, session: str, lines: Mapping[str, tuple[datetime, str]]) -> None:
        """Keep lines of a session (when, and JSON) that are not kept yet; nothing is ever replaced."""

    def close(self) -> None:
        """Let go of what is open."""

    def rebuild(self, issues: Sequence[Issue], *, now: datetime) -> Rebuilt:
        """Take over occurrences that only the issues remember, and what people decided on them.

        Where occurrences disagree that is told, and none of it is changed.
        """


def history_opener(url: str, project: str = "", limits: HistoryLimits | None = None) -> Callable[[], History]:
    """Opens the SQL store behind a SQLAlchemy URL (`sqlite:///…`, `postgresql://…`) when it is called.

    Raises UserError at once for a URL that nobody could open; when called, for a store that is away, refuses, or was
    written by a newer triagebot. All that is asked of it takes no longer than the seconds of `limits`.
    """
    from triagebot.stores.engine import engine_of, prepared  # noqa: PLC0415  # SQLAlchemy takes 0.6 s to load
    from triagebot.stores.patience import Patience  # noqa: PLC0415
    from triagebot.stores.sql_history import SqlHistory  # noqa: PLC0415

    limits = limits or HistoryLimits()
    engine = engine_of(url, Patience(limits.timeout_s))
    return lambda: SqlHistory(prepared(engine), project, limits.keep_days)


def open_history(url: str, project: str = "", limits: HistoryLimits | None = None) -> History:
    """The SQL store behind a URL. Raises UserError as `history_opener` and what it gives."""
    return history_opener(url, project, limits)()


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"
