"""Reports whose causes are known, and how well a grouping finds these causes: B-cubed precision, recall and F."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grouping.corpus import LOUD
from triagebot.reports import join_id, merge, parse
from triagebot.reports.model import Context, Failure, Run


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


def score(scenario: Scenario, names: Sequence[str], *, loud: bool) -> Score | None:
    """How well names of groups, one for each of the scenario's failures, tell its faults; None for fewer than two faults."""
    truth = {t: f for t, f in scenario.truth.items() if not loud or f in scenario.loud}
    if len(set(truth.values())) < 2:
        return None
    found = dict(zip((f.join for f in scenario.failures), names, strict=True))
    return bcubed(truth, {test: found.get(test, f"missing {test}") for test in truth})


def mean(
    scenarios: Iterable[Scenario], naming: Callable[[Scenario], Sequence[str]], *, loud: bool
) -> Score | None:
    """Mean over packages of the mean over their scenarios; counts are summed."""
    by_package: dict[str, list[Score]] = defaultdict(list)
    for scenario in scenarios:
        found = score(scenario, naming(scenario), loud=loud)
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


def losses(scenario: Scenario, names: Sequence[str]) -> Iterator[str]:
    """Groups that hold several faults, faults that lie in several groups."""
    groups, faults = defaultdict(set), defaultdict(set)
    for failure, key in zip(scenario.failures, names, strict=True):
        groups[key].add(scenario.truth[failure.join])
        faults[scenario.truth[failure.join]].add(key)
    where = f"{scenario.package} {scenario.name}"
    yield from (
        f"over-merged  {where}: {k} holds {', '.join(sorted(v))}" for k, v in groups.items() if len(v) > 1
    )
    yield from (f"split        {where}: {f} lies in {len(v)} groups" for f, v in faults.items() if len(v) > 1)


def cells(found: Score | None) -> list[str]:
    """A score as cells of a table."""
    if found is None:
        return ["-"] * 5
    return [
        *(f"{value:.3f}" for value in (found.precision, found.recall, found.f)),
        str(found.merged),
        str(found.split),
    ]
