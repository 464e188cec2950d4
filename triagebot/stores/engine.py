"""Opening a database so that several processes can use it at once, and telling the user when that cannot be done.

In: a SQLAlchemy URL. Out: an engine whose `writing` transactions hold the write lock from their first statement on.
What the tables mean is not known here.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError

from triagebot.errors import UserError
from triagebot.stores import history_tables, migrations
from triagebot.stores.patience import LateError, Patience

_BUSY_S = 30.0
_LOCK = 7_021_948_113
"""An arbitrary number under which PostgreSQL lets one process at a time create and change the tables."""
_LIMITS = text(
    "SELECT set_config('statement_timeout', :ms, true), set_config('idle_in_transaction_session_timeout', :ms, true)"
)
_PATIENCE = "triagebot_patience"
_LEAST_CONNECT_S = 2
"""libpq takes no less."""


def open_engine(url: str, tables: MetaData = history_tables.metadata) -> Engine:
    """An engine whose tables exist and are of our version.

    Raises UserError when the place cannot be written or reached, is no database, or is of a newer version.
    """
    return prepared(engine_of(url), tables)


def engine_of(url: str, patience: Patience | None = None) -> Engine:
    """An engine that is not connected yet. Raises UserError for a URL that nobody could open.

    Without `patience` each call of its own may wait for a lock.
    """
    try:
        parsed = make_url(url)
        driver = "postgresql+psycopg" if parsed.drivername == "postgresql" else parsed.drivername
        engine = create_engine(parsed.set(drivername=driver), execution_options={_PATIENCE: patience})
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise UserError(
            f"{_shown(url)}: cannot be opened: {error}. For PostgreSQL install triagebot[postgresql]."
        ) from None
    if engine.dialect.name not in ("sqlite", "postgresql"):
        raise UserError(f"{_shown(url)}: cannot be opened: history is kept in SQLite or PostgreSQL only.")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: _set_up_sqlite(connection, patience))
        event.listen(engine, "begin", _begin_sqlite)
    elif patience is not None:
        event.listen(
            engine, "do_connect", lambda dialect, _, args, more: _dialled(patience, dialect, args, more)
        )
    return engine


def prepared(engine: Engine, tables: MetaData = history_tables.metadata) -> Engine:
    """The engine with its tables made or migrated and its version checked; closed again when that fails."""
    name = _shown(engine.url.render_as_string(hide_password=False))
    try:
        _make_folder(engine)
        _prepare(engine, tables)
    except migrations.NotOursError as error:
        engine.dispose()
        raise UserError(f"{name}: {error}") from None
    except (
        SQLAlchemyError,
        LateError,
        OSError,
        ValueError,
    ) as error:  # ValueError is a part of the URL that is none
        engine.dispose()
        raise UserError(f"{name}: cannot be used: {_reason(error, engine)}. {_next_step(error)}") from None
    return engine


def _prepare(engine: Engine, tables: MetaData) -> None:
    """A look first: where nothing is to be made, nobody waits for the lock or needs the right to write."""
    with reading(engine) as connection:
        if migrations.is_current(connection, tables):
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        migrations.bring_up(connection, tables)


def _make_folder(engine: Engine) -> None:
    """The folder of a SQLite file. Raises OSError."""
    if (
        engine.dialect.name == "sqlite"
        and engine.url.database
        and not engine.url.database.startswith("file:")
    ):
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from the beginning, committed at the end, rolled back on any error."""
    with _transaction(engine, triagebot_begin="BEGIN IMMEDIATE") as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads and sees one state throughout."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with _transaction(engine, **options) as connection:
        yield connection


@contextmanager
def _transaction(engine: Engine, **options: Any) -> Iterator[Connection]:
    """A transaction that ends when patience does. Raises LateError then."""
    if (patience := _patience(engine)) is None:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection
        return
    with patience.watched() as watch, engine.connect().execution_options(**options) as connection:
        driver = connection.connection.driver_connection
        watch.over(driver.interrupt if engine.dialect.name == "sqlite" else lambda: _hang_up(driver))  # type: ignore[union-attr]
        with connection.begin():
            if engine.dialect.name == "postgresql":  # for a server that outlives us, so that no lock does
                connection.execute(_LIMITS, {"ms": str(ceil(patience.left * 1000))})
            yield connection


def refusal(error: SQLAlchemyError | LateError, engine: Engine) -> UserError:
    """The words for a database that was opened and does not do what it is asked."""
    return UserError(f"History cannot be used: {_reason(error, engine)}. {_next_step(error)}")


def _patience(engine: Engine) -> Patience | None:
    """How long calls of this engine may take in all; None for its own time each."""
    found: Patience | None = engine.get_execution_options().get(_PATIENCE)
    return found


def _dialled(patience: Patience, dialect: Any, args: Any, more: dict[str, Any]) -> Any:
    """A new connection to a server, which patience may end."""

    def connect(seconds: float) -> Any:
        limit = min(int(more.get("connect_timeout", _BUSY_S)), ceil(seconds))
        return dialect.connect(*args, **{**more, "connect_timeout": max(_LEAST_CONNECT_S, limit)})

    return patience.connected(connect, _hang_up)


def _hang_up(driver: Any) -> None:
    """End a connection under the thread that waits for it: what it waits for fails."""
    try:
        with socket.socket(fileno=driver.fileno()) as line:
            try:
                line.shutdown(socket.SHUT_RDWR)
            finally:
                line.detach()
    except Exception:  # noqa: BLE001, S110 - it is gone already, in whatever way the driver says so
        pass


def _set_up_sqlite(connection: Any, patience: Patience | None) -> None:
    """Readers beside one writer; waiting for the lock; transactions begun by us and not by the driver."""
    connection.isolation_level = None
    connection.execute(_busy(patience))
    connection.execute("PRAGMA journal_mode = WAL")
    # Beside a WAL a killed process loses nothing this way; only a power cut may.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """BEGIN for readers; for writers the lock at once, since a reader that turns writer can fail."""
    if (patience := _patience(connection.engine)) is not None:
        connection.exec_driver_sql(_busy(patience))
    connection.exec_driver_sql(connection.get_execution_options().get("triagebot_begin", "BEGIN"))


def _busy(patience: Patience | None) -> str:
    """The statement that says how long to wait for another's lock."""
    return f"PRAGMA busy_timeout = {max(1, int((patience.left if patience else _BUSY_S) * 1000))}"


def _shown(url: str) -> str:
    """The file of a SQLite URL; any other URL without its password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return "the history's URL"
    return (
        parsed.database or ":memory:" if parsed.drivername.startswith("sqlite") else parsed.render_as_string()
    )


def _reason(error: Exception, engine: Engine) -> str:
    """What the database or the system says, in one line."""
    if isinstance(error, LateError):
        patience = _patience(engine)
        return f"it gave no answer within {patience.seconds if patience else _BUSY_S:g} s"
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return (str(original).strip() or type(original).__name__).splitlines()[0]


def _next_step(error: Exception) -> str:
    """What to do about it."""
    said = str(getattr(error, "orig", None) or error).lower()
    if isinstance(error, LateError):
        return "Look after the server, or give it longer: timeout_s under [history] of the config."
    if "not a database" in said or "malformed" in said:
        return "Move the file away; triagebot makes a new one."
    if isinstance(error, OperationalError) and "locked" in said:
        return "Another process keeps it locked; wait for it to end."
    if "no such column" in said or "no such table" in said or "does not exist" in said or "no column" in said:
        return "Its tables are not those of this triagebot; give history a database of its own."
    return "Check that the place exists and that you may write there."
