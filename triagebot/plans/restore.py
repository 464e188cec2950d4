"""What a history knows of an issue and the issue does not: rows that a racing run overwrote, put back.

In: an issue as the tracker has it, the past of the scope. Out: the issue with the missing occurrences in its marker,
so that whoever writes it next writes them too. GitHub has no compare-and-swap, so a row can be lost there; a history
whose writes are transactions keeps it. Rows that the marker dropped for want of room stay dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from triagebot.history import Past
from triagebot.history.model import PastRun, Result
from triagebot.history.proof import RAN
from triagebot.issues import Issue, Marker, Occurrence
from triagebot.plans import lifecycle

ROOM = 50
"""How many runs a marker holds; with fewer in it, none was dropped."""
_RED = frozenset(("failed", "error"))


def restored(issues: Sequence[Issue], past: Past) -> list[Issue]:
    """The issues, each with the occurrences that only `past` knows. The countdown starts anew where there were any."""
    return [
        replace(issue, marker=completed(issue.marker, past)) if issue.marker else issue for issue in issues
    ]


def completed(marker: Marker, past: Past) -> Marker:
    """The marker with the rows that it lacks; of a new issue those of runs that could not file it."""
    rows = tuple(_row(run, marker, past) for run in _missing(marker, past))
    if not rows:
        return marker
    known = Marker(marker.key, marker.algorithm, runs=tuple(row.run for row in rows), occurrences=rows)
    return replace(lifecycle.absorbed(marker, known), clean=0, clean_runs=())


def _missing(marker: Marker, past: Past) -> list[PastRun]:
    """The runs of the past in which one of the marker's keys occurred and which the marker does not count."""
    seen = {run for key in (marker.key, *marker.aliases) for run in past.seen.get(key, ())}
    counted = {*marker.runs, *(row.run for row in marker.occurrences)}
    full = len(marker.runs) >= ROOM or len(marker.occurrences) >= ROOM
    oldest = min((row.at for row in marker.occurrences), default=None) if full else None
    return [run for run in past.runs if run.id in seen - counted and (oldest is None or run.at > oldest)]


def _row(run: PastRun, marker: Marker, past: Past) -> Occurrence:
    """The row of a run as the history remembers it."""
    results = list(_results(run, marker, past))
    failed = sum(result.outcome in _RED for result in results)
    return Occurrence(
        run=run.id,
        at=run.at,
        failed=max(1, failed),
        ran=max(1, sum(result.outcome in RAN for result in results)),
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
