"""The effects that a pipeline may have beside its ports: environment, folder, standard input, clock, words to a person.

The command line hands in those of its process, a test or a server its own. Nothing here decides.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from triagebot.redact import Redactor, redactor

T = TypeVar("T")


class Progress(Protocol):
    """Somebody who may be watching."""

    def track(self, items: Iterable[T], label: str, total: int) -> Iterable[T]:
        """The items, with what is done shown as they are taken."""

    def tasks(self, names: Mapping[str, str]) -> AbstractContextManager[Callable[[str], None]]:
        """Shows tasks (name by key) while they run; the function that it yields is told the key of each that is done."""


class NoProgress:
    """The `Progress` of a place where nobody watches."""

    def track(self, items: Iterable[T], label: str, total: int) -> Iterable[T]:  # noqa: ARG002 - the port's signature
        """The items."""
        return items

    def tasks(self, names: Mapping[str, str]) -> AbstractContextManager[Callable[[str], None]]:  # noqa: ARG002 - as above
        """Nothing is shown."""
        return nullcontext(lambda _key: None)


def _utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def _to_nobody(_text: str) -> None:
    """The `warn` of a place where nobody listens."""


@dataclass(frozen=True)
class Effects:
    """Everything outside the program that a pipeline may look at. Times are UTC, pauses in seconds, `random` is in [0, 1)."""

    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = field(default_factory=Path.cwd)
    stdin: BinaryIO = field(default_factory=BytesIO)
    now: Callable[[], datetime] = _utc_now
    pause: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random
    progress: Progress = field(default_factory=NoProgress)
    warn: Callable[[str], None] = _to_nobody

    @cached_property
    def redactor(self) -> Redactor:
        """Knows the values of secret-named variables of this environment."""
        return redactor(self.environ)

    @property
    def in_actions(self) -> bool:
        """Whether this is a GitHub Actions runner."""
        return self.environ.get("GITHUB_ACTIONS") == "true"
