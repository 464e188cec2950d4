"""pytest-json-report 1.x: the richest of the formats, except for exception chains, reruns and subtests.

In: a `File`. Out: a `Report`. Collection errors live only in `collectors`; a worker that crashed leaves a phase named
"???"; a case that was rerun keeps only its last attempt and the outcome "rerun".
Source: https://github.com/numirias/pytest-json-report#format and the plugin's serialize.py.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, get_args

from triagebot.reports.captured_output import capped
from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import count, items, mapping, moment, number, string, whole
from triagebot.reports.limits import Exceeded
from triagebot.reports.model import (
    RED,
    Attempt,
    Case,
    CaseOutcome,
    Failure,
    Frame,
    Phase,
    Problem,
    Raised,
    Report,
    Section,
)
from triagebot.reports.namesakes import Placed, distinct
from triagebot.reports.pytest_longrepr import message_in
from triagebot.reports.recorded_properties import of_json
from triagebot.reports.recorded_traces import Calls, trace_of
from triagebot.reports.test_names import join_id

NAME = "pytest-json"
FACTS = ("environment", "branch", "commit", "revision")

_KEYS = re.compile(r'"(?:exitcode|nodeid|collectors)"\s{0,20}:')
"""A key of the document that pytest-json-report writes.

Hit: `"exitcode": 1`
Hit: `"nodeid": "tests/test_cart.py"`
Miss: `"exit": 1`
"""
_AGAIN = {"rerun", "retried"}
"""What an attempt is called that another one follows (pytest-rerunfailures, pytest-retry)."""
_SUBTESTS = {"subtests passed", "subtests failed", "subtests skipped"}
_TOLD = {"passed", "skipped", "xfailed", "xpassed"}
_PHASES: dict[str, Phase] = {"setup": "setup", "call": "call", "teardown": "teardown"}
_STAGES = 8
"""Phases of a test whose failures are kept; pytest knows three, and a fourth for a worker that crashed."""
_OUTCOMES: tuple[CaseOutcome, ...] = get_args(CaseOutcome)
_KNOWN = {*_OUTCOMES, *_AGAIN, *_SUBTESTS}
_INTERRUPTED = {2, 3, 4}
_READ = {
    *("exitcode", "summary", "tests", "collectors", "nodeid", "outcome", "setup", "call", "teardown"),
    *("crash", "longrepr", "total", "collected", "deselected", *_KNOWN),
}
"""The keys that decide how a run ended: one that stands twice in an object says two things."""


def looks(head: str) -> bool:
    """Whether a text starts like a pytest-json-report."""
    return head.lstrip("\ufeff \t\r\n").startswith("{") and bool(_KEYS.search(head))


def read(file: File) -> Report:
    """The Report of a JSON file. Cut or broken JSON is unreadable: half a report would pass for a whole one."""
    folding = _Folding(file.limits.cases)
    document = document_of(file, folding)
    if not isinstance(document, dict) or not ({"tests", "collectors", "exitcode"} & document.keys()):
        return file.unreadable(
            NAME, "JSON, but no pytest-json-report: it has no tests, collectors or exit code"
        )
    return _report(file, document, folding.doubled)


@dataclass(frozen=True, slots=True)
class _Test:
    """One entry of `tests`, whose outcome is `said`. `case` is None where it tells of no end.

    So it is for a test that came no further than its setup, as after an interrupt, and for an outcome that nobody knows.
    `hides` is True when its last subtest passed: the report keeps no word of those before it, which may have failed.
    `odd` is what contradicts itself in it, in words; `trace` what the plugin recorded, as it stands.
    """

    node: str
    said: str
    case: Case | None
    hides: bool
    odd: str = ""
    trace: Any = None


class _Folding:
    """Objects as they are decoded, without what nobody reads: so that no report is ever held as a whole.

    Raises Exceeded for more than `most` tests, or more objects than that before a test holds them.
    """

    def __init__(self, most: int) -> None:
        self.doubled: dict[str, None] = {}
        self._most = most
        self._tests = self._loose = 0

    def __call__(self, pairs: list[tuple[str, Any]]) -> Any:
        folded = self._folded(pairs)
        self._tests += isinstance(folded, _Test)
        self._loose = 0 if isinstance(folded, _Test) else self._loose + isinstance(folded, dict)
        if max(self._tests, self._loose) > self._most:
            raise Exceeded(f"more tests than the {self._most} that may be read (limits.cases)")
        return folded

    def _folded(self, pairs: list[tuple[str, Any]]) -> Any:
        value = dict(pairs)
        if len(value) < len(pairs):
            found = Counter(key for key, _ in pairs)
            self.doubled |= dict.fromkeys(key for key in found if found[key] > 1 and key in _READ)
        return _folded(value)


def _folded(value: dict[str, Any]) -> Any:
    """A test as its case, a log record as its line, an object that somebody reads as it is."""
    if _is_test(value):
        return _test(value)
    if "outcome" in value:
        value.pop("traceback", None)
        return value
    if "levelname" in value and "msg" in value:
        return _log_line(value)
    unread = ("nodeid" in value and "type" in value) or ("category" in value and "filename" in value)
    return None if unread else value


def _is_test(value: dict[str, Any]) -> bool:
    """Whether an object is an entry of `tests`: a collector has a result, what a collector found has a type."""
    if "nodeid" not in value or "result" in value:
        return False
    node = value["nodeid"]
    if not isinstance(node, str) or not node:
        return False
    return "outcome" in value or any(isinstance(value.get(phase), dict) for phase in _PHASES)


def _test(test: dict[str, Any]) -> _Test:
    """A test as its case."""
    node, said = string(test["nodeid"]), string(test.get("outcome"))
    case = _case(test)
    ended = said != "passed" or "call" in test or "setup" not in test
    known = said.lower() in _KNOWN
    hides = said == "subtests passed" and mapping(test.get("call")).get("outcome") == "passed"
    told = case.failures or (ended and known)
    trace = mapping(mapping(test.get("metadata")).get("triagebot")).get("trace")
    return _Test(node, said, case if told else None, hides, _odd(test, said, case), trace)


def _odd(test: dict[str, Any], said: str, case: Case) -> str:
    """How a test contradicts itself; "" for one that does not."""
    if said not in _KNOWN:
        return _quoted(test)
    strange = next((odd for _, stage in _stages(test) if (odd := _phase_odd(stage))), "")
    return strange or (
        f"outcome {said} beside a phase that failed" if said in _TOLD and case.failures else ""
    )


def _report(file: File, document: dict[str, Any], doubled: Collection[str]) -> Report:
    summary = mapping(document.get("summary"))
    exit_code = whole(document.get("exitcode"))
    listed = items(document.get("tests"))
    tests = [test for test in listed if isinstance(test, _Test)]
    unsure = [test.node for test in tests if test.hides and exit_code != 0]
    told = [test for test in tests if not (test.hides and exit_code != 0)]
    joined = _traced(_attempts_joined(told), document, {test.node: test.trace for test in tests})
    cases = distinct([*map(Placed, _collectors(document)), *map(Placed, joined)])
    unnamed = {} if tests else _summed(summary)
    duration = number(document.get("duration"))
    created = number(document.get("created"))
    collected = count(summary.get("collected"))
    doubts = [
        *_doubts(document, doubled, [test.odd for test in tests if test.odd], len(listed) - len(tests)),
        *_miscounted(document, [test.said for test in tests]),
        *_beside(exit_code, cases, unnamed),
    ]
    return Report(
        file.path,
        file.sha256,
        NAME,
        cases,
        started=moment(None if created is None else created - (duration or 0.0)),
        duration_s=duration,
        exit_code=exit_code,
        collected=collected,
        complete=not doubts
        and (exit_code == 0 or (exit_code not in _INTERRUPTED and not _stopped_early(summary, collected))),
        problems=(
            *file.problems,
            *map(file.problem, doubts),
            *_hidden(file, unsure),
            *_nameless(file, unnamed),
        ),
        facts=_facts(document),
        unnamed=unnamed,
        doubted=bool(doubts),
        idle=_idle(summary, collected or 0, exit_code) if not (cases or doubts) else "",
    )


def _traced(cases: Iterable[Case], document: dict[str, Any], traces: dict[str, Any]) -> Iterator[Case]:
    """The cases with what triagebot's pytest plugin saw of their last attempts."""
    calls = Calls()
    calls.more(mapping(document.get("triagebot")).get("functions"))
    for case in cases:
        trace = trace_of(traces.get(case.test), calls)
        yield replace(case, trace=trace) if trace else case


