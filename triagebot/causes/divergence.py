"""Where a failing test leaves the path of its last green run.

In: the path of a failing test and that of its last green run, both with functions in the order of their first calls. Out: the last
common step, what should have come, and what came instead.

Groups whose tests leave their green paths at one place are one cause, and few places explain many tests: `shared_places` lets each test
name a few functions, and takes the one that most speaks for first (`python -m benchmarks.grouping.traced` measures it).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from itertools import takewhile

from triagebot.steps import Step, TestPath

_LAST, _EXPECTED, _CAME = 3, 2, 1
_RETURNED = (2, 1, 1)


@dataclass(frozen=True, slots=True)
class Divergence:
    """The last common step of a red and a green path, and the first of each that is not; None where there is none.

    `returned` are the functions above the last one that had given their answers when the turn was taken, the nearest first.
    """

    last: Step | None
    expected: Step | None
    came: Step | None
    returned: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The function where the turn was taken: the caller of what should have come, else of what came, else the last one."""
        callers = (step.caller for step in (self.expected, self.came) if step is not None)
        return next(filter(None, callers), self.last.text if self.last else "")

    @property
    def votes(self) -> Mapping[str, int]:
        """The functions that may have broken the test, with what speaks for each: the last common one and those that returned after it may have
        given a wrong answer, the caller of what should have come or of what came may have taken a wrong turn.
        """
        found = Counter[str]()
        if self.last:
            found[_written(self.last.text)] += _LAST
        for name, votes in zip(self.returned, _RETURNED, strict=False):
            found[_written(name)] += votes
        for step, votes in ((self.expected, _EXPECTED), (self.came, _CAME)):
            if step is not None and step.caller:
                found[_written(step.caller)] += votes
        return found


def _written(name: str) -> str:
    """The function in which a lambda is written; any other is itself."""
    return name.removesuffix(".<locals>.<lambda>")


def divergence(red: TestPath, green: TestPath) -> Divergence | None:
    """Where the red path leaves the green one; None where one of them has no functions, or they are the same to the end."""
    mine, theirs = red.of("function"), green.of("function")
    if not mine or not theirs:
        return None
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0].text == pair[1].text, zip(mine, theirs, strict=False))
    )
    if same == len(mine) == len(theirs):
        return Divergence(mine[-1], None, None, _returned(mine, ()))
    expected = theirs[same] if same < len(theirs) else None
    came = mine[same] if same < len(mine) else None
    if not same:
        return Divergence(None, expected, came)
    turned = {step.caller for step in (expected, came) if step is not None}
    return Divergence(mine[same - 1], expected, came, _returned(mine[:same], turned))


def _returned(ran: Sequence[Step], turned: Collection[str]) -> tuple[str, ...]:
    """The functions above the last that ran, up to the one that took the turn, as far as they have votes."""
    found: list[str] = []
    above = "" if ran[-1].text in turned else ran[-1].caller
    for step in reversed(ran[:-1]):
        if len(found) == len(_RETURNED) or not above or above in turned:
            break
        if step.text == above:
            found.append(above)
            above = step.caller
    return tuple(found)


def divergences(
    red: Mapping[str, TestPath], green: Mapping[str, TestPath], passed: Iterable[TestPath] = ()
) -> Mapping[str, Divergence]:
    """Where each test that has both paths leaves its green one.

    Of a test that ran as ever to its end, that end says something only where no passing test (`passed`) ends like it.
    """
    usual = {functions[-1].text for path in passed if (functions := path.of("function"))}
    found = {test: divergence(path, green[test]) for test, path in red.items() if test in green}
    return {test: one for test, one in found.items() if one is not None and not _is_usual(one, usual)}


def _is_usual(one: Divergence, ends: Collection[str]) -> bool:
    """Whether a test ran as ever and ended as passing tests do."""
    return one.expected is None and one.came is None and one.last is not None and one.last.text in ends


def shared_places(left: Mapping[str, Divergence]) -> Mapping[str, str]:
    """One function for each test, as few as explain all: the one with most votes takes every test that names it, then the next of those left.

    Tests that name nothing have none. What others name changes nothing for tests that share no function with them.
    """
    votes = {test: one.votes for test, one in left.items()}
    naming: dict[str, list[str]] = defaultdict(list)
    total = Counter[str]()
    for test, mine in votes.items():
        for name, count in mine.items():
            naming[name].append(test)
            total[name] += count
    found: dict[str, str] = {}
    heap = [(-count, name) for name, count in total.items()]
    heapify(heap)
    while heap:
        count, name = heap[0]
        if -count != total[name]:
            heapreplace(heap, (-total[name], name))
            continue
        heappop(heap)
        for test in naming[name]:
            if test not in found:
                found[test] = name
                total.subtract(votes[test])
    return found
