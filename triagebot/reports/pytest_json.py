"""pytest-json-report 1.x: the richest of the formats, except for exception chains, reruns and subtests.

In: a `File`. Out: a `Report`. Collection errors live only in `collectors`; a worker that crashed leaves a phase named
"???"; a case that was rerun keeps only its last attempt and the outcome "rerun".
Source: https://github.com/numirias/pytest-json-report#format and the plugin's serialize.py.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from triagebot.reports.captured import capped
from triagebot.reports.decoding import File
from triagebot.reports.gutter import message_in
from triagebot.reports.model import (
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
from triagebot.reports.names import join_id
from triagebot.reports.untyped import count, items, mapping, moment, number, string

NAME = "pytest-json"
FACTS = ("environment", "branch", "commit", "revision")

_KEYS = re.compile(r'"(?:exitcode|nodeid|collectors)"\s{0,20}:')
_BLANK = "\0 \t\r\n"
_RED = {"failed", "error", "rerun"}
_PHASES: dict[str, Phase] = {"setup": "setup", "call": "call", "teardown": "teardown"}
_OUTCOMES: tuple[CaseOutcome, ...] = get_args(CaseOutcome)
_INTERRUPTED = {2, 3, 4}


def looks(head: str) -> bool:
    """Whether a text starts like a pytest-json-report."""
    return head.lstrip("\ufeff \t\r\n").startswith("{") and bool(_KEYS.search(head))


def read(file: File) -> Report:
    """The Report of a JSON file. Cut or broken JSON is unreadable: half a report would pass for a whole one."""
    try:
        document = json.loads(file.text.rstrip("\0"), object_hook=_folded)
    except json.JSONDecodeError as error:
        return file.unreadable(NAME, _why(file, error))
    except RecursionError:
        return file.unreadable(NAME, "JSON nested more deeply than any report")
    except ValueError:  # Python refuses to turn thousands of digits into a number
        return file.unreadable(NAME, "JSON with a number of thousands of digits")
    if not isinstance(document, dict) or not ({"tests", "collectors", "exitcode"} & document.keys()):
        return file.unreadable(
            NAME, "JSON, but no pytest-json-report: it has no tests, collectors or exit code"
        )
    return _report(file, document)


@dataclass(frozen=True, slots=True)
class _Test:
    """One entry of `tests`. `case` is None for a test that came no further than its setup, as after an interrupt.

    `hides` is True when its last subtest passed: the report keeps no word of those before it, which may have failed.
    """

    node: str
    case: Case | None
    hides: bool


def _folded(value: dict[str, Any]) -> Any:
    """An object as soon as it is decoded, without what nobody reads: so that no report is ever held as a whole."""
    if "outcome" in value:
        value.pop("traceback", None)
        return _test(value) if "result" not in value and isinstance(value.get("nodeid"), str) else value
    if "levelname" in value and "msg" in value:
        return _log_line(value)
    unread = ("nodeid" in value and "type" in value) or ("category" in value and "filename" in value)
    return None if unread else value


def _test(test: dict[str, Any]) -> Any:
    """A test as its case."""
    node, said = string(test["nodeid"]), string(test["outcome"])
    if not node:
        return test
    ran = said != "passed" or "call" in test or "setup" not in test
    hides = said == "subtests passed" and mapping(test.get("call")).get("outcome") == "passed"
    return _Test(node, _case(test) if ran else None, hides)


def _why(file: File, error: json.JSONDecodeError) -> str:
    place = f"byte {file.byte_at(error.pos)}"
    if error.pos >= len(file.text.rstrip(_BLANK)) or error.msg.startswith("Unterminated string"):
        return f"JSON cut off at byte {file.byte_at(len(file.text.rstrip(_BLANK)))}"
    return f"not JSON at {place} (line {error.lineno}): {error.msg}"


def _report(file: File, document: dict[str, Any]) -> Report:
    summary = mapping(document.get("summary"))
    exit_code = count(document.get("exitcode"))
    listed = items(document.get("tests"))
    tests = [test for test in listed if isinstance(test, _Test)]
    unsure = [test.node for test in tests if test.hides and exit_code != 0]
    told = (test.case for test in tests if test.case and not (test.hides and exit_code != 0))
    cases = (*_collectors(document), *told)
    duration = number(document.get("duration"))
    created = number(document.get("created"))
    collected = count(summary.get("collected"))
    return Report(
        file.path,
        file.sha256,
        NAME,
        cases,
        started=moment(None if created is None else created - (duration or 0.0)),
        duration_s=duration,
        exit_code=exit_code,
        collected=collected,
        complete=exit_code == 0 or (exit_code not in _INTERRUPTED and not _stopped_early(summary, collected)),
        problems=(*file.problems, *_strange(file, len(listed) - len(tests)), *_hidden(file, unsure)),
        facts=_facts(document),
        unnamed={} if tests else _summed(summary),
    )


def _strange(file: File, lost: int) -> tuple[Problem, ...]:
    return (file.problem(f"entries under tests that are no tests: {lost}"),) if lost else ()


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
        outcome = string(collector.get("outcome"))
        if outcome in _RED:
            text = string(collector.get("longrepr"))
            failure = Failure(test, join_id(test), "collect", message_in(text), text)
            yield Case(test, join_id(test), "error", (Attempt("error", (failure,)),))
        elif outcome == "skipped":
            yield Case(test, join_id(test), "skipped", (Attempt("skipped"),))


def _case(test: dict[str, Any]) -> Case:
    node = string(test.get("nodeid"))
    join = join_id(node)
    stages = [(name, value) for name, value in test.items() if isinstance(value, dict) and "outcome" in value]
    red = [stage for stage in stages if string(stage[1]["outcome"]) in _RED]
    sections = tuple(_sections(stages)) if red else ()
    chains = _chains(test) if red else {}
    failures = tuple(_failure((node, join), name, stage, chains.get(name), sections) for name, stage in red)
    said = string(test.get("outcome"))
    if not failures and said in {"failed", "error"}:
        failures = (Failure(node, join, "call" if said == "failed" else "setup", "", ""),)
    outcome = _outcome(said, failures)
    last = Attempt(outcome, failures, _seconds(stages), sections)
    earlier = (Attempt("failed"),) if said == "rerun" else ()
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
