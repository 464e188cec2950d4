"""What a triage costs with much history beside one with little, and that nothing old is read or written for it.

    python -m benchmarks.history_cost [--runs 1000] [--tests 5000] [--red 10] [--times 7] [--only sqlite]

Two homes of each kind are filled, one with 10 runs and one with `--runs`, all of `--tests` tests. Then the whole command
triages one more report of as many tests, in a process of its own, in turns with either home. Figures are the least times,
to which whatever else runs only adds, and their ratio, taken in one go on one machine; exit code 1 when a ratio is above
1.5. PostgreSQL is a real one.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.doubles.postgresql import binaries, database, server
from triagebot.redact import Fact
from triagebot.reports.model import Scope
from triagebot.stores import open_history
from triagebot.stores.rows import Ended, RunFile, Sighting
from triagebot.stores.sql_history import SqlHistory

ROOT = Path(__file__).resolve().parents[1]
FEW = 10
MOST = 1.5
ENVIRON = {**os.environ, "PYTHONPATH": str(ROOT)}
START = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = timedelta(hours=6)
COMMAND = [sys.executable, "-c", "from triagebot.cli import main; main()"]


class Took(NamedTuple):
    """Seconds by the clock, and of the processor without that of a database server."""

    wall: float
    cpu: float


def name(number: int) -> str:
    """A test's class and name."""
    return f"tests.e2e.staging.test_{number % 50:02}_flow_staging.TestFlow.test_case_number_{number}"


def report(red: int, tests: int, at: datetime) -> str:
    """A JUnit report in which the first `red` tests fail for one cause."""
    bad = (
        "<failure message=\"KeyError: 'amount'\">tests/pay.py:12: KeyError\nE   KeyError: 'amount'</failure>"
    )
    cases = "".join(
        f'<testcase classname="{name(n).rpartition(".")[0]}" name="{name(n).rpartition(".")[2]}" time="0.3">'
        f"{bad if n < red else ''}</testcase>"
        for n in range(tests)
    )
    head = f'<testsuite name="s" tests="{tests}" failures="{red}" timestamp="{at.isoformat()}">'
    return f"<testsuites>{head}{cases}</testsuite></testsuites>"


def key() -> str:
    """The key of the cause, as `triagebot group` tells it."""
    argv, text = [*COMMAND, "group", "--json", "-"], report(1, 1, START)
    said = subprocess.run(argv, input=text, env=ENVIRON, check=True, capture_output=True, text=True).stdout
    return str(json.loads(said)["groups"][0]["key"])


def fill(url: str, runs: int, tests: int, red: int) -> float:
    """Seconds in which as many runs were recorded."""
    history, cause = SqlHistory.at(url), key()
    names = [name(n) for n in range(tests)]
    results = tuple(Ended(test, "failed" if n < red else "passed", 0.3) for n, test in enumerate(names))
    began = time.monotonic()
    for number in range(runs):
        one = Fact(f"acme/shop/{1_000_000 + number * 7919 % 1_000_000}/1")
        history.keep(
            RunFile(
                one,
                START + number * EVERY,
                "failed",
                environment=Fact("staging"),
                branch=Fact("main"),
                commit=Fact(f"{number:040x}"),
                results=results,
                seen=(Sighting(cause, tuple(names[:red])),),
            )
        )
    history.close()
    return time.monotonic() - began


def triage(url: str, folder: Path, number: int, asked: argparse.Namespace) -> Took:
    """What one whole command took in a process of its own."""
    path = folder / "report.xml"
    path.write_text(report(asked.red, asked.tests, START + (asked.runs + number) * EVERY), encoding="utf-8")
    scope = ["--environment=staging", "--branch=main", f"--commit=c{number}", f"--run-id=new-{number}"]
    argv = [*COMMAND, "triage", "--tracker=local", f"--history={url}", *scope, str(path)]
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, cwd=folder, env=ENVIRON, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.monotonic() - began, cpu)


def question(url: str, asked: argparse.Namespace) -> float:
    """Seconds in which history answers what this triage asks, at the least of five times."""
    home, names, cause = open_history(url), [name(n) for n in range(asked.red)], key()
    scope = Scope(Fact("staging"), Fact("main"))
    took = []
    for _ in range(5):
        began = time.monotonic()
        home.past(scope, [cause], names)
        took.append(time.monotonic() - began)
    home.close()
    return min(took)


def compare(few: str, many: str, folder: Path, asked: argparse.Namespace) -> float:
    """The ratio of the least times, printed with them. The first turn of each, which warms caches, does not count."""
    took: dict[str, list[Took]] = {few: [], many: []}
    for number in range(asked.times + 1):
        for place, url in enumerate((few, many)):
            at = folder / f"work-{place}"
            at.mkdir(exist_ok=True)
            took[url].append(triage(url, at, number, asked))
    small, large = (Took(*map(min, zip(*took[url][1:], strict=True))) for url in (few, many))
    kind = few.partition(":")[0]
    print(
        f"{kind}: whole triage with {FEW} runs {small.wall:.2f} s ({small.cpu:.2f} s of the processor), "
        f"with {asked.runs} runs {large.wall:.2f} s ({large.cpu:.2f} s): "
        f"ratio {large.wall / small.wall:.2f} ({large.cpu / small.cpu:.2f}), least of {asked.times} each",
        flush=True,
    )
    print(f"{kind}: history answers in {question(few, asked):.3f} s and {question(many, asked):.3f} s")
    return large.wall / small.wall


@contextmanager
def homes(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The URLs of two empty homes of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/few.db", f"sqlite:///{folder}/many.db"
        return
    if (tools := binaries()) is None:
        sys.exit("no PostgreSQL on this machine: install it (Debian: postgresql)")
    with server(tools) as url:
        yield database(url, "few"), database(url, "many")


def main() -> int:
    """Prints the ratios; exit code 1 when one is too high."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--tests", type=int, default=5000)
    parser.add_argument("--red", type=int, default=10)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    ratios = []
    for kind in [asked.only] if asked.only else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as name, homes(kind, Path(name)) as (few, many):
            took = [fill(url, runs, asked.tests, asked.red) for url, runs in ((few, FEW), (many, asked.runs))]
            each = took[0] / FEW, took[1] / asked.runs
            print(f"{kind}: a run is recorded in {each[0]:.3f} s of few, {each[1]:.3f} s of many", flush=True)
            ratios.append(compare(few, many, Path(name), asked))
    return 1 if max(ratios) > MOST else 0


if __name__ == "__main__":
    sys.exit(main())
