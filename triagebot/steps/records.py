"""Log records and printed lines as steps: captured by the report, or from log files, cut to the test's own time window.

A record is one step however often it came (`count`), at its first place. Records of log files count for every test in whose window they lie.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from triagebot.reports.model import Case, Section, Trace
from triagebot.signatures.mask import mask
from triagebot.steps.log_timeline import Entry, entries_of, merge
from triagebot.steps.model import LogText, Step, StepSource

MOST = 400
"""Different records of one source that a test keeps."""

_LOGGED = re.compile(  # pytest's own layout of a record: level, logger, file:line, message
    r"^(DEBUG|INFO|WARNING|ERROR|CRITICAL|NOTSET) {1,5}([^\s:]{1,120}):([^\s:]{1,200}:\d{1,7}) (.*)$",
    re.DOTALL,
)
"""Hit: `ERROR    app.mail:mail.py:12 gone`. Miss: `ERROR gone`."""
_STAMP = re.compile(  # a time in front of a line, with or without its date
    r"^\[?(?:\d{4}[-/]\d{2}[-/]\d{2}[T ])?\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?Z|[+-]\d{2}:?\d{2})?\]?[ :|-]{0,4}"
)
"""Hit: `2026-01-31 09:30:00,125 - gone`. Miss: `gone at 09:30:00`."""
_EPOCH = re.compile(r"^1[4-9]\d{8}(?:\.\d{1,9}|\d{3})? ")  # seconds since 1970 in front of a line
"""Hit: `1769851800.125 gone`. Miss: `17 gone`."""


class Window:
    """The records of log files in order of time, asked for by the time of a test."""

    def __init__(self, logs: Iterable[LogText], day: date | None) -> None:
        merged = merge([log for log in logs if not log.passing], day)
        self._entries = [entry for entry in merged if entry.at]
        self._times = [entry.at for entry in self._entries if entry.at]

    def __bool__(self) -> bool:
        """Whether any record says when it was written."""
        return bool(self._entries)

    def during(self, trace: Trace | None) -> Sequence[Entry]:
        """The records that lie in the window of a test; none where that is not known."""
        if trace is None or trace.started is None or trace.ended is None:
            return ()
        first = bisect_left(self._times, trace.started.replace(microsecond=0))
        after = bisect_left(self._times, trace.ended, lo=first)
        return [entry for entry in self._entries[first:after] if _since(trace.started, entry.at)]


def _since(started: datetime, at: datetime | None) -> bool:
    """Whether a time is not before another; of a log that counts whole seconds, the second in which it lies."""
    return at is not None and (at >= started or at.microsecond == 0)


def steps(case: Case, window: Window) -> Iterator[Step]:
    """Log records of a test, then what it printed."""
    captured = _sections(case)
    logged = [
        *(step for section in captured if is_log(section) for step in _captured("log", section)),
        *(_step("log", entry) for entry in window.during(case.trace)),
    ]
    yield from _once(logged)
    yield from _once(
        step for section in captured if not is_log(section) for step in _captured("output", section)
    )


def _sections(case: Case) -> tuple[Section, ...]:
    """What the last attempt left, each once. What a test printed in teardown after it had failed, it printed because it had."""
    last = case.attempts[-1]
    failed = (section for failure in last.failures for section in failure.sections)
    found = dict.fromkeys((*last.sections, *failed))
    phases = {failure.phase for failure in last.failures}
    ends = ("teardown",) if phases and "teardown" not in phases else ()
    return tuple(
        section
        for section in found
        if not section.name.startswith("Contract ")  # ours, not the test's
        and not section.name.endswith(ends)
    )


def is_log(section: Section) -> bool:
    """Whether a section holds records of a log rather than what was printed."""
    return " log " in f" {section.name.lower()} "


def sources(case: Case) -> set[StepSource]:
    """Of what the report carries text for this test."""
    return {"log" if is_log(section) else "output" for section in _sections(case)}


def _captured(source: StepSource, section: Section) -> Iterator[Step]:
    """The records of captured output."""
    for entry in entries_of(LogText(section.name, section.text)):
        yield _step(source, entry)


def _step(source: StepSource, entry: Entry) -> Step:
    """One record. Where a log tells who logged, that is its place, and no part of what is compared."""
    text, place = masked_record(entry.text)
    return Step(source, text, place=place or entry.where, quote=entry.text, at=entry.at)


@lru_cache(maxsize=4096)
def masked_record(line: str) -> tuple[str, str]:
    """What a record says, masked, and the place in the code that it names: the same for a record captured and in a file."""
    if found := _LOGGED.match(line):
        level, logger, place, message = found.groups()
        return f"{level} {logger} {mask(message)}".rstrip(), place
    bare = _EPOCH.sub("", _STAMP.sub("", line.strip()))
    return mask(" ".join(bare.split())), ""


def _once(found: Iterable[Step]) -> Iterator[Step]:
    """Each record once, at its first place, with how often it came."""
    first: dict[str, Step] = {}
    counts: dict[str, int] = {}
    for step in found:
        if step.text in counts or (step.text and len(counts) < MOST):
            first.setdefault(step.text, step)
            counts[step.text] = counts.get(step.text, 0) + 1
    for text, step in first.items():
        yield step if counts[text] == 1 else _counted(step, counts[text])


def _counted(step: Step, count: int) -> Step:
    """A step that came several times."""
    return Step(step.source, step.text, step.caller, step.place, step.quote, step.at, count)


def day_of(started: datetime | None) -> date | None:
    """The day in UTC of a run, for logs that give only the time of day."""
    return started.astimezone(UTC).date() if started else None
