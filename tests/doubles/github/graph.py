"""The double's GraphQL: GitHub's published schema (the part in tests/doubles/graphql), executed over the same world.

In: a query with its variables, who asks. Out: what GitHub answers. A query that the schema does not know is a complaint.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync, parse, validate

from tests.doubles.github.shapes import when
from tests.doubles.github.world import Actor, Issue, World

MOST_PINS = 3
_HIDDEN = "Resource not accessible by integration"


@dataclass
class Value:
    """The value of one field of one card. `who` set it."""

    content: Any
    who: str
    at: str


@dataclass
class Card:
    """An item of a project: an issue of ours or a note of people."""

    id: str
    issue: int | None
    archived: bool = False
    values: dict[str, Value] = field(default_factory=dict)


@dataclass
class Project:
    """A project that people made: fields by name, each a type or its options; who may write; cards."""

    fields: dict[str, str | list[str]]
    owner: str = "acme"
    number: int = 7
    writers: tuple[str, ...] = ()
    cards: list[Card] = field(default_factory=list)
    title: str = "Staging"


@cache
def schema() -> GraphQLSchema:
    """The part of the published schema."""
    path = Path(__file__).parents[1] / "graphql" / "github.graphql"
    return build_schema(path.read_text("utf-8"))


@cache
def complaints(query: str) -> list[str]:
    """What is wrong with a query by the published schema. Long ones take a while, and come again."""
    try:
        return [error.message for error in validate(schema(), parse(query))]
    except GraphQLError as error:
        return [error.message]


def answer(world: World, actor: Actor, query: str, variables: dict[str, Any] | None) -> dict[str, Any]:
    """What GitHub answers to a query that its schema knows."""
    done = graphql_sync(schema(), query, _Root(world, actor), variable_values=variables or {})
    told: dict[str, Any] = {"data": done.data}
    if done.errors:
        told["errors"] = [
            {"type": "FORBIDDEN" if error.message == _HIDDEN else "NOT_FOUND", "message": error.message}
            for error in done.errors
        ]
    return told


def who(login: str) -> dict[str, Any]:
    """An actor: bots are called without their [bot] here."""
    kind = "Bot" if login.endswith("[bot]") else "User"
    return {"__typename": kind, "login": login.removesuffix("[bot]")}


@dataclass
class _Root:
    """The roots of query and mutation."""

    world: World
    actor: Actor

    def viewer(self, _info: Any) -> dict[str, Any]:
        return {"login": self.actor.login}

    def repository(self, _info: Any, owner: str, name: str, **_: Any) -> Any:
        assert (owner, name) == (self.world.owner, self.world.name)
        return {"issue": self._issue}

    def _issue(self, _info: Any, number: int) -> Any:
        issue = self.world.issues.get(number)
        if issue is None or issue.gone:
            raise GraphQLError(f"Could not resolve to an Issue with the number of {number}.")
        return self._told(issue)

    def _told(self, issue: Issue) -> dict[str, Any]:
        return {
            "__typename": "Issue",
            "id": node_id(issue),
            "number": issue.number,
            "repository": {"nameWithOwner": self.world.told},
            "body": issue.body or "",
            "userContentEdits": lambda _info, first=20, **_: {"nodes": _edits(issue)[:first]},
            "timelineItems": lambda _info, last=50, **_: {"nodes": self._closings(issue)[-last:]},
        }

    def _closings(self, issue: Issue) -> list[dict[str, Any]]:
        return [
            {"__typename": "ClosedEvent", "closer": lambda _info, event=event: self._closer(event)}
            for event in issue.events
            if event.event == "closed"
        ]

    def _closer(self, event: Any) -> Any:
        """Null for a person's hand, and for pull requests that the token may not read."""
        if event.merged and self.actor.permissions.get("pull_requests") == "none":
            raise GraphQLError(_HIDDEN)
        if event.merged:
            return {"__typename": "PullRequest", "mergeCommit": {"oid": event.merged}}
        return {"__typename": "Commit", "oid": event.commit_id} if event.commit_id else None

    def pinIssue(self, _info: Any, input: dict[str, Any]) -> Any:
        if not self.actor.push:
            raise GraphQLError(_HIDDEN)
        issue = next(i for i in self.world.issues.values() if node_id(i) == input["issueId"])
        if len(self.world.pinned) >= MOST_PINS:
            raise GraphQLError("Maximum 3 pinned issues per repository")
        self.world.pinned.append(issue.number)
        return {"issue": self._told(issue)}

    def organization(self, _info: Any, login: str) -> Any:
        return {"projectV2": lambda _info, number: self._project(login, number)}

    def user(self, _info: Any, login: str) -> Any:
        return {"projectV2": lambda _info, number: self._project(login, number)}

    def _project(self, login: str, number: int) -> Any:
        found = self.world.project
        if found is None or (found.owner, found.number) != (login, number):
            raise GraphQLError(f"Could not resolve to a ProjectV2 with the number {number}.")
        return {
            "id": "PVT_1",
            "title": found.title,
            "closed": False,
            "viewerCanUpdate": self.actor.login in found.writers,
            "fields": lambda _info, **_: {"nodes": [_field(n, what) for n, what in found.fields.items()]},
            "items": lambda _info, first=100, after=None, **_: self._items(first, after),
        }

    def _items(self, first: int, after: str | None) -> Any:
        cards, start = self.world.project.cards, int(after or 0)
        end = start + first
        page = {"hasNextPage": end < len(cards), "endCursor": str(end)}
        return {"nodes": [self._card(card) for card in cards[start:end]], "pageInfo": page}

    def _card(self, card: Card) -> dict[str, Any]:
        issue = self.world.issues.get(card.issue or 0)
        content = self._told(issue) if issue else {"__typename": "DraftIssue", "title": "a note"}
        return {
            "id": card.id,
            "isArchived": card.archived,
            "content": content,
            "fieldValueByName": lambda _info, name: self._value(card, name),
        }

    def _value(self, card: Card, name: str) -> Any:
        fields = self.world.project.fields
        named = next((each for each in fields if each.lower() == name.lower()), None)
        value = card.values.get(named or "")
        if value is None:
            return None
        about = {"creator": who(value.who), "updatedAt": value.at}
        if isinstance(fields[named or ""], list):
            kind = "SingleSelect"
            about |= {"name": value.content, "optionId": _option(str(named), value.content)}
        else:
            kind = {"TEXT": "Text", "NUMBER": "Number", "DATE": "Date"}[str(fields[named or ""])]
            about[kind.lower()] = value.content
        return {"__typename": f"ProjectV2ItemField{kind}Value", **about}

    def addProjectV2ItemById(self, _info: Any, input: dict[str, Any]) -> Any:
        self._may_write()
        issue = next(i for i in self.world.issues.values() if node_id(i) == input["contentId"])
        cards = self.world.project.cards
        card = next((c for c in cards if c.issue == issue.number), None)
        if card is None:
            cards.append(card := Card(f"PVTI_{issue.number}", issue.number))
        return {"item": self._card(card)}

    def updateProjectV2ItemFieldValue(self, _info: Any, input: dict[str, Any]) -> Any:
        self._may_write()
        card = next(c for c in self.world.project.cards if c.id == input["itemId"])
        if card.archived:
            raise GraphQLError("The item is archived and cannot be updated")
        name = input["fieldId"].removeprefix("F_")
        (content,) = input["value"].values()
        if isinstance(options := self.world.project.fields[name], list):
            content = next(option for option in options if _option(name, option) == content)
        elif self.world.project.fields[name] == "DATE":
            content = str(content)
        card.values[name] = Value(content, self.actor.login, when(self.world.clock()))
        return {"projectV2Item": self._card(card)}

    def _may_write(self) -> None:
        if self.actor.login not in self.world.project.writers:
            raise GraphQLError(_HIDDEN)


def node_id(issue: Issue) -> str:
    """GitHub's id of an issue in GraphQL."""
    return f"I_{issue.id}"


def _option(name: str, option: str) -> str:
    return f"{name}:{option}"


def _field(name: str, what: str | list[str]) -> dict[str, Any]:
    about = {"id": f"F_{name}", "name": name}
    if isinstance(what, list):
        options = [{"id": _option(name, option), "name": option} for option in what]
        return {
            "__typename": "ProjectV2SingleSelectField",
            "dataType": "SINGLE_SELECT",
            "options": options,
            **about,
        }
    return {"__typename": "ProjectV2Field", "dataType": what, **about}


def _edits(issue: Issue) -> list[dict[str, Any]]:
    """The revisions of a body, newest first."""
    return [
        {"editedAt": when(at), "editor": who(user), "diff": body} for user, at, body in reversed(issue.edits)
    ]
