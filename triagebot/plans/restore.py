"""What a history knows of an issue and the issue does not: rows that a racing run overwrote, and what people decided, put back.

In: an issue as the tracker has it, the past of the scope. Out: the issue with the missing occurrences in its marker,
so that whoever writes it next writes them too. GitHub has no compare-and-swap, so a row can be lost there; a history
whose writes are transactions keeps it. Rows that the marker dropped for want of room stay dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from triagebot.groups.model import Group
from triagebot.history import Past
from triagebot.history.model import PastRun, Result, TakenOver
from triagebot.history.proof import RAN
from triagebot.issues import ROOM, Issue, Marker, Occurrence, Settled
from triagebot.plans import lifecycle
from triagebot.reports.model import RED
from triagebot.reviews.states import remembering


def restored(issues: Sequence[Issue], past: Past) -> list[Issue]:
    """The issues, each with the occurrences that only `past` knows. The countdown starts anew where there were any."""
    return [
        replace(issue, marker=completed(issue.marker, past)) if issue.marker else issue for issue in issues
    ]


def completed(marker: Marker, past: Past) -> Marker:
    """The marker with the rows that it lacks; of a new issue those of runs that could not file it."""
    rows = (*_recorded(marker, past), *_taken_over(marker, past))
    if not rows:
        return marker
    known = Marker(marker.key, marker.algorithm, runs=tuple(row.run for row in rows), occurrences=rows)
    return replace(lifecycle.absorbed(marker, known), clean=0, clean_runs=())


def reminded(issues: Iterable[Issue], settled: Sequence[Settled]) -> list[Issue]:
    """The issues, those that lost their memory with what people once decided on them."""
    return [_reminded(issue, settled) for issue in issues]


def _reminded(issue: Issue, settled: Sequence[Settled]) -> Issue:
    """The same of one issue."""
    marker = issue.marker
    if marker is None or not issue.trouble or marker.acts or marker.last or marker.ruled_out:
        return issue
    theirs = [one for one in settled if one.key in (marker.key, *marker.aliases)]
    return replace(issue, marker=remembering(marker, theirs)) if theirs else issue


def of_group(settled: Iterable[Settled], group: Group) -> tuple[Settled, ...]:
    """What people decided about the causes of a group's keys."""
    keys = {group.key, *group.signature.aliases}
    return tuple(one for one in settled if one.key in keys)


def _recorded(marker: Marker, past: Past) -> Iterable[Occurrence]:
    """The rows of runs that history recorded, in which one of the marker's keys occurred."""
    seen = {run for key in (marker.key, *marker.aliases) for run in past.seen.get(key, ())}
    for run in past.runs:
        if run.id in seen and _is_missing(run, marker):
            results = list(_results(run, marker, past))
            failed = sum(result.outcome in RED for result in results)
            yield _row(run, failed, sum(result.outcome in RAN for result in results), past)


def _taken_over(marker: Marker, past: Past) -> Iterable[Occurrence]:
    """The rows that history itself has from an issue's table."""
    found: dict[str, TakenOver] = {}
    for key in (marker.key, *marker.aliases):
        found |= {row.run.id: row for row in past.taken_over.get(key, ())}
    for row in found.values():
        if _is_missing(row.run, marker):
            yield _row(row.run, row.failed, row.ran, past)


def _is_missing(run: PastRun, marker: Marker) -> bool:
    """Whether the marker does not count a run, and has not dropped it for want of room either."""
    if run.id in {*marker.runs, *(row.run for row in marker.occurrences)}:
        return False
    full = len(marker.runs) >= ROOM or len(marker.occurrences) >= ROOM
    return not full or all(run.at > row.at for row in marker.occurrences[:1])


def _row(run: PastRun, failed: int, ran: int, past: Past) -> Occurrence:
    """The row of a run as history remembers it."""
    return Occurrence(
        run=run.id,
        at=run.at,
        failed=max(1, failed),
        ran=max(1, ran),
        commit=run.commit,
        revision=run.revision,
        url=run.url,
        environment=past.scope.environment,
        branch=past.scope.branch,
    )


def _results(run: PastRun, marker: Marker, past: Past) -> Iterable[Result]:
    """How the tests that ever showed one of the marker's keys ended in a run."""
    tests = dict.fromkeys(test for key in (marker.key, *marker.aliases) for test in past.tests.get(key, ()))
    return (result for test in tests for result in past.results.get(test, ()) if result.run == run.id)
