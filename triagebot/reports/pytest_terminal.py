"""pytest's terminal output, for runs that left nothing else.

In: a `File`. Out: a `Report`. Names come from `-v` lines and the short summary, texts from the blocks; a heading shows
only class and function, so that blocks are matched to names in the order in which pytest prints both. What is counted
but not named stays a count. There is no clock in it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from triagebot.reports.captured_output import capped
from triagebot.reports.decoding import File
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
from triagebot.reports.namesakes import Placed, distinct
from triagebot.reports.outcomes import meaning
from triagebot.reports.pytest_longrepr import message_in, only_repeats
from triagebot.reports.subtests import telling
from triagebot.reports.terminal_lines import LINE, Block, Session, blocks, is_border, lines_of, sessions
from triagebot.reports.test_names import join_id

NAME = "pytest-terminal"

_WORDS = "PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|RERUN|RETRY|SUBPASSED|SUBFAILED|SUBSKIPPED"
_NODE = re.compile(r"[^\s:][^:]{0,500}\.[A-Za-z]{1,8}::\S")
"""How a node id begins. Hit: `tests/test_cart.py::test_add PASSED`. Miss: `tests/test_cart.py:12: ValueError`."""
_STATUS = re.compile(rf" (?:u?({_WORDS}))(?=[ \[(]|\Z)")
"""A test's outcome behind its id; a `u` may stand before it.

Hit: ` PASSED [ 50%]`
Hit: ` SKIPPED (no network)`
Hit: ` uFAILED`
Miss: ` PASSED_ON`
"""
_REST = re.compile(
    r"(?:\[.{0,400}\])?(?: ?\(.{0,900}\))? {0,400}(?:\[ {0,3}\d{1,3}%\])?(?: {1,9}[\d.]{1,12}s)?"
)
"""What may stand behind the outcome: a reason, progress, a duration. It can be empty.

Hit: ` (no network)   [ 50%]`
Hit: `[ 50%] 0.12s`
Miss: ` and so on`
"""
_WORKER = re.compile(rf"\[gw\d{{1,4}}\] (?:\[ {{0,3}}\d{{1,3}}%\] )?({_WORDS}) (\S.{{0,1800}})")
"""The line of a test that ran on a worker of xdist.

Hit: `[gw1] [ 50%] PASSED tests/test_cart.py::test_add`
Miss: `[gw1] node down: Not properly terminated`
"""
_LATE = re.compile(
    rf"(?:.{{0,1900}}?)\b({_WORDS})(?: \(.{{0,900}}\))? {{1,200}}\[ {{0,3}}\d{{1,3}}%\]|({_WORDS})"
)
"""An outcome that stands below its test, for the test printed something.

Hit: `ready PASSED   [ 50%]`
Hit: `FAILED`
Miss: `it FAILED at last`
"""
_SUMMARY = re.compile(rf"({_WORDS}) (\S.{{0,1800}})")
"""A line of the short summary. Hit: `FAILED tests/test_cart.py::test_add - ValueError: gone`. Miss: `5 failed in 0.12s`."""
_SUB_SUMMARY = re.compile(r"(SUB[A-Z]{4,7}).{1,900}?[\])] ([^\s:]{1,500}\.[A-Za-z]{1,8}::\S.{0,1000})")
"""The same for a subtest: what it is called, then the test.

Hit: `SUBFAILED[visa] tests/test_cart.py::test_pay - ValueError: gone`
Miss: `FAILED tests/test_cart.py::test_pay`
"""
_AT = re.compile(r"ERROR at (setup|teardown) of (.{1,1800})")
"""The title of an error around a test. Hit: `ERROR at setup of test_add`. Miss: `test_add`."""
_COLLECTING = re.compile(r"ERROR collecting ?(.{0,1800})")
"""The title of an error while tests were collected.

Hit: `ERROR collecting tests/test_cart.py`
Miss: `ERROR at setup of test_add`
"""
_CRASHED = re.compile(r"worker '[^']{1,80}' crashed while running '(.{1,1800})'")
"""What xdist says when a worker died.

