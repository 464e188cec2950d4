"""The process as the command line hands it in: environment, clock, streams and the console that writes to them."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, TypeVar

from triagebot.pipeline.effects import Effects
from triagebot.redact import Redactor

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")
_PLAIN_WIDTH = 130
"""Columns of a table that goes to a file or a log, where no terminal says how wide it is."""


@dataclass(frozen=True)
class Process:
    """Everything outside the program that a verb may look at. Tests hand in their own."""

    environ: Mapping[str, str]
    now: Callable[[], datetime]
    cwd: Path
    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    pause: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    @staticmethod
    def real() -> "Process":
        """The process's own world."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return Process(
            os.environ, lambda: datetime.now(UTC), Path.cwd(), sys.stdin.buffer, sys.stdout, sys.stderr
        )

    @cached_property
    def console(self) -> "Console":
        """Where people read results: tables and colour on a terminal, plain text elsewhere."""
        return self._console(self.stdout)

    @cached_property
    def progress_console(self) -> "Console":
        """Where progress and remarks go, so that standard output stays clean for machines."""
        return self._console(self.stderr)

    @cached_property
    def effects(self) -> Effects:
        """What of this a pipeline may use."""
        return Effects(
            environ=self.environ,
            cwd=self.cwd,
            stdin=self.stdin,
            now=self.now,
            pause=self.pause,
            monotonic=self.monotonic,
            progress=ConsoleProgress(self),
            warn=self.complain,
        )

    @property
    def redactor(self) -> Redactor:
        """Knows the values of secret-named variables of this environment."""
        return self.effects.redactor

    @property
    def in_actions(self) -> bool:
        """Whether this is a GitHub Actions runner."""
        return self.effects.in_actions

    def complain(self, text: str) -> None:
        """Tell a person on standard error what went wrong, without secrets. Where nothing can be said, nothing is."""
        with suppress(OSError):
            self.stderr.write(f"triagebot: {self.redactor.text(text)}\n")

    def _console(self, stream: TextIO) -> "Console":
        """A console over `stream` that wraps to the terminal, or to a fixed width where there is none."""
        from rich.console import Console  # noqa: PLC0415  # machines read JSON, and Rich takes 40 ms to load

        asked = self.environ.get("COLUMNS", "")
        wanted = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 0
        width = None if stream.isatty() else wanted or _PLAIN_WIDTH
        return Console(file=stream, width=width, highlight=False, emoji=False, markup=False, soft_wrap=False)


@dataclass(frozen=True)
class ConsoleProgress:
    """Progress on standard error where somebody is looking; nothing elsewhere."""

    process: Process

    def track(self, items: Iterable[T], label: str, total: int) -> Iterable[T]:
        """The items under a progress bar."""
        if not self.process.stderr.isatty():
            return items
        from rich.progress import track  # noqa: PLC0415  # machines need no bar, and it takes 10 ms to load

        return track(items, label, total=total, console=self.process.progress_console, transient=True)

    @contextmanager
    def tasks(self, names: Mapping[str, str]) -> Iterator[Callable[[str], None]]:
        """A spinner a task."""
        from rich.progress import Progress, SpinnerColumn, TextColumn  # noqa: PLC0415  # as above

        bar = Progress(
            SpinnerColumn(),
            TextColumn("drafting {task.description}", markup=False),
            console=self.process.progress_console,
            transient=True,
            disable=not self.process.stderr.isatty(),
        )
        with bar:
            tasks = {key: bar.add_task(name, total=1) for key, name in names.items()}
            yield lambda key: bar.update(tasks[key], completed=1)
