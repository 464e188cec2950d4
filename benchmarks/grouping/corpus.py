"""Make reports whose causes are known: published packages' own test suites with faults put into their functions.

    python -m benchmarks.grouping.corpus [--out .corpus] [--packages hpack,wsproto] [--faults 10] [--seed 7]
    python -m benchmarks.grouping.corpus --traces --python python3.12 [--out .traced] [--seed 11]

For each package: unpack its source distribution, run its suite unharmed, put faults into functions of the package one at a
time and note which tests each breaks alone, then put several in at once and keep that report with its labels. A test is
labelled with the fault that breaks it alone; where several do, only if its text names exactly one of them; else it is
left out and not scored. Nothing in a label looks at how triagebot groups.

Faults are of two sorts. *Loud* ones raise where they sit (a noisy error, a variable that is not set, a port that
refuses, a name that moved, an argument that went away). *Silent* ones do not (a function returns None, a comparison is
turned): they break tests in scattered ways, and show what splitting costs.

With `--traces` the plugin records what each test does (functions need Python 3.12), the green run is kept beside the scenarios, more
packages take part, and most faults are silent; of these there are two sorts more: what a function returns is a little
wrong, and a statement of it is left out.
"""

import argparse
import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

LOUD = ("raise", "env", "refused", "rename", "param")
ROOT = Path(__file__).parents[2]
SUITE_SECONDS = 120
"""What a suite may take unharmed. What makes it take five times as long, and ten seconds more, is kept for no fault."""


@dataclass(frozen=True)
class Package:
    """A source distribution that carries its tests: where its code and its tests lie, what the tests need."""

    name: str
    version: str
    source: str
    tests: str
    needs: tuple[str, ...] = ()
    code: str = ""
    """Folder or file of the code under test, of which traces tell."""

    @property
    def spec(self) -> str:
        return f"{self.name}=={self.version}"


PACKAGES = (
    Package("cachetools", "8.0.1", "src", "tests"),
    Package("hpack", "4.2.0", "src", "tests", ("hypothesis",)),
    Package("sqlparse", "0.6.1", ".", "tests"),
    Package("uritemplate", "4.2.0", ".", "tests"),
    Package("wsproto", "1.3.2", "src", "tests", ("h11",)),
)

TRACED = (
    Package("cssselect", "1.6.0", ".", "tests", ("lxml",), "cssselect"),
    Package("hpack", "4.2.0", "src", "tests", ("hypothesis",), "src/hpack"),
    Package("jinja2", "3.1.6", "src", "tests", ("trio",), "src/jinja2"),
    Package("sqlparse", "0.6.1", ".", "tests", (), "sqlparse"),
    Package("tomlkit", "0.15.2", ".", "tests", ("pyyaml",), "tomlkit"),
    Package("uritemplate", "4.2.0", ".", "tests", (), "uritemplate"),
    Package("voluptuous", "0.16.0", ".", "voluptuous/tests", (), "voluptuous"),
    Package("wsproto", "1.3.2", "src", "tests", ("h11",), "src/wsproto"),
)
"""Those of which reports with traces are made."""


@dataclass(frozen=True)
class Fault:
    """One edit of one function. `mark` is text that only this fault's own error can carry, "" for silent ones."""

    id: str
    kind: str
    file: str
    function: str
    line: int
    code: str
    mark: str = ""
    name: str = ""
    """The function as Python calls it: `Class.method`."""


NOISY = (
    'raise {t}("{w} replied {n} for request " + __import__("uuid").uuid4().hex + " after " + str(__import__("random").randint(100, 9999)) + "ms")',
    'raise {t}("{w} did not answer on 10.1." + str(__import__("random").randint(0, 255)) + ".7:" + str(__import__("random").randint(20000, 65000)) + " within {n}s")',
    'raise {t}("received {c} from {w}; session " + hex(id(object())) + " lost at " + __import__("time").strftime("%Y-%m-%dT%H:%M:%SZ"))',
    'raise {t}("lease of {w} is held by pid " + str(__import__("random").randint(2, 90000)) + ", exit code {x}")',
)
"""What loud errors say. Few types, few services and few codes, so that faults of one report look alike, as they do."""

WEIGHTS = {"raise": 8, "env": 4, "rename": 2, "param": 2, "refused": 1, "none": 3, "flip": 2}
SILENT_WEIGHTS = {
    "raise": 4, "env": 2, "rename": 1, "param": 1, "refused": 0.5, "none": 3, "flip": 3, "value": 4, "drop": 2,
}  # fmt: skip
"""How often which kind is tried where traces are made: what breaks nothing, or too much, is not kept."""

