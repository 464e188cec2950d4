"""The values of a session. Times are UTC; every text is redacted, none is safe as Markdown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Chosen:
    """A suite that was chosen at the start, with how many of its tests are known and how many of them were proven then."""

    suite: str
    phase: str
    priority: str
    tests: int
    proven: int
    risk: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """How a session began. `target` is how many proven tests it is to end with (0: all), `urls` are (service, address)."""

    id: str
    at: datetime
    focus: str
    mission: str = ""
    environment: str = ""
    branch: str = ""
    revision: str = ""
    urls: tuple[tuple[str, str], ...] = ()
    phases: tuple[str, ...] = ()
    target: int = 0
    suites: tuple[Chosen, ...] = ()
    criteria: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    kind: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class CauseSeen:
    """A cause that a run showed. `state` is what it meant then (new, known, regressed)."""

    title: str
    priority: str
    tests: int
    issue: int = 0
    state: str = ""
    risk: str = ""


@dataclass(frozen=True, slots=True)
class GateSeen:
    """What a gate said."""

    name: str
    open: bool
    why: str


@dataclass(frozen=True, slots=True)
class Ran:
    """One run. `logged` is when it was triaged, `command` what was told of how it was run; `proven` and `known` count tests after it.

    `real` are sentences that its passes were real, `doubts` those on breaches and unproven passes; `next` is the command to run now.
    """

    run: str
    at: datetime
    logged: datetime
    status: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    unproven: int = 0
    total: int = 0
    seconds: float | None = None
    complete: bool = True
    revision: str = ""
    url: str = ""
    command: str = ""
    causes: tuple[CauseSeen, ...] = ()
    more_causes: int = 0
    gates: tuple[GateSeen, ...] = ()
    real: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    proven: int = 0
    known: int = 0
    why_next: str = ""
    next: str = ""
    kind: Literal["run"] = "run"


@dataclass(frozen=True, slots=True)
class Closed:
    """How a session ended; `forced` is the reason that somebody gave in spite of a gate that was held."""

    at: datetime
    forced: str = ""
    gates: tuple[GateSeen, ...] = ()
    proven: int = 0
    known: int = 0
    kind: Literal["close"] = "close"


Line = Start | Ran | Closed


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its lines tell it. `runs` are oldest first; `issue` is 0 where it has none; `open` is the issue's state.

    `dropped` counts lines that no longer fit into the issue.
    """

    start: Start
    runs: tuple[Ran, ...] = ()
    closed: Closed | None = None
    issue: int = 0
    open: bool = True
    url: str = ""
    dropped: int = 0

    @property
    def id(self) -> str:
        """The session's own name."""
        return self.start.id

    @property
    def last(self) -> Ran | None:
        """The newest run."""
        return self.runs[-1] if self.runs else None
