"""Issues, timelines and config ▶ a board. Every function is one judgement; nothing here is shown.

What history knows and what the issues remember are put together: whichever is lacking, the board stands on the other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from triagebot.boards.model import (
    Board,
    BoardCause,
    BoardWhy,
    ClosedCause,
    Drafted,
    FlakyTest,
    Frequency,
    HeldCause,
    IssueEvent,
    Mark,
    Mean,
    Pulse,
    Review,
    Seen,
    Stake,
    Total,
    Week,
)
from triagebot.config import Config
from triagebot.groups.impact import impact
from triagebot.groups.model import Impact
from triagebot.history import Past, Timeline, joined
from triagebot.history.model import Result
from triagebot.history.proof import PASSED, RAN
from triagebot.issues import Issue, Marker, Occurrence, is_let_go, keys_of
from triagebot.plans import lifecycle
from triagebot.plans.labels import PRIORITIES
from triagebot.reports.model import Scope
from triagebot.reviews import states
from triagebot.reviews.counts import counted, interval

REACH = timedelta(days=365)
"""How far back a board looks."""
RECENT = timedelta(days=28)
STRIP = 60
_WEEK = timedelta(days=7)
_JUDGED = states.ON_WHYS | {"cause", "needs-evidence", "redraft"}
_NO_MARKER = Marker("", 0)
_WORDS = {"regression": "came back", "flaky": "flaky", "incident": "incident"}


def board(
    issues: Sequence[Issue],
    timelines: Sequence[Timeline],
    config: Config,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
) -> Board:
    """The board at a moment (UTC). `reasons` say by key why the last run held something back."""
    ours = [issue for issue in issues if _is_ours(issue, config)]
    context = _Context(timelines, config, now)
    causes = [_cause(issue, context) for issue in ours if issue.state == "open"]
    causes.sort(key=lambda c: (c.priority, -c.tests_seen, c.issue))
    return Board(
        at=now,
        open=tuple(causes),
        closed=tuple(_closed(ours, now)),
        held=tuple(_held(issues, context, reasons or {})),
        flaky=tuple(chain.from_iterable(map(_flaky, timelines))),
        scopes=tuple(_pulse(timeline, config, now) for timeline in timelines),
        totals=_totals(causes),
        to_close=_mean(_to_close(ours)),
        to_review=_mean(_to_review(ours)),
        drafts=_drafted(ours, now),
    )


def priority_of(issue: Issue, found: Impact, config: Config) -> str:
    """The priority that an issue's label says, else that of its tests: a person's word wins, and so does ours until then."""
    prefix = config.labels.priority_prefix
    marker = issue.marker or _NO_MARKER
    labels = [p for p in PRIORITIES if f"{prefix}{p}" in issue.labels]
    theirs = [p for p in labels if f"{prefix}{p}" not in marker.labels]
    return next(iter((*theirs, *labels, found.priority)))


@dataclass(frozen=True)
class _Context:
    """What a cause is judged beside."""

    timelines: Sequence[Timeline]
    config: Config
    now: datetime


def _is_ours(issue: Issue, config: Config) -> bool:
    """Whether an issue stands on the board: one of ours that nobody took over."""
    return (issue.marker is not None or issue.own) and not is_let_go(issue, config)


def _cause(issue: Issue, context: _Context) -> BoardCause:
    """One open issue."""
    marker = issue.marker or _NO_MARKER
    keys = keys_of(issue)
    lines = [line for line in context.timelines if _is_about(line, keys, marker)]
    seen = _all_seen(marker, keys, lines)
    bad = [one for one in seen if one.mark == "●"]
    first = min(filter(None, (marker.first, bad[0].at if bad else None)), default=None)
    found = impact(marker.tests, context.config.suites)
    owner = states.owner(marker)
    down = lifecycle.countdown(marker, _past(marker, keys, lines))
    return BoardCause(
        key=marker.key,
        issue=issue.number,
        title=issue.title,
        url=issue.url,
        scopes=_scopes(marker, lines, keys),
        priority=priority_of(issue, found, context.config),
        area=_area(issue, found, context.config),
        owner=owner.said if owner else next(iter(found.owners), ""),
        state=_state(issue, first, context),
        review=_review(marker),
        first=first,
        last=bad[-1].at if bad else None,
        age_days=(context.now - first).days if first else None,
        rate=_rate(seen),
        weeks=_weeks(seen, lines, context.now),
        tests=marker.tests,
        tests_seen=max(marker.tests_seen, len(marker.tests)),
        risks=found.risks,
        strip=tuple(seen[-STRIP:]),
        clean=down.clean,
        needed=down.needed,
        why_not_closed=down.why,
        until=_until(issue, context.config),
        owed=marker.owed,
        unreviewed=_is_unreviewed(marker, context.now),
        first_bad=_place(_first_bad(seen)),
        last_good=_place(_last_good(seen)),
        events=_events(marker, first),
        draft=_draft(marker),
        keys=tuple(sorted(keys)),
    )


def _past(marker: Marker, keys: Collection[str], lines: Sequence[Timeline]) -> Past:
    """As much of the past as the countdown looks at: the last runs of a cause with one scope, as the board knows them."""
    line = lines[0] if len(lines) == 1 else Timeline()
    runs = line.runs[-_REACHED:]
    seen = tuple(run.id for run in runs if any(run.id in line.seen.get(key, ()) for key in keys))
    ran = {run for key in keys for run, (count, _) in line.played.get(key, {}).items() if count}
    tests = tuple(sorted(joined(marker.tests)))
    results = {test: tuple(Result(run.id, "passed") for run in runs if run.id in ran) for test in tests[:1]}
    return Past(line.scope, runs, results, {marker.key: seen}, {marker.key: tests})


_REACHED = 100
"""So many runs of a scope reach the rates of issues."""


def _is_about(line: Timeline, keys: Collection[str], marker: Marker) -> bool:
    """Whether a scope is one in which a cause was seen."""
    return line.scope in lifecycle.scopes_of(marker) or any(line.seen.get(key) for key in keys)


def _scopes(marker: Marker, lines: Sequence[Timeline], keys: Collection[str]) -> tuple[Scope, ...]:
    """Where it was seen."""
    there = [line.scope for line in lines if any(line.seen.get(key) for key in keys)]
    return tuple(dict.fromkeys((*there, *sorted(lifecycle.scopes_of(marker), key=str))))


def _all_seen(marker: Marker, keys: Collection[str], lines: Sequence[Timeline]) -> list[Seen]:
    """Every run that is known to say something of a cause, oldest first: those of history, and rows that only the issue holds."""
    found = {one.run: one for line in lines for one in _of_line(line, keys)}
    for row in marker.occurrences:
        if row.run not in found or found[row.run].mark != "●":
            found[row.run] = _of_row(row)
    return sorted(found.values(), key=lambda one: (one.at, one.run))


def _of_line(line: Timeline, keys: Collection[str]) -> Iterable[Seen]:
    """How a cause stood in each run of a scope."""
    for run in line.runs:
        failed = max((line.seen.get(key, {}).get(run.id, 0) for key in keys), default=0)
        occurred = any(run.id in line.seen.get(key, {}) for key in keys)
        played = [line.played.get(key, {}).get(run.id, (0, 0)) for key in keys]
        mark = _mark(occurred=occurred, ran=sum(p[0] for p in played), red=sum(p[1] for p in played))
        yield Seen(
            run.id, run.at, mark, line.scope, failed, run.commit or "", run.revision or "", run.url or ""
        )


def _mark(*, occurred: bool, ran: int, red: int) -> Mark:
    """How a cause stood in a run."""
    if occurred:
        return "●"
    return ("✕" if red else "○") if ran else "·"


def _of_row(row: Occurrence) -> Seen:
    """A row of an issue's table."""
    scope = Scope(row.environment, row.branch)
    return Seen(row.run, row.at, "●", scope, row.failed, row.commit or "", row.revision or "", row.url or "")


