"""The plugin in real pytest sessions, what `triagebot` makes of them, and exceptions that are hard to read.

The sessions run in forks of one process, which has imported pytest once: importing takes most of the
time of a small session.
"""

import asyncio
import gc
import io
import json
import os
import socket
import sqlite3
import ssl
import subprocess
import sys
import tomllib
import urllib.error
import weakref
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path

import anthropic
import httpx2
import psycopg
import pytest
import requests
import sqlalchemy
import websockets.exceptions
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Close

from triagebot.cli import run
from triagebot.cli.process import Process
from triagebot.pytest_plugin.chains import CHAIN_LIMIT, FRAME_LIMIT, attributes_of, chain_of
from triagebot.reports import parse
from triagebot.reports.model import Failure, Raised
from triagebot.signatures import judge

ON = ("-p", "triagebot.pytest_plugin")
ROOT = Path(__file__).parents[1]

CHAIN = """
class Lost(Exception):
    pass

def fetch():
    try:
        raise ConnectionRefusedError(111, "Connection refused")
    except OSError as error:
        raise Lost("no answer") from error

def test_it():
    try:
        fetch()
    except Lost:
        raise KeyError("token")
"""
PHASES = """
import pytest

@pytest.fixture
def account():
    raise PermissionError(13, "Permission denied")

@pytest.fixture
def project(account):
    return 1

@pytest.fixture
def session():
    yield
    raise RuntimeError("cannot sign out")

def test_setup(project):
    pass

def test_both(session):
    raise ValueError("first")

@pytest.mark.skip
def test_skipped():
    pass

def test_skips_itself():
    pytest.skip("not here")

def test_passes():
    pass
"""
GROUP = """
def test_it():
    try:
        raise ConnectionResetError(104, "Connection reset by peer")
    except OSError as error:
        caught = error
    late = TimeoutError("late")
    late.__cause__ = caught
    raise ExceptionGroup("two of three", [ValueError("a"), ExceptionGroup("inner", [late])])
"""
BROKEN = """
import not_installed_anywhere
"""
RERUN = """
import pytest

tried = []

@pytest.mark.flaky(reruns=1)
def test_it():
    tried.append(1)
    if len(tried) == 1:
        raise ValueError("only the first time")

@pytest.mark.flaky(reruns=1)
def test_never():
    raise ValueError("every time")
"""
SUBTESTS = """
def test_it(subtests):
    for number in range(3):
        with subtests.test(number=number):
            if number == 1:
                raise LookupError("number one")
"""
HOSTILE = """
import pytest

class NoText(Exception):
    def __str__(self):
        raise RuntimeError("no text")

class NoAttributes(Exception):
    status_code = response = property(lambda self: 1 / 0)

class NoCause(Exception):
    __cause__ = property(lambda self: 1 / 0)

class OddText(str):
    def encode(self, *args):
        raise RuntimeError("no bytes")

class Odd(Exception):
    def __str__(self):
        return OddText("odd")

class OddOsError(OSError):
    errno = property(lambda self: 1 / 0)

def a_loop():
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    return one

def deep(n=0):
    deep(n + 1)

MAKE = {
    "no text": NoText, "no attributes": NoAttributes, "odd": Odd, "a loop": a_loop, "errno": OddOsError, "deep": deep,
    "long": lambda: ValueError("x" * 100_000), "surrogate": lambda: ValueError(chr(0xD800)),
    "base": lambda: BaseException("b"), "digits": lambda: ValueError(10 ** 5000),
}

@pytest.mark.parametrize("name", MAKE)
def test_it(name):
    raise MAKE[name]()
"""
FILES = {
    "test_chain.py": CHAIN, "test_phases.py": PHASES, "test_group.py": GROUP, "test_broken.py": BROKEN, "test_rerun.py": RERUN,
    "test_subtests.py": SUBTESTS, "test_hostile.py": HOSTILE,
    # A root of its own: the options of this repository (sockets off, warnings are errors) stay out.
    "pytest.ini": "[pytest]\naddopts = -p no:cacheprovider -p no:hypothesispytest -p no:anyio -p no:socket\n",
}  # fmt: skip

