"""The catalogue of evidence for one group: numbered, redacted, ranked, with what is absent as items of its own.

In: values that `sources`, `stores` and `trackers` read (reports, past, log texts, changes, settings, earlier issues) and a
redactor. Out: a `Catalogue`, the same for the same values in any order. It reads nothing itself and states no cause.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol, get_args

from triagebot.config import Config
from triagebot.drafts import record, testimony
from triagebot.drafts.logs import Entry, contrast, merge, missed, severe, shifted, silence, templates
from triagebot.drafts.model import (
    Catalogue,
    Changes,
    Earlier,
    EvidenceKind,
    Item,
    LogText,
    Setting,
)
from triagebot.drafts.testimony import Clean, item, said
from triagebot.drafts.trim import trim
from triagebot.drafts.words import strip_ansi
from triagebot.groups.model import Group
from triagebot.history.model import Past
from triagebot.reports.model import Run

CHARACTERS_PER_TOKEN = 3.2
"""A cautious average for logs and code; prose has four."""

_SLACK = timedelta(seconds=120)
_MAX_ENTRIES = 200_000
_MOST_MISSED = 12
_SILENCE = 1.0
_KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)
_REMOTE = frozenset(
    {"ws", "http", "grpc", "dns", "tls", "connection", "connect", "net", "timeout", "db", "contract"}
)
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_LOOKALIKE = re.compile(
    r"[<＜﹤‹]\s{0,8}(/?)\s{0,8}(evidence|problem|system|instructions)(?=[\s>/=＞﹥]|$)", re.IGNORECASE
)
_RECEIPT = re.compile(r"\[REDACTED:([0-9A-Za-z_.-]{1,80})#(\d{1,9})\]")


class Cleaned(Protocol):
    """What a redactor gives back: at least the text."""

    @property
    def text(self) -> str:
        """The text without secrets."""
        ...


class Redacts(Protocol):
    """Anything that takes secrets out of a text, with stable placeholders (`triagebot.redact.Redactor`)."""

    def clean(self, text: str) -> Cleaned:
        """The text with every secret replaced."""
        ...


@dataclass(frozen=True, slots=True)
class Materials:
    """What was read beside the reports: logs of services, changes between commits, settings, earlier issues."""

    logs: tuple[LogText, ...] = ()
    changes: Changes | None = None
    settings: tuple[Setting, ...] = ()
    earlier: tuple[Earlier, ...] = ()


def collect(
    group: Group,
    run: Run,
    past: Past,
    logs: Sequence[LogText],
    changes: Changes | None,
    *,
    config: Config,
    redactor: Redacts,
    settings: Sequence[Setting] = (),
    earlier: Sequence[Earlier] = (),
) -> Catalogue:
    """All evidence about a group within the configured size, E1..En in the order of (kind, source, line).

    `changes` None means that nobody looked; `logs` may hold logs of passing runs, which serve only as contrast.
    """
    clean = cleaner(redactor)
    materials = Materials(tuple(logs), changes, tuple(settings), tuple(earlier))
    captured, read, dropped = testimony.captured(group, run, clean)
    stream, stream_read, stream_dropped = _stream(run, materials.logs, clean)
    found = [*captured, *stream, *_of_reports(group, run, past, clean)]
    texts = [
        *_lines_of(found, {"message", "chain", "test_log"}),
        *filter(severe, _lines_of(stream, {"service_log"})),
    ]
    names = record.names_in(texts)
    found += _of_deployment(group, run, past, materials, texts=texts, clean=clean, stream=stream)
    seen = _service_lines(stream) or not _remote(group)
    blind = () if seen else (group.signature.hosts or ("the service",))
    kinds = {item.kind for item in found}
    absent = _absent(run, past, materials, blind=blind, kinds=kinds, names=names)
    found += [item("gap", source, "looked for and absent", said([sentence])) for source, sentence in absent]
    room = int(config.drafts.max_evidence_tokens * CHARACTERS_PER_TOKEN)
    items = trim(_numbered(found), names, room)
    return Catalogue(items, (read + stream_read, dropped + stream_dropped), _receipts(items), blind)


def _lines_of(items: Sequence[Item], kinds: set[EvidenceKind]) -> list[str]:
    """The texts of the lines of items of some kinds."""
    return [line.text for item in items if item.kind in kinds for line in item.lines]


def cleaner(redactor: Redacts) -> Clean:
    """The way of every outside text into a catalogue: disarmed, then redacted.

    In this order, for a hidden character inside a secret would hide the secret from the redactor.
    """
    return lambda text: redactor.clean(disarm(text)).text


def disarm(text: str) -> str:
    """The text without terminal escapes, hidden characters, and tags that look like those of our prompt."""
    plain = strip_ansi(text).replace("\r\n", "\n").replace("\t", "    ")
    return _LOOKALIKE.sub(r"[\1\2", _HIDDEN.sub("", plain))


def problem(group: Group, run: Run, redactor: Redacts) -> str:
    """Why 0: what was measured, in one sentence of code, with numbers and without a cause."""
    ran = sum(case.outcome != "skipped" for case in run.cases)
    tests = len(group.tests)
    place = f" on {run.environment}" if run.environment else ""
    revision = f" (revision {run.revision})" if run.revision else ""
    noun = "test" if tests == 1 else "tests"
    sentence = f"{tests} {noun} of {ran} that ran{place}{revision} failed: {group.signature.title}"
    return " ".join(cleaner(redactor)(sentence).split())


def _of_reports(group: Group, run: Run, past: Past, clean: Clean) -> Iterator[Item]:
    """What the run's own reports and the past of its tests tell."""
    yield from testimony.messages(group, clean)
    yield from testimony.beside(group, run, clean)
    yield from record.last_passes(group, past, clean)
    yield from testimony.authenticity(group, run, clean)
    counted = [*testimony.totals(group, run, clean), *map(clean, record.rates(group, past))]
    yield item("stats", "this run and its past", "how often and how widely", said(counted))


