"""Files of traces that the pytest plugin writes beside JUnit reports, a line for each attempt of a test.

In: a `File`. Out: a `Report` without cases, with `traces`. A session that was killed leaves its last line cut, which is left out
without a word; any other line that cannot be read is a problem.
"""

import json
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_values import mapping, string
from triagebot.reports.limits import Exceeded
from triagebot.reports.model import Report, Trace
from triagebot.reports.recorded_traces import FORMAT, Calls, trace_of
from triagebot.reports.test_names import join_id

_HEAD = '{"triagebot-trace":1}'


def looks(head: str) -> bool:
    """Whether a text starts like a file of traces."""
    return head.lstrip("\ufeff \t\r\n").startswith(_HEAD)


def read(file: File) -> Report:
    """The traces of a file, the last attempt of each test. Raises Exceeded for more than may be read."""
    calls, found, broken = Calls(), dict[str, Trace](), list[int]()
    lines = file.text.strip("\0 \t\r\n").split("\n")
    for number, line in enumerate(lines[1:], 2):
        held = _decoded(line)
        if not held:
            broken += [number] if number < len(lines) else []
            continue
        calls.more(held.get("functions"))
        trace = trace_of(held, calls)
        if trace:
            found[join_id(string(held.get("test")))] = trace
        if len(found) > file.limits.cases:
            raise Exceeded(
                f"traces of more than the {file.limits.cases} tests that may be read (limits.cases)"
            )
    told = (
        [file.problem(f"lines that are no traces: {len(broken)}, the first in line {broken[0]}")]
        if broken
        else []
    )
    return Report(
        file.path, file.sha256, FORMAT, problems=(*file.problems, *told), traces=tuple(found.items())
    )


def _decoded(line: str) -> dict[str, Any]:
    """What a line holds; nothing where it cannot be read."""
    try:
        return mapping(json.loads(line))
    except (ValueError, RecursionError):
        return {}
