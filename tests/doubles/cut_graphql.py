"""GitHub's published GraphQL schema in, the part that the bot asks of out.

    python tests/doubles/cut_graphql.py path/to/schema.graphql

The file comes from the npm package `@octokit/graphql-schema` (`schema.graphql`, MIT). What is kept: the fields in ASKED, with
the arguments, inputs and enumerations that belong to them, word for word. What is dropped: prose, and every other field. A query
that validates against the part validates against the whole.
"""

import sys
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
)

TARGET = Path(__file__).parent / "graphql" / "github.graphql"
_FIELD = "id name dataType"
_EDIT = "creator updatedAt"
ASKED = {
    name: fields.split()
    for name, fields in {
        "Query": "viewer repository organization user",
        "Mutation": "pinIssue addProjectV2ItemById updateProjectV2ItemFieldValue",
        "Repository": "issue nameWithOwner",
        "Issue": "id number repository body userContentEdits timelineItems",
        "UserContentEditConnection": "nodes",
        "UserContentEdit": "editedAt editor diff",
        "Actor": "login",
        "User": "login projectV2",
        "Bot": "login",
        "Organization": "login projectV2",
        "IssueTimelineItemsConnection": "nodes",
        "ClosedEvent": "closer",
        "Commit": "oid",
        "PullRequest": "number mergeCommit",
        "DraftIssue": "title",
        "PinIssuePayload": "issue",
        "AddProjectV2ItemByIdPayload": "item",
        "UpdateProjectV2ItemFieldValuePayload": "projectV2Item",
        "ProjectV2": "id title closed viewerCanUpdate fields items",
        "ProjectV2FieldConfigurationConnection": "nodes",
        "ProjectV2FieldCommon": _FIELD,
        "ProjectV2Field": _FIELD,
        "ProjectV2IterationField": _FIELD,
        "ProjectV2SingleSelectField": f"{_FIELD} options",
        "ProjectV2SingleSelectFieldOption": "id name",
        "ProjectV2ItemConnection": "nodes pageInfo",
        "PageInfo": "hasNextPage endCursor",
        "ProjectV2Item": "id isArchived content fieldValueByName",
        "ProjectV2ItemFieldSingleSelectValue": f"name optionId {_EDIT}",
        "ProjectV2ItemFieldTextValue": f"text {_EDIT}",
        "ProjectV2ItemFieldNumberValue": f"number {_EDIT}",
        "ProjectV2ItemFieldDateValue": f"date {_EDIT}",
    }.items()
}


_BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def cut(text: str) -> str:
    """The schema of ASKED alone. KeyError where GitHub no longer publishes a field; its own SDL defines one field twice."""
    types = build_schema(text, assume_valid=True, assume_valid_sdl=True).type_map
    kept: dict[str, str] = {}
    wanted = set(ASKED)
    while missing := sorted(wanted - kept.keys() - _BUILT_IN):
        for name in missing:
            kept[name], named = _told(types[name])
            wanted |= named
    return "\n\n".join(kept[name] for name in sorted(kept)) + "\n"


def _told(kind: GraphQLNamedType) -> tuple[str, set[str]]:
    """One type in SDL, and the types that it names."""
    if isinstance(kind, GraphQLScalarType):
        return f"scalar {kind.name}", set()
    if isinstance(kind, GraphQLEnumType):
        return f"enum {kind.name} {{\n" + "".join(f"  {value}\n" for value in kind.values) + "}", set()
    if isinstance(kind, GraphQLUnionType):
        members = [member.name for member in kind.types if member.name in ASKED]
        return f"union {kind.name} = {' | '.join(members)}", set()
    if isinstance(kind, GraphQLInputObjectType):
        lines = [f"  {name}: {field.type}" for name, field in kind.fields.items()]
        named = {get_named_type(field.type).name for field in kind.fields.values()}
        return f"input {kind.name} {{\n" + "\n".join(lines) + "\n}", named
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType), kind
    if kind.name not in ASKED:
        raise KeyError(f"{kind.name}: say in ASKED which of its fields are asked for")
    return _fields(kind)


def _fields(kind: GraphQLObjectType | GraphQLInterfaceType) -> tuple[str, set[str]]:
    """A type with the fields that are asked for, their arguments, and the interfaces that are kept."""
    lines, named = [], set()
    for name in ASKED[kind.name]:
        field = kind.fields[name]
        given = ", ".join(f"{each}: {argument.type}" for each, argument in field.args.items())
        lines.append(f"  {name}{f'({given})' if given else ''}: {field.type}")
        named |= {get_named_type(one.type).name for one in (field, *field.args.values())}
    ours = [one.name for one in kind.interfaces if one.name in ASKED]
    word = "interface" if isinstance(kind, GraphQLInterfaceType) else "type"
    more = f" implements {' & '.join(ours)}" if ours else ""
    head = f"{word} {kind.name}{more}"
    return f"{head} {{\n" + "\n".join(lines) + "\n}", named


if __name__ == "__main__":
    TARGET.write_text(cut(Path(sys.argv[1]).read_text("utf-8")), encoding="utf-8")