def _rate(seen: Sequence[Seen]) -> Frequency:
    """How often it failed between its first and its last failure, over the runs in which its tests ran."""
    places = [place for place, one in enumerate(seen) if one.mark == "●"]
    if not places:
        return Frequency()
    alive = seen[places[0] : places[-1] + 1]
    return Frequency(
        tuple(one.run for one in alive if one.mark == "●"),
        tuple(one.run for one in alive if one.mark != "·"),
    )


def _weeks(seen: Sequence[Seen], lines: Sequence[Timeline], now: datetime) -> tuple[Week, ...]:
    """The last four weeks, oldest first; the last one ends now."""
    runs = {run.id: run.at for line in lines for run in line.runs} | {o.run: o.at for o in seen}
    red = {one.run for one in seen if one.mark == "●"}
    found = []
    for back in (4, 3, 2, 1):
        first, end = now - back * _WEEK, now - (back - 1) * _WEEK
        inside = tuple(run for run, at in runs.items() if first < at <= end)
        found.append(Week(first.date(), tuple(run for run in inside if run in red), inside))
    return tuple(found)


def _area(issue: Issue, found: Impact, config: Config) -> str:
    """The area that a label says, else that of its tests."""
    prefix = config.labels.area_prefix
    named = (n.removeprefix(prefix) for n in issue.labels if prefix and n.startswith(prefix))
    return next(named, next(iter(found.areas), ""))


