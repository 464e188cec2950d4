"""The other end of every recorded suite: examples/staging with two faults on, and a site that has the other faults.

All of it listens on fixed ports of 127.0.0.1, so that a suite recorded twice says the same words.
"""

import contextlib
import http.server
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

HERE = Path(__file__).parent
STAGING = HERE.parents[1] / "examples" / "staging"
sys.path.insert(0, str(STAGING))

from staging import deploy  # noqa: E402 - its folder has to be found first

HOST = "127.0.0.1"
PORTS = {"pricing": 8802, "api": 8800, "realtime": 8801}  # in the order of deploy.MANIFEST
SITE, TLS, DOWN = 8810, 8811, 8812
FAULTS = "ws-env,pricing-503"
SLOW_S = 3
PAGE = (HERE / "page.html").read_bytes()


@contextlib.contextmanager
def running(certificate: Path) -> Iterator[dict[str, str]]:
    """The variables that a suite needs: where everything is, and a token of a user."""
    with (
        tempfile.TemporaryDirectory(prefix="staging-") as scratch,
        _staging(Path(scratch)) as settings,
        _site(SITE, None),
        _site(TLS, certificate),
    ):
        answer = httpx2.post(f"{settings['API_URL']}/auth/token", json={"user": "ada"}, timeout=10)
        yield {
            "STAGING_API": settings["API_URL"],
            "STAGING_WS": settings["REALTIME_URL"].replace("http", "ws") + "/ws",
            "STAGING_TOKEN": answer.json()["token"],
            "STAGING_SITE": f"http://{HOST}:{SITE}",
            "STAGING_TLS": f"https://{HOST}:{TLS}",
            "STAGING_DOWN": f"http://{HOST}:{DOWN}",
            "STAGING_PARTNER": "http://partner.staging.invalid",
        }


@contextlib.contextmanager
def _staging(scratch: Path) -> Iterator[dict[str, str]]:
    ports = iter([PORTS[service] for service in deploy.MANIFEST])
    deploy.free_port = lambda: next(ports)
    with deploy.deployed(scratch, scratch / "service.log", "staging-00042", FAULTS) as settings:
        yield settings


@contextlib.contextmanager
def _site(port: int, certificate: Path | None) -> Iterator[None]:
    server = http.server.ThreadingHTTPServer((HOST, port), _Site)
    server.handle_error = lambda *_: None
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Site(http.server.BaseHTTPRequestHandler):
    """`/` is the shop's page, `/slow` answers too late, `/basket.json` is a basket without a plan."""

    protocol_version = "HTTP/1.1"
    ANSWERS = {
        "/": (200, "text/html; charset=utf-8", PAGE),
        "/slow": (200, "application/json", b"{}"),
        "/basket.json": (200, "application/json", b'{"items": [], "total": 41}'),
        "/api/quotes": (503, "application/json", b'{"error": "dependency failed", "dependency": "pricing"}'),
    }

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/slow":
            time.sleep(SLOW_S)
        status, kind, body = self.ANSWERS.get(path, (404, "text/plain", b"not found"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *args):
        pass


def untrusted_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that it signed itself, with its key, as one PEM."""
    pem = folder / "untrusted.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1",
               "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1",
               "-keyout", folder / "key.pem", "-out", folder / "cert.pem"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    pem.write_bytes((folder / "cert.pem").read_bytes() + (folder / "key.pem").read_bytes())
    os.unlink(folder / "key.pem")
    return pem


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, running(untrusted_certificate(Path(folder))) as given:
        print("\n".join(f"export {name}={value}" for name, value in given.items()), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
