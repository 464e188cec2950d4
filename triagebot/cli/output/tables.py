"""Results for people: Rich tables on a terminal, the same table in plain text elsewhere. Nothing is decided here."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from triagebot.cli.process import Process
from triagebot.groups import Comparison, Group, Impact, Incident, Suggestion
from triagebot.groups.impact import risk_text
from triagebot.markdown.text import cut, folded, uncommanded
from triagebot.reports.model import Problem, Run

MOST_ROWS = 100
"""How many causes a table shows: nobody reads a longer one, and each row costs milliseconds."""
_TESTS_SHOWN = 3
_FILES_SHOWN = 4
_ALIKE_SHOWN = 3
_FINDINGS = 2
_FINDINGS_SHOWN = 12
_PRIORITY_STYLE = {"P1": "bold red", "P2": "yellow", "P3": "", "P4": "dim", "P5": "dim"}


def groups(
    process: Process,
    run: Run,
    found: Sequence[Group],
    storms: Sequence[Incident],
    alike: Sequence[Suggestion] = (),
) -> None:
    """One run's groups as a table under a line that says what ran."""
    console = process.console
    say(console, headline(run))
    if found:
        out = table(console, ("", "right"), ("Tests", "right"), ("What broke", "left"), ("At risk", "left"))
        for group in found[:MOST_ROWS]:
            out.add_row(*group_row(process, group))
        console.print(out)
        more(process, len(found) - MOST_ROWS, "--json lists all")
    for storm in storms:
        say(console, f"{storm.title} ({len(storm.parts)} parts)", style="bold red")
    for each in alike[:_ALIKE_SHOWN]:
        differs = "; ".join(each.differences)
        say(
            console,
            safe(process, f"Alike, perhaps one cause: {' and '.join(each.keys)} ({differs})", 400),
            style="dim",
        )
    problems(process, run.problems)


def findings(process: Process, said: Sequence[str]) -> None:
    """What contracts and passes are worth, a line each."""
    for line in said[:_FINDINGS_SHOWN]:
        say(process.console, safe(process, line[:1].upper() + line[1:], 500))
    if len(said) > _FINDINGS_SHOWN:
        say(process.console, f"… and {len(said) - _FINDINGS_SHOWN} more of this kind", "dim")


def more(process: Process, count: int, where: str) -> None:
    """How many causes a table left out, if any, and where they are."""
    if count > 0:
        say(process.console, f"… and {count} more cause{'s' * (count != 1)} ({where})", "dim")


def comparison(process: Process, found: Comparison) -> None:
    """What another version of the algorithm would merge and split, a line each."""
    lines = [f"would merge into {key}: {', '.join(keys)}" for key, keys in found.merges]
    lines += [f"would split {key}: {', '.join(keys)}" for key, keys in found.splits]
    for line in lines or [f"version {found.algorithm} makes the same groups"]:
        say(process.console, safe(process, line, 500))


def headline(run: Run) -> str:
    """What ran and how it ended, in one line."""
    totals = run.totals
    counts = ", ".join(
        f"{getattr(totals, name)} {name}"
        for name in ("failed", "error", "passed", "skipped", "xfailed", "xpassed", "rerun")
        if getattr(totals, name)
    )
    details = [*filter(None, (counts, run.idle))] or ["no tests ran"]
    if run.duration_s is not None:
        details.append(f"{run.duration_s:.1f} s")
    if run.exit_code not in (None, 0, 1):
        details.append(f"exit code {run.exit_code}")
    if run.doubted:
        details.append("its reports contradict themselves: what passed proves nothing")
    elif not run.complete:
        details.append("stopped early: what did not run proves nothing")
    where = " ".join(filter(None, (run.environment, run.branch, run.revision)))
    return f"Run {run.id[:40]}{f' on {where}' if where else ''}: {run.status} ({'; '.join(details)})"


