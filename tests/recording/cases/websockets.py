"""Closes of every code and side, handshakes that fail; asyncio client of every version, the threaded one where it is."""

import asyncio

import pytest
import websockets

import loopback
from loopback import HOST
from recorder import case, certificates

CLIENT = "websockets"
VERSION = getattr(websockets, "__version__", None) or websockets.version.version


# Version 8 knows no sides: what it sent itself, and codes that it does not know, all read 1006.
OLD = VERSION.startswith("8.")
ABNORMAL = case("ws.close", code="1006", side="none")

# Before version 13 the timeout of a handshake has no words of its own.
NAMELESS = int(VERSION.split(".")[0]) < 13
HANDSHAKE_TIMEOUT = case("timeout") if NAMELESS else case("ws.handshake", reason="timeout")


def sent(code):
    return ABNORMAL if OLD else case("ws.close", code=code, side="sent")


async def _receive(target, **options):
    connection = await websockets.connect(target, **options)
    try:
        await asyncio.wait_for(connection.recv(), 5)
    finally:
        await connection.close()


def url(port, scheme="ws"):
    return f"{scheme}://{HOST}:{port}/ws"


def receive(port, **options):
    asyncio.run(_receive(url(port), **options))


def closes(*codes):
    received = [case("ws.close", code=str(code), side="received") for code in codes]
    unknown = [OLD and code in (1012, 1013, 1014) for code in codes]
    return [
        pytest.param(code, marks=ABNORMAL if odd else mark)
        for code, odd, mark in zip(codes, unknown, received)
    ]


@pytest.mark.parametrize(
    "code",
    closes(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4001, 4401),
)
def test_close_received(code):
    with loopback.websocket(loopback.close_with(code)) as port:
        receive(port)


@pytest.mark.parametrize("code", closes(1000, 1008, 1011, 1013, 4001))
def test_close_received_with_reason(code):
    with loopback.websocket(loopback.close_with(code, "session abc123 expired")) as port:
        receive(port)


@case("ws.close", code="1005", side="received")
def test_close_without_code():
    with loopback.websocket(loopback.close_without_code) as port:
        receive(port)


@ABNORMAL
def test_dropped_without_a_close_frame():
    with loopback.websocket(loopback.drop) as port:
        receive(port)


@ABNORMAL
def test_reset():
    with loopback.websocket(loopback.reset) as port:
        receive(port, ping_interval=0.1)


@sent("1011")
def test_no_pong_keepalive_ping_timeout():
    with loopback.websocket(loopback.silent) as port:
        receive(port, ping_interval=0.2, ping_timeout=0.2, close_timeout=0.2)


@sent("1009")
def test_message_too_big():
    with loopback.websocket(loopback.text(b"x" * 100)) as port:
        receive(port, max_size=10, close_timeout=0.2)


@sent("1002")
def test_protocol_error():
    with loopback.websocket(loopback.bad_frame) as port:
        receive(port, close_timeout=0.2)


@pytest.mark.parametrize(
    "status",
    [
        pytest.param(status, marks=case("ws.handshake", status=str(status)))
        for status in (401, 403, 404, 429, 500, 502, 503)
    ],
)
def test_handshake_rejected(status):
    with loopback.websocket(loopback.drop, status=status) as port:
        receive(port)


@case("connection", state="refused")
def test_connection_refused():
    receive(loopback.closed_port())


@case("ws.handshake", reason="invalid")
def test_hung_up_during_handshake():
    with loopback.tcp(loopback.hang_up) as port:
        receive(port)


@case("ws.handshake", reason="invalid")
def test_answer_is_not_http():
    with loopback.tcp(loopback.garbage) as port:
        receive(port)


@HANDSHAKE_TIMEOUT
def test_handshake_timeout():
    with loopback.tcp(loopback.silent) as port:
        # Version 8 has no timeout of its own; people wrap it.
        options = {} if OLD else {"open_timeout": 0.3}
        asyncio.run(asyncio.wait_for(_receive(url(port), **options), 1))


@case("dns", reason="unknown")
def test_dns():
    asyncio.run(_receive("ws://nonexistent.invalid/ws"))


@pytest.mark.parametrize("certificate", certificates())
def test_certificate(certificate):
    with loopback.web(certificate=certificate) as port:
        asyncio.run(_receive(url(port, "wss"), ssl=loopback.trusting()))


def threaded():
    return pytest.importorskip("websockets.sync.client", reason="no threaded client in this version")


@pytest.mark.parametrize("code", closes(1000, 1008, 1011, 4001))
def test_threaded_close_received(code):
    client = threaded()
    with loopback.websocket(loopback.close_with(code)) as port, client.connect(url(port)) as connection:
        connection.recv(timeout=5)


@ABNORMAL
def test_threaded_dropped():
    client = threaded()
    with loopback.websocket(loopback.drop) as port, client.connect(url(port)) as connection:
        connection.recv(timeout=5)


@case("timeout")
def test_threaded_receive_timeout():
    client = threaded()
    with loopback.websocket(loopback.silent) as port, client.connect(
        url(port), close_timeout=0.1
    ) as connection:
        connection.recv(timeout=0.2)


@case("timeout")
def test_wait_for_a_message_that_never_comes():
    async def wait():
        with loopback.websocket(loopback.silent) as port:
            connection = await websockets.connect(url(port), close_timeout=0.1)
            try:
                await asyncio.wait_for(connection.recv(), 0.2)
            finally:
                await connection.close()

    asyncio.run(wait())


@case("ws.close", code="1000", side="received" if OLD else "sent")
def test_send_after_closing():
    async def send():
        with loopback.websocket(loopback.answer_close) as port:
            connection = await websockets.connect(url(port), close_timeout=0.5)
            await connection.close()
            await connection.send("late")

    asyncio.run(send())
