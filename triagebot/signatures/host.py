"""Hosts as identity: what of a host's name stays the same from deploy to deploy.

In: a host, a URL or a text. Out: names with per-deploy noise masked. It resolves nothing.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_IN_URL = re.compile(
    r"\b(?:https?|wss?|postgres(?:ql)?|redis|amqp|mongodb)(?:\+\w{1,20})?://(?:[^\s/@'\"]{1,200}@)?"
    r"(\[[0-9a-fA-F:]{2,45}\]|[\w.-]{1,253})(?::(\d{1,5}))?"
)
"""The host and the port of an address.

Hit: `https://api.example:8443/v1`
Hit: `redis://app:x@cache:6379`
Miss: `api.example:8443`
"""
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}$|\[?[0-9a-fA-F:]{0,40}:[0-9a-fA-F:]{0,40}\]?$")
"""An address of the internet protocol, in either version. Hit: `10.0.0.7`. Hit: `[::1]`. Miss: `api.example`."""
_POD = re.compile(r"-(?:[a-f0-9]{8,10}-[a-z0-9]{5}|\d{5}-[a-z]{3})(?=$|\.)")
"""The two random words that end the name of a pod. Hit: `api-7d9f8b6c5d-x2x4z.svc`. Miss: `read-only-mode`."""
_NOISE = re.compile(
    r"(?:(?<=^)|(?<=[-.]))(?=[a-z0-9]{0,40}\d)(?:[a-f0-9]{7,40}|\d{4,20}|[a-z0-9]{10})(?=$|[-.])"
)
"""A part of a host's name that changes with each deployment.

Hit: `shop-9fceb02a.example`
Miss: `shop-staging.example`
"""
_LOCAL = frozenset(("localhost", "127.0.0.1", "::1", "0.0.0.0"))  # noqa: S104  # a name to recognise, nothing binds
_MANUALS = frozenset((
    "on.cypress.io", "jestjs.io", "vitest.dev", "playwright.dev", "nodejs.org", "curl.haxx.se",
    "curl.se", "www.selenium.dev", "aka.ms", "sqlalche.me", "developer.mozilla.org", "docs.pytest.org",
    "errors.pydantic.dev", "docs.python.org",
))  # fmt: skip
_LOOKED_AT = 20
_SCHEME = 24
_AUTHORITY = 470
_EPHEMERAL = 32_768
_GIVEN = 30_000


def hosts_in(text: str) -> tuple[str, ...]:
    """Hosts of the URLs in a text, masked, in order, without repeats; at most 5."""
    if "://" not in text:
        return ()
    named = (steady(found[1]) for found in _urls(text))
    return tuple(dict.fromkeys(named))[:5]


def of_url(text: str) -> str:
    """The first host of a URL in a text, masked; with its port where that says which service it is. "" without one."""
    found = next(_urls(text), None)
    return with_port(found[1], found[2] or "") if found else ""


def _urls(text: str) -> Iterator[re.Match[str]]:
    """The first URLs of a text that are not of a manual, each found by its `://` rather than by trying every word."""
    at = text.find("://")
    for _ in range(_LOOKED_AT):
        if at < 0:
            return
        found = _IN_URL.search(text, max(0, at - _SCHEME), at + _AUTHORITY)
        if found and found[1] not in _MANUALS:
            yield found
        at = text.find("://", at + 3)


@lru_cache(maxsize=1024)
def steady(host: str) -> str:
    """The host without what changes from deploy to deploy: pod suffixes, hashes, revisions, addresses."""
    host = host.strip("[]").lower().rstrip(".")
    if host in _LOCAL:
        return "localhost"
    if _IP.match(host):
        return "<ip>"
    return _NOISE.sub("*", _POD.sub("", host))


def with_port(host: str, port: str) -> str:
    """The host, or `localhost:8000` for a service that has no name but a fixed port; "" for a loopback without one."""
    name = steady(host) if host else ""
    if name in {"localhost", "<ip>", ""} and fixed(port):
        return f"{name}:{port}".lstrip(":")
    return "" if name == "localhost" else name


def fixed(port: str) -> bool:
    """Whether a port is somebody's choice rather than the kernel's (the ephemeral range begins at 32768)."""
    return port.isdigit() and 0 < int(port) < _EPHEMERAL


def chosen(port: str) -> bool:
    """Whether a port is a person's choice, and not an orchestrator's either: node ports of Kubernetes begin at 30000."""
    return fixed(port) and int(port) < _GIVEN


def without_given_port(host: str, roles: Mapping[str, str]) -> str:
    """The host without a port that an orchestrator gave it, unless the config names that port; "" for a loopback then."""
    name, _, port = host.rpartition(":")
    if not fixed(port) or chosen(port) or any(named.endswith(f":{port}") for named in roles):
        return host
    return "" if name == "localhost" else name


def role(host: str, roles: Mapping[str, str]) -> str:
    """The configured role of a host, or the host itself. Globs are matched by the longest pattern first."""
    bare = host.partition(":")[0]
    return roles.get(host) or roles.get(bare) or host
