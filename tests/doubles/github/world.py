"""What GitHub remembers: one repository with issues, labels, git objects, runs and artifacts, and who may do what.

Tests set it up and look into it directly; the bot reaches it through HTTP only. Every act takes the login of who did
it, so that a test can play a human between two runs of the bot.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

BOT = "github-actions[bot]"
ALL = {"issues": "write", "contents": "write", "actions": "read", "metadata": "read"}
START = datetime(2025, 9, 10, 20, 0, tzinfo=UTC)


class Clock:
    """A clock that moves only when somebody sleeps on it."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Moves on at once."""
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Actor:
    """Who a token belongs to. `push` False drops labels silently, as GitHub does; `graphql` False is refused there."""

    login: str = BOT
    permissions: dict[str, str] = field(default_factory=lambda: dict(ALL))
    push: bool = True
    remaining: int = 1000
    reset: int = 0
    graphql: bool = True


@dataclass
class Comment:
    """One comment of an issue."""

    id: int
    user: str
    body: str
    at: datetime
    edited: datetime | None = None
    reactions: list[tuple[int, str, str]] = field(default_factory=list)  # id, who, content

    def reacted(self, who: str) -> list[str]:
        """What somebody's reactions are."""
        return sorted(content for _, user, content in self.reactions if user == who)


@dataclass
class Event:
    """One entry of an issue's events: closed, reopened, labeled, unlabeled, renamed.

    `merged` is the commit that merged the pull request which closed it: REST tells nothing of it, GraphQL does.
    """

    id: int
    event: str
    actor: str
    at: datetime
    commit_id: str | None = None
    label: str | None = None
    merged: str | None = None
    before: str | None = None


