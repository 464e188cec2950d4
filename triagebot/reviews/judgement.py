"""What a command does to an issue: the marker, labels and state after it, or why it cannot be done.

In: a `Scene` (the issue as it stands, its neighbours, the config, who says it) and a `Command`. Out: a `Verdict`. The
same for a comment, a label and the command line. Nothing is read or written here, and no text of an issue is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from triagebot.config import Config
from triagebot.issues import Act, Issue, Marker, fits
from triagebot.issues.model import IssueState
from triagebot.reviews import states
from triagebot.reviews.grammar import Command, Verb

MOST_ACTS = 30
_MOST_CHARS = 6_000
_FULL = "this issue remembers as many commands as it can; `/triage undo` takes the last one back"
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

    `others` are other issues of ours that are named, by number. `answers` are asked for and made elsewhere: explain, help …
    `state` is the issue's after the commands, `also` markers of other issues that change with it.
    """

    issue: Issue
    marker: Marker
    labels: tuple[str, ...]
    config: Config
    others: Mapping[int, Issue] = field(default_factory=dict)
    answers: tuple[Verb, ...] = ()
    state: IssueState = "open"
    also: tuple[tuple[Issue, Marker], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one command: the scene after it, or with `refused` in words why it stays as it was."""

    scene: Scene
    refused: str = ""


def scene_of(issue: Issue, config: Config, others: Sequence[Issue] = ()) -> Scene:
    """The scene of an issue that nothing was said about yet. The issue must have a marker."""
    assert issue.marker is not None
    named = {other.number: other for other in others}
    return Scene(issue, issue.marker, issue.labels, config, named, state=issue.state)


def judge(scene: Scene, command: Command, speaker: Speaker) -> Verdict:
    """What one command of somebody who may say it does."""
    said = sum(len(act.said) for act in scene.marker.acts) + len(command.text)
    spared = states.spared(scene.marker, MOST_ACTS - 1)
    if len(spared.acts) >= MOST_ACTS or said > _MOST_CHARS:
        return Verdict(scene, _FULL)
    done = _JUDGES[command.verb](replace(scene, marker=spared), command, speaker)
    if isinstance(done, str):
        return Verdict(scene, done)
    if len(done.marker.acts) > len(spared.acts) and not fits(done.marker):
        return Verdict(scene, _FULL)
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
    numbers = _step_numbers(scene.marker, command)
    return numbers if isinstance(numbers, str) else _acted(scene, command, speaker, on=numbers)


def _step_numbers(marker: Marker, command: Command) -> tuple[str, ...] | str:
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


def _merge(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """Another issue takes over: this one is its duplicate, and what fails in this way is counted there."""
    other = scene.others.get(command.issue)
    if command.issue == scene.issue.number:
        return "an issue cannot be merged into itself"
    if other is None or other.marker is None:
        return f"issue {command.issue} is not one of triagebot's"
    if other.state == "closed" and other.state_reason == "duplicate":
        return f"issue {command.issue} is a duplicate itself; name the issue that it leads to"
    if scene.state == "closed":
        return "this issue is closed; what is merged must be open"
    done = _acted(scene, command, speaker, said=str(command.issue))
    return _merged(replace(done, answers=(*done.answers, "merge")), command.issue)


def _merged(scene: Scene, into: int) -> Scene:
    """The scene of an issue that leads elsewhere."""
    return replace(scene, marker=replace(scene.marker, merged=into), state="closed")


def _unmerge(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """It is a cause of its own after all."""
    if not scene.marker.merged or scene.state != "closed":
        return "this issue was not merged; say it on the issue that was"
    return _unmerged(_acted(scene, command, speaker, before=str(scene.marker.merged)))


def _unmerged(scene: Scene, _act: Act | None = None) -> Scene:
    """The scene of an issue that is itself again; the other one forgets its keys."""
    other = scene.others.get(scene.marker.merged)
    ours = {scene.marker.key, *scene.marker.aliases}
    also = scene.also
    if other is not None and other.marker is not None and ours & {*other.marker.aliases}:
        kept = tuple(key for key in other.marker.aliases if key not in ours)
        also = (*also, (other, replace(other.marker, aliases=kept)))
    return replace(scene, marker=replace(scene.marker, merged=0), state="open", also=also)


def _merged_again(scene: Scene, act: Act) -> Scene:
    """As merged as before."""
    return _merged(scene, int(act.before or 0))


def _split(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """Several causes: each part gets an issue of its own with the next run in which it fails, and this one is closed."""
    if scene.marker.key.startswith(("run.", "rule-")) or scene.marker.parts:
        return "this issue is about a whole run or a rule of the config, which is split in the config"
    if scene.marker.split or scene.marker.origin:
        return "it was split before; `/triage unsplit` on the first issue takes that back"
    if scene.state == "closed":
        return "this issue is closed; what is split must be open"
    if any(act.verb == "unsplit" for act in scene.marker.acts):
        return "it was split and put together again; a `split` rule in the config splits it for good"
    done = _acted(scene, command, speaker, said=command.by)
    return _with_split(replace(done, answers=(*done.answers, "split")), command.by)


def _unsplit(scene: Scene, command: Command, speaker: Speaker) -> Done:
    """One cause after all."""
    if not scene.marker.split:
        return "this issue was not split"
    return _with_split(_acted(scene, command, speaker, before=scene.marker.split), "")


def _with_split(scene: Scene, by: str) -> Scene:
    """The scene of an issue that is split, or one again."""
    return replace(scene, marker=replace(scene.marker, split=by), state="closed" if by else "open")


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
    "merge": _unmerged,
    "unmerge": _merged_again,
    "split": lambda scene, _act: _with_split(scene, ""),
    "unsplit": lambda scene, act: _with_split(scene, act.before),
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
    "merge": _merge,
    "unmerge": _unmerge,
    "split": _split,
    "unsplit": _unsplit,
    "undo": _undo,
}
