"""What a triage asks of a database finds its rows by index: it costs the same however many runs there are."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from tests.plans.worlds import CONFIG, DAY, group, run
from triagebot.issues import Issue, Judged, Marker, Occurrence, Settled
from triagebot.pipeline.recording import HistoryRecorder
from triagebot.pipeline.triaging import assess
from triagebot.pipeline.workspace import Workspace
from triagebot.reports.model import Scope
from triagebot.stores import open_history

SCOPE = Scope("staging", "main")
GROUP = group()
TESTS = [f"p{n}" for n in range(40)]
TABLES = "runs|results|occurrences|sightings|daily|settled"


def issue(number, key, *days, state="open"):
    rows = tuple(
        Occurrence(f"r{d}", DAY + timedelta(days=d), 2, 2, environment="staging", branch="main") for d in days
    )
    return Issue(number, "t", "", state, (), "bot", Marker(key, 1, occurrences=rows))


@pytest.fixture
def history(url):
    history = open_history(url)
    for day in range(4):
        history.record(run(f"r{day}", [GROUP], TESTS, day=day), [GROUP], now=DAY)
        history.settle([Settled(GROUP.key, day, (Judged("cause", "the pool", "ada", DAY),))])
    with history.engine.begin() as connection:
        for number in range(7):  # 128 times as much of everything, of other runs, keys and scopes
            for statement in DOUBLED:
                connection.execute(text(statement.format(number)))
    with history.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    yield history
    history.close()


DOUBLED = (
    "INSERT INTO runs SELECT project, id || '-{0}', at, 'e{0}', branch, sha, revision, url, status, complete FROM runs",
    "INSERT INTO results SELECT project, run || '-{0}', test, outcome, duration_s, rerun FROM results",
    "INSERT INTO sightings SELECT project, key || '-{0}', test, at, runs FROM sightings",
    """INSERT INTO occurrences SELECT project, key || '-{0}', run || '-{0}', at, failed, ran, 'e{0}', branch, sha, revision,
    url, taken_over FROM occurrences""",
    "INSERT INTO settled SELECT project, key || '-{0}', issue, told FROM settled",
)


class Plans:
    """How a database finds the rows of each statement that it is given."""

    def __init__(self, history):
        self.engine, self.steps = history.engine, []
        event.listen(history.engine, "before_cursor_execute", self.explain)

    def explain(self, _connection, cursor, statement, parameters, _context, executemany):
        if (
            executemany
            or not statement.startswith(("SELECT", "UPDATE", "DELETE"))
            or "set_config" in statement
        ):
            return
        if self.engine.dialect.name == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            self.steps += [(statement, row[3]) for row in cursor.fetchall()]
            return
        cursor.execute(
            "SET LOCAL enable_seqscan = off"
        )  # such small tables are read whole where that is allowed
        cursor.execute(f"EXPLAIN {statement}", parameters)
        self.steps += [(statement, row[0].strip()) for row in cursor.fetchall()]

    def scans(self):
        """The steps that read all rows of a table, or all those of the project; the greatest of an index is one row."""
        whole = re.compile(
            rf"SCAN ({TABLES})\b|SEARCH \w+ USING .*(?:\(project=\?\)$|ANY\()"  # SQLite
            rf"|Seq Scan on ({TABLES})\b|Index Cond: \(\(project\)::text = '\w*'::text\)$"  # PostgreSQL
        )
        return [f"{step}: {said}" for said, step in self.steps if whole.search(step) and "max(" not in said]


def test_no_question_and_no_write_of_a_triage_reads_a_table_whole(history):
    plans = Plans(history)
    history.past(SCOPE, [GROUP.key], TESTS, but="r1")
    history.settled([GROUP.key])
    history.record(run("r9", [GROUP], TESTS, day=2), [GROUP], now=DAY + timedelta(days=9))
    history.rebuild([issue(4, GROUP.key, 0, 1, 8), issue(5, "other", 3)], now=DAY + timedelta(days=9))
    assert len(plans.steps) > 10
    assert plans.scans() == []
    with history.engine.begin() as connection:  # the same eyes on a question that has no index
        connection.execute(text("SELECT key FROM occurrences WHERE project = '' AND failed = 7"))
    assert plans.scans() != []


def test_a_triage_asks_for_its_own_tests_and_those_of_open_issues_only(history):
    """Not for those of closed issues that it does not concern, and not for what passed."""

    class Tracker:
        name = "local"

        def issues(self):
            return (issue(4, GROUP.key, 0), issue(5, "other", 3), issue(6, "over", 1, state="closed"))

    asked = []

    class Asked(HistoryRecorder):
        def past(self, scope, keys, tests=None, *, but=None):
            asked.append((keys, tests))
            return super().past(scope, keys, tests, but=but)

    one = run("r9", [group(tests=["a"])], TESTS, day=9)
    assessed = assess(one, CONFIG, Workspace(Tracker(), Asked(lambda: history, lambda: DAY)))
    ((keys, tests),) = asked
    assert "other" in keys
    assert "over" not in keys
    assert tests is not None
    assert not any(test.endswith(tuple(f".{name}" for name in TESTS)) for test in tests)
    assert not any(".p" in test for test in assessed.past.results)
