"""Lengths of time and shares as people write them in the config: `30s`, `2m`, `1h 30m`, `100%`.

In: text. Out: seconds, or a share from 0 to 1. Raises ValueError with what would do.
"""

import re

_PART = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?(ms|s|m|min|h|d)(?: |$|(?=\d))")  # 30s, 1.5 h, 1h30m
"""Hit: `1.5 h`. Miss: `1.5 hours`."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?%")  # 100%, 99.5 %
"""Hit: `99.5 %`. Miss: `99.5`."""


def seconds(text: str) -> float:
    """The seconds that a length of time says."""
    text, at, total = text.strip(), 0, 0.0
    while at < len(text) and (part := _PART.match(text, at)):
        at, total = part.end(), total + float(part[1]) * _UNITS[part[2]]
    if not text or at < len(text):
        raise ValueError(f"{text!r} is no length of time; write it as 30s, 20m, 1h 30m or 2d")
    return total


def share(text: str) -> float:
    """The share that a percentage says."""
    found = _SHARE.fullmatch(text.strip())
    if not found or float(found[1]) > 100:
        raise ValueError(f"{text!r} is no share; write it as 100% or 99.5%")
    return float(found[1]) / 100


def duration_text(length: float) -> str:
    """Seconds as people say them: 0.02 s, 1.2 s, 2 min, 1 h 30 min, 3 days."""
    if length < 60:
        return f"{length:.2f} s" if length < 0.1 else f"{length:.3g} s"
    minutes, left = divmod(round(length), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min {left} s" if left else f"{minutes} min"
