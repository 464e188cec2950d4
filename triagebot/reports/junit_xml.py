"""JUnit XML of pytest and of everything else that writes it.

In: a `File`. Out: a `Report`. defusedxml parses (no entities, no external references), junitparser gives the elements
their meaning. A cut file keeps the cases that were complete and says so.

What pytest's dialect means is read from pytest's own junitxml.py: `<error>` wraps the phase into the message; a call
that fails before a failing teardown becomes two cases; a rerun leaves a bare case per attempt; a crashed xdist worker
looks like a failed setup. Elsewhere `<error>` is an unexpected exception and `rerunFailure`, `flakyFailure` and their
likes (https://maven.apache.org/surefire/maven-surefire-plugin/examples/rerun-failing-tests.html) are attempts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from junitparser import Error, Skipped, xunit2
from junitparser import Failure as FailureElement

from triagebot.config import Limits
from triagebot.reports import runner_cases
from triagebot.reports.captured_output import capped
from triagebot.reports.decoding import File
from triagebot.reports.go_results import message_in as message_of_go
from triagebot.reports.junit_claims import Claims, claims, errors_beside, odd_result, of_suite, stated
from triagebot.reports.limits import digest, more_failures, more_tests
from triagebot.reports.model import (
    Attempt,
    Beyond,
    Case,
    CaseOutcome,
    Failure,
    Phase,
    Problem,
    Report,
    Section,
)
from triagebot.reports.namesakes import Placed, distinct, of_project
from triagebot.reports.pytest_longrepr import message_in, only_repeats
from triagebot.reports.recorded_properties import properties
from triagebot.reports.subtests import telling
from triagebot.reports.test_names import join_id, pytest_node_id
from triagebot.reports.xml_documents import keep_first, parsed

NAME = "junit-xml"

_SUITE = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?testsuites?[\s/>]")
"""The tag that holds cases, in any namespace.

Hit: `<testsuites name="a">`
Hit: `<j:testsuite>`
Miss: `<testcase name="a">`
"""
_ABSOLUTE = re.compile(r"/|[A-Za-z]:/|file:")
"""A file named from the root of its machine.

Hit: `/srv/app/pay.js`
Hit: `C:/app/pay.js`
Miss: `src/pay.js`
"""
_FACTS = ("environment", "branch", "commit", "revision")
_WRAPPED = re.compile(r'\Afailed on (setup|teardown) with "(.*?)"?\s{0,9}\Z', re.DOTALL)
"""The phase around a message of pytest's.

Hit: `failed on setup with "ValueError: gone"`
Miss: `failed on setup`
"""
_NOTE = re.compile(r"\n\[(?:\+\d{1,9} more lines?|truncated); full report in element text\]\Z")
"""What newer pytest puts in place of a message's end.

Hit: `gone\n[+2 more lines; full report in element text]`
Miss: `gone`
"""
_ROWS = re.compile(r"(\w{1,300}) with data set ")
"""PHPUnit's name of a test with data, around whose rows stands a suite of the test's name.

Hit: `testPays with data set "five"`
Miss: `testPays`
"""
_BROWSER = re.compile(
    r"(Chrome|Firefox|Safari|Edge|Opera|WebKit|Chrome Mobile|Mobile Safari|Chrome Headless|HeadlessChrome|ChromeHeadless|jsdom|Electron) [\d.]{1,40} \(.{1,80}\)"
)
"""A browser as Karma names it. Hit: `Chrome 120.0.0.0 (Linux x86_64)`. Miss: `Chrome`."""
_UNNAMED = "unnamed test"
_ENDS = (FailureElement, Error, Skipped)
_UNRUN = "Test suite failed to run"
"""The class that jest-junit gives to a file that could not be run, which stands in its report twice."""
_CRASH = re.compile(r"worker '[^']{1,80}' crashed while running ")
"""What xdist says of a test whose worker died.

