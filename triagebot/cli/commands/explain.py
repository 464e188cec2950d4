"""`triagebot explain`: how a failure got its signature, or why two are not the same. Opens no socket."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace

import click

from triagebot.cli.options import reads_reports
from triagebot.cli.output import json_text, tables
from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.groups import group
from triagebot.history import Green
from triagebot.pipeline.green_reports import green_of_reports
from triagebot.pipeline.reading import chosen_config, read_runs
from triagebot.pipeline.run_causes import find_causes
from triagebot.pipeline.run_options import ReportOptions
from triagebot.reports import join_id
from triagebot.reports.model import Run
from triagebot.signatures import Explanation, Judgement, explain, judge, settings, why_not_same
from triagebot.steps import TestPath, paths, with_values

_MOST_KEYS = 2
_STEPS = 30


@click.command("explain")
@reads_reports
@click.option("--test", metavar="T", help="A test's id or a part of it.")
@click.option(
    "--key", "keys", metavar="K", multiple=True, help="A key or its beginning; twice to compare two."
)
@click.pass_obj
def command(process: Process, report_options: ReportOptions, test: str | None, keys: tuple[str, ...]) -> None:
    """Show how a failure got its signature: what was read, chosen and masked, and what the key is made of.

    Without --test and --key, one failure of every group is explained. With two keys: why they are not the same.

    \b
    Examples:
      triagebot explain report.json --test test_login
      triagebot explain report.json --key ws.close
      triagebot explain report.json --key http.status-k7m2 --key http.status-x3a2
    """
    if len(keys) > _MOST_KEYS:
        raise click.UsageError("--key can be given twice at most, to compare two.")
    config = chosen_config(report_options, process.effects)
    green = green_of_reports(report_options, config, process.effects, strict=False)
    for run in read_runs(report_options, process.effects, config.limits, strict=False):
        every = _judged(run, config)
        if len(keys) == _MOST_KEYS:
            _compare(process, [_of_key(every, key)[0] for key in keys], machine=report_options.as_json)
            continue
        chosen = _of_test(every, test) if test else every
        chosen = _of_key(chosen, keys[0]) if keys else chosen
        shown = chosen if test else _one_a_key(chosen)
        found = _findings(run, config, green)
        did = _steps(run, shown, config) if test else {}
        told = [
            replace(
                each,
                lines=(
                    *each.lines,
                    *found.get(judgement.signature.key, ()),
                    *did.get(judgement.failure.join, ()),
                ),
            )
            for judgement in shown
            for each in [explain(judgement, _one_a_key(every))]
        ]
        _print(process, told, machine=report_options.as_json)


def _steps(run: Run, shown: Sequence[Judgement], config: Config) -> Mapping[str, tuple[str, ...]]:
    """What each of these failing tests did, as far as the report tells, by join id."""
    known = paths(run, (), config.hosts)
    wanted = {judgement.failure.join for judgement in shown} & known.keys()
    return {test: tuple(_did(with_values(known[test], run))) for test in wanted}


def _did(path: TestPath) -> Iterator[str]:
    """The steps of a test in their order, and what was not recorded."""
    if path.steps:
        yield "what it did and showed, as far as the report tells:"
    for step in path.steps[:_STEPS]:
        yield f"· {step.source}: {step.quote or step.text}"
    if len(path.steps) > _STEPS:
        yield f"· … {len(path.steps) - _STEPS} more"
    if path.absent:
        yield f"not recorded: {', '.join(path.absent)}"


def _findings(run: Run, config: Config, green: Mapping[str, Green]) -> Mapping[str, tuple[str, ...]]:
    """What is found of the cause behind each key."""
    filed = find_causes(run, group(run, config), config, green=green).as_groups()
    return {key: one.findings for one in filed for key in one.signature.known_as}


def _judged(run: Run, config: Config) -> list[Judgement]:
    """Every failure judged, in the order of the groups."""
    known = settings(config)
    return [judge(failure, known) for found in group(run, config) for failure in found.failures]


def _of_test(every: Sequence[Judgement], test: str) -> list[Judgement]:
    """The failures of tests whose id is or holds `test`."""
    wanted = join_id(test)
    exact = [j for j in every if j.failure.join == wanted]
    found = exact or [j for j in every if wanted in j.failure.join]
    if not found:
        raise UserError(
            f"--test {test}: no failing test has that in its id. `triagebot group` lists those that fail."
        )
    return found


def _of_key(every: Sequence[Judgement], key: str) -> list[Judgement]:
    """The failures whose key or alias begins with `key`."""
    found = [j for j in every if any(k.startswith(key) for k in j.signature.known_as)]
    if not found:
        raise UserError(f"--key {key}: no failure here has such a key. `triagebot group` lists the keys.")
    return found


def _one_a_key(every: Iterable[Judgement]) -> list[Judgement]:
    """The first judgement of each key."""
    first: dict[str, Judgement] = {}
    for judgement in every:
        first.setdefault(judgement.signature.key, judgement)
    return list(first.values())


def _print(process: Process, told: Sequence[Explanation], *, machine: bool) -> None:
    """Print the explanations."""
    if machine:
        value = {"schema": json_text.SCHEMA, "explanations": [asdict(each) for each in told]}
        process.stdout.write(json_text.dumps(value) + "\n")
        return
    for each in told:
        tables.say(process.console, tables.safe(process, each.title), style="bold")
        tables.say(process.console, tables.safe(process, each.test), style="dim")
        for line in each.lines:
            tables.say(process.console, f"  {tables.safe(process, line, 400)}")
        process.console.print()


def _compare(process: Process, two: Sequence[Judgement], *, machine: bool) -> None:
    """Print why two are not the same."""
    difference = why_not_same(*two)
    if machine:
        process.stdout.write(json_text.dumps({"schema": json_text.SCHEMA} | asdict(difference)) + "\n")
        return
    for line in difference.lines:
        tables.say(process.console, tables.safe(process, line, 400))
