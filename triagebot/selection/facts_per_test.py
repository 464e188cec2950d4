"""What is known of each test: when it ran, passed and failed, how long it takes, how often it finds something, what it protects.

In: the past of a scope, how tests stand, suites, closed causes, tests that are in the code. Out: `TestFacts` in the order of node ids.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from types import MappingProxyType

from triagebot.config import Suite
from triagebot.gates import Standing
from triagebot.gates.evaluating import priority_of
from triagebot.groups.impact import impact, risk_text
from triagebot.history import Past
from triagebot.history.proof import PASSED, RAN
from triagebot.reports.test_names import join_id, node_id

_NATURAL = re.compile(r"(\d{1,18})")  # test_2 before test_10
"""Hit: `test_10`. Miss: `test`."""
_NO_STANDING: Mapping[str, Standing] = MappingProxyType({})
_NOTHING_CLOSED: Mapping[str, tuple[datetime, str]] = MappingProxyType({})
RED = RAN - PASSED
UNTIMED = 1.0
"""Seconds of a test of which nobody knows any, where no other test was timed."""


@dataclass(frozen=True, slots=True)
class TestFacts:
    """One test. Times are UTC, None where never; `runs` and `fails` count runs of the scope that history keeps.

    `keys` are causes that it showed, each with the places (0 for the newest) of the runs in which the cause was seen. `closed`
    names a cause of it that was closed after it last ran.
    """

    __test__ = False  # pytest would collect it for its name

    test: str
    join: str
    suite: str = ""
    phase: str = ""
    priority: str = "P3"
    risk: str = ""
    seconds: float = UNTIMED
    timed: bool = False
    ran: datetime | None = None
    proven: datetime | None = None
    failed: datetime | None = None
    runs: int = 0
    fails: int = 0
    all_runs: int = 0
    red: bool = False
    keys: tuple[tuple[str, tuple[int, ...]], ...] = ()
    closed: str = ""


def facts(
    past: Past,
    suites: Sequence[Suite] = (),
    standing: Mapping[str, Standing] = _NO_STANDING,
    collected: Collection[str] | None = None,
    closed: Mapping[str, tuple[datetime, str]] = _NOTHING_CLOSED,
) -> tuple[TestFacts, ...]:
    """Every known test. With `collected` (node ids) only those are there; `standing` leaves deleted ones out.

    `closed` are keys of closed causes: when, and what to call the issue.
    """
    names = {join_id(test): test for test in collected} if collected is not None else {}
    known = names or {join: one.test for join, one in standing.items()}
    known = known or {join: node_id(join) for join in past.results}
    times = _seconds(past)
    usual = median(times.values()) if times else UNTIMED
    showed = _showed(past)
    found = (
        _facts(test, join, past, suites, times, usual, showed.get(join, ()), closed)
        for join, test in known.items()
    )
    return tuple(sorted(found, key=lambda one: natural(one.test)))


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts numbers in names by their size."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NATURAL.split(text)]


def _seconds(past: Past) -> dict[str, float]:
    """How long tests take: the middle of their last five timed runs that passed, else of any."""
    found: dict[str, float] = {}
    for join, results in past.results.items():
        timed = [r for r in results if r.duration_s is not None and r.outcome != "skipped"]
        passed = [r for r in timed if r.outcome not in RED] or timed
        if passed:
            found[join] = median(r.duration_s or 0.0 for r in passed[-5:])
    return found


def _showed(past: Past) -> dict[str, tuple[tuple[str, tuple[int, ...]], ...]]:
    """For each test the causes that it showed."""
    order: dict[str, int] = {run.id: len(past.runs) - 1 - at for at, run in enumerate(past.runs)}
    places = {
        key: tuple(sorted(order[run] for run in runs if run in order)) for key, runs in past.seen.items()
    }
    found: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for key, tests in sorted(past.tests.items()):
        for test in tests:
            if places.get(key):
                found.setdefault(test, []).append((key, places[key]))
    return {test: tuple(keys) for test, keys in found.items()}


def _facts(
    test: str,
    join: str,
    past: Past,
    suites: Sequence[Suite],
    times: Mapping[str, float],
    usual: float,
    keys: tuple[tuple[str, tuple[int, ...]], ...],
    closed: Mapping[str, tuple[datetime, str]],
) -> TestFacts:
    """What is known of one test."""
    at: dict[str, datetime] = {run.id: run.at for run in past.runs}
    results = [result for result in past.results.get(join, ()) if result.run in at]
    ran = [r for r in results if r.outcome in RAN or r.outcome == "unproven"]
    last = {
        "ran": max((at[r.run] for r in ran), default=None),
        "proven": max((at[r.run] for r in ran if r.outcome in PASSED and not r.rerun), default=None),
        "failed": max((at[r.run] for r in ran if r.outcome in RED), default=None),
    }
    mine = next((suite for suite in suites if suite.holds(test)), None)
    risks = impact([test], suites).risks
    since = sorted(
        closed[key]
        for key, _ in keys
        if key in closed and (last["ran"] is None or closed[key][0] > last["ran"])
    )
    return TestFacts(
        test,
        join,
        mine.called if mine else "",
        mine.phase if mine else "",
        priority_of(test, suites),
        risk_text(risks[0]) if risks else "",
        times.get(join, usual),
        join in times,
        **last,
        runs=len(ran),
        fails=sum(r.outcome in RED for r in ran),
        all_runs=len(past.runs),
        red=bool(ran) and ran[-1].outcome in RED,
        keys=keys,
        closed=since[-1][1] if since else "",
    )