Hit: `worker 'gw0' crashed while running 'tests/test_a.py::test_pay'`
Miss: `worker 'gw0' was late`
"""


def looks(head: str) -> bool:
    """Whether a text starts like XML that holds test suites."""
    return head.lstrip("\ufeff\0 \t\r\n").startswith("<") and bool(_SUITE.search(head))


def read(file: File) -> Report:
    """The Report of a JUnit file; of a cut or broken one, what was complete before that place."""
    tree, problem = parsed(file)
    root = tree.root
    if root is None or root.tag not in {"testsuites", "testsuite", "testrun"}:
        return file.unreadable(
            NAME, problem or f"XML, but not JUnit: its root is <{'' if root is None else root.tag}>"
        )
    for around in [
        *root.iter("testsuites"),
        root,
    ]:  # Eclipse says testrun; files put together hold suites of suites
        around.tag = (
            "testsuite" if around is not root else "testsuites" if root.tag == "testrun" else root.tag
        )
    tree.drop_unfinished("testcase")
    if problem and root.find(".//testcase") is None:
        return file.unreadable(NAME, problem)
    problems = (*file.problems, *([problem] if problem else []))
    return _report(file, _elements(root), problems, complete=not problem)


def _elements(root: Any) -> Any:
    """What junitparser makes of the root. Any: its annotations leave out most of what its elements can do."""
    return xunit2.JUnitXml.fromroot(root)


def _report(file: File, xml: Any, problems: tuple[Problem, ...], *, complete: bool) -> Report:
    stated_of_all, abandoned = claims(xml._elem), _abandoned(xml)  # noqa: SLF001 junitparser's way to its element
    beyond = _cut(file, xml._elem)  # noqa: SLF001 the same
    suites = list(_suites(xml, file.limits))
    found = [(suite, _cases(suite)) for suite in suites]
    cases = distinct([Placed(case, suite.names, suite.host) for suite, read in found for case in read.cases])
    internal = [text for _, read in found for text in read.internal]
    crashed = [
        file.problem(f"pytest stopped with an internal error: {_last_line(text)}") for text in internal
    ]
    cut = not complete and any(case.failures for case in cases)
    claimed = Claims() if cut else stated_of_all
    doubts = [*claimed.doubts, *_odd([said for _, read in found for said in read.odd])]
    return Report(
        file.path,
        file.sha256,
        NAME,
        cases,
        started=min((suite.started for suite in suites if suite.started), default=None),
        duration_s=_duration(xml, suites),
        exit_code=3 if internal else None,
        complete=complete
        and not beyond
        and not internal
        and not doubts
        and not claimed.stopped
        and not any(of_suite(suite.element._elem) for suite in suites)  # noqa: SLF001 junitparser's way to its element
        and not _only_collected(cases)
        and not abandoned,
        problems=(*problems, *beyond, *crashed, *map(file.problem, doubts)),
        facts={name: value for suite in suites for name, value in suite.facts.items()},
        unnamed={"failed": claimed.missing} if claimed.missing else {},
        doubted=bool(doubts) and complete,
    )


def _cut(file: File, root: Any) -> list[Problem]:
    """What is said of suites and cases beyond the limits, which are taken out: making cases of all of them takes most of the time."""
    most, failing = file.limits.cases, file.limits.failures
    suites, tests = (keep_first(root, tag, most) for tag in ("testsuite", "testcase"))
    red = keep_first(root, "testcase", failing, ("failure", "error"))
    told = (
        (suites > most, more_tests(most, suites, "suites")),
        (tests > most, more_tests(most, tests)),
        (red > failing, more_failures(failing, red)),
    )
    return [Beyond(file.path, reason) for beyond, reason in told if beyond]


def _odd(said: list[str]) -> Iterator[str]:
    if said:
        more = f" and {len(said) - 1} more" if len(said) > 1 else ""
        yield f"results that nobody knows, and that count for nothing: {said[0]}{more}"


@dataclass(frozen=True, slots=True)
class _Suite:
    """A suite in its place: the names of the suites around it (outermost first, itself last) and the nearest file."""

    element: Any
    names: tuple[str, ...]
    file: str
    pytest: bool
    started: datetime | None
    facts: dict[str, str]
    host: str = ""
    project: str = ""
    go: bool = False


def _suites(xml: Any, limits: Limits) -> Iterator[_Suite]:
    """All suites in order, nested ones after their parents; cases that stand outside any suite come first."""
    pytest_root = xml._elem.get("name") == "pytest tests"  # noqa: SLF001 junitparser's way to its element
    playwright = _is_playwright(xml._elem)  # noqa: SLF001 the same
    loose = type(xml).testsuite.fromelem(xml._elem)  # noqa: SLF001 the same
    yield _Suite(loose, (), "", pytest_root, None, {})
    waiting: list[tuple[Any, tuple[str, ...], str]] = [(suite, (), "") for suite in reversed(list(xml))]
    while waiting:
        element, around, file = waiting.pop()
        suite = _suite(element, around, file, limits, pytest_root=pytest_root, playwright=playwright)
        yield suite
        waiting.extend((inner, suite.names, suite.file) for inner in reversed(list(element.testsuites())))


def _suite(
    element: Any, around: tuple[str, ...], file: str, limits: Limits, *, pytest_root: bool, playwright: bool
) -> _Suite:
    name = element.name or ""
    names = (*around, name)
    if sum(map(len, names)) > limits.name_chars:  # each case within carries them
        names = (digest("::".join(names)),)
    return _Suite(
        element,
        names,
        element.file or file,
        pytest_root or name == "pytest",
        _moment(element.timestamp),
        {p.name: p.value for p in element.properties() if p.name in _FACTS and p.value},
        element._elem.get("hostname") or "",  # noqa: SLF001 junitparser's way to its element
        _project(element._elem, playwright=playwright),  # noqa: SLF001 the same
        any(p.name == "go.version" for p in element.properties()),
    )


def _project(element: Any, *, playwright: bool) -> str:
    """Who ran a suite: Maestro names the device, Playwright the project where others name a machine, Web Test Runner and Karma the browser."""
    browser = _BROWSER.fullmatch(element.get("name") or "")
    said = element.find("properties/property[@name='browser.name']")
    return (
        element.get("device")
        or (element.get("hostname") if playwright else "")
        or ("" if said is None else said.get("value") or "")
        or (browser[1] if browser else "")
        or ""
    )


def _without_browser(classname: str, suite: str) -> str:
    """Karma's class without the browser, whose version is another one next month."""
    return (
        classname.removeprefix(f"{re.sub('[ .]', '_', suite)}.") if _BROWSER.fullmatch(suite) else classname
    )


