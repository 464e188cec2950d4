"""The deployment: which service runs with which variables, when it counts as ready, and how it is taken down."""

import os
import secrets
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2

from staging import faults, storage

SHARED = ("JWT_SIGNING_KEY", "DATABASE_PATH", "PRICING_URL", "AGENT_SERVICE_TOKEN", "STAGING_REVISION")
MANIFEST = {
    "pricing": ("AGENT_SERVICE_TOKEN",),
    "api": (*SHARED, "SESSION_SECRET"),
    "realtime": SHARED,
}
ALWAYS = ("PATH", "STAGING_LOG", "STAGING_FAULTS")
ROOT = Path(__file__).parent.parent
TLS = ssl.create_default_context()  # made once: it takes longer than most requests
READY_WITHIN_S = 15.0
ROLL_OUT_WARM_UP_S = 2.5


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def variables(scratch: Path, log: Path, revision: str, fault_names: str) -> dict[str, str]:
    """The variables of one deployment; every secret is new."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "STAGING_LOG": str(log),
        "STAGING_FAULTS": fault_names,
        "STAGING_REVISION": revision,
        "DATABASE_PATH": str(scratch / "staging.db"),
        "JWT_SIGNING_KEY": secrets.token_hex(32),
        "SESSION_SECRET": secrets.token_hex(32),
        "AGENT_SERVICE_TOKEN": secrets.token_hex(16),
        "EXCHANGE_RATES": "{}" if "rates-lost" in fault_names.split(",") else '{"EUR": 0.92}',
        **{f"{service.upper()}_URL": f"http://127.0.0.1:{free_port()}" for service in MANIFEST},
    }


def environment(service: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The variables that `service` is given: those of its manifest and no others."""
    active = faults.active(settings)
    names = set(MANIFEST[service]).union(ALWAYS)
    if service == "realtime" and "ws-env" in active:
        names.remove("AGENT_SERVICE_TOKEN")
    given = {name: settings[name] for name in names}
    if service == "pricing" and "pricing-503" in active:
        given["LIMIT_CONCURRENCY"] = "1"
    return given


def migrate(settings: Mapping[str, str]) -> list[str]:
    """Bring the database up to date; the names of the migrations that ran."""
    scripts = sorted(storage.MIGRATIONS.glob("*.sql"))
    if "missing-table" in faults.active(settings):
        scripts = scripts[:-1]
    return storage.migrate(settings["DATABASE_PATH"], scripts)


@contextmanager
def running(service: str, url: str, given: Mapping[str, str], *, wait: bool = True) -> Iterator[str]:
    """`service` as a process that serves `url`; it is stopped at the end. Waits for readiness unless told not to."""
    command = [sys.executable, "-m", "staging.serve", service]
    process = subprocess.Popen(command, cwd=ROOT, env={**given, "PORT": url.rpartition(":")[2]})
    try:
        if wait:
            await_ready(url, process)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


def await_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return when `url` answers, whatever it answers. Raises RuntimeError when the process ends or time runs out."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx2.get(f"{url}/health", verify=TLS, timeout=1)
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{url} was not ready within {READY_WITHIN_S:.0f} s (exit code {process.poll()})")


@contextmanager
def roll_out(settings: Mapping[str, str]) -> Iterator[str]:
    """A second instance of the API beside the first, as a new revision would get; its URL once it is ready."""
    given = {**environment("api", settings), "WARM_UP_S": str(ROLL_OUT_WARM_UP_S)}
    gated = "cold-start" not in faults.active(settings)
    with running("api", f"http://127.0.0.1:{free_port()}", given, wait=gated) as url:
        yield url


@contextmanager
def deployed(scratch: Path, log: Path, revision: str, fault_names: str) -> Iterator[dict[str, str]]:
    """The whole system, migrated and ready; the variables with which it was deployed."""
    settings = variables(scratch, log, revision, fault_names)
    migrate(settings)
    with (
        running("pricing", settings["PRICING_URL"], environment("pricing", settings)),
        running("api", settings["API_URL"], environment("api", settings)),
        running("realtime", settings["REALTIME_URL"], environment("realtime", settings)),
    ):
        yield settings
