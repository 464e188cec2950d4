"""`triagebot bisect-plan`: the commands that find the commit which broke a cause. Runs nothing."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.process import Process
from triagebot.errors import UserError
from triagebot.history import BisectPlan
from triagebot.issues import Issue
from triagebot.markdown.text import plain
from triagebot.pipeline.answering import bisected
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.run_options import TriageOptions


@click.command("bisect-plan")
@click.argument("key")
@click.option("--good", default="", metavar="SHA", help="The last good commit.  [default: from history]")
@click.option("--bad", default="", metavar="SHA", help="The first bad commit.  [default: from history]")
@click.option("--tracker", type=TRACKERS, help="Where issues live.")
@HISTORY
@click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def command(
    process: Process,
    key: str,
    good: str,
    bad: str,
    tracker: str | None,
    history: str | None,
    config: str | None,
    *,
    as_json: bool,
) -> None:
    """Print what `git bisect` needs to find the commit that broke a cause: both ends, and one test that shows it.

    KEY is the key of an issue, its beginning, or its number. Tests against a deployed service need each commit deployed before they run.

    \b
    Examples:
      triagebot bisect-plan ws.close-6sjuvylo6bun
      triagebot bisect-plan 1 --good v1.4.0 | sh
    """
    settings = read_config(config, process.effects)
    options = TriageOptions(tracker=tracker, history=history)
    with open_workspace(options, process.effects, settings, writes=False) as workspace:
        issue = _issue_of(key, workspace.tracker.issues())
        plan = bisected(issue, workspace, good, bad)
    if as_json:
        value = {"issue": issue.number, **asdict(plan), "commands": plan.commands}
        process.stdout.write(json.dumps(value, indent=1) + "\n")
        return
    process.stdout.write(f"# issue {issue.number}: {plain(issue.title)}\n# {_shown(plan)}\n")
    process.stdout.writelines(f"{line}\n" for line in plan.commands)


def _issue_of(key: str, issues: Sequence[Issue]) -> Issue:
    """The one issue that is meant. Raises UserError for none and for several."""
    found = [i for i in issues if i.marker and key in (i.marker.key, *i.marker.aliases, str(i.number))]
    found = found or [i for i in issues if i.marker and i.marker.key.startswith(key)]
    if len(found) != 1:
        which = ", ".join(str(issue.number) for issue in found) or "none"
        raise UserError(
            f"{plain(key)} means no single issue (found: {which}). `triagebot issues list --all` shows keys and numbers."
        )
    return found[0]


def _shown(plan: BisectPlan) -> str:
    """How sure the test is and how long it takes, as far as history knows."""
    often = (
        f"failed in {plan.failed} of {plan.ran} runs since" if plan.ran else "how often it fails is not known"
    )
    quick = f", takes {plan.seconds:.3g} s" if plan.seconds is not None else ""
    return f"{plain(plan.test)}: {often}{quick}"
