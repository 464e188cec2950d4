"""History stores through the command line: what a run left there, the next one knows, wherever it runs."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, STAGING, Clock, Command
from tests.doubles.github import GitHub
from triagebot.issues import Marker, read_marker
from triagebot.stores.rows import RunFile
from triagebot.stores.run_files import decode

ENVIRON = {"GITHUB_TOKEN": "t0ken", "GITHUB_REPOSITORY": "acme/shop"}


def marker(said: str) -> dict:
    return json.loads(said)["marker"]


def test_a_database_of_ones_own_proves_what_a_new_folder_could_not_know(
    triagebot: Command, tmp_path: Path
) -> None:
    history = f"sqlite:///{tmp_path}/history.db"
    common = ("--config", CONFIG, "--history", history)
    triagebot("triage", STAGING / "day-2-red", *common)
    triagebot("triage", STAGING / "day-5-green", *common)
    assert (tmp_path / "history.db").exists()
    said = triagebot("sweep", "--history", history)
    assert said.code == 0, said.err


def test_a_branch_of_the_repository_keeps_one_file_a_run(triagebot: Command, github: GitHub) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    common = ("--tracker", "github", "--config", CONFIG, "--history", "branch:triagebot-history")
    for day in ("day-2-red", "day-5-green", "day-2-red"):
        said = triagebot("triage", STAGING / day, *common, environ=environ)
        assert said.code == 0, said.err
    assert sum(path.startswith("runs/") for path in files_on(github, "triagebot-history")) == 2


def files_on(github: GitHub, branch: str) -> list[str]:
    """The paths on a branch of the double's repository."""
    world = github.world
    commit = world.objects[world.refs[f"refs/heads/{branch}"]]
    return list(world.objects[commit["tree"]]["entries"])


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--history", "branch:x"], "--tracker github"),
        (["--history", "nonsense"], "URL"),
        (["--history", "mysql+nothing://x"], "mysql"),
        (["--history", "postgresql://127.0.0.1:1/none"], "cannot be used"),
    ],
)
def test_a_home_that_cannot_be_is_said(triagebot: Command, argv: list[str], says: str) -> None:
    said = triagebot("triage", STAGING / "day-2-red", *argv)
    assert said.code == 1
    assert says in said.err
    assert "Traceback" not in said.err


def test_where_history_and_issues_disagree_is_said_and_left(
    triagebot: Command, tmp_path: Path, github: GitHub
) -> None:
    history = f"sqlite:///{tmp_path}/history.db"
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    common = ("--tracker", "github", "--config", CONFIG, "--history", history)
    triagebot("triage", STAGING / "day-2-red", *common, environ=environ)
    with sqlite3.connect(tmp_path / "history.db") as db:
        db.execute("update occurrences set failed = 7")
    said = triagebot("triage", STAGING / "day-3-red", *common, environ=environ)
    assert "History and issues disagree" in said.err
    assert "the issue says 26 tests failed, history says 7" in said.err


ON_GITHUB = ("--tracker", "github", "--config", CONFIG)
"""Without a history store, as a runner is whose disk dies with it."""
BRANCH_HOME = (*ON_GITHUB, "--history", "branch:triagebot-history")


def occurrences(github: GitHub) -> set[tuple[str, str]]:
    """The (key, run) of every occurrence on the branch."""
    world = github.world
    entries = world.objects[world.objects[world.refs["refs/heads/triagebot-history"]]["tree"]]["entries"]
    files = [decode(path, world.objects[entry["sha"]]["data"]) for path, entry in entries.items()]
    recorded = {(seen.key, file.id) for file in files if isinstance(file, RunFile) for seen in file.seen}
    return recorded | {(key, row.run) for file in files if isinstance(file, tuple) for key, row in file}


def tables(github: GitHub) -> set[tuple[str, str]]:
    """The (key, run) of every row in the issues."""
    markers = [read_marker(issue.body or "") for issue in github.world.issues.values()]
    return {(m.key, row.run) for m in markers if isinstance(m, Marker) for row in m.occurrences}


def test_a_home_that_refuses_stops_no_filing_and_the_next_run_makes_up_for_it(
    triagebot: Command, github: GitHub
) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    github.fault("403 forbidden", "POST", "/git/blobs", times=2)
    said = triagebot("triage", STAGING / "day-2-red", *BRANCH_HOME, environ=environ)
    assert said.code == 1
    assert "History was not kept" in said.err
    assert "3 opened" in said.out
    assert tables(github)
    said = triagebot("triage", STAGING / "day-3-red", *BRANCH_HOME, environ=environ)
    assert said.code == 0, said.err
    assert "History lacked 3 occurrences that issues hold" in said.err
    assert occurrences(github) == tables(github)
    said = triagebot("triage", STAGING / "day-3-red", *BRANCH_HOME, environ=environ)
    assert "History" not in said.err


def test_a_home_that_refuses_once_is_asked_again_when_all_is_written(
    triagebot: Command, github: GitHub
) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    github.fault("403 forbidden", "POST", "/git/blobs", times=1)
    said = triagebot("triage", STAGING / "day-2-red", *BRANCH_HOME, environ=environ)
    assert said.code == 0, said.err
    assert occurrences(github) == tables(github) != set()