def _is_playwright(root: Any) -> bool:
    """Whether a report is Playwright's: it has an id, if an empty one, and its cases' class is their suite, a file."""
    cases = (
        (suite.get("name"), case.get("classname")) for suite in root.iter("testsuite") for case in suite[:1]
    )
    return root.get("id") is not None and all(name == owner for name, owner in cases)


def _moment(timestamp: str | None) -> datetime | None:
    """A suite's start in UTC; None where the clock's zone is not told."""
    try:
        found = datetime.fromisoformat(timestamp or "")
    except ValueError:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else None
    except OverflowError:
        return None


def _duration(xml: Any, suites: list[_Suite]) -> float | None:
    whole = runner_cases.seconds(xml._elem.get("time"))  # noqa: SLF001 junitparser's `time` raises on what is no number
    outer = (suite.element._elem.get("time") for suite in suites if len(suite.names) == 1)  # noqa: SLF001 the same
    known = [took for took in map(runner_cases.seconds, outer) if took is not None]
    return whole if whole is not None else sum(known) if known else None


def _abandoned(xml: Any) -> bool:
    """Whether a case has no name: pytest opened it for a test that an interrupt then took away."""
    return any(map(_is_abandoned, xml._elem.iter("testcase")))  # noqa: SLF001 junitparser's element