@dataclass
class Issue:
    """One issue or pull request as GitHub keeps it."""

    number: int
    title: str
    body: str | None
    user: str
    created_at: datetime
    updated_at: datetime
    labels: list[str] = field(default_factory=list)
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    duplicate_of: int | None = None
    pull_request: bool = False
    locked: bool = False
    gone: str = ""
    comments: list[Comment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    edits: list[tuple[str, datetime, str]] = field(default_factory=list)
    before: "Issue | None" = None

    @property
    def id(self) -> int:
        """GitHub's id, which is not the number."""
        return 7_000_000 + self.number


@dataclass
class Artifact:
    """A zip that a run uploaded. `location` overrides the download address, for tests of where it may lead."""

    id: int
    run: int
    name: str
    data: bytes
    expired: bool = False
    location: str | None = None


@dataclass
class WorkflowRun:
    """A run of a workflow, as the runs API tells it. `head_repository` is None when the fork was deleted since."""

    id: int
    head_branch: str = "main"
    head_sha: str = "a" * 40
    conclusion: str = "failure"
    event: str = "push"
    attempt: int = 1
    display_title: str = "staging"
    head_repository: str | None = "acme/shop"


class World:
    """The repository acme/shop and its surroundings.

    `knows_apps` False: lists filtered by the login of an app are empty, as some GitHubs answer; `refuses_apps`: they are
    refused with 422, as GitHub does with a login that it cannot resolve.
    """

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self.clock = clock or Clock()
        self.owner, self.name = "acme", "shop"
        self.told_name = ""
        self.default_branch = "main"
        self.has_issues = True
        self.knows_apps = True
        self.refuses_apps = False
        self.issues: dict[int, Issue] = {}
        self.labels: dict[str, dict[str, Any]] = {}
        self.actors: dict[str, Actor] = {"t0ken": Actor()}
        self.roles: dict[str, str] = {}
        self.commits: dict[str, tuple[str, ...]] = {}
        self.files: dict[str, dict[str, str]] = {}
        """Patches of files by commit."""
        self.objects: dict[str, dict[str, Any]] = {}
        self.refs: dict[str, str] = {}
        self.runs: dict[int, WorkflowRun] = {}
        self.artifacts: list[Artifact] = []
        self.ids = 9_000
        self.pinned: list[int] = []
        self.project: Any = None

    @property
    def told(self) -> str:
        """The repository's name in answers, which is a new one after it was renamed."""
        return f"{self.owner}/{self.told_name or self.name}"

    def next_id(self) -> int:
        """A number that nothing else has."""
        self.ids += 1
        return self.ids

    def open(
        self, title: str, body: str | None, user: str, labels: tuple[str, ...] = (), **more: Any
    ) -> Issue:
        """A new issue (or pull request, with pull_request=True)."""
        number = more.pop("number", max(self.issues, default=0) + 1)
        issue = Issue(number, title, body, user, self.clock(), self.clock(), **more)
        self.issues[number] = issue
        self.add_labels(issue, list(labels), user)
        return issue

    def close(self, number: int, user: str, reason: str = "completed", commit: str | None = None) -> Issue:
        """Closes, by a person or a commit."""
        return self.patch(self.issues[number], user, {"state": "closed", "state_reason": reason}, commit)

    def close_by_pull(self, number: int, user: str, merged: str) -> Issue:
        """Closes by merging a pull request that says "Fixes #number". `merged` is the commit that merged it."""
        issue = self.close(number, user)
        issue.events[-1].merged = merged
        return issue

    def reopen(self, number: int, user: str) -> Issue:
        """Opens again."""
        return self.patch(self.issues[number], user, {"state": "open"})

    def patch(self, issue: Issue, user: str, fields: dict[str, Any], commit: str | None = None) -> Issue:
        """What PATCH on an issue does."""
        self.touch(issue)
        if isinstance(fields.get("title"), str) and fields["title"] != issue.title:
            issue.events.append(replace(self.event("renamed", user), before=issue.title))
            issue.title = fields["title"]
        if "body" in fields:
            self._rewrite(issue, user, fields["body"])
        if "labels" in fields:
            names = [_name(label) for label in fields["labels"]]
            for name in [name for name in issue.labels if name not in map(self.spelled, names)]:
                issue.labels.remove(name)
                issue.events.append(self.event("unlabeled", user, label=name))
            self.add_labels(issue, names, user)
        if "state" in fields and fields["state"] != issue.state:
            self._turn(issue, user, fields, commit)
        return issue

    def _rewrite(self, issue: Issue, user: str, body: str | None) -> None:
        """A body and its edit history, which begins with the first edit and then holds what was opened, too."""
        if (body or "") != (issue.body or ""):
            issue.edits = issue.edits or [(issue.user, issue.created_at, issue.body or "")]
            issue.edits.append((user, self.clock(), body or ""))
        issue.body = body

    def _turn(self, issue: Issue, user: str, fields: dict[str, Any], commit: str | None) -> None:
        issue.state = fields["state"]
        closed = issue.state == "closed"
        issue.state_reason = fields.get("state_reason") or ("completed" if closed else "reopened")
        issue.closed_at = self.clock() if closed else None
        issue.duplicate_of = fields.get("duplicate_issue_id") if issue.state_reason == "duplicate" else None
        issue.events.append(self.event("closed" if closed else "reopened", user, commit_id=commit))

    def comment(self, number: int, user: str, body: str) -> Comment:
        """A new comment."""
        issue = self.issues[number]
        self.touch(issue)
        comment = Comment(self.next_id(), user, body, self.clock())
        issue.comments.append(comment)
        return comment

    def find_comment(self, id: int) -> tuple[Issue, Comment] | None:
        """A comment with its issue."""
        return next(((i, c) for i in self.issues.values() for c in i.comments if c.id == id), None)

    def edit_comment(self, id: int, body: str) -> None:
        """What PATCH on a comment does."""
        found = self.find_comment(id)
        assert found is not None
        self.touch(found[0])
        found[1].body, found[1].edited = body, self.clock()

    def add_labels(self, issue: Issue, names: list[str], user: str) -> None:
        """Adds labels, creating unknown ones in grey as GitHub does."""
        for name in names:
            self.labels.setdefault(self.spelled(name), self.label(name, "ededed", None))
            if self.spelled(name) not in issue.labels:
                issue.labels.append(self.spelled(name))
                issue.events.append(self.event("labeled", user, label=name))

    def remove_label(self, number: int, name: str, user: str) -> bool:
        """Takes a label off; False when it was not there."""
        issue = self.issues[number]
        if name not in issue.labels:
            return False
        self.touch(issue)
        issue.labels.remove(name)
        issue.events.append(self.event("unlabeled", user, label=name))
        return True

    def spelled(self, name: str) -> str:
        """A label's own spelling: names are the same whatever their case."""
        return next((known for known in self.labels if known.lower() == name.lower()), name)

    def label(self, name: str, color: str, description: str | None) -> dict[str, Any]:
        """A label as kept."""
        return {"id": self.next_id(), "name": name, "color": color, "description": description}

    def event(self, kind: str, actor: str, commit_id: str | None = None, label: str | None = None) -> Event:
        """An entry for an issue's events."""
        return Event(self.next_id(), kind, actor, self.clock(), commit_id, label)

    def touch(self, issue: Issue) -> None:
        """Keeps the version before, which is what a stale list shows."""
        issue.before = replace(issue, labels=list(issue.labels), comments=list(issue.comments), before=None)
        issue.updated_at = self.clock()

    def commit(self, sha: str, *parents: str) -> str:
        """A commit of the code for the compare endpoint."""
        self.commits[sha] = parents
        return sha

    def ancestors(self, sha: str) -> set[str]:
        """The commit and everything before it."""
        seen: set[str] = set()
        todo = [sha]
        while todo:
            found = todo.pop()
            if found not in seen:
                seen.add(found)
                todo += self.commits.get(found, ())
        return seen

    def keep(self, kind: str, value: dict[str, Any], content: bytes) -> str:
        """A git object under its content's SHA-1."""
        sha = hashlib.sha1(kind.encode() + b"\0" + content).hexdigest()
        self.objects[sha] = {"kind": kind, **value}
        return sha

    def upload(self, run: int, name: str, data: bytes, **more: Any) -> Artifact:
        """An artifact of a run."""
        self.runs.setdefault(run, WorkflowRun(run))
        artifact = Artifact(self.next_id(), run, name, data, **more)
        self.artifacts.append(artifact)
        return artifact


def _name(label: Any) -> str:
    return label["name"] if isinstance(label, dict) else str(label)
