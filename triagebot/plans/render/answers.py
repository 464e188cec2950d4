"""Comments in which the bot answers people: what could not be done and how it is written, help, and explanations.

In: lines with reasons, or the parts of an issue. Out: the body of a comment, with its once-key, so that it is said once and
edited when it is asked for again.
"""

import hashlib
from collections.abc import Sequence

from triagebot.markdown import (
    Markdown,
    bullets,
    code,
    comment_link,
    fill,
    fold,
    inline,
    paragraphs,
    table,
    words,
)
from triagebot.plans.render.comments import comment
from triagebot.reviews.grammar import FORMS, Mistake

_MEANING = {
    "accept": words("accepts the draft, or steps of it; the bot never rewrites them"),
    "cause": words("states the root cause in your words"),
    "reject": words("rules a step or the whole draft out, for later drafts, too"),
    "edit": words("corrects a step"),
    "not-quite": words("says what is wrong with a step"),
    "needs-evidence": words("says what is missing"),
    "redraft": words("has it drafted anew when it next fails"),
    "merge": words("this is the same cause as another issue, which takes over"),
    "unmerge": words("it is not, after all"),
    "split": words("these are several causes"),
    "unsplit": words("they are one, after all"),
    "mute": words("no updates, for good or for a time"),
    "unmute": words("updates again"),
    "priority": words("sets the priority"),
    "owner": words("names who sees to it"),
    "fixed-by": words("names the commit that fixes it"),
    "handoff": words("writes down for whoever mends it what is known"),
    "explain": words("shows how these failures were grouped"),
    "undo": words("takes the last command back"),
    "help": words("shows this table"),
}


def once_of_answer(*about: object) -> str:
    """The key under which an answer is known."""
    return hashlib.sha256(repr(about).encode()).hexdigest()


def refusal(issue: int, said: int, refused: Sequence[tuple[Mistake | str, str]]) -> str:
    """What of one comment could not be done: (the line, as a mistake or as it was understood; the reason) each."""
    lines = [_refused(line, reason) for line, reason in refused]
    where = comment_link(said) if said else words("label")
    text = paragraphs(fill("Not done (see the {}):", where), bullets(lines))
    return comment(once_of_answer("refused", issue, said, [str(line) for line, _ in refused]), text)


def _refused(line: Mistake | str, reason: str) -> Markdown:
    """One line that was not obeyed, why, and what to write instead."""
    if isinstance(line, Mistake):
        return fill(
            "{}: {}. Write {}.",
            code(f"/triage {line.said}".strip(), 120),
            inline(reason),
            code(f"/triage {line.instead}"),
        )
    return fill("{}: {}", code(f"/triage {line}", 120), Markdown(_sentence(reason)))


def _sentence(reason: str) -> str:
    """Our own reason, whose backticks are code."""
    first, *rest = reason.split("`")
    return (
        "".join(
            [
                inline(first),
                *(code(part) if at % 2 == 0 else f" {inline(part)}" for at, part in enumerate(rest)),
            ]
        )
        + "."
    )


def denied(issue: int, who: str, reason: str) -> str:
    """One sentence for somebody who may not, once per issue and person."""
    return comment(once_of_answer("denied", issue, who.lower()), fill("{}: {}.", inline(who), inline(reason)))


def help_comment(issue: int) -> str:
    """All commands, folded."""
    rows = [(code(f"/triage {form}"), _MEANING[verb]) for verb, form in FORMS.items()]
    text = paragraphs(
        words(
            "A command stands at the start of a line. People with triage permission may say them; several in a comment run in order."
        ),
        table((words("command"), words("what it does")), rows),
    )
    return comment(once_of_answer("help", issue), fold("What triagebot understands", text))


def explanation(issue: int, grouping: str) -> str:
    """How the failures were grouped, as the issue itself shows it."""
    text = Markdown(grouping) if grouping else words("Nothing is known of how these failures were grouped.")
    return comment(once_of_answer("explain", issue), text)
