"""What keeps one report within the limits of `[limits]`: an exception for those it breaks, shorter names, no surprise.

In: limits and what a reader found. Out: the same within the limits, with a `Beyond` for what was left out. Whoever reads
several files hands in what is left for the next.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from triagebot.config import Limits
from triagebot.reports.model import RED, Beyond, Case, Report
from triagebot.reports.namesakes import renamed

_DIGEST = 16


class Exceeded(Exception):  # noqa: N818 it is the answer to an input, not an error of ours
    """A report holds more than is read; the text says which limit of the config stands in the way."""


class NoReport(Exception):  # noqa: N818 the same
    """A file is no report of its format, or none that can be believed; the text says why."""


def digest(name: str) -> str:
    """What stands for a name that is too long to be carried along. Of one with a secret in it, no part is shown."""
    return "…" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


def short(name: str, limits: Limits) -> str:
    """A name without secrets within its limit: the head of a longer one and a digest, so that two names stay two."""
    if len(name) <= limits.name_chars:
        return name
    return f"{name[: limits.name_chars - _DIGEST - 1]}{digest(name)}"


def first_of(report: Report, limits: Limits) -> Report:
    """A report with no more cases than may be read, and no more failing ones than may be grouped. No text is looked at."""
    kept = report.cases[: limits.cases]
    red = [case for case in kept if case.outcome in RED]
    told = []
    if len(kept) < len(report.cases):
        told.append(more_tests(len(kept), len(report.cases)))
    if len(red) > limits.failures:
        left = {id(case) for case in red[limits.failures :]}
        kept = tuple(case for case in kept if id(case) not in left)
        told.append(more_failures(limits.failures, len(red)))
    return _told(replace(report, cases=kept), told) if told else report


def with_short_names(report: Report, limits: Limits) -> Report:
    """A report without secrets, with names that are not too long."""
    long = sum(len(case.test) > limits.name_chars for case in report.cases)
    if not long:
        return report
    told = f"names longer than {limits.name_chars} characters were shortened: {long} (limits.name_chars)"
    return _told(replace(report, cases=tuple(_named_short(case, limits) for case in report.cases)), [told])


def _told(report: Report, reasons: Sequence[str]) -> Report:
    """A report of which something was left out."""
    beyond = (Beyond(report.path, reason) for reason in reasons)
    return replace(report, problems=(*report.problems, *beyond), complete=False)


def more_tests(kept: int, found: int, what: str = "tests") -> str:
    """What is said where a report holds more than is read."""
    return f"more {what} than one command reads; the first {kept} of {found} count (limits.cases)"


def more_failures(kept: int, found: int) -> str:
    """What is said where more tests failed than are grouped."""
    return f"more failing tests than one command groups; the first {kept} of {found} count (limits.failures)"


def _named_short(case: Case, limits: Limits) -> Case:
    """A case under a name that is not too long."""
    test, join = short(case.test, limits), short(case.join, limits)
    return case if (test, join) == (case.test, case.join) else renamed(case, test, join)
