"""Green paths that `--green` names: reports of green runs, given by hand, for whoever has no history of them.

In: options. Out: `Green`s by join id. What a later report holds of a test takes the place of an earlier one.
"""

from collections.abc import Mapping
from dataclasses import replace

from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.history import Green
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.reading import read_runs
from triagebot.pipeline.run_options import ReportOptions
from triagebot.steps import green_paths


def green_of_reports(
    options: ReportOptions, config: Config, effects: Effects, *, strict: bool
) -> Mapping[str, Green]:
    """The green paths that the options name, none without `--green`. Raises UserError for reports in which nothing passed.

    Only with `strict` may a path name artifacts of another run, for which GitHub is asked.
    """
    found: dict[str, Green] = {}
    for path in options.green:
        alone = replace(options, reports=(path,), green=(), each=False, run_id=None, if_no_reports="fail")
        (run,) = read_runs(alone, effects, config.limits, strict=strict)
        at = run.started or effects.now()
        proven = green_paths(run, (), config.hosts)
        if not proven:
            raise UserError(
                f"--green {path}: no test in it passed at the first attempt. Name the reports of a green run."
            )
        found |= {test: Green(steps, run.id, at, run.commit) for test, steps in proven.items()}
    return found