def _is_abandoned(case: Any) -> bool:
    """Whether an element is a case that pytest only opened: it has a time and nothing else, or not even that."""
    return not len(case) and case.attrib.keys() == {"time"}


def _only_collected(cases: Iterable[Case]) -> bool:
    """Whether collection failed and nothing ran, which is where pytest stops."""
    phases = {failure.phase for case in cases for failure in case.failures}
    return phases == {"collect"} and all(case.outcome in {"error", "skipped"} for case in cases)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[-1] if lines else "no text")[:300]


@dataclass(slots=True)
class _Read:
    """What stands right in one suite: cases, texts of pytest's internal errors, results that nobody knows."""

    cases: list[Case] = field(default_factory=list)
    internal: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def _cases(suite: _Suite) -> _Read:
    """The cases of one suite with their attempts; several of one name are several cases."""
    read = _Read()
    results: dict[str, list[_Result]] = {}
    for element in suite.element.iterchildren(xunit2.TestCase):
        parts = list(element)  # made anew by each look, as `element.result` is
        told = [part for part in parts if isinstance(part, _ENDS)]
        if suite.pytest and (element.classname, element.name) == ("pytest", "internal"):
            read.internal.extend(map(_text, told))
            continue
        if _is_abandoned(element._elem):  # noqa: SLF001 junitparser has no accessor
            continue
        test = _display(suite, element)
        if odd := _unknown(element):
            read.odd.append(f"{odd} of {test[:300]}")
            if not told:
                continue
        results.setdefault(test, []).append(_Result(element, _join(suite, element, test), told, parts))
    for test, held in results.items():
        if suite.go and _only_by_subtests(test, held, results):
            continue
        read.cases += [
            of_project(_case(suite, test, own), suite.project) for own in _by_execution(suite, held)
        ]
    read.cases = [*_broken(suite), *_with_errors_beside(suite, read.cases)]
    return read


def _broken(suite: _Suite) -> Iterator[Case]:
    """The suite itself, where it says that it broke beside its cases."""
    found = of_suite(suite.element._elem)  # noqa: SLF001 junitparser's way to its element
    errors = tuple(
        runner_cases.Error(said.get("message") or "", "".join(said.itertext()), "setup") for said in found
    )
    if errors:
        name = "::".join(filter(None, suite.names)) or _UNNAMED
        yield runner_cases.case(name, [runner_cases.AttemptResult("error", errors)])


def _with_errors_beside(suite: _Suite, cases: list[Case]) -> Iterator[Case]:
    """The cases of a suite of Newman's: without an answer that is what they failed with, else what is wrong is the request's case."""
    beside = errors_beside(suite.element._elem)  # noqa: SLF001 junitparser's way to its element
    unanswered = next((said for of_request, said in beside if of_request), "")
    red = any(case.failures for case in cases)
    for of_request, said in beside:
        if not (of_request and red):
            error = runner_cases.Error(runner_cases.head_of(said), said)
            yield runner_cases.case(suite.names[-1], [runner_cases.AttemptResult("error", (error,))])
    yield from (_unanswered(case, unanswered) if unanswered and case.failures else case for case in cases)


def _unanswered(case: Case, said: str) -> Case:
    """A failed assertion about an answer that never came."""
    message = runner_cases.head_of(said)
    last = case.attempts[-1]
    failures = tuple(replace(failure, message=message, text=said) for failure in last.failures[:1])
    return replace(case, attempts=(*case.attempts[:-1], replace(last, failures=failures)))


def _only_by_subtests(test: str, held: list["_Result"], results: dict[str, list["_Result"]]) -> bool:
    """Whether one of Go's tests failed because a subtest did, and says nothing itself."""
    texts = [_text(result) for one in held for result in one.told]
    below = any(other.startswith(f"{test}/") for other in results)
    return below and bool(texts) and not any(message_of_go(text) for text in texts)


