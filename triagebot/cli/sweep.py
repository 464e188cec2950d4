"""`triagebot sweep`: closing by proof, without a report. What green runs have shown since is counted; nothing is opened."""

from collections.abc import Sequence

import click

from triagebot.cli import actions, tell
from triagebot.cli.desk import Desk, open_desk
from triagebot.cli.options import HISTORY, Wish
from triagebot.cli.reading import read_config
from triagebot.cli.world import World
from triagebot.config import Config
from triagebot.history.heartbeat import Heartbeat, heartbeat
from triagebot.issues import Issue, keys_of
from triagebot.markdown.text import folded
from triagebot.plans import Plan
from triagebot.plans.sweep import scopes_to_sweep, sweep, watched_scopes
from triagebot.trackers.apply import apply


@click.command("sweep")
@click.option("--tracker", type=click.Choice(["local", "github"]), help="Where issues live.")
@HISTORY
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    world: World,
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
    settings = read_config(config, world)
    with open_desk(Wish(tracker=tracker, history=history), world, settings, writes=not dry_run) as desk:
        issues = desk.tracker.issues()
        if not dry_run:
            desk.history.compare(issues)
        drawn = _plan(issues, desk, settings, world)
        outcomes = () if dry_run else apply(drawn, desk.tracker)
        desk.history.settle()
        for said in desk.history.told:
            world.complain(folded(said))
        beat = _heartbeat(issues, desk, settings, world)
    if not dry_run:
        actions.report_applied(world, drawn, outcomes, beat)
    if as_json:
        tell.plan_as_json(world, drawn, outcomes)
    elif dry_run:
        tell.described(world, drawn)
    else:
        tell.outcomes(world, outcomes, "Nothing to change: no countdown moved.")
    tell.heartbeat(world, beat)
    wrong = desk.history.refusal or beat.alarms or any(o.status in {"failed", "stale"} for o in outcomes)
    return 1 if wrong else 0


def _plan(issues: Sequence[Issue], desk: Desk, config: Config, world: World) -> Plan:
    """What history proves about the open issues."""
    pasts = {
        scope: desk.history.past(scope, frozenset(key for issue in some for key in keys_of(issue)))
        for scope, some in scopes_to_sweep(issues, config).items()
    }
    return sweep(issues, pasts, config, now=world.now(), redact=world.redactor.text)


def _heartbeat(issues: Sequence[Issue], desk: Desk, config: Config, world: World) -> Heartbeat:
    """When the watched scopes were last heard of; nothing without a history that lasts, for issues know red runs only."""
    if not desk.history.lasting:
        return Heartbeat()
    pasts = (desk.history.past(scope, (), ()) for scope in watched_scopes(issues, config))
    return heartbeat(pasts, world.now(), config.limits.silence_days)
