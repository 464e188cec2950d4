"""The catalogue of evidence for one group: numbered, redacted, ranked, with what is absent as items of its own.

In: values that `sources`, `stores` and `trackers` read (reports, past, log texts, changes, settings, earlier issues) and a
redactor. Out: a `Catalogue`, the same for the same values in any order. It reads nothing itself and states no cause.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from triagebot.config import Config
from triagebot.drafts import history_evidence, report_evidence
from triagebot.drafts.evidence_budget import trim
from triagebot.drafts.model import (
    Catalogue,
    Changes,
    Earlier,
    EvidenceKind,
    Item,
    Setting,
)
from triagebot.drafts.report_evidence import item, sentence_lines
from triagebot.drafts.sanitizing import Clean, Redacts, cleaner
from triagebot.drafts.service_logs import RunLogs
from triagebot.groups.model import Group
from triagebot.history.model import Past
from triagebot.reports.model import Run
from triagebot.steps.log_timeline import severe

CHARACTERS_PER_TOKEN = 3.2
"""A cautious average for logs and code; prose has four."""

_KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)
_REMOTE = frozenset(
    {"ws", "http", "grpc", "aws", "dns", "tls", "connection", "timeout", "database", "contract"}
)
_RECEIPT = re.compile(r"\[REDACTED:([0-9A-Za-z_.-]{1,80})#(\d{1,9})\]")
"""The placeholder of a secret, with its kind and number. Hit: `[REDACTED:jwt#1]`. Miss: `[REDACTED]`."""


@dataclass(frozen=True, slots=True)
class Materials:
    """What was read beside the reports: logs of services, changes between commits, settings, earlier issues."""

    logs: RunLogs
    changes: Changes | None = None
    settings: tuple[Setting, ...] = ()
    earlier: tuple[Earlier, ...] = ()


def collect(
    group: Group,
    run: Run,
    past: Past,
    logs: RunLogs,
    changes: Changes | None,
    *,
    config: Config,
    redactor: Redacts,
    settings: Sequence[Setting] = (),
    earlier: Sequence[Earlier] = (),
) -> Catalogue:
    """All evidence about a group within the configured size, E1..En in the order of (kind, source, line).

    `changes` None means that nobody looked; `logs` are read once for all groups of a run, by `run_logs`.
    """
    clean = cleaner(redactor)
    materials = Materials(logs, changes, tuple(settings), tuple(earlier))
    captured, read, dropped = report_evidence.captured(group, run, clean)
    found = [*captured, *logs.items, *_of_reports(group, run, past, clean)]
    texts = [
        *_lines_of(found, {"message", "chain", "test_log"}),
        *filter(severe, _lines_of(logs.items, {"service_log"})),
    ]
    names = history_evidence.names_in(texts)
    found += _of_deployment(group, run, past, materials, texts=texts, clean=clean)
    seen = any(item.kind == "service_log" for item in logs.items) or not _remote(group)
    blind = () if seen else (group.signature.hosts or ("the service",))
    kinds = {item.kind for item in found}
    absent = _absent(run, past, materials, blind=blind, kinds=kinds, names=names)
    found += [
        item("gap", source, "looked for and absent", sentence_lines([sentence]))
        for source, sentence in absent
    ]
    room = int(config.drafts.max_evidence_tokens * CHARACTERS_PER_TOKEN)
    items = trim(_numbered(found), names, room)
    out = tuple(clean(text) for issue in earlier for text, _why in issue.ruled_out)
    return Catalogue(items, (read + logs.read, dropped + logs.dropped), _receipts(items), blind, out)


def _lines_of(items: Sequence[Item], kinds: set[EvidenceKind]) -> list[str]:
    """The texts of the lines of items of some kinds."""
    return [line.text for item in items if item.kind in kinds for line in item.lines]


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
    yield from report_evidence.messages(group, clean)
    yield from report_evidence.findings(group, clean)
    yield from report_evidence.beside(group, run, clean)
    yield from history_evidence.last_passes(group, past, clean)
    yield from report_evidence.authenticity(group, run, clean)
    counted = [*report_evidence.totals(group, run, clean), *map(clean, history_evidence.rates(group, past))]
    yield item("stats", "this run and its past", "how often and how widely", sentence_lines(counted))


def _of_deployment(
    group: Group,
    run: Run,
    past: Past,
    materials: Materials,
    *,
    texts: Sequence[str],
    clean: Clean,
) -> Iterator[Item]:
    """What was deployed, what changed before it broke, and what was said of earlier issues."""
    changes = materials.changes or Changes()
    yield from history_evidence.suspects(group, clean)
    yield from history_evidence.changes(changes, history_evidence.names_in(texts), clean)
    yield from history_evidence.settings(run, materials.settings, texts, clean)
    yield from history_evidence.verdicts(materials.earlier, clean)
    yield from history_evidence.timeline(
        run, group, past, found=changes, first_log=materials.logs.first_severe(), clean=clean
    )


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
    elif materials.logs.provided and "service_log" not in kinds:
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
    elif out := history_evidence.left_out(changes, names):
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
