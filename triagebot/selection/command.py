"""The pytest command of a selection, as a shell reads it.

In: a selection, known tests, whether traffic must be seen. Out: arguments and one line. Where every known test of a file is chosen, and
their order does not matter, the file stands for them, so that tests that are new come along. Tests of other runners are left out.
"""

import shlex
from collections.abc import Sequence

from triagebot.reports.test_names import is_node_id
from triagebot.selection.facts_per_test import TestFacts
from triagebot.selection.model import Selection

REPORT = ("--json-report", "--json-report-file=report.json")
TRACE = "--triagebot-trace"
LONG = 60
"""More arguments than this are better read from a file."""


def arguments(selection: Selection, known: Sequence[TestFacts], *, ordered: bool) -> tuple[str, ...]:
    """What pytest is given: files where all of them is chosen, else node ids; in their order."""
    chosen = [choice.test for choice in selection.choices if is_node_id(choice.test)]
    if ordered:
        return tuple(chosen)
    wanted, whole = set(chosen), dict[str, bool]()
    for one in known:
        file = one.test.partition("::")[0]
        whole[file] = whole.get(file, True) and one.test in wanted
    named = (file if whole.get(file := test.partition("::")[0]) else test for test in chosen)
    return tuple(dict.fromkeys(named))


def pytest_command(given: Sequence[str], *, traced: bool, file: str = "", more: Sequence[str] = ()) -> str:
    """One line for a shell, "" without arguments; with `file` they are read from it (pytest 8.2 or newer)."""
    if not given:
        return ""
    listed = [f"@{file}"] if file else [*given]
    return shlex.join(["pytest", *REPORT, *([TRACE] if traced else []), *more, *listed])
