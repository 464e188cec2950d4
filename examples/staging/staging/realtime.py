"""The WebSocket gateway: one chat a connection, the five events of every agent as they happen."""

import json
import logging
import os
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from staging import agents, auth
from staging.storage import Store

log = logging.getLogger("staging.realtime")


async def health(request: Request) -> Response:
    return JSONResponse({"status": "ok", "service": "realtime", "revision": os.environ["STAGING_REVISION"]})


async def chat(websocket: WebSocket) -> None:
    """Check the token before the handshake ends; close with 1011 (RFC 6455, 7.4.1) on what was not foreseen."""
    try:
        user = auth.user_of(websocket.headers)
    except auth.UnauthorisedError as error:
        log.warning("handshake_rejected", extra={"fields": {"reason": str(error)}})
        await websocket.send_denial_response(JSONResponse({"error": "unauthorised"}, status_code=401))
        return
    await websocket.accept()
    try:
        await converse(websocket, user)
    except WebSocketDisconnect as gone:
        log.info("disconnected", extra={"fields": {"user": user, "code": gone.code}})
    except Exception:
        log.exception("chat_failed", extra={"fields": {"user": user, "path": websocket.url.path}})
        await websocket.close(1011, "Internal error")


async def converse(websocket: WebSocket, user: str) -> None:
    """Answer one message after the other until the client leaves."""
    context = agents.Context.of(os.environ)
    await websocket.send_json(
        {"type": "connection_ready", "user": user, "revision": os.environ["STAGING_REVISION"]}
    )
    while True:
        message = parse(await websocket.receive_text())
        match message.get("type"):
            case "ping":
                await websocket.send_json({"type": "pong"})
            case "user_message":
                await answer(websocket, user, message, context)
            case unknown:
                await websocket.send_json(
                    {"type": "error", "code": "bad_message", "detail": f"type {unknown!r}"}
                )


def parse(text: str) -> dict[str, Any]:
    """The message, or one without a type when the text is not a JSON object."""
    try:
        message = json.loads(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


async def answer(websocket: WebSocket, user: str, message: dict[str, Any], context: agents.Context) -> None:
    """Run the agents for one message and keep what they did."""
    store: Store = websocket.app.state.store
    thread = message.get("thread_id", "")
    if store.owner(thread) != user:
        await websocket.send_json({"type": "error", "code": "no_such_thread", "detail": thread})
        return
    work = agents.Work(
        uuid.uuid4().hex, thread, user, message["content"], message.get("mode") == "deep", context
    )
    store.add_message(thread, "user", work.content)
    store.start_run(work.run_id, thread, user)
    report, events = await agents.run(work, websocket.send_json)
    store.finish_run(work.run_id, events)
    store.archive(work.run_id, user, report)
    store.add_message(thread, "assistant", report["title"])
    await websocket.send_json({"type": "run_completed", "run_id": work.run_id, "report": report})
    log.info("run_completed", extra={"fields": {"run_id": work.run_id, "events": len(events)}})


def create() -> Starlette:
    """The application, with its store."""
    app = Starlette(routes=[Route("/health", health), WebSocketRoute("/ws", chat)])
    app.state.store = Store(os.environ["DATABASE_PATH"])
    return app
