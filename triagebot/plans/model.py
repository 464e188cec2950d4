"""The plan as a value: what will be written, what will not and why, and what came of it.

Text is final here. Applying a change renders nothing and decides nothing: it re-reads, checks what it expects,
splices the section in and writes. A once-key can be spent once.
"""

from dataclasses import dataclass
from typing import Literal

from triagebot.reports.model import Problem

OutcomeStatus = Literal["applied", "already", "stale", "failed"]


@dataclass(frozen=True, slots=True)
class Absent:
    """The change expects that no issue holds this key or one of its aliases."""

    key: str


@dataclass(frozen=True, slots=True)
class Present:
    """The change expects the issue in this state with this hash of the bot's section (ticks of checkboxes left out)."""

    state: Literal["open", "closed"]
    section_sha256: str


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """Create an issue. `section` includes the marker line and the begin/end marks; it is the whole body."""

    key: str
    once: str
    expects: Absent
    title: str
    section: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditIssue:
    """Replace the bot's section (and its title, when `title` is not None); text around it stays.

    Labels that go with the new text travel in the same write: `add` and `remove` hold labels that are ours.
    """

    key: str
    issue: int
    once: str
    expects: Present
    section: str
    title: str | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddComment:
    """Say on the issue what a person must know. `body` carries the once-key in a marker of its own."""

    key: str
    issue: int
    once: str
    expects: Present
    body: str


@dataclass(frozen=True, slots=True)
class ReopenIssue:
    """Reopen because the signature truly returned; the new section, title and labels come with it in one write."""

    key: str
    issue: int
    once: str
    expects: Present
    section: str
    title: str | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CloseIssue:
    """Close on proof (completed), as duplicate of another issue, or because a storm dissolved."""

    key: str
    issue: int
    once: str
    expects: Present
    section: str
    state_reason: Literal["completed", "not_planned", "duplicate"]
    duplicate_of: int | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelIssue:
    """Add and remove labels; only labels that are ours are ever in `remove`."""

    key: str
    issue: int
    once: str
    expects: Present
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


Change = OpenIssue | EditIssue | AddComment | ReopenIssue | CloseIssue | LabelIssue


@dataclass(frozen=True, slots=True)
class Held:
    """A change that was not made, and the reason in words that a reader of the summary understands."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one run would change, in the order of application."""

    run: str
    changes: tuple[Change, ...]
    held: tuple[Held, ...] = ()
    problems: tuple[Problem, ...] = ()
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one change. `issue` is the number where there is one; `detail` says why it is stale or failed."""

    change: Change
    status: OutcomeStatus
    issue: int | None = None
    detail: str = ""
