"""The HTTP edge of the double: real sockets on loopback, pages, rate limits, faults and a record of every exchange.

In: a `World`. Out: an address to hand to the bot, `exchanges` to count, and `complaints`, which name every exchange
that broke GitHub's published description; the `github` fixture fails a test that leaves any.
"""

import io
import json
import socket
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from tests.doubles import contract
from tests.doubles.github import faults, graph, routes
from tests.doubles.github.faults import Fault, Script
from tests.doubles.github.routes import Answer, Call
from tests.doubles.github.world import Actor, World

HTML = b"<!DOCTYPE html><html><head><title>Are you a robot?</title></head><body>Prove it.</body></html>"
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
STATUSES = {
    "500 before": 500,
    "502 before": 502,
    "502 after": 502,
    "503 before": 503,
    "504 after": 504,
    "429": 429,
}


@dataclass
class Request:
    """One request as it came in; `path` without the prefix, unquoted."""

    method: str
    path: str
    query: str
    body: bytes
    token: str


@dataclass
class Exchange:
    """One request and what was answered (status 0 when the connection was dropped)."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    token: str
    status: int
    fault: str = ""


class GitHub:
    """An in-process GitHub. Use it as a context manager; `url` is the API's address."""

    def __init__(self, world: World | None = None, prefix: str = "", validate: bool = True) -> None:
        self.world = world or World()
        self.prefix = prefix
        self.script = Script()
        self.exchanges: list[Exchange] = []
        self.complaints: list[str] = []
        self.validate = validate
        self.gate: Callable[[str, str, str], None] | None = None
        self._lock = threading.Lock()
        self.clients: list[Any] = []
        self._open: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.close()
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self._open):
            hang_up(connection)
        self._thread.join()

    @property
    def url(self) -> str:
        """The API's address; localhost, for PyGithub wants one host name on both sides."""
        return f"http://localhost:{self._server.server_address[1]}{self.prefix}"

    def fault(self, kind: faults.Kind, method: str | None = None, path: str = "", **more: Any) -> Fault:
        """Adds a fault to the script."""
        fault = Fault(kind, method, path, **more)
        self.script.faults.append(fault)
        return fault

    def count(self, method: str | None = None, path: str = "") -> int:
        """How many requests there were with this method and a path that holds `path`."""
        return sum(e.method == (method or e.method) and path in e.path for e in self.exchanges)

    @property
    def writes(self) -> list[Exchange]:
        """Every request that was not a GET, in order."""
        return [exchange for exchange in self.exchanges if exchange.method != "GET"]

    def serve(self, request: Request) -> tuple[Answer | None, Fault | None]:
        """The answer to one request; None for a connection that is dropped."""
        if self.gate is not None:
            self.gate(request.method, request.path, request.token)
        with self._lock:
            fault = self.script.next(request.method, request.path, request.token)
            reply = self._answer(request, fault)
            self.exchanges.append(_exchange(request, reply, fault))
        return reply, fault

    def _answer(self, request: Request, fault: Fault | None) -> Answer | None:
        if request.path.startswith("/storage/"):
            return self._storage(request, fault)
        if request.path in {"/graphql", "/api/graphql"}:
            return self._graphql(request, fault)
        if request.path.startswith("/repositories/"):
            return routes.elsewhere(self.url)
        found = routes.find(request.method, request.path)
        if found is None:
            self.complaints.append(f"{request.method} {request.path}: the double has no such endpoint")
            return routes.error(404, "Not Found")
        complaints = len(self.complaints)
        asked = self._check_request(request, *found)
        if len(self.complaints) > complaints:
            return routes.error(422, "Invalid request.")
        if fault and fault.kind not in faults.AFTER | faults.ANSWERS:
            return self._refusal(fault)
        reply, call = self._reply(request, found[0], found[1], fault)
        if fault:
            return self._spoil(reply, fault, call)
        self._check_answer(asked, reply)
        return reply

    def _reply(
        self, request: Request, template: str, names: dict[str, str], fault: Fault | None
    ) -> tuple[Answer, Call]:
        """What an undisturbed GitHub says."""
        actor = self._actor(request.token)
        query, stale = dict(parse_qsl(request.query)), fault is not None and fault.kind == "stale"
        call = Call(self.world, self.url, names, query, _json(request.body), actor or Actor("", {}), stale)
        if actor is None:
            return routes.error(401, "Bad credentials"), call
        if refused := self._spend(actor):
            return refused, call
        reply = self._page(routes.answer(template, request.method, call), call, request.path)
        reply.headers |= self._limits(actor)
        return reply, call

    def _actor(self, token: str) -> Actor | None:
        """Whose token this is. A JWT (three parts) is an app's."""
        if token.count(".") == 2:
            return Actor("triage-app", {"app": "write", "metadata": "read"})
        return self.world.actors.get(token)

    def _spend(self, actor: Actor) -> Answer | None:
        if actor.remaining <= 0:
            return routes.Answer(
                403, {"message": "API rate limit exceeded for installation."}, headers=self._limits(actor)
            )
        actor.remaining -= 1
        return None

    def _limits(self, actor: Actor) -> dict[str, str]:
        reset = actor.reset or int(self.world.clock().timestamp()) + 3600
        return {
            "x-ratelimit-limit": "1000",
            "x-ratelimit-remaining": str(actor.remaining),
            "x-ratelimit-reset": str(reset),
        }

    def _refusal(self, fault: Fault) -> Answer | None:
        if fault.kind.startswith("drop") or fault.kind == "hang":
            return None
        after = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        if fault.kind == "403 primary":
            reset = int(self.world.clock().timestamp()) + (fault.retry_after or 30)
            head = {
                "x-ratelimit-remaining": "0",
                "x-ratelimit-limit": "1000",
                "x-ratelimit-reset": str(reset),
            }
            return Answer(403, {"message": "API rate limit exceeded for installation ID 1."}, headers=head)
        if fault.kind == "answer":
            return Answer(fault.status, data=fault.data)
        if fault.kind == "403 forbidden":
            return Answer(403, {"message": "Resource not accessible by integration"})
        status = STATUSES.get(fault.kind, 403)
        limited = status in (403, 429)
        data = None if limited else HTML
        return Answer(status, {"message": SECONDARY} if limited else None, data=data, headers=after)

    def _spoil(self, reply: Answer, fault: Fault, call: Call) -> Answer | None:
        if fault.kind == "drop after":
            return None
        if fault.kind in STATUSES:
            return Answer(STATUSES[fault.kind], data=HTML)
        if fault.kind == "html":
            return Answer(200, data=HTML, headers={"content-type": "text/html; charset=utf-8"})
        if fault.kind == "cut json":
            return Answer(200, data=json.dumps(reply.json).encode()[:-7])
        if fault.kind == "object":
            return Answer(200, {"message": "Server is under maintenance"})
        page = int(call.query.get("page", "1"))
        if fault.kind == "empty page" and page > 1:
            reply.json, reply.headers = [], {k: v for k, v in reply.headers.items() if k != "link"}
        if fault.kind == "short page" and isinstance(reply.json, list):
            reply.json = reply.json[:-1]
        return reply

    def _page(self, reply: Answer, call: Call, path: str) -> Answer:
        """Cuts a list into the page that was asked for, with GitHub's Link header."""
        if reply.items is None:
            return reply
        size, page = int(call.query.get("per_page", "30")), int(call.query.get("page", "1"))
        pages = max(1, -(-len(reply.items) // size))
        shown = reply.items[(page - 1) * size : page * size]
        reply.json = {"total_count": len(reply.items), reply.wrap: shown} if reply.wrap else shown
        links = {"next": page + 1, "last": pages} if page < pages else {}
        links |= {"prev": page - 1, "first": 1} if page > 1 else {}
        address = {
            rel: f"{call.api}{path}?{urlencode(call.query | {'page': to})}" for rel, to in links.items()
        }
        if links:
            reply.headers["link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in address.items())
        return reply

    def _storage(self, request: Request, fault: Fault | None) -> Answer | None:
        """The host that artifacts are downloaded from; it must not see our token."""
        if request.token:
            self.complaints.append(f"GET {request.path}: the token was sent to the storage host")
        if fault:
            return Answer(200, data=HTML) if fault.kind == "html" else self._refusal(fault)
        if "/branch/" in request.path:
            data = _branch(self.world, request.path.rpartition("/")[2].removesuffix(".zip"))
        else:
            data = next(a for a in self.world.artifacts if request.path == f"/storage/{a.id}.zip").data
        return Answer(200, data=data, headers={"content-type": "application/zip"})

    def _graphql(self, request: Request, fault: Fault | None) -> Answer | None:
        """What the published schema knows, executed."""
        actor = self._actor(request.token)
        if actor is None:
            return routes.error(401, "Bad credentials")
        if not actor.graphql:
            return routes.error(403, "Resource not accessible by integration")
        if fault and fault.kind == "html":
            return Answer(200, data=HTML)
        if fault and fault.kind not in faults.ANSWERS:
            return self._refusal(fault)
        given = _json(request.body) or {}
        if wrong := graph.complaints(given.get("query", "")):
            self.complaints.append(f"graphql: {wrong[0]} in {request.body!r}")
            return Answer(200, {"data": None, "errors": [{"message": wrong[0]}]})
        return Answer(200, graph.answer(self.world, actor, given["query"], given.get("variables")))

    def _check_request(self, request: Request, template: str, names: dict[str, str]) -> contract.Asked:
        asked = contract.asked(request.method, template, names, parse_qsl(request.query), request.body)
        if self.validate:
            self.complaints += contract.request_complaints(asked)
        return asked

    def _check_answer(self, asked: contract.Asked, reply: Answer) -> None:
        if self.validate:
            headers = {**reply.headers, "content-type": "application/json"}
            self.complaints += contract.response_complaints(asked, reply.status, reply.json, headers)

    def opened(self, connection: socket.socket) -> None:
        """Remembers a connection, to hang up when the double goes away."""
        self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forgets it."""
        self._open.discard(connection)


def hang_up(connection: socket.socket) -> None:
    """Ends a connection without an answer."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _branch(world: World, commit: str) -> bytes:
    """A commit's files as GitHub zips them: below one folder named after the repository and the commit."""
    out = io.BytesIO()
    entries = world.objects[world.objects[commit]["tree"]]["entries"]
    with zipfile.ZipFile(out, "w") as archive:
        for path, entry in entries.items():
            archive.writestr(
                f"{world.owner}-{world.name}-{commit[:7]}/{path}", world.objects[entry["sha"]]["data"]
            )
    return out.getvalue()


def _exchange(request: Request, reply: Answer | None, fault: Fault | None) -> Exchange:
    query = dict(parse_qsl(request.query))
    status, kind = reply.status if reply else 0, fault.kind if fault else ""
    return Exchange(request.method, request.path, query, _json(request.body), request.token, status, kind)


def _json(body: bytes) -> Any:
    return json.loads(body) if body else None


def _handler(github: GitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            github.opened(self.connection)

        def finish(self) -> None:
            super().finish()
            github.closed(self.connection)

        def exchange(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            token = self.headers.get("authorization", "").rpartition(" ")[2]
            split = urlsplit(self.path)
            path = unquote(split.path.removeprefix(github.prefix))
            reply, fault = github.serve(Request(self.command, path, split.query, body, token))
            if reply is None:
                if fault and fault.kind == "hang":
                    self.rfile.read(1)  # until the other side gives up
                self.close_connection = True
                hang_up(self.connection)
                return
            self.send(reply)

        def send(self, reply: Answer) -> None:
            data = (
                reply.data
                if reply.data is not None
                else b""
                if reply.json is None
                else json.dumps(reply.json).encode()
            )
            kind = "text/html" if reply.data == HTML else "application/json; charset=utf-8"
            self.send_response(reply.status)
            headers = {
                "content-type": kind,
                "date": format_datetime(github.world.clock(), usegmt=True),
                **reply.headers,
            }
            for name, value in headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def send_response(self, code: int, message: str | None = None) -> None:
            self.send_response_only(code, message)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: exchanges are recorded."""

    for verb in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        setattr(Handler, f"do_{verb}", Handler.exchange)
    return Handler
