"""How a WebSocket was closed, and how its handshake was refused.

Wording of websockets 8 (`code = 1011 (unexpected error), no reason`), 10 to 12 (`received 1011 (unexpected error)
…; then sent 1011 …`) and today (`received 1011 (internal error) …`); of websocket-client, aiohttp and starlette.
`received` means that the server gave up, `sent … keepalive ping timeout` that our own client did, and no frame at all
is an abnormal drop (1006). The frame named first decides. Codes: RFC 6455 section 7.4.
"""

import re

from triagebot.signatures import host
from triagebot.signatures.expectations import expectation
from triagebot.signatures.subject import Finding, Subject, finding

_NAMES = {
    "1000": "normal closure", "1001": "going away", "1002": "protocol error", "1003": "unsupported data",
    "1005": "no status received", "1006": "abnormal closure", "1007": "invalid data", "1008": "policy violation",
    "1009": "message too big", "1010": "mandatory extension", "1011": "internal error", "1012": "service restart",
    "1013": "try again later", "1014": "bad gateway", "1015": "TLS handshake failed",
}  # fmt: skip
_FRAME = re.compile(r"\b(received|sent) (1\d{3}|[34]\d{3}) \(([^)\n]{1,60})\)([^;\n]{0,300})")
"""A close frame, as websockets prints it: direction, code, name, reason.

Hit: `received 1011 (internal error) overloaded`
Miss: `received 5 (five)`
"""
_OLD = re.compile(r"\bcode = (1\d{3}|[34]\d{3}) \([^)\n]{1,60}\), (?:no reason|reason = ([^\n]{0,300}))")
"""The same, as websockets before version 10 prints it.

Hit: `code = 1011 (unexpected error), no reason`
Miss: `code = 1011`
"""
_NO_FRAME = re.compile(r"no close frame received or sent|no close frame received")
"""A connection that ended without a close frame.

Hit: `no close frame received or sent`
Miss: `close frame received`
"""
_TUPLE = re.compile(
    r"^\(?<?(?:Close(?:Code|Reason)\.\w{1,40}: )?(1\d{3}|[34]\d{3})>?(?:, ?['\"]([^'\"\n]{0,300})['\"])?"
)
"""Code and reason as an exception's arguments.

Hit: `(1011, 'overloaded')`
Hit: `<CloseCode.INTERNAL_ERROR: 1011>, 'overloaded'`
Miss: `code 1011`
"""
_LOOSE = re.compile(
    r"(?:close[ds]?|closing|closure|code|websocket|ws|disconnect(?:ed)?)\b[^\n\d]{0,24}?\b"
    r"(100[0-9]|101[0-5]|[34]\d{3})\b(?!\s{0,2}(?:ms|s|bytes|seconds)\b)",
    re.IGNORECASE,
)
"""A code beside a word about closing. Hit: `closed with code 1011`. Miss: `closed after 3000 ms`."""
_SUBJECT = re.compile(
    r"websocket|\bclosed?\b[^\n\d]{0,24}\bcode\b|\bws\b|close code|close frame|closecode|close_code",
    re.IGNORECASE,
)
"""Words that say that a WebSocket is meant. Hit: `WebSocket is gone`. Miss: `socket is gone`."""
_TYPES = frozenset((
    "ConnectionClosed", "ConnectionClosedError", "ConnectionClosedOK", "WebSocketDisconnect",
    "WebSocketClosedError", "WebSocketConnectionClosedException", "WebSocketException", "WebSocketError",
    "WebSocketNetworkError",
))  # fmt: skip
_AIOHTTP = re.compile(r"Received message 8:(1\d{3}|[34]\d{3}) is not WSMsgType")
"""A close frame where aiohttp expected a message.

Hit: `Received message 8:1011 is not WSMsgType.TEXT`
Miss: `Received message 1:hello`
"""
_BY_SERVER = re.compile(r"by (?:the )?(?:server|peer|remote)|server closed|received", re.IGNORECASE)
"""Words that say that the server closed. Hit: `closed by the server`. Miss: `closed by us`."""
_CODE = re.compile(r"1\d{3}|[34]\d{3}")
"""A close code: of the protocol, of libraries, of applications. Hit: `1011`. Miss: `2011`."""
_DROPPED = re.compile(
    r"closed the WebSocket connection without completing the close handshake"
    r"|[Cc]onnection reset without closing handshake"
    r"|ResetWithoutClosingHandshake\)?+(?! after close frame)"
)
"""A connection that ended without the closing handshake, in the words of .NET and Rust.

Hit: `Connection reset without closing handshake`
Miss: `Connection reset`
"""
_NAMED_CODE = re.compile(r"\bclosed?\b[^\n\d]{0,40}\((1\d{3}|[34]\d{3})\)")
"""`closed: InternalServerError (1011)`.

Hit: `closed: InternalServerError (1011)`
Miss: `InternalServerError (1011)`
"""
_REASONS = (
    ("keepalive", ("keepalive", "ping timeout", "pong")),
    ("auth", ("auth", "token", "forbidden", "jwt", "credential", "permission")),
    ("limit", ("rate limit", "too many", "quota", "max connections", "maximum connections")),
)
_HANDSHAKE = re.compile(
    r"server rejected WebSocket connection: HTTP (\d{3})|Handshake status (\d{3})"
    r"|WebSocket (?:upgrade|handshake)[^\d\n]{0,24}(\d{3})\b|Unexpected server response: (\d{3})"
    r"|server returned status code '(\d{3})' when status code '101'"
    r"|Unexpected HTTP response status code (\d{3})|Expected HTTP 101 response but was '(\d{3})"
)
"""A handshake that was answered with another status than 101.

Hit: `server rejected WebSocket connection: HTTP 503`
Hit: `Unexpected server response: 503`
Miss: `HTTP 503`
"""
_HANDSHAKE_TYPES = {
    "InvalidStatusCode", "InvalidStatus", "WSServerHandshakeError", "WebSocketBadStatusException", "InvalidHandshake",
    "InvalidMessage", "InvalidUpgrade", "InvalidHeader", "WebSocketUpgradeError",
}  # fmt: skip
_STATUS = re.compile(r"\b([1-5]\d{2})\b")
"""The status of that answer. Hit: `got 503`. Miss: `got 5030`."""


