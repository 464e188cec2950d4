"""The values of causes: what sets failing tests apart, why groups belong together, and the cause that they make."""

from dataclasses import dataclass
from typing import Literal

from triagebot.groups.model import Group

JoinRule = Literal["path", "item", "missing", "difference", "value", "slots"]
"""Why two groups are one cause: their tests leave their green paths at one place; they alone show one telling item; several
objects of one kind are missing at once; several assertions show the same difference; Python raised one error over values of one
origin; the slots of one only lack what the other names."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Something that failing tests show and passing ones do not, with its counts.

    `what` is masked text, `quote` the words as they stood, `place` where ("Captured log call of a/test_b.py::test_c"). Of
    `failing` tests that could have shown it `failing_with` do, of `passing` ones `passing_with`. `telling` says that the words
    speak of an error; `chance` is the probability that tests fall apart like this by accident.
    """

    what: str
    quote: str
    place: str
    failing_with: int
    failing: int
    passing_with: int
    passing: int
    telling: bool
    chance: float


@dataclass(frozen=True, slots=True)
class SuspectFunction:
    """A function at which failing tests leave their green paths, or `above` of whose callees they do.

    `function` is `module:qualname`, `place` path:line of its definition as the plugin saw it. `tests` of `of` point to it (of callers: all).
    """

    function: str
    place: str
    above: int
    tests: int
    of: int


@dataclass(frozen=True, slots=True)
class Join:
    """Why two keys are one cause, in a sentence."""

    keys: tuple[str, str]
    rule: JoinRule
    reason: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Groups that one explanation covers, the one that stands for all first. A lone group is a cause without joins.

    `same_as` names the issue that is probably about the same cause, and why: keys that have an issue stay with it.
    """

    groups: tuple[Group, ...]
    joins: tuple[Join, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    same_as: tuple[int, str] | None = None

    @property
    def key(self) -> str:
        """The key of the group that stands for all."""
        return self.groups[0].key

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its groups."""
        return tuple(group.key for group in self.groups)