def test_a_sweep_takes_over_what_only_issues_hold(triagebot: Command, github: GitHub) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    triagebot("triage", STAGING / "day-2-red", *ON_GITHUB, environ=environ)
    said = triagebot("sweep", *BRANCH_HOME, environ=environ)
    assert said.code == 0, said.err
    assert "taken over" in said.err
    assert occurrences(github) == tables(github) != set()


@pytest.mark.parametrize("argv", [("plan",), ("triage", "--dry-run")])
def test_what_only_looks_writes_nothing_to_history_either(
    triagebot: Command, tmp_path: Path, github: GitHub, argv: tuple[str, ...]
) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    triagebot("triage", STAGING / "day-2-red", *ON_GITHUB, environ=environ)
    said = triagebot(*argv, STAGING / "day-3-red", *BRANCH_HOME, environ=environ)
    assert said.code == 0, said.err
    assert not github.world.refs
    home = ("--history", f"sqlite:///{tmp_path}/history.db")
    said = triagebot(*argv, STAGING / "day-3-red", *ON_GITHUB, *home, environ=environ)
    assert said.code == 0, said.err
    with sqlite3.connect(tmp_path / "history.db") as db:
        assert db.execute("select count(*) from occurrences").fetchone() == (0,)


def test_a_database_that_is_lost_is_made_anew_from_the_issues(
    triagebot: Command, tmp_path: Path, github: GitHub
) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    home = tmp_path / "history.db"
    common = ("--tracker", "github", "--config", CONFIG, "--history", f"sqlite:///{home}")
    for day in ("day-2-red", "day-3-red"):
        triagebot("triage", STAGING / day, *common, environ=environ)
    for file in tmp_path.glob("history.db*"):
        file.unlink()
    said = triagebot("triage", STAGING / "day-5-green", *common, environ=environ)
    assert said.code == 0, said.err
    assert "taken over" in said.err
    with sqlite3.connect(home) as db:
        assert set(db.execute("select key, run from occurrences")) == tables(github)


class Meanwhile(Clock):
    """A clock whose first pause of at least so many seconds is somebody else's chance."""

    def __init__(self, seconds: float, act: Callable[[], object]) -> None:
        super().__init__()
        self.longest, self.act = seconds, act

    def pause(self, seconds: float) -> None:
        super().pause(seconds)
        if seconds >= self.longest:
            self.longest = float("inf")
            self.act()


def runs_of(github: GitHub) -> list[set[str]]:
    """The runs in the tables of open issues."""
    markers = [
        read_marker(issue.body or "") for issue in github.world.issues.values() if issue.state == "open"
    ]
    return [{row.run for row in m.occurrences} for m in markers if isinstance(m, Marker)]


def test_a_run_that_waited_out_a_rate_limit_keeps_what_another_one_wrote_meanwhile(
    triagebot: Command, github: GitHub
) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    triagebot("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=first", environ=environ)

    def other() -> None:
        said = triagebot("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=other", environ=environ)
        assert said.code == 0, said.err

    github.fault("429", "PATCH", "/issues/", times=1)
    argv = ("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=waits")
    said = triagebot(*argv, environ=environ, clock=Meanwhile(60, other))
    assert said.code == 0, said.err
    assert runs_of(github) == [{"first", "other", "waits"}] * 3


def test_a_run_whose_rows_were_overwritten_sees_it_and_writes_them_again(
    triagebot: Command, github: GitHub
) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}

    def bodies() -> dict[int, str]:
        return {number: issue.body or "" for number, issue in github.world.issues.items()}

    def put(these: dict[int, str]) -> None:
        for number, body in these.items():
            github.world.issues[number].body = body

    triagebot("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=first", environ=environ)
    before = bodies()
    triagebot("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=other", environ=environ)
    others = bodies()
    put(before)
    argv = ("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=ours")
    said = triagebot(*argv, environ=environ, clock=Meanwhile(10, lambda: put(others)))
    assert said.code == 0, said.err
    assert runs_of(github) == [{"first", "other", "ours"}] * 3


def test_a_row_of_a_run_that_was_killed_comes_back_where_a_living_one_had_seen_it(
    triagebot: Command, github: GitHub
) -> None:
    environ = ENVIRON | {"GITHUB_API_URL": github.url}
    triagebot("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=first", environ=environ)
    before = {number: issue.body or "" for number, issue in github.world.issues.items()}
    triagebot("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=killed", environ=environ)

    def overwritten() -> None:
        for number, body in before.items():
            github.world.issues[number].body = body

    argv = ("triage", STAGING / "day-2-red", *ON_GITHUB, "--run-id=ours")
    clock = Meanwhile(10, overwritten)
    said = triagebot(*argv, environ=environ, clock=clock)
    assert said.code == 0, said.err
    assert clock.seconds >= 10
    assert runs_of(github) == [{"first", "killed", "ours"}] * 3
