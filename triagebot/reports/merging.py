"""The reports of one command made into one `Run`.

In: reports in any order and what the command knows (`Context`). Out: a `Run`, the same for every order of its reports.
A case counts once per leg, whatever formats tell of it; what they disagree on keeps the failure and adds a problem.

Files of one leg and format are attempts where one started when the other had ended, by their own clocks: then the later
one decides of the cases that both hold. Files that ran beside each other, or that say no time, are none: shards, projects
and machines of a matrix share names, and what is red in one of them stays red.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from triagebot.redact import Fact, recorded
from triagebot.reports.model import (
    RED,
    Attempt,
    Beyond,
    Case,
    CaseOutcome,
    Context,
    Failure,
    Problem,
    Report,
    Run,
    RunStatus,
    Totals,
)
from triagebot.reports.recorded_traces import attached
from triagebot.reports.same_tests import same_tests
from triagebot.reports.subtests import only_sums_up, telling
from triagebot.reports.test_names import shared_name

_RANK = {"pytest-json": 0, "junit-xml": 3, "pytest-terminal": 4}
"""How much a format tells; a runner's own tells more than JUnit XML, and all tell more than what a terminal showed."""
_OWN = 1
_TERMINAL = 4
_NAMING = {"pytest-json": 0, "pytest-terminal": 1, "junit-xml": 2}
_FILE_A_TEST = {"allure"}
"""Formats with a file for each attempt: two starts of one test are no two runs."""
_GRAVITY = (0, 5, 1, 2, 4, 3)
_ENDLESS = datetime.max.replace(tzinfo=UTC)


def _rank(format: str) -> int:
    """A format's place among those that tell of one case: the richest is 0."""
    return _RANK.get(format, _TERMINAL if format.endswith("-terminal") else _OWN)


def merge(reports: Sequence[Report], context: Context, problems: Sequence[Problem] = ()) -> Run:
    """The Run of the reports. `problems` are those of inputs that did not become a report at all.

    Its id is `context.run_id`, else the first 16 hex digits of the sha256 over the sorted hashes of the reports (the
    same file twice counts once). `exit_code` is the gravest, `started` the earliest, durations of legs run beside each other.
    """
    reports, of_traces = attached(reports)
    held = _in_order(reports, context)
    found = [_leg(leg, group) for leg, group in _by_leg(held).items()]
    cases = tuple(case for leg in found for case in leg.cases)
    told = (
        *problems,
        *of_traces,
        *(p for r in held for p in r.problems),
        *(p for leg in found for p in leg.problems),
    )
    lost = bool(problems) or any(not report.readable for report in held)
    totals = _totals(found, cases)
    exit_code = _exit_code(held, totals)
    doubted = (
        any(isinstance(problem, Beyond) for problem in told)
        or any(report.doubted for report in held)
        or any(leg.doubted for leg in found)
    )
    complete = not lost and all(report.complete for report in held)
    idle = _idle(found, totals, exit_code) if complete and not doubted else ""
    return Run(
        id=context.run_id or Fact(_id(held)),
        formats=tuple(sorted({r.format for r in held if r.readable}, key=_rank)),
        cases=cases,
        totals=totals,
        status="empty" if idle else _status(held, totals, exit_code, lost=lost or doubted, complete=complete),
        complete=complete,
        started=min((report.started for report in held if report.started), default=None),
        duration_s=max((leg.duration_s for leg in found if leg.duration_s is not None), default=None),
        exit_code=exit_code,
        environment=context.environment or _fact(held, "environment"),
        branch=context.branch or _fact(held, "branch"),
        commit=context.commit or _fact(held, "commit"),
        revision=context.revision or _fact(held, "revision"),
        url=context.url,
        reports=tuple(report.path for report in held),
        problems=told,
        doubted=doubted,
        idle=idle,
    )


def different_runs(reports: Sequence[Report]) -> str | None:
    """Why the reports are plainly not of one run, or None: one case, one format, one leg, two starts."""
    first: dict[tuple[str, str, str], Report] = {}
    for report in sorted(reports, key=_age) if len(reports) > 1 else ():
        if report.format in _FILE_A_TEST:
            continue
        for case in report.cases:
            before = first.setdefault((report.leg, report.format, case.join), report)
            if _apart(before, report):
                return _two_starts(before, report, case.test)
    return None


