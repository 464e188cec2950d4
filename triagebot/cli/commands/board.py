"""`triagebot board`: what is broken, since when, at what cost, and what is stuck."""

import click

from triagebot.cli.options import HISTORY
from triagebot.cli.output import board_text, json_text
from triagebot.cli.process import Process
from triagebot.markdown.text import folded
from triagebot.pipeline.boarding import board_of
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.options import TriageOptions
from triagebot.pipeline.reading import read_config


@click.command("board")
@click.option("--tracker", type=click.Choice(["local", "github"]), help="Where issues live.")
@HISTORY
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process,
    tracker: str | None,
    config: str | None,
    history: str | None,
    *,
    as_json: bool,
) -> int:
    """Show the board: open causes by urgency with age, last runs and what is at risk; and what is stuck.

    \b
    Examples:
      triagebot board
      triagebot board --json
    """
    settings = read_config(config, process.effects)
    options = TriageOptions(tracker=tracker, history=history)
    with open_workspace(options, process.effects, settings, writes=False) as workspace:
        board = board_of(workspace, settings, process.effects, workspace.tracker.issues())
        if as_json:
            process.stdout.write(json_text.dumps(board_text.as_json(board)) + "\n")
        else:
            board_text.told(process, board)
        for said in workspace.notices:
            process.complain(folded(said))
        return 1 if workspace.history.refusal else 0
