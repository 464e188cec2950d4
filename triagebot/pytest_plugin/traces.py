"""What each test did, written where `triagebot` finds it: into the JSON report, or line by line into a file beside the JUnit report.

Of every attempt: its start and end (seconds since the epoch), the first calls of the project's functions, contacts, fixtures, what could not be
recorded. Calls and contacts are those of setup and call: teardown of what several tests share falls to whichever comes last. What a fixture that
several tests share does while it is set up counts for each test that uses it, so that a path does not depend on the order of tests.

In the JSON report `tests[i].metadata.triagebot.trace` is

    {"start": 1.5, "end": 2.5, "calls": "0 2<0 …", "contacts": [[action, host, path, status, at], …],
     "fixtures": ["client", …], "absent": ["function"]}

where a call is the number of a function, `<` and that of its caller; the document's own `triagebot.functions` lists functions
as `module:qualname path:line` by number. The file has a first line {"triagebot-trace": 1}, then one line for each attempt: the
same with "test" (node id) and "functions", those that get the next numbers. Each line is written as soon as its test has
ended: what kills the session costs the trace of one test. Under xdist, workers hand traces to the controller with their reports.
It has no assert to rewrite: PYTEST_DONT_REWRITE.
"""

import os
import time
from collections.abc import Callable, Generator
from typing import Any

import pytest

from triagebot.pytest_plugin import traffic
from triagebot.pytest_plugin.calls import Call, Calls
from triagebot.pytest_plugin.project_files import Project
from triagebot.pytest_plugin.sinks import sink_of
from triagebot.pytest_plugin.traffic import Contact, Contacts

_PINNED = "triagebot_trace"
_TEXT = 300
_now = time.time

Segment = tuple[list[Call], list[Contact]]


class TraceRecorder:
    """The hooks that record and write. One per session (under xdist one per worker, which record, and the controller, which writes)."""

    def __init__(self, config: pytest.Config) -> None:
        root = f"{config.rootpath}{os.sep}"
        self._project = Project(root, config.getini("triagebot_trace_packages"))
        self._calls = Calls(self._project.holds, root)
        self._contacts = Contacts()
        self._contacts.listen()
        self._shared: dict[int, tuple[Any, Segment]] = {}
        self._watching = False
        self._started = 0.0
        self._told: dict[str, Any] = {}
        self._set_up: list[str] = []
        # Only the controller of xdist writes: its workers have no sink.
        self._sink = None if hasattr(config, "workerinput") else sink_of(config)

    @pytest.hookimpl
    def pytest_report_header(self) -> str:
        """Where traces go, and what they lack."""
        lacks = f"; functions are not recorded: {self._calls.missing}" if self._calls.missing else ""
        return f"triagebot: traces of tests go into {self._sink.name if self._sink else 'reports'}{lacks}"

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        """Nothing of an earlier session stays where this one writes."""
        if self._sink:
            self._sink.open()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """The window of a test begins with its setup."""
        _safely(self._begin, item)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        """What a fixture does that lives longer than a test is kept for all tests that use it."""
        shared = getattr(fixturedef, "scope", "function") != "function"
        before = _safely(self._cut) if shared else None
        try:
            result = yield
        finally:
            if before is not None:
                _safely(self._share, fixturedef, before)
        self._set_up.append(getattr(fixturedef, "argname", ""))
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Steps end where teardown begins; the window ends with it."""
        self._told = _safely(self._steps, item) or {}
        return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
        """Pins the trace to the last report of an attempt, with which xdist sends it to the controller."""
        report = yield
        if call.when == "teardown":
            window = {"start": round(self._started, 3), "end": round(_now(), 3)}
            vars(report)[_PINNED] = {**window, **self._told}
            self._told = {}
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keeps the trace of an attempt that has ended. A worker hands it on."""
        trace = vars(report).pop(_PINNED, None) if self._sink else None
        if self._sink and trace:
            _safely(self._sink.keep, report.nodeid, trace)

    @pytest.hookimpl(optionalhook=True)
    def pytest_json_modifyreport(self, json_report: dict[str, Any]) -> None:
        """Adds the traces to the report."""
        if self._sink:
            _safely(self._sink.add_to, json_report)

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Says so when traces could not be written."""
        if self._sink and self._sink.refused:
            terminalreporter.write_line(f"triagebot: traces were not written: {self._sink.refused}")

    @pytest.hookimpl
    def pytest_unconfigure(self) -> None:
        """Lets go of everything."""
        _safely(self._calls.stop)
        _safely(self._contacts.stop)
        if self._sink:
            _safely(self._sink.close)

    def _begin(self, item: pytest.Item) -> None:
        """Begins a window, and with the first one to watch: by then all tests are collected."""
        self._started, self._set_up, self._told = _now(), [], {}
        if not self._watching:
            self._watching = True
            self._project.tests.update(str(getattr(each, "path", "")) for each in item.session.items)
            self._calls.start()
            self._contacts.start()
        self._cut()

    def _cut(self) -> tuple[Any, list[Contact]]:
        """Begins a window; gives what was seen in the one that it interrupts."""
        return self._calls.swapped(), self._contacts.swapped()

    def _share(self, fixturedef: Any, before: tuple[Any, list[Contact]]) -> None:
        """Ends the window of a shared fixture and goes on with the one around it."""
        segment = (self._calls.of_window(self._calls.swapped(before[0])), self._contacts.swapped(before[1]))
        # Kept beside its definition, so that no other one can have its id.
        self._shared[id(fixturedef)] = (fixturedef, segment)

    def _steps(self, item: pytest.Item) -> dict[str, Any]:
        """What a test did until here as plain data; what its shared fixtures did comes first."""
        called, noted = self._cut()
        fixtures = _definitions(item)
        shared = [self._shared[id(each)][1] for each in fixtures if id(each) in self._shared]
        first: dict[str, Call] = {}
        for call in (*(call for segment in shared for call in segment[0]), *self._calls.of_window(called)):
            first.setdefault(call[0], call)
        contacts = [*(contact for segment in shared for contact in segment[1]), *noted]
        ready = (each.argname for each in fixtures if _is_set_up(each))
        told = {
            "calls": [[*map(_plain, call)] for call in first.values()],
            "contacts": [
                [*map(_plain, contact[:4]), contact[4]]
                for contact in traffic.merged(self._contacts.unreached(contacts))
            ],
            "fixtures": [*map(_plain, dict.fromkeys((*ready, *self._set_up)))],
            "absent": ["function"] if self._calls.missing else [],
        }
        return {name: value for name, value in told.items() if value}


def _definitions(item: pytest.Item) -> list[Any]:
    """The definitions of the fixtures of a test in the order in which pytest sets them up, then those that it asked for by name."""
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    first = [each for name in getattr(item, "fixturenames", ()) for each in known.get(name) or ()]
    asked = getattr(getattr(item, "_request", None), "_fixture_defs", {})
    return list({id(each): each for each in (*first, *asked.values())}.values())


def _is_set_up(fixturedef: Any) -> bool:
    """Whether a fixture has its value, and neither waits for it nor failed."""
    result = getattr(fixturedef, "cached_result", None)
    return result is not None and result[2] is None


def _plain(text: str) -> str:
    """The text on one line, not too long, as every machine can write it."""
    short = " ".join(text[:_TEXT].split())
    return short if short.isascii() else short.encode("utf-8", "backslashreplace").decode("utf-8")


def _safely(do: Callable[..., Any], *args: Any) -> Any:
    """What `do` returns, or None: whatever goes wrong in here, the tests go on."""
    try:
        return do(*args)
    except Exception:  # noqa: BLE001 - a trace is worth no test
        return None
