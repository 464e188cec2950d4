"""RSpec's JSON formatter: examples in one list; what could not be loaded stands in messages.

In: a `File`. Out: a `Report`. rspec-retry leaves no trace in it.
Source: https://rspec.info/features/3-13/rspec-core/formatters/json-formatter/
"""

import re
from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import count, items, mapping, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, CaseOutcome, Report
from triagebot.reports.runner_cases import (
    AttemptResult,
    Error,
    case,
    head_of,
    in_checkout,
    report,
    seconds,
    test_id,
)

NAME = "rspec-json"

_KEYS = re.compile(r'\{\s{0,20}"version"\s{0,9}:[^\[]{1,200}"(?:messages|seed|examples)"\s{0,9}:')
"""How a file of RSpec begins.

Hit: `{"version":"3.13.0","messages":[`
Hit: `{"version":"3.13.0","seed":5,"examples":[`
Miss: `{"version":2,"tests":[`
"""
_LOADING = re.compile(
    r"An error occurred (?:while loading|in [\w :`'()]{1,60}?(?:hook|context)) ?(\S{0,500})"
)
"""An error outside of examples, and the file that it names.

Hit: `An error occurred while loading ./spec/cart_spec.rb.`
Hit: `` An error occurred in a `before(:suite)` hook. ``
Miss: `An error occurred: gone`
"""
_ENDS: dict[str, CaseOutcome] = {"passed": "passed", "pending": "skipped"}


def looks(head: str) -> bool:
    """Whether a text starts like RSpec's JSON, whose version comes first."""
    return bool(_KEYS.match(head.lstrip("\ufeff \t\r\n")))


def read(file: File) -> Report:
    """The Report of RSpec's JSON."""
    document = mapping(document_of(file))
    if not isinstance(document.get("examples"), list):
        raise NoReport("JSON, but not RSpec's: it has no examples")
    summary = mapping(document.get("summary"))
    outside = list(_outside(document, count(summary.get("errors_outside_of_examples_count"))))
    cases = [*map(_case, map(mapping, document["examples"])), *outside]
    missing = (count(summary.get("failure_count")) or 0) - sum(bool(one.failures) for one in cases)
    return report(
        file,
        NAME,
        cases,
        duration_s=seconds(summary.get("duration")),
        complete=not outside,
        doubts=[f"failures that are counted but not named: {missing}"] if missing > 0 else [],
    )


def _case(example: dict[str, Any]) -> Case:
    name = string(example.get("full_description")) or string(example.get("description"))
    outcome = _ENDS.get(string(example.get("status")), "failed")
    told = AttemptResult(
        outcome, (_error(mapping(example.get("exception"))),), seconds(example.get("run_time"))
    )
    return case(test_id(in_checkout(string(example.get("file_path"))), name), [told])


def _error(exception: dict[str, Any]) -> Error:
    message, kind = string(exception.get("message")).strip("\n"), string(exception.get("class"))
    typed = f"{kind}: {message}" if kind and not message.startswith(kind) else message
    frames = "\n".join(f"    from {string(frame)}" for frame in items(exception.get("backtrace")))
    return Error(typed, f"{typed}\n{frames}" if frames else typed)


def _outside(document: dict[str, Any], counted: int | None) -> Iterator[Case]:
    """Errors outside the examples, each a case of the file that could not be loaded; as many as messages where nothing counts them."""
    said = [
        text for message in items(document.get("messages")) if "error occurred" in (text := string(message))
    ]
    for at in range(len(said) if counted is None else counted):
        text = said[at].strip("\n") if at < len(said) else ""
        found = _LOADING.search(text)
        home = in_checkout(found[1].rstrip(".")) if found and found[1] else "rspec"
        told = re.split(r"\n#|\n\s{0,9}Failure/Error:", text)
        yield case(
            home, [AttemptResult("error", (Error(_kind_in(text) or head_of(told[0]), text, "collect"),))]
        )


def _kind_in(text: str) -> str:
    """The error's class and message, which stand below the line that failed."""
    found = re.search(
        r"^\s{0,9}([A-Z][\w:]{2,200}(?:Error|Exception)?):\s{0,9}\n\s{0,9}(\S.{0,2000})", text, re.MULTILINE
    )
    return f"{found[1]}: {found[2]}" if found else ""