EVERYTHING = ("--continue-on-collection-errors",)
CHAIN_ONLY = "test_chain.py"
SESSIONS = {
    # name: (arguments, environment)
    "plain": (EVERYTHING, {}),
    "on": ((*ON, *EVERYTHING), {}),
    # A lone surrogate in the message breaks xdist itself, with or without the plugin.
    "on, xdist": ((*ON, *EVERYTHING, "-n", "2", "-k", "not surrogate"), {}),
    "-p": ((*ON, CHAIN_ONLY), {}),
    "-pname": (("-ptriagebot.pytest_plugin", CHAIN_ONLY), {}),
    "-p and option": ((*ON, "--triagebot", CHAIN_ONLY), {}),
    "option": (("--triagebot", CHAIN_ONLY), {}),
    "option, xdist": (("--triagebot", "-n", "1", CHAIN_ONLY), {}),
    "PYTEST_PLUGINS": ((CHAIN_ONLY,), {"PYTEST_PLUGINS": "triagebot.pytest_plugin"}),
    "PYTEST_ADDOPTS": ((CHAIN_ONLY,), {"PYTEST_ADDOPTS": "-p triagebot.pytest_plugin"}),
    "not asked for": ((CHAIN_ONLY,), {}),
    "blocked": (("-p", "no:triagebot.pytest_plugin", CHAIN_ONLY), {}),
    "no report": ((*ON, "--no-report", "-W", "error", CHAIN_ONLY), {}),
    "no report, option": (("--triagebot", "--no-report", "-W", "error", CHAIN_ONLY), {}),
    "no json-report": ((*ON, "--no-report", "-W", "error", "-p", "no:pytest_jsonreport", CHAIN_ONLY), {}),
    "help": (("--no-report", "--help"), {}),
}  # fmt: skip
DRIVER = """
import json, os, sys
import pytest

def session(name, args, env):
    os.environ.update(env)
    out = os.open(f"{name}.txt", os.O_WRONLY | os.O_CREAT)
    os.dup2(out, 1)
    os.dup2(out, 2)
    report = [] if "--no-report" in args else ["--json-report", f"--json-report-file={name}.json"]
    code = int(pytest.main([*report, *(a for a in args if a != "--no-report")]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

codes = {}
for name, (args, env) in json.load(sys.stdin).items():
    child = os.fork() or session(name, args, env)
    codes[name] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(json.dumps(codes))
"""


def installed(folder: Path) -> str:
    """A PYTHONPATH on which this checkout counts as installed: importable, and with pyproject's entry points."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / "site" / "triagebot-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: triagebot\nVersion: 0\n", encoding="utf-8")
    lines = [f"{name} = {value}" for name, value in project["entry-points"]["pytest11"].items()]
    (info / "entry_points.txt").write_text("\n".join(["[pytest11]", *lines, ""]), encoding="utf-8")
    return os.pathsep.join([str(info.parent), str(ROOT)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which all sessions have run. Of each it holds the output and, where there is one, the report."""
    folder = tmp_path_factory.mktemp("sessions")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        cwd=folder, input=json.dumps(SESSIONS), capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": installed(folder)}, check=True,
    )  # fmt: skip
    (folder / "codes.json").write_text(done.stdout, encoding="utf-8")
    return folder


def told(folder: Path, name: str) -> dict:
    """The JSON report of a session ({} if it wrote none) with "exit" and "output" beside it."""
    report = folder / f"{name}.json"
    found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    codes = json.loads((folder / "codes.json").read_text(encoding="utf-8"))
    output = (folder / f"{name}.txt").read_text(encoding="utf-8", errors="replace")
    return {**found, "exit": codes[name], "output": output}


def chains(report: dict, test: str) -> dict:
    """The recorded chains of one test of a report, by phase; {} where nothing was recorded."""
    (found,) = (each for each in report["tests"] if each["nodeid"] == test)
    return found.get("metadata", {}).get("triagebot", {}).get("chains", {})


