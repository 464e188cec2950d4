"""`triagebot handoff`: what is known of an issue's cause, for whoever mends it, person or coding agent."""

import json

import click

from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.output import tables
from triagebot.cli.process import Process
from triagebot.pipeline.answering import handoff_of
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.reviewing import scene_at
from triagebot.pipeline.run_options import TriageOptions
from triagebot.plans.render.answers import handoff_comment
from triagebot.trackers.markdown_export import readable


@click.command("handoff")
@click.argument("issue", type=click.IntRange(min=1))
@click.option("--tracker", type=TRACKERS, help="Where issues live.")
@HISTORY
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process,
    issue: int,
    tracker: str | None,
    config: str | None,
    history: str | None,
    *,
    as_json: bool,
) -> None:
    """Write down what is settled about a cause, how to see it fail, and what proves the fix; nothing unverified.

    \b
    Examples:
      triagebot handoff 1
      triagebot handoff 1 --json
    """
    settings = read_config(config, process.effects)
    options = TriageOptions(tracker=tracker, history=history)
    with open_workspace(options, process.effects, settings, writes=False) as workspace:
        scene = scene_at(issue, workspace, settings)
        told = handoff_of(scene.issue, workspace, process.redactor.text)
    if as_json:
        process.stdout.write(json.dumps(told.as_json, indent=1) + "\n")
    else:
        tables.markdown(process, readable(handoff_comment(told).body))
