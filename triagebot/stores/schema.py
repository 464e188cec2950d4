"""The tables of history, one schema for SQLite and PostgreSQL, and the version that a file carries.

Times are UTC; a run id is unique within a project. Every row that a run brings is keyed by that run, so that
recording it twice can be seen.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

VERSION = 1


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

results = Table(
    "results",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("test", Text, primary_key=True),
    Column("run", Text, primary_key=True),
    Column("outcome", String(10), nullable=False),
    Column("duration_s", Float),
    Column("rerun", Boolean, nullable=False),
)
Index("results_by_run", results.c.project, results.c.run)

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
)

sightings = Table(
    "sightings",
    metadata,
    Column("project", String(200), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("test", Text, primary_key=True),
    Column("run", Text, primary_key=True),
)
