"""The Python API: the steps of `triagebot group` and `triagebot triage` for a notebook, a server or a test.

`read_reports` gives a `Run`, `group` its causes, `triage` plans and applies on a tracker. Nothing is printed and no exit code
is known here. Bad input raises `UserError`, whose text names the file or option and the next step; a tracker that fails
raises `TrackerError`.
"""

from os import PathLike, fspath
from typing import TYPE_CHECKING

from triagebot.config import Config
from triagebot.errors import TrackerError, UserError
from triagebot.groups import group as signatures_of
from triagebot.groups.model import Group
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.proving import judged
from triagebot.pipeline.reading import read_config, read_runs
from triagebot.pipeline.run_causes import find_causes
from triagebot.pipeline.run_options import ReportOptions, TriageOptions
from triagebot.reports.model import Run

if TYPE_CHECKING:
    from triagebot.pipeline.triaging import Planned
    from triagebot.plans import Outcome

__all__ = [
    "Config",
    "Effects",
    "Group",
    "Run",
    "TrackerError",
    "TriageOptions",
    "UserError",
    "group",
    "read_config",
    "read_reports",
    "triage",
]

_EVERYDAY = Config()


def read_reports(
    *paths: str | PathLike[str],
    environment: str | None = None,
    branch: str | None = None,
    commit: str | None = None,
    config: Config = _EVERYDAY,
    effects: Effects | None = None,
) -> Run:
    """One run of all reports at these paths: files, folders, globs and archives in any format, their secrets taken out.

    A file that cannot be read is a problem of the run. No report at all raises `NoReports`, a `UserError`; so do reports that are
    plainly of different runs.
    """
    options = ReportOptions(
        tuple(fspath(path) for path in paths), environment=environment, branch=branch, commit=commit
    )
    return read_runs(options, effects or Effects(), config.limits, strict=True)[0]


def group(run: Run, config: Config = _EVERYDAY) -> tuple[Group, ...]:
    """The causes of a red run, most urgent first; empty for a green one. Nothing is opened and nothing is written."""
    run, _ = judged(run, config, None)
    return find_causes(run, signatures_of(run, config), config).as_groups()


def triage(
    run: Run,
    options: TriageOptions | None = None,
    *,
    config: Config = _EVERYDAY,
    effects: Effects | None = None,
    dry_run: bool = False,
) -> "tuple[Planned, tuple[Outcome, ...]]":
    """Plan what a run changes on the tracker and apply it, unless it is a dry run; the plan and what came of each change.

    Without options the tracker is the local one in `.triagebot/` of `effects.cwd`, and no model is asked. Without effects they are those
    of the moment: the current folder, the machine's clock, an empty environment.
    """
    from triagebot.pipeline.drafting import Drafter  # noqa: PLC0415 - `group` needs none of these
    from triagebot.pipeline.opening import open_workspace  # noqa: PLC0415
    from triagebot.pipeline.triaging import judge_and_plan, judge_and_triage  # noqa: PLC0415

    chosen = options or TriageOptions(tracker="local", draft="digest")
    effects = effects or Effects()
    drafter = Drafter(config, chosen, effects)
    with open_workspace(chosen, effects, config, writes=not dry_run) as workspace:
        if dry_run:
            return judge_and_plan(run, config, workspace, effects, drafter), ()
        return judge_and_triage(run, config, workspace, effects, drafter)