def _unknown(case: Any) -> str:
    """What a case says of its end in words that nobody knows; "" when everything is understood."""
    said, attribute = stated(case._elem)  # noqa: SLF001 junitparser has no accessor
    tag = odd_result(case._elem)  # noqa: SLF001 the same
    return f"<{tag}>" if tag else attribute if said == "unknown" else ""


def _by_execution(suite: _Suite, results: list["_Result"]) -> Iterator[list["_Result"]]:
    """The elements of one name, those of each test together.

    Each element is a test of its own, but for gotestsum's, which writes each run of a test. In pytest's files those without a result are attempts that were run again
    (pytest-rerunfailures), up to the next with a result, and the error of a teardown belongs to the call before it.
    """
    held: list[_Result] = []
    for result in results:
        if held and not _belongs(suite, held[-1], result):
            yield held
            held = []
        held.append(result)
    yield held


def _belongs(suite: _Suite, before: "_Result", after: "_Result") -> bool:
    """Whether an element tells of the same test as the one before it, which has its name."""
    if suite.pytest:
        return _goes_on(before, after)
    return suite.go or after.element.classname == _UNRUN


def _goes_on(before: "_Result", after: "_Result") -> bool:
    """Whether an element of pytest's continues what the one before it began."""
    bare = not before.told and stated(before.element._elem)[0] != "red"  # noqa: SLF001 junitparser has no accessor
    return bare or (_is_torn(after) and not _is_torn(before))


def _is_torn(result: "_Result") -> bool:
    """Whether an element of pytest's tells of a teardown, and of nothing else."""
    errors = [error for error in result.told if isinstance(error, Error)]
    phases = {_pytest_phase(True, error.message or "")[0] for error in errors}
    return phases == {"teardown"} and len(errors) == len(result.told)


@dataclass(frozen=True, slots=True)
class _Result:
    """A case's element, its join id, and what it says of its end (failures, errors, skips) among all its parts."""

    element: Any
    join: str
    told: list[Any]
    parts: list[Any]


def _display(suite: _Suite, case: Any) -> str:
    """The id to show: pytest's node id, else file, suites, class and name as far as they say something.

    An absolute file is left out: it is another on every machine.
    """
    name = case.name or ""
    classname = _without_browser(case.classname or "", suite.names[-1] if suite.names else "")
    file = (case._elem.get("file") or suite.file).replace("\\", "/").removeprefix("./")  # noqa: SLF001 junitparser has no `file` on cases
    if suite.pytest or file.endswith(".py"):
        return pytest_node_id(classname, name, file)
    home = [file] if file and not _ABSOLUTE.match(file) else []
    owners = [owner for owner in _owners(suite, classname, name) if owner != _dotted(file)]
    parts = [*home, *owners, name] if name else [*home, *owners] or [_UNNAMED]
    return "::".join(parts) if len(parts) > 2 or "/" in parts[0] else ".".join(parts)


def _dotted(file: str) -> str:
    """A file as RSpec's JUnit spells it in place of a class: `spec.shop_spec`."""
    return file.rpartition(".")[0].replace("/", ".")


def _owners(suite: _Suite, classname: str, name: str) -> list[str]:
    """What stands between file and name: nested suites, and the class where it says more than they and the name do."""
    inner = suite.names[-1] if suite.names else ""
    if " " in inner and " " not in classname and _letters(inner) == _letters(classname):
        return [inner]  # Newman's class is the request's name without its spaces
    told = classname not in {"", "test", name, _UNRUN}
    told = told and not name.startswith(classname + " ") and not name.endswith(" " + classname)
    nested = _nested(suite.names) if len(suite.names) > 1 or classname in {"", "test"} else []
    if nested and (rows := _ROWS.match(name)) and nested[-1].endswith(f"::{rows[1]}"):
        nested[-1] = nested[-1].removesuffix(f"::{rows[1]}")
    spelled = any(part.replace("\\", ".").startswith(classname) for part in nested)
    return [*nested, *([classname] if told and not spelled else [])]


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _nested(names: tuple[str, ...]) -> list[str]:
    """The names of the suites around a case, without those that the next one repeats."""
    pairs = zip(names, (*names[1:], ""), strict=False)
    return [name for name, inner in pairs if name and not inner.startswith(name + "::")]


