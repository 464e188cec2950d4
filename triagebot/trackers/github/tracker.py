"""Issues on GitHub, as the `Tracker` that plans are applied to.

In: numbers, final texts and labels. Out: issues as they stand, complete or TrackerError. What is known and missing
from a listing is asked for one by one: only 404, 410 and a new home mean gone. It decides nothing and renders nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote

from triagebot.config import Config
from triagebot.issues import is_dashboard, is_session, keys_of, read_marker
from triagebot.issues.model import Issue, Marker
from triagebot.issues.revisions import Revision, overwritten
from triagebot.reports.model import Problem
from triagebot.trackers import Edit, OvertakenError, TrackerError
from triagebot.trackers.github import label_styles, listing, responses
from triagebot.trackers.github.code import Code
from triagebot.trackers.github.conversation import Conversation
from triagebot.trackers.github.listing import Listing
from triagebot.trackers.github.put_back import put_back, revisions, revisions_of
from triagebot.trackers.github.requests import (
    UNPROCESSABLE,
    Api,
    Budget,
    GoneError,
    RefusedError,
    UnsureError,
)
from triagebot.trackers.github.responses import IssueAnswer, Login, Trust
from triagebot.trackers.github.safe_writes import post_once
from triagebot.trackers.github.unknowns import Unknowns

T = TypeVar("T")
ACTIONS = "github-actions[bot]"
"""Who writes with the token that Actions gives to a job."""
_WHO = "say whose token this is"
_OVERLAP = timedelta(seconds=10)
"""How far a second listing reaches back before the first: writes become visible within seconds."""
_LEASE = timedelta(seconds=2)
"""How long after it was read a body may be written upon; after that it is read again."""
CALM_S = 15.0
"""The lease, the 10 seconds after which GitHub gives up on a request, and some until a write is visible everywhere.

