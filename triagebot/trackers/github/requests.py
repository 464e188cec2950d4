"""One way to ask GitHub: PyGithub's requester, with every failure named for what it means.

In: verb, path below the repository, parameters. Out: headers and JSON. PyGithub brings authentication, pacing of
writes, retries and the server's address; its lazy objects and lists are not used for reading, because they page
silently and take any answer for a list. Raises LimitedError (nothing was done), UnsureError (nobody knows), GoneError
(certainly not there) and TrackerError (refused, and why).
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from github import Github, GithubException
from pydantic import TypeAdapter

from triagebot.trackers import TrackerError
from triagebot.trackers.github.responses import (
    APP,
    REPOSITORY,
    USER,
    VIEWER,
    BodyEdit,
    OddAnswerError,
    RepositoryAnswer,
    body_and_edits,
    body_edits,
    closing_commit,
    graph_data,
    next_page,
    page,
    shaped,
)
from triagebot.trackers.github.retry_policy import LimitedError, is_limit, wait_s

T = TypeVar("T")
PAGE = 100
UNPROCESSABLE = 422
_MAX_PAGES = 1000
CLOSER = (
    "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) {"
    " issue(number: $number) { timelineItems(itemTypes: [CLOSED_EVENT], last: 1) { nodes { ... on ClosedEvent {"
    " closer { ... on Commit { oid } ... on PullRequest { mergeCommit { oid } } } } } } } } }"
)
"""GraphQL: what closed an issue last. https://docs.github.com/graphql/reference/objects#closedevent"""

EDITS = "i{number}: issue(number: {number}) {{ userContentEdits(first: 20) {{ nodes {{ {fields} }} }} }}"
"""GraphQL: who edited a body last, newest first. https://docs.github.com/graphql/reference/objects#usercontentedit"""


BODY = (
    "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) {"
    " issue(number: $number) { body userContentEdits(first: 20) { nodes { editedAt editor { __typename login } diff } } } } }"
)
"""GraphQL: a body with its last revisions."""

PIN = "mutation($issue: ID!) { pinIssue(input: {issueId: $issue}) { issue { number } } }"
"""GraphQL: nothing else pins. https://docs.github.com/graphql/reference/mutations#pinissue"""


class UnsureError(TrackerError):
    """The request may or may not have taken effect."""


class GoneError(TrackerError):
    """What was asked for is certainly not there (404, 410)."""


