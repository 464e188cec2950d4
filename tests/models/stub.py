"""A Messages API on loopback that says what it is told to, and remembers what it was asked.

In: a list of answers (the last one is repeated). Out: real HTTP to the real SDK. Nothing inside the program is replaced.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


@dataclass
class Stub:
    """The server's address and what it was asked: (path, headers, body) in order."""

    url: str
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, _, body in self.asked]


@contextmanager
def serving(*answers: Answer) -> Iterator[Stub]:
    """A stub that gives the answers in turn; the last one again and again."""
    stub = Stub("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
            with stub.lock:
                turn = len(stub.asked)
                stub.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                stub.at_once += 1
                stub.most_at_once = max(stub.most_at_once, stub.at_once)
            try:
                answers[min(turn, len(answers) - 1)](self, body)
            except (BrokenPipeError, ConnectionResetError):
                pass
            finally:
                with stub.lock:
                    stub.at_once -= 1

        def log_message(self, *_: Any) -> None:
            """Nothing: tests read what was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()


def raw(status: int, body: bytes, content_type: str = "application/json", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(status)
        handler.send_header("content-type", content_type)
        handler.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def message(text: str | None, *, stop: str | None = "end_turn", usage: Any = None, **more: Any) -> Answer:
    """A message as the API sends it; `text` None for one without content."""
    content = [] if text is None else [{"type": "text", "text": text}]
    held = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": 1000, "output_tokens": 500} if usage is None else usage,
        **more,
    }
    return raw(200, json.dumps(held).encode())


def error(status: int, kind: str, text: str = "no", **headers: str) -> Answer:
    body = {"type": "error", "error": {"type": kind, "message": text}}
    return raw(status, json.dumps(body).encode(), **headers)


def html(status: int = 200) -> Answer:
    return raw(status, b"<html><body>Are you a robot?</body></html>", "text/html")


def slow(seconds: float, then: Answer) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        time.sleep(seconds)
        then(handler, body)

    return answer


def dribbling(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """Headers, and then a byte now and then: no read ever times out."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def cut(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A connection that breaks in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "msg')
    handler.wfile.flush()
    handler.connection.close()
