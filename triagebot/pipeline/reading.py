"""From paths to runs: reads, parses with a progress bar, merges. The effects of every verb that takes reports."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from triagebot.config import Config, Limits, load
from triagebot.errors import NoReports, UserError
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.report_sources import read_all
from triagebot.pipeline.run_options import ReportOptions
from triagebot.pipeline.shown_path import shown_path
from triagebot.redact import fact, fact_or_none
from triagebot.reports import different_runs, merge, parse_text, read_text
from triagebot.reports.decoding import File
from triagebot.reports.model import RED, Beyond, Context, Problem, Report, Run
from triagebot.reports.redaction import redacted_problem, redacted_report
from triagebot.sources import Allowance, Blob, read
from triagebot.sources.plain_files import whole

DEFAULT_CONFIG = Path(".github/triagebot.toml")
_EVERYDAY = Limits()


def read_config(path: str | None, effects: Effects) -> Config:
    """The config that was asked for, else the repository's, else the defaults."""
    file = effects.cwd / (path or DEFAULT_CONFIG)
    if path is None and not file.exists():
        return Config()
    try:
        return load(whole(file).decode(), str(path or DEFAULT_CONFIG))
    except OSError as error:
        raise UserError(
            f"--config {path}: {_reason(error)}. Check the path, or leave the option out."
        ) from None
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path or DEFAULT_CONFIG}: not UTF-8 at byte {error.start}. Save it as UTF-8."
        ) from None


def chosen_config(options: ReportOptions, effects: Effects) -> Config:
    """The config of a command that reads reports, with what its options override."""
    config = read_config(options.config, effects)
    return replace(config, causes=replace(config.causes, join="off")) if options.no_join else config


def read_runs(
    options: ReportOptions, effects: Effects, limits: Limits = _EVERYDAY, *, strict: bool
) -> list[Run]:
    """The runs that were asked for, oldest first: one, or with `--each` one per path. All together are within `limits`.

    With `strict`, reports that are plainly of different runs stop the command; without, they are a problem of the
    merged run. An empty list means that there was no report and `--if-no-reports` lets that pass.
    """
    allowance = Allowance(limits)
    try:
        paths = [(path,) for path in options.reports] if options.each else [options.reports]
        runs = [_read_run(group, options, effects, allowance, strict=strict) for group in paths]
    except NoReports as error:
        if options.if_no_reports == "fail":
            raise
        if options.if_no_reports == "warn":
            effects.warn(str(error))
        return []
    return sorted(
        runs, key=lambda run: (run.started is None, run.started.timestamp() if run.started else 0.0)
    )


def _read_run(
    paths: tuple[str, ...], options: ReportOptions, effects: Effects, allowance: Allowance, *, strict: bool
) -> Run:
    """The run of these paths."""
    if strict:
        sources = read_all(paths, effects, allowance)
    else:
        sources = read(paths, stdin=effects.stdin, allowance=allowance)
    blobs, problems, strangers = [*reversed(sources.blobs)], sources.problems, sources.strangers
    # Now only the list refers to the bytes, so that those of a file go when its text is there.
    del sources
    files = _shown(_decoded(blobs, allowance, effects.cwd), len(blobs), effects)
    reports = [_parsed(file, options, effects, allowance) for file in files]
    known = context(options, effects)
    if options.each and options.run_id:
        known = replace(known, run_id=None)
    problems = tuple(_printable(problem, effects) for problem in problems)
    return replace(_merge(reports, known, problems, strict=strict), strangers=strangers)


def _merge(reports: list[Report], known: Context, problems: tuple[Problem, ...], *, strict: bool) -> Run:
    """One run of these reports, refused or marked where they do not belong together."""
    different = different_runs(reports)
    if different and strict:
        raise UserError(f"{different}. Triage them as runs of their own: add --each.")
    if different:
        problems = (*problems, Problem("", f"{different}; with --each they are read as runs of their own"))
    return merge(reports, known, problems)


def _printable(problem: Problem, effects: Effects) -> Problem:
    """A problem of an input, fit to be told."""
    seen = replace(problem, path=shown_path(problem.path, effects.cwd))
    return redacted_problem(seen, effects.redactor)


def _decoded(blobs: list[Blob], allowance: Allowance, cwd: Path) -> Iterator[File]:
    """The files as text under the names by which people know them, taken from the end of the list, each with what may still be read."""
    while blobs:
        yield _text(blobs.pop(), allowance, cwd)


def _text(blob: Blob, allowance: Allowance, cwd: Path) -> File:
    """One file as text. With this function's end its bytes are let go."""
    limits = allowance.limits
    left = replace(
        limits,
        cases=max(limits.cases - allowance.cases, 0),
        failures=max(limits.failures - allowance.failures, 0),
    )
    return read_text(shown_path(blob.path, cwd), blob.data, left)


def _parsed(file: File, options: ReportOptions, effects: Effects, allowance: Allowance) -> Report:
    """The report of one file, unless those before took all the time there is."""
    most = allowance.limits.seconds
    if allowance.seconds > most:
        late = f"not read: the reports before took more than {most:g} seconds (limits.seconds)"
        return redacted_report(file.unreadable("", Beyond(file.path, late)), effects.redactor)
    began = effects.monotonic()
    report = parse_text(file, format=options.format, redactor=effects.redactor)
    allowance.seconds += effects.monotonic() - began
    allowance.cases += len(report.cases)
    allowance.failures += sum(case.outcome in RED for case in report.cases)
    return report


def _shown(files: Iterable[File], total: int, effects: Effects) -> Iterable[File]:
    """The files, with progress where there are several."""
    return files if total < 2 else effects.progress.track(files, "reading", total)


def _reason(error: OSError) -> str:
    """An OS error in the words of the system, without its number."""
    return (error.strerror or str(error)).lower() if sys.platform != "win32" else str(error)


def context(options: ReportOptions, effects: Effects) -> Context:
    """What is known of the tested run beside its reports: options first, then the runner's own variables."""
    actions = _from_actions(effects) if effects.in_actions else {}
    run_id = options.run_id or actions.get("run_id")
    of_leg = run_id and options.leg and not options.run_id
    known = partial(fact_or_none, redactor=effects.redactor)
    return Context(
        run_id=known(f"{run_id}/{options.leg}" if of_leg else run_id),
        environment=known(options.environment),
        branch=known(options.branch or actions.get("branch")),
        commit=known(options.commit or actions.get("commit")),
        revision=known(options.revision),
        url=known(options.run_url or actions.get("url")),
        leg=fact(options.leg or "", effects.redactor),
    )


def _from_actions(effects: Effects) -> dict[str, str]:
    """The tested run as GitHub's runner describes it.

    On `workflow_run` the tested run is another one than ours: the workflow hands its id, url, branch and commit in
    as options, and the runner's own variables, which speak of this run, are not used.
    """
    env = effects.environ
    if env.get("GITHUB_EVENT_NAME") == "workflow_run":
        return {}
    repository, run = env.get("GITHUB_REPOSITORY", ""), env.get("GITHUB_RUN_ID", "")
    if not (repository and run):
        return {}
    return {
        "run_id": f"{repository}/{run}/{env.get('GITHUB_RUN_ATTEMPT', '1')}",
        "branch": env.get("GITHUB_HEAD_REF") or env.get("GITHUB_REF_NAME", ""),
        "commit": env.get("GITHUB_SHA", ""),
        "url": f"{env.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}/actions/runs/{run}",
    }
