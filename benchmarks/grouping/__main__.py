"""Print how well triagebot and its rivals group failures whose causes are known.

    python -m benchmarks.grouping [--corpus benchmarks/.corpus] [--format json|xml|txt]

Makes the corpus first where it is missing (`benchmarks.grouping.corpus`: some minutes). Beside the published packages it
scores the committed red days of examples/staging against the truth that its script recorded. Figures are B-cubed
precision, recall and F, mean over packages; `over-merged` counts groups that hold more than one fault, `split` faults
that lie in more than one group. Losses are listed below the table. `benchmarks.grouping.traced` scores causes, with traces.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.grouping.rivals import RIVALS, TUNED, Grouping
from benchmarks.grouping.scoring import Scenario, cells, corpus, losses, mean, read_run
from triagebot.config import Config
from triagebot.groups import group
from triagebot.reports import join_id

STAGING = Path("examples/staging/reports")


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


def ours(scenario: Scenario) -> list[str]:
    """Triagebot as a rival: the keys that `group` gives."""
    keys = {(f.join, f.phase): g.key for g in group(scenario.run, Config()) for f in g.failures}
    return [keys[f.join, f.phase] for f in scenario.failures]


def best(scenarios: list[Scenario], settings: list[tuple[str, Grouping]]) -> tuple[str, Grouping]:
    """The setting with the highest F over all faults of this very corpus."""
    return max(
        settings,
        key=lambda s: ((found := mean(scenarios, lambda e: s[1](e.failures), loud=False)) and found.f) or 0.0,
    )


def rivals(scenarios: list[Scenario]) -> Iterator[tuple[str, Grouping]]:
    """Every rival; those with a knob at the setting that is best here."""
    yield from RIVALS.items()
    for name, settings in TUNED.items():
        setting, grouping = best(scenarios, settings)
        yield f"{name} (best here: {setting})", grouping


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
    namings = {"triagebot": ours} | {
        name: lambda scenario, grouping=grouping: grouping(scenario.failures)
        for name, grouping in rivals(scenarios)
    }
    for name, naming in namings.items():
        scores = (mean(scenarios, naming, loud=loud) for loud in (False, True))
        table.add_row(name, *(cell for found in scores for cell in cells(found)))
    console.print(table)
    for scenario in scenarios:
        for line in losses(scenario, ours(scenario)):
            console.print(line)


if __name__ == "__main__":
    main()
