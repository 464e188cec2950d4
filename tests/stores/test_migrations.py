"""Homes of earlier versions: files as the version of that time wrote them, opened by this one."""

import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.plans.worlds import DAY, group, run
from triagebot.errors import UserError
from triagebot.history import PastRun, Result, TakenOver
from triagebot.reports.model import Scope
from triagebot.stores import open_history
from triagebot.stores.history_tables import VERSION, metadata
from triagebot.trackers.local import LocalTracker

DATA = Path(__file__).parents[1] / "data" / "stores"
SCOPE = Scope("staging", "main")
GROUP, OTHER = group(), group("http.status-bbbbbbbbbbbb", tests=["c"])
A, B, C = (f.join for f in (*GROUP.failures, *OTHER.failures))


def execute(url, script):
    """Runs a script of statements in a database."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as db:
            db.executescript(script)
        db.close()
        return
    import psycopg

    with psycopg.connect(url) as db:
        db.execute(script)


def written(url, version):
    """Fills a database as that version of triagebot did, in both of its kinds."""
    execute(url, (DATA / f"history-v{version}.{url.partition(':')[0]}.sql").read_text())
    return url


def shape(engine):
    """Columns, primary keys and indexes of every table of history."""
    found = inspect(engine)
    return {
        name: (
            {column["name"]: (str(column["type"]), column["nullable"]) for column in found.get_columns(name)},
            found.get_pk_constraint(name)["constrained_columns"],
            {index["name"]: index["column_names"] for index in found.get_indexes(name)},
        )
        for name in metadata.tables
    }


def version_of(url):
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT value FROM meta WHERE name = 'version'"))
    engine.dispose()
    return int(found)


@pytest.mark.parametrize("version", range(1, VERSION))
def test_nothing_of_an_earlier_version_is_lost(url, version):
    history = open_history(written(url, version), "acme/shop")
    past = history.past(SCOPE, [GROUP.key, OTHER.key])
    assert past.runs == tuple(PastRun(f"r{n}", DAY + timedelta(days=n), f"c{n}", f"v{n}") for n in range(4))
    assert past.seen == {GROUP.key: ("r0", "r1", "r2", "r3"), OTHER.key: ("r3",)}
    assert past.tests == {GROUP.key: (A, B), OTHER.key: (C,)}
    assert past.results[A] == tuple(Result(f"r{n}", "failed", 0.31) for n in range(4))
    assert sorted(len(results) for results in past.results.values()) == [1, 4, 4, 4]
    lost = PastRun(
        "lost", DAY + timedelta(days=2, hours=1), "c9", "v9", complete=False, url="https://ci.example/9"
    )
    assert past.taken_over == {GROUP.key: (TakenOver(lost, 2, 3),)}
    assert history.past(Scope(None, None), [OTHER.key]).seen == {OTHER.key: ("elsewhere",)}
    assert not history.record(run("r3", [GROUP]), [GROUP], now=DAY)
    assert history.record(run("r4", [GROUP], day=4), [GROUP], now=DAY)
    assert history.past(SCOPE, [GROUP.key]).seen[GROUP.key][-1] == "r4"
    history.close()


@pytest.mark.parametrize("version", range(1, VERSION))
def test_tables_that_were_migrated_are_those_that_would_be_made(url, version):
    history = open_history(written(url, version))
    migrated = shape(history.engine)
    history.close()
    assert version_of(url) == VERSION
    metadata.drop_all(history.engine)
    history = open_history(url)
    assert shape(history.engine) == migrated
    history.close()


def test_a_tracker_of_version_1_keeps_its_issues(tmp_path):
    path = tmp_path / "triagebot.db"
    execute(f"sqlite:///{path}", (DATA / "tracker-v1.sqlite.sql").read_text())
    local = LocalTracker(path)
    (issue,) = local.issues()
    past = local.history.past(SCOPE, [issue.marker.key])
    assert past.seen == {issue.marker.key: ("first",)}
    assert len(past.results) == 2
    local.engine.dispose()


OPENER = """
import sys
from triagebot.stores import open_history
open_history(sys.argv[1], "acme/shop").close()
"""


def test_processes_that_migrate_at_once_do_it_once(url):
    written(url, 1)
    openers = [
        subprocess.Popen([sys.executable, "-c", OPENER, url], stderr=subprocess.PIPE) for _ in range(4)
    ]
    for opener in openers:
        assert opener.wait(120) == 0, opener.stderr.read().decode()
        opener.stderr.close()
    assert version_of(url) == VERSION
    history = open_history(url, "acme/shop")
    assert len(history.past(SCOPE, [GROUP.key]).runs) == 4
    history.close()


def test_a_migration_that_fails_leaves_the_earlier_version_whole(url, monkeypatch):
    from triagebot.stores import migrations

    def broken(connection):
        connection.execute(text("UPDATE runs SET status = 'lost'"))
        connection.execute(text("SELECT nonsense FROM nowhere"))

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, broken))
        with pytest.raises(UserError, match="cannot be used"):
            open_history(written(url, 1), "acme/shop")
    assert version_of(url) == 1
    history = open_history(url, "acme/shop")
    assert len(history.past(SCOPE, [GROUP.key]).results) == 4
    history.close()


@pytest.mark.parametrize("value", [str(VERSION + 1), "1000", "", "two", "-1", "0"])
def test_any_other_version_is_refused_with_the_next_step_and_left_alone(url, value):
    open_history(url).close()
    execute(url, f"UPDATE meta SET value = '{value}' WHERE name = 'version'")
    with pytest.raises(UserError, match=rf"newer triagebot \(version {value} .*Upgrade triagebot"):
        open_history(url)
    execute(url, f"UPDATE meta SET value = '{VERSION}' WHERE name = 'version'")
    open_history(url).close()


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ("CREATE TABLE runs (id TEXT)", "runs"),
        ("CREATE TABLE daily (day TEXT); CREATE TABLE results (x TEXT)", "daily, results"),
        ("CREATE TABLE meta (name TEXT, value TEXT)", "meta"),
        ("CREATE TABLE meta (id TEXT)", "meta"),
        ("CREATE TABLE meta (id TEXT); CREATE TABLE runs (id TEXT)", "meta"),
    ],
)
def test_tables_of_somebody_else_are_told_and_left_as_they_are(url, tables, said):
    execute(url, tables)
    before = inspect(
        engine := create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    ).get_table_names()
    with pytest.raises(UserError, match=rf"tables that are not triagebot's \({said}\)"):
        open_history(url)
    assert inspect(engine).get_table_names() == before
    engine.dispose()


def test_tables_beside_those_of_somebody_else_are_no_trouble(url):
    execute(url, "CREATE TABLE customers (id TEXT)")
    open_history(url).close()
