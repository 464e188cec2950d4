"""How long a command waits for a database: a number of seconds in all, after which nobody waits for it any more.

In: calls to a database. Out: their end, or a `LateError` when the seconds are used up. A server may accept and never
answer, or stop in the middle of an answer: no limit that it would have to keep itself is of use then, so a second
thread ends the connection under the one that waits.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_SHARE = 3
"""A connection may take this part of the seconds, so that a second try is left for a store that only was restarted."""


class LateError(Exception):
    """The database gave no answer in time."""


class _Watch:
    """Ends the call that is under way, once, unless it has ended before."""

    def __init__(self) -> None:
        self.fired = False
        self._stop: Callable[[], None] | None = None
        self._over = False
        self._lock = threading.Lock()

    def over(self, stop: Callable[[], None]) -> None:
        """From now on `stop` ends what is under way."""
        with self._lock:
            self._stop = stop
            if self.fired:
                stop()

    def fire(self) -> None:
        """The time is up."""
        with self._lock:
            if self._over:
                return
            self.fired = True
            if self._stop is not None:
                self._stop()

    def end(self) -> None:
        """What was watched has ended; its connection may serve others."""
        with self._lock:
            self._over = True


class Patience:
    """The seconds that are left for one history store. `clock` gives monotonic seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.left = seconds
        self._clock = clock
        self._here = threading.local()

    @contextmanager
    def watched(self) -> Iterator[_Watch]:
        """Whatever happens inside is ended when the seconds are used up. Raises LateError then, and when none are left."""
        if self.left <= 0:
            raise LateError
        watch, began = _Watch(), self._clock()
        timer = threading.Timer(self.left, watch.fire)
        timer.daemon = True
        timer.start()
        self._here.watch = watch
        try:
            yield watch
        except Exception as error:
            if watch.fired:
                raise LateError from error
            raise
        finally:
            timer.cancel()
            watch.end()
            self.left -= self._clock() - began

    def connected(self, connect: Callable[[float], T], stop: Callable[[T], None]) -> T:
        """A new connection, which `stop` ends. Raises LateError when it takes too long.

        Looking up a name cannot be ended, and each of its addresses takes its time: a thread does that for which
        nobody waits longer.
        """
        limit = min(self.left, self.seconds / _SHARE)
        box: queue.SimpleQueue[T | BaseException] = queue.SimpleQueue()

        def work() -> None:
            try:
                box.put(connect(limit))
            except BaseException as error:  # noqa: BLE001 - raised by the one who waits
                box.put(error)

        threading.Thread(target=work, daemon=True).start()
        try:
            made = box.get(timeout=limit)
        except queue.Empty:
            raise LateError from None
        if isinstance(made, BaseException):
            raise made
        self._here.watch.over(lambda: stop(made))
        return made
