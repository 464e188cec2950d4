"""History in SQL, the same tests on SQLite and on a real PostgreSQL."""

import hashlib
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from tests.plans.worlds import DAY, case, group, run, test_id
from triagebot.config import HistoryLimits
from triagebot.errors import UserError
from triagebot.history import PastRun, Result, TakenOver
from triagebot.issues import Issue, Marker, Occurrence
from triagebot.reports.model import Scope
from triagebot.reports.test_names import join_id, numbered
from triagebot.stores import Rebuilt, open_history

SCOPE = Scope("staging", "main")
GROUP = group()
KEY = GROUP.key
A, B = (f.join for f in GROUP.failures)


@pytest.fixture
def history(url):
    history = open_history(url)
    yield history
    history.engine.dispose()


def count(history, table):
    with history.engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}"))


def test_a_run_is_kept_and_told_again(history):
    tested = run("r1", [GROUP], ["p"], commit="c1", revision="v1", url="https://ci.example/1")
    assert history.record(tested, [GROUP], now=DAY)
    past = history.past(SCOPE, [KEY])
    assert past.runs == (PastRun("r1", DAY, "c1", "v1", True, "https://ci.example/1"),)
    assert past.results[A] == (Result("r1", "failed", 0.31, False),)
    assert {results[0].outcome for results in past.results.values()} == {"failed", "passed"}
    assert past.seen == {KEY: ("r1",)}
    assert past.tests == {KEY: (A, B)}


def test_recording_a_run_again_changes_nothing(history):
    assert history.record(run("r1", [GROUP]), [GROUP], now=DAY)
    before = [count(history, table) for table in ("runs", "results", "occurrences", "sightings")]
    assert not history.record(run("r1", [GROUP], ["other"]), [GROUP], now=DAY)
    assert [count(history, table) for table in ("runs", "results", "occurrences", "sightings")] == before


def test_only_the_scope_asked_for_is_told(history):
    history.record(run("r1", [GROUP]), [GROUP], now=DAY)
    history.record(replace(run("r2", [GROUP], day=1), environment="production"), [GROUP], now=DAY)
    history.record(replace(run("r3", [GROUP], day=2), environment=None, branch=None), [GROUP], now=DAY)
    assert [r.id for r in history.past(SCOPE, [KEY]).runs] == ["r1"]
    assert history.past(Scope(None, None), [KEY]).seen == {KEY: ("r3",)}


def test_the_run_that_is_asked_for_itself_can_be_left_out(history):
    for number in (1, 2):
        history.record(run(f"r{number}", [GROUP], day=number), [GROUP], now=DAY)
    past = history.past(SCOPE, [KEY], but="r2")
    assert ([r.id for r in past.runs], past.seen[KEY], len(past.results[A])) == (["r1"], ("r1",), 1)


def test_runs_are_told_by_their_start_whatever_order_they_came_in(history):
    for number in (3, 1, 2):
        history.record(run(f"r{number}", [GROUP], day=number), [GROUP], now=DAY)
    past = history.past(SCOPE, [KEY])
    assert [r.id for r in past.runs] == ["r1", "r2", "r3"]
    assert [r.run for r in past.results[A]] == ["r1", "r2", "r3"]
    assert past.seen[KEY] == ("r1", "r2", "r3")


def test_a_run_without_a_start_stands_at_the_time_it_was_recorded(history):
    history.record(run("r1", [GROUP], day=None), [GROUP], now=DAY + timedelta(hours=3))
    assert history.past(SCOPE, [KEY]).runs[0].at == DAY + timedelta(hours=3)


def test_tests_asked_for_and_tests_of_the_keys_are_told_and_no_others(history):
    history.record(run("r1", [GROUP], ["p", "q"]), [GROUP], now=DAY)
    p = case(test_id("p")).join
    assert set(history.past(SCOPE, [KEY], [p]).results) == {A, B, p}
    assert set(history.past(SCOPE, [], []).results) == set()


