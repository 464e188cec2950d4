"""Every text of a report is redacted before anything else looks at it, whatever field it stands in."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from triagebot.redact import Redactor
from triagebot.reports.model import Report
from triagebot.reports.redaction import redacted_report

SECRET = "ghp_" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z"[:32] + "0Zq7"
SPLIT = f"{SECRET[:9]}\u200b{SECRET[9:20]}\x1b[31m{SECRET[20:]}"


def filled(kind: Any, text: str, depth: int = 0) -> Any:
    """A value of a type with `text` in every string of it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is str:
        return text
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        return filled(arguments[0], text, depth)
    if origin is tuple and arguments[-1] is Ellipsis:
        return () if depth > 6 else (filled(arguments[0], text, depth + 1),)
    if origin is tuple:
        return tuple(filled(argument, text, depth + 1) for argument in arguments)
    if origin is dict:
        return {filled(arguments[0], "environment"): filled(arguments[1], text)}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: filled(hints[field.name], text, depth + 1) for field in fields(kind)})
    if hasattr(kind, "_fields"):  # a tuple with names
        return kind(*(filled(hint, text, depth + 1) for hint in get_type_hints(kind).values()))
    return {int: 1, float: 1.0, bool: True, datetime: datetime(2026, 1, 1, tzinfo=UTC)}[kind]


def strings(value: Any) -> Iterator[str]:
    """Every string in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in strings(part))
    elif isinstance(value, tuple):
        yield from (text for part in value for text in strings(part))
    elif is_dataclass(value):
        yield from (text for field in fields(value) for text in strings(getattr(value, field.name)))


# What a report's reader writes itself, and what names a file or a format of ours.
OURS = {"sha256", "format"}


@pytest.mark.parametrize("secret", [SECRET, SPLIT], ids=["whole", "cut by an escape and a hidden character"])
def test_no_field_of_a_report_keeps_a_secret(secret: str) -> None:
    report = filled(Report, f"token {secret} refused")
    assert sum(secret in text for text in strings(report)) >= 15
    found = redacted_report(report, Redactor())
    for field in fields(found):
        if field.name not in OURS:
            for text in strings(getattr(found, field.name)):
                assert "Ab3dEf6hIj" not in text.replace("\u200b", ""), field.name
                assert "Lm2nOp5qRs" not in text, field.name
    assert sum("[REDACTED:" in text for text in strings(found)) >= 15


def test_names_read_the_same_in_every_run_and_messages_are_numbered_in_this_one() -> None:
    first, second = Redactor(), Redactor()
    second.text("another token: ghp_" + "Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0Pp9O8N")
    report = filled(Report, f"token {SECRET} refused")
    one, other = redacted_report(report, first), redacted_report(report, second)
    assert [case.test for case in one.cases] == [case.test for case in other.cases]
    assert one.facts == other.facts


def test_redacting_again_changes_nothing() -> None:
    redactor = Redactor()
    report = redacted_report(filled(Report, f"token {SECRET} refused"), redactor)
    assert redacted_report(report, redactor) == report
