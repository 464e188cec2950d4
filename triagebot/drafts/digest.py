"""The honest draft without a model: facts, what passed beside the failure, excerpts, and five open questions.

In: one group, the run that it is of, and the reason why no model was used. Out: a `Digest`. It states no
cause and proposes none: a reader must not be able to mistake it for an answer.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from triagebot.drafts.model import Digest, Excerpt, Fact, Question
from triagebot.drafts.questions import questions
from triagebot.groups.model import Group
from triagebot.redact import without_home_folders
from triagebot.reports.model import Case, Failure, Frame, Run, Section
from triagebot.reports.test_names import is_node_id

_NAMES = 5
_LINES = 30
_GAP = 2
_LINE_CHARS = 300
_TRANSPORTS = {
    "WebSocket": re.compile(r"(?:^|[^a-z])(?:websockets?|ws|wss)(?=$|[^a-z])"),
    "HTTP": re.compile(r"(?:^|[^a-z])(?:https?|api|rest|endpoints?)(?=$|[^a-z])"),
}
"""Words of a title that say by what the test talked to the system.

Hit: `websocket closed with 1011`
Hit: `http 503 from api`
Miss: `database is gone`
"""
_MARKED = re.compile(r"E  |>  |\S{1,200}:\d{1,7}: |  File \"")
"""Lines that pytest marks. Hit: `E  ValueError: gone`. Miss: `ValueError: gone`."""
_TRANSPORT_OF = {"ws": "WebSocket", "http": "HTTP"}


def digest(group: Group, run: Run, reason: str, *, owed: bool = False, logged: Sequence[str] = ()) -> Digest:
    """What the reports of this run show of this group. `reason` completes "No language model was used (…)".

    `logged` are the errors that services logged meanwhile, whosever they are.
    """
    near = _near(group, run)
    draft = Digest(
        reason=reason,
        facts=(*_facts(group, run), *(Fact("Logged meanwhile", line) for line in logged)),
        contrast=tuple(_contrast(group, run, near)),
        excerpts=tuple(_excerpts(group)),
        whys=questions(group, run, near),
        collect=tuple(_collect(group, run)),
        owed=owed,
    )
    return _without_home_folders(draft)


def _without_home_folders(draft: Digest) -> Digest:
    """The digest with home folders and workspaces of machines left out."""
    return Digest(
        reason=draft.reason,
        facts=tuple(Fact(fact.name, without_home_folders(fact.value)) for fact in draft.facts),
        contrast=tuple(map(without_home_folders, draft.contrast)),
        excerpts=tuple(
            Excerpt(without_home_folders(e.caption), without_home_folders(e.text)) for e in draft.excerpts
        ),
        whys=tuple(
            Question(without_home_folders(why.ask), without_home_folders(why.tell)) for why in draft.whys
        ),
        collect=draft.collect,
        owed=draft.owed,
    )


def _facts(group: Group, run: Run) -> Iterable[Fact]:
    """What the reports say of the failure itself."""
    exemplar = group.exemplar
    yield Fact("Message", _message(exemplar))
    if frame := _innermost(exemplar):
        yield Fact("Raised at", _place(frame))
    if group.tests:
        yield Fact("Phase", _counts(failure.phase for failure in group.failures))
    if slots := _read(group):
        yield Fact("Read from the message", slots)
    if group.signature.hosts:
        yield Fact("Host named in the failure or beside it", ", ".join(group.signature.hosts))
    if durations := _durations(group, run):
        yield Fact("Duration of the failing tests", durations)
    if len(group.variants) > 1:
        yield Fact("Variants", f"{len(group.variants)} wordings; the most frequent: {group.variants[0].text}")
    if reruns := _reruns(group, run):
        yield Fact("Attempts", reruns)


def _read(group: Group) -> str:
    """The slots of the signature; "" where the message says each of them in the same words."""
    message, slots = _message(group.exemplar), group.signature.slots
    if all(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", message) for _, value in slots):
        return ""
    return ", ".join(f"{name} = {value}" for name, value in slots)


def _message(failure: Failure) -> str:
    """What the failure says of itself, in one line."""
    return _one_line(failure.message or failure.text)


def _one_line(text: str) -> str:
    """The first line of a text that says anything, cut."""
    first = next(
        (line.strip() for line in text.splitlines() if line.strip()), "(the report holds no message)"
    )
    return first if len(first) <= _LINE_CHARS else f"{first[:_LINE_CHARS]} […]"


def _innermost(failure: Failure) -> Frame | None:
    """The frame in which the first exception of the chain was raised, where the report recorded one."""
    return next((raised.frames[-1] for raised in failure.chain if raised.frames), None)


def _place(frame: Frame) -> str:
    """A frame as path:line in function."""
    line = f":{frame.line}" if frame.line is not None else ""
    return f"{frame.path}{line}" + (f" in {frame.function}" if frame.function else "")


def _counts(values: Iterable[str]) -> str:
    """How often each value occurs ("call 5, setup 2"); the value alone where there is only one."""
    counted = Counter(values).most_common()
    return counted[0][0] if len(counted) == 1 else ", ".join(f"{value} {count}" for value, count in counted)


def _cases(group: Group, run: Run) -> list[Case]:
    """The cases of this group in this run."""
    joins = {failure.join for failure in group.failures}
    return [case for case in run.cases if case.join in joins]


def _durations(group: Group, run: Run) -> str:
    """The shortest and the longest duration of the failing tests in seconds; "" when the report has none."""
    seconds = [case.duration_s for case in _cases(group, run) if case.duration_s is not None]
    shortest, longest = (f"{find(seconds, default=0):.2f} s" for find in (min, max))
    if not seconds:
        return ""
    return shortest if shortest == longest else f"{shortest} to {longest}"


def _reruns(group: Group, run: Run) -> str:
    """How many failing tests were tried more than once; "" when none was."""
    again = [case for case in _cases(group, run) if len(case.attempts) > 1]
    return f"{len(again)} of {len(group.tests)} tests failed again when they were rerun" if again else ""


def _near(group: Group, run: Run) -> list[tuple[str, list[Case]]]:
    """What passed near the failing tests in the same run, in words and cases, most telling first; each case once."""
    left = [case for case in run.cases if case.outcome == "passed"]
    near = []
    for said, is_near in _neighbours(group):
        if found := [case for case in left if is_near(case)]:
            left = [case for case in left if not is_near(case)]
            near.append((said, found))
    return near


def _contrast(group: Group, run: Run, near: Sequence[tuple[str, Sequence[Case]]]) -> Iterable[str]:
    """What passed beside the failure in the same run, most telling first."""
    count = sum(case.outcome == "passed" for case in run.cases)
    if not count:
        yield "Nothing passed in this run, so there is nothing to compare with."
        return
    for said, found in near:
        yield f"{said}: {_some([case.test for case in found])}."
    failed = len({failure.join for failure in group.failures})
    yield f"In the whole run {count} of {len(run.cases)} tests passed; {failed} failed in this way."


def _neighbours(group: Group) -> Iterable[tuple[str, Callable[[Case], bool]]]:
    """Ways in which a passing test is near to the failing ones, with the words for it."""
    functions = {test.partition("[")[0] for test in group.tests} - set(group.tests)
    files = {_file(test) for test in group.tests}
    yield (
        "Passed with other parameters of the same test",
        lambda case: case.test.partition("[")[0] in functions,
    )
    own = _TRANSPORT_OF.get(group.signature.kind.partition(".")[0])
    for transport in sorted(_TRANSPORTS, key=lambda name: name == own) if own else ():
        which = "the same" if transport == own else "another"
        yield (
            f"Passed over {which} transport ({transport}, going by the test's name)",
            partial(_names_transport, transport, files),
        )
    for host in group.signature.hosts:
        yield f"Passed, and its output names {host} too", partial(_talks_of, host)
    yield f"Passed in the same file{'s' * (len(files) > 1)}", lambda case: _file(case.test) in files


def _names_transport(transport: str, files: Collection[str], case: Case) -> bool:
    """Whether a test's id speaks of a transport. In a file that has failing tests only its own name tells it apart."""
    name = case.test.rpartition("::")[2] if _file(case.test) in files else case.test
    return _TRANSPORTS[transport].search(name[-_LINE_CHARS:].lower().replace("_", " ")) is not None


