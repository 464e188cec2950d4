"""History stores, real ones, that get into trouble at any moment and out of it again."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.doubles.proxy import proxied
from triagebot.stores.history_tables import VERSION

_FOREIGN = "ALTER TABLE results RENAME TO ours; CREATE TABLE results (customer TEXT NOT NULL)"
_OURS = "DROP TABLE results; ALTER TABLE ours RENAME TO results"


def _version(number: int) -> str:
    return f"UPDATE meta SET value = '{number}' WHERE name = 'version'"


class BusyError(Exception):
    """This trouble cannot begin now: the program itself is in the way."""


@dataclass
class Home:
    """A home behind `url`. `troubles` begin when they are called, and end by what they return."""

    url: str
    troubles: dict[str, Callable[[], Callable[[], None]]] = field(default_factory=dict)

    @contextmanager
    def in_trouble(self, kind: str) -> Iterator[None]:
        end = self.troubles[kind]()
        try:
            yield
        finally:
            end()


def of_sqlite(path: Path) -> Home:
    """A home in a SQLite file."""
    home = Home(f"sqlite:///{path}")

    def script(begin: str, end: str) -> Callable[[], Callable[[], None]]:
        def run(text: str) -> None:
            db = sqlite3.connect(path, timeout=0, isolation_level=None)
            try:
                db.executescript(f"BEGIN IMMEDIATE; {text}; COMMIT")
            except sqlite3.OperationalError as error:
                raise BusyError from error
            finally:
                db.close()

        def trouble() -> Callable[[], None]:
            run(begin)
            return lambda: run(end)

        return trouble

    def locked() -> Callable[[], None]:
        db = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            db.close()
            raise BusyError from error
        return db.close

    refuse = (
        "CREATE TRIGGER no BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'you may not write here'); END"
    )
    home.troubles = {
        "locked": locked,
        "newer": script(_version(VERSION + 1), _version(VERSION)),
        "foreign": script(_FOREIGN, _OURS),
        "without rights": script(refuse, "DROP TRIGGER no"),
    }
    return home


@contextmanager
def of_postgresql(url: str) -> Iterator[Home]:
    """A home in the database at `url`, as a role of its own."""
    import psycopg

    name = url.rpartition("/")[2]
    role = f"app_{name}"

    def run(*statements: str) -> None:
        with psycopg.connect(url, autocommit=True) as db:
            for statement in statements:
                db.execute(f"SET lock_timeout = '100ms'; {statement}")

    def script(begin: str, end: str) -> Callable[[], Callable[[], None]]:
        def trouble() -> Callable[[], None]:
            try:
                run(begin)
            except psycopg.errors.LockNotAvailable as error:
                raise BusyError from error
            return lambda: run(end)

        return trouble

    def locked() -> Callable[[], None]:
        db: Any = psycopg.connect(url)
        try:
            db.execute("LOCK TABLE meta, runs, results IN ACCESS EXCLUSIVE MODE NOWAIT")
        except psycopg.errors.LockNotAvailable as error:
            db.close()
            raise BusyError from error
        return db.close

    run(f'CREATE ROLE "{role}" LOGIN', f'GRANT ALL ON SCHEMA public TO "{role}"')
    with proxied(url.replace("triagebot@", f"{role}@")) as (through, proxy):
        rights = f'INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public {{}} "{role}"'

        def turned(mode: Any) -> Callable[[], Callable[[], None]]:
            def trouble() -> Callable[[], None]:
                proxy.turn(mode)
                return lambda: (proxy.turn("refuse"), proxy.turn("pass"))[-1]

            return trouble

        yield Home(
            through,
            {
                "away": turned("refuse"),
                "silent": turned("silent"),
                "locked": locked,
                "newer": script(_version(VERSION + 1), _version(VERSION)),
                "foreign": script(_FOREIGN + f'; ALTER TABLE results OWNER TO "{role}"', _OURS),
                "without rights": script("REVOKE " + rights.format("FROM"), "GRANT " + rights.format("TO")),
            },
        )
