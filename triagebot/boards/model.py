"""The values of a board. Times are UTC; amounts are in their unit; ids of runs and numbers of issues say where a number is from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from triagebot.groups.model import Risk
from triagebot.reports.model import Scope
from triagebot.reviews.counts import Count

Mark = Literal["●", "○", "✕", "·"]
MARKS: dict[Mark, str] = {
    "●": "failed with this cause",
    "○": "ran without it",
    "✕": "its tests failed in another way",
    "·": "not run",
}
"""How a cause stood in one run. They read without colour."""
Review = Literal["draft", "confirmed", "rejected", "needs-evidence", "not drafted"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One run of a cause's strip. `failed` counts its tests that failed there."""

    run: str
    at: datetime
    mark: Mark
    scope: Scope
    failed: int = 0
    commit: str = ""
    revision: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Frequency:
    """In these runs it failed (`failed`), of those in which its tests ran while it was there (`ran`), by id."""

    failed: tuple[str, ...] = ()
    ran: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `first` on: the runs of its scopes, and those in which it failed, by id."""

    first: date
    failed: tuple[str, ...]
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssueEvent:
    """One thing that happened to an issue: `what` in a few words, and who did it ("" for a run or for us)."""

    at: datetime
    what: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class BoardWhy:
    """One step of the draft on an issue, and what the last person said of it ("" for nobody)."""

    number: str
    text: str
    root: str = ""
    verdict: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class BoardCause:
    """One open issue. `state` is what it is called for: new, known, came back, flaky, incident, muted or unreadable.

    `first` and `last` are of its first and last failure (None where nobody knows), `age_days` whole days since the first.
    `strip` are its last runs, oldest first, `weeks` the last four. `tests` are display ids, `tests_seen` how many there ever
    were. `needed` is how many clean runs close it (None: a person), `clean` how many there are. `until` says how long it is
    muted. `first_bad` and `last_good` are commits (or revisions) around the beginning of this failing, "" where not known.
    """

    key: str
    issue: int
    title: str
    url: str
    scopes: tuple[Scope, ...]
    priority: str
    area: str
    owner: str
    state: str
    review: Review
    first: datetime | None
    last: datetime | None
    age_days: int | None
    rate: Frequency
    weeks: tuple[Week, ...]
    tests: tuple[str, ...]
    tests_seen: int
    risks: tuple[Risk, ...]
    strip: tuple[Seen, ...]
    clean: int
    needed: int | None
    why_not_closed: str = ""
    until: str = ""
    owed: bool = False
    unreviewed: bool = False
    first_bad: str = ""
    last_good: str = ""
    events: tuple[IssueEvent, ...] = ()
    draft: tuple[BoardWhy, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether green runs are proving that it is gone."""
        return self.clean > 0


@dataclass(frozen=True, slots=True)
class ClosedCause:
    """An issue that was closed. `proof` are the clean runs that closed it, none where a person did. `hours` from first failure."""

    key: str
    issue: int
    title: str
    url: str
    at: datetime
    proof: tuple[str, ...] = ()
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class HeldCause:
    """A key that fails and has no issue. `runs` are those in which it was seen, oldest first (none: history does not tell).

    `reason` says why it has none.
    """

    key: str
    scope: Scope
    reason: str
    runs: tuple[str, ...]
    last: datetime


@dataclass(frozen=True, slots=True)
class FlakyTest:
    """A test that failed and passed on one commit and revision, or passed only when run again, within the last runs.

    `share` of its runs failed or needed another attempt, with the 95 % `interval` (None: too few runs to tell).
    """

    test: str
    scope: Scope
    unsteady: tuple[str, ...]
    ran: tuple[str, ...]
    interval: tuple[float, float] | None

    @property
    def share(self) -> float:
        """Which share of its runs was not simply green."""
        return len(self.unsteady) / len(self.ran)


@dataclass(frozen=True, slots=True)
class Pulse:
    """The runs of a scope on the board: how many there were within the time, how many green, and when the last came."""

    scope: Scope
    runs: int
    green: int
    last_run: str = ""
    last: datetime | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Stake:
    """One stream at risk, counted once: the greatest amount that open causes name for it, and their issues."""

    text: str
    stream: str
    amount: float
    issues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What is at risk in one unit. Units are never added to each other."""

    unit: str
    amount: float
    stakes: tuple[Stake, ...]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over some issues, in hours; None where there are none."""

    hours: float | None
    issues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """How one test ended in the last runs, oldest first, as marks; `failed` and `ran` count them."""

    test: str
    marks: str
    failed: int
    ran: int


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of the drafts of a model: accepted as drafted, of all. `interval` is None where there are too few to tell.

    `counts` are those of `review stats`: earlier drafts too, for each kind and version of the prompt.
    """

    accepted: tuple[int, ...]
    drafts: tuple[int, ...]
    interval: tuple[float, float] | None
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """Everything at one moment. `open` are the causes by urgency, one for each open issue of ours."""

    at: datetime
    open: tuple[BoardCause, ...]
    closed: tuple[ClosedCause, ...]
    held: tuple[HeldCause, ...]
    flaky: tuple[FlakyTest, ...]
    scopes: tuple[Pulse, ...]
    totals: tuple[Total, ...]
    to_close: Mean
    to_review: Mean
    drafts: Drafted

    def of(self, *, state: str) -> tuple[BoardCause, ...]:
        """The open causes in a state."""
        return tuple(cause for cause in self.open if cause.state == state)