def _of_deployment(
    group: Group,
    run: Run,
    past: Past,
    materials: Materials,
    *,
    texts: Sequence[str],
    clean: Clean,
    stream: Sequence[Item],
) -> Iterator[Item]:
    """What was deployed, what changed before it broke, and what was said of earlier issues."""
    changes = materials.changes or Changes()
    first = next(
        (line for item in stream if item.kind == "service_log" for line in item.lines if severe(line.text)),
        None,
    )
    yield from record.changes(changes, record.names_in(texts), clean)
    yield from record.settings(run, materials.settings, texts, clean)
    yield from record.verdicts(materials.earlier, clean)
    yield from record.timeline(run, group, past, found=changes, first_log=first, clean=clean)


def _stream(run: Run, logs: Sequence[LogText], clean: Clean) -> tuple[list[Item], int, int]:
    """The logs of the failing run as one stream in time, beside those of passing runs; and records read and dropped."""
    cleaned = [replace(log, text=clean(log.text)) for log in logs]
    found: list[Item] = []
    read = dropped = 0
    for kind in sorted({log.kind for log in cleaned if not log.passing}):
        alike = [log for log in cleaned if log.kind == kind]
        entries = merge([log for log in alike if not log.passing], _day(run))[:_MAX_ENTRIES]
        green = merge([log for log in alike if log.passing])[:_MAX_ENTRIES]
        inside = [entry for entry in entries if _during(run, entry.at)]
        kept = contrast(inside, templates(log for log in alike if log.passing))
        read, dropped = read + len(inside), dropped + len(inside) - len(kept)
        if kept:
            lines = testimony.logged(kept, named=True)
            found.append(item(kind, _files(alike), _stream_title(kept, entries, inside), lines))
        found += _against(inside, green)
    return found, read, dropped


def _day(run: Run) -> date | None:
    """The day of the run, for logs that give only the time of day."""
    return run.started.date() if run.started else None


def _against(inside: Sequence[Entry], green: Sequence[Entry]) -> Iterator[Item]:
    """What passing runs log and this one never did, and its longest silence beside theirs."""
    if not inside or not green:
        return
    lines = [
        f"passing runs log ({count} times), this run never: {first.text}"
        for first, count in missed(inside, green)
    ]
    more = [f"{len(lines) - _MOST_MISSED} more kinds of records are in passing runs and not in this one"]
    if lines:
        shown = [*lines[:_MOST_MISSED], *(more if len(lines) > _MOST_MISSED else [])]
        yield item(
            "contrast",
            "records",
            "what services log in passing runs and did not log in this one",
            said(shown),
        )
    counts = [
        f"{field}={here} in this run, {field}={usual} in every passing run: {first.text}"
        for first, field, usual, here in shifted(inside, green)
    ]
    if counts:
        yield item(
            "contrast",
            "counts",
            "counts that are always the same in passing runs and differ here",
            said(counts[:8]),
        )
    here, there = silence(inside), silence(green)
    if here and here[2] > max(_SILENCE, 2 * (there[2] if there else 0.0)):
        yield item("contrast", "silence", "the longest silence of the services", said(_silent(here, there)))


