"""Errors that services logged around a run, counted for the first screen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.plans.worlds import DAY, group, run
from triagebot.steps import LogText
from triagebot.steps.log_errors import log_errors

RUN = replace(run("r1", [group()]), duration_s=10.0)


def log(*lines: str, passing: bool = False, after: float = 1.0) -> LogText:
    stamps = ((DAY + timedelta(seconds=after + n)).strftime("%Y-%m-%dT%H:%M:%SZ") for n in range(len(lines)))
    text = "\n".join(f"{at} {line}" for at, line in zip(stamps, lines, strict=True))
    return LogText("logs/api.log", text, passing=passing)


LOGS = {
    "counted, the most frequent first, without who it was": (
        [log("ERROR gone user=ada status=503", "INFO fine", "ERROR gone user=bob status=503", "ERROR full")],
        ["api.log: 2 times, first at 19:52:01 UTC: ERROR gone status=503", "api.log: once, first at 19:52:04 UTC: ERROR full"],
    ),
    "what hangs below says what": (
        [log("ERROR failed\nTraceback (most recent call last):\n  File \"a.py\", line 3, in f\nKeyError: 'TOKEN'")],
        ["api.log: once, first at 19:52:01 UTC: ERROR failed: KeyError: 'TOKEN'"],
    ),
    "never in passing runs": ([log("ERROR usual", "ERROR new"), log("ERROR usual", passing=True)], ["api.log: once, first at 19:52:02 UTC: ERROR new"]),
    "warnings and names are none": ([log("WARNING slow", "INFO uvicorn.error ready", "INFO 0 errors")], []),
    "what was logged hours before is another run's": ([log("ERROR gone", after=-9_000)], []),
    "no logs": ([], []),
}  # fmt: skip


@pytest.mark.parametrize("name", LOGS)
def test_errors_are_told(name: str) -> None:
    logs, told = LOGS[name]
    assert list(log_errors(RUN, logs)) == told


def test_three_are_told_and_a_day_s_worth_of_logs_is_not_read() -> None:
    assert len(log_errors(RUN, [log(*(f"ERROR {word}" for word in ("a", "b", "c", "d")))])) == 3
    assert log_errors(RUN, [replace(log("ERROR a"), text="ERROR a\n" * 1_100_000)]) == ()
