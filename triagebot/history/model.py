"""What earlier runs of one scope saw, as values: runs, results of tests, sightings of signatures.

Nothing here is judged; `triagebot.history` computes rates, proof and flakiness from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from triagebot.redact import Fact
from triagebot.reports.model import CaseOutcome, Scope
from triagebot.steps import TestPath

PastOutcome = CaseOutcome | Literal["unproven"]
"""How a test ended in a run that is kept; `unproven` passed, and proves nothing."""
_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PastRun:
    """One earlier run. `at` is UTC: its start where known, else when it was recorded."""

    id: Fact
    at: datetime
    commit: Fact | None = None
    revision: Fact | None = None
    complete: bool = True
    url: Fact | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How one test ended in one run. `rerun` is true when an attempt failed before the last one decided."""

    run: Fact
    outcome: PastOutcome
    duration_s: float | None = None
    rerun: bool = False


@dataclass(frozen=True, slots=True)
class TakenOver:
    """An occurrence that history has from an issue's table: all that it knows of that run."""

    run: PastRun
    failed: int
    ran: int


@dataclass(frozen=True, slots=True)
class Before:
    """What was counted of a key before the runs that are kept: its first and last day (UTC), and in how many runs."""

    first: date
    last: date
    runs: int


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier runs of one scope, oldest first. `results` by join id and `seen` by key follow the order of `runs`.

    `seen` holds the ids of the runs in which a key occurred; `tests` the join ids that ever showed it. `taken_over` holds
    by key what is known of runs that are not among `runs`, `before` what was counted of days that are kept no longer.
    """

    scope: Scope = field(default_factory=Scope)
    runs: tuple[PastRun, ...] = ()
    results: Mapping[str, tuple[Result, ...]] = field(default_factory=dict)
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
    tests: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
    taken_over: Mapping[str, tuple[TakenOver, ...]] = field(default_factory=dict)
    before: Mapping[str, Before] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether any earlier run of the scope is known."""
        return bool(self.runs)


@dataclass(frozen=True, slots=True)
class Green:
    """The path that a test took in its last proven green run within a scope, and which run that was. `at` is UTC."""

    path: TestPath
    run: Fact
    at: datetime
    commit: Fact | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a board asks of one scope: its runs within a time, oldest first, with their ends, and which key occurred when.

    `seen` holds by key and run how many tests showed it, `played` by key and run how many of its tests ran and how many of
    these failed in whatever way, of the last runs only. `unsteady` are the results of tests that ended differently on one
    commit and revision, or passed only when run again.
    """

    scope: Scope = field(default_factory=Scope)
    runs: tuple[PastRun, ...] = ()
    status: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    played: Mapping[str, Mapping[str, tuple[int, int]]] = field(default_factory=dict)
    unsteady: Mapping[str, tuple[Result, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rate:
    """In `failed` of `ran` runs in which its tests ran, a signature occurred."""

    failed: int
    ran: int
