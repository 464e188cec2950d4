"""Tests that share a name, told apart: two cases of one name are two cases, and none of them outvotes another.

In: cases in the order of their report, each with what its writer says of where it ran. Out: the same cases under ids that
no two share. A case that nobody shares a name with keeps its own. Attempts of one case are not decided here: what
arrives here is a test of its own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from triagebot.reports.model import Case
from triagebot.reports.test_names import join_id, numbered

_MACHINE = re.compile(r"[^ ]{0,300}[.0-9][^ ]{0,300}")
"""The name of a machine, another one every day: digits or dots in it, and no blank.

Hit: `ip-10-0-0-7`
Hit: `vm.local`
Miss: `chromium`
Miss: `Windows 11`
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """A case and its home: the names of the suites around it, and the host that they name ("" without one)."""

    case: Case
    suites: tuple[str, ...] = ()
    host: str = ""


def distinct(found: Sequence[Placed]) -> tuple[Case, ...]:
    """The cases, each under an id of its own: by suite, else by project or browser, else by number in their order."""
    if len({placed.case.join for placed in found}) == len(found):
        return tuple(placed.case for placed in found)
    return tuple(_numbered(_by_host(_by_suite(found))))


def _by_suite(found: Iterable[Placed]) -> Iterator[Placed]:
    """Namesakes in suites of several names carry them."""
    held = list(found)
    homes: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for placed in held:
        homes[placed.case.join].add(placed.suites)
    for placed in held:
        home = "::".join(placed.suites) if len(homes[placed.case.join]) > 1 else ""
        yield replace(placed, case=renamed(placed.case, f"{home}::{placed.case.test}")) if home else placed


def _by_host(found: Iterable[Placed]) -> Iterator[Placed]:
    """Namesakes on hosts of several names carry them, where these are projects or browsers and no machines."""
    held = list(found)
    hosts: dict[str, list[str]] = defaultdict(list)
    for placed in held:
        hosts[placed.case.join].append(placed.host)
    named = {join for join, several in hosts.items() if _tells(several)}
    for placed in held:
        yield (
            replace(placed, case=of_project(placed.case, placed.host))
            if placed.case.join in named
            else placed
        )


def _tells(hosts: list[str]) -> bool:
    """Whether hosts tell namesakes apart, today and tomorrow."""
    several = len(set(hosts)) > 1
    return several and all(host and not _MACHINE.fullmatch(host) for host in hosts)


def _numbered(found: Iterable[Placed]) -> Iterator[Case]:
    """What still shares a name carries its number, the first one, too: a test that is alone is none of several."""
    cases = [placed.case for placed in found]
    shared = Counter(case.join for case in cases)
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.join] += 1
        yield case if shared[case.join] == 1 else _with_number(case, seen[case.join])


def _with_number(case: Case, number: int) -> Case:
    return renamed(case, numbered(case.test, number), numbered(case.join, number))


def renamed(case: Case, test: str, join: str | None = None) -> Case:
    """The case and its failures under another name."""
    join = join_id(test) if join is None else join
    attempts = tuple(
        replace(attempt, failures=tuple(replace(f, test=test, join=join) for f in attempt.failures))
        for attempt in case.attempts
    )
    return replace(case, test=test, join=join, attempts=attempts)


def of_project(case: Case, project: str) -> Case:
    """The case and its failures as ones that a project ran; as they are where none is named."""
    if not project:
        return case
    case = renamed(case, f"{case.test} [{project}]")
    attempts = tuple(
        replace(attempt, failures=tuple(replace(failure, project=project) for failure in attempt.failures))
        for attempt in case.attempts
    )
    return replace(case, project=project, attempts=attempts)
