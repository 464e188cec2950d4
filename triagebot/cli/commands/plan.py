"""`triagebot plan`: what triage would change, shown or saved. Reads the tracker, writes nothing to it."""

from pathlib import Path

import click

from triagebot.cli.options import plans_changes, reads_reports
from triagebot.cli.output import actions, console
from triagebot.cli.process import Process
from triagebot.errors import UserError
from triagebot.markdown.text import folded
from triagebot.pipeline.drafting import Drafter
from triagebot.pipeline.green_reports import green_of_reports
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import chosen_config, read_runs
from triagebot.pipeline.run_options import ReportOptions, TriageOptions
from triagebot.pipeline.triaging import judge_and_plan
from triagebot.plans import SavedPlan, dump, sha256_of


@click.command("plan")
@reads_reports
@plans_changes
@click.option("-o", "--plan-file", metavar="FILE", help="Save the plan here, for `triagebot apply`.")
@click.pass_obj
def command(
    process: Process, report_options: ReportOptions, triage_options: TriageOptions, plan_file: str | None
) -> int:
    """Show or save what triage would change; writes nothing to the tracker.

    \b
    Examples:
      triagebot plan report.json
      triagebot plan report.json -o plan.json && triagebot apply plan.json

    It prints the SHA-256 of the saved plan; `triagebot apply --plan-sha256` carries out that plan and no other.
    """
    if report_options.each:
        raise UserError(
            "--each makes several plans, and a later one needs what an earlier one wrote. Use triage."
        )
    config = chosen_config(report_options, process.effects)
    drafter = Drafter(config, triage_options, process.effects, beside=report_options.beside)
    with open_workspace(triage_options, process.effects, config, writes=False) as workspace:
        workspace.history.given = green_of_reports(report_options, config, process.effects, strict=True)
        for read in read_runs(report_options, process.effects, config.limits, strict=True):
            planned = judge_and_plan(read, config, workspace, process.effects, drafter)
            saved = _save(process.cwd, plan_file, dump(planned.plan)) if plan_file else None
            actions.report(
                process,
                [(planned, ())],
                config,
                remark=" ".join(filter(None, (drafter.remark, workspace.remark))),
                saved=saved,
                dry_run=True,
                annotate=not report_options.as_json,
            )
            if report_options.as_json:
                console.plans_as_json(process, [(planned, ())])
            else:
                console.triaged(process, planned, (), workspace.tracker, dry_run=True)
            if saved and not report_options.as_json:
                console.saved(process, saved)
            console.drafting(process, drafter)
            for said in planned.proof.quarantine.shouted:
                process.complain(folded(said))
        for said in workspace.notices:
            process.complain(folded(said))
    return 1 if workspace.history.refusal else 0


def _save(folder: Path, name: str, text: str) -> SavedPlan:
    """Write the plan; a file that is there is replaced."""
    data = text.encode()
    try:
        (folder / name).write_bytes(data)
    except OSError as error:
        raise UserError(f"--plan-file {name}: {(error.strerror or str(error)).lower()}.") from None
    return SavedPlan(name, sha256_of(data))
