"""How pytest 9 sums up failed subtests: a failure that says only that others failed.

In: failures of one phase. Out: those that say something.
"""

import re
from collections.abc import Iterable

from triagebot.reports.model import Failure

_SUM = re.compile(r"contains \d{1,9} failed subtests?")
"""What pytest says of a test for its subtests.

Hit: `contains 2 failed subtests`
Hit: `contains 1 failed subtest`
Miss: `contains no subtests`
"""


def only_sums_up(failure: Failure) -> bool:
    """Whether a failure says no more than how many subtests failed."""
    lines = failure.text[:500].strip().splitlines()
    return bool(lines) and bool(_SUM.fullmatch(lines[-1].strip()))


def telling(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """The failures without the sum, where the subtests speak for themselves; the sum where nothing else does."""
    held = tuple(failures)
    if len(held) < 2:
        return held
    called = [failure for failure in held if failure.phase == "call"]
    if all(map(only_sums_up, called)):
        return held
    return tuple(failure for failure in held if not (failure.phase == "call" and only_sums_up(failure)))
