"""The plugin in real pytest sessions of their own, and its reading of exceptions that do not want to be read."""

import json
import os
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot import pytest_plugin
from triagebot.pytest_plugin import attributes_of, chain_of

ON = ("-p", "triagebot.pytest_plugin")


ROOT = Path(__file__).parents[1]


def installed(folder: Path) -> str:
    """A PYTHONPATH on which this checkout counts as installed: importable, and with pyproject's entry points."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"][
        "pytest11"
    ]
    info = folder / "site" / "triagebot-0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: triagebot\nVersion: 0\n", encoding="utf-8")
    lines = [f"{name} = {value}" for name, value in scripts.items()]
    (info / "entry_points.txt").write_text("\n".join(["[pytest11]", *lines, ""]), encoding="utf-8")
    return os.pathsep.join([str(info.parent), str(ROOT)])


def run(folder: Path, source: str, *args: str, env: dict[str, str] | None = None) -> dict:
    """The JSON report of a session over one file, with "exit" and "output" beside it."""
    (folder / "test_it.py").write_text(textwrap.dedent(source), encoding="utf-8")
    # A root of its own: the options of this repository (sockets off, warnings are errors) stay out.
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    options = () if "--no-report" in args else ("--json-report", f"--json-report-file={report}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, *(a for a in args if a != "--no-report")],
        cwd=folder, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": installed(folder), **(env or {})},
    )  # fmt: skip
    found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return {**found, "exit": done.returncode, "output": done.stdout + done.stderr}


def chains(report: dict, test: str = "test_it") -> dict:
    """The recorded chains of one test of a report, by phase; {} where nothing was recorded."""
    found = next(each for each in report["tests"] if each["nodeid"] == f"test_it.py::{test}")
    return found.get("metadata", {}).get("triagebot", {}).get("chains", {})


FAILING = """
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


def test_the_chain_runs_from_the_first_raised_to_the_last_with_its_links(tmp_path):
    chain = chains(run(tmp_path, FAILING, *ON))["call"]
    assert [(e["type"], e["message"], e.get("link")) for e in chain] == [
        ("ConnectionRefusedError", "[Errno 111] Connection refused", "cause"),
        ("test_it.Lost", "no answer", "context"),
        ("KeyError", "'token'", None),
    ]
    assert [(f["path"], f["function"]) for f in chain[1]["frames"]] == [
        ("test_it.py", "test_it"),
        ("test_it.py", "fetch"),
    ]
    assert chain[0]["attributes"] == {"errno": "ECONNREFUSED"}


@pytest.mark.parametrize(
    ("args", "env", "on"),
    [
        (("-p", "triagebot.pytest_plugin"), {}, True),
        (("-ptriagebot.pytest_plugin",), {}, True),
        (("-p", "triagebot.pytest_plugin", "-n", "2"), {}, True),
        (("-p", "triagebot.pytest_plugin", "--triagebot"), {}, True),
        (("--triagebot", "-n", "2"), {}, True),
        ((), {"PYTEST_PLUGINS": "triagebot.pytest_plugin"}, True),
        ((), {"PYTEST_ADDOPTS": "-p triagebot.pytest_plugin"}, True),
        ((), {}, False),
        (("-p", "no:triagebot.pytest_plugin"), {}, False),
    ],
)
def test_it_records_only_when_asked_for(tmp_path, args, env, on):
    report = run(tmp_path, FAILING, *args, env=env)
    assert report["exit"] == 1
    assert bool(chains(report)) is on


@pytest.mark.parametrize("args", [(), ("-p", "no:pytest_jsonreport"), ("-p", "no:json-report")])
def test_without_a_json_report_it_is_inert(tmp_path, args):
    report = run(tmp_path, FAILING, *ON, "--no-report", "-W", "error", *args)
    assert report["exit"] == 1
    assert "1 failed" in report["output"]
    assert "triagebot" not in report["output"].partition("plugins:")[2].partition("\n")[2]


def test_loaded_by_its_entry_point_it_waits_for_its_option(tmp_path):
    assert "--triagebot" in run(tmp_path, FAILING, "--help", "--no-report")["output"]
    assert chains(run(tmp_path, FAILING)) == {}
    assert chains(run(tmp_path, FAILING, "--triagebot"))["call"]


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


