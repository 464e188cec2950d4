"""Sessions over ports: found in history and on the tracker, begun, logged, asked what is next, closed.

In: a workspace, the config, effects, a triaged run. Out: sessions with their lines, and their issues brought up to date. A line goes
into history first, then into the issue, as the sum of what both hold: two writers at once, or one that is killed, lose none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from triagebot.config import Config, Contract, Gate
from triagebot.errors import UserError
from triagebot.gates import GateResult, standings
from triagebot.groups.impact import risk_text
from triagebot.groups.model import Risk
from triagebot.issues import Issue
from triagebot.pipeline.effects import Effects
from triagebot.pipeline.issue_numbers import issue_numbers
from triagebot.pipeline.selecting import Known, known_in, sees_traffic
from triagebot.pipeline.triaging import Planned
from triagebot.pipeline.workspace import Workspace
from triagebot.plans import Outcome, Plan
from triagebot.redact import recorded
from triagebot.reports.model import Scope
from triagebot.selection import Choice, Selection, arguments, pytest_command
from triagebot.sessions import (  # fmt: skip
    KEY,
    CauseSeen,
    Chosen,
    Closed,
    GateSeen,
    Line,
    Ran,
    Session,
    Start,
    Step,
    lines_of,
    next_step,
    session_change,
    session_of,
    written,
)
from triagebot.sessions.change import first_of
from triagebot.sessions.memory import at_of, id_of, lines_in, open_sessions, united
from triagebot.trackers.applying import apply, put_back

_ANEW = 5
"""How often the issue of a session is written anew when somebody else wrote it at the same time."""
_CAUSES, _SAID, _CHARS = 6, 4, 240
_WORDS = re.compile(r"[a-z0-9]{1,40}")
"""A word of what a session looks at, for its id. Hit: `checkout in eu`. Miss: `– ! –`."""


@dataclass(frozen=True, slots=True)
class Held:
    """A session, its lines, and its issue where it has one."""

    session: Session
    lines: Mapping[str, Line]
    issue: Issue | None = None


def sessions_in(workspace: Workspace) -> list[Held]:
    """Every session that history or the tracker remembers, oldest first."""
    told = {session: lines_of(lines) for session, lines in workspace.history.session_lines().items()}
    issues = workspace.tracker.sessions()
    keys = dict.fromkeys(i.marker.key for i in issues if i.marker)
    names = dict.fromkeys((*told, *(key.removeprefix(KEY) for key in keys)))
    found = (_held(told.get(name, {}), first_of(issues, KEY + name)) for name in names)
    return sorted((held for held in found if held), key=lambda held: (held.session.start.at, held.session.id))


def _held(told: Mapping[str, Line], issue: Issue | None) -> Held | None:
    """One session out of both memories."""
    lines = united(lines_in(issue.marker) if issue and issue.marker else {}, told)
    session = session_of(lines, issue)
    return Held(session, lines, issue) if session else None


def session_named(name: str, found: Sequence[Held]) -> Held:
    """The session of a name (its id, or #number of its issue). Raises UserError where there is none."""
    number = name.removeprefix("#")
    for held in found:
        if held.session.id == name or (
            held.issue and number.isdecimal() and held.issue.number == int(number)
        ):
            return held
    known = ", ".join(held.session.id for held in found[-5:])
    raise UserError(
        f"--session {name}: there is no such session. {f'There are: {known}.' if known else 'Begin one with `triagebot session start`.'}"
    )


def session_open_in(scope: Scope, found: Sequence[Held]) -> Held | None:
    """The session that a run of a scope belongs to: the oldest open one."""
    ours = open_sessions(
        (held.session for held in found if held.issue), scope.environment or "", scope.branch or ""
    )
    return next((held for held in found if ours and held.session.id == ours[0].id), None)


def keep(
    held: Held,
    new: Iterable[Line],
    config: Config,
    workspace: Workspace,
    *,
    opens: bool = False,
    close: bool = False,
) -> tuple[Held, Outcome | None]:
    """The session with more lines, in history and on its issue; only with `opens` an issue is made where there is none."""
    added = {id_of(line): line for line in new}
    lines = united(held.lines, added)
    key = KEY + held.session.id
    kept = {name: (at_of(line), written(line)) for name, line in lines.items()}
    workspace.history.add_session_lines(held.session.id, kept)
    issue, outcome = held.issue, None
    for _ in range(_ANEW):
        if issue is None and not opens:
            break
        lines = united(lines_in(issue.marker) if issue and issue.marker else {}, lines)
        change = session_change(lines, issue, config, close=close)
        if change is None:
            break
        (outcome,) = apply(Plan(key, (change,)), workspace.tracker, alone=workspace.history.alone)
        if outcome.status != "stale":
            put_back([outcome], workspace.tracker)
            issue = workspace.tracker.read(outcome.issue) if outcome.issue else issue
            break
        issue = (
            workspace.tracker.read(issue.number)
            if issue
            else first_of(workspace.tracker.holding([key], fresh=True), key)
        )
    session = session_of(lines, issue)
    assert session is not None
    return Held(session, lines, issue), outcome


def begin(
    start: Start, config: Config, workspace: Workspace, found: Sequence[Held]
) -> tuple[Held, Outcome | None]:
    """The session begun. Raises UserError where one is open in its scope; one whose issue was never made is taken up."""
    lines: Mapping[str, Line] = {}
    same = [
        h
        for h in found
        if (h.session.start.environment, h.session.start.branch) == (start.environment, start.branch)
    ]
    for held in same:
        if held.issue and held.session.open:
            raise UserError(
                f"session {held.session.id} (#{held.issue.number}) is open here since {held.session.start.at:%Y-%m-%d %H:%M} UTC. "
                "Go on with it, or end it with `triagebot session close`."
            )
        if not held.issue and not held.session.closed and held.session.start.focus == start.focus:
            start, lines = held.session.start, held.lines
    if not lines and any(held.session.id == start.id for held in found):
        start = replace(start, id=f"{start.id}-{start.environment or start.branch or 'again'}")
    lines = lines or {id_of(start): start}
    session = session_of(lines)
    assert session is not None
    return keep(Held(session, lines), (), config, workspace, opens=True)


def new_start(
    *,
    focus: str,
    mission: str,
    scope: Scope,
    revision: str,
    urls: tuple[tuple[str, str], ...],
    phases: tuple[str, ...],
    target: int,
    config: Config,
    workspace: Workspace,
    effects: Effects,
) -> Start:
    """How a session begins: what is chosen by phase, what must hold."""
    now = effects.now()
    known = known_in(scope, None, config, workspace, effects, workspace.tracker.issues())
    named = "-".join(_WORDS.findall(focus.lower())[:6]) or "session"
    return Start(
        id=f"{named[:48]}-{now:%Y%m%d-%H%M}",
        at=now.replace(microsecond=0),
        focus=focus,
        mission=mission or f"{target or 'all'} tests proven, every gate open",
        environment=scope.environment or "",
        branch=scope.branch or "",
        revision=revision,
        urls=urls,
        phases=phases,
        target=target,
        suites=tuple(_chosen(known, phases, config)),
        criteria=tuple(criteria(config)),
        gates=tuple(map(_gate_words, config.gates)),
    )


def _chosen(known: Known, phases: Sequence[str], config: Config) -> Iterable[Chosen]:
    """The suites of the phases in their order, of a phase the most urgent and the least proven first."""
    rows = []
    for suite in config.suites:
        if phases and not any(phase in (suite.phase, suite.phase.split(" ")[0]) for phase in phases):
            continue
        ours = [one for one in known.facts if suite.holds(one.test)]
        proven = sum(known.tests[one.join].state == "proven" for one in ours if one.join in known.tests)
        oldest = min((one.proven for one in ours if one.proven), default=None)
        why = (
            "no run is known" if not ours else f"last proven {oldest:%Y-%m-%d}" if oldest else "never proven"
        )
        told = suite.impact
        risk = risk_text(Risk(told.text, told.amount, told.unit, told.stream)) if told else ""
        rows.append(Chosen(suite.called, suite.phase, suite.priority, len(ours), proven, risk, why))
    order = list(phases)
    place = {
        row.suite: next((order.index(p) for p in order if p in (row.phase, row.phase.split(" ")[0])), 0)
        for row in rows
    }
    return sorted(
        rows,
        key=lambda row: (
            place[row.suite],
            row.phase,
            row.priority,
            row.proven / row.tests if row.tests else 0.0,
        ),
    )


def criteria(config: Config) -> Iterable[str]:
    """What must hold, in words: contracts, and what makes a pass real."""
    yield from map(_contract_words, config.contracts)
    for suite in config.suites:
        asked = [f"at least {suite.min_duration}"] if suite.min_duration else []
        asked += [f"in touch with {', '.join(suite.requires)}"] if suite.requires else []
        asked += ["without mocks"] if suite.no_mocks else []
        if asked:
            yield f"{suite.called}: passes count only {', '.join(asked)}"


def _contract_words(contract: Contract) -> str:
    """A contract in one sentence."""
    parts = []
    if contract.events:
        order = " in this order" if contract.ordered else ""
        each = f", of each {contract.each}" if contract.each else ""
        within = f", within {contract.within}" if contract.within else ""
        parts.append(f"{', '.join(contract.events)}{order}{each}{within}")
    parts += [f"{first} before {second}" for first, second in contract.before]
    parts += [f"no event of another {contract.per}"] if contract.per else []
    return f"{contract.name}: {'; '.join(parts)}"


def _gate_words(gate: Gate) -> str:
    """A gate in one sentence."""
    about = (
        f"priority {gate.priority}"
        if gate.priority
        else f"suite {gate.suite}"
        if gate.suite
        else f"contract {gate.contract}"
    )
    age = f", no older than {gate.max_age}" if gate.max_age else ""
    least = f", at least {gate.tests} tests" if gate.tests > 1 else ""
    return f"{gate.called}: {gate.share} of {about}{least}{age}"


def state_of_session(
    held: Held, config: Config, workspace: Workspace, effects: Effects, judged: Planned | None = None
) -> tuple[Known, tuple[GateResult, ...], Step]:
    """What is known now, what the gates say, and the next step. `judged` is a run of which more is known than history keeps."""
    start, last = held.session.start, held.session.last
    issues = workspace.tracker.issues()
    scope = Scope(recorded(start.environment or None), recorded(start.branch or None))
    known = known_in(scope, None, config, workspace, effects, issues)
    revision = last.revision if last else ""
    gates = known.gates
    if judged is not None:
        run, proof = judged.run, judged.proof
        known = replace(known, tests={**known.tests, **standings(run, known.past, proof.quarantine)})
        gates, revision = proof.gates, run.revision or run.commit or ""
    now = tuple(_with_memory(gate, held.session, revision) for gate in gates)
    if not known.facts and last and last.why_next:
        return known, now, Step("run", last.why_next, (), last.next)
    open_ = [f"#{i.number}" for i in issues if i.state == "open"]
    return known, now, next_step(start, known.facts, known.tests, now, open_)


def _with_memory(gate: GateResult, session: Session, revision: str) -> GateResult:
    """A gate of which nothing is known now as the newest run of this revision showed it.

    History keeps no verdicts on contracts, and without a history store the session's issue is all that remembers.
    """
    if gate.total:
        return gate
    for ran in session.runs[::-1]:
        seen = next((seen for seen in ran.gates if seen.name == gate.name), None)
        if (
            seen
            and ran.revision == revision
            and not seen.why.startswith("nothing in")
            and _FROM not in seen.why
        ):
            return replace(gate, passed=seen.open, why=f"{seen.why}{_FROM}{ran.run[:20]}")
    return gate


_FROM = ", as seen in run "


def command_of(step: Step, known: Known, config: Config) -> str:
    """The pytest command of a step; "" for one that runs nothing."""
    if step.command:
        return step.command
    wanted = dict.fromkeys(step.tests)
    by_join = {one.join: one for one in known.facts}
    ours = [by_join[join] for join in wanted if join in by_join]
    choices = tuple(Choice(one.test, one.suite, one.seconds, step.why) for one in ours)
    given = arguments(Selection(choices), known.facts, ordered=False)
    return pytest_command(given, traced=sees_traffic(config))


def logged(
    planned: Planned,
    outcomes: Sequence[Outcome],
    held: Held,
    config: Config,
    workspace: Workspace,
    effects: Effects,
    command: str = "",
) -> tuple[Held, Outcome | None]:
    """The session with this run in its log. A run that is logged already changes nothing."""
    run, proof, totals = planned.run, planned.proof, planned.run.totals
    if f"run {run.id}" in held.lines:
        return keep(held, (), config, workspace)
    known, gates, step = state_of_session(held, config, workspace, effects, planned)
    causes = _causes_seen(planned, outcomes)
    real = [suite.said for suite in proof.suites if suite.state == "real"]
    now = effects.now().replace(microsecond=0)
    ran = Ran(
        run=run.id,
        at=(run.started or now).replace(microsecond=0),
        logged=now,
        status=run.status,
        passed=totals.passed,
        failed=totals.failed + totals.error,
        skipped=totals.skipped,
        unproven=sum(bool(case.unproven) for case in run.cases),
        total=totals.collected,
        seconds=round(run.duration_s, 1) if run.duration_s is not None else None,
        complete=run.complete and not run.doubted,
        revision=run.revision or run.commit or "",
        url=run.url or "",
        command=effects.redactor.lasting(command)[:_CHARS],
        causes=causes[:_CAUSES],
        more_causes=max(0, len(causes) - _CAUSES),
        gates=tuple(GateSeen(g.name, g.passed, g.why[:_CHARS]) for g in gates),
        real=tuple(said[:_CHARS] for said in real)[:_SAID],
        doubts=tuple(said[:_CHARS] for said in proof.findings if said not in real)[:_SAID],
        proven=sum(one.state == "proven" for one in known.tests.values()),
        known=len(known.tests),
        why_next=step.why[:400],
        next=_short(command_of(step, known, config), held.session),
    )
    return keep(held, [ran], config, workspace)


def _causes_seen(planned: Planned, outcomes: Sequence[Outcome]) -> tuple[CauseSeen, ...]:
    """The causes of a run as its log names them, the most urgent and widest first."""
    numbers = issue_numbers(planned, outcomes)
    matches = sorted(planned.matches, key=lambda m: (m.group.impact.priority, -len(m.group.tests)))
    return tuple(
        CauseSeen(
            m.group.signature.title[:_CHARS],
            m.group.impact.priority,
            len(m.group.tests),
            numbers.get(m.group.key, 0) or 0,
            m.state,
            risk_text(m.group.impact.risks[0]) if m.group.impact.risks else "",
        )
        for m in matches
    )


def _short(command: str, session: Session) -> str:
    """A command that fits into a line; of a long one how to get it."""
    return command if len(command) <= 800 else f"$(triagebot session next --session {session.id} --command)"


def end(
    held: Held,
    gates: Sequence[GateResult],
    known: Known,
    config: Config,
    workspace: Workspace,
    effects: Effects,
    force: str,
) -> tuple[Held, Outcome | None]:
    """The session closed. Raises UserError while a gate is held and nobody says why that does not matter."""
    red = [gate for gate in gates if not gate.passed]
    if red and not force:
        said = "; ".join(gate.summary for gate in red)
        raise UserError(
            f'session {held.session.id} stays open: {said}. Mend that, or close it with --force "reason".'
        )
    if not (red or force or _counted(known, held.session)[0]):
        raise UserError(
            f'session {held.session.id} stays open: no test is proven in it. Triage a run, or close it with --force "reason".'
        )
    closed = Closed(
        effects.now().replace(microsecond=0),
        force,
        tuple(GateSeen(g.name, g.passed, g.why[:_CHARS]) for g in gates),
        *_counted(known, held.session),
    )
    return keep(held, [closed], config, workspace, close=True)


def _counted(known: Known, session: Session) -> tuple[int, int]:
    """How many tests are proven, of how many: as the last line says where nothing else remembers."""
    if not known.tests and session.last:
        return session.last.proven, session.last.known
    return sum(one.state == "proven" for one in known.tests.values()), len(known.tests)


def session_line(held: Held, came: Outcome | None) -> str:
    """What became of a run in its session, in one line."""
    where = f"session {held.session.id}" + (f" (#{held.issue.number})" if held.issue else "")
    if came is not None and came.status in ("failed", "stale"):
        return f"{where[0].upper()}{where[1:]} was not written: {came.detail}. History has the line; the next run puts it there."
    last = held.session.last
    next_ = f"; next: {last.why_next}" if last and last.why_next else ""
    return f"Logged in {where}, run {len(held.session.runs) + held.session.dropped}{next_}"
