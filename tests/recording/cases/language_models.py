"""Statuses, timeouts and lost connections as the OpenAI and Anthropic clients tell them: one design, two packages."""

import importlib
import os

import pytest

import loopback
from loopback import HOST
from recorder import case, statuses

CLIENT = os.environ["RECORDING_MODULE"]
api = importlib.import_module(CLIENT)
VERSION = api.__version__
SOURCE = "recorded; bodies of the answers worded after the vendor's documentation, not sent by the vendor"
TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
    429: "rate_limit_error", 500: "api_error", 503: "api_error", 529: "overloaded_error",
}  # fmt: skip

# Anthropic's client names no variable.
NO_KEY = case("env", name="OPENAI_API_KEY") if CLIENT == "openai" else case("")


def body(status):
    return {"type": "error", "error": {"type": TYPES[status], "message": "Request was not served."}}


def ask(port, scheme="http", host=HOST, timeout=1.0):
    where = f"{scheme}://{host}:{port}"
    if CLIENT == "openai":
        client = api.OpenAI(api_key="sk-none", base_url=where, max_retries=0, timeout=timeout)
        return client.chat.completions.create(model="none", messages=[{"role": "user", "content": "hello"}])
    client = api.Anthropic(api_key="none", base_url=where, max_retries=0, timeout=timeout)
    return client.messages.create(model="none", max_tokens=1, messages=[{"role": "user", "content": "hello"}])


@pytest.mark.parametrize("status", statuses(*TYPES))
def test_status(status):
    with loopback.web(status=status, bodies={status: body(status)}) as port:
        ask(port)


# Anthropic's client then says what the body says, and the status shows in no text at all.
@pytest.mark.parametrize(
    "status", statuses(502, 503) if CLIENT == "openai" else [pytest.param(502, marks=case(""))]
)
def test_status_of_a_proxy_that_answers_html(status):
    with loopback.web(status=status, bodies={status: b"<html><h1>Bad gateway</h1></html>"}) as port:
        ask(port)


@case("connection", state="refused")
def test_connection_refused():
    ask(loopback.closed_port())


@case("connection", state="reset")
def test_reset():
    with loopback.tcp(loopback.reset) as port:
        ask(port)


@case("connection", state="closed")
def test_hung_up():
    with loopback.tcp(loopback.hang_up) as port:
        ask(port)


@case("connection", state="timeout")
def test_connect_timeout():
    with loopback.unreachable() as port:
        ask(port, timeout=0.3)


@case("timeout")
def test_read_timeout():
    with loopback.tcp(loopback.silent) as port:
        ask(port, timeout=0.3)


@case("dns", reason="unknown")
def test_dns():
    ask(80, host="nonexistent.invalid")


@case("tls", reason="self-signed certificate")
def test_certificate():
    with loopback.web(certificate="self-signed") as port:
        ask(port, scheme="https")


@NO_KEY
def test_no_key():
    api.OpenAI() if CLIENT == "openai" else ask_without_a_key()


def ask_without_a_key():
    return api.Anthropic().messages.create(
        model="none", max_tokens=1, messages=[{"role": "user", "content": "hello"}]
    )
