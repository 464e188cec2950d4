"""What was found, in sentences: counts first, words as they stood, no cause beyond what was seen.

In: values of this room. Out: plain text; it is still outside text.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from triagebot.causes.divergence import Divergence, shared_places
from triagebot.causes.model import Cause, Explanation, SuspectFunction
from triagebot.groups.model import Place
from triagebot.steps import Step

_QUOTE = 160
_SHARE = 0.6
"""The share of tests from which on a place is theirs."""


def findings(
    cause: Cause,
    left: Sequence[Divergence] = (),
    places: Sequence[Place] = (),
    suspects: Sequence[SuspectFunction] = (),
) -> tuple[str, ...]:
    """The findings of a cause, the strongest first: where tests leave their green paths, what they show, why groups were joined.

    `places` are the disjoint ones, where there are several; of `suspects` the first is named where it is not the place itself.
    """
    said = {"item", *(["path"] if left else [])}
    reasons = dict.fromkeys(f"One cause: {join.reason}." for join in cause.joins if join.rule not in said)
    told = (found for found in cause.explanations if found.telling or not found.place)
    same = (
        [f"Probably the same cause as issue {cause.same_as[0]}: {cause.same_as[1]}."] if cause.same_as else []
    )
    where = [*_parts(places, len(left))] if places else [*_left(left), *_suspected(left, suspects)]
    return (*where, *map(explained, told), *reasons, *same)


def explained(found: Explanation) -> str:
    """One explanation: `22 of 26 failing tests, and none of 3 passing ones, printed: device d1 offline`."""
    share = (
        f"All {found.failing}"
        if found.failing_with == found.failing
        else f"{found.failing_with} of {found.failing}"
    )
    passing = (
        f"none of {found.passing}" if not found.passing_with else f"{found.passing_with} of {found.passing}"
    )
    who = f"{share} failing tests, and {passing} that passed,"
    if not found.place:
        return f"{who} are {found.quote if found.quote.startswith('in ') else f'of {found.quote}'}."
    return f"{who} printed: {_cut(found.quote)}"


def _parts(places: Sequence[Place], traced: int) -> Iterator[str]:
    """Two ways to fail that read alike."""
    for number, place in enumerate(places, 1):
        who = f"Part {number} of {len(places)}, {len(place.tests)} of {traced} tests"
        yield f"{who}: they leave the path of their last green run in {place.name} ({place.says})."


def _left(left: Sequence[Divergence]) -> Iterator[str]:
    """Where tests leave the paths of their last green runs, if most of them do so at one place: where they turn, else what they share."""
    shared = shared_places({str(number): one for number, one in enumerate(left)})
    for names in ([one.place for one in left], [shared.get(str(number), "") for number in range(len(left))]):
        place, count = Counter(names).most_common(1)[0] if names else ("", 0)
        if place and count >= _SHARE * len(left):
            at = [one for one, name in zip(left, names, strict=True) if name == place]
            one = next((one for one in at if one.place == place), at[0])
            who = f"All {count}" if count == len(left) else f"{count} of {len(left)}"
            yield f"{who} leave the path of their last green run in {place}: {turn(one)}."
            return


def _suspected(left: Sequence[Divergence], suspects: Sequence[SuspectFunction]) -> Iterator[str]:
    """The function that most speaks against, where it is not the one in which most tests turn."""
    turned = Counter(one.place for one in left).most_common(1)
    for first in suspects[:1]:
        if first.above == 0 and turned and first.function != turned[0][0]:
            yield f"Look first at {first.function} ({first.place}): {first.tests} of {first.of} tests point to it."


def turn(one: Divergence) -> str:
    """What should have come, and what came instead."""
    after = f" after {one.last.text}" if one.last else ""
    came = None if one.came is None or _shows_values(one.came) else one.came
    if one.expected and came:
        return f"{came.text} was called in place of {one.expected.text}{after}"
    if one.expected:
        return f"{one.expected.text}, which came next{after}, was not called"
    if came:
        return f"{came.text} was called{after}, where nothing was"
    return "it is the last that ran, as in the green run"


def _shows_values(step: Step) -> bool:
    """Whether it is what a runner calls to show the values of a failed assertion."""
    return not step.caller and step.text.endswith(".__repr__")


def _cut(text: str) -> str:
    """The words of a quote, cut visibly."""
    words = " ".join(text.split())
    return words if len(words) <= _QUOTE else f"{words[:_QUOTE]} …"
