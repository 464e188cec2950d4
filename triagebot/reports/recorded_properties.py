"""What a suite recorded beside a test: properties of JUnit XML, `user_properties` and metadata of pytest-json-report.

In: names with values as a report holds them. Out: (name, value) pairs of text, within bounds. What is left out is said as cut.
"""

import json
from collections.abc import Iterable
from typing import Any

from triagebot.reports.json_values import items, mapping

MOST = 2_000
_CHARS = 1_000
_OURS = "triagebot"


def properties(named: Iterable[tuple[str, Any]]) -> tuple[tuple[str, str], ...]:
    """The pairs as text."""
    kept: list[tuple[str, str]] = []
    for name, value in named:
        if len(kept) == MOST:
            return (*kept, (name, "[… more characters cut …]\n"))
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        kept.append((name[:_CHARS], text[:_CHARS]))
    return tuple(kept)


def of_json(test: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Those of a test of a JSON report; lists in metadata are taken value by value."""
    told = [
        (name, value) for each in items(test.get("user_properties")) for name, value in mapping(each).items()
    ]
    for name, value in mapping(test.get("metadata")).items():
        if name != _OURS:
            told += [(f"metadata.{name}", each) for each in (value if isinstance(value, list) else [value])]
    return properties(told) if told else ()
