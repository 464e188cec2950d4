"""Values of untrusted JSON by the type that a reader needs; anything else is that type's empty value.

In: whatever `json.loads` gives. Out: dict, list, str, number. Nothing is raised.
"""

import json
import math
from datetime import UTC, datetime
from typing import Any

from triagebot.reports.decoding import encodable


def mapping(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value when it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def string(value: Any) -> str:
    """The value when it is a string that can be encoded, "" for null, else the value as JSON."""
    if isinstance(value, str):
        return value if value.isascii() else encodable(value)
    return "" if value is None else encodable(json.dumps(value, ensure_ascii=False, default=str))


def number(value: Any) -> float | None:
    """The value when it is a finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        as_float = float(value)
    except OverflowError:
        return None
    return as_float if math.isfinite(as_float) else None


def count(value: Any) -> int | None:
    """The value when it is a whole number that is not negative and fits a counter, else None."""
    found = number(value)
    return int(found) if found is not None and found == int(found) and 0 <= found < 1 << 53 else None


def whole(value: Any) -> int | None:
    """The value when it is a whole number of either sign that fits a counter, else None."""
    found = number(value)
    return int(found) if found is not None and found == int(found) and abs(found) < 1 << 53 else None


def moment(seconds: float | None) -> datetime | None:
    """Seconds since the epoch as UTC, or None when there is no such day."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
