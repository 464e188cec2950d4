"""A host name that could not be resolved."""

import re

from triagebot.signatures import host
from triagebot.signatures.subject import Finding, Subject, finding

_TEMPORARY = ("temporary failure in name resolution", "eai_again", "try again", "[errno -3]")
_GATES = (
    "name or service not known", "temporary failure in name resolution", "nodename nor servname", "getaddrinfo",
    "no address associated", "failed to resolve", "could not translate host name",
    "no such host", "unknownhostexception", "name resolution", "could not resolve host", "errors resolving ", "[errno -2]", "[errno -3]",
    "[errno -5]", "[errno 11001]", "no such host is known", "dns lookup failed", "err_name_not_resolved", "name does not resolve",
)  # fmt: skip
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        r"^([\w.-]{1,253}):\d{1,5}: \[Errno -",  # Hit: `api.example:443: [Errno -2]`
        r"[Ff]ailed to resolve (?:host )?'([\w.-]{1,253})'",  # Hit: `Failed to resolve 'api.example'`
        r"host='([\w.-]{1,253})'",  # Hit: `Pool(host='api.example')`
        r"Cannot connect to host ([\w.-]{1,253}):\d",  # Hit: `Cannot connect to host api.example:443`
        r"translate host name \"([\w.-]{1,253})\"",  # Hit: `could not translate host name "db.example" to address`
        r"(?:ENOTFOUND|EAI_AGAIN) ([\w.-]{1,253})",  # Hit: `getaddrinfo ENOTFOUND api.example`
        r"lookup ([\w.-]{1,253})(?: on |:)",  # Hit: `lookup api.example: no such host`
        r"errors resolving ([\w.-]{1,253}):\d",  # Hit: `errors resolving api.example:443`
        r"UnknownHostException: ([\w.-]{1,253})",  # Hit: `UnknownHostException: api.example`
        r"[Cc]ould not resolve host:? '?([\w.-]{1,253})'?",  # Hit: `Could not resolve host: api.example`
        r"(?:connecting to|connect to) ([A-Za-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,8}):\d{1,5}",  # Hit: `connecting to api.example:443`
    )
)
"""The host that has no address, in the words of each resolver. Miss: `Name or service not known`."""


_ELSEWHERE = (
    "ns_error_unknown_host", "could not resolve hostname", "dns error", "failed to lookup address", "unresolvedaddressexception", "name or service not known",
    "no such host", "getaddrinfo: ", "nodename nor servname",
)  # fmt: skip
"""What clients and browsers of other languages say of a name that has no address."""
_TYPES = {
    "UnknownHostException": "UnknownHostException",
    "UnresolvedAddressException": "UnresolvedAddressException",
}
_NAMED_ELSEWHERE = (
    *(pattern for pattern in _NAMED if "resolve host:" not in pattern.pattern),
    re.compile(r"[Cc]ould not resolve host(?!name):? '?(?P<host>[\w.-]{1,253})"),
    re.compile(r"\((?P<host>[A-Za-z][\w.-]{1,253}):\d{1,5}\)"),
    re.compile(r"connection to (?P<host>[A-Za-z][\w.-]{1,253}):\d{1,5} \("),
    re.compile(r"Failed host lookup: '(?P<host>[\w.-]{1,253})'"),
)
"""The same in other languages, where curl's sentence is stricter and .NET and Node name hosts in brackets.

Hit: `Failed host lookup: 'api.example'`
Hit: `Could not resolve host: api.example`
Hit: `No such host is known. (api.example:443)`
Hit: `connection to api.example:443 (no address)`
Miss: `Name or service not known`
"""
_LEADING = re.compile(r"[a-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,8}(?=: |$)")
"""The host that a JVM's exception begins with.

Hit: `api.example: Name or service not known`
Miss: `Name or service not known`
"""


def dns(subject: Subject) -> Finding | None:
    """`dns` with the host where the exception names it, and whether the resolver calls it temporary."""
    low = subject.lowered
    if (
        subject.foreign
        and "temporary failure" not in low
        and (known := next(filter(low.__contains__, _ELSEWHERE), "") or _TYPES.get(subject.type, ""))
    ):
        where = next(
            (host.steady(m[1]) for pattern in _NAMED_ELSEWHERE if (m := pattern.search(subject.text))), ""
        )
        alone = _LEADING.match(subject.first) if subject.type in _TYPES else None
        return _found(
            where or (host.steady(alone[0]) if alone else host.of_url(subject.text)), "unknown", known
        )
    gate = next(filter(low.__contains__, _GATES), "")
    if not gate and subject.type not in {"gaierror", "NameResolutionError"}:
        return None
    reason = "temporary" if any(words in low for words in _TEMPORARY) else "unknown"
    where = next((host.steady(m[1]) for pattern in _NAMED if (m := pattern.search(subject.text))), "")
    return _found(where or host.of_url(subject.text), reason, gate or subject.type)


def _found(where: str, reason: str, span: str) -> Finding:
    what = f"Host {where}" if where else "A host name"
    said = "could not be resolved for now" if reason == "temporary" else "could not be resolved"
    return finding("dns", f"{what} {said}", span, (where,) if where else (), host=where, reason=reason)