def _attempts_joined(tests: Iterable[_Test]) -> Iterable[Case]:
    """The cases, those that were run again with the next of their name: the outcome of an attempt says so."""
    found: list[Case] = []
    before: list[list[Attempt]] = []
    again: dict[str, int] = {}
    for test in tests:
        if not test.case:
            continue
        place = again.pop(test.node, None)
        if place is None:
            place = len(found)
            found.append(test.case)
            before.append([])
        else:
            before[place] += _earlier(found[place])
            found[place] = test.case
        if test.said in _AGAIN:
            again[test.node] = place
    joined = zip(found, before, strict=True)
    return [replace(case, attempts=(*held, *case.attempts)) if held else case for case, held in joined]


def _earlier(case: Case) -> tuple[Attempt, ...]:
    """The attempts of a case that was run again: the failed one as it is told, else none but those before the end."""
    return case.attempts[-1:] if case.failures else case.attempts[:-1]


def _doubts(
    document: dict[str, Any], doubled: Collection[str], odd: list[str], strangers: int
) -> Iterator[str]:
    """What contradicts itself or cannot be understood, in sentences."""
    if doubled:
        yield f"keys that stand twice in one object: {', '.join(sorted(doubled))}"
    if not isinstance(document.get("tests", []), list):
        yield "tests that are no list"
    if "exitcode" in document and whole(document["exitcode"]) is None:
        yield f"an exit code that is none: {string(document['exitcode'])[:80] or 'null'}"
    if strangers:
        yield f"entries under tests that are no tests: {strangers}"
    if odd:
        more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
        yield f"tests whose result nobody knows or that contradict themselves: {odd[0]}{more}"
    if strange := [said for said in map(_collector_odd, items(document.get("collectors"))) if said]:
        yield f"collectors that nobody understands: {len(strange)}, the first with {strange[0]}"


