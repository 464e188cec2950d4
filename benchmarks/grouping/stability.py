"""Print how many failures keep their key when everything but the fault changes.

    python -m benchmarks.grouping.stability [--corpus benchmarks/.corpus] [--pythons 3.11,3.12,3.13]

Puts the faults of each corpus package's first scenario into it again and runs its suite as it was, from another path,
shuffled, under xdist, with three lines added on top of every file, with a helper of the traceback renamed, with CI=true,
with short and native tracebacks, and on other Pythons; reads each run as JSON and as JUnit. A failure counts when the
same test fails in the same phase in both runs. The faults' own noise (uuids, clocks, addresses) differs in every run.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.grouping.corpus import PACKAGES, Fault, Package, put, unpack
from triagebot.config import Config
from triagebot.groups import group
from triagebot.reports import merge, parse
from triagebot.reports.model import Context

SHUFFLE = """
import random
def pytest_collection_modifyitems(items):
    random.Random(5).shuffle(items)
"""


@dataclass(frozen=True)
class Variation:
    """One way in which a run differs from the first: what is done to the copy, and how pytest is called."""

    name: str
    arguments: tuple[str, ...] = ("--tb=long",)
    environment: dict[str, str] = field(default_factory=dict)
    change: Callable[[Path, Package], None] = lambda root, package: None
    folder: str = "home/runner/work"
    python: str = ""


def shift_lines(root: Path, package: Package) -> None:
    """Three comment lines on top of every Python file."""
    for path in root.rglob("*.py"):
        path.write_text("# one\n# two\n# three\n" + path.read_text())


def rename_helper(root: Path, package: Package) -> None:
    """Give the private function that tracebacks show most often another name, everywhere."""
    name = (root / "helper.txt").read_text().strip()
    for path in root.rglob("*.py"):
        path.write_text(re.sub(rf"\b{re.escape(name)}\b", f"{name}_moved", path.read_text()))


def add_shuffle(root: Path, package: Package) -> None:
    (root / package.source / "shuffle_plugin.py").write_text(SHUFFLE)


VARIATIONS = (
    Variation("again"),
    Variation("another path", folder="builds/42/checkout"),
    Variation("shuffled", ("--tb=long", "-p", "shuffle_plugin"), change=add_shuffle),
    Variation("xdist", ("--tb=long", "-n", "2")),
    Variation("lines shifted by three", change=shift_lines),
    Variation("a helper renamed", change=rename_helper),
    Variation("CI=true", environment={"CI": "true"}),
    Variation("--tb=short", ("--tb=short",)),
    Variation("--tb=native", ("--tb=native",)),
)


def python_for(version: str, package: Package, cache: Path) -> Path:
    """The python of an environment of this version (`pythonX.Y` on the PATH) in which the package's suite runs."""
    home = cache / package.name / f"venv-{version}"
    if not (home / "bin/python").exists():
        subprocess.run([f"python{version}", "-m", "venv", str(home)], check=True)
        pip = [str(home / "bin/python"), "-m", "pip", "install", "-q"]
        subprocess.run(
            [*pip, "pytest", "pytest-json-report", "pytest-xdist", package.spec, *package.needs], check=True
        )
    return home / "bin/python"


def keys(
    root: Path, package: Package, python: Path, variation: Variation
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """(test and phase ▶ key) as read from JSON and from JUnit, of one run."""
    variation.change(root, package)
    env = {
        **os.environ,
        "PYTHONPATH": str(root / package.source),
        "SETUPTOOLS_SCM_PRETEND_VERSION": package.version,
        "CI": "",
        **variation.environment,
    }
    command = [
        str(python), "-m", "pytest", package.tests, "-q", "-p", "no:cacheprovider", "-o", "addopts=", *variation.arguments,
        "--json-report", f"--json-report-file={root}/out.json", f"--junitxml={root}/out.xml",
    ]  # fmt: skip
    subprocess.run(command, cwd=root, env=env, capture_output=True, check=False, timeout=300)
    out = []
    for name in ("out.json", "out.xml"):
        path = root / name
        run = merge([parse(name, path.read_bytes())], Context())
        out.append(
            {
                (f.join, f.phase): g.key
                for g in group(run, Config())
                for f in g.failures
                if f.phase != "collect"
            }
        )
    return out[0], out[1]


def copy(root: Path, faults: list[Fault], base: Path, folder: str) -> Path:
    """A copy of the package with the faults in it, at a neutral path below `base`."""
    work = base / folder / root.name
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(root, work)
    for fault in sorted(faults, key=lambda f: (f.file, -f.line)):
        put(work, fault)
    return work


def helper_in(report: Path, faults: list[Fault]) -> str:
    """The private function that the report's tracebacks name most often and that holds no fault."""
    names = Counter(re.findall(r"\bin (_[a-z]\w{2,60})\b", report.read_text()))
    names.update(re.findall(r"def (_[a-z]\w{2,60})\(", report.read_text()))
    return next(
        (name for name, _ in names.most_common() if name not in {f.function for f in faults}), "_nothing_"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=Path("benchmarks/.corpus"))
    parser.add_argument("--pythons", default="3.11,3.12,3.13")
    args = parser.parse_args()
    corpus, base = args.corpus.absolute(), Path("/tmp/triagebot-stability")
    first, *others = args.pythons.split(",")
    missing = [version for version in others if not shutil.which(f"python{version}")]
    if missing:
        print(f"not measured, no interpreter on the PATH: {', '.join(missing)}", file=sys.stderr)
    others = [version for version in others if version not in missing]
    variations = [*VARIATIONS, *(Variation(f"Python {version}", python=version) for version in others)]
    same, total = Counter(), Counter()
    for package in PACKAGES:
        described = corpus / f"{package.name}-{package.version}/faults.json"
        if not described.exists():
            continue
        faults = [
            Fault(**{k: v for k, v in f.items() if k != "breaks"}) for f in json.loads(described.read_text())
        ][:6]
        root, _ = unpack(package, corpus / ".cache")
        helper = helper_in(described.with_name("scenario-0.json"), faults)
        python = python_for(first, package, corpus / ".cache")
        before, junit = keys(
            copy(root, faults, base, "home/runner/work"), package, python, Variation("first")
        )
        count(same, total, "JSON ▶ JUnit", before, junit)
        for variation in variations:
            work = copy(root, faults, base, variation.folder)
            (work / "helper.txt").write_text(helper)
            used = python_for(variation.python, package, corpus / ".cache") if variation.python else python
            after, _ = keys(work, package, used, variation)
            count(same, total, variation.name, before, after)
        print(f"{package.spec}: {len(before)} failures, helper {helper}", file=sys.stderr, flush=True)
    table = Table(title="failures that keep their key")
    for column in ("what changed", "same key", "of", "share"):
        table.add_column(column, justify="left" if column == "what changed" else "right")
    for name in total:
        table.add_row(name, str(same[name]), str(total[name]), f"{same[name] / total[name]:.1%}")
    Console(width=90).print(table)


def count(same: Counter, total: Counter, name: str, before: dict, after: dict) -> None:
    """Add the failures that both runs have, and those among them with one key."""
    both = before.keys() & after.keys()
    total[name] += len(both)
    same[name] += sum(before[f] == after[f] for f in both)


if __name__ == "__main__":
    random.seed(0)
    main()
