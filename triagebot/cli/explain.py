"""`triagebot explain`: how a failure got its signature, or why two are not the same. Opens no socket."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import click

from triagebot.cli import as_json, show
from triagebot.cli.options import Asked, reads_reports
from triagebot.cli.reading import read_config, read_runs
from triagebot.cli.world import World
from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.groups import group
from triagebot.reports import join_id
from triagebot.reports.model import Run
from triagebot.signatures import Judgement, explain, judge, settings, why_not_same

_ASKED_KEYS = 2


@click.command("explain")
@reads_reports
@click.option("--test", metavar="T", help="A test's id or a part of it.")
@click.option(
    "--key", "keys", metavar="K", multiple=True, help="A key or its beginning; twice to compare two."
)
@click.pass_obj
def command(world: World, asked: Asked, test: str | None, keys: tuple[str, ...]) -> None:
    """Show how a failure got its signature: what was read, chosen and masked, and what the key is made of.

    Without --test and --key, one failure of every group is explained. With two keys: why they are not the same.

    \b
    Examples:
      triagebot explain report.json --test test_login
      triagebot explain report.json --key ws.close
      triagebot explain report.json --key http.status-k7m2 --key http.status-x3a2
    """
    if len(keys) > _ASKED_KEYS:
        raise click.UsageError("--key can be given twice at most, to compare two.")
    config = read_config(asked.config, world)
    for run in read_runs(asked, world, strict=False):
        every = _judged(run, config)
        if len(keys) == _ASKED_KEYS:
            _compare(world, [_of_key(every, key)[0] for key in keys], machine=asked.as_json)
            continue
        chosen = _of_test(every, test) if test else every
        chosen = _of_key(chosen, keys[0]) if keys else chosen
        _explain(world, _one_a_key(chosen) if not test else chosen, every, machine=asked.as_json)


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
    found = [j for j in every if any(k.startswith(key) for k in (j.signature.key, *j.signature.aliases))]
    if not found:
        raise UserError(f"--key {key}: no failure here has such a key. `triagebot group` lists the keys.")
    return found


def _one_a_key(every: Iterable[Judgement]) -> list[Judgement]:
    """The first judgement of each key."""
    first: dict[str, Judgement] = {}
    for judgement in every:
        first.setdefault(judgement.signature.key, judgement)
    return list(first.values())


def _explain(world: World, chosen: Sequence[Judgement], every: Sequence[Judgement], *, machine: bool) -> None:
    """Print the explanations."""
    told = [explain(judgement, _one_a_key(every)) for judgement in chosen]
    if machine:
        value = {"schema": as_json.SCHEMA, "explanations": [asdict(each) for each in told]}
        world.stdout.write(as_json.dumps(value, world.redactor) + "\n")
        return
    for each in told:
        show.say(world.console, show.safe(world, each.title), style="bold")
        show.say(world.console, show.safe(world, each.test), style="dim")
        for line in each.lines:
            show.say(world.console, f"  {show.safe(world, line, 400)}")
        world.console.print()


def _compare(world: World, two: Sequence[Judgement], *, machine: bool) -> None:
    """Print why two are not the same."""
    difference = why_not_same(*two)
    if machine:
        world.stdout.write(
            as_json.dumps({"schema": as_json.SCHEMA} | asdict(difference), world.redactor) + "\n"
        )
        return
    for line in difference.lines:
        show.say(world.console, show.safe(world, line, 400))
