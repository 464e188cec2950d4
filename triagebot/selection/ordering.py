"""The ways to choose: an order of tests, each with its reason; then what fits into the budget."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from triagebot.config.amounts import duration_text
from triagebot.selection.facts_per_test import TestFacts, natural
from triagebot.selection.model import Choice, How, Selection

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_WORTH = {"P1": 2.0, "P2": 1.4, "P3": 1.0, "P4": 0.7, "P5": 0.5}
"""How much a finding is worth by priority, for the order of `risk`."""
_FADES = 0.8
"""By how much a cause is less likely to be there with every run in which it was not seen."""
_EVERYWHERE, _IN_FILE, _IN_CLASS, _IN_TEST = 0.3, 0.25, 0.1, 0.04
"""How likely a new cause shows in every test, in a file, a class, a test alone: what is not known yet has a place, too."""
_SHOWS = 0.9
"""How likely a test that showed a cause shows it when it is there."""
_START = 0.05
"""Seconds that every test costs beside its own."""
_NONE: Mapping[str, str] = MappingProxyType({})

Ordered = list[tuple[TestFacts, str]]


def select(
    known: Sequence[TestFacts],
    how: How,
    *,
    now: datetime,
    phase: str = "",
    budget: float | None = None,
    limit: int | None = None,
    needed: Mapping[str, str] = _NONE,
) -> Selection:
    """The tests to run, most telling first. `needed` are join ids that a gate needs, with the reason: always in, and first.

    `budget` in seconds holds for the sum of all, unless gates alone need more; `limit` for their number, likewise.
    """
    order = _order(known, how, now, phase)
    wanted = {one.join: reason for one, reason in order}
    gated = [one for one in known if one.join in needed]
    gated.sort(key=lambda one: (one.join not in wanted, one.priority, natural(one.test)))
    chosen = [_choice(one, needed[one.join], gate=True) for one in gated]
    over = budget is not None and sum(choice.seconds for choice in chosen) > budget
    spent, left = sum(choice.seconds for choice in chosen), 0
    for one, reason in order:
        if one.join in needed:
            continue
        fits = (budget is None or spent + one.seconds <= budget) and (limit is None or len(chosen) < limit)
        if not fits:
            left += 1
            continue
        chosen.append(_choice(one, reason))
        spent += one.seconds
    return Selection(tuple(chosen), budget, left, over)


def _choice(one: TestFacts, reason: str, *, gate: bool = False) -> Choice:
    """A chosen test with what it is reckoned to take."""
    guess = "" if one.timed else f"; never timed, {duration_text(one.seconds)} assumed"
    return Choice(one.test, one.suite, round(one.seconds, 3), reason + guess, gate)


def _order(known: Sequence[TestFacts], how: How, now: datetime, phase: str) -> Ordered:
    """The tests that a way to choose asks for, in its order, with reasons."""
    match how:
        case "least-covered":
            order = sorted(known, key=_coverage)
            return [(one, _covered(one, now)) for one in order]
        case "failed":
            red = sorted(
                (one for one in known if one.red),
                key=lambda one: (one.priority, -(one.failed or _NEVER).timestamp(), natural(one.test)),
            )
            return [
                (
                    one,
                    f"{_protects(one)}failed when it last ran, {_ago(one.failed, now)}; {one.fails} of {_runs(one.runs)} were red",
                )
                for one in red
            ]
        case "phase":
            ours = [one for one in known if phase and phase in (one.phase, one.phase.split(" ")[0])]
            order = sorted(ours, key=lambda one: (one.priority, not one.red, natural(one.test)))
            return [(one, f"{_protects(one)}phase {one.phase}; {_last(one, now)}") for one in order]
        case "risk":
            return _by_risk(known, now)  # fmt: skip


def _coverage(one: TestFacts) -> tuple[object, ...]:
    """What was proven least, and longest ago, first."""
    return (one.proven or _NEVER, one.runs - one.fails, not one.closed, one.priority, natural(one.test))


def _covered(one: TestFacts, now: datetime) -> str:
    """Why a test is among the least covered."""
    since = f"; its cause {one.closed} was closed and it has not run since" if one.closed else ""
    ran = f"{one.runs} of the last {one.all_runs} runs ran it" if one.all_runs else "no run is known"
    return f"{_protects(one)}{_last(one, now)}; {ran}{since}"


def _last(one: TestFacts, now: datetime) -> str:
    """When a test was last proven, in words."""
    if one.ran is None:
        return "never ran"
    if one.proven is None:
        return f"never proven in {_runs(one.runs)}"
    red = f", red since ({one.fails} of {_runs(one.runs)})" if one.red else ""
    return f"last proven {_ago(one.proven, now)}{red}"


def _protects(one: TestFacts) -> str:
    """What a test protects, where somebody said."""
    return f"{one.priority}, {one.risk}: " if one.risk else f"{one.priority}: " if one.suite else ""


def _ago(at: datetime | None, now: datetime) -> str:
    """How long ago, as people say it."""
    if at is None:
        return "never"
    seconds = max(0.0, (now - at).total_seconds())
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    return (
        f"{int(seconds // 3600)} h ago"
        if seconds < 172_800
        else f"{int(seconds // 86_400)} days ago ({at:%Y-%m-%d})"
    )


def _runs(number: int) -> str:
    """So many runs."""
    return f"{number} run{'s' * (number != 1)}"


def _by_risk(known: Sequence[TestFacts], now: datetime) -> Ordered:
    """Greedy: next is the test that is most likely to show a cause which no test before it would have shown, for its time.

    A test's gain only falls as others are chosen, so that a stale gain is an upper bound: only the best one is reckoned anew.
    """
    open_: dict[str, float] = {}
    shows = {one.join: _causes(one, open_) for one in known}
    by_join = {one.join: one for one in known}
    heap = [(-_gain(one, shows, open_), natural(one.test), one.join) for one in known]
    heapq.heapify(heap)
    found: Ordered = []
    while heap:
        _, name, join = heapq.heappop(heap)
        one = by_join[join]
        gain = _gain(one, shows, open_)
        if heap and (-gain, name) > heap[0][:2]:
            heapq.heappush(heap, (-gain, name, join))
            continue
        found.append((one, _risky(one, shows[join], open_, now)))
        for cause, share in shows[join]:
            open_[cause] *= 1 - share
    return found


def _causes(one: TestFacts, open_: dict[str, float]) -> list[tuple[str, float]]:
    """What a test can show, with how likely it does; how likely each is there goes into `open_`."""
    file, _, inner = one.test.partition("::")
    guesses = {
        "*": _EVERYWHERE,
        f"file {file}": _IN_FILE,
        f"class {file}::{inner.rpartition('::')[0] or inner.partition('[')[0]}": _IN_CLASS,
        f"test {one.test}": _IN_TEST,
    }
    for cause, chance in guesses.items():
        open_.setdefault(cause, chance)
    for key, places in one.keys:
        open_.setdefault(key, min(0.95, sum((1 - _FADES) * _FADES**place for place in places) * 2 + 0.05))
    return [*((cause, 0.6) for cause in guesses), *((key, _SHOWS) for key, _ in one.keys)]


def _gain(one: TestFacts, shows: Mapping[str, list[tuple[str, float]]], open_: Mapping[str, float]) -> float:
    """What a test is worth for each second."""
    chance = sum(open_[cause] * share for cause, share in shows[one.join])
    return chance * _WORTH.get(one.priority, 1.0) / (one.seconds + _START)


def _risky(
    one: TestFacts, shows: Iterable[tuple[str, float]], open_: Mapping[str, float], now: datetime
) -> str:
    """Why a test stands where it does: the most likely thing that it would show."""
    cause = max(shows, key=lambda pair: open_[pair[0]] * pair[1])[0]
    places = dict(one.keys).get(cause)
    if places is not None:
        seen = len([place for place in places if place < _RECENT])
        why = f"shows {cause}, seen in {seen} of the last {min(_RECENT, one.all_runs)} runs"
    elif one.closed:
        why = f"its cause {one.closed} was closed and it has not run since"
    elif cause == "*":
        why = "is quick to show whether anything works at all"
    else:
        why = f"nothing before it looks at {cause.partition(' ')[2].rpartition('/')[2]}"
    return f"{_protects(one)}{why}; {_last(one, now)}; takes {duration_text(one.seconds)}"


_RECENT = 10
