"""What `git bisect` needs to find the commit that broke a cause: the bounds, and the one test that shows it soonest.

In: the past of a cause's tests, the bounds as far as they are known. Out: a `BisectPlan` as lines for a shell. Nothing is run here.
"""

import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from triagebot.history.model import Past, Result

_RED = frozenset(("failed", "error"))
# git takes 1 to 124 for bad and 125 for "cannot say". pytest's 2 to 5 (docs.pytest.org, "Exit codes") are no failure of the test:
# it was interrupted, broke, was called wrongly, or is not there at that commit.
_RUN = 'pytest "$0"; code=$?; [ "$code" -gt 1 ] && exit 125; exit "$code"'


@dataclass(frozen=True, slots=True)
class BisectPlan:
    """A bisection between two commits with one test. `failed` of `ran` is how often the test showed it; `seconds` its usual time."""

    good: str
    bad: str
    test: str
    failed: int = 0
    ran: int = 0
    seconds: float | None = None

    @property
    def commands(self) -> tuple[str, ...]:
        """The lines for a shell, in order."""
        return (
            f"git bisect start {shlex.quote(self.bad)} {shlex.quote(self.good)}",
            f"git bisect run sh -c {shlex.quote(_RUN)} {shlex.quote(self.test)}",
            "git bisect reset",
        )


def bisect_plan(
    past: Past, tests: Mapping[str, str], red: Collection[str], good: str, bad: str
) -> BisectPlan:
    """The plan with the test that failed most often in the `red` runs, the fastest among those. `tests` are display ids by join id, at least one."""
    judged = {join: _judged(past.results.get(join, ()), red) for join in tests}
    join = min(tests, key=lambda each: (*_preference(judged[each]), tests[each]))
    failed, ran, seconds = judged[join]
    return BisectPlan(good, bad, tests[join], failed, ran, seconds)


def _judged(results: Sequence[Result], red: Collection[str]) -> tuple[int, int, float | None]:
    """How often a test failed in these runs, how often it ran in them, and its usual seconds."""
    there = [result for result in results if result.run in red and result.outcome != "skipped"]
    times = [result.duration_s for result in results if result.duration_s is not None]
    return sum(result.outcome in _RED for result in there), len(there), median(times) if times else None


def _preference(judged: tuple[int, int, float | None]) -> tuple[float, float]:
    """Sure ones first, then quick ones; a time that nobody knows is a long one."""
    failed, ran, seconds = judged
    return (-failed / ran if ran else 0.0, seconds if seconds is not None else float("inf"))
