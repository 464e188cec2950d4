"""What people said on GitHub since the last look, carried out: comments with commands, labels set by hand, silence that ended.

In: a workspace on GitHub. Out: `CommentResults`. What was heard stands in the issue's marker, in the same write as its effect, so
that an event's run and a nightly one, twice, at once and in any order, come to the same end. The order of writes lets a
killed run be taken up: 👀, the answer (told by its once-key), the effect, 👍 or 😕, and 👀 off.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.issues import Issue, Marker, is_let_go
from triagebot.pipeline.answering import answers_of
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.reviewing import DENIED, Refused, Word, heard, named, reviewed, scene_at
from triagebot.pipeline.workspace import Workspace
from triagebot.plans.labels import state_label
from triagebot.plans.render import answers
from triagebot.plans.render.answers import Answer, together
from triagebot.plans.render.comments import once_of
from triagebot.plans.review_change import review_change
from triagebot.reviews import states
from triagebot.reviews.grammar import Command, Mistake, Verb, commands_in
from triagebot.reviews.judgement import Scene, Speaker, scene_of, unmuted
from triagebot.reviews.permission import is_bot
from triagebot.trackers.github.conversation import Conversation, IssueComment
from triagebot.trackers.github.requests import RefusedError
from triagebot.trackers.github.tracker import GitHubTracker

LOOK_BACK = timedelta(days=30)
MOST_ISSUES = 200
_BY_HAND: dict[states.State, Verb] = {
    "confirmed": "accept",
    "rejected": "reject",
    "needs-evidence": "needs-evidence",
    "draft": "redraft",
}


@dataclass(slots=True)
class CommentResults:
    """What came of context: how many commands were heard, on which issues something changed, and what went wrong."""

    heard: int = 0
    changed: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CommentContext:
    """What context to one issue needs."""

    workspace: Workspace
    tracker: GitHubTracker
    config: Config
    effects: Effects

    @property
    def talk(self) -> Conversation:
        """What people say here."""
        return self.tracker.conversation


def listen(
    workspace: Workspace, config: Config, effects: Effects, number: int | None = None
) -> CommentResults:
    """Hear one issue, or every one of the last listing that was talked about in 30 days. Only on GitHub do people comment."""
    done = CommentResults()
    tracker = workspace.tracker
    if not isinstance(tracker, GitHubTracker):
        return done
    context = CommentContext(workspace, tracker, config, effects)
    if number is not None:
        issue = tracker.read(number)
        _guarded(context, issue, done, talked=True) if issue else None
        return done
    talked = {*tracker.talked_about(effects.now() - LOOK_BACK, MOST_ISSUES)}
    for issue in tuple(tracker.listed):
        _guarded(context, issue, done, talked=issue.number in talked)
    return done


def speaker_of(tracker: GitHubTracker, config: Config, named: str | None) -> str:
    """Who says a command of the command line on GitHub: the owner of the token, if they may, as in a comment.

    Raises UserError for another name, for a bot that the config does not name, for an owner whom GitHub does not tell, and for
    one without triage permission.
    """
    login = tracker.login_of_ours
    if tracker.guess:
        raise UserError(
            "GitHub does not say whose token this is, so that nobody speaks. Use a token of your own."
        )
    if named is not None and named.lower() != login.lower():
        raise UserError(
            f"--as {named}: on GitHub the owner of the token speaks, and that is {login}. Leave --as out."
        )
    if is_bot(login, "") and login.lower() not in {name.lower() for name in config.reviews.bots}:
        raise UserError(f"{login} is a bot, and [reviews] bots does not name it. Use a token of your own.")
    if not tracker.conversation.may_command(login):
        raise UserError(f"{login} has no triage permission on this repository, which commands need.")
    return login


def _guarded(context: CommentContext, issue: Issue, done: CommentResults, *, talked: bool) -> None:
    """One issue; where GitHub refuses, the others are heard all the same."""
    if issue.marker is None or is_let_go(issue, context.config):
        return
    try:
        _listen(context, issue, issue.marker, done, talked=talked)
    except (TrackerError, UserError) as error:
        done.failed.append(f"Comments on issue {issue.number} were not heard to the end: {error}")


def _listen(
    context: CommentContext, issue: Issue, marker: Marker, done: CommentResults, *, talked: bool
) -> None:
    """Everything that was said on one issue and not heard yet."""
    said = context.talk.issue_comments(issue.number) if talked else []
    words = [word for comment in said for word in _words(context, comment, marker)]
    words += _by_hand(context, issue, marker)
    context.talk.tidy(said)
    _take_up(context, said, {word.speaker.comment for word in words})
    scene = unmuted(scene_of(issue, context.config), context.effects.now())
    if not words and review_change(scene, "") is None:
        return
    if words:
        others = named(words)
        scene = unmuted(
            scene_at(issue.number, context.workspace, context.config, others), context.effects.now()
        )
    spoken = {word.speaker.comment for word in words} - {0}
    obeyed = {word.speaker.comment for word in words if word.what is not None} & spoken
    for comment in sorted(spoken):
        _quietly(context, comment, "eyes" if comment in obeyed else "confused")
    scene, refused = heard(scene, words)
    _answer(context, issue, scene, words, refused)
    written = reviewed(issue.number, words, context.workspace, context.config, context.effects.now())
    for comment in sorted(obeyed):
        _finish(context, comment, happy=comment not in {word.speaker.comment for word, _ in refused})
    done.heard += len(words)
    done.changed += [issue.number] if written.outcomes else []


def _words(context: CommentContext, said: IssueComment, marker: Marker) -> Iterable[Word]:
    """The commands of one comment that were not heard yet, in order; of somebody who may not, one word that asks for nothing."""
    if said.id <= marker.heard_to or not _may_speak(context, said):
        return
    fresh = [(what, once) for what, once in _with_identity(said) if once not in marker.heard]
    if not fresh:
        return
    may = context.talk.may_command(said.who)
    for what, once in fresh:
        speaker = Speaker(said.who, said.at or context.effects.now(), once, said.id)
        yield Word(_clean(context, what) if may else None, speaker)


def _may_speak(context: CommentContext, said: IssueComment) -> bool:
    """Whether anybody speaks in a comment: not we ourselves, and no bot that the config does not name."""
    if said.ours and (said.bot or once_of(said.body)):
        return False
    return not said.bot or said.who.lower() in {name.lower() for name in context.config.reviews.bots}


def _with_identity(said: IssueComment) -> list[tuple[Command | Mistake, str]]:
    """The commands of a comment, each with what tells it from all others: the comment, its words, and the how manieth it is."""
    count: Counter[str] = Counter()
    found = []
    for what in commands_in(said.body):
        count[what.said] += 1
        digest = hashlib.sha256(
            f"{what.said}\n{count[what.said]}".encode("utf-8", "surrogatepass")
        ).hexdigest()
        found.append((what, f"{said.id}:{digest[:8]}"))
    return found


def _clean(context: CommentContext, what: Command | Mistake) -> Command | Mistake:
    """The same without secrets."""
    clean = context.effects.redactor.text
    if isinstance(what, Mistake):
        return replace(what, said=clean(what.said))
    return replace(what, text=clean(what.text), said=clean(what.said))


def _by_hand(context: CommentContext, issue: Issue, marker: Marker) -> list[Word]:
    """A label of a state that a person set is the command; of somebody who may not it is nothing."""
    now = states.state(marker)
    for state, verb in _BY_HAND.items():
        name = state_label(state, context.config)
        if state == now or name not in issue.labels or name in marker.labels:
            continue
        event = context.talk.labelled(issue.number, name)
        once = f"label:{event.id}" if event else ""
        if (
            event
            and event.actor
            and once not in marker.heard
            and may_steer(context.tracker, context.config, event.actor.login, event.actor.type)
        ):
            return [Word(Command(verb, said=verb), Speaker(event.actor.login, event.created_at, once))]
    return []


def may_steer(tracker: GitHubTracker, config: Config, login: str, kind: str = "") -> bool:
    """Whether what somebody did on GitHub is a command: people with triage permission, and bots that the config names."""
    named = {name.lower() for name in config.reviews.bots} - tracker.trust.logins
    return (not is_bot(login, kind) or login.lower() in named) and tracker.conversation.may_command(login)


def _take_up(context: CommentContext, said: Sequence[IssueComment], fresh: set[int]) -> None:
    """Ends what a killed run left: commands that took effect, and our 👀 still on their comment."""
    refused = " ".join(comment.body for comment in said if comment.ours and once_of(comment.body))
    for comment in said:
        if (
            comment.watched
            and comment.id not in fresh
            and not comment.ours
            and context.talk.is_watched(comment.id)
        ):
            _finish(context, comment.id, happy=f"(#issuecomment-{comment.id})" not in refused)


def _finish(context: CommentContext, comment: int, *, happy: bool) -> None:
    """👍 or 😕, and 👀 off."""
    _quietly(context, comment, "+1" if happy else "confused")
    context.tracker.unknowns.ask("take a reaction back", lambda: context.talk.unwatch(comment))


def _quietly(context: CommentContext, comment: int, reaction: str) -> None:
    """A reaction; where GitHub refuses it (a locked issue, a comment that is gone), the command counts all the same."""
    context.tracker.unknowns.ask("take a reaction", partial(context.talk.react, comment, reaction))  # type: ignore[arg-type]


def _answer(
    context: CommentContext, issue: Issue, scene: Scene, words: Sequence[Word], refused: Sequence[Refused]
) -> None:
    """One comment for each comment of which something could not be done or in which something was asked."""
    found = answers_of(scene, context.workspace, context.config, context.effects.redactor.text)
    said: dict[str, str] = {}
    for comment in sorted({word.speaker.comment for word in words}):
        told = [*_refusals(issue, comment, refused), *_answers_of(comment, words, found)]
        if told:
            answer = together(told)
            said[answer.once] = answer.body
    for body in said.values():
        answered = partial(context.talk.answer, issue.number, body)
        context.tracker.unknowns.ask("take an answer", answered, without=RefusedError)


def _answers_of(comment: int, words: Sequence[Word], found: Mapping[Verb, Answer]) -> list[Answer]:
    """The answers to what one comment asked."""
    verbs = [w.what.verb for w in words if w.speaker.comment == comment and isinstance(w.what, Command)]
    return [found[verb] for verb in dict.fromkeys(verbs) if verb in found]


def _refusals(issue: Issue, comment: int, refused: Sequence[Refused]) -> list[Answer]:
    """The answer to what of one comment could not be done."""
    theirs = [(word, reason) for word, reason in refused if word.speaker.comment == comment]
    if not theirs:
        return []
    if all(word.what is None for word, _ in theirs):
        return [answers.denied(issue.number, theirs[0][0].speaker.who, DENIED)]
    lines = [
        (what if isinstance(what := word.what, Mistake) else getattr(what, "said", ""), reason)
        for word, reason in theirs
    ]
    return [answers.refusal(issue.number, comment, lines)]
