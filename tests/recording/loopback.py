"""Servers on 127.0.0.1 that misbehave on purpose: the other end of every recorded failure.

Standard library only and fit for Python 3.8, for it runs inside the throwaway environments of old clients. Each
server is a context manager that yields its port. Nothing here may listen on another address.
"""

import base64
import contextlib
import hashlib
import http.server
import json
import os
import re
import socket
import ssl
import struct
import threading
import time

HOST = "127.0.0.1"
CERTIFICATES = os.environ.get("RECORDING_CERTIFICATES", "")
CA = os.path.join(CERTIFICATES, "ca.pem")


def closed_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def tcp(serve, backlog=16):
    """A TCP server that hands each connection to `serve` in a thread of its own."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(backlog)
        threading.Thread(target=_accept, args=(listener, serve), daemon=True).start()
        yield listener.getsockname()[1]


def _accept(listener, serve):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(serve, connection), daemon=True).start()


def _serve(serve, connection):
    with contextlib.suppress(OSError, EOFError):
        serve(connection)
    connection.close()


def reset(connection):
    """Read until the other side has said all it had to say, then close with RST instead of FIN."""
    connection.recv(65536)
    # Whoever is still sending when the RST comes sees a broken pipe instead.
    time.sleep(0.1)
    connection.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(connection):
    """Read a request and close without an answer."""
    connection.recv(65536)


def silent(connection):
    """Accept and say nothing for longer than anybody waits."""
    with contextlib.suppress(OSError):
        connection.settimeout(20)
        while connection.recv(65536):
            pass


def garbage(connection):
    """Answer with something that no protocol here is."""
    connection.recv(65536)
    connection.sendall(b"EHLO nonsense\r\n\r\n")


@contextlib.contextmanager
def unreachable():
    """A port whose queue is full, so that the kernel drops every SYN: a connect that times out."""
    with socket.socket() as listener, contextlib.ExitStack() as kept:
        listener.bind((HOST, 0))
        listener.listen(0)
        for _ in range(4):
            filler = kept.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        time.sleep(0.1)
        yield listener.getsockname()[1]


class _Answer(http.server.BaseHTTPRequestHandler):
    """`/status/503` answers 503, `/slow` later than anybody waits; the body is `bodies[status]` or a short JSON."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "/slow" in self.path:
            time.sleep(3)
        if "/short" in self.path:
            return self._send(200, b"half", claimed=1000)
        if "/html" in self.path:
            return self._send(200, b"<html><body>Sign in</body></html>", kind="text/html")
        status = self.server.status or _status_in(self.path)
        body = self.server.bodies.get(status, {"error": f"status {status}"})
        return self._send(status, body if isinstance(body, bytes) else json.dumps(body).encode())

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def _send(self, status, body, kind="application/json", claimed=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(claimed or len(body)))
        if status in (301, 302):
            self.send_header("Location", self.path)
        for name, value in self.server.extra.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *args):
        pass


def _status_in(path):
    """The 503 of `/status/503?x=1`; 200 without."""
    found = re.search(r"/status/(\d{3})", path)
    return int(found.group(1)) if found else 200


class _Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, *args):
        """A client that hangs up or refuses a certificate is what we are here for."""


@contextlib.contextmanager
def web(status=None, bodies=None, extra=None, certificate=None):
    """An HTTP server; with `certificate` ("good", "self-signed", "expired", "other-host") it speaks TLS."""
    server = _Quiet((HOST, 0), _Answer)
    server.status, server.bodies, server.extra, server.daemon_threads = (
        status,
        bodies or {},
        extra or {},
        True,
    )
    if certificate:
        server.socket = server_tls(certificate).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def server_tls(certificate):
    """The TLS context of a server that shows one of the certificates that record.py made."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(CERTIFICATES, certificate + ".pem"))
    return context


def trusting():
    """The TLS context of a client that trusts the recordings' own authority."""
    return ssl.create_default_context(cafile=CA)


@contextlib.contextmanager
def websocket(act, status=101):
    """A WebSocket server that shakes hands with `status` and then does `act(connection)`, frames by hand."""
    with tcp(lambda connection: _websocket(connection, act, status)) as port:
        yield port


def _websocket(connection, act, status):
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(65536) or _end()
    if status != 101:
        connection.sendall(b"HTTP/1.1 %d Nope\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status)
        return
    headers = dict(line.lower().split(b": ", 1) for line in request.split(b"\r\n")[1:] if b": " in line)
    key = next(
        line.split(b": ", 1)[1]
        for line in request.split(b"\r\n")
        if line.lower().startswith(b"sec-websocket-key")
    )
    assert b"upgrade" in headers
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
    time.sleep(0.1)
    act(connection)


def _end():
    raise EOFError


def close_with(code, reason=""):
    """An act: send a close frame and wait for the other side's."""

    def act(connection):
        payload = struct.pack("!H", code) + reason.encode()
        connection.sendall(bytes([0x88, len(payload)]) + payload)
        connection.settimeout(2)
        connection.recv(65536)

    return act


def close_without_code(connection):
    """An act: a close frame with an empty body (1005)."""
    connection.sendall(b"\x88\x00")
    connection.recv(65536)


def drop(connection):
    """An act: end the TCP connection without a close frame (1006)."""


def text(payload):
    """An act: one text message, then the end as soon as the other side says anything."""

    def act(connection):
        connection.sendall(bytes([0x81, len(payload)]) + payload)
        connection.recv(65536)

    return act


def bad_frame(connection):
    """An act: a frame with reserved bits set, which breaks the protocol; then the end at the first answer."""
    connection.sendall(b"\xf1\x01x")
    connection.recv(65536)


def answer_close(connection):
    """An act: wait for a close frame and answer it with 1000."""
    connection.recv(65536)
    connection.sendall(b"\x88\x02\x03\xe8")
    connection.recv(65536)
