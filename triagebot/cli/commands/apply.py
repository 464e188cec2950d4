"""`triagebot apply`: carry out a saved plan, and nothing else. What went stale since is left alone and said."""

import click

from triagebot.cli.options import HISTORY, MAX_NEW, TRACKERS
from triagebot.cli.output import actions, console
from triagebot.cli.process import Process
from triagebot.errors import UserError
from triagebot.markdown.text import folded
from triagebot.pipeline.issue_listing import pause_in
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.run_options import TriageOptions
from triagebot.plans import SavedPlan, load, sha256_of
from triagebot.plans.model import OpenIssue
from triagebot.plans.permit import Permit, bounded
from triagebot.sources.plain_files import whole
from triagebot.trackers.applying import apply, put_back


@click.command("apply")
@click.argument("plan", metavar="PLAN", required=False)
@click.option("--plan-file", metavar="FILE", help="The saved plan, by the name that the Action's input has.")
@click.option("--tracker", type=TRACKERS, help="Where issues live.")
@click.option(
    "--plan-sha256",
    metavar="HEX",
    help="The SHA-256 that `triagebot plan` printed: another file is refused.",
)
@MAX_NEW
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
    plan_sha256: str | None,
    tracker: str | None,
    max_new_issues: int | None,
    config: str | None,
    history: str | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Carry out a saved plan. A change whose issue is no longer as the plan saw it is stale and left alone.

    Whatever the file says, only issues and labels of ours are touched, and no more is opened than cap and breaker allow.

    \b
    Examples:
      triagebot apply plan.json
      triagebot apply plan.json --plan-sha256 "$APPROVED"
      triagebot apply plan.json --force
    """
    settings = read_config(config, process.effects)
    name = _the_one(plan, plan_file)
    data = _read(name, process)
    saved = SavedPlan(name, sha256_of(data))
    if plan_sha256 is not None and saved.sha256 != plan_sha256.strip().lower():
        raise UserError(
            f"{name}: not the plan that --plan-sha256 names: its SHA-256 is {saved.sha256}. Nothing was written; "
            "apply the plan that was approved, or have this one approved."
        )
    drawn = load(_text(name, data), name)
    with open_workspace(
        TriageOptions(tracker=tracker, history=history), process.effects, settings
    ) as workspace:
        permit = Permit(settings, redact=process.redactor.text)
        if settings.board.issue or any(isinstance(change, OpenIssue) for change in drawn.changes):
            issues = workspace.tracker.issues()
            if paused := pause_in(workspace, settings):
                raise UserError(f"{name}: {paused}. Nothing was written; apply it when filing goes on.")
            drawn, permit = bounded(drawn, issues, permit, workspace.tracker.name, max_new_issues)
        outcomes = apply(drawn, workspace.tracker, permit, force=force, alone=workspace.history.alone)
        put_back(outcomes, workspace.tracker)
        for said in workspace.notices:
            process.complain(folded(said))
    actions.report_applied(process, drawn, outcomes, saved=saved)
    if as_json:
        console.plan_as_json(process, drawn, outcomes)
    else:
        console.outcomes(process, outcomes)
    return 1 if any(o.status in {"failed", "stale"} for o in outcomes) else 0


def _the_one(plan: str | None, plan_file: str | None) -> str:
    """The plan that was named, as an argument or as an option."""
    named = [name for name in (plan, plan_file) if name is not None]
    if len(named) != 1:
        raise click.UsageError("Name one saved plan: triagebot apply PLAN, or --plan-file FILE.")
    return named[0]


def _read(plan: str, process: Process) -> bytes:
    """The bytes of the saved plan."""
    try:
        return whole(process.cwd / plan)
    except OSError as error:
        raise _unusable(plan, error.strerror or str(error)) from None


def _text(plan: str, data: bytes) -> str:
    """The text of the saved plan."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _unusable(plan, "not UTF-8 text") from None


def _unusable(plan: str, reason: str) -> UserError:
    """Why there is no plan to carry out."""
    return UserError(f"{plan}: {reason.lower()}. Make a plan with `triagebot plan REPORT -o FILE`.")
