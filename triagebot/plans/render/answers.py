"""Comments in which the bot answers people: what could not be done and how it is written, help, and explanations.

In: lines with reasons, or the parts of an issue. Out: the body of a comment, with its once-key, so that it is said once and
edited when it is asked for again.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from triagebot.issues import Issue, Judged, Marker
from triagebot.markdown import (
    Markdown,
    block,
    bullets,
    code,
    comment_link,
    fill,
    fold,
    inline,
    paragraphs,
    reference,
    table,
    words,
)
from triagebot.plans.render.comments import comment
from triagebot.reviews.grammar import FORMS, Mistake
from triagebot.reviews.handoff import Handoff

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


def merged(issue: Issue, other: Issue) -> str:
    """What a merge changes: what moves, and how it is taken back."""
    marker, home = issue.marker, reference(other.number)
    assert marker is not None
    text = paragraphs(
        fill("Merged into {}, which counts from now on what fails in this way.", home),
        bullets([_moves(marker), fill("key: {}", code(marker.key))]),
        words("`/triage unmerge` here takes it back."),
    )
    return comment(once_of_answer("merge", issue.number, other.number, len(marker.acts)), text)


def _moves(marker: Marker) -> Markdown:
    """Which runs and tests an issue is about."""
    runs = ", ".join(row.run for row in marker.occurrences[-3:])
    count = max(marker.tests_seen, len(marker.tests))
    seen = inline(f"{marker.seen} run{'s' * (marker.seen != 1)}")
    tests = inline(f"{count} test{'s' * (count != 1)}")
    return fill("it was seen in {} (the last: {}) with {}", seen, code(runs, 200), tests)


def split(issue: Issue, by: str) -> str:
    """What a split changes over the tests that the issue knows, and the rule that does the same for good."""
    marker = issue.marker
    assert marker is not None
    parts = Counter(_part(test, by) for test in marker.tests)
    rows = [(code(value, 200), inline(str(count))) for value, count in parts.most_common(20)]
    shown = (
        table((inline(by), words("tests")), rows)
        if by in _KNOWN_OF_TESTS
        else words("The next run shows the parts.")
    )
    text = paragraphs(
        words(
            "Split. Each part gets an issue of its own with the next run in which it fails; this one is closed."
        ),
        shown,
        *_rule(marker, by),
        words("`/triage unsplit` here takes it back."),
    )
    return comment(once_of_answer("split", issue.number, by, len(marker.acts)), text)


_KNOWN_OF_TESTS = frozenset({"test", "file"})
_RULES = {"test": "test", "file": "module", "host": "host"}


def _part(test: str, by: str) -> str:
    """The part that a test would be in."""
    return test.partition("::")[0] if by == "file" else test.partition("[")[0]


def _rule(marker: Marker, by: str) -> list[Markdown]:
    """The rule for the config that does the same, for this key and all others of its kind."""
    if by not in _RULES:
        return [words("No rule of the config splits by suite; this issue remembers it.")]
    kind = marker.key.rpartition("-")[0]
    lines = [
        "[[rules]]",
        f'when = {{kind = "{kind}"}}   # narrow it with message, text or test',
        f'split = ["{_RULES[by]}"]',
    ]
    head = words(
        "It is in force at once. To have it for good, and for all causes of this kind, commit to the config:"
    )
    return [head, block("\n".join(lines))]


def handoff_comment(told: Handoff) -> str:
    """The hand-over, for a person or an agent that mends it."""
    known = [judged for judged in told.causes if judged.verb == "cause"]
    rows = [*map(_settled, known), *map(_settled, told.steps)]
    text = paragraphs(
        fill("**For whoever mends it:** {}", inline(told.title, 300)),
        bullets(rows)
        if rows
        else words("Nobody has accepted a cause yet; what evidence shows stands in the issue's draft."),
        bullets(map(_not_it, told.ruled_out)),
        words("To see it fail:") if told.reproduce else Markdown(""),
        block(told.reproduce, max_lines=3, max_chars=4_000) if told.reproduce else Markdown(""),
        fill("First seen on commit {}.", code(told.commits[1], 40)) if told.commits[1] else Markdown(""),
        fill("**Proof of the fix:** {}", inline(told.proof, 300)),
    )
    return comment(once_of_answer("handoff", told.issue), text)


def _settled(judged: Judged) -> Markdown:
    """A text that a person settled."""
    done = {"cause": words("stated"), "edit": words("corrected")}.get(judged.verb, words("accepted"))
    return fill("{} *({} by {})*", inline(judged.text, 330), done, inline(judged.who))


def _not_it(judged: Judged) -> Markdown:
    """A cause that was ruled out."""
    why = fill(": {}", inline(judged.said, 330)) if judged.said else Markdown("")
    return Markdown(f"{fill('Not the cause, says {}', inline(judged.who))}{why}. {inline(judged.text, 330)}")