def _talks_of(host: str, case: Case) -> bool:
    """Whether the output captured of a test names a host."""
    return any(host in section.text for section in case.attempts[-1].sections)


def _some(tests: Sequence[str]) -> str:
    """The first tests, and how many there are beyond them."""
    more = f" and {len(tests) - _NAMES} more" if len(tests) > _NAMES else ""
    return ", ".join(map(_short, tests[:_NAMES])) + more


def _file(test: str) -> str:
    """The file of a display id, or its module where there is no file."""
    path, inner, _name = test.partition("::")
    return path if inner else test.rpartition(".")[0]


def _short(test: str) -> str:
    """A display id without folders and classes, which say little in a list."""
    path, _inner, name = test.partition("::")
    return f"{path.rpartition('/')[2]}::{name.rpartition('::')[2]}" if name else test


def _excerpts(group: Group) -> Iterable[Excerpt]:
    """The exemplar's own text and what was captured beside it."""
    exemplar = group.exemplar
    if exemplar.text.strip():
        yield Excerpt(
            f"Failure of {exemplar.test}" if exemplar.test else "What the run says", _cut(exemplar.text)
        )
    for section in _telling(exemplar.sections):
        yield Excerpt(f"{section.name} of {exemplar.test}", _cut(section.text))


def _telling(sections: Sequence[Section]) -> Sequence[Section]:
    """The sections that hold anything, logs first, three at most."""
    full = [section for section in sections if section.text.strip()]
    return sorted(full, key=lambda section: "log" not in section.name.lower())[:3]


