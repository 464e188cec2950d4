"""The values of what tests did: steps in order, and the path that they make.

In: nothing but what reports and logs held. Every text is redacted and masked where it is compared (`text`), redacted and as it stood
where it is shown (`quote`); all of it is untrusted. What was not recorded is named (`absent`), never guessed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StepSource = Literal["function", "contact", "log", "output", "value", "fixture"]
"""Where a step comes from: the first call of a function, a request or frame that the test process sent, a record of a log,
a line that was printed, a value that an assertion compared, a fixture that was set up."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a test did, or that was seen while it ran.

    `text` is what is compared from run to run: masked, redacted; for a function `module:qualname`. `caller` is the first
    caller within the project, spelled alike (functions only; "" for none). `place` is where it stands: file:line of code
    or of a log. `quote` are the words as they stood. `at` is UTC, None where nobody said.
    """

    source: StepSource
    text: str
    caller: str = ""
    place: str = ""
    quote: str = ""
    at: datetime | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class TestPath:
    """What one test did in one run: steps of one source in their order, one source after the other.

    `test` is the join id. `absent` names the sources of which nothing was recorded: that there is no step of them says
    nothing of the test.
    """

    __test__ = False  # pytest would collect it for its name

    test: str
    steps: tuple[Step, ...] = ()
    absent: tuple[StepSource, ...] = ()

    def of(self, source: StepSource) -> tuple[Step, ...]:
        """The steps of one source, in their order."""
        return tuple(
            [step for step in self.steps if step.source == source]
        )  # a list is faster than a generator


@dataclass(frozen=True, slots=True)
class LogText:
    """One log file as read: its name (the path as the user knows it) and text.

    `passing` marks logs of green runs, which serve as contrast only; `kind` tells service logs from those of CI steps.
    """

    name: str
    text: str
    passing: bool = False
    kind: Literal["service_log", "ci"] = "service_log"
