"""A verified five-whys draft as maintainers read it: the cause first, then how it was reached, then what is not known.

In: a `FiveWhys`. Out: Markdown. The words of the model go through `triagebot.markdown` one sentence at a time; quotes are
the catalogue's lines and never the model's copies. Quotes, refutations and other causes are folded away, so that what
has to be read stays short.
"""

from collections.abc import Iterable, Iterator, Sequence

from triagebot.drafts.cite import Confidence, citation, confidence
from triagebot.drafts.five_whys import Action, Answer, Ref, Rival, Root, Why
from triagebot.drafts.model import Citation, FiveWhys, Origin, Violation
from triagebot.markdown import (
    Markdown,
    bullets,
    checklist,
    code,
    fill,
    fold,
    heading,
    inline,
    join,
    link,
    paragraphs,
    words,
)

SENTENCE = 330
QUOTE = 400
NOTHING = Markdown("")

_MARKS = {
    "supported": words("✔ supported"),
    "hypothesis": words("❓ hypothesis"),
    "unknown": words("∅ unknown"),
}
_WINDOWS = {"now": words("now"), "24h": words("within 24 hours"), "later": words("later")}
_PURPOSES = {"correct": words("correct"), "prevent": words("prevent"), "detect": words("detect")}
_ORDER = ("now", "24h", "later")
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
    answer = draft.answer
    return paragraphs(
        heading(3, words("Five whys (draft)")),
        fill("**Problem:** {}", inline(draft.problem, 600)),
        _VERDICTS[confidence(draft)],
        _roots(answer),
        _branch(draft, "occurrence", words("**Why did it happen?**"), scale),
        _branch(draft, "detection", words("**Why was it not caught earlier?**"), scale),
        _actions(answer.actions),
        _missing(draft),
        _rivals(draft, scale),
        _removed(draft.origin.degraded),
        provenance(draft),
    )


def _roots(answer: Answer) -> Markdown:
    """Where the asking stopped, by rank, with what would prove it wrong."""
    whys = {why.id: why for why in answer.whys}
    rows = [_root(root, whys[root.why]) for root in answer.roots if root.why in whys]
    head = words("**Root causes**") if len(rows) > 1 else words("**Root cause**")
    return paragraphs(head, bullets(rows)) if rows else NOTHING


def _root(root: Root, why: Why) -> Markdown:
    """One root in one item."""
    said = fill("**{}** ({}): {}", inline(root.rank), _MARKS[why.status], inline(why.sentence, SENTENCE))
    return fill("{}\n*Proved wrong by:* {}", said, inline(why.refuted_by, SENTENCE))


def _branch(draft: FiveWhys, branch: str, head: Markdown, scale: float) -> Markdown:
    """The steps of one branch from the problem down, each with its evidence in a fold."""
    steps = [(number, why) for number, why in numbered(draft.answer.whys) if why.branch == branch]
    rows = [_step(draft, number, why, scale) for number, why in steps]
    return paragraphs(head, bullets(rows)) if rows else NOTHING


def numbered(whys: Sequence[Why]) -> list[tuple[str, Why]]:
    """Every step under a number that shows where it hangs: 1, 2, 3 along a chain; 2.1, 2.2 where it forks.

    The model's own ids are not shown. `whys` form a forest, as `verify` has it.
    """
    found: list[tuple[str, Why]] = []
    for branch in ("occurrence", "detection"):
        tops = [why for why in whys if why.branch == branch and not _same_branch_parent(why, whys)]
        for place, top in enumerate(tops, 1):
            found += _chain(top, f"{place}." if len(tops) > 1 else "", 1, whys)
    return found


def _same_branch_parent(why: Why, whys: Sequence[Why]) -> bool:
    return any(other.id == why.parent and other.branch == why.branch for other in whys)


def _chain(why: Why, prefix: str, depth: int, whys: Sequence[Why]) -> Iterator[tuple[str, Why]]:
    """A step and all below it."""
    yield f"{prefix}{depth}", why
    below = [other for other in whys if other.parent == why.id and other.branch == why.branch]
    for place, other in enumerate(below, 1):
        fork = f"{prefix}{depth}.{place}." if len(below) > 1 else prefix
        yield from _chain(other, fork, 1 if len(below) > 1 else depth + 1, whys)


