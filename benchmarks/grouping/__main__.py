"""Print how well triagebot and its rivals group failures whose causes are known.

    python -m benchmarks.grouping [--corpus benchmarks/.corpus] [--format json|xml|txt]

Makes the corpus first where it is missing (`benchmarks.grouping.corpus`: some minutes). Beside the published packages it
scores the committed red days of examples/staging against the truth that its script recorded. Figures are B-cubed
precision, recall and F, mean over packages; `over-merged` counts groups that hold more than one fault, `split` faults
that lie in more than one group. Losses are listed below the table.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.grouping.corpus import LOUD
from benchmarks.grouping.rivals import RIVALS, TUNED, Grouping
from triagebot.config import Config
from triagebot.groups import group
from triagebot.reports import join_id, merge, parse
from triagebot.reports.model import Context, Failure, Run

STAGING = Path("examples/staging/reports")


@dataclass(frozen=True)
class Scenario:
    """One report with its truth: join id ▶ fault. `loud` are the faults that raise where they sit."""

    package: str
    name: str
    run: Run
    truth: dict[str, str]
    loud: frozenset[str]

    @property
    def failures(self) -> list[Failure]:
        """One failure per labelled test: the first phase that broke, as setup, call, teardown."""
        first: dict[str, Failure] = {}
        for failure in self.run.failures:
            if failure.join in self.truth:
                first.setdefault(failure.join, failure)
        return list(first.values())


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    f: float
    merged: int
    split: int


def bcubed(truth: dict[str, str], found: dict[str, str]) -> Score:
    """B-cubed over the items of `truth` (Bagga and Baldwin 1998). Both map item ▶ label."""
    by_truth, by_found = defaultdict(set), defaultdict(set)
    for item, label in truth.items():
        by_truth[label].add(item)
        by_found[found[item]].add(item)
    both = {item: len(by_truth[label] & by_found[found[item]]) for item, label in truth.items()}
    precision = sum(n / len(by_found[found[i]]) for i, n in both.items()) / len(truth)
    recall = sum(n / len(by_truth[truth[i]]) for i, n in both.items()) / len(truth)
    merged = sum(len({truth[i] for i in items}) > 1 for items in by_found.values())
    split = sum(len({found[i] for i in items}) > 1 for items in by_truth.values())
    return Score(precision, recall, 2 * precision * recall / (precision + recall), merged, split)


def read_run(path: Path) -> Run:
    return merge([parse(str(path), path.read_bytes())], Context())


def corpus(root: Path, extension: str) -> Iterator[Scenario]:
    """The scenarios of the published packages."""
    for labels in sorted(root.glob("*/labels-*.json")):
        kinds = {f["id"]: f["kind"] for f in json.loads((labels.parent / "faults.json").read_text())}
        truth = {join_id(test): fault for test, fault in json.loads(labels.read_text()).items()}
        report = labels.with_name(labels.stem.replace("labels", "scenario") + f".{extension}")
        loud = frozenset(i for i, kind in kinds.items() if kind in LOUD)
        yield Scenario(labels.parent.name, report.stem, read_run(report), truth, loud)


def staging(extension: str) -> Iterator[Scenario]:
    """The red days of the staging example. All of its faults are counted as loud and as all."""
    names = {"json": "report.json", "xml": "junit.xml", "txt": "output.txt"}
    for truth in sorted(STAGING.glob("*/truth.json")):
        labels = {
            join_id(t): row["fault"]
            for t, row in json.loads(truth.read_text())["tests"].items()
            if row["fault"]
        }
        if len(set(labels.values())) > 1:
            run = read_run(truth.with_name(names[extension]))
            yield Scenario("examples/staging", truth.parent.name, run, labels, frozenset(labels.values()))


def ours(scenario: Scenario) -> Grouping:
    """Triagebot as a rival: the keys that `group` gives."""
    keys = {(f.join, f.phase): g.key for g in group(scenario.run, Config()) for f in g.failures}
    return lambda failures: [keys[f.join, f.phase] for f in failures]


def score(scenario: Scenario, grouping: Grouping, *, loud: bool) -> Score | None:
    """How well this grouping finds the scenario's faults; None where fewer than two are left to tell apart."""
    truth = {t: f for t, f in scenario.truth.items() if not loud or f in scenario.loud}
    if len(set(truth.values())) < 2:
        return None
    names = dict(zip((f.join for f in scenario.failures), grouping(scenario.failures), strict=True))
    return bcubed(truth, {test: names.get(test, f"missing {test}") for test in truth})