Hit: `worker 'gw1' crashed while running 'tests/test_cart.py::test_add'`
Miss: `worker 'gw1' started`
"""
_LINE_STYLE = re.compile(r"(\S.{0,600}?):(\d{1,7}): (.{0,1900})")
"""A failure's place with `--tb=line` and what it says.

Hit: `/srv/shop/tests/test_cart.py:12: ValueError: gone`
Miss: `ValueError: gone`
"""
_COLLECTED = re.compile(r"collected (\d{1,9}) items?|\d{1,4} workers? \[(\d{1,9}) items?\]")
"""How many tests there are. Hit: `collected 12 items`. Hit: `4 workers [12 items]`. Miss: `collecting ...`."""
_LAST_FAILED = re.compile(r"run-last-failure: rerun previous \d{1,9} failures?")
"""What pytest says when `--lf` or `--ff` runs again what failed before.

Hit: `run-last-failure: rerun previous 2 failures`
Miss: `run-last-failure: no previously failed tests, not deselecting items.`
"""
_LETTERS = re.compile(r"(?:\S{1,400}\.[a-z]{1,8} )?([.FEsxXRu,-]{1,400})(?: {1,200}\[ {0,3}\d{1,3}%\])?")
"""Outcomes by their letters, behind their file or alone.

Hit: `tests/test_cart.py ..F.s   [ 50%]`
Hit: `..E.`
Miss: `tests/test_cart.py::test_add PASSED`
"""
_STARTS = ("FAILED ", "ERROR ", "PASSED ", "SKIPPED ", "XFAIL ", "XPASS ", "RERUN ", "RETRY ", "SUB")
_AGAIN = ("RERUN", "RETRY")
"""What an attempt is called that another one follows (pytest-rerunfailures, pytest-retry)."""
_USAGE = (
    "ERROR: usage:",
    "ERROR: file or directory not found",
    "ERROR: not found:",
    "ERROR: found no collectors",
)
_COVERAGE = ("FAIL Required test coverage", "Coverage failure:")
_UNNAMED: dict[str, CaseOutcome] = {
    "passed": "passed",
    "skipped": "skipped",
    "xfailed": "xfailed",
    "xpassed": "xpassed",
}
_SAID: dict[str, CaseOutcome] = {
    "PASSED": "passed",
    "SKIPPED": "skipped",
    "XFAIL": "xfailed",
    "XPASS": "xpassed",
}


def looks(head: str) -> bool:
    """Whether a text holds lines that only pytest's terminal reporter writes."""
    if head.lstrip("\ufeff\0 \t\r\n").startswith(("<?xml", "<testsuite", "{")):
        return False
    return any(
        is_border(line)
        or line.startswith((*_USAGE, "INTERNALERROR>"))
        or _status(line[:LINE])
        or _is_letters(line)
        for line in lines_of(head)
    )


def _is_letters(line: str) -> bool:
    return line.rstrip().endswith("%]") and bool(_LETTERS.fullmatch(line[:LINE].rstrip()))


def read(file: File) -> Report:
    """The Report of a log: all its sessions together. One without a closing line was cut."""
    lines = lines_of(file.text.rstrip("\0"))
    found = sessions(lines)
    parts = [_Part(session) for session in found]
    read_parts = [_read(part, file.limits.failures) for part in parts]
    if any(line.startswith(_USAGE) for line in lines[:400]) and not any(part.counts for part in found):
        return _usage(file, lines)
    usable = (
        found[-1].counts is not None
        or any(cases for cases in read_parts)
        or any(part.internal for part in found)
    )
    if not usable and not any(map(is_border, lines)) and not any(part.letters for part in parts):
        return file.unreadable(NAME, "no report: pytest's terminal output has a summary, and this has none")
    return _report(file, parts, read_parts, len(lines))


