"""How long to wait for GitHub, and what may be asked again.

In: statuses, headers and a clock. Out: seconds to wait, and the retry policy for PyGithub. GET, PUT and DELETE may be
repeated: they say what shall be, not what to add. POST is never repeated here: one that came to nothing (rate limited)
and one that may have come to something (5xx, timeout) are different cases, and `posting` keeps them apart. Nor is PATCH:
after a wait it may be about something that others have changed, and whoever sends it looks first.
Nothing here sleeps but through the function that it was given.
https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api (read 2025-11)
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Self

from github.GithubRetry import GithubRetry
from urllib3.response import BaseHTTPResponse

from triagebot.trackers import TrackerError

LONGEST_WAIT_S = 120.0
SECONDARY_WAIT_S = 60.0
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_OUTAGES = [500, 502, 503, 504, 429]


class LimitedError(TrackerError):
    """GitHub refused for now, and nothing was done. `wait_s` is how long it asks us to wait."""

    def __init__(self, text: str, wait_s: float) -> None:
        super().__init__(text)
        self.wait_s = wait_s


def wait_s(status: int, headers: Mapping[str, str], attempt: int, now: datetime) -> float:
    """Seconds to wait after an answer with `status` (0 for none), before attempt number `attempt` + 1 (from 1).

    GitHub's order: `retry-after`; else the reset time when nothing remains; else a minute, doubling, for a limit;
    else a short doubling pause.
    """
    if (after := headers.get("retry-after", "")).strip().isdigit():
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(1.0, int(reset) - now.timestamp() + 1)
    return (SECONDARY_WAIT_S if status in (403, 429) else 1.0) * 2.0 ** (attempt - 1)


def is_limit(status: int, headers: Mapping[str, str], message: str) -> bool:
    """Whether a refusal is about how much or how fast, not about who may."""
    if status == 429:
        return True
    spent = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    return status == 403 and (spent or "rate limit" in message.lower())


def refuse_long(wait: float, now: datetime) -> float:
    """`wait`, or LimitedError when it is longer than a job should sit idle for."""
    if wait > LONGEST_WAIT_S:
        minutes = round(wait / 60) or 1
        text = f"GitHub's rate limit is used up: it asks for {minutes} minutes of patience (asked at {now:%H:%M} UTC)"
        raise LimitedError(f"{text}; run again after that, nothing is lost", wait)
    return wait


class Patience(GithubRetry):
    """PyGithub's retry policy with our waits, our clock and our sleep. `pause` sleeps for so many seconds."""

    def __init__(self, *, pause: Callable[[float], None], now: Callable[[], datetime], **kwargs: Any) -> None:
        self.pause = pause
        self.now = now
        super().__init__(**kwargs)

    def new(self, **kw: Any) -> Self:
        """The policy for the next attempt; urllib3 calls it."""
        return super().new(pause=self.pause, now=self.now, **kw)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits before the next attempt; raises LimitedError instead of waiting too long."""
        status, headers = (response.status, response.headers) if response else (0, {})
        lowered = {name.lower(): value for name, value in headers.items()}
        now = self.now()
        self.pause(refuse_long(wait_s(status, lowered, len(self.history), now), now))


def patience(pause: Callable[[float], None], now: Callable[[], datetime]) -> Patience:
    """The policy under which the client works."""
    return Patience(
        pause=pause,
        now=now,
        total=5,
        backoff_factor=2,
        secondary_rate_wait=SECONDARY_WAIT_S,
        max_rate_limit_wait=LONGEST_WAIT_S,
        status_forcelist=_OUTAGES,
        allowed_methods=REPEATABLE,
    )
