"""What a board asks of history, the same on SQLite and on a real PostgreSQL."""

from datetime import timedelta

import pytest

from tests.plans.worlds import DAY
from triagebot.redact import Fact
from triagebot.reports.model import Scope
from triagebot.stores.rows import Ended, RunFile, Sighting
from triagebot.stores.sql_history import SqlHistory
from triagebot.stores.timelines import LAST, MOST_UNSTEADY

SCOPE = Scope(Fact("staging"), Fact("main"))
OTHER = Scope(Fact("staging"), Fact("feature"))
LONG_AGO = DAY - timedelta(days=400)


@pytest.fixture
def history(url):
    history = SqlHistory.at(url)
    yield history
    history.close()


def keep(history, number, ends, *, seen=(), commit=None, scope=SCOPE, days=None, rerun=()):
    """A run of tests by how they ended: "a+ b- c~" is a pass, a failure and a skip."""
    words = {"+": "passed", "-": "failed", "~": "skipped"}
    results = tuple(Ended(one[:-1], words[one[-1]], 0.1, one[:-1] in rerun) for one in ends.split())
    status = "failed" if "-" in ends else "passed"
    file = RunFile(
        Fact(f"r{number:03}"), DAY + timedelta(days=number if days is None else days), status,
        environment=scope.environment, branch=scope.branch, commit=Fact(commit) if commit else None,
        results=results, seen=tuple(Sighting(key, tuple(tests.split())) for key, tests in seen),
    )  # fmt: skip
    assert history.keep(file)


def test_runs_stand_oldest_first_with_their_ends(history):
    keep(history, 2, "a+")
    keep(history, 1, "a-", seen=[("k", "a")])
    line = history.timeline(SCOPE, ["k"], LONG_AGO)
    assert [run.id for run in line.runs] == ["r001", "r002"]
    assert line.status == {"r001": "failed", "r002": "passed"}


def test_a_scope_knows_nothing_of_another_one(history):
    keep(history, 1, "a-", seen=[("k", "a")])
    keep(history, 2, "a-", seen=[("k", "a")], scope=OTHER)
    assert history.scopes(LONG_AGO) == (OTHER, SCOPE)
    line = history.timeline(OTHER, ["k"], LONG_AGO)
    assert (line.seen, line.played) == ({"k": {"r002": 1}}, {"k": {"r002": (1, 1)}})


def test_what_is_older_than_asked_is_not_told(history):
    keep(history, 1, "a-", seen=[("k", "a")], days=-10)
    keep(history, 2, "a-", seen=[("k", "a")])
    line = history.timeline(SCOPE, ["k"], DAY)
    assert ([run.id for run in line.runs], line.seen) == (["r002"], {"k": {"r002": 1}})
    assert history.scopes(DAY + timedelta(days=5)) == ()


def test_keys_that_nobody_asked_for_are_seen_but_not_counted_further(history):
    keep(history, 1, "a- b-", seen=[("k", "a"), ("held", "b")])
    line = history.timeline(SCOPE, ["k"], LONG_AGO)
    assert line.seen == {"k": {"r001": 1}, "held": {"r001": 1}}
    assert line.played == {"k": {"r001": (1, 1)}}


def test_a_run_is_told_by_how_the_tests_of_a_key_ended(history):
    keep(history, 1, "a- b-", seen=[("k", "a b")])
    keep(history, 2, "a+ b-", seen=[("other", "b")])
    keep(history, 3, "a+ b+ c-")
    keep(history, 4, "a~ c+")
    played = history.timeline(SCOPE, ["k"], LONG_AGO).played
    assert played == {"k": {"r001": (2, 2), "r002": (2, 1), "r003": (2, 0)}}


ROWS = [
    ("both ends on one commit", [("a-", "c1"), ("a+", "c1")], (), True),
    ("two commits", [("a-", "c1"), ("a+", "c2")], (), False),
    ("no commit", [("a-", None), ("a+", None)], (), False),
    ("always red on one commit", [("a-", "c1"), ("a-", "c1")], (), False),
    ("not run beside the failure", [("a-", "c1"), ("b+", "c1")], (), False),
    ("skipped beside the failure", [("a-", "c1"), ("a~", "c1")], (), False),
    ("passed only when run again", [("a+", "c1")], ("a",), True),
    ("failed when run again, too", [("a-", "c1")], ("a",), False),
]


@pytest.mark.parametrize(("_what", "days", "rerun", "unsteady"), ROWS, ids=[row[0] for row in ROWS])
def test_unsteady_is_what_ended_differently_on_the_same_code(history, _what, days, rerun, unsteady):
    for number, (ends, commit) in enumerate(days, 1):
        keep(history, number, ends, commit=commit, rerun=rerun)
    assert list(history.timeline(SCOPE, [], LONG_AGO).unsteady) == (["a"] if unsteady else [])


def test_a_steady_test_is_not_read(history):
    keep(history, 1, "a- b+", commit="c1")
    keep(history, 2, "a+ b+", commit="c1")
    assert list(history.timeline(SCOPE, [], LONG_AGO).unsteady) == ["a"]


def test_only_the_last_runs_are_counted_further(history):
    keep(history, 0, "a-", seen=[("k", "a")], commit="c1")
    for number in range(1, LAST + 1):
        keep(history, number, "a+", commit="c1")
    line = history.timeline(SCOPE, ["k"], LONG_AGO)
    assert (len(line.runs), len(line.played["k"]), line.unsteady) == (LAST + 1, LAST, {})
    assert line.seen == {"k": {"r000": 1}}


def test_of_very_many_unsteady_tests_the_least_steady_are_told(history):
    names = [f"t{n:03}" for n in range(MOST_UNSTEADY + 20)]
    keep(history, 1, " ".join(f"{name}-" for name in names), commit="c1")
    keep(history, 2, " ".join(f"{name}{'-' if name > 't100' else '+'}" for name in names), commit="c1")
    keep(history, 3, " ".join(f"{name}+" for name in names), commit="c1")
    found = history.timeline(SCOPE, [], LONG_AGO).unsteady
    assert len(found) == MOST_UNSTEADY
    assert set(names[101:]) <= set(found)
