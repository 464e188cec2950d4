"""How every known test stands: by the newest word of this run and the past of its scope.

In: a run (None for none), the past, quarantine. Out: `Standing`s by join id. A test that was not in the last five whole runs of its file
is taken as deleted, and is not known.
"""

from collections.abc import Mapping
from datetime import datetime

from triagebot.gates.model import Standing, State
from triagebot.gates.quarantine import Quarantined
from triagebot.history import Past, PastRun, Result
from triagebot.reports.model import Case, Run
from triagebot.reports.test_names import node_id

DELETED_AFTER = 5
_NONE = Quarantined()


def standings(run: Run | None, past: Past, held: Quarantined = _NONE) -> Mapping[str, Standing]:
    """Every known test by its join id."""
    found = _earlier(run, past)
    if run is not None:
        found |= {case.join: _of_case(case, run) for case in _worst(run)}
    return {join: _quarantined(one, held) for join, one in sorted(found.items())}


def _earlier(run: Run | None, past: Past) -> dict[str, Standing]:
    """What the past says of tests that are still there."""
    runs: dict[str, PastRun] = {each.id: each for each in past.runs}
    latest = past.runs[-1] if past.runs else None
    place = (
        (run.revision, run.commit) if run else (latest.revision, latest.commit) if latest else (None, None)
    )
    gone = _deleted(past)
    return {
        join: _of_results(join, results, runs, place)
        for join, results in past.results.items()
        if join not in gone and any(result.run in runs for result in results)
    }


def _deleted(past: Past) -> frozenset[str]:
    """Tests that were not in the last whole runs of their file."""
    files: dict[str, dict[str, set[str]]] = {}
    for join, results in past.results.items():
        held = files.setdefault(node_id(join).partition("::")[0], {})
        for result in results:
            held.setdefault(result.run, set()).add(join)
    order = [run.id for run in past.runs if run.complete]
    gone: set[str] = set()
    for held in files.values():
        last = [held[run] for run in order if run in held][-DELETED_AFTER:]
        if len(last) == DELETED_AFTER:
            gone |= set().union(*held.values()) - set().union(*last)
    return frozenset(gone)


def _of_results(
    join: str, results: tuple[Result, ...], runs: Mapping[str, PastRun], place: tuple[str | None, str | None]
) -> Standing:
    """The newest word of the past about a test."""
    last = next(result for result in reversed(results) if result.run in runs)
    run = runs[last.run]
    state, why = _state(last.outcome, rerun=last.rerun, complete=run.complete)
    known, here = (place[0], run.revision) if place[0] and run.revision else (place[1], run.commit)
    placed = bool(known and known == here)
    if state == "proven" and known and here and known != here:
        state, why = "elsewhere", f"proven on {here[:20]}, not on {known[:20]}"
    return Standing(join, node_id(join), state, run.at, run.id, why, placed)


def _worst(run: Run) -> list[Case]:
    """One case for each test: of several legs the one that proves least."""
    found: dict[str, Case] = {}
    for case in run.cases:
        before = found.get(case.join)
        if before is None or _of_case(before, run).state == "proven":
            found[case.join] = case
    return [*found.values()]


def _of_case(case: Case, run: Run) -> Standing:
    """What this run says of a test."""
    state, why = _state(case.outcome, rerun=len(case.attempts) > 1, complete=run.complete)
    if state in ("proven", "stopped") and (case.unproven or run.doubted):
        state, why = "unproven", case.unproven or "the reports contradict themselves"
    return Standing(case.join, case.test, state, run.started, run.id, why)


def _state(outcome: str, *, rerun: bool, complete: bool) -> tuple[State, str]:
    """What one outcome proves."""
    if outcome == "skipped":
        return "skipped", "skipped"
    if outcome == "unproven":
        return "unproven", "its last pass proved nothing"
    if outcome not in ("passed", "xpassed"):
        return "failed", outcome
    if rerun:
        return "unproven", "passed only when it was run again"
    return ("proven", "") if complete else ("stopped", "the run was stopped")


def _quarantined(one: Standing, held: Quarantined) -> Standing:
    """A test in quarantine proves nothing, whatever it does."""
    if not held.holds(one.test):
        return one
    return Standing(one.join, one.test, "quarantined", one.at, one.run, "in quarantine", one.placed)


def is_too_old(one: Standing, now: datetime, seconds: float | None) -> bool:
    """Whether a proof is older than a gate takes."""
    return seconds is not None and (one.at is None or (now - one.at).total_seconds() > seconds)