def what(process: Process, group: Group) -> Text:
    """The cell that says what broke: the title, the key with its slots, and where: a few tests, or their files."""
    slots = " ".join(f"{name}={value}" for name, value in group.signature.slots)
    text = Text(safe(process, group.signature.title), style="bold")
    text.append(f"\n{safe(process, f'{group.key}  {slots}', 160)}", style="not bold cyan")
    for line in _test_names(group.tests):
        text.append(f"\n{safe(process, line)}", style="not bold dim")
    if group.parts:
        keys = ", ".join(part.key for part in group.parts[1:])
        text.append(f"\n{safe(process, f'and as {keys}', 160)}", style="not bold cyan")
    for suspect in group.suspects[:1]:
        told = f"Suspect: commit {suspect.commit[:12]} ({suspect.subject}) changes {suspect.touches}"
        text.append(f"\n{safe(process, told)}", style="not bold italic")
    for hint in (*group.findings[:_FINDINGS], *group.hints):
        text.append(f"\n{safe(process, hint)}", style="not bold italic")
    return text


def _test_names(tests: Sequence[str]) -> list[str]:
    """Where a cause shows: up to three tests by name, else their files with a count, the fullest first."""
    if len(tests) <= _TESTS_SHOWN:
        return [_short(test) for test in tests]
    files = Counter(_short(test).partition("::")[0] for test in tests)
    shown = [f"{name}: {count} test{'s' * (count != 1)}" for name, count in files.most_common(_FILES_SHOWN)]
    more = len(files) - len(shown)
    return [*shown, f"… and {more} more file{'s' * (more != 1)}"] if more else shown


def at_risk(process: Process, impact: Impact) -> str:
    """The first risk in words and how many more there are; the areas where nobody named one."""
    if not impact.risks:
        return safe(process, ", ".join(impact.areas), 60)
    more = f"\n… and {len(impact.risks) - 1} more" if len(impact.risks) > 1 else ""
    return safe(process, risk_text(impact.risks[0]), 60) + more


def _short(test: str) -> str:
    """A test's id without the folders before its file."""
    place, mark, rest = test.partition("::")
    return place.rpartition("/")[2] + mark + rest


def priority(impact: Impact) -> Text:
    """The priority in its colour."""
    return priority_text(impact.priority)


def priority_text(name: str) -> Text:
    """A priority by name in its colour."""
    return Text(name, style=_PRIORITY_STYLE[name])


def problems(process: Process, found: Iterable[Problem]) -> None:
    """What could not be read, one line each, on standard error: it must not be overlooked."""
    for problem in found:
        where = f"{problem.path}: " if problem.path else ""
        say(
            process.progress_console,
            f"problem: {safe(process, f'{where}{problem.reason}', 500)}",
            style="yellow",
        )


def safe(process: Process, text: str, limit: int = 200) -> str:
    """Outside text fit for a terminal or a log: no secrets, no control sequences, one line, no command of a runner."""
    return uncommanded(cut(folded(process.redactor.text(text)), limit))


def say(console: Console, text: str, style: str = "") -> None:
    """One line, wrapped by the terminal and not by us."""
    console.print(Text(text, style=style), soft_wrap=True)


def markdown(process: Process, text: str) -> None:
    """Markdown as it reads on a terminal, and as it stands for everybody else."""
    if process.console.is_terminal:
        process.console.print(Markdown(text))
    else:
        process.stdout.write(text)


def table(console: Console, *columns: tuple[str, str]) -> Table:
    """An empty table of (heading, justify) columns that fits the console."""
    out = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else box.ASCII2, show_lines=not console.is_terminal
    )
    for heading, justify in columns:
        out.add_column(heading, justify="right" if justify == "right" else "left", overflow="fold")
    return out


def group_row(process: Process, group: Group) -> tuple[Text | str, ...]:
    """One group as cells."""
    return (
        priority(group.impact),
        str(len(group.tests)),
        what(process, group),
        at_risk(process, group.impact),
    )
