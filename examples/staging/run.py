#!/usr/bin/env python3
"""Deploys the staging system with chosen faults, runs the e2e suite against it, and keeps what both have to say.

`suite` is one run. `days` makes the folder reports/: every fault alone, to learn which tests it breaks, and then the
days. `faults` lists what can be switched on. Nothing here edits what pytest and the services have written.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from staging import deploy, faults  # noqa: E402 - the script is run by path, its folder has to be found first

FILES = ("report.json", "junit.xml", "output.txt", "service.log")
PACKAGES = (
    "httpx2", "itsdangerous", "pyjwt", "pytest", "pytest-json-report", "pytest-timeout", "starlette", "uvicorn", "websockets",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """One day: what is broken, what pytest is asked for beyond the reports, and whether the plugin of triagebot traces the tests."""

    faults: tuple[str, ...] = ()
    pytest: tuple[str, ...] = ()
    traced: bool = False


DAYS = {
    "day-1-green": Day(),
    "day-2-red": Day(("ws-env", "pricing-503", "missing-table")),
    "day-3-red": Day(("ws-env", "missing-table", "event-lost")),
    "day-4-red": Day(("order-violated", "slow-ping", "session-order"), ("--tb=short",)),
    "day-5-green": Day(),
    "day-6-red": Day(("ws-env", "expired-token", "cold-start")),
    "day-7-green": Day((), ("--triagebot-trace",), traced=True),
    "day-8-red": Day(("discount-lost", "rates-lost"), ("--triagebot-trace",), traced=True),
}
FIRST_REVISION = 41


def main(argv: list[str] | None = None) -> int:
    """The exit code of what was asked for: pytest's for `suite`."""
    options = _arguments().parse_args(argv)
    match options.verb:
        case "faults":
            print(
                "\n".join(
                    f"{fault.name:<15} {fault.mechanism}\n{'':<15} -> {fault.seen}" for fault in faults.FAULTS
                )
            )
            return 0
        case "suite":
            facts = {name: getattr(options, name) for name in ("environment", "branch", "commit", "revision")}
            return run_suite(options.out, options.faults, facts, options.pytest, fake=options.fake)
        case _:
            return days_in(options.workspace, options) if options.workspace else make_days(options)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0], epilog="The faults: run.py faults"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("faults", help="list the faults that can be switched on")

    suite = verbs.add_parser("suite", help="one deployment, one run of the suite; pytest's exit code")
    suite.add_argument(
        "--out", type=Path, required=True, help="folder for report.json, junit.xml, output.txt, service.log"
    )
    suite.add_argument(
        "--faults",
        type=_faults,
        default=os.environ.get("STAGING_FAULTS", ""),
        help="comma-separated names [STAGING_FAULTS]",
    )
    suite.add_argument(
        "--fake",
        action="store_true",
        help="let a fake inside the test process answer in the place of the API",
    )
    suite.add_argument("--environment", default="staging", help="recorded in both reports [staging]")
    suite.add_argument("--branch", default="main", help="recorded in both reports [main]")
    suite.add_argument("--commit", default="", help="recorded in both reports")
    suite.add_argument(
        "--revision", default="staging-00001", help="deployed under this name and recorded [staging-00001]"
    )
    suite.add_argument(
        "pytest", nargs="*", help="more for pytest, after --, such as: -- -k critical --tb=short"
    )

    days = verbs.add_parser("days", help="run every fault alone and then the days; writes reports/")
    days.add_argument("--out", type=Path, help="folder of the days [reports/ or traced/ beside this script]")
    days.add_argument(
        "--traced", action="store_true", help="the days on which the plugin of triagebot traces what tests do"
    )
    days.add_argument(
        "--workspace",
        type=Path,
        help="copy the example there and run in a new venv there, as a CI runner does",
    )
    days.add_argument(
        "--python", default=sys.executable, help="interpreter of the workspace's environment [this one]"
    )
    days.add_argument("--commit", default="", help="recorded in all reports")
    days.add_argument("--only", action="append", choices=DAYS, help="only this day (may be repeated)")
    return parser