def _usage(file: File, lines: list[str]) -> Report:
    said = next(line for line in lines if line.startswith(_USAGE))
    problem = file.problem(f"pytest refused its arguments: {said[:300]}")
    return Report(
        file.path, file.sha256, NAME, exit_code=4, complete=False, problems=(*file.problems, problem)
    )


def _report(file: File, parts: list["_Part"], cases: list[tuple[Case, ...]], total: int) -> Report:
    codes = [_exit_code(part, held) for part, held in zip(parts, cases, strict=True)]
    seconds = [part.session.seconds for part in parts if part.session.seconds is not None]
    collected = [part.collected for part in parts if part.collected is not None]
    unnamed: Counter[CaseOutcome] = Counter()
    for part, held in zip(parts, cases, strict=True):
        unnamed.update({} if part.beyond else _unnamed(part, held))
    beyond = (
        [
            Beyond(
                file.path,
                f"more failing tests than one command groups; the first {file.limits.failures} of a session count (limits.failures)",
            )
        ]
        if any(part.beyond for part in parts)
        else []
    )
    return Report(
        file.path,
        file.sha256,
        NAME,
        _joined(parts, cases),
        duration_s=sum(seconds) if seconds else None,
        exit_code=max(codes, key=lambda code: (code is not None, code or 0)),
        collected=sum(collected) if collected else None,
        complete=all(part.session.counts is not None and not part.session.stopped for part in parts)
        and not any(part.session.internal or part.headless or part.lost or part.beyond for part in parts),
        problems=(*file.problems, *beyond, *_problems(file, parts, total, unnamed)),
        doubted=any(part.lost for part in parts),
        unnamed=dict(unnamed),
        idle=_idle(parts),
        gated=any(_missed_a_gate(part.session) for part in parts),
    )


def _idle(parts: list["_Part"]) -> str:
    """Why no session ran anything, where that was asked for; "" where one did, or says nothing."""
    said = [_session_idle(part) for part in parts]
    return "; ".join(dict.fromkeys(said)) if all(said) else ""


def _session_idle(part: "_Part") -> str:
    """Why a session ran nothing, by its closing line. Before pytest 6.2 --collect-only ended with "no tests ran"."""
    if part.session.counts is None or part.session.stopped or part.session.internal:
        return ""
    counts = part.session.counts or {"collected": part.collected or 0}
    collected, deselected = counts.get("collected", 0), counts.get("deselected", 0)
    if counts.keys() - {"collected", "deselected", "warning", "warnings"}:
        return ""
    if collected:
        return f"only collected: {collected} tests, none of them run"
    return f"everything was deselected: {deselected} of {deselected} tests" if deselected else ""


def _joined(parts: list["_Part"], cases: list[tuple[Case, ...]]) -> tuple[Case, ...]:
    """The cases of all sessions. One that `--lf` ran again has its attempts in order; else a name that comes again is
    another test: the same suite under another Python, in another shard.
    """
    found: list[Case] = []
    last: dict[str, int] = {}
    for part, held in zip(parts, cases, strict=True):
        again = any(_LAST_FAILED.match(line) for line in part.session.progress)
        for case in held:
            place = last.get(case.join) if again else None
            if place is None:
                place = len(found)
                found.append(case)
            else:
                found[place] = replace(case, attempts=found[place].attempts + case.attempts)
            last[case.join] = place
    return distinct([Placed(case) for case in found])


def _problems(
    file: File, parts: list["_Part"], total: int, unnamed: Counter[CaseOutcome]
) -> Iterator[Problem]:
    for part in parts:
        if part.session.internal:
            yield file.problem(f"pytest stopped with an internal error: {_last(part.session.internal)}")
        elif part.session.counts is None:
            running = f" while {part.running} was running" if part.running else ""
            yield file.problem(f"cut off at line {total}{running}: pytest's closing line is missing")
        elif part.headless:
            yield file.problem(
                "cut off at its start: pytest's first line is missing above the rest of its head"
            )
        elif part.lost:
            yield file.problem(f"{part.lost} was running when the run ended, and nothing tells how it ended")
    if lost := unnamed["failed"] + unnamed["error"]:
        yield file.problem(f"failures that are counted but not named: {lost} (pytest's -rfE names them)")