def _apart(before: Report, after: Report) -> bool:
    if before.sha256 == after.sha256 or before.started is None or after.started is None:
        return False
    return abs((after.started - before.started).total_seconds()) > 1


def _two_starts(before: Report, after: Report, test: str) -> str:
    said = [f"{r.path} ({r.started:%Y-%m-%d %H:%M:%S} UTC)" for r in (before, after)]
    return f"{said[0]} and {said[1]} both ran {test}: these are different runs"


def _age(report: Report) -> tuple[datetime, int, str, str]:
    """What puts reports in order, however they were given: oldest first, then the richest format."""
    return (report.started or _ENDLESS, _rank(report.format), report.sha256, report.path)


def _in_order(reports: Sequence[Report], context: Context) -> list[Report]:
    """The reports in order, each content once per leg. Where there are logs of several jobs, each job is a leg."""
    jobs: dict[str, list[Report]] = {}
    for report in reports:
        if report.job:
            jobs.setdefault(report.job, []).append(report)
    several = len(jobs) > 1
    legged = (
        replace(
            report,
            leg=report.leg
            or (report.job if several else "")
            or context.leg
            or (_job_of(report, jobs) if several else ""),
        )
        for report in sorted(reports, key=_age)
    )
    return list({(report.leg, report.sha256): report for report in legged}.values())


def _job_of(report: Report, jobs: Mapping[str, Sequence[Report]]) -> str:
    """The one job whose log names most of a report's tests, which is where it was written; "" where none or several may be it."""
    ours = {case.join: case for case in report.cases}
    shared = Counter[str]()
    for job, logs in jobs.items():
        for log in logs:
            theirs = {case.join: case for case in log.cases}
            alike = same_tests({report.format: ours, log.format: theirs})[0] if ours and theirs else {}
            shared[job] += len(ours.keys() & theirs.keys()) + len(alike)
    first, *others = shared.most_common(2)
    return first[0] if first[1] and not (others and others[0][1] == first[1]) else ""


def _by_leg(reports: Iterable[Report]) -> dict[str, list[Report]]:
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(report.leg, []).append(report)
    return dict(sorted(found.items()))


def _id(reports: Iterable[Report]) -> str:
    hashes = sorted({report.sha256 for report in reports})
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:16]


def _fact(reports: Iterable[Report], name: str) -> Fact | None:
    """What the first report that says it says of the run."""
    return recorded(next((report.facts[name] for report in reports if name in report.facts), None))


def _exit_code(reports: Sequence[Report], totals: Totals) -> int | None:
    """The gravest exit code; that of a report in which nothing was to run tells nothing of those in which tests ran."""
    ran = _ran(totals)
    return _gravest(report.exit_code for report in reports if not (report.idle and ran))


def _gravest(codes: Iterable[int | None]) -> int | None:
    known = {code for code in codes if code is not None}
    return max(
        known,
        key=lambda code: (_GRAVITY.index(code) if code in _GRAVITY else len(_GRAVITY), code),
        default=None,
    )


def _status(
    reports: Sequence[Report], totals: Totals, exit_code: int | None, *, lost: bool, complete: bool
) -> RunStatus:
    """What the run came to; anything but "passed" without a red case is the groups room's to explain."""
    if not any(report.readable for report in reports):
        return "unreadable" if reports or lost else "empty"
    if exit_code in {3, 4}:
        return "errored"
    if (
        any(case.outcome in RED for report in reports for case in report.cases)
        and totals.failed + totals.error
    ):
        return "failed"
    if totals.failed + totals.error or lost:
        return "errored"
    return _status_without_red(totals, exit_code, complete=complete)


def _ran(totals: Totals) -> int:
    """How many cases ran, red or green."""
    return totals.passed + totals.failed + totals.error + totals.xfailed + totals.xpassed


def _idle(legs: Sequence["_Leg"], totals: Totals, exit_code: int | None) -> str:
    """Why nothing ran, where every leg says that it was to be so; "" where anything ran or a leg is silent."""
    if _ran(totals) or exit_code not in (None, 0, 5) or not legs:
        return ""
    told = [leg.idle for leg in legs]
    return "; ".join(dict.fromkeys(told)) if all(told) else ""


