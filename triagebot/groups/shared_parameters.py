"""What a group's tests have in common that their names show: the value that all failing parameters share.

In: display ids. Out: sentences for people. A hint never decides anything.
"""

import re
from collections.abc import Sequence

_PARAMS = re.compile(r"\[(.{1,400})\]$", re.DOTALL)
"""The parameters of a test. Hit: `test_a[eu-1]`. Miss: `test_a`."""


def hints(tests: Sequence[str]) -> tuple[str, ...]:
    """Sentences such as "all failing params share google"; nothing for fewer than two parametrised cases."""
    parametrised = [found[1] for test in tests if test[-1:] == "]" and (found := _PARAMS.search(test))]
    if len(parametrised) < 2 or len(parametrised) < len(tests):
        return ()
    shared = _shared(parametrised)
    return (f"all failing params share {', '.join(shared)}",) if shared else ()


def _shared(params: Sequence[str]) -> list[str]:
    """The parts of parameter ids that every case has, in order."""
    first, *rest = (param.split("-") for param in params)
    others = [set(parts) for parts in rest]
    return [part for part in first if part and all(part in other for other in others)]
