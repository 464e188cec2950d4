"""What a command does to an issue: the marker, labels and state after it, or why it cannot be done.

In: a `Scene` (the issue as it stands, its neighbours, the config, who says it) and a `Command`. Out: a `Verdict`. The
same for a comment, a label and the command line. Nothing is read or written here, and no text of an issue is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from triagebot.config import Config
from triagebot.issues import Act, Issue, Marker
from triagebot.reviews import states
from triagebot.reviews.grammar import Command, Verb

MOST_ACTS = 30
_MOST_CHARS = 6_000
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it, when (UTC), and in which comment (0 on the command line). `once` tells the command from others."""

    who: str
    at: datetime
    once: str
    comment: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """An issue under review: its marker, labels and state as the commands before left them, and what else there is.

    `others` are the numbers of our other issues with them. `answers` are asked for and made elsewhere: explain, help …
    """

    issue: Issue
    marker: Marker
    labels: tuple[str, ...]
    config: Config
    others: Mapping[int, Issue] = field(default_factory=dict)
    answers: tuple[Verb, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one command: the scene after it, or with `refused` in words why it stays as it was."""

    scene: Scene
    refused: str = ""


def scene_of(issue: Issue, config: Config, others: Sequence[Issue] = ()) -> Scene:
    """The scene of an issue that nothing was said about yet. The issue must have a marker."""
    assert issue.marker is not None
    return Scene(issue, issue.marker, issue.labels, config, {other.number: other for other in others})


def judge(scene: Scene, command: Command, speaker: Speaker) -> Verdict:
    """What one command of somebody who may say it does."""
    said = sum(len(act.said) for act in scene.marker.acts) + len(command.text)
    spared = states.spared(scene.marker, MOST_ACTS - 1)
    if len(spared.acts) >= MOST_ACTS or said > _MOST_CHARS:
        return Verdict(
            scene, "this issue remembers as many commands as it can; `/triage undo` takes the last one back"
        )
    done = _JUDGES[command.verb](replace(scene, marker=spared), command, speaker)
    if isinstance(done, str):
        return Verdict(scene, done)
    return Verdict(replace(done, marker=states.with_state(done.marker)))


Done = Scene | str
_Judge = Callable[[Scene, Command, Speaker], Done]


def _acted(scene: Scene, command: Command, speaker: Speaker, **more: object) -> Scene:
    """The scene with one act more."""
    act = Act(command.verb, speaker.who, speaker.at, speaker.once, speaker.comment, said=command.text)
    act = replace(act, **more)  # type: ignore[arg-type]  # fields of Act by name
    return replace(scene, marker=replace(scene.marker, acts=(*scene.marker.acts, act)))


def _on_whys(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """Accept, correct or reject steps of the draft."""
    numbers = _numbers(scene.marker, command)
    return numbers if isinstance(numbers, str) else _acted(scene, command, speaker, on=numbers)


def _numbers(marker: Marker, command: Command) -> tuple[str, ...] | str:
    """The steps that a command names, in reading order, or why it names none."""
    there = [why.number for why in marker.whys]
    if not there and (command.spans or command.verb == "accept"):
        return "no step was drafted here; `/triage cause: …` states the root cause in your words"
    found: set[str] = set()
    for first, last in command.spans:
        if missing := [number for number in (first, last) if number not in there]:
            return f"there is no step {missing[0]}; the steps are {', '.join(there)}"
        if there.index(first) > there.index(last):
            return f"step {first} stands after step {last}"
        found |= {*there[there.index(first) : there.index(last) + 1]}
    return tuple(number for number in there if number in found)


def _cause(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """A person states the cause."""
    return _acted(scene, command, speaker, rank=command.rank)


def _noted(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """A word that is remembered, and nothing else."""
    return _acted(scene, command, speaker)


def _redraft(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """The next run in which it fails drafts it anew."""
    before = f"{scene.marker.draft_once} {scene.marker.owed:d}"
    done = _acted(scene, command, speaker, before=before)
    return replace(done, marker=replace(done.marker, owed=True, draft_once=""))


def _priority(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """A person's priority, as a label of theirs."""
    prefix = scene.config.labels.priority_prefix
    names = [f"{prefix}{priority}" for priority in PRIORITIES]
    before = next((name for name in names if name in scene.labels), "")
    ours = "ours" if before in scene.marker.labels else "theirs"
    done = _acted(scene, command, speaker, before=f"{ours} {before}")
    return _with_priority(done, f"{prefix}{command.text}", ours=False)


def _with_priority(scene: Scene, name: str, *, ours: bool) -> Scene:
    """The scene with this priority's label and no other one."""
    names = {f"{scene.config.labels.priority_prefix}{priority}" for priority in PRIORITIES}
    kept = tuple(label for label in scene.labels if label not in names)
    mine = tuple(label for label in scene.marker.labels if label not in names)
    marker = replace(scene.marker, labels=(*mine, name) if ours and name else mine)
    return replace(scene, labels=(*kept, name) if name else kept, marker=marker)


def _mute(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """Silence, for good or until something."""
    until = "fixed" if command.until_fixed else "on"
    if command.days is not None:
        until = (speaker.at + timedelta(days=command.days)).date().isoformat()
    done = _acted(scene, command, speaker, before=scene.marker.mute, said=until)
    return _with_mute(done, until)


def _unmute(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """Silence ends, whoever asked for it."""
    if scene.config.labels.muted not in scene.labels:
        return "this issue is not muted"
    return _with_mute(_acted(scene, command, speaker, before=scene.marker.mute or "on"), "")


def _with_mute(scene: Scene, until: str) -> Scene:
    """The scene muted until something, or with "" not muted."""
    muted = scene.config.labels.muted
    labels = tuple(label for label in scene.labels if label != muted)
    marker = replace(scene.marker, mute=until)
    return replace(scene, labels=(*labels, muted) if until else labels, marker=marker)


def unmuted(scene: Scene, now: datetime) -> Scene:
    """The scene without a silence that is over: its day came, the issue was closed, or a person took the label off."""
    until, there = scene.marker.mute, scene.config.labels.muted in scene.labels
    day = now.date().isoformat()
    over = (until == "fixed" and scene.issue.state == "closed") or ("0" < until[:1] <= "9" and until <= day)
    return _with_mute(scene, "") if until and (over or not there) else scene


def _answer(scene: Scene, command: Command, _speaker: Speaker) -> Done:
    """A question: the scene stays as it is."""
    return replace(scene, answers=tuple(dict.fromkeys((*scene.answers, command.verb))))


def _undo(scene: Scene, _command: Command, _speaker: Speaker) -> Done:
    """The last command is taken back, whoever said it."""
    acts = scene.marker.acts
    if not acts or not acts[-1].once:
        return "there is nothing to take back"
    scene = replace(scene, marker=replace(scene.marker, acts=acts[:-1]))
    return _UNDONE.get(acts[-1].verb, _forgotten)(scene, acts[-1])


def _forgotten(scene: Scene, _act: Act) -> Scene:
    """What was only remembered is forgotten."""
    return scene


def _unredrafted(scene: Scene, act: Act) -> Scene:
    """No draft is owed but the one that was before."""
    once, _, owed = act.before.rpartition(" ")
    return replace(scene, marker=replace(scene.marker, draft_once=once, owed=owed == "1"))


def _priority_back(scene: Scene, act: Act) -> Scene:
    """The priority that was there before."""
    ours, _, name = act.before.partition(" ")
    return _with_priority(scene, name, ours=ours == "ours")


def _mute_back(scene: Scene, act: Act) -> Scene:
    """As silent as before."""
    return _with_mute(scene, act.before)


_UNDONE: Mapping[str, Callable[[Scene, Act], Scene]] = {
    "redraft": _unredrafted,
    "priority": _priority_back,
    "mute": _mute_back,
    "unmute": _mute_back,
}
_JUDGES: Mapping[Verb, _Judge] = {
    "accept": _on_whys,
    "edit": _on_whys,
    "reject": _on_whys,
    "not-quite": _on_whys,
    "cause": _cause,
    "needs-evidence": _noted,
    "redraft": _redraft,
    "owner": _noted,
    "fixed-by": _noted,
    "priority": _priority,
    "mute": _mute,
    "unmute": _unmute,
    "explain": _answer,
    "help": _answer,
    "handoff": _answer,
    "undo": _undo,
}
