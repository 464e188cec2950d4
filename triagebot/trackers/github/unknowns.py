"""Questions that a run can do without: who we are, what closed an issue, a label's face.

In: a question and what it is about. Out: its answer, or None and one sentence for people. A refusal, an outage, a limit
and a page of a proxy cost that knowledge and nothing else; what decides whether an issue is there is never asked here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from triagebot.trackers import TrackerError
from triagebot.trackers.github.retry_policy import LimitedError
from triagebot.trackers.github.safe_writes import UNCERTAIN

T = TypeVar("T")


@dataclass(slots=True)
class Unknowns:
    """What GitHub did not tell this run. `messages` holds one sentence for each kind of question."""

    messages: dict[str, str] = field(default_factory=dict)
    _given_up: set[str] = field(default_factory=set)

    def ask(
        self, kind: str, question: Callable[[], T], *, without: type[TrackerError] = TrackerError
    ) -> T | None:
        """The answer, or None. A kind that cost our patience once is asked no more; a refusal costs one request.

        `without` is the failure that a run can live with; others are raised.
        """
        if kind in self._given_up:
            return None
        try:
            return question()
        except without as error:
            if isinstance(error, (LimitedError, *UNCERTAIN)):
                self._given_up.add(kind)
            self.messages.setdefault(kind, f"GitHub did not {kind}: {error}.")
            return None