def mean(scenarios: list[Scenario], grouping: Grouping | None, *, loud: bool) -> Score | None:
    """Mean over packages of the mean over their scenarios; counts are summed. `grouping` None is triagebot."""
    by_package: dict[str, list[Score]] = defaultdict(list)
    for scenario in scenarios:
        found = score(scenario, grouping or ours(scenario), loud=loud)
        if found:
            by_package[scenario.package].append(found)
    if not by_package:
        return None
    rows = [
        tuple(sum(getattr(s, name) for s in scores) / len(scores) for name in ("precision", "recall", "f"))
        for scores in by_package.values()
    ]
    p, r, f = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    every = [s for scores in by_package.values() for s in scores]
    return Score(p, r, f, sum(s.merged for s in every), sum(s.split for s in every))


def best(scenarios: list[Scenario], settings: list[tuple[str, Grouping]]) -> tuple[str, Grouping]:
    """The setting with the highest F over all faults of this very corpus."""
    return max(settings, key=lambda s: ((found := mean(scenarios, s[1], loud=False)) and found.f) or 0.0)


def contestants(scenarios: list[Scenario]) -> Iterator[tuple[str, Grouping | None]]:
    yield "triagebot", None
    yield from RIVALS.items()
    for name, settings in TUNED.items():
        setting, grouping = best(scenarios, settings)
        yield f"{name} (best here: {setting})", grouping


def losses(scenarios: list[Scenario]) -> Iterator[str]:
    """Where triagebot itself is wrong: groups that hold several faults, faults that lie in several groups."""
    for scenario in scenarios:
        failures = scenario.failures
        found = dict(zip((f.join for f in failures), ours(scenario)(failures), strict=True))
        groups, faults = defaultdict(set), defaultdict(set)
        for test, key in found.items():
            groups[key].add(scenario.truth[test])
            faults[scenario.truth[test]].add(key)
        where = f"{scenario.package} {scenario.name}"
        yield from (
            f"over-merged  {where}: {k} holds {', '.join(sorted(v))}" for k, v in groups.items() if len(v) > 1
        )
        yield from (
            f"split        {where}: {f} lies in {len(v)} groups" for f, v in faults.items() if len(v) > 1
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=Path("benchmarks/.corpus"))
    parser.add_argument("--format", choices=["json", "xml", "txt"], default="json")
    args = parser.parse_args()
    if not list(args.corpus.glob("*/labels-*.json")):
        subprocess.run(
            [sys.executable, "-m", "benchmarks.grouping.corpus", "--out", str(args.corpus)], check=True
        )
    scenarios = [*corpus(args.corpus, args.format), *staging(args.format)]
    labelled = sum(len(s.truth) for s in scenarios)
    console = Console(width=150)
    table = Table(
        title=f"{len(scenarios)} reports of {len({s.package for s in scenarios})} packages, {labelled} labelled failures ({args.format})"
    )
    table.add_column("rule")
    for scope in ("all", "loud"):
        for column in ("P", "R", "F", "over-merged", "split"):
            table.add_column(f"{scope} {column}", justify="right")
    for name, grouping in contestants(scenarios):
        cells = [name]
        for loud in (False, True):
            found = mean(scenarios, grouping, loud=loud)
            cells += (
                [
                    f"{found.precision:.3f}",
                    f"{found.recall:.3f}",
                    f"{found.f:.3f}",
                    str(found.merged),
                    str(found.split),
                ]
                if found
                else ["-"] * 5
            )
        table.add_row(*cells)
    console.print(table)
    for line in losses(scenarios):
        console.print(line)


if __name__ == "__main__":
    main()