def _join(suite: _Suite, case: Any, test: str) -> str:
    """The classname of pytest is dotted already, so that its join id is exact where the node id is a guess."""
    if suite.pytest and case.classname:
        return f"{case.classname}.{case.name or ''}"
    return (case.name or "") if suite.pytest else join_id(test)


def _case(suite: _Suite, test: str, results: list[_Result]) -> Case:
    """One case of its elements in order: attempts, or a failing call and its failing teardown."""
    join = results[0].join
    results = results[:1] if results[0].element.classname == _UNRUN else results
    attempts: list[Attempt] = []
    for result in results:
        for attempt in _attempts(suite, test, join, result):
            if attempts and suite.pytest and _is_teardown_of(attempts[-1], attempt):
                attempts[-1] = replace(attempts[-1], failures=attempts[-1].failures + attempt.failures)
            else:
                attempts.append(attempt)
    if suite.pytest:
        attempts = [*map(_rerun, attempts[:-1]), attempts[-1]]
    return Case(test, join, attempts[-1].outcome, tuple(attempts))


def _is_teardown_of(before: Attempt, after: Attempt) -> bool:
    return (
        bool(before.failures) and bool(after.failures) and all(f.phase == "teardown" for f in after.failures)
    )


def _rerun(attempt: Attempt) -> Attempt:
    """An attempt that another one followed failed, though pytest-rerunfailures leaves a bare case for it."""
    return replace(attempt, outcome="failed") if attempt.outcome == "passed" else attempt


def _attempts(suite: _Suite, test: str, join: str, result: _Result) -> Iterator[Attempt]:
    """The attempts that one element holds: Surefire puts all of a case's into one."""
    final = _final(suite, test, join, result)
    interim: list[Any] = [part for part in result.parts if isinstance(part, xunit2.InterimResult)]
    earlier = [_interim(test, join, element) for element in interim]
    if earlier and not result.told and interim[-1]._tag.startswith("rerun"):  # noqa: SLF001 the tag is the class
        yield from earlier  # Surefire's reruns of a case that never passed; its first failure is lost
    elif final.failures and earlier:
        yield final
        yield from earlier
    else:
        yield from earlier
        yield final


def _final(suite: _Suite, test: str, join: str, result: _Result) -> Attempt:
    case, told = result.element, result.told
    red = [each for each in told if isinstance(each, FailureElement | Error)]
    sections = tuple(_sections(case))
    said, attribute = stated(case._elem)  # noqa: SLF001 junitparser has no accessor
    by_word = (Failure(test, join, "call", attribute, ""),) if said == "red" and not red else ()
    skipped = [each for each in told if isinstance(each, Skipped)]
    if any(map(_may_fail, skipped)):
        red = []
    claimed = by_word or _not_built(test, join, skipped)
    failures = claimed or tuple(_failure(suite, test, join, each, sections) for each in red)
    if failures and (kept := runner_cases.named_in("\n".join(section.text for section in sections))):
        failures = tuple(replace(failure, attachments=kept) for failure in failures)
    return Attempt(
        _outcome(suite, red, failures, skipped, said),
        telling(failures),
        runner_cases.seconds(case._elem.get("time")),  # noqa: SLF001 junitparser's `time` raises on what is no number
        sections,
        _recorded(case),
    )


def _recorded(case: Any) -> tuple[tuple[str, str], ...]:
    """What the suite recorded as properties of a case."""
    found = case._elem.iterfind("properties/property") if len(case._elem) else ()  # noqa: SLF001 junitparser knows no text of a property
    return properties((each.get("name") or "", each.get("value") or each.text or "") for each in found)


