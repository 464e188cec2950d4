"""Print how well causes are found, and the function behind each, where traces and a green run are at hand.

    python -m benchmarks.grouping.traced [--corpus benchmarks/.traced] [--python python3.12] [--losses]

Makes the corpus first where it is missing (`benchmarks.grouping.corpus --traces`: half an hour): suites of published packages under
the plugin, green once, then with several faults at once, most of them silent. Scored are text alone (keys), causes
without and with the green run, Ochiai on the same traces, the place of divergence alone, and the rivals of
`benchmarks.grouping`. *Localisation* asks for each fault whether the cause that holds most of its tests names the faulty function
first, or among its first three suspects; Ochiai is asked the same of the very tests of the fault, which it would not
know in practice. Losses are listed below the table.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import sqrt
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.grouping.__main__ import rivals
from benchmarks.grouping.scoring import Scenario, cells, corpus, losses, mean, read_run
from triagebot.causes.suspicion import suspects
from triagebot.config import Config
from triagebot.groups import group
from triagebot.history import Green
from triagebot.pipeline.run_causes import FoundCauses, find_causes
from triagebot.steps import green_paths, paths

Naming = Callable[[Scenario], Sequence[str]]


@dataclass
class Traces:
    """What the traces of one scenario hold, and what is found with them. `faults` are the rows of faults.json by id."""

    scenario: Scenario
    green: Path
    faults: Mapping[str, Mapping[str, str]]

    @cached_property
    def found(self) -> FoundCauses:
        """The causes with the green run beside them."""
        run = self.scenario.run
        green = {
            test: Green(path, "green", datetime(2026, 1, 1, tzinfo=UTC))
            for test, path in green_paths(read_run(self.green)).items()
        }
        return find_causes(run, group(run, Config()), Config(), green=green)

    @cached_property
    def untraced(self) -> FoundCauses:
        """The causes without a green run."""
        return find_causes(self.scenario.run, group(self.scenario.run, Config()), Config())

    @cached_property
    def ran(self) -> dict[str, list[str]]:
        """Functions that each test of the red run called."""
        return {
            test: [step.text for step in path.of("function")]
            for test, path in paths(self.scenario.run).items()
        }

    @cached_property
    def passed(self) -> Counter[str]:
        """How many passing tests called each function."""
        passing = {case.join for case in self.scenario.run.cases if case.outcome == "passed"}
        return Counter(call for test in passing for call in set(self.ran.get(test, ())))

    def ochiai(self, failing: Sequence[str]) -> list[str]:
        """Functions, the most suspect first, as spectrum-based fault localisation ranks them for these failing tests."""
        hit = Counter(call for test in failing for call in set(self.ran.get(test, ())))
        rank = {call: count / sqrt(len(failing) * (count + self.passed[call])) for call, count in hit.items()}
        return sorted(rank, key=lambda call: (-rank[call], call))

    def is_faulty(self, function: str, fault: str) -> bool:
        """Whether a function (`module:qualname`) is the one that holds the fault."""
        row = self.faults[fault]
        module, _, name = function.partition(":")
        file = row["file"].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return name == row["name"] and f".{file}".endswith(f".{module}")

    def located(self, fault: str) -> int | None:
        """At which rank, from 0, the cause that holds most of a fault's tests names the faulty function."""
        tests = {test for test, label in self.scenario.truth.items() if label == fault}
        cause = max(
            self.found.causes,
            key=lambda c: sum(f.join in tests for g in c.groups for f in g.failures),
        )
        named = dict.fromkeys(f.join for g in cause.groups for f in g.failures)
        left = [self.found.left[test] for test in named if test in self.found.left]
        ran = [self.found.ran[test] for test in named if test in self.found.ran]
        ranked = suspects(left, ran, self.found.passed)
        return self._rank([one.function for one in ranked], fault)

    def located_by_ochiai(self, fault: str) -> int | None:
        """The same for Ochiai, which is told which tests are the fault's."""
        return self._rank(
            self.ochiai([t for t, label in self.scenario.truth.items() if label == fault]), fault
        )

    def _rank(self, ranked: Sequence[str], fault: str) -> int | None:
        return next((at for at, name in enumerate(ranked) if self.is_faulty(name, fault)), None)


def traces(root: Path, scenario: Scenario) -> Traces:
    home = root / scenario.package
    rows = {row["id"]: row for row in json.loads((home / "faults.json").read_text())}
    return Traces(scenario, home / "green.json", rows)


def text(known: Traces) -> list[str]:
    """The keys of signatures."""
    keys = {(f.join, f.phase): g.key for c in known.untraced.causes for g in c.groups for f in g.failures}
    return [keys[f.join, f.phase] for f in known.scenario.failures]


