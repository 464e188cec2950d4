"""`triagebot sweep`: closing by proof, without a report. What green runs have shown since is counted; nothing is opened."""

from collections.abc import Sequence

import click

from triagebot.boards.notices import fell_silent
from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.output import actions, console
from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.history import Past, joined
from triagebot.history.heartbeat import heartbeat
from triagebot.issues import Issue, keys_of
from triagebot.markdown.text import folded
from triagebot.pipeline.issue_listing import current_issues, known_issues, pause_in, refresh_boards
from triagebot.pipeline.notifying import notify
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.run_options import TriageOptions
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Plan
from triagebot.plans.closing_by_proof import scopes_to_sweep, sweep, watched_scopes
from triagebot.plans.permit import Permit
from triagebot.trackers.applying import apply, put_back


@click.command("sweep")
@click.option("--tracker", type=TRACKERS, help="Where issues live.")
@HISTORY
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process,
    tracker: str | None,
    config: str | None,
    history: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Close what green runs have proven gone, and move the countdowns of the rest. Opens and reopens nothing.

    Says when runs were last recorded; exit code 1 when that is longer ago than limits.silence_days of the config.

    \b
    Examples:
      triagebot sweep
      triagebot sweep --dry-run
    """
    settings = read_config(config, process.effects)
    with open_workspace(
        TriageOptions(tracker=tracker, history=history), process.effects, settings, writes=not dry_run
    ) as workspace:
        issues = (
            workspace.tracker.issues() if dry_run else current_issues(workspace, settings, process.effects)
        )
        if not dry_run:
            workspace.history.compare(issues)
        paused = pause_in(workspace, settings)
        drawn = Plan("sweep", ()) if paused else _plan(issues, workspace, settings, process)
        outcomes = () if dry_run else apply(drawn, workspace.tracker, Permit(settings))
        workspace.history.settle()
        board = () if dry_run else refresh_boards(workspace, settings, process.effects)
        put_back((*outcomes, *board) if outcomes else (), workspace.tracker)
        pasts = _pasts(issues, workspace, settings)
        silence = settings.limits.silence_days
        beat = heartbeat(pasts, process.now(), silence)
        notices = workspace.notices
        if not dry_run and settings.notify.to != "off":
            fell = fell_silent(pasts, process.now(), silence)
            refused = notify(outcomes, known_issues(workspace), settings, process.effects, silent=fell)
            notices = (*notices, *filter(None, [refused]))
    for said in notices:
        process.complain(folded(said))
    if not dry_run:
        actions.report_applied(process, drawn, outcomes, beat, remark=" ".join(notices))
    if as_json:
        console.plan_as_json(process, drawn, outcomes)
    elif dry_run:
        console.described(process, drawn)
    else:
        console.outcomes(process, outcomes, "Nothing to change: no countdown moved.")
    console.heartbeat(process, beat)
    wrong = workspace.history.refusal or beat.alarms or any(o.status in {"failed", "stale"} for o in outcomes)
    return 1 if wrong else 0


def _plan(issues: Sequence[Issue], workspace: Workspace, config: Config, process: Process) -> Plan:
    """What history proves about the open issues."""
    pasts = {
        scope: workspace.history.past(
            scope,
            frozenset(key for issue in some for key in keys_of(issue)),
            frozenset[str]().union(*(joined(issue.marker.tests) for issue in some if issue.marker)),
        )
        for scope, some in scopes_to_sweep(issues, config).items()
    }
    return sweep(issues, pasts, config, now=process.now())


def _pasts(issues: Sequence[Issue], workspace: Workspace, config: Config) -> list[Past]:
    """The watched scopes; none without a history that lasts, for issues know red runs only."""
    if not workspace.history.lasting:
        return []
    pasts = [workspace.history.past(scope, (), ()) for scope in watched_scopes(issues, config)]
    # A store that does not answer is no silence of the runs.
    return [] if workspace.history.refusal else pasts
