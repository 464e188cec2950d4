"""Print what `triagebot group --json` costs beside `json.load` of the same file, and how cost grows.

    python -m benchmarks.speed [--failures 10000] [--runs 5] [--large] [--runners]

All figures are ratios taken in one go on one machine: whole command against a Python that only loads the file
(start-up included on both sides and shown), peak memory against the file's size, ten times the failures against one time,
and twice the text against the text for hostile lines. `--large` adds the 100,000 failures (about 220 MB), `--runners` reading
100 MB of Playwright's and of Go's JSON beside `json.loads` of it, one test in twenty red; `--traces` the same failures with
what each test called (118 functions), beside a green run of them.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from triagebot.reports.model import Failure
from triagebot.signatures import judge

RECORDED = Path(__file__).parent.parent / "tests" / "data" / "runners"
ONE_RED_IN = 20
READERS = {
    "playwright": "import json,sys; json.loads(open(sys.argv[1]).read())",
    "go": "import json,sys; [json.loads(line) for line in open(sys.argv[1])]",
}
"""What reading a runner's report is held against."""
PARSE = (
    "import sys; from pathlib import Path; from triagebot.config import Limits; from triagebot.reports import parse; "
    "parse('r.json', Path(sys.argv[1]).read_bytes(), limits=Limits(cases=10_000_000, failures=10_000_000))"
)
LOADER = "import json,sys; json.load(open(sys.argv[1]))"


def failure(number: int, rng: random.Random) -> dict:
    """One failing test as pytest-json-report writes it, with a text of some 2 kB that no other failure has."""
    session, host = f"{rng.getrandbits(64):016x}", f"10.0.{rng.randint(0, 255)}.{rng.randint(1, 254)}"
    kind = number % 5
    error = [
        f"websockets.exceptions.ConnectionClosedError: received 1011 (internal error) session {session}; then sent 1011 (internal error) session {session}",
        f"requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.staging.example/v1/items/{number}?trace={session}",
        f"AssertionError: assert {{'id': {number}, 'state': 'queued'}} == {{'id': {number}, 'state': 'done', 'by': '{session}'}}",
        f"ConnectionRefusedError: [Errno 111] Connect call failed ('{host}', {rng.randint(20000, 60000)})",
        f"KeyError: 'item_{number % 7}'",
    ][kind]
    path = f"tests/e2e/staging/test_{number % 40}_flow_staging.py"
    body = "\n".join(
        f"        step_{i} = await client.call('{session[i % 16 :]}-{rng.getrandbits(40):x}', retries={i})"
        for i in range(14)
    )
    text = (
        f"self = <test.TestFlow object at 0x{rng.getrandbits(44):x}>\n\n    async def test_flow_{number}(self):\n{body}\n"
        f">       result = await client.finish({number})\n\n{path}:{rng.randint(20, 400)}: \n"
        + "_ "
        * 40
        + "\n"
        f"client/session.py:{rng.randint(20, 90)}: in finish\n    return await self._receive(0x{rng.getrandbits(32):x})\n"
        f"client/transport.py:{rng.randint(20, 90)}: in _receive\n    raise error\nE   {error}\n\nclient/transport.py:77: {error.split(':')[0]}"
    )
    call = {
        "duration": 0.1,
        "outcome": "failed",
        "crash": {"path": path, "lineno": 77, "message": error},
        "traceback": [],
        "longrepr": text,
    }
    return {
        "nodeid": f"{path}::TestFlow::test_flow_{number}",
        "lineno": 1,
        "outcome": "failed",
        "setup": {"duration": 0.0, "outcome": "passed"},
        "call": call,
        "teardown": {"duration": 0.0, "outcome": "passed"},
    }


def trace(number: int, rng: random.Random, *, green: bool) -> dict:
    """What a test called: a path of 118 functions out of 800, the same in every run; a red one leaves it two thirds down, at one of 40 places."""
    start = number % 40 * 17
    calls = [f"{start + step}<{start + step - 1 - step % 3}" for step in range(3, 121)]
    if not green:
        calls = [*calls[: 70 + number % 7], *(f"{790 + rng.randrange(9)}<{start}" for _ in range(2))]
    return {"trace": {"start": 1757534400.0, "end": 1757534401.0, "calls": " ".join(calls)}}


FUNCTIONS = [
    f"shop.room_{n // 20}:Room{n // 20}.function_{n} shop/room_{n // 20}.py:{n % 20 * 9}" for n in range(800)
]
"""The functions that traces name."""


