"""A digest as people read it: what is known, what passed beside it, excerpts in folds, and five open questions.

In: a `Digest`. Out: Markdown. It adds no sentence about a cause.
"""

from triagebot.drafts.model import Digest, Excerpt, Question
from triagebot.markdown import Markdown, block, bullets, code, fill, fold, heading, inline, paragraphs, words


def digest_text(draft: Digest, scale: float) -> Markdown:
    """The part "What is known" down to the open questions; excerpts shrink with `scale` (1 is full size)."""
    return paragraphs(
        heading(3, words("What is known")),
        bullets(fill("{}: {}", inline(fact.name), code(fact.value, 300)) for fact in draft.facts),
        words("**What passed beside it**"),
        bullets(inline(line, 600) for line in draft.contrast),
        *(_excerpt(excerpt, scale) for excerpt in draft.excerpts),
        heading(3, words("What is not known, and how to find out")),
        fill("No language model was used ({}). These questions are open:", inline(draft.reason)),
        Markdown("\n".join(_why(number, why) for number, why in enumerate(draft.whys, 1))),
        _collect(draft),
    )


def _excerpt(excerpt: Excerpt, scale: float) -> Markdown:
    """A stretch of the report in a fold."""
    return fold(excerpt.caption, block(excerpt.text, max_lines=40, max_chars=int(4000 * scale)))


def _why(number: int, why: Question) -> Markdown:
    """One open row. The number is ours."""
    return fill("{}. {} *Look at:* {}.", Markdown(str(number)), inline(why.ask), inline(why.tell, 300))


def _collect(draft: Digest) -> Markdown:
    """What to keep next time."""
    if not draft.collect:
        return Markdown("")
    return paragraphs(
        words("To keep from the next run:"), bullets(inline(line, 300) for line in draft.collect)
    )
