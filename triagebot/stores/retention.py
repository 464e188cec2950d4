"""What history lets go: runs older than the days to keep, of which counts by day stay.

In: a connection that holds the write lock. Out: rows that are gone, and `daily` counts in the same transaction, so that a
run is either kept or counted, whoever is killed. What was counted is never taken in again.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, bindparam, delete, func, select, text

from triagebot.stores.history_tables import (
    daily,
    green_paths,
    occurrences,
    results,
    runs,
    session_lines,
    sightings,
)

AT_ONCE = 20
"""So many runs leave with each run that comes: whoever lowers the days to keep does not pay for it at once."""
_ADD = text(
    "INSERT INTO daily (project, kind, name, environment, branch, day, runs, failed, rerun) "
    "VALUES (:project, :kind, :name, :environment, :branch, :day, :runs, :failed, :rerun) "
    "ON CONFLICT (project, kind, name, environment, branch, day) DO UPDATE SET "
    "runs = daily.runs + excluded.runs, failed = daily.failed + excluded.failed, rerun = daily.rerun + excluded.rerun"
).bindparams(bindparam("day", type_=Date))
_RED = ("failed", "error")
_DAY = timedelta(days=1)


def floor(connection: Connection, project: str, now: datetime, keep_days: int, at: datetime) -> datetime:
    """The first moment that is kept: a midnight in UTC, `keep_days` before the newest run, or before `now` if that is earlier.

    `at` is the time of what is about to come in, which may be the newest. Reports of long ago are a past like any other for whoever has nothing newer, and a run from the future lets nothing
    go. Days that were counted stay so, however many days are to be kept from now on.
    """
    newest = connection.scalar(select(func.max(runs.c.at)).where(runs.c.project == project))
    last = min(max(newest or at, at), now).astimezone(UTC)
    kept = _midnight(last) - timedelta(days=keep_days)
    counted = connection.scalar(
        select(func.max(daily.c.day)).where(daily.c.project == project, daily.c.kind == "run")
    )
    if counted is None:
        return kept
    return max(kept, datetime.combine(counted, time(), UTC) + _DAY)


def let_go(connection: Connection, project: str, before: datetime) -> None:
    """Turns the oldest runs that started before a moment into counts; green paths of then are no longer any."""
    connection.execute(delete(green_paths).where(green_paths.c.project == project, green_paths.c.at < before))
    columns = (runs.c.id, runs.c.at, runs.c.environment, runs.c.branch, runs.c.status)
    old = connection.execute(
        select(*columns)
        .where(runs.c.project == project, runs.c.at < before)
        .order_by(runs.c.at)
        .limit(AT_ONCE)
    ).all()
    if not old:
        return
    last = old[-1].at
    gone = occurrences.c.at <= last if len(old) == AT_ONCE else occurrences.c.at < _midnight(last) + _DAY
    _count(connection, project, _of_runs(old))
    _count(connection, project, _of_tests(connection, project, old))
    _count(connection, project, _of_keys(connection, project, gone))
    ids = [run.id for run in old]
    connection.execute(delete(results).where(results.c.project == project, results.c.run.in_(ids)))
    connection.execute(delete(runs).where(runs.c.project == project, runs.c.id.in_(ids)))
    connection.execute(delete(occurrences).where(occurrences.c.project == project, gone))
    connection.execute(delete(sightings).where(sightings.c.project == project, sightings.c.at < before))
    connection.execute(
        delete(session_lines).where(session_lines.c.project == project, session_lines.c.at < before)
    )


def _midnight(at: datetime) -> datetime:
    """The beginning of a day in UTC."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


Count = dict[str, Any]


def _count(connection: Connection, project: str, counts: Iterable[Count]) -> None:
    """Adds counts to those of their days."""
    if values := [{"project": project, "name": "", "rerun": 0} | count for count in counts]:
        connection.execute(_ADD, values)


def _of_runs(old: Sequence[Any]) -> Iterator[Count]:
    """One count for each run."""
    for run in old:
        yield {"kind": "run", **_place(run), "runs": 1, "failed": int(run.status != "passed")}


def _of_tests(connection: Connection, project: str, old: Sequence[Any]) -> Iterator[Count]:
    """One count for each test that did not just pass, in each run."""
    there = {run.id: run for run in old}
    found = connection.execute(
        select(results.c.run, results.c.test, results.c.outcome, results.c.rerun)
        .where(results.c.project == project, results.c.run.in_(there))
        .where(results.c.outcome.in_(_RED) | results.c.rerun)
    )
    for row in found:
        failed, rerun = int(row.outcome in _RED), int(row.rerun)
        yield {
            "kind": "test",
            "name": row.test,
            **_place(there[row.run]),
            "runs": 1,
            "failed": failed,
            "rerun": rerun,
        }


def _of_keys(connection: Connection, project: str, gone: ColumnElement[bool]) -> Iterator[Count]:
    """One count for each occurrence."""
    for row in connection.execute(select(occurrences).where(occurrences.c.project == project, gone)):
        yield {"kind": "key", "name": row.key, **_place(row), "runs": 1, "failed": row.failed}


def _place(row: Any) -> Count:
    """The day and the scope of a run or an occurrence."""
    return {
        "day": row.at.astimezone(UTC).date(),
        "environment": row.environment or "",
        "branch": row.branch or "",
    }
