"""History stores in trouble, through the whole command: the run is filed, people are told, and nothing is lost."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.cli.conftest import CONFIG, STAGING, Command, Said
from tests.doubles.github import GitHub
from tests.doubles.postgresql import database
from tests.doubles.troubled import Home, of_postgresql, of_sqlite
from triagebot.issues import Marker, read_marker
from triagebot.reports.model import Scope
from triagebot.stores import history_opener

ON_GITHUB = ("--tracker", "github", "--config", "triagebot.toml")
KINDS = [
    *(("sqlite", kind) for kind in ("locked", "newer", "foreign", "without rights")),
    *(("postgresql", kind) for kind in ("away", "silent", "locked", "newer", "foreign", "without rights")),
]
MOMENTS = {
    "from the beginning": "",
    "while it reads": "FROM results",
    "while it writes": "INSERT INTO results",
}


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    configure(tmp_path)
    if request.param == "sqlite":
        yield of_sqlite(tmp_path / "history.db")
        return
    name = f"c{abs(hash(request.node.nodeid))}"
    with of_postgresql(database(request.getfixturevalue("postgresql"), name)) as found:
        yield found


def configure(folder: Path, more: str = "") -> None:
    """Writes the config, with more in it."""
    (folder / "triagebot.toml").write_text(f"{CONFIG.read_text()}\n{more}")


@pytest.fixture
def called(triagebot: Command, github: GitHub):
    """A command against the double, with a history store."""
    environ = {"GITHUB_TOKEN": "t0ken", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_API_URL": github.url}

    def call(verb: str, home: Home, *argv: object) -> Said:
        said = triagebot(verb, *argv, *ON_GITHUB, "--history", home.url, environ=environ)
        assert "Traceback" not in said.err
        return said

    return call


def in_issues(github: GitHub) -> set[tuple[str, str]]:
    markers = [read_marker(issue.body or "") for issue in github.world.issues.values()]
    return {(m.key, row.run) for m in markers if isinstance(m, Marker) for row in m.occurrences}


def in_home(home: Home, github: GitHub) -> set[tuple[str, str]]:
    store = history_opener(home.url, "acme/shop")()
    keys = {key for key, _ in in_issues(github)}
    past = store.past(Scope("staging", "main"), keys)
    store.close()
    seen = {(key, run) for key, runs in past.seen.items() for run in runs}
    return seen | {(key, row.run.id) for key, rows in past.taken_over.items() for row in rows}


@pytest.mark.parametrize(
    ("home", "kind", "moment"),
    [
        (where, kind, moment)
        for where, kind in KINDS
        for moment in MOMENTS
        # A reader in SQLite sees its own state, and whoever writes there holds the only lock.
        if (where == "postgresql" and (kind in ("away", "silent") or moment == "from the beginning"))
        or (where == "sqlite" and moment == "from the beginning")
    ],
    indirect=["home"],
)
def test_the_run_is_filed_and_people_are_told(called, home, kind, moment, github, tmp_path):
    called("triage", home, STAGING / "day-2-red")
    if kind in ("silent", "locked"):
        configure(tmp_path, "[history]\ntimeout_s = 3\n")
    ends = []

    def begin(connection, _cursor, statement, *_) -> None:
        if (
            not ends
            and connection.dialect.name == home.url.partition(":")[0]
            and MOMENTS[moment] in statement
        ):
            ends.append(home.troubles[kind]())

    if not MOMENTS[moment]:
        ends.append(home.troubles[kind]())
    event.listen(Engine, "before_cursor_execute", begin)
    try:
        said = called("triage", home, STAGING / "day-3-red")
    finally:
        event.remove(Engine, "before_cursor_execute", begin)
        for end in ends:
            end()
    assert said.code == 1
    assert len(ends) == 1
    assert "History" in said.err
    runs = {run for _, run in in_issues(github)}
    assert len(runs) == 2  # filed, whatever history says
    configure(tmp_path)
    after = called("triage", home, STAGING / "day-4-red")
    assert after.code == 0, after.err
    assert in_home(home, github) == in_issues(github)
    assert len({run for _, run in in_issues(github)}) == 3


@pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("verb", "more"), [("plan", ()), ("triage", ("--dry-run",)), ("triage", ("--json",)), ("sweep", ())]
)
def test_every_verb_that_asks_history_says_that_it_was_not_told(called, home, verb, more, github):
    called("triage", home, STAGING / "day-2-red")
    reports = () if verb == "sweep" else (STAGING / "day-3-red",)
    with home.in_trouble("newer"):
        said = called(verb, home, *reports, *more)
    assert said.code == 1
    assert "History could not be read" in said.err
    assert "newer triagebot" in said.err
    if "--json" in more:
        assert json.loads(said.out)["changes"]


@pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)
def test_a_plan_is_applied_whatever_history_does(called, home):
    assert called("plan", home, STAGING / "day-2-red", "-o", "plan.json").code == 0
    with home.in_trouble("newer"):
        said = called("apply", home, "plan.json")
    assert said.code == 0, said.err
    assert "3 opened" in said.out


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_a_sweep_without_history_closes_nothing_and_calls_no_silence(called, home, tmp_path, github):
    called("triage", home, STAGING / "day-2-red")
    configure(tmp_path, "[limits]\nsilence_days = 1\n")
    with home.in_trouble("newer"):
        said = called("sweep", home)
    assert said.code == 1
    assert "no run was ever recorded" not in said.out + said.err
    assert all(issue.state == "open" for issue in github.world.issues.values())


@pytest.mark.parametrize(
    "make",
    [
        lambda p: f"sqlite:///{p / 'file' / 'history.db'}",
        lambda p: f"sqlite:///{p / 'file'}",
        lambda p: f"sqlite:///{p}",
        lambda _: "sqlite:////dev/null/history.db",
        lambda _: "sqlite:////dev/full",
        lambda p: f"sqlite:///{p / 'pipe'}",
        lambda _: "postgresql://nobody@127.0.0.1:1/none",
        lambda _: "postgresql://nobody@no.such.host.invalid/none",
    ],
)
def test_a_place_that_cannot_be_a_home_stops_no_filing(called, tmp_path, make, home_config):
    (tmp_path / "file").write_text("not a database " * 100)
    os.mkfifo(tmp_path / "pipe")
    said = called("triage", Home(make(tmp_path)), STAGING / "day-2-red")
    assert said.code == 1
    assert "3 opened" in said.out
    assert "History could not be read" in said.err


@pytest.fixture
def home_config(tmp_path: Path) -> None:
    configure(tmp_path)


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql+nothing://x", "postgresql://[::1", "branch:..", "sqlite+nothing:///x"]
)
def test_a_url_that_nobody_could_open_stops_the_command_before_anything_is_written(
    called, github, url, home_config
):
    said = called("triage", Home(url), STAGING / "day-2-red")
    assert said.code == 1
    assert "cannot be opened" in said.err or "no name of a branch" in said.err
    assert not github.world.issues


@pytest.mark.parametrize(
    ("path", "code", "advice"),
    [
        ("runs/2025-09-10/x.v9.json.gz", 1, "Upgrade triagebot"),
        ("runs/2025-09-10/x.v1.json.gz", 0, "not gzip"),
    ],
)
def test_files_on_a_branch_that_cannot_be_read_are_told(called, github, home_config, path, code, advice):
    home = Home("branch:triagebot-history")
    called("triage", home, STAGING / "day-2-red")
    world = github.world
    tree = world.objects[world.objects[world.refs["refs/heads/triagebot-history"]]["tree"]]["entries"]
    world.objects["f" * 40] = {**world.objects[next(iter(tree.values()))["sha"]], "data": b"damage"}
    tree[path] = {**next(iter(tree.values())), "sha": "f" * 40, "path": path}
    said = called("triage", home, STAGING / "day-3-red")
    assert said.code == code, said.err
    assert f"History holds files that were left alone: {path}: " in said.err
    assert advice in said.err


def names(*tests: str) -> str:
    """A pytest-json report of tests with such names, all red."""
    crash = {"path": "t.py", "lineno": 3, "message": "KeyError: 'x'"}
    call = {"outcome": "failed", "crash": crash, "longrepr": "t.py:3: KeyError\nE   KeyError: 'x'"}
    cases = [{"nodeid": f"t.py::{test}", "outcome": "failed", "call": call} for test in tests]
    summary = {"failed": len(tests), "total": len(tests), "collected": len(tests)}
    return json.dumps(
        {"created": 1757534400.0, "exitcode": 1, "root": "/r", "summary": summary, "tests": cases}
    )


@pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)
def test_names_that_no_database_takes_as_they_are_are_kept_all_the_same(called, home, tmp_path):
    report = tmp_path / "names.json"
    report.write_text(
        names(
            "nul\0",
            "half \ud800 a sign",
            "😀",
            "é",
            "e\u0301",
            "quote'\"",
            "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(80)),
        )
    )
    scope = ("--environment=staging", "--branch=main", "--run-id=odd")
    said = called("triage", home, report, *scope)
    assert said.code == 0, said.err
    store = history_opener(home.url, "acme/shop")()
    past = store.past(Scope("staging", "main"), ())
    store.close()
    assert len(past.results) == 7
