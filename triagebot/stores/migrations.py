"""From the tables of any earlier version to ours, in one transaction, with nothing lost.

In: a connection that holds the write lock. Out: the tables of `history_tables`, and the version that the database carries. A
database whose tables are not ours, or are of a newer version, is left as it is.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, MetaData, insert, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from triagebot.stores import history_tables


class NotOursError(Exception):
    """The tables are somebody else's, or of a newer version; the text says which and what to do."""


def is_current(connection: Connection, tables: MetaData) -> bool:
    """Whether there is nothing to do. Raises NotOursError where nothing can be done."""
    there = inspect(connection).get_table_names()
    if history_tables.meta.name not in there:
        _must_be_free(there, tables)
        return False
    return version(connection) == history_tables.VERSION and tables.tables.keys() <= set(there)


def bring_up(connection: Connection, tables: MetaData) -> None:
    """Makes the tables, or takes those of an earlier version to ours. Raises NotOursError where that cannot be."""
    if is_current(connection, tables):  # somebody else was faster
        return
    if inspect(connection).has_table(history_tables.meta.name):
        for migrate in MIGRATIONS[version(connection) - 1 :]:
            migrate(connection)
        connection.execute(
            update(history_tables.meta).where(_VERSION).values(value=str(history_tables.VERSION))
        )
    tables.create_all(connection, checkfirst=True)
    if connection.scalar(select(history_tables.meta.c.value).where(_VERSION)) is None:
        connection.execute(
            insert(history_tables.meta).values(name="version", value=str(history_tables.VERSION))
        )


def version(connection: Connection) -> int:
    """The version of the tables, at most ours. Raises NotOursError for any other."""
    try:
        found = connection.scalar(select(history_tables.meta.c.value).where(_VERSION))
    except SQLAlchemyError as error:
        raise _foreign([history_tables.meta.name]) from error
    if found is None:
        raise _foreign([history_tables.meta.name])
    if not found.isascii() or not found.isdecimal() or not 0 < int(found) <= history_tables.VERSION:
        raise NotOursError(
            f"written by a newer triagebot (version {found} of the tables, this one knows {history_tables.VERSION}). "
            "Upgrade triagebot, or move the file away to start anew."
        )
    return int(found)


def _must_be_free(there: Sequence[str], tables: MetaData) -> None:
    """Without our version, none of these names may be taken."""
    if taken := sorted(tables.tables.keys() & set(there)):
        raise _foreign(taken)


def _foreign(names: Sequence[str]) -> NotOursError:
    """The words for tables that bear our names and are not ours."""
    return NotOursError(
        f"holds tables that are not triagebot's ({', '.join(names)}). Give history a database of its own."
    )


_VERSION = history_tables.meta.c.name == "version"


def _run(connection: Connection, script: str) -> None:
    """The statements of a script, each ended by a semicolon."""
    for statement in filter(None, map(str.strip, script.split(";"))):
        connection.exec_driver_sql(statement)


def _to_2(connection: Connection) -> None:
    """Results by run, so that a run costs the same however many there are; sightings counted; days of what was let go."""
    sqlite = connection.dialect.name == "sqlite"
    moment = "DATETIME" if sqlite else "TIMESTAMP WITHOUT TIME ZONE"
    # As SQLAlchemy writes it: SQLite uses a partial index only for the words by which it was made.
    true = "1" if sqlite else "true"
    _run(
        connection,
        f"""
        DROP INDEX results_by_run;
        ALTER TABLE results RENAME TO results_1;
        CREATE TABLE results (
            project VARCHAR(200) NOT NULL, run TEXT NOT NULL, test TEXT NOT NULL,
            outcome VARCHAR(10) NOT NULL, duration_s FLOAT, rerun BOOLEAN NOT NULL, PRIMARY KEY (project, run, test)
        ) {"WITHOUT ROWID" if sqlite else ""};
        INSERT INTO results
            SELECT project, run, test, outcome, duration_s, rerun FROM results_1 ORDER BY project, run, test;
        DROP TABLE results_1;

        ALTER TABLE sightings RENAME TO sightings_1;
        CREATE TABLE sightings (
            project VARCHAR(200) NOT NULL, key TEXT NOT NULL, test TEXT NOT NULL,
            at {moment} NOT NULL, runs INTEGER NOT NULL, PRIMARY KEY (project, key, test)
        );
        INSERT INTO sightings
            SELECT s.project, s.key, s.test, coalesce(max(r.at), '1970-01-01 00:00:00.000000'), count(*)
            FROM sightings_1 s LEFT JOIN runs r ON r.project = s.project AND r.id = s.run
            GROUP BY s.project, s.key, s.test;
        DROP TABLE sightings_1;
        CREATE INDEX sightings_by_time ON sightings (project, at);

        ALTER TABLE occurrences ADD COLUMN taken_over BOOLEAN DEFAULT false NOT NULL;
        UPDATE occurrences SET taken_over = true WHERE NOT EXISTS
            (SELECT 1 FROM runs r WHERE r.project = occurrences.project AND r.id = occurrences.run);
        CREATE INDEX occurrences_by_run ON occurrences (project, run);
        CREATE INDEX occurrences_by_time ON occurrences (project, at);
        CREATE INDEX occurrences_taken_over ON occurrences (project, key) WHERE taken_over IS {true};
        CREATE INDEX runs_by_time ON runs (project, at);

        CREATE TABLE daily (
            project VARCHAR(200) NOT NULL, kind VARCHAR(4) NOT NULL, name TEXT NOT NULL,
            environment TEXT NOT NULL, branch TEXT NOT NULL, day DATE NOT NULL,
            runs INTEGER NOT NULL, failed INTEGER NOT NULL, rerun INTEGER NOT NULL,
            PRIMARY KEY (project, kind, name, environment, branch, day)
        );
        """,  # noqa: S608 - our own words
    )


def _to_3(connection: Connection) -> None:
    """Green paths of tests."""
    sqlite = connection.dialect.name == "sqlite"
    _run(
        connection,
        f"""
        CREATE TABLE green_paths (
            project VARCHAR(200) NOT NULL, environment TEXT NOT NULL, branch TEXT NOT NULL, test TEXT NOT NULL,
            run TEXT NOT NULL, at {"DATETIME" if sqlite else "TIMESTAMP WITHOUT TIME ZONE"} NOT NULL,
            sha TEXT, path {"BLOB" if sqlite else "BYTEA"} NOT NULL,
            PRIMARY KEY (project, environment, branch, test)
        );
        CREATE INDEX green_paths_by_time ON green_paths (project, at);
        """,
    )


def _to_4(connection: Connection) -> None:
    """What people decided about causes."""
    _run(
        connection,
        """
        CREATE TABLE settled (
            project VARCHAR(200) NOT NULL, key TEXT NOT NULL, issue INTEGER NOT NULL, told TEXT NOT NULL,
            PRIMARY KEY (project, key, issue)
        );
        """,
    )


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_to_2, _to_3, _to_4)
"""In order: the first one takes version 1 to 2. docs/migrations.md says how to add one."""
assert len(MIGRATIONS) == history_tables.VERSION - 1