def handshake(subject: Subject) -> Finding | None:
    """`ws.handshake` with the HTTP status that answered the upgrade, or the reason that made it invalid."""
    low = subject.lowered
    if (
        subject.type not in _HANDSHAKE_TYPES
        and "handshake" not in low
        and "websocket" not in low
        and "unexpected server" not in low
        and "101" not in low
        and "unexpected http response" not in low
    ):
        return None
    found = _HANDSHAKE.search(subject.text)
    status = next((code for code in found.groups() if code), "") if found else ""
    if not status and subject.type in _HANDSHAKE_TYPES and (code := _STATUS.search(subject.first)):
        status = code[1]
    where = host.of_url(subject.text)
    if status:
        span = found[0] if found else status
        return finding(
            "ws.handshake",
            f"WebSocket handshake refused with HTTP {status}",
            span,
            (where,) if where else (),
            status=status,
            host=where,
        )
    return _not_a_handshake(subject, low, where)


def _not_a_handshake(subject: Subject, low: str, where: str) -> Finding | None:
    """A handshake that failed without a status."""
    if "opening handshake" in low and "timed out" in low:
        return finding(
            "ws.handshake",
            "WebSocket handshake timed out",
            "timed out during opening handshake",
            reason="timeout",
            host=where,
        )
    if (
        "websocket: bad handshake" in low
        or "did not receive a valid http response" in low
        or subject.type
        in {
            "InvalidUpgrade",
            "InvalidHeader",
            "InvalidMessage",
        }
    ):
        return finding(
            "ws.handshake",
            "WebSocket handshake got no valid answer",
            subject.first,
            reason="invalid",
            host=where,
        )
    return None


def close(subject: Subject) -> Finding | None:
    """`ws.close` with code, side and, where it is a known class, the reason."""
    low = subject.lowered
    known = subject.type in _TYPES
    if (
        not known
        and not subject.foreign
        and "received" not in low
        and "sent" not in low
        and "close" not in low
        and "websocket" not in low
        and "code" not in low
        and "disconnect" not in low
    ):
        return None
    if found := _FRAME.search(subject.text):
        return _closed(found[2], found[1], found[4], found[0])
    if subject.foreign and (elsewhere := _elsewhere(subject)):
        return elsewhere
    if found := _NO_FRAME.search(subject.text):
        return _closed("1006", "none", "", found[0])
    if found := _OLD.search(subject.text):
        return _closed(found[1], "none" if found[1] == "1006" else "received", found[2] or "", found[0])
    if found := _AIOHTTP.search(subject.text):
        return _closed(found[1], "received", "", found[0])
    if known and (found := _TUPLE.match(subject.first)):
        return _closed(found[1], "received", found[2] or "", found[0])
    return _loose(subject, known=known)


def _elsewhere(subject: Subject) -> Finding | None:
    """A close code that an assertion compared, or that .NET or Rust name in their own way."""
    found = expectation(subject)
    if found and "close" in found.about.lower() and _CODE.fullmatch(found.got):
        return _closed(found.got, "none" if found.got == "1006" else "", "", found.got)
    if dropped := _DROPPED.search(subject.text):
        return _closed("1006", "none", "", dropped[0])
    named = _NAMED_CODE.search(subject.text)
    return _closed(named[1], "", subject.text[named.end() : named.end() + 200], named[0]) if named else None


def _loose(subject: Subject, *, known: bool) -> Finding | None:
    """A close code in the words of somebody's wrapper."""
    code = subject.attribute("close_code")
    if code:
        return _closed(code, subject.attribute("close_side") or "received", subject.text, code)
    if not known and not _SUBJECT.search(subject.text):
        return None
    found = _LOOSE.search(subject.text)
    if not found:
        return None
    side = "received" if known or _BY_SERVER.search(subject.text) else ""
    if found[1] == "1006":
        side = "none"
    return _closed(found[1], side, subject.text[found.end() : found.end() + 200], found[0])


def _closed(code: str, side: str, reason: str, span: str) -> Finding:
    """The finding, with the direction in words."""
    low = reason.lower()
    why = next((name for name, words in _REASONS if any(map(low.__contains__, words))), "")
    name = _NAMES.get(code, "private use" if code >= "3000" else "")
    by = {"received": " by the server", "sent": " by our client"}.get(side, "")
    if side == "none":
        return finding(
            "ws.close", "WebSocket dropped without a close frame (1006)", span, code=code, side=side
        )
    said = "keepalive ping timeout" if why == "keepalive" else f"{name}: {why}" if why else name
    title = f"WebSocket closed{by} with {code}" + (f" ({said})" if said else "")
    return finding("ws.close", title, span, code=code, side=side, reason=why)