def _step(draft: FiveWhys, number: str, why: Why, scale: float) -> Markdown:
    """One step: its sentence and status, and a fold with the lines that it quotes and what would prove it wrong."""
    said = fill("**{}** {} *({})*", inline(number), inline(why.sentence, SENTENCE), _MARKS[why.status])
    wrong = words("Answered by:") if why.status == "unknown" else words("Proved wrong by:")
    told = [*_quotes(draft, why.refs, scale), fill("{} {}", wrong, inline(why.refuted_by, SENTENCE))]
    return paragraphs(said, fold(f"Evidence of step {number}", bullets(told)) if why.refs else NOTHING)


def _quotes(draft: FiveWhys, refs: Iterable[Ref], scale: float) -> list[Markdown]:
    """The lines that refs quote, as the catalogue has them."""
    return [_quote(found, scale) for ref in refs if (found := citation(draft, ref))]


def _quote(cited: Citation, scale: float) -> Markdown:
    """One line of evidence with its place."""
    place = link(cited.where, cited.url) if cited.url else code(cited.where) if cited.where else NOTHING
    what = join(
        [
            fill("{}, line {}:", inline(cited.evidence), inline(str(cited.line))),
            inline(cited.title, 160),
            place,
        ]
    )
    return fill("{}\n{}", what, code(cited.text, max(80, int(QUOTE * scale))))


def _actions(actions: Sequence[Action]) -> Markdown:
    """What to do, the most urgent first, as boxes to tick."""
    ordered = sorted(actions, key=lambda action: _ORDER.index(action.window))
    rows = [(False, _action(action)) for action in ordered]
    return paragraphs(words("**Actions**"), checklist(rows)) if rows else NOTHING


def _action(action: Action) -> Markdown:
    step, done = inline(action.step, SENTENCE), inline(action.done_when, SENTENCE)
    return fill(
        "**{}**, {}: {} *Done when:* {}", _WINDOWS[action.window], _PURPOSES[action.purpose], step, done
    )


def _missing(draft: FiveWhys) -> Markdown:
    """What is not known, and how to find out."""
    rows = [
        fill("{} *How:* {}", inline(missing.what, SENTENCE), inline(missing.how, SENTENCE))
        for missing in draft.answer.missing
    ]
    head = heading(3, words("What is not known, and how to find out"))
    return paragraphs(head, bullets(rows)) if rows else NOTHING


def _rivals(draft: FiveWhys, scale: float) -> Markdown:
    """Other causes that were considered, in a fold."""
    rows = [_rival(draft, rival, scale) for rival in draft.answer.rivals]
    return fold("Other causes considered", bullets(rows)) if rows else NOTHING


def _rival(draft: FiveWhys, rival: Rival, scale: float) -> Markdown:
    """One of them, and the evidence against it."""
    standing = words("ruled out") if rival.standing == "ruled_out" else words("still open")
    said = fill("{} *({})* {}", inline(rival.cause, SENTENCE), standing, inline(rival.because, SENTENCE))
    return paragraphs(said, bullets(_quotes(draft, rival.refs, scale)) if rival.refs else NOTHING)


def _removed(taken: Sequence[Violation]) -> Markdown:
    """What code took out of the model's answer, by rule."""
    rules = list(dict.fromkeys(violation.rule for violation in taken))
    rows = [fill("{}: {}", code(rule), inline(_first(taken, rule), 200)) for rule in rules]
    return fold(f"What the check took out ({len(taken)})", bullets(rows)) if rows else NOTHING


def _first(taken: Sequence[Violation], rule: str) -> str:
    """What was wrong where a rule was first broken."""
    return next(violation.detail for violation in taken if violation.rule == rule)


def provenance(draft: FiveWhys) -> Markdown:
    """Which model, prompt and evidence made this, at what cost, and what was checked."""
    return fill("*{}*", inline(_origin(draft.origin) + _redacted(draft.receipts), 500))


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
