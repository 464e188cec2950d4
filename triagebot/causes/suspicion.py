"""Functions on which suspicion falls: those at which failing tests leave their green paths, and then their callers.

In: divergences and paths of the failing tests of one cause. Out: `SuspectFunction`s, most suspect first.

`python -m benchmarks.grouping.traced` measures how often the first of them is the faulty function.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from triagebot.causes.divergence import Divergence
from triagebot.causes.model import SuspectFunction
from triagebot.steps import TestPath

NONE_PASSED: Mapping[str, int] = MappingProxyType({})
_MOST = 6
_ABOVE = 3
"""How many callers above a function are looked at."""


def suspects(
    left: Sequence[Divergence], paths: Iterable[TestPath], passed: Mapping[str, int] = NONE_PASSED
) -> tuple[SuspectFunction, ...]:
    """The functions behind these divergences, most suspect first; `paths` tell where functions stand and who calls them.

    What passing tests called (`passed`: how many) did them no harm, and is the less suspect for it.
    """
    places: dict[str, str] = {}
    callers: dict[str, Counter[str]] = defaultdict(Counter)
    steps = [*chain.from_iterable(path.steps for path in paths)]
    counts = Counter(map(id, steps))  # tests of one run share their steps
    for each, step in dict(zip(map(id, steps), steps, strict=True)).items():
        if step.source == "function":
            places.setdefault(step.text, step.place)
            callers[step.text][step.caller] += counts[each]
    votes, tests = Counter[str](), Counter[str]()
    for one in left:
        tests.update(one.votes.keys())
        votes.update(one.votes)
    last = Counter(one.last.text for one in left if one.last is not None)
    weight = {name: votes[name] * tests[name] / (tests[name] + passed.get(name, 0)) for name in votes}
    direct = sorted(votes, key=lambda name: (-weight[name], -last[name], name))
    found = {name: (0, tests[name]) for name in direct}
    level = direct
    for above in range(1, _ABOVE + 1):
        level = [caller for name in level for caller, _ in callers[name].most_common() if caller]
        for caller in level:
            found.setdefault(caller, (above, len(left)))
    told = (SuspectFunction(name, places.get(name, ""), *far, len(left)) for name, far in found.items())
    return tuple(one for one in told if one.place)[:_MOST]
