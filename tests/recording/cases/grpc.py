"""Codes that a server answers and those that the client makes itself, with grpcio, threaded and asyncio."""

import asyncio
from concurrent import futures

import grpc
import pytest

import loopback
from loopback import HOST
from recorder import case

CLIENT = "grpcio"
VERSION = grpc.__version__
CODES = [
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "UNAUTHENTICATED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "DEADLINE_EXCEEDED",
]


def answering(code):
    """A server whose only method ends with `code`, and the port."""

    def method(request, context):
        context.abort(grpc.StatusCode[code], "quota of project 4711 used up")

    handler = grpc.method_handlers_generic_handler(
        "shop.Orders", {"Place": grpc.unary_unary_rpc_method_handler(method)}
    )
    server = grpc.server(futures.ThreadPoolExecutor(1), handlers=[handler])
    port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    return server, port


def call(port, timeout=2.0, credentials=None):
    target = f"{HOST}:{port}"
    with (
        grpc.secure_channel(target, credentials) if credentials else grpc.insecure_channel(target)
    ) as channel:
        return channel.unary_unary("/shop.Orders/Place")(b"", timeout=timeout)


@pytest.mark.parametrize("code", [pytest.param(code, marks=case("grpc", code=code)) for code in CODES])
def test_code(code):
    server, port = answering(code)
    try:
        call(port)
    finally:
        server.stop(None)


@pytest.mark.parametrize("code", [pytest.param(code, marks=case("grpc", code=code)) for code in CODES[5:8]])
def test_async_code(code):
    async def place(port):
        async with grpc.aio.insecure_channel(f"{HOST}:{port}") as channel:
            await channel.unary_unary("/shop.Orders/Place")(b"", timeout=2)

    server, port = answering(code)
    try:
        asyncio.run(place(port))
    finally:
        server.stop(None)


@case("grpc", code="UNIMPLEMENTED")
def test_method_not_found():
    server, port = answering("OK")
    try:
        with grpc.insecure_channel(f"{HOST}:{port}") as channel:
            channel.unary_unary("/shop.Orders/Cancel")(b"", timeout=2)
    finally:
        server.stop(None)


@case("connection", state="refused")
def test_connection_refused():
    call(loopback.closed_port())


@case("grpc", code="UNAVAILABLE")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        call(port)


@case("grpc", code="DEADLINE_EXCEEDED")
def test_deadline():
    with loopback.tcp(loopback.silent) as port:
        call(port, timeout=0.3)


@case("dns")
def test_dns():
    with grpc.insecure_channel("nonexistent.invalid:443") as channel:
        channel.unary_unary("/shop.Orders/Place")(b"", timeout=5)


@case("tls")
def test_certificate():
    with loopback.web(certificate="self-signed") as port:
        call(port, credentials=grpc.ssl_channel_credentials())
