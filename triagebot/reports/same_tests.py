"""One test under the names that two formats have for it: with a folder, a file or a project, and without.

In: cases by format, the richest first, and id. Out: for a case that another format tells of under another id, that id; and
the cases that another format tells of as several: by project, or under names that this one cannot part. Only what is the
end of exactly one other name is taken for it; what several could be stays a test of its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from triagebot.reports.model import Case
from triagebot.reports.test_names import shared_name

Place = tuple[str, str]
"""A case by format and join id."""

_PYTEST = {"pytest-json", "junit-xml", "pytest-terminal"}
"""Formats whose ids of pytest's tests agree, or are matched by headings."""
_PARTS = re.compile(r"\s{0,9}(?:[./]|::| [›>]) ?\s{0,8}|\s{2,9}")
"""What parts the names of suites and titles, in any writer's way, and blanks that stand for one.

Hit: `cart › adds`
Hit: `tests/cart`
Hit: `cart  adds`
Miss: `cart adds`
"""
_EXAMPLE = re.compile(
    r"\A((?:[^.]{0,300}[.])?)(.{1,900}?)(?: - .{1,300}?)? - (?:Example )?#\d{1,6}[.]\d{1,6}(?:: (.{1,900}))?\Z",
    re.DOTALL,
)
"""A row of a scenario outline as Cucumber's JUnit spells it: feature, outline, examples, number, and the name with the row's values.

Hit: `Cart.Paying with <card> - cards - Example #1.1: Paying with visa`
Hit: `Cart.Paying - #1.2`
Miss: `Cart.Paying with visa - twice`
"""
_TAILS = 40


def same_tests(told: Mapping[str, Mapping[str, Case]]) -> tuple[dict[Place, str], set[Place]]:
    """The id in a richer format of a case of a poorer one; and the cases that another format tells of as several."""
    homes: dict[Place, str] = {}
    covered: set[Place] = set()
    kinds = list(told)
    if len(kinds) < 2 or set(kinds) <= _PYTEST:
        return homes, covered
    for at, kind in enumerate(kinds[1:], 1):
        earlier = [(other, join) for other in reversed(kinds[:at]) for join in told[other]]
        namesakes = {join: other for other, join in earlier if join in told[kind]}
        homes |= {
            (kind, join): homes[other, join] for join, other in namesakes.items() if (other, join) in homes
        }
        known = {
            join: other
            for other, join in earlier
            if (other, join) not in covered and (other, join) not in homes and join not in namesakes
        }
        richer = {join: told[other][join] for join, other in known.items()}
        alone = [case for join, case in told[kind].items() if join not in namesakes]
        for fitting, held in _alike(alone, richer).items():
            ours, theirs = [told[kind][join] for join in held], [richer[join] for join in fitting]
            if len(held) == len(fitting) and (len(held) == 1 or (_numbered(ours) and _numbered(theirs))):
                homes |= {(kind, join): home for join, home in zip(held, fitting, strict=True)}
            elif _all_told(ours, theirs):
                covered |= {(kind, join) for join in held}
            elif _all_told(theirs, ours):
                covered |= {(known[join], join) for join in fitting}
    return homes, covered


def _alike(cases: Sequence[Case], richer: Mapping[str, Case]) -> dict[tuple[str, ...], list[str]]:
    """The ids of cases by all that may be theirs in the richer formats: those of one name may be any of them."""
    whole: dict[str, list[str]] = defaultdict(list)
    for join, case in richer.items():
        whole[_bare(case)].append(join)
    ends: dict[str, list[str]] = defaultdict(list)
    for bare, joins in whole.items():
        for tail in _tails(bare):
            ends[tail] += joins
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for case in cases:
        named[_bare(case), case.project].append(case.join)
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for (bare, project), joins in named.items():
        near = ends.get(bare) or [join for tail in _tails(bare) for join in whole.get(tail, ())]
        if fitting := tuple(join for join in near if not project or richer[join].project in {"", project}):
            found[fitting] += joins
    return found


def _numbered(cases: Sequence[Case]) -> bool:
    """Whether cases have one name and project, and are told apart by their numbers alone."""
    return len({(_bare(case), case.project) for case in cases}) == 1


def _all_told(held: Sequence[Case], others: Sequence[Case]) -> bool:
    """Whether cases are all among those of another format: as many, or one name in its projects, and no failure more."""
    of_projects = len({_bare(case) for case in others}) == 1 and all(case.project for case in others)
    fit = len(held) <= len(others) if of_projects else len(held) == len(others)
    red, known = (sum(bool(case.failures) for case in cases) for cases in (held, others))
    return fit and red <= known


def _bare(case: Case) -> str:
    """An id without its project and number, and with blanks for all that parts names: writers part suites and titles as they like."""
    own = shared_name(case.join)
    own = own.removesuffix(f" [{case.project}]") if case.project else own
    if row := _EXAMPLE.match(own) if " - " in own else None:
        own = f"{row[1]}{row[3] or row[2]}"
    return _PARTS.sub(" ", own)


def _tails(join: str) -> Iterator[str]:
    """The id, and what stands behind each of its first blanks."""
    yield join
    rest = join
    for _ in range(_TAILS):
        _, blank, rest = rest.partition(" ")
        if not blank:
            return
        yield rest
