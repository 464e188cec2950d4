"""What became of a run, for people: its causes with their issues, what was written, held and refused."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from triagebot.cli import show
from triagebot.cli.numbers import issue_numbers
from triagebot.cli.planning import Planned
from triagebot.cli.world import World
from triagebot.history.heartbeat import Heartbeat
from triagebot.issues import Match
from triagebot.plans import Change, Outcome, Plan, describe, dump
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
    world: World, planned: Planned, done: Sequence[Outcome], tracker: Tracker, *, dry_run: bool = False
) -> None:
    """One triaged run: its causes with their issues, then what was changed, held and refused."""
    console = world.console
    show.say(console, show.headline(planned.run))
    if planned.matches:
        numbers = issue_numbers(planned, done)
        out = show.table(
            console,
            ("Issue", "right"),
            ("", "right"),
            ("", "left"),
            ("Tests", "right"),
            ("What broke", "left"),
            ("At risk", "left"),
        )
        for found in planned.matches:
            out.add_row(
                _issue_of(found, numbers), *_state_row(found), *show.group_row(world, found.group)[1:]
            )
        console.print(out)
    show.problems(world, planned.plan.problems)
    if dry_run:
        described(world, planned.plan)
    else:
        outcomes(world, done, _nothing(planned))
        _held(world, planned.plan)
        _where(world, done, tracker)


def _nothing(planned: Planned) -> str:
    """Why a run changed nothing."""
    if not planned.matches:
        return "Nothing to change: nothing is red, and no open issue waits for this run."
    if all(match.state == "reported" for match in planned.matches):
        return "Nothing to change: everything in this run is on its issues already."
    return "Nothing to change."


def described(world: World, plan: Plan) -> None:
    """What a plan would do, a line a change."""
    for line in describe(plan):
        show.say(world.console, show.safe(world, line, 300))
    show.say(world.console, "Dry run: nothing was written.")


def outcomes(world: World, done: Sequence[Outcome], nothing: str = "Nothing to change.") -> None:
    """What came of a plan: a count for what went well (`nothing` for none), a line for everything else."""
    counts = [
        (what, sum(_did(o) == what for o in done))
        for what in ("opened", "updated", "reopened", "closed", "commented")
    ]
    told = ", ".join(f"{count} {what}" for what, count in counts if count)
    show.say(world.console, f"Issues: {told}." if told else nothing)
    for outcome in done:
        if outcome.status in {"failed", "stale"}:
            show.say(
                world.progress_console,
                f"{outcome.status}: {show.safe(world, f'{outcome.change.key}: {outcome.detail}', 500)}",
                style="red",
            )


def heartbeat(world: World, beat: Heartbeat) -> None:
    """When runs were last heard of, and in red where that is too long ago."""
    for line in beat.said:
        style = "bold red" if line in beat.alarms else ""
        show.say(world.progress_console, f"Heard of {show.safe(world, line, 300)}", style)
    if beat.alarms:
        world.complain(
            "runs have stopped coming (limits.silence_days): see whether the suite and its triage still run."
        )


def plans_as_json(world: World, done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> None:
    """Each run's plan as JSON with an `outcome` in each change: one document, or one a line of runs with `--each`."""
    for planned, came in done:
        plan_as_json(world, planned.plan, came)


def plan_as_json(world: World, plan: Plan, came: Sequence[Outcome]) -> None:
    """One plan as JSON with what came of it."""
    world.stdout.write(dump(plan, {o.change.once: o for o in came}))


def _state_row(found: Match) -> tuple[Text, Text]:
    """Priority and state of a match."""
    return show.priority(found.group.impact), Text(found.state, style=_STATE_STYLE.get(found.state, "dim"))


def _issue_of(found: Match, numbers: Mapping[str, int]) -> str:
    """The number of a match's issue, whether it was there before or has just been opened."""
    number = numbers.get(found.group.key)
    return f"#{number}" if number else "-"


def _did(outcome: Outcome) -> str:
    """What an applied change did, in a word; "" for what was not applied."""
    if outcome.status != "applied":
        return ""
    return _DONE[type(outcome.change)]


def _held(world: World, plan: Plan) -> None:
    """What was not filed, one line a reason."""
    if plan.blocked:
        show.say(world.progress_console, f"blocked: {plan.blocked}", style="red")
    reasons: dict[str, list[str]] = {}
    for held in plan.held:
        reasons.setdefault(held.reason, []).append(held.key)
    for reason, keys in reasons.items():
        show.say(world.console, f"Held: {len(keys)} ({show.safe(world, reason, 300)})", style="yellow")


def _where(world: World, done: Sequence[Outcome], tracker: Tracker) -> None:
    """How to read on."""
    if tracker.name == "local" and any(o.issue for o in done):
        first = next(o.issue for o in done if o.issue)
        show.say(world.console, f"Read an issue with: triagebot issues show {first}", style="dim")
