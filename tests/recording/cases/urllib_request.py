"""Statuses, connections, timeouts and TLS as Python's own urllib tells them."""

import json
import platform
import urllib.request

import pytest

import loopback
from loopback import HOST
from recorder import case, certificates, statuses

CLIENT = "urllib"
VERSION = platform.python_version()


def get(port, path="/login", scheme="http", timeout=5, context=None):
    with urllib.request.urlopen(
        f"{scheme}://{HOST}:{port}{path}", timeout=timeout, context=context
    ) as response:
        return response.read()


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


@case("timeout")
def test_connect_timeout():
    with loopback.unreachable() as port:
        get(port, timeout=0.3)


@case("timeout")
def test_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        get(port, timeout=0.3)


@case("dns", reason="unknown")
def test_dns():
    urllib.request.urlopen("http://nonexistent.invalid/login", timeout=5)


@pytest.mark.parametrize("certificate", certificates())
def test_certificate(certificate):
    with loopback.web(certificate=certificate) as port:
        get(port, scheme="https", context=loopback.trusting())


@case("json")
def test_html_instead_of_json():
    with loopback.web() as port:
        json.loads(get(port, "/html"))
