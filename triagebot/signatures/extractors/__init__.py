"""The families of failures that are known by their protocol rather than by their words, in order of precedence.

An extractor is a function of one `Subject` that answers with a `Finding` or None. It gates cheaply, reads slots only
from the exception's own text or attributes, and names the exact span that it read. A new family is a module and a line
here; its place decides what it may take from others.
"""

from collections.abc import Callable
from typing import Final

from triagebot.signatures.extractors.browser import browser
from triagebot.signatures.extractors.connection import connection
from triagebot.signatures.extractors.contract import breach, contract
from triagebot.signatures.extractors.crash import crash
from triagebot.signatures.extractors.database import database
from triagebot.signatures.extractors.dns import dns
from triagebot.signatures.extractors.event_loop import event_loop
from triagebot.signatures.extractors.exits import exits
from triagebot.signatures.extractors.filesystem import filesystem
from triagebot.signatures.extractors.fixture import fixture
from triagebot.signatures.extractors.grpc import grpc
from triagebot.signatures.extractors.http import http
from triagebot.signatures.extractors.imports import imports
from triagebot.signatures.extractors.locator import locator
from triagebot.signatures.extractors.timeout import timeout
from triagebot.signatures.extractors.tls import tls
from triagebot.signatures.extractors.validation import validation
from triagebot.signatures.extractors.variables import variables
from triagebot.signatures.extractors.websocket import close, handshake
from triagebot.signatures.subject import Finding, Subject

Extractor = Callable[[Subject], Finding | None]

EXTRACTORS: Final[dict[str, Extractor]] = {
    "breach": breach,
    "browser": browser,
    "crash": crash,
    "exits": exits,
    "imports": imports,
    "variables": variables,
    "tls": tls,
    "dns": dns,
    "connection": connection,
    "ws.close": close,
    "ws.handshake": handshake,
    "grpc": grpc,
    "http": http,
    "database": database,
    "filesystem": filesystem,
    "locator": locator,
    "timeout": timeout,
    "validation": validation,
    "event_loop": event_loop,
    "fixture": fixture,
    "contract": contract,
}
