"""Writes the pages that are made from the code; a test holds them against it.

Usage: python docs/generate.py
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]  # the tables of the tests, and the pages beside this file

import signatures_page  # noqa: E402

from triagebot.config.schema import page, schema  # noqa: E402
from triagebot.reports.formats import table  # noqa: E402

HERE = Path(__file__).parent
_FORMATS, _END = "<!-- formats -->", "<!-- formats: end -->"


def generated() -> dict[str, str]:
    """The text of every generated file by its name."""
    return {
        "configuration.md": page(),
        "signatures.md": signatures_page.page(),
        "triagebot.schema.json": json.dumps(schema(), indent=2) + "\n",
        "../README.md": readme(),
    }


def readme() -> str:
    """README with the table of formats between its two marks."""
    before, _, rest = (HERE.parent / "README.md").read_text(encoding="utf-8").partition(_FORMATS)
    return f"{before}{_FORMATS}\n{table()}{_END}{rest.partition(_END)[2]}"


if __name__ == "__main__":
    for name, text in generated().items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")
