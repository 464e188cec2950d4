"""GitHub's answers as values whose shape was checked.

In: JSON as it came. Out: small frozen values, and an `Issue` for what passed. An answer of another shape raises
OddAnswerError: a maintenance page with status 200 is an outage, never an empty list. Nothing here asks GitHub anything.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from triagebot.issues.marker import read_marker
from triagebot.issues.model import Issue, Marker, StateReason
from triagebot.reports.model import Problem
from triagebot.trackers import TrackerError

T = TypeVar("T")
_DUPLICATE = re.compile(r"(?i:duplicate of) #([1-9][0-9]{0,9})\.?")
"""GitHub's own wording for an issue that repeats another. Hit: `Duplicate of #12`. Miss: `It may be a duplicate of #12`."""
_NEXT = re.compile(r'<([^<>]{1,2000})>; {0,4}rel="next"')
"""The next page, as the header `Link` names it.

Hit: `<https://api.github.com/issues?page=2>; rel="next"`
Miss: `<https://api.github.com/issues?page=9>; rel="last"`
"""


class OddAnswerError(TrackerError):
    """What came back is not what this endpoint returns: an outage, a proxy or another server, but no information."""


class _Answer(BaseModel):
    """A part of an answer: what we read must be there, everything else is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Login(_Answer):
    """Who did something. Accounts that were deleted are null in their place."""

    login: str
    type: str = "User"


class AppAnswer(_Answer):
    """An app, as it is told to the app itself."""

    slug: str


class Viewer(_Answer):
    """Who asks."""

    viewer: Login


class ViewerAnswer(_Answer):
    """GraphQL's envelope around a viewer."""

    data: Viewer


class RepositoryAnswer(_Answer):
    """The repository. `url` is its address below the API."""

    url: str
    default_branch: str
    has_issues: bool | None = None
    archived: bool | None = None


class LabelAnswer(_Answer):
    """A label on an issue or of the repository."""

    name: str
    color: str | None = None
    description: str | None = None


class IssueAnswer(_Answer):
    """An issue, or a pull request: GitHub lists both."""

    id: int
    number: int
    title: str
    body: str | None
    state: Literal["open", "closed"]
    state_reason: str | None = None
    labels: tuple[LabelAnswer, ...]
    user: Login | None
    html_url: str
    repository_url: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    pull_request: dict[str, Any] | None = None
    comments: int = 0
    node_id: str = ""


class ReactionCounts(_Answer):
    """How many people look at a comment, as a summary of its reactions."""

    eyes: int = 0
    confused: int = 0


class CommentAnswer(_Answer):
    """A comment on an issue."""

    id: int
    body: str = ""
    user: Login | None
    created_at: datetime | None = None
    reactions: ReactionCounts = ReactionCounts()


class ReactionAnswer(_Answer):
    """One person's reaction to a comment."""

    id: int
    content: str
    user: Login | None


class PermissionAnswer(_Answer):
    """What somebody may do on the repository. `permission` knows no triage and no maintain; `role_name` can be a custom one."""

    permission: str
    role_name: str = ""


class RenameAnswer(_Answer):
    """What an issue was called before."""

    before: str = Field(alias="from")


class EventAnswer(_Answer):
    """One entry of an issue's events."""

    event: str
    actor: Login | None
    commit_id: str | None = None
    created_at: datetime
    id: int = 0
    label: LabelAnswer | None = None
    rename: RenameAnswer | None = None


class PersonAnswer(_Answer):
    """Who made a commit, and when."""

    date: datetime | None = None


class CommitTextAnswer(_Answer):
    """What a commit says."""

    message: str
    committer: PersonAnswer | None


class FileAnswer(_Answer):
    """A file that a commit changed; large ones and binaries come without a patch."""

    filename: str
    patch: str = ""


class CommitAnswer(_Answer):
    """A commit of the repository's code."""

    sha: str
    commit: CommitTextAnswer
    files: list[FileAnswer] = []


class ComparisonAnswer(_Answer):
    """Two commits beside each other."""

    commits: list[CommitAnswer]
    files: list[FileAnswer] = []
    total_commits: int


class Sha(_Answer):
    """A commit in GraphQL."""

    oid: str


class Closer(_Answer):
    """What closed an issue, in GraphQL: a commit, a pull request with the commit that merged it, or something else."""

    oid: str | None = None
    merge: Sha | None = Field(default=None, alias="mergeCommit")


class ClosedEvent(_Answer):
    """GraphQL's event of a closing. `closer` is null where a person closed by hand."""

    closer: Closer | None = None


class Timeline(_Answer):
    """The closings of an issue."""

    nodes: tuple[ClosedEvent | None, ...]


class ClosedIssue(_Answer):
    """An issue in GraphQL."""

    timeline: Timeline = Field(alias="timelineItems")


