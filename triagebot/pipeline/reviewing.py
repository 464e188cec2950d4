"""What people said of one issue, carried out: commands judged one after the other, one write, and what to answer.

In: words with their speakers, a workspace. Out: `Reviewed`. A write that went stale is judged anew on the issue as it
stands then. Who may say what is known before; nothing here reads comments.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Outcome, Plan
from triagebot.plans.review import review_change
from triagebot.reviews.grammar import Command, Mistake
from triagebot.reviews.judgement import Scene, Speaker, judge, scene_of
from triagebot.trackers.apply import apply

_ANEW = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One line of somebody who may say it."""

    what: Command | Mistake
    speaker: Speaker


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The scene after all words, those that could not be done with the reason, and what became of the write (None: none)."""

    scene: Scene
    refused: tuple[tuple[Word, str], ...] = ()
    outcomes: tuple[Outcome, ...] = ()


def reviewed(number: int, words: Sequence[Word], workspace: Workspace, config: Config) -> Reviewed:
    """The words carried out on one issue. Raises UserError for an issue that is not there or not ours, or when it failed."""
    done = _reviewed(number, words, workspace, config)
    for _ in range(_ANEW):
        if any(outcome.status == "stale" for outcome in done.outcomes):
            done = _reviewed(number, words, workspace, config)
    if wrong := [outcome for outcome in done.outcomes if outcome.status in ("failed", "stale")]:
        raise TrackerError(f"issue {number}: {wrong[0].detail}. Nothing was changed; say it again.")
    return done


def _reviewed(number: int, words: Sequence[Word], workspace: Workspace, config: Config) -> Reviewed:
    """The words carried out on the issue as it stands, or not, where somebody else wrote meanwhile."""
    scene, refused = heard(scene_at(number, workspace, config), words)
    change = review_change(scene, " ".join(word.speaker.once for word in words))
    return Reviewed(scene, refused, apply(Plan("review", (change,) if change else ()), workspace.tracker))


def scene_at(number: int, workspace: Workspace, config: Config) -> Scene:
    """An issue as it stands, among the others."""
    issue = workspace.tracker.read(number)
    if issue is None:
        raise UserError(f"there is no issue {number}. `triagebot issues list --all` shows the local ones.")
    if issue.marker is None:
        raise UserError(f"issue {number} is not triagebot's: it has no marker of ours.")
    return scene_of(issue, config)


def heard(scene: Scene, words: Sequence[Word]) -> tuple[Scene, tuple[tuple[Word, str], ...]]:
    """The scene after all words, and those that could not be done."""
    refused: list[tuple[Word, str]] = []
    for word in words:
        if isinstance(word.what, Mistake):
            refused.append((word, word.what.reason))
            continue
        verdict = judge(scene, word.what, word.speaker)
        scene = verdict.scene
        if verdict.refused:
            refused.append((word, verdict.refused))
    return scene, tuple(refused)
