"""One schedule of a fault campaign: runs that race, are killed and are answered with errors, as a seed decides.

In: a seed, a folder, a history store. Out: a `Verdict`. Runs are threads that ask one at a time (`Schedule`) or
processes that the system kills (`Processes`). `benchmarks.fault_campaign` says how to play many.
"""

import io
import logging
import multiprocessing
import random
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.fault_promises import Row, Spoken, Verdict, in_database, judge, on_branch, report, unheard
from tests.doubles.github import BOT, Actor, Clock, Fault, GitHub, World
from tests.doubles.proxy import Mode, Proxy
from tests.doubles.troubled import BusyError, of_sqlite
from tests.scenarios.play import ENVIRON
from triagebot.cli import run as command
from triagebot.cli.process import Process as Outside

CAUSES = ("a", "b", "c", "d")
BRANCH = "triagebot-history"
TOKEN = "token-of-"
WORDINGS = ("", "", " (most likely due to a circular import)", " (unknown location)")
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


GITHUB_GIVES_UP_S = 10
"""How long GitHub works on a request at most."""
FRESH = multiprocessing.get_context("forkserver")
"""Processes forked from one that has loaded nothing but these modules: no thread, lock or connection is inherited."""
FRESH.set_forkserver_preload(
    ["benchmarks.fault_schedule", "triagebot.cli.commands.triage", "triagebot.pipeline.github_workspace"]
)


IMPATIENT = "[history]\ntimeout_s = 1\n"
"""The config of runs in a storm: nothing waits for a home in trouble as long as people would let it."""


class Killed(BaseException):
    """The run's process is gone."""


@dataclass
class Turns:
    """Lets one run at a time make one request, in an order that the seed decides."""

    chance: random.Random
    states: dict[str, str] = field(default_factory=dict)
    chosen: str = ""
    resting: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.changed = threading.Condition()

    def gate(self, _method: str, _path: str, token: str) -> None:
        """Waits for this run's turn."""
        token = token.removeprefix(TOKEN)
        with self.changed:
            if token not in self.states:
                return
            self._turn(token, "waiting")
            self.changed.wait_for(lambda: self.chosen == token)
            self.chosen = ""
            self._turn(token, "running")

    def rest(self, token: str) -> None:
        """This run pauses for longer than GitHub works on a request: those under way now are served before it goes on."""
        with self.changed:
            if token not in self.states:
                return
            self.resting[token] = {name for name, state in self.states.items() if state == "waiting"}
            self._turn(token, "resting")
            self.changed.wait_for(lambda: self.states[token] == "running")

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
                if self._wake():
                    continue
                waiting = sorted(token for token, state in self.states.items() if state == "waiting")
                if not waiting:
                    return
                self.chosen = self.chance.choice(waiting)
                for pending in self.resting.values():
                    pending.discard(self.chosen)
                self.changed.notify_all()

    def _wake(self) -> bool:
        """Lets one run go on that has rested long enough, if there is one."""
        rested = next((token for token, pending in sorted(self.resting.items()) if not pending), "")
        if rested:
            del self.resting[rested]
            self._turn(rested, "running")
        return bool(rested)

    def _turn(self, token: str, state: str) -> None:
        self.states[token] = state
        self.changed.notify_all()

    def _stuck(self) -> None:
        raise RuntimeError(f"no run moves: {self.states}")


Troubles = Sequence[Callable[[], Callable[[], None]]]
"""What begins when it is called, and ends by what that returns."""


