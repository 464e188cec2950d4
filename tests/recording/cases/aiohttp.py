"""Statuses, connections, timeouts, TLS and WebSockets as aiohttp tells them."""

import asyncio

import aiohttp
import pytest

import loopback
from loopback import HOST
from recorder import case, certificates, statuses

CLIENT = "aiohttp"
VERSION = aiohttp.__version__


def get(port, path="/login", scheme="http", host=HOST, timeout=5.0, connect=None, ssl=True):
    async def fetch():
        limits = aiohttp.ClientTimeout(total=None if connect else timeout, sock_connect=connect)
        async with aiohttp.ClientSession(timeout=limits) as session:
            response = await session.get(f"{scheme}://{host}:{port}{path}", ssl=ssl)
            response.raise_for_status()
            return await response.json()

    return asyncio.run(fetch())


@pytest.mark.parametrize("status", statuses(400, 401, 403, 404, 429, 500, 502, 503, 504))
def test_status(status):
    with loopback.web() as port:
        get(port, f"/status/{status}")


@case("connection", state="refused")
def test_connection_refused():
    get(loopback.closed_port())


@case("connection", state="reset")
def test_reset():
    with loopback.tcp(loopback.reset) as port:
        get(port)


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        get(port)


@case("connection", state="closed")
def test_body_cut():
    with loopback.web() as port:
        get(port, "/short")


@case("connection", state="timeout")
def test_connect_timeout():
    with loopback.unreachable() as port:
        get(port, connect=0.3)


@case("timeout")
def test_total_timeout():
    with loopback.tcp(loopback.silent) as port:
        get(port, timeout=0.3)


@case("timeout", what="HTTP read")
def test_read_timeout():
    async def fetch(port):
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(sock_read=0.3)) as session:
            await session.get(f"http://{HOST}:{port}/login")

    with loopback.tcp(loopback.silent) as port:
        asyncio.run(fetch(port))


@case("dns", reason="unknown", host="nonexistent.invalid")
def test_dns():
    get(80, host="nonexistent.invalid")


@pytest.mark.parametrize("certificate", certificates())
def test_certificate(certificate):
    with loopback.web(certificate=certificate) as port:
        get(port, scheme="https", ssl=loopback.trusting())


@case("http.status", status="200")
def test_html_instead_of_json():
    with loopback.web() as port:
        get(port, "/html")


@pytest.mark.parametrize(
    "status", [pytest.param(code, marks=case("ws.handshake", status=str(code))) for code in (401, 403, 503)]
)
def test_handshake_rejected(status):
    async def connect(port):
        async with aiohttp.ClientSession() as session:
            await session.ws_connect(f"ws://{HOST}:{port}/ws")

    with loopback.websocket(loopback.drop, status=status) as port:
        asyncio.run(connect(port))


@pytest.mark.parametrize(
    "code", [pytest.param(code, marks=case("ws.close", code=str(code))) for code in (1008, 1011, 4001)]
)
def test_close_where_text_was_expected(code):
    async def receive(port):
        async with aiohttp.ClientSession() as session:
            socket = await session.ws_connect(f"ws://{HOST}:{port}/ws")
            await socket.receive_str()

    with loopback.websocket(loopback.close_with(code)) as port:
        asyncio.run(receive(port))
