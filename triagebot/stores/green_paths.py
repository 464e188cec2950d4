"""What history keeps of green paths: for each test of a scope the steps of its last proven green run, in the place of those before.

In: paths, or what a home holds of them. Out: rows, files, `Green`s. Of a step neither its words as they stood nor its time is kept: what is compared
is. A path of which nothing was recorded is none. Pure.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from triagebot.history.model import Green
from triagebot.redact import Fact
from triagebot.reports.model import Problem, Scope
from triagebot.steps import Step, StepSource, TestPath
from triagebot.stores.rows import Row, RunFile, stored
from triagebot.stores.run_files import MAX_BYTES

FOLDER = "green"
_SUFFIX = ".paths1.json.gz"
_MOST_PACKED = 8 * 1024 * 1024
_TELLING: frozenset[StepSource] = frozenset({"function", "contact", "log", "output"})

PackedStep = tuple[StepSource, str, str, str, int]
"""Source, text, caller, place and count of a step."""
Packed = tuple[tuple[PackedStep, ...], tuple[StepSource, ...]]
"""Steps, and the sources that are absent."""


@dataclass(frozen=True, slots=True)
class GreenRow:
    """One test's path and the run in which it was green. `steps` are numbers of those that the file lists."""

    test: str
    run: Fact
    at: datetime
    commit: Fact | None = None
    steps: tuple[int, ...] = ()
    absent: tuple[StepSource, ...] = ()


@dataclass(frozen=True, slots=True)
class GreenFile:
    """All green paths of a scope on a branch; each step is spelled once."""

    environment: Fact | None = None
    branch: Fact | None = None
    steps: tuple[PackedStep, ...] = ()
    rows: tuple[GreenRow, ...] = ()


_PACKED = TypeAdapter(Packed)
_FILE = TypeAdapter(GreenFile)


def greens(file: RunFile, paths: Mapping[str, TestPath]) -> dict[str, Green]:
    """The paths of a run by the id under which their tests are kept; those that tell nothing are left out."""
    telling = {test: path for test, path in paths.items() if _TELLING - set(path.absent)}
    return {stored(test): Green(path, file.id, file.at, file.commit) for test, path in telling.items()}


def green_rows(project: str, scope: Scope, found: Mapping[str, Green]) -> Iterator[Row]:
    """One row for each test."""
    for test, green in found.items():
        yield {
            "project": project,
            "environment": scope.environment or "",
            "branch": scope.branch or "",
            "test": test,
            "run": green.run,
            "at": green.at,
            "sha": green.commit,
            "path": pack(green.path),
        }


def pack(path: TestPath) -> bytes:
    """A path as bytes."""
    told = [_packed_step(step) for step in path.steps]
    return zlib.compress(json.dumps([told, path.absent], separators=(",", ":")).encode())


def unpack(test: str, data: bytes) -> TestPath:
    """The path behind bytes; one that nobody can read has no steps and says that it lacks all."""
    try:
        text = zlib.decompressobj().decompress(data, _MOST_PACKED)
        told, absent = _PACKED.validate_json(text)
    except (zlib.error, ValidationError):
        return TestPath(test, (), ("function", "contact", "log", "output", "value", "fixture"))
    return TestPath(test, tuple(map(_step, told)), absent)


def path_of(scope: Scope) -> str:
    """`green/<24 hex of sha256 over the scope>.paths1.json.gz`."""
    named = json.dumps([scope.environment, scope.branch])
    return f"{FOLDER}/{hashlib.sha256(named.encode()).hexdigest()[:24]}{_SUFFIX}"


def is_green(path: str) -> bool:
    """Whether a file of a branch holds green paths."""
    return path.startswith(f"{FOLDER}/")


def encode(scope: Scope, found: Mapping[str, Green]) -> bytes:
    """The file of a scope: JSON without defaults, compressed without a time."""
    numbers: dict[PackedStep, int] = {}
    rows = tuple(
        GreenRow(
            test,
            green.run,
            green.at,
            green.commit,
            tuple(numbers.setdefault(_packed_step(step), len(numbers)) for step in green.path.steps),
            green.path.absent,
        )
        for test, green in sorted(found.items())
    )
    file = GreenFile(scope.environment, scope.branch, tuple(numbers), rows)
    return gzip.compress(_FILE.dump_json(file, exclude_defaults=True), 6, mtime=0)


def decode(path: str, data: bytes) -> tuple[Scope, dict[str, Green]] | Problem:
    """The green paths in a file, or what is wrong with it. Nothing larger than a run's file is unpacked."""
    if not path.endswith(_SUFFIX):
        return Problem(
            path, "no file of green paths that is known here; a newer triagebot may have written it"
        )
    try:
        unpacker = zlib.decompressobj(wbits=31)
        text = unpacker.decompress(data, MAX_BYTES)
        file = _FILE.validate_json(text, strict=True)
    except (zlib.error, ValidationError):
        return Problem(path, "no file of green paths, or one that was cut; the next green run writes it anew")
    steps = tuple(map(_step, file.steps))
    return Scope(file.environment, file.branch), {
        row.test: Green(
            TestPath(row.test, tuple(steps[n] for n in row.steps if 0 <= n < len(steps)), row.absent),
            row.run,
            row.at,
            row.commit,
        )
        for row in file.rows
    }


def newer(before: Mapping[str, Green], found: Mapping[str, Green], since: datetime) -> dict[str, Green]:
    """Of each test the green path that is not the older one; none from before a moment."""
    both = {**before, **{t: g for t, g in found.items() if t not in before or g.at >= before[t].at}}
    return {test: green for test, green in both.items() if green.at >= since}


def named(found: Iterable[tuple[str, Green]], tests: Collection[str] | None) -> dict[str, Green]:
    """Green paths by the whole ids of their tests."""
    whole = {stored(test): test for test in tests or ()}
    return {whole.get(test, test): green for test, green in found}


def _packed_step(step: Step) -> PackedStep:
    return (step.source, step.text, step.caller, step.place, step.count)


def _step(told: PackedStep) -> Step:
    source, text, caller, place, count = told
    return Step(source, text, caller, place, text, None, count)