def _miscounted(document: dict[str, Any], said: list[str]) -> Iterator[str]:
    """Where the summary counts other tests than are named: pytest-json-report counts just these.

    Under --json-report-summary nothing is named; then it must add up.
    """
    summary = mapping(document.get("summary"))
    if document.get("summary") is not None and not isinstance(document["summary"], dict):
        yield "a summary that is none"
    named = Counter(said)
    named["total"] = len(said)
    if "tests" not in document:
        named = Counter({key: found for key in _KNOWN if (found := count(summary.get(key)))})
        named["total"] = named.total()
    counted = _KNOWN if "total" in summary else _KNOWN & summary.keys()
    wrong = [key for key in sorted(counted) if count(summary.get(key, 0)) != named[key]]
    wrong += [key for key in ("total",) if key in summary and count(summary[key]) != named[key]]
    wrong += [key for key in ("collected", "deselected") if key in summary and count(summary[key]) is None]
    if wrong:
        told = ", ".join(f"{key} {string(summary.get(key, 0))[:40] or 'null'}" for key in wrong[:5])
        yield f"the summary counts other tests than the report names: {told}"


def _nameless(file: File, unnamed: dict[CaseOutcome, int]) -> Iterator[Problem]:
    if lost := unnamed.get("failed", 0) + unnamed.get("error", 0):
        yield file.problem(
            f"failures that are counted but not named: {lost} (leave out --json-report-summary)"
        )


def _beside(exit_code: int | None, cases: Sequence[Case], unnamed: dict[CaseOutcome, int]) -> Iterator[str]:
    """An exit code that knows nothing of failures."""
    red = sum(bool(case.failures) for case in cases) + unnamed.get("failed", 0) + unnamed.get("error", 0)
    ran = sum(case.outcome != "skipped" for case in cases)
    if red and exit_code in (0, 5):
        yield f"exit code {exit_code} beside {red} failing test{'s' * (red != 1)}"
    elif ran and exit_code == 5:
        yield f"exit code 5, no tests collected, beside {ran} that ran"


