"""One test under the names that two formats have for it: with a folder, a file or a project, and without.

In: cases by format, the richest first, and id. Out: for a case that another format tells of under another id, that id. Only what
is the end of exactly one other name is taken for it; what several could be stays a test of its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from triagebot.reports.model import Case

_PYTEST = {"pytest-json", "junit-xml", "pytest-terminal"}
"""Formats whose ids of pytest's tests agree, or are matched by headings."""
_PARTS = re.compile(r" [›>/] |[.]|::")
_TAILS = 40


def same_tests(told: Mapping[str, Mapping[str, Case]]) -> dict[tuple[str, str], str]:
    """The id in a richer format, by format and id in the poorer one."""
    homes: dict[tuple[str, str], str] = {}
    kinds = list(told)
    if len(kinds) < 2 or set(kinds) <= _PYTEST:
        return {}
    for at, kind in enumerate(kinds[1:], 1):
        richer = {join: case for earlier in reversed(kinds[:at]) for join, case in told[earlier].items()}
        claims: dict[str, list[str]] = defaultdict(list)
        for join, home in _matched(told[kind], richer):
            claims[homes.get((kinds[0], home), home)].append(join)
        homes |= {(kind, joins[0]): home for home, joins in claims.items() if len(joins) == 1}
    return homes


def _matched(cases: Mapping[str, Case], richer: Mapping[str, Case]) -> Iterator[tuple[str, str]]:
    """Pairs of a case's id and the only one that may be its id in the richer formats."""
    ends: dict[str, list[str]] = defaultdict(list)
    for join, case in richer.items():
        for tail in _tails(_bare(join, case)):
            ends[tail].append(join)
    for join, case in cases.items():
        if join in richer:
            continue
        bare = _bare(join, case)
        whole = ends.get(bare) or [
            found
            for tail in _tails(bare)
            for found in ends.get(tail, ())
            if _bare(found, richer[found]) == tail
        ]
        fitting = [found for found in dict.fromkeys(whole) if _same_project(case, richer[found])]
        if len(fitting) == 1:
            yield join, fitting[0]


def _bare(join: str, case: Case) -> str:
    """An id without its project, and with blanks for all that parts names: writers part suites and titles as they like."""
    return _PARTS.sub(" ", join.removesuffix(f" [{case.project}]") if case.project else join)


def _same_project(one: Case, other: Case) -> bool:
    return one.project == other.project or not one.project or not other.project


def _tails(join: str) -> Iterator[str]:
    """The id, and what stands behind each of its first blanks."""
    yield join
    rest = join
    for _ in range(_TAILS):
        _, blank, rest = rest.partition(" ")
        if not blank:
            return
        yield rest
