"""Traces of tests in real pytest sessions: what they hold, that they cost no test its outcome, and that `triagebot` reads them.

The sessions run in forks of one process, which has imported pytest once. On Python 3.11 functions are not recorded; the
gate runs these tests on a newer one, too.
"""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from triagebot.reports import Context, merge, parse
from triagebot.steps import TestPath, paths

ROOT = Path(__file__).parents[1]
ON = ("-p", "triagebot.pytest_plugin", "--triagebot-trace")
SEES_CALLS = hasattr(sys, "monitoring")
calls_seen = pytest.mark.skipif(not SEES_CALLS, reason="functions are recorded from Python 3.12 on")

FILES = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "shop/__init__.py": "",
    "shop/cart.py": """
        from shop.price import total

        class Cart:
            def __init__(self):
                self.items = []

            def add(self, price):
                self.items.append(price)
                return self

            def total(self):
                return total(self.items)

        async def checkout(cart):
            return await pay(cart.total())

        async def pay(amount):
            return amount
        """,
    "shop/price.py": """
        def total(items):
            return sum(one(item) for item in items)

        def one(item):
            return item

        def deep(number):
            return deep(number + 1)
        """,
    "shop/late.py": """
        def register(name):
            return name

        NAME = register("late")

        def work():
            return register("again")
        """,
    "conftest.py": """
        import pytest
        from shop.cart import Cart

        @pytest.fixture(scope="session")
        def account():
            yield Cart().add(1)
            Cart().total()

        @pytest.fixture
        def cart(account):
            return Cart()

        @pytest.fixture
        def broken(cart):
            raise ValueError("no")
        """,
    "test_shop.py": """
        import asyncio, sys, threading
        import pytest
        from shop import price
        from shop.cart import checkout, Cart

        def test_first(cart):
            assert cart.add(2).total() == 2

        def test_second(cart, account):
            assert account.total() == 1

        def test_red(cart):
            assert cart.total() == 3

        def test_async():
            assert asyncio.run(checkout(Cart())) == 0

        def test_thread():
            threads = [threading.Thread(target=price.total, args=([1],))]
            [each.start() for each in threads]
            [each.join() for each in threads]

        def test_setup_fails(broken):
            pass

        @pytest.mark.skip
        def test_skipped():
            pass

        def test_imports_late():
            from shop import late
            assert late.work() == "again"

        def test_recursion():
            with pytest.raises(RecursionError):
                price.deep(0)

        def test_dynamic(request):
            assert request.getfixturevalue("cart").items == []
        """,
    "test_contacts.py": """
        import asyncio, http.client, http.server, socket, threading
        import httpx2, pytest
        from websockets.sync.client import connect
        from websockets.sync.server import serve

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.send_response(503 if "17" in self.path else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        @pytest.fixture(scope="module")
        def port():
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield server.server_port
            server.shutdown()
            server.server_close()

        def test_http_client(port):
            client = http.client.HTTPConnection("127.0.0.1", port)
            client.request("GET", "/orders/17?token=hidden")
            assert client.getresponse().status == 503
            client.close()

        def test_httpx(port):
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
                assert client.get("/orders/17?token=hidden").status_code == 503
                assert client.get("/health").status_code == 200

        def test_httpx_async(port):
            async def ask():
                async with httpx2.AsyncClient() as client:
                    return await client.get(f"http://127.0.0.1:{port}/health")
            assert asyncio.run(ask()).status_code == 200

        def test_refused():
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                unused = free.getsockname()[1]
            httpx2.get(f"http://127.0.0.1:{unused}/x")

        def test_websocket():
            def talk(connection):
                connection.recv()
                connection.close(1011, "lost")
            with serve(talk, "127.0.0.1", 0) as server:
                threading.Thread(target=server.serve_forever, daemon=True).start()
                port = server.socket.getsockname()[1]
                with connect(f"ws://127.0.0.1:{port}/live") as client:
                    client.send('{"type": "session.start", "token": "hidden"}')
                    with pytest.raises(Exception):
                        client.recv()
                server.shutdown()

        def test_plain_connection(port):
            socket.create_connection(("127.0.0.1", port)).close()
        """,
    "test_mocks.py": """
        import http.client, threading
        from http.server import BaseHTTPRequestHandler, HTTPServer
        from unittest import mock
        import httpx2, pytest

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args):
                pass

        @pytest.fixture(scope="module")
        def real():
            server = HTTPServer(("127.0.0.1", 0), Handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            with httpx2.Client(base_url=f"http://127.0.0.1:{server.server_port}") as client:
                client.get("/warm")
                yield client

        def test_real(real):
            real.get("/pooled")

        def test_mock_transport():
            answer = httpx2.MockTransport(lambda request: httpx2.Response(200))
            with httpx2.Client(transport=answer, base_url="https://api.staging.example") as client:
                client.get("/me")

        def test_patched_client():
            patched = mock.patch.multiple(http.client.HTTPConnection, connect=mock.DEFAULT, send=mock.DEFAULT)
            with patched, mock.patch.object(http.client.HTTPConnection, "response_class") as response:
                response.return_value.status = 200
                client = http.client.HTTPConnection("api.staging.example")
                client.request("GET", "/me")
                client.getresponse()
        """,
    "test_recorded.py": """
        class Odd:
            def __str__(self):
                raise ValueError("no text")

        def test_records(triagebot_events):
            triagebot_events.record("agent_started", run_id="r1", agent="data")
            triagebot_events.record({"type": "agent_completed", "run_id": "r1", "payload": {"deep": [1]}})
            for odd in (None, Odd(), {"type": Odd()}, {Odd(): 1}, b"x" * 9999, "\\ud800\\x00", {"n": float("nan")}):
                triagebot_events.record(odd, at=Odd(), more=odd)

        def test_records_much(triagebot_events):
            for number in range(5000):
                triagebot_events.record("x" * 1000, **{f"f{n}": number for n in range(50)})

        def test_records_nothing(triagebot_events):
            pass
        """,
    "test_rerun.py": """
        import pytest
        from shop import price
        tried = []

        @pytest.mark.flaky(reruns=1)
        def test_again():
            tried.append(1)
            if len(tried) == 1:
                price.total([])
                raise ValueError("once")
            price.one(1)
        """,
    "test_crash.py": """
        import os
        from shop.price import one

        def test_before():
            one(1)

        def test_dies():
            os._exit(7)
        """,
    "test_tools.py": """
        import sys
        from shop.price import one

        def test_it():
            one(1)
        """,
    "greedy.py": """
        import sys

        def pytest_configure():
            for tool in range(6):
                if sys.monitoring.get_tool(tool) is None:
                    sys.monitoring.use_tool_id(tool, "greedy")
        """,
}
SHOP, REACH = "test_shop.py", "test_contacts.py"
SESSIONS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "plain": ((SHOP, REACH, "--junitxml=plain.xml"), {}),
    "junit": ((*ON, SHOP, REACH, "-W", "error", "-W", "ignore::pytest.PytestAssertRewriteWarning", "--junitxml=junit.xml"), {}),
    "xdist": ((*ON, SHOP, "-n", "2", "--junitxml=xdist.xml"), {}),
    "json": ((*ON, SHOP, "--json-report", "--json-report-file=json.json"), {}),
    "chains": ((*ON, "--triagebot", SHOP, "--json-report", "--json-report-file=chains.json"), {}),
    "alone": ((*ON, f"{SHOP}::test_second", "--junitxml=alone.xml"), {}),
    "ini": (("-p", "triagebot.pytest_plugin", "-o", "triagebot_trace=true", f"{SHOP}::test_first", "--junitxml=ini.xml"), {}),
    "packages": ((*ON, "-o", "triagebot_trace_packages=shop/price.py\nemail", f"{SHOP}::test_first", "--junitxml=packages.xml"), {}),
    "file": ((*ON, f"{SHOP}::test_first", "--triagebot-trace-file=deep/er/t.json"), {}),
    "no report": ((*ON, f"{SHOP}::test_first"), {}),
    "off": (("-p", "triagebot.pytest_plugin", f"{SHOP}::test_first", "--junitxml=off.xml"), {}),
    "refused": ((*ON, f"{SHOP}::test_first", "--triagebot-trace-file=pytest.ini/t.json"), {}),
    "mocks": ((*ON, "test_mocks.py", "--junitxml=mocks.xml"), {}),
    "recorded": (("-p", "triagebot.pytest_plugin", "test_recorded.py", "-W", "error", "-W", "ignore::pytest.PytestAssertRewriteWarning", "--junitxml=recorded.xml", "--json-report", "--json-report-file=recorded.json"), {}),
    "recorded, xdist": (("-p", "triagebot.pytest_plugin", "test_recorded.py", "-n", "1", "--json-report", "--json-report-file=recorded_xdist.json"), {}),
    "rerun": ((*ON, "test_rerun.py", "--junitxml=rerun.xml"), {}),
    "crash": ((*ON, "test_crash.py", "--junitxml=crash.xml"), {}),
    "crash, xdist": ((*ON, "test_crash.py", "-n", "1", "--junitxml=crash_xdist.xml"), {}),
    "greedy": ((*ON, "-p", "greedy", "test_tools.py", "--junitxml=greedy.xml"), {"PYTHONPATH": "."}),
    "coverage": (("test_shop.py", "--cov=shop", "--cov-report=json:cov_plain.json"), {"COVERAGE_CORE": "sysmon", "COVERAGE_FILE": "c1"}),
    "coverage, on": ((*ON, "test_shop.py", "--cov=shop", "--cov-report=json:cov_on.json", "--junitxml=cov.xml"), {"COVERAGE_CORE": "sysmon", "COVERAGE_FILE": "c2"}),
}  # fmt: skip
DRIVER = """
import json, os, sys
import httpx2, pytest, websockets.sync.client, websockets.sync.server, xdist

def session(name, args, env):
    os.environ.update(env)
    sys.path[:0] = env.get("PYTHONPATH", "").split(os.pathsep)
    out = os.open(f"{name}.txt", os.O_WRONLY | os.O_CREAT)
    os.dup2(out, 1)
    os.dup2(out, 2)
    code = int(pytest.main(["-p", "no:cacheprovider", *args]))
    sys.stdout.flush()
    os._exit(code)

codes = {}
for name, (args, env) in json.load(sys.stdin).items():
    child = os.fork() or session(name, args, env)
    codes[name] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(json.dumps(codes))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which all sessions have run, with their outputs and exit codes."""
    folder = tmp_path_factory.mktemp("traced")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        lines = [line.removeprefix("        ") for line in text.splitlines()]
        path.write_text("\n".join(lines).lstrip("\n"), encoding="utf-8")
    sessions = {name: given for name, given in SESSIONS.items() if SEES_CALLS or name != "greedy"}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        cwd=folder, input=json.dumps(sessions), capture_output=True, text=True, timeout=900,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    (folder / "codes.json").write_text(done.stdout, encoding="utf-8")
    return folder


