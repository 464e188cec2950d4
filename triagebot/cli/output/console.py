"""What became of a run, for people: its causes with their issues, what was written, held and refused."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rich.text import Text

from triagebot.cli.output import tables
from triagebot.cli.process import Process
from triagebot.history.heartbeat import Heartbeat
from triagebot.issues import Match
from triagebot.pipeline.drafting import Drafter
from triagebot.pipeline.issue_numbers import issue_numbers
from triagebot.pipeline.proving import Proof
from triagebot.pipeline.triaging import Planned
from triagebot.plans import Change, Outcome, Plan, SavedPlan, describe, dump
from triagebot.plans.model import AddComment, CloseIssue, EditIssue, LabelIssue, OpenIssue, ReopenIssue
from triagebot.trackers import Tracker

_STATE_STYLE = {"new": "bold", "regressed": "bold red"}
_DONE: dict[type[Change], str] = {
    OpenIssue: "opened",
    EditIssue: "updated",
    ReopenIssue: "reopened",
    CloseIssue: "closed",
    AddComment: "commented",
    LabelIssue: "updated",
}


def triaged(
    process: Process, planned: Planned, done: Sequence[Outcome], tracker: Tracker, *, dry_run: bool = False
) -> None:
    """One triaged run: its causes with their issues, then what was changed, held and refused."""
    console = process.console
    tables.say(console, tables.headline(planned.run))
    proof(process, planned.proof)
    if planned.matches:
        numbers = issue_numbers(planned, done)
        out = tables.table(
            console,
            ("Issue", "right"),
            ("", "right"),
            ("", "left"),
            ("Tests", "right"),
            ("What broke", "left"),
            ("At risk", "left"),
        )
        for found in planned.matches[: tables.MOST_ROWS]:
            out.add_row(
                _issue_of(found, numbers), *_state_row(found), *tables.group_row(process, found.group)[1:]
            )
        console.print(out)
        tables.more(process, len(planned.matches) - tables.MOST_ROWS, "`triagebot group --json` lists all")
    if planned.logged:
        tables.say(console, "Errors in the logs of this run:")
        for line in planned.logged:
            tables.say(console, f"  {tables.safe(process, line, 300)}")
    tables.problems(process, planned.plan.problems)
    if dry_run:
        described(process, planned.plan)
    else:
        outcomes(process, done, _nothing(planned))
        _held(process, planned.plan)
        _where(process, done, tracker)


def proof(process: Process, found: Proof) -> None:
    """Gates with what holds them up, then what contracts and passes are worth."""
    for gate in found.gates:
        style = "green" if gate.passed else "bold red"
        tables.say(process.console, tables.safe(process, f"G{gate.summary[1:]}", 500), style)
    tables.findings(process, found.findings)


def _nothing(planned: Planned) -> str:
    """Why a run changed nothing."""
    if not planned.matches:
        return "Nothing to change: nothing is red, and no open issue waits for this run."
    if all(match.state == "reported" for match in planned.matches):
        return "Nothing to change: everything in this run is on its issues already."
    return "Nothing to change."


def drafting(process: Process, drafter: Drafter) -> None:
    """How each asking for a draft ended, what all of it cost, and which logs could not be read."""
    for line in drafter.lines:
        tables.say(process.progress_console, tables.safe(process, line, 500))
    tables.problems(process, drafter.problems)


def described(process: Process, plan: Plan) -> None:
    """What a plan would do, a line a change."""
    for line in describe(plan):
        tables.say(process.console, tables.safe(process, line, 300))
    tables.say(process.console, "Dry run: nothing was written.")


def saved(process: Process, plan: SavedPlan) -> None:
    """Where the plan is, and by which digest it can be approved."""
    told = f"Plan {tables.safe(process, plan.name, 300)}, SHA-256 {plan.sha256}"
    tables.say(process.console, told)


def outcomes(process: Process, done: Sequence[Outcome], nothing: str = "Nothing to change.") -> None:
    """What came of a plan: a count for what went well (`nothing` for none), a line for everything else."""
    counts = [
        (what, sum(_did(o) == what for o in done))
        for what in ("opened", "updated", "reopened", "closed", "commented")
    ]
    told = ", ".join(f"{count} {what}" for what, count in counts if count)
    tables.say(process.console, f"Issues: {told}." if told else nothing)
    for outcome in done:
        if outcome.status in {"failed", "stale"}:
            tables.say(
                process.progress_console,
                f"{outcome.status}: {tables.safe(process, f'{outcome.change.key}: {outcome.detail}', 500)}",
                style="red",
            )


def heartbeat(process: Process, beat: Heartbeat) -> None:
    """When runs were last heard of, and in red where that is too long ago."""
    for line in beat.lines:
        style = "bold red" if line in beat.alarms else ""
        tables.say(process.progress_console, f"Heard of {tables.safe(process, line, 300)}", style)
    if beat.alarms:
        process.complain(
            "runs have stopped coming (limits.silence_days): see whether the suite and its triage still run."
        )


def plans_as_json(process: Process, done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> None:
    """Each run's plan as JSON with an `outcome` in each change: one document, or one a line of runs with `--each`."""
    for planned, came in done:
        told = planned.proof.as_json
        plan_as_json(process, planned.plan, came, told if any(told.values()) else {})


def plan_as_json(
    process: Process, plan: Plan, came: Sequence[Outcome], more: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """One plan as JSON with what came of it, and what else was told of its run."""
    process.stdout.write(dump(plan, {o.change.once: o for o in came}, more))


def _state_row(found: Match) -> tuple[Text, Text]:
    """Priority and state of a match."""
    return tables.priority(found.group.impact), Text(found.state, style=_STATE_STYLE.get(found.state, "dim"))


def _issue_of(found: Match, numbers: Mapping[str, int]) -> str:
    """The number of a match's issue, whether it was there before or has just been opened."""
    number = numbers.get(found.group.key)
    return f"#{number}" if number else "-"


def _did(outcome: Outcome) -> str:
    """What an applied change did, in a word; "" for what was not applied."""
    if outcome.status != "applied":
        return ""
    return _DONE[type(outcome.change)]


def _held(process: Process, plan: Plan) -> None:
    """What was not filed, one line a reason."""
    if plan.blocked:
        tables.say(process.progress_console, f"blocked: {plan.blocked}", style="red")
    reasons: dict[str, list[str]] = {}
    for held in plan.held:
        reasons.setdefault(held.reason, []).append(held.key)
    for reason, keys in reasons.items():
        tables.say(
            process.console, f"Held: {len(keys)} ({tables.safe(process, reason, 300)})", style="yellow"
        )


def _where(process: Process, done: Sequence[Outcome], tracker: Tracker) -> None:
    """How to read on."""
    if tracker.name == "local" and any(o.issue for o in done):
        first = next(o.issue for o in done if o.issue)
        tables.say(process.console, f"Read an issue with: triagebot issues show {first}", style="dim")
