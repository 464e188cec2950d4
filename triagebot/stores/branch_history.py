"""History on an orphan branch: shared by every runner, kept by nothing but the repository.

In: runs; a `Branch` whose writes are swapped in, so that writers who race lose nothing. Out: the same as any store,
answered from SQLite, into which the branch is read on start.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from triagebot.groups.model import Group
from triagebot.history.model import Green, Past, Timeline
from triagebot.issues.model import Issue, Settled
from triagebot.reports.model import Problem, Run, Scope
from triagebot.steps import TestPath
from triagebot.stores import NO_PATHS, Rebuilt, green_paths, settled
from triagebot.stores import session_lines as line_files
from triagebot.stores.green_paths import greens, newer
from triagebot.stores.rows import RunFile, run_file
from triagebot.stores.run_files import day_of, decode, encode, outdated, path_of, rows_file
from triagebot.stores.sql_history import RUNS, SqlHistory

KEEP_DAYS = 90
"""At most: every run reads the branch whole."""


class Branch(Protocol):
    """A branch that holds nothing but our files. Its methods raise what their transport raises."""

    def names(self) -> Collection[str]:
        """The paths of all files, without their contents."""

    def read_all(self) -> Mapping[str, bytes]:
        """Every file by its path; nothing when there is no branch yet."""

    def write(self, files: Mapping[str, bytes | None], message: str) -> str:
        """Add or replace files (None removes one) in one commit, built anew for as long as others are faster."""


class BranchHistory:
    """The history of one repository on a branch. `problems` are files that could not be read; they are left alone."""

    def __init__(self, branch: Branch, cache: SqlHistory, keep_days: int = KEEP_DAYS) -> None:
        self.branch = branch
        self.cache = cache
        self.keep_days = keep_days
        self.problems: tuple[Problem, ...] = ()
        self._read: set[str] = set()
        self._take_in()

    def record(
        self, run: Run, groups: Sequence[Group], *, now: datetime, green: Mapping[str, TestPath] = NO_PATHS
    ) -> bool:
        """Keep a run on the branch, and drop files that are too old; False when it was recorded before."""
        file = run_file(run, groups, now)
        path = path_of(file)
        names = self._catch_up()
        if path in names or self.cache.has(file.id):
            return False
        until, found = self._until(now, file.at), greens(file, green)
        gone = dict.fromkeys(outdated(names, until, self.keep_days))
        paths = self._green_file(run.scope, found, until) if found else {}
        self.branch.write({path: encode(file), **paths, **gone}, f"history: run {file.id[:80]}")
        self._read.update((path, *paths))
        return self.cache.keep(file, green=found)

    def _green_file(self, scope: Scope, found: Mapping[str, Green], until: datetime) -> dict[str, bytes]:
        """The file of a scope's green paths with those that are new.

        Of two writers at once the later one's file stays: what the other found green the next run finds again.
        """
        held = newer(self.cache.green(scope), found, until - timedelta(days=self.keep_days))
        return {green_paths.path_of(scope): green_paths.encode(scope, held)}

    def green(self, scope: Scope, tests: Collection[str] | None = None) -> Mapping[str, Green]:
        """As any store."""
        return self.cache.green(scope, tests)

    def past(
        self,
        scope: Scope,
        keys: Collection[str],
        tests: Collection[str] | None = None,
        *,
        but: str | None = None,
    ) -> Past:
        """As any store."""
        return self.cache.past(scope, keys, tests, but=but)

    def settled(self, keys: Collection[str]) -> Sequence[Settled]:
        """As any store."""
        return self.cache.settled(keys)

    def scopes(self, since: datetime) -> Sequence[Scope]:
        """As any store."""
        return self.cache.scopes(since)

    def timeline(self, scope: Scope, keys: Collection[str], since: datetime) -> Timeline:
        """As any store."""
        return self.cache.timeline(scope, keys, since)

    def session_lines(self) -> Mapping[str, Mapping[str, str]]:
        """As any store."""
        self._catch_up()
        return self.cache.session_lines()

    def add_session_lines(self, session: str, lines: line_files.Lines) -> None:
        """As any store: a file for each line, none of which is ever replaced."""
        there = self._catch_up()
        files = {line_files.path_of(one): one for one in line_files.files_of(session, lines)}
        fresh = {path: line_files.encode(one) for path, one in files.items() if path not in there}
        if fresh:
            self.branch.write(fresh, f"history: {len(fresh)} lines of session {session[:60]}")
            self._read.update(fresh)
        self.cache.add_session_lines(session, lines)

    def close(self) -> None:
        """Lets the copy go."""
        self.cache.close()

    def rebuild(self, issues: Sequence[Issue], *, now: datetime) -> Rebuilt:
        """As any store, in one commit. Rows of days that the branch keeps no longer stay with the issues."""
        found = self.cache.compare(issues)
        names: Collection[str] = ()
        if found.lacking or found.settled:  # by the copy, which others may have outrun
            names = self._catch_up()
            found = self.cache.compare(issues)
        first = self._until(now) - timedelta(days=self.keep_days)
        young = tuple((key, row) for key, row in found.lacking if row.at > first)
        files: dict[str, bytes | None] = dict([rows_file(young)] if young else [])
        self._read.update(files)
        told = {settled.path_of(one): settled.encode(one) for one in found.settled}
        files |= {path: data for path, data in told.items() if data is not None or path in names}
        if files:
            self.branch.write(files, f"history: {len(files)} files of what only issues held")
        self.cache.take_over(found.lacking)
        self.cache.settle(found.settled)
        return Rebuilt(tuple((key, row.run) for key, row in young), found.disagreements)

    def _until(self, now: datetime, at: datetime | None = None) -> datetime:
        """The moment before which the days to keep lie: `now`, or the newest run (maybe that `at`) where that is long ago."""
        days = filter(None, map(day_of, self._read))
        ends = [*(datetime.combine(day, time(23, 59), UTC) for day in days), *([at] if at else [])]
        return min(now, max(ends, default=now))

    def _catch_up(self) -> Collection[str]:
        """The names of the branch's files, all of which the copy holds by now."""
        names = self.branch.names()
        if not set(names) <= self._read:
            self._take_in()
        return names

    def _take_in(self) -> None:
        """Read files that are not in the copy yet: runs first, for they know more than an issue's row."""
        files = dict(self.branch.read_all())
        for path in filter(green_paths.is_green, sorted(files)):
            self._take_in_green(path, files.pop(path))
        for path in filter(settled.is_settled, sorted(files)):
            self._take_in_settled(path, files.pop(path))
        told = {path: files.pop(path) for path in filter(line_files.is_line, sorted(files))}
        lines = [line_files.decode(path, data) for path, data in told.items() if path not in self._read]
        self._read.update(told)
        self.problems += tuple(line for line in lines if isinstance(line, Problem))
        self.cache.keep_session_lines([line for line in lines if not isinstance(line, Problem)])
        fresh = sorted(files.keys() - self._read)
        self._read.update(fresh)
        found = [decode(path, files[path]) for path in fresh]
        self.problems += tuple(file for file in found if isinstance(file, Problem))
        for run in _judged([file for file in found if isinstance(file, RunFile)]):
            self.cache.keep(run)
        for rows in found:
            if isinstance(rows, tuple):
                self.cache.take_over(rows)

    def _take_in_green(self, path: str, data: bytes) -> None:
        """A file of green paths, which every writer replaces: it is read whenever the branch is."""
        self._read.add(path)
        match green_paths.decode(path, data):
            case Problem() as problem:
                self.problems += (problem,) if problem not in self.problems else ()
            case scope, found:
                self.cache.keep_green(scope, found)

    def _take_in_settled(self, path: str, data: bytes) -> None:
        """A file of what people decided, which every writer replaces: it is read whenever the branch is."""
        self._read.add(path)
        match settled.decode(path, data):
            case Problem() as problem:
                self.problems += (problem,) if problem not in self.problems else ()
            case found:
                self.cache.settle([found])


def _judged(files: Sequence[RunFile]) -> Iterator[RunFile]:
    """The runs, newest first; those further back in their scope than a past reaches without their results."""
    before: Counter[Scope] = Counter()
    for file in sorted(files, key=lambda file: file.at, reverse=True):
        scope = Scope(file.environment, file.branch)
        yield file if before[scope] <= RUNS else replace(file, results=())
        before[scope] += 1
