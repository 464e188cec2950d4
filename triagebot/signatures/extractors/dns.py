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
        r"^([\w.-]{1,253}):\d{1,5}: \[Errno -",
        r"[Ff]ailed to resolve (?:host )?'([\w.-]{1,253})'",
        r"host='([\w.-]{1,253})'",
        r"Cannot connect to host ([\w.-]{1,253}):\d",
        r"translate host name \"([\w.-]{1,253})\"",
        r"(?:ENOTFOUND|EAI_AGAIN) ([\w.-]{1,253})",
        r"lookup ([\w.-]{1,253})(?: on |:)",
        r"errors resolving ([\w.-]{1,253}):\d",
        r"UnknownHostException: ([\w.-]{1,253})",
        r"[Cc]ould not resolve host:? '?([\w.-]{1,253})'?",
        r"(?:connecting to|connect to) ([A-Za-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,8}):\d{1,5}",
    )
)


def dns(subject: Subject) -> Finding | None:
    """`dns` with the host where the exception names it, and whether the resolver calls it temporary."""
    low = subject.lowered
    gate = next(filter(low.__contains__, _GATES), "")
    if not gate and subject.type not in {"gaierror", "NameResolutionError"}:
        return None
    reason = "temporary" if any(words in low for words in _TEMPORARY) else "unknown"
    where = next((host.steady(m[1]) for pattern in _NAMED if (m := pattern.search(subject.text))), "")
    where = where or host.of_url(subject.text)
    what = f"Host {where}" if where else "A host name"
    said = "could not be resolved for now" if reason == "temporary" else "could not be resolved"
    return finding(
        "dns", f"{what} {said}", gate or subject.type, (where,) if where else (), host=where, reason=reason
    )