class GraphRepository(_Answer):
    """A repository in GraphQL."""

    issue: ClosedIssue | None


class GraphData(_Answer):
    """What a question about a repository is answered with."""

    repository: GraphRepository | None


class GraphError(_Answer):
    """Why GraphQL left something out."""

    type: str = ""


class ClosingAnswer(_Answer):
    """GraphQL's envelope around the closings of an issue; it comes with status 200, whatever went wrong."""

    data: GraphData | None = None
    errors: tuple[GraphError, ...] = ()


class Editor(_Answer):
    """Who edited a body. GraphQL writes the login of a bot without the [bot] that REST has behind it."""

    login: str
    kind: str = Field(default="", alias="__typename")

    @property
    def as_in_rest(self) -> str:
        """The login as REST writes it."""
        bare = self.kind == "Bot" and not self.login.endswith("[bot]")
        return f"{self.login}[bot]" if bare else self.login


class BodyEdit(_Answer):
    """One revision of a body. `diff` is the whole text, whatever its name says; null where it was deleted or hidden."""

    at: datetime = Field(alias="editedAt")
    editor: Editor | None = None
    diff: str | None = None


class BodyEdits(_Answer):
    """The revisions of a body, newest first; none where it was never edited."""

    nodes: tuple[BodyEdit | None, ...]


class EditedIssue(_Answer):
    """An issue with its edit history."""

    edits: BodyEdits | None = Field(default=None, alias="userContentEdits")


class EditedBody(_Answer):
    """A body with its edit history."""

    body: str
    edits: BodyEdits = Field(alias="userContentEdits")


class Edited(_Answer):
    """Issues by the names under which they were asked for: i12 is number 12."""

    repository: dict[str, EditedIssue | None] | None


class EditedAnswer(_Answer):
    """GraphQL's envelope around edit histories."""

    data: Edited | None = None
    errors: tuple[GraphError, ...] = ()


ISSUES = TypeAdapter(list[IssueAnswer])
ISSUE = TypeAdapter(IssueAnswer)
COMMENTS = TypeAdapter(list[CommentAnswer])
COMMENT = TypeAdapter(CommentAnswer)
REACTIONS = TypeAdapter(list[ReactionAnswer])
PERMISSION = TypeAdapter(PermissionAnswer)
EVENTS = TypeAdapter(list[EventAnswer])
COMMIT = TypeAdapter(CommitAnswer)
COMPARISON = TypeAdapter(ComparisonAnswer)
LABELS = TypeAdapter(list[LabelAnswer])
VIEWER = TypeAdapter(ViewerAnswer)
USER = TypeAdapter(Login)
APP = TypeAdapter(AppAnswer)
CLOSING = TypeAdapter(ClosingAnswer)
EDITED = TypeAdapter(EditedAnswer)
BODY = TypeAdapter(EditedBody)
LABEL = TypeAdapter(LabelAnswer)
REPOSITORY = TypeAdapter(RepositoryAnswer)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose markers are believed: ours, those of configured authors, and those in issues that the config adopts.

    `adopted` maps issue numbers to the keys that they were adopted for: a person opened them, so only a marker about
    one of those keys is believed there.
    """

    logins: frozenset[str]
    adopted: Mapping[int, frozenset[str]]

    def believes(self, number: int, author: str, marker: Marker) -> bool:
        """Whether a marker in an issue of this author counts."""
        if author.lower() in self.logins:
            return True
        return bool(self.adopted.get(number, frozenset()) & {marker.key, *marker.aliases})


def shaped(adapter: TypeAdapter[T], data: Any, what: str) -> T:
    """`data` as the adapter's type. Raises OddAnswerError, naming `what`, for anything else."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        detail = error.errors()[0]
        where = ".".join(map(str, detail["loc"])) or "the whole"
        raise OddAnswerError(
            f"GitHub answered something else than {what} ({where}: {detail['msg'].lower()})"
        ) from None


def page(
    adapter: TypeAdapter[list[T]], data: Any, headers: Mapping[str, str], size: int, what: str
) -> list[T]:
    """One page of a list. Raises OddAnswerError when it is shorter than a page with another one after it can be."""
    items = shaped(adapter, data, what)
    if next_page(headers) and len(items) != size:
        raise OddAnswerError(
            f"GitHub's list of {what} is incomplete: a page of {len(items)} where {size} belong"
        )
    return items


def next_page(headers: Mapping[str, str]) -> str | None:
    """The address of the page after this one, or None after the last."""
    found = _NEXT.search(headers.get("link", "")[:8000])
    return found[1] if found else None


