"""A verified five-whys draft as people read it: the problem, the whys, roots, rivals, actions, what is missing.

In: a `FiveWhys`. Out: Markdown. Whys are one line each with a mark for their status; quotes are in a fold.
"""

from collections.abc import Iterable

from triagebot.drafts.five_whys import Action, Answer, Ref, Rival, Why
from triagebot.drafts.model import FiveWhys, Origin
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
    paragraphs,
    words,
)

_MARKS = {
    "supported": words("✔ supported"),
    "hypothesis": words("? hypothesis"),
    "unknown": words("∅ unknown"),
}
_WINDOWS = {"now": words("now"), "24h": words("within 24 hours"), "later": words("later")}
_VERDICTS = {
    "root_cause_supported": words("A root cause is supported by the evidence quoted below."),
    "root_cause_hypothesis": words("The root cause below is a hypothesis."),
    "insufficient_evidence": words("The evidence does not suffice for a root cause."),
}


def five_whys_text(draft: FiveWhys) -> Markdown:
    """The part "Five whys" down to what is missing."""
    answer = draft.answer
    return paragraphs(
        heading(3, words("Five whys (draft)")),
        fill("**Problem:** {}", inline(draft.problem, 600)),
        _VERDICTS[answer.verdict],
        _branch(answer, "occurrence", words("**Why did it happen?**")),
        _branch(answer, "detection", words("**Why was it not caught earlier?**")),
        _roots(answer),
        _actions(answer.actions),
        _missing(answer),
        _refutations(answer.whys),
        _quotes(answer),
        _origin(draft.origin),
    )


def _branch(answer: Answer, branch: str, head: Markdown) -> Markdown:
    """The whys of one branch in order."""
    whys = [why for why in answer.whys if why.branch == branch]
    rows = bullets(fill("{} *({})*", _sentence(why), _MARKS[why.status]) for why in whys)
    return paragraphs(head, rows) if whys else Markdown("")


def _sentence(why: Why) -> Markdown:
    """A why with its id."""
    return fill("{}: {}", inline(why.id, 12), inline(why.sentence, 400))


def _roots(answer: Answer) -> Markdown:
    """Where the asking stopped, by rank."""
    sentences = {why.id: why.sentence for why in answer.whys}
    rows = [
        fill("{}: {}", inline(root.rank), inline(sentences.get(root.why, root.why), 400))
        for root in answer.roots
    ]
    return paragraphs(words("**Roots**"), bullets(rows)) if rows else Markdown("")


def _actions(actions: Iterable[Action]) -> Markdown:
    """What to do, as boxes to tick."""
    rows = [
        (
            False,
            fill(
                "{} ({}, {}). Done when {}",
                inline(action.step, 300),
                inline(action.purpose),
                _WINDOWS[action.window],
                inline(action.done_when, 300),
            ),
        )
        for action in actions
    ]
    return paragraphs(words("**Actions**"), checklist(rows)) if rows else Markdown("")


def _missing(answer: Answer) -> Markdown:
    """What is not known, and how to find out."""
    rows = [fill("{}: {}", inline(missing.what, 300), inline(missing.how, 300)) for missing in answer.missing]
    head = heading(3, words("What is not known, and how to find out"))
    return paragraphs(head, bullets(rows)) if rows else Markdown("")


def _refutations(whys: Iterable[Why]) -> Markdown:
    """What would prove each step wrong."""
    rows = [fill("{}: {}", inline(why.id, 12), inline(why.refuted_by, 300)) for why in whys if why.refuted_by]
    return fold("What would prove it wrong", bullets(rows)) if rows else Markdown("")


def _quotes(answer: Answer) -> Markdown:
    """The evidence behind each step and each rival."""
    rows = [fill("{}: {}", inline(why.id, 12), _refs(why.refs)) for why in answer.whys if why.refs]
    rows += [_rival(rival) for rival in answer.rivals]
    return fold("Quoted evidence and other causes considered", bullets(rows)) if rows else Markdown("")


def _rival(rival: Rival) -> Markdown:
    """Another cause, and what is said against it."""
    standing = words("ruled out") if rival.standing == "ruled_out" else words("still open")
    said = fill("Not {} ({}): {}", inline(rival.cause, 300), standing, inline(rival.because, 300))
    return join([said, _refs(rival.refs)], " ")


def _refs(refs: Iterable[Ref]) -> Markdown:
    """Quotes with their places."""
    return join(
        [fill("{} {}", code(f"{ref.evidence}:L{ref.line}"), code(ref.quote, 180)) for ref in refs], "; "
    )


def _origin(origin: Origin) -> Markdown:
    """Which model and prompt, at what cost; what was taken out."""
    cost = f", about {origin.cost_usd:.3f} USD" if origin.cost_usd is not None else ""
    told = f"Drafted by {origin.model}, prompt {origin.prompt} version {origin.version}{cost}"
    weakened = len(origin.degraded)
    out = f"; the checks weakened {weakened} claim{'s' * (weakened != 1)}" if weakened else ""
    return fill("{}. Quotes are checked, conclusions are not.", inline(told + out, 300))