def test_each_phase_has_its_own_chain_and_names_the_fixture_that_broke(tmp_path):
    report = run(tmp_path, PHASES, *ON)
    assert [
        (p, c[-1]["type"], c[-1].get("attributes", {})) for p, c in chains(report, "test_setup").items()
    ] == [("setup", "PermissionError", {"errno": "EACCES", "fixture": "account"})]
    assert [
        (p, c[-1]["type"], c[-1].get("attributes", {})) for p, c in chains(report, "test_both").items()
    ] == [
        ("call", "ValueError", {}),
        ("teardown", "RuntimeError", {"fixture": "session"}),
    ]
    assert all(chains(report, test) == {} for test in ("test_skipped", "test_skips_itself", "test_passes"))


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


def test_a_group_shows_its_leaves_and_what_caused_them(tmp_path):
    (group,) = chains(run(tmp_path, GROUP, *ON))["call"]
    assert [(leaf["type"], leaf["message"]) for leaf in group["leaves"]] == [
        ("ValueError", "a"),
        ("TimeoutError", "late"),
    ]
    (before,) = group["leaves"][1]["chain"]
    assert (before["type"], before["link"], before["attributes"]) == (
        "ConnectionResetError", "cause", {"errno": "ECONNRESET"},
    )  # fmt: skip


COLLECTION = """
    import not_installed_anywhere

    def test_it():
        pass
"""


@pytest.mark.parametrize("args", [(), ("-n", "2")])
def test_a_collection_error_shows_the_import_that_failed(tmp_path, args):
    report = run(tmp_path, COLLECTION, *ON, *args)
    (failed,) = [each for each in report["collectors"] if each["outcome"] == "failed"]
    first, *_, last = failed["metadata"]["triagebot"]["chains"]["collect"]
    assert (first["type"], first["message"]) == (
        "ModuleNotFoundError",
        "No module named 'not_installed_anywhere'",
    )
    assert last["type"].endswith("CollectError")


RERUN = """
    import pathlib

    def test_it():
        tried = pathlib.Path("tried")
        if not tried.exists():
            tried.touch()
            raise ValueError("only the first time")

    def test_never():
        raise ValueError("every time")
"""


def test_a_rerun_that_passes_leaves_no_chain_of_the_attempt_before(tmp_path):
    report = run(tmp_path, RERUN, *ON, "--reruns", "1")
    assert chains(report, "test_it") == {}
    assert [e["message"] for e in chains(report, "test_never")["call"]] == ["every time"]


SUBTESTS = """
    def test_it(subtests):
        for number in range(3):
            with subtests.test(number=number):
                if number == 1:
                    raise LookupError("number one")
"""


def test_a_test_that_only_says_contains_failed_subtests_keeps_the_subtests_chain(tmp_path):
    report = run(tmp_path, SUBTESTS, *ON)
    assert report["exit"] == 1
    assert [e["type"] for e in chains(report)["call"]] == ["LookupError"]


HOSTILE = """
    import pytest

    class NoText(Exception):
        def __str__(self):
            raise RuntimeError("no text")

    class NoAttributes(Exception):
        status_code = response = property(lambda self: 1 / 0)

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


# A lone surrogate in the message breaks xdist itself, with or without the plugin.
@pytest.mark.parametrize("args", [(), ("-n", "2", "-k", "not surrogate")])
def test_exceptions_that_fight_back_change_nothing_in_the_outcome(tmp_path, args):
    plain = run(tmp_path, HOSTILE, *args)
    report = run(tmp_path, HOSTILE, *ON, *args)
    assert plain["summary"] == report["summary"]
    assert "INTERNALERROR" not in plain["output"] + report["output"]
    assert all(each["metadata"]["triagebot"]["chains"]["call"] for each in report["tests"])


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
    (SystemExit(137), {"exit_code": "137"}),
    (SystemExit(), {"exit_code": "0"}),
    (subprocess.CalledProcessError(-9, "tool"), {"exit_code": "-9"}),
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
    assert messages == [str(number) for number in range(100 - pytest_plugin.CHAIN_LIMIT, 100)]


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
        frames = chain_of(error)[-1]["frames"]
    assert len(frames) == pytest_plugin.FRAME_LIMIT
    assert frames[0]["function"] == test_a_recursion_keeps_its_first_and_its_innermost_frames.__name__


def test_paths_inside_the_root_are_relative_to_it():
    exc = raised(ValueError())
    (frame,) = chain_of(exc, str(Path(__file__).parent) + os.sep)[0]["frames"]
    assert (frame["path"], frame["function"]) == (Path(__file__).name, "raised")


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
