"""Issues in one SQLite file, for everybody without a token: the same promises as on GitHub, in one place.

In: what a plan writes, and what a person does with `triagebot issues`. Out: issues. A change is one transaction with
its once-key and its occurrence, under the file's write lock, so that any number of processes may run and be killed.
It renders nothing and decides nothing.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)
from sqlalchemy import update as update_row
from sqlalchemy.exc import SQLAlchemyError

from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.issues import is_session, read_marker
from triagebot.issues.model import Issue, Marker, StateReason
from triagebot.stores import KEEP_DAYS, sqlite_url
from triagebot.stores.engine import open_engine, reading, writing
from triagebot.stores.history_tables import Moment
from triagebot.stores.history_tables import metadata as history_tables
from triagebot.stores.sql_history import SqlHistory
from triagebot.trackers import Edit, TrackerError

AUTHOR = "triagebot"
FILE = Path(".triagebot") / "triagebot.db"

_NAMES = Config()
_LARGEST = 2**63 - 1
"""The largest number that SQLite takes."""

_tables = MetaData()
for _table in history_tables.tables.values():
    _table.to_metadata(_tables)

_issues = Table(
    "issues",
    _tables,
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(6), nullable=False),
    Column("state_reason", String(12)),
    Column("duplicate_of", Integer),
    Column("closed_at", Moment),
    Column("closed_commit", Text),
    Column("labels", Text, nullable=False),
    sqlite_autoincrement=True,
)
_comments = Table(
    "comments",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("issue", ForeignKey("issues.number"), nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
)
_once = Table(
    "once",
    _tables,
    Column("key", String(64), primary_key=True),
    Column("issue", ForeignKey("issues.number"), nullable=False),
)
_keys = Table(
    "issue_keys",
    _tables,
    Column("key", Text, primary_key=True),
    Column("issue", ForeignKey("issues.number"), primary_key=True),
)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it stands. `at` is UTC."""

    author: str
    at: datetime
    body: str


def _clock() -> datetime:
    """The time of writing, for what is written down as closed or said at a time."""
    return datetime.now(UTC)


