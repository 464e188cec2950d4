"""How what the bot remembers of a signature changes when a run is counted: seen again, clean, late, closed.

In: a marker, what this run says, the past of its scope. Out: the next marker, and how far the proof of recovery is.
It renders nothing and writes nothing; every function is one judgement.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from triagebot.groups.model import Group
from triagebot.history import (
    Past,
    PastRun,
    clean_runs,
    flaky_tests,
    joined,
    needed_clean_runs,
    proves_gone,
    rate,
)
from triagebot.issues.model import Issue, Joined, Marker, Occurrence
from triagebot.redact import Fact
from triagebot.reports.model import Run, Scope

ALONE = 3
"""Runs in which a joined key fails and nothing else of its cause does, after which it is let go."""
_WHY = 300


@dataclass(frozen=True, slots=True)
class Countdown:
    """How far the proof of recovery is: `clean` runs of `needed`. Without `needed`, `why` says why only a person closes."""

    clean: int
    needed: int | None
    why: str = ""

    @property
    def proven(self) -> bool:
        """Whether the proof is complete."""
        return self.needed is not None and self.clean >= self.needed


def occurrence(groups: Sequence[Group], tests: Collection[str], run: Run, now: datetime) -> Occurrence:
    """The row of this run: how many tests failed in this way, of how many that ever did and ran."""
    failed = {failure.join for group in groups for failure in group.failures}
    known = joined(tests) | failed
    ran = {case.join for case in run.cases if case.join in known and case.outcome != "skipped"}
    return Occurrence(
        run=run.id,
        at=run.started or now,
        failed=len(failed),
        ran=len(ran | failed),
        commit=run.commit,
        revision=run.revision,
        url=run.url,
        environment=run.environment,
        branch=run.branch,
    )


def fresh(key: str, algorithm: int) -> Marker:
    """The marker of an issue that has counted nothing yet."""
    return Marker(key=key, algorithm=algorithm)


def seen_again(marker: Marker, groups: Sequence[Group], run: Run, now: datetime) -> Marker:
    """The marker after a run in which the signature occurred: one row more, and the proof of recovery starts anew."""
    tests = tuple(dict.fromkeys((*marker.tests, *(test for group in groups for test in group.tests))))
    row = occurrence(groups, marker.tests, run, now)
    told = [group for group in groups if not group.signature.masked]
    keys = (key for group in told for key in (group.key, *group.signature.aliases))
    bare = next((group.signature.bare for group in groups if group.signature.bare), "")
    aliases = _united(marker.aliases, (key for key in keys if key != marker.key))
    joined_ = _joined(marker, groups, run)
    let_go = tuple(one.key for one in joined_ if one.alone >= ALONE)
    return replace(
        marker,
        aliases=tuple(key for key in aliases if key not in let_go),
        joined=tuple(one for one in joined_ if one.key not in let_go),
        let_go=_united(marker.let_go, let_go),
        runs=_united(marker.runs, [run.id]),
        occurrences=tuple(sorted((*marker.occurrences, row), key=lambda o: o.at)),
        seen=marker.seen + 1,
        ran=marker.ran + 1,
        clean=0,
        clean_runs=(),
        tests=tests,
        tests_seen=_tests_seen(marker, tests),
        first=min(marker.first or row.at, row.at),
        variants=_united(marker.variants, _variants(groups)),
        places=_placed(marker, groups),
        bare=marker.bare or bare,
        masked=marker.masked and not bare,
    )


def _placed(marker: Marker, groups: Sequence[Group]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The places of a cause after this run; those that share a test are one."""
    known = dict(marker.places)
    for place in (place for group in groups for place in group.places):
        name = next((name for name, tests in known.items() if set(tests) & set(place.tests)), place.name)
        known[name] = _united(known.get(name, ()), place.tests)
    return tuple(known.items())


def _joined(marker: Marker, groups: Sequence[Group], run: Run) -> tuple[Joined, ...]:
    """The aliases that explanations brought, after this run: new ones, and for each in how many runs it failed alone."""
    here = {part.key for group in groups for part in group.each}
    known = {one.key for one in marker.joined}
    own = {marker.key, *marker.aliases} - known
    brought = (
        Joined(part.key, run.id, group.findings[0][:_WHY] if group.findings else "")
        for group in groups
        for part in group.each
        if group.parts and part.key not in {*own, *known, marker.key}
    )
    kept = (replace(one, alone=_alone(one, here)) for one in marker.joined)
    return (*kept, *brought)


