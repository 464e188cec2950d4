"""What a board asks of history, answered by the database: it counts, and only what is judged comes out.

In: a connection, a scope, the keys of issues, a moment. Out: a `Timeline`. What a question costs depends on the runs of the
scope within the time and the tests of the keys, never on all tests of all runs.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from triagebot.history.model import Past, PastRun, Result, Timeline
from triagebot.history.proof import Place, flaky_tests
from triagebot.redact import Fact, recorded
from triagebot.reports.model import Scope
from triagebot.stores.history_tables import occurrences, results, runs, sightings
from triagebot.stores.rows import past_run

MOST_RUNS = 2_000
LAST = 100
"""So many runs reach rates, strips and what is said of flaky tests."""
MOST_UNSTEADY = 100
_BATCH = 400
_RED = ("failed", "error")


def scopes_since(connection: Connection, project: str, since: datetime) -> tuple[Scope, ...]:
    """The scopes of which runs since a moment are kept."""
    query = (
        select(runs.c.environment, runs.c.branch)
        .where(runs.c.project == project, runs.c.at >= since)
        .distinct()
        .order_by(runs.c.environment, runs.c.branch)
    )
    return tuple(Scope(recorded(r.environment), recorded(r.branch)) for r in connection.execute(query))


def timeline_of(
    connection: Connection, project: str, scope: Scope, keys: Collection[str], since: datetime
) -> Timeline:
    """A scope's runs since a moment, what occurred in them, and how the tests of these keys ended in the last of them."""
    rows = _runs(connection, project, scope, since)
    found = tuple(past_run(r.id, r.at, r.sha, r.revision, r.url, complete=r.complete) for r in rows)
    last = [run.id for run in found[-LAST:]]
    return Timeline(
        scope,
        found,
        {r.id: r.status for r in rows},
        _seen(connection, project, scope, since),
        _played(connection, project, sorted(keys), last),
        _unsteady(connection, project, found[-LAST:]),
    )


def _runs(connection: Connection, project: str, scope: Scope, since: datetime) -> Sequence[Any]:
    """The newest runs of a scope, oldest first."""
    query = (
        select(runs)
        .where(runs.c.project == project, runs.c.at >= since, *_in_scope(runs, scope))
        .order_by(runs.c.at.desc(), runs.c.id.desc())
        .limit(MOST_RUNS)
    )
    return [*connection.execute(query)][::-1]


def _in_scope(table: Any, scope: Scope) -> Iterator[ColumnElement[bool]]:
    """Equality that takes None for a value of its own."""
    for column, value in ((table.c.environment, scope.environment), (table.c.branch, scope.branch)):
        yield column.is_(None) if value is None else column == value


def _seen(connection: Connection, project: str, scope: Scope, since: datetime) -> dict[str, dict[str, int]]:
    """How many tests showed each key, by run."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    query = select(occurrences.c.key, occurrences.c.run, occurrences.c.failed).where(
        occurrences.c.project == project, occurrences.c.at >= since, *_in_scope(occurrences, scope)
    )
    for key, run, failed in connection.execute(query):
        found[key][run] = failed
    return found


def _played(
    connection: Connection, project: str, keys: Sequence[str], last: Sequence[str]
) -> dict[str, dict[str, tuple[int, int]]]:
    """How many tests that ever showed each key ran, and how many of them failed in whatever way, by run."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    failed = func.sum(case((results.c.outcome.in_(_RED), 1), else_=0))
    for at in range(0, len(keys), _BATCH):
        some = keys[at : at + _BATCH]
        query = (
            select(sightings.c.key, results.c.run, func.count(), failed)
            .join(results, and_(results.c.project == sightings.c.project, results.c.test == sightings.c.test))
            .where(sightings.c.project == project, sightings.c.key.in_(some), results.c.run.in_(last))
            .where(results.c.outcome != "skipped")
            .group_by(sightings.c.key, results.c.run)
        )
        for key, run, ran, red in connection.execute(query):
            found[key][run] = (int(ran), int(red))
    return found


def _unsteady(connection: Connection, project: str, last: Sequence[PastRun]) -> dict[str, tuple[Result, ...]]:
    """The results of tests that failed and passed on one commit and revision, or passed only when run again, the least steady."""
    tests = _suspects(connection, project, last)
    ids = [run.id for run in last]
    place = {run: number for number, run in enumerate(ids)}
    found: dict[str, list[Result]] = defaultdict(list)
    columns = (results.c.test, results.c.run, results.c.outcome, results.c.duration_s, results.c.rerun)
    query = select(*columns).where(
        results.c.project == project, results.c.run.in_(ids), results.c.test.in_(tests)
    )
    for test, run, *result in connection.execute(query) if tests else ():
        found[test].append(Result(Fact(run), *result))
    ordered = {test: tuple(sorted(rows, key=lambda r: place[r.run])) for test, rows in found.items()}
    flaky = flaky_tests(Past(runs=tuple(last), results=ordered))
    return {test: ordered[test] for test in sorted(flaky)}


def _suspects(connection: Connection, project: str, last: Sequence[PastRun]) -> list[str]:
    """The tests that were rerun, or red in some but not all runs of one commit and revision; the most often unsteady first.

    What was red is far less than what ran, so only that is read.
    """
    places: dict[str, Place] = {run.id: (run.commit, run.revision) for run in last}
    size = Counter(places.values())
    red = results.c.outcome.in_(_RED)
    query = select(results.c.test, results.c.run, results.c.rerun).where(
        results.c.project == project, results.c.run.in_([*places]), or_(red, results.c.rerun)
    )
    unsteady: Counter[str] = Counter()
    rerun: set[str] = set()
    by_place: Counter[tuple[str, Place]] = Counter()
    for test, run, again in connection.execute(query):
        unsteady[test] += 1
        by_place[test, places[run]] += 1
        rerun |= {test} if again else set()
    mixed = {test for (test, place), count in by_place.items() if place[0] and count < size[place]}
    return sorted(rerun | mixed, key=lambda test: (-unsteady[test], test))[:MOST_UNSTEADY]
