"""A verified five-whys draft as maintainers read it: the cause first, then how it was reached, then what is not known.

In: a `FiveWhys`. Out: Markdown of its outline. The words of the model go through `triagebot.markdown` one sentence at a
time; quotes are the catalogue's lines and never the model's copies. Quotes, refutations and other causes are folded away,
so that what has to be read stays short.
"""

from collections.abc import Iterable, Sequence

from triagebot.drafts.answer_schema import Action, Missing
from triagebot.drafts.citations import Confidence
from triagebot.drafts.model import Citation, FiveWhys, Origin
from triagebot.drafts.outline import (
    MARKS,
    STANDINGS,
    WINDOWS,
    Outline,
    Removed,
    RivalCause,
    RootCause,
    Step,
    outline,
)
from triagebot.markdown import (
    Markdown,
    bullets,
    checklist,
    code,
    fill,
    fold,
    heading,
    inline,
    link,
    paragraphs,
    words,
)

SENTENCE = 330
QUOTE = 400
NOTHING = Markdown("")

_VERDICTS: dict[Confidence, Markdown] = {
    "high": words(
        "Every step to the root cause is quoted from evidence, and no other cause considered is left open."
    ),
    "medium": words("Every step to the root cause is quoted from evidence; read what is left open below."),
    "low": words(
        "The cause below is a **hypothesis**: at least one step to it is not shown by the evidence."
    ),
    "none": words(
        "The evidence **does not lead to a cause**. Below is how far it goes, and what would tell."
    ),
}


def draft_markdown(draft: FiveWhys, *, scale: float = 1.0) -> Markdown:
    """The whole draft as a part of an issue, headings from level 3 on. A `scale` below 1 shortens the quotes."""
    return outline_markdown(outline(draft), scale=scale)


def outline_markdown(shown: Outline, *, scale: float = 1.0) -> Markdown:
    """A draft that is laid out already."""
    return paragraphs(
        heading(3, words("Five whys (draft)")),
        fill("**Problem:** {}", inline(shown.problem, 600)),
        _VERDICTS[shown.confidence],
        _roots(shown.roots),
        _branch(shown.occurrence, words("**Why did it happen?**"), scale),
        _branch(shown.detection, words("**Why was it not caught earlier?**"), scale),
        _actions(shown.actions),
        _missing(shown.missing),
        _rivals(shown.rivals, scale),
        _removed(shown.removed),
        provenance(shown),
    )


def _roots(roots: Sequence[RootCause]) -> Markdown:
    """Where the asking stopped, by rank, with what would prove it wrong."""
    head = words("**Root causes**") if len(roots) > 1 else words("**Root cause**")
    return paragraphs(head, bullets(map(_root, roots))) if roots else NOTHING


def _root(root: RootCause) -> Markdown:
    """One root in one item."""
    why = root.why
    told = fill(
        "**{}** ({}): {}", inline(root.rank), words(MARKS[why.status]), inline(why.sentence, SENTENCE)
    )
    return fill("{}\n*Proved wrong by:* {}", told, inline(why.refuted_by, SENTENCE))


def _branch(steps: Sequence[Step], head: Markdown, scale: float) -> Markdown:
    """The steps of one branch from the problem down, each with its evidence in a fold."""
    return paragraphs(head, bullets(_step(step, scale) for step in steps)) if steps else NOTHING


def _step(step: Step, scale: float) -> Markdown:
    """One step: its sentence and status, and what would prove it wrong; folded away together with the lines that it quotes."""
    why = step.why
    told = fill(
        "**{}** {} *({})*", inline(step.number), inline(why.sentence, SENTENCE), words(MARKS[why.status])
    )
    wrong = words("*Answered by:*") if why.status == "unknown" else words("*Proved wrong by:*")
    refuted = fill("{} {}", wrong, inline(why.refuted_by, SENTENCE))
    if not step.quotes:
        return fill("{}\n{}", told, refuted)
    quotes = [*_quotes(step.quotes, scale), refuted]
    return paragraphs(told, fold(f"Evidence of step {step.number}", bullets(quotes)))


