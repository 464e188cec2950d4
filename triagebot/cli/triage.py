"""`triagebot triage`: the main job. Plan, apply, say what came of it."""

import click

from triagebot.cli import actions, tell
from triagebot.cli.desk import open_desk
from triagebot.cli.drafting import Drafter
from triagebot.cli.options import Asked, Wish, plans_changes, reads_reports
from triagebot.cli.planning import Planned, make_plan, triage_run
from triagebot.cli.reading import read_config, read_runs
from triagebot.cli.verdict import FAIL_ON, exit_code
from triagebot.cli.world import World
from triagebot.errors import NoReports
from triagebot.markdown.text import folded
from triagebot.plans import Outcome


@click.command("triage")
@reads_reports
@plans_changes
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="never",
    show_default=True,
    help="Leave with exit code 4 when such a cause was seen.",
)
@click.pass_obj
def command(world: World, asked: Asked, wish: Wish, dry_run: bool, fail_on: str) -> int:
    """Read reports, group failures by cause, and keep one issue per cause.

    Without a token or config, issues live in .triagebot/triagebot.db and `triagebot issues` reads them.

    \b
    Examples:
      triagebot triage report.json
      triagebot triage artifacts/ --environment staging --commit "$GITHUB_SHA"
      triagebot triage monday.json tuesday.json --each
      triagebot triage report.json --dry-run --json
    """
    config = read_config(asked.config, world)
    done: list[tuple[Planned, tuple[Outcome, ...]]] = []
    try:
        runs = read_runs(asked, world, strict=True)
    except NoReports as error:
        actions.report_missing(world, str(error), annotate=not asked.as_json)
        raise
    drafter = Drafter(config, wish, world)
    with open_desk(wish, world, config, writes=not dry_run) as desk:
        for run in runs:
            if dry_run:
                done.append((make_plan(run, config, desk, world, drafter), ()))
            else:
                done.append(triage_run(run, config, desk, world, drafter))
            if not asked.as_json:
                tell.triaged(world, *done[-1], desk.tracker, dry_run=dry_run)
        drafter.tell()
        for said in desk.history.told:
            world.complain(folded(said))
        if desk.out is not None:
            from triagebot.cli import out  # noqa: PLC0415  # templates take 40 ms to load

            out.write(desk.out, done, desk, drafter)
        actions.report(
            world,
            done,
            config,
            remark=" ".join(filter(None, (drafter.remark, desk.remark))),
            dry_run=dry_run,
            annotate=not asked.as_json,
        )
    if asked.as_json:
        tell.plans_as_json(world, done)
    return 1 if desk.history.refusal else exit_code(done, fail_on)
