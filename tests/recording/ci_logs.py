"""Wraps recorded terminal output as raw job logs of GitHub Actions, each alone and all in a log archive.

Run by hand, after record_runners.py:  python tests/recording/ci_logs.py

In: the terminal texts of `tests/data/runners/`. Out: `tests/data/runners/github-actions/`. The output inside is real; the
wrapping (time stamps, groups, commands, the folders of the archive) is made after GitHub's documentation.
"""

import io
import json
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

RUNNERS = Path(__file__).parent.parent / "data" / "runners"
OUT = RUNNERS / "github-actions"
START = datetime(2026, 11, 27, 9, 0, 0, 123456, UTC)
JOBS = {
    "pytest (eu)": ("pytest", "terminal-eu.txt", "pytest --tb=short --color=yes", 1),
    "playwright": ("playwright", "terminal.txt", "npx playwright test --project=api", 1),
    "jest": ("jest", "terminal.txt", "npx jest", 1),
    "vitest": ("vitest", "terminal.txt", "npx vitest run", 1),
    "go": ("go", "terminal.txt", "go test ./...", 2),
    "maven": ("maven", "terminal.txt", "mvn -B test", 1),
}


def main() -> int:
    """Writes the logs, the archive, and what is expected of them."""
    OUT.mkdir(exist_ok=True)
    logs = {name: steps_of(name) for name in JOBS}
    files = {
        f"{name.partition(' ')[0]}.log": stamped([line for step in steps.values() for line in step])
        for name, steps in logs.items()
    }
    files["gh-run-view.log"] = as_run_view("pytest (eu)", logs["pytest (eu)"])
    for name, text in files.items():
        (OUT / name).write_text(text, encoding="utf-8")
    (OUT / "logs.zip").write_bytes(archive(logs))
    keep("expected", expected(list(files)))
    keep("provenance", provenance())
    return 0


def steps_of(name: str) -> dict[str, list[str]]:
    """The lines of each step of a job."""
    tool, file, command, code = JOBS[name]
    output = (RUNNERS / tool / file).read_text(encoding="utf-8").splitlines()
    return {
        "Set up job": [
            "Current runner version: '2.328.0'", "##[group]Runner Image Provisioner", "Hosted Compute Agent", "##[endgroup]",
            "##[group]Operating System", "Ubuntu", "24.04.3", "LTS", "##[endgroup]",
            "##[group]GITHUB_TOKEN Permissions", "Contents: read", "Metadata: read", "##[endgroup]",
            "Secret source: Actions", "Prepare workflow directory", f"Complete job name: {name}",
        ],
        "Run actions_checkout@v4": [
            "##[group]Run actions/checkout@v4", "with:", "  repository: app/app", "  token: ***", "##[endgroup]",
            "Syncing repository: app/app", "##[command]/usr/bin/git version", "git version 2.51.0",
            "##[warning]Unexpected input(s) 'depth'",
        ],
        f"Run {command}": [
            f"##[group]Run {command}", f"\x1b[36;1m{command}\x1b[0m", "shell: /usr/bin/bash -e {0}", "env:", "  CI: true", "##[endgroup]",
            *output, f"##[error]Process completed with exit code {code}.",
        ],
        "Post Run actions_checkout@v4": ["Post job cleanup.", "##[command]/usr/bin/git version", "git version 2.51.0"],
        "Complete job": ["Cleaning up orphan processes"],
    }  # fmt: skip


def stamped(lines: list[str], since: int = 0) -> str:
    """A raw log: a byte order mark, then each line behind its time with seven digits."""
    return "\ufeff" + "".join(f"{_time(since + index)} {line}\n" for index, line in enumerate(lines))


def _time(index: int) -> str:
    return (START + timedelta(milliseconds=37 * index)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "7Z"


def as_run_view(job: str, steps: dict[str, list[str]]) -> str:
    """What `gh run view --log` prints: job, step and the stamped line, parted by tabs."""
    pairs = [(step, line) for step, lines in steps.items() for line in lines]
    return "".join(f"{job}\t{step}\t{_time(index)} {line}\n" for index, (step, line) in enumerate(pairs))


def archive(logs: dict[str, dict[str, list[str]]]) -> bytes:
    """A log archive: one file a job at the top, and a folder a job with one file a step and the system's word."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, (job, steps) in enumerate(logs.items()):
            _add(packed, f"{number}_{job}.txt", stamped([line for lines in steps.values() for line in lines]))
            _add(
                packed,
                f"{job}/system.txt",
                stamped(
                    [
                        "Requested labels: ubuntu-latest",
                        "Job defined at: app/app/.github/workflows/e2e.yml@refs/heads/main",
                        "Waiting for a runner to pick up this job...",
                    ]
                ),
            )
            since = 0
            for place, (step, lines) in enumerate(steps.items(), 1):
                _add(packed, f"{job}/{place}_{step.replace('/', '_')}.txt", stamped(lines, since))
                since += len(lines)
    return buffer.getvalue()


def _add(packed: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, (2026, 11, 27, 9, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(entry, text)


def expected(files: list[str]) -> dict[str, object]:
    """What is expected of the terminal texts, for the logs that hold them."""
    reports, cases = {}, {"failures": [], "flaky": []}
    for name, (tool, file, _, _) in JOBS.items():
        theirs = json.loads((RUNNERS / tool / "expected.json").read_text(encoding="utf-8"))
        log = f"{name.partition(' ')[0]}.log"
        reports[log] = {
            "format": f"github-log, {theirs['reports'][file]['format']}",
            "totals": theirs["reports"][file]["totals"],
            "job": name,
        }
        for kind, kept in cases.items():
            kept += [{**_worded(case, file), "job": name, "reports": [log, *(["gh-run-view.log"] if tool == "pytest" else [])]}
                     for case in theirs[kind] if file in case.get("reports", [file])]  # fmt: skip
    reports["gh-run-view.log"] = {
        **reports["pytest.log"],
        "format": f"gh-run-view, {reports['pytest.log']['format'].partition(', ')[2]}",
    }
    totals = [reports[log]["totals"] for log in files if log != "gh-run-view.log"]
    reports["logs.zip"] = {
        "format": "github-log-archive", "totals": {outcome: sum(each[outcome] for each in totals) for outcome in totals[0]},
        "note": "each job stands twice, whole at the top and by step in its folder, and counts once",
    }  # fmt: skip
    return {"reports": reports, **cases, "skipped": []}


def _worded(case: dict, file: str) -> dict:
    """The case as `file` words it, without what says where else it stands."""
    kept = {key: value for key, value in case.items() if key not in {"errors", "reports"}}
    return kept | ({"error": case["errors"][file]} if file in case.get("errors", {}) else {})


def provenance() -> dict[str, object]:
    return {
        "source": "made after the documentation, not recorded: the wrapping; the output of the runners inside is recorded",
        "by": f"tests/recording/{Path(__file__).name}",
        "date": START.date().isoformat(),
        "documentation": [
            "docs.github.com: workflow commands; downloading logs of a run",
            "cli.github.com: gh run view --log",
        ],
        "recorded": {f"{name}": f"{tool}/{file}" for name, (tool, file, _, _) in JOBS.items()},
    }


def keep(name: str, value: object) -> None:
    (OUT / f"{name}.json").write_text(
        json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
