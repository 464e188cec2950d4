"""Issue trackers: what a tracker must be able to do so that a plan can be applied to it.

In: numbers, final texts and labels. Out: issues as they stand. A tracker decides nothing and renders nothing; it
either does what it is told, completely, or raises `TrackerError`. `trackers.apply` is the only caller of the writes.
Importing this module must stay cheap: no database and no HTTP client is loaded here.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from triagebot.errors import TrackerError
from triagebot.issues.model import Issue, IssueState, StateReason

__all__ = ["Edit", "OvertakenError", "Tracker", "TrackerError"]


class OvertakenError(TrackerError):
    """The issue's body is not the one any more that was read before this write, and nothing was written."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One write to one issue. What is None stays as it is; labels outside `add` and `remove` stay too."""

    title: str | None = None
    body: str | None = None
    state: IssueState | None = None
    state_reason: StateReason | None = None
    duplicate_of: int | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Tracker(Protocol):
    """An issue tracker. Only issues that carry our generated label, and adopted ones, are its business."""

    @property
    def name(self) -> str:
        """Either "local" or "github"."""

    def issues(self) -> Sequence[Issue]:
        """All our issues, open and closed, by number. Raises TrackerError unless the listing is complete."""

    def sessions(self) -> Sequence[Issue]:
        """Our issues that are the record of a session, open and closed, by number; `issues` has none of them."""

    def read(self, number: int) -> Issue | None:
        """The issue as it stands now; None only when it is certain that it is gone."""

    def holding(self, keys: Collection[str], *, fresh: bool) -> Sequence[Issue]:
        """Issues whose trusted marker has one of `keys` as its key or alias, open and closed, by number.

        With `fresh` the tracker must look again (a listing of what is new since the last one will do); without, the
        last listing of this process may answer, and there is one made if there was none.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """What one change reads and writes within becomes visible together where the tracker can do that."""

    def calm(self) -> None:
        """Wait until every write of others that may rest on a read before this moment has been made or never will be."""

    def create(self, title: str, body: str, labels: tuple[str, ...], once: str) -> Issue:
        """Open an issue. When it is unknown whether it was made, look for `once` in the markers before trying again."""

    def update(self, number: int, edit: Edit) -> Issue:
        """Make one edit in one write and return the issue as it stands after it.

        A body goes upon the one that was read last, at once or not at all: OvertakenError when another one is there.
        """

    def comments(self, number: int) -> Sequence[str]:
        """The bodies of our own comments on the issue, oldest first."""

    def comment(self, number: int, body: str) -> None:
        """Add a comment. When it is unknown whether it was made, look before trying again."""

    def put_back(self, written: Collection[int], relabelled: Collection[int]) -> None:
        """After writes to bodies (`written`), titles and labels (`relabelled`): put back what people wrote meanwhile.

        What cannot be put back is said on the issue once. Raises nothing: what is not known costs a sentence.
        """
