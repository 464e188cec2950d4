"""A verified five-whys draft as maintainers read it: the cause first, then how it was reached, then what is not known.

In: a `FiveWhys`. Out: Markdown. The words of the model go through `triagebot.markdown` one sentence at a time; quotes are
the catalogue's lines and never the model's copies. Quotes, refutations and other causes are folded away, so that what
has to be read stays short.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from triagebot.drafts.cite import Confidence, citation, confidence
from triagebot.drafts.five_whys import Action, Answer, Ref, Rival, Root, Why
from triagebot.drafts.model import Citation, FiveWhys, Origin, Violation
from triagebot.drafts.verify import RULES
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
    """One step: its sentence and status, and what would prove it wrong; folded away together with the lines that it quotes."""
    said = fill("**{}** {} *({})*", inline(number), inline(why.sentence, SENTENCE), _MARKS[why.status])
    wrong = words("*Answered by:*") if why.status == "unknown" else words("*Proved wrong by:*")
    told = fill("{} {}", wrong, inline(why.refuted_by, SENTENCE))
    quotes = _quotes(draft, why.refs, scale)
    if not quotes:
        return fill("{}\n{}", said, told)
    return paragraphs(said, fold(f"Evidence of step {number}", bullets([*quotes, told])))


def _quotes(draft: FiveWhys, refs: Iterable[Ref], scale: float) -> list[Markdown]:
    """The lines that refs quote, as the catalogue has them."""
    return [_quote(found, scale) for ref in refs if (found := citation(draft, ref))]


def _quote(cited: Citation, scale: float) -> Markdown:
    """One line of evidence with its place; what the item is, where the line has no place of its own."""
    place = link(cited.where, cited.url) if cited.url else code(cited.where) if cited.where else NOTHING
    what = fill(
        "{}, line {}: {}", inline(cited.evidence), inline(str(cited.line)), place or inline(cited.title, 160)
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
        fill("{}. *How:* {}", inline(missing.what.rstrip(". "), SENTENCE), inline(missing.how, SENTENCE))
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
    """What code took out of the model's answer, by rule; in the words of the rules, for the model's own are what was taken."""
    counts = Counter(violation.rule for violation in taken)
    rows = [
        fill("{} ({}): {}", code(rule), inline(str(count)), inline(_rule(rule)))
        for rule, count in counts.items()
    ]
    return fold(f"What the check took out ({len(taken)})", bullets(rows)) if rows else NOTHING


def _rule(name: str) -> str:
    """What a rule asks for: the first line of its own description."""
    check = RULES.get(name)
    return (check.__doc__ or "").partition("\n")[0] if check else ""


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
