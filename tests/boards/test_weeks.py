"""The board of sixteen real days over five weeks, every number recomputed from the reports alone.

Six days are those of `examples/staging`, ten more lie beside this file (days/README.md). Only the moment at which a report says
that it was made is moved, so that the days lie weeks apart. In between a person reviews two causes, mutes one of
them and closes the other, which comes back.
"""

import gzip
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from triagebot.cli import run
from triagebot.cli.process import Process
from triagebot.reports.test_names import join_id

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
FIRST = datetime(2026, 9, 1, 6, tzinfo=UTC)
OFFSETS = [0, 2, 4, 7, 9, 11, 14, 16, 18, 18, 21, 21, 24, 27, 29, 31]
NOW = FIRST + timedelta(days=32)
CAUSES = {
    "ws.close code=1011 received": r"received 1011",
    "pricing-503": r"503 Service Unavailable",
    "missing-table": r"no such table: run_reports",
    "event-lost": r"missing events: tool_executing",
    "order-violated": r"agents ran in the order reporting",
    "session-order": r"500 Internal Server Error",
    "slow-ping": r"(?<!then )sent 1011",
    "cold-start": r"Connection refused",
    "expired-token": r"'401 Unauthorized'",
    "expired-handshake": r"rejected WebSocket connection: HTTP 401",
}
"""What tests say under each cause, and under no other one."""
CLOSED_BY_HAND = "ws.close code=1011 received"


@dataclass(frozen=True)
class Day:
    """One report as it stands: who ran, and what each red test said first."""

    at: datetime
    ran: frozenset[str]
    red: dict[str, str]
    place: tuple[str, str]

    def failing(self, cause: str) -> set[str]:
        return {test for test, said in self.red.items() if re.search(CAUSES[cause], said)}


def reports() -> list[dict[str, Any]]:
    six = sorted((EXAMPLES / "staging/reports").glob("day-*/report.json"))
    ten = sorted((HERE / "days").glob("*.json.gz"))
    found = [json.loads(path.read_bytes()) for path in six]
    found += [json.loads(gzip.decompress(path.read_bytes())) for path in ten]
    for number, report in enumerate(found):
        report["created"] = (FIRST + timedelta(days=OFFSETS[number], hours=number)).timestamp()
    return found


def day(report: dict[str, Any]) -> Day:
    red = {}
    for test in report["tests"]:
        for phase in ("setup", "call", "teardown"):
            if test.get(phase, {}).get("outcome") == "failed":
                red[test["nodeid"]] = test[phase]["crash"]["message"]
                break
    ran = frozenset(t["nodeid"] for t in report["tests"] if t["outcome"] != "skipped")
    facts = report["environment"]
    at = datetime.fromtimestamp(report["created"] - report["duration"], UTC)
    return Day(at, ran, red, (facts["commit"], facts["revision"]))


@dataclass(frozen=True)
class Weeks:
    """The days, the ids of their runs, and the board at the end."""

    days: list[Day]
    runs: list[str]
    board: dict[str, Any]

    def cause(self, name: str) -> dict[str, Any]:
        """The open cause that is about tests which said such a thing."""
        tests = {test for day in self.days for test in day.failing(name)}
        (found,) = [c for c in self.board["open"] if set(c["tests"]) == tests and _says(c, name)]
        return dict(found)


