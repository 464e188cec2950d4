"""Each contract held against each test: kept, broken, or not known.

In: a run, contracts, suites (for `where`), logs. Out: verdicts in the order of contracts and cases. Events are told apart by unit
(`per`): a unit is a test's own when its first event came in it. Order is that of lines.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise

from triagebot.config import Contract, Suite
from triagebot.config.amounts import duration_text, seconds
from triagebot.contracts.events import events
from triagebot.contracts.model import Breach, Event, State, Verdict
from triagebot.reports.model import Case, Run, Section
from triagebot.steps import LogText
from triagebot.steps.records import Window, day_of, is_log

_CUT = " characters cut …]\n"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _CaseEvents:
    """What one case tells a contract: its events, and why they may not be all (`why`, "" for nothing)."""

    case: Case
    events: tuple[Event, ...]
    why: str = ""


def verdicts(
    run: Run, contracts: Sequence[Contract], suites: Sequence[Suite] = (), logs: Sequence[LogText] = ()
) -> tuple[Verdict, ...]:
    """What every contract makes of every test that it is about. `logs` are redacted."""
    if not contracts:
        return ()
    window = _window(run, logs)
    return tuple(verdict for contract in contracts for verdict in _verdicts(run, contract, suites, window))


def _verdicts(
    run: Run, contract: Contract, suites: Sequence[Suite], window: Window | None
) -> Iterator[Verdict]:
    """What one contract makes of the run."""
    carried = {(bool(case.failures)) for case in run.cases if _texts(case, contract)}
    told_ = [_case_events(case, contract, carried, window) for case in run.cases if case.outcome != "skipped"]
    owners = _owners(told_, contract)
    for one in told_:
        if _is_about(contract, one, suites):
            yield _verdict(one, contract, owners)


def _is_about(contract: Contract, one: _CaseEvents, suites: Sequence[Suite]) -> bool:
    """Whether a contract is about a test: by name, else by what it showed."""
    if not contract.where:
        return bool(one.events)
    suite = next((suite for suite in suites if suite.called == contract.where), None)
    test = one.case.test
    return (
        suite.holds(test)
        if suite
        else any(fnmatchcase(test, f"{contract.where}{end}") for end in ("", "::*"))
    )


def _case_events(case: Case, contract: Contract, carried: set[bool], window: Window | None) -> _CaseEvents:
    """The events of a case, and what may be missing of them."""
    texts = _texts(case, contract)
    found = [event for section in texts for event in events(section.text, contract, section.name)]
    if contract.found_in == "log" and window is not None:
        during = window.during(case.trace)
        found += [event for entry in during for event in events(entry.text, contract, entry.where)]
        carried = carried | {bool(case.failures)} if during else carried
    if any(_CUT in section.text for section in texts):
        why = "what was captured is cut"
    elif bool(case.failures) not in carried:
        why = f"the report carries no {_NAMES[contract.found_in]} of {'failing' if case.failures else 'passing'} tests"
    elif len(case.attempts) > 1:
        why = "the test was run again, and the report does not tell its attempts apart"
    else:
        why = ""
    return _CaseEvents(case, tuple(found), why)


_NAMES = {"log": "logs", "stdout": "printed lines", "properties": "recorded events", "metadata": "metadata"}


def _texts(case: Case, contract: Contract) -> list[Section]:
    """The texts in which a contract's events stand."""
    last = case.attempts[-1]
    if contract.found_in in ("properties", "metadata"):
        meta = contract.found_in == "metadata"
        kept = (value for name, value in last.properties if name.startswith("metadata.") == meta)
        text = "\n".join(kept)
        return [Section(contract.found_in, text)] if text else []
    captured = dict.fromkeys((*last.sections, *(s for failure in last.failures for s in failure.sections)))
    return [section for section in captured if is_log(section) == (contract.found_in == "log")]


def _window(run: Run, logs: Sequence[LogText]) -> Window | None:
    """Log files cut by the time of tests; None where tests ran beside each other, so that no line is any test's own."""
    if not logs:
        return None
    spans = sorted((t.started, t.ended) for case in run.cases if (t := case.trace) and t.started and t.ended)
    if any(end > start for (_, end), (start, _) in pairwise(spans)):
        return None
    return Window(logs, day_of(run.started))


def _owners(told_: Iterable[_CaseEvents], contract: Contract) -> Mapping[str, str]:
    """Whose each unit is that came in two tests: the one (join id) that showed more of it.

    What came in more tests, or as much in both, is the name of somebody who may come anywhere, such as a user.
    """
    counts: dict[str, dict[str, int]] = {}
    for one in told_:
        for unit, held in _by_unit(one.events).items():
            if unit:
                seen = len({(event.name, event.part, event.each) for event in held})
                counts.setdefault(unit, {})[one.case.join] = seen
    both = {unit: found for unit, found in counts.items() if len(found) == 2 and len({*found.values()}) == 2}
    return (
        {unit: max(found, key=lambda join: found[join]) for unit, found in both.items()}
        if contract.per
        else {}
    )


def _by_unit(found: Iterable[Event]) -> dict[str, list[Event]]:
    """Events by unit, in the order of their first."""
    units: dict[str, list[Event]] = {}
    for event in found:
        units.setdefault(event.unit, []).append(event)
    return units


def _verdict(one: _CaseEvents, contract: Contract, owners: Mapping[str, str]) -> Verdict:
    """What a contract makes of one test."""
    case = one.case
    own, foreign = _own(one, contract, owners)
    breaches = [_foreign(foreign, contract)] if foreign else []
    if not one.why:
        breaches += _of_units(own, contract)
    state: State = "broken" if breaches else "not known" if one.why else "kept"
    shown = one.events[:_SHOWN]
    return Verdict(
        contract.name,
        case.test,
        case.join,
        state,
        tuple(breaches),
        shown,
        one.why,
        contract.enforce,
        not case.failures,
    )


