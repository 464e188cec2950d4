"""What a page tells about a run and about a cause, as values.

In: a run, groups, drafts, and where they are filed. Out: `RunDocument` and `CauseDocument`: plain text in reading order,
neither escaped nor cut. Markdown and HTML are made from nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from triagebot.drafts.citations import Confidence
from triagebot.drafts.model import Digest, Draft, FiveWhys
from triagebot.drafts.outline import Outline, outline
from triagebot.groups.impact import risk_text
from triagebot.groups.kept_files import kept_files, shown_name, trace_commands
from triagebot.groups.model import Group, Suspect
from triagebot.reports.model import Problem, Run

STANDINGS: dict[Confidence, str] = {
    "high": "root cause, every step quoted",
    "medium": "root cause, every step quoted, some left open",
    "low": "a hypothesis",
    "none": "the evidence does not lead to a cause",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of the run with its draft; `issue` and `url` where it is filed ("#12", "" when it is not).

    `state` is what the tracker says of it, such as "new" or "came back"; "" where nobody asked.
    """

    group: Group
    draft: Draft
    issue: str = ""
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class CauseDocument:
    """One cause as it is told. `name` is that of its files, without the ending.

    `standing` says in a few words how far the draft goes, `root` is the sentence of its primary root cause ("" for none).
    `kept` names the files that were kept of the failures, `traces` are commands that open some of them.
    `passed` and `evidence` are one line each: what passed beside it, and what says most about it ("" for nothing). `findings` are
    sentences on what sets its tests apart from those that passed, `suspects` commits that may have broken it.
    """

    name: str
    title: str
    key: str
    priority: str
    state: str
    issue: str
    url: str
    tests: tuple[str, ...]
    at_risk: tuple[str, ...]
    standing: str
    root: str
    passed: str
    evidence: str
    draft: Digest | Outline
    kept: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()


@dataclass(frozen=True, slots=True)
class RunDocument:
    """A run as it is told: which one, how its tests ended, its causes, and what could not be read.

    `without_model` are the reasons why causes have facts only, each once. `gates` are (name, whether it is open, why), `proof`
    sentences on contracts and on what passes are worth.
    """

    id: str
    about: str
    counts: str
    without_model: tuple[str, ...]
    causes: tuple[CauseDocument, ...]
    problems: tuple[Problem, ...]
    gates: tuple[tuple[str, bool, str], ...] = ()
    proof: tuple[str, ...] = ()


def run_document(
    run: Run,
    causes: Sequence[Cause],
    gates: tuple[tuple[str, bool, str], ...] = (),
    proof: tuple[str, ...] = (),
) -> RunDocument:
    """The run with its causes, in their order, and what was judged of it."""
    reasons = dict.fromkeys(cause.draft.reason for cause in causes if isinstance(cause.draft, Digest))
    told = tuple(map(cause_document, causes))
    return RunDocument(run.id, about(run), counts(run), tuple(reasons), told, run.problems, gates, proof)


def cause_document(cause: Cause) -> CauseDocument:
    """One cause."""
    group = cause.group
    draft = outline(cause.draft) if isinstance(cause.draft, FiveWhys) else cause.draft
    kept = kept_files(group.failures)
    return CauseDocument(
        name=_file_name(group.key),
        title=group.signature.title,
        key=group.key,
        priority=group.impact.priority,
        state=cause.state,
        issue=cause.issue,
        url=cause.url,
        tests=group.tests,
        at_risk=tuple(map(risk_text, group.impact.risks)) or group.impact.areas,
        standing=_standing(draft),
        root=_root(draft),
        passed=_passed(draft),
        evidence=_evidence(draft, group),
        draft=draft,
        kept=tuple(map(shown_name, kept)),
        traces=trace_commands(kept),
        findings=group.findings,
        suspects=group.suspects,
    )


def about(run: Run) -> str:
    """When, where and what was tested, in words."""
    told = [
        f"started {moment(run.started)}" if run.started else "start not known",
        f"environment {run.environment}" if run.environment else "",
        f"branch {run.branch}" if run.branch else "",
        f"commit {run.commit[:12]}" if run.commit else "",
        f"revision {run.revision}" if run.revision else "",
    ]
    return ", ".join(text for text in told if text)


def moment(at: datetime) -> str:
    """A time for people: UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def counts(run: Run) -> str:
    """How the tests of the run ended, in words."""
    totals = run.totals
    stopped = "" if run.complete else " The run was stopped early: what did not run proves nothing."
    if run.doubted:
        stopped = " Its reports contradict themselves: what passed proves nothing."
    if run.idle:
        stopped = f" Nothing ran: {run.idle}."
    return (
        f"{totals.collected} tests: {totals.passed} passed, {totals.failed} failed, {totals.error} with errors, "
        f"{totals.skipped} skipped.{stopped}"
    )


def _file_name(key: str) -> str:
    """The key in characters that every file system takes."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in key)


def _standing(draft: Digest | Outline) -> str:
    """How far a draft goes, in a few words."""
    match draft:
        case Digest():
            return "facts only"
        case Outline():
            return STANDINGS[draft.confidence]
        case unreachable:
            assert_never(unreachable)


def _root(draft: Digest | Outline) -> str:
    """The sentence of the primary root cause; "" where none is named."""
    return draft.primary.sentence if isinstance(draft, Outline) and draft.primary else ""


def _passed(draft: Digest | Outline) -> str:
    """What passed beside it, the most telling line; "" where nothing is known."""
    return next(iter(draft.contrast), "") if isinstance(draft, Digest) else ""


def _evidence(draft: Digest | Outline, group: Group) -> str:
    """The line that says most: what the draft's root quotes, a hint of the groups, else the failure's own words."""
    if isinstance(draft, Outline):
        return draft.strongest.text if draft.strongest else ""
    message = next((fact.value for fact in draft.facts if fact.name == "Message"), "")
    return next(iter(group.hints), message)