https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts (read 2025-11)
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One issue of the last look: as GitHub told it, as the house knows it, and since when by our clock that may be old."""

    answer: IssueAnswer
    issue: Issue
    at: datetime


class GitHubTracker:
    """A `Tracker` over one repository. `known` are numbers that a history remembers; a listing must account for them.

    `pause` sleeps before another attempt, `rest` without one, `now` is the clock, `app` asks for the login of the app that
    we come as. `problems` collects what was wrong with markers, `unknowns` what GitHub did not tell, `budget` what was spent.
    """

    name = "github"

    def __init__(
        self,
        api: Api,
        config: Config,
        *,
        pause: Callable[[float], None],
        rest: Callable[[float], None],
        now: Callable[[], datetime],
        known: Collection[int] = (),
        app: Callable[[], str] | None = None,
    ) -> None:
        self.api = api
        self.config = config
        self.pause = pause
        self.rest = rest
        self.now = now
        self.known = frozenset(known) | {alias.issue for alias in config.aliases}
        self.problems: list[Problem] = []
        self.unknowns = Unknowns()
        self._app = app
        self._seen: dict[int, Seen] = {}
        self._labels: dict[str, responses.LabelAnswer] = {}
        self._looked: set[int] = set()
        self._written: set[int] = set()
        self._unlabelled: Sequence[IssueAnswer] | None = None
        self._listed_at: datetime | None = None
        self._trust: Trust | None = None
        self.login = ""
        self._conversation: Conversation | None = None

    @property
    def budget(self) -> Budget:
        """What was spent and what GitHub says is left."""
        return self.api.budget

    @property
    def trust(self) -> Trust:
        """Whose markers are believed. Asks GitHub once who we are.

        functools.cached_property is not used here: under Python 3.11 its lock is shared by all trackers of a process.
        """
        if self._trust is None:
            self.login = self._who()
            self._trust = self._trusted(self.login)
        return self._trust

    @property
    def guess(self) -> str:
        """Why `login` is only who mostly writes such issues; "" where GitHub told who we are."""
        return self.unknowns.messages.get(_WHO, "")

    def _who(self) -> str:
        """Our login by the first way that answers: GraphQL, REST, the app's own; else who mostly writes such issues."""
        found = self.unknowns.ask(_WHO, lambda: self._post(self.api.viewer, lambda: None))
        if found is not None:
            return found
        refused = self.unknowns.messages.pop(_WHO)
        for ask in filter(None, (self.api.user, self._app)):
            with suppress(TrackerError):
                return ask()
        advice = f"Issues of {ACTIONS} and of the configured `authors` are taken for ours."
        self.unknowns.messages[_WHO] = f"{refused} {advice}"
        return ACTIONS

    def _learn(self, author: Login | None) -> None:
        """Who we are, from what we just wrote: where that was a wrong guess, all issues are seen anew."""
        if not self.guess or author is None or author.login.lower() == self.login.lower():
            return
        self.login, self._trust = author.login, self._trusted(author.login)
        self.unknowns.messages[_WHO] = (
            f"We write as {author.login}, which GitHub said only when we had written."
        )
        for seen in [*self._seen.values()]:
            self._note(seen.answer)

    def _trusted(self, login: str) -> Trust:
        """The trust of somebody with this login: itself, the configured authors, the adopted issues."""
        adopted: dict[int, frozenset[str]] = {}
        for alias in self.config.aliases:
            adopted[alias.issue] = adopted.get(alias.issue, frozenset()) | {alias.key}
        return Trust(frozenset(name.lower() for name in (login, *self.config.authors)), adopted)

    def default_branch(self) -> str:
        """The repository's default branch. Raises TrackerError when GitHub does not say: it decides what may be filed."""
        return self.api.about()[1].default_branch

    @property
    def listed(self) -> Sequence[Issue]:
        """The issues as last seen, without asking."""
        return self._all()

    def issues(self) -> Sequence[Issue]:
        """All our issues, open and closed, by number, with every known one accounted for."""
        login = self.login_of_ours
        alone = self.trust.logins == {login.lower()} and not self.guess
        self._seen.clear()
        self._written.clear()
        found = listing.every(self.api, self.config.labels.generated, login, alone=alone)
        self._unlabelled = found.unlabelled
        self._take(found)
        for number in sorted(self.known - self._seen.keys()):
            self.read(number)
        return self._all()

    def let_go(self, keys: Collection[str]) -> Sequence[Issue]:
        """Issues of ours with one of `keys` that no longer carry our label, so that no listing by label shows them.

        No request where the listing was by our login. Else one: the 100 issues of our login that changed last. Taking a
        label off is a change, so what a person let go stays in sight until we wrote a hundred others; a history store
        cannot help, it knows no numbers.
        """
        found = self._unlabelled
        if found is None:
            found = listing.changed_last(self.api, self.login_of_ours)
        return [self._note(answer) for answer in found if self._is_new(answer, {*keys})]

    def _is_new(self, answer: IssueAnswer, keys: Collection[str]) -> bool:
        """Whether an issue that was not seen yet has a marker with one of `keys`."""
        issue, _ = responses.to_issue(answer, self.trust)
        return answer.number not in self._seen and not keys_of(issue).isdisjoint(keys)

    @property
    def login_of_ours(self) -> str:
        """Who we are."""
        _ = self.trust
        return self.login

    def read(self, number: int) -> Issue | None:
        """The issue as it stands now; None when it was deleted, moved to another repository or is a pull request."""
        if number in self._looked:
            self._looked.discard(number)
            return self._seen[number].issue
        asked = self.now()
        try:
            _, data = self.api.get(f"/issues/{number}")
        except GoneError:
            self._seen.pop(number, None)
            return None
        answer = responses.shaped(responses.ISSUE, data, f"issue {number}")
        if answer.pull_request is not None or not self._is_here(answer):
            self._seen.pop(number, None)
            return None
        issue = self._note(answer)
        self._seen[number] = replace(self._seen[number], at=asked)
        return issue

    @property
    def dashboards(self) -> Sequence[Issue]:
        """The dashboards in the last listing, open and closed, by number; races may leave several."""
        return [issue for issue in self._every() if is_dashboard(issue, self.config)]

    def sessions(self) -> Sequence[Issue]:
        """The issues of sessions in the last listing, open and closed, by number; there is one made if there was none."""
        if self._listed_at is None:
            self.issues()
        return [issue for issue in self._every() if is_session(issue, self.config)]

    def look(self, number: int) -> tuple[Issue | None, Sequence[Revision]]:
        """An issue as it stands with the last revisions of its body, in one request, which stands for the read before a write.

        What a write of ours took from a person is back in its body. Without an edit history, which the token may not see, the issue
        alone is read.
        """
        asked, seen = self.now(), self._seen[number]
        kind = "show who edited the dashboard"

        def ask() -> tuple[str, tuple[Revision, ...]]:
            body, edits = self._post(lambda: self.api.body(number), lambda: None)
            return body, revisions_of(edits)

        if (told := self.unknowns.ask(kind, ask)) is None:
            return self.read(number), ()
        body, revisions = told
        answer = seen.answer.model_copy(update={"body": body})
        lost = overwritten(revisions, lambda login: login.lower() in self.trust.logins)
        issue = self._note(answer)
        if lost and lost[0].mended:
            issue = replace(issue, body=lost[0].mended)
            revisions = revisions[revisions.index(lost[0].revision) :]
        self._seen[number] = Seen(answer, issue, asked)
        self._looked.add(number)
        return issue, revisions

    def patient(self, send: Callable[[], T]) -> T:
        """What `send` gives, asked again after limits and uncertain answers: for what may be done twice."""
        return self._post(send, lambda: None)

    def nodes(self, numbers: Collection[int]) -> dict[int, str]:
        """The ids in GraphQL of issues in the last listing."""
        return {
            n: self._seen[n].answer.node_id
            for n in numbers
            if n in self._seen and self._seen[n].answer.node_id
        }

    def happened(self, number: int) -> list[tuple[datetime, str, str]]:
        """When an issue was closed, reopened and commented on, and by whom, as far as GitHub tells."""
        kind, path = "tell what happened to an issue", f"/issues/{number}"
        events = (
            self.unknowns.ask(kind, lambda: self.api.all(responses.EVENTS, f"{path}/events", "events")) or ()
        )
        comments = (
            self.unknowns.ask(kind, lambda: self.api.all(responses.COMMENTS, f"{path}/comments", "comments"))
            or ()
        )
        told = [
            (event.created_at, event.event, event.actor)
            for event in events
            if event.event in ("closed", "reopened")
        ]
        told += [(comment.created_at, "comment", comment.user) for comment in comments if comment.created_at]
        if seen := self._seen.get(number):
            told.append((seen.answer.created_at, "opened", seen.answer.user))
        return [(at, what, who.login if who else "") for at, what, who in told]

    def pin(self, number: int) -> str:
        """Pin an issue to the list; why that could not be, "" where it could."""
        try:
            self._post(lambda: self.api.pin(self._seen[number].answer.node_id), lambda: None)
        except TrackerError as error:
            return str(error)
        return ""

    def noted_on_label(self, name: str) -> str:
        """What the description of a label says; "" where there is no such label."""
        try:
            _, data = self.api.get(f"/labels/{quote(name, safe='')}")
        except GoneError:
            return ""
        self._labels[name.lower()] = label = responses.shaped(responses.LABEL, data, f"the label {name}")
        return label.description or ""

    def note_on_label(self, name: str, text: str) -> None:
        """Write a label's description: a memory that outlives every issue."""
        self.unknowns.ask("keep a note on a label", lambda: self._paint_label(name, {"description": text}))

    def holding(self, keys: Collection[str], *, fresh: bool) -> Sequence[Issue]:
        """Issues whose trusted marker has one of `keys`. `fresh` lists once more what changed since the last listing."""
        if self._listed_at is None:
            self.issues()
        elif fresh:
            self._list_changes(self._listed_at)
        wanted = set(keys)
        return [issue for issue in self._every() if wanted & keys_of(issue)]

    def calm(self) -> None:
        """Waits as long as a write that rests on an earlier read may take to become visible."""
        self.rest(CALM_S)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """GitHub has none: every write is visible at once."""
        yield

    def create(self, title: str, body: str, labels: tuple[str, ...], once: str) -> Issue:
        """Open an issue with our labels. Raises TrackerError when it cannot carry them: it would be lost to us."""
        for name in labels:
            self._ensure_label(name)
        given = {"title": title, "body": body, "labels": list(labels)}
        answer = self._post(
            lambda: responses.shaped(responses.ISSUE, self.api.send("POST", "/issues", given), "a new issue"),
            lambda: self._made(once),
        )
        self._demand_label(answer)
        self._learn(answer.user)
        self._written.add(answer.number)
        return self._note(answer)

    def update(self, number: int, edit: Edit) -> Issue:
        """One edit: labels alone are added and removed one by one, with other fields they travel in the same write."""
        if not self._fields(edit):
            self._relabel(number, edit)
            return self._must_read(number)
        issue = self._note(self._patched(number, edit))
        self._written.add(number)
        return self._remember(replace(issue, duplicate_of=edit.duplicate_of)) if edit.duplicate_of else issue

    def _patched(self, number: int, edit: Edit) -> IssueAnswer:
        """The answer to one PATCH, sent only upon a young read: GitHub would let it go over anything."""
        ground = self._seen.get(number)

        def look() -> IssueAnswer | None:
            return self._standing(number, edit.body, ground) if ground and edit.body is not None else None

        def send() -> IssueAnswer:
            for name in edit.add:  # takes a while where a label is missing, so before the look
                self._ensure_label(name)
            if self._is_old(number) and (made := look()):
                return made
            if self._is_old(number) and edit.body is not None:
                raise UnsureError(f"GitHub takes too long to say how issue {number} stands")
            return self._sent(number, edit)

        return self._post(send, look, wary=True)

    def _sent(self, number: int, edit: Edit) -> IssueAnswer:
        """The answer to a PATCH, at once."""
        fields = self._fields(edit)
        if edit.add or edit.remove:
            fields["labels"] = self._labels_after(number, edit)
        answer = self.api.send("PATCH", f"/issues/{number}", fields)
        return responses.shaped(responses.ISSUE, answer, "an edited issue")

    def _is_old(self, number: int) -> bool:
        """Whether the last read of an issue is too old to be written upon."""
        return number in self._seen and self.now() - self._seen[number].at >= _LEASE

    def _standing(self, number: int, body: str, ground: Seen) -> IssueAnswer | None:
        """The issue where this body stands already; None where it is still as it was when it was read."""
        issue = self._must_read(number)
        if (_plain(issue.body), issue.state) == (_plain(ground.issue.body), ground.issue.state):
            return None
        if _plain(issue.body) == _plain(body):
            return self._seen[number].answer
        raise OvertakenError(f"another run or a person wrote issue {number} at the same time")

    def comments(self, number: int) -> Sequence[str]:
        """The bodies of our own comments, oldest first."""
        return [comment.body for comment in self._ours(number)]

    def _ours(self, number: int) -> list[responses.CommentAnswer]:
        """Our own comments on the issue, oldest first."""
        found = self.api.all(responses.COMMENTS, f"/issues/{number}/comments", "comments")
        return [c for c in found if c.user and c.user.login.lower() in self.trust.logins]

    def comment(self, number: int, body: str) -> None:
        """Add a comment; after an uncertain answer only if it is not there."""
        text = _plain(body)
        made = self._post(
            lambda: responses.shaped(
                responses.COMMENT,
                self.api.send("POST", f"/issues/{number}/comments", {"body": body}),
                "a comment",
            ),
            lambda: next((there for there in self._ours(number) if _plain(there.body) == text), None),
        )
        self._learn(made.user)

    def put_back(self, written: Collection[int], relabelled: Collection[int]) -> None:
        """Mends what our writes took from people who wrote at the same moment, where GitHub tells; says so where it does not."""
        put_back(self, written, relabelled)

    def remembered(self, number: int) -> Marker | None:
        """The marker that we wrote last into an issue, out of its edit history; None where GitHub does not tell."""
        found = self.unknowns.ask("show what we wrote into an issue", lambda: revisions(self, number)) or ()
        ours = (read_marker(r.body) for r in found if r.editor.lower() in self.trust.logins)
        return next((marker for marker in ours if isinstance(marker, Marker)), None)

    def with_closing(self, issue: Issue) -> Issue:
        """The issue with what its closing tells: the commit that closed it, the issue that it is a duplicate of.

        Open issues cost no request, those that a commit closed one, other closed ones two.
        """
        if issue.state == "open":
            return issue
        path = f"/issues/{issue.number}/events"
        events = self.unknowns.ask(
            "say who closed an issue", lambda: self.api.all(responses.EVENTS, path, "events")
        )
        closing = responses.closing_of(events or ())
        return replace(
            issue,
            closed_commit=self._fix(issue, closing),
            duplicate_of=issue.duplicate_of or self._original(issue, closing),
        )

    def _fix(self, issue: Issue, closing: responses.EventAnswer | None) -> str | None:
        """The commit that closed an issue: named by its event, or that which merged the pull request that closed it."""
        if closing and closing.commit_id:
            return closing.commit_id
        if issue.state_reason in ("duplicate", "not_planned"):
            return None
        return self.unknowns.ask(
            "say which change closed an issue",
            lambda: self._post(lambda: self.api.fix(issue.number), lambda: None),
        )

    def contains(self, commit: str, ancestor: str) -> bool | None:
        """Whether `commit` has `ancestor` in its history; None when GitHub does not know one of them or the token may not ask.

        Raises TrackerError in an outage: it must not bring issues back that the next run would leave closed.
        """
        return self.unknowns.ask(
            "compare commits", lambda: self.compare(commit, ancestor), without=RefusedError
        )

    def compare(self, commit: str, ancestor: str) -> bool | None:
        """As `contains`, but raises TrackerError for a refusal, too."""
        basehead = f"{quote(ancestor, safe='')}...{quote(commit, safe='')}"
        try:
            _, data = self.api.get(f"/compare/{basehead}", {"per_page": 1, "page": 2})
        except GoneError:
            return None
        status = data.get("status") if isinstance(data, dict) else None
        if status not in ("ahead", "behind", "identical", "diverged"):
            raise responses.OddAnswerError("GitHub answered something else than a comparison of commits")
        return status in ("ahead", "identical")

    @property
    def code(self) -> Code:
        """What GitHub tells of the repository's code."""
        return Code(self.api, self.unknowns)

    @property
    def conversation(self) -> Conversation:
        """What people say here."""
        if self._conversation is None:
            self._conversation = Conversation(self.api, frozenset({self.login_of_ours.lower()}), self._post)
        return self._conversation

    def talked_about(self, since: datetime, most: int) -> Sequence[int]:
        """The numbers of issues in the last listing that have comments and changed since, the newest `most` of them."""
        talk = [
            seen.answer
            for seen in self._seen.values()
            if seen.answer.comments and seen.answer.updated_at >= since
        ]
        return [answer.number for answer in sorted(talk, key=lambda answer: answer.updated_at)[-most:]]

    def label_names(self) -> dict[str, bool]:
        """Which of the configured labels are there. The one that every issue carries is made if it is missing."""
        there = {label.name.lower() for label in self.api.all(responses.LABELS, "/labels", "labels")}
        made = self._make_label(self._look_of(self.config.labels.generated))
        there.add(made.name.lower())
        names = asdict(self.config.labels)
        return {
            name: name.lower() in there
            for field, name in names.items()
            if name and not field.endswith("_prefix") and field != "board"
        }

    def close(self) -> None:
        """Hang up."""
        self.api.client.close()

    def _take(self, found: Listing) -> None:
        """Notes what a listing shows, and when it was made: by GitHub's clock, for ours may be wrong."""
        for answer in found.issues:
            self._note(answer)
        self._listed_at = _date(found.headers) or self.now()

    def _list_changes(self, listed: datetime) -> None:
        """Notes what changed since a listing; what we wrote did, so where the list lacks it, it is read by its number."""
        since = (listed - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
        newest = {"since": since, "sort": "created", "direction": "desc"}
        found = listing.labelled(self.api, self.config.labels.generated, newest)
        self._take(found)
        for number in sorted(self._written - {answer.number for answer in found.issues}):
            self.read(number)

    def _note(self, answer: IssueAnswer) -> Issue:
        """Remembers an issue and how its labels look."""
        issue, problem = responses.to_issue(answer, self.trust)
        if problem and problem not in self.problems:
            self.problems.append(problem)
        issue = replace(issue, duplicate_of=_kept_duplicate(self._seen.get(issue.number), issue))
        self._seen[issue.number] = Seen(answer, issue, self.now())
        self._labels |= {label.name.lower(): label for label in answer.labels}
        return issue

    def _remember(self, issue: Issue) -> Issue:
        """Keeps what we know better than GitHub tells."""
        self._seen[issue.number] = replace(self._seen[issue.number], issue=issue)
        return issue

    def _all(self) -> list[Issue]:
        """Every issue that was seen and is about a cause, by number."""
        return [
            issue
            for issue in self._every()
            if not is_dashboard(issue, self.config) and not is_session(issue, self.config)
        ]

    def _every(self) -> Iterator[Issue]:
        """Everything seen, by number."""
        return (self._seen[number].issue for number in sorted(self._seen))

    def _original(self, issue: Issue, closing: responses.EventAnswer | None) -> int | None:
        """The issue that whoever closed this one as a duplicate named in a comment."""
        if issue.state_reason != "duplicate" or closing is None or closing.actor is None:
            return None
        path = f"/issues/{issue.number}/comments"
        found = self.unknowns.ask(
            "say of which issue one is a duplicate",
            lambda: self.api.all(responses.COMMENTS, path, "comments"),
        )
        theirs = [comment for comment in found or () if comment.user == closing.actor]
        return responses.original_named(comment.body for comment in theirs)

    def _is_here(self, answer: IssueAnswer) -> bool:
        """Whether the answer is about this repository, even when that was renamed since."""
        if responses.is_ours(answer, self.api.repository_url):
            return True
        return responses.is_ours(answer, self.api.about()[1].url)

    def _must_read(self, number: int) -> Issue:
        """The issue, which was there a moment ago."""
        if (issue := self.read(number)) is None:
            raise TrackerError(f"issue {number} is gone")
        return issue

    def _made(self, once: str) -> IssueAnswer | None:
        """The issue that an uncertain create made, if it did."""
        if self._listed_at is None:
            self.issues()
        else:
            self._list_changes(self._listed_at)
        held = (seen for seen in self._seen.values() if seen.issue.marker and once in seen.issue.marker.once)
        return next((seen.answer for seen in held), None)

    def _demand_label(self, answer: IssueAnswer) -> None:
        """Raises TrackerError when GitHub dropped our label, as it does silently for tokens without push access."""
        generated = self.config.labels.generated
        if not listing.has(answer, generated):
            raise TrackerError(
                f"GitHub dropped the label {generated!r} from issue {answer.number}: the token may not label. "
                "Give it issues: write, then close that issue by hand"
            )

    def _fields(self, edit: Edit) -> dict[str, Any]:
        """The edit as GitHub's PATCH takes it, without labels."""
        given = {
            "title": edit.title,
            "body": edit.body,
            "state": edit.state,
            "state_reason": edit.state_reason,
        }
        fields: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if edit.duplicate_of is not None:
            fields["duplicate_issue_id"] = self._id_of(edit.duplicate_of)
        return fields

    def _id_of(self, number: int) -> int:
        """GitHub's id of an issue, which is not its number."""
        if number not in self._seen:
            self._must_read(number)
        return self._seen[number].answer.id

    def _labels_after(self, number: int, edit: Edit) -> list[str]:
        """The issue's labels once the edit is made, people's own among them."""
        for name in edit.add:
            self._ensure_label(name)
        if number not in self._seen:
            self._must_read(number)
        gone = {name.lower() for name in edit.remove}
        kept = [name for name in self._seen[number].issue.labels if name.lower() not in gone]
        return [*kept, *(name for name in edit.add if name.lower() not in {k.lower() for k in kept})]

    def _relabel(self, number: int, edit: Edit) -> None:
        """Adds and removes labels and nothing else. A label that is not there needs no removing."""
        for name in edit.add:
            self._ensure_label(name)
        if edit.add:
            self._post(
                lambda: self.api.send("POST", f"/issues/{number}/labels", {"labels": list(edit.add)}),
                lambda: None,
            )
        for name in edit.remove:
            try:
                self.api.send("DELETE", f"/issues/{number}/labels/{quote(name, safe='')}")
            except GoneError:
                continue

    def _ensure_label(self, name: str) -> None:
        """Makes the label if it is missing, gives it a face if it has none; once a label and run at most.

        Without it the issue is filed all the same: GitHub makes a grey label of any name that an issue is given.
        """
        given = self._look_of(name)
        there = self._labels.get(name.lower())
        if there is None:
            there = self.unknowns.ask("make a label", lambda: self._make_label(given))
        if there and label_styles.is_mute(there.color, there.description):
            face = {part: given[part] for part in ("color", "description")}
            there = self.unknowns.ask("give a label its colour", lambda: self._paint_label(name, face))
        self._labels[name.lower()] = there or responses.LabelAnswer(**given)

    def _look_of(self, name: str) -> dict[str, str]:
        """A label as GitHub takes it."""
        style = label_styles.style_of(name, self.config.labels)
        return {"name": name, "color": style.color, "description": style.description}

    def _paint_label(self, name: str, face: Mapping[str, str]) -> responses.LabelAnswer:
        """The label with this face."""
        path = f"/labels/{quote(name, safe='')}"
        data = self._post(lambda: self.api.send("PATCH", path, face), lambda: None)
        return responses.shaped(responses.LABEL, data, f"the label {name}")

    def _make_label(self, given: Mapping[str, Any]) -> responses.LabelAnswer:
        """The label, made or found: GitHub has more than one way to say that it is there (422)."""
        what, path = f"the label {given['name']}", f"/labels/{quote(given['name'], safe='')}"

        def make() -> responses.LabelAnswer:
            return responses.shaped(responses.LABEL, self.api.send("POST", "/labels", given), what)

        try:
            return self._post(make, lambda: None)
        except RefusedError as error:
            if error.status != UNPROCESSABLE:
                raise
            with suppress(GoneError):
                return responses.shaped(responses.LABEL, self.api.get(path)[1], what)
            raise

    def _post(self, send: Callable[[], T], look: Callable[[], T | None], *, wary: bool = False) -> T:
        """What must not be repeated blindly, with our clock."""
        return post_once(send, look, pause=self.pause, now=self.now, wary=wary)


def _kept_duplicate(seen: Seen | None, issue: Issue) -> int | None:
    """GitHub does not say of what an issue is a duplicate; what we learnt before stays true while it is one."""
    return seen.issue.duplicate_of if seen and issue.state_reason == "duplicate" else None


def _plain(text: str) -> str:
    """A body without what GitHub may change about line ends and edges."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def _date(headers: Mapping[str, str]) -> datetime | None:
    """GitHub's own clock, from the answer's Date."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return None