def _status_without_red(totals: Totals, exit_code: int | None, *, complete: bool) -> RunStatus:
    ran = _ran(totals) + totals.skipped
    if exit_code == 2:
        return "interrupted"
    if exit_code == 5 or (not ran and not exit_code and complete):
        return "empty"
    if exit_code:
        return "errored"
    return "passed" if complete else "interrupted"


@dataclass(frozen=True, slots=True)
class _Leg:
    """The cases of one leg, and what its reports count beyond them. `idle` says why nothing ran in it."""

    cases: tuple[Case, ...]
    unnamed: Counter[CaseOutcome]
    collected: int
    duration_s: float | None
    problems: tuple[Problem, ...]
    doubted: bool
    idle: str


def _leg(name: str, reports: list[Report]) -> _Leg:
    formats: dict[str, list[Report]] = {}
    for report in sorted((r for r in reports if r.readable), key=lambda r: _rank(r.format)):
        formats.setdefault(report.format, []).append(report)
    disputes: list[Problem] = []
    told = {kind: _one_format(held, disputes) for kind, held in formats.items()}
    cases = tuple(case if case.leg == name else _of_leg(case, name) for case in _across(told, disputes))
    naming = {kind for kind, held in formats.items() if any(r.cases and not r.unnamed for r in held)}
    unnamed: Counter[CaseOutcome] = Counter()
    for kind, held in formats.items():
        counted: Counter[CaseOutcome] = Counter()
        for report in held:
            counted.update(report.unnamed)
        unnamed.update(counted if naming <= {kind} else _beyond(kind, counted, told, cases))
    silent = tuple(_red_by_exit_code(reports))
    return _Leg(
        cases,
        unnamed,
        max((_collected(held, len(told[kind])) for kind, held in formats.items()), default=0),
        max((seconds for held in formats.values() if (seconds := _seconds(held)) is not None), default=None),
        (*_few(disputes), *silent),
        bool(silent) or bool(unnamed["failed"] + unnamed["error"]),
        _leg_idle(reports, cases, unnamed),
    )


def _beyond(
    kind: str, counted: Counter[CaseOutcome], told: dict[str, dict[str, Case]], cases: Sequence[Case]
) -> Counter[CaseOutcome]:
    """What one format counts and none names: all, where its tests are none of the others', else green ones up to its own sum."""
    own = told[kind]
    if not counted or not own:
        return Counter()
    others = {other: held for other, held in told.items() if other != kind}
    if len(list(_across(others, []))) + len(own) == len(cases):
        return counted
    left = len(own) + counted.total() - len(cases)
    summed = counted + Counter(case.outcome for case in own.values())
    summed.subtract(case.outcome for case in cases)
    found: Counter[CaseOutcome] = Counter()
    green: tuple[CaseOutcome, ...] = ("passed", "xfailed", "xpassed", "skipped")
    for outcome in green:
        found[outcome] = max(min(summed[outcome], left - found.total()), 0)
    return found


def _of_leg(case: Case, leg: str) -> Case:
    """The case with its failures as ones of a leg."""
    attempts = tuple(
        replace(attempt, failures=tuple(replace(failure, leg=leg) for failure in attempt.failures))
        for attempt in case.attempts
    )
    return replace(case, leg=leg, attempts=attempts)


def _red_by_exit_code(reports: Sequence[Report]) -> Iterator[Problem]:
    """Exit codes that say red where nothing is: a failure that nobody names, or a gate beside the tests.

    A report's own failures explain its exit code, those that another format tells of the leg, and a missed gate. What
    interrupts, breaks or misuses pytest (2, 3, 4) has its own name.
    """
    red = {report.format for report in reports if _is_red(report)}
    gated = any(report.gated for report in reports)
    for report in reports:
        explained = gated or _is_red(report) or red - {report.format}
        if report.exit_code not in (None, 0, 2, 3, 4, 5) and not explained:
            reason = f"exit code {report.exit_code}, and no failing test that would explain it"
            yield Problem(report.path, reason)


def _is_red(report: Report) -> bool:
    """Whether a report names a failure, or counts one."""
    counted = report.unnamed.get("failed", 0) + report.unnamed.get("error", 0)
    return bool(counted) or any(case.failures for case in report.cases)


