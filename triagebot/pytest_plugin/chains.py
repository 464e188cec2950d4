"""What text loses of an exception, put into pytest-json-report's metadata while the exception is still alive.

In: the exceptions that pytest hands to its hooks. Out, in the JSON report and only there:

    tests[i].metadata.triagebot.chains[phase]        phase: setup, call, teardown
    collectors[i].metadata.triagebot.chains.collect

Each chain is a list that runs from the first exception raised to the last. One entry:

    {"type": "httpx.ConnectError",              module and qualified name; bare for builtins
     "message": "All connection attempts …",    str(exception), at most 4,000 characters, the middle left out
     "frames": "path:line:function\n…",         a line for each, outermost first; relative to the root where inside it
     "link": "cause" | "context",               how it led to the next entry; none in the last
     "attributes": {name: text},                those of `_FACTS`, `close_code`, `close_side`, `fixture`, …
     "leaves": [entry, …]}                      members of an exception group; a leaf that has causes of its own
                                                carries them under "chain" (first raised first, without itself)

Of these, only type and message are always there. What would be empty is left out, and frames are one text, because
pytest-json-report writes value by value, and slowly.

Nothing here keeps an exception alive: everything is read at once into plain dicts, lists and strings (which xdist can
carry), and whatever an exception does when it is looked at is swallowed. It has no assert to rewrite: PYTEST_DONT_REWRITE.
"""

import errno
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from types import CodeType, TracebackType
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import _pytest
import pluggy
import pytest

MESSAGE_LIMIT = 4_000
CHAIN_LIMIT = 12
FRAME_LIMIT = 24
LEAF_LIMITS = ((16, 4), (4, 1))
"""(leaves of a group, exceptions in each leaf's chain), first for a group of the chain, then for one that led to a leaf."""
VALUE_LIMIT = 200

Entry = dict[str, Any]
"""One exception as plain data, in the shape that the module docstring gives."""
Facts = list[tuple[str, Any]]
"""Names and values of attributes, not yet text."""
_Limits = tuple[tuple[int, int], ...]
_Reader = Callable[[BaseException], Facts]

_MACHINERY = (
    *(package.__path__[0] + os.sep for package in (_pytest, pluggy)),
    os.path.dirname(__file__) + os.sep,  # what wraps a client for traces
)
_FIXTURE_CODE = frozenset(("pytest_fixture_setup", "finish"))
_chains_key = pytest.StashKey[dict[str, list[Entry]]]()


