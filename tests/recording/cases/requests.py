"""Statuses, connections, timeouts, TLS and redirects as requests tells them."""

import pytest
import requests

import loopback
from loopback import HOST
from recorder import case, certificates, statuses

CLIENT = "requests"
VERSION = requests.__version__


def url(port, path="", scheme="http"):
    return f"{scheme}://{HOST}:{port}{path}"


@pytest.mark.parametrize("status", statuses(400, 401, 403, 404, 409, 429, 500, 502, 503, 504))
def test_status(status):
    with loopback.web() as port:
        requests.get(url(port, f"/status/{status}"), timeout=5).raise_for_status()


@case("http.status", status="503")
def test_asserted_status():
    with loopback.web() as port:
        response = requests.get(url(port, "/status/503"), timeout=5)
        assert response.status_code == 200


@case("http.status", status="503")
def test_retries_end_in_a_status():
    with loopback.web() as port, requests.Session() as session:
        retry = requests.packages.urllib3.Retry(1, status_forcelist=[503], backoff_factor=0)
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
        session.get(url(port, "/status/503"), timeout=5)


@case("connection", state="refused")
def test_connection_refused():
    requests.get(url(loopback.closed_port(), "/login"), timeout=5)


@case("connection", state="reset")
def test_reset():
    with loopback.tcp(loopback.reset) as port:
        requests.get(url(port, "/login"), timeout=5)


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        requests.get(url(port, "/login"), timeout=5)


@case("connection", state="closed")
def test_body_cut():
    with loopback.web() as port:
        requests.get(url(port, "/short"), timeout=5)


@case("connection", state="timeout")
def test_connect_timeout():
    with loopback.unreachable() as port:
        requests.get(url(port, "/login"), timeout=0.3)


@case("timeout", what="HTTP read")
def test_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        requests.get(url(port, "/login"), timeout=0.3)


@case("dns", reason="unknown", host="nonexistent.invalid")
def test_dns():
    requests.get("http://nonexistent.invalid/login", timeout=5)


@pytest.mark.parametrize("certificate", certificates())
def test_certificate(certificate):
    with loopback.web(certificate=certificate) as port:
        requests.get(url(port, "/", "https"), timeout=5, verify=loopback.CA)


@case("tls", reason="wrong version number")
def test_tls_to_a_plain_server():
    with loopback.web() as port:
        requests.get(url(port, "/", "https"), timeout=5)


@case("")
def test_too_many_redirects():
    with loopback.web() as port:
        requests.get(url(port, "/status/302"), timeout=5)


@case("json")
def test_html_instead_of_json():
    with loopback.web() as port:
        requests.get(url(port, "/html"), timeout=5).json()
