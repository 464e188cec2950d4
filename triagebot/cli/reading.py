"""From paths to runs: reads, parses with a progress bar, merges. The effects of every verb that takes reports."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.progress import track

from triagebot.cli.options import Asked, context
from triagebot.cli.world import World
from triagebot.config import Config, load
from triagebot.errors import NoReports, UserError
from triagebot.reports import different_runs, merge, parse
from triagebot.reports.model import Context, Problem, Report, Run
from triagebot.sources import Blob, Sources, read

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
    sources = read(paths, stdin=world.stdin)
    reports = list(_parse(sources, asked, world))
    known = context(asked, world)
    if asked.each and asked.run_id:
        known = replace(known, run_id=None)
    return _merge(reports, known, sources.problems, strict=strict)


def _merge(reports: list[Report], known: Context, problems: tuple[Problem, ...], *, strict: bool) -> Run:
    """One run of these reports, refused or marked where they do not belong together."""
    different = different_runs(reports)
    if different and strict:
        raise UserError(f"{different}. Triage them as runs of their own: add --each.")
    if different:
        problems = (*problems, Problem("", f"{different}; with --each they are read as runs of their own"))
    return merge(reports, known, problems)


def _parse(sources: Sources, asked: Asked, world: World) -> Iterator[Report]:
    """The reports, one by one, under a progress bar where somebody is looking."""
    blobs: list[Blob] = list(sources.blobs)
    shown = world.stderr.isatty() and len(blobs) > 1
    for blob in track(blobs, "reading", console=world.progress_console, transient=True, disable=not shown):
        yield parse(blob.path, blob.data, format=asked.format)


def _reason(error: OSError) -> str:
    """An OS error in the words of the system, without its number."""
    return (error.strerror or str(error)).lower() if sys.platform != "win32" else str(error)