def _silent(here: tuple[Entry, Entry, float], there: tuple[Entry, Entry, float] | None) -> Iterator[str]:
    """Sentences about a silence, what was logged before and after it, and the longest one in passing runs."""
    before, after, seconds = here
    yield f"in this run no service logged anything for {seconds:.1f} s"
    yield f"the last record before the silence: {before.text}"
    yield f"the first record after it: {after.text}"
    if there:
        yield f"in passing runs the longest silence is {there[2]:.1f} s"


def _files(logs: Sequence[LogText]) -> str:
    """The names of log files, in order."""
    return ", ".join(sorted({log.name for log in logs if not log.passing}))


def _stream_title(kept: Sequence[Entry], entries: Sequence[Entry], inside: Sequence[Entry]) -> str:
    """What a stream of log lines is, and what was left out of it before any trimming."""
    files = len({entry.name for entry in entries})
    parts = ["one log file" if files == 1 else f"{files} log files merged by time"]
    if outside := len(entries) - len(inside):
        parts.append(f"{outside} records outside the run's time left out")
    if common := len(inside) - len(kept):
        parts.append(f"{common} records left out that passing runs log too")
    if any(entry.guessed for entry in kept):
        parts.append("times without an offset taken as UTC")
    return "; ".join(parts)


def _during(run: Run, at: datetime | None) -> bool:
    """Whether a time lies within the run, with two minutes on either side; yes where one of them is not known."""
    if at is None or run.started is None or run.duration_s is None:
        return True
    length = timedelta(seconds=min(max(run.duration_s, 0.0), 1e7))
    return run.started - _SLACK <= at <= run.started + length + _SLACK


def _service_lines(stream: Sequence[Item]) -> bool:
    return any(item.kind == "service_log" for item in stream)


def _remote(group: Group) -> bool:
    """Whether the failure was reported across a connection, so that the other side has a story of its own."""
    return bool(group.signature.hosts) or group.signature.kind.partition(".")[0] in _REMOTE


def _absent(
    run: Run,
    past: Past,
    materials: Materials,
    *,
    blind: Sequence[str],
    kinds: set[EvidenceKind],
    names: frozenset[str],
) -> Iterator[tuple[str, str]]:
    """(what was looked for, a sentence that says it is absent)."""
    if blind:
        yield (
            "service log",
            f"no log of {', '.join(blind[:3])} for the time of this run was given; its inside was not seen",
        )
    elif any(not log.passing for log in materials.logs) and "service_log" not in kinds:
        yield (
            "service log",
            "the service logs that were given hold nothing for this run that passing runs do not log",
        )
    if "test_log" not in kinds:
        yield (
            "test log",
            "the report holds no captured output of the failing test beyond what passing tests print",
        )
    if not past:
        yield (
            "history",
            "there is no history of this scope: no earlier run to compare with, no rate, no last pass",
        )
    if "chain" not in kinds:
        yield "traceback", "the report holds no traceback of the failing test"
    if run.commit is None and run.revision is None:
        yield "version", "nothing says which commit or revision was tested"
    if run.started is None:
        yield (
            "clock",
            "the report does not say when the run started, so that no other log can be lined up with it",
        )
    if not any(case.outcome == "passed" for case in run.cases):
        yield "contrast", "nothing passed in this run, so that there is nothing to compare with in it"
    yield from _unchanged(materials.changes, names)


def _unchanged(changes: Changes | None, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What is not known about changes."""
    if changes is None:
        yield "changes", "nobody looked at what changed: no last good commit is known, or no clone was given"
    elif changes.problem:
        yield "changes", f"what changed could not be read: {changes.problem}"
    elif not changes.commits:
        yield "changes", "there is no commit between the last good run and this one in this repository"
    elif out := record.left_out(changes, names):
        yield (
            "changes",
            f"{out} of {len(changes.hunks)} changed hunks touch nothing that the evidence names and are left out",
        )


def _numbered(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items in the order of (kind, source, line), which the order of reading does not move, with their ids."""
    ordered = sorted(items, key=lambda item: (_KINDS.index(item.kind), item.source, item.title, _first(item)))
    return tuple(replace(item, id=f"E{number}") for number, item in enumerate(ordered, 1))


def _first(item: Item) -> str:
    return item.lines[0].text if item.lines else ""


def _receipts(items: Sequence[Item]) -> tuple[tuple[str, int], ...]:
    """How many different secrets of each kind the catalogue holds placeholders of."""
    found = {
        (kind.lower(), number)
        for item in items
        for line in item.lines
        for kind, number in _RECEIPT.findall(line.text)
    }
    return tuple(sorted(Counter(kind for kind, _ in found).items()))