def _says(cause: dict[str, Any], name: str) -> bool:
    kinds = {"expired-token": "http.status", "expired-handshake": "ws."}
    return cause["key"].startswith(kinds.get(name, ""))


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    folder = tmp_path_factory.mktemp("weeks")
    days, runs = [], []

    def triagebot(at: datetime, *argv: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        process = Process({}, lambda: at, folder, io.BytesIO(), out, err)
        assert run([*argv], process) == 0, err.getvalue()
        return out.getvalue()

    config = f"--config={EXAMPLES / 'triagebot.toml'}"
    for number, report in enumerate(reports(), 1):
        (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
        days.append(day(report))
        plan = json.loads(
            triagebot(
                days[-1].at,
                "triage",
                "--json",
                "--no-logs",
                "--draft=digest",
                config,
                str(folder / "report.json"),
            )
        )
        runs.append(plan["run"])
        if number == 8:
            numbers = {
                c["title"]: c["issue"] for c in _open(triagebot(days[-1].at, "board", "--json", config))
            }
            pricing = next(n for title, n in numbers.items() if "503" in title)
            socket = next(n for title, n in numbers.items() if "by the server with 1011" in title)
            triagebot(days[-1].at, "issues", "mute", str(pricing))
        if number == 9:
            triagebot(days[-1].at, "review", str(pricing), "cause: the pool has eight connections")
        if number == 10:
            triagebot(days[-1].at, "review", str(socket), "reject: the log is of another run")
            triagebot(days[-1].at + timedelta(hours=5), "review", str(socket), "cause: one key is missing")
            triagebot(days[-1].at, "issues", "close", str(socket))
    board = json.loads(triagebot(NOW, "board", "--json", config))
    return Weeks(days, runs, board)


def _open(text: str) -> list[dict[str, Any]]:
    return list(json.loads(text)["open"])


def test_the_open_causes_are_those_that_the_reports_show_and_nothing_proved_gone(weeks):
    expected = sorted(weeks.cause(name)["issue"] for name in _still_open(weeks))
    assert expected == sorted(cause["issue"] for cause in weeks.board["open"])


def _still_open(weeks: Weeks) -> list[str]:
    """The causes that are open after all days."""
    return [name for name in CAUSES if _end(weeks, name) != "closed"]


def _end(weeks: Weeks, name: str) -> str:
    """What the days make of a cause: enough runs on end are clean, as README says ((1-r)^k < 1 %, at least 3), or it fails again."""
    state, failed, ran, clean = "", 0, 0, 0
    tests: set[str] = set()
    for number, one in enumerate(weeks.days, 1):
        if red := one.failing(name):
            state = "came back" if state in ("closed", "came back") else "open"
            tests |= red
            failed, ran, clean = failed + 1, ran + clean + 1, 0
        elif state in ("open", "came back") and tests <= one.ran - one.red.keys():
            clean += 1
            rate = (failed + 1) / (ran + 2)
            state = "closed" if clean >= 3 and (1 - rate) ** clean < 0.01 else state
        elif state in ("open", "came back") and tests & one.ran:
            ran += 1
        if number == 10 and name == CLOSED_BY_HAND:
            state = "closed"
    return state


@pytest.mark.parametrize("name", sorted(CAUSES))
def test_first_last_age_rate_and_strip(weeks, name):
    if name not in _still_open(weeks):
        return
    cause = weeks.cause(name)
    tests = {test for one in weeks.days for test in one.failing(name)}
    bad = [n for n, one in enumerate(weeks.days) if one.failing(name)]
    first, last = weeks.days[bad[0]].at, weeks.days[bad[-1]].at
    assert (cause["first"], cause["last"]) == tuple(
        at.isoformat().replace("+00:00", "Z") for at in (first, last)
    )
    assert cause["age_days"] == (NOW - first).days
    alive = range(bad[0], bad[-1] + 1)
    assert cause["rate"]["failed"] == [weeks.runs[n] for n in bad]
    assert cause["rate"]["ran"] == [weeks.runs[n] for n in alive if tests & weeks.days[n].ran]
    marks = [
        "●" if one.failing(name) else "✕" if tests & one.red.keys() else "○" if tests & one.ran else "·"
        for one in weeks.days
    ]
    assert [seen["mark"] for seen in cause["strip"]] == marks
    assert [seen["failed"] for seen in cause["strip"]] == [len(one.failing(name)) for one in weeks.days]


@pytest.mark.parametrize("name", sorted(CAUSES))
def test_the_trend_counts_the_runs_of_each_week(weeks, name):
    if name not in _still_open(weeks):
        return
    for back, week in zip((4, 3, 2, 1), weeks.cause(name)["weeks"], strict=True):
        first, end = NOW - timedelta(days=7 * back), NOW - timedelta(days=7 * (back - 1))
        inside = [n for n, one in enumerate(weeks.days) if first < one.at <= end]
        assert sorted(week["runs"]) == sorted(weeks.runs[n] for n in inside)
        assert sorted(week["failed"]) == sorted(weeks.runs[n] for n in inside if weeks.days[n].failing(name))


def test_what_the_reports_prove_gone_is_closed_and_nothing_else(weeks):
    gone = [name for name in CAUSES if _end(weeks, name) == "closed"]
    assert "missing-table" in gone
    proven = [c for c in weeks.board["closed"] if c["proof"]]
    closed_ever = set(range(1, len(CAUSES) + 1)) - {c["issue"] for c in weeks.board["open"]}
    assert len(closed_ever) == len(gone)
    assert {c["issue"] for c in proven} <= closed_ever


def test_one_is_muted_and_some_came_back(weeks):
    states = {name: weeks.cause(name)["state"] for name in _still_open(weeks)}
    assert [name for name, state in states.items() if state == "muted"] == ["pricing-503"]
    back = [name for name in _still_open(weeks) if _end(weeks, name) == "came back"]
    assert [name for name, state in states.items() if state == "came back"] == back
    assert CLOSED_BY_HAND in back
    assert weeks.cause("pricing-503")["until"]


def test_the_flaky_tests_are_those_with_two_ends_on_one_commit_and_revision(weeks):
    both: dict[tuple[str, tuple[str, str]], set[bool]] = {}
    for one in weeks.days:
        for test in one.ran:
            both.setdefault((test, one.place), set()).add(test in one.red)
    flaky = {test for (test, _), ends in both.items() if len(ends) == 2}
    assert {f["test"] for f in weeks.board["flaky"]} == set(map(join_id, flaky))
    for found in weeks.board["flaky"]:
        ran = [n for n, one in enumerate(weeks.days) if found["test"] in map(join_id, one.ran)]
        red = [n for n in ran if found["test"] in map(join_id, weeks.days[n].red)]
        assert (found["ran"], found["unsteady"]) == (
            [weeks.runs[n] for n in ran],
            [weeks.runs[n] for n in red],
        )


def test_every_stream_at_risk_is_counted_once(weeks):
    suites = {  # as examples/triagebot.toml says: files of the stream, amount
        "chat": (r"test_(1|10|2)_", 120_000),
        "reports": (r"test_[34]_agent_", 60_000),
    }
    broken = {test for name in _still_open(weeks) for one in weeks.days for test in one.failing(name)}
    amounts = [
        amount for pattern, amount in suites.values() if any(re.search(pattern, test) for test in broken)
    ]
    (total,) = weeks.board["totals"]
    assert (total["unit"], total["amount"]) == ("$ MRR", sum(amounts))
    by_stream = {stake["stream"]: set(stake["issues"]) for stake in total["stakes"]}
    for stream, (pattern, _) in suites.items():
        hit = {
            weeks.cause(name)["issue"]
            for name in _still_open(weeks)
            if any(re.search(pattern, test) for one in weeks.days for test in one.failing(name))
        }
        assert by_stream[stream] == hit


def test_the_scope_was_heard_of_when_its_last_run_came(weeks):
    (pulse,) = weeks.board["scopes"]
    assert (pulse["runs"], pulse["green"]) == (16, sum(not one.red for one in weeks.days))
    assert pulse["last_run"] == weeks.runs[-1]
    assert pulse["last"] == weeks.days[-1].at.isoformat().replace("+00:00", "Z")


def test_the_mean_time_to_close_is_that_of_what_is_closed_now(weeks):
    numbers = weeks.board["to_close"]["issues"]
    closed = {c["issue"]: c["hours"] for c in weeks.board["closed"]}
    assert set(closed) <= set(numbers)
    if set(closed) == set(numbers):
        assert weeks.board["to_close"]["hours"] == round(sum(closed.values()) / len(closed), 1)


def test_the_mean_time_to_review_runs_from_the_first_failure_to_the_first_word(weeks):
    first = next(one.at for one in weeks.days if one.failing("pricing-503"))
    hours = (weeks.days[8].at - first) / timedelta(hours=1)
    # What was said of the other cause is settled: it came back, and nobody has said anything since.
    assert weeks.board["to_review"] == {
        "hours": round(hours, 1),
        "issues": [weeks.cause("pricing-503")["issue"]],
    }
