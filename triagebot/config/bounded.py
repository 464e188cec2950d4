"""Whether a regular expression of the config ends: every repetition has a bound, and none stands in another one.

In: a pattern that compiles. Out: why it may run away, "" for one that does not. Lines are cut before it meets them.
"""

from importlib import import_module
from typing import Any

_PARSER: Any = import_module(
    "re._parser"
)  # Python's own, which has no public name; a test tries it on every version
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def runs_away(pattern: str) -> str:
    """Why a pattern may take for ever."""
    return _unbounded(_PARSER.parse(pattern), inside=False)


def _unbounded(parsed: Any, *, inside: bool) -> str:
    """The reason in a parsed pattern; `inside` a repetition no other one may vary."""
    for operation, given in parsed:
        repeats = str(operation) in _REPEATS
        if repeats and given[1] > 10_000:
            return "a repetition has no end; write {1,200} instead of + and {0,200} instead of *"
        if repeats and inside and given[0] != given[1]:
            return "a repetition stands in another one; spell it out"
        varies = repeats and given[0] != given[1] and given[1] > 1
        for part in _parts(given):
            if reason := _unbounded(part, inside=inside or varies):
                return reason
    return ""


def _parts(given: Any) -> list[Any]:
    """The parsed patterns inside the arguments of one operation."""
    if isinstance(given, _PARSER.SubPattern):
        return [given]
    return [part for each in given for part in _parts(each)] if isinstance(given, list | tuple) else []
