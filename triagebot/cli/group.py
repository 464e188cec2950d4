"""`triagebot group`: the causes in reports. Opens no socket, reads no tracker, writes nothing."""

import click

from triagebot.cli import as_json, show
from triagebot.cli.options import Asked, reads_reports
from triagebot.cli.reading import read_config, read_runs
from triagebot.cli.world import World
from triagebot.groups import group, incidents


@click.command("group")
@reads_reports
@click.pass_obj
def command(world: World, asked: Asked) -> None:
    """List the causes in reports: failures of one signature together, most urgent first.

    REPORT is a file, folder, glob, .gz, .zip or - (standard input): pytest-json-report, JUnit XML or pytest's
    terminal output. Opens no socket and writes nothing.

    \b
    Examples:
      triagebot group report.json
      triagebot group artifacts/ junit.zip --json
      pytest -v --tb=short | triagebot group -
    """
    config = read_config(asked.config, world)
    for run in read_runs(asked, world, strict=False):
        groups = group(run, config)
        storms = incidents(groups, run, frozenset(), config)
        if asked.as_json:
            world.stdout.write(as_json.dumps(as_json.grouped(run, groups, storms), world.redactor) + "\n")
        else:
            show.groups(world, run, groups, storms)
