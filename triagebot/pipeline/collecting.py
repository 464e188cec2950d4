"""Tests that are in the code: what `pytest --collect-only -q` prints, or the tests of a report.

In: a path, "-" for standard input. Out: node ids in their order. Raises UserError where none are found.
"""

import re
from dataclasses import replace

from triagebot.errors import UserError
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.reading import read_runs
from triagebot.pipeline.run_options import ReportOptions
from triagebot.sources.plain_files import whole

_NODE = re.compile(r"^[^\s:<][^:\n]{0,400}\.py::\S[^\n]{0,2000}$", re.MULTILINE)
"""A node id on a line of its own.

Hit: `tests/test_cart.py::test_add[1]`
Miss: `<Function test_add>`
Miss: `2 tests collected in 0.10s`
"""


def collected(path: str, effects: Effects) -> tuple[str, ...]:
    """The node ids behind `--collect`."""
    try:
        data = effects.stdin.read() if path == "-" else whole(effects.cwd / path)
    except OSError as error:
        raise UserError(
            f"--collect {path}: {(error.strerror or str(error)).lower()}. Check the path."
        ) from None
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    found = [line.strip() for line in _NODE.findall(text)] if not text.lstrip().startswith(("{", "<")) else []
    if not found and path != "-":
        options = replace(ReportOptions((path,)), no_logs=True)
        found = [case.test for run in read_runs(options, effects, strict=False) for case in run.cases]
    if not found:
        raise UserError(
            f"--collect {path}: names no test. Give the output of `pytest --collect-only -q`, or a report."
        )
    return tuple(dict.fromkeys(map(effects.redactor.lasting, found)))