def output(folder: Path, name: str) -> str:
    return (folder / f"{name}.txt").read_text(encoding="utf-8", errors="replace")


def code(folder: Path, name: str) -> int:
    return json.loads((folder / "codes.json").read_text(encoding="utf-8"))[name]


def found(folder: Path, *names: str) -> dict[str, TestPath]:
    """What is read of files, by the test's own name."""
    reports = [parse(name, (folder / name).read_bytes()) for name in names]
    run = merge(reports, Context())
    assert not run.problems, run.problems
    return {join.rpartition(".")[2]: path for join, path in paths(run).items()}


def of_junit(folder: Path, stem: str) -> dict[str, TestPath]:
    return found(folder, f"{stem}.xml", f"{stem}.triagebot-trace.json")


def texts(path: TestPath, source: str) -> list[str]:
    return [step.text for step in path.steps if step.source == source]


CALLS = {
    "test_first": ["Cart.__init__", "Cart.add", "Cart.total", "total", "one"],
    "test_second": ["Cart.__init__", "Cart.add", "Cart.total", "total", "one"],
    "test_red": ["Cart.__init__", "Cart.add", "Cart.total", "total"],
    "test_async": ["Cart.__init__", "checkout", "Cart.total", "total", "pay"],
    "test_thread": ["total", "one"],
    "test_setup_fails": ["Cart.__init__", "Cart.add"],
    "test_imports_late": ["work", "register"],
    "test_recursion": ["deep"],
    "test_dynamic": ["Cart.__init__", "Cart.add"],
}  # fmt: skip


