"""What is said of a suite's passes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Judgement:
    """One suite in one run: how many of its tests ran and passed, in how many seconds together, and whether that was real.

    `said` is one sentence with its numbers; `unproven` gives for tests (join ids) why their pass proves nothing.
    """

    suite: str
    state: Literal["real", "unproven", "not known"]
    said: str
    ran: int
    passed: int
    seconds: float | None
    unproven: Mapping[str, str] = field(default_factory=dict)
