"""A connection that was refused, reset, dropped or never came about; and to which service."""

import re

from triagebot.signatures import host
from triagebot.signatures.extractors.websocket import close
from triagebot.signatures.subject import Finding, Subject, finding

_STATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("refused", ("connection refused", "connect call failed", "econnrefused", "actively refused", "unable to bootstrap from", "refused the network connection", "[errno 111]", "[errno 61]", "winerror 10061", "winerror 1225", "nobrokersavailable", "connectionrefusederror", "connect: connection refused", "error 111 connecting", "err_connection_refused", "all connection attempts failed")),
    ("reset", ("connection reset", "econnreset", "[errno 104]", "[errno 54]", "winerror 10054", "winerror 64", "err_connection_reset", "connectionreseterror")),
    ("closed", ("remote end closed connection", "server disconnected", "server closed the connection", "connection aborted", "broken pipe", "[errno 32]", "socket hang up", "connection was closed", "connection closed by server", "connection closed unexpectedly", "peer closed connection", "incompleteread(", "payload is not completed", "content length header", "connection broken", "connection closed", "connection to remote host was lost", "ssl syscall error: eof", "err_connection_closed", "err_empty_response")),
    ("unreachable", ("network is unreachable", "no route to host", "enetunreach", "err_internet_disconnected", "err_address_unreachable", "ehostunreach", "[errno 101]", "[errno 113]")),
    ("timeout", ("connect timeout", "connection timed out", "connection to", "etimedout", "[errno 110]", "winerror 10060", "timeout connecting to", "timed out during connect", "connection timeout", "connect timed out", "err_connection_timed_out")),
)  # fmt: skip
_ELSEWHERE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("timeout", ("i/o timeout", "connect timeout error", "und_err_connect_timeout", "ns_error_net_timeout", "connecttimeoutexception", "httpconnecttimeout", "net::opentimeout", "failed to connect before the deadline", "curl error 28: connection timed out", "err_timed_out")),
    ("refused", ("ns_error_connection_refused", "couldn't connect to server", "refused. check that the hostname", "connectionrefused", "could not connect to the server", "curl error 7", "failed to connect to")),
    ("reset", ("ns_error_net_reset", "ns_error_net_interrupt", "forcibly closed by the remote host", "connectionreset", "stream was reset", "err_http2_protocol_error", "err_network_changed")),
    ("closed", ("other side closed", "premature close", "unexpected end of stream", "failed to respond", "response ended prematurely", "server closed idle connection", "incompletemessage", "connection closed before message completed", "empty reply from server", "end of file reached", "ns_error_net_empty_response", ": eof", "unexpected eof")),
    ("unreachable", ("ns_error_offline", "nohostroute", "networkunreachable", "net::err_network_access_denied", "err_proxy_connection_failed", "err_tunnel_connection_failed")),
    ("failed", ("xhr poll error", "websocket error", "xhr post error", "axioserror: network error", "network-related or instance-specific error", "can't reach database server", "err_network")),
)  # fmt: skip
"""What clients and browsers of other languages say: Go, undici, JDK, OkHttp, Apache's, .NET, hyper, curl, Ruby, Firefox, WebKit, socket.io."""
_NET = re.compile(r"net::ERR_(?P<code>[A-Z0-9_]{2,60})")
"""A code of Chromium's network stack. Hit: `net::ERR_CONNECTION_REFUSED`. Miss: `net::ERR_X`."""
_NOT_OURS = frozenset(("NAME_NOT_RESOLVED", "ABORTED", "FAILED"))
_BY_TYPE = {
    "ConnectionRefusedError": "refused", "ConnectionResetError": "reset", "BrokenPipeError": "closed",
    "ConnectionAbortedError": "closed", "RemoteDisconnected": "closed", "ServerDisconnectedError": "closed",
    "NoBrokersAvailable": "refused", "ConnectTimeout": "timeout", "ConnectTimeoutError": "timeout",
    "ConnectionTimeoutError": "timeout", "IncompleteReadError": "closed", "IncompleteRead": "closed", "ReadError": "reset", "WriteError": "reset", "BrokenResourceError": "reset", "EndOfStream": "closed",
}  # fmt: skip
_GATES = (
    "incompleteread", "payload", "content length", "bootstrap", "connect", "refused", "errno",
    "winerror", "pipe", "disconnected", "hang up", "route", "unreachable", "ssl syscall", "err_",
    "etimedout", "peer closed", "timed out", "timeout",
)  # fmt: skip
_LOCAL = ("filenotfounderror(2", "permissionerror(13")
"""A socket file that is missing or closed to us: nobody refused or dropped anything."""
_CLOSE_CODE = re.compile(r"(?i)\bclosed?\b[^\n\d]{0,24}\bcode\b[^\d\n]{0,3}(?:1\d{3}|[34]\d{3})\b")
"""A WebSocket that was closed with a code, which is `websocket`'s.

Hit: `closed with code 1011`
Miss: `closed with code 7`
"""
_PEERS = tuple(
    re.compile(pattern)
    for pattern in (
        # Hit: `Pool(host='api.example', port=443)`
        r"host='(?P<host>[^'\s]{1,253})',? port=(?P<port>\d{1,5})",
        # Hit: `Cannot connect to host api.example:443 ssl:default`
        r"Cannot connect to host (?P<host>[\w.-]{1,253}):(?P<port>\d{1,5})",
        # Hit: `connection to server at "db.example" (10.0.0.7), port 5432 failed`
        r"connection to server at \"(?P<host>[^\"\s]{1,253})\"(?: \([^)\s]{1,60}\))?, port (?P<port>\d{1,5})",
        # Hit: `connecting to server db.example:5432`
        r"connect(?:ing)? to (?:server )?(?:host )?[\"']?(?P<host>[\w.-]{1,253})[\"']?:(?P<port>\d{1,5})",
        # Hit: `running on host "db.example" and accepting connections on port 5432`
        r"running on host \"(?P<host>[\w.-]{1,253})\"[^\n]{0,80}\n?[^\n]{0,80}?port (?P<port>\d{1,5})",
        # Hit: `bootstrap from [('kafka.example', 9092`
        r"bootstrap from \[\('(?P<host>[^'\s]{1,253})', (?P<port>\d{1,5})",
        # Hit: `Connect call failed ('10.0.0.7', 5432)`
        r"Connect call failed \('(?P<host>[^'\s]{1,60})', (?P<port>\d{1,5})",
        # Hit: `ECONNREFUSED 10.0.0.7:5432`
        r"(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT) (?P<host>[\w.:-]{1,100}):(?P<port>\d{1,5})",
        # Hit: `dial tcp 10.0.0.7:5432: refused`
        r"dial tcp (?P<host>[\w.\[\]:-]{1,100}):(?P<port>\d{1,5})",
        # Hit: `ipv4:10.0.0.7:443: refused`
        r"ipv[46]:(?P<host>[\w.%\[\]-]{1,100}):(?P<port>\d{1,5})",
        # Hit: `Connection to api.example timed out`
        r"Connection to (?P<host>[\w.-]{1,253}) timed out",
        # Hit: `Failed to connect to api.example port 443`
        r"[Ff]ailed to connect to /?(?P<host>[\w.-]{1,253})(?: port |:)(?P<port>\d{1,5})",
        # Hit: `Can't connect to MySQL server on 'db.example:3306'`
        r"Can't connect to (?:MySQL )?server on '(?P<host>[\w.-]{1,253})(?::(?P<port>\d{1,5}))?'",
        # Hit: `(OS Error: Connection refused, errno = 111), address = 10.0.0.7, port = 443`
        r"errno = \d{1,5}\), address = (?P<host>[\w.:-]{1,253}), port = (?P<port>\d{1,5})",
        # Hit: `cache:6379 is gone`
        r"(?<![\w.])(?P<host>localhost|\d{1,3}(?:\.\d{1,3}){3}|[a-z][\w-]{0,62}(?:\.[\w-]{1,63}){1,6}|[a-z][\w-]{1,62}):(?P<port>\d{2,5})(?![\w.]|:\w)",
    )
)
"""Who was to be reached, in the words of each client; the last row takes any `host:port`.

Miss: `connection refused`
"""
_TITLES = {
    "refused": "Connection{to} refused",
    "reset": "Connection{to} reset by the peer",
    "closed": "Connection{to} closed by the peer without an answer",
    "unreachable": "Network{to} unreachable",
    "timeout": "Connecting{to} timed out",
}


