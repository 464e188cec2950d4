"""Breaches in words, and as failures where a contract is enforced.

In: verdicts, a run. Out: lines of evidence (what was seen, missing, out of order, with times and log lines), and the run with failures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from triagebot.contracts.model import Breach, Event, Verdict
from triagebot.reports.model import Attempt, Case, Failure, Raised, Run, Section

TYPE = "triagebot.ContractBreach"
"""The type of a failure that a contract makes; its signature is read from the attributes beside it."""
_LINES = 30
_LINE = 300


def verdict_text(verdict: Verdict) -> str:
    """What a contract saw in a test, for people and for the evidence of a draft."""
    return "\n".join(_lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    """One line for each breach, then what was seen, in its order."""
    for breach in verdict.breaches:
        yield f"{breach.problem}: {breach.said}"
        yield from (
            f"  shown by {_shown(event)}" for event in breach.events[:2] if breach.problem != "missing"
        )
    if verdict.why:
        yield f"not known: {verdict.why}"
    yield f"seen: {len(verdict.events)} events" if verdict.events else "seen: none of its events"
    yield from (f"  {_shown(event)}" for event in verdict.events[:_LINES])
    if len(verdict.events) > _LINES:
        yield f"  … and {len(verdict.events) - _LINES} more"


def _shown(event: Event) -> str:
    """An event with its time and line."""
    at = f"{event.at:%H:%M:%S}.{event.at.microsecond // 1000:03} " if event.at else ""
    return f"{at}{event.name or event.part}: {event.line[:_LINE]}"


def with_breaches(run: Run, found: Sequence[Verdict]) -> Run:
    """The run in which passing tests that broke an enforced contract failed, and failing ones show what contracts saw."""
    broken: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in found:
        if verdict.state == "broken":
            broken.setdefault((verdict.join, verdict.test), []).append(verdict)
    if not broken:
        return run
    cases = tuple(_judged(case, broken.get((case.join, case.test), ())) for case in run.cases)
    turned = sum(
        new.outcome == "failed" and old.outcome != "failed" for old, new in zip(run.cases, cases, strict=True)
    )
    if not turned:
        return replace(run, cases=cases)
    totals = replace(run.totals, passed=run.totals.passed - turned, failed=run.totals.failed + turned)
    return replace(run, cases=cases, totals=totals, status="failed" if run.status == "passed" else run.status)


def _judged(case: Case, broken: Sequence[Verdict]) -> Case:
    """One case after its contracts."""
    if not broken:
        return case
    last = case.attempts[-1]
    sections = tuple(Section(f"Contract {verdict.contract}", verdict_text(verdict)) for verdict in broken)
    if last.failures:
        first, *rest = last.failures
        shown = replace(first, sections=(*first.sections, *sections))
        return replace(case, attempts=(*case.attempts[:-1], replace(last, failures=(shown, *rest))))
    failures = tuple(
        _failure(case, last, verdict, breach)
        for verdict in broken
        if verdict.enforced
        for breach in verdict.breaches
    )
    if not failures or case.outcome != "passed":
        return case
    return replace(
        case,
        outcome="failed",
        attempts=(*case.attempts[:-1], replace(last, outcome="failed", failures=failures)),
    )


def _failure(case: Case, attempt: Attempt, verdict: Verdict, breach: Breach) -> Failure:
    """A breach as a failure of its test."""
    message = f"contract {verdict.contract}: {breach.said}"
    slots = (("contract", verdict.contract), ("event", breach.what), ("problem", breach.problem))
    return Failure(
        test=case.test,
        join=case.join,
        phase="call",
        message=message,
        text=verdict_text(verdict),
        chain=(Raised(TYPE, message, attributes=slots),),
        sections=attempt.sections,
        project=case.project,
        leg=case.leg,
    )
