"""What a run leaves in history, before any database or file is thought of.

In: a run and its groups. Out: a `RunFile`, the same for every history store, and the rows that SQL makes of it. Pure.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triagebot.groups.model import Group
from triagebot.history.model import PastOutcome, PastRun
from triagebot.history.proof import PASSED
from triagebot.issues.model import Occurrence
from triagebot.redact import Fact, recorded
from triagebot.reports.model import Case, CaseOutcome, Run, RunStatus

_WORST: tuple[CaseOutcome, ...] = ("error", "failed", "skipped", "xfailed", "xpassed", "passed")

Row = dict[str, Any]
_ROOM = 1_000
"""Bytes of a test's id that are kept as they are: PostgreSQL's indexes take 2,700 for id, run and project together."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one test (join id) ended: of several legs the worst outcome, the longest duration, whether any was rerun."""

    test: str
    outcome: PastOutcome
    duration_s: float | None = None
    rerun: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """A signature that occurred, and the tests (join ids) that showed it."""

    key: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunFile:
    """All that history keeps of one run. `at` is UTC."""

    id: Fact
    at: datetime
    status: RunStatus
    complete: bool = True
    environment: Fact | None = None
    branch: Fact | None = None
    commit: Fact | None = None
    revision: Fact | None = None
    url: Fact | None = None
    results: tuple[Ended, ...] = ()
    seen: tuple[Sighting, ...] = ()


def run_file(run: Run, groups: Sequence[Group], now: datetime) -> RunFile:
    """What is kept of a run; `now` stands in for a start that it does not say."""
    return RunFile(
        id=run.id,
        at=run.started or now,
        status=run.status,
        complete=run.complete,
        environment=run.environment,
        branch=run.branch,
        commit=run.commit,
        revision=run.revision,
        url=run.url,
        results=tuple(_results(run)),
        seen=tuple(Sighting(g.key, tuple(dict.fromkeys(f.join for f in g.failures))) for g in groups),
    )


def _results(run: Run) -> Iterator[Ended]:
    """One result for each test. What passed in a run whose reports contradict themselves is none: it proves nothing."""
    by_test: dict[str, list[Case]] = {}
    for case in run.cases:
        by_test.setdefault(case.join, []).append(case)
    for test, cases in by_test.items():
        durations = [case.duration_s for case in cases if case.duration_s is not None]
        worst = min((case.outcome for case in cases), key=_WORST.index)
        if run.doubted and worst in PASSED:
            continue
        unproven = worst in PASSED and any(case.unproven for case in cases)
        outcome: PastOutcome = "unproven" if unproven else worst
        yield Ended(
            test, outcome, max(durations, default=None), any(len(case.attempts) > 1 for case in cases)
        )


def stored(test: str) -> str:
    """The id under which a test (join id) is kept: that of a very long one is its beginning and a digest of it all."""
    data = test.encode("utf-8", "surrogatepass")
    if len(data) <= _ROOM:
        return test
    return f"{data[: _ROOM - 100].decode('utf-8', 'ignore')}…{hashlib.sha256(data).hexdigest()[:24]}"


def run_row(project: str, file: RunFile) -> Row:
    """The run itself."""
    return {
        "project": project,
        "id": file.id,
        "at": file.at,
        "environment": file.environment,
        "branch": file.branch,
        "sha": file.commit,
        "revision": file.revision,
        "url": file.url,
        "status": file.status,
        "complete": file.complete,
    }


def past_run(
    id: str, at: datetime, commit: str | None, revision: str | None, url: str | None, *, complete: bool
) -> PastRun:
    """An earlier run as a row tells of it."""
    return PastRun(Fact(id), at, recorded(commit), recorded(revision), complete, recorded(url))


def result_rows(project: str, file: RunFile) -> Iterator[Row]:
    """One row for each test."""
    for result in file.results:
        yield {
            "project": project,
            "test": stored(result.test),
            "run": file.id,
            "outcome": result.outcome,
            "duration_s": result.duration_s,
            "rerun": result.rerun,
        }


def occurrence_rows(project: str, file: RunFile) -> Iterator[Row]:
    """One row for each signature of the run. Every test that showed it ran; what else ran only an issue can say."""
    for seen in file.seen:
        count = len(seen.tests)
        row = Occurrence(file.id, file.at, count, count, file.commit, file.revision, file.url)
        scope = {"environment": file.environment, "branch": file.branch}
        yield occurrence_row(project, seen.key, row) | scope


def occurrence_row(project: str, key: str, row: Occurrence) -> Row:
    """One occurrence as an issue remembers it."""
    return {
        "project": project,
        "key": key,
        "run": row.run,
        "at": row.at,
        "failed": row.failed,
        "ran": row.ran,
        "environment": row.environment,
        "branch": row.branch,
        "sha": row.commit,
        "revision": row.revision,
        "url": row.url,
    }


def sighting_rows(project: str, file: RunFile) -> Iterator[Row]:
    """One row for each test that showed a signature."""
    for seen in file.seen:
        for test in seen.tests:
            yield {"project": project, "key": seen.key, "test": stored(test), "at": file.at}
