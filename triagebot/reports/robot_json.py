"""Robot Framework's JSON output (7.0 and later): the same as output.xml in objects.

In: a `File`. Out: a `Report`. Source: https://github.com/robotframework/robotframework/tree/master/doc/schema
"""

import re
from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import items, mapping, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, Report
from triagebot.reports.robot_results import attempts
from triagebot.reports.runner_cases import case, report, seconds

NAME = "robot-json"

_KEYS = re.compile(r'\{\s{0,20}"generator"\s{0,9}:\s{0,9}"(?:Robot|Rebot)\b')
"""How a file of Robot Framework begins.

Hit: `{"generator":"Robot 7.1 (Python 3.11.9 on linux)"`
Miss: `{"generator":"Newman"`
"""


def looks(head: str) -> bool:
    """Whether a text starts like Robot's JSON."""
    return bool(_KEYS.match(head.lstrip("\ufeff \t\r\n")))


def read(file: File) -> Report:
    """The Report of an output.json."""
    document = mapping(document_of(file))
    if not isinstance(document.get("suite"), dict):
        raise NoReport("JSON, but not Robot's: it has no suite")
    return report(file, NAME, list(_cases(document["suite"])))


def _cases(suite: dict[str, Any]) -> Iterator[Case]:
    """The tests of all suites, outer ones first."""
    waiting: list[tuple[dict[str, Any], tuple[str, ...]]] = [(suite, ())]
    while waiting:
        held, around = waiting.pop()
        names = (*around, string(held.get("name")))
        yield from (_case(mapping(test), ".".join(names)) for test in items(held.get("tests")))
        waiting += [(mapping(inner), names) for inner in reversed(items(held.get("suites")))]


def _case(test: dict[str, Any], suite: str) -> Case:
    keywords = list(_keywords(test))
    told = attempts(
        string(test.get("status")),
        string(test.get("message")),
        seconds(test.get("elapsed_time")),
        [_call(keyword) for keyword in keywords if keyword.get("status") == "FAIL" and keyword.get("name")],
        [(string(k.get("level")), string(k.get("message"))) for k in keywords if k.get("type") == "MESSAGE"],
    )
    return case(f"{suite}.{string(test.get('name'))}", told)


def _keywords(test: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All keywords and messages of a test in order, setup first."""
    waiting = [
        mapping(test.get("teardown")),
        *map(mapping, reversed(items(test.get("body")))),
        mapping(test.get("setup")),
    ]
    while waiting:
        keyword = waiting.pop()
        if keyword:
            yield keyword
        waiting += [mapping(inner) for inner in reversed(items(keyword.get("body")))]


def _call(keyword: dict[str, Any]) -> str:
    name = ".".join(filter(None, (string(keyword.get("owner")), string(keyword.get("name")))))
    return f"{name}    {'    '.join(map(string, items(keyword.get('args'))))}"[:500].rstrip()