def _idle(summary: dict[str, Any], collected: int, exit_code: int | None) -> str:
    """Why no test ran, where that was asked for: `--collect-only`, or a selection that leaves none."""
    if not collected or count(summary.get("total")) or exit_code not in (0, 5):
        return ""
    deselected = count(summary.get("deselected")) or 0
    if deselected >= collected:
        return f"everything was deselected: {deselected} of {collected} tests"
    return f"only collected: {collected - deselected} tests, none of them run" if exit_code == 0 else ""


def _hidden(file: File, tests: list[str]) -> tuple[Problem, ...]:
    if not tests:
        return ()
    said = f"{tests[0][:300]}{f' and {len(tests) - 1} more' if len(tests) > 1 else ''}"
    return (
        file.problem(f"the result of {said} is not told: this format hides failed subtests; add --junitxml"),
    )


def _stopped_early(summary: dict[str, Any], collected: int | None) -> bool:
    """Whether fewer cases ran than were chosen, as after --maxfail."""
    ran = count(summary.get("total"))
    return None not in (ran, collected) and (ran or 0) < (collected or 0) - (
        count(summary.get("deselected")) or 0
    )


def _summed(summary: dict[str, Any]) -> dict[CaseOutcome, int]:
    """The counts of a report that was written with --json-report-summary."""
    return {outcome: found for outcome in _OUTCOMES if (found := count(summary.get(outcome)))}


def _facts(document: dict[str, Any]) -> dict[str, str]:
    said = {key.lower(): value for key, value in mapping(document.get("environment")).items()}
    return {
        fact: value for fact in FACTS if isinstance(said.get(fact), str) and (value := string(said[fact]))
    }


def _collectors(document: dict[str, Any]) -> Iterator[Case]:
    """Modules that could not be collected (errors) or chose not to be (skipped)."""
    for collector in map(mapping, items(document.get("collectors"))):
        test = string(collector.get("nodeid")) or "."
        outcome = string(collector.get("outcome")).lower()
        if outcome in RED or (outcome != "skipped" and collector.get("longrepr")):
            text = string(collector.get("longrepr"))
            failure = Failure(test, join_id(test), "collect", message_in(text), text)
            yield Case(test, join_id(test), "error", (Attempt("error", (failure,)),))
        elif outcome == "skipped":
            yield Case(test, join_id(test), "skipped", (Attempt("skipped"),))


def _collector_odd(collector: Any) -> str:
    """What is wrong with a collector; "" for nothing."""
    held = mapping(collector)
    outcome = held.get("outcome")
    if outcome not in ("passed", "failed", "error", "skipped"):
        return _quoted(held)
    return "outcome passed beside an error" if outcome == "passed" and held.get("longrepr") else ""