def read(entry: dict) -> Raised:
    """An entry as the report that carries it is read."""
    test = {"nodeid": "a.py::t", "outcome": "failed", "call": {"outcome": "failed"}}
    test["metadata"] = {"triagebot": {"chains": {"call": [entry]}}}
    (case,) = parse("x.json", json.dumps({"exitcode": 1, "tests": [test]}).encode()).cases
    return case.failures[0].chain[0]


@pytest.fixture(params=["on", "on, xdist"])
def recorded(request, folder):
    """The report of the whole suite with the plugin on, alone and distributed."""
    return told(folder, request.param)


def test_the_chain_runs_from_the_first_raised_to_the_last_with_its_links(recorded):
    chain = chains(recorded, "test_chain.py::test_it")["call"]
    assert [(e["type"], e["message"], e.get("link")) for e in chain] == [
        ("ConnectionRefusedError", "[Errno 111] Connection refused", "cause"),
        ("test_chain.Lost", "no answer", "context"),
        ("KeyError", "'token'", None),
    ]
    assert chain[1]["frames"] == "test_chain.py:13:test_it\ntest_chain.py:9:fetch"
    assert chain[0]["attributes"] == {"errno": "ECONNREFUSED"}


@pytest.mark.parametrize(
    "name",
    ["-p", "-pname", "-p and option", "option", "option, xdist", "PYTEST_PLUGINS", "PYTEST_ADDOPTS"],
)
def test_it_records_when_asked_for(folder, name):
    report = told(folder, name)
    assert report["exit"] == 1
    assert len(chains(report, "test_chain.py::test_it")["call"]) == 3


@pytest.mark.parametrize("name", ["not asked for", "blocked"])
def test_it_records_nothing_when_not_asked_for(folder, name):
    report = told(folder, name)
    assert report["exit"] == 1
    assert chains(report, "test_chain.py::test_it") == {}


@pytest.mark.parametrize("name", ["no report", "no report, option", "no json-report"])
def test_without_a_json_report_it_is_inert(folder, name):
    report = told(folder, name)
    assert report["exit"] == 1
    assert "1 failed" in report["output"]
    assert "warning" not in report["output"].lower()


def test_its_option_is_there_as_soon_as_it_is_installed(folder):
    assert "--triagebot" in told(folder, "help")["output"]


def test_each_phase_has_its_own_chain_and_names_the_fixture_that_broke(recorded):
    ends = {
        test: [
            (phase, chain[-1]["type"], chain[-1].get("attributes", {}))
            for phase, chain in chains(recorded, f"test_phases.py::{test}").items()
        ]
        for test in ("test_setup", "test_both", "test_skipped", "test_skips_itself", "test_passes")
    }
    assert ends == {
        "test_setup": [("setup", "PermissionError", {"errno": "EACCES", "fixture": "account"})],
        "test_both": [("call", "ValueError", {}), ("teardown", "RuntimeError", {"fixture": "session"})],
        "test_skipped": [],
        "test_skips_itself": [],
        "test_passes": [],
    }


def test_a_group_shows_its_leaves_and_what_caused_them(recorded):
    (group,) = chains(recorded, "test_group.py::test_it")["call"]
    assert [(leaf["type"], leaf["message"]) for leaf in group["leaves"]] == [
        ("ValueError", "a"),
        ("TimeoutError", "late"),
    ]
    (before,) = group["leaves"][1]["chain"]
    assert (before["type"], before["link"], before["attributes"]) == (
        "ConnectionResetError", "cause", {"errno": "ECONNRESET"},
    )  # fmt: skip


def test_a_collection_error_shows_the_import_that_failed(recorded):
    (failed,) = [each for each in recorded["collectors"] if each["outcome"] == "failed"]
    first, *_, last = failed["metadata"]["triagebot"]["chains"]["collect"]
    assert (first["type"], first["message"]) == (
        "ModuleNotFoundError",
        "No module named 'not_installed_anywhere'",
    )
    assert last["type"].endswith("CollectError")


def test_a_rerun_that_passes_leaves_no_chain_of_the_attempt_before(recorded):
    assert chains(recorded, "test_rerun.py::test_it") == {}
    (last,) = chains(recorded, "test_rerun.py::test_never")["call"]
    assert last["message"] == "every time"


