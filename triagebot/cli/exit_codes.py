"""What a finished triage means for the exit code."""

from collections.abc import Sequence

from triagebot.pipeline.triaging import Planned
from triagebot.plans import Outcome

FAIL_ON = ("never", "new", "regressed", "any", "P1", "gate")


def exit_code(done: Sequence[tuple[Planned, Sequence[Outcome]]], fail_on: str) -> int:
    """1 when a change failed or stayed stale or a plan was blocked, 4 when `--fail-on` asks for it, else 0."""
    if any(not_done(planned, outcomes) for planned, outcomes in done):
        return 1
    return 4 if any(_concerns(planned, fail_on) for planned, _ in done) else 0


def not_done(planned: Planned, outcomes: Sequence[Outcome]) -> bool:
    """Whether something that should have been written was not."""
    return bool(planned.plan.blocked) or any(o.status in {"failed", "stale"} for o in outcomes)


def _concerns(planned: Planned, fail_on: str) -> bool:
    """Whether this run shows a cause of the sort that `--fail-on` names."""
    match fail_on:
        case "any":
            return bool(planned.matches)
        case "gate":
            return any(not gate.passed for gate in planned.proof.gates)
        case "P1":
            return any(m.group.impact.priority == "P1" for m in planned.matches)
        case "new" | "regressed":
            return any(m.state == fail_on for m in planned.matches)
        case _:
            return False
