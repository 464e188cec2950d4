"""`triagebot group`: the causes in reports. Opens no socket, reads no tracker, writes nothing."""

from dataclasses import asdict, replace

import click

from triagebot.cli.options import reads_reports
from triagebot.cli.output import json_text
from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.groups import Comparison, compare, group, incidents, similar
from triagebot.pipeline.culprits import code_here, with_code
from triagebot.pipeline.green_reports import green_of_reports
from triagebot.pipeline.proving import judged
from triagebot.pipeline.reading import DEFAULT_CONFIG, chosen_config, read_runs
from triagebot.pipeline.run_causes import find_causes
from triagebot.pipeline.run_options import ReportOptions
from triagebot.reports.model import Problem, Run
from triagebot.signatures import judge, lint_rules, settings


@click.command("group")
@reads_reports
@click.option(
    "--compare-algorithm",
    type=click.IntRange(min=1),
    metavar="N",
    help="Show what version N of the signatures would merge and split, instead of the groups.",
)
@click.pass_obj
def command(process: Process, report_options: ReportOptions, compare_algorithm: int | None) -> None:
    """List the causes in reports: failures of one signature together, most urgent first.

    REPORT is a file, folder, glob, .gz, .zip or - (standard input) in any format of `--format list`. Opens no socket
    and writes nothing.

    \b
    Examples:
      triagebot group report.json
      triagebot group artifacts/ junit.zip --json
      pytest -v --tb=short | triagebot group -
      triagebot group report.json --compare-algorithm 1
      triagebot group --format list
    """
    config = chosen_config(report_options, process.effects)
    green = green_of_reports(report_options, config, process.effects, strict=False)
    for read in read_runs(report_options, process.effects, config.limits, strict=False):
        run, proof = judged(read, config, None)
        run = replace(run, problems=(*run.problems, *_complaints(run, config, report_options.config)))
        if compare_algorithm is not None:
            _compare(process, report_options, compare(run, config, compare_algorithm))
            continue
        groups = group(run, config)
        found = find_causes(run, groups, config, green=green)
        code = code_here(process.effects) if green else None
        filed = with_code(found.as_groups(), found, green, run, code)
        storms = incidents(filed, run, frozenset(), config)
        alike = similar(groups)
        if report_options.as_json:
            by_key = {known.key: known for known in filed}
            value = json_text.grouped(run, groups, storms) | {
                "causes": [
                    json_text.cause_as_json(cause, by_key.get(cause.key, cause.groups[0]))
                    for cause in found.causes
                ],
                "similar": [asdict(each) for each in alike],
                **{name: held for name, held in proof.as_json.items() if name != "gates"},
            }
            process.stdout.write(json_text.dumps(value) + "\n")
        else:
            from triagebot.cli.output import tables  # noqa: PLC0415  # Rich takes 40 ms to load, and JSON needs none of it

            tables.groups(process, run, filed, storms, alike)
            tables.findings(process, proof.findings)


def _complaints(run: Run, config: Config, path: str | None) -> list[Problem]:
    """What the linter has against the config's own rules, judged on this run."""
    if not config.rules:
        return []
    plain = settings(replace(config, rules=()))
    judged = [(j.failure, j.root, j.signature.key) for j in (judge(f, plain) for f in run.failures)]
    return [
        Problem(str(path or DEFAULT_CONFIG), f"rule {complaint.rule} {complaint.reason}")
        for complaint in lint_rules(config.rules, [run], judged)
    ]


def _compare(process: Process, report_options: ReportOptions, found: Comparison) -> None:
    """Print what another version of the algorithm would do."""
    if report_options.as_json:
        process.stdout.write(json_text.dumps({"schema": json_text.SCHEMA} | asdict(found)) + "\n")
        return
    from triagebot.cli.output import tables  # noqa: PLC0415  # as above

    tables.comparison(process, found)
