"""Databases for the tests of history: SQLite always, and a real PostgreSQL where the machine has one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.postgresql import binaries, database, server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty PostgreSQL server on a free port of loopback, gone after the tests."""
    if (tools := binaries()) is None:
        pytest.skip("no PostgreSQL on this machine: install it (Debian: postgresql) to run these tests")
    with server(tools) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, once in each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'history.db'}"
    return database(request.getfixturevalue("postgresql"), f"t{abs(hash(request.node.nodeid))}")
