"""The values that reading produces: what ran, what broke and what could not be read.

`parse` makes a `Report` of one file; `merge` makes the `Run` of all reports of one command. A value says how far
the data has come: `parse` has taken out secrets and what is not seen; nothing here has been masked or judged, and every text
is still untrusted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from triagebot.redact import Fact

Phase = Literal["setup", "call", "teardown", "collect"]
CaseOutcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]
RED = frozenset(("failed", "error"))
"""Outcomes of a case that is red."""
RunStatus = Literal["passed", "failed", "errored", "interrupted", "empty", "unreadable"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or believed: where, and why, in words fit for the user."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Beyond(Problem):
    """A problem of a limit: what stands beyond it was not read, so that the run proves nothing."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a traceback as the report shows it. `function` and `code` are "" where the style omits them."""

    path: str
    line: int | None
    function: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception of a chain. `type` is spelled as the report spells it (qualified or bare), frames outermost first.

    `link` says how this exception leads to the one that follows it in the chain (which runs from the first raised
    to the last): "cause" for `raise … from`, "context" for "during handling", "captured" for what a server in the test
    process printed of the request that it dropped, "" for the last of the chain.
    `attributes` are the plugin's (name, value) pairs; `leaves` are the members of an exception group, and `before` is
    the chain that led to a leaf (first raised first, without the leaf, empty for all but leaves).
    """

    type: str
    message: str
    frames: tuple[Frame, ...] = ()
    link: Literal["", "cause", "context", "captured"] = ""
    attributes: tuple[tuple[str, str], ...] = ()
    leaves: tuple["Raised", ...] = ()
    before: tuple["Raised", ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Captured output that a report carries beside a failure, such as ("Captured log call", "ERROR …")."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a runner kept of a failure: a screenshot, a video, a trace. `path` and `content_type` may be ""."""

    name: str
    path: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """One phase of one attempt of a case that failed or errored.

    `test` is the id to display (pytest's node id where the report has it), `join` the id that is the same in every
    format. `message` is the report's own short message, `text` its long representation; either may be "".
    `chain` is there only when the pytest plugin recorded it (first raised first). `project` and `leg` are its case's.
    """

    test: str
    join: str
    phase: Phase
    message: str
    text: str
    chain: tuple[Raised, ...] = ()
    sections: tuple[Section, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    project: str = ""
    leg: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One execution of a case. `failures` is empty unless `outcome` is failed or error. Durations in seconds.

    `properties` are what the suite recorded beside it, as (name, value); those of a JSON report's metadata are `metadata.<key>`.
    """

    outcome: CaseOutcome
    failures: tuple[Failure, ...] = ()
    duration_s: float | None = None
    sections: tuple[Section, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()


class Call(NamedTuple):
    """The first call of a function of the code under test, as `module:qualname`; `caller` is spelled alike, "" for none.

    `place` is path:line of its definition, relative to the root of the test session.
    """

    function: str
    caller: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Something that the test process sent to or had from outside: `action` is a method, `connect`, `close` or the like.

    `status` is what came back: an HTTP status, a close code, the name of an error; "" where nobody looked.
    """

    action: str
    host: str
    path: str = ""
    status: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What the pytest plugin saw of the last attempt of a case; times in UTC. Calls, contacts and fixtures in their order.

    `absent` names what could not be recorded: "function", "contact", "fixture".
    """

    started: datetime | None = None
    ended: datetime | None = None
    calls: tuple[Call, ...] = ()
    contacts: tuple[Contact, ...] = ()
    fixtures: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One test of one leg with all its attempts in order. The last attempt decides `outcome`.

    `project` is who ran it, where a report names several (a project, a browser, an assembly); then it is part of both ids.
    A collector that could not be collected is a case whose only failure has the phase "collect". `unproven` says why its pass
    proves nothing ("" where nobody doubts it).
    """

    test: str
    join: str
    outcome: CaseOutcome
    attempts: tuple[Attempt, ...]
    leg: str = ""
    trace: Trace | None = None
    project: str = ""
    unproven: str = ""

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failures that make this case red: those of the last attempt."""
        return self.attempts[-1].failures

    @property
    def duration_s(self) -> float | None:
        """Seconds of the last attempt over all its phases, where the report says."""
        return self.attempts[-1].duration_s


@dataclass(frozen=True, slots=True)
class Report:
    """One file as read. A file that could not be read has no cases and at least one problem, never an exception.

    `sha256` is that of the raw bytes. `started` is in UTC (None when the report does not say or says it without a
    usable clock). `exit_code` is pytest's, where the format has it. `complete` is False when the run was stopped or
    the file was cut: what it did not run proves nothing. `facts` are what the report itself says of environment,
    branch, commit and revision (keys by those names). `job` is the name of the job whose log
    it is. `unnamed` counts cases that the report reckons up but does not
    name, by outcome (terminal output with `-q`). `readable` is False when nothing could be learnt from the file. `doubted` is
    True when it contradicts itself (what it counts and what it names, outcomes that nobody knows): a problem says how,
    and nothing that passed in it proves anything. `idle` says why nothing ran, where that was asked for. `gated` is True
    when it says that a gate beside the tests (coverage) was missed, which explains a red exit code. `traces` are (join id,
    trace) of a file that holds nothing else: it is no report, and merging puts them beside the cases of those that are.
    """

    path: str
    sha256: str
    format: str
    cases: tuple[Case, ...] = ()
    started: datetime | None = None
    duration_s: float | None = None
    exit_code: int | None = None
    collected: int | None = None
    complete: bool = True
    problems: tuple[Problem, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    leg: str = ""
    job: str = ""
    unnamed: dict[CaseOutcome, int] = field(default_factory=dict)
    readable: bool = True
    doubted: bool = False
    idle: str = ""
    gated: bool = False
    traces: tuple[tuple[str, Trace], ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What the command knows of the run beside its reports; each part wins over what a report says of itself.

    `run_id` is the whole id when given. `leg` is the leg of every report that names none.
    """

    run_id: Fact | None = None
    environment: Fact | None = None
    branch: Fact | None = None
    commit: Fact | None = None
    revision: Fact | None = None
    url: Fact | None = None
    leg: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many cases ended how. `failed` and `error` count cases, not phases; `rerun` counts attempts beyond the first."""

    collected: int
    passed: int = 0
    failed: int = 0
    error: int = 0
    skipped: int = 0
    xfailed: int = 0
    xpassed: int = 0
    rerun: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Within one scope rates, proof and flakiness count. Both parts are None when nobody said."""

    environment: Fact | None = None
    branch: Fact | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One command's reports merged: the unit that history, issues and once-keys speak of.

    `started` is UTC or None; `exit_code` None where no format has one. `status` is `unreadable` when nothing could
    be read, `empty` when nothing ran, `interrupted` when pytest was stopped (exit code 2 with nothing red, or a crash),
    `errored` for internal or usage errors, for red without a failing case and for reports that contradict themselves,
    else `failed` or `passed`. `idle` says why nothing ran where that was asked for (only collected, all deselected, all
    skipped) and is "" everywhere else. A `doubted` run proves nothing, whatever passed in it. `strangers` says why its code
    may be that of strangers ("" when it is ours): then it is told of, and neither filed, recorded nor shown to a model.
    """

    id: Fact
    formats: tuple[str, ...]
    cases: tuple[Case, ...]
    totals: Totals
    status: RunStatus
    complete: bool = True
    started: datetime | None = None
    duration_s: float | None = None
    exit_code: int | None = None
    environment: Fact | None = None
    branch: Fact | None = None
    commit: Fact | None = None
    revision: Fact | None = None
    url: Fact | None = None
    reports: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    doubted: bool = False
    idle: str = ""
    strangers: str = ""

    @property
    def scope(self) -> Scope:
        """The scope within which this run counts."""
        return Scope(self.environment, self.branch)

    @property
    def failures(self) -> Iterator[Failure]:
        """Every failure that makes a case red, in the order of the reports."""
        return (failure for case in self.cases for failure in case.failures)
