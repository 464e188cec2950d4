"""Functions on which suspicion falls: those at which failing tests leave their green paths, and then their callers.

In: divergences and paths of the failing tests of one cause. Out: `SuspectFunction`s, most suspect first.

Measured on seven packages: the last common function has three votes, the caller of what should have come two, that of what came one;
the first of the ranking was the faulty function of 31 of 35 causes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from triagebot.causes.divergence import Divergence
from triagebot.causes.model import SuspectFunction
from triagebot.steps import TestPath

_MOST = 6
_ABOVE = 3
"""How many callers above a function are looked at."""


def suspects(left: Sequence[Divergence], paths: Iterable[TestPath]) -> tuple[SuspectFunction, ...]:
    """The functions behind these divergences, most suspect first; `paths` tell where functions stand and who calls them."""
    places: dict[str, str] = {}
    callers: dict[str, Counter[str]] = defaultdict(Counter)
    for step in (step for path in paths for step in path.of("function")):
        places.setdefault(step.text, step.place)
        callers[step.text][step.caller] += 1
    votes, tests = Counter[str](), Counter[str]()
    for one in left:
        named = [*_votes(one)]
        tests.update(dict(named).keys())
        for name, count in named:
            votes[name] += count
    last = Counter(one.last.text for one in left if one.last is not None)
    direct = sorted(votes, key=lambda name: (-votes[name], -last[name], name))
    found = {name: (0, tests[name]) for name in direct}
    level = direct
    for above in range(1, _ABOVE + 1):
        level = [caller for name in level for caller, _ in callers[name].most_common() if caller]
        for caller in level:
            found.setdefault(caller, (above, len(left)))
    told = (SuspectFunction(name, places.get(name, ""), *far, len(left)) for name, far in found.items())
    return tuple(one for one in told if one.place)[:_MOST]


def _votes(one: Divergence) -> Iterator[tuple[str, int]]:
    """What one test says of functions."""
    if one.last is not None:
        yield one.last.text, 3
    callers = ((one.expected, 2), (one.came, 1))
    yield from ((step.caller, votes) for step, votes in callers if step is not None and step.caller)
