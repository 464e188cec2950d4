"""History in SQL: SQLite beside the tracker, or PostgreSQL for many repositories and runners at once.

In: runs with their groups; scopes, keys and tests to ask for. Out: a `Past`. A run is recorded whole, in one
transaction, or not at all, and once.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from triagebot.errors import UserError
from triagebot.groups.model import Group
from triagebot.history.model import Before, Green, Past, PastRun, Result, TakenOver, Timeline
from triagebot.issues import keys_of
from triagebot.issues.model import Issue, Settled
from triagebot.redact import Fact, recorded
from triagebot.reports.model import Problem, Run, Scope
from triagebot.reports.test_names import numbered, shared_name
from triagebot.steps import TestPath
from triagebot.stores import KEEP_DAYS, NO_PATHS, Rebuilt
from triagebot.stores.engine import open_engine, reading, refusal, writing
from triagebot.stores.green_paths import green_rows, greens, named, unpack
from triagebot.stores.history_tables import (
    Moment,
    daily,
    green_paths,
    occurrences,
    results,
    runs,
    session_lines,
    settled,
    sightings,
)
from triagebot.stores.migrations import NotOursError, version
from triagebot.stores.patience import LateError
from triagebot.stores.reconciliation import Compared, Held, KeyedOccurrence, compared
from triagebot.stores.retention import floor, let_go
from triagebot.stores.rows import (
    RunFile,
    occurrence_row,
    occurrence_rows,
    past_run,
    result_rows,
    run_file,
    run_row,
    sighting_rows,
    stored,
)
from triagebot.stores.session_lines import LineFile, Lines, files_of
from triagebot.stores.session_lines import row as line_row
from triagebot.stores.settled import changed, is_nothing, of_row, row
from triagebot.stores.timelines import scopes_since, timeline_of

RUNS = 100
"""How many runs of a scope a past reaches back."""
_BATCH = 400
_NAMESAKES = 20
"""So many numbers of a name that tests share are asked for at once."""
_SHOWED = text(
    "INSERT INTO sightings (project, key, test, at, runs) VALUES (:project, :key, :test, :at, 1) "
    "ON CONFLICT (project, key, test) DO UPDATE SET runs = sightings.runs + 1, "
    "at = CASE WHEN excluded.at > sightings.at THEN excluded.at ELSE sightings.at END"
).bindparams(bindparam("at", type_=Moment))
_GREEN = text(
    "INSERT INTO green_paths (project, environment, branch, test, run, at, sha, path) "
    "VALUES (:project, :environment, :branch, :test, :run, :at, :sha, :path) "
    "ON CONFLICT (project, environment, branch, test) DO UPDATE SET "
    "run = excluded.run, at = excluded.at, sha = excluded.sha, path = excluded.path WHERE excluded.at >= green_paths.at"
).bindparams(bindparam("at", type_=Moment))
_NO_GREEN: Mapping[str, Green] = MappingProxyType({})

T = TypeVar("T")
Begin = Callable[[Engine], AbstractContextManager[Connection]]
"""`reading` or `writing`."""


class SqlHistory:
    """The history of one project in one database, which keeps so many days. Safe to use from many processes at once."""

    problems: tuple[Problem, ...] = ()

    def __init__(self, engine: Engine, project: str = "", keep_days: int = KEEP_DAYS) -> None:
        self.engine = engine
        self.project = project
        self.keep_days = keep_days

    @classmethod
    def at(cls, url: str, project: str = "") -> "SqlHistory":
        """The history behind a URL. Raises UserError when it cannot be opened or is of a newer version."""
        return cls(open_engine(url), project)

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()

    def record(
        self, run: Run, groups: Sequence[Group], *, now: datetime, green: Mapping[str, TestPath] = NO_PATHS
    ) -> bool:
        """Keep a run whole; False when its id was recorded before or it is too old, and then nothing changes."""
        file = run_file(run, groups, now)
        return self.keep(file, now=now, green=greens(file, green))

    def keep(
        self, file: RunFile, *, now: datetime | None = None, green: Mapping[str, Green] = _NO_GREEN
    ) -> bool:
        """Keep what another home holds of a run, as `record` does; without `now` nothing is too old."""
        return self._written(lambda connection: self._keep(connection, file, now, green))

    def keep_green(self, scope: Scope, green: Mapping[str, Green]) -> None:
        """Keep green paths of a scope that another home holds."""
        self._written(lambda connection: self._keep_green(connection, scope, green))

    def green(self, scope: Scope, tests: Collection[str] | None = None) -> Mapping[str, Green]:
        """The last proven green paths of these tests (join ids; None for all) in a scope."""
        query = (
            select(green_paths)
            .where(green_paths.c.project == self.project)
            .where(green_paths.c.environment == (scope.environment or ""))
            .where(green_paths.c.branch == (scope.branch or ""))
            .order_by(green_paths.c.test)
        )
        wanted = None if tests is None else sorted(map(stored, tests))
        with self._transaction(reading) as connection:
            asked = (
                [query]
                if wanted is None
                else [query.where(green_paths.c.test.in_(some)) for some in _batches(wanted)]
            )
            rows = [row for each in asked for row in connection.execute(each)]
        found = ((r.test, Green(unpack(r.test, r.path), Fact(r.run), r.at, recorded(r.sha))) for r in rows)
        return named(found, tests)

    def session_lines(self) -> Mapping[str, Mapping[str, str]]:
        """What sessions remember: by session the lines by id, oldest first."""
        kept = session_lines
        query = select(kept.c.session, kept.c.line, kept.c.told).where(kept.c.project == self.project)
        found: dict[str, dict[str, str]] = {}
        with self._transaction(reading) as connection:
            for session, line, told in connection.execute(query.order_by(kept.c.at, kept.c.line)):
                found.setdefault(session, {})[line] = told
        return found

    def add_session_lines(self, session: str, lines: Lines) -> None:
        """Keep lines of a session that are not kept yet."""
        self.keep_session_lines(files_of(session, lines))

    def keep_session_lines(self, files: Sequence[LineFile]) -> None:
        """Keep lines that another home holds."""
        if files:
            self._written(lambda connection: self._keep_lines(connection, files))

    def _keep_lines(self, connection: Connection, files: Sequence[LineFile]) -> None:
        """Inserts what is not there."""
        kept = session_lines
        for session in sorted({file.session for file in files}):
            ours = (kept.c.project == self.project) & (kept.c.session == session)
            there = set(connection.scalars(select(kept.c.line).where(ours)))
            fresh = [file for file in files if file.session == session and file.line not in there]
            _insert(connection, kept, (line_row(self.project, file) for file in fresh))

    def has(self, run: str) -> bool:
        """Whether a run id was recorded."""
        with self._transaction(reading) as connection:
            return self._has(connection, run)

    @contextmanager
    def _transaction(self, begin: Begin) -> Iterator[Connection]:
        """A transaction on tables of our version. Raises UserError when the database does not do what it is asked."""
        try:
            with begin(self.engine) as connection:
                version(connection)
                yield connection
        except IntegrityError:
            raise
        except NotOursError as error:
            raise UserError(f"History cannot be used: {error}") from None
        except (SQLAlchemyError, LateError) as error:
            raise refusal(error, self.engine) from None

    def _written(self, write: Callable[[Connection], T]) -> T:
        """What came of writing in one transaction.

        Another process may write the same between our look and our write: then a second look finds it. What is refused
        once more are tables with rules that are not ours.
        """
        try:
            with self._transaction(writing) as connection:
                return write(connection)
        except IntegrityError:
            pass
        try:
            with self._transaction(writing) as connection:
                return write(connection)
        except IntegrityError as error:
            raise refusal(error, self.engine) from None

    def _has(self, connection: Connection, run: str) -> bool:
        """Whether a run id was recorded."""
        known = select(runs.c.id).where(runs.c.project == self.project, runs.c.id == run)
        return connection.scalar(known) is not None

    def _keep_green(self, connection: Connection, scope: Scope, green: Mapping[str, Green]) -> None:
        """Puts green paths in the place of those that are not newer."""
        if rows := list(green_rows(self.project, scope, green)):
            connection.execute(_GREEN, rows)

    def _keep(
        self, connection: Connection, file: RunFile, now: datetime | None, green: Mapping[str, Green]
    ) -> bool:
        """All rows of a run within a transaction, and what is too old by then let go."""
        project = self.project
        if self._has(connection, file.id):
            return False
        kept = floor(connection, project, now, self.keep_days, file.at) if now else None
        if kept and file.at < kept:
            return False
        connection.execute(insert(runs), run_row(project, file))
        _insert(connection, results, result_rows(project, file))
        self._add_occurrences(connection, occurrence_rows(project, file))
        whole = update(occurrences).where(occurrences.c.project == project, occurrences.c.run == file.id)
        connection.execute(whole.values(taken_over=False))
        if showed := list(sighting_rows(project, file)):
            connection.execute(_SHOWED, showed)
        self._keep_green(connection, Scope(file.environment, file.branch), green)
        if kept:
            let_go(connection, project, kept)
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
        with self._transaction(reading) as connection:
            found = self._runs(connection, scope, but)
            ids = [run.id for run in found]
            showed = self._tests(connection, keys, tests or ())
            seen = self._seen(connection, keys, ids)
            others = self._taken_over(connection, scope, keys, but)
            if tests is None:
                told = self._rows(connection, ids)
            else:
                told = self._results(
                    connection, ids, {*tests, *(t for shown in showed.values() for t in shown)}
                )
            return Past(scope, found, told, seen, showed, others, self._before(connection, scope, keys))

    def scopes(self, since: datetime) -> Sequence[Scope]:
        """The scopes of which runs since a moment are kept, in order."""
        with self._transaction(reading) as connection:
            return scopes_since(connection, self.project, since)

    def timeline(self, scope: Scope, keys: Collection[str], since: datetime) -> Timeline:
        """The runs of a scope since a moment, every key that occurred in them, and how the tests of these `keys` ended."""
        with self._transaction(reading) as connection:
            return timeline_of(connection, self.project, scope, keys, since)

    def rebuild(self, issues: Sequence[Issue], *, now: datetime) -> Rebuilt:
        """Take over occurrences that only the issues remember; says what disagrees and leaves that as it is."""
        found = self.compare(issues)
        kept = self.take_over(found.lacking, now=now)
        self.settle(found.settled)
        return Rebuilt(tuple((key, row.run) for key, row in kept), found.disagreements)

    def compare(self, issues: Sequence[Issue]) -> Compared:
        """The issues' tables beside these. Rows beyond a marker's 50 are not told, so these may hold more."""
        keys = frozenset[str]().union(*map(keys_of, issues))
        ids = sorted({row.run for issue in issues if issue.marker for row in issue.marker.occurrences})
        with self._transaction(reading) as connection:
            found = compared(issues, Held(self._failed(connection, keys, ids), self._known(connection, ids)))
            held = {(one.key, one.issue): one for one in self._settled(connection, keys)}
        return replace(found, settled=changed(issues, held))

    def settled(self, keys: Collection[str]) -> Sequence[Settled]:
        """What people decided about the causes of these keys."""
        with self._transaction(reading) as connection:
            return self._settled(connection, keys)

    def _settled(self, connection: Connection, keys: Collection[str]) -> tuple[Settled, ...]:
        """The same, within a transaction."""
        query = select(settled.c.told).where(settled.c.project == self.project)
        batches = (query.where(settled.c.key.in_(some)) for some in _batches(sorted(keys)))
        told = (of_row(text) for asked in batches for text in connection.scalars(asked))
        return tuple(found for found in told if found)

    def settle(self, found: Sequence[Settled]) -> None:
        """Put what people decided in the place of what was held of the same keys and issues."""
        if found:
            self._written(lambda connection: self._settle(connection, found))

    def _settle(self, connection: Connection, found: Sequence[Settled]) -> None:
        """The same, within a transaction."""
        ours = settled.c.project == self.project
        for one in found:
            connection.execute(
                delete(settled).where(ours, settled.c.key == one.key, settled.c.issue == one.issue)
            )
        _insert(connection, settled, (row(self.project, one) for one in found if not is_nothing(one)))

    def take_over(
        self, rows: Iterable[KeyedOccurrence], *, now: datetime | None = None
    ) -> Sequence[KeyedOccurrence]:
        """Keep occurrences of which nothing but an issue's row is known; those that are not too old by `now`."""
        if not (wanted := list(rows)):
            return ()
        return self._written(lambda connection: self.remember(connection, wanted, now))

    def remember(
        self, connection: Connection, rows: Sequence[KeyedOccurrence], now: datetime | None
    ) -> Sequence[KeyedOccurrence]:
        """The rows of issues that are not too old, kept within the caller's transaction unless they are there."""
        if not rows:
            return ()
        newest = max(row.at for _, row in rows)
        kept = floor(connection, self.project, now, self.keep_days, newest) if now else None
        young = [(key, row) for key, row in rows if kept is None or row.at >= kept]
        known = self._known(connection, sorted({row.run for _, row in young}))
        self._add_occurrences(
            connection,
            [
                occurrence_row(self.project, key, row) | {"taken_over": row.run not in known}
                for key, row in young
            ],
        )
        return young

    def _add_occurrences(self, connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
        """Occurrences that are not there yet."""
        wanted = list(rows)
        there = self._failed(
            connection, {row["key"] for row in wanted}, sorted({row["run"] for row in wanted})
        )
        _insert(
            connection, occurrences, (row for row in wanted if row["run"] not in there.get(row["key"], {}))
        )

    def _failed(
        self, connection: Connection, keys: Collection[str], ids: Sequence[str]
    ) -> dict[str, dict[str, int]]:
        """How many tests failed, by key and run, in these runs."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for some in _batches(ids):
            columns = (occurrences.c.key, occurrences.c.run, occurrences.c.failed)
            query = select(*columns).where(occurrences.c.project == self.project, occurrences.c.run.in_(some))
            for key, run, failed in connection.execute(query):
                if key in keys:
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
        for some in _batches(sorted(keys)):
            query = (
                select(occurrences)
                .where(occurrences.c.project == self.project, occurrences.c.key.in_(some))
                .where(_same(occurrences.c.environment, scope.environment))
                .where(_same(occurrences.c.branch, scope.branch), occurrences.c.run != (but or ""))
                .where(occurrences.c.taken_over.is_(True))
            )
            for r in connection.execute(query):
                run = past_run(r.run, r.at, r.sha, r.revision, r.url, complete=False)
                found[r.key].append(TakenOver(run, r.failed, r.ran))
        # Sorted here: asked for an order, SQLite walks through all occurrences by their time.
        return {
            key: tuple(sorted(rows, key=lambda row: (row.run.at, row.run.id))) for key, rows in found.items()
        }

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

    def _tests(
        self, connection: Connection, keys: Collection[str], named: Collection[str]
    ) -> dict[str, tuple[str, ...]]:
        """The tests that showed each key in any run that is kept, very long ones by their whole ids if they are `named`."""
        whole = {stored(test): test for test in named}
        found: dict[str, list[str]] = defaultdict(list)
        for some in _batches(sorted(keys)):
            query = (
                select(sightings.c.key, sightings.c.test)
                .where(sightings.c.project == self.project, sightings.c.key.in_(some))
                .order_by(sightings.c.key, sightings.c.test)
            )
            for key, test in connection.execute(query):
                found[key].append(whole.get(test, test))
        return {key: tuple(tests) for key, tests in found.items()}

    def _seen(
        self, connection: Connection, keys: Collection[str], ids: Sequence[str]
    ) -> dict[str, tuple[str, ...]]:
        """The runs of the scope in which each key occurred, oldest first."""
        place = {run: number for number, run in enumerate(ids)}
        found = self._failed(connection, frozenset(keys), ids)
        return {key: tuple(sorted(seen, key=place.__getitem__)) for key, seen in found.items()}

    def _before(self, connection: Connection, scope: Scope, keys: Collection[str]) -> dict[str, Before]:
        """What was counted of each key in days that are kept no longer."""
        found: dict[str, Before] = {}
        for some in _batches(sorted(keys)):
            query = (
                select(daily.c.name, func.min(daily.c.day), func.max(daily.c.day), func.sum(daily.c.runs))
                .where(daily.c.project == self.project, daily.c.kind == "key", daily.c.name.in_(some))
                .where(
                    daily.c.environment == (scope.environment or ""), daily.c.branch == (scope.branch or "")
                )
                .group_by(daily.c.name)
            )
            found |= {
                key: Before(first, last, int(seen)) for key, first, last, seen in connection.execute(query)
            }
        return found

    def _results(
        self, connection: Connection, ids: Sequence[str], tests: Collection[str]
    ) -> dict[str, tuple[Result, ...]]:
        """The results of these runs for these tests, and for all namesakes of those of them that are numbered."""
        found = self._rows(connection, ids, tests)
        names = {name for test in tests if (name := shared_name(test)) != test}
        first = 1
        while names:  # as long as the last numbers that were asked for are there, there may be more
            asked = {numbered(name, n): name for name in names for n in range(first, first + _NAMESAKES)}
            found |= self._rows(connection, ids, asked.keys() - found.keys())
            names = {name for test, name in asked.items() if test in found}
            first += _NAMESAKES
        return found

    def _rows(
        self, connection: Connection, ids: Sequence[str], tests: Collection[str] | None = None
    ) -> dict[str, tuple[Result, ...]]:
        """The results of these runs, oldest first, for these tests; None for all."""
        place = {run: number for number, run in enumerate(ids)}
        whole = {stored(test): test for test in tests or ()}
        found: dict[str, list[Result]] = defaultdict(list)
        columns = (results.c.test, results.c.run, results.c.outcome, results.c.duration_s, results.c.rerun)
        query = select(*columns).where(results.c.project == self.project, results.c.run.in_(ids))
        for some in (None,) if tests is None else _batches(sorted(whole)):
            asked = query if some is None else query.where(results.c.test.in_(some))
            for test, run, *result in connection.execute(asked):
                found[whole.get(test, test)].append(Result(Fact(run), *result))
        return {test: tuple(sorted(rows, key=lambda r: place[r.run])) for test, rows in found.items()}


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
