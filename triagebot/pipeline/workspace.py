"""Where a command works: the tracker, the history, and what git can say, as one value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from triagebot.issues import Contains, Issue, nobody_knows
from triagebot.pipeline.code_changes import Between, Fix, no_changes
from triagebot.pipeline.culprits import Code
from triagebot.pipeline.recording import HistoryRecorder
from triagebot.plans.recognise import Remembered, nothing_remembered
from triagebot.trackers import Tracker

Closings = Callable[[Sequence[Issue], frozenset[str]], Sequence[Issue]]
"""`closings(issues, keys)`: the issues, closed ones of these keys with what closed them, where that costs a request."""


def as_listed(issues: Sequence[Issue], _keys: frozenset[str]) -> Sequence[Issue]:
    """The `Closings` of a tracker whose listing tells everything."""
    return issues


@dataclass(slots=True)
class Stop:
    """Whether people paused filing, and which keys they want filed whatever the cap says. Both come from the dashboard.

    `paused` says who did, "" for nobody, None where the dashboard was not read.
    """

    paused: str | None = None
    wanted: frozenset[str] = frozenset()
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Workspace:
    """One command's tracker and history. `contains` answers whether a commit has another one in its history.

    `fix` tells what a commit changed, `between` what changed between two, `code` is the clone in this folder. `remembered` is the marker that we wrote last into an issue, where the tracker has an edit history.
    """

    tracker: Tracker
    history: HistoryRecorder
    contains: Contains = nobody_knows
    closings: Closings = as_listed
    remembered: Remembered = nothing_remembered
    fix: Fix = no_changes
    between: Between = no_changes
    code: Code | None = None
    default_branch: str | None = None
    out: Path | None = None
    stop: Stop = field(default_factory=Stop)

    @property
    def remark(self) -> str:
        """What people should know beside the issues: requests spent, history refused or told differently."""
        spent = getattr(self.tracker, "budget", None)
        return " ".join((*((f"GitHub: {spent}",) if spent is not None else ()), *self.notices))

    @property
    def notices(self) -> tuple[str, ...]:
        """What a history store or a tracker refused to tell or keep, one sentence each."""
        unknowns = getattr(self.tracker, "unknowns", None)
        told = unknowns.messages.values() if unknowns is not None else ()
        paused = self.stop.paused
        return (
            *([f"{paused[0].upper()}{paused[1:]}."] if paused else ()),
            *self.stop.messages,
            *told,
            *self.history.notices,
        )
