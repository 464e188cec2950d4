"""The user's own rules: `[[rules]]` of the config, tried in order before anything of ours; the first match wins.

In: rules, a failure, the exception chosen and the key found. Out: the rule that holds, or None; and for the linter,
complaints about rules that do nothing or too much. It must not change a failure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from triagebot.config import Rule, When
from triagebot.reports.model import Failure, Raised, Run, Section

_LOOKED_AT = 8_000


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a rule: its number counted from 1, and why in words fit for the user."""

    rule: int
    reason: str


def first(rules: Sequence[Rule], failure: Failure, root: Raised, key: str) -> tuple[int, Rule] | None:
    """The first rule that holds with its number (from 1), or None."""
    for number, rule in enumerate(rules, 1):
        if holds(rule.when, failure, root, key):
            return number, rule
    return None


def holds(when: When, failure: Failure, root: Raised, key: str) -> bool:
    """Whether every field that a condition gives matches. `key` is the one that was found without rules."""
    return (
        (not when.kind or when.kind == key.rpartition("-")[0])
        and (not when.key or when.key == key)
        and (not when.test or _of_test(when.test, failure.test))
        and (not when.type or _says(when.type, root.type))
        and (not when.message or _says(when.message, root.message))
        and (not when.text or _says(when.text, failure.message) or _says(when.text, failure.text))
    )


def lint(
    rules: Sequence[Rule], runs: Iterable[Run], judged: Sequence[tuple[Failure, Raised, str]]
) -> tuple[Complaint, ...]:
    """Complaints about rules that never matched, matched more than half of all failures, or match passing output.

    `judged` are failures with the exception and key that were found without rules; `runs` the runs they come from.
    """
    passing = [section for run in runs for section in _passing(run)]
    found: list[Complaint] = []
    for number, rule in enumerate(rules, 1):
        found.extend(Complaint(number, reason) for reason in _lint(rule, judged, passing))
    return tuple(found)


def _lint(rule: Rule, judged: Sequence[tuple[Failure, Raised, str]], passing: Sequence[Section]) -> list[str]:
    """What is wrong with one rule."""
    hits = sum(holds(rule.when, failure, root, key) for failure, root, key in judged)
    reasons = []
    if judged and not hits and not rule.when.key:  # a cause comes and goes
        reasons.append(f"never matched any of {len(judged)} failures; is the text still what the tests say?")
    if len(judged) >= 4 and hits * 2 > len(judged):
        reasons.append(
            f"matched {hits} of {len(judged)} failures; a rule that takes more than half hides causes"
        )
    output = next((s.name for s in passing if rule.when.text and _says(rule.when.text, s.text)), "")
    if output:
        reasons.append(
            f"also matches the output of passing tests ({output}); it does not tell red from green"
        )
    return reasons


def _passing(run: Run) -> list[Section]:
    """What passing cases printed."""
    return [
        s
        for case in run.cases
        if case.outcome == "passed"
        for attempt in case.attempts
        for s in attempt.sections
    ]


def _of_test(pattern: str, test: str) -> bool:
    """A glob over display ids; `*` crosses `/` and `::`."""
    return fnmatchcase(test, pattern) or fnmatchcase(test, pattern + "::*")


def _says(pattern: str, text: str) -> bool:
    """Whether a text holds a literal, or a regex between slashes is found in it."""
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        return _compiled(pattern[1:-1]).search(text[:_LOOKED_AT]) is not None
    return pattern in text[:_LOOKED_AT]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
