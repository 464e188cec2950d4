"""History in SQL: SQLite beside the tracker, or PostgreSQL for many repositories and runners at once.

In: runs with their groups; scopes, keys and tests to ask for. Out: a `Past`. A run is recorded whole, in one
transaction, or not at all, and once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from triagebot.groups.model import Group
from triagebot.history.model import Past, PastRun, Result, TakenOver
from triagebot.issues import keys_of
from triagebot.issues.model import Issue
from triagebot.redact import Fact
from triagebot.reports.model import Run, Scope
from triagebot.stores import Rebuilt
from triagebot.stores.database import open_engine, reading, refusal, writing
from triagebot.stores.reconciliation import Compared, Held, Keyed, compared
from triagebot.stores.rows import (
    RunFile,
    occurrence_row,
    occurrence_rows,
    past_run,
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
        except DBAPIError as error:
            raise refusal(error) from None

    def has(self, run: str) -> bool:
        """Whether a run id was recorded."""
        with self._reading() as connection:
            known = select(runs.c.id).where(runs.c.project == self.project, runs.c.id == run)
            return connection.scalar(known) is not None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A transaction that only reads. Raises UserError when the database does not answer."""
        try:
            with reading(self.engine) as connection:
                yield connection
        except DBAPIError as error:
            raise refusal(error) from None

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
        with self._reading() as connection:
            found = self._runs(connection, scope, but)
            ids = [run.id for run in found]
            showed = self._tests(connection, keys)
            asked = (
                None if tests is None else {*tests, *(test for shown in showed.values() for test in shown)}
            )
            seen = self._seen(connection, keys, ids)
            others = self._taken_over(connection, scope, keys, but)
            return Past(scope, found, self._results(connection, ids, asked), seen, showed, others)

    def rebuild(self, issues: Sequence[Issue], *, now: datetime) -> Rebuilt:  # noqa: ARG002 - a database keeps rows of any age
        """Take over occurrences that only the issues remember; says what disagrees and leaves that as it is."""
        found = self.compare(issues)
        self.take_over(found.lacking)
        return Rebuilt(tuple((key, row.run) for key, row in found.lacking), found.disagreements)

    def compare(self, issues: Sequence[Issue]) -> Compared:
        """The issues' tables beside these. Rows beyond a marker's 50 are not told, so these may hold more."""
        keys = sorted(frozenset[str]().union(*map(keys_of, issues)))
        runs_of = {row.run for issue in issues if issue.marker for row in issue.marker.occurrences}
        with self._reading() as connection:
            return compared(
                issues, Held(self._failed(connection, keys), self._known(connection, sorted(runs_of)))
            )

    def take_over(self, rows: Iterable[Keyed]) -> None:
        """Keep occurrences of which nothing but an issue's row is known."""
        wanted = [occurrence_row(self.project, key, row) for key, row in rows]
        if not wanted:
            return
        try:
            with writing(self.engine) as connection:
                add_occurrences(connection, self.project, wanted)
        except IntegrityError:  # another process takes them over at this moment; the next run looks again
            return
        except DBAPIError as error:
            raise refusal(error) from None

    def _failed(self, connection: Connection, keys: Sequence[str]) -> dict[str, dict[str, int]]:
        """How many tests failed, by key and run."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for some in _batches(keys):
            columns = (occurrences.c.key, occurrences.c.run, occurrences.c.failed)
            query = select(*columns).where(occurrences.c.project == self.project, occurrences.c.key.in_(some))
            for key, run, failed in connection.execute(query):
                found[key][run] = failed
        return found

    def _known(self, connection: Connection, ids: Sequence[str]) -> frozenset[str]:
        """Which of these runs were recorded."""
        found: set[str] = set()
        for some in _batches(ids):
            query = select(runs.c.id).where(runs.c.project == self.project, runs.c.id.in_(some))
            found |= set(connection.scalars(query))
        return frozenset(found)

    def _taken_over(
        self, connection: Connection, scope: Scope, keys: Collection[str], but: str | None
    ) -> dict[str, tuple[TakenOver, ...]]:
        """The occurrences of runs of a scope of which nothing else is known."""
        found: dict[str, list[TakenOver]] = defaultdict(list)
        recorded = select(runs.c.id).where(
            runs.c.project == occurrences.c.project, runs.c.id == occurrences.c.run
        )
        for some in _batches(sorted(keys)):
            query = (
                select(occurrences)
                .where(occurrences.c.project == self.project, occurrences.c.key.in_(some))
                .where(_same(occurrences.c.environment, scope.environment))
                .where(_same(occurrences.c.branch, scope.branch), occurrences.c.run != (but or ""))
                .where(~recorded.exists())
                .order_by(occurrences.c.at, occurrences.c.run)
            )
            for r in connection.execute(query):
                run = past_run(r.run, r.at, r.sha, r.revision, r.url, complete=False)
                found[r.key].append(TakenOver(run, r.failed, r.ran))
        return {key: tuple(rows) for key, rows in found.items()}

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
        return tuple(
            past_run(r.id, r.at, r.sha, r.revision, r.url, complete=r.complete) for r in reversed(rows)
        )

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
                    found[row.test].append(Result(Fact(row.run), row.outcome, row.duration_s, row.rerun))
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
