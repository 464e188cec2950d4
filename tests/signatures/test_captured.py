"""What a server in the test process raised explains a connection that it closed, and nothing else."""

from dataclasses import replace

import pytest

from tests.signatures.said import failure, long_text
from triagebot.reports.model import Failure, Section
from triagebot.signatures import judge, sign

CLOSED = long_text("http.client.RemoteDisconnected", "Remote end closed connection without response")
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/usr/lib/python3.11/socketserver.py", line 361, in finish_request\n'
    "    self.RequestHandlerClass(request, client_address, self)\n"
    '  File "/w/src/shop/server.py", line 8, in handle\n'
    "    raise RuntimeError(text)\n"
    "{error}\n"
)
ANNOUNCEMENTS = {
    "socketserver": "----------------------------------------\nException occurred during processing of request from ('127.0.0.1', {port})\n",
    "thread": "Exception in thread Thread-{port} (serve):\n",
    "asyncio": "Task exception was never retrieved\nfuture: <Task finished name='Task-{port}' coro=<handle() done>>\n",
    "uvicorn": "ERROR:    Exception in ASGI application\n",
    "aiohttp": "ERROR    aiohttp.server:web_protocol.py:451 Error handling request from 127.0.0.1\n",
}
UPSTREAM = "RuntimeError: upstream replied 504 Gateway Timeout for request {port}"


def beside(*captured: str, text: str = CLOSED) -> Failure:
    sections = tuple(Section("Captured stderr call", each) for each in captured)
    return replace(failure("", text), sections=sections)


def output(announced: str, error: str = UPSTREAM, port: int = 50480) -> str:
    return (ANNOUNCEMENTS[announced] + TRACEBACK.format(error=error) + "\n200 GET /health\n").replace(
        "{port}", str(port)
    )


@pytest.mark.parametrize("announced", ANNOUNCEMENTS)
def test_a_closed_connection_is_what_the_server_in_the_process_raised(announced):
    judgement = judge(beside(output(announced)))
    assert judgement.signature == sign(
        failure("", long_text("RuntimeError", "upstream replied 504 Gateway Timeout"))
    )
    assert (
        judgement.root_reason
        == "what the server in this process raised before RemoteDisconnected (captured output)"
    )


def test_one_exception_announced_for_several_requests_is_one():
    assert sign(beside(output("socketserver") + output("socketserver", port=9), output("thread"))) == sign(
        beside(output("socketserver"))
    )


def test_a_chain_in_the_output_is_judged_as_a_chain():
    link = "\nThe above exception was the direct cause of the following exception:\n\n"
    text = (
        "Exception in thread Thread-1:\n"
        + TRACEBACK.format(error="KeyError: 'STAGING_DB_URL'")
        + link
        + TRACEBACK.format(error="ShopError: no database")
    )
    assert sign(beside(text)).kind == "env"


KEPT = {
    "exceptions that differ": [output("socketserver"), output("thread", "KeyError: 'STAGING_DB_URL'")],
    "a traceback that nobody announced": [TRACEBACK.format(error="RuntimeError: retrying after 504")],
    "an announcement without a traceback": [ANNOUNCEMENTS["asyncio"]],
    "an announcement whose traceback was cut": [
        ANNOUNCEMENTS["thread"] + "Traceback (most recent call last):\n"
    ],
    "nothing": [""],
}


@pytest.mark.parametrize("captured", KEPT.values(), ids=KEPT)
def test_a_closed_connection_stays_that_beside(captured):
    assert sign(beside(*captured)) == sign(failure("", CLOSED))


@pytest.mark.parametrize(
    "text",
    [
        long_text("AssertionError", "assert 1 == 2", statement="assert cart.total() == 2"),
        long_text("ConnectionRefusedError", "[Errno 111] Connection refused"),
        long_text("TimeoutError", "no answer in 3s"),
    ],
)
def test_a_failure_that_is_no_closed_connection_is_not_explained_by_the_output(text):
    assert sign(beside(output("socketserver"), text=text)) == sign(failure("", text))
