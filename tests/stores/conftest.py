"""Databases for the tests of history: SQLite always, and a real PostgreSQL where the machine has one."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_SYSTEM = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _binaries() -> Path | None:
    """Where initdb and pg_ctl live: the PATH, or Debian's folder for the newest version."""
    found = shutil.which("initdb")
    return Path(found).parent if found else next((b for b in _SYSTEM if (b / "initdb").exists()), None)


def _as_other_user() -> dict[str, object]:
    """PostgreSQL refuses to run as root; "nobody" owns nothing and will do."""
    if os.geteuid() != 0:
        return {}
    return {
        "user": "nobody",
        "group": "nogroup",
        "extra_groups": [],
        "env": {"PATH": os.environ["PATH"], "HOME": "/"},
    }


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty PostgreSQL server on a free port of loopback, gone after the tests."""
    if (binaries := _binaries()) is None:
        pytest.skip("no PostgreSQL on this machine: install it (Debian: postgresql) to run these tests")
    folder = Path(tempfile.mkdtemp(prefix="triagebot-pg-"))
    as_user = _as_other_user()
    if as_user:
        shutil.chown(folder, "nobody")
    data, log = folder / "data", folder / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run = {"check": True, "capture_output": True, "cwd": folder, **as_user}
    try:
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "triagebot", "-A", "trust", "-E", "UTF8"], **run
        )
        subprocess.run([binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], **run)
        yield f"postgresql://triagebot@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **{**run, "check": False}
        )
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, once in each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'history.db'}"
    server = request.getfixturevalue("postgresql")
    name = f"t{abs(hash(request.node.nodeid))}"
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres", f"/{name}")