def _faults(text: str) -> str:
    """The text, if it names faults that there are."""
    try:
        faults.active({"STAGING_FAULTS": text})
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def run_suite(
    out: Path, fault_names: str, facts: Mapping[str, str], more: Iterable[str] = (), *, fake: bool = False
) -> int:
    """Deploy, test, take down; `out` then holds FILES. Returns pytest's exit code."""
    out.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (out / name).unlink(missing_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="staging-") as scratch,
        deploy.deployed(
            Path(scratch), out.resolve() / "service.log", facts["revision"], fault_names
        ) as settings,
    ):
        recorded = {f"STAGING_{name.upper()}": value for name, value in facts.items() if value}
        recorded |= {"STAGING_FAKE": "1"} if fake else {}
        return _tee(_command(out, more), {**settings, **recorded}, out / "output.txt")


def _command(out: Path, more: Iterable[str]) -> list[str]:
    reports = [
        "--json-report",
        f"--json-report-file={out.resolve() / 'report.json'}",
        f"--junitxml={out.resolve() / 'junit.xml'}",
    ]
    return [sys.executable, "-m", "pytest", "-v", *reports, *more]


def _tee(command: list[str], environment: Mapping[str, str], copy: Path) -> int:
    """Run the command in ROOT; what it prints goes to the terminal and into `copy`."""
    with (
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process,
        copy.open("wb") as file,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            file.write(line)
            with suppress(BrokenPipeError):  # whoever reads along may leave; the run goes on
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
    return process.returncode


def days_in(workspace: Path, options: argparse.Namespace) -> int:
    """Make the days in a copy of the example with an environment of its own, and bring their folder back."""
    ignore = shutil.ignore_patterns("reports", "traced", "__pycache__", ".venv")
    shutil.copytree(ROOT, workspace, ignore=ignore, dirs_exist_ok=True)
    python = workspace / ".venv" / "bin" / "python"
    subprocess.run([options.python, "-m", "venv", workspace / ".venv"], check=True)
    pins = [f"{name}=={version(name)}" for name in PACKAGES]
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins], check=True
    )
    only = [part for day in options.only or () for part in ("--only", day)]
    if options.traced:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", ROOT.parents[1]], check=True)
    folder = "traced" if options.traced else "reports"
    command = [python, workspace / "run.py", "days", "--commit", options.commit or _commit(), *only]
    command += ["--traced"] if options.traced else []
    code = subprocess.run(command, cwd=workspace, check=False).returncode
    shutil.copytree(workspace / folder, options.out or ROOT / folder, dirs_exist_ok=True)
    return code


def _commit() -> str:
    """The commit of the checkout that this script belongs to, "" outside one."""
    asked = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def make_days(options: argparse.Namespace) -> int:
    """Write the days with their truth and provenance; 1 if a test was red that no fault of its day breaks alone."""
    chosen = options.only or [name for name, day in DAYS.items() if day.traced == options.traced]
    out = options.out or ROOT / ("traced" if options.traced else "reports")
    with tempfile.TemporaryDirectory(prefix="alone-") as scratch:
        wanted = sorted({fault for day in chosen for fault in DAYS[day].faults})
        alone = {fault: _run_alone(Path(scratch) / fault, fault) for fault in wanted}
    made = [_make_day(out / day, options.commit, alone) for day in chosen]
    _write_provenance(out, made, alone)
    unexplained = [f"{day['day']}: {test}" for day in made for test in day["unexplained"]]
    print("\n".join(["", *(f"red without a fault that breaks it alone: {line}" for line in unexplained)]))
    return 1 if unexplained else 0


def _run_alone(out: Path, fault: str) -> dict[str, str]:
    """What each test says that `fault` alone makes red."""
    run_suite(out, fault, _facts("alone", ""))
    return {test: message for test, (_, message) in red_tests(out / "report.json").items()}


