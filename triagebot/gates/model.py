"""How a test stands, and what a gate makes of its tests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal[
    "proven", "failed", "skipped", "quarantined", "unproven", "stopped", "elsewhere", "too old", "not run"
]
"""`stopped` passed in a run that was stopped, `elsewhere` on another revision, `not run` is known and has no result that counts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One test (`join` and the id to show): the last that is known of it. `at` is UTC, `why` what keeps it from being a proof."""

    join: str
    test: str
    state: State
    at: datetime | None = None
    run: str = ""
    why: str = ""
    placed: bool = True


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate: whether it is open, how many of its tests are proven, and what holds it up in one sentence.

    `held_by` are the tests that do, `lacking` the join ids of those that a run could prove.
    """

    name: str
    about: str
    passed: bool
    proven: int
    total: int
    why: str
    held_by: tuple[Standing, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The gate in one line."""
        return f"gate {self.name}: {'open' if self.passed else 'held'}: {self.why}"
