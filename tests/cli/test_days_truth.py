"""The days of the staging example with history, held against truth.json: what is opened, joined, kept apart and closed."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.cli.conftest import CONFIG, NOON, STAGING, Command
from triagebot.issues import Issue
from triagebot.trackers.local import LocalTracker

TRACED = STAGING.parent / "traced"
DAYS = (
    *(STAGING / f"day-{name}" for name in ("1-green", "2-red", "3-red", "4-red", "5-green", "6-red")),
    *(TRACED / f"day-{name}" for name in ("7-green", "8-red")),
)
TWICE = {"expired-token": 2}
"""Faults that show in two ways of which no rule knows that they are one: HTTP 401, and a handshake that is refused."""


def truth(day: Path) -> dict[str, str]:
    """The fault behind each red test."""
    return {
        test: told["fault"] for test, told in json.loads((day / "truth.json").read_text())["tests"].items()
    }


def issues(folder: Path) -> list[Issue]:
    tracker = LocalTracker(folder / ".triagebot/triagebot.db", lambda: NOON)
    found = list(tracker.issues())
    tracker.engine.dispose()
    return found


def of_run(found: list[Issue], run: str, told: dict[str, str]) -> dict[str, dict[int, int]]:
    """How many tests failed in a run, by the fault that broke them and the issue that counts them."""
    counts: dict[str, dict[int, int]] = {}
    for issue in found:
        for row in (row for row in issue.marker.occurrences if row.run == run):
            faults = Counter(told[test] for test in issue.marker.tests if test in told)
            counts.setdefault(faults.most_common(1)[0][0], {})[issue.number] = row.failed
    return counts


def test_over_the_days_each_fault_has_one_issue_no_issue_has_two_and_all_are_closed_when_it_is_over(
    triagebot: Command, tmp_path: Path
) -> None:
    homes: dict[str, set[int]] = {}
    for day in DAYS:
        said = triagebot("triage", day, "--config", CONFIG, "--json")
        told = truth(day)
        found = issues(tmp_path)
        counts = of_run(found, json.loads(said.out)["run"], told)
        assert {fault: sum(by.values()) for fault, by in counts.items()} == Counter(told.values()), day.name
        for fault, by in counts.items():
            assert homes.setdefault(fault, set(by)) == set(by), "a fault stays where it was filed"
    assert sum(map(len, homes.values())) == len(set().union(*homes.values())) == len(issues(tmp_path))
    assert {fault: len(numbers) for fault, numbers in homes.items() if len(numbers) > 1} == TWICE

    green = json.loads((TRACED / "day-7-green/report.json").read_text())
    for later in range(1, 6):
        assert any(issue.state == "open" for issue in issues(tmp_path))
        (tmp_path / "green.json").write_text(
            json.dumps(green | {"created": green["created"] + later * 86_400})
        )
        triagebot("triage", "green.json", "--config", CONFIG, now=NOON + timedelta(days=10 + later))
    assert {issue.state for issue in issues(tmp_path)} == {"closed"}
    assert len(issues(tmp_path)) == sum(map(len, homes.values())), "what is over opens nothing"
