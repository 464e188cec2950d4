"""mochawesome's JSON (Mocha, Cypress), also merged by mochawesome-merge: suites in suites, with tests and hooks.

In: a `File`. Out: a `Report`. A hook that failed is a case of its own; what stood behind it was skipped.
Source: https://github.com/adamgruber/mochawesome
"""

import re
from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import count, items, mapping, string
from triagebot.reports.limits import NoReport
from triagebot.reports.mocha_json import error_of, phase_of
from triagebot.reports.model import Attachment, Case, Report
from triagebot.reports.runner_cases import AttemptResult, case, in_checkout, instant, report, seconds, test_id

NAME = "mochawesome"

_KEYS = re.compile(r'\{\s{0,20}"stats"\s{0,9}:\s{0,9}\{[^}]{0,2000}\}\s{0,9},\s{0,20}"results"\s{0,9}:')
"""How mochawesome's JSON begins: Mocha's stats, then results.

Hit: `{"stats": {"suites": 1}, "results": []}`
Miss: `{"stats": {"suites": 1}, "tests": []}`
"""
_FILE = re.compile(r"[\w@./\\ -]{1,300}\.(?:png|jpe?g|mp4|webm|zip|html|har|json|txt)")
"""A file that a context can name. Hit: `shots/pay.png`. Miss: `src/pay.js`."""


def looks(head: str) -> bool:
    """Whether a text starts like mochawesome's JSON, whose stats come first."""
    return bool(_KEYS.match(head.lstrip("\ufeff \t\r\n")))


def read(file: File) -> Report:
    """The Report of mochawesome's JSON."""
    document = mapping(document_of(file))
    if not isinstance(document.get("results"), list):
        raise NoReport("JSON, but not mochawesome's: it has no results")
    stats = mapping(document.get("stats"))
    cases = list(_cases(document))
    missing = (count(stats.get("failures")) or 0) - sum(bool(one.failures) for one in cases)
    return report(
        file,
        NAME,
        cases,
        started=instant(stats.get("start")),
        duration_s=seconds(stats.get("duration"), 1000),
        complete=not count(stats.get("skipped")),
        doubts=[f"failures that are counted but not named: {missing}"] if missing > 0 else [],
    )


def _cases(document: dict[str, Any]) -> Iterator[Case]:
    """The tests and failed hooks of all suites, outer ones first."""
    waiting = [(mapping(suite), "") for suite in reversed(items(document["results"]))]
    while waiting:
        suite, around = waiting.pop()
        file = in_checkout(string(suite.get("fullFile")) or string(suite.get("file"))) or around
        hooks = [*items(suite.get("beforeHooks")), *items(suite.get("afterHooks"))]
        yield from (_case(file, mapping(hook)) for hook in hooks if mapping(hook).get("fail"))
        yield from (_case(file, mapping(told)) for told in items(suite.get("tests")))
        waiting += [(mapping(inner), file) for inner in reversed(items(suite.get("suites")))]


def _case(file: str, told: dict[str, Any]) -> Case:
    title = string(told.get("fullTitle")) or string(told.get("title"))
    duration = seconds(told.get("duration"), 1000)
    if told.get("fail") or told.get("state") == "failed":
        errors = (error_of(mapping(told.get("err")), phase_of(title)),)
        last = AttemptResult(
            "failed", errors, duration, attachments=_attachments(string(told.get("context")))
        )
    else:
        last = AttemptResult(
            "passed" if told.get("pass") or told.get("state") == "passed" else "skipped", (), duration
        )
    return case(test_id(file, title), [last])


def _attachments(context: str) -> tuple[Attachment, ...]:
    """Files that a test's context names: screenshots and videos of Cypress."""
    return tuple(Attachment(name.rpartition("/")[2], name) for name in _FILE.findall(context[:10_000]))
