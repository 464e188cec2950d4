"""What JUnit XML claims beside its results: counts of suites, status words of cases, results out of place.

In: the elements of a report. Out: what is counted but not named, and sentences on what contradicts itself. Writers differ
in what they count: a suite may count its own cases or those of suites within, errors among the failures, each attempt or
the last, and may leave skipped ones out; `tests` may count assertions (Catch2, https://github.com/catchorg/Catch2/issues/529)
or subtests (pytest). Only what says that something red is kept from us, or that cases are missing, is a contradiction;
fewer counted than named is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from triagebot.reports.json_values import count
from triagebot.reports.outcomes import Meaning, meaning

_COUNTS = ("tests", "failures", "errors", "skipped", "disabled", "ignored")
_LEFT_OUT = ("skipped", "disabled", "ignored")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,16}(?:\.0{1,9})?")
"""A count as writers spell it; some group thousands, some write 3.0.

Hit: `1,234`
Hit: `3.0`
Miss: `12,34`
Miss: `-1`
"""
_STATED = ("status", "result", "outcome")
_RESULTS = frozenset({"failure", "error"})
_ATTEMPTS = frozenset({"rerunFailure", "rerunError", "flakyFailure", "flakyError"})
_RED_TAGS = _RESULTS | _ATTEMPTS
_KNOWN = _RED_TAGS | {"skipped", "system-out", "system-err", "properties"}


def stated(case: Any) -> tuple[Meaning, str]:
    """What the attributes of a case state of its end, the worst first, and the attribute as it stands."""
    if case.attrib.keys().isdisjoint(_STATED):
        return "", ""
    found = [(meaning(text), f'{name}="{text[:80]}"') for name in _STATED if (text := case.get(name))]
    order: tuple[Meaning, ...] = ("red", "unknown", "skipped", "green", "")
    return min(found, key=lambda said: order.index(said[0]), default=("", ""))


def errors_beside(suite: Any) -> list[tuple[bool, str]]:
    """What a suite of Newman's says of a request beside its cases: whether it got no answer, else its script broke; and the words."""
    said = (
        [child.text or "" for child in suite if child.tag == "system-err"] if suite.tag == "testsuite" else []
    )
    return [
        (found["kind"] == "Request", found["said"].strip())
        for text in said
        if text.startswith("Iteration: ")
        for found in _BESIDE.finditer(text[:100_000])
    ]


def of_suite(suite: Any) -> list[Any]:
    """The failures and errors that stand in a suite itself, and in none of its cases."""
    return [child for child in suite if child.tag in _RESULTS]


def odd_result(case: Any) -> str:
    """The tag of a child that speaks of a failure in a spelling that no writer of JUnit has; "" without one."""
    tags = (child.tag for child in case if child.tag not in _KNOWN and isinstance(child.tag, str))
    return next((tag for tag in tags if meaning(tag) == "red"), "")


_BESIDE = re.compile(
    r"^(?P<kind>Request|\w{1,40}Script)Error: (?P<said>(?:(?!---$).{0,4000}\n){1,200}?)(?=---$)", re.MULTILINE
)
"""What Newman says of a request that got no answer, or of a script that broke, up to the line below.

Hit: `RequestError: connect ECONNREFUSED 127.0.0.1:9\n---`
Hit: `testScriptError: gone\n---`
Miss: `AssertionError: gone\n---`
"""


@dataclass(slots=True)
class _Level:
    """One suite: what it claims, and what stands in it and in the suites within.

    `loose` is True where `tests` may count more than cases: it counts subtests, assertions or steps.
    """

    element: Any
    parent: "_Level | None"
    cases: int = 0
    skipped: int = 0
    red: int = 0
    again: int = 0
    stray: int = 0
    missing: int = 0
    loose: bool = False
    claims: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claims:
    """How many failures are counted but not named, and what else contradicts itself, in sentences.

    `stopped` is True when a suite with a failure counts cases that it does not name: what stood behind a hook that broke.
    """

    missing: int = 0
    doubts: tuple[str, ...] = ()
    stopped: bool = False


