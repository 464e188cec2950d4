"""The days of the staging example, as a newcomer triages them: no token, no key, no config needed."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, STAGING, Command, Said

DAYS = ["day-1-green", "day-2-red", "day-3-red", "day-4-red", "day-5-green", "day-6-red"]


@pytest.fixture
def day(triagebot: Command):
    """Triage one day's folder."""

    def triage(name: str, *more: object) -> Said:
        return triagebot("triage", STAGING / name, "--config", CONFIG, *more)

    return triage


def issues(triagebot: Command, *more: str) -> list[dict]:
    return json.loads(triagebot("issues", "list", "--json", *more).out)


def faults(name: str) -> set[str]:
    return set(json.loads((STAGING / name / "truth.json").read_text())["faults"])


def test_a_red_day_opens_one_issue_per_cause_with_the_websocket_1011_first(triagebot: Command, day) -> None:
    said = day("day-2-red")
    assert said.code == 0
    found = issues(triagebot)
    assert len(found) == len(faults("day-2-red"))
    assert found[0]["title"].startswith("[P1] WebSocket closed by the server with 1011")
    assert "side=received" in said.out
    assert "chat golden path ($120K MRR)" in said.out


def test_the_same_report_again_changes_nothing_and_says_so(triagebot: Command, tmp_path: Path, day) -> None:
    day("day-2-red")
    before = rows(tmp_path)
    said = day("day-2-red")
    assert "Nothing to change" in said.out
    assert rows(tmp_path) == before


def rows(folder: Path) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with sqlite3.connect(folder / ".triagebot/triagebot.db") as db:
        names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
        return {name: sorted(db.execute(f"select * from {name}"), key=repr) for name in names}


def test_the_next_day_updates_what_stays_and_opens_only_what_is_new(triagebot: Command, day) -> None:
    day("day-2-red")
    said = day("day-3-red")
    found = issues(triagebot)
    assert len(found) == len(faults("day-2-red") | faults("day-3-red"))
    assert "1 opened" in said.out
    first = json.loads(triagebot("issues", "show", "1", "--json").out)
    assert len(first["marker"]["occurrences"]) == 2


def test_a_green_day_opens_nothing(triagebot: Command, day) -> None:
    said = day("day-1-green")
    assert said.code == 0
    assert "passed" in said.out
    assert issues(triagebot, "--all") == []


def test_all_days_in_one_command_end_as_day_by_day(
    triagebot: Command, day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in DAYS:
        day(name)
    one_by_one = issues(triagebot, "--all")
    (tmp_path / ".triagebot/triagebot.db").unlink()
    said = triagebot("triage", *(STAGING / name for name in DAYS), "--each", "--config", CONFIG)
    assert said.code == 0
    assert issues(triagebot, "--all") == one_by_one


def test_a_saved_plan_applied_later_does_what_triage_does(triagebot: Command, day, tmp_path: Path) -> None:
    said = triagebot("plan", STAGING / "day-2-red", "--config", CONFIG, "-o", "plan.json")
    assert said.code == 0
    assert not (tmp_path / ".triagebot").exists()
    assert triagebot("apply", "--plan-file", "plan.json").code == 0
    planned = issues(triagebot)
    assert "already" not in triagebot("apply", "plan.json").err
    assert issues(triagebot) == planned
    (tmp_path / ".triagebot/triagebot.db").unlink()
    day("day-2-red")
    assert [i["title"] for i in issues(triagebot)] == [i["title"] for i in planned]


def test_a_dry_run_shows_the_plan_and_writes_nothing(day, tmp_path: Path) -> None:
    said = day("day-2-red", "--dry-run")
    assert "+ open [P1] WebSocket closed by the server with 1011" in said.out
    assert list(tmp_path.iterdir()) == []


def test_out_writes_issues_and_reports_as_files(day, tmp_path: Path) -> None:
    day("day-2-red", "--out", "issues")
    names = {path.name for path in (tmp_path / "issues").iterdir()}
    assert {"issues.md", "issue-0001.md", "issue-0002.md", "issue-0003.md", "index.md", "index.html"} <= names
    assert sum(name.startswith("ws.close-") for name in names) == 2
    assert "WebSocket closed by the server" in (tmp_path / "issues/issue-0001.md").read_text()
    assert "WebSocket closed by the server" in (tmp_path / "issues/index.html").read_text()


def test_triage_json_is_the_plan_with_outcomes(day) -> None:
    plan = json.loads(day("day-2-red", "--json").out)
    assert plan["schema"] == 1
    assert [change["outcome"]["status"] for change in plan["changes"]] == ["applied"] * 3


@pytest.mark.parametrize(
    ("days", "fail_on", "code"),
    [
        (["day-2-red"], "never", 0),
        (["day-2-red"], "new", 4),
        (["day-2-red", "day-2-red"], "new", 0),
        (["day-2-red"], "P1", 4),
        (["day-2-red", "day-2-red"], "any", 4),
        (["day-1-green"], "any", 0),
        (["day-2-red"], "regressed", 0),
    ],
)
def test_fail_on_leaves_with_4_when_such_a_cause_was_seen(
    day, days: list[str], fail_on: str, code: int
) -> None:
    said = [day(name, "--fail-on", fail_on) for name in days]
    assert said[-1].code == code


def test_what_the_cap_holds_is_said_and_filed_by_the_next_run(triagebot: Command, day) -> None:
    said = day("day-2-red", "--max-new-issues", "1")
    assert "Held: 2" in said.out
    assert len(issues(triagebot)) == 1
    day("day-2-red", "--max-new-issues", "1")
    assert len(issues(triagebot)) == 1, "the same run again files nothing more"
    day("day-3-red")
    assert len(issues(triagebot)) == 1 + 2


def test_a_muted_issue_is_left_alone(triagebot: Command, day) -> None:
    day("day-2-red")
    triagebot("issues", "mute", "1")
    before = triagebot("issues", "show", "1").out
    day("day-3-red")
    assert triagebot("issues", "show", "1").out == before


def test_what_was_closed_comes_back_only_with_a_run_that_has_what_closed_it(triagebot: Command, day) -> None:
    day("day-2-red")
    triagebot("issues", "close", "1")
    day("day-2-red")
    assert issues(triagebot, "--all")[-1]["state"] == "closed", "the run that was counted before is no return"


def test_the_first_screen_and_the_issue_say_what_services_logged(triagebot: Command) -> None:
    told = "service.log: 27 times, first at 10:45:51 UTC: ERROR realtime staging.realtime chat_failed path=/ws: KeyError: 'AGENT_SERVICE_TOKEN'"
    assert told in triagebot("triage", STAGING / "day-2-red", "--config", CONFIG).out
    assert "AGENT_SERVICE_TOKEN" in triagebot("issues", "show", "1").out
