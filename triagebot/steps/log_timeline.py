"""Log files of several services as one stream in time, without what passing tests and runs log as well.

In: `LogText` values. Out: `Entry` values in order of time, and how much was dropped. Pure: reading files, redacting and
trimming are others' work. Merging follows the practice of putting all component logs into one stream before anybody
reasons about them (arXiv 2604.12108); the contrast follows LogSage (arXiv 2506.03691).
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from triagebot.steps.log_timestamps import says_offset, stamp
from triagebot.steps.model import LogText

MAX_LINE = 4_000
MAX_MORE = 80

# The fields of JSON records that are read first, under the names that common loggers give them.
_FIRST: tuple[tuple[str, ...], ...] = (
    ("ts", "time", "timestamp", "@timestamp", "asctime"),
    ("level", "severity", "levelname", "log.level"),
    ("service", "app", "component", "container"),
    ("logger", "name", "module"),
    ("event", "msg", "message"),
)

_LEVEL = re.compile(
    r"\b(?:FATAL|CRITICAL|PANIC|EMERG|ALERT|ERROR|SEVERE|ERR|WARN|WARNING|Traceback"
    r"|[A-Za-z]{0,60}(?:Error|Exception|Timeout))\b"
)
"""Words that say that a line is about something bad.

Hit: `2026-01-31 ERROR gone`
Hit: `TimeoutError: gone`
Miss: `INFO ready`
"""
_FIELD = re.compile(r"\b([A-Za-z_][\w.]{0,40})=(\"[^\"]{0,200}\"|\S{1,200})")
"""A field of a record. Hit: `user="ada"`. Miss: `user ada`."""
_TELLING = frozenset(
    {"code", "status", "reason", "error", "errno", "event", "method", "path", "exit", "signal"}
)
_FRAME = re.compile(r'^  File "')
"""A frame of a traceback of Python within a log.

Hit: `  File "/srv/app/mail.py", line 12`
Miss: `File "/srv/app/mail.py", line 12`
"""
_INSTALLED = re.compile(r"(?:site|dist)-packages[/\\]|File \"<frozen |[/\\]lib[/\\]python3\.\d{1,2}[/\\]")
"""A frame of a library. Hit: `/srv/.venv/lib/python3.11/site-packages/httpx/_client.py`. Miss: `/srv/app/mail.py`."""
_UUID = re.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b")
"""An id of a request or an object. Hit: `3f2b8c1e-9d4a-4e6f-8b7a-1c2d3e4f5a6b`. Miss: `3f2b8c1e-9d4a`."""
_HEX = re.compile(r"\b(?=[0-9a-fA-F]{0,63}\d)(?:0x)?[0-9a-fA-F]{8,64}\b")
"""A hash, an address or an id. Hit: `0x7f3a9c0d`. Miss: `deadbeef`."""
_CLOCK = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}[T ]|\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?")
"""A date or a time. Hit: `09:30:00.125Z`. Miss: `9:30`."""
# A status or a close code is what the line says; any other number is an accident of the moment.
_COUNT = re.compile(
    r"((?:status|code|errno|exit|signal|closed?|HTTP/\d(?:\.\d)?\"?)[\"']?[ =:(]{1,3}\d{1,5}\b)"
    r"|\d{1,30}(?:\.\d{1,30})?",
    re.IGNORECASE,
)
"""Hit: `took 12 ms`. Hit: `status=503`. Miss: `took long`."""


@dataclass(frozen=True)
class Entry:
    """One record of one log: its first line as plain text, and the lines that hang below it (a traceback).

    `at` is its own time or that of the record before it; `guessed` means that no offset was named. `number` counts
    lines of the file from 1.
    """

    at: datetime | None
    name: str
    number: int
    text: str
    more: tuple[str, ...] = ()
    guessed: bool = False

    @cached_property
    def template(self) -> str:
        """What the whole record says without the accidents of one moment; what hangs below belongs to it."""
        return "\n".join(template(line) for line in (self.text, *self.more))

    @cached_property
    def kind(self) -> str:
        """The template without the values of fields that say who or which; `code=`, `reason=` and the like stay."""
        first, *below = self.template.split("\n")
        return "\n".join([_FIELD.sub(_bare, first), *below])

    @property
    def where(self) -> str:
        """Which line of which file: "backend.log:45"."""
        return f"{self.name}:{self.number}"


def merge(texts: Sequence[LogText], day: date | None = None) -> tuple[Entry, ...]:
    """All records of all files in order of time; records of one instant stay in the order of their files and lines.

    A line without a time belongs to the record before it (a traceback is not torn apart). Lines of a file that never
    gives a time stand alone and come last, as nothing can be said about their order.
    """
    entries = [entry for text in sorted(texts, key=lambda text: text.name) for entry in entries_of(text, day)]
    return tuple(sorted(entries, key=lambda entry: (entry.at is None, entry.at or _NEVER)))


_NEVER = datetime.max.replace(tzinfo=UTC)


def entries_of(log: LogText, day: date | None = None) -> list[Entry]:
    """The records of one file in its own order."""
    lines = [
        (number, line[:MAX_LINE]) for number, line in enumerate(log.text.splitlines(), 1) if line.strip()
    ]
    times = [stamp(line, day) for _, line in lines]
    if not any(times):
        return [_entry(log.name, number, line, None, []) for number, line in lines]
    held: list[tuple[int, str, datetime | None, list[str]]] = []
    at = next(time for time in times if time)
    for (number, line), time in zip(lines, times, strict=True):
        if time or not held:
            at = time or at
            held.append((number, line, at, []))
        elif len(held[-1][3]) < MAX_MORE:
            held[-1][3].append(line)
    return [_entry(log.name, number, line, time, more) for number, line, time, more in held]


def _entry(name: str, number: int, line: str, at: datetime | None, more: Sequence[str]) -> Entry:
    """A record as people read it."""
    text, below = _readable_line(line)
    return Entry(at, name, number, text, (*below, *more)[:MAX_MORE], at is not None and not says_offset(line))


def _bare(found: re.Match[str]) -> str:
    """A field without its value, unless the value is what the record is about."""
    return found.group() if found.group(1) in _TELLING else f"{found.group(1)}="


def _readable_line(line: str) -> tuple[str, tuple[str, ...]]:
    """A line as people read it; a JSON record becomes its time, level and message, then its fields, then its long texts."""
    if not line.lstrip().startswith("{"):
        return line, ()
    try:
        record = json.loads(line)
    except ValueError:
        return line, ()
    return _spelled(record) if isinstance(record, dict) else (line, ())


def _spelled(record: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """A JSON record in words. Long texts of several lines (tracebacks) hang below."""
    first = [
        str(record[key]) for keys in _FIRST for key in keys if isinstance(record.get(key), str | int | float)
    ][:8]
    rest = {key: value for key, value in record.items() if not any(key in keys for keys in _FIRST)}
    long = [
        line
        for value in rest.values()
        if isinstance(value, str) and "\n" in value
        for line in value.splitlines()
    ]
    short = [
        f"{key}={_short(value)}"
        for key, value in rest.items()
        if not (isinstance(value, str) and "\n" in value)
    ]
    head = " ".join([*first, *short]).replace("\n", " ")[:MAX_LINE]
    return head, own_frames(tuple(line for line in long if line.strip())[: 4 * MAX_MORE])[:MAX_MORE]


def own_frames(lines: Sequence[str]) -> tuple[str, ...]:
    """A native traceback without the frames of installed packages; how many were left out is said where they stood."""
    kept: list[str] = []
    skipped = 0
    inside = False
    for line in lines:
        starts = bool(_FRAME.match(line))
        inside = bool(_INSTALLED.search(line)) if starts else inside and line.startswith("    ")
        if inside:
            skipped += starts
            continue
        kept += [f"  [… {skipped} frames of installed packages elided]"] if skipped else []
        skipped = 0
        kept.append(line)
    return tuple(kept)


def _short(value: Any) -> str:
    """A field's value on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)[:300]