def _state(issue: Issue, first: datetime | None, context: _Context) -> str:
    """What an open issue is called for; the first that holds."""
    if issue.marker is None:
        return "unreadable"
    if context.config.labels.muted in issue.labels:
        return "muted"
    named = next((word for name, word in _WORDS.items() if name in issue.marker.states), "")
    return named or ("new" if first and context.now - first <= _WEEK else "known")


def _until(issue: Issue, config: Config) -> str:
    """How long it is muted, in words; "" where it is not."""
    if config.labels.muted not in issue.labels:
        return ""
    until = issue.marker.mute if issue.marker else ""
    return {"": "until somebody takes the label off", "on": "until somebody unmutes it", "fixed": "until it is fixed"}.get(
        until, f"until {until}"
    )  # fmt: skip


def _review(marker: Marker) -> Review:
    """Where the review stands."""
    found = states.state(marker)
    return "not drafted" if found == "draft" and not marker.drafted else found


def _is_unreviewed(marker: Marker, now: datetime) -> bool:
    """Whether nobody said a word on the draft of a model for a week; a digest states no cause, and waits for nobody."""
    judged = any(act.verb in _JUDGED for act in marker.acts)
    old = marker.first is not None and now - marker.first >= states.UNTOUCHED
    return marker.drafted == "model" and states.state(marker) == "draft" and old and not judged


def _first_bad(seen: Sequence[Seen]) -> Seen | None:
    """The first run of this failing: the first since the last longest rest that proved something, else the first of all."""
    begin = None
    calm = 0
    for one in seen:
        if one.mark == "○":
            calm += 1
        elif one.mark == "●":
            begin = one if begin is None or calm >= _RESTED else begin
            calm = 0
    return begin


_RESTED = 3
"""So many clean runs on end are a new beginning: the fewest that ever close an issue."""


def _last_good(seen: Sequence[Seen]) -> Seen | None:
    """The last run before this failing in which its tests ran and passed."""
    begin = _first_bad(seen)
    before = [one for one in seen if begin and one.at < begin.at and one.mark == "○"]
    return before[-1] if before else None


def _place(one: Seen | None) -> str:
    """The commit of a run, else its revision."""
    return (one.commit or one.revision) if one else ""


def _events(marker: Marker, first: datetime | None) -> tuple[IssueEvent, ...]:
    """What happened to the issue, as far as it remembers, oldest first."""
    found = [IssueEvent(first, "first failure")] if first else []
    found += [IssueEvent(act.at, act.verb, act.who) for act in marker.acts]
    return tuple(sorted(found, key=lambda one: one.at))


def _draft(marker: Marker) -> tuple[BoardWhy, ...]:
    """The draft with what people said of its steps."""
    said = states.verdicts(marker)
    found = []
    for why in marker.whys:
        last = said[why.number][-1] if said.get(why.number) else None
        text = last.said if last and last.verb == "edit" else why.text
        found.append(
            BoardWhy(why.number, text, why.root, last.verb if last else "", last.who if last else "")
        )
    return tuple(found)


def _closed(issues: Iterable[Issue], now: datetime) -> Iterable[ClosedCause]:
    """What was closed within four weeks, the newest first."""
    recent = [i for i in issues if i.state == "closed" and i.closed_at and now - i.closed_at <= RECENT]
    for issue in sorted(recent, key=lambda i: (i.closed_at or now, i.number), reverse=True):
        marker = issue.marker or _NO_MARKER
        proof = marker.clean_runs if marker.closed_by_bot else ()
        assert issue.closed_at is not None
        hours = _hours(issue.closed_at - marker.first) if marker.first else None
        yield ClosedCause(marker.key, issue.number, issue.title, issue.url, issue.closed_at, proof, hours)


def _hours(took: timedelta) -> float:
    """Hours, to a tenth."""
    return round(took.total_seconds() / 3600, 1)


