"""What one command records in history: what was kept, what was refused, lacking, or recorded differently.

In: a `History`, runs, issues as listed. Out: a `Past`, and sentences for people. A store that refuses stops no filing:
what it refused is tried once more when all is written, and what then is still owed stands in the issues, from which the
next run takes it over.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from triagebot.errors import TrackerError, UserError
from triagebot.groups.model import Group
from triagebot.issues import Issue
from triagebot.reports.model import Run
from triagebot.stores import History

_NAMED = 5
"""How many runs are named in a sentence."""


class HistoryRecorder:
    """A history store for the length of one command. With `lasting` False it is a memory that ends with the command."""

    def __init__(self, store: History, now: Callable[[], datetime], *, lasting: bool = True) -> None:
        self.store = store
        self.now = now
        self.lasting = lasting
        self.past = store.past
        self._owed: list[tuple[Callable[[], None], str]] = []
        self._taken_over: dict[tuple[str, str], None] = {}
        self._disagreements: dict[str, None] = {}

    def keep(self, run: Run, groups: Sequence[Group], issues: Sequence[Issue]) -> None:
        """Makes a run history, and what only the issues remember with it."""
        self._try(partial(self._keep, run, groups, issues))

    def compare(self, issues: Sequence[Issue]) -> None:
        """Takes over what only the issues remember, and notes what disagrees."""
        self._try(partial(self._compare, issues))

    def settle(self) -> None:
        """Tries once more what was refused."""
        owed, self._owed = self._owed, []
        for keep, _ in owed:
            self._try(keep)

    @property
    def alone(self) -> bool:
        """Whether the issues are the only memory of this run that lasts."""
        return not self.lasting or bool(self._owed)

    @property
    def refusal(self) -> str:
        """What the store refused to the end, in a sentence; "" for nothing."""
        if not self._owed:
            return ""
        reasons = "; ".join(dict.fromkeys(reason.rstrip(".") for _, reason in self._owed))
        return f"History was not kept: {reasons}. What was filed stands in the issues; the next run takes it over."

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know: what the store refused, what it had missed, where issues tell something else."""
        return tuple(filter(None, (self.refusal, self._notice_taken_over(), self._notice_disagreements())))

    def _notice_taken_over(self) -> str:
        """What a lasting store had missed."""
        if not self.lasting or not self._taken_over:
            return ""
        runs = list(dict.fromkeys(run for _, run in self._taken_over))
        more = f" and {len(runs) - _NAMED} more" if len(runs) > _NAMED else ""
        return (
            f"History lacked {len(self._taken_over)} occurrences that issues hold, of {', '.join(runs[:_NAMED])}{more}; "
            "they were taken over from the issues."
        )

    def _notice_disagreements(self) -> str:
        """What both know and tell differently."""
        said = list(self._disagreements)
        more = f"; and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
        return (
            f"History and issues disagree, and neither was changed: {'; '.join(said[:_NAMED])}{more}."
            if said
            else ""
        )

    def _try(self, keep: Callable[[], None]) -> None:
        """What the store refuses is owed."""
        try:
            keep()
        except (UserError, TrackerError) as error:
            self._owed.append((keep, str(error)))

    def _keep(self, run: Run, groups: Sequence[Group], issues: Sequence[Issue]) -> None:
        """The run first: whoever is killed between the two leaves no row in an issue that history lacks.

        A run in which nothing was to run is none: tests that no longer come must be missed.
        """
        if not run.idle:
            self.store.record(run, groups, now=self.now())
        self._compare(issues)

    def _compare(self, issues: Sequence[Issue]) -> None:
        """One look at the issues' tables."""
        found = self.store.rebuild(issues, now=self.now())
        self._taken_over |= dict.fromkeys(found.taken_over)
        self._disagreements |= dict.fromkeys(found.disagreements)
