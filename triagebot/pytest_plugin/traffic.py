"""What the test process sends to others, in a window of time: requests, WebSocket handshakes, frames and closes, plain connections.

In: the classes of HTTP and WebSocket clients that are imported, and the audit events of sockets. Out: for each contact an action, host, path (never its
query, which may hold secrets), what came back, and when. Clients are wrapped where their class has the method; they behave as before, errors
included. An audit hook cannot be removed, so that it is set once, when traces are asked for, and falls silent with the session.
It has no assert to rewrite: PYTEST_DONT_REWRITE.
"""

import functools
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

Contact = list[Any]
"""[action, host, path, status, seconds since the epoch]; the status is filled in by the answer."""

MOST = 300
"""Contacts of one window that are kept."""
_TEXT = 300
_TYPE = re.compile(rb'"(?:type|event|action|method|op)" ?: ?"([\w.:/-]{1,60})"')
"""What a JSON message says it is. Hit: `{"type": "cart.add"}`. Miss: `{"id": "cart.add"}`."""
_now = time.time
_PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


class Contacts:
    """Notes what goes out from `start` to `stop`; `swapped` gives what was noted since it was last asked."""

    def __init__(self) -> None:
        self._on = False
        self._listens = True
        self._noted: list[Contact] = []
        self._asked: dict[object, str] = {}
        self._reached: set[str] = set()
        self._wrapped: list[tuple[Any, str, Any, bool]] = []
        self._known: set[str] = set()

    def listen(self) -> None:
        """Begins to see which hosts are connected to: pools that are filled before the first test serve all of them."""
        sys.addaudithook(self._audited)

    def start(self) -> None:
        """Begins to note."""
        self._on = True

    def stop(self) -> None:
        """Gives the clients their own methods back."""
        self._on = self._listens = False
        for owner, name, original, own in reversed(self._wrapped):
            with suppress(Exception):
                if own:
                    setattr(owner, name, original)
                else:
                    delattr(owner, name)
        self._wrapped.clear()
        self._known.clear()

    def swapped(self, noted: list[Contact] | None = None) -> list[Contact]:
        """Begins a new window, or goes on with an earlier one; gives that which ends here."""
        for module, wrap in _CLIENTS.items():
            if module in sys.modules and module not in self._known:
                self._known.add(module)
                with suppress(Exception):  # a client of another version is not seen, and works
                    wrap(self, sys.modules[module])
        before, self._noted = self._noted, [] if noted is None else noted
        return before

    def note(self, action: str, host: str, path: str = "", status: str = "") -> Contact:
        """Keeps a contact, unless it repeats the one before it."""
        contact = [action[:_TEXT], host[:_TEXT], path[:_TEXT], status[:_TEXT], round(_now(), 3)]
        noted = self._noted
        if self._on and len(noted) < MOST and not (noted and noted[-1][:4] == contact[:4] and status):
            noted.append(contact)
        return contact

    def wrap(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Puts a wrapper in the place of a method."""
        original = getattr(owner, name)
        wrapper = functools.wraps(original)(make(original))
        self._wrapped.append((owner, name, original, name in vars(owner)))
        setattr(owner, name, wrapper)

    @contextmanager
    def request(self, method: object, url: object) -> Iterator[Contact]:
        """A request, whose error is its status unless somebody notes another."""
        contact = self._request(method, url)
        try:
            yield contact
        except BaseException as error:
            contact[3] = type(error).__name__
            raise

    def _request(self, method: object, url: object) -> Contact:
        """A request that begins."""
        try:
            parts = urlsplit(str(url))
            return self.note(str(method), _host(parts.hostname or "", parts.port), parts.path)
        except Exception:  # noqa: BLE001 - whatever is no URL goes on without us
            return self.note(str(method), "?")

    def _audited(self, event: str, args: tuple[Any, ...]) -> None:
        """One audit event; nearly all are of no interest."""
        if not event.startswith("socket.") or not self._listens:
            return
        with suppress(Exception):
            if event == "socket.getaddrinfo":
                host, port = args[0], args[1]
                self._asked[str(port)] = host.decode() if isinstance(host, bytes) else str(host or "")
            elif event == "socket.connect":
                self._connected(args[1])

    def _connected(self, address: Any) -> None:
        """A connection that is opened, under the name by which the host was looked up."""
        if isinstance(address, tuple):
            name = self._asked.get(str(address[1])) or str(address[0])
            self._reached.update((name.lower(), str(address[0])))
            self.note("connect", _host(name, address[1]))
        elif isinstance(address, str | bytes):
            self._reached.add("")  # behind the socket of a machine may stand any host
            path = address.decode("utf-8", "replace") if isinstance(address, bytes) else address
            self.note("connect", "", path)

    def unreached(self, noted: list[Contact]) -> list[Contact]:
        """The contacts of a window, those of hosts to which this process never opened a connection as `mock …`.

        Where connections may go unseen (a proxy, uvloop, sockets of the machine) nothing is said of mocks.
        """
        if "" in self._reached or "uvloop" in sys.modules or any(map(os.environ.get, _PROXIES)):
            return noted
        return [_mocked(each) if self._is_unreached(each) else each for each in noted]

    def _is_unreached(self, contact: Contact) -> bool:
        """Whether something answered for a host that was never connected to."""
        answered = contact[0] != "connect" and contact[3].isdigit() and contact[1] not in ("", "?")
        return answered and contact[1].partition(":")[0].lower() not in self._reached


def _mocked(contact: Contact) -> Contact:
    """A contact that met a mock."""
    return [f"mock {contact[0]}", *contact[1:]]


def merged(noted: list[Contact]) -> list[Contact]:
    """The contacts of a window. Opening a connection is none of its own where its host is spoken to: pools keep them open."""
    spoken = {contact[1].partition(":")[0] for contact in noted if contact[0] != "connect"}
    return [c for c in noted if c[0] != "connect" or c[1].partition(":")[0] not in spoken or not c[1]]


def _host(host: str, port: object) -> str:
    """A host and its port, where that is not the usual one."""
    return host if port in (None, 80, 443) else f"{host}:{port}"


def _http_client(contacts: Contacts, module: Any) -> None:
    """The client of the standard library, on which requests and urllib3 stand."""
    last = "_triagebot_contact"

    def putrequest(original: Any) -> Any:
        def wrapper(self: Any, method: Any, url: Any, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            port = None if self.port == self.default_port else self.port
            path = urlsplit(str(url)).path if "://" in str(url) else str(url).partition("?")[0]
            vars(self)[last] = contacts.note(str(method), _host(str(self.host), port), path)
            return original(self, method, url, *args, **kwargs)

        return wrapper

    def getresponse(original: Any) -> Any:
        def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            contact = vars(self).pop(last, None) or [""] * 5
            try:
                response = original(self, *args, **kwargs)
            except BaseException as error:
                contact[3] = type(error).__name__
                raise
            contact[3] = str(response.status)
            return response

        return wrapper

    contacts.wrap(module.HTTPConnection, "putrequest", putrequest)
    contacts.wrap(module.HTTPConnection, "getresponse", getresponse)


def _httpx(contacts: Contacts, module: Any) -> None:
    """httpx, and what bears its interface under another name."""

    def send(original: Any) -> Any:
        def wrapper(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            with contacts.request(request.method, request.url) as contact:
                response = original(self, request, *args, **kwargs)
                contact[3] = str(response.status_code)
            return response

        return wrapper

    def async_send(original: Any) -> Any:
        async def wrapper(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            with contacts.request(request.method, request.url) as contact:
                response = await original(self, request, *args, **kwargs)
                contact[3] = str(response.status_code)
            return response

        return wrapper

    contacts.wrap(module.Client, "send", send)
    contacts.wrap(module.AsyncClient, "send", async_send)


def _aiohttp(contacts: Contacts, module: Any) -> None:
    """Aiohttp's client."""

    def request(original: Any) -> Any:
        async def wrapper(self: Any, method: Any, url: Any, *args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            with contacts.request(method, url) as contact:
                response = await original(self, method, url, *args, **kwargs)
                contact[3] = str(response.status)
            return response

        return wrapper

    contacts.wrap(module.ClientSession, "_request", request)


def _websockets(contacts: Contacts, module: Any) -> None:
    """Websockets from version 11 on: what all its clients, blocking or not, do through one protocol."""

    def where(protocol: Any) -> tuple[str, str]:
        uri = getattr(protocol, "uri", None) or protocol.wsuri
        return _host(uri.host, None if uri.port in (80, 443) else uri.port), uri.path

    def send_request(original: Any) -> Any:
        def wrapper(self: Any, request: Any) -> Any:
            __tracebackhide__ = True
            with suppress(Exception):
                vars(self)["_triagebot_contact"] = contacts.note("ws connect", *where(self))
            return original(self, request)

        return wrapper

    def process_response(original: Any) -> Any:
        def wrapper(self: Any, response: Any) -> Any:
            __tracebackhide__ = True
            with suppress(Exception):
                vars(self).pop("_triagebot_contact")[3] = str(response.status_code)
            return original(self, response)

        return wrapper

    def framed(sent: bool) -> Any:
        def make(original: Any) -> Any:
            def wrapper(self: Any, frame: Any) -> Any:
                __tracebackhide__ = True
                with suppress(Exception):
                    if frame.opcode == 8:
                        code = int.from_bytes(bytes(frame.data[:2]), "big") or 1005
                        contacts.note(
                            "ws close sent" if sent else "ws close received", *where(self), str(code)
                        )
                    elif sent and frame.opcode in (1, 2):
                        kind = _TYPE.search(bytes(frame.data[:500]))
                        contacts.note(f"ws send {kind[1].decode() if kind else ''}".strip(), *where(self))
                return original(self, frame)

            return wrapper

        return make

    contacts.wrap(module.ClientProtocol, "send_request", send_request)
    contacts.wrap(module.ClientProtocol, "process_response", process_response)
    contacts.wrap(module.ClientProtocol, "send_frame", framed(sent=True))
    contacts.wrap(module.ClientProtocol, "recv_frame", framed(sent=False))


_CLIENTS: dict[str, Callable[[Contacts, Any], None]] = {
    "http.client": _http_client,
    "httpx": _httpx,
    "httpx2": _httpx,
    "aiohttp": _aiohttp,
    "websockets.client": _websockets,
}
"""Clients by the module that must have been imported for them."""
