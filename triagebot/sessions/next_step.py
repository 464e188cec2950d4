"""What to run now, and why: what is red, what is unproven, the next phase, the gates, the target, or nothing more.

In: how a session began, what is known of tests and gates. Out: a `Step` with the join ids of the tests to run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from triagebot.gates import GateResult, Standing
from triagebot.selection import TestFacts
from triagebot.sessions.model import Start

Kind = Literal["fix", "prove", "run", "gate", "more", "close"]


@dataclass(frozen=True, slots=True)
class Step:
    """The next step: what kind, why in one sentence, which tests (join ids, in their order). `close` has none.

    `command` is that of the last run's line, where nothing but the session's issue remembers anything.
    """

    kind: Kind
    why: str
    tests: tuple[str, ...] = ()
    command: str = ""


def next_step(
    start: Start,
    known: Sequence[TestFacts],
    tests: Mapping[str, Standing],
    gates: Sequence[GateResult],
    causes: Sequence[str] = (),
) -> Step:
    """What to do now. `causes` name what is open, the most urgent first, for the words of a step that waits for a fix."""
    if not known:
        return Step("run", "no run is known yet: run the suites that were chosen, and triage their report")
    for phase in _phases(start, known):
        ours = [one for one in known if one.phase == phase]
        if step := _of_phase(phase, ours, tests, causes):
            return step
    for gate in gates:
        lacking = tuple(
            one.join for one in known if one.join in gate.lacking and tests[one.join].state != "quarantined"
        )
        if not gate.passed and lacking:
            return Step("gate", f"gate {gate.name} is held: {gate.why}", lacking)
    proven = sum(one.state == "proven" for one in tests.values())
    open_ = [one for one in known if not _is_done(one, tests)]
    if open_ and (not start.target or proven < start.target):
        least = sorted(
            open_,
            key=lambda one: (
                (one.proven is not None, one.proven, one.test) if one.proven else (False, 0, one.test)
            ),
        )
        of = f" of {start.target}" if start.target else f" of {len(tests)}"
        return Step(
            "more",
            f"{proven}{of} tests are proven; the least covered are next",
            tuple(one.join for one in least),
        )
    held = next((gate for gate in gates if not gate.passed), None)
    if held:
        return Step("fix", f"gate {held.name} is held, and no test that is known could open it: {held.why}")
    return Step("close", f"all gates are open and {proven} tests are proven: `triagebot session close`")


def _phases(start: Start, known: Sequence[TestFacts]) -> list[str]:
    """The phases of a session in their order."""
    there = sorted({one.phase for one in known if one.phase})
    if not start.phases:
        return there
    return [phase for wanted in start.phases for phase in there if wanted in (phase, phase.split(" ")[0])]


def _is_done(one: TestFacts, tests: Mapping[str, Standing]) -> bool:
    """Whether nothing more is to be had from a test: it is proven, or nobody wants it."""
    return tests[one.join].state in ("proven", "quarantined", "skipped") if one.join in tests else False


def _of_phase(
    phase: str, ours: Sequence[TestFacts], tests: Mapping[str, Standing], causes: Sequence[str]
) -> Step | None:
    """What a phase lacks; None for one that is done."""
    open_ = [one for one in ours if not _is_done(one, tests)]
    if not open_:
        return None
    states = {one.join: tests[one.join].state if one.join in tests else "not run" for one in open_}
    red = tuple(join for join, state in states.items() if state == "failed")
    if red:
        what = f" ({', '.join(causes[:3])})" if causes else ""
        return Step(
            "fix",
            f"phase {phase}: {len(red)} of {len(ours)} tests are red{what}; fix what broke them, deploy, and run them again",
            red,
        )
    doubtful = tuple(join for join, state in states.items() if state in ("unproven", "stopped"))
    if doubtful:
        return Step(
            "prove",
            f"phase {phase}: {len(doubtful)} passes prove nothing yet: {tests[doubtful[0]].why}",
            doubtful,
        )
    return Step(
        "run",
        f"phase {phase}: {len(open_)} of {len(ours)} tests are not proven: {tests[open_[0].join].why or states[open_[0].join] if open_[0].join in tests else 'never ran'}",
        tuple(states),
    )
