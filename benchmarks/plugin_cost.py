"""What `triagebot.pytest_plugin` costs a test run: runs of one suite with and without it, taking turns.

    python -m benchmarks.plugin_cost [--tests 500] [--failing 10] [--rounds 15] [--trace] [--limit 1.02] [--instructions]
    python -m benchmarks.plugin_cost --trace --package wsproto [--corpus benchmarks/.traced]

`--trace` measures traces, which Python records whole from 3.12 on; run it with such a Python.
The suite is made here: parametrised tests that do next to nothing, so that pytest's own work is all there is to slow
down, of which `--failing` percent raise a chain of three exceptions a few frames deep. Both sides write a JSON report.
In each round the suite runs once with the plugin and twice without, in changing order. CPU seconds of whole sessions
are counted. Other programs can only ever add to them, so a side's figure is the mean of its fastest third; the two
sides without the plugin, compared with each other, show what is left of the noise.
`--package` runs the suite of a published package in its place, as `benchmarks.grouping.corpus --traces` has unpacked it.
`--instructions` lets valgrind count instructions instead, which a busy machine does not disturb (minutes per session,
so `--rounds 1` will do).
Exit 0: within the limit. 1: above it. 2: the noise is wider than what is to be measured, so neither can be said.
"""

import argparse
import gzip
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grouping.corpus import TRACED, unpack

ROOT = Path(__file__).parents[1]
CODE = """
class Lost(Exception):
    pass

def connect(depth):
    if depth:
        return connect(depth - 1)
    raise ConnectionRefusedError(111, "Connection refused")

def fetch(number):
    try:
        connect(5)
    except OSError as error:
        raise Lost(f"no answer for order {number}") from error
"""
SUITE = """
import pytest
from orders import Lost, fetch

@pytest.mark.parametrize("number", range(%(tests)d))
def test_order(number):
    if number %% 100 < %(failing)d:
        try:
            fetch(number)
        except Lost:
            raise KeyError("token")
    assert number >= 0
"""
ON = ("-p", "triagebot.pytest_plugin")
OFF = ()


@dataclass(frozen=True)
class Suite:
    """A suite to run: its root, what runs it, and what pytest is told beside the sides' own options."""

    root: Path
    python: str = sys.executable
    arguments: tuple[str, ...] = ()
    source: str = "."


def main(arguments: Sequence[str]) -> int:
    """Prints the ratios; 1 when the plugin costs more than the limit allows."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as folder:
        suite = _published(options) if options.package else _made(Path(folder), options)
        _check(suite, options)
        count = _instructions if options.instructions else _cpu_seconds
        plain, again, plugged = _measure(suite, options.rounds, count, options.on)
    cost, noise = _fastest(plugged) / _fastest(plain + again), _fastest(again) / _fastest(plain)
    unit = "10^9 instructions" if options.instructions else "CPU seconds"
    made = f"{options.tests} tests, {options.failing} % failing"
    print(f"{options.package or made}, {options.rounds} rounds; {unit}")
    for name, seconds in (("without", plain), ("without, again", again), ("with", plugged)):
        print(f"{name:15} {_fastest(seconds):.3f} fastest third, {statistics.median(seconds):.3f} median")
    print(f"with / without: {cost:.4f} (limit {options.limit}); without / without: {noise:.4f}")
    return _verdict(cost, noise, options.limit)


def _made(root: Path, options: argparse.Namespace) -> Suite:
    """The suite that is made here."""
    (root / "pytest.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
    (root / "orders.py").write_text(CODE, encoding="utf-8")
    (root / "test_suite.py").write_text(SUITE % vars(options), encoding="utf-8")
    return Suite(root)


def _published(options: argparse.Namespace) -> Suite:
    """The suite of a published package."""
    package = next(package for package in TRACED if package.name == options.package)
    root, python = unpack(package, options.corpus.absolute() / ".cache")
    told = (package.tests, "-o", "addopts=", "-p", "no:randomly")
    return Suite(root, str(python), told, package.source)


def _verdict(cost: float, noise: float, limit: float) -> int:
    """0 within the limit, 1 above it, 2 where the noise reaches across the limit."""
    doubt = abs(noise - 1)
    if cost + doubt <= limit:
        return 0
    return 1 if cost - doubt > limit else 2


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", type=int, default=500)
    parser.add_argument("--failing", type=int, default=10, metavar="PERCENT")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--instructions", action="store_true", help="count instructions with valgrind")
    parser.add_argument("--trace", action="store_true", help="record traces rather than chains (limit 1.25)")
    parser.add_argument("--limit", type=float)
    parser.add_argument("--package", choices=[package.name for package in TRACED])
    parser.add_argument("--corpus", type=Path, default=Path("benchmarks/.traced"))
    options = parser.parse_args(arguments)
    options.limit = options.limit or (1.25 if options.trace else 1.02)
    options.on = (*ON, "--triagebot-trace") if options.trace else ON
    return options


def _check(suite: Suite, options: argparse.Namespace) -> None:
    """Stops unless the plugin records every failure, or every test, when it is on and nothing when it is off."""
    recorded = '"trace"' if options.trace else '"chains"'
    sizes = {}
    for side in (OFF, options.on):
        _cpu_seconds(suite, side)
        report = (suite.root / "report.json").read_bytes()
        tests = json.loads(report)["tests"]
        failing = sum(test["outcome"] == "failed" for test in tests)
        sizes[side] = len(gzip.compress(report)) / 1024
        found, expected = report.count(recorded.encode()), len(tests) if options.trace else failing
        if found != (expected if side else 0):
            sys.exit(f"{side or 'off'}: {found} times {recorded} in the report, expected {expected}")
    more = sizes[options.on] - sizes[OFF]
    print(
        f"report: {more:.1f} KiB more for {len(tests)} tests, compressed ({more / len(tests) * 1000:.0f} for 1,000)"
    )


def _measure(
    suite: Suite, rounds: int, count: Callable[[Suite, tuple[str, ...]], float], on: tuple[str, ...]
) -> tuple[list[float], list[float], list[float]]:
    """What `count` counts of each session: without the plugin, without it again, and with it."""
    sides = [(OFF, []), (OFF, []), (on, [])]
    for number in range(rounds):
        for turn in range(3):
            side, seconds = sides[(number + turn) % 3]
            seconds.append(count(suite, side))
    return sides[0][1], sides[1][1], sides[2][1]


def _cpu_seconds(suite: Suite, side: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _session(suite, side)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _instructions(suite: Suite, side: tuple[str, ...]) -> float:
    """Instructions of a session, in 10^9."""
    valgrind = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
    counted = re.search(r"I +refs: +([\d,]+)", _session(suite, side, before=valgrind))
    if counted is None:
        sys.exit("valgrind counted nothing")
    return int(counted[1].replace(",", "")) / 1e9


def _session(suite: Suite, side: tuple[str, ...], before: tuple[str, ...] = ()) -> str:
    """Runs the suite; what the session wrote to standard error."""
    command = [
        *before, suite.python, "-m", "pytest", "-q", "-p", "no:cacheprovider",
        "--json-report", "--json-report-file=report.json", *suite.arguments, *side,
    ]  # fmt: skip
    path = f"{suite.root / suite.source}{os.pathsep}{ROOT}"
    env = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    return subprocess.run(
        command, cwd=suite.root, env=env, capture_output=True, text=True, check=False
    ).stderr


def _fastest(seconds: Sequence[float]) -> float:
    """The mean of the fastest third."""
    return statistics.fmean(sorted(seconds)[: max(1, len(seconds) // 3)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
