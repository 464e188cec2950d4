"""Whether runs still come: silence looks like peace, and PyTorch's bot was dead for a month before anybody noticed.

In: the past of each scope that is watched, the clock's reading. Out: a `Heartbeat`. Whether silence matters is for
people to say (`[limits] silence_days`): a team's holidays are none of our business.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from triagebot.history.model import Past
from triagebot.reports.model import Scope

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When runs were last heard of, in words, one line a scope. `alarms` are the lines about scopes silent for too long."""

    lines: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()


def heartbeat(pasts: Iterable[Past], now: datetime, silence_days: int | None) -> Heartbeat:
    """When each scope was last heard of. `silence_days` None raises no alarm. `now` must be UTC."""
    watched = sorted(pasts, key=lambda past: _name(past.scope))
    said = {past.scope: _line(past, now) for past in watched}
    silent = [said[past.scope] for past in watched if _is_silent(past, now, silence_days)]
    return Heartbeat(tuple(said.values()), tuple(silent))


def _is_silent(past: Past, now: datetime, silence_days: int | None) -> bool:
    """Whether the last run is longer ago than people want to wait; no run at all is silence, too."""
    if silence_days is None:
        return False
    return not past.runs or now - past.runs[-1].at > silence_days * _DAY


def _line(past: Past, now: datetime) -> str:
    """`staging, main: last run 3 days ago (2025-09-10 19:00 UTC)`."""
    if not past.runs:
        return f"{_name(past.scope)}: no run was ever recorded"
    at = past.runs[-1].at
    return f"{_name(past.scope)}: last run {_ago(now - at)} ({at:%Y-%m-%d %H:%M} UTC)"


def _ago(age: timedelta) -> str:
    """How long ago, as people say it."""
    if age < 2 * _DAY:
        hours = max(0, int(age.total_seconds() // 3600))
        return "within the hour" if not hours else f"{hours} hour{'s' * (hours != 1)} ago"
    return f"{age.days} days ago"


def _name(scope: Scope) -> str:
    """A scope in words."""
    return (
        ", ".join(filter(None, (scope.environment, scope.branch))) or "runs of no named environment or branch"
    )
