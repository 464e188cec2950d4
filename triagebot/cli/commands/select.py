"""`triagebot select`: what to run next, in order, each test with its reason, and the pytest command. Writes only what `-o` names."""

from collections.abc import Sequence
from dataclasses import asdict

import click

from triagebot.cli.options import HISTORY, TRACKERS
from triagebot.cli.output import json_text, tables
from triagebot.cli.process import Process
from triagebot.config.amounts import duration_text, seconds
from triagebot.errors import UserError
from triagebot.markdown.text import folded
from triagebot.pipeline.collecting import collected
from triagebot.pipeline.opening import open_workspace
from triagebot.pipeline.reading import read_config
from triagebot.pipeline.run_options import TriageOptions
from triagebot.pipeline.selecting import Selected, SelectOptions, known_of, selected
from triagebot.reports.test_names import is_node_id
from triagebot.selection import Choice
from triagebot.selection.command import LONG

_SHOWN = 20


def _budget(_context: click.Context, _option: click.Parameter, value: str | None) -> float | None:
    """A length of time in seconds."""
    try:
        return None if value is None else seconds(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


@click.command("select")
@click.option(
    "--least-covered",
    "how",
    flag_value="least-covered",
    default=True,
    help="What was proven least, and longest ago, first.  [default]",
)
@click.option(
    "--risk",
    "how",
    flag_value="risk",
    help="What is most likely to show a cause for its time, the most urgent first.",
)
@click.option("--failed", "how", flag_value="failed", help="What failed when it last ran.")
@click.option("--phase", metavar="N", help="The suites of one phase.")
@click.option(
    "--budget",
    metavar="TIME",
    callback=_budget,
    help="No more than this in all, such as 20m; what a gate needs is always in.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="No more tests than this; what a gate needs is always in.",
)
@click.option(
    "--collect",
    metavar="FILE",
    help="Tests that are in the code: the output of `pytest --collect-only -q`, or a report; - reads it.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write pytest's arguments into this file, one a line, and name it in the command.",
)
@click.option(
    "--environment",
    metavar="NAME",
    help="Where the tests ran.  [default: from [[scopes]], else the newest issue's]",
)
@click.option("--branch", metavar="NAME", help="Branch of the tested code.  [default: as --environment]")
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
    how: str,
    phase: str | None,
    budget: float | None,
    limit: int | None,
    collect: str | None,
    output: str | None,
    environment: str | None,
    branch: str | None,
    config: str | None,
    tracker: str | None,
    history: str | None,
    as_json: bool,
) -> None:
    """Choose what to run next from history, suites, causes and gates, and print the pytest command.

    What a gate that is held needs comes first, whatever is asked for.

    \b
    Examples:
      triagebot select --least-covered --budget 20m
      triagebot select --risk --limit 50 --json
      pytest --collect-only -q | triagebot select --collect - -o args.txt
      triagebot select --phase 1
    """  # fmt: skip
    settings = read_config(config, process.effects)
    options = SelectOptions(
        how="phase" if phase else how,  # type: ignore[arg-type]  # click gives one of the flags' values
        phase=phase or "",
        budget=budget,
        limit=limit,
        collected=collected(collect, process.effects) if collect else None,
        environment=environment,
        branch=branch,
    )
    with open_workspace(
        TriageOptions(tracker, history=history), process.effects, settings, writes=False
    ) as workspace:
        known = known_of(options, settings, workspace, process.effects)
        notices = (*workspace.notices, *known.quarantine.shouted)
    for said in notices:
        process.complain(folded(said))
    found = selected(options, known, process.now())
    if output:
        _write(process, output, found.arguments)
    line = found.command(settings, output or "")
    if as_json:
        process.stdout.write(json_text.dumps(_as_json(found, line)) + "\n")
    else:
        _show(process, found, line, filed=bool(output))


def _as_json(found: Selected, line: str) -> dict[str, object]:
    """The selection for machines."""
    choice = found.selection
    return {
        "schema": 1,
        "environment": found.known.scope.environment,
        "branch": found.known.scope.branch,
        "seconds": round(choice.seconds, 3),
        "budget": choice.budget,
        "over": choice.over,
        "left": choice.left,
        "tests": [asdict(each) for each in choice.choices],
        "command": line,
    }


def _show(process: Process, found: Selected, line: str, *, filed: bool) -> None:
    """The selection for people: what in all, a row a test, the command."""
    choice = found.selection
    if not choice.choices:
        tables.say(process.console, "Nothing to run: no test is asked for, and no gate needs one.")
        return
    suites = len({each.suite for each in choice.choices if each.suite})
    of = f" of {duration_text(choice.budget)}" if choice.budget is not None else ""
    left = f"; {choice.left} more did not fit" if choice.left else ""
    tables.say(
        process.console,
        f"{len(choice.choices)} tests of {suites} suites, about {duration_text(choice.seconds)}{of}{left}",
    )
    if choice.over:
        process.complain("what the gates need takes longer than the budget; all of it is in.")
    out = tables.table(
        process.console,
        ("", "right"),
        ("What", "left"),
        ("Suite", "left"),
        ("Takes", "right"),
        ("Why", "left"),
    )
    rows = _rows(choice.choices)
    for number, (what, some) in enumerate(rows[:_SHOWN], 1):
        suite, takes = (
            tables.safe(process, some[0].suite, 40),
            duration_text(sum(each.seconds for each in some)),
        )
        out.add_row(
            str(number),
            tables.safe(process, what, 120),
            suite,
            takes,
            tables.safe(process, some[0].reason, 300),
        )
    process.console.print(out)
    if len(rows) > _SHOWN:
        tables.say(process.console, f"… and {len(rows) - _SHOWN} more rows (--json tells all)", "dim")
    if not filed and len(found.arguments) > LONG:
        tables.say(
            process.console, f"{len(found.arguments)} arguments: -o args.txt makes the command short", "dim"
        )
    if others := sum(not is_node_id(each.test) for each in choice.choices):
        process.complain(
            f"{others} of these tests {'is' if others == 1 else 'are'} not pytest's: their own runner runs them."
        )
    if line:
        process.console.print(process.redactor.text(line), soft_wrap=True)


def _rows(choices: Sequence[Choice]) -> list[tuple[str, list[Choice]]]:
    """Tests of one file and one reason that follow each other are a row: the test, or its file with their number."""
    rows: list[tuple[str, list[Choice]]] = []
    for each in choices:
        file = each.test.partition("::")[0]
        last = rows[-1][1] if rows else []
        if last and last[0].test.startswith(f"{file}::") and last[0].reason == each.reason:
            last.append(each)
            rows[-1] = (f"{file.rpartition('/')[2]}: {len(last)} tests", last)
        else:
            rows.append((each.test.rpartition("/")[2] if "::" in each.test else each.test, [each]))
    return rows


def _write(process: Process, name: str, given: tuple[str, ...]) -> None:
    """Pytest's arguments, one a line."""
    try:
        (process.cwd / name).write_text(
            "".join(f"{each}\n" for each in given), encoding="utf-8", newline="\n"
        )
    except OSError as error:
        raise UserError(f"-o {name}: {(error.strerror or str(error)).lower()}. Name another file.") from None
