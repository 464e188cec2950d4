"""When runs were last heard of, and when that is too long ago (rule 13: alarm on silence)."""

from datetime import UTC, datetime, timedelta

import pytest

from triagebot.history import Past, PastRun
from triagebot.history.heartbeat import heartbeat
from triagebot.reports.model import Scope

NOW = datetime(2025, 9, 20, 12, tzinfo=UTC)
STAGING = Scope("staging", "main")


def past(scope: Scope, *ages: timedelta) -> Past:
    return Past(scope, tuple(PastRun(f"r{n}", NOW - age) for n, age in enumerate(ages)))


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(minutes=5), "staging, main: last run within the hour (2025-09-20 11:55 UTC)"),
        (timedelta(hours=1), "staging, main: last run 1 hour ago (2025-09-20 11:00 UTC)"),
        (timedelta(hours=47), "staging, main: last run 47 hours ago (2025-09-18 13:00 UTC)"),
        (timedelta(days=3), "staging, main: last run 3 days ago (2025-09-17 12:00 UTC)"),
        (timedelta(hours=-2), "staging, main: last run within the hour (2025-09-20 14:00 UTC)"),
    ],
)
def test_the_last_run_of_a_scope_is_told(age, said):
    assert heartbeat([past(STAGING, timedelta(days=9), age)], NOW, None).lines == (said,)


@pytest.mark.parametrize(
    ("age", "limit", "silent"),
    [
        (timedelta(days=3), 3, False),
        (timedelta(days=3, seconds=1), 3, True),
        (timedelta(days=300), None, False),
    ],
)
def test_silence_is_what_people_say_it_is(age, limit, silent):
    beat = heartbeat([past(STAGING, age)], NOW, limit)
    assert beat.alarms == (beat.lines if silent else ())


def test_a_scope_that_was_never_heard_of_is_silent_and_one_alive_does_not_hide_it():
    beat = heartbeat([past(STAGING, timedelta(0)), past(Scope("prod"))], NOW, 1)
    assert beat.alarms == ("prod: no run was ever recorded",)
    assert len(beat.lines) == 2


def test_runs_without_a_scope_have_a_name_too():
    assert "no named environment" in heartbeat([past(Scope())], NOW, None).lines[0]
