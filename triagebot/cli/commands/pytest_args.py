"""`triagebot pytest-args`: what pytest needs to leave quarantined tests out, or to run only them."""

import shlex

import click

from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.output import json_text
from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.gates import Quarantined, quarantined
from triagebot.gates.quarantine import pytest_args
from triagebot.markdown.text import folded
from triagebot.pipeline.collecting import collected
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.proving import state_of
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.run_options import TriageOptions
from triagebot.pipeline.selecting import scope_of
from triagebot.pipeline.workspace import Workspace
from triagebot.reports.test_names import node_id


@click.command("pytest-args")
@click.option("--only", is_flag=True, help="Run only the quarantined tests, instead of all others.")
@click.option(
    "--collect",
    metavar="FILE",
    help="Tests that are in the code: the output of `pytest --collect-only -q`, or a report.  [default: those that history knows]",
)
@click.option("--environment", metavar="NAME", help="Where the tests ran, for those that history knows.")
@click.option("--branch", metavar="NAME", help="Branch of the tested code, likewise.")
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option(
    "--tracker",
    type=TRACKERS,
    help="Where issues live.  [default: github inside Actions, else local]",
)
@HISTORY
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process,
    only: bool,
    collect: str | None,
    environment: str | None,
    branch: str | None,
    config: str | None,
    tracker: str | None,
    history: str | None,
    as_json: bool,
) -> int:
    """Print what pytest needs to run the tests of [[quarantine]] apart, quoted for a shell.

    An entry whose day is over or whose issue is closed is shouted on standard error and not obeyed.

    \b
    Examples:
      eval pytest $(triagebot pytest-args)
      eval pytest $(triagebot pytest-args --only)
    """  # fmt: skip
    settings = read_config(config, process.effects)
    with open_workspace(
        TriageOptions(tracker, history=history), process.effects, settings, writes=False
    ) as workspace:
        held = quarantined(
            settings.quarantine, process.now().date(), lambda number: state_of(workspace.tracker, number)
        )
        tests = (
            collected(collect, process.effects)
            if collect
            else _known(settings, held, workspace, process, environment, branch)
        )
    for said in held.shouted:
        process.complain(folded(said))
    found = pytest_args(held.active, tests, only=only)
    if as_json:
        value = {"schema": 1, "args": found, "shouted": [*held.shouted]}
        process.stdout.write(json_text.dumps(value) + "\n")
        return 0
    if only and not found:
        raise UserError("no test is in quarantine, so that there is nothing to run apart.")
    if found:
        process.stdout.write(shlex.join(found) + "\n")
    return 0


def _known(
    config: Config,
    held: Quarantined,
    workspace: Workspace,
    process: Process,
    environment: str | None,
    branch: str | None,
) -> tuple[str, ...]:
    """The tests that history knows, where a glob needs them."""
    if not any(sign in entry.match for entry in held.active for sign in "*?["):
        return ()
    scope = scope_of(environment, branch, config, workspace.tracker.issues(), process.effects)
    return tuple(sorted(map(node_id, workspace.history.past(scope, (), None).results)))
