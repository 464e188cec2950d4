"""History in SQL: SQLite beside the tracker, or PostgreSQL for many repositories and runners at once.

In: runs with their groups; scopes, keys and tests to ask for. Out: a `Past`. A run is recorded whole, in one
transaction, or not at all, and once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, insert, select
from sqlalchemy.exc import IntegrityError

from triagebot.groups.model import Group
from triagebot.history.model import Past, PastRun, Result
from triagebot.issues.model import Issue
from triagebot.reports.model import Run, Scope
from triagebot.stores.database import open_engine, reading, writing
from triagebot.stores.rows import (
    RunFile,
    occurrence_row,
    occurrence_rows,
    result_rows,
    run_file,
    run_row,
    sighting_rows,
)
from triagebot.stores.schema import occurrences, results, runs, sightings

RUNS = 100
"""How many runs of a scope a past reaches back."""
_BATCH = 400


class SqlHistory:
    """The history of one project in one database. Safe to use from many processes at once."""

    def __init__(self, engine: Engine, project: str = "") -> None:
        self.engine = engine
        self.project = project

    @classmethod
    def at(cls, url: str, project: str = "") -> "SqlHistory":
        """The history behind a URL. Raises UserError when it cannot be opened or is of a newer version."""
        return cls(open_engine(url), project)

    def record(self, run: Run, groups: Sequence[Group], *, now: datetime) -> bool:
        """Keep a run whole; False when its id was recorded before, and then nothing changes."""
        return self.keep(run_file(run, groups, now))

    def keep(self, file: RunFile) -> bool:
        """Keep what another home holds of a run; False when its id was recorded before."""
        try:
            with writing(self.engine) as connection:
                return self._keep(connection, file)
        except IntegrityError:  # another process recorded the same run between our look and our write
            return False

    def has(self, run: str) -> bool:
        """Whether a run id was recorded."""
        with reading(self.engine) as connection:
            known = select(runs.c.id).where(runs.c.project == self.project, runs.c.id == run)
            return connection.scalar(known) is not None

    def _keep(self, connection: Connection, file: RunFile) -> bool:
        """All rows of a run within a transaction."""
        project = self.project
        known = select(runs.c.id).where(runs.c.project == project, runs.c.id == file.id)
        if connection.scalar(known) is not None:
            return False
        connection.execute(insert(runs), run_row(project, file))
        _insert(connection, results, result_rows(project, file))
        add_occurrences(connection, project, occurrence_rows(project, file))
        _insert(connection, sightings, sighting_rows(project, file))
        return True

    def past(
        self,
        scope: Scope,
        keys: Collection[str],
        tests: Collection[str] | None = None,
        *,
        but: str | None = None,
    ) -> Past:
        """What the last 100 runs of a scope but `but` saw of these keys and tests (join ids; None for all)."""
        with reading(self.engine) as connection:
            found = self._runs(connection, scope, but)
            ids = [run.id for run in found]
            showed = self._tests(connection, keys)
            asked = (
                None if tests is None else {*tests, *(test for shown in showed.values() for test in shown)}
            )
            seen = self._seen(connection, keys, ids)
            return Past(scope, found, self._results(connection, ids, asked), seen, showed)

    def rebuild(self, issues: Sequence[Issue]) -> tuple[str, ...]:
        """Take over occurrences that only the issues remember; says what disagrees and leaves that as it is."""
        said: list[str] = []
        with writing(self.engine) as connection:
            for issue in issues:
                said += self._rebuild(connection, issue)
        return tuple(said)

    def _rebuild(self, connection: Connection, issue: Issue) -> Iterator[str]:
        """One issue's rows. Rows beyond the marker's 50 cannot be rebuilt, so history may hold more than the issue."""
        if issue.marker is None:
            return
        rows = [occurrence_row(self.project, issue.marker.key, row) for row in issue.marker.occurrences]
        held = _by_run(connection, self.project, issue.marker.key)
        for row in rows:
            if row["run"] in held and held[row["run"]] != row["failed"]:
                yield (
                    f"issue {issue.number}, run {row['run']}: the issue says {row['failed']} tests failed, "
                    f"history says {held[row['run']]}"
                )
        add_occurrences(connection, self.project, rows)

    def _runs(self, connection: Connection, scope: Scope, but: str | None) -> tuple[PastRun, ...]:
        """The last runs of a scope, oldest first."""
        query = (
            select(runs)
            .where(runs.c.project == self.project, _same(runs.c.environment, scope.environment))
            .where(_same(runs.c.branch, scope.branch), runs.c.id != (but or ""))
            .order_by(runs.c.at.desc(), runs.c.id.desc())
            .limit(RUNS)
        )
        rows = list(connection.execute(query))
        return tuple(PastRun(r.id, r.at, r.sha, r.revision, r.complete, r.url) for r in reversed(rows))

    def _tests(self, connection: Connection, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The tests that ever showed each key."""
        found: dict[str, list[str]] = defaultdict(list)
        for some in _batches(sorted(keys)):
            query = (
                select(sightings.c.key, sightings.c.test)
                .distinct()
                .where(sightings.c.project == self.project, sightings.c.key.in_(some))
                .order_by(sightings.c.key, sightings.c.test)
            )
            for key, test in connection.execute(query):
                found[key].append(test)
        return {key: tuple(tests) for key, tests in found.items()}

    def _seen(
        self, connection: Connection, keys: Collection[str], ids: Sequence[str]
    ) -> dict[str, tuple[str, ...]]:
        """The runs of the scope in which each key occurred, oldest first."""
        place = {run: number for number, run in enumerate(ids)}
        found: dict[str, list[str]] = defaultdict(list)
        for some in _batches(sorted(keys)):
            query = select(occurrences.c.key, occurrences.c.run).where(
                occurrences.c.project == self.project, occurrences.c.key.in_(some)
            )
            for key, run in connection.execute(query):
                if run in place:
                    found[key].append(run)
        return {key: tuple(sorted(seen, key=place.__getitem__)) for key, seen in found.items()}

    def _results(
        self, connection: Connection, ids: Sequence[str], tests: Collection[str] | None
    ) -> dict[str, tuple[Result, ...]]:
        """The results of these runs, oldest first, for the tests asked for."""
        place = {run: number for number, run in enumerate(ids)}
        found: dict[str, list[Result]] = defaultdict(list)
        for some in _batches(ids):
            query = select(results).where(results.c.project == self.project, results.c.run.in_(some))
            for row in connection.execute(query):
                if tests is None or row.test in tests:
                    found[row.test].append(Result(row.run, row.outcome, row.duration_s, row.rerun))
        return {test: tuple(sorted(rows, key=lambda r: place[r.run])) for test, rows in found.items()}


def add_occurrences(connection: Connection, project: str, rows: Iterable[dict[str, Any]]) -> None:
    """Occurrences that are not there yet, within the caller's transaction."""
    by_key: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_key[row["key"]].append(row)
    for key, own in by_key.items():
        held = _by_run(connection, project, key)
        _insert(connection, occurrences, (row for row in own if row["run"] not in held))


def _by_run(connection: Connection, project: str, key: str) -> dict[str, int]:
    """How many tests failed, by run, as history holds it for a key."""
    columns = (occurrences.c.run, occurrences.c.failed)
    query = select(*columns).where(occurrences.c.project == project, occurrences.c.key == key)
    return {row.run: row.failed for row in connection.execute(query)}


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """All rows in one statement; none for none."""
    if values := list(rows):
        connection.execute(insert(table), values)


def _same(column: ColumnElement[Any], value: str | None) -> ColumnElement[bool]:
    """Equality that takes None for a value of its own."""
    return column.is_(None) if value is None else column == value


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Values in portions that fit into one statement of any database."""
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