def _cut(text: str) -> str:
    """The telling lines of a long text; what lies between is counted, not hidden."""
    lines = [line if len(line) <= _LINE_CHARS else f"{line[:_LINE_CHARS]} […]" for line in text.splitlines()]
    if len(lines) <= _LINES:
        return "\n".join(lines)
    kept = _telling_lines(lines)
    shown: list[str] = []
    last = -1
    for number in [*kept, len(lines)]:
        left = number - last - 1
        if left > _GAP:
            shown.append(f"[… {left} lines left out …]")
        else:
            shown += lines[last + 1 : number]
        shown += lines[number : number + 1]
        last = number
    return "\n".join(shown)


def _telling_lines(lines: Sequence[str]) -> list[int]:
    """Numbers of the lines to show: the first, the last, and of a traceback what was run, raised and where."""
    head, tail = range(_LINES // 3), range(len(lines) - _LINES // 6, len(lines))
    marked = [number for number, line in enumerate(lines) if _MARKED.match(line)]
    return sorted({*head, *marked[-_LINES // 2 :], *tail})


_COLLECT = {
    "ws": "The server's log for the closed connection: close code, reason, and the last frame on either side",
    "http": "The server's log for the failing request, with its request id and the answer's body",
    "grpc": "The server's log for the failing call, with its request id",
    "aws": "The request id of the failing call, and what AWS logged under it",
    "browser": "The trace of the failing page, its console and its failed requests",
    "connection": "Whether the service was up and listening at that time: health checks, restarts, deployment events",
    "dns": "What the name resolved to at that time, from the machine that ran the tests",
    "tls": "The certificate that was served: names, dates and chain",
    "timeout": "What each side was doing while the other waited: a log with times, or a stack dump at the limit",
    "import": "The list of installed packages of the environment that ran the tests",
    "json": "The body of the answer, with its status and content type",
    "validation": "The document that was refused",
    "env": "The names (not the values) of the variables that the process really had",
    "database": "The migrations that were applied to this database, in order",
    "filesystem": "A listing of that folder with owners and rights",
    "contract": "The log of whoever sends these events, for the whole exchange",
    "fixture": "The full set-up log of the fixture that failed",
    "worker": "The exit status or signal of the worker, and the memory in use before it",
    "process": "The exit status or signal of the process, and the memory in use before it",
}


def _collect(group: Group, run: Run) -> Iterable[str]:
    """What to keep next time so that the questions can be answered."""
    if hint := _COLLECT.get(group.signature.kind.partition(".")[0]):
        yield hint + "."
    output, traceback = _hints(group, run)
    if not any(failure.sections for failure in group.failures):
        yield f"Captured output: the reports hold none for these tests{output}."
    if run.commit is None and run.revision is None:
        yield "The commit or the deployed revision: nothing said which one was tested (--commit, --revision)."
    if group.exemplar.text.count("\n") < 2:
        yield f"A longer traceback: the report holds hardly more than the message{traceback}."


_KEEP_OUTPUT = {
    "pytest": (" (pytest: keep -rA or the JSON report's sections)", " (pytest: --tb=long)"),
    "playwright": (" (Playwright: trace: 'retain-on-failure' keeps console and network)", ""),
    "robot": (" (Robot Framework: --loglevel DEBUG)", " (Robot Framework: --loglevel DEBUG)"),
    "rspec": ("", " (RSpec: --backtrace)"),
    "cucumber": ("", " (Cucumber: --backtrace)"),
    "maven": ("", " (Surefire: -DtrimStackTrace=false)"),
}
"""What makes a runner keep output, and whole tracebacks, by the first word of its formats."""


def _hints(group: Group, run: Run) -> tuple[str, str]:
    """How the runner that wrote the reports keeps more; nothing where it is not known, or knows no such option."""
    if all(map(is_node_id, group.tests)):
        return _KEEP_OUTPUT["pytest"]
    runners = {name.partition("-")[0] for name in run.formats} - {"junit", "pytest", "ctrf", "allure"}
    return _KEEP_OUTPUT.get(runners.pop(), ("", "")) if len(runners) == 1 else ("", "")
