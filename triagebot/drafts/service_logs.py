"""The logs of services around a run: one stream in time, held against the logs of runs that passed.

In: the run, log texts without secrets. Out: `RunLogs`, worked out once and used for every group of the run. It compares and counts; it
does not know what failed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from triagebot.drafts.model import Item, Line
from triagebot.drafts.report_evidence import item, logged, sentence_lines
from triagebot.drafts.sanitizing import disarm
from triagebot.reports.model import Run
from triagebot.steps.log_timeline import Entry, contrast, merge, missed, severe, shifted, silence
from triagebot.steps.model import LogText

_SLACK = timedelta(seconds=120)
MOST_RECORDS = 100_000
_MOST_MISSED = 12
_SILENCE = 1.0


@dataclass(frozen=True, slots=True)
class RunLogs:
    """What the logs of a run tell, for all of its groups: items without ids, records read, records dropped as common.

    `provided` says whether there was any log of the failing run at all.
    """

    items: tuple[Item, ...] = ()
    read: int = 0
    dropped: int = 0
    provided: bool = False

    def first_severe(self) -> Line | None:
        """The first line of a service log that calls itself a warning or worse, of those that passing runs do not have."""
        lines = (line for item in self.items if item.kind == "service_log" for line in item.lines)
        return next((line for line in lines if severe(line.text)), None)


def run_logs(run: Run, logs: Sequence[LogText]) -> RunLogs:
    """The logs of the failing run as one stream in time, beside those of passing runs. They are without secrets already."""
    cleaned = [replace(log, text=disarm(log.text)) for log in logs]
    found: list[Item] = []
    read = dropped = 0
    for kind in sorted({log.kind for log in cleaned if not log.passing}):
        alike = [log for log in cleaned if log.kind == kind]
        entries = merge([log for log in alike if not log.passing], _day(run))
        green = merge([log for log in alike if log.passing])[-MOST_RECORDS:]
        inside = [entry for entry in entries if _during(run, entry.at)][-MOST_RECORDS:]
        kept = contrast(inside, frozenset(entry.template for entry in green))
        read, dropped = read + len(inside), dropped + len(inside) - len(kept)
        if kept:
            lines = logged(kept, named=True)
            found.append(item(kind, _files(alike), _log_title(kept, entries, inside), lines))
        found += _against(inside, green)
    return RunLogs(tuple(found), read, dropped, any(not log.passing for log in logs))


def _day(run: Run) -> date | None:
    """The day of the run, for logs that give only the time of day."""
    return run.started.date() if run.started else None


def _against(inside: Sequence[Entry], green: Sequence[Entry]) -> Iterator[Item]:
    """What passing runs log and this one never did, and its longest silence beside theirs."""
    if not inside or not green:
        return
    lines = [
        f"{count} in passing runs, none in this one: {first.text}" for first, count in missed(inside, green)
    ]
    more = [f"{len(lines) - _MOST_MISSED} more kinds of records are in passing runs and not in this one"]
    if lines:
        shown = [*lines[:_MOST_MISSED], *(more if len(lines) > _MOST_MISSED else [])]
        yield item(
            "contrast",
            "records",
            "what services log in passing runs and did not log in this one",
            sentence_lines(shown),
        )
    counts = [
        f"{field}={here} in this run, {field}={usual} in every passing run: {first.text}"
        for first, field, usual, here in shifted(inside, green)
    ]
    if counts:
        yield item(
            "contrast",
            "counts",
            "counts that are always the same in passing runs and differ here",
            sentence_lines(counts[:8]),
        )
    here, there = silence(inside), silence(green)
    if here and here[2] > max(_SILENCE, 2 * (there[2] if there else 0.0)):
        yield item(
            "contrast", "silence", "the longest silence of the services", sentence_lines(_silent(here, there))
        )


def _silent(here: tuple[Entry, Entry, float], there: tuple[Entry, Entry, float] | None) -> Iterator[str]:
    """Sentences about a silence, what was logged before and after it, and the longest one in passing runs."""
    before, after, seconds = here
    yield f"in this run no service logged anything for {seconds:.1f} s"
    yield f"the last record before the silence: {before.text}"
    yield f"the first record after it: {after.text}"
    if there:
        yield f"in passing runs the longest silence is {there[2]:.1f} s"


def _files(logs: Sequence[LogText]) -> str:
    """The names of log files, in order."""
    return ", ".join(sorted({log.name for log in logs if not log.passing}))


def _log_title(kept: Sequence[Entry], entries: Sequence[Entry], inside: Sequence[Entry]) -> str:
    """What a stream of log lines is, and what was left out of it before any trimming."""
    files = len({entry.name for entry in entries})
    parts = ["one log file" if files == 1 else f"{files} log files merged by time"]
    if outside := len(entries) - len(inside):
        late = f", or before the last {MOST_RECORDS}" if len(inside) == MOST_RECORDS else ""
        parts.append(f"{outside} records outside the run's time{late} left out")
    if common := len(inside) - len(kept):
        parts.append(f"{common} records left out that passing runs log too")
    if any(entry.guessed for entry in kept):
        parts.append("times without an offset taken as UTC")
    return "; ".join(parts)


def _during(run: Run, at: datetime | None) -> bool:
    """Whether a time lies within the run, with two minutes on either side; yes where one of them is not known."""
    if at is None or run.started is None or run.duration_s is None:
        return True
    length = timedelta(seconds=min(max(run.duration_s, 0.0), 1e7))
    return run.started - _SLACK <= at <= run.started + length + _SLACK