def test_a_test_that_only_says_contains_failed_subtests_keeps_the_subtests_chain(recorded):
    assert [e["type"] for e in chains(recorded, "test_subtests.py::test_it")["call"]] == ["LookupError"]


def test_the_outcome_of_every_test_is_that_of_a_session_without_the_plugin(recorded, folder):
    plain = {test["nodeid"]: test["outcome"] for test in told(folder, "plain")["tests"]}
    outcomes = {test["nodeid"]: test["outcome"] for test in recorded["tests"]}
    assert set(plain) - set(outcomes) <= {"test_hostile.py::test_it[surrogate]"}
    assert outcomes == {test: plain[test] for test in outcomes}
    assert "INTERNALERROR" not in recorded["output"]


def test_exceptions_that_fight_back_have_their_chains(recorded):
    hostile = [each for each in recorded["tests"] if each["nodeid"].startswith("test_hostile.py")]
    assert len(hostile) >= 9
    assert all(each["metadata"]["triagebot"]["chains"]["call"] for each in hostile)


def keys(path: Path) -> dict[tuple[str, str], set[str]]:
    """The key and aliases that `triagebot group` gives each (test, phase) of a report."""
    out = io.StringIO()
    world = Process(
        {}, lambda: datetime(2026, 11, 22, tzinfo=UTC), path.parent, io.BytesIO(), out, io.StringIO()
    )
    assert run(["group", str(path), "--json"], world) == 0
    return {
        (failure["test"], failure["phase"]): {group["key"], *group["aliases"]}
        for group in json.loads(out.getvalue())["groups"]
        for failure in group["failures"]
    }


def test_a_report_with_chains_is_grouped_under_the_keys_of_one_without(folder):
    plain, recorded = keys(folder / "plain.json"), keys(folder / "on.json")
    assert set(plain) == set(recorded)
    assert len(plain) >= 15
    lost = {failure for failure, known in plain.items() if not known <= recorded[failure]}
    assert lost == set()


def test_what_was_recorded_is_what_the_report_is_read_as(folder):
    (case,) = (
        case
        for case in parse("on.json", (folder / "on.json").read_bytes()).cases
        if case.test == "test_chain.py::test_it"
    )
    refused, lost, key = case.failures[0].chain
    assert [(frame.path, frame.line, frame.function) for frame in lost.frames] == [
        ("test_chain.py", 13, "test_it"),
        ("test_chain.py", 9, "fetch"),
    ]
    assert (refused.attributes, refused.link, key.link) == ((("errno", "ECONNREFUSED"),), "cause", "")


def raised(exc: BaseException) -> BaseException:
    """The exception with a traceback."""
    try:
        raise exc
    except BaseException as caught:
        return caught


class ExitsError(Exception):
    """Leaves the program whenever it is looked at: more than pytest itself survives."""

    def __getattribute__(self, name):
        raise SystemExit(3)

    def __str__(self):
        raise KeyboardInterrupt


class Endless(ExceptionGroup):
    """A group that is its own member."""

    @property
    def exceptions(self):
        return (self,)


@pytest.mark.parametrize(
    ("make", "message"),
    [(ExitsError, "<exception str() failed>"), (lambda: Endless("g", [ValueError()]), "g (1 sub-exception)")],
)
def test_whatever_an_exception_does_it_gets_an_entry(make, message):
    (entry,) = chain_of(make())
    assert entry["type"].startswith(__name__)
    assert (entry["message"], "leaves" in entry) == (message, False)


def test_a_class_is_forgotten_with_its_last_exception():
    cls = type("Passing", (Exception,), {})
    attributes_of(cls())
    known = weakref.ref(cls)
    del cls
    gc.collect()
    assert known() is None


def with_facts(module: str, **facts: object) -> BaseException:
    """An exception whose class says it comes from a library, and that holds what the library's would hold."""
    exc = type("Failed", (Exception,), {"__module__": module})("text")
    vars(exc).update(facts)
    return exc


class Namespace:
    def __init__(self, **values):
        vars(self).update(values)


CLOSE_1011 = Namespace(code=1011, reason="")