WRONG = (
    "((not _w) if isinstance(_w := ({0}), bool) else _w + 1 if isinstance(_w, (int, float)) else _w[:-1] if isinstance(_w, (str, bytes, list, tuple)) "
    "else type(_w)() if isinstance(_w, (dict, set)) else _w)"
)
"""An expression that is a little wrong. It calls no function that a trace would tell."""


def candidates(root: Path, package: Package) -> list[tuple[Path, ast.FunctionDef]]:
    """Functions of the package that do something, in the order of the files."""
    found = []
    for path in sorted((root / package.source).rglob("*.py")):
        if _is_left_out(path, root, package):
            continue
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and len(node.body) > 1 and not node.name.startswith("__"):
                found.append((path, node))
    return found


def _is_left_out(path: Path, root: Path, package: Package) -> bool:
    """Whether a file is one of tests, of set-up, or lies beside the code of which traces tell."""
    inner = path.relative_to(root)
    beside = package.code and not inner.is_relative_to(package.code)
    tests = package.tests in inner.parts or inner.is_relative_to(package.tests)
    return tests or beside or path.name in ("setup.py", "conftest.py")


def qualified(path: Path, node: ast.FunctionDef) -> str:
    """The function as Python calls it."""
    for inner, name in _names(ast.parse(path.read_text()), ""):
        if inner.lineno == node.lineno:
            return name
    return node.name


