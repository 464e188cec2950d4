"""What a verified answer quotes, taken from the catalogue, and how far the draft as a whole can be trusted.

In: a verified `Answer` with its `Catalogue`. Out: a `FiveWhys` that can be shown without the catalogue; a word of
confidence that code derives from what is cited, for a model is not asked how sure it is.
"""

from typing import Literal

from triagebot.drafts.answer_schema import Answer, Ref
from triagebot.drafts.model import CARRIES_CAUSE, Catalogue, Citation, FiveWhys, Origin

Confidence = Literal["high", "medium", "low", "none"]


def drafted(problem: str, answer: Answer, origin: Origin, catalogue: Catalogue) -> FiveWhys:
    """The draft with the lines that it quotes. `answer` has passed `verify` against this catalogue."""
    refs = [ref for why in answer.whys for ref in why.refs] + [ref for r in answer.rivals for ref in r.refs]
    cited = tuple(
        found
        for ref in dict.fromkeys((r.evidence, r.line) for r in refs)
        if (found := _line(*ref, catalogue))
    )
    items = [catalogue.item(ref.evidence) for ref in refs]
    kinds = tuple(sorted({item.kind for item in items if item}))
    return FiveWhys(problem, answer, origin, catalogue.receipts, cited, kinds)


def _line(evidence: str, number: int, catalogue: Catalogue) -> Citation | None:
    """One line of the catalogue as it is shown; None where it is not there."""
    item = catalogue.item(evidence)
    line = item.line(number) if item else None
    if item is None or line is None:
        return None
    return Citation(evidence, number, line.text.strip(), item.title, line.where, line.url)


def citation(draft: FiveWhys, ref: Ref) -> Citation | None:
    """The line that a ref of this draft quotes."""
    return next((c for c in draft.cited if (c.evidence, c.line) == (ref.evidence, ref.line)), None)


def confidence(draft: FiveWhys) -> Confidence:
    """How far to trust a draft, by what it cites: not a probability, and not the model's opinion.

    High: every step to the primary root is quoted, something shows the inside of what failed (its log, a change, a setting), and
    no rival is left open. Medium: every step is quoted. Low: a hypothesis. None: no cause is named.
    """
    answer = draft.answer
    if answer.verdict == "insufficient_evidence":
        return "none"
    if answer.verdict == "root_cause_hypothesis":
        return "low"
    contested = any(rival.standing == "open" for rival in answer.rivals)
    return (
        "high"
        if CARRIES_CAUSE & set(draft.kinds) and not contested and not draft.origin.degraded
        else "medium"
    )
