"""Green paths through the command line: given by hand, or remembered by history."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import NOON, Command

GREEN = {"test_one": "0 1<0 2<1", "test_two": "3 1<3 2<1", "test_three": "0 4<0"}
RED = {"test_one": "0 1<0 5<1", "test_two": "3 1<3 5<1", "test_three": "0 4<0"}
FUNCTIONS = ["shop:pay", "shop:price", "shop:rate", "shop:quote", "shop:ship", "shop:guess"]


def report(path: Path, calls: dict[str, str], red: dict[str, str], day: int = 0) -> Path:
    """A JSON report with traces; `red` are the messages of tests that failed."""
    tests = [
        {
            "nodeid": f"test_shop.py::{test}",
            "outcome": "failed" if test in red else "passed",
            "setup": {"outcome": "passed"},
            "call": {
                "outcome": "failed" if test in red else "passed",
                **({"longrepr": f"E       AssertionError: {red[test]}", "crash": {"message": red[test]}} if test in red else {}),
            },
            "teardown": {"outcome": "passed"},
            "metadata": {"triagebot": {"trace": {"start": 1, "end": 2, "calls": told}}},
        }
        for test, told in calls.items()
    ]  # fmt: skip
    document = {
        "created": (NOON + timedelta(days=day)).timestamp(),
        "duration": 1.0,
        "exitcode": int(bool(red)),
        "summary": {"passed": len(calls) - len(red), "failed": len(red), "total": len(calls), "collected": len(calls)},
        "tests": tests,
        "triagebot": {"functions": [f"{name} shop.py:{line}" for line, name in enumerate(FUNCTIONS, 1)]},
    }  # fmt: skip
    path.write_text(
        json.dumps({k: v for k, v in document.items() if v != 0 or k != "failed"}), encoding="utf-8"
    )
    return path


FAILED = {"test_one": "the bill is too high", "test_two": "no such offer"}


@pytest.fixture
def reports(tmp_path: Path) -> tuple[Path, Path]:
    return report(tmp_path / "green.json", GREEN, {}), report(tmp_path / "red.json", RED, FAILED, day=1)


def joined(said: str) -> list[list[str]]:
    return sorted(
        sorted(test.rpartition("::")[2] for test in cause["tests"]) for cause in json.loads(said)["causes"]
    )


def test_group_joins_what_leaves_the_green_path_at_one_place(
    triagebot: Command, reports: tuple[Path, Path]
) -> None:
    green, red = reports
    assert joined(triagebot("group", red, "--json").out) == [["test_one"], ["test_two"]]
    assert joined(triagebot("group", red, "--green", green, "--json").out) == [["test_one", "test_two"]]


def test_green_reports_in_which_nothing_passed_are_the_users_mistake(
    triagebot: Command, reports: tuple[Path, Path], tmp_path: Path
) -> None:
    all_red = report(tmp_path / "all.json", {"test_one": "0"}, {"test_one": "no"})
    said = triagebot("group", reports[1], "--green", all_red)
    assert said.code == 1
    assert "no test in it passed at the first attempt" in said.err
    assert triagebot("group", reports[1], "--green", "nowhere.json").code == 1


def test_explain_tells_where_a_test_leaves_its_green_path(
    triagebot: Command, reports: tuple[Path, Path]
) -> None:
    green, red = reports
    left = "leave the path of their last green run in shop:price"
    assert left not in triagebot("explain", red, "--test", "test_one").out
    assert left in triagebot("explain", red, "--green", green, "--test", "test_one").out


def test_draft_is_of_the_cause_and_tells_where_its_tests_leave_their_green_paths(
    triagebot: Command, reports: tuple[Path, Path]
) -> None:
    green, red = reports
    (cause,) = json.loads(triagebot("group", red, "--green", green, "--json").out)["causes"]
    for key in cause["keys"]:
        said = triagebot("draft", red, "--green", green, "--key", key, "--draft", "digest")
        assert said.code == 0
        assert "test_one" in said.out and "test_two" in said.out and "price" in said.out


def opened(said: str) -> int:
    return sum(change["action"] == "open" for change in json.loads(said)["changes"])


def test_triage_remembers_green_paths_and_files_one_issue(
    triagebot: Command, reports: tuple[Path, Path]
) -> None:
    green, red = reports
    assert opened(triagebot("triage", red, "--dry-run", "--json").out) == 2
    assert triagebot("triage", green, "--json").code == 0
    assert opened(triagebot("triage", red, "--json").out) == 1


def test_triage_takes_green_paths_by_hand_on_the_first_run(
    triagebot: Command, reports: tuple[Path, Path]
) -> None:
    green, red = reports
    assert opened(triagebot("triage", red, "--green", green, "--json").out) == 1


def test_plan_takes_green_paths_by_hand(triagebot: Command, reports: tuple[Path, Path]) -> None:
    green, red = reports
    assert opened(triagebot("plan", red, "--green", green, "--json").out) == 1


def test_a_green_path_of_another_scope_does_not_count(triagebot: Command, reports: tuple[Path, Path]) -> None:
    green, red = reports
    triagebot("triage", green, "--environment", "production", "--json")
    assert opened(triagebot("triage", red, "--environment", "staging", "--json").out) == 2
