"""The prompts as people review them: files with a manifest, read from the wheel or from the checkout.

In: nothing but the package's own data. Out: a `Prompts` value. Templates are strict both ways: a name without a value and a
value without a name are errors. The digest is that of the files as they are, so that what is stamped in an issue is true
even where somebody edited a prompt and forgot the manifest (a test does not forget).
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from typing import Any

from triagebot.drafts.answer_schema import Answer
from triagebot.drafts.model import Catalogue, Item, Line
from triagebot.steps.log_timestamps import stamp

MOST_EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: its evidence, the problem, and an answer that breaks no rule."""

    name: str
    problem: str
    catalogue: Catalogue
    answer: Answer


@dataclass(frozen=True, slots=True)
class Prompts:
    """One version of one prompt. `files` are (path below the folder of prompts, sha256), in order; `digest` is over them."""

    id: str
    version: int
    schema: int
    system: str
    user: str
    repair: str
    examples: tuple[Example, ...]
    files: tuple[tuple[str, str], ...]
    digest: str


def folder() -> Traversable:
    """Where the prompts are: inside the installed package, else beside it in the checkout."""
    package = files("triagebot")
    inside = package.joinpath("prompts")
    return inside if inside.joinpath("manifest.toml").is_file() else package.joinpath("..", "prompts")


def manifest() -> dict[str, Any]:
    """`manifest.toml` as it is: a table for every prompt id, with version, schema and sha256 by file."""
    return tomllib.loads(folder().joinpath("manifest.toml").read_text(encoding="utf-8"))


@cache
def load(id: str = "five_whys") -> Prompts:
    """A prompt by its id. Raises KeyError for an id that the manifest does not know."""
    entry = manifest()[id]
    texts = {path: folder().joinpath(*path.split("/")).read_text(encoding="utf-8") for path in entry["files"]}
    examples = tuple(
        _example(json.loads(text)) for path, text in sorted(texts.items()) if path.endswith(".json")
    )
    sums = tuple((path, sha256(text.encode()).hexdigest()) for path, text in sorted(texts.items()))
    return Prompts(
        id=id,
        version=entry["version"],
        schema=entry["schema"],
        system=texts[f"{id}/system.md"],
        user=texts[f"{id}/user.md"],
        repair=texts[f"{id}/repair.md"],
        examples=examples[:MOST_EXAMPLES],
        files=sums,
        digest=sha256(json.dumps(sums).encode()).hexdigest(),
    )


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its values. Raises KeyError for a name without a value or a value without a name."""
    parsed = Template(template)
    if strange := set(values) - set(parsed.get_identifiers()):
        raise KeyError(f"the template has no place for {', '.join(sorted(strange))}")
    return parsed.substitute(values)


def _example(held: dict[str, Any]) -> Example:
    """An example from its file."""
    items = tuple(_item(item) for item in held["evidence"])
    answer = Answer.model_validate_json(json.dumps(held["answer"]))
    return Example(held["name"], held["problem"], Catalogue(items), answer)


def _item(held: dict[str, Any]) -> Item:
    """An item of an example, as its file writes it."""
    dated = held["kind"] in ("change", "service_log", "test_log", "timeline")
    lines = tuple(Line(number, text, at=stamp(text) if dated else None) for number, text in held["lines"])
    return Item(held["id"], held["kind"], "example", held["title"], lines, max(line.number for line in lines))