def _alone(one: Joined, here: Collection[str]) -> int:
    """In how many runs on end a joined key has failed without anything else of its cause."""
    if one.key not in here:
        return one.alone
    return one.alone + 1 if len(here) == 1 else 0


def straggled(marker: Marker, groups: Sequence[Group], run: Run, now: datetime) -> Marker:
    """The marker after a failure on a commit without the fix: counted, nothing more."""
    counted = seen_again(marker, groups, run, now)
    return replace(
        counted, stragglers=marker.stragglers + 1, clean=marker.clean, clean_runs=marker.clean_runs
    )


def reopened(marker: Marker) -> Marker:
    """The marker of an issue that comes back: a regression, no longer closed by us."""
    return replace(awake(marker), states=_united(("regression",), marker.states))


def awake(marker: Marker) -> Marker:
    """The marker of an open issue: what closed it before, and what came since, is over, whoever opened it again."""
    return replace(marker, closed_by_bot=False, closed_commit=None, closed_revision=None, stragglers=0)


def absorbed(marker: Marker, double: Marker) -> Marker:
    """The marker with what a duplicate of it counted. Doing it twice changes nothing."""
    rows = {row.run: row for row in (*double.occurrences, *marker.occurrences)}
    added = [run for run in double.runs if run not in marker.runs]
    return replace(
        marker,
        aliases=_united(marker.aliases, (key for key in (double.key, *double.aliases) if key != marker.key)),
        runs=(*marker.runs, *added),
        occurrences=tuple(sorted(rows.values(), key=lambda row: row.at)),
        seen=marker.seen + len(added),
        ran=marker.ran + len(added),
        tests=_united(marker.tests, double.tests),
        tests_seen=max(marker.tests_seen, double.tests_seen, len(_united(marker.tests, double.tests))),
        first=min(
            (at for at in (marker.first, double.first, *(row.at for row in rows.values())) if at),
            default=None,
        ),
        variants=_united(marker.variants, double.variants),
    )


def passed_clean(marker: Marker, runs: Sequence[str]) -> Marker:
    """The marker after more runs (ids, not counted yet) in which every test that showed the signature passed.

    Of an open issue. Where we had closed it on proof, a person rejected that proof by opening it, and it starts anew.
    """
    if marker.closed_by_bot:
        marker = replace(awake(marker), clean=0, ran=marker.ran - marker.clean)
    return replace(
        marker,
        clean=marker.clean + len(runs),
        clean_runs=_united(marker.clean_runs, runs),
        ran=marker.ran + len(runs),
    )


def swept(marker: Marker, past: Past) -> tuple[PastRun, ...]:
    """Clean runs that history knows and the marker has not counted, oldest first; none where only a person closes."""
    if needs_history(marker, past) or not scopes_of(marker) <= {past.scope}:
        return ()
    last = marker.occurrences[-1].at if marker.occurrences else None
    counted = {*marker.runs, *marker.clean_runs}
    return tuple(run for run in clean_runs(past, tests_of(marker, past), last) if run.id not in counted)


def closed(marker: Marker, commit: Fact | None, revision: Fact | None) -> Marker:
    """The marker of an issue that is closed on proof: regression and flakiness end with it."""
    states = tuple(state for state in marker.states if state not in {"regression", "flaky"})
    return replace(marker, states=states, closed_by_bot=True, closed_commit=commit, closed_revision=revision)


def is_clean_run(marker: Marker, run: Run, past: Past) -> bool:
    """Whether this run counts towards closing: not counted yet, later than the last failure, same scope, all passed."""
    return (
        run.id not in (*marker.runs, *marker.clean_runs)
        and not needs_history(marker, past)
        and _is_later(marker, run)
        and scopes_of(marker) <= {run.scope}
        and _proves_gone(marker, run, past)
    )


