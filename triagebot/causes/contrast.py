"""What failing tests show and passing ones do not, ranked by contrast and by how much it says.

In: the cases of a run, some of them failing for one reason. Out: `Explanation`s, most telling first. Chance is taken into
account: beside few passing tests little is explained.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from triagebot.causes.items import facts_of, is_aftermath, is_recorded, is_telling, items_of
from triagebot.causes.model import Explanation
from triagebot.reports.model import RED, Case, Run
from triagebot.steps import Step, TestPath

CHANCE = 0.01
"""The probability above which a contrast may be an accident."""
_SHARE = 0.6
"""The share of failing tests from which on an item is theirs."""
_SHOWN = 3


@dataclass(frozen=True)
class Evidence:
    """What every test of a run showed, read once. `items` are by join id; `passing` are the recorded passing tests."""

    items: Mapping[str, Mapping[str, Step]]
    tests: Mapping[str, str]
    passing: tuple[str, ...]
    passed_with: Mapping[str, int]
    facts: Mapping[str, tuple[str, ...]]
    passed: tuple[str, ...]

    def recorded(self, joins: Iterable[str]) -> list[str]:
        """Those of the tests of which anything was captured."""
        return [join for join in joins if join in self.items]


def evidence_of(run: Run, paths: Mapping[str, TestPath]) -> Evidence:
    """What the tests of a run showed. Of a test with several legs one that failed speaks before one that passed."""
    cases: dict[str, Case] = {}
    for case in sorted(run.cases, key=lambda case: case.outcome not in RED):
        cases.setdefault(case.join, case)
    items = {join: items_of(path) for join, path in paths.items() if join in cases and is_recorded(path)}
    passed = tuple(join for join, case in cases.items() if case.outcome == "passed")
    passing = tuple(join for join in passed if join in items)
    return Evidence(
        items=items,
        tests={join: case.test for join, case in cases.items()},
        passing=passing,
        passed_with=Counter(text for join in passing for text in items[join]),
        facts={join: tuple(dict.fromkeys(facts_of(case))) for join, case in cases.items()},
        passed=passed,
    )


def chance(failing_with: int, passing: int) -> float:
    """The probability that of tests that differ by nothing these fail and those pass: one of all ways to choose them."""
    return 1 / comb(failing_with + passing, passing)


def telling_items(evidence: Evidence, failing: Collection[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Items that speak of an error, that failing tests show and no passing one does, beyond chance; with the tests that do.

    What says that a test failed is none: it follows from failing.
    """
    holders: dict[str, set[str]] = {}
    for join in evidence.recorded(failing):
        for text in evidence.items[join]:
            if text not in evidence.passed_with:
                holders.setdefault(text, set()).add(join)
    for text, joins in sorted(holders.items()):
        if not is_telling(text) or is_aftermath(text):
            continue
        if chance(len(joins), len(evidence.passing)) < CHANCE:
            yield text, frozenset(joins)


def explanations(evidence: Evidence, failing: Sequence[str]) -> tuple[Explanation, ...]:
    """What sets these failing tests apart from those that pass, the most telling first, three at most."""
    found = [*_of_items(evidence, failing), *_of_facts(evidence, failing)]
    kept = [e for e in found if e.passing and e.chance < CHANCE]
    ranked = sorted(kept, key=lambda e: (not e.telling, -_contrast(e), -e.failing_with, e.what))
    return tuple(ranked[:_SHOWN])


def _contrast(found: Explanation) -> float:
    """The share of failing tests that show it beyond the share of passing ones."""
    return found.failing_with / found.failing - found.passing_with / found.passing


def _of_items(evidence: Evidence, failing: Sequence[str]) -> Iterator[Explanation]:
    """Lines that most of the failing tests printed and no passing one."""
    recorded = evidence.recorded(failing)
    counts = Counter(text for join in recorded for text in evidence.items[join])
    for text, count in counts.items():
        if count < max(2, _SHARE * len(recorded)) or text in evidence.passed_with:
            continue
        holder = next(join for join in recorded if text in evidence.items[join])
        item = evidence.items[holder][text]
        yield Explanation(
            what=text,
            quote=item.quote or item.text,
            place=item.place or evidence.tests[holder],
            failing_with=count,
            failing=len(recorded),
            passing_with=0,
            passing=len(evidence.passing),
            telling=is_telling(text),
            chance=chance(count, len(evidence.passing)),
        )


def _of_facts(evidence: Evidence, failing: Sequence[str]) -> Iterator[Explanation]:
    """Facts that all of the failing tests share and no passing one does: a leg of the matrix, a parameter, a file."""
    counts = Counter(fact for join in failing for fact in evidence.facts.get(join, ()))
    passed = Counter(fact for join in evidence.passed for fact in evidence.facts[join])
    for fact, count in counts.items():
        if count == len(failing) > 1 and not passed[fact]:
            yield Explanation(
                what=fact,
                quote=fact,
                place="",
                failing_with=count,
                failing=len(failing),
                passing_with=0,
                passing=len(evidence.passed),
                telling=False,
                chance=chance(count, len(evidence.passed)),
            )
