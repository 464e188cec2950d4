"""GitHub Projects v2 through GraphQL: a project read whole, cards added and fields set in batches.

In: the API. Out: `boards.project` values. Every query is a constant with variables, or grown of one line for each of a batch; tests
hold them to GitHub's published schema. Raises TrackerError where GitHub refuses; nothing is decided here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from triagebot.boards.project_cards import (
    AREA,
    PRIORITY,
    RISK,
    SEEN,
    STATUS,
    Card,
    Field,
    Project,
    Setting,
    Value,
)
from triagebot.trackers import TrackerError
from triagebot.trackers.github.requests import Api
from triagebot.trackers.github.responses import OddAnswerError, graph_data

ADDED = 150
SET = 200
"""How many cards are added, and fields set, in one request."""
_NAMES = {"status": STATUS, "priority": PRIORITY, "area": AREA, "risk": RISK, "seen": SEEN}
PROJECT = """
query($login: String!, $number: Int!, $after: String, $status: String!, $priority: String!, $area: String!, $risk: String!, $seen: String!) {
  organization(login: $login) { projectV2(number: $number) { ...board } }
  user(login: $login) { projectV2(number: $number) { ...board } }
}
fragment board on ProjectV2 {
  id title closed viewerCanUpdate
  fields(first: 100) { nodes {
    ... on ProjectV2FieldCommon { id name dataType }
    ... on ProjectV2SingleSelectField { options { id name } }
  } }
  items(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    id isArchived
    content { ... on Issue { number repository { nameWithOwner } } }
    status: fieldValueByName(name: $status) {
      ... on ProjectV2ItemFieldSingleSelectValue { name updatedAt creator { __typename login } }
    }
    priority: fieldValueByName(name: $priority) { ...told }
    area: fieldValueByName(name: $area) { ...told }
    risk: fieldValueByName(name: $risk) { ...told }
    seen: fieldValueByName(name: $seen) { ...told }
  } }
}
fragment told on ProjectV2ItemFieldValue {
  ... on ProjectV2ItemFieldSingleSelectValue { name }
  ... on ProjectV2ItemFieldTextValue { text }
  ... on ProjectV2ItemFieldDateValue { date }
}
"""
"""https://docs.github.com/issues/planning-and-tracking-with-projects/automating-your-project/using-the-api-to-manage-projects"""


def read(api: Api, login: str, number: int) -> Project:
    """The project with all its cards that are issues of this repository."""
    after: str | None = None
    cards: dict[int, Card] = {}
    while True:
        found = _page(api, login, number, after)
        cards |= {card.issue: card for card in _cards(found, api.repository)}
        page = _of(_of(found, "items"), "pageInfo")
        if not page.get("hasNextPage"):
            return _project(found, cards)
        if page.get("endCursor") in (None, after):
            raise OddAnswerError("GitHub's list of cards has no end")
        after = str(page["endCursor"])


def add(api: Api, project: str, nodes: Mapping[int, str]) -> dict[int, Card]:
    """Cards for issues, by their ids in GraphQL."""
    made: dict[int, Card] = {}
    numbers = sorted(nodes)
    for at in range(0, len(numbers), ADDED):
        some = numbers[at : at + ADDED]
        told = graph_data(
            api.graphql(
                added(len(some)), {"p": project, **{f"c{n}": nodes[each] for n, each in enumerate(some)}}
            ),
            "adding cards",
        )
        for n, each in enumerate(some):
            made[each] = Card(str(_of(_of(told, f"a{n}"), "item")["id"]), each, archived=False, values={})
    return made


def added(count: int) -> str:
    """The mutation that adds so many cards."""
    names = "".join(f", $c{n}: ID!" for n in range(count))
    lines = " ".join(
        f"a{n}: addProjectV2ItemById(input: {{projectId: $p, contentId: $c{n}}}) {{ item {{ id }} }}"
        for n in range(count)
    )
    return f"mutation($p: ID!{names}) {{ {lines} }}"


def write(api: Api, project: str, settings: Sequence[Setting]) -> None:
    """Sets fields of cards."""
    for at in range(0, len(settings), SET):
        some = settings[at : at + SET]
        payload: dict[str, Any] = {"p": project}
        for n, one in enumerate(some):
            payload |= {f"i{n}": one.card, f"f{n}": one.field, f"v{n}": dict(one.value)}
        graph_data(api.graphql(written(len(some)), payload), "setting fields of cards")


def written(count: int) -> str:
    """The mutation that sets so many fields."""
    names = "".join(f", $i{n}: ID!, $f{n}: ID!, $v{n}: ProjectV2FieldValue!" for n in range(count))
    lines = " ".join(
        f"s{n}: updateProjectV2ItemFieldValue(input: {{projectId: $p, itemId: $i{n}, fieldId: $f{n}, value: $v{n}}}) "
        "{ projectV2Item { id } }"
        for n in range(count)
    )
    return f"mutation($p: ID!{names}) {{ {lines} }}"


def _page(api: Api, login: str, number: int, after: str | None) -> dict[str, Any]:
    """One page of the project, whoever owns it: of organisation and user one is none, which GitHub also tells as an error."""
    payload = {"login": login, "number": number, "after": after, **_NAMES}
    answer = api.graphql(PROJECT, payload)
    data = answer.get("data") if isinstance(answer, dict) else None
    for owner in ("organization", "user"):
        found = _of(_of(data, owner), "projectV2")
        if found:
            return found
    graph_data(answer, f"project {login}/{number}")
    raise TrackerError(f"GitHub shows no project {login}/{number}")


def _of(value: Any, name: str) -> dict[str, Any]:
    """A part of an answer that is an object; {} for anything else."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _nodes(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The objects of a list."""
    found = value.get("nodes")
    return (node for node in found if isinstance(node, dict)) if isinstance(found, list) else iter(())


def _project(found: Mapping[str, Any], cards: Mapping[int, Card]) -> Project:
    """The project as a value."""
    fields = {}
    for node in _nodes(_of(found, "fields")):
        if node.get("id") and node.get("name"):
            options = {str(o["name"]).lower(): str(o["id"]) for o in node.get("options") or ()}
            name = str(node["name"])
            fields[name.lower()] = Field(str(node["id"]), name, str(node.get("dataType")), options)
    writable = bool(found.get("viewerCanUpdate")) and not found.get("closed")
    return Project(str(found["id"]), str(found.get("title")), writable, fields, cards)


def _cards(found: Mapping[str, Any], repository: str) -> Iterator[Card]:
    """The cards of a page that are issues of this repository."""
    for node in _nodes(_of(found, "items")):
        content = _of(node, "content")
        home = str(_of(content, "repository").get("nameWithOwner", ""))
        if isinstance(content.get("number"), int) and home.lower() == repository.lower():
            status = _of(node, "status")
            yield Card(
                id=str(node["id"]),
                issue=content["number"],
                archived=bool(node.get("isArchived")),
                values=dict(_values(node)),
                who=_login(_of(status, "creator")),
                at=_moment(status.get("updatedAt")),
            )


def _values(node: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """What the fields of a card say, by their names."""
    for alias, name in _NAMES.items():
        told = _of(node, alias)
        value = next((told[kind] for kind in ("name", "text", "date") if told.get(kind) is not None), None)
        if value is not None:
            yield name, str(value)


def _login(creator: Mapping[str, Any]) -> str:
    """A login as REST writes it."""
    login = str(creator.get("login", ""))
    return f"{login}[bot]" if login and creator.get("__typename") == "Bot" else login


def _moment(text: Any) -> datetime | None:
    """A time of GitHub's."""
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
