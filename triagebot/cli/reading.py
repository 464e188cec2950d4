"""From paths to runs: reads, parses with a progress bar, merges. The effects of every verb that takes reports."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from triagebot.cli.far import read_all
from triagebot.cli.options import Asked, context
from triagebot.cli.world import World
from triagebot.config import Config, load
from triagebot.errors import NoReports, UserError
from triagebot.reports import different_runs, merge, parse_text, read_text
from triagebot.reports.conceal import concealed
from triagebot.reports.decoding import File
from triagebot.reports.model import Context, Problem, Report, Run
from triagebot.sources import Blob, read

DEFAULT_CONFIG = Path(".github/triagebot.toml")


def read_config(path: str | None, world: World) -> Config:
    """The config that was asked for, else the repository's, else the defaults."""
    file = world.cwd / (path or DEFAULT_CONFIG)
    if path is None and not file.exists():
        return Config()
    try:
        return load(file.read_text(encoding="utf-8"), str(path or DEFAULT_CONFIG))
    except OSError as error:
        raise UserError(
            f"--config {path}: {_reason(error)}. Check the path, or leave the option out."
        ) from None
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path or DEFAULT_CONFIG}: not UTF-8 at byte {error.start}. Save it as UTF-8."
        ) from None


def read_runs(asked: Asked, world: World, *, strict: bool) -> list[Run]:
    """The runs that were asked for, oldest first: one, or with `--each` one per path.

    With `strict`, reports that are plainly of different runs stop the command; without, they are a problem of the
    merged run. An empty list means that there was no report and `--if-no-reports` lets that pass.
    """
    try:
        paths = [(path,) for path in asked.reports] if asked.each else [asked.reports]
        runs = [_read_run(group, asked, world, strict=strict) for group in paths]
    except NoReports as error:
        if asked.if_no_reports == "fail":
            raise
        if asked.if_no_reports == "warn":
            world.complain(str(error))
        return []
    return sorted(
        runs, key=lambda run: (run.started is None, run.started.timestamp() if run.started else 0.0)
    )


def _read_run(paths: tuple[str, ...], asked: Asked, world: World, *, strict: bool) -> Run:
    """The run of these paths."""
    sources = read_all(paths, world) if strict else read(paths, stdin=world.stdin)
    blobs, problems = [*reversed(sources.blobs)], sources.problems
    # Now only the list refers to the bytes, so that those of a file go when its text is there.
    del sources
    reports = [parse_text(file, format=asked.format) for file in _shown(_decoded(blobs), len(blobs), world)]
    known = context(asked, world)
    if asked.each and asked.run_id:
        known = replace(known, run_id=None)
    return concealed(_merge(reports, known, problems, strict=strict), world.redactor.lasting)


def _merge(reports: list[Report], known: Context, problems: tuple[Problem, ...], *, strict: bool) -> Run:
    """One run of these reports, refused or marked where they do not belong together."""
    different = different_runs(reports)
    if different and strict:
        raise UserError(f"{different}. Triage them as runs of their own: add --each.")
    if different:
        problems = (*problems, Problem("", f"{different}; with --each they are read as runs of their own"))
    return merge(reports, known, problems)


def _decoded(blobs: list[Blob]) -> Iterator[File]:
    """The files as text, taken from the end of the list one by one."""
    while blobs:
        yield _text(blobs.pop())


def _text(blob: Blob) -> File:
    """One file as text."""
    return read_text(blob.path, blob.data)


def _shown(files: Iterable[File], total: int, world: World) -> Iterable[File]:
    """The files under a progress bar where somebody is looking."""
    if total < 2 or not world.stderr.isatty():
        return files
    from rich.progress import track  # noqa: PLC0415  # machines need no bar, and it takes 10 ms to load

    return track(files, "reading", total=total, console=world.progress_console, transient=True)


def _reason(error: OSError) -> str:
    """An OS error in the words of the system, without its number."""
    return (error.strerror or str(error)).lower() if sys.platform != "win32" else str(error)