def write_traced(path: Path, failures: int, *, green: bool) -> None:
    """The same failures with traces, or the green run of the same tests."""
    write_report(path, failures)
    told, rng = json.loads(path.read_text()), random.Random(failures)
    for number, test in enumerate(told["tests"]):
        test["metadata"] = {"triagebot": trace(number, rng, green=green)}
        if green:
            test |= {"outcome": "passed", "call": {"duration": 0.1, "outcome": "passed"}}
    if green:
        told |= {"exitcode": 0, "summary": {"passed": failures, "total": failures, "collected": failures}}
    path.write_text(json.dumps(told | {"triagebot": {"functions": FUNCTIONS}}))


def traced_rows(folder: Path, failures: int, plain: Path, runs: int) -> list[tuple[str, str, str]]:
    """What causes cost beside signatures alone, and traces and a green run beside a report without them."""
    red, green = folder / "red.json", folder / "green.json"
    write_traced(red, failures, green=False)
    write_traced(green, failures, green=True)
    with_traces, without = paired(group_command(red, "--green", str(green)), group_command(plain), runs)
    joined, alone = paired(group_command(plain), group_command(plain, "--no-join"), runs)
    return [
        (
            f"group with traces and a green run / without, {failures:,} tests",
            f"{median(with_traces) / median(without):.2f}",
            "≤ 2",
        ),
        (
            f"group / group --no-join, {failures:,} failures, no traces",
            f"{median(joined) / median(alone):.2f}",
            "≤ 1.3",
        ),
    ]


def write_report(path: Path, failures: int) -> None:
    """A report of this many failures, written without holding it whole."""
    rng = random.Random(failures)
    head = {
        "created": 1757534400.0,
        "duration": 100.0,
        "exitcode": 1,
        "root": "/r",
        "environment": {},
        "summary": {"failed": failures, "total": failures, "collected": failures},
    }
    with path.open("w") as out:
        out.write(json.dumps(head)[:-1] + ', "tests": [')
        for number in range(failures):
            out.write((", " if number else "") + json.dumps(failure(number, rng)))
        out.write("]}")


def write_playwright(path: Path, size: int) -> None:
    """Playwright's recorded report, repeated to this size: its red tests once in twenty."""
    told = json.loads((RECORDED / "playwright" / "report.json").read_text())
    suites = json.dumps(told["suites"])
    green = json.dumps([_green(suite) for suite in told["suites"]])
    with path.open("w") as out:
        out.write(
            json.dumps({name: value for name, value in told.items() if name != "suites"})[:-1]
            + ', "suites": ['
        )
        written = number = 0
        while written < size:
            text = (green if number % ONE_RED_IN else suites)[1:-1].replace(".spec.ts", f"-{number}.spec.ts")
            out.write((", " if number else "") + text)
            written, number = written + len(text), number + 1
        out.write("]}")


def _green(suite: dict) -> dict:
    """A suite as if all its tests had passed."""
    return suite | {
        "suites": [_green(inner) for inner in suite.get("suites", ())],
        "specs": [
            spec
            | {
                "tests": [
                    test | {"status": "expected", "results": [_passed(r) for r in test["results"]]}
                    for test in spec["tests"]
                ]
            }
            for spec in suite.get("specs", ())
        ],
    }


def _passed(result: dict) -> dict:
    kept = {name: value for name, value in result.items() if name not in {"error", "errors", "errorLocation"}}
    return kept | {"status": "passed", "errors": []}


def write_go(path: Path, size: int) -> None:
    """Go's recorded events, repeated to this size, each time as other packages; red once in twenty."""
    lines = [
        line for line in (RECORDED / "go" / "report.json").read_text().splitlines() if line.startswith("{")
    ]
    green = [line.replace('"Action":"fail"', '"Action":"pass"') for line in lines]
    with path.open("w") as out:
        written = number = 0
        while written < size:
            text = (
                "\n".join(green if number % ONE_RED_IN else lines).replace(
                    "example.com/shop", f"example.com/m{number}"
                )
                + "\n"
            )
            out.write(text)
            written, number = written + len(text), number + 1


def runner_rows(folder: Path, size: int = 100_000_000) -> list[tuple[str, str, str]]:
    """What reading costs beside decoding alone, start-up of both taken off, and the memory that it takes."""
    rows = []
    for name, write in (("playwright", write_playwright), ("go", write_go)):
        path, empty = folder / f"{name}.json", folder / "empty.json"
        write(path, size)
        empty.write_text('{"suites": []}\n')
        both = [
            cost([sys.executable, "-c", code, str(file)])
            for code in (PARSE, READERS[name])
            for file in (path, empty)
        ]
        ours, theirs = both[0][0] - both[1][0], both[2][0] - both[3][0]
        rows.append(
            (f"read / json.loads, {name}, {path.stat().st_size / 1e6:.0f} MB", f"{ours / theirs:.1f}", "≤ 3")
        )
        rows.append((f"peak memory / file size, {name}", f"{both[0][1] / path.stat().st_size:.1f}", "≤ 8"))
    return rows