def _last(lines: list[str]) -> str:
    said = [line.strip() for line in lines if line.strip()]
    return (said[-1] if said else "no text")[:300]


def _exit_code(part: "_Part", cases: tuple[Case, ...]) -> int | None:
    """The exit code of pytest as far as its output tells: all green may still have missed a gate."""
    session = part.session
    stopped = [reason for reason in session.stopped if not reason.startswith("stopping after")]
    if session.internal:
        return 3
    if stopped:
        return 2
    if session.counts is None:
        return None
    if any(case.failures for case in cases) or any(_claims_red(word) for word in session.counts):
        return 1
    if _missed_a_gate(session):
        return 1
    ran = session.counts.keys() & {"passed", "skipped", "xfailed", "xpassed", "collected"}
    return None if ran or (part.collected and not session.counts) else 5


def _claims_red(word: str) -> bool:
    """Whether a word of the closing line counts failures, in pytest's words or a plugin's."""
    return meaning(word.removeprefix("subtests ")) == "red"


def _missed_a_gate(session: Session) -> bool:
    """Whether the output says that the tests reached too little coverage."""
    return any(line.startswith(_COVERAGE) for part in (session.other, session.progress) for line in part)


@dataclass(slots=True)
class _Part:
    """One session with what its progress lines and its summary say; `named` counts the failures that have a name, `beyond` tells that there are more than are read."""

    session: Session
    events: dict[str, list[str]] = field(init=False)
    running: str = field(init=False)
    said: list["_Line"] = field(init=False)
    collected: int | None = field(init=False)
    named: int = field(init=False, default=0)
    beyond: bool = field(init=False, default=False)
    letters: Counter[str] = field(init=False)
    shown: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.events, self.running = _events(self.session.progress)
        titles = {name for line in (*self.session.failures, *self.session.errors) for name in _titles(line)}
        self.said = list(_summary(self.session.summary, titles, self.events))
        numbers = (_COLLECTED.search(line[:LINE]) for line in self.session.progress)
        self.collected = next((int(found[1] or found[2]) for found in numbers if found), None)
        self.letters = _letters(self.session.progress)
        self.shown = _letters(line for line in self.session.progress if line.rstrip().endswith("%]"))

    @property
    def headless(self) -> bool:
        """Whether a session's first line is missing above the others of its head, so that the text before it was cut off."""
        progress = self.session.progress
        at = next((at for at, line in enumerate(progress) if line.startswith("rootdir: ")), None)
        if self.session.opened or at is None:
            return False
        return any(
            line.startswith(("plugins: ", "collecting ", "collected ")) for line in progress[at : at + 12]
        )

    @property
    def lost(self) -> str:
        """The test that was running when a session ended that counts fewer tests than it collected, or does not say how many it
        collected; "" for none.
        """
        counts = self.session.counts
        if not self.running or counts is None or self.session.stopped or self.session.internal:
            return ""
        ended = sum(number for word, number in counts.items() if not word.startswith("warning"))
        collected = counts.get("collected", self.collected)  # the closing line of --collect-only says it, too
        return self.running if collected is None or ended < collected else ""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the short summary."""

    word: str
    node: str
    message: str


def _letters(lines: Iterable[str]) -> Counter[str]:
    """How many of each letter the progress shows. Where a test prints, only lines with a percentage are sure to be pytest's."""
    found: Counter[str] = Counter()
    for line in lines:
        if letters := _LETTERS.fullmatch(line[:LINE].rstrip()):
            found.update(letters[1])
    return found


