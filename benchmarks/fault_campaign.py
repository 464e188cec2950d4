"""Random schedules of concurrent runs against a GitHub that misbehaves; what must hold when the dust has settled.

    python -m benchmarks.fault_campaign --schedules 2000 [--seed 0] [--jobs 2]

One schedule: some quiet runs, then 2 to 6 runs at once, interleaved request by request in an order that the seed
decides, some of them killed, their requests answered with 5xx before and after they took effect, 403, 429, silence,
pages in place of JSON, empty second pages and stale lists. Then one undisturbed run. The clock is injected: nothing
sleeps. The real command runs, through the real PyGithub, over real HTTP.

Afterwards: one open issue for each cause, and no comment twice for one run. With a home of history (a database or an
orphan branch; the seed picks one): every run that ended well finds its occurrences in the history and in the tables.
Without one, GitHub has no compare-and-swap and a row can be overwritten: these are counted, and are no promise.
A broken promise prints the seed, which replays the schedule exactly.
"""

import argparse
import io
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.doubles.github import Actor, Clock, Fault, GitHub, World
from tests.scenarios.play import ENVIRON, case
from triagebot.cli import run as command
from triagebot.cli.world import World as Outside
from triagebot.issues import read_marker
from triagebot.issues.model import Marker

CAUSES = ("a", "b", "c", "d")
READ_FAULTS = (
    "502 before",
    "503 before",
    "403 secondary",
    "429",
    "drop before",
    "html",
    "cut json",
    "object",
)
LIST_FAULTS = (*READ_FAULTS, "stale", "empty page", "short page")
WRITE_FAULTS = (
    "500 before",
    "502 before",
    "502 after",
    "504 after",
    "drop before",
    "drop after",
    "403 secondary",
    "429",
)


class Killed(BaseException):
    """The run's process is gone."""


@dataclass
class Turns:
    """Lets one run at a time make one request, in an order that the seed decides."""

    chance: random.Random
    states: dict[str, str] = field(default_factory=dict)
    chosen: str = ""

    def __post_init__(self) -> None:
        self.changed = threading.Condition()

    def gate(self, _method: str, _path: str, token: str) -> None:
        """Waits for this run's turn."""
        with self.changed:
            if token not in self.states:
                return
            self._turn(token, "waiting")
            self.changed.wait_for(lambda: self.chosen == token)
            self.chosen = ""
            self._turn(token, "running")

    def done(self, token: str) -> None:
        """This run asks for nothing more."""
        with self.changed:
            self._turn(token, "done")

    def conduct(self) -> None:
        """Gives turns until every run is done."""
        with self.changed:
            while True:
                self.changed.wait_for(
                    lambda: not self.chosen and "running" not in self.states.values(), 60
                ) or self._stuck()
                waiting = sorted(token for token, state in self.states.items() if state == "waiting")
                if not waiting:
                    return
                self.chosen = self.chance.choice(waiting)
                self.changed.notify_all()

    def _turn(self, token: str, state: str) -> None:
        self.states[token] = state
        self.changed.notify_all()

    def _stuck(self) -> None:
        raise RuntimeError(f"no run moves: {self.states}")


@dataclass
class Schedule:
    """One schedule under way."""

    seed: int
    folder: Path
    validate: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.clock = Clock()
        self.world = World(self.clock)
        self.dead: set[str] = set()
        self.codes: dict[str, int | None] = {}
        self.reds: dict[str, list[str]] = {}
        self.kills: dict[str, int] = {}
        self.requests: Counter[str] = Counter()
        self.home = self.chance.choice(
            ("", f"sqlite:///{self.folder}/{self.seed}.db", "branch:triagebot-history")
        )
        self.overwritten = 0
        self.level = self.chance.choice((0.0, 0.05, 0.15, 0.3))

    def play(self) -> list[str]:
        """Plays the schedule and returns the promises that it broke."""
        with GitHub(self.world, validate=self.validate) as self.github:
            for number in range(self.chance.randint(0, 2)):
                self.alone(f"quiet-{number}", self.some())
            self.storm(self.chance.randint(2, 6))
            self.github.script.choose = None
            self.alone("last", list(CAUSES))
            return [*broken(self), *self.github.complaints]

    def some(self) -> list[str]:
        """Causes of one run."""
        return self.chance.sample(CAUSES, self.chance.randint(1, len(CAUSES)))

    def alone(self, name: str, red: list[str]) -> None:
        """One run that nothing disturbs."""
        self.world.actors[name] = Actor(remaining=10**6)
        self.triage(name, red)
        self.clock.now += timedelta(hours=6)

    def storm(self, number: int) -> None:
        """Several runs at once, under faults and kills."""
        turns = Turns(self.chance)
        names = [f"run-{n}" for n in range(number)]
        for name in names:
            self.world.actors[name] = Actor(remaining=10**6)
            turns.states[name] = "running"
            if self.chance.random() < 0.3:
                self.kills[name] = self.chance.randint(1, 25)
        reds = {name: self.some() for name in names}
        self.github.gate = turns.gate
        self.github.script.choose = self.fault
        threads = [threading.Thread(target=self.one, args=(name, reds[name], turns)) for name in names]
        for thread in threads:
            thread.start()
        turns.conduct()
        for thread in threads:
            thread.join()
        self.github.gate = None
        self.clock.now += timedelta(hours=6)

    def one(self, name: str, red: list[str], turns: Turns) -> None:
        """One run of a storm."""
        try:
            self.triage(name, red)
        except Killed:
            self.codes[name] = None
        finally:
            turns.done(name)

    def triage(self, name: str, red: list[str]) -> None:
        """The command itself. A killed run ends where it would wait or ask again."""
        self.reds[name] = red
        report = self.folder / f"{self.seed}-{name}.xml"
        cases = [case(cause, "red") for cause in red] + [case("calm", "green")]
        at = self.clock.now.strftime("%Y-%m-%dT%H:%M:%S")
        suite = (
            f'<testsuite name="s" tests="{len(cases)}" timestamp="{at}+00:00">{"".join(cases)}</testsuite>'
        )
        report.write_text(f"<testsuites>{suite}</testsuites>", encoding="utf-8")
        environ = {**ENVIRON, "GITHUB_TOKEN": name, "GITHUB_API_URL": self.github.url}
        out = io.StringIO()
        outside = Outside(
            environ, self.clock, self.folder, io.BytesIO(), out, out, lambda s: self.pause(name, s)
        )
        home = [f"--history={self.home}"] if self.home else []
        self.codes[name] = command(
            [
                "triage",
                "--json",
                *home,
                f"--run-id={name}",
                "--environment=staging",
                "--branch=main",
                str(report),
            ],
            outside,
        )
        report.unlink()

    def pause(self, name: str, seconds: float) -> None:
        """Sleeps on the injected clock; the dead do not wake."""
        if name in self.dead:
            raise Killed
        self.clock.sleep(seconds)

    def fault(self, method: str, path: str, token: str) -> Fault | None:
        """What goes wrong with this request, if anything."""
        self.requests[token] += 1
        if self.requests[token] == self.kills.get(token):
            self.dead.add(token)
            return Fault("drop after" if self.chance.random() < 0.5 else "drop before")
        if token in self.dead:
            return Fault("drop before")
        if self.chance.random() >= self.level or "graphql" in path:
            return None
        kinds = WRITE_FAULTS if method != "GET" else LIST_FAULTS if path.endswith("/issues") else READ_FAULTS
        return Fault(self.chance.choice(kinds))  # type: ignore[arg-type]


