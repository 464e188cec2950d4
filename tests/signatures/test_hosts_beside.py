"""Hosts beside the identity: what an exception names, never what the source code quoted above it does."""

from pathlib import Path

import pytest

from tests.signatures.said import failure, long_text, native_text, short_text
from triagebot.reports import parse
from triagebot.signatures import judge

STAGING = Path(__file__).parents[2] / "examples/staging/reports"
CLOSED = "received 1011 (internal error); connecting to wss://chat.shop.example/ws"
LIBRARY = '''self = <Connection>

    async def send(self, message):
        """
        .. _Text: https://datatracker.ietf.org/doc/html/rfc6455#section-5.6
        """
        # see https://issues.library.example/17
'''


def hosts(text: str) -> tuple[str, ...]:
    return judge(failure("", text)).signature.hosts


@pytest.mark.parametrize("style", [long_text, short_text, native_text])
def test_a_message_gives_its_host(style):
    assert hosts(style("ConnectionClosedError", CLOSED)) == ("chat.shop.example",)


def test_quoted_source_gives_none():
    assert hosts(LIBRARY + long_text("ConnectionClosedError", CLOSED)) == ("chat.shop.example",)
    assert hosts(LIBRARY + long_text("ConnectionClosedError", "received 1011 (internal error)")) == ()


def test_the_statement_that_failed_gives_none():
    text = long_text("CartError", "empty", statement='client.get("https://docs.shop.example/cart")')
    assert hosts(text) == ()


def test_every_exception_of_a_chain_gives_its_host():
    inner = long_text("FirstError", "no answer from https://a.example/x")
    outer = long_text("SecondError", "no answer from https://b.example/x")
    link = "\n\nThe above exception was the direct cause of the following exception:\n\n"
    assert sorted(hosts(inner + link + outer)) == ["a.example", "b.example"]


@pytest.mark.parametrize("form", ["report.json", "junit.xml", "output.txt"])
def test_docstrings_of_websockets_name_no_host_of_the_staging_service(form):
    path = STAGING / "day-2-red" / form
    failures = [f for case in parse(form, path.read_bytes()).cases for f in case.failures]
    found = [judge(f).signature for f in failures]
    assert any(signature.kind == "ws.close" for signature in found)
    assert {host for signature in found for host in signature.hosts} <= {"localhost"}