def _events(lines: list[str]) -> tuple[dict[str, list[str]], str]:
    """What happened to each named case in order, and the case that was running when the output ended."""
    events: dict[str, list[str]] = {}
    waiting = ""
    for line in lines:
        head = line[:LINE].rstrip()
        if found := _status(head):
            events.setdefault(found[0], []).append(found[1])
            waiting = ""
        elif _NODE.match(head) and " " not in head.partition("::")[0]:
            waiting = _node_at_start(head)
        elif waiting and (late := _LATE.fullmatch(head)):
            events.setdefault(waiting, []).append(late[1] or late[2])
            waiting = ""
    return events, waiting


def _node_at_start(head: str) -> str:
    """The node id that a line starts with: to the last bracket, else to the first blank."""
    name = head.partition("::")[2].partition(" ")[0]
    return head[: head.rfind("]") + 1] if "[" in name and "]" in head else head.partition(" ")[0]


def _status(head: str) -> tuple[str, str] | None:
    """Node id and word of a `-v` line, xdist's or the plain kind."""
    if head[:3] == "[gw":
        found = _WORKER.fullmatch(head.rstrip())
        return (found[2], found[1]) if found else None
    if "::" not in head or not _NODE.match(head):
        return None
    for found in _STATUS.finditer(head):
        node = head[: found.start()]
        if _is_whole(node) and _REST.fullmatch(head, found.end()):
            return _node_at_start(node) if ".py::" in node else node, found[1]
    return None


def _is_whole(node: str) -> bool:
    """Whether a node id may end here: its parameters, if any, are closed."""
    name = node.partition("::")[2]
    return "[" not in name or name.endswith("]")


def _titles(line: str) -> Iterator[str]:
    """The names that a heading may show."""
    head = line[:LINE].strip()
    if head[:1] == "_" and head[-1:] == "_":
        title = head.strip("_").strip()
        yield title
        if found := _AT.fullmatch(title):
            yield found[2]


def _summary(lines: list[str], titles: set[str], events: dict[str, list[str]]) -> Iterator[_Line]:
    """The named lines of the short summary; a message may run over several lines."""
    held: list[str] = []
    for line in [*lines, "FAILED "]:
        if line.startswith(_STARTS):
            pattern = _SUB_SUMMARY if held and held[0].startswith("SUB") else _SUMMARY
            found = pattern.match(held[0][:LINE]) if held else None
            if found and found[1] != "SKIPPED":
                node, message = _split(found[2], titles, events)
                yield _Line(found[1], node, "\n".join([message, *held[1:40]]).strip())
            held = [line]
        elif held:
            held.append(line)


def _split(rest: str, titles: set[str], events: dict[str, list[str]]) -> tuple[str, str]:
    """Node id and message of a summary line. " - " parts them, and may stand in parameters too."""
    cuts = [found.start() for found in re.finditer(" - ", rest)]
    ends = [*cuts, len(rest)]
    known = (end for end in ends if rest[:end] in events or _tail(rest[:end]) in titles)
    whole = (end for end in ends if _is_whole(rest[:end]))
    end = next(known, None) or next(whole, ends[0])
    return rest[:end].rstrip(), rest[end + 3 :]


def _tail(node: str) -> str:
    """What a heading shows of a node id: classes and function; the path when there is no more."""
    path, inner, rest = node.partition("::")
    if not inner:
        return path
    at = rest.find("[")
    return rest.replace("::", ".") if at < 0 else rest[:at].replace("::", ".") + rest[at:]


def _read(part: _Part, most: int) -> tuple[Case, ...]:
    """The cases that one session names, in the order in which they ran where that is known; of more failures than `most` the first."""
    red: dict[str, list[Failure]] = {}
    for failure in (*_call_failures(part, most), *_other_failures(part)):
        red.setdefault(failure.test, []).append(failure)
    for node, events in part.events.items():
        if node not in red and (silent := [*_silent(node, events)]):
            red[node] = silent
    part.named = sum(map(len, red.values()))
    for said in part.said:
        if said.word in _SAID:
            part.events.setdefault(said.node, []).append(said.word)
    order = dict.fromkeys([*part.events, *red])
    return tuple(
        case for node in order for case in _cases(node, part.events.get(node, []), red.get(node, []))
    )


