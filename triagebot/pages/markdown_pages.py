"""A document as Markdown: one page for the whole run, and one for every cause.

In: documents. Out: Markdown. Every outside text goes through `triagebot.markdown`.
"""

from collections.abc import Iterable
from typing import assert_never

from triagebot.drafts.model import Digest
from triagebot.drafts.outline import Outline
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
from triagebot.pages.document import CauseDocument, RunDocument
from triagebot.plans.draft_text import NOTHING, outline_markdown
from triagebot.plans.render.formatting import suspects

_MOST_TESTS = 50


def run_markdown(run: RunDocument) -> Markdown:
    """The page of the whole run: a table of causes, then each cause in short."""
    head = [words(name) for name in ("What broke", "State", "Tests", "Priority", "At risk", "What is known")]
    rows = [_row(cause) for cause in run.causes]
    return Markdown(
        paragraphs(
            heading(1, words("What this run shows")),
            _run_line(run),
            inline(run.counts, 300),
            _proof(run),
            table(head, rows) if rows else words("Nothing failed."),
            *(
                fill("Facts only where no language model was used: {}.", inline(reason, 200))
                for reason in run.without_model
            ),
            *map(_short, run.causes),
            _problems(run),
        )
        + "\n"
    )


def _proof(run: RunDocument) -> Markdown:
    """Gates, and what contracts and passes are worth."""
    gates = [
        fill("**{}** {}", inline(f"{name}: {'open' if open_ else 'held'}"), inline(why, 600))
        for name, open_, why in run.gates
    ]
    said = [inline(line, 600) for line in run.proof]
    return paragraphs(
        paragraphs(heading(2, words("Gates")), bullets(gates)) if gates else NOTHING,
        paragraphs(heading(2, words("Contracts and proof")), bullets(said)) if said else NOTHING,
        heading(2, words("Causes")) if gates or said else NOTHING,
    )


def _row(cause: CauseDocument) -> list[Markdown]:
    """One cause as cells."""
    return [
        fill("{} ({})", inline(cause.title, 160), code(f"{cause.name}.md")),
        _filed(cause),
        inline(str(len(cause.tests))),
        inline(cause.priority),
        inline("; ".join(cause.at_risk), 160),
        inline(cause.standing),
    ]


def cause_markdown(run: RunDocument, cause: CauseDocument) -> Markdown:
    """The page of one cause."""
    tests = [code(test, 300) for test in cause.tests[:_MOST_TESTS]]
    left = len(cause.tests) - _MOST_TESTS
    more = [fill("and {} more", inline(str(left)))] if left > 0 else []
    return Markdown(
        paragraphs(
            heading(1, fill("Five whys: {}", inline(cause.title, 300))),
            _run_line(run),
            fill("Key {}, priority {}. {}.", code(cause.key), inline(cause.priority), _filed(cause)),
            heading(2, words("What failed")),
            bullets([*tests, *more]),
            _findings(cause),
            _suspects(cause),
            _kept(cause),
            heading(2, words("Analysis")),
            _draft(cause.draft),
        )
        + "\n"
    )


def _findings(cause: CauseDocument) -> Markdown:
    """What sets the tests of a cause apart from those that passed."""
    return bullets(inline(finding, 400) for finding in cause.findings) if cause.findings else NOTHING


def _suspects(cause: CauseDocument) -> Markdown:
    """The commits that may have broken it, with what they changed."""
    if not cause.suspects:
        return NOTHING
    return paragraphs(heading(2, words("Commits, most suspect first")), suspects(cause.suspects, 3_000))


def _kept(cause: CauseDocument) -> Markdown:
    """The files that were kept of the failures, and what opens a trace."""
    if not cause.kept:
        return NOTHING
    commands = "\n".join(cause.traces[:_MOST_TESTS])
    return paragraphs(
        heading(2, words("What was kept")),
        bullets(code(name, 300) for name in cause.kept[:_MOST_TESTS]),
        block(commands) if commands else NOTHING,
    )


def _run_line(run: RunDocument) -> Markdown:
    """Which run this is about."""
    return fill("Run {}: {}", code(run.id, 120), inline(run.about, 300))


def _short(cause: CauseDocument) -> Markdown:
    """One cause in a few lines: the root where one is named, the strongest evidence, and what passed beside it."""
    told = [
        fill("{}: {}", inline(cause.standing), inline(cause.root, 400)) if cause.root else NOTHING,
        _findings(cause),
        fill("Evidence: {}", code(cause.evidence, 300)) if cause.evidence else NOTHING,
        inline(cause.passed, 600) if cause.passed else NOTHING,
    ]
    return paragraphs(heading(2, inline(cause.title, 200)), *told)


def _filed(cause: CauseDocument) -> Markdown:
    """What the tracker says of the cause, and where it is filed."""
    state = inline(cause.state) if cause.state else NOTHING
    if not cause.issue:
        return fill("{}, not filed", state) if state else words("Not filed")
    issue = link(cause.issue, cause.url) if cause.url else inline(cause.issue)
    return fill("{}, {}", state, issue) if state else fill("Filed as {}", issue)


def _problems(run: RunDocument) -> Markdown:
    """What could not be read."""
    rows = [fill("{}: {}", code(problem.path, 200), inline(problem.reason, 300)) for problem in run.problems]
    return paragraphs(heading(2, words("What could not be read")), bullets(rows)) if rows else NOTHING


def _draft(draft: Digest | Outline) -> Markdown:
    """A draft of either kind."""
    match draft:
        case Digest():
            return _digest(draft)
        case Outline():
            return outline_markdown(draft)
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
    """Each text under its caption in a fold."""
    return [fold(caption, text) for caption, text in parts]