class ChainRecorder:
    """The hooks that record. One per session (under xdist one per worker and one in the controller)."""

    def __init__(self, config: pytest.Config) -> None:
        self._root = str(config.rootpath) + os.sep
        self._collected: dict[str, list[Entry]] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_json_runtest_metadata(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> dict[str, Any] | None:
        """All chains of this attempt so far. Of a rerun, an empty dict overwrites what the last attempt left."""
        stale = call.when == "setup" and item.stash.get(_chains_key, None) is not None
        if stale:
            item.stash[_chains_key] = {}
        raised = _failed_with(call)
        if raised is not None:
            item.stash.setdefault(_chains_key, {})[call.when] = chain_of(raised, self._root)
        return _metadata(item.stash[_chains_key]) if stale or raised is not None else None

    @pytest.hookimpl
    def pytest_exception_interact(
        self, call: pytest.CallInfo[Any], report: pytest.CollectReport | pytest.TestReport
    ) -> None:
        """Pins the chain of a collection error to its report, with which xdist sends it to the controller."""
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            vars(report)["triagebot_chain"] = chain_of(call.excinfo.value, self._root)

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keeps what `pytest_exception_interact` pinned until the report is written."""
        chain = vars(report).get("triagebot_chain")
        if chain:
            self._collected[report.nodeid] = chain

    @pytest.hookimpl(optionalhook=True)
    def pytest_json_modifyreport(self, json_report: dict[str, Any]) -> None:
        """Adds the kept chains to the collectors that failed."""
        for collector in json_report.get("collectors", ()):
            chain = self._collected.get(collector.get("nodeid", ""))
            if chain:
                collector.setdefault("metadata", {}).update(_metadata({"collect": chain}))


def _metadata(chains: dict[str, list[Entry]]) -> dict[str, Any]:
    return {"triagebot": {"chains": dict(chains)}}


def _failed_with(call: pytest.CallInfo[Any]) -> BaseException | None:
    """The exception of a call, unless it says that the test is skipped or expected to fail."""
    if call.excinfo is None or isinstance(call.excinfo.value, pytest.skip.Exception | pytest.xfail.Exception):
        return None
    return call.excinfo.value


def chain_of(exc: BaseException, root: str = "") -> list[Entry]:
    """The entries of `exc` and all that led to it, first raised first; the last `CHAIN_LIMIT` and no loops.

    `root` (with a trailing separator) is cut from the paths of frames. Never raises.
    """
    chain = [_entry(each, link, root, LEAF_LIMITS) for each, link in _walk(exc, CHAIN_LIMIT)]
    fixture = _safely(_fixture_name, exc)
    if fixture:
        chain[-1].setdefault("attributes", {})["fixture"] = fixture
    return chain


def _walk(exc: BaseException, limit: int) -> list[tuple[BaseException, str]]:
    """The last `limit` exceptions of a chain, first raised first, each with how it led to the one after it."""
    walked: list[tuple[BaseException, str]] = []
    at: BaseException | None = exc
    link = ""
    while at is not None and len(walked) < limit and all(at is not each for each, _ in walked):
        walked.append((at, link))
        at, link = _before(at)
    return walked[::-1]


def _before(exc: BaseException) -> tuple[BaseException | None, str]:
    """What led to `exc` and how, by the rule of Python's own traceback: an explicit cause hides the context."""
    before, link = _safely(_led_to, exc) or (None, "")
    return (before, link) if issubclass(type(before), BaseException) else (None, "")


def _led_to(exc: BaseException) -> tuple[BaseException | None, str]:
    if exc.__cause__ is not None:
        return exc.__cause__, "cause"
    return (None, "") if exc.__suppress_context__ else (exc.__context__, "context")


def _entry(exc: BaseException, link: str, root: str, limits: _Limits) -> Entry:
    """One exception, with its leaves as far as `limits` goes."""
    entry = {
        "type": _safely(_type_name, type(exc)) or "?",
        "message": _message(exc),
        "frames": _safely(_frames, exc, root),
        "link": link,
        "attributes": attributes_of(exc),
        # Not isinstance, which asks the exception itself for its __class__.
        "leaves": _safely(_leaves, exc, root, limits) if issubclass(type(exc), BaseExceptionGroup) else None,
    }
    return {name: value for name, value in entry.items() if value or name == "message"}


def _message(exc: BaseException) -> str:
    """The text of an exception; if it has none to give, the words of Python's own traceback for that."""
    text = _safely(_text, exc, MESSAGE_LIMIT)
    return "<exception str() failed>" if text is None else str(text)


def _leaves(exc: BaseException, root: str, limits: _Limits) -> list[Entry]:
    """The first members of a group that are no groups themselves, each with its causes."""
    if not limits:
        return []
    (most, deepest), *further = limits
    return [_leaf(_walk(each, deepest), root, tuple(further)) for each in islice(_members(exc), most)]


def _members(exc: BaseException) -> Iterator[BaseException]:
    if not isinstance(exc, BaseExceptionGroup):
        yield exc
        return
    for member in exc.exceptions:
        yield from _members(member)


def _leaf(walked: list[tuple[BaseException, str]], root: str, limits: _Limits) -> Entry:
    *before, leaf = (_entry(each, link, root, limits) for each, link in walked)
    return {**leaf, "chain": before} if before else leaf


def _type_name(cls: type) -> str:
    """`module.Qualified.name`, bare for builtins: the spelling of Python's own traceback."""
    bare = cls.__module__ in {"builtins", "__main__"}
    return _text(cls.__qualname__ if bare else f"{cls.__module__}.{cls.__qualname__}", VALUE_LIMIT)


def _frames(exc: BaseException, root: str) -> str:
    """The frames of a traceback without pytest's own; of many, the outermost quarter and the innermost rest."""
    frames = [
        f"{path}:{tb.tb_lineno or ''}:{_name(code.co_name)}"
        for tb, code in _tracebacks(exc.__traceback__)
        if (path := _path(code.co_filename, root))
    ]
    if len(frames) > FRAME_LIMIT:
        outer = FRAME_LIMIT // 4
        frames[outer : outer - FRAME_LIMIT] = []
    return "\n".join(frames)


def _tracebacks(tb: TracebackType | None) -> Iterator[tuple[TracebackType, CodeType]]:
    while tb is not None:
        yield tb, tb.tb_frame.f_code
        tb = tb.tb_next


@lru_cache(maxsize=1024)
def _path(filename: str, root: str) -> str:
    """The path of a file as frames show it, "" for pytest's own."""
    if filename.startswith(_MACHINERY):
        return ""
    return _name(filename.removeprefix(root).replace("\\", "/"), 2 * VALUE_LIMIT)


@lru_cache(maxsize=1024)
def _name(name: str, limit: int = VALUE_LIMIT) -> str:
    """The name on one line: whoever makes code while running may call it anything."""
    return _text(name, limit).replace("\n", " ")


def _fixture_name(exc: BaseException) -> str:
    """The fixture in whose setup or teardown `exc` came up: the innermost that pytest's own frames name."""
    name = ""
    for tb, code in _tracebacks(exc.__traceback__):
        if code.co_name in _FIXTURE_CODE and code.co_filename.startswith(_MACHINERY):
            local = tb.tb_frame.f_locals
            name = getattr(local.get("fixturedef", local.get("self")), "argname", None) or name
    return _text(name, VALUE_LIMIT)


# Which plain facts of which libraries' exceptions are worth keeping: (attribute, libraries, path from the exception).
# A library's own properties may be read. Of any other class only `vars()` is, because that runs nobody's code.
_FACTS: tuple[tuple[str, frozenset[str], str], ...] = tuple(
    (attribute, frozenset(libraries.split()), path)
    for attribute, libraries, path in (
        ("status", "requests httpx httpx2 openai anthropic websockets", "response.status_code"),
        ("status", "openai anthropic websockets", "status_code"),
        ("status", "aiohttp", "status"),
        ("status", "urllib google", "code"),
        ("status", "botocore", "response.ResponseMetadata.HTTPStatusCode"),
        ("host", "requests", "request.url"),
        ("host", "requests httpx httpx2 openai anthropic", "response.url"),
        ("host", "httpx httpx2", "_request.url"),
        ("host", "openai anthropic", "request.url"),
        ("host", "aiohttp", "request_info.real_url"),
        ("host", "urllib", "filename"),
        ("host", "botocore", "kwargs.endpoint_url"),
        ("host", "aiohttp", "_conn_key.host"),
        ("sqlstate", "asyncpg psycopg", "sqlstate"),
        ("sqlstate", "psycopg2", "pgcode"),
        ("sqlstate", "sqlalchemy", "orig.sqlstate"),
        ("sqlstate", "sqlalchemy", "orig.pgcode"),
        ("sqlite_error", "sqlite3", "sqlite_errorname"),
        ("sqlite_error", "sqlalchemy", "orig.sqlite_errorname"),
        ("grpc_code", "grpc", "_state.code.name"),
        ("grpc_code", "grpc", "_code.name"),
        ("grpc_code", "google", "grpc_status_code.name"),
        ("error_code", "botocore", "response.Error.Code"),
        ("error_code", "pymongo", "code"),
        ("exit_code", "subprocess", "returncode"),
    )
)
_PLAIN_FACTS = (
    ("status", "status_code"),
    ("status", "status"),
    ("sqlstate", "sqlstate"),
    ("exit_code", "returncode"),
)
_LIBRARIES = frozenset(library for _, libraries, _ in _FACTS for library in libraries)


def attributes_of(exc: BaseException) -> dict[str, str]:
    """What the exception itself says beside its message, as text: statuses, codes, hosts. Never raises."""
    found: dict[str, str] = {}
    for reader in _safely(_readers, type(exc)) or (_plain_facts,):
        for name, value in _safely(reader, exc) or ():
            text = _safely(_text, value, VALUE_LIMIT) if isinstance(value, int | str) else None
            if text:
                found.setdefault(name, text)
    return found


_readers_of: WeakKeyDictionary[type, tuple[_Reader, ...]] = WeakKeyDictionary()


def _readers(cls: type) -> tuple[_Reader, ...]:
    """The readers that know something of a class, which is looked at once."""
    readers = _readers_of.get(cls)
    if readers is None:
        system = (_system_facts,) if issubclass(cls, OSError | SystemExit) else ()
        library = (_close_facts, _library_facts) if _libraries(cls) else ()
        readers = _readers_of[cls] = (*system, *library, _plain_facts)
    return readers


def _system_facts(exc: BaseException) -> Facts:
    """Of the exceptions of Python itself: the errno by its name, the code of an exit."""
    if isinstance(exc, SystemExit):
        return [("exit_code", 0 if exc.code is None else exc.code)]
    # The numbers of getaddrinfo and ssl are not errnos, though their exceptions are OSErrors.
    if not isinstance(exc, OSError) or {"gaierror", "SSLError"} & {
        each.__name__ for each in type(exc).__mro__
    }:
        return []
    return [("errno", errno.errorcode.get(exc.errno or 0))]


def _close_facts(exc: BaseException) -> Facts:
    """Code and side of a websockets close: `received`, `sent` or `none`. Before version 10 there is no side."""
    if "websockets" not in _libraries(type(exc)):
        return []
    # Only vars(): the properties `code` and `reason` warn of their deprecation since version 13.1.
    held = vars(exc)
    if "rcvd" not in held:
        return [("close_code", held.get("code"))]
    received, sent = held["rcvd"], held["sent"]
    if received is not None and (sent is None or held["rcvd_then_sent"]):
        return [("close_code", int(received.code)), ("close_side", "received")]
    if sent is not None:
        return [("close_code", int(sent.code)), ("close_side", "sent")]
    return [("close_code", 1006), ("close_side", "none")]


def _library_facts(exc: BaseException) -> Facts:
    """The rows of `_FACTS` that fit the classes of the exception."""
    libraries = _libraries(type(exc))
    rows = [row for row in _FACTS if row[1] & libraries]
    values = ((name, _safely(_follow, exc, path)) for name, _, path in rows)
    return [(name, _host(value) if name == "host" else _number(value)) for name, value in values]


def _plain_facts(exc: BaseException) -> Facts:
    """What an exception of the application keeps under the usual names. Runs no code of the exception's class."""
    held = vars(exc)
    if not held:
        return []
    pairs = ((name, held.get(attribute)) for name, attribute in _PLAIN_FACTS)
    return [(name, value) for name, value in pairs if type(value) in {int, str}]


def _libraries(cls: type) -> frozenset[str]:
    """The top packages, of those that we know, from which a class and its bases come."""
    roots = {str(each.__module__).partition(".")[0] for each in cls.__mro__}
    return _LIBRARIES & roots


def _follow(at: Any, path: str) -> Any:
    for name in path.split("."):
        at = at.get(name) if isinstance(at, dict) else getattr(at, name)
    return at


def _number(value: Any) -> Any:
    """An int without its enum (`http.HTTPStatus` is an int that prints as words on some versions)."""
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _host(url: Any) -> str | None:
    """The host of a URL, be it text or a library's object, without user, password, port and path."""
    return None if url is None else urlsplit(str(url)).hostname


def _text(value: object, limit: int) -> str:
    """Plain `str` without lone surrogates, which neither xdist nor UTF-8 can carry; the middle left out if long.

    May raise whatever `value` raises when it is asked for its text.
    """
    # join makes a real str of a subclass, whose methods could be anybody's.
    text = "".join((str(value),))
    if len(text) > limit:
        text = f"{text[: limit * 3 // 4]} … {text[-limit // 4 :]}"
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _safely(read: Callable[..., Any], *args: Any) -> Any:
    """What `read` returns, or None: an exception may do anything when it is looked at, even exit."""
    try:
        return read(*args)
    except BaseException:  # noqa: BLE001 - a KeyboardInterrupt out of somebody's __str__ is none of the user's
        return None
