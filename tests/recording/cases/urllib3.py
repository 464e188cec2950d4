"""Retries that end in a status or a connection error, timeouts and TLS as urllib3 itself tells them."""

import pytest
import urllib3

import loopback
from loopback import HOST
from recorder import case, certificates, statuses

CLIENT = "urllib3"
VERSION = urllib3.__version__


def get(port, path="/login", scheme="http", retries=0, **options):
    with urllib3.PoolManager(**options) as pool:
        return pool.request("GET", f"{scheme}://{HOST}:{port}{path}", retries=retries, timeout=0.5)


@pytest.mark.parametrize("status", statuses(429, 500, 502, 503, 504))
def test_too_many_error_responses(status):
    with loopback.web() as port:
        get(port, f"/status/{status}", retries=urllib3.Retry(1, status_forcelist=[status]))


@case("connection", state="refused")
def test_connection_refused():
    get(loopback.closed_port())


@case("connection", state="refused")
def test_connection_refused_without_retries():
    get(loopback.closed_port(), retries=False)


@case("connection", state="reset")
def test_reset():
    with loopback.tcp(loopback.reset) as port:
        get(port)


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        get(port, retries=False)


@case("connection", state="timeout")
def test_connect_timeout():
    with loopback.unreachable() as port:
        get(port)


@case("timeout", what="HTTP read")
def test_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        get(port)


@case("timeout", what="HTTP read")
def test_read_timeout_without_retries():
    with loopback.tcp(loopback.silent) as port:
        get(port, retries=False)


@case("dns", reason="unknown", host="nonexistent.invalid")
def test_dns():
    urllib3.PoolManager().request("GET", "http://nonexistent.invalid/login", retries=0)


@pytest.mark.parametrize("certificate", certificates())
def test_certificate(certificate):
    with loopback.web(certificate=certificate) as port:
        get(port, scheme="https", ca_certs=loopback.CA)
