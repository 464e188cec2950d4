"""The Action's one command: `python -I -X utf8 -m triagebot.cli.runner`, run by action.yml with its inputs in the environment.

In: INPUT_* variables, the runner's own, and the event's payload. Out: argv for the command line, and its exit code.
No input ever meets a shell: each becomes one element of argv here, behind the option's own `=` or after `--`. What
the command prints holds text from strangers' reports, so the runner is told not to look for commands in it.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TextIO

from triagebot.cli import leave, run
from triagebot.cli.output.actions import QUIET
from triagebot.cli.process import Process
from triagebot.errors import UserError
from triagebot.pipeline.origin import Subject, event_of, subject_of

MODES = ("triage", "plan", "apply", "sweep", "review", "board")
OPTIONS: dict[str, tuple[str, ...]] = {
    "config": MODES,
    "draft": ("triage", "plan"),
    "max-new-issues": ("triage", "plan", "apply"),
    "plan-sha256": ("apply",),
    "fail-on": ("triage",),
    "run-id": ("triage", "plan"),
    "run-url": ("triage", "plan"),
    "environment": ("triage", "plan"),
    "branch": ("triage", "plan"),
    "commit": ("triage", "plan"),
    "revision": ("triage", "plan"),
    "history": ("triage", "plan", "apply", "sweep", "review", "board"),
    "out": ("board",),
    "if-no-reports": ("triage", "plan"),
    "logs": ("triage", "plan"),
    "passing-logs": ("triage", "plan"),
    "green": ("triage", "plan"),
}
"""Inputs that are options under the same name, with the modes that know them. Empty inputs are left out."""
MANY = frozenset(("logs", "passing-logs", "green"))
"""Those that hold one path a line, each of which is an option of its own."""
SECRETS = ("GITHUB_TOKEN", "ANTHROPIC_API_KEY", "TRIAGEBOT_APP_PRIVATE_KEY", "TRIAGEBOT_NOTIFY_URL")
_SHORTEST_SECRET = 6
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE", "")


def main() -> int:
    """The exit code of the Action."""
    process = Process.real()
    try:
        argv = argv_of(process.environ, _subject(process.environ))
    except UserError as error:
        process.complain(str(error))
        return 2
    return quietly(argv, process, secrets.token_hex(16))


def _subject(environ: Mapping[str, str]) -> Subject:
    """The run whose reports are read."""
    return subject_of(event_of(environ), environ.get("GITHUB_EVENT_NAME", ""))


def quietly(argv: Sequence[str], process: Process, token: str) -> int:
    """Run the command with workflow commands switched off, in a fold of the log, secrets masked."""
    for line in _masks(process.environ):
        _say(process.stdout, f"::add-mask::{line}")
    _say(process.stdout, "::group::triagebot")
    _say(process.stdout, f"::stop-commands::{token}")
    try:
        return run([*argv], replace(process, environ={**process.environ, QUIET: token}))
    finally:
        with suppress(OSError):  # the log is full, and its command has told so
            process.stderr.flush()
            _say(process.stdout, f"::{token}::")
            _say(process.stdout, "::endgroup::")


def argv_of(environ: Mapping[str, str], seen: Subject) -> list[str]:
    """The command line that the inputs ask for. Raises UserError for an input that makes no sense."""
    given = {
        name: environ.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip()
        for name in (*OPTIONS, "mode", "reports", "dry-run", "plan-file")
    }
    mode = given["mode"] or "triage"
    if mode not in MODES:
        raise UserError(f"mode is {mode!r}, and it must be one of {', '.join(MODES)}.")
    filled = _filled(given, seen)
    options = [
        f"--{name}={value}"
        for name, modes in OPTIONS.items()
        if mode in modes
        for value in (_lines(filled[name]) if name in MANY else filter(None, [filled[name]]))
    ]
    return [mode, *options, *_switches(mode, given, seen), *_arguments(mode, given, seen)]


def _filled(given: Mapping[str, str], seen: Subject) -> dict[str, str]:
    """The inputs, and where they are empty what the event says."""
    told = {"run-id": seen.run_id, "run-url": seen.url, "branch": seen.branch, "commit": seen.commit}
    return {name: value or told.get(name, "") for name, value in given.items()}


def _switches(mode: str, given: Mapping[str, str], seen: Subject) -> list[str]:
    """Options without a value. Code from a fork gets a summary only: no issue, no model."""
    dry = given["dry-run"]
    if dry not in (*_TRUE, *_FALSE):
        raise UserError(f"dry-run is {dry!r}, and it must be true or false.")
    switches = ["--dry-run"] if mode == "triage" and (dry in _TRUE or seen.fork) else []
    if mode in ("apply", "sweep", "review") and (dry in _TRUE or seen.fork):
        why = "the tested code came from a fork" if seen.fork else "dry-run is true"
        raise UserError(f"mode {mode} only writes, and {why}. Use mode plan to look without writing.")
    return switches + (["--draft=digest"] if seen.fork and mode in ("triage", "plan") else [])


def _arguments(mode: str, given: Mapping[str, str], seen: Subject) -> list[str]:
    """What stands after the options: reports, one a line, or the plan's file."""
    if mode == "board" and not given["out"]:
        raise UserError("mode board needs out: the folder for its pages.")
    if mode in ("sweep", "board"):
        return []
    if mode == "review":
        return ["--listen", *(["--", str(seen.issue)] if seen.issue else [])]
    if mode == "apply":
        if not given["plan-file"]:
            raise UserError("mode apply needs plan-file: the plan that mode plan saved.")
        return ["--", given["plan-file"]]
    reports = _lines(given["reports"])
    if not reports:
        raise UserError(f"mode {mode} needs reports: files, folders, globs or artifacts:RUN, one a line.")
    saved = [f"--plan-file={given['plan-file']}"] if mode == "plan" and given["plan-file"] else []
    return [*saved, "--", *reports]


def _lines(text: str) -> list[str]:
    """The lines of an input that holds one value a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _masks(environ: Mapping[str, str]) -> list[str]:
    """The lines that the runner must never show: secrets that came in as inputs are not masked by themselves."""
    lines = [line.strip() for name in SECRETS for line in environ.get(name, "").splitlines()]
    return [re.sub(r"%", "%25", line) for line in lines if len(line) >= _SHORTEST_SECRET]


def _say(out: TextIO, line: str) -> None:
    """One line for the runner, at once: what follows comes from elsewhere."""
    out.write(line + "\n")
    out.flush()


if __name__ == "__main__":
    leave(main())