def _held(issues: Sequence[Issue], context: _Context, reasons: Mapping[str, str]) -> Iterable[HeldCause]:
    """Keys that failed within four weeks and have no issue, open or closed, the newest first."""
    homes = frozenset[str]().union(*map(keys_of, issues), {alias.key for alias in context.config.aliases})
    found = []
    for line in context.timelines:
        young: dict[str, datetime] = {run.id: run.at for run in line.runs if context.now - run.at <= RECENT}
        for key in line.seen.keys() - homes:
            runs = sorted((young[run], run) for run in line.seen[key] if run in young)
            if runs:
                reason = reasons.get(
                    key, "no issue was opened for it; the next run in which it fails files it"
                )
                ids = tuple(run for _, run in runs)
                found.append(HeldCause(key, line.scope, reason, ids, runs[-1][0]))
    if not context.timelines:  # without a history store the last run's own word is all that is known
        found = [
            HeldCause(key, Scope(), why, (), context.now) for key, why in reasons.items() if key not in homes
        ]
    return sorted(found, key=lambda held: (held.last, held.key), reverse=True)


def _flaky(line: Timeline) -> Iterable[FlakyTest]:
    """The unsteady tests of a scope, the most unsteady first."""
    found = [_flaky_test(line.scope, test, rows) for test, rows in line.unsteady.items()]
    return sorted(found, key=lambda test: (-test.share, test.test))


def _flaky_test(scope: Scope, test: str, rows: Sequence[Result]) -> FlakyTest:
    """One unsteady test."""
    ran = [row for row in rows if row.outcome in RAN]
    unsteady = tuple(row.run for row in ran if row.rerun or row.outcome not in PASSED)
    return FlakyTest(test, scope, unsteady, tuple(r.run for r in ran), interval(len(unsteady), len(ran)))


def _pulse(line: Timeline, config: Config, now: datetime) -> Pulse:
    """When a scope was last heard of."""
    days = config.limits.silence_days
    last = line.runs[-1] if line.runs else None
    silent = days is not None and (last is None or now - last.at > timedelta(days=days))
    green = sum(line.status.get(run.id) == "passed" for run in line.runs)
    return Pulse(
        line.scope, len(line.runs), green, last.id if last else "", last.at if last else None, silent
    )


def _totals(causes: Sequence[BoardCause]) -> tuple[Total, ...]:
    """What is at risk by unit, every stream once. What is muted counts: it is broken all the same."""
    found: dict[tuple[str, str], Stake] = {}
    for cause in causes:
        for risk in cause.risks:
            if risk.amount is not None:
                name = (risk.unit, risk.stream or risk.text)
                held = found.get(name, Stake(risk.text, risk.stream, 0.0, ()))
                numbers = tuple(dict.fromkeys((*held.issues, cause.issue)))
                text = risk.text if risk.amount > held.amount else held.text
                found[name] = Stake(text, risk.stream, max(held.amount, risk.amount), numbers)
    units = dict.fromkeys(unit for unit, _ in found)
    return tuple(
        Total(unit, sum(s.amount for s in stakes), stakes)
        for unit in units
        if (stakes := tuple(stake for name, stake in found.items() if name[0] == unit))
    )


def _mean(took: Mapping[int, float]) -> Mean:
    """The mean of hours by issue."""
    return Mean(round(sum(took.values()) / len(took), 1) if took else None, tuple(sorted(took)))


def _to_close(issues: Iterable[Issue]) -> dict[int, float]:
    """Hours from the first failure to the close of what was mended, by issue."""
    return {
        i.number: _hours(i.closed_at - i.marker.first)
        for i in issues
        if i.state == "closed" and i.state_reason == "completed" and i.closed_at and i.marker and i.marker.first
    }  # fmt: skip


def _to_review(issues: Iterable[Issue]) -> dict[int, float]:
    """Hours from the first failure, or from the new draft of what came back, to the first word on it, by issue."""
    found: dict[int, float] = {}
    for issue in issues:
        marker = issue.marker or _NO_MARKER
        since = marker.drafted_at if marker.last else marker.first
        judged = [act.at for act in marker.acts if act.verb in _JUDGED]
        if since and judged:
            found[issue.number] = _hours(min(judged) - since)
    return found


def _drafted(issues: Sequence[Issue], now: datetime) -> Drafted:
    """What became of the drafts that a model made."""
    drafts = {
        i.number: states.fate(i.marker, now) for i in issues if i.marker and i.marker.drafted == "model"
    }
    accepted = tuple(n for n, what in drafts.items() if what == "accepted as drafted")
    return Drafted(accepted, tuple(drafts), interval(len(accepted), len(drafts)), counted(issues, now))