def test_tests_with_very_long_ids_are_told_from_each_other_and_known_again(history):
    long = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(60))
    cases = (case(f"{long}é1", "failed"), case(f"{long}é2"))
    a, b = (c.join for c in cases)
    wide = replace(GROUP, failures=(replace(GROUP.failures[0], join=a),))
    history.record(replace(run("r1"), cases=cases), [wide], now=DAY)
    past = history.past(SCOPE, [KEY], [a, b])
    assert {test: [r.outcome for r in told] for test, told in past.results.items()} == {
        a: ["failed"],
        b: ["passed"],
    }
    assert past.tests == {KEY: (a,)}


def test_all_namesakes_of_a_numbered_test_are_told_however_many_there_are(history):
    names = [numbered("t.shared", n) for n in range(1, 48)]
    history.record(replace(run("r1"), cases=tuple(map(case, [*names, "t.other"]))), [], now=DAY)
    told = history.past(SCOPE, [], [join_id(names[30])]).results
    assert set(told) == set(map(join_id, names))
    assert set(history.past(SCOPE, [], ["t.other"]).results) == {"t.other"}


def test_of_several_legs_the_worst_outcome_is_kept(history):
    cases = (
        case(test_id("a")),
        replace(case(test_id("a"), "skipped"), leg="windows"),
        case(test_id("b"), attempts=2),
    )
    history.record(replace(run("r1"), cases=cases), [], now=DAY)
    past = history.past(SCOPE, [])
    assert past.results[A] == (Result("r1", "skipped", 0.31, False),)
    assert past.results[B] == (Result("r1", "passed", 0.31, True),)


def test_a_past_reaches_back_a_hundred_runs(history):
    for number in range(105):
        history.record(run(f"r{number:03}", (), ["p"], day=number), [], now=DAY)
    past = history.past(SCOPE, [])
    assert (len(past.runs), past.runs[0].id) == (100, "r005")


def test_a_thousand_tests_are_kept_in_one_piece(history):
    names = [f"t{n}" for n in range(1_000)]
    wide = group(tests=names)
    history.record(run("r1", [wide]), [wide], now=DAY)
    assert len(history.past(SCOPE, [KEY]).results) == 1_000


def test_projects_do_not_see_each_other(url):
    one, two = open_history(url, "one"), open_history(url, "two")
    assert one.record(run("r1", [GROUP]), [GROUP], now=DAY)
    assert two.past(SCOPE, [KEY]).runs == ()
    assert two.record(run("r1", [GROUP]), [GROUP], now=DAY)
    for history in (one, two):
        history.engine.dispose()


class Killed(BaseException):
    pass


def test_killed_at_any_statement_a_run_is_there_whole_or_not_at_all(history):
    tested = run("r1", [GROUP], ["p"])
    number = 0
    while True:
        statements = iter(range(10**6))

        def die(*_, at=number, statements=statements):
            if next(statements) == at:
                raise Killed

        event.listen(history.engine, "before_cursor_execute", die)
        event.listen(history.engine, "commit", die)
        try:
            history.record(tested, [GROUP], now=DAY)
        except Killed:
            pass
        else:
            break
        finally:
            event.remove(history.engine, "before_cursor_execute", die)
            event.remove(history.engine, "commit", die)
        assert [count(history, t) for t in ("runs", "results", "occurrences", "sightings")] == [0, 0, 0, 0], (
            number
        )
        number += 1
    assert number > 5
    assert [count(history, t) for t in ("runs", "results", "occurrences", "sightings")] == [1, 3, 1, 2]


WRITER = """
import sys
from tests.plans.worlds import DAY, group, run
from triagebot.stores import open_history
url, name = sys.argv[1:]
history = open_history(url)
one = group()
for number in range(12):
    history.record(run(f"{name}-{number}", [one], day=number), [one], now=DAY)
    history.record(run(f"shared-{number}", [one], day=number), [one], now=DAY)
"""


def test_processes_write_at_once_and_nothing_is_lost_or_doubled(url):
    command = [sys.executable, "-c", WRITER, url]
    writers = [subprocess.Popen([*command, name], stderr=subprocess.PIPE) for name in ("one", "two", "three")]
    for writer in writers:
        assert writer.wait(60) == 0, writer.stderr.read().decode()
        writer.stderr.close()
    history = open_history(url)
    past = history.past(SCOPE, [KEY])
    assert len(past.runs) == len(set(past.runs)) == 4 * 12
    assert len(past.seen[KEY]) == 4 * 12
    history.engine.dispose()


