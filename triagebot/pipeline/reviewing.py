"""What people said of one issue, carried out: commands judged one after the other, one write, and what to answer.

In: words with their speakers, a workspace. Out: `Reviewed`. A write that went stale is judged anew on the issue as it
stands then. Who may say what is known before; nothing here reads comments.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Outcome, Plan
from triagebot.plans.review_change import changes_beside, review_change
from triagebot.reviews.grammar import Command, Mistake
from triagebot.reviews.judgement import Scene, Speaker, judge, scene_of, unmuted
from triagebot.trackers.applying import apply

_ANEW = 3
DENIED = "only people with triage permission on this repository steer the bot"


@dataclass(frozen=True, slots=True)
class Word:
    """One line of somebody: what it asks for, or None of somebody who may not ask."""

    what: Command | Mistake | None
    speaker: Speaker

    @property
    def comes_again(self) -> bool:
        """Whether the next look finds it once more, so that it has to be remembered: a comment or a label stays."""
        return ":" in self.speaker.once


Refused = tuple[Word, str]
"""A word that could not be done, and why."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The scene after all words, those that could not be done with the reason, and what became of the write (None: none)."""

    scene: Scene
    refused: tuple[Refused, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


def reviewed(
    number: int, words: Sequence[Word], workspace: Workspace, config: Config, now: datetime
) -> Reviewed:
    """The words carried out on one issue, and what they decide kept in a history that lasts. Raises UserError for an issue that is not there or not ours, or when it failed."""
    done = _reviewed(number, words, workspace, config, now)
    for _ in range(_ANEW):
        if any(outcome.status == "stale" for outcome in done.outcomes):
            done = _reviewed(number, words, workspace, config, now)
    if wrong := [outcome for outcome in done.outcomes if outcome.status in ("failed", "stale")]:
        raise TrackerError(f"issue {number}: {wrong[0].detail}. Nothing was changed; say it again.")
    if done.outcomes and workspace.history.lasting and (issue := workspace.tracker.read(number)):
        workspace.history.compare([issue])
    return done


def _reviewed(
    number: int, words: Sequence[Word], workspace: Workspace, config: Config, now: datetime
) -> Reviewed:
    """The words carried out on the issue as it stands, or not, where somebody else wrote meanwhile."""
    before = unmuted(scene_at(number, workspace, config, named(words)), now)
    scene, refused = heard(before, words)
    once = " ".join((now.isoformat(), *(word.speaker.once for word in words)))
    change = review_change(scene, once)
    changes = ((change,) if change else ()) + changes_beside(scene, once)
    return Reviewed(scene, refused, apply(Plan("review", changes), workspace.tracker))


def named(words: Sequence[Word]) -> frozenset[int]:
    """The issues that words name."""
    return frozenset(word.what.issue for word in words if isinstance(word.what, Command)) - {0}


def scene_at(
    number: int, workspace: Workspace, config: Config, others: frozenset[int] = frozenset()
) -> Scene:
    """An issue as it stands, with the others that are named or that it was merged into."""
    issue = workspace.tracker.read(number)
    if issue is None:
        raise UserError(f"there is no issue {number}. `triagebot issues list --all` shows the local ones.")
    if issue.marker is None:
        raise UserError(f"issue {number} is not triagebot's: it has no marker of ours.")
    beside = others | ({issue.marker.merged} - {0})
    found = [workspace.tracker.read(other) for other in sorted(beside) if other != number]
    return scene_of(issue, config, [other for other in found if other is not None])


def heard(scene: Scene, words: Sequence[Word]) -> tuple[Scene, tuple[Refused, ...]]:
    """The scene after all words that were not heard before, and those that could not be done."""
    refused: list[Refused] = []
    for word in words:
        if word.speaker.once in scene.marker.heard:
            continue
        scene, reason = _heard(scene, word)
        if reason:
            refused.append((word, reason))
        if word.comes_again:
            again = (*scene.marker.heard, word.speaker.once)
            scene = replace(scene, marker=replace(scene.marker, heard=again))
    return scene, tuple(refused)


def _heard(scene: Scene, word: Word) -> tuple[Scene, str]:
    """The scene after one word, and why it could not be done."""
    match word.what:
        case None:
            return scene, DENIED
        case Mistake():
            return scene, word.what.reason
        case Command():
            verdict = judge(scene, word.what, word.speaker)
            return verdict.scene, verdict.refused
        case unreachable:
            assert_never(unreachable)