def template(line: str) -> str:
    """What a line says, without the accidents of one moment: times, ids and counts are masked, statuses stay."""
    masked = _HEX.sub("#", _UUID.sub("#", _CLOCK.sub("#", line[:MAX_LINE])))
    counted = _COUNT.sub(lambda found: found.group(1) or "#", masked)
    return " ".join(re.sub(r"(?:# ?){2,40}", "# ", counted).split())


def templates(logs: Iterable[LogText]) -> frozenset[str]:
    """The templates of all records of what passed."""
    return frozenset(entry.template for log in logs for entry in entries_of(log))


def contrast(entries: Sequence[Entry], passing: frozenset[str]) -> tuple[Entry, ...]:
    """The records whose template does not occur in anything that passed."""
    return tuple(entry for entry in entries if entry.template not in passing)


def distinct(entries: Sequence[Entry]) -> tuple[tuple[Entry, int, Entry], ...]:
    """(first record, how many like it, last record) for each kind, in the order of their first records.

    Records are of one kind when their templates differ in the values of fields that say who or which (`user=ada`) at
    most, and what hangs below them is the same.
    """
    alike: dict[str, list[Entry]] = {}
    for entry in entries:
        alike.setdefault(entry.kind, []).append(entry)
    return tuple((found[0], len(found), found[-1]) for found in alike.values())


def missed(entries: Sequence[Entry], passing: Sequence[Entry]) -> tuple[tuple[Entry, int], ...]:
    """(first record, how many like it) of each kind that what passed logs, and the failing run never."""
    here = {entry.kind for entry in entries}
    return tuple((first, count) for first, count, _ in distinct(passing) if first.kind not in here)


def shifted(entries: Sequence[Entry], passing: Sequence[Entry]) -> tuple[tuple[Entry, str, str, str], ...]:
    """(record, field, its one value in what passed, its values here) where a count is always the same in what passed.

    Only fields with small numbers, seen at least three times in what passed; ids and times differ everywhere.
    """
    usual = {
        place: values
        for place, values in _counts(passing).items()
        if len(values) >= 3 and len(set(values)) == 1
    }
    here = _counts(entries)
    first = {entry.kind: entry for entry in reversed(entries)}
    return tuple(
        (first[kind], field, values[0], ", ".join(sorted(set(here[kind, field]))[:4]))
        for (kind, field), values in usual.items()
        if (kind, field) in here and values[0] not in here[kind, field]
    )


def _counts(entries: Sequence[Entry]) -> dict[tuple[str, str], list[str]]:
    """The values of small numeric fields by kind of record and field."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        kind = entry.kind
        for name, value in _FIELD.findall(entry.text):
            if name not in _TELLING and value.isascii() and value.isdigit() and len(value) <= 5:
                found.setdefault((kind, name), []).append(value)
    return found


def silence(entries: Sequence[Entry]) -> tuple[Entry, Entry, float] | None:
    """The longest time in which nobody logged anything: the record before it, the one after it, seconds."""
    dated = [(entry.at, entry) for entry in entries if entry.at]
    spans = [(late - early, before, after) for (early, before), (late, after) in pairwise(dated)]
    longest = max(spans, key=lambda span: span[0], default=None)
    return (longest[1], longest[2], longest[0].total_seconds()) if longest else None


def severe(line: str) -> bool:
    """Whether the line calls itself a warning or worse."""
    return bool(_LEVEL.search(line[:MAX_LINE]))