def _cases(node: str, events: list[str], failures: list[Failure]) -> Iterator[Case]:
    """The cases of one node id: as many as failed, where it failed more than once (xdist's `--dist each`).

    Namesakes that passed beside them are counted by the closing line, and not told apart.
    """
    calls = [failure for failure in failures if failure.phase == "call"]
    if len(calls) < 2 or "SUBFAILED" in events or events.count("FAILED") != len(calls):
        yield _case(node, events, failures)
        return
    for call in calls[:-1]:
        yield _case(node, ["FAILED"], [call])
    others = [failure for failure in failures if failure.phase != "call"]
    yield _case(node, ["FAILED", *(word for word in events if word in _AGAIN)], [calls[-1], *others])


def _case(node: str, events: list[str], failures: list[Failure]) -> Case:
    told = telling(failures)
    join = told[0].join if told else join_id(node)
    said = [_SAID[word] for word in events if word in _SAID]
    outcome = said[-1] if said else "passed"
    if told:
        outcome = "failed" if any(failure.phase == "call" for failure in told) else "error"
    earlier = [Attempt("failed")] * sum(word in _AGAIN for word in events)
    sections = told[0].sections if told else ()
    return Case(node, join, outcome, (*earlier, Attempt(outcome, told, None, sections)))


def _silent(node: str, events: list[str]) -> Iterator[Failure]:
    """The failures of a case that has no block and no summary line, as in output that was cut."""
    if "FAILED" in events or "SUBFAILED" in events:
        yield Failure(node, join_id(node), "call", "", "")
    if "ERROR" in events:
        yield Failure(node, join_id(node), _error_phase(node, events), "", "")


def _error_phase(node: str, events: list[str]) -> Phase:
    if "::" not in node:
        return "collect"
    return "teardown" if {"PASSED", "FAILED", "SKIPPED", "XFAIL", "XPASS"} & set(events) else "setup"


def _call_failures(part: _Part, most: int) -> Iterator[Failure]:
    """Failures of calls: blocks matched to summary lines, then summary lines without a block. Of more blocks than `most` the first."""
    waiting = [line for line in part.said if line.word in {"FAILED", "SUBFAILED"}]
    seen = [node for node, words in part.events.items() if {"FAILED", "SUBFAILED"} & set(words)]
    names = {_tail(node) for node in (*(line.node for line in waiting), *seen)}
    paths = {node.partition("::")[0] for node in (*(line.node for line in waiting), *seen)}
    every = blocks(part.session.failures, lambda title: not names or _named(title, names) or title in paths)
    found = list(islice(every, most))
    part.beyond = next(every, None) is not None
    if not found and part.session.failures:
        yield from _line_style(part.session.failures, waiting)
        return
    for block in found:
        line = _take(waiting, block)
        node = line.node if line else _crashed(block) or _only(seen, block.title) or block.title
        yield _failure(node, "call", block, line.message if line else "")
    for line in waiting:
        yield Failure(line.node, join_id(line.node), "call", line.message, "")


def _named(title: str, names: set[str]) -> bool:
    """Whether a heading names one of these: whole, or followed by a subtest's description."""
    if title in names or title[-1:] not in {")", "]"}:
        return title in names
    starts = islice(re.finditer(r" [\[(]", title), 20)
    return any(title[: found.start()] in names for found in starts)


def _take(waiting: list[_Line], block: Block) -> _Line | None:
    """The first summary line that the block may belong to, taken out of those waiting."""
    crashed = _crashed(block)
    for index, line in enumerate(waiting):
        tail = _tail(line.node)
        if (
            block.title == tail
            or crashed == line.node
            or (line.word == "SUBFAILED" and _named(block.title, {tail}))
        ):
            return waiting.pop(index)
    return None


def _crashed(block: Block) -> str:
    """The test that an xdist worker was running when it died."""
    found = _CRASHED.search(block.text[:LINE])
    return found[1] if found else ""


