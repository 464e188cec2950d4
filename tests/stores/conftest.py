"""Databases for the tests of history: SQLite always, and a real PostgreSQL where the machine has one."""

from pathlib import Path

import pytest

from tests.doubles.postgresql import database


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, once in each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'history.db'}"
    return database(request.getfixturevalue("postgresql"), f"t{abs(hash(request.node.nodeid))}")