def _make_day(out: Path, commit: str, alone: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """One day's run with its truth; what the provenance says of it."""
    day, name = DAYS[out.name], out.name
    revision = f"staging-{FIRST_REVISION + list(DAYS).index(name):05d}"
    started = datetime.now(UTC).isoformat(timespec="seconds")
    code = run_suite(out, ",".join(day.faults), _facts(revision, commit), day.pytest)
    red = red_tests(out / "report.json")
    truth = {test: {**_cause(test, said, day, alone), "phase": phase} for test, (phase, said) in red.items()}
    _write_json(out / "truth.json", {"day": name, "faults": day.faults, "tests": truth})
    return {
        "day": name,
        "faults": day.faults,
        "command": _suite_command(name, day, revision, commit),
        "started": started,
        "exit_code": code,
        "summary": json.loads((out / "report.json").read_text(encoding="utf-8"))["summary"],
        "unexplained": [test for test, cause in truth.items() if cause["fault"] is None],
        "sha256": {
            file: hashlib.sha256((out / file).read_bytes()).hexdigest() for file in (*FILES, "truth.json")
        },
    }


def _suite_command(name: str, day: Day, revision: str, commit: str) -> str:
    """The command that does the same as this day's run."""
    parts = [
        "python run.py suite",
        f"--out {'traced' if day.traced else 'reports'}/{name}",
        f"--revision {revision}",
    ]
    parts += [f"--commit {commit}"] if commit else []
    parts += [f"--faults {','.join(day.faults)}"] if day.faults else []
    parts += ["--", *day.pytest] if day.pytest else []
    return " ".join(parts)


def _facts(revision: str, commit: str) -> dict[str, str]:
    return {"environment": "staging", "branch": "main", "commit": commit, "revision": revision}


def red_tests(report: Path) -> dict[str, tuple[str, str]]:
    """Each red test of a JSON report with its first red phase and what it says there, addresses left out."""
    red = {}
    for test in json.loads(report.read_text(encoding="utf-8"))["tests"]:
        for phase in ("setup", "call", "teardown"):
            if test.get(phase, {}).get("outcome") == "failed":
                said = test[phase]["crash"]["message"]
                red[test["nodeid"]] = (phase, re.sub(r"127\.0\.0\.1:\d{1,5}", "127.0.0.1:PORT", said))
                break
    return red


def _cause(test: str, message: str, day: Day, alone: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The faults of the day that break the test alone, and the one that says there what was said on the day."""
    breaks = [fault for fault in day.faults if test in alone[fault]]
    same = breaks if len(breaks) == 1 else [fault for fault in breaks if alone[fault][test] == message]
    return {"fault": same[0] if len(same) == 1 else None, "breaks_alone": breaks}


def _write_provenance(out: Path, made: list[dict[str, Any]], alone: Mapping[str, Mapping[str, str]]) -> None:
    facts = {
        "made_by": "run.py days",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": platform.system(),
        "packages": {name: version(name) for name in PACKAGES},
        "alone": {fault: len(tests) for fault, tests in alone.items()},
        "days": made,
    }
    _write_json(out / "PROVENANCE.json", facts)
    (out / "PROVENANCE.md").write_text(_provenance_text(facts), encoding="utf-8")


def _provenance_text(facts: Mapping[str, Any]) -> str:
    """The provenance for people."""
    packages = ", ".join(f"{name} {number}" for name, number in facts["packages"].items())
    rows = [
        f"| {day['day']} | {', '.join(day['faults']) or 'none'} | {day['exit_code']} | "
        f"{', '.join(f'{count} {name}' for name, count in day['summary'].items() if name not in ('total', 'collected'))} | "
        f"{day['started']} | `{day['command']}` |"
        for day in facts["days"]
    ]
    alone = [f"| {fault} | {count} |" for fault, count in facts["alone"].items()]
    return "\n".join([
        "# Where these reports come from", "",
        f"Written by `{facts['made_by']}` on {facts['made_at']}, together with the reports, and not edited since:",
        "PROVENANCE.json holds the SHA-256 of every file, which a test compares. The days were run one after the other in",
        "one sitting; each is a deployment of its own with its own faults, secrets, ports and database.", "",
        f"Python {facts['python']} on {facts['system']}; {packages}.", "",
        "| day | faults | exit code | tests | started | command |", "|---|---|---|---|---|---|", *rows, "",
        "`truth.json` of a day says for each red test which of the day's faults breaks it alone, learnt by really running",
        "the suite under each fault alone. Where several do, `fault` is the one under which the test says alone what it",
        "said on the day. Tests that each fault breaks alone:", "",
        "| fault | red tests |", "|---|---|", *alone, "",
    ])  # fmt: skip


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