class Weather:
    """Troubles of a history store that come and go between requests, as a seed decides."""

    def __init__(self, seed: int, troubles: Troubles) -> None:
        self.chance = random.Random(f"weather {seed}")
        self.level = self.chance.choice((0.0, 0.05, 0.2)) if troubles else 0.0
        self.troubles, self.count, self.lock = troubles, 0, threading.Lock()
        self.end: Callable[[], None] | None = None

    def change(self) -> None:
        """Maybe a trouble begins, or the one that there is ends."""
        with self.lock:
            if self.chance.random() >= self.level:
                return
            if self.end is None:
                with suppress(BusyError):
                    self.end = self.chance.choice(self.troubles)()
                    self.count += 1
            else:
                self.end()
                self.end = None

    def clear(self) -> None:
        """No trouble any more."""
        with self.lock:
            self.level = 0.0
            if self.end is not None:
                self.end()
            self.end = None


@dataclass
class Schedule:
    """One schedule under way. `home` is the history store; "" is none, None lets the seed pick one."""

    seed: int
    folder: Path
    validate: bool = False
    home: str | None = None

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.clock = Clock()
        self.world = World(self.clock)
        for sha, *parents in (("c1",), ("fix", "c1"), ("c2", "fix")):
            self.world.commit(sha, *parents)
        self.commit = "c1"
        self.dead: set[str] = set()
        self.codes: dict[str, int | None] = {}
        self.reds: dict[str, list[str]] = {}
        self.kills: dict[str, int] = {}
        self.requests: Counter[str] = Counter()
        self.turns = Turns(self.chance)
        self.rested: set[str] = set()
        homes = ("", f"sqlite:///{self.folder}/{self.seed}.db", f"branch:{BRANCH}")
        picked = self.chance.choice(homes)
        self.home = picked if self.home is None else self.home
        self.level = self.chance.choice((0.0, 0.05, 0.15, 0.3))
        self.hand = random.Random(f"people of {self.seed}")
        self.busy = self.hand.choice((0.0, 0.05, 0.2))
        self.written: list[tuple[int, str]] = []
        self.voice = random.Random(f"talk of {self.seed}")
        self.spoken: list[Spoken] = []
        self.world.roles["ada"] = "write"
        self.weather = Weather(self.seed, self.troubles())
        (self.folder / "impatient.toml").write_text(IMPATIENT, encoding="utf-8")

    def play(self) -> Verdict:
        """Plays the schedule and judges what it left."""
        with GitHub(self.world, validate=self.validate) as self.github:
            self.crowd()
            for number in range(self.chance.randint(0, 2)):
                self.alone(f"quiet-{number}", self.some())
            self.people()
            self.talk(self.voice.random())
            self.storm(self.chance.randint(2, 6))
            self.github.script.choose = None
            self.alone("last", list(CAUSES))
            told = judge(self.github, CAUSES, self.reds, self.codes, self.held(), self.written)
            return replace(told, broken=(*told.broken, *unheard(self.world, self.spoken)))

    def troubles(self) -> Troubles:
        """What may befall the history store: it is locked, so that it seems silent, or refuses."""
        if not (self.home or "").startswith("sqlite:///"):
            return ()
        troubles = of_sqlite(Path((self.home or "").removeprefix("sqlite:///"))).troubles
        return (troubles["locked"], troubles["without rights"])

    def crowd(self) -> None:
        """What other workflows have opened under our login: with every tenth seed so much that we list by label."""
        for _ in range(0 if self.seed % 10 else 101):
            self.world.open("Update dependencies", "", BOT, state="closed", pull_request=True)

    def held(self) -> dict[Row, int] | None:
        """What the history store holds; None where there is none."""
        if not self.home:
            return None
        return on_branch(self.world, BRANCH) if self.home.startswith("branch:") else in_database(self.home)

    def some(self) -> list[str]:
        """Causes of one run."""
        return self.chance.sample(CAUSES, self.chance.randint(1, len(CAUSES)))

    def people(self) -> None:
        """Maybe somebody fixes something, so that what fails from now on came back and people must be told."""
        for issue in [*self.world.issues.values()]:
            if issue.state == "open" and self.chance.random() < 0.4:
                self.world.close(issue.number, "ada", commit="fix")
        self.commit = "c2"

    def alone(self, name: str, red: list[str]) -> None:
        """One run that nothing disturbs."""
        self.world.actors[TOKEN + name] = Actor(remaining=10**6)
        self.codes[name] = self.triage(name, red)
        self.clock.now += timedelta(hours=6)

    def storm(self, number: int) -> None:
        """Several runs at once, under faults and kills."""
        names = [f"run-{n}" for n in range(number)]
        for name in names:
            self.world.actors[TOKEN + name] = Actor(remaining=10**6, graphql=self.hand.random() > 0.3)
            if self.chance.random() < 0.3:
                self.kills[name] = self.chance.randint(1, 25)
        reds = {name: self.some() for name in names}
        self.github.script.choose = self.fault
        self.together(reds)
        self.weather.clear()
        self.clock.now += timedelta(hours=6)

    def together(self, reds: dict[str, list[str]]) -> None:
        """The runs of a storm as threads that take turns."""
        self.turns = turns = Turns(self.chance, dict.fromkeys(reds, "running"))
        self.github.gate = turns.gate
        threads = [threading.Thread(target=self.one, args=(name, reds[name], turns)) for name in reds]
        for thread in threads:
            thread.start()
        turns.conduct()
        for thread in threads:
            thread.join()
        self.github.gate = None

    def one(self, name: str, red: list[str], turns: Turns) -> None:
        """One run of a storm."""
        try:
            self.codes[name] = self.triage(name, red)
        except Killed:
            self.codes[name] = None
        finally:
            turns.done(name)

    def argv(self, name: str, red: list[str]) -> list[str]:
        """The command line of a run whose report is written for it."""
        self.reds[name] = red
        path = self.folder / f"{self.seed}-{name}.xml"
        wording = WORDINGS[sum(map(ord, name)) % len(WORDINGS)]
        path.write_text(report(red, self.clock.now, wording), encoding="utf-8")
        home = [f"--history={self.home}"] if self.home else []
        home += [f"--config={self.folder}/impatient.toml"] if name.startswith("run-") else []
        scope = ["--environment=staging", "--branch=main", f"--commit={self.commit}"]
        return ["triage", "--json", *home, *scope, f"--run-id={name}", str(path)]

    def environ(self, name: str) -> dict[str, str]:
        """What a run is told of its surroundings. Its token names it, and is not its id, which would be masked."""
        return {**ENVIRON, "GITHUB_TOKEN": TOKEN + name, "GITHUB_API_URL": self.github.url}

    def triage(self, name: str, red: list[str]) -> int | None:
        """The exit code of the command itself. A killed run ends where it would wait or ask again."""
        out = io.StringIO()
        outside = Outside(
            self.environ(name), self.clock, self.folder, io.BytesIO(), out, out, lambda s: self.pause(name, s)
        )
        return command(self.argv(name, red), outside)

    def pause(self, name: str, seconds: float) -> None:
        """Sleeps on the injected clock; the dead do not wake. What was under way when a long sleep began is over by its end."""
        if name in self.dead:
            raise Killed
        self.clock.sleep(seconds)
        if seconds >= GITHUB_GIVES_UP_S:
            self.turns.rest(name)
            self.rested.add(name)

    def kill(self, name: str) -> None:
        """This run's process is gone."""
        self.dead.add(name)

    def talk(self, likely: float) -> None:
        """Maybe somebody says something on an issue: a maintainer a command or a slip, a stranger a command."""
        issues = [i for i in self.world.issues.values() if i.body and not i.pull_request]
        if not issues or self.voice.random() >= likely:
            return
        who, text = self.voice.choice((
            ("ada", f"/triage owner team-{len(self.spoken)}"), ("ada", "/triage aprove"),
            ("mallory", "/triage priority P1"), ("mallory", "/triage owner mallory"),
        ))  # fmt: skip
        issue = self.voice.choice(issues)
        comment = self.world.comment(issue.number, who, text)
        self.spoken.append(Spoken(issue.number, comment.id, who, text))

    def meanwhile(self, method: str, path: str) -> None:
        """Maybe somebody writes a line into an issue: into the very one that is being written, where one is."""
        issues = [i for i in self.world.issues.values() if i.state == "open" and i.body]
        if method == "PATCH":
            issues = [i for i in issues if path.endswith(f"/issues/{i.number}")] or issues
        if not issues or self.hand.random() >= self.busy:
            return
        issue = self.hand.choice(issues)
        line = f"Ada's line {len(self.written)}."
        marker, _, rest = (issue.body or "").partition("\n")
        above = f"{marker}\n{line}\n{rest}"
        self.world.patch(issue, "ada", {"body": self.hand.choice((above, f"{issue.body}\n{line}"))})
        self.written.append((issue.number, line))

    def fault(self, method: str, path: str, token: str) -> Fault | None:
        """What goes wrong with this request, if anything."""
        self.weather.change()
        self.meanwhile(method, path)
        self.talk(self.busy / 4)
        token = token.removeprefix(TOKEN)
        self.requests[token] += 1
        if self.requests[token] == self.kills.get(token):
            self.kill(token)
            return Fault("drop after" if self.chance.random() < 0.5 else "drop before")
        if token in self.dead:
            return Fault("drop before")
        if method != "GET":
            self.rested.discard(token)
        if self.chance.random() >= self.level or "graphql" in path:
            return None
        kinds = WRITE_FAULTS if method != "GET" else LIST_FAULTS if path.endswith("/issues") else READ_FAULTS
        if token in self.rested:  # what is older than a long sleep is visible everywhere
            kinds = tuple(kind for kind in kinds if kind != "stale")
        return Fault(self.chance.choice(kinds))  # type: ignore[arg-type]


