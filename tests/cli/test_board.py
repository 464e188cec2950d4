"""`triagebot board` as a person and as a machine meet it."""

import json

import pytest

from tests.cli.conftest import CONFIG, STAGING


@pytest.fixture
def two_days(triagebot):
    for day in ("day-2-red", "day-3-red"):
        triagebot("triage", STAGING / day / "report.json", "--config", CONFIG, "--draft=digest")
    return triagebot


def test_the_table_leads_with_how_many_and_what_is_at_risk(two_days):
    said = two_days("board", "--config", CONFIG)
    assert said.code == 0
    assert said.out.startswith("4 open causes, 1 of them P1, $180K MRR at risk.")
    assert "HTTP 503 Service Unavailable" in said.out
    assert "●○" in said.out
    assert "staging, main: last run" in said.out


def test_as_many_are_open_as_there_are_open_issues(two_days):
    two_days("issues", "close", "3")
    board = json.loads(two_days("board", "--json", "--config", CONFIG).out)
    issues = two_days("issues", "list").out
    assert [cause["issue"] for cause in board["open"]] == [1, 2, 4]
    assert [cause["issue"] for cause in board["closed"]] == [3]
    assert issues.count("open") >= 3


def test_a_machine_finds_runs_and_issues_behind_every_number(two_days):
    board = json.loads(two_days("board", "--json", "--config", CONFIG).out)
    first = board["open"][0]
    assert board["schema"] == 1
    assert len(first["rate"]["failed"]) == 2
    assert set(first["rate"]["failed"]) <= {seen["run"] for seen in first["strip"]} <= board["runs"].keys()
    assert all(run["at"] and run["scope"] for run in board["runs"].values())
    assert {n for total in board["totals"] for stake in total["stakes"] for n in stake["issues"]} <= {
        cause["issue"] for cause in board["open"]
    }


def test_without_anything_it_says_so_and_makes_no_file(triagebot, tmp_path):
    said = triagebot("board")
    assert (said.code, said.out) == (0, "Nothing is broken.\n")
    assert list(tmp_path.iterdir()) == []


def test_pages_go_where_asked(two_days, tmp_path):
    assert two_days("board", "--config", CONFIG, "--out", tmp_path / "site").code == 0
    names = sorted(path.name for path in (tmp_path / "site").iterdir())
    assert names == [
        "board.css",
        "board.js",
        *(f"cause-{n}.html" for n in (1, 2, 3, 4)),
        "index.html",
    ]
    assert "tests/e2e/staging" in (tmp_path / "site/cause-1.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--publish"], "Add --tracker github, or leave --publish out"),
        (["--out", "report"], "Name another folder"),
        (["--tracker", "github"], "GITHUB_REPOSITORY must be owner/name"),
        (["--history", "branch:x"], "needs --tracker github"),
        (["--config", "none.toml"], "none.toml"),
    ],
)
def test_a_mistake_is_one_line_with_the_next_step(triagebot, tmp_path, argv, says):
    (tmp_path / "report").write_text("a file")
    said = triagebot("board", *argv)
    assert said.code == 1
    assert says in said.err
    assert len(said.err.splitlines()) == 1


def test_a_home_of_history_that_is_away_costs_its_numbers_and_is_said(two_days):
    said = two_days("board", "--config", CONFIG, "--history=postgresql://127.0.0.1:9/none")
    assert said.code == 1
    assert "4 open causes" in said.out
    assert "History could not be read" in said.err