class RefusedError(TrackerError):
    """GitHub refused for good. `status` is its HTTP status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Budget:
    """What was spent and what is left. `remaining` and `limit` are None until GitHub has said."""

    requests: int
    lists: int
    writes: int
    retries: int
    remaining: int | None
    limit: int | None

    def __str__(self) -> str:
        left = f", {self.remaining} of {self.limit} left this hour" if self.remaining is not None else ""
        return f"{self.requests} requests ({self.lists} lists, {self.writes} writes, {self.retries} retries){left}"


class Api:
    """GitHub as seen from one repository. `now` is the clock; `retried` counts attempts beyond the first."""

    def __init__(self, client: Github, repository: str, now: Callable[[], datetime]) -> None:
        self.client = client
        self.repository = repository
        self.now = now
        self.retried = 0
        self._requests = self._lists = self._writes = 0

    @property
    def path(self) -> str:
        """The repository's path below the API's address."""
        return f"/repos/{self.repository}"

    @property
    def repository_url(self) -> str:
        """How GitHub names the repository in its answers."""
        return self.client.requester.base_url.rstrip("/") + self.path

    @property
    def budget(self) -> Budget:
        """What this process has spent, and what GitHub says is left."""
        remaining, limit = self.client.requester.rate_limiting
        known = limit >= 0
        return Budget(
            self._requests,
            self._lists,
            self._writes,
            self.retried,
            int(remaining) if known else None,
            int(limit) if known else None,
        )

    def get(self, path: str, parameters: dict[str, Any] | None = None) -> tuple[Mapping[str, str], Any]:
        """Headers and JSON of one GET below the repository."""
        return self._ask("GET", self.path + path, parameters, None)

    def about(self) -> tuple[Mapping[str, str], RepositoryAnswer]:
        """Headers and what GitHub says of the repository. Raises OddAnswerError for a page of somebody else."""
        headers, data = self.get("")
        return headers, shaped(REPOSITORY, data, "a repository")

    def get_root(self, path: str) -> tuple[Mapping[str, str], Any]:
        """Headers and JSON of one GET that is not about the repository, such as /rate_limit."""
        return self._ask("GET", path, None, None)

    def viewer(self) -> str:
        """The login under which our issues and comments appear, from GraphQL, which answers every kind of token."""
        query = {"query": "query { viewer { login } }"}
        _, data = self._ask("POST", self.client.requester.graphql_url, None, query)
        return shaped(VIEWER, data, "a login").data.viewer.login

    def user(self) -> str:
        """The same from REST, which refuses the tokens of apps and of Actions."""
        return shaped(USER, self.get_root("/user")[1], "a login").login

    def app(self) -> str:
        """The same for an app that signs with its key: GitHub writes its name with [bot] behind it."""
        return f"{shaped(APP, self.get_root('/app')[1], 'an app').slug}[bot]"

    def fix(self, number: int) -> str | None:
        """The commit that closed an issue last, that of a merged pull request among them; None where there is none.

        REST's event of a closing names commits only: for a pull request its `commit_id` is null (PyGithub#1295).
        """
        owner, _, name = self.repository.partition("/")
        payload = {"query": CLOSER, "variables": {"owner": owner, "name": name, "number": number}}
        return closing_commit(self._ask("POST", self.client.requester.graphql_url, None, payload)[1])

    def edits(self, numbers: Collection[int], *, texts: bool) -> Mapping[int, tuple[BodyEdit, ...]]:
        """The last 20 revisions of these issues' bodies, newest first, with their texts if asked for."""
        owner, _, name = self.repository.partition("/")
        fields = f"editedAt editor {{ __typename login }}{' diff' if texts else ''}"
        asked = " ".join(EDITS.format(number=number, fields=fields) for number in sorted(numbers))
        query = f"query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {asked} }} }}"
        payload = {"query": query, "variables": {"owner": owner, "name": name}}
        return body_edits(self._ask("POST", self.client.requester.graphql_url, None, payload)[1])

    def body(self, number: int) -> tuple[str, tuple[BodyEdit, ...]]:
        """An issue's body and its last 20 revisions, newest first. Raises TrackerError where they are not told."""
        owner, _, name = self.repository.partition("/")
        return body_and_edits(self.graphql(BODY, {"owner": owner, "name": name, "number": number}))

    def pin(self, node: str) -> None:
        """Pin an issue by its id in GraphQL. Raises TrackerError where that is refused."""
        self._writes += 1
        graph_data(self.graphql(PIN, {"issue": node}), "pinning an issue")

    def graphql(self, query: str, variables: Mapping[str, Any]) -> Any:
        """JSON that answers one query."""
        payload = {"query": query, "variables": dict(variables)}
        return self._ask("POST", self.client.requester.graphql_url, None, payload)[1]

    def send(self, verb: str, path: str, payload: Any = None) -> Any:
        """JSON that answers one write."""
        self._writes += 1
        return self._ask(verb, self.path + path, None, payload)[1]

    def location(self, path: str) -> str:
        """Where a download below the repository is to be had: GitHub answers with a redirect to a signed address."""
        self._requests += 1
        requester, what = self.client.requester, f"GET {self.path}{path}"
        try:
            status, headers, _ = requester.requestJson("GET", self.path + path)
        except requests.RequestException as error:
            raise UnsureError(f"GitHub did not answer {what}: {type(error).__name__}") from None
        if status >= 400:
            raise self._translated(status, headers, {}, what)
        if not (place := headers.get("location")):
            raise OddAnswerError(f"GitHub answered {status} without a location to {what}")
        return str(place)

    def all(
        self, adapter: TypeAdapter[list[T]], path: str, what: str, parameters: dict[str, Any] | None = None
    ) -> list[T]:
        """Every item of a list, complete. Raises OddAnswerError for a list that has a hole."""
        return [item for items, _ in self.pages(adapter, path, what, parameters) for item in items]

    def pages(
        self, adapter: TypeAdapter[list[T]], path: str, what: str, parameters: dict[str, Any] | None = None
    ) -> Iterator[tuple[list[T], Mapping[str, str]]]:
        """Every page of a list with its headers, in order, each asked for when it is wanted.

        Raises OddAnswerError for a list that has a hole or no end: only who took every page has the list.
        """
        address: str | None = self.path + path
        payload: dict[str, Any] | None = {**(parameters or {}), "per_page": PAGE}
        number = 0
        while address:
            number += 1
            self._lists += 1
            headers, data = self._ask("GET", address, payload, None)
            items = page(adapter, data, headers, PAGE, what)
            _expect_page(items, number, what)
            yield items, headers
            address, payload = next_page(headers), None

    def _ask(
        self, verb: str, address: str, parameters: dict[str, Any] | None, payload: Any
    ) -> tuple[Mapping[str, str], Any]:
        """One request, its failures translated. `address` is a path, or a link that GitHub gave."""
        self._requests += 1
        what = f"{verb} {urlsplit(address).path}"
        try:
            status, headers, text = self.client.requester.requestJson(
                verb, address, parameters=parameters, input=payload
            )
        except GithubException as error:
            raise self._translated(error.status, error.headers or {}, error.data, what) from None
        except requests.RequestException as error:
            raise UnsureError(f"GitHub did not answer {what}: {type(error).__name__}") from None
        except ValueError:
            raise UnsureError(f"GitHub's answer to {what} is cut off") from None
        except AssertionError:  # PyGithub asserts that a link leads to the server that it was payload
            raise OddAnswerError(f"GitHub answered with a link to another server ({address[:200]})") from None
        if status >= 400:
            raise self._translated(status, headers, _json(text), what)
        if (data := _json(text)) is None and text:
            raise UnsureError(f"GitHub answered something else than JSON to {what}, or it is cut off")
        return headers, data

    def _translated(self, status: int, headers: Mapping[str, Any], data: Any, what: str) -> TrackerError:
        """The exception for what GitHub said; the body of a refusal may have any shape."""
        headers = {name.lower(): value for name, value in headers.items()}
        told = data if isinstance(data, dict) else {}
        message = str(told.get("message") or "")[:300]
        if is_limit(status, headers, message):
            return LimitedError(
                f"GitHub's rate limit: {message or status} ({what})", wait_s(status, headers, 1, self.now())
            )
        if status >= 500:
            return UnsureError(f"GitHub answered {status} to {what}")
        if status in (404, 410):
            return GoneError(f"GitHub answered {status} to {what}: {message}")
        text = f"GitHub refused {what}: {status} {message}{_needs(headers)}{_fields(told)}"
        return RefusedError(text, status)


def _json(text: str) -> Any:
    """JSON as a value; None for anything else, also for what is nested so deep that nobody means it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _expect_page(items: Sequence[T], number: int, what: str) -> None:
    """A page that another one announced holds something, and pages come to an end."""
    if number > 1 and not items:
        raise OddAnswerError(f"GitHub's list of {what} is incomplete: page {number} is announced, but empty")
    if number > _MAX_PAGES:
        raise OddAnswerError(f"GitHub's list of {what} has no end: page {number} is announced")


def _needs(headers: Mapping[str, str]) -> str:
    """What the token lacks, where GitHub says so."""
    needed = headers.get("x-accepted-github-permissions", "")
    return f"; the token needs {needed.replace('=', ': ')[:100]}" if needed else ""


def _fields(data: Mapping[str, Any]) -> str:
    """Which fields were wrong."""
    errors = data.get("errors")
    if not isinstance(errors, list):
        return ""
    named = [f"{e.get('field')} {e.get('code')}" for e in errors if isinstance(e, dict)]
    return f" ({', '.join(named)[:200]})" if named else ""
