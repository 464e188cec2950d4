"""Opening a database so that several processes can use it at once, and telling the user when that cannot be done.

In: a SQLAlchemy URL. Out: an engine whose `writing` transactions hold the write lock from their first statement on.
It knows nothing of what the tables mean.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from triagebot.errors import UserError
from triagebot.stores import schema

_BUSY_MS = 30_000
_LOCK = 7_021_948_113
"""An arbitrary number under which PostgreSQL lets one process at a time create the tables."""


def open_engine(url: str, tables: MetaData = schema.metadata) -> Engine:
    """An engine whose tables exist and are of our version.

    Raises UserError when the place cannot be written or reached, is no database, or is of a newer version.
    """
    name = _shown(url)
    try:
        engine = _engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise UserError(
            f"{name}: cannot be opened: {error}. For PostgreSQL install triagebot[postgresql]."
        ) from None
    except OSError as error:
        raise UserError(f"{name}: cannot be used: {_reason(error)}. {_next_step(error)}") from None
    return _prepared(engine, tables, name)


def _prepared(engine: Engine, tables: MetaData, name: str) -> Engine:
    """The engine with its tables made and its version checked; closed again when that fails."""
    try:
        with writing(engine) as connection:
            _create(connection, tables, name)
    except DBAPIError as error:
        engine.dispose()
        raise UserError(f"{name}: cannot be used: {_reason(error)}. {_next_step(error)}") from None
    except UserError:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from the beginning, committed at the end, rolled back on any error."""
    with (
        engine.connect().execution_options(triagebot_begin="BEGIN IMMEDIATE") as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads and sees one state throughout."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def refusal(error: DBAPIError) -> UserError:
    """The words for a database that was opened and does not do what it is asked."""
    return UserError(f"History cannot be used: {_reason(error)}. {_next_step(error)}")


def _engine(url: str) -> Engine:
    """The engine of a URL, set up for its database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        driver = "postgresql+psycopg" if parsed.drivername == "postgresql" else parsed.drivername
        return create_engine(parsed.set(drivername=driver), pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside one writer; waiting for the lock; transactions begun by us and not by the driver."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    # Beside a WAL a killed process loses nothing this way; only a power cut may.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """BEGIN for readers; for writers the lock at once, since a reader that turns writer can fail."""
    connection.exec_driver_sql(connection.get_execution_options().get("triagebot_begin", "BEGIN"))


def _create(connection: Connection, tables: MetaData, name: str) -> None:
    """Tables that are missing, and the version, in one transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    schema.meta.create(connection, checkfirst=True)
    found = connection.scalar(select(schema.meta.c.value).where(schema.meta.c.name == "version"))
    if found is None:
        connection.execute(insert(schema.meta).values(name="version", value=str(schema.VERSION)))
    elif not found.isdecimal() or int(found) > schema.VERSION:
        raise UserError(
            f"{name}: written by a newer triagebot (version {found} of the tables, this one knows {schema.VERSION}). "
            "Upgrade triagebot, or move the file away to start anew."
        )
    tables.create_all(connection, checkfirst=True)


def _shown(url: str) -> str:
    """The file of a SQLite URL; any other URL without its password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return "the history's URL"
    return (
        parsed.database or ":memory:" if parsed.drivername.startswith("sqlite") else parsed.render_as_string()
    )


def _reason(error: Exception) -> str:
    """What the database or the system says, in one line."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return (str(original).strip() or type(original).__name__).splitlines()[0]


def _next_step(error: Exception) -> str:
    """What to do about it."""
    said = _reason(error).lower()
    if "not a database" in said or "malformed" in said:
        return "Move the file away; triagebot makes a new one."
    if isinstance(error, OperationalError) and "locked" in said:
        return "Another process keeps it locked; wait for it to end."
    return "Check that the place exists and that you may write there."
