"""`triagebot group`: the causes in reports. Opens no socket, reads no tracker, writes nothing."""

from dataclasses import asdict, replace

import click

from triagebot.cli import as_json
from triagebot.cli.options import Asked, reads_reports
from triagebot.cli.reading import DEFAULT_CONFIG, read_config, read_runs
from triagebot.cli.world import World
from triagebot.config import Config
from triagebot.groups import Comparison, compare, group, incidents, similar
from triagebot.reports.model import Problem, Run
from triagebot.signatures import judge, lint_rules, settings


@click.command("group")
@reads_reports
@click.option(
    "--compare-algorithm",
    type=click.IntRange(min=1),
    metavar="N",
    help="Show what version N of the signatures would merge and split, instead of the groups.",
)
@click.pass_obj
def command(world: World, asked: Asked, compare_algorithm: int | None) -> None:
    """List the causes in reports: failures of one signature together, most urgent first.

    REPORT is a file, folder, glob, .gz, .zip or - (standard input): pytest-json-report, JUnit XML or pytest's
    terminal output. Opens no socket and writes nothing.

    \b
    Examples:
      triagebot group report.json
      triagebot group artifacts/ junit.zip --json
      pytest -v --tb=short | triagebot group -
      triagebot group report.json --compare-algorithm 1
    """
    config = read_config(asked.config, world)
    for read in read_runs(asked, world, strict=False):
        run = replace(read, problems=(*read.problems, *_complaints(read, config, asked.config)))
        if compare_algorithm is not None:
            _compare(world, asked, compare(run, config, compare_algorithm))
            continue
        groups = group(run, config)
        storms = incidents(groups, run, frozenset(), config)
        alike = similar(groups)
        if asked.as_json:
            value = as_json.grouped(run, groups, storms) | {"similar": [asdict(each) for each in alike]}
            world.stdout.write(as_json.dumps(value, world.redactor) + "\n")
        else:
            from triagebot.cli import show  # noqa: PLC0415  # Rich takes 40 ms to load, and JSON needs none of it

            show.groups(world, run, groups, storms, alike)


def _complaints(run: Run, config: Config, path: str | None) -> list[Problem]:
    """What the linter has against the config's own rules, judged on this run."""
    if not config.rules:
        return []
    plain = settings(replace(config, rules=()))
    judged = [(j.failure, j.root, j.signature.kind) for j in (judge(f, plain) for f in run.failures)]
    return [
        Problem(str(path or DEFAULT_CONFIG), f"rule {complaint.rule} {complaint.reason}")
        for complaint in lint_rules(config.rules, [run], judged)
    ]


def _compare(world: World, asked: Asked, found: Comparison) -> None:
    """Print what another version of the algorithm would do."""
    if asked.as_json:
        world.stdout.write(as_json.dumps({"schema": as_json.SCHEMA} | asdict(found), world.redactor) + "\n")
        return
    from triagebot.cli import show  # noqa: PLC0415  # as above

    show.comparison(world, found)
