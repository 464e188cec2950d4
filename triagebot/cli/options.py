"""The options that verbs share, under the same words as the Action's inputs, and what they become."""

from collections.abc import Callable, Sequence
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
    click.option(
        "--format", type=click.Choice(FORMATS), help="Read every file as this format instead of sniffing."
    ),
    click.option("--each", is_flag=True, help="Every path is a run of its own, in time order."),
    click.option(
        "--config", metavar="FILE", help="Config to use.  [default: .github/triagebot.toml if there]"
    ),
    click.option(
        "--run-id", metavar="ID", help="Name of the tested run.  [default: from Actions, else from contents]"
    ),
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


@dataclass(frozen=True, slots=True)
class Wish:
    """What one command wants of the tracker and the text of issues."""

    tracker: str | None = None
    draft: str = "auto"
    max_new_issues: int | None = None
    out: str | None = None
    history: str | None = None
    logs: tuple[str, ...] = ()
    passing_logs: tuple[str, ...] = ()


HISTORY = click.option(
    "--history",
    metavar="HOME",
    help="Where runs are remembered: the URL of a database, or branch:NAME.  [default: beside the local tracker]",
)

_PLAN_OPTIONS = (
    click.option(
        "--tracker",
        type=click.Choice(["local", "github"]),
        help="Where issues live.  [default: github inside Actions, else local]",
    ),
    click.option(
        "--draft",
        type=click.Choice(["auto", "claude", "digest"]),
        default="auto",
        show_default=True,
        help="Who drafts root causes; digest states facts only, without a model.",
    ),
    click.option(
        "--max-new-issues",
        type=click.IntRange(min=0),
        metavar="N",
        help="Open at most N issues for this run; the rest is held.  [default: 10 on GitHub]",
    ),
    HISTORY,
    click.option("--out", metavar="DIR", help="Also write issues and five-whys reports into this folder."),
    click.option(
        "--logs",
        metavar="PATH",
        multiple=True,
        help="Service logs as evidence: a file or folder; again for more.",
    ),
    click.option(
        "--passing-logs",
        metavar="PATH",
        multiple=True,
        help="Logs of a green run: what they say too is no evidence, and left out.",
    ),
)


def reads_reports(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the REPORT arguments and the options about them, as one `Asked` in the parameter `asked`."""
    return _with_value(command, "asked", Asked, _REPORT_OPTIONS)


def plans_changes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the options about the tracker and its issues, as one `Wish` in the parameter `wish`."""
    return _with_value(command, "wish", Wish, _PLAN_OPTIONS)


def _with_value(
    command: Callable[..., Any], name: str, kind: type[Any], options: Sequence[Callable[..., Any]]
) -> Callable[..., Any]:
    """The command with these options, gathered into one value of `kind`."""
    names = [field.name for field in fields(kind)]

    @wraps(command)
    def wrapped(*args: Any, **given: Any) -> Any:
        value = kind(**{field: given.pop(field) for field in names})
        return command(*args, **{name: value}, **given)

    for option in reversed(options):
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
