"""How early `triagebot select --risk` finds the causes of a day, against four ways that teams have today.

    python -m benchmarks.selection [--reports FOLDER] [--rounds 200]

Each day is replayed with what was known before it: history of the earlier days alone decides the order in which its tests would have
run. A cause is found when the first test that shows it has run; time is what the day's report says that each test took. The figure is
the area under "share of causes found against share of the time", 1 for all causes at once, the mean over days with causes.
Causes of the example's days are those of truth.json; of any other folder of reports (`--reports`, in the order of their names) the
groups that `triagebot group` makes.
Rivals: random order (the mean of `--rounds` orders), alphabetical order (pytest's own), most recently failed first (`pytest --ff`: what
failed in its last run, then the rest), longest not run first.
"""

import argparse
import json
import random
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triagebot.config import Config, load
from triagebot.groups import group
from triagebot.history import Past
from triagebot.history.proof import PASSED, RAN
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.reading import read_runs
from triagebot.pipeline.run_causes import find_causes
from triagebot.pipeline.run_options import ReportOptions
from triagebot.reports.model import Run
from triagebot.reports.test_names import join_id
from triagebot.selection import facts, select
from triagebot.stores import open_history

ROOT = Path(__file__).parents[1]
STAGING = ROOT / "examples/staging/reports"


@dataclass
class Day:
    """One day: its run, seconds by test, and the tests that show each cause."""

    name: str
    run: Run
    seconds: Mapping[str, float]
    causes: Mapping[str, frozenset[str]] = field(default_factory=dict)


def days(folder: Path, config: Config) -> Iterator[Day]:
    """The days of a folder, oldest first."""
    paths = sorted(folder.glob("day-*")) or sorted(path for path in folder.rglob("*") if path.is_file())
    effects, at = Effects(), datetime(2025, 9, 1, tzinfo=UTC)
    for number, path in enumerate(paths):
        report = path / "report.json" if path.is_dir() else path
        (run,) = read_runs(ReportOptions((str(report),), no_logs=True), effects, strict=False)
        if not run.cases:
            continue
        run = replace(run, started=at + timedelta(days=number), environment=None, branch=None)
        seconds = {case.join: case.duration_s or 0.01 for case in run.cases}
        yield Day(path.name, run, seconds, dict(causes_of(path, run, config)))


def causes_of(path: Path, run: Run, config: Config) -> Iterator[tuple[str, frozenset[str]]]:
    """The causes of a day with the tests that show them."""
    truth = path / "truth.json"
    if truth.is_file():
        found: dict[str, set[str]] = {}
        for test, told in json.loads(truth.read_text(encoding="utf-8"))["tests"].items():
            found.setdefault(told["fault"], set()).add(join_id(test))
        yield from ((fault, frozenset(tests)) for fault, tests in found.items())
        return
    for cause in find_causes(run, group(run, config), config).causes:
        yield cause.key, frozenset(failure.join for one in cause.groups for failure in one.failures)


def area(order: Sequence[str], day: Day) -> float:
    """The area under the share of causes found against the share of the time."""
    whole = sum(day.seconds.values())
    spent, under, open_ = 0.0, 0.0, dict(day.causes)
    for test in order:
        spent += day.seconds[test]
        for cause in [name for name, tests in open_.items() if test in tests]:
            under += (1 - spent / whole) / len(day.causes)
            del open_[cause]
    return under


Rival = Callable[[Day, Past], list[str]]


def natural(day: Day, _past: Past) -> list[str]:
    return sorted(day.seconds)


def failed_first(day: Day, past: Past) -> list[str]:
    last = {test: results[-1].outcome for test, results in past.results.items() if results}
    return sorted(
        day.seconds, key=lambda test: (last.get(test, "passed") in PASSED or last.get(test) not in RAN, test)
    )


def longest_not_run(day: Day, past: Past) -> list[str]:
    at: dict[str, datetime] = {run.id: run.at for run in past.runs}
    ran = {
        t: max((at[r.run] for r in found if r.outcome in RAN), default=None)
        for t, found in past.results.items()
    }
    never = datetime(1, 1, 1, tzinfo=UTC)
    return sorted(day.seconds, key=lambda test: (ran.get(test) or never, test))


def by_risk(day: Day, past: Past, config: Config) -> list[str]:
    """What `select --risk` says; tests that are in the code and never ran are told, as `--collect` does."""
    known = facts(past, config.suites, collected=[case.test for case in day.run.cases])
    chosen = select(known, "risk", now=day.run.started or datetime.now(UTC))
    return list(dict.fromkeys(join_id(choice.test) for choice in chosen.choices))


def replay(found: Sequence[Day], config: Config, rounds: int) -> dict[str, list[tuple[str, float]]]:
    """The area of each way on each day that has causes."""
    history, keys, chance = open_history("sqlite://"), set[str](), random.Random(1)
    told: dict[str, list[tuple[str, float]]] = {}
    for day in found:
        past = history.past(day.run.scope, keys, None)
        if day.causes:
            ways: dict[str, float] = {"select --risk": area(by_risk(day, past, config), day)}
            shuffled = [chance.sample(sorted(day.seconds), len(day.seconds)) for _ in range(rounds)]
            ways["random"] = statistics.mean(area(order, day) for order in shuffled)
            for name, rival in {
                "alphabetical": natural,
                "failed first": failed_first,
                "longest not run": longest_not_run,
            }.items():
                ways[name] = area(rival(day, past), day)
            for name, value in ways.items():
                told.setdefault(name, []).append((day.name, value))
        groups = group(day.run, config)
        keys |= {one.key for one in groups}
        history.record(day.run, groups, now=day.run.started or datetime.now(UTC))
    history.close()
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reports", type=Path, default=STAGING)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    text = (
        (ROOT / "examples/triagebot.toml").read_text(encoding="utf-8") if options.reports == STAGING else ""
    )
    config = load(text, "examples/triagebot.toml")
    told = replay(list(days(options.reports, config)), config, options.rounds)
    names = [day for day, _ in next(iter(told.values()), [])]
    print(f"{'':16} {'mean':>6} " + " ".join(f"{name[:12]:>12}" for name in names))
    for way, values in told.items():
        mean = statistics.mean(value for _, value in values)
        print(f"{way:16} {mean:6.3f} " + " ".join(f"{value:12.3f}" for _, value in values))
    best = max(told, key=lambda way: statistics.mean(value for _, value in told[way])) if told else ""
    return 0 if best == "select --risk" else 1


if __name__ == "__main__":
    raise SystemExit(main())
