"""Each gate held against how tests stand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from triagebot.config import Config, Gate, Suite
from triagebot.config.amounts import seconds, share
from triagebot.contracts import Verdict
from triagebot.gates.model import GateResult, Standing
from triagebot.gates.standing import is_too_old

_NAMED = 2


def gates(
    config: Config,
    tests: Mapping[str, Standing],
    verdicts: Sequence[Verdict] = (),
    *,
    now: datetime,
    run: str = "",
) -> tuple[GateResult, ...]:
    """What each gate says. `run` is the id of the run that is judged, whose results count wherever they come from."""
    return tuple(_gate(gate, config, tests, verdicts, now, run) for gate in config.gates)


def needed(found: Iterable[GateResult]) -> frozenset[str]:
    """Join ids of tests that must run before the gates that are held can open."""
    return frozenset(join for gate in found if not gate.passed for join in gate.lacking)


def priority_of(test: str, suites: Sequence[Suite]) -> str:
    """The most urgent priority of the suites that a test (display id) belongs to; P3 without any."""
    return min((suite.priority for suite in suites if suite.holds(test)), default="P3")


def _gate(
    gate: Gate,
    config: Config,
    tests: Mapping[str, Standing],
    verdicts: Sequence[Verdict],
    now: datetime,
    run: str,
) -> GateResult:
    """One gate."""
    if gate.contract:
        return _of_contract(gate, verdicts)
    age = seconds(gate.max_age) if gate.max_age else None
    ours = [
        _aged(one, now, age, run, gate.max_age)
        for one in tests.values()
        if _is_about(gate, one, config.suites)
    ]
    proven = sum(one.state == "proven" for one in ours)
    passed = _is_open(gate, proven, len(ours))
    held = tuple(one for one in ours if one.state != "proven")
    lacking = tuple(one.join for one in held if one.state != "quarantined")
    about = f"suite {gate.suite}" if gate.suite else f"priority {gate.priority}"
    return GateResult(gate.called, about, passed, proven, len(ours), _why(gate, proven, ours), held, lacking)


def _is_about(gate: Gate, one: Standing, suites: Sequence[Suite]) -> bool:
    """Whether a test is one of a gate's."""
    if gate.suite:
        return any(suite.called == gate.suite and suite.holds(one.test) for suite in suites)
    return priority_of(one.test, suites) == gate.priority


def _aged(one: Standing, now: datetime, age: float | None, run: str, said: str) -> Standing:
    """A proof that is too old, or of nobody knows which revision, is none.

    What was proven before counts on the same revision; where nobody says which, within the age that the gate names.
    """
    if one.state != "proven" or (one.run == run and run):
        return replace(one, state="too old", why=f"older than {said}") if one.state == "proven" and is_too_old(one, now, age) else one  # fmt: skip
    if is_too_old(one, now, age):
        return replace(one, state="too old", why=f"older than {said}")
    if not one.placed and age is None:
        return replace(
            one, state="not run", why="not in this run, and nobody says on which revision it passed before"
        )
    return one


def _is_open(gate: Gate, proven: int, total: int) -> bool:
    """Whether so many proofs are enough."""
    return total > 0 and proven >= gate.tests and proven >= share(gate.share) * total - 1e-9


def _why(gate: Gate, proven: int, ours: Sequence[Standing]) -> str:
    """What holds a gate up, or on what it stands."""
    if not ours:
        return "no test is known that it is about"
    said = f"{proven} of {len(ours)} proven"
    held = [one for one in ours if one.state != "proven"]
    counts = Counter(one.state for one in held)
    parts = [f"{number} {state}{_examples(held, state)}" for state, number in counts.most_common()]
    asked = f"; {gate.share} are asked for" if held and gate.share != "100%" else ""
    few = f"; at least {gate.tests} are asked for" if proven < gate.tests and gate.tests > 1 else ""
    return "; ".join([said, *parts]) + asked + few


def _examples(held: Sequence[Standing], state: str) -> str:
    """The first tests of a state, with the reason where that says more than the state."""
    some = [one for one in held if one.state == state]
    names = ", ".join(one.test.rpartition("::")[2] or one.test for one in some[:_NAMED])
    why = (
        some[0].why
        if some[0].why not in ("", state) and state in ("unproven", "elsewhere", "too old")
        else ""
    )
    more = ", …" if len(some) > _NAMED else ""
    return f" ({names}{more}{f': {why}' if why else ''})"


def _of_contract(gate: Gate, verdicts: Sequence[Verdict]) -> GateResult:
    """A gate about a contract: kept in every test that it is about, in this run."""
    ours = [verdict for verdict in verdicts if verdict.contract == gate.contract]
    kept = sum(verdict.state == "kept" for verdict in ours)
    parts = [f"kept in {kept} of {len(ours)} tests"] if ours else ["nothing in this run shows it"]
    for state in ("broken", "not known"):
        some = [verdict for verdict in ours if verdict.state == state]
        if some:
            first = some[0]
            why = first.breaches[0].said if first.breaches else first.why
            parts.append(f"{state} in {len(some)} ({first.test.rpartition('::')[2]}: {why})")
    lacking = tuple(dict.fromkeys(verdict.join for verdict in ours if verdict.state != "kept"))
    about = f"contract {gate.contract}"
    return GateResult(
        gate.called, about, _is_open(gate, kept, len(ours)), kept, len(ours), "; ".join(parts), (), lacking
    )
