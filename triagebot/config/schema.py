"""The config file described: a JSON Schema for editors and checks, and a page for people.

In: the tables. Out: a JSON-like value, and Markdown. Both come from the same fields that `load` checks, so they cannot
say anything else than the program does.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from triagebot.config.load import SHORT
from triagebot.config.model import Config, table_in

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `.github/triagebot.toml`."""
    from pydantic import TypeAdapter  # noqa: PLC0415  # 0.1 s, for those who ask

    found = TypeAdapter(Config).json_schema()
    for known in fields(Config):
        table = table_in(known.type)
        if table is not None and known.name in SHORT:
            _allow_text(found["$defs"][table.__name__]["properties"], SHORT[known.name])
    return {"$schema": _DRAFT, **found, "title": "triagebot.toml"}


def _allow_text(properties: dict[str, Any], name: str) -> None:
    """Let a table be written as a bare string, which `load` reads as its text."""
    whole = properties[name]
    told = {key: whole[key] for key in ("description", "default") if key in whole}
    options = whole.get("anyOf", [{"$ref": whole["$ref"]}] if "$ref" in whole else [])
    properties[name] = {"anyOf": [{"type": "string"}, *options], **told}


def page() -> str:
    """docs/configuration.md: every table with its keys, what they mean, their defaults and bounds."""
    found = schema()
    parts = [_HEAD, _section("", found)]
    for known in fields(Config):
        table = table_in(known.type)
        if table is not None:
            name = f"[[{known.name}]]" if "tuple" in str(known.type) else f"[{known.name}]"
            parts.append(_section(name, found["$defs"][table.__name__]))
            parts += list(_nested(known.name, table, found))
    return "\n".join(parts)


_HEAD = """# Configuration

<!-- Made from the code by `python docs/generate.py`; do not edit. -->

`.github/triagebot.toml` is read when it is there; `--config FILE` names another. Every key has a default. An unknown key
is an error that names it and the nearest known one. `triagebot config check` reads a file and says what it understood;
`triagebot config schema` prints the JSON Schema, for editors that complete and check TOML.
"""


def _nested(name: str, table: type[Any], found: dict[str, Any]) -> Iterator[str]:
    """The sections of tables that stand in a key of a table, such as `impact` of a suite."""
    for known in fields(table):
        inner = table_in(known.type)
        if inner is not None:
            yield _section(f"{name}.{known.name}", found["$defs"][inner.__name__])


def _section(name: str, table: dict[str, Any]) -> str:
    """One table as a heading, what it is for, and a row a key."""
    title = f"## `{name}`" if name else "## Top level"
    told = f"\n{table['description'].strip()}\n" if name else ""
    needed = frozenset(table.get("required", ()))
    rows = [_row(key, value, key in needed) for key, value in table["properties"].items()]
    return "\n".join([title, told, "| key | value | default | meaning |", "|---|---|---|---|", *rows, ""])


def _row(key: str, value: dict[str, Any], needed: bool) -> str:
    """One key as a row."""
    default = "needed" if needed else _shown(value.get("default"))
    return f"| `{key}` | {_kind(value)} | {default} | {value.get('description', '')} |"


def _shown(default: object) -> str:
    """A default as people write it in TOML."""
    if default is None or isinstance(default, dict | list | tuple):
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "minLength": "characters: at least",
    "maxLength": "characters: at most",
}


def _kind(value: dict[str, Any]) -> str:
    """What a key takes, with its bounds."""
    if "enum" in value:
        return ", ".join(f"`{each}`" for each in value["enum"])
    if "anyOf" in value:
        return " or ".join(_kind(each) for each in value["anyOf"] if each.get("type") != "null")
    if "$ref" in value:
        return "table"
    if "prefixItems" in value:
        return "pair"
    if value.get("type") == "array":
        return f"list of {_kind(value['items'])}"
    kind = {"integer": "whole number", "object": "table of strings"}.get(value["type"], value["type"])
    return ", ".join(
        [kind, *(f"{words} {value[bound]}" for bound, words in _BOUNDS.items() if bound in value)]
    )