def broken(schedule: Schedule) -> list[str]:
    """The promises that did not hold."""
    issues = list(schedule.world.issues.values())
    markers = {i.number: read_marker(i.body or "") for i in issues}
    found: list[str] = []
    open_keys = Counter(
        m.key for i in issues if i.state == "open" and isinstance(m := markers[i.number], Marker)
    )
    found += [f"{number} open issues for {key}" for key, number in open_keys.items() if number > 1]
    found += [f"{len(open_keys)} open causes of {len(CAUSES)}"] if len(open_keys) != len(CAUSES) else []
    found += [f"the last run left with {schedule.codes['last']}"] if schedule.codes["last"] else []
    for issue in issues:
        said = Counter(c.body.split("-->")[0] for c in issue.comments)
        found += [f"issue {issue.number}: {n} comments for one run" for n in said.values() if n > 1]
    rows = list(
        lost(
            schedule, [m for i in issues if i.state == "open" and isinstance(m := markers[i.number], Marker)]
        )
    )
    schedule.overwritten = len(rows)
    return [*found, *(rows if schedule.home else ())]


def lost(schedule: Schedule, markers: Iterable[Marker]) -> Iterable[str]:
    """Occurrences that a run said it had written and that no table holds."""
    rows = {(m.title, row.run) for m in markers for row in m.occurrences}
    for name, code in schedule.codes.items():
        for cause in schedule.reds[name] if code == 0 else ():
            if not any(f"cause_{cause} " in f"{title} " and run == name for title, run in rows):
                yield f"the occurrence of {cause} in {name} is lost"


def campaign(first: int, number: int, validate: int) -> tuple[list[tuple[int, list[str]]], int, int]:
    """The seeds of broken schedules with what broke; rows overwritten without a history, and schedules without one."""
    bad, overwritten, homeless = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + number):
            schedule = Schedule(seed, Path(folder), validate=seed % 100 < validate)
            if found := schedule.play():
                bad.append((seed, found))
            if not schedule.home:
                homeless += 1
                overwritten += schedule.overwritten
    return bad, overwritten, homeless


def main() -> int:
    """Plays schedules, prints what broke; exit code 1 when anything did."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--schedules", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="the first seed; schedule n has seed + n")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--validate", type=int, default=10, help="percent of schedules held to the OpenAPI description"
    )
    asked = parser.parse_args()
    began = time.monotonic()
    share = -(-asked.schedules // asked.jobs)
    firsts = range(asked.seed, asked.seed + asked.schedules, share)
    sizes = [min(share, asked.seed + asked.schedules - first) for first in firsts]
    with ProcessPoolExecutor(asked.jobs) as pool:
        parts = list(pool.map(campaign, firsts, sizes, [asked.validate] * len(sizes)))
    bad = [one for found, _, _ in parts for one in found]
    for seed, found in bad:
        print(f"seed {seed}: {'; '.join(found[:5])}")
    rows, homeless = (sum(part[n] for part in parts) for n in (1, 2))
    print(f"without a home of history: {rows} rows overwritten in {homeless} schedules")
    print(
        f"{asked.schedules} schedules from seed {asked.seed}, {len(bad)} broken, {time.monotonic() - began:.0f} s"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
