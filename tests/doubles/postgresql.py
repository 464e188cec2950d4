"""A real PostgreSQL server on a free port of loopback, in a folder of its own, gone when the caller is done."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SYSTEM = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def binaries() -> Path | None:
    """Where initdb and pg_ctl live: the PATH, or Debian's folder for the newest version."""
    found = shutil.which("initdb")
    return Path(found).parent if found else next((b for b in _SYSTEM if (b / "initdb").exists()), None)


@contextmanager
def server(tools: Path) -> Iterator[str]:
    """The URL of an empty server, started with the `tools` that `binaries` found."""
    folder = Path(tempfile.mkdtemp(prefix="triagebot-pg-"))
    as_user = _as_other_user()
    if as_user:
        shutil.chown(folder, "nobody")
    data, log, port = folder / "data", folder / "log", _free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run: dict[str, Any] = {"check": True, "capture_output": True, "cwd": folder, **as_user}
    control = [str(tools / "pg_ctl"), "-D", str(data)]
    try:
        initdb = [str(tools / "initdb"), "-D", str(data), "-U", "triagebot", "-A", "trust", "-E", "UTF8"]
        subprocess.run(initdb, **run)
        subprocess.run([*control, "-l", str(log), "-w", "-o", options, "start"], **run)
        yield f"postgresql://triagebot@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **{**run, "check": False})
        shutil.rmtree(folder, ignore_errors=True)


def database(url: str, name: str) -> str:
    """The URL of a new database without tables on the server at `url`."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.replace("/postgres", f"/{name}")


def _free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_other_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; "nobody" owns nothing and will do."""
    if os.geteuid() != 0:
        return {}
    environ = {"PATH": os.environ["PATH"], "HOME": "/"}
    return {"user": "nobody", "group": "nogroup", "extra_groups": [], "env": environ}