def _leg_idle(reports: Iterable[Report], cases: Sequence[Case], unnamed: Counter[CaseOutcome]) -> str:
    """Why nothing ran in a leg: a report says so, or every case was skipped."""
    skipped = sum(case.outcome == "skipped" for case in cases) + unnamed["skipped"]
    said = next((report.idle for report in reports if report.idle), "")
    return said or (f"everything was skipped: {skipped} test{'s' * (skipped != 1)}" if skipped else "")


def _few(problems: list[Problem]) -> tuple[Problem, ...]:
    """The first five, and how many more there are."""
    if len(problems) <= 5:
        return tuple(problems)
    return (
        *problems[:5],
        Problem(problems[5].path, f"{len(problems) - 5} more cases on which the reports disagree"),
    )


def _collected(reports: list[Report], cases: int) -> int:
    """How many cases one format's reports collected; those that two of them ran count once."""
    twice = sum(len(report.cases) for report in reports) - cases
    return max(sum(report.collected or 0 for report in reports) - twice, 0)


def _seconds(reports: list[Report]) -> float | None:
    known = [report.duration_s for report in reports if report.duration_s is not None]
    return sum(known) if known else None


def _one_format(reports: list[Report], disputes: list[Problem]) -> dict[str, Case]:
    """The cases of one format's reports by join id, their attempts in order of time."""
    found: dict[str, Case] = {}
    since: dict[str, Report] = {}
    for report in reports:
        for case in report.cases:
            before = found.get(case.join)
            found[case.join] = _again(before, since[case.join], case, report, disputes) if before else case
            since[case.join] = report
    return found


def _again(before: Case, first: Report, case: Case, report: Report, disputes: list[Problem]) -> Case:
    """A case that two reports of one format tell of: a later attempt, or a contradiction where no clock decides."""
    if _follows(first, report) or (not before.failures and not case.failures):
        return replace(case, attempts=before.attempts + case.attempts)
    if before.failures and case.failures:
        last = replace(case.attempts[-1], failures=telling(before.failures + case.failures))
        return replace(case, attempts=(*before.attempts, *case.attempts[:-1], last))
    disputes.append(_dispute(case.test, [(first, before), (report, case)]))
    red, green = (before, case) if before.outcome in RED else (case, before)
    return replace(red, attempts=green.attempts + red.attempts)


def _follows(before: Report, after: Report) -> bool:
    """Whether a report is of a later attempt: it started when the other had ended.

    A format that says no duration counts as ended when it started.
    """
    if before is after or before.started is None or after.started is None or before.started >= after.started:
        return False
    return (after.started - before.started).total_seconds() >= (before.duration_s or 0.0)


def _dispute(test: str, told: Sequence[tuple[Report, Case]]) -> Problem:
    said = " and ".join(f"{report.path} says {case.outcome}" for report, case in told)
    return Problem(told[-1][0].path, f"{test}: {said}; the failure is kept")


def _across(told: dict[str, dict[str, Case]], disputes: list[Problem]) -> Iterator[Case]:
    """Each case once, whatever formats tell of it, in the order of the richest."""
    headings = _homes(told)
    homes, among = same_tests(told)
    covered = among | _covered(told)
    by_join: dict[str, dict[str, Case]] = {}
    for kind, cases in told.items():
        for join, case in cases.items():
            if (kind, join) in covered:
                continue
            home = homes.get((kind, join)) or headings.get(join, join)
            by_join.setdefault(home, {})[kind] = case
    for held in by_join.values():
        yield _united(held, disputes) if len(held) > 1 else next(iter(held.values()))


def _covered(told: dict[str, dict[str, Case]]) -> set[tuple[str, str]]:
    """Cases, by format and join id, that another format tells of as several namesakes; a failure only beside another."""
    several: dict[str, list[Case]] = {}
    for join, case in (found for cases in told.values() for found in cases.items()):
        if (name := shared_name(join)) != join:
            several.setdefault(name, []).append(case)
    return {
        (kind, name)
        for name, namesakes in several.items()
        for kind, cases in told.items()
        if name in cases and (not cases[name].failures or any(case.failures for case in namesakes))
    }


def _homes(told: dict[str, dict[str, Case]]) -> dict[str, str]:
    """Full join ids of cases that terminal output could name by a heading only."""
    short = [join for join, case in told.get("pytest-terminal", {}).items() if _is_heading(case)]
    if not short:
        return {}
    tails: dict[str, list[str]] = {}
    for cases in told.values():
        for join, case in cases.items():
            if "::" in case.test:
                tails.setdefault(case.test.partition("::")[2].replace("::", "."), []).append(join)
    return {join: full[0] for join in short if len(full := list(dict.fromkeys(tails.get(join, [])))) == 1}


