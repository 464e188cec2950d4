"""Where traces are written: the JSON report of a session, or a file beside its JUnit report.

In: traces as `traces` makes them. Out: the same with functions by number, for each is named once. What cannot be written is told
(`refused`), and never an error. It has no assert to rewrite: PYTEST_DONT_REWRITE.
"""

import json
import os
from pathlib import Path
from typing import IO, Any

import pytest

FILE = "triagebot-trace.json"


class FunctionIds:
    """Functions by number, in the order in which they are met."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self.functions: list[str] = []

    def folded(self, trace: dict[str, Any]) -> dict[str, Any]:
        """The trace with its calls as numbers: `3<0`, or `3` where nobody of the project calls."""
        calls = trace.get("calls")
        if not calls:
            return trace
        for name, _, place in calls:
            if name not in self._known:
                self._known[name] = len(self.functions)
                self.functions.append(f"{name} {place}")
        return {**trace, "calls": " ".join(self._call(name, caller) for name, caller, _ in calls)}

    def _call(self, name: str, caller: str) -> str:
        """One call. A caller that is no first call of any test yet gets the next number, without a place."""
        if caller and caller not in self._known:
            self._known[caller] = len(self.functions)
            self.functions.append(caller)
        return f"{self._known[name]}<{self._known[caller]}" if caller else str(self._known[name])


class ReportSink:
    """Keeps traces until pytest-json-report writes its report."""

    name = "the JSON report"
    refused = ""

    def __init__(self) -> None:
        self._numbers = FunctionIds()
        self._kept: dict[str, dict[str, Any]] = {}

    def open(self) -> None:
        """Nothing is to be done before the report is written."""

    def keep(self, test: str, trace: dict[str, Any]) -> None:
        """Keeps the last attempt of a test: the report knows no other."""
        self._kept[test] = self._numbers.folded(trace)

    def add_to(self, report: dict[str, Any]) -> None:
        """Puts the traces beside the tests, and the names of functions into the document."""
        for test in report.get("tests", ()):
            trace = self._kept.get(test.get("nodeid", ""))
            if trace:
                test.setdefault("metadata", {}).setdefault("triagebot", {})["trace"] = trace
        if self._kept:
            report["triagebot"] = {"functions": self._numbers.functions}

    def close(self) -> None:
        """Nothing is open."""


class FileSink:
    """Writes each trace as a line of its own as soon as it is there."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.refused = ""
        self._path = path
        self._numbers = FunctionIds()
        self._file: IO[str] | None = None

    def open(self) -> None:
        """Empties the file, whatever an earlier session left in it."""
        self._numbers = FunctionIds()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8")
            self._line({"triagebot-trace": 1})
        except OSError as error:
            self._refuse(error)

    def keep(self, test: str, trace: dict[str, Any]) -> None:
        """Writes the trace of one attempt."""
        known = len(self._numbers.functions)
        folded = self._numbers.folded(trace)
        fresh = {"functions": new} if (new := self._numbers.functions[known:]) else {}
        self._line({"test": test, **fresh, **folded})

    def add_to(self, report: dict[str, Any]) -> None:
        """The report has nothing to do with this file."""

    def close(self) -> None:
        """Closes the file."""
        if self._file:
            self._file.close()
        self._file = None

    def _line(self, value: dict[str, Any]) -> None:
        """One line, which is in the file before the next test begins."""
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(value, separators=(",", ":")) + "\n")
            self._file.flush()
        except OSError as error:
            self._refuse(error)

    def _refuse(self, error: OSError) -> None:
        """The disk is full, or the folder is not ours: there are no more traces."""
        self.refused = f"{self._path}: {error.strerror or error}"
        self._file = None


def sink_of(config: pytest.Config) -> ReportSink | FileSink:
    """Where the traces of a session go."""
    asked = config.getoption("triagebot_trace_file", default=None)
    if getattr(config.option, "json_report", False) and not asked:
        return ReportSink()
    junit = getattr(config.option, "xmlpath", None)
    if asked:
        path = Path(os.path.expanduser(asked))
    elif junit:
        path = Path(os.path.expandvars(os.path.expanduser(junit)))
        path = path.with_name(f"{path.stem}.{FILE}")
    else:
        path = Path(FILE)
    return FileSink(config.invocation_params.dir / path)
