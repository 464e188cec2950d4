"""Writes the pages that are made from the code; a test holds them against it.

Usage: python docs/generate.py
"""

import json
from pathlib import Path

from triagebot.config.schema import page, schema

HERE = Path(__file__).parent


def generated() -> dict[str, str]:
    """The text of every generated file by its name."""
    return {
        "configuration.md": page(),
        "triagebot.schema.json": json.dumps(schema(), indent=2) + "\n",
    }


if __name__ == "__main__":
    for name, text in generated().items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")