def issue(*rows):
    return Issue(4, "t", "", "open", (), "bot", Marker(KEY, 1, occurrences=rows))


def test_it_is_rebuilt_from_the_tables_of_issues(history):
    rows = [Occurrence(f"r{n}", DAY + timedelta(days=n), 2, 2, "c", environment="staging") for n in range(3)]
    found = history.rebuild([issue(*rows)], now=DAY)
    assert found == Rebuilt(tuple((KEY, row.run) for row in rows))
    assert count(history, "occurrences") == 3
    assert history.rebuild([issue(*rows), Issue(5, "t", "", "open", (), "bot")], now=DAY) == Rebuilt()
    assert count(history, "occurrences") == 3


def test_what_was_taken_over_is_told_of_its_own_scope_until_the_run_itself_is_recorded(history):
    row = Occurrence("r1", DAY, 2, 3, "c1", "v1", "https://ci.example/1", "staging", "main")
    history.rebuild([issue(row, replace(row, run="elsewhere", environment="production"))], now=DAY)
    past = history.past(SCOPE, [KEY])
    held = PastRun("r1", DAY, "c1", "v1", complete=False, url="https://ci.example/1")
    assert past.taken_over == {KEY: (TakenOver(held, 2, 3),)}
    assert not past.runs
    assert history.past(SCOPE, [KEY], but="r1").taken_over == {}
    assert history.record(run("r1", [GROUP]), [GROUP], now=DAY)
    past = history.past(SCOPE, [KEY])
    assert ([r.id for r in past.runs], past.seen, past.taken_over) == (["r1"], {KEY: ("r1",)}, {})


def test_disagreement_is_said_and_not_papered_over(history):
    history.record(run("r1", [GROUP]), [GROUP], now=DAY)
    (said,) = history.rebuild([issue(Occurrence("r1", DAY, 7, 9))], now=DAY).disagreements
    assert said == "issue 4, run r1: the issue says 7 tests failed, history says 2"
    with history.engine.connect() as connection:
        assert connection.scalar(text("SELECT failed FROM occurrences")) == 2


def test_a_newer_version_is_refused_with_the_next_step(url):
    history = open_history(url)
    with history.engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = '99' WHERE name = 'version'"))
    history.engine.dispose()
    with pytest.raises(UserError, match=r"newer triagebot \(version 99.*Upgrade triagebot"):
        open_history(url)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: f"sqlite:///{p / 'file' / 'x' / 'h.db'}", "Check that the place exists"),
        (lambda p: f"sqlite:///{p / 'file'}", "Move the file away"),
        (lambda _: "mysql://x", "cannot be opened"),
        (lambda _: "no url", "cannot be opened"),
        (lambda _: "postgresql://u:secret@127.0.0.1:1/x", "127.0.0.1"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_in_one_sentence(tmp_path, make, said):
    (tmp_path / "file").write_text("this is not a database, whatever it is called" * 50)
    with pytest.raises(UserError, match=said) as caught:
        open_history(make(tmp_path))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_file_that_another_process_keeps_for_itself_is_waited_for_no_longer_than_allowed(tmp_path, mode):
    path = tmp_path / "h.db"
    open_history(f"sqlite:///{path}").close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"PRAGMA journal_mode = {mode}")
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    with pytest.raises(UserError, match=r"locked.*wait for it to end|no answer within 0.5 s"):
        open_history(f"sqlite:///{path}", limits=HistoryLimits(timeout_s=0.5))
    assert time.monotonic() - began < 60
    other.close()


def test_a_file_that_may_only_be_read_is_read_and_not_written(tmp_path):
    path = tmp_path / "h.db"
    history = open_history(f"sqlite:///{path}")
    history.record(run("r1", [GROUP]), [GROUP], now=DAY)
    history.close()
    history = open_history(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert [r.id for r in history.past(SCOPE, [KEY]).runs] == ["r1"]
    with pytest.raises(UserError, match=r"readonly.*you may write there"):
        history.record(run("r2", [GROUP]), [GROUP], now=DAY)
    history.close()
