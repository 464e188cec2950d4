"""What a run leaves in history, row by row, before any database is thought of.

In: a run and its groups. Out: dicts whose names are the columns of `stores.schema`. Pure.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from triagebot.groups.model import Group
from triagebot.issues.model import Occurrence
from triagebot.reports.model import Case, CaseOutcome, Run

_WORST: tuple[CaseOutcome, ...] = ("error", "failed", "skipped", "xfailed", "xpassed", "passed")

Row = dict[str, Any]


def run_row(project: str, run: Run, at: datetime) -> Row:
    """The run itself."""
    return {
        "project": project,
        "id": run.id,
        "at": run.started or at,
        "environment": run.environment,
        "branch": run.branch,
        "sha": run.commit,
        "revision": run.revision,
        "url": run.url,
        "status": run.status,
        "complete": run.complete,
    }


def result_rows(project: str, run: Run) -> Iterator[Row]:
    """One row for each test: of several legs the worst outcome, the longest duration, and whether any was rerun."""
    by_test: dict[str, list[Case]] = {}
    for case in run.cases:
        by_test.setdefault(case.join, []).append(case)
    for test, cases in by_test.items():
        durations = [case.duration_s for case in cases if case.duration_s is not None]
        yield {
            "project": project,
            "test": test,
            "run": run.id,
            "outcome": min((case.outcome for case in cases), key=_WORST.index),
            "duration_s": max(durations, default=None),
            "rerun": any(len(case.attempts) > 1 for case in cases),
        }


def occurrence_rows(project: str, run: Run, groups: Sequence[Group], at: datetime) -> Iterator[Row]:
    """One row for each signature of the run."""
    for group in groups:
        failed = len({failure.join for failure in group.failures})
        row = Occurrence(run.id, run.started or at, failed, failed, run.commit, run.revision, run.url)
        yield occurrence_row(project, group.key, row) | {"environment": run.environment, "branch": run.branch}


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


def sighting_rows(project: str, run: Run, groups: Sequence[Group]) -> Iterator[Row]:
    """One row for each test that showed a signature."""
    for group in groups:
        for test in dict.fromkeys(failure.join for failure in group.failures):
            yield {"project": project, "key": group.key, "test": test, "run": run.id}
