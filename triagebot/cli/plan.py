"""`triagebot plan`: what triage would change, shown or saved. Reads the tracker, writes nothing to it."""

from pathlib import Path

import click

from triagebot.cli import actions, tell
from triagebot.cli.desk import open_desk
from triagebot.cli.drafting import Drafter
from triagebot.cli.options import Asked, Wish, plans_changes, reads_reports
from triagebot.cli.planning import make_plan
from triagebot.cli.reading import read_config, read_runs
from triagebot.cli.world import World
from triagebot.errors import UserError
from triagebot.plans import dump


@click.command("plan")
@reads_reports
@plans_changes
@click.option("-o", "--plan-file", metavar="FILE", help="Save the plan here, for `triagebot apply`.")
@click.pass_obj
def command(world: World, asked: Asked, wish: Wish, plan_file: str | None) -> None:
    """Show or save what triage would change; writes nothing to the tracker.

    \b
    Examples:
      triagebot plan report.json
      triagebot plan report.json -o plan.json && triagebot apply plan.json
    """
    if asked.each:
        raise UserError(
            "--each makes several plans, and a later one needs what an earlier one wrote. Use triage."
        )
    config = read_config(asked.config, world)
    drafter = Drafter(config, wish, world)
    with open_desk(wish, world, config, writes=False) as desk:
        for run in read_runs(asked, world, strict=True):
            planned = make_plan(run, config, desk, world, drafter)
            actions.report(
                world,
                [(planned, ())],
                config,
                remark=" ".join(filter(None, (drafter.remark, desk.remark))),
                plan_file=plan_file or "",
                dry_run=True,
                annotate=not asked.as_json,
            )
            if plan_file:
                _save(world.cwd / plan_file, dump(planned.plan))
            if asked.as_json:
                tell.plans_as_json(world, [(planned, ())])
            else:
                tell.triaged(world, planned, (), desk.tracker, dry_run=True)
            drafter.tell()


def _save(path: Path, text: str) -> None:
    """Write the plan; a file that is there is replaced."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"--plan-file {path}: {(error.strerror or str(error)).lower()}.") from None