ATTRIBUTES = [
    (ConnectionRefusedError(111, "x"), {"errno": "ECONNREFUSED"}),
    (OSError("no number"), {}),
    (with_facts("websockets.exceptions", rcvd=CLOSE_1011, sent=CLOSE_1011, rcvd_then_sent=True), {"close_code": "1011", "close_side": "received"}),
    (with_facts("websockets.exceptions", rcvd=CLOSE_1011, sent=CLOSE_1011, rcvd_then_sent=False), {"close_code": "1011", "close_side": "sent"}),
    (with_facts("websockets.exceptions", rcvd=CLOSE_1011, sent=None, rcvd_then_sent=None), {"close_code": "1011", "close_side": "received"}),
    (with_facts("websockets.exceptions", rcvd=None, sent=CLOSE_1011, rcvd_then_sent=None), {"close_code": "1011", "close_side": "sent"}),
    (with_facts("websockets.exceptions", rcvd=None, sent=None, rcvd_then_sent=None), {"close_code": "1006", "close_side": "none"}),
    (with_facts("websockets.exceptions", code=1008, reason=""), {"close_code": "1008"}),
    (with_facts("websockets.exceptions", response=Namespace(status_code=503)), {"status": "503"}),
    (with_facts("requests.exceptions", response=Namespace(status_code=503, url="https://u:p@api.example:8443/x?k=1")), {"status": "503", "host": "api.example"}),
    (with_facts("httpx", response=Namespace(status_code=429, url="http://h/")), {"status": "429", "host": "h"}),
    (with_facts("botocore.exceptions", response={"Error": {"Code": "ThrottlingException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}), {"status": "400", "error_code": "ThrottlingException"}),
    (with_facts("asyncpg.exceptions", sqlstate="42P01"), {"sqlstate": "42P01"}),
    (with_facts("grpc._channel", _state=Namespace(code=Namespace(name="UNAVAILABLE"))), {"grpc_code": "UNAVAILABLE"}),
    (with_facts("shop.errors", status_code=503, secret="s"), {"status": "503"}),
    (with_facts("shop.errors", status_code=True), {}),
    (with_facts("shop.errors", code=7), {}),
]  # fmt: skip


@pytest.mark.parametrize(("exc", "expected"), ATTRIBUTES)
def test_attributes_are_those_that_the_exception_itself_holds(exc, expected):
    assert attributes_of(exc) == expected


def caught(raise_it: Callable[[], object]) -> BaseException:
    """What a call raises."""
    try:
        raise_it()
    except BaseException as error:
        return error
    pytest.fail("nothing was raised")


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answer(status: int) -> httpx2.Response:
    return httpx2.Response(
        status, request=httpx2.Request("GET", "https://user:pass@api.shop.example:8443/v1?key=1")
    )


def answered() -> requests.Response:
    response = requests.Response()
    response.status_code, response.url = 502, "https://api.shop.example/v1"
    return response


def duplicate(execute: Callable[[str], object]) -> None:
    execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)")
    for _ in range(2):
        execute("INSERT INTO orders VALUES (1)")


def through_sqlite() -> None:
    database = sqlite3.connect(":memory:")
    try:
        duplicate(database.execute)
    finally:
        database.close()


def through_sqlalchemy() -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            duplicate(lambda statement: connection.execute(sqlalchemy.text(statement)))
    finally:
        engine.dispose()


SENT, RECEIVED = Close(1000, "bye"), Close(1011, "internal error")
CLOSED = websockets.exceptions.ConnectionClosedError
REAL = {
    "websockets: server first": (lambda: CLOSED(RECEIVED, SENT, True), {"close_code": "1011", "close_side": "received"}),
    "websockets: client first": (lambda: CLOSED(RECEIVED, SENT, False), {"close_code": "1000", "close_side": "sent"}),
    "websockets: only received": (lambda: CLOSED(RECEIVED, None, None), {"close_code": "1011", "close_side": "received"}),
    "websockets: only sent": (lambda: CLOSED(None, SENT, None), {"close_code": "1000", "close_side": "sent"}),
    "websockets: no close frame": (lambda: CLOSED(None, None, None), {"close_code": "1006", "close_side": "none"}),
    "httpx2: status": (lambda: caught(answer(503).raise_for_status), {"status": "503", "host": "api.shop.example"}),
    "httpx2: refused": (lambda: caught(lambda: httpx2.get(f"http://127.0.0.1:{closed_port()}", trust_env=False)), {"host": "127.0.0.1"}),
    "requests: status": (lambda: caught(answered().raise_for_status), {"status": "502", "host": "api.shop.example"}),
    "requests: refused": (lambda: caught(lambda: requests.get(f"http://127.0.0.1:{closed_port()}", timeout=5)), {"host": "127.0.0.1"}),
    "urllib: status": (lambda: urllib.error.HTTPError("https://api.shop.example/v1", 404, "Not Found", {}, io.BytesIO()), {"status": "404", "host": "api.shop.example"}),
    "anthropic: status": (lambda: anthropic.RateLimitError("slow down", response=answer(429), body=None), {"status": "429", "host": "api.shop.example"}),
    "anthropic: no answer": (lambda: anthropic.APIConnectionError(request=answer(200).request), {"host": "api.shop.example"}),
    "psycopg: class of a SQLSTATE": (lambda: psycopg.errors.UndefinedTable("relation does not exist"), {"sqlstate": "42P01"}),
    "sqlite3": (lambda: caught(through_sqlite), {"sqlite_error": "SQLITE_CONSTRAINT_PRIMARYKEY"}),
    "sqlalchemy over sqlite3": (lambda: caught(through_sqlalchemy), {"sqlite_error": "SQLITE_CONSTRAINT_PRIMARYKEY"}),
    "a file that is not there": (lambda: caught(Path("/not/there").read_bytes), {"errno": "ENOENT"}),
    "name resolution": (lambda: socket.gaierror(-2, "Name or service not known"), {}),
    "TLS": (lambda: ssl.SSLCertVerificationError(1, "certificate verify failed"), {}),
    "subprocess": (lambda: caught(lambda: subprocess.run([sys.executable, "-c", "exit(3)"], check=True)), {"exit_code": "3"}),
    "subprocess: killed": (lambda: subprocess.CalledProcessError(-9, "tool"), {"exit_code": "-9"}),
    "exit with a code": (lambda: caught(lambda: sys.exit(137)), {"exit_code": "137"}),
    "exit with words": (lambda: caught(lambda: sys.exit("no config")), {"exit_code": "no config"}),
    "exit with nothing": (lambda: caught(sys.exit), {"exit_code": "0"}),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_exceptions_of_clients_give_what_they_hold(name):
    make, expected = REAL[name]
    assert attributes_of(make()) == expected


def in_a_task_group(raise_it: Callable[[], Coroutine[None, None, object]]) -> dict:
    """The entry of the group that a task group makes of what one of its tasks raises."""

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(raise_it())

    (entry,) = chain_of(caught(lambda: asyncio.run(main())))
    return entry


class LostError(Exception):
    """What an application makes of an error of the system."""


async def order() -> None:
    try:
        await asyncio.open_connection("127.0.0.1", closed_port())
    except OSError as error:
        raise LostError("no answer") from error


async def request() -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        await client.get(f"http://127.0.0.1:{closed_port()}")


def test_an_error_in_a_task_group_keeps_the_error_of_the_system_that_led_to_it():
    entry = in_a_task_group(order)
    (leaf,) = read(entry).leaves
    assert leaf.type.endswith("LostError")
    assert [(each.type, each.attributes, each.link) for each in leaf.before] == [
        ("ConnectionRefusedError", (("errno", "ECONNREFUSED"),), "cause")
    ]
    judgement = judge(Failure("t", "t", "call", "", "", (read(entry),)))
    assert (judgement.signature.kind, dict(judgement.signature.slots)) == ("connection", {"state": "refused"})


def test_a_request_in_a_task_group_keeps_what_its_client_shows():
    """httpcore2 hides the system's error (`raise … from None`), as a traceback shows."""
    (leaf,) = in_a_task_group(request)["leaves"]
    assert (leaf["type"], leaf["attributes"]) == ("httpx2.ConnectError", {"host": "127.0.0.1"})
    assert [(each["type"], each["link"]) for each in leaf["chain"]] == [("httpcore2.ConnectError", "cause")]


def test_a_group_that_led_to_a_leaf_shows_some_of_its_own_leaves():
    attempts = ExceptionGroup("attempts", [ConnectionRefusedError(111, str(number)) for number in range(9)])
    lost = OSError("all attempts failed")
    lost.__cause__ = attempts
    (entry,) = chain_of(ExceptionGroup("tasks", [lost]))
    (before,) = entry["leaves"][0]["chain"]
    assert [leaf["attributes"] for leaf in before["leaves"]] == [{"errno": "ECONNREFUSED"}] * 4


def test_an_unknown_class_is_never_asked_through_its_properties():
    asked = []
    cls = type("Sly", (Exception,), {"status_code": property(lambda _: asked.append("status_code") or 503)})
    assert attributes_of(cls()) == {}
    assert asked == []


def test_a_long_chain_keeps_the_exceptions_raised_last():
    exc: BaseException = ValueError("0")
    for number in range(1, 100):
        later = ValueError(str(number))
        later.__context__, exc = exc, later
    messages = [each["message"] for each in chain_of(exc)]
    assert messages == [str(number) for number in range(100 - CHAIN_LIMIT, 100)]


def test_raise_from_none_hides_what_came_before_as_it_does_in_a_traceback():
    exc = KeyError("shown")
    exc.__context__, exc.__suppress_context__ = ValueError("hidden"), True
    assert [each["type"] for each in chain_of(exc)] == ["KeyError"]


def test_a_recursion_keeps_its_first_and_its_innermost_frames():
    def deep(number: int) -> None:
        if number == 0:
            raise ValueError
        deep(number - 1)

    try:
        deep(200)
    except ValueError as error:
        frames = chain_of(error)[-1]["frames"].split("\n")
    assert len(frames) == FRAME_LIMIT
    assert frames[-1].endswith(":deep")
    assert frames[0].rpartition(":")[2] == test_a_recursion_keeps_its_first_and_its_innermost_frames.__name__


def test_paths_inside_the_root_are_relative_to_it():
    exc = raised(ValueError())
    path, line, function = chain_of(exc, str(Path(__file__).parent) + os.sep)[0]["frames"].split(":")
    assert (path, line.isdecimal(), function) == (Path(__file__).name, True, "raised")


def test_a_file_and_a_function_of_any_name_are_one_frame():
    code = compile("raise ValueError", "C:\\made\nup\ud800.py", "exec").replace(co_name="a\nb")
    (entry,) = chain_of(caught(lambda: exec(code)))
    *_, made = read(entry).frames
    assert (made.path, made.line, made.function) == ("C:/made up\\ud800.py", 1, "a b")


def test_even_a_bush_of_groups_inside_groups_stays_small():
    def bush(depth: int) -> BaseException:
        if depth == 0:
            return raised(ValueError("x" * 10_000))
        group = ExceptionGroup("g", [bush(depth - 1) for _ in range(6)])
        group.__context__ = raised(ValueError("before"))
        return group

    assert len(json.dumps(chain_of(bush(4)))) < 500_000


texts = st.text(st.characters(), max_size=50)
plain = st.builds(ValueError, texts | st.integers() | st.binary(max_size=9)) | st.builds(
    OSError, st.integers(), texts
)
groups = st.recursive(
    plain, lambda each: st.builds(ExceptionGroup, texts, st.lists(each, min_size=1, max_size=3)), max_leaves=6
)


@given(st.lists(groups, min_size=1, max_size=20), st.data())
def test_any_tangle_of_causes_and_contexts_becomes_plain_utf8_json(excs, data):
    for exc in excs:
        if data.draw(st.booleans()):
            exc.__cause__ = data.draw(st.sampled_from(excs))
        exc.__context__ = data.draw(st.sampled_from(excs))
    chain = chain_of(excs[0])
    assert json.loads(json.dumps(chain, ensure_ascii=False).encode("utf-8")) == chain
    assert ["link" not in each for each in chain] == [False] * (len(chain) - 1) + [True]
