"""How often a signature occurs, how much green proves that it is gone, and what is flaky.

In: a `Past`, keys and join ids of tests, a run. Out: rates, counts and ids. Not run, skipped, quarantined or deleted
is no pass (pytorch/pytorch#145382).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from triagebot.history.model import Past, PastOutcome, PastRun, Rate
from triagebot.reports.model import RED, Case, Run
from triagebot.reports.test_names import join_id, shared_name

RAN: frozenset[PastOutcome] = frozenset({"passed", "failed", "error", "xfailed", "xpassed"})
PASSED: frozenset[PastOutcome] = frozenset({"passed", "xpassed"})
_DOUBT = 0.01
_AT_LEAST = 3
_AT_MOST = 50

Place = tuple[str | None, str | None]
"""What was tested: the commit and the deployed revision, each None where nobody said."""
_NOWHERE: Place = (None, None)


def needed_clean_runs(failed: int, ran: int) -> int | None:
    """The smallest k of at least 3 with (1-r)^k < 1 %, where r = (failed+1)/(ran+2); None above 50.

    r is the rule of succession: the rate that `failed` in `ran` runs suggest. None means that only a person closes.
    """
    passes = 1 - min((failed + 1) / (ran + 2), 1.0)
    return next((k for k in range(_AT_LEAST, _AT_MOST + 1) if passes**k < _DOUBT), None)


def rate(past: Past, key: str) -> Rate:
    """In how many runs the tests of a key ran while it was there, and in how many of these it occurred.

    While it was there: from the first run in which it occurred to the last. Runs before it existed and the clean runs
    that are to prove its end say nothing of how often it occurs.
    """
    seen = set(past.seen.get(key, ()))
    order = [run.id for run in past.runs]
    places = [place for place, run in enumerate(order) if run in seen]
    alive = set(order[places[0] : places[-1] + 1]) if places else set()
    return Rate(len(seen), len(seen | (alive & _ran_in(past, key))))


def _ran_in(past: Past, key: str) -> set[str]:
    """The runs in which at least one test of a key ran."""
    results = (result for test in past.tests.get(key, ()) for result in past.results.get(test, ()))
    return {result.run for result in results if result.outcome in RAN}


def proves_gone(run: Run, tests: Collection[str]) -> bool:
    """Whether every one of these tests (join ids) ran in this run and passed at the first attempt.

    A run whose reports contradict themselves proves nothing, nor does a pass that is unproven. Of numbered namesakes all must pass: which of them is the
    first may change from run to run.
    """
    listed = {case.join for case in run.cases}
    unclean = {case.join for case in run.cases if not is_proof(case)}
    unclean |= {join for join in listed if shared_name(join) in _shared(unclean)}
    return bool(tests) and not run.doubted and set(tests) <= listed - unclean


def is_proof(case: Case) -> bool:
    """Whether a case passed at the first attempt, and nothing says that this proves nothing."""
    return case.outcome in PASSED and len(case.attempts) == 1 and not case.unproven


def clean_runs(past: Past, tests: Collection[str], after: datetime | None) -> tuple[PastRun, ...]:
    """Earlier runs after a time in which every one of these tests (join ids) ran and passed at the first attempt.

    Numbered namesakes of these tests that did not pass keep a run from being clean, as far as the past holds them.
    """
    shared = _shared(tests)
    namesakes = (name for name in past.results if shared and shared_name(name) in shared)
    unclean = {
        result.run
        for name in namesakes
        for result in past.results[name]
        if result.outcome not in PASSED or result.rerun
    }
    passed: dict[str, int] = defaultdict(int)
    for test in tests:
        for result in past.results.get(test, ()):
            passed[result.run] += result.outcome in PASSED and not result.rerun
    later = (run for run in past.runs if after is None or run.at > after)
    return tuple(run for run in later if tests and passed[run.id] == len(tests) and run.id not in unclean)


def _shared(tests: Iterable[str]) -> set[str]:
    """The names that numbered namesakes among these tests share."""
    return {name for test in tests if (name := shared_name(test)) != test}


def flaky_tests(past: Past, run: Run | None = None) -> frozenset[str]:
    """Join ids that passed and failed on one commit and revision, or passed only when run again.

    Within the past and this run. What was deployed counts beside the commit of the tests: one commit tested against
    two revisions is no sign of flakiness.
    """
    outcomes: dict[tuple[str, Place], set[bool]] = defaultdict(set)
    places = {earlier.id: (earlier.commit, earlier.revision) for earlier in past.runs}
    found = {
        test for test, results in past.results.items() for r in results if r.rerun and r.outcome in PASSED
    }
    for test, results in past.results.items():
        for result in results:
            _note(outcomes, test, places.get(result.run, _NOWHERE), result.outcome)
    if run is not None and not run.doubted:
        # What is red in one leg and green in another is a contrast of legs, and its red one is what the run says of it.
        red = {case.join for case in run.cases if case.outcome in RAN and case.outcome not in PASSED}
        told = [case for case in run.cases if case.join not in red or case.outcome not in PASSED]
        told = [case for case in told if not case.unproven]
        found |= {case.join for case in told if len(case.attempts) > 1 and case.outcome in PASSED}
        for case in told:
            _note(outcomes, case.join, (run.commit, run.revision), case.outcome)
    return frozenset(found | {test for (test, _place), both in outcomes.items() if len(both) > 1})


def _note(
    outcomes: dict[tuple[str, Place], set[bool]], test: str, place: Place, outcome: PastOutcome
) -> None:
    """Remember that a test passed or failed at a place; without a commit nothing can be said."""
    if place[0] and outcome in RAN:
        outcomes[test, place].add(outcome in PASSED)


def streak(
    past: Past, tests: Collection[str], *, red: bool = False
) -> tuple[PastRun | None, tuple[PastRun, ...]]:
    """The newest streak of failures of these tests (join ids): the last good run before it (None: none is known), the red ones, oldest first.

    Good is a run in which those of them that ran passed. `red` says that a run that is not in the past belongs to the streak;
    else it ends with the newest run in which one of them failed. Runs that tell neither are left out.
    """
    outcomes: dict[str, set[str]] = defaultdict(set)
    for test in set(tests):
        for result in past.results.get(test, ()):
            outcomes[result.run].add(result.outcome)
    bad: list[PastRun] = []
    for earlier in reversed(past.runs):
        found = outcomes[earlier.id]
        if found & RED:
            bad.insert(0, earlier)
        elif found and found <= PASSED and (bad or red):
            return earlier, tuple(bad)
    return None, tuple(bad)


def first_seen_revisions(past: Past) -> tuple[str, ...]:
    """Revisions in the order in which history first saw them: the only order that opaque names have."""
    return tuple(dict.fromkeys(run.revision for run in past.runs if run.revision))


def joined(tests: Iterable[str]) -> frozenset[str]:
    """The join ids of display ids."""
    return frozenset(map(join_id, tests))
