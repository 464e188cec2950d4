"""What the reports of this run testify: messages, chains, captured logs, what passed beside them, durations.

In: a group, its run and a cleaner of text. Out: items without ids. Sentences made here state what the reports hold and
never why; a sentence that code makes about tests counts them over what ran.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from triagebot.drafts.model import EvidenceKind, Item, Line
from triagebot.drafts.sanitizing import Clean
from triagebot.groups.model import Group
from triagebot.reports.model import Case, Failure, Run, Section
from triagebot.steps.log_timeline import Entry, contrast, distinct, entries_of, templates
from triagebot.steps.model import LogText

_FRAME_ENDS = re.compile(r"^\S{1,300}:\d{1,7}:(?: |$)")
"""The line with which pytest ends a frame. Hit: `tests/test_a.py:12: ValueError`. Miss: `tests/test_a.py`."""
_INSTALLED = re.compile(r"(?:site|dist)-packages[/\\]|^<frozen |[/\\]lib[/\\]python3\.\d{1,2}[/\\]")
"""A frame of a library. Hit: `/srv/.venv/lib/python3.11/site-packages/httpx/_client.py`. Miss: `tests/test_a.py`."""
_RELEVANT_LINE = re.compile(r"^(?:>|E\s|\S{1,300}:\d{1,7}:(?: |$))")
"""The lines of a library's frame that say something of the failure.

Hit: `>   raise ReadTimeout`
Miss: `def read(self):`
"""
MAX_TEXT = 200_000
MAX_PASSING = 1_000_000
_VARIANTS = 3
_END = 5
"""Records at the end of a test's log that stay, though passing tests log them, too."""
_NAMES = 5


def item(kind: EvidenceKind, source: str, title: str, lines: Iterable[Line]) -> Item:
    """An item that has no id yet; its lines are numbered in their order."""
    numbered = tuple(
        Line(number, line.text, line.where, line.at, line.url) for number, line in enumerate(lines, 1)
    )
    return Item("", kind, source, title, numbered, len(numbered))


def sentence_lines(sentences: Iterable[str]) -> tuple[Line, ...]:
    """Sentences that code made, one a line."""
    return tuple(Line(0, sentence) for sentence in sentences)


def block(text: str, clean: Clean) -> tuple[Line, ...]:
    """The lines of an outside text, cleaned as a whole first (a secret may span lines)."""
    return tuple(Line(0, line.rstrip()) for line in clean(text[:MAX_TEXT]).splitlines() if line.strip())


def messages(group: Group, clean: Clean) -> Iterator[Item]:
    """The message and the chain of the exemplar, and the messages of failures that read differently."""
    for failure in _variants(group):
        name = f"{clean(failure.test)} ({failure.phase})"
        if lines := block(failure.message or _ending(failure.text), clean):
            yield item("message", failure.test, f"message of {name}", lines)
    exemplar = group.exemplar
    if lines := block(exemplar.text, clean):
        title = f"traceback and exception chain of {clean(exemplar.test)} ({exemplar.phase})"
        yield _own_frames(item("chain", exemplar.test, title, lines))


def _own_frames(chain: Item) -> Item:
    """A traceback in which frames of installed packages keep only the line that raised and where it stands."""
    kept: list[Line] = []
    frame: list[Line] = []
    for line in chain.lines:
        frame.append(line)
        if _FRAME_ENDS.match(line.text):
            kept += (
                [held for held in frame if _RELEVANT_LINE.match(held.text)]
                if _INSTALLED.search(line.text)
                else frame
            )
            frame = []
    return replace(chain, lines=tuple(kept + frame))


def _variants(group: Group) -> list[Failure]:
    """The exemplar, and further failures of the group with other messages."""
    by_text: dict[str, Failure] = {}
    for failure in group.failures:
        by_text.setdefault(failure.message or failure.text[-400:], failure)
    return list(by_text.values())[:_VARIANTS]


def _ending(text: str) -> str:
    """The last lines that say anything: where a report without a message of its own puts it."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-3:])


def captured(group: Group, run: Run, clean: Clean) -> tuple[list[Item], int, int]:
    """What the exemplar logged and passing tests did not, with the numbers of lines read and dropped."""
    passing = _passing_templates(run, group.exemplar.sections)
    items: list[Item] = []
    read = dropped = 0
    for section in group.exemplar.sections:
        entries = entries_of(LogText(section.name, clean(section.text[:MAX_TEXT])))
        kept = _and_the_end(entries, contrast(entries, passing.get(section.name, frozenset())))
        read, dropped = read + len(entries), dropped + len(entries) - len(kept)
        lines = logged(kept)
        if lines:
            name = f"{clean(section.name)} of {clean(group.exemplar.test)}"
            items.append(item("test_log", f"{group.exemplar.test} {section.name}", name, lines))
    return items, read, dropped


def _and_the_end(entries: Sequence[Entry], kept: Sequence[Entry]) -> list[Entry]:
    """The records that were kept, and the last ones whatever they say: how far a test came is evidence, too."""
    last = max(len(entries) - _END, 0)
    telling = {id(entry) for entry in kept}
    return [entry for at, entry in enumerate(entries) if at >= last or id(entry) in telling]


def logged(entries: Sequence[Entry], *, named: bool = False) -> tuple[Line, ...]:
    """The lines of records, each kind of record once, with how often it came; `named` puts the file's name in front."""
    return tuple(
        line for first, count, last in distinct(entries) for line in _record(first, count, last, named=named)
    )