def _is_heading(case: Case) -> bool:
    return "::" not in case.test and all(failure.phase != "collect" for failure in case.failures)


def _united(held: dict[str, Case], disputes: list[Problem]) -> Case:
    """One case of several formats' cases, the richest first: its texts, what it lacks from the others."""
    red = [case for case in held.values() if case.outcome in RED]
    if red and len(red) < len(held):
        first = next(iter(held.values()))
        said = " and ".join(f"{kind} says {case.outcome}" for kind, case in held.items())
        disputes.append(Problem("", f"{first.test}: {said}; the failure is kept"))
    named = held[min(held, key=lambda kind: _NAMING.get(kind, 1))]
    cases = red or list(held.values())
    attempts = max((case.attempts for case in held.values()), key=_tells)
    last = _last(cases, named)
    project = next((case.project for case in held.values() if case.project), "")
    trace = next((case.trace for case in held.values() if case.trace), None)
    return Case(named.test, named.join, last.outcome, (*attempts[:-1], last), "", trace, project)


def _tells(attempts: tuple[Attempt, ...]) -> tuple[int, int]:
    """How much is known of a case's attempts: how many, and how many with a reason."""
    return len(attempts), sum(bool(attempt.failures) for attempt in attempts)


def _last(cases: list[Case], named: Case) -> Attempt:
    first = cases[0].attempts[-1]
    failures = tuple(replace(f, test=named.test, join=named.join) for f in _all_failures(cases))
    seconds = next((case.duration_s for case in cases if case.duration_s is not None), None)
    recorded = next((case.attempts[-1].properties for case in cases if case.attempts[-1].properties), ())
    if not failures:
        return replace(first, duration_s=seconds, properties=recorded)
    outcome: CaseOutcome = "failed" if any(f.phase == "call" for f in failures) else "error"
    if len({case.outcome for case in cases}) == 1:
        outcome = cases[0].outcome
    return Attempt(outcome, failures, seconds, first.sections or failures[0].sections, recorded)


def _all_failures(cases: list[Case]) -> tuple[Failure, ...]:
    """The failures of the richest case, completed phase by phase with what only the others know."""
    failures = list(cases[0].failures)
    for case in cases[1:]:
        for phase in dict.fromkeys(failure.phase for failure in case.failures):
            ours = [f for f in failures if f.phase == phase]
            theirs = [f for f in case.failures if f.phase == phase]
            if (
                not ours
                or all(map(only_sums_up, ours))
                or (len(theirs) > len(ours) and all(not f.chain for f in ours))
            ):
                failures = [f for f in failures if f.phase != phase] + theirs
            elif len(ours) == len(theirs):
                filled = iter([_filled(mine, other) for mine, other in zip(ours, theirs, strict=True)])
                failures = [next(filled) if f.phase == phase else f for f in failures]
    order = ("collect", "setup", "call", "teardown")
    return telling(sorted(failures, key=lambda failure: order.index(failure.phase)))


def _filled(mine: Failure, other: Failure) -> Failure:
    return replace(
        mine,
        message=mine.message or other.message,
        text=mine.text or other.text,
        chain=mine.chain or other.chain,
        sections=mine.sections or other.sections,
        attachments=mine.attachments or other.attachments,
        project=mine.project or other.project,
    )


def _totals(legs: Sequence[_Leg], cases: Sequence[Case]) -> Totals:
    counts: Counter[CaseOutcome] = Counter(case.outcome for case in cases)
    for leg in legs:
        counts.update(leg.unnamed)
    return Totals(
        collected=sum(leg.collected or _countable(leg) for leg in legs),
        passed=counts["passed"],
        failed=counts["failed"],
        error=counts["error"],
        skipped=counts["skipped"],
        xfailed=counts["xfailed"],
        xpassed=counts["xpassed"],
        rerun=sum(len(case.attempts) - 1 for case in cases),
    )


def _countable(leg: _Leg) -> int:
    """Cases that were collected: all but the collectors that were not."""
    named = sum(all(failure.phase != "collect" for failure in case.failures) for case in leg.cases)
    return named + leg.unnamed.total()