def _stages(test: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The phases of a test; that of a worker that crashed is named "???"."""
    return [
        (name, value)
        for name, value in test.items()
        if isinstance(value, dict) and (name in _PHASES or ("outcome" in value and name != "metadata"))
    ]


def _is_red(stage: dict[str, Any]) -> bool:
    """Whether a phase failed: it says so, or carries a crash and says nothing that would explain one."""
    said = string(stage.get("outcome")).lower()
    if said in RED | _AGAIN:
        return True
    if said in {"skipped", "xfailed", "xpassed"}:
        return False
    return bool(stage.get("crash") or (said != "passed" and stage.get("longrepr")))


def _phase_odd(stage: dict[str, Any]) -> str:
    """What is wrong with a phase; "" for nothing."""
    said = string(stage.get("outcome"))
    if said not in _KNOWN:
        return f"a phase with {_quoted(stage)}"
    return "a phase that passed beside a crash" if said == "passed" and stage.get("crash") else ""


def _quoted(value: dict[str, Any]) -> str:
    """The outcome of a test, a phase or a collector as the report spells it."""
    return f"outcome {json.dumps(string(value['outcome'])[:80])}" if "outcome" in value else "no outcome"


def _case(test: dict[str, Any]) -> Case:
    node = string(test.get("nodeid"))
    join = join_id(node)
    stages = _stages(test)
    red = [*islice((stage for stage in stages if _is_red(stage[1])), _STAGES)]
    sections = tuple(_sections(stages))
    chains = _chains(test) if red else {}
    failures = tuple(_failure((node, join), name, stage, chains.get(name), sections) for name, stage in red)
    said = string(test.get("outcome")).lower()
    if not failures and said in RED:
        failures = (Failure(node, join, "call" if said == "failed" else "setup", "", ""),)
    outcome = _outcome(said, failures)
    last = Attempt(outcome, failures, _seconds(stages), sections, of_json(test))
    earlier = (Attempt("failed"),) if said in _AGAIN else ()
    return Case(node, join, outcome, (*earlier, last))


def _outcome(said: str, failures: tuple[Failure, ...]) -> CaseOutcome:
    """Failed when the call failed, error when only setup or teardown did, else what the report says."""
    if failures:
        return "failed" if any(failure.phase == "call" for failure in failures) else "error"
    return next((outcome for outcome in _OUTCOMES if outcome == said), "passed")


def _seconds(stages: list[tuple[str, dict[str, Any]]]) -> float | None:
    known = [seconds for _, stage in stages if (seconds := number(stage.get("duration"))) is not None]
    return sum(known) if known else None


def _chains(test: dict[str, Any]) -> dict[str, Any]:
    """The exception chain of each phase, where triagebot's pytest plugin recorded one."""
    return mapping(mapping(mapping(test.get("metadata")).get("triagebot")).get("chains"))


def _failure(
    ids: tuple[str, str], name: str, stage: dict[str, Any], chain: Any, sections: tuple[Section, ...]
) -> Failure:
    text = _long(stage.get("longrepr"))
    return Failure(
        *ids,
        _PHASES.get(name, "call"),
        string(mapping(stage.get("crash")).get("message")) or message_in(text),
        text,
        tuple(_raised(raised) for raised in items(chain) if isinstance(raised, dict)),
        sections,
    )


def _long(value: Any) -> str:
    """The long representation: text, or the dict that pytest-reportlog and custom hooks put there."""
    crash = mapping(value.get("reprcrash")) if isinstance(value, dict) else None
    return string(crash.get("message")) if crash else string(value)


def _sections(stages: list[tuple[str, dict[str, Any]]]) -> Iterator[Section]:
    for name, stage in stages:
        for stream in ("stdout", "stderr"):
            if text := stage.get(stream):
                yield Section(f"Captured {stream} {name}", capped(string(text)))
        if lines := items(stage.get("log")):
            yield Section(f"Captured log {name}", capped("\n".join(map(string, lines))))


def _log_line(said: dict[str, Any]) -> str:
    """One log record in pytest's own layout."""
    place = f"{string(said.get('filename'))}:{string(said.get('lineno'))}"
    return f"{string(said.get('levelname')):<8} {string(said.get('name'))}:{place} {string(said.get('msg'))}"


def _raised(value: dict[str, Any], depth: int = 0) -> Raised:
    """One exception of the plugin's chain. Groups nest; ten levels say all that there is to say."""
    link = value.get("link")
    return Raised(
        string(value.get("type")),
        string(value.get("message")),
        tuple(map(_frame, filter(None, string(value.get("frames")).split("\n")))),
        link if link in ("cause", "context") else "",
        tuple(
            sorted((string(name), string(held)) for name, held in mapping(value.get("attributes")).items())
        ),
        _within(value.get("leaves"), depth),
        _within(value.get("chain"), depth),
    )


def _within(values: Any, depth: int) -> tuple[Raised, ...]:
    """The exceptions that another one holds: its leaves, or what led to it."""
    if depth == 10:
        return ()
    return tuple(_raised(value, depth + 1) for value in items(values) if isinstance(value, dict))


def _frame(line: str) -> Frame:
    """One frame as the plugin writes it, `path:line:function`; what is no frame is a path."""
    place, _, function = line.rpartition(":")
    path, _, at = place.rpartition(":")
    known = at.isdecimal() and len(at) < 10
    return Frame(path, int(at) if known else None, function) if path else Frame(line, None)