class LocalTracker:
    """The tracker in one SQLite file. Opening makes the file; raises UserError when that cannot be."""

    name: Literal["local"] = "local"

    def __init__(
        self, path: Path, clock: Callable[[], datetime] = _clock, keep_days: int = KEEP_DAYS
    ) -> None:
        self.path = path
        self.engine: Engine = open_engine(sqlite_url(path), _tables)
        self.history = SqlHistory(self.engine, keep_days=keep_days)
        self._clock = clock
        self._writing: Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything read and written inside becomes visible together, or not at all. Raises TrackerError."""
        with self._begun():
            yield

    def calm(self) -> None:
        """Nothing to wait for: who writes holds the lock since the read."""

    def put_back(self, written: Collection[int], relabelled: Collection[int]) -> None:
        """Nothing to put back: who writes holds the lock since the read."""

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """A transaction that every read and write of this tracker joins until it ends."""
        try:
            with writing(self.engine) as connection:
                self._writing = connection
                yield connection
        except SQLAlchemyError as error:
            raise TrackerError(f"{self.path}: {_database_message(error)}") from error
        finally:
            self._writing = None

    @contextmanager
    def _reads(self) -> Iterator[Connection]:
        """The open transaction, or one to read in."""
        if self._writing is not None:
            yield self._writing
            return
        try:
            with reading(self.engine) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise TrackerError(f"{self.path}: {_database_message(error)}") from error

    @contextmanager
    def _writes(self) -> Iterator[Connection]:
        """The open transaction, or one of its own."""
        if self._writing is not None:
            yield self._writing
            return
        with self._begun() as connection:
            yield connection

    def issues(self) -> tuple[Issue, ...]:
        """All issues about causes by number."""
        return tuple(issue for issue in self._every() if not is_session(issue, _NAMES))

    def sessions(self) -> tuple[Issue, ...]:
        """The records of sessions by number."""
        return tuple(issue for issue in self._every() if is_session(issue, _NAMES))

    def _every(self) -> tuple[Issue, ...]:
        """All issues by number."""
        with self._reads() as connection:
            return tuple(map(_issue, connection.execute(select(_issues).order_by(_issues.c.number))))

    def read(self, number: int) -> Issue | None:
        """One issue, or None."""
        if number > _LARGEST:
            return None
        with self._reads() as connection:
            row = connection.execute(select(_issues).where(_issues.c.number == number)).one_or_none()
            return None if row is None else _issue(row)

    def holding(self, keys: Collection[str], *, fresh: bool) -> tuple[Issue, ...]:  # noqa: ARG002  # always fresh here
        """Issues that hold one of these keys."""
        numbers = select(_keys.c.issue).where(_keys.c.key.in_(list(keys)))
        with self._reads() as connection:
            rows = connection.execute(
                select(_issues).where(_issues.c.number.in_(numbers)).order_by(_issues.c.number)
            )
            return tuple(map(_issue, rows))

    def create(self, title: str, body: str, labels: tuple[str, ...], once: str) -> Issue:
        """Open an issue, with its once-key and its occurrences."""
        with self._writes() as connection:
            values = {"title": title, "body": body, "state": "open", "labels": json.dumps(labels)}
            number = connection.execute(
                insert(_issues).values(values).returning(_issues.c.number)
            ).scalar_one()
            connection.execute(insert(_once).values(key=once, issue=number))
            self._remember(connection, number, body)
            return self._there(number)

    def update(self, number: int, edit: Edit) -> Issue:
        """Make one edit, with its once-key and its occurrences."""
        with self._writes() as connection:
            issue = self._there(number)
            connection.execute(
                update_row(_issues).where(_issues.c.number == number).values(self._values(issue, edit))
            )
            if edit.body is not None:
                self._remember(connection, number, edit.body)
            return self._there(number)

    def comments(self, number: int) -> tuple[str, ...]:
        """The bodies of our own comments, oldest first."""
        return tuple(comment.body for comment in self.issue_comments(number) if comment.author == AUTHOR)

    def issue_comments(self, number: int) -> tuple[Comment, ...]:
        """All comments, oldest first."""
        with self._reads() as connection:
            rows = connection.execute(
                select(_comments).where(_comments.c.issue == number).order_by(_comments.c.id)
            )
            return tuple(Comment(row.author, row.at, row.body) for row in rows)

    def happened(self, number: int) -> list[tuple[datetime, str, str]]:
        """When somebody commented on an issue, and who."""
        return [(comment.at, "comment", comment.author) for comment in self.issue_comments(number)]

    def comment(self, number: int, body: str, author: str = AUTHOR) -> None:
        """Add a comment."""
        with self._writes() as connection:
            self._there(number)
            connection.execute(
                insert(_comments).values(issue=number, author=author, at=self._clock(), body=body)
            )

    def close(self, number: int, reason: StateReason = "completed", commit: str | None = None) -> Issue:
        """Close as a person does; `commit` is the fix. Raises UserError when there is no such issue."""
        self._known(number)
        with self._writes() as connection:
            connection.execute(
                update_row(_issues).where(_issues.c.number == number).values(closed_commit=commit)
            )
            return self.update(number, Edit(state="closed", state_reason=reason))

    def reopen(self, number: int) -> Issue:
        """Reopen as a person does. Raises UserError when there is no such issue."""
        self._known(number)
        return self.update(number, Edit(state="open", state_reason="reopened"))

    def label(self, number: int, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Issue:
        """Add and remove labels as a person does. Raises UserError when there is no such issue."""
        self._known(number)
        return self.update(number, Edit(add=tuple(add), remove=tuple(remove)))

    def show(self, number: int) -> Issue:
        """One issue. Raises UserError when there is none of that number."""
        return self._known(number)

    def _known(self, number: int) -> Issue:
        """The issue of a number that a person gave."""
        if (issue := self.read(number)) is None:
            raise UserError(
                f"{self.path}: no issue {number}; `triagebot issues list` shows those that there are."
            )
        return issue

    def _there(self, number: int) -> Issue:
        """An issue that must be there."""
        if (issue := self.read(number)) is None:
            raise TrackerError(f"{self.path}: issue {number} is gone")
        return issue

    def _values(self, issue: Issue, edit: Edit) -> dict[str, Any]:
        """The columns that an edit changes."""
        labels = [label for label in issue.labels if label not in edit.remove]
        values: dict[str, Any] = {"labels": json.dumps(list(dict.fromkeys((*labels, *edit.add))))}
        given = {
            "title": edit.title,
            "body": edit.body,
            "state": edit.state,
            "state_reason": edit.state_reason,
        }
        values |= {name: value for name, value in given.items() if value is not None}
        if edit.duplicate_of is not None:
            values["duplicate_of"] = edit.duplicate_of
        if edit.state == "closed" and issue.state == "open":
            values["closed_at"] = self._clock()
        if edit.state == "open":
            values |= {"closed_at": None, "closed_commit": None, "duplicate_of": None}
        return values

    def _remember(self, connection: Connection, number: int, body: str) -> None:
        """What the marker in a body says, in tables: keys that the issue holds, once-keys, occurrences."""
        marker = read_marker(body)
        connection.execute(delete(_keys).where(_keys.c.issue == number))
        if not isinstance(marker, Marker):
            return
        held = dict.fromkeys((marker.key, *marker.aliases))
        connection.execute(insert(_keys), [{"key": key, "issue": number} for key in held])
        spent = set(connection.scalars(select(_once.c.key).where(_once.c.key.in_(marker.once))))
        if fresh := [{"key": key, "issue": number} for key in marker.once if key not in spent]:
            connection.execute(insert(_once), fresh)
        rows = [(marker.key, row) for row in marker.occurrences]
        self.history.remember(connection, rows, self._clock())


def _issue(row: Row[Any]) -> Issue:
    """An issue from its row. All issues here are ours, so a well-formed marker is trusted."""
    marker = read_marker(row.body)
    return Issue(
        number=row.number,
        title=row.title,
        body=row.body,
        state=row.state,
        labels=tuple(json.loads(row.labels)),
        author=AUTHOR,
        marker=marker if isinstance(marker, Marker) else None,
        state_reason=row.state_reason,
        closed_at=row.closed_at,
        closed_commit=row.closed_commit,
        duplicate_of=row.duplicate_of,
        own=True,
    )


def _database_message(error: SQLAlchemyError) -> str:
    """What the database says, in one line."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]
