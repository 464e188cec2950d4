"""The five-whys reports of a run in Markdown: one for every cause, and one for the whole run.

In: the run, its causes with their drafts. Out: Markdown; `triagebot.plans.page` shows the same values in HTML and puts
both together as files. Every outside text goes through `triagebot.markdown`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from triagebot.drafts.cite import confidence
from triagebot.drafts.model import Digest, Draft, FiveWhys
from triagebot.groups.model import Group
from triagebot.markdown import (
    Markdown,
    block,
    bullets,
    code,
    fill,
    fold,
    heading,
    inline,
    link,
    paragraphs,
    table,
    words,
)
from triagebot.plans.five_whys import NOTHING, draft_markdown
from triagebot.reports.model import Run

_MOST_TESTS = 50


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of the run with its draft; `issue` and `url` where it is filed ("#12", "" when it is not)."""

    group: Group
    draft: Draft
    issue: str = ""
    url: str = ""

    @property
    def name(self) -> str:
        """The name of its files without the ending: the key, in characters that every file system takes."""
        return "".join(
            char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in self.group.key
        )


def cause_markdown(run: Run, cause: Cause) -> Markdown:
    """The report of one cause."""
    group = cause.group
    tests = [code(test, 300) for test in group.tests[:_MOST_TESTS]]
    more = (
        [fill("and {} more", inline(str(len(group.tests) - _MOST_TESTS)))]
        if len(group.tests) > _MOST_TESTS
        else []
    )
    return Markdown(
        paragraphs(
            heading(1, fill("Five whys: {}", inline(group.signature.title, 300))),
            _run_line(run),
            fill("Key {}, priority {}. {}", code(group.key), inline(group.impact.priority), _filed(cause)),
            heading(2, words("What failed")),
            bullets([*tests, *more]),
            heading(2, words("Analysis")),
            _draft(cause.draft),
        )
        + "\n"
    )


def run_markdown(run: Run, causes: Sequence[Cause]) -> Markdown:
    """The report of the whole run: a table of causes, then each cause in short."""
    rows = [
        [
            fill("{} ({})", inline(cause.group.signature.title, 160), code(f"{cause.name}.md")),
            inline(str(len(cause.group.tests))),
            inline(cause.group.impact.priority),
            inline(standing(cause.draft)),
            inline(cause.issue or "not filed"),
        ]
        for cause in causes
    ]
    head = [words("Cause"), words("Tests"), words("Priority"), words("What is known"), words("Issue")]
    return Markdown(
        paragraphs(
            heading(1, words("Five whys of a run")),
            _run_line(run),
            inline(counts(run), 300),
            table(head, rows) if rows else words("Nothing failed."),
            *(_short(cause) for cause in causes),
            _problems(run),
        )
        + "\n"
    )


def _run_line(run: Run) -> Markdown:
    """Which run this is about."""
    return fill("Run {}: {}", code(run.id, 120), inline(about(run), 300))


def about(run: Run) -> str:
    """When, where and what was tested, in words."""
    told = [
        f"started {moment(run.started)}" if run.started else "start not known",
        f"environment {run.environment}" if run.environment else "",
        f"branch {run.branch}" if run.branch else "",
        f"commit {run.commit[:12]}" if run.commit else "",
        f"revision {run.revision}" if run.revision else "",
    ]
    return ", ".join(text for text in told if text)


def moment(at: datetime) -> str:
    """A time for people: UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def counts(run: Run) -> str:
    """How the tests of the run ended, in words."""
    totals = run.totals
    stopped = "" if run.complete else " The run was stopped early: what did not run proves nothing."
    return (
        f"{totals.collected} tests: {totals.passed} passed, {totals.failed} failed, {totals.error} with errors, "
        f"{totals.skipped} skipped.{stopped}"
    )


def standing(draft: Draft) -> str:
    """How far a draft goes, in a few words."""
    match draft:
        case Digest():
            return f"facts only ({draft.reason})"
        case FiveWhys():
            return STANDINGS[confidence(draft)]
        case unreachable:
            assert_never(unreachable)


STANDINGS = {
    "high": "root cause, every step quoted",
    "medium": "root cause, every step quoted, some left open",
    "low": "a hypothesis",
    "none": "the evidence does not lead to a cause",
}


def root_of(draft: Draft) -> str:
    """The sentence of the primary root, "" where none is named."""
    if isinstance(draft, Digest):
        return ""
    primary = next((root.why for root in draft.answer.roots if root.rank == "primary"), None)
    return next((why.sentence for why in draft.answer.whys if why.id == primary), "")


def _short(cause: Cause) -> Markdown:
    """One cause in a few lines."""
    root = root_of(cause.draft)
    known = (
        fill("{}: {}", inline(standing(cause.draft)), inline(root, 400))
        if root
        else inline(standing(cause.draft))
    )
    return paragraphs(heading(2, inline(cause.group.signature.title, 200)), known, _filed(cause))


def _filed(cause: Cause) -> Markdown:
    """Where the cause is filed."""
    if not cause.issue:
        return words("Not filed.")
    return fill("Filed as {}.", link(cause.issue, cause.url) if cause.url else inline(cause.issue))


def _problems(run: Run) -> Markdown:
    """What could not be read."""
    rows = [fill("{}: {}", code(problem.path, 200), inline(problem.reason, 300)) for problem in run.problems]
    return paragraphs(heading(2, words("What could not be read")), bullets(rows)) if rows else NOTHING


def _draft(draft: Draft) -> Markdown:
    """A draft of either kind."""
    match draft:
        case Digest():
            return _digest(draft)
        case FiveWhys():
            return draft_markdown(draft)
        case unreachable:
            assert_never(unreachable)


def _digest(draft: Digest) -> Markdown:
    """A digest: facts, what passed beside it, open questions, excerpts. It states no cause."""
    return paragraphs(
        fill("**No language model was used** ({}).", inline(draft.reason, 200)),
        bullets(fill("{}: {}", inline(fact.name), code(fact.value, 300)) for fact in draft.facts),
        words("**What passed beside it**"),
        bullets(inline(line, 600) for line in draft.contrast),
        words("**Open questions**"),
        bullets(fill("{} *Look at:* {}", inline(why.ask, 300), inline(why.tell, 300)) for why in draft.whys),
        words("**To keep from the next run**"),
        bullets(inline(line, 300) for line in draft.collect),
        *_folds((excerpt.caption, block(excerpt.text)) for excerpt in draft.excerpts),
    )


def _folds(parts: Iterable[tuple[str, Markdown]]) -> list[Markdown]:
    return [fold(caption, text) for caption, text in parts]