def _record(entry: Entry, count: int, last: Entry, *, named: bool) -> Iterator[Line]:
    """A record, what hangs below it, and how often its like came."""
    front = f"[{entry.name.rsplit('/', 1)[-1]}] " if named else ""
    yield Line(0, front + entry.text, entry.where, entry.at)
    yield from (Line(0, f"    {text}", entry.where, entry.at) for text in entry.more)
    if count > 1:
        when = f", the last one at {last.at:%Y-%m-%dT%H:%M:%SZ}" if last.at else ""
        yield Line(0, f"[… {count - 1} more like this{when}]", last.where)


def _passing_templates(run: Run, wanted: Sequence[Section]) -> dict[str, frozenset[str]]:
    """By name of section, what passing tests of this run log in it."""
    names = {section.name for section in wanted}
    texts: dict[str, list[LogText]] = {name: [] for name in names}
    room = MAX_PASSING
    for case in run.cases:
        for section in case.attempts[-1].sections if case.outcome == "passed" else ():
            if section.name in names and room > 0:
                texts[section.name].append(LogText(section.name, section.text[:room]))
                room -= len(section.text)
    return {name: templates(held) for name, held in texts.items()}


def findings(group: Group, clean: Clean) -> Iterator[Item]:
    """What sets the failing tests apart from those that pass, and where they leave their green paths: before all other contrast."""
    told = [clean(found) for each in (group, *group.parts) for found in each.findings]
    if told:
        yield item(
            "contrast", "causes", "what sets the failing tests apart", sentence_lines(dict.fromkeys(told))
        )


def beside(group: Group, run: Run, clean: Clean) -> Iterator[Item]:
    """What passed in this run next to what failed: on the same host, in the same file, with other parameters."""
    red = {failure.join for failure in group.failures}
    passed = [case for case in run.cases if case.outcome == "passed" and case.join not in red]
    sentences = list(_near(group, run, passed, clean))
    if sentences:
        yield item(
            "contrast",
            "this run",
            "what passed beside the failure in the same run",
            sentence_lines(sentences),
        )


def _near(group: Group, run: Run, passed: Sequence[Case], clean: Clean) -> Iterator[str]:
    """Sentences about passing tests, nearest first."""
    for word, home in (("as another variant of a failing test", _function), ("in the same file", _file)):
        homes = {home(test) for test in group.tests} - ({""} if home is _file else set(group.tests))
        near = [case for case in passed if home(case.test) in homes]
        yield from (f"passed {word}: {clean(_named(case))}" for case in near[:_NAMES])
        if len(near) > _NAMES:
            yield f"passed {word}: {len(near) - _NAMES} more tests"
    for host in group.signature.hosts:
        near = [case for case in passed if any(host in s.text for s in case.attempts[-1].sections)]
        yield from (
            f"passed, and its output names {clean(host)}: {clean(_named(case))}" for case in near[:_NAMES]
        )
    ran = [case for case in run.cases if case.outcome != "skipped"]
    if passed:
        yield f"{len(passed)} of the {len(ran)} tests that ran passed in the same run"


def _named(case: Case) -> str:
    """A test and how long it took."""
    took = f" ({case.duration_s:.2f} s)" if case.duration_s is not None else ""
    return f"{case.test}{took}"


def _function(test: str) -> str:
    """A display id without its parameters."""
    return test.partition("[")[0]


def _file(test: str) -> str:
    """The file of a display id, or "" where it names none."""
    return test.partition("::")[0] if "::" in test else ""


def authenticity(group: Group, run: Run, clean: Clean) -> Iterator[Item]:
    """How long the failing tests and the run took: whether anything real can have been reached in that time."""
    red = {failure.join for failure in group.failures}
    cases = [case for case in run.cases if case.join in red and case.duration_s is not None]
    seconds = sorted(case.duration_s for case in cases if case.duration_s is not None)
    sentences = [f"duration of failing test {clean(_named(case))}" for case in cases[:_NAMES]]
    if len(seconds) > 1:
        sentences.append(
            f"the {len(seconds)} failing tests took {seconds[0]:.2f} s to {seconds[-1]:.2f} s each"
        )
    if run.duration_s is not None:
        sentences.append(f"duration of the whole run: {run.duration_s:.1f} s")
    if sentences:
        yield item(
            "authenticity",
            "this run",
            "durations, which tell whether staging was reached",
            sentence_lines(sentences),
        )


def totals(group: Group, run: Run, clean: Clean) -> Iterator[str]:
    """Sentences about how much of the run failed this way."""
    ran = [case for case in run.cases if case.outcome != "skipped"]
    red = [case for case in ran if case.outcome in ("failed", "error")]
    yield f"{len(group.tests)} of the {len(ran)} tests that ran failed with this signature"
    if others := len({case.join for case in red} - {failure.join for failure in group.failures}):
        yield f"{others} other tests failed in the same run with other signatures"
    phases = sorted({failure.phase for failure in group.failures})
    yield f"phases in which it was raised: {', '.join(phases)}"
    yield from (f"failed with this signature: {clean(test)}" for test in group.tests[:_NAMES])
    if len(group.tests) > _NAMES:
        yield f"failed with this signature: {len(group.tests) - _NAMES} more tests"
    for case in red:
        if len(case.attempts) > 1 and case.join in {failure.join for failure in group.failures}:
            yield f"failed in all {len(case.attempts)} attempts: {clean(case.test)}"
