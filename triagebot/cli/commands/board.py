"""`triagebot board`: what is broken, since when, at what cost, and what is stuck."""

from dataclasses import replace

import click

from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.output import board_text, json_text
from triagebot.cli.process import Process
from triagebot.errors import UserError
from triagebot.markdown.text import folded
from triagebot.pipeline.board_inputs import board_of, grids_of, with_events
from triagebot.pipeline.issue_listing import known_issues, refresh_boards
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.run_options import TriageOptions


@click.command("board")
@click.option("--tracker", type=TRACKERS, help="Where issues live.")
@HISTORY
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option("--out", metavar="DIR", help="Also write the board as static pages into this folder.")
@click.option("--publish", is_flag=True, help="Bring the dashboard issue up to date (--tracker github).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process,
    tracker: str | None,
    config: str | None,
    history: str | None,
    out: str | None,
    *,
    publish: bool,
    as_json: bool,
) -> int:
    """Show the board: open causes by urgency with age, last runs and what is at risk; and what is stuck.

    \b
    Examples:
      triagebot board
      triagebot board --json
      triagebot board --out site
      triagebot board --tracker github --publish
    """
    settings = read_config(config, process.effects)
    options = TriageOptions(tracker=tracker, history=history)
    with open_workspace(options, process.effects, settings, writes=False) as workspace:
        if publish and workspace.tracker.name != "github":
            raise UserError(
                "--publish keeps an issue on GitHub. Add --tracker github, or leave --publish out."
            )
        if publish:
            settings = replace(settings, board=replace(settings.board, issue=True))
        issues = workspace.tracker.issues()
        if publish:
            refresh_boards(workspace, settings, process.effects)
            issues = known_issues(workspace)
        board = board_of(workspace, settings, process.effects, issues)
        if out is not None:
            from triagebot.cli.output import out_folder  # noqa: PLC0415  # templates take 40 ms to load

            board = with_events(workspace, board)
            out_folder.write_board(process.cwd / out, board, grids_of(workspace, board))
        if as_json:
            process.stdout.write(json_text.dumps(board_text.as_json(board)) + "\n")
        else:
            board_text.print_board(process, board)
        for said in workspace.notices:
            process.complain(folded(said))
        return 1 if workspace.history.refusal else 0