def _names(tree: ast.AST, above: str) -> Iterator[tuple[ast.AST, str]]:
    """Every function below a node with its qualified name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, above + node.name
            yield from _names(node, f"{above}{node.name}.<locals>.")
        else:
            yield from _names(node, f"{above}{node.name}." if isinstance(node, ast.ClassDef) else above)


def make_fault(
    number: int, path: Path, node: ast.FunctionDef, root: Path, rng: random.Random, weights: dict[str, float]
) -> Fault:
    """A fault of some kind in this function. Its mark is the constant text that its own error carries."""
    kind = rng.choices(list(weights), weights.values())[0]
    service = rng.choice(("auth", "billing", "postgres"))
    name = f"{service.upper()}_{rng.choice(('URL', 'API_KEY', 'TIMEOUT'))}"
    template = rng.randrange(len(NOISY))
    code, status, exit_code = (
        rng.choice((1008, 1011, 1012)),
        rng.choice((429, 502, 503)),
        rng.choice((137, 139, 143)),
    )
    fill = {
        "t": rng.choice(("RuntimeError", "ValueError")),
        "w": service,
        "n": status,
        "c": code,
        "x": exit_code,
    }
    moved = f"{service}_{rng.choice(('loads', 'dumps', 'open'))}"
    text = {
        "raise": NOISY[template].format(**fill),
        "env": f'__import__("os").environ["{name}"]',
        "refused": '__import__("socket").create_connection(("127.0.0.1", 9), timeout=2)',
        "rename": f'__import__("json").{moved}',
        "param": f'__import__("json").dumps({{}}, {moved}=1)',
        "none": "return None",
        "flip": "",
        "value": "",
        "drop": "",
    }[kind]
    said = (
        f"{service} replied {status}",
        f"{service} did not answer",
        f"received {code} from {service}",
        f"lease of {service}",
    )
    marks = {
        "raise": said[template],
        "env": name,
        "refused": "Connection refused",
        "rename": f"'{moved}'",
        "param": f"argument '{moved}'",
    }
    name = qualified(path, node)
    file = str(path.relative_to(root))
    return Fault(f"F{number}", kind, file, node.name, node.lineno, text, marks.get(kind, ""), name)


def put(root: Path, fault: Fault) -> bool:
    """Edit the copy at `root`. False when the function has nothing that this kind of fault can turn."""
    path = root / fault.file
    tree = ast.parse(path.read_text())
    node = next(
        (
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.FunctionDef) and (n.name, n.lineno) == (fault.function, fault.line)
        ),
        None,
    )
    if node is None:
        return False
    if fault.kind in ("value", "drop"):
        return _rewrite(path, node, fault.kind)
    if fault.kind == "flip":
        test = next((n for n in ast.walk(node) if isinstance(n, ast.If)), None)
        if test is None:
            return False
        lines = path.read_text().splitlines(keepends=True)
        old = ast.get_source_segment(path.read_text(), test.test)
        if not old or "\n" in old:
            return False
        at = test.test.lineno - 1
        lines[at] = lines[at].replace(old, f"(not ({old}))", 1)
        path.write_text("".join(lines))
        return True
    first = (
        node.body[1]
        if isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
        else node.body[0]
    )
    lines = path.read_text().splitlines(keepends=True)
    # The line stays one line, so that no other fault's place moves.
    indent = re.match(r"\s*", lines[first.lineno - 1])[0]
    if isinstance(first, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.FunctionDef | ast.ClassDef):
        lines[first.lineno - 2] = lines[first.lineno - 2].rstrip("\n") + f"\n{indent}{fault.code}\n"
    else:
        lines[first.lineno - 1] = f"{indent}{fault.code}; " + lines[first.lineno - 1].lstrip()
    path.write_text("".join(lines))
    try:
        ast.parse(path.read_text())
    except SyntaxError:
        return False
    return True


def _rewrite(path: Path, node: ast.FunctionDef, kind: str) -> bool:
    """Make the last value that a function returns a little wrong, or leave its first statement with an effect out."""
    text = path.read_text()
    own = [
        n
        for n in ast.walk(node)
        if isinstance(n, ast.Return | ast.Expr | ast.Assign) and n is not node.body[0]
    ]
    if kind == "value":
        found = [n.value for n in own if isinstance(n, ast.Return) and n.value]
        new = WRONG
    else:
        found = [n for n in own if _has_effect(n)][:1]
        new = "pass"
    part = found[-1] if found else None
    if part is None or part.lineno != part.end_lineno:
        return False
    lines = text.splitlines(keepends=True)
    line = lines[part.lineno - 1].encode()
    old = line[part.col_offset : part.end_col_offset].decode()
    lines[part.lineno - 1] = (
        line[: part.col_offset].decode() + new.format(old) + line[part.end_col_offset :].decode()
    )
    path.write_text("".join(lines))
    return True


def _has_effect(node: ast.AST) -> bool:
    """Whether a statement calls something for its effect, or sets an attribute or an item."""
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def run_suite(
    python: Path,
    root: Path,
    package: Package,
    out: Path,
    *,
    trace: bool = False,
    seconds: float = SUITE_SECONDS,
) -> dict | None:
    """The JSON report of the suite at `root`; JUnit and terminal output lie beside it. None when it left no report."""
    env = {
        **os.environ,
        "PYTHONPATH": f"{root / package.source}{os.pathsep}{ROOT}" if trace else str(root / package.source),
        "SETUPTOOLS_SCM_PRETEND_VERSION": package.version,
        "PYTHONDONTWRITEBYTECODE": "1",
        "CI": "",
    }
    command = [
        str(python), "-m", "pytest", package.tests, "-q", "--tb=long", "-p", "no:cacheprovider", "-o", "addopts=",
        "--json-report", f"--json-report-file={out}.json", f"--junitxml={out}.xml", "-p", "no:randomly",
    ]  # fmt: skip
    if trace:
        command += ["-p", "triagebot.pytest_plugin", "--triagebot-trace"]
        command += ["-o", f"triagebot_trace_packages={package.code}"]
    Path(f"{out}.json").unlink(missing_ok=True)
    try:
        done = subprocess.run(command, cwd=root, env=env, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None
    Path(f"{out}.txt").write_bytes(done.stdout)
    path = Path(f"{out}.json")
    return json.loads(path.read_text()) if path.exists() else None


def broken(report: dict) -> dict[str, str]:
    """Failing test ▶ everything that its report says of it."""
    return {
        t["nodeid"]: json.dumps(t)
        for t in report["tests"]
        if t["outcome"] in ("failed", "error")
        and any(t.get(p, {}).get("outcome") == "failed" for p in ("setup", "call", "teardown"))
    }


def labels(
    together: dict[str, str], alone: dict[str, set[str]], faults: list[Fault], before: set[str]
) -> dict[str, str]:
    """Test ▶ fault, as the module's docstring says."""
    out = {}
    for test, text in together.items():
        if test in before:
            continue
        suspects = [f for f in faults if test in alone[f.id]]
        if len(suspects) > 1:
            suspects = [f for f in faults if f.mark and f.mark in text]
        if len(suspects) == 1:
            out[test] = suspects[0].id
    return out


def copies(root: Path) -> Iterator[Path]:
    """Fresh copies of the package, each at the same path, so that paths tell nothing."""
    work = Path(tempfile.mkdtemp()) / root.name
    while True:
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(root, work)
        yield work


