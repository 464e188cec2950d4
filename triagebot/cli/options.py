"""The options that verbs share, under the same words as the Action's inputs, and what they become."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import wraps
from typing import Any

import click

from triagebot.pipeline.run_options import ReportOptions, TriageOptions

TRACKERS = click.Choice(["local", "github"])
"""What `--tracker` may name."""


def _known_format(context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """The format, where there is such a one; `list` prints all and ends the command."""
    if value is None:
        return None
    from triagebot.reports.formats import FORMATS, table  # noqa: PLC0415 - readers take a while to load

    if value == "list":
        context.obj.stdout.write(table())
        context.exit()
    if value not in FORMATS:
        raise click.BadParameter(f"{value!r} is none of {', '.join([*FORMATS, 'list'])}.")
    return value


_REPORT_OPTIONS = (
    click.argument("reports", metavar="REPORT…", nargs=-1, required=True),
    click.option(
        "--format",
        metavar="NAME",
        is_eager=True,
        callback=_known_format,
        help="Read every file as this format instead of sniffing; `list` tells all formats and what makes them.",
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
    click.option(
        "--green",
        metavar="REPORT",
        multiple=True,
        help="Reports of a green run, to see where failing tests leave their green paths; again for more.",
    ),
    click.option("--no-logs", is_flag=True, help="Leave out the logs that lie in folders of reports."),
    click.option("--no-join", is_flag=True, help="Join no groups: a cause for each signature."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON for machines."),
)


HISTORY = click.option(
    "--history",
    metavar="HOME",
    help="Where runs are remembered: the URL of a database, or branch:NAME.  [default: beside the local tracker]",
)

MAX_NEW = click.option(
    "--max-new-issues",
    type=click.IntRange(min=0),
    metavar="N",
    help="Open at most N issues for this run; the rest is held.  [default: 10 on GitHub]",
)

_PLAN_OPTIONS = (
    click.option(
        "--tracker",
        type=TRACKERS,
        help="Where issues live.  [default: github inside Actions, else local]",
    ),
    click.option(
        "--draft",
        type=click.Choice(["auto", "claude", "digest"]),
        default="auto",
        show_default=True,
        help="Who drafts root causes; digest states facts only, without a model.",
    ),
    MAX_NEW,
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


_SESSION_OPTIONS = (
    click.option(
        "--session",
        metavar="ID",
        help="Add the run to this session's log.  [default: the open session of its environment and branch]",
    ),
    click.option(
        "--ran", metavar="COMMAND", default="", help="How the run was started, for the session's log."
    ),
)


def reads_reports(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the REPORT arguments and the options about them, as one `ReportOptions` in the parameter `report_options`."""
    return _with_value(command, "report_options", ReportOptions, _REPORT_OPTIONS)


def plans_changes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the options about the tracker and its issues, as one `TriageOptions` in the parameter `triage_options`."""
    return _with_value(command, "triage_options", TriageOptions, (*_PLAN_OPTIONS, *_SESSION_OPTIONS))


def _with_value(
    command: Callable[..., Any], name: str, kind: type[Any], options: Sequence[Callable[..., Any]]
) -> Callable[..., Any]:
    """The command with these options, gathered into one value of `kind`."""
    names = [field.name for field in fields(kind)]

    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        value = kind(**{field: options.pop(field) for field in names})
        return command(*args, **{name: value}, **options)

    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped
