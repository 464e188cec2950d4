"""What reports lose of a test run, kept for `triagebot`: chains of exceptions (`chains`), and what each test did (`traces`).

Both are off unless asked for: chains by `-p triagebot.pytest_plugin`, by `--triagebot`, or by PYTEST_PLUGINS; without
`--json-report` there is nothing to add them to. Traces by `--triagebot-trace` or the ini option `triagebot_trace`; they go into the JSON
report, or without one into a file of their own. The fixture `triagebot_events` lets a suite record the events that it meets, for `[[contracts]]`.

Nothing here may import the rest of triagebot, make a test run fail, or emit a warning. It has no assert to rewrite:
PYTEST_DONT_REWRITE.
"""

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from triagebot.pytest_plugin.event_properties import Events

_NAME = "triagebot.pytest_plugin"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options, which switch recording on where the entry point has loaded this module."""
    group = parser.getgroup("triagebot", "structured exceptions and traces for triagebot")
    group.addoption(
        "--triagebot",
        action="store_true",
        default=False,
        help="add exception chains to the metadata of --json-report",
    )
    group.addoption(
        "--triagebot-trace",
        action="store_true",
        default=False,
        help="record what each test does (times, functions of the project, contacts, fixtures) into --json-report, "
        "or without it into triagebot-trace.json beside --junitxml",
    )
    group.addoption(
        "--triagebot-trace-file",
        metavar="PATH",
        default=None,
        help="the file for traces of runs without --json-report",
    )
    parser.addini(
        "triagebot_trace", "record what each test does, as --triagebot-trace", "bool", default=False
    )
    parser.addini(
        "triagebot_trace_packages",
        "packages or folders whose functions are recorded (default: what lies below the root of the session)",
        "linelist",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Registers the recorders that were asked for."""
    if _is_requested(config) and getattr(config.option, "json_report", False):
        from triagebot.pytest_plugin.chains import ChainRecorder  # noqa: PLC0415  # no other session pays for it

        config.pluginmanager.register(ChainRecorder(config), "triagebot-recorder")
    if config.getoption("triagebot_trace", default=False) or config.getini("triagebot_trace"):
        from triagebot.pytest_plugin.traces import TraceRecorder  # noqa: PLC0415  # as above

        config.pluginmanager.register(TraceRecorder(config), "triagebot-tracer")


@pytest.fixture
def triagebot_events(request: pytest.FixtureRequest) -> "Events":
    """Records events of the system under test: `triagebot_events.record("agent_started", run_id=run)`."""
    from triagebot.pytest_plugin.event_properties import Events  # noqa: PLC0415  # no other test pays for it

    return Events(request.node.user_properties)


def _is_requested(config: pytest.Config) -> bool:
    """Whether somebody named this plugin. The entry point alone, which every session loads, does not count."""
    if config.getoption("triagebot", default=False):
        return True
    named = [*(config.option.plugins or ()), *os.environ.get("PYTEST_PLUGINS", "").split(",")]
    return _NAME in (name.strip() for name in named)
