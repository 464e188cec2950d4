"""The page about the house holds: its layers are those of the linter, and the files that it names are there."""

import re
import tomllib
from collections import Counter
from pathlib import Path

from triagebot.reports import FORMATS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text("utf-8")


def test_the_map_shows_the_layers_that_the_linter_holds() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in linter if contract["type"] == "layers")
    block = PAGE.partition("<!-- layers -->")[2].partition("```text\n")[2].partition("```")[0]
    assert [re.split(r" {2,}", line)[0] for line in block.strip().splitlines()] == layers


def test_no_room_but_those_that_redact_imports_what_reads_a_format() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    forbidden = next(contract["forbidden_modules"] for contract in linter if contract["type"] == "forbidden")
    assert {known.module for known in FORMATS.values()} - {*forbidden} == set()


def test_every_room_is_on_the_map() -> None:
    package = ROOT / "triagebot"
    rooms = {p.parent.name for p in package.glob("*/__init__.py")} | {
        p.stem for p in package.glob("*.py") if p.stem != "__init__"
    }
    assert {room for room in rooms if not re.search(rf"\b{room}\b", PAGE)} == set()


def test_a_module_has_its_name_for_itself() -> None:
    """A stranger who looks for a file finds one; `model.py` holds the values of each room, and a verb's file is named for the verb."""
    files = Counter(p.name for p in (ROOT / "triagebot").rglob("*.py") if p.parent.name != "commands")
    assert {name for name, count in files.items() if count > 1} == {"__init__.py", "model.py"}


def test_the_files_that_the_page_names_are_there() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", PAGE))
    places = (ROOT / "triagebot", ROOT)
    assert len(named) > 25
    assert {name for name in named if not any((place / name).exists() for place in places)} == set()


def test_the_files_that_decisions_name_and_link_are_there() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert len(pages) > 5
    for page in pages:
        text = page.read_text("utf-8")
        named = re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", text)
        linked = re.findall(r"\]\(([^)#]+)\)", text)
        gone = [
            name for name in named if not any((place / name).exists() for place in (ROOT / "triagebot", ROOT))
        ]
        assert gone + [link for link in linked if not (page.parent / link).exists()] == [], page.name
