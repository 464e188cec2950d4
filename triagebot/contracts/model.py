"""The values of contracts: events as they were read, and what a contract makes of them in one test."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Problem = Literal["missing", "order", "foreign", "late"]
State = Literal["kept", "broken", "not known"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `name` is the contract's spelling ("" for a line that only names a part), `line` how it stood; `at` is UTC."""

    name: str
    unit: str = ""
    each: str = ""
    part: str = ""
    at: datetime | None = None
    line: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Breach:
    """One way in which a test broke a contract. `what` tells breaches apart over runs: names of events, never ids.

    `said` is one sentence for people; `events` are those that show it.
    """

    problem: Problem
    what: str
    said: str
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one contract makes of one test (`join` and display id). `why` says what is not known, `passed` whether the test failed of nothing else."""

    contract: str
    test: str
    join: str
    state: State
    breaches: tuple[Breach, ...] = ()
    events: tuple[Event, ...] = ()
    why: str = ""
    enforced: bool = False
    passed: bool = True
