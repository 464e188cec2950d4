"""The options that verbs share, under the same words as the Action's inputs, and what they become."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any

import click

from triagebot.cli.world import World
from triagebot.reports.model import Context

FORMATS = ("pytest-json", "junit-xml", "pytest-terminal")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one command asks for when it reads reports."""

    reports: tuple[str, ...]
    format: str | None = None
    each: bool = False
    config: str | None = None
    run_id: str | None = None
    run_url: str | None = None
    environment: str | None = None
    branch: str | None = None
    commit: str | None = None
    revision: str | None = None
    leg: str | None = None
    if_no_reports: str = "fail"
    as_json: bool = False


_REPORT_OPTIONS = (
    click.argument("reports", metavar="REPORT…", nargs=-1, required=True),
    click.option("--format", type=click.Choice(FORMATS), help="Read every file as this format instead of sniffing."),
    click.option("--each", is_flag=True, help="Every path is a run of its own, in time order."),
    click.option("--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]"),
    click.option("--run-id", metavar="ID", help="Name of the tested run.  [default: from Actions, else from contents]"),
    click.option("--run-url", metavar="URL", help="Page of the tested run."),
    click.option("--environment", metavar="NAME", help="Where the tests ran, such as staging."),
    click.option("--branch", metavar="NAME", help="Branch of the tested code."),
    click.option("--commit", metavar="SHA", help="Commit of the tested code."),
    click.option("--revision", metavar="NAME", help="What was deployed; opaque."),
    click.option("--leg", metavar="NAME", help="Which of several jobs of one run these reports come from."),
    click.option(
        "--if-no-reports",
        type=click.Choice(["fail", "warn", "ignore"]),
        default="fail",
        show_default=True,
        help="What it means when there is no report.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print JSON for machines."),
)


def reads_reports(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the REPORT arguments and the options about them, as one `Asked` in the parameter `asked`."""
    names = [field.name for field in fields(Asked)]

    @wraps(command)
    def wrapped(**given: Any) -> Any:
        asked = Asked(**{name: given.pop(name) for name in names})
        return command(asked=asked, **given)

    for option in reversed(_REPORT_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def context(asked: Asked, world: World) -> Context:
    """What is known of the tested run beside its reports: options first, then the runner's own variables."""
    actions = _from_actions(world) if world.in_actions else {}
    run_id = asked.run_id or actions.get("run_id")
    return Context(
        run_id=f"{run_id}/{asked.leg}" if run_id and asked.leg and not asked.run_id else run_id,
        environment=asked.environment,
        branch=asked.branch or actions.get("branch"),
        commit=asked.commit or actions.get("commit"),
        revision=asked.revision,
        url=asked.run_url or actions.get("url"),
        leg=asked.leg or "",
    )


def _from_actions(world: World) -> dict[str, str]:
    """The tested run as GitHub's runner describes it.

    On `workflow_run` the tested run is another one than ours: the workflow hands its id, url, branch and commit in
    as options, and the runner's own variables, which speak of this run, are not used.
    """
    env = world.environ
    if env.get("GITHUB_EVENT_NAME") == "workflow_run":
        return {}
    repository, run = env.get("GITHUB_REPOSITORY", ""), env.get("GITHUB_RUN_ID", "")
    if not (repository and run):
        return {}
    return {
        "run_id": f"{repository}/{run}/{env.get('GITHUB_RUN_ATTEMPT', '1')}",
        "branch": env.get("GITHUB_HEAD_REF") or env.get("GITHUB_REF_NAME", ""),
        "commit": env.get("GITHUB_SHA", ""),
        "url": f"{env.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}/actions/runs/{run}",
    }