@dataclass
class Processes(Schedule):
    """A schedule whose runs are processes of their own, killed by the system. `proxy` stands before their database."""

    proxy: Proxy | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.running: dict[str, BaseProcess] = {}

    def troubles(self) -> Troubles:
        """The database is a black hole, or away."""

        def turned(mode: Mode) -> Callable[[], Callable[[], None]]:
            def begin() -> Callable[[], None]:
                proxy.turn(mode)
                return back

            return begin

        def back() -> None:
            proxy.turn("refuse")
            proxy.turn("pass")

        if (proxy := self.proxy) is None:
            return ()
        return (turned("silent"), turned("refuse"))

    def together(self, reds: dict[str, list[str]]) -> None:
        """The runs of a storm, started at once and left alone."""
        self.running = {name: self.start(name, red) for name, red in reds.items()}
        self.codes |= {name: self.end(process) for name, process in self.running.items()}

    def triage(self, name: str, red: list[str]) -> int | None:
        """The exit code of a process."""
        return self.end(self.start(name, red))

    def start(self, name: str, red: list[str]) -> BaseProcess:
        """A run's process, started."""
        given = (self.argv(name, red), self.environ(name), self.folder, self.clock.now)
        process = FRESH.Process(target=alone_in_a_process, args=given)
        process.start()
        return process

    def end(self, process: BaseProcess) -> int | None:
        """The exit code once it is over, None when it was killed."""
        process.join(120)
        if process.exitcode is None:
            process.kill()
            raise RuntimeError(f"seed {self.seed}: a run does not end")
        return None if process.exitcode == -signal.SIGKILL else process.exitcode

    def kill(self, name: str) -> None:
        """SIGKILL: no handler, no rollback, no goodbye to the database."""
        super().kill(name)
        self.running[name].kill()


def alone_in_a_process(argv: list[str], environ: dict[str, str], folder: Path, now: datetime) -> None:
    """One run in a process of its own, whose clock starts at `now` and moves only when the run pauses."""
    logging.disable()  # PyGithub tells of every wait
    clock, out = Clock(now), io.StringIO()
    code = command(argv, Outside(environ, clock, folder, io.BytesIO(), out, out, clock.sleep))
    sys.exit(code)
