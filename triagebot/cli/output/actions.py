"""What a triage tells GitHub Actions: step summary, annotations, outputs.

In: what was planned and what came of it. Out: a `ActionTexts` of final texts (`tell`, pure), and its way into the runner's
files and log (`publish`, the only effect here). Everything from outside passes `triagebot.markdown`;
the limits are the runner's: 1 MiB for a summary, ten annotations a step, 1 MiB for outputs.
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Literal, TextIO

from triagebot.cli.process import Process
from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.history.heartbeat import Heartbeat
from triagebot.issues import Match
from triagebot.issues.match import STATES
from triagebot.markdown import (
    Markdown,
    bullets,
    code,
    fill,
    fold,
    heading,
    inline,
    join,
    paragraphs,
    plain,
    table,
    words,
    workflow,
    workflow_property,
)
from triagebot.pipeline.issue_numbers import issue_numbers
from triagebot.pipeline.triaging import Planned
from triagebot.plans import Outcome, Plan, SavedPlan
from triagebot.plans.model import CloseIssue, EditIssue, OpenIssue, ReopenIssue
from triagebot.reports.model import Run

Conclusion = Literal["clean", "known", "new", "regressed", "unreadable", "empty", "no-reports", "refused"]
Level = Literal["error", "warning", "notice"]

QUIET = "TRIAGEBOT_QUIET"
"""Where the token stands with which the runner was told not to look for commands in the log (`cli.runner` sets it)."""
MOST_ANNOTATIONS = 10
MOST_ROWS = 100
SUMMARY_BYTES = 1_000_000
_LISTED = 200
_ORDER = {"regressed": 0, "new": 1, "known": 2, "reported": 3, "straggler": 4, "muted": 5}
_LEVELS: dict[str, Level] = {"regressed": "error", "new": "error", "known": "warning", "reported": "warning"}
_NO_BEAT = Heartbeat()
_HOME = re.compile(r"https?://[A-Za-z0-9.:-]{1,200}/[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
"""The page of a repository, which links to issues begin with.

Hit: `https://github.com/shop/cart`
Miss: `https://github.com/shop`
Miss: `https://github.com/shop/cart) [x`
"""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One line in the run's list of annotations, at the file of the exemplar where it names one."""

    level: Level
    title: str
    message: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class ActionTexts:
    """Final texts: the step summary in Markdown, annotations in order of urgency, outputs by name."""

    summary: str
    annotations: tuple[Annotation, ...]
    outputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cause:
    """One group of one run as a row: what it means, its issue's number and what it is called."""

    match: Match
    number: int | None


def texts_of_runs(
    done: Sequence[tuple[Planned, Sequence[Outcome]]],
    config: Config,
    *,
    home: str,
    saved: SavedPlan | None = None,
    dry_run: bool = False,
    remark: str = "",
) -> ActionTexts:
    """The texts about these runs. `home` is the repository's page; `remark` one line of ours, such as what was spent."""
    causes = sorted((cause for one in done for cause in _causes(*one)), key=_urgency)
    outcomes = [outcome for _, came in done for outcome in came]
    conclusion = conclude(done)
    parts = [
        heading(2, _headline(conclusion, causes, outcomes, dry_run=dry_run)),
        _gates(done),
        *(_ran(planned.run) for planned, _ in done),
        _findings(done),
        _table(causes, home) if causes else Markdown(""),
        _logged(done),
        _passed([planned.run for planned, _ in done], config),
        _held(done),
        _refused(outcomes),
        _problems(done),
        inline(remark, 1500) if remark else Markdown(""),
        _saved(saved),
    ]
    return ActionTexts(
        summary=_within(parts, SUMMARY_BYTES),
        annotations=tuple(_annotation(cause) for cause in causes[:MOST_ANNOTATIONS]),
        outputs=_outputs(conclusion, causes, outcomes, home)
        | _outputs_of(saved)
        | {"gates": _gates_json(done)},
    )


