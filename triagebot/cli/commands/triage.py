"""`triagebot triage`: the main job. Plan, apply, say what came of it."""

from collections.abc import Sequence

import click

from triagebot.cli.exit_codes import FAIL_ON, exit_code
from triagebot.cli.options import plans_changes, reads_reports
from triagebot.cli.output import actions, console, tables
from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.errors import NoReports, TrackerError, UserError
from triagebot.markdown.text import folded
from triagebot.pipeline.drafting import Drafter
from triagebot.pipeline.green_reports import green_of_reports
from triagebot.pipeline.issue_listing import known_issues
from triagebot.pipeline.notifying import notify
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import chosen_config, read_runs
from triagebot.pipeline.run_options import ReportOptions, TriageOptions
from triagebot.pipeline.sessions import (
    Held,
    logged,
    session_line,
    session_named,
    session_open_in,
    sessions_in,
)
from triagebot.pipeline.triaging import Planned, judge_and_plan, judge_and_triage
from triagebot.pipeline.workspace import Workspace
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
    help="Leave with exit code 4 when such a cause was seen, or with `gate` when a gate is held.",
)
@click.pass_obj
def command(
    process: Process,
    report_options: ReportOptions,
    triage_options: TriageOptions,
    dry_run: bool,
    fail_on: str,
) -> int:
    """Read reports, group failures by cause, and keep one issue per cause.

    Without a token or config, issues live in .triagebot/triagebot.db and `triagebot issues` reads them.

    \b
    Examples:
      triagebot triage report.json
      triagebot triage artifacts/ --environment staging --commit "$GITHUB_SHA"
      triagebot triage monday.json tuesday.json --each
      triagebot triage report.json --dry-run --json
    """
    config = chosen_config(report_options, process.effects)
    done: list[tuple[Planned, tuple[Outcome, ...]]] = []
    told: list[str] = []
    try:
        runs = read_runs(report_options, process.effects, config.limits, strict=True)
    except NoReports as error:
        actions.report_missing(process, str(error), annotate=not report_options.as_json)
        raise
    drafter = Drafter(config, triage_options, process.effects, beside=report_options.beside)
    with open_workspace(triage_options, process.effects, config, writes=not dry_run) as workspace:
        workspace.history.given = green_of_reports(report_options, config, process.effects, strict=True)
        if triage_options.session:
            _named(triage_options.session, workspace)  # before anything is filed
        for read in runs:
            if dry_run:
                done.append((judge_and_plan(read, config, workspace, process.effects, drafter), ()))
            else:
                last = read is runs[-1]
                done.append(judge_and_triage(read, config, workspace, process.effects, drafter, last=last))
                told += _session(done[-1], triage_options, config, workspace, process)
            if not report_options.as_json:
                console.triaged(process, *done[-1], workspace.tracker, dry_run=dry_run)
        if not report_options.as_json:
            for said in told:
                tables.say(process.console, tables.safe(process, said, 600))
        console.drafting(process, drafter)
        untold = () if dry_run else tuple(filter(None, [_notify(done, workspace, config, process)]))
        shouted = dict.fromkeys(said for planned, _ in done for said in planned.proof.quarantine.shouted)
        for said in (*workspace.notices, *untold, *shouted):
            process.complain(folded(said))
        if workspace.out is not None:
            from triagebot.cli.output import out_folder  # noqa: PLC0415  # templates take 40 ms to load

            out_folder.write(workspace.out, done, workspace, drafter)
        actions.report(
            process,
            done,
            config,
            remark=" ".join(filter(None, (drafter.remark, workspace.remark, *untold))),
            dry_run=dry_run,
            annotate=not report_options.as_json,
        )
    if report_options.as_json:
        console.plans_as_json(process, done)
    return 1 if workspace.history.refusal else exit_code(done, fail_on)


def _session(
    last: tuple[Planned, tuple[Outcome, ...]],
    options: TriageOptions,
    config: Config,
    workspace: Workspace,
    process: Process,
) -> list[str]:
    """The run in the log of its session, where there is one, and what to say about that."""
    planned, outcomes = last
    if planned.run.strangers:
        return []
    try:
        if options.session:
            held: Held | None = _named(options.session, workspace)
        else:
            held = session_open_in(planned.run.scope, sessions_in(workspace))
        if held is None:
            return []
        now, came = logged(planned, outcomes, held, config, workspace, process.effects, options.ran)
    except TrackerError as error:  # what was filed stands
        return [f"The session was not written: {error}"]
    return [session_line(now, came)]


def _notify(
    done: Sequence[tuple[Planned, tuple[Outcome, ...]]],
    workspace: Workspace,
    config: Config,
    process: Process,
) -> str:
    """Tell a chat of these runs, where the config asks for it; why nobody was told, "" where nothing went wrong."""
    if config.notify.to == "off":
        return ""
    outcomes = [outcome for _, came in done for outcome in came]
    impacts = {match.group.key: match.group.impact for planned, _ in done for match in planned.matches}
    return notify(outcomes, known_issues(workspace), config, process.effects, impacts=impacts)


def _named(name: str, workspace: Workspace) -> Held:
    """The session of a name. Raises UserError where there is none, or it is closed."""
    held = session_named(name, sessions_in(workspace))
    if not held.session.open:
        raise UserError(f"--session {name}: it is closed. Reopen its issue, or leave the option out.")
    return held
