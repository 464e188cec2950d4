"""What README and SECURITY promise: each sentence of the table stands there, and names tests that are there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = tomllib.loads((Path(__file__).parent / "promises.toml").read_text("utf-8"))
PROMISES = [(page, promise) for page, promises in TABLE.items() for promise in promises]


@pytest.mark.parametrize(
    ("page", "promise"),
    PROMISES,
    ids=lambda value: str(value.get("says", ""))[:60] if isinstance(value, dict) else value,
)
def test_a_promise_stands_on_its_page_and_a_test_holds_it(page, promise):
    text = " ".join((ROOT / page).read_text("utf-8").split())
    assert " ".join(promise["says"].split()) in text
    for held in promise["held_by"]:
        path, _, name = held.partition("::")
        wanted = f'name = "{name}"' if path.endswith(".toml") else f"def {name}" if name else ""
        assert wanted in (ROOT / path).read_text("utf-8"), held


def test_every_dependency_is_in_readmes_table_with_its_reason():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    table = (ROOT / "README.md").read_text("utf-8").partition("| package | why |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| ")]
    named = {name.strip().lower() for names, reason in rows if reason.strip() for name in names.split(",")}
    assert named == {re.match(r"[\w-]+", requirement)[0].lower() for requirement in listed}
