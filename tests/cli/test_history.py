"""Homes of history through the command line: what a run left there, the next one knows, wherever it runs."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, STAGING, Command
from tests.doubles.github import GitHub

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
