"""Which entries of `[[quarantine]]` are obeyed today, and which are shouted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from triagebot.config import Quarantine

IssueState = Callable[[int], str]
"""The state of an issue: "open", "closed", or "" where it is not there or nobody can say."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """`active` are obeyed; `shouted` are sentences about those that are not."""

    active: tuple[Quarantine, ...] = ()
    shouted: tuple[str, ...] = ()

    def holds(self, test: str) -> bool:
        """Whether a test (display id) is in quarantine today."""
        return any(entry.holds(test) for entry in self.active)


def quarantined(entries: Sequence[Quarantine], today: date, state: IssueState) -> Quarantined:
    """The entries by day and by their issues."""
    judged = [(entry, _ended(entry, today, state)) for entry in entries]
    return Quarantined(
        tuple(entry for entry, why in judged if not why),
        tuple(f"QUARANTINE IS OVER for {entry.match}: {why}. Mend the test, or give it a new day and an open issue." for entry, why in judged if why),
    )  # fmt: skip


def _ended(entry: Quarantine, today: date, state: IssueState) -> str:
    """Why an entry is not obeyed; "" for one that is."""
    if today > entry.until:
        return f"it ended on {entry.until.isoformat()} ({entry.reason})"
    found = state(entry.issue)
    if found == "open":
        return ""
    return f"issue #{entry.issue} is {'closed' if found == 'closed' else 'not to be found'} ({entry.reason})"


def pytest_args(entries: Iterable[Quarantine], tests: Sequence[str], *, only: bool) -> list[str]:
    """What pytest needs to leave quarantined tests out, or to run only them. `tests` are node ids that are known.

    A glob is spelled out over the known tests; one without signs is taken as it stands.
    """
    chosen: dict[str, None] = {}
    for entry in entries:
        plain = not any(sign in entry.match for sign in "*?[")
        known = [test for test in tests if entry.holds(test)]
        chosen |= dict.fromkeys([entry.match] if plain else known)
    return [*chosen] if only else [f"--deselect={test}" for test in chosen]
