"""What must never be repeated blindly: POST, which adds something each time it takes effect, and PATCH, which overwrites.

In: a way to send, a way to look for what was sent. Out: what was made, once. Rate limited means not applied: wait and
send again. A 5xx, a timeout or an odd answer means that nobody knows: look for it first, and send only what is not
there. tenacity counts and waits; the sleep is handed in.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from triagebot.trackers import TrackerError
from triagebot.trackers.github.requests import UnsureError
from triagebot.trackers.github.responses import OddAnswerError
from triagebot.trackers.github.retry_policy import SECONDARY_WAIT_S, LimitedError, refuse_long

T = TypeVar("T")
ATTEMPTS = 5
UNCERTAIN = (UnsureError, OddAnswerError)


def post_once(
    send: Callable[[], T],
    look: Callable[[], T | None],
    *,
    pause: Callable[[float], None],
    now: Callable[[], datetime],
    wary: bool = False,
) -> T:
    """What `send` makes, made once: after an uncertain answer `look` decides whether it is there already.

    With `wary` it is asked before every further attempt, for others may have been there while we waited.

    Raises TrackerError when GitHub refuses for good, and UnsureError when it stayed unknown after all attempts.
    """
    unsure = False

    def attempt() -> T:
        nonlocal unsure
        if unsure and (found := look()) is not None:
            return found
        try:
            return send()
        except (LimitedError, *UNCERTAIN) as error:
            unsure = unsure or wary or isinstance(error, UNCERTAIN)
            raise

    try:
        return _retrying(pause, now)(attempt)
    except UNCERTAIN as error:
        return _last_look(look, error)


def _retrying(pause: Callable[[float], None], now: Callable[[], datetime]) -> Retrying:
    """Tenacity over what may be tried again: limits and uncertainty, never a refusal."""

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait_s if isinstance(error, LimitedError) else 0.0
        if asked == SECONDARY_WAIT_S:  # our own guess, which GitHub wants doubled where it did not help
            asked *= 2.0 ** (state.attempt_number - 1)
        return refuse_long(max(asked, 2.0**state.attempt_number), now())

    return Retrying(
        sleep=pause,
        wait=wait,
        stop=stop_after_attempt(ATTEMPTS),
        retry=retry_if_exception_type((LimitedError, *UNCERTAIN)),
        reraise=True,
    )


def _last_look(look: Callable[[], T | None], error: TrackerError) -> T:
    """What the last attempt made after all."""
    found = look()
    if found is None:
        raise UnsureError(f"{error}; it was not there afterwards, {ATTEMPTS} attempts") from None
    return found
