"""What changed between two commits, or in one, read from a local clone by git itself.

In: a folder and two commits. Out: `Changes`; every failure is a `problem` in it, in words. git is run without a shell, without its
hooks, drivers and pagers, without the network, within a time and a size; names that could be options are refused.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Timer

from triagebot.drafts.model import Changes, Commit, Hunk
from triagebot.redact import Unredacted

SECONDS = 30.0
MOST_BYTES = 8 << 20
MOST_COMMITS = 200
MOST_HUNKS = 2_000
MOST_LINES = 120

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,199}")
"""The name of a commit that git may be asked for; no option.

Hit: `3f2b8c1e`
Hit: `release/1.2`
Miss: `--output=a`
Miss: `main~1`
"""
_SAFE = (
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false",
    "-c", "diff.external=", "-c", "log.showSignature=false", "-c", "protocol.allow=never",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
_PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL")
_SILENT = "git failed without a word"
ENTRY = "%x1e%H%x1f%cI%x1f%s%x1f"


@dataclass(frozen=True, slots=True)
class GitOutput:
    """What git printed, whether all of it, and why it failed ("" when it did not)."""

    text: str
    complete: bool = True
    problem: str = ""


def changes(folder: str | Path, good: str | None, bad: str | None) -> Unredacted[Changes]:
    """What changed, as git tells it; see `_changes`."""
    return Unredacted(_changes(folder, good, bad))


def _changes(folder: str | Path, good: str | None, bad: str | None) -> Changes:
    """Commits after `good` up to `bad`, newest first, and the hunks of the whole difference.

    `truncated` when there was more than the limits allow. With a name missing, unknown here, or not a clone: a problem.
    """
    if not good or not bad:
        missing = "last good" if not good else "first bad"
        return Changes(good or "", bad or "", problem=f"no {missing} commit is known")
    named = [resolved(folder, name) for name in (good, bad)]
    if problem := next((said.problem for said in named if said.problem), ""):
        return Changes(good, bad, problem=problem)
    found = Changes(named[0].text, named[1].text)
    span = f"{found.good}..{found.bad}"
    log = ask(
        folder,
        "log",
        f"--max-count={MOST_COMMITS + 1}",
        f"--format={ENTRY}",
        "--name-only",
        "-z",
        span,
        "--",
    )
    diff = ask(
        folder, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--unified=3",
        "--ignore-submodules", found.good, found.bad, "--",
    )  # fmt: skip
    if problem := log.problem or diff.problem:
        return replace(found, problem=problem)
    commits, found_hunks = list(_commits(log.text)), list(hunks(diff.text))
    more = (
        len(commits) > MOST_COMMITS or len(found_hunks) > MOST_HUNKS or not (log.complete and diff.complete)
    )
    return replace(
        found, commits=tuple(commits[:MOST_COMMITS]), hunks=tuple(found_hunks[:MOST_HUNKS]), truncated=more
    )


def fix(folder: str | Path, commit: str) -> Unredacted[Changes]:
    """What one commit changed beside its first parent: of a merge all that it brought. A first commit has none: a problem."""
    named = resolved(folder, commit)
    if named.problem:
        return Unredacted(Changes(bad=commit, problem=named.problem))
    parent = ask(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{named.text}^1")
    if parent.problem:
        return Unredacted(Changes(bad=commit, problem=f"commit {commit[:40]} has no parent in this clone"))
    return changes(folder, parent.text.strip(), named.text)


def resolved(folder: str | Path, name: str) -> GitOutput:
    """The full id of a commit of this clone."""
    if not _NAME.fullmatch(name) or ".." in name:
        return GitOutput("", problem=f"{name[:60]!r} is not the name of a commit")
    said = ask(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if "not a git repository" in said.problem:
        return GitOutput("", problem=f"{folder} is not a clone of a repository")
    if said.problem == _SILENT:
        return GitOutput(
            "", problem=f"commit {name[:40]} is not in this clone; fetch its history (fetch-depth: 0)"
        )
    if said.problem:
        return said
    return GitOutput(said.text.strip())


def ask(folder: str | Path, *arguments: str) -> GitOutput:
    """What git prints, at most `MOST_BYTES` of it, within `SECONDS`."""
    environment = _ENVIRONMENT | {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    command = ["git", "--no-pager", "-C", str(folder), *_SAFE, *arguments]
    with TemporaryFile() as errors:
        try:
            process = subprocess.Popen(  # noqa: S603  # no shell; every argument is ours or a checked name
                command, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, env=environment
            )
        except OSError as error:
            return GitOutput("", problem=f"git cannot be run: {error.strerror or error}")
        out, late = _read(process)
        errors.seek(0)
        return _judged(out, late, process.returncode, errors.read(4_096).decode(errors="replace"))


def _read(process: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
    """What a process prints, one byte more than `MOST_BYTES` at most, and whether it was killed for taking too long."""
    late = Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = Timer(SECONDS, end)
    timer.start()
    with process:
        out = process.stdout.read(MOST_BYTES + 1) if process.stdout else b""
        if len(out) > MOST_BYTES:
            process.kill()
    timer.cancel()
    return out, late.is_set()


def _judged(out: bytes, late: bool, code: int, errors: str) -> GitOutput:
    """What came of a command. A process that was ended for printing too much has not failed."""
    if late:
        return GitOutput("", problem=f"git took more than {SECONDS:.0f} seconds")
    if len(out) > MOST_BYTES:
        return GitOutput(out[:MOST_BYTES].decode(errors="replace"), complete=False)
    if code != 0:
        last = (errors.strip().splitlines() or [""])[-1]
        return GitOutput("", problem=f"git: {last[:200]}" if last else _SILENT)
    return GitOutput(out.decode(errors="replace"))


def _commits(text: str) -> Iterator[Commit]:
    """Commits of a log in our own format."""
    for entry in text.split("\x1e")[1:]:
        sha, at, subject, paths = [*entry.split("\x1f"), "", "", ""][:4]
        names = tuple(path for path in paths.strip("\n\0").split("\0") if path.strip())
        yield Commit(sha, when(at), subject, tuple(name.strip("\n") for name in names))


def when(text: str) -> datetime | None:
    """A commit's time in UTC."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def hunks(text: str) -> Iterator[Hunk]:
    """The hunks of a unified diff. Of a hunk of more than `MOST_LINES` lines the beginning is kept."""
    path, header, lines = "", "", list[str]()
    for line in text.split("\n"):
        if header and line[:1] in ("+", "-", " ", "\\"):
            lines.append(line)
            continue
        if header:
            yield Hunk(path, header, _kept(lines))
        header, lines = (line, []) if line.startswith("@@ ") else ("", [])
        path = _path(line) or path
    if header:
        yield Hunk(path, header, _kept(lines))


def _kept(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines of a hunk within the limit; what is left out is counted in the last one."""
    left = len(lines) - MOST_LINES
    return tuple(lines) if left <= 0 else (*lines[:MOST_LINES], f" [… {left} lines of this hunk elided]")


def _path(line: str) -> str:
    """The path that a header of a diff names, "" for other lines and for /dev/null."""
    for mark in ("+++ b/", "--- a/"):
        if line.startswith(mark):
            return line.removeprefix(mark).rstrip("\t")
    return ""