@calls_seen
@pytest.mark.parametrize(
    "names",
    [
        ("junit.xml", "junit.triagebot-trace.json"),
        ("xdist.xml", "xdist.triagebot-trace.json"),
        ("json.json",),
        ("chains.json",),
    ],
    ids=str,
)
def test_first_calls_are_those_of_the_project_in_their_order(folder: Path, names: tuple[str, ...]) -> None:
    told = found(folder, *names)
    seen = {test: [text.partition(":")[2] for text in texts(path, "function")] for test, path in told.items()}
    # A fixture that is asked for by name while the test runs comes after what shared fixtures did.
    assert {test: seen[test] for test in CALLS} == CALLS
    assert "function" not in told["test_first"].absent


@calls_seen
def test_a_call_names_its_module_its_caller_and_its_place(folder: Path) -> None:
    steps = {step.text: step for step in of_junit(folder, "junit")["test_first"].of("function")}
    assert steps["shop.cart:Cart.total"].caller == ""
    assert steps["shop.price:total"].caller == "shop.cart:Cart.total"
    assert steps["shop.price:one"].caller == "shop.price:total"
    assert steps["shop.price:total"].place == "shop/price.py:1"


@calls_seen
def test_a_path_does_not_depend_on_the_tests_before_it(folder: Path) -> None:
    alone, among = of_junit(folder, "alone")["test_second"], of_junit(folder, "junit")["test_second"]
    assert texts(alone, "function") == texts(among, "function")
    assert texts(alone, "fixture") == texts(among, "fixture") == ["account", "cart"]