def _proves_gone(marker: Marker, run: Run, past: Past) -> bool:
    """Whether this run shows that it can do without the signature."""
    return _is_sound(marker, run) if is_about_the_run(marker) else proves_gone(run, tests_of(marker, past))


def is_about_the_run(marker: Marker) -> bool:
    """Whether it is the run that was red without a failing test, so that no test can prove anything."""
    return marker.key.startswith("run.")


def _is_sound(marker: Marker, run: Run) -> bool:
    """Whether a run was read whole. What its exit code says beside the tests, a run with failing tests does not tell."""
    ends = {"passed"} if marker.key.startswith("run.exit-") else {"passed", "failed"}
    return run.complete and not run.doubted and bool(run.cases) and run.status in ends


def tests_of(marker: Marker, past: Past) -> frozenset[str]:
    """Join ids of every test that ever showed the signature, as far as marker and history reach."""
    keys = (marker.key, *marker.aliases)
    known = joined(marker.tests) | {test for key in keys for test in past.tests.get(key, ())}
    return known - joined(marker.parted)


def needs_history(marker: Marker, past: Past) -> bool:
    """Whether the marker had to cut its list of tests and no history fills the gap."""
    return marker.tests_seen > len(tests_of(marker, past))


def scopes_of(marker: Marker) -> frozenset[Scope]:
    """The scopes in which the signature was seen."""
    return frozenset(Scope(row.environment, row.branch) for row in marker.occurrences)


def countdown(marker: Marker, past: Past) -> Countdown:
    """How many clean runs there are and how many close the issue, by the longer memory of marker and history."""
    if len(scopes_of(marker)) > 1:
        return Countdown(
            marker.clean, None, "it was seen in several environments or branches, so a person closes it"
        )
    if needs_history(marker, past):
        return Countdown(
            marker.clean, None, "the list of its tests does not fit here; closing by proof needs history"
        )
    known = rate(past, marker.key)
    failed, ran = max(
        (marker.seen, marker.ran - marker.clean), (known.failed, known.ran), key=lambda pair: pair[1]
    )
    needed = needed_clean_runs(failed, ran)
    why = (
        ""
        if needed
        else f"it occurs in {failed} of {ran} runs, too rarely to prove that it is gone; a person closes it"
    )
    return Countdown(marker.clean, needed, why)


def is_flaky(groups: Sequence[Group], past: Past, run: Run) -> bool:
    """Whether every failing test also passed on the same commit and revision, or passed when it was run again."""
    failing = {failure.join for group in groups for failure in group.failures}
    return bool(failing) and failing <= flaky_tests(past, run)


def related(marker: Marker, groups: Sequence[Group], issues: Iterable[Issue]) -> tuple[tuple[int, int], ...]:
    """Other open issues that failing tests of these groups also showed: (number, tests in common), most first, five."""
    failing = {failure.join for group in groups for failure in group.failures}
    shared = (
        (issue.number, len(failing & joined(issue.marker.tests)))
        for issue in issues
        if issue.state == "open" and issue.marker is not None and issue.marker.key != marker.key
    )
    return tuple(sorted((pair for pair in shared if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:5])


def new_variants(marker: Marker, groups: Sequence[Group]) -> tuple[str, ...]:
    """Wordings that nobody was told of yet; none while the first ones are still unknown."""
    return tuple(text for text in _variants(groups) if text not in marker.variants) if marker.variants else ()


def _variants(groups: Sequence[Group]) -> tuple[str, ...]:
    """The variant texts of groups, cut to what a marker can hold."""
    return tuple(dict.fromkeys(variant.text[:160] for group in groups for variant in group.variants))


def _tests_seen(marker: Marker, tests: tuple[str, ...]) -> int:
    """How many tests ever showed it: exact while the marker's list is whole, else at least that many."""
    return max(marker.tests_seen, len(tests))


def _is_later(marker: Marker, run: Run) -> bool:
    """Whether the run started after the last failure; a run that does not say when counts in the order of its arrival."""
    last = marker.occurrences[-1].at if marker.occurrences else None
    return last is None or run.started is None or run.started > last


def _united(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """Both, in order, without repeats."""
    return tuple(dict.fromkeys((*old, *new)))