def _quotes(cited: Iterable[Citation], scale: float) -> list[Markdown]:
    """The lines that are quoted, as the catalogue has them."""
    return [_quote(found, scale) for found in cited]


def _quote(cited: Citation, scale: float) -> Markdown:
    """One line of evidence with its place; what the item is, where the line has no place of its own."""
    place = link(cited.where, cited.url) if cited.url else code(cited.where) if cited.where else NOTHING
    what = fill(
        "{}, line {}: {}", inline(cited.evidence), inline(str(cited.line)), place or inline(cited.title, 160)
    )
    return fill("{}\n{}", what, code(cited.text, max(80, int(QUOTE * scale))))


def _actions(actions: Sequence[Action]) -> Markdown:
    """What to do, the most urgent first, as boxes to tick."""
    rows = [(False, _action(action)) for action in actions]
    return paragraphs(words("**Actions**"), checklist(rows)) if rows else NOTHING


def _action(action: Action) -> Markdown:
    """One thing to do, by when, and how to know that it is done."""
    step, done = inline(action.step, SENTENCE), inline(action.done_when, SENTENCE)
    window, purpose = words(WINDOWS[action.window]), words(action.purpose)
    return fill("**{}**, {}: {} *Done when:* {}", window, purpose, step, done)


def _missing(missing: Sequence[Missing]) -> Markdown:
    """What is not known, and how to find out."""
    rows = [
        fill("{}. *How:* {}", inline(each.what.rstrip(". "), SENTENCE), inline(each.how, SENTENCE))
        for each in missing
    ]
    head = heading(3, words("What is not known, and how to find out"))
    return paragraphs(head, bullets(rows)) if rows else NOTHING


def _rivals(rivals: Sequence[RivalCause], scale: float) -> Markdown:
    """Other causes that were considered, in a fold."""
    return (
        fold("Other causes considered", bullets(_rival(each, scale) for each in rivals))
        if rivals
        else NOTHING
    )


def _rival(found: RivalCause, scale: float) -> Markdown:
    """One of them, and the evidence against it."""
    rival = found.rival
    standing = words(STANDINGS[rival.standing])
    told = fill("{} *({})* {}", inline(rival.cause, SENTENCE), standing, inline(rival.because, SENTENCE))
    return paragraphs(told, bullets(_quotes(found.quotes, scale)) if rival.refs else NOTHING)


def _removed(removed: Sequence[Removed]) -> Markdown:
    """What code took out of the model's answer, by rule."""
    rows = [
        fill("{} ({}): {}", code(each.rule), inline(str(each.count)), inline(each.asks)) for each in removed
    ]
    total = sum(each.count for each in removed)
    return fold(f"What the check took out ({total})", bullets(rows)) if rows else NOTHING


def provenance(shown: Outline) -> Markdown:
    """Which model, prompt and evidence made this, at what cost, and what was checked."""
    return fill("*{}*", inline(_origin(shown.origin) + _redacted(shown.receipts), 500))


def _origin(origin: Origin) -> str:
    cost = f"about {origin.cost_usd:.3f} USD" if origin.cost_usd is not None else "cost not known"
    repaired = ", repaired once" if origin.repaired else ""
    return (
        f"Drafted by {origin.model}, prompt {origin.prompt} version {origin.version}{repaired}, {origin.input_tokens} tokens "
        f"in and {origin.output_tokens} out, {cost}, digest {origin.digest[:12]}. "
        "Every quote was found in the evidence by code; whether the conclusion is true is for a person to say."
    )


def _redacted(receipts: Sequence[tuple[str, int]]) -> str:
    told = ", ".join(f"{count} {kind}" for kind, count in receipts)
    return f" Redacted before sending: {told}." if told else ""