def _not_built(test: str, join: str, skipped: list[Any]) -> tuple[Failure, ...]:
    """Ctest's word for a test whose program is missing: red for ctest, and skipped in its report."""
    messages = (result.message or "" for result in skipped)
    said = next((message for message in messages if message.startswith("Unable to find executable")), "")
    return (Failure(test, join, "setup", said, ""),) if said else ()


def _outcome(
    suite: _Suite, red: list[Any], failures: tuple[Failure, ...], skipped: list[Any], said: str
) -> CaseOutcome:
    if red and suite.pytest:
        return "failed" if any(failure.phase == "call" for failure in failures) else "error"
    if red:
        return "failed" if any(isinstance(result, FailureElement) for result in red) else "error"
    if failures:
        return "error" if failures[0].phase == "setup" else "failed"
    if skipped:
        return _skipped(skipped[0])
    return "skipped" if said == "skipped" else "passed"


def _may_fail(result: Any) -> bool:
    """Whether a test was allowed to fail: marked "todo" (node:test), tagged so (Catch2)."""
    return result.type == "todo" or (result.message or "").endswith(("!mayfail", "!shouldfail"))


def _skipped(result: Any) -> CaseOutcome:
    if result.type == "pytest.xfail" or _may_fail(result):
        return "xfailed"
    return "xpassed" if (result.message or "").startswith("xfail-marked test passes") else "skipped"


def _failure(suite: _Suite, test: str, join: str, result: Any, sections: tuple[Section, ...]) -> Failure:
    message, text = result.message or "", _text(result)
    if not suite.pytest and not message.strip() and not text.strip():
        text = "\n".join(section.text for section in sections)  # ctest: what a program printed is all it said
    if not suite.pytest:
        return Failure(test, join, "call", message, text or _typed(result.type, message), (), sections)
    phase, message = _pytest_phase(isinstance(result, Error), _NOTE.sub("", message))
    return Failure(test, join, phase, _whole(message, text), text, (), sections)


def _whole(message: str, text: str) -> str:
    """The message as pytest had it before the attribute was cut; none that only repeats the text's start."""
    full = message_in(text)
    repeats = full.startswith(message.removesuffix("...")) or only_repeats(message, text)
    return full if repeats else message


def _pytest_phase(is_error: bool, message: str) -> tuple[Phase, str]:
    """The phase that pytest wrapped into a message, and the message without it."""
    wrapped = _WRAPPED.match(message)
    inner = wrapped[2] if wrapped else message
    if not is_error or _CRASH.match(inner):
        return "call", inner
    if message == "collection failure":
        return "collect", ""
    if message == "test teardown failure" or (wrapped and wrapped[1] == "teardown"):
        return "teardown", inner
    return "setup", inner


def _text(result: Any) -> str:
    return "".join(result._elem.itertext())  # noqa: SLF001 junitparser's `text` stops at the first child element


def _typed(kind: str | None, message: str) -> str:
    return f"{kind}: {message}" if kind and message else ""


def _interim(test: str, join: str, element: Any) -> Attempt:
    """One of Surefire's earlier or later attempts, which all failed."""
    text = element.stack_trace or element.text or ""
    outcome: CaseOutcome = "error" if element._tag.endswith("Error") else "failed"  # noqa: SLF001 the tag is the class
    said = [("system-out", element.system_out), ("system-err", element.system_err)]
    sections = tuple(Section(name, capped(held)) for name, held in said if held)
    failure = Failure(
        test,
        join,
        "call",
        element.message or "",
        text or _typed(element.type, element.message or ""),
        (),
        sections,
    )
    took = runner_cases.seconds(element._elem.get("time"))  # noqa: SLF001 nextest's; Surefire leaves it out
    return Attempt(outcome, (failure,), took, sections)


def _sections(case: Any) -> Iterable[Section]:
    for name in ("system-out", "system-err"):
        for element in case._elem.iterfind(name):  # noqa: SLF001 junitparser gives the first of several only
            if element.text:
                yield Section(name, capped(element.text))