def _gates(done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> Markdown:
    """Each gate, the held ones first, and quarantine that is over."""
    found = sorted(
        (gate for planned, _ in done for gate in planned.proof.gates), key=lambda gate: gate.passed
    )
    lines = [
        fill("{} **{}** {}", words("✅" if g.passed else "⛔"), inline(f"{g.name}: {'open' if g.passed else 'held'}"), inline(g.why, 500))
        for g in found[:MOST_ROWS]
    ]  # fmt: skip
    shouted = dict.fromkeys(said for planned, _ in done for said in planned.proof.quarantine.shouted)
    lines += [fill("⚠️ {}", inline(said, 500)) for said in shouted]
    return paragraphs(words("**Gates**"), bullets(lines)) if lines else Markdown("")


def _gates_json(done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> str:
    """The gates of the last run for machines."""
    found = done[-1][0].proof.gates if done else ()
    listed = [
        {
            "name": plain(g.name),
            "open": g.passed,
            "proven": g.proven,
            "total": g.total,
            "why": plain(g.why, 300),
        }
        for g in found
    ]
    return json.dumps(listed, ensure_ascii=True)


def _findings(done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> Markdown:
    """What contracts and passes are worth."""
    said = dict.fromkeys(said for planned, _ in done for said in planned.proof.findings)
    lines = [inline(line, 500) for line in [*said][:MOST_ROWS]]
    return paragraphs(words("**Contracts and proof**"), bullets(lines)) if lines else Markdown("")


def _logged(done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> Markdown:
    """The errors that services logged."""
    said = dict.fromkeys(said for planned, _ in done for said in planned.logged)
    lines = [inline(line, 300) for line in [*said][:MOST_ROWS]]
    return paragraphs(words("**Errors in the logs of this run**"), bullets(lines)) if lines else Markdown("")


def _saved(plan: SavedPlan | None) -> Markdown:
    """By which digest a plan on disk is approved."""
    return fill("SHA-256 of the plan: {}", code(plan.sha256)) if plan else Markdown("")


def _outputs_of(plan: SavedPlan | None) -> dict[str, str]:
    """The outputs about a plan on disk."""
    return {"plan": plan.name if plan else "", "plan-sha256": plan.sha256 if plan else ""}


def no_reports(reason: str) -> ActionTexts:
    """The texts when there was no report: an outcome of its own, so that silence is never taken for green."""
    title = words("No report was found: this says nothing about the system")
    return ActionTexts(
        summary=paragraphs(heading(2, title), inline(reason, 500)) + "\n",
        annotations=(Annotation("warning", "triagebot: no report", plain(reason)),),
        outputs=_outputs("no-reports", [], [], "") | _outputs_of(None),
    )


def conclude(done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> Conclusion:
    """One word for it all, the worst first: `refused` when a write failed, then what the reports say."""
    if not done:
        return "no-reports"
    if any(o.status in ("failed", "stale") for _, came in done for o in came) or any(
        p.plan.blocked for p, _ in done
    ):
        return "refused"
    states = {match.state for planned, _ in done for match in planned.matches}
    kinds = {match.group.signature.kind for planned, _ in done for match in planned.matches}
    if "run.unreadable" in kinds or any(planned.run.status == "unreadable" for planned, _ in done):
        return "unreadable"
    if "regressed" in states:
        return "regressed"
    if "new" in states:
        return "new"
    if states:
        return "known"
    return "empty" if all(planned.run.status == "empty" for planned, _ in done) else "clean"


def publish(told: ActionTexts, environ: Mapping[str, str], log: TextIO, token: str) -> None:
    """Append the texts to the runner's files and write the annotations to its log.

    `token` is random and unknown to whoever wrote the reports: it delimits outputs, so that no text can end one early.
    Files that the runner did not name are left out.
    """
    _append("GITHUB_STEP_SUMMARY", told.summary, environ)
    _append("GITHUB_OUTPUT", "".join(heredoc(n, value, token) for n, value in told.outputs.items()), environ)
    if told.annotations:
        quiet = environ.get(QUIET, "")
        lines = [command(annotation) for annotation in told.annotations]
        shown = [f"::{quiet}::", *lines, f"::stop-commands::{quiet}"] if quiet else lines
        log.write("\n".join(shown) + "\n")
        log.flush()


def _append(variable: str, text: str, environ: Mapping[str, str]) -> None:
    """Append to the file that a variable of the runner names. Raises UserError where that cannot be written."""
    if not (path := environ.get(variable)):
        return
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UserError(
            f"{variable} ({path}): {(error.strerror or str(error)).lower()}. What was filed stands; make room, and run again."
        ) from None


def report(
    process: Process,
    done: Sequence[tuple[Planned, Sequence[Outcome]]],
    config: Config,
    *,
    remark: str = "",
    saved: SavedPlan | None = None,
    dry_run: bool = False,
    annotate: bool = True,
) -> None:
    """Tell the runner about these runs; nothing outside Actions. Without runs there was no report.

    `annotate` is False where standard output belongs to a machine: annotations go through it.
    """
    if process.in_actions and done:
        told = texts_of_runs(
            [(planned, _without_secrets(outcomes, process)) for planned, outcomes in done],
            config,
            home=_repository_url(process.environ),
            saved=saved,
            dry_run=dry_run,
            remark=process.redactor.text(remark),
        )
        told = told if annotate else replace(told, annotations=())
        publish(told, process.environ, process.stdout, token_hex(16))
    elif process.in_actions:
        report_missing(process, "there was no report", annotate=annotate)


def _without_secrets(outcomes: Sequence[Outcome], process: Process) -> tuple[Outcome, ...]:
    """The outcomes with what a tracker said of them redacted."""
    return tuple(replace(outcome, detail=process.redactor.text(outcome.detail)) for outcome in outcomes)


def report_missing(process: Process, reason: str, *, annotate: bool = True) -> None:
    """Tell the runner that there was no report; nothing outside Actions."""
    if process.in_actions:
        told = no_reports(process.redactor.text(reason))
        told = told if annotate else replace(told, annotations=())
        publish(told, process.environ, process.stdout, token_hex(16))


def report_applied(
    process: Process,
    plan: Plan,
    outcomes: Sequence[Outcome],
    beat: Heartbeat = _NO_BEAT,
    saved: SavedPlan | None = None,
    remark: str = "",
) -> None:
    """Tell the runner what came of a saved plan, and when runs were last heard of; nothing outside Actions."""
    if process.in_actions:
        came = _without_secrets(outcomes, process)
        home, said = _repository_url(process.environ), process.redactor.text(remark)
        told = texts_of_applied(plan, came, home=home, beat=beat, saved=saved, remark=said)
        publish(told, process.environ, process.stdout, token_hex(16))


def texts_of_applied(
    plan: Plan,
    outcomes: Sequence[Outcome],
    *,
    home: str,
    beat: Heartbeat = _NO_BEAT,
    saved: SavedPlan | None = None,
    remark: str = "",
) -> ActionTexts:
    """The texts about a plan that was carried out elsewhere than where it was made."""
    made = [o for o in outcomes if o.status == "applied"]
    refused = bool(plan.blocked) or len(made) + sum(o.status == "already" for o in outcomes) < len(outcomes)
    count = Counter(type(o.change) for o in made)
    lines = [fill("{} {}", _issue(o.issue, home), code(o.change.key)) for o in made[:MOST_ROWS]]
    title = inline(f"{len(made)} of {len(outcomes)} changes applied")
    said = inline(remark, 1500) if remark else Markdown("")
    parts = [heading(2, title), bullets(lines), _refused(outcomes), said, _heard(beat), _saved(saved)]
    return ActionTexts(
        summary=_within(parts, SUMMARY_BYTES),
        annotations=tuple(
            Annotation("error", "triagebot: silence", plain(alarm, 300))
            for alarm in beat.alarms[:MOST_ANNOTATIONS]
        ),
        outputs={
            **_outputs_of(None),
            "groups": str(len({o.change.key for o in outcomes})),
            "new": str(count[OpenIssue]),
            "known": str(count[EditIssue]),
            "regressed": str(count[ReopenIssue]),
            "closed": str(count[CloseIssue]),
            "issues-json": json.dumps([{"key": o.change.key, "number": o.issue} for o in made[:_LISTED]]),
            "gates": "[]",
            "conclusion": "refused" if refused else _conclude_applied(made),
        },
    )


def _heard(beat: Heartbeat) -> Markdown:
    """When runs were last heard of."""
    lines = [inline(line, 300) for line in beat.lines[:MOST_ROWS]]
    return paragraphs(words("**Heard of**"), bullets(lines)) if lines else Markdown("")


def _conclude_applied(made: Sequence[Outcome]) -> Conclusion:
    """One word for what was written."""
    kinds = {type(outcome.change) for outcome in made}
    if ReopenIssue in kinds:
        return "regressed"
    if OpenIssue in kinds:
        return "new"
    return "known" if kinds else "clean"


def _repository_url(environ: Mapping[str, str]) -> str:
    """The repository's page."""
    return f"{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{environ.get('GITHUB_REPOSITORY', '')}"


def heredoc(name: str, value: str, token: str) -> str:
    """One output in the form that takes any value. Raises ValueError when the value holds the delimiter."""
    delimiter = f"triagebot_{token}"
    if delimiter in value or not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", name):
        raise ValueError(f"output {name!r} cannot be written with this delimiter")
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def command(annotation: Annotation) -> str:
    """The workflow command of an annotation."""
    place = f"file={workflow_property(annotation.file)}," if annotation.file else ""
    title = workflow_property(annotation.title)
    return f"::{annotation.level} {place}title={title}::{workflow(annotation.message)}"


def _causes(planned: Planned, outcomes: Sequence[Outcome]) -> Iterable[Cause]:
    """The groups of one run with the numbers of their issues, just opened ones among them."""
    numbers = issue_numbers(planned, outcomes)
    for match in planned.matches:
        yield Cause(match, numbers.get(match.group.key))


def _urgency(cause: Cause) -> tuple[int, str, int, str]:
    """What people must see first."""
    group = cause.match.group
    return (_ORDER[cause.match.state], group.impact.priority, -len(group.tests), group.key)


def _headline(
    conclusion: Conclusion, causes: Sequence[Cause], outcomes: Sequence[Outcome], *, dry_run: bool
) -> Markdown:
    """The heading: how many causes of which sort, and what was closed."""
    if conclusion == "empty":
        return words("Nothing ran")
    if conclusion == "clean":
        closed = _closed(outcomes)
        said = words("Nothing is broken")
        return join([said, inline(f"{closed} closed")], ", ") if closed else said
    counts = Counter(STATES[cause.match.state] for cause in causes)
    said = inline(
        ", ".join(f"{number} {state}" for state, number in counts.items()) or "Nothing could be read"
    )
    parts = [said]
    if conclusion == "refused":
        parts.append(words("not everything could be written"))
    if dry_run:
        parts.append(words("dry run: nothing was written"))
    return join(parts, "; ")


def _ran(run: Run) -> Markdown:
    """What ran where and how it ended, in one line."""
    totals = run.totals
    shown = ("passed", "failed", "error", "skipped", "xfailed", "rerun")
    counts = ", ".join(f"{getattr(totals, name)} {name}" for name in shown if getattr(totals, name))
    where = [code(text) for text in (run.environment, run.branch, run.revision or run.commit) if text]
    parts = [
        inline(f"Run {run.status}"),
        *where,
        inline(", ".join(filter(None, (counts, run.idle))) or "no tests ran"),
    ]
    if run.doubted:
        parts.append(words("its reports contradict themselves: what passed proves nothing"))
    elif not run.complete:
        parts.append(words("stopped early: what did not run proves nothing"))
    return join(parts, " · ")


def _table(causes: Sequence[Cause], home: str) -> Markdown:
    """One row a cause."""
    header = [
        words("Issue"),
        words("State"),
        words("Priority"),
        words("Tests"),
        words("What broke"),
        words("At risk"),
    ]
    rows = [_row(cause, home) for cause in causes[:MOST_ROWS]]
    more = len(causes) - MOST_ROWS
    left = inline(f"… and {more} more, see the log") if more > 0 else Markdown("")
    return paragraphs(table(header, rows), left)


def _row(cause: Cause, home: str) -> list[Markdown]:
    """One cause as cells."""
    group = cause.match.group
    risks = "; ".join(risk.text for risk in group.impact.risks) or ", ".join(group.impact.areas)
    return [
        _issue(cause.number, home),
        inline(STATES[cause.match.state]),
        inline(group.impact.priority),
        inline(str(len(group.tests))),
        fill("{} {}", inline(group.signature.title, 160), code(group.key)),
        inline(risks, 160),
    ]


def _issue(number: int | None, home: str) -> Markdown:
    """A live link to an issue of ours. `home` is checked, for it comes from the environment."""
    if number is None:
        return words("–")
    return Markdown(
        f"[#{int(number)}]({home}/issues/{int(number)})" if _HOME.fullmatch(home) else f"#{int(number)}"
    )


def _passed(runs: Sequence[Run], config: Config) -> Markdown:
    """The suites with priority P1 and P2 of which everything that ran passed: what people want to know still works."""
    lines = []
    for suite in config.suites:
        cases = [case for run in runs for case in run.cases if suite.holds(case.test)]
        ran = [case for case in cases if case.outcome != "skipped"]
        if (
            suite.priority in ("P1", "P2")
            and ran
            and all(case.outcome == "passed" and not case.unproven for case in ran)
        ):
            name = suite.name or (suite.impact.text if suite.impact else suite.match)
            lines.append(inline(f"{name} ({suite.priority}, {len(ran)} tests)"))
    return paragraphs(words("**Passed**"), bullets(lines)) if lines else Markdown("")


def _held(done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> Markdown:
    """What was not filed and why, one line a reason."""
    reasons = Counter(held.reason for planned, _ in done for held in planned.plan.held)
    lines = [inline(f"{number} × {reason}", 300) for reason, number in reasons.items()]
    lines += [inline(planned.plan.blocked, 500) for planned, _ in done if planned.plan.blocked]
    return paragraphs(words("**Held back**"), bullets(lines[:MOST_ROWS])) if lines else Markdown("")


def _refused(outcomes: Sequence[Outcome]) -> Markdown:
    """What could not be written."""
    bad = [o for o in outcomes if o.status in ("failed", "stale")]
    lines = [inline(f"{o.status}: {o.change.key}: {o.detail}", 300) for o in bad[:MOST_ROWS]]
    return paragraphs(words("**Not written**"), bullets(lines)) if lines else Markdown("")


def _problems(done: Sequence[tuple[Planned, Sequence[Outcome]]]) -> Markdown:
    """What could not be read."""
    found = dict.fromkeys(p for planned, _ in done for p in (*planned.run.problems, *planned.plan.problems))
    lines = [inline(f"{problem.path}: {problem.reason}", 300) for problem in [*found][:MOST_ROWS]]
    return fold(f"{len(found)} problems while reading", bullets(lines)) if lines else Markdown("")


def _annotation(cause: Cause) -> Annotation:
    """One cause as an annotation."""
    group = cause.match.group
    state = STATES[cause.match.state]
    test = group.exemplar.test
    tests = f"{len(group.tests)} tests" if len(group.tests) > 1 else "1 test"
    issue = f", issue {cause.number}" if cause.number else ""
    return Annotation(
        level=_LEVELS.get(cause.match.state, "notice"),
        title=plain(group.signature.title),
        message=plain(f"{state}{issue}: {tests}, first {test} ({group.impact.priority}, {group.key})", 500),
        file=plain(test.partition("::")[0]) if "::" in test else "",
    )


def _closed(outcomes: Iterable[Outcome]) -> int:
    """How many issues were closed."""
    return sum(isinstance(o.change, CloseIssue) and o.status == "applied" for o in outcomes)


def _outputs(
    conclusion: Conclusion, causes: Sequence[Cause], outcomes: Sequence[Outcome], home: str
) -> dict[str, str]:
    """The Action's outputs, but for the plan's path."""
    count = Counter(cause.match.state for cause in causes)
    listed = [_listed(cause, home) for cause in causes[:_LISTED]]
    return {
        "groups": str(len(causes)),
        "new": str(count["new"]),
        "known": str(count["known"] + count["reported"]),
        "regressed": str(count["regressed"]),
        "closed": str(_closed(outcomes)),
        "issues-json": json.dumps(listed, ensure_ascii=True),
        "gates": "[]",
        "conclusion": conclusion,
    }


def _listed(cause: Cause, home: str) -> dict[str, object]:
    """One cause for machines."""
    group = cause.match.group
    return {
        "key": group.key,
        "number": cause.number,
        "url": f"{home}/issues/{cause.number}" if cause.number and _HOME.fullmatch(home) else "",
        "state": cause.match.state,
        "priority": group.impact.priority,
        "title": plain(group.signature.title),
        "tests": len(group.tests),
    }


def _within(parts: Sequence[Markdown], most: int) -> str:
    """The parts as one text of at most `most` bytes: later parts leave first, and the text says so."""
    kept = [part for part in parts if part]
    while len((text := paragraphs(*kept) + "\n\n").encode("utf-8", "replace")) > most and len(kept) > 1:
        kept = [*kept[:-2], words("_Cut: the rest is in the log._")] if len(kept) > 2 else kept[:1]
    return text
