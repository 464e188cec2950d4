"""Log files of several services as one stream in time, without what passing tests and runs log as well.

In: `LogText` values. Out: `Entry` values in order of time, and how much was dropped. Pure: reading files, redacting and
trimming are others' work. Merging follows the practice of putting all component logs into one stream before anybody
reasons about them (arXiv 2604.12108); the contrast follows LogSage (arXiv 2506.03691).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from triagebot.drafts.model import LogText
from triagebot.drafts.stamps import says_offset, stamp

MAX_LINE = 4_000

_LEVEL = re.compile(
    r"\b(FATAL|CRITICAL|PANIC|EMERG|ALERT|ERROR|SEVERE|ERR|WARN|WARNING|Traceback|Exception)\b"
)
_UUID = re.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b")
_HEX = re.compile(r"\b(?=[0-9a-fA-F]{0,63}\d)(?:0x)?[0-9a-fA-F]{8,64}\b")
_CLOCK = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}[T ]|\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?")
# A status or a close code is what the line says; any other number is an accident of the moment.
_COUNT = re.compile(
    r"((?:status|code|errno|exit|signal|closed?|HTTP/\d(?:\.\d)?\"?)[\"']?[ =:(]{1,3}\d{1,5}\b)|\d{1,30}(?:\.\d{1,30})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of one log. `at` is its own time or that of the line before it; `guessed` means that no offset was named."""

    at: datetime | None
    name: str
    number: int
    text: str
    guessed: bool = False

    @property
    def where(self) -> str:
        """Which line of which file: "backend.log:45"."""
        return f"{self.name}:{self.number}"


def merge(texts: Sequence[LogText], day: date | None = None) -> tuple[Entry, ...]:
    """All lines of all files in order of time; lines of one instant stay in the order of their file names and lines.

    A line without a time belongs to the line before it (a traceback is not torn apart). Lines of a file that never
    gives a time come last, as nothing can be said about their order.
    """
    entries = [entry for text in sorted(texts, key=lambda text: text.name) for entry in _entries(text, day)]
    return tuple(sorted(entries, key=lambda entry: (entry.at is None, entry.at or _NEVER)))


_NEVER = datetime.max.replace(tzinfo=UTC)


def _entries(log: LogText, day: date | None) -> list[Entry]:
    """The lines of one file, each with the latest time that was named up to it; never going back in time."""
    found: list[Entry] = []
    lines = [line[:MAX_LINE] for line in log.text.splitlines()]
    at = next((time for line in lines if (time := stamp(line, day))), None)
    guessed = False
    for number, line in enumerate(lines, 1):
        if time := stamp(line, day):
            at, guessed = time, not says_offset(line)
        if line.strip():
            found.append(Entry(at, log.name, number, line, guessed))
    return found


def template(line: str) -> str:
    """What a line says, without the accidents of one moment: times, ids and counts are masked, statuses stay."""
    masked = _HEX.sub("#", _UUID.sub("#", _CLOCK.sub("#", line[:MAX_LINE])))
    counted = _COUNT.sub(lambda found: found.group(1) or "#", masked)
    return " ".join(re.sub(r"(?:# ?){2,40}", "# ", counted).split())


def templates(texts: Iterable[str]) -> frozenset[str]:
    """The templates of all lines of what passed."""
    return frozenset(template(line) for text in texts for line in text.splitlines() if line.strip())


def contrast(entries: Sequence[Entry], passing: frozenset[str]) -> tuple[Entry, ...]:
    """The entries whose template does not occur in anything that passed."""
    return tuple(entry for entry in entries if template(entry.text) not in passing)


def severe(line: str) -> bool:
    """Whether the line calls itself a warning or worse."""
    return bool(_LEVEL.search(line[:MAX_LINE]))
