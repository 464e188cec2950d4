"""The time that a log line carries, in UTC.

In: one line, and the day for lines that give only a time. Out: a datetime or None. A time without an offset is taken
as UTC, and `says_offset` tells the caller whether that was a guess. Only the line's first 200 characters are read.
"""

import re
from calendar import month_abbr
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

HEAD = 200

_ISO = re.compile(
    r"(?<!\d)(\d{4})[-/](\d{2})[-/](\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))? ?"
    r"(Z|[+-]\d{2}:?\d{2})?(?!\d)"
)
"""ISO 8601, as most logs write it. Hit: `2026-01-31T09:30:00.125Z`. Miss: `2026-01-31`."""
_CLF = re.compile(r"(?<!\d)(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ?([+-]\d{4})?")
"""The time of the Common Log Format. Hit: `[31/Jan/2026:09:30:00 +0000]`. Miss: `31/01/2026 09:30`."""
_EPOCH = re.compile(r'"(?:ts|time|timestamp|t)" ?: ?"?(\d{10})(?:(\d{3})(?!\d)|\.(\d{1,9}))?')
"""Seconds or milliseconds since 1970 in a record of JSON. Hit: `"ts": 1769851800.125`. Miss: `"ts": "09:30"`."""
_KLOG = re.compile(r"^[IWEF](\d{2})(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{1,9})")
"""The head of a line of klog, which names no year. Hit: `E0131 09:30:00.125000`. Miss: `ERROR 09:30:00`."""
_SYSLOG = re.compile(r"^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?!\d)")
"""The head of a line of syslog, which names no year. Hit: `Jan 31 09:30:00 host`. Miss: `Jan 31 2026`."""
_TIME = re.compile(r"^\[?(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?![\d:])")
"""A time of day alone. Hit: `[09:30:00.125] ready`. Miss: `at 09:30:00`."""
_MONTHS = {name: at for at, name in enumerate(month_abbr)}


def stamp(line: str, day: date | None = None) -> datetime | None:
    """When the line says it was written, in UTC; None when it does not say so in a form that is known here."""
    head = line[:HEAD]
    try:
        return _dated(head) or (_undated(head, day) if day else None)
    except (ValueError, KeyError, OverflowError):
        return None


def says_offset(line: str) -> bool:
    """Whether the line's time names its offset from UTC."""
    head = line[:HEAD]
    found = _ISO.search(head) or _CLF.search(head)
    return bool(_EPOCH.search(head)) or bool(found and found.groups()[-1])


def _dated(head: str) -> datetime | None:
    """A time that carries its own date."""
    if found := _ISO.search(head):
        *parts, fraction, offset = found.groups()
        return _utc(parts, fraction, offset)
    if found := _CLF.search(head):
        day, name, year, hour, minute, second, offset = found.groups()
        return _utc((year, _MONTHS[name], day, hour, minute, second), None, offset)
    if found := _EPOCH.search(head):
        seconds, milli, fraction = found.groups()
        return datetime.fromtimestamp(int(seconds), UTC) + _fraction(milli or fraction)
    return None


def _undated(head: str, day: date) -> datetime | None:
    """A time that needs to be told its year or day."""
    if found := _KLOG.search(head):
        month, number, hour, minute, second, fraction = found.groups()
        return _utc((day.year, month, number, hour, minute, second), fraction, None)
    if found := _SYSLOG.search(head):
        name, number, hour, minute, second = found.groups()
        return _utc((day.year, _MONTHS[name], number, hour, minute, second), None, None)
    if found := _TIME.search(head):
        hour, minute, second, fraction = found.groups()
        return _utc((day.year, day.month, day.day, hour, minute, second), fraction, None)
    return None


def _utc(parts: Sequence[str | int], fraction: str | None, offset: str | None) -> datetime:
    """A point in time from year, month, day, hour, minute, second. Raises ValueError for a thirteenth month and the like."""
    year, month, day, hour, minute, second = map(int, parts)
    local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(offset)) + _fraction(
        fraction
    )
    return local.astimezone(UTC)


def _zone(offset: str | None) -> timezone:
    """The zone of "+02:00", "-0530", "Z"; without any, UTC."""
    if not offset or offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    plain = offset[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(plain[:2]), minutes=int(plain[2:])))


def _fraction(digits: str | None) -> timedelta:
    """A decimal fraction of a second, given by its digits."""
    return timedelta(microseconds=int((digits or "0").ljust(6, "0")[:6]))
