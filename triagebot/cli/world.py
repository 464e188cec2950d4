"""The world as the command line hands it in: environment, clock, streams and the console that writes to them."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from triagebot.redact import Redactor, redactor

if TYPE_CHECKING:
    from rich.console import Console

_PLAIN_WIDTH = 130
"""Columns of a table that goes to a file or a log, where no terminal says how wide it is."""


@dataclass(frozen=True)
class World:
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
    def real() -> "World":
        """The process's own world."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return World(
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
    def redactor(self) -> Redactor:
        """Knows the values of secret-named variables of this environment."""
        return redactor(self.environ)

    @property
    def in_actions(self) -> bool:
        """Whether this is a GitHub Actions runner."""
        return self.environ.get("GITHUB_ACTIONS") == "true"

    def complain(self, text: str) -> None:
        """Tell a person on standard error what went wrong, without secrets."""
        self.stderr.write(f"triagebot: {self.redactor.text(text)}\n")

    def _console(self, stream: TextIO) -> "Console":
        """A console over `stream` that wraps to the terminal, or to a fixed width where there is none."""
        from rich.console import Console  # noqa: PLC0415  # machines read JSON, and Rich takes 40 ms to load

        width = None if stream.isatty() else int(self.environ.get("COLUMNS") or _PLAIN_WIDTH)
        return Console(file=stream, width=width, highlight=False, emoji=False, markup=False, soft_wrap=False)
