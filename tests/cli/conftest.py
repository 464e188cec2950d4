"""The command line in a world of its own: a folder, a fixed clock, streams that can be read."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from triagebot.cli import run
from triagebot.cli.process import Process

STAGING = Path(__file__).parents[2] / "examples/staging/reports"
CONFIG = Path(__file__).parents[2] / "examples/triagebot.toml"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """What one command said and how it ended."""

    code: int
    out: str
    err: str


class Clock:
    """Monotonic seconds that pass only when somebody pauses."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds


Command = Callable[..., Said]


@pytest.fixture
def triagebot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `triagebot …` in an empty folder with an empty environment."""
    monkeypatch.chdir(tmp_path)

    def call(
        *argv: object,
        environ: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        now: datetime = NOON,
        clock: Clock | None = None,
    ) -> Said:
        out, err = io.StringIO(), io.StringIO()
        clock = clock or Clock()
        world = Process(
            environ or {},
            lambda: now,
            tmp_path,
            io.BytesIO(stdin),
            out,
            err,
            pause=clock.pause,
            monotonic=clock.monotonic,
        )
        return Said(run([str(arg) for arg in argv], world), out.getvalue(), err.getvalue())

    return call
