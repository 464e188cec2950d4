"""Random schedules of concurrent runs against a GitHub that misbehaves; what must hold when the dust has settled.

    python -m benchmarks.fault_campaign --schedules 2000 [--seed 0] [--jobs 2]
    python -m benchmarks.fault_campaign --sqlite --schedules 200
    python -m benchmarks.fault_campaign --processes --schedules 50

One schedule: some quiet runs, maybe a person who closes issues with a fix, then 2 to 6 runs at once, some of them
killed, their requests answered with 5xx before and after they took effect, 403, 429, silence, pages in place of JSON,
empty second pages and stale lists. People write lines and say commands, some of whom may not. A history store that is a database is locked, silent, or refuses for a while. Then one undisturbed run. The clock is injected: nothing sleeps for real. The real
command runs, through the real PyGithub, over real HTTP.

Runs are threads that ask one at a time, in an order that the seed decides, so that a seed replays its schedule
exactly; a killed one ends where it would ask again. A request may wait for its turn for as long as the seed likes, but
not longer than another run's pause of ten seconds, after which GitHub gives up on requests. With `--processes` they are
processes that share a history in a real PostgreSQL, as fast as the machine lets them, and die by SIGKILL at a random
request; the seed then fixes everything but their order.

`benchmarks.fault_promises` says what must hold. A broken promise prints the seed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fault_promises import Verdict
from benchmarks.fault_schedule import Processes, Schedule
from tests.doubles.postgresql import binaries, database, server
from tests.doubles.proxy import proxied

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Tally:
    """What a part of the campaign came to."""

    broken: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    def add(self, schedule: Schedule, verdict: Verdict) -> None:
        """One more schedule."""
        if verdict.broken:
            self.broken.append((schedule.seed, verdict.broken))
        home = (schedule.home or "none").partition(":")[0]
        self.told += Counter({f"schedules with {home}": 1, f"rows with {home}": verdict.confirmed})
        self.told += Counter(
            {
                "runs": len(schedule.codes),
                "killed": sum(code is None for code in schedule.codes.values()),
                "refused": sum(code == 1 for code in schedule.codes.values()),
                "troubles of homes": schedule.weather.count,
                "lines of people": len(schedule.written),
                "commands of people": len(schedule.spoken),
                "comments": sum(len(issue.comments) for issue in schedule.world.issues.values()),
                f"lost with {home}": verdict.lost,
            }
        )


def campaign(first: int, number: int, validate: int, sqlite: bool = False) -> Tally:
    """What came of `number` schedules of threads from seed `first`."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + number):
            home = f"sqlite:///{folder}/{seed}.db" if sqlite else None
            schedule = Schedule(seed, Path(folder), validate=seed % 100 < validate, home=home)
            tally.add(schedule, schedule.play())
    return tally


def on_postgresql(first: int, number: int) -> Tally:
    """What came of `number` schedules of processes that share a PostgreSQL."""
    tally, tools = Tally(), binaries()
    os.environ["PYTHONPATH"] = str(ROOT)  # the process that runs are forked from does not inherit sys.path
    if tools is None:
        sys.exit("no PostgreSQL on this machine: install it (Debian: postgresql)")
    with tempfile.TemporaryDirectory() as folder, server(tools) as url:
        for seed in range(first, first + number):
            with proxied(database(url, f"seed_{seed}")) as (home, proxy):
                schedule = Processes(seed, Path(folder), home=home, proxy=proxy)
                tally.add(schedule, schedule.play())
    return tally


def in_parts(asked: argparse.Namespace) -> Tally:
    """The campaign of threads, shared among processes."""
    share = -(-asked.schedules // asked.jobs)
    firsts = range(asked.seed, asked.seed + asked.schedules, share)
    sizes = [min(share, asked.seed + asked.schedules - first) for first in firsts]
    whole = Tally()
    with ProcessPoolExecutor(asked.jobs) as pool:
        for part in pool.map(
            campaign, firsts, sizes, [asked.validate] * len(sizes), [asked.sqlite] * len(sizes)
        ):
            whole.broken += part.broken
            whole.told += part.told
    return whole


def main() -> int:
    """Plays schedules, prints what broke; exit code 1 when anything did."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--schedules", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="the first seed; schedule n has seed + n")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--sqlite", action="store_true", help="history in a SQLite file, in every schedule")
    parser.add_argument("--processes", action="store_true", help="real processes on a real PostgreSQL")
    parser.add_argument(
        "--validate", type=int, default=100, help="percent of schedules held to the OpenAPI description"
    )
    asked = parser.parse_args()
    began = time.monotonic()
    done = on_postgresql(asked.seed, asked.schedules) if asked.processes else in_parts(asked)
    for seed, found in done.broken:
        print(f"seed {seed}: {'; '.join(found[:5])}")
    print(", ".join(f"{name}: {number}" for name, number in sorted(done.told.items())))
    print(
        "lost: rows of runs that were killed or left with 1, overwritten by a racing run before any other look"
    )
    print(
        f"{asked.schedules} schedules from seed {asked.seed}, {len(done.broken)} broken, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if done.broken else 0


if __name__ == "__main__":
    sys.exit(main())