def claims(root: Any) -> Claims:
    """What a report's counts and its shape say beside the results in it."""
    levels, homeless = _levels(root)
    odd = [odd for level in levels for odd in _read_counts(level)]
    for level in reversed(levels):
        _settle(level)
    lost = max(_lacking(level) if not level.red else 0 for level in levels)
    mute = sum(_says_red_alone(level) for level in levels)
    missing = levels[0].missing
    told = [
        (missing, f"failures that are counted but not named: {missing}"),
        (lost, f"cases that are counted but not named: {lost}"),
        (mute, f"suites that say they failed, with nothing in them that did: {mute}"),
        (homeless, f"cases that stand in no suite of the report: {homeless}"),
        (len(odd), f"counts that are none: {', '.join(odd[:5])}{' and more' if len(odd) > 5 else ''}"),
    ]
    stopped = any(_lacking(level) > 0 for level in levels if level.red)
    return Claims(missing, tuple(sentence for found, sentence in told if found), stopped)


def _levels(root: Any) -> tuple[list[_Level], int]:
    """Every suite, outer ones first, with what stands right in it; and how many cases stand where nobody reads them."""
    levels = [_Level(root, None, loose=root.get("name") == "pytest tests" or _counts_otherwise(root))]
    homeless = 0
    waiting: list[tuple[Any, _Level, bool]] = [(root, levels[0], True)]
    while waiting:
        element, level, read = waiting.pop()
        level.red += len(errors_beside(element)) if element is level.element else 0
        for child in reversed(element):
            if child.tag == "testsuite":
                inner = _Level(child, level, loose=level.loose or _counts_otherwise(child))
                levels.append(inner)
                waiting.append((child, inner, read))
            elif child.tag == "testcase":
                _count_case(child, level)
                homeless += not read
                if len(child):
                    waiting.append((child, level, False))
            elif child.tag in _RESULTS and element is level.element:
                level.red += 1  # a suite's own: its set-up broke
            elif child.tag in _RESULTS and element.tag != "testcase":
                level.stray += 1
            elif _may_hold_cases(child):
                waiting.append((child, level, False))
    return levels, homeless


def _may_hold_cases(element: Any) -> bool:
    """Whether an element that is neither suite nor case has elements of its own to look through."""
    return len(element) > 0 and element.tag not in _KNOWN


def _count_case(case: Any, level: _Level) -> None:
    tags = [child.tag for child in case]
    red = sum(tag in _RED_TAGS for tag in tags)
    said = stated(case)[0]
    level.cases += 1
    level.loose = level.loose or case.get("assertions") is not None or case.get("tests") is not None
    level.red += red or said == "red"
    level.again += sum(tag in _ATTEMPTS for tag in tags)
    level.skipped += "skipped" in tags or said == "skipped"


def _read_counts(level: _Level) -> Iterator[str]:
    """Keeps the counts of a suite that are counts, and returns the attributes that are none."""
    for name in _COUNTS:
        text = (level.element.get(name) or "").strip()
        found = count(float(text.replace(",", ""))) if _NUMBER.fullmatch(text) else None
        if found is not None:
            level.claims[name] = found
        elif text:
            yield f'{name}="{text[:40]}"'


def _settle(level: _Level) -> None:
    """Closes a suite whose inner suites are closed: what it counts beyond what is named, and its parent's sums."""
    claimed = level.claims.get("failures", 0) + level.claims.get("errors", 0)
    level.missing = max(claimed - level.red, level.missing + level.stray)
    if above := level.parent:
        above.cases += level.cases
        above.red += level.red
        above.again += level.again
        above.skipped += level.skipped
        above.missing += level.missing
        above.loose = above.loose or level.loose


def _counts_otherwise(suite: Any) -> bool:
    """Whether a suite is of a writer that counts subtests (pytest) or assertions (Catch2's hostname is "tbd") as tests."""
    return bool(suite.get("name") == "pytest" or suite.get("hostname") == "tbd")


def _says_red_alone(level: _Level) -> bool:
    """Whether a suite states by an attribute that it failed, and neither names nor counts what did."""
    return not level.red and not level.missing and stated(level.element)[0] == "red"


def _lacking(level: _Level) -> int:
    """How many cases a suite counts and does not name, but for those that it may leave out or count otherwise.

    Failures that lack their cases were counted already. Surefire may count each attempt as a test.
    """
    if level.loose and level.cases:
        return 0
    left_out = max(sum(level.claims.get(name, 0) for name in _LEFT_OUT) - level.skipped, 0)
    return max(level.claims.get("tests", 0) - level.cases - level.again - left_out - level.missing, 0)