def unpack(package: Package, cache: Path, base: str = sys.executable) -> tuple[Path, Path]:
    """(root of the unpacked source, python of an environment of `base` that can run its tests)."""
    home = cache / package.name
    root, python = home / f"{package.name}-{package.version}", home / "venv/bin/python"
    if not python.exists():
        home.mkdir(parents=True, exist_ok=True)
        subprocess.run([base, "-m", "venv", str(home / "venv")], check=True)
        pip = [str(python), "-m", "pip", "-q"]
        subprocess.run(
            [*pip, "install", "--quiet", "pytest", "pytest-json-report", package.spec, *package.needs],
            check=True,
        )
        subprocess.run(
            [*pip, "download", "--no-deps", "--no-binary", ":all:", "-d", str(home), package.spec], check=True
        )
        with tarfile.open(next(home.glob("*.tar.gz"))) as archive:
            archive.extractall(home, filter="data")
    return root, python


def find_faults(
    package: Package, root: Path, python: Path, want: int, rng: random.Random, out: Path, *, trace: bool
) -> tuple[list[Fault], dict[str, set[str]], set[str]]:
    """Faults that break at least two tests and not most of the suite, with what each breaks alone."""
    fresh = copies(root)
    begun = time.monotonic()
    base = run_suite(python, next(fresh), package, out / "green", trace=trace)
    seconds = 5 * (time.monotonic() - begun) + 10
    if base is None:
        sys.exit(f"{package.name}: its suite left no report")
    before, size = set(broken(base)), len(base["tests"])
    faults, alone = [], {}
    places = candidates(root, package)
    rng.shuffle(places)
    for number, (path, node) in enumerate(places[: want * 4]):
        if len(faults) == want:
            break
        fault = make_fault(number, path, node, root, rng, SILENT_WEIGHTS if trace else WEIGHTS)
        if fault.mark and any(f.mark == fault.mark for f in faults):
            continue
        work = next(fresh)
        report = (
            run_suite(python, work, package, out / "alone", seconds=seconds) if put(work, fault) else None
        )
        hit = set(broken(report)) - before if report and len(report["tests"]) == size else set()
        if 2 <= len(hit) <= 0.3 * size:
            faults.append(fault)
            alone[fault.id] = hit
    return faults, alone, before


def make(
    package: Package,
    out: Path,
    want: int,
    per_scenario: int,
    seed: int,
    *,
    trace: bool = False,
    python: str = sys.executable,
) -> None:
    """Write this package's scenarios: reports, labels, faults; with `trace` the green run, too."""
    rng = random.Random(f"{seed} {package.spec}")
    root, runner = unpack(package, out / ".cache", python)
    here = out / f"{package.name}-{package.version}"
    here.mkdir(parents=True, exist_ok=True)
    faults, alone, before = find_faults(package, root, runner, want, rng, here, trace=trace)
    fresh = copies(root)
    for number in range(max(1, len(faults) // per_scenario)):
        chosen = faults[number * per_scenario : (number + 1) * per_scenario]
        work = next(fresh)
        # Bottom up, so that a line added by one edit moves no other fault's function.
        for fault in sorted(chosen, key=lambda f: (f.file, -f.line)):
            put(work, fault)
        report = run_suite(runner, work, package, here / f"scenario-{number}", trace=trace)
        if report is None:
            continue
        found = labels(broken(report), alone, chosen, before)
        (here / f"labels-{number}.json").write_text(json.dumps(found, indent=1, sort_keys=True))
        counts = defaultdict(int)
        for label in found.values():
            counts[label] += 1
        print(
            f"{package.spec} #{number}: {len(chosen)} faults, {len(broken(report))} failures, labelled {dict(counts)}",
            flush=True,
        )
    for left in ("alone",) if trace else ("green", "alone"):
        for path in here.glob(f"{left}.*"):
            path.unlink()
    (here / "faults.json").write_text(
        json.dumps([{**asdict(f), "breaks": len(alone[f.id])} for f in faults], indent=1)
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path)
    parser.add_argument("--packages", default="")
    parser.add_argument("--traces", action="store_true")
    parser.add_argument("--python", default=sys.executable, help="what runs the suites")
    parser.add_argument("--faults", type=int)
    parser.add_argument("--per-scenario", type=int)
    parser.add_argument("--seed", type=int)
    args = parser.parse_args()
    name, packages, faults, each, seed = (
        (".traced", TRACED, 12, 6, 11) if args.traces else (".corpus", PACKAGES, 16, 8, 7)
    )
    out = (args.out or Path("benchmarks") / name).absolute()
    for package in packages:
        if not args.packages or package.name in args.packages.split(","):
            make(
                package, out, args.faults or faults, args.per_scenario or each, args.seed or seed,
                trace=args.traces, python=args.python,
            )  # fmt: skip


if __name__ == "__main__":
    main()
