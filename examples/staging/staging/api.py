"""The HTTP API: tokens, threads, runs, quotes, and preferences kept in a session."""

import logging
import os
import uuid
from collections.abc import Awaitable, Callable

import httpx2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from staging import agents, auth, faults
from staging.storage import Store

log = logging.getLogger("staging.api")
Endpoint = Callable[[Request, str], Awaitable[Response]]


class VisitCounter:
    """Counts a session's requests; it reads the session, so SessionMiddleware has to stand outside it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            session = HTTPConnection(scope).session
            session["visits"] = session.get("visits", 0) + 1
        await self.app(scope, receive, send)


def session_middleware() -> list[Middleware]:
    """The middleware of the session routes, outermost first."""
    stack = [Middleware(SessionMiddleware, secret_key=os.environ["SESSION_SECRET"]), Middleware(VisitCounter)]
    return stack[::-1] if "session-order" in faults.active(os.environ) else stack


def signed_in(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint for those with a valid token; 401 for the others."""

    async def guarded(request: Request) -> Response:
        try:
            user = auth.user_of(request.headers)
        except auth.UnauthorisedError as error:
            log.warning("rejected", extra={"fields": {"path": request.url.path, "reason": str(error)}})
            return JSONResponse({"error": "unauthorised", "reason": str(error)}, status_code=401)
        return await endpoint(request, user)

    return guarded


async def health(request: Request) -> Response:
    return JSONResponse({"status": "ok", "service": "api", "revision": os.environ["STAGING_REVISION"]})


async def token(request: Request) -> Response:
    body = await request.json()
    lifetime_s = int(body.get("lifetime_s", auth.LIFETIME_S))
    return JSONResponse({"token": auth.issue(body["user"], lifetime_s), "expires_in": lifetime_s})


async def refresh(request: Request) -> Response:
    try:
        return JSONResponse({"token": auth.refresh(auth.bearer(request.headers))})
    except auth.UnauthorisedError as error:
        return JSONResponse({"error": "unauthorised", "reason": str(error)}, status_code=401)


async def me(request: Request, user: str) -> Response:
    return JSONResponse({"user": user})


async def add_thread(request: Request, user: str) -> Response:
    thread = uuid.uuid4().hex
    request.app.state.store.add_thread(thread, user, (await request.json()).get("title", ""))
    return JSONResponse({"thread_id": thread}, status_code=201)


async def messages(request: Request, user: str) -> Response:
    thread = request.path_params["thread"]
    store: Store = request.app.state.store
    if store.owner(thread) != user:
        return JSONResponse({"error": "no such thread"}, status_code=404)
    if request.method == "POST":
        store.add_message(thread, "user", (await request.json())["content"])
    return JSONResponse({"messages": store.messages(thread)})


async def add_run(request: Request, user: str) -> Response:
    body, store = await request.json(), request.app.state.store
    work = agents.Work(
        uuid.uuid4().hex, body["thread_id"], user, body["content"], False, agents.Context.of(os.environ)
    )
    store.start_run(work.run_id, work.thread_id, user)
    report, events = await agents.run(work, _discard)
    store.finish_run(work.run_id, events)
    store.archive(work.run_id, user, report)
    log.info("run_completed", extra={"fields": {"run_id": work.run_id, "events": len(events)}})
    return JSONResponse({"run_id": work.run_id, "events": events, "report": report}, status_code=201)


async def _discard(event: agents.Event) -> None:
    """Nobody listens while a run goes on over HTTP: the events come with the answer."""


async def get_run(request: Request, user: str) -> Response:
    found = request.app.state.store.run(request.path_params["run"])
    if found is None or found["user"] != user:
        return JSONResponse({"error": "no such run"}, status_code=404)
    return JSONResponse(found)


async def get_quotes(request: Request, user: str) -> Response:
    try:
        prices = await agents.quotes(agents.Context.of(os.environ))
    except httpx2.HTTPStatusError as error:
        fields = {
            "dependency": "pricing",
            "status": error.response.status_code,
            "url": str(error.request.url),
        }
        log.error("dependency_failed", extra={"fields": fields})
        return JSONResponse({"error": "dependency failed", **fields}, status_code=503)
    return JSONResponse({"prices": prices})


async def preferences(request: Request) -> Response:
    if request.method == "PUT":
        request.session["preferences"] = await request.json()
    return JSONResponse(
        {"preferences": request.session.get("preferences", {}), "visits": request.session["visits"]}
    )


def create() -> Starlette:
    """The application, with its store."""
    app = Starlette(
        routes=[
            Route("/health", health),
            Route("/auth/token", token, methods=["POST"]),
            Route("/auth/refresh", refresh, methods=["POST"]),
            Route("/api/me", signed_in(me)),
            Route("/api/threads", signed_in(add_thread), methods=["POST"]),
            Route("/api/threads/{thread}/messages", signed_in(messages), methods=["GET", "POST"]),
            Route("/api/runs", signed_in(add_run), methods=["POST"]),
            Route("/api/runs/{run}", signed_in(get_run)),
            Route("/api/quotes", signed_in(get_quotes)),
            Mount(
                "/api/session",
                routes=[Route("/preferences", preferences, methods=["GET", "PUT"])],
                middleware=session_middleware(),
            ),
        ]
    )
    app.state.store = Store(os.environ["DATABASE_PATH"])
    return app
