"""What a board costs: asked of a PostgreSQL with a year of runs, and its pages with two thousand causes in a browser.

    python -m benchmarks.boards [--runs 365] [--tests 5000] [--causes 50] [--pages 2000]

The board is drawn in a process of its own, three times, and told as seconds, as a ratio to one scan of the same tables by SQL
(count and sum over results, occurrences and runs) in the same go, and as the peak of its memory. Then the pages of `--pages` causes
with 60 runs each are written and opened in Chromium. Exit code 1 when the board takes 3 s or 200 MiB, or the
pages 10 MB or a second by the clock.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

from tests.doubles.postgresql import binaries, database, server
from triagebot.config import Config
from triagebot.issues.model import Issue, Marker, Occurrence
from triagebot.redact import Fact
from triagebot.reports.model import Scope
from triagebot.stores import open_history
from triagebot.stores.rows import Ended, RunFile, Sighting
from triagebot.stores.sql_history import SqlHistory

START = datetime(2026, 1, 1, tzinfo=UTC)
SCOPE = Scope(Fact("staging"), Fact("main"))
EACH = 5
"""Tests of one cause."""
SCAN = (
    "SELECT count(*), sum(duration_s) FROM results",
    "SELECT count(*), sum(failed) FROM occurrences",
    "SELECT count(*) FROM runs",
)


def name(number: int) -> str:
    """A test's join id."""
    return f"tests.e2e.staging.test_{number % 50:02}_flow_staging.TestFlow.test_case_number_{number}"


def seen_in(run: int, causes: int) -> list[int]:
    """The causes that fail in a run: each in its own rhythm, some tests on and off on one commit."""
    return [cause for cause in range(causes) if (run * 7 + cause) % (3 + cause % 11) == 0]


def fill(url: str, asked: argparse.Namespace) -> None:
    """A year of runs, one a day; two runs on end share a commit, so that there are flaky tests."""
    history = SqlHistory.at(url)
    names = [name(n) for n in range(asked.tests)]
    for run in range(asked.runs):
        here = seen_in(run, asked.causes)
        red = {cause * EACH + n for cause in here for n in range(EACH)}
        history.keep(
            RunFile(
                Fact(f"acme/shop/{run:06}/1"), START + timedelta(days=run), "failed" if red else "passed",
                environment=SCOPE.environment, branch=SCOPE.branch, commit=Fact(f"{run // 2:040x}"),
                results=tuple(Ended(test, "failed" if n in red else "passed", 0.3) for n, test in enumerate(names)),
                seen=tuple(Sighting(key(c), tuple(names[c * EACH : c * EACH + EACH])) for c in here),
            )
        )  # fmt: skip
    history.close()


def key(cause: int) -> str:
    """The key of a cause."""
    return f"http.status-{cause:012}"


def issues(asked: argparse.Namespace) -> list[Issue]:
    """One open issue a cause."""
    rows = tuple(
        Occurrence(Fact(f"acme/shop/{run:06}/1"), START + timedelta(days=run), EACH, EACH, environment=SCOPE.environment, branch=SCOPE.branch)
        for run in range(asked.runs - 3, asked.runs)
    )  # fmt: skip
    return [
        Issue(
            c + 1, f"[P3] Cause {c}", "", "open", ("triagebot",), "bot", own=True,
            marker=Marker(key(c), 1, tests=tuple(name(c * EACH + n) for n in range(EACH)), first=START, occurrences=rows, seen=3),
        )
        for c in range(asked.causes)
    ]  # fmt: skip


def draw(url: str, asked: argparse.Namespace) -> None:
    """One board in this process: its seconds and its memory, in a line."""
    from triagebot.boards import board
    from triagebot.boards.build import REACH

    ours, now = issues(asked), START + timedelta(days=asked.runs)
    began = time.monotonic()
    home = open_history(url)
    lines = [
        home.timeline(scope, [i.marker.key for i in ours], now - REACH) for scope in home.scopes(now - REACH)
    ]
    made = board(ours, lines, Config(), now)
    took = time.monotonic() - began
    home.close()
    assert len(made.open) == asked.causes
    assert made.scopes[0].runs >= asked.runs - 1
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{took:.3f} {mib:.0f} {len(made.flaky)}")


def scan(url: str) -> float:
    """Seconds of one scan of the same tables."""
    import psycopg

    with psycopg.connect(url) as connection:
        began = time.monotonic()
        for query in SCAN:
            connection.execute(query).fetchone()
        return time.monotonic() - began


def from_postgresql(asked: argparse.Namespace) -> bool:
    """Whether the board is quick and small enough, told in a line."""
    if (tools := binaries()) is None:
        sys.exit("no PostgreSQL on this machine: install it (Debian: postgresql)")
    with server(tools) as at:
        url = database(at, "year")
        fill(url, asked)
        scan(url)
        scans, boards = [], []
        for _ in range(3):
            scans.append(scan(url))
            argv = [sys.executable, "-m", "benchmarks.boards", "--draw", url, f"--runs={asked.runs}", f"--tests={asked.tests}", f"--causes={asked.causes}"]  # fmt: skip
            told = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()
            boards.append((float(told[0]), int(told[1]), int(told[2])))
    took, mib, flaky = min(boards)[0], max(b[1] for b in boards), boards[0][2]
    print(
        f"postgresql, {asked.runs} runs x {asked.tests} tests, {asked.causes} causes, {flaky} flaky tests: board {took:.2f} s, "
        f"{took / min(scans):.1f} times one scan of the tables ({min(scans):.2f} s), {mib} MiB at most"
    )
    return took < 3 and mib < 200


def pages(asked: argparse.Namespace) -> bool:
    """Whether the pages are small and open quickly, told in a line."""
    from playwright.sync_api import sync_playwright

    from tests.boards.values import board, grids
    from triagebot.pages import board_files

    made = board(asked.pages, runs=60)
    began = time.monotonic()
    files = board_files(made, grids(made))
    wrote = time.monotonic() - began
    size = sum(len(text.encode()) for text in files.values()) / 1e6
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        for file, text in files.items():
            (Path(folder) / file).write_text(text, encoding="utf-8")
        path = which("chromium") or which("google-chrome") or ""
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        took, cpu = [], []
        for _ in range(3):
            page = browser.new_page()
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(f"file://{folder}/index.html")
            told = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
            cpu.append(told["TaskDuration"])
            took.append(page.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart"))
            page.close()
        browser.close()
    index = len(files["index.html"].encode()) / 1e6
    print(
        f"pages of {asked.pages} causes: written in {wrote:.1f} s, {size:.1f} MB in all, the index {index:.1f} MB, opens in "
        f"{min(took)} ms ({min(cpu) * 1000:.0f} ms of the page's own thread)"
    )
    return size < 10 and min(took) < 1000


def main() -> int:
    """Prints what was measured; exit code 1 where it is too much."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for option, default in (("runs", 365), ("tests", 5000), ("causes", 50), ("pages", 2000)):
        parser.add_argument(f"--{option}", type=int, default=default)
    parser.add_argument("--draw", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.draw:
        draw(asked.draw, asked)
        return 0
    quick, small = from_postgresql(asked), pages(asked)
    return 0 if quick and small else 1


if __name__ == "__main__":
    sys.exit(main())