def cost(command: list[str]) -> tuple[float, int]:
    """(seconds of user and system time, peak bytes) of one finished command."""
    before = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command} ended with {status} after {time.monotonic() - before:.0f} s")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def paired(
    first: list[str], second: list[str], runs: int
) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Costs of two commands run in turn, after one run of each that is not counted."""
    cost(first), cost(second)
    rows = [(cost(first), cost(second)) for _ in range(runs)]
    return [a for a, _ in rows], [b for _, b in rows]


def group_command(path: Path, *more: str) -> list[str]:
    return [
        sys.executable,
        "-c",
        "from triagebot.cli import main; main()",
        "group",
        str(path),
        "--json",
        *more,
    ]


def median(costs: list[tuple[float, int]]) -> float:
    return statistics.median(seconds for seconds, _ in costs)


HOSTILE: dict[str, Callable[[int], str]] = {
    "/a": lambda n: "/a" * (n // 2),
    "-": lambda n: "-" * n,
    "a=": lambda n: "a=" * (n // 2),
    "0x": lambda n: "0x" * (n // 2),
    "::": lambda n: "::" * (n // 2),
    "base64": lambda n: "QUJDREVGR0g+/" * (n // 13),
    "hex": lambda n: "deadbeef" * (n // 8),
    "digits and dots": lambda n: "1.2.3.4:" * (n // 8),
    "quotes": lambda n: "'\"" * (n // 2),
    "brackets": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "words": lambda n: "received 1011 " * (n // 14),
    "Error: ": lambda n: "E   ValueError: " * (n // 16),
    "short lines": lambda n: "E   a\n" * (n // 6),
    "frames": lambda n: "a/b.py:1: in f\n" * (n // 15),
    "during": lambda n: "\nDuring handling of the above exception, another exception occurred:\n" * (n // 70),
}


def seconds_to_judge(text: str) -> float:
    """The least time of seven judgements of a failure with this text."""
    one = Failure("t.py::test", "t.test", "call", text, text)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        judge(one)
        times.append(time.perf_counter() - start)
    return min(times)


def hostile_rows() -> list[tuple[str, str, str]]:
    """The worst ratio of twice the text over the text: below the cap of what is read, across it, and above it."""
    rows = []
    for name, make in HOSTILE.items():
        costs = {
            size: seconds_to_judge(make(size)) for size in (8_000, 16_000, 32_000, 40_000, 64_000, 80_000)
        }
        worst = max(costs[2 * size] / costs[size] for size in (8_000, 16_000, 32_000, 40_000))
        rows.append((f"hostile text: {name}, twice the text", f"{worst:.2f}", "≤ 2.3"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--failures", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--runners", action="store_true")
    parser.add_argument("--traces", action="store_true")
    args = parser.parse_args()
    table = Table(title="what grouping costs, as ratios of one session")
    for column in ("what", "ratio", "bound"):
        table.add_column(column)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        write_report(path, args.failures)
        size = path.stat().st_size
        ours, theirs = paired(group_command(path), [sys.executable, "-c", LOADER, str(path)], args.runs)
        table.add_row(
            f"group --json / json.load, {args.failures:,} failures, {size / 1e6:.1f} MB",
            f"{median(ours) / median(theirs):.1f}",
            "≤ 15, aim 8",
        )
        table.add_row("peak memory / file size", f"{max(m for _, m in ours) / size:.1f}", "≤ 5")
        if args.large:
            large = Path(folder) / "large.json"
            write_report(large, args.failures * 10)
            raised = Path(folder) / "triagebot.toml"
            raised.write_text("[limits]\ncases = 1000000\nfailures = 1000000\n")
            table.add_row(
                f"{args.failures * 10:,} failures / {args.failures:,} failures",
                f"{cost(group_command(large, '--config', str(raised)))[0] / median(ours):.1f}",
                "≤ 11",
            )
        for row in runner_rows(Path(folder)) if args.runners else ():
            table.add_row(*row)
        for row in traced_rows(Path(folder), args.failures, path, args.runs) if args.traces else ():
            table.add_row(*row)
    for row in hostile_rows():
        table.add_row(*row)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
