"""Statuses, connections, timeouts (connect, read, pool) and TLS as httpx and httpx2 tell them, threaded and async."""

import asyncio
import importlib
import os

import pytest

import loopback
from loopback import HOST
from recorder import case, certificates, statuses

CLIENT = os.environ.get("RECORDING_MODULE", "httpx")
httpx = importlib.import_module(CLIENT)
VERSION = httpx.__version__


def url(port, path="/login", scheme="http"):
    return f"{scheme}://{HOST}:{port}{path}"


def get_async(target, timeout=5.0):
    async def get():
        async with httpx.AsyncClient(timeout=timeout) as client:
            response = await client.get(target)
            return response.raise_for_status()

    return asyncio.run(get())


@pytest.mark.parametrize("status", statuses(400, 401, 403, 404, 409, 429, 500, 502, 503, 504))
def test_status(status):
    with loopback.web() as port:
        httpx.get(url(port, f"/status/{status}")).raise_for_status()


@pytest.mark.parametrize("status", statuses(302, 401, 503))
def test_async_status(status):
    with loopback.web() as port:
        get_async(url(port, f"/status/{status}"))


@case("http.status", status="503")
def test_asserted_status():
    with loopback.web() as port:
        response = httpx.get(url(port, "/status/503"))
        assert response.status_code == 200, response.text


@case("connection", state="refused")
def test_connection_refused():
    httpx.get(url(loopback.closed_port()))


@case("connection", state="refused")
def test_async_connection_refused():
    get_async(url(loopback.closed_port()))


@case("connection", state="reset")
def test_reset():
    with loopback.tcp(loopback.reset) as port:
        httpx.get(url(port))


@case("connection", state="reset")
def test_async_reset():
    with loopback.tcp(loopback.reset) as port:
        get_async(url(port))


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        httpx.get(url(port))


@case("connection", state="closed")
def test_body_cut():
    with loopback.web() as port:
        httpx.get(url(port, "/short"))


@case("connection", state="timeout")
def test_connect_timeout():
    with loopback.unreachable() as port:
        httpx.get(url(port), timeout=0.3)


@case("connection", state="timeout")
def test_async_connect_timeout():
    with loopback.unreachable() as port:
        get_async(url(port), timeout=0.3)


@case("timeout", what="HTTP read")
def test_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        httpx.get(url(port), timeout=0.3)


@case("timeout", what="HTTP read")
def test_async_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        get_async(url(port), timeout=0.3)


@case("timeout", what="HTTP connection pool")
def test_pool_timeout():
    limits = httpx.Limits(max_connections=1)
    timeout = httpx.Timeout(5, pool=0.2)
    with httpx.Client(limits=limits, timeout=timeout) as client, loopback.web() as port:
        occupied = client.stream("GET", url(port, "/slow"))
        with occupied:
            client.get(url(port))


@case("dns", reason="unknown")
def test_dns():
    httpx.get("http://nonexistent.invalid/login")


@case("dns", reason="unknown")
def test_async_dns():
    get_async("http://nonexistent.invalid/login")


@pytest.mark.parametrize("certificate", certificates())
def test_certificate(certificate):
    with loopback.web(certificate=certificate) as port:
        httpx.get(url(port, scheme="https"), verify=loopback.trusting())


@case("tls", reason="wrong version number")
def test_tls_to_a_plain_server():
    with loopback.web() as port:
        httpx.get(url(port, scheme="https"))


@case("")
def test_answer_is_not_http():
    with loopback.tcp(loopback.garbage) as port:
        httpx.get(url(port))


@case("json")
def test_html_instead_of_json():
    with loopback.web() as port:
        httpx.get(url(port, "/html")).json()


@case("connection", state="refused")
def test_in_a_task_group():
    async def gather():
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(httpx.get, url(loopback.closed_port())))

    asyncio.run(gather())