def _only(nodes: list[str], title: str) -> str:
    """The one node that a heading can mean, or ""."""
    fitting = [node for node in nodes if _named(title, {_tail(node)})]
    return fitting[0] if len(fitting) == 1 else ""


def _line_style(lines: list[str], waiting: list[_Line]) -> Iterator[Failure]:
    """`--tb=line`: no headings; each failure ends with its place, in the order of the summary."""
    parts: list[list[str]] = [[]]
    for shown in lines:
        parts[-1].append(shown)
        if _LINE_STYLE.fullmatch(shown[:LINE].rstrip()):
            parts.append([])
    texts = ["\n".join(part).strip("\n") for part in parts[:-1]]
    matched = texts if len(texts) == len(waiting) else [""] * len(waiting)
    for line, text in zip(waiting, matched, strict=True):
        yield Failure(line.node, join_id(line.node), "call", message_in(text) or line.message, text)


def _other_failures(part: _Part) -> Iterator[Failure]:
    """Failures of setup, teardown and collection."""
    waiting = [line for line in part.said if line.word == "ERROR"]
    seen = [node for node, words in part.events.items() if "ERROR" in words]
    for block in blocks(
        part.session.errors, lambda title: bool(_AT.fullmatch(title) or _COLLECTING.fullmatch(title))
    ):
        if at := _AT.fullmatch(block.title):
            line = _take(waiting, replace(block, title=at[2]))
            node = line.node if line else _only(seen, at[2]) or at[2]
            yield _failure(
                node, "setup" if at[1] == "setup" else "teardown", block, line.message if line else ""
            )
        elif collecting := _COLLECTING.fullmatch(block.title):
            node = collecting[1].strip() or "."
            waiting = [line for line in waiting if line.node != node]
            yield _failure(node, "collect", block, "")
    for left in waiting:
        phase = _error_phase(left.node, part.events.get(left.node, []))
        yield Failure(left.node, join_id(left.node), phase, left.message, "")


def _failure(node: str, phase: Phase, block: Block, short: str) -> Failure:
    sections = tuple(Section(section.name, capped(section.text)) for section in block.sections)
    message = message_in(block.text) or ("" if only_repeats(short, block.text) else short)
    return Failure(node, join_id(node), phase, message, block.text, (), sections)


def _unnamed(part: _Part, cases: tuple[Case, ...]) -> dict[CaseOutcome, int]:
    """How many cases of each outcome the closing line counts beyond those named; of a cut log, the letters count."""
    counts = part.session.counts
    if counts is None:
        return _by_letters(part.letters) if not part.events else {}
    named: Counter[str] = Counter(case.outcome for case in cases)
    failed = {line.node for line in part.said if line.word == "FAILED"}
    subfailed = {line.node for line in part.said if line.word == "SUBFAILED"} - failed
    named["passed"] += sum(_passed_first(case) for case in cases) + len(subfailed)
    beyond = {outcome: counts.get(word, 0) - named[outcome] for word, outcome in _UNNAMED.items()}
    errors = counts.get("error", 0) + counts.get("errors", 0)
    claimed = sum(number for word, number in counts.items() if _claims_red(word))
    claimed = max(claimed, part.shown["F"] + part.shown["E"])
    if part.named:
        beyond["failed"] = claimed - part.named
    else:
        beyond["failed"], beyond["error"] = claimed - errors, errors
    return {outcome: number for outcome, number in beyond.items() if number > 0}


def _passed_first(case: Case) -> bool:
    """Whether only the teardown failed: pytest counts such a case as passed, and its error beside it."""
    return bool(case.failures) and all(failure.phase == "teardown" for failure in case.failures)


def _by_letters(letters: Counter[str]) -> dict[CaseOutcome, int]:
    known: dict[str, CaseOutcome] = {
        ".": "passed",
        "F": "failed",
        "E": "error",
        "s": "skipped",
        "x": "xfailed",
        "X": "xpassed",
    }
    return {outcome: letters[letter] for letter, outcome in known.items() if letters[letter]}