def to_issue(answer: IssueAnswer, trust: Trust) -> tuple[Issue, Problem | None]:
    """The issue, with its marker where that is believed, and what was wrong with the marker."""
    author = answer.user.login if answer.user else "ghost"
    marker = read_marker(answer.body or "")
    problem = None
    if isinstance(marker, Problem):
        problem, marker = Problem(answer.html_url, marker.reason), None
    elif marker is not None and not trust.believes(answer.number, author, marker):
        marker = None
    return _issue(answer, author, marker, own=author.lower() in trust.logins), problem


def _issue(answer: IssueAnswer, author: str, marker: Marker | None, *, own: bool) -> Issue:
    """The issue as the rest of the house knows it."""
    return Issue(
        number=answer.number,
        title=answer.title,
        body=answer.body or "",
        state=answer.state,
        labels=tuple(label.name for label in answer.labels),
        author=author,
        marker=marker,
        state_reason=_reason(answer.state_reason),
        closed_at=answer.closed_at,
        url=answer.html_url,
        own=own,
    )


def _reason(text: str | None) -> StateReason | None:
    """A reason that we know; None for none and for those that GitHub may add."""
    known: dict[str, StateReason] = {reason: reason for reason in get_args(StateReason)}
    return known.get(text or "")


def is_ours(issue: IssueAnswer, repository_url: str) -> bool:
    """Whether an answer about one issue is about an issue of this repository: a transferred one is answered by its new home."""
    return issue.repository_url.lower().rstrip("/") == repository_url.lower().rstrip("/")


def closing_of(events: Iterable[EventAnswer]) -> EventAnswer | None:
    """The event that closed an issue last; GitHub lists events in the order in which they happened."""
    closings = [event for event in events if event.event == "closed"]
    return closings[-1] if closings else None


def closing_commit(data: Any) -> str | None:
    """The commit that closed an issue last, out of GraphQL's answer; None where a person closed it by hand.

    A token that may not read pull requests is told so (FORBIDDEN) beside an answer without them: raises TrackerError,
    for asking again does not help. Raises OddAnswerError for everything else that is no answer.
    """
    told = shaped(CLOSING, data, "what closed an issue")
    if odd := [error.type or "an error" for error in told.errors if error.type != "FORBIDDEN"]:
        raise OddAnswerError(f"GitHub answered {odd[0]} to what closed an issue")
    if told.errors:
        raise TrackerError("the token needs pull-requests: read to see which one closed an issue")
    issue = told.data.repository.issue if told.data and told.data.repository else None
    if issue is None:
        raise OddAnswerError("GitHub answered nothing to what closed an issue")
    closers = [event.closer for event in issue.timeline.nodes if event]
    if not closers or closers[-1] is None:
        return None
    return closers[-1].oid or (closers[-1].merge.oid if closers[-1].merge else None)


def body_edits(data: Any) -> Mapping[int, tuple[BodyEdit, ...]]:
    """The revisions of bodies by number, newest first. Raises TrackerError for an answer that does not tell them all."""
    told = shaped(EDITED, data, "edit histories")
    if told.errors or told.data is None or told.data.repository is None:
        reason = next((error.type for error in told.errors if error.type), "nothing")
        raise TrackerError(f"GitHub answered {reason} to edit histories")
    found: dict[int, tuple[BodyEdit, ...]] = {}
    for name, issue in told.data.repository.items():
        if issue is not None and issue.edits is not None:
            found[int(name.removeprefix("i"))] = tuple(edit for edit in issue.edits.nodes if edit)
    return found


def graph_data(answer: Any, what: str) -> dict[str, Any]:
    """What GraphQL tells. Raises TrackerError with its own words where it refuses, OddAnswerError for no answer of GraphQL."""
    if not isinstance(answer, dict):
        raise OddAnswerError(f"GitHub answered something else than {what}")
    errors = answer.get("errors")
    if errors:
        first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
        raise TrackerError(f"GitHub refused {what}: {str(first.get('message') or 'no reason')[:200]}")
    if not isinstance(answer.get("data"), dict):
        raise OddAnswerError(f"GitHub answered nothing to {what}")
    return dict(answer["data"])


def body_and_edits(answer: Any) -> tuple[str, tuple[BodyEdit, ...]]:
    """A body and its revisions, newest first."""
    data = graph_data(answer, "an issue with its edit history")
    told = shaped(BODY, (data.get("repository") or {}).get("issue"), "an issue with its edit history")
    return told.body, tuple(edit for edit in told.edits.nodes if edit)


def original_named(bodies: Iterable[str]) -> int | None:
    """The number in the last "Duplicate of #12" of these comments, GitHub's own wording for it."""
    found = [
        match
        for body in bodies
        for line in body.splitlines()
        if (match := _DUPLICATE.fullmatch(line.strip()[:100]))
    ]
    return int(found[-1][1]) if found else None
