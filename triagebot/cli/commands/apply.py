"""`triagebot apply`: carry out a saved plan, and nothing else. What went stale since is left alone and said."""

import click

from triagebot.cli.options import HISTORY
from triagebot.cli.output import actions, console
from triagebot.cli.process import Process
from triagebot.errors import UserError
from triagebot.markdown.text import folded
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.options import TriageOptions
from triagebot.pipeline.reading import read_config
from triagebot.plans import Plan, load
from triagebot.trackers.apply import apply


@click.command("apply")
@click.argument("plan", metavar="PLAN", required=False)
@click.option("--plan-file", metavar="FILE", help="The saved plan, by the name that the Action's input has.")
@click.option("--tracker", type=click.Choice(["local", "github"]), help="Where issues live.")
@HISTORY
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option(
    "--force", is_flag=True, help="Lift the breaker on an absurd number of new issues, and nothing else."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process,
    plan: str | None,
    plan_file: str | None,
    tracker: str | None,
    config: str | None,
    history: str | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Carry out a saved plan. A change whose issue is no longer as the plan saw it is stale and left alone.

    \b
    Examples:
      triagebot apply plan.json
      triagebot apply plan.json --force
    """
    settings = read_config(config, process.effects)
    saved = _read(_the_one(plan, plan_file), process)
    with open_workspace(
        TriageOptions(tracker=tracker, history=history), process.effects, settings
    ) as workspace:
        outcomes = apply(saved, workspace.tracker, force=force, alone=workspace.history.alone)
        for said in workspace.notices:
            process.complain(folded(said))
    actions.report_applied(process, saved, outcomes)
    if as_json:
        console.plan_as_json(process, saved, outcomes)
    else:
        console.outcomes(process, outcomes)
    return 1 if any(o.status in {"failed", "stale"} for o in outcomes) else 0


def _the_one(plan: str | None, plan_file: str | None) -> str:
    """The plan that was named, as an argument or as an option."""
    named = [name for name in (plan, plan_file) if name is not None]
    if len(named) != 1:
        raise click.UsageError("Name one saved plan: triagebot apply PLAN, or --plan-file FILE.")
    return named[0]


def _read(plan: str, process: Process) -> Plan:
    """The saved plan."""
    try:
        text = (process.cwd / plan).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UserError(
            f"{plan}: {reason.lower()}. Make a plan with `triagebot plan REPORT -o FILE`."
        ) from None
    return load(text, plan)
