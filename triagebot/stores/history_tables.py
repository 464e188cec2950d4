"""The tables of history, one schema for SQLite and PostgreSQL, and the version that a file carries.

Times are UTC; a run id is unique within a project, so that recording a run twice can be seen. What is judged is found
by index: what a question costs depends on what is asked, not on how many runs there are.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.types import TypeDecorator

VERSION = 4
"""Of these tables. `migrations` takes every earlier one here."""


class Moment(TypeDecorator[datetime]):
    """A UTC time, kept without its zone, for SQLite has none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002  # given by SQLAlchemy
        """What is stored."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # given by SQLAlchemy
        """What is read."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData()

meta = Table(
    "meta", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False)
)

runs = Table(
    "runs",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("environment", Text),
    Column("branch", Text),
    Column("sha", Text),
    Column("revision", Text),
    Column("url", Text),
    Column("status", String(20), nullable=False),
    Column("complete", Boolean, nullable=False),
)
Index("runs_by_scope", runs.c.project, runs.c.environment, runs.c.branch, runs.c.at)
Index("runs_by_time", runs.c.project, runs.c.at)

results = Table(
    "results",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("run", Text, primary_key=True),
    Column("test", Text, primary_key=True),
    Column("outcome", String(10), nullable=False),
    Column("duration_s", Float),
    Column("rerun", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
"""The rows of a run lie side by side: writing them touches no others."""

occurrences = Table(
    "occurrences",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("run", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("ran", Integer, nullable=False),
    Column("environment", Text),
    Column("branch", Text),
    Column("sha", Text),
    Column("revision", Text),
    Column("url", Text),
    Column("taken_over", Boolean, nullable=False, server_default=false()),
)
Index("occurrences_by_run", occurrences.c.project, occurrences.c.run)
Index("occurrences_by_time", occurrences.c.project, occurrences.c.at)
_TAKEN_OVER = occurrences.c.taken_over.is_(True)
Index(
    "occurrences_taken_over",
    occurrences.c.project,
    occurrences.c.key,
    sqlite_where=_TAKEN_OVER,
    postgresql_where=_TAKEN_OVER,
)
"""Those of runs of which nothing but an issue's row is known: few, and asked for with every question."""

sightings = Table(
    "sightings",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("test", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("runs", Integer, nullable=False),
)
"""A test that showed a key, when last, and in how many runs."""
Index("sightings_by_time", sightings.c.project, sightings.c.at)

green_paths = Table(
    "green_paths",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("environment", Text, primary_key=True),
    Column("branch", Text, primary_key=True),
    Column("test", Text, primary_key=True),
    Column("run", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("sha", Text),
    Column("path", LargeBinary, nullable=False),
)
"""What each test of a scope ("" for no environment or branch) did in its last proven green run."""
Index("green_paths_by_time", green_paths.c.project, green_paths.c.at)

settled = Table(
    "settled",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("issue", Integer, primary_key=True, autoincrement=False),
    Column("told", Text, nullable=False),
)
"""What people decided about the cause of a key on an issue, as JSON. It is kept for good: causes come back after years."""

session_lines = Table(
    "session_lines",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("session", Text, primary_key=True),
    Column("line", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("told", Text, nullable=False),
)
"""What sessions remember, a row a line. It is made where it is missing, and no other table knows of it: it needs no version."""
Index("session_lines_by_time", session_lines.c.project, session_lines.c.at)

daily = Table(
    "daily",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("kind", String(4), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("environment", Text, primary_key=True),
    Column("branch", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("runs", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("rerun", Integer, nullable=False),
)
"""What is left of days that are kept no longer, "" for no environment or branch.

Of kind "run" (without a name): runs, and how many were not green. "key": runs in which it occurred, and failures of its
tests. "test", where it did not just pass: runs in which it failed or was rerun, how often each.
"""