@calls_seen
def test_only_the_packages_that_are_named_are_recorded(folder: Path) -> None:
    told = of_junit(folder, "packages")["test_first"]
    assert texts(told, "function") == ["shop.price:total", "shop.price:one"]


@calls_seen
def test_a_tool_that_takes_all_ids_costs_the_functions_only(folder: Path) -> None:
    told = of_junit(folder, "greedy")["test_it"]
    assert "function" in told.absent and "contact" not in told.absent
    assert code(folder, "greedy") == 0


@pytest.mark.skipif(SEES_CALLS, reason="functions are recorded here")
def test_before_3_12_functions_are_absent_and_the_header_says_why(folder: Path) -> None:
    told = of_junit(folder, "junit")
    assert "functions are not recorded: Python 3.11 has no sys.monitoring" in output(folder, "junit")
    assert all("function" in told[test].absent for test in ("test_first", "test_red"))
    assert texts(told["test_first"], "fixture") == ["account", "cart"]


@pytest.mark.parametrize("name", ["junit", "xdist"])
def test_fixtures_are_those_that_were_set_up(folder: Path, name: str) -> None:
    told = of_junit(folder, name)
    fixtures = {
        test: sorted(texts(told[test], "fixture"))
        for test in ("test_first", "test_setup_fails", "test_skipped", "test_dynamic")
    }
    assert fixtures == {
        "test_first": ["account", "cart"],
        "test_setup_fails": ["account", "cart"],
        "test_skipped": [],
        "test_dynamic": ["account", "cart"],
    }  # fmt: skip


def test_each_attempt_has_its_window_in_utc(folder: Path) -> None:
    reports = [
        parse(name, (folder / name).read_bytes()) for name in ("junit.xml", "junit.triagebot-trace.json")
    ]
    cases = merge(reports, Context()).cases
    windows = [case.trace for case in cases if case.trace]
    assert len(windows) == len(cases)
    for one, other in pairwise(windows):
        assert one.started and one.ended and other.started
        assert one.started <= one.ended <= other.started


MOCKS = {
    "test_real": ["GET localhost /warm 204", "GET localhost /pooled 204"],
    "test_mock_transport": ["mock GET api.staging.example /me 200"],
    "test_patched_client": ["mock GET api.staging.example /me 200"],
}


@pytest.mark.parametrize("test", MOCKS)
def test_an_answer_without_any_connection_to_its_host_is_that_of_a_mock(folder: Path, test: str) -> None:
    assert texts(of_junit(folder, "mocks")[test], "contact") == MOCKS[test]


@pytest.mark.parametrize("name", ["recorded.json", "recorded.xml", "recorded_xdist.json"])
def test_recorded_events_stand_in_every_report(folder: Path, name: str) -> None:
    report = parse(name, (folder / name).read_bytes())
    assert code(folder, "recorded") == code(folder, "recorded, xdist") == 0, output(folder, "recorded")
    some, many, none = (case.attempts[-1].properties for case in report.cases)
    told = [json.loads(value) for key, value in some if key == "triagebot_event"]
    assert [each["event"] for each in told[:2]] == ["agent_started", "agent_completed"]
    assert [(each["run_id"], each.get("agent")) for each in told[:2]] == [("r1", "data"), ("r1", None)]
    assert all(each["at"] > 1e9 for each in told[:2])
    assert len(many) == 2000 and none == ()


