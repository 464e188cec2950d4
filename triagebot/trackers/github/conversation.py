"""What people say on issues, and the small answers: comments with their authors, roles, reactions, labels set by hand.

In: the API. Out: `IssueComment` values, and writes that may be repeated: a reaction is there or not, and a comment of ours is told
by its once-key. Which words are obeyed is not decided here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from triagebot.plans.render.comments import once_of
from triagebot.reviews.permission import is_bot, may
from triagebot.trackers.github import responses
from triagebot.trackers.github.requests import Api, GoneError
from triagebot.trackers.github.responses import CommentAnswer, EventAnswer

Reaction = Literal["eyes", "+1", "confused"]


@dataclass(frozen=True, slots=True)
class IssueComment:
    """One comment. `bot` is an app's; `watched` says that somebody's 👀 are on it, perhaps ours."""

    id: int
    who: str
    body: str
    at: datetime | None
    bot: bool = False
    watched: bool = False
    ours: bool = False


@dataclass(slots=True)
class Conversation:
    """The talk on issues of one repository. `post` sends what must not be repeated blindly; roles are asked once a run."""

    api: Api
    logins: frozenset[str]
    post: Callable[..., object]
    _roles: dict[str, bool] = field(default_factory=dict)

    def issue_comments(self, number: int) -> list[IssueComment]:
        """All comments of an issue, oldest first."""
        found = self.api.all(responses.COMMENTS, f"/issues/{number}/comments", "comments")
        return [self._comment(answer) for answer in sorted(found, key=lambda comment: comment.id)]

    def _comment(self, answer: CommentAnswer) -> IssueComment:
        """One comment; the account of its author may be gone."""
        who, kind = (answer.user.login, answer.user.type) if answer.user else ("ghost", "User")
        watched = bool(answer.reactions.eyes)
        ours = who.lower() in self.logins
        return IssueComment(answer.id, who, answer.body, answer.created_at, is_bot(who, kind), watched, ours)

    def may_command(self, login: str) -> bool:
        """Whether a person may steer the bot, asked once a run. Raises TrackerError where GitHub does not say."""
        if login not in self._roles:
            self._roles[login] = self._may(login)
        return self._roles[login]

    def _may(self, login: str) -> bool:
        """The same, asked now. Nobody is what GitHub does not know."""
        try:
            _, data = self.api.get(f"/collaborators/{quote(login, safe='')}/permission")
        except GoneError:
            return False
        told = responses.shaped(responses.PERMISSION, data, "a permission")
        return may(told.role_name, told.permission)

    def react(self, comment: int, reaction: Reaction) -> None:
        """Leave a reaction; where it is there already, GitHub makes no second one."""
        path = f"/issues/comments/{comment}/reactions"
        self.post(lambda: self.api.send("POST", path, {"content": reaction}), lambda: None)

    def unwatch(self, comment: int) -> None:
        """Take our 👀 off."""
        for reaction in self._watching(comment):
            try:
                self.api.send("DELETE", f"/issues/comments/{comment}/reactions/{reaction}")
            except GoneError:
                continue

    def is_watched(self, comment: int) -> bool:
        """Whether our own 👀 are on a comment."""
        return bool(self._watching(comment))

    def _watching(self, comment: int) -> list[int]:
        """The ids of our 👀 on a comment."""
        path = f"/issues/comments/{comment}/reactions"
        found = self.api.all(responses.REACTIONS, path, "reactions", {"content": "eyes"})
        return [one.id for one in found if one.user and one.user.login.lower() in self.logins]

    def answer(self, number: int, body: str) -> None:
        """Say it once: the comment of ours with the same once-key is edited where it says something else.

        Of several that racing runs left, the first stays.
        """
        there = self._answers(number, body)
        if not there:
            path = f"/issues/{number}/comments"
            self.post(
                lambda: self.api.send("POST", path, {"body": body}),
                lambda: self._answers(number, body) or None,
            )
            there = self._answers(number, body)
        self.tidy(there)
        if there and there[0].body.strip() != body.strip():
            self.api.send("PATCH", f"/issues/comments/{there[0].id}", {"body": body})

    def tidy(self, said: Sequence[IssueComment]) -> None:
        """Of our comments that racing runs made with one once-key the first stays."""
        seen: set[str] = set()
        for comment in said:
            once = once_of(comment.body) if comment.ours else None
            if once in seen:
                self._delete(comment.id)
            seen |= {once} if once else set()

    def _answers(self, number: int, body: str) -> list[IssueComment]:
        """Our comments with the once-key of this one."""
        once = once_of(body)
        return [said for said in self.issue_comments(number) if said.ours and once_of(said.body) == once]

    def _delete(self, comment: int) -> None:
        """Take a comment of ours away."""
        try:
            self.api.send("DELETE", f"/issues/comments/{comment}")
        except GoneError:
            return

    def labelled(self, number: int, name: str) -> EventAnswer | None:
        """The event that set this label last."""
        events = self.api.all(responses.EVENTS, f"/issues/{number}/events", "events")
        found = [
            e for e in events if e.event == "labeled" and e.label and e.label.name.lower() == name.lower()
        ]
        return found[-1] if found else None