def connection(subject: Subject) -> Finding | None:
    """`connection` with the state and the peer that the exception names."""
    low = f"{subject.qualified.lower()}: {subject.lowered}" if subject.foreign else subject.lowered
    if subject.foreign and "websocket" in low and close(subject):
        return None
    if subject.type not in _BY_TYPE and not subject.foreign and not any(map(low.__contains__, _GATES)):
        return None
    if (
        "queuepool limit" in low
        or "administrator command" in low
        or subject.qualified.startswith("websockets.")
        or any(map(low.__contains__, _LOCAL))
        or _CLOSE_CODE.search(subject.text)
    ):
        return None
    state, span = _elsewhere(subject, low) if subject.foreign else ("", "")
    state, span = (state, span) if state else _state(subject, low)
    if not state:
        return None
    peer = _peer(subject.text)
    to = f" to {peer}" if peer else ""
    at = "" if peer or subject.foreign else subject.module
    return finding(
        "connection",
        _TITLES.get(
            state, f"Connection{{to}} failed: {state}" if state != "failed" else "Connection{to} failed"
        ).format(to=to)
        + (f" ({at})" if at else ""),
        span,
        (peer,) if peer else (),
        state=state,
        peer=peer,
        at=at,
    )


def _elsewhere(subject: Subject, low: str) -> tuple[str, str]:
    """The state in the words of another language's client; of a browser's own code where no words are known for it."""
    for state, words in _ELSEWHERE:
        if said := next((word for word in words if word in low), ""):
            named = next(
                (
                    state
                    for state, words in _STATES
                    if any(map(low.__contains__, words)) and state != "closed"
                ),
                "",
            )
            return (named or state) if said == "failed to connect to" else state, said
    if subject.type == "ConnectException" and not subject.first.strip():
        return "refused", subject.type
    if subject.first == "fetch failed":
        return "failed", subject.first
    found = _NET.search(subject.text)
    known = found and (
        any(f"err_{found['code'].lower()}" in words for _state, words in _STATES)
        or found["code"].startswith(("CERT_", "SSL_"))
    )
    if not found or known or found["code"] in _NOT_OURS:
        return "", ""
    return found["code"].replace("_", " ").lower(), found[0]


def _state(subject: Subject, low: str) -> tuple[str, str]:
    """What became of the connection and the words that say so."""
    for state, words in _STATES:
        for word in words:
            if word in low and (
                word != "connection to" or re.search(r"connection to \S{1,253} timed out", low)
            ):
                return state, word
    return _BY_TYPE.get(subject.type, ""), subject.type


def _peer(text: str) -> str:
    """The service at the other end, as the exception names it."""
    for pattern in _PEERS:
        if found := pattern.search(text):
            groups = found.groupdict()
            return host.with_port(groups["host"], groups.get("port") or "")
    return host.of_url(text)