CONTACTS = {
    "test_http_client": ["GET localhost /orders/{id} 503"],
    "test_httpx": ["GET localhost /orders/{id} 503", "GET localhost /health 200"],
    "test_httpx_async": ["GET localhost /health 200"],
    "test_refused": ["GET localhost /x ConnectError"],
    "test_websocket": ["ws connect localhost /live 101", "ws send session.start localhost /live", "ws close received localhost /live 1011", "ws close sent localhost /live 1011"],
    "test_plain_connection": ["connect localhost"],
    "test_first": [],
}  # fmt: skip


@pytest.mark.parametrize("test", CONTACTS)
def test_contacts_are_what_the_test_process_sent_and_what_came_back(folder: Path, test: str) -> None:
    assert texts(of_junit(folder, "junit")[test], "contact") == CONTACTS[test]


def test_no_query_and_no_message_reaches_a_trace(folder: Path) -> None:
    assert "hidden" not in (folder / "junit.triagebot-trace.json").read_text(encoding="utf-8")


def test_every_outcome_and_every_traceback_is_that_of_a_session_without_traces(folder: Path) -> None:
    plain, traced = (
        parse(f"{name}.xml", (folder / f"{name}.xml").read_bytes()) for name in ("plain", "junit")
    )
    assert code(folder, "plain") == code(folder, "junit") == 1
    assert [(case.test, case.outcome) for case in plain.cases] == [
        (case.test, case.outcome) for case in traced.cases
    ]
    for one, other in zip(plain.cases, traced.cases, strict=True):
        if one.test.endswith("test_refused"):
            assert [frame for frame in other.failures[0].text.splitlines() if "pytest_plugin" in frame] == []
            assert one.failures[0].text.count("\n") == other.failures[0].text.count("\n")


def test_of_a_test_that_ran_again_the_last_attempt_counts(folder: Path) -> None:
    told = of_junit(folder, "rerun")["test_again"]
    assert texts(told, "function") == (["shop.price:one"] if SEES_CALLS else [])


def test_a_session_that_dies_keeps_the_traces_of_the_tests_before(folder: Path) -> None:
    assert code(folder, "crash") == 7
    report = parse("t.json", (folder / "crash.triagebot-trace.json").read_bytes())
    assert [join for join, _ in report.traces] == ["test_crash.test_before"]


def test_a_worker_that_dies_costs_its_own_test_only(folder: Path) -> None:
    told = of_junit(folder, "crash_xdist")
    assert "fixture" not in told["test_before"].absent
    assert "fixture" in told["test_dies"].absent


def test_it_records_by_option_and_ini_and_not_unless_asked(folder: Path) -> None:
    assert "fixture" not in of_junit(folder, "ini")["test_first"].absent
    assert not (folder / "off.triagebot-trace.json").exists()


def test_without_a_report_or_with_a_file_of_its_own_the_traces_have_a_place(folder: Path) -> None:
    for name in ("triagebot-trace.json", "deep/er/t.json"):
        assert [join for join, _ in parse(name, (folder / name).read_bytes()).traces] == [
            "test_shop.test_first"
        ]


def test_what_cannot_be_written_is_told_and_fails_nothing(folder: Path) -> None:
    assert code(folder, "refused") == 0
    assert "triagebot: traces were not written: " in output(folder, "refused")


def test_coverage_measures_the_same_beside_it(folder: Path) -> None:
    plain, beside = (
        json.loads((folder / f"cov_{name}.json").read_text())["files"] for name in ("plain", "on")
    )
    assert {f: m["executed_lines"] for f, m in plain.items()} == {
        f: m["executed_lines"] for f, m in beside.items()
    }
    told = of_junit(folder, "cov")["test_first"]
    assert ("function" in told.absent) is not SEES_CALLS


def test_chains_stand_beside_traces(folder: Path) -> None:
    report = json.loads((folder / "chains.json").read_text(encoding="utf-8"))
    (red,) = (test for test in report["tests"] if test["nodeid"] == "test_shop.py::test_red")
    assert set(red["metadata"]["triagebot"]) == {"chains", "trace"}
