"""The page of all kinds of signatures, made from the tables that test them: what a kind is, its slots, examples, and its near misses."""

import inspect
from collections import defaultdict
from collections.abc import Iterable

from tests.signatures.elsewhere import elsewhere
from tests.signatures.said import failure, long_text
from tests.signatures.test_browser import SAID
from tests.signatures.test_extractors import HITS, NEAR_MISSES
from triagebot.groups.similar import SOFT
from triagebot.markdown import bullets, code, fill, heading, inline, join, paragraphs
from triagebot.signatures import ALGORITHM, EXTRACTORS, Judgement, judge

_EXAMPLES = 4
_INTRODUCTION = """# Signatures: what makes two failures the same

A signature says how a failure reads. It has a *kind* and *slots*, and the key of an issue is a hash of both: `ws.close-6sjuvylo6bun`. Ids,
times, ports, paths and line numbers are masked before anything is compared. `triagebot explain REPORT` shows every step for each failure
of a report.

- A slot that names a fact is *protected*: two failures that differ in it are never one. 503 is not 429, sent is not received, one host is not another.
- The slots {soft} hold words and places, and only tell failures apart.
- Extractors are asked in the order of this page; the first that knows the failure decides. What none knows falls back to `assert` (an
  assertion, by its words and values) or `error` (an exception, by type, words, and the function that raised it).
- What a run says without a failing test has kinds of its own: `run.exit`, `run.counts`, `run.empty`, `run.unreadable`. A rule of yours gives `rule`.
  Several exceptions at once, that are not one, are `exceptions`.

This page is generated from the tables that test the extractors ({hits} examples, {misses} near misses). The algorithm has version {version}.
"""


def page() -> str:
    """The Markdown of the whole page."""
    by_kind: dict[str, list[Judgement]] = defaultdict(list)
    for type_, message, kind, _slots in HITS:
        by_kind[kind].append(judge(failure("", long_text(type_, message))))
    by_kind["browser"] += [judge(elsewhere(text)) for text, _slots, _title in SAID]
    order = [*EXTRACTORS, "fallback"]
    kinds = sorted(by_kind, key=lambda kind: (order.index(by_kind[kind][0].extractor), kind))
    introduction = _INTRODUCTION.format(
        soft=", ".join(f"`{name}`" for name in sorted(SOFT)),
        hits=len(HITS) + len(SAID),
        misses=len(NEAR_MISSES),
        version=ALGORITHM,
    )
    return f"{introduction}\n{paragraphs(*(_kind(kind, by_kind[kind]) for kind in kinds))}\n"


def _kind(kind: str, judged: Iterable[Judgement]) -> str:
    """The section of one kind."""
    judged = list(judged)
    slots = sorted({name for one in judged for name, _value in one.signature.slots})
    misses = [f"{type_}: {message}" for type_, message, missed in NEAR_MISSES if missed == kind]
    return paragraphs(
        heading(2, code(kind)),
        inline(_meaning(judged[0].extractor), 600),
        fill("Slots: {slots}.", slots=join(map(code, slots), ", "))
        if slots
        else fill("No slots: all of them are one."),
        fill("These are:"),
        bullets(map(_example, judged[:_EXAMPLES])),
        *(
            (fill("These are not:"), bullets(code(miss, 200) for miss in misses[:_EXAMPLES]))
            if misses
            else ()
        ),
    )


def _example(one: Judgement) -> str:
    """A failure and what is read from it."""
    told = code(f"{one.root.type}: {one.root.message}".replace("\n", " "), 200)
    if not one.signature.slots:
        return told
    slots = join((code(f"{name}={value}", 120) for name, value in one.signature.slots), ", ")
    return fill("{told}: {slots}", told=told, slots=slots)


def _meaning(extractor: str) -> str:
    """The first sentence of the module that reads this kind."""
    if extractor == "fallback":
        return "What no extractor knows: by its own words and values."
    document = inspect.getdoc(inspect.getmodule(EXTRACTORS[extractor])) or ""
    return " ".join(document.partition("\n\n")[0].split())
