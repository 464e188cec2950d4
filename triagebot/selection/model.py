"""The values of selection."""

from dataclasses import dataclass
from typing import Literal

How = Literal["least-covered", "risk", "failed", "phase"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One chosen test: node id, suite ("" for none), the seconds that it is reckoned to take, and why it was chosen."""

    test: str
    suite: str
    seconds: float
    reason: str
    gate: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Tests in their order; `seconds` is the sum of theirs. `over` says that gates alone need more than the budget.

    `left` counts tests that were asked for and did not fit.
    """

    choices: tuple[Choice, ...] = ()
    budget: float | None = None
    left: int = 0
    over: bool = False

    @property
    def seconds(self) -> float:
        """What all of it is reckoned to take."""
        return sum(choice.seconds for choice in self.choices)