def _own(
    one: _CaseEvents, contract: Contract, owners: Mapping[str, str]
) -> tuple[dict[str, list[Event]], list[Event]]:
    """The units of a test, and events of others."""
    units = _by_unit(one.events)
    named = {unit: held for unit, held in units.items() if unit}
    if not (contract.per and named):
        return {"": list(one.events)}, []
    begins = contract.events[:1]
    started = {u for u, held in named.items() if not begins or begins[0] in {event.name for event in held}}
    theirs = {u for u in named if owners.get(u, one.case.join) != one.case.join}
    mine = (started or set(_most(named))) - theirs
    if not mine and not theirs:
        mine = set(named)
    foreign = [event for event in one.events if event.unit and event.unit not in mine]
    return {unit: named[unit] for unit in named if unit in mine} or {"": []}, foreign


def _most(units: Mapping[str, list[Event]]) -> list[str]:
    """The unit with most events; the first of several."""
    return [max(units, key=lambda unit: len(units[unit]))] if units else []


def _foreign(found: list[Event], contract: Contract) -> Breach:
    """Events of others."""
    names = sorted({event.name or event.part for event in found})
    what = names[0] if len(names) == 1 else "several events"
    units = len({event.unit for event in found})
    others = f"another {contract.per}" if units == 1 else f"{units} others ({contract.per})"
    said = f"{_count(len(found), 'event')} of {others} came in this test: {', '.join(names)}"
    return Breach("foreign", what, said, tuple(found[:_SHOWN]))


def _of_units(units: Mapping[str, list[Event]], contract: Contract) -> Iterator[Breach]:
    """What the test's own units break: one breach for each problem and each set of names."""
    found: dict[tuple[str, str], list[Breach]] = {}
    for held in units.values():
        for breach in _of_unit(held, contract):
            found.setdefault((breach.problem, breach.what), []).append(breach)
    for same in found.values():
        first = same[0]
        more = f" (and {len(same) - 1} more of this kind)" if len(same) > 1 else ""
        yield Breach(first.problem, first.what, first.said + more, first.events)


def _of_unit(held: Sequence[Event], contract: Contract) -> Iterator[Breach]:
    """What one unit breaks."""
    for value, some in _each(held, contract).items():
        of = f" of {value}" if value else ""
        seen = {event.name for event in some}
        missing = [name for name in contract.events if name not in seen]
        if missing:
            came = len(seen & {*contract.events})
            said = f"{', '.join(missing)}{of} never came; {came or 'none'} of {len(contract.events)} did"
            yield Breach("missing", " ".join(sorted(missing)), said, tuple(some[:_SHOWN]))
        if contract.ordered:
            yield from _disorder(some, contract, of)
        if contract.within:
            yield from _late(some, contract, of)
    for first, second in contract.before:
        yield from _before(held, contract, first, second)


def _each(held: Sequence[Event], contract: Contract) -> dict[str, list[Event]]:
    """The events of a unit by the field for each of whose values all are needed."""
    if not contract.each:
        return {"": list(held)}
    members = [name for pair in contract.before for name in pair] if contract.each == contract.part else []
    found: dict[str, list[Event]] = {name: [] for name in members}
    for event in held:
        if event.each:
            found.setdefault(event.each, []).append(event)
    return found or {"": list(held)}


def _disorder(some: Sequence[Event], contract: Contract, of: str) -> Iterator[Breach]:
    """The first event that came before one which it should follow."""
    first: dict[str, int] = {}
    for at, event in enumerate(some):
        if event.name in contract.events:
            first.setdefault(event.name, at)
    wanted = [name for name in contract.events if name in first]
    for earlier, later in pairwise(wanted):
        if first[later] < first[earlier]:
            pair = (some[first[later]], some[first[earlier]])
            yield Breach("order", f"{later} before {earlier}", f"{later}{of} came before {earlier}", pair)
            return


def _late(some: Sequence[Event], contract: Contract, of: str) -> Iterator[Breach]:
    """The last event, where it took too long."""
    timed = [(e.at, e) for e in some if e.at and (e.name in contract.events or not contract.events)]
    if len(timed) < 2:
        return
    (began, first), (ended, last) = (
        min(timed, key=lambda pair: pair[0]),
        max(timed, key=lambda pair: pair[0]),
    )
    took = (ended - began).total_seconds()
    if took > seconds(contract.within):
        said = f"{last.name or last.part}{of} came {duration_text(took)} after {first.name or first.part}; {contract.within} are allowed"
        yield Breach("late", last.name or last.part, said, (first, last))


def _before(held: Sequence[Event], contract: Contract, first: str, second: str) -> Iterator[Breach]:
    """The second of a pair, where it began before the first ended, or without it.

    Without `per` a test may go round several times, so that only the beginnings are compared.
    """
    ones = [at for at, event in enumerate(held) if first in (event.part, event.name)]
    twos = [at for at, event in enumerate(held) if second in (event.part, event.name)]
    if not twos:
        return
    if not ones:
        said = f"{second} came without {first}, which should come before it"
        yield Breach("order", f"{second} without {first}", said, (held[twos[0]],))
    elif twos[0] < (ones[-1] if contract.per else ones[0]):
        said = f"{second} began before {first} {'ended' if ones[0] < twos[0] else 'began'}"
        yield Breach("order", f"{second} before {first}", said, (held[twos[0]], held[ones[-1]]))


def _count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'s' * (number != 1)}"
