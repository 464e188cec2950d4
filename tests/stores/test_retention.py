"""What history lets go and what it counts of it, on both databases."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.plans.worlds import DAY, case, group, run, test_id
from triagebot.config import HistoryLimits
from triagebot.history.model import Before
from triagebot.issues import Issue, Marker, Occurrence, write_marker
from triagebot.reports.model import Scope
from triagebot.stores import open_history, retention
from triagebot.stores.history_tables import daily
from triagebot.trackers.local import LocalTracker

SCOPE = Scope("staging", "main")
GROUP = group()
A, B = (f.join for f in GROUP.failures)


def kept(url, days, project=""):
    return open_history(url, project, HistoryLimits(keep_days=days))


def record(history, *days, hours=0):
    """A red run a day, whose clock says that it has just ended."""
    for day in days:
        at = DAY + timedelta(days=day, hours=hours)
        history.record(run(f"r{day}-{hours}", [GROUP], ["p"], day=day + hours / 24), [GROUP], now=at)


def counts(history, kind):
    """Daily counts of a kind: (day since DAY, name) and (runs, failed, rerun)."""
    with history.engine.connect() as connection:
        rows = connection.execute(select(daily).where(daily.c.kind == kind))
        return {((r.day - DAY.date()).days, r.name): (r.runs, r.failed, r.rerun) for r in rows}


def rows(history, *tables):
    with history.engine.connect() as connection:
        return [connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables]


def test_runs_older_than_the_days_to_keep_become_counts_of_their_day(url):
    history = kept(url, 10)
    record(history, 0, 1)
    record(history, 1, hours=2)
    assert counts(history, "run") == {}
    record(history, 12)
    assert [r.id for r in history.past(SCOPE, [GROUP.key]).runs] == ["r12-0"]
    assert counts(history, "run") == {(0, ""): (1, 1, 0), (1, ""): (2, 2, 0)}
    assert counts(history, "key") == {(0, GROUP.key): (1, 2, 0), (1, GROUP.key): (2, 4, 0)}
    assert counts(history, "test") == {
        (0, A): (1, 1, 0),
        (0, B): (1, 1, 0),
        (1, A): (2, 2, 0),
        (1, B): (2, 2, 0),
    }
    assert rows(history, "runs", "results", "occurrences", "sightings") == [1, 3, 1, 2]
    assert history.past(SCOPE, [GROUP.key]).before == {
        GROUP.key: Before(DAY.date(), (DAY + timedelta(days=1)).date(), 3)
    }
    assert history.past(Scope("production", "main"), [GROUP.key]).before == {}
    history.close()


def test_what_was_counted_is_not_taken_in_again_however_it_comes(url):
    history = kept(url, 10)
    record(history, 0, 12)
    before = counts(history, "run"), counts(history, "key"), counts(history, "test")
    row = Occurrence("r0-0", DAY, 2, 2, environment="staging", branch="main")
    issue = Issue(4, "t", "", "open", (), "bot", Marker(GROUP.key, 1, occurrences=(row,)))
    for home in (history, kept(url, 400)):  # however many days are kept from now on
        record(home, 0)
        assert not home.rebuild([issue], now=DAY + timedelta(days=12)).taken_over
        record(home, 13)
        assert (counts(home, "run"), counts(home, "key"), counts(home, "test")) == before
        home.close()


def test_old_reports_are_a_past_for_whoever_has_nothing_newer(url):
    history = kept(url, 10)
    history.record(run("old", [GROUP]), [GROUP], now=DAY + timedelta(days=5_000))
    assert [r.id for r in history.past(SCOPE, [GROUP.key]).runs] == ["old"]
    history.close()


def test_a_run_from_the_future_lets_nothing_go(url):
    history = kept(url, 10)
    record(history, 0)
    history.record(run("wrong clock", [GROUP], day=5_000), [GROUP], now=DAY)
    assert [r.id for r in history.past(SCOPE, [GROUP.key]).runs] == ["r0-0", "wrong clock"]
    history.close()


def test_other_projects_keep_what_they_have(url):
    one, two = kept(url, 10, "one"), kept(url, 10, "two")
    record(one, 0)
    record(two, 0, 20)
    assert len(one.past(SCOPE, [GROUP.key]).runs) == len(two.past(SCOPE, [GROUP.key]).runs) == 1
    assert one.past(SCOPE, [GROUP.key]).before == {}
    for history in (one, two):
        history.close()


def test_only_tests_that_did_not_just_pass_are_counted_by_day(url):
    history = kept(url, 10)
    cases = (case(test_id("calm")), case(test_id("shaky"), attempts=2))
    history.record(replace(run("r1"), cases=cases), [], now=DAY)
    record(history, 20)
    assert counts(history, "test") == {(0, cases[1].join): (1, 0, 1)}
    history.close()


def test_many_old_runs_leave_a_few_at_a_time_and_each_is_counted_once(url, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    history = kept(url, 400)
    record(history, *range(10))
    history.close()
    history = kept(url, 1)
    record(history, 20)
    assert rows(history, "runs", "occurrences") == [8, 8]
    record(history, *range(21, 26))
    assert {key: value[0] for key, value in counts(history, "key").items()} == {
        (day, GROUP.key): 1 for day in (*range(10), *range(20, 24))
    }
    assert rows(history, "runs") == [2]
    history.close()


def test_an_issue_that_remembers_more_than_is_kept_brings_nothing_back(tmp_path):
    local = LocalTracker(tmp_path / "t.db", lambda: DAY + timedelta(days=30), keep_days=10)
    for day in (0, 30):
        local.history.record(run(f"r{day}", [GROUP], day=day), [GROUP], now=DAY + timedelta(days=30))
    row = Occurrence("r0", DAY, 2, 2, environment="staging", branch="main")
    local.create("t", write_marker(Marker(GROUP.key, 1, occurrences=(row,))), (), "once")
    assert rows(local.history, "occurrences") == [1]
    local.engine.dispose()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 40), max_size=12), keep=st.integers(1, 15))
def test_every_run_is_either_kept_or_counted_or_was_too_old_when_it_came(days, keep):
    history = open_history("sqlite://", "", HistoryLimits(keep_days=keep))
    came = [
        history.record(run(f"r{n}", [GROUP], day=day), [GROUP], now=DAY + timedelta(days=40))
        for n, day in enumerate(days)
    ]
    counted = sum(runs for runs, _, _ in counts(history, "run").values())
    assert rows(history, "runs")[0] + counted == sum(came)
    occurred = sum(runs for runs, _, _ in counts(history, "key").values())
    assert rows(history, "occurrences")[0] + occurred == sum(came)
    history.close()