def causes_of(known: Traces, found: FoundCauses) -> list[str]:
    """The keys of causes."""
    keys = {(f.join, f.phase): c.key for c in found.causes for g in c.groups for f in g.failures}
    return [keys[f.join, f.phase] for f in known.scenario.failures]


def places(known: Traces) -> list[str]:
    """Where each test leaves its green path, and nothing else."""
    left = known.found.left
    return [left[f.join].place if f.join in left else f.join for f in known.scenario.failures]


def greedy_ochiai(known: Traces) -> list[str]:
    """The most suspect function takes all failing tests that called it, then the next one of those that are left."""
    left = {f.join for f in known.scenario.failures}
    home: dict[str, str] = {}
    while left:
        ranked = known.ochiai(sorted(left))
        top = ranked[0] if ranked else None
        taken = {test for test in left if top is None or top in known.ran.get(test, ())}
        home |= dict.fromkeys(taken, str(top))
        left -= taken
    return [home[f.join] for f in known.scenario.failures]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=Path("benchmarks/.traced"))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--losses", action="store_true", help="only ours, with its losses in full")
    args = parser.parse_args()
    if not list(args.corpus.glob("*/labels-*.json")):
        make = ["-m", "benchmarks.grouping.corpus", "--traces", "--python", args.python]
        subprocess.run([sys.executable, *make, "--out", str(args.corpus)], check=True)
    scenarios = [s for s in corpus(args.corpus, "json") if len(set(s.truth.values())) > 1]
    known = {id(s): traces(args.corpus, s) for s in scenarios}
    console = Console(width=150, soft_wrap=True)
    console.print(_head(scenarios, known.values()))
    ours: dict[str, Naming] = {
        "text signatures": lambda s: text(known[id(s)]),
        "causes, without a green run": lambda s: causes_of(known[id(s)], known[id(s)].untraced),
        "causes, with the green run": lambda s: causes_of(known[id(s)], known[id(s)].found),
    }
    if args.losses:
        others: dict[str, Naming] = {}
    else:
        others = {
            "place of divergence alone": lambda s: places(known[id(s)]),
            "Ochiai, greedy cover": lambda s: greedy_ochiai(known[id(s)]),
            **{name: lambda s, g=grouping: g(s.failures) for name, grouping in rivals(scenarios)},
        }
    console.print(_table(scenarios, ours | others))
    _located(console, known.values())
    for scenario in scenarios:
        for line in losses(scenario, ours["causes, with the green run"](scenario)):
            console.print(line)


def _head(scenarios: Sequence[Scenario], known: "Sequence[Traces]") -> str:
    """What is scored."""
    faults = [(fault, k) for k in known for fault in sorted(set(k.scenario.truth.values()))]
    kinds = Counter(k.faults[fault]["kind"] for fault, k in faults)
    silent = sum(fault not in k.scenario.loud for fault, k in faults)
    failing = sum(len(s.truth) for s in scenarios)
    packages = len({s.package for s in scenarios})
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return (
        f"{len(scenarios)} reports of {packages} packages, {failing} labelled failures, {len(faults)} faults, "
        f"{silent} of them silent ({told})"
    )


def _table(scenarios: Sequence[Scenario], namings: Mapping[str, Naming]) -> Table:
    table = Table()
    table.add_column("rule")
    for scope in ("all", "loud"):
        for column in ("P", "R", "F", "over-merged", "split"):
            table.add_column(f"{scope} {column}", justify="right")
    for name, naming in namings.items():
        scores = (mean(scenarios, naming, loud=loud) for loud in (False, True))
        table.add_row(name, *(cell for found in scores for cell in cells(found)))
    return table


def _located(console: Console, known: "Sequence[Traces]") -> None:
    """How often the faulty function is named first, and among the first three; and where it is not."""
    rows = [
        (k, fault, k.located(fault), k.located_by_ochiai(fault))
        for k in known
        for fault in sorted(set(k.scenario.truth.values()))
    ]
    for name, column in (("causes", 2), ("Ochiai, told which tests", 3)):
        ranks = [row[column] for row in rows]
        first = sum(rank == 0 for rank in ranks)
        three = sum(rank is not None and rank < 3 for rank in ranks)
        console.print(
            f"localisation, {name}: first {first} of {len(ranks)} ({first / len(ranks):.0%}), "
            f"first three {three} ({three / len(ranks):.0%})"
        )
    for k, fault, rank, _ in rows:
        if rank != 0:
            row = k.faults[fault]
            at = "not among its suspects" if rank is None else f"at rank {rank + 1}"
            where = f"{k.scenario.package} {k.scenario.name}"
            console.print(f"not first    {where}: {fault} ({row['kind']} in {row['name']}) stands {at}")


if __name__ == "__main__":
    main()
