"""Comments in which the bot answers people: what could not be done and how it is written, help, explanations, previews, hand-overs.

In: lines with reasons, or the parts of an issue. Out: `Answer`s, each with its once-key, so that it is said once and edited
when it is asked for again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from triagebot.issues import Issue, Judged, Marker, Quote
from triagebot.markdown import (
    Markdown,
    block,
    bullets,
    code,
    comment_link,
    fill,
    fold,
    inline,
    join,
    link,
    paragraphs,
    reference,
    table,
    words,
)
from triagebot.plans.render.comments import comment
from triagebot.reviews.grammar import FORMS, Mistake
from triagebot.reviews.handoffs import MOST_TESTS, Bounds, Handoff, Standing
from triagebot.reviews.previews import Moves, Part

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


NOTHING = Markdown("")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and the key under which it is known."""

    once: str
    text: Markdown

    @property
    def body(self) -> str:
        """The comment."""
        return comment(self.once, self.text)


def together(answers: Sequence[Answer]) -> Answer:
    """Several answers in one comment."""
    if len(answers) == 1:
        return answers[0]
    once = once_of_answer(*(answer.once for answer in answers))
    return Answer(once, paragraphs(*(answer.text for answer in answers)))


def once_of_answer(*about: object) -> str:
    """The key under which an answer is known."""
    return hashlib.sha256(repr(about).encode()).hexdigest()


def refusal(issue: int, said: int, refused: Sequence[tuple[Mistake | str, str]]) -> Answer:
    """What of one comment could not be done: (the line, as a mistake or as it was understood; the reason) each."""
    lines = [_refused(line, reason) for line, reason in refused]
    where = comment_link(said) if said else words("label")
    text = paragraphs(fill("Not done (see the {}):", where), bullets(lines))
    return Answer(once_of_answer("refused", issue, said, [str(line) for line, _ in refused]), text)


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


def denied(issue: int, who: str, reason: str) -> Answer:
    """One sentence for somebody who may not, once per issue and person."""
    return Answer(once_of_answer("denied", issue, who.lower()), fill("{}: {}.", inline(who), inline(reason)))


def help_comment(issue: int) -> Answer:
    """All commands, folded."""
    rows = [(code(f"/triage {form}"), _MEANING[verb]) for verb, form in FORMS.items()]
    text = paragraphs(
        words(
            "A command stands at the start of a line. People with triage permission may say them; several in a comment run in order."
        ),
        table((words("command"), words("what it does")), rows),
    )
    return Answer(once_of_answer("help", issue), fold("What triagebot understands", text))


def explanation(issue: int, grouping: str) -> Answer:
    """How the failures were grouped, as the issue itself shows it."""
    text = Markdown(grouping) if grouping else words("Nothing is known of how these failures were grouped.")
    return Answer(once_of_answer("explain", issue), text)


def merged(issue: Issue, other: Issue, found: Moves) -> Answer:
    """What a merge changes: what moves, and how it is taken back."""
    marker, home = issue.marker, reference(other.number)
    assert marker is not None
    text = paragraphs(
        fill("**Merge into {}**, which counts from then on what fails in this way:", home),
        bullets(
            [
                _runs_move(found, home),
                _tests_move(found, home),
                fill(
                    "this issue is closed as a duplicate of {}, and keeps its text; key: {}",
                    home,
                    code(marker.key),
                ),
            ]
        ),
        words("`/triage unmerge` here takes it back."),
    )
    return Answer(once_of_answer("merge", issue.number, other.number, len(marker.acts)), text)


def _runs_move(found: Moves, home: Markdown) -> Markdown:
    """Which runs the other issue would have counted."""
    both = len(found.runs) - len(found.only_here)
    told = fill(
        "of the runs that are known it was seen in {} and {} in {}, both in {}",
        inline(str(len(found.runs))),
        home,
        inline(str(len(found.runs_there))),
        inline(str(both)),
    )
    if not found.only_here:
        return fill("{}: no run moves", told)
    return fill("{}; {} would have counted these, too: {}", told, home, _some(found.only_here))


def _tests_move(found: Moves, home: Markdown) -> Markdown:
    """Which tests move."""
    new = [test for test in found.tests if test not in found.tests_there]
    if not new:
        return fill("all its tests are on {} already ({})", home, inline(str(len(found.tests))))
    count = inline(f"{len(new)} of its {len(found.tests)} tests")
    return fill("{} come to {}: {}", count, home, _some(new))


def _some(names: Sequence[str], most: int = 5) -> Markdown:
    """The last few of many."""
    shown = join((code(name, 120) for name in names[-most:]), ", ")
    left = len(names) - most
    return fill("{} and {}", shown, inline(f"{left} more")) if left > 0 else shown


def split(issue: Issue, by: str, parts: Sequence[Part]) -> Answer:
    """What a split changes over the tests and runs that are known, and the rule that does the same for good."""
    marker = issue.marker
    assert marker is not None
    text = paragraphs(
        fill(
            "**Split by {}**: each part gets an issue of its own with the next run in which it fails; this one is closed.",
            inline(by),
        ),
        _parts(parts, by),
        *_rule(marker, by, issue.number),
        words("`/triage unsplit` here takes it back."),
    )
    return Answer(once_of_answer("split", issue.number, by, len(marker.acts)), text)


def _parts(parts: Sequence[Part], by: str) -> Markdown:
    """The parts with their tests, and the runs in which each failed."""
    if not parts:
        return words("The next run shows the parts.")
    told = any(part.runs is not None for part in parts)
    head = (inline(by), words("tests"), *((words("runs in which it failed"),) if told else ()))
    return table(head, [_part(part, told=told) for part in parts[:20]])


def _part(part: Part, *, told: bool) -> tuple[Markdown, ...]:
    """One part in a row."""
    name = code(part.name, 200) if part.name else words("elsewhere")
    runs = part.runs or ()
    row = (name, inline(str(len(part.tests))))
    if not told:
        return row
    return (*row, fill("{}: {}", inline(str(len(runs))), _some(runs, 3)) if runs else words("none"))


_RULES = {"test": "test", "file": "module", "host": "host", "suite": "suite"}


def _rule(marker: Marker, by: str, issue: int) -> list[Markdown]:
    """The rule for the config that does the same for this key."""
    lines = [
        "[[rules]]",
        f"# issue {issue}: several causes; with kind in place of key it holds for all of its kind",
        f'when = {{key = "{marker.key}"}}',
        f'split = ["{_RULES[by]}"]',
    ]
    head = words(
        "It is in force at once. To have it for good, also without this issue, commit to the config:"
    )
    return [head, block("\n".join(lines))]


def handoff_comment(told: Handoff) -> Answer:
    """The hand-over, for a person or an agent that mends it."""
    rows = [*map(_stated, told.causes), *map(_standing, told.steps)]
    text = paragraphs(
        fill("**For whoever mends it:** {}", inline(told.title, 300)),
        bullets(rows)
        if rows
        else words("Nobody has accepted a cause yet, and no step of a draft is shown by evidence."),
        bullets((*(_last(judged, told.last_fix) for judged in told.last), *map(_not_it, told.ruled_out))),
        _see(len(told.tests)) if told.reproduce else NOTHING,
        block(told.reproduce, max_lines=3, max_chars=4_000) if told.reproduce else NOTHING,
        _began(told.bounds, told.url),
        fill("**Proof of the fix:** {}", inline(told.proof, 300)),
    )
    return Answer(once_of_answer("handoff", told.issue), text)


def _see(tests: int) -> Markdown:
    """What the command does, and how many of the tests it leaves out."""
    if tests <= MOST_TESTS:
        return words("To see it fail:")
    return fill("To see it fail ({} of {} tests):", inline(str(MOST_TESTS)), inline(str(tests)))


def _stated(judged: Judged) -> Markdown:
    """A cause in a person's words."""
    return fill(
        "**Root cause ({}):** {} *(stated by {})*",
        inline(judged.rank),
        inline(judged.text, 330),
        inline(judged.who),
    )


def _standing(step: Standing) -> Markdown:
    """One step, who stands for it, and the lines that show it."""
    who = (
        fill("{} by {}", inline(step.standing), inline(step.who))
        if step.who
        else words("supported by evidence")
    )
    told = join([_name(step.root), inline(step.text, 330), fill("*({})*", who)])
    return paragraphs(told, bullets(map(_quote, step.quotes))) if step.quotes else told


def _name(root: str) -> Markdown:
    """What a step is, where it is more than one of them."""
    if root == "action":
        return words("**To do:**")
    return fill("**Root cause ({}):**", inline(root)) if root else NOTHING


def _quote(quote: Quote) -> Markdown:
    """One line of evidence with its place."""
    place = link(quote.where, quote.url) if quote.url else inline(quote.where)
    return fill("{}: {}", place, code(quote.text, 250)) if quote.where else code(quote.text, 250)


def _began(bounds: Bounds, url: str) -> Markdown:
    """Where it began, as far as that is known."""
    bad = _place(bounds.first_bad, bounds.first_bad_revision)
    good = _place(bounds.last_good, bounds.last_good_revision)
    if not bad:
        return NOTHING
    if not good:
        return fill("First bad run that is known: {}; no good one before it is known.", bad)
    head = fill("Last good run: {}; first bad run: {}", good, bad)
    if bounds.unread:
        return fill("{}. The commits between could not be read ({}).", head, inline(bounds.unread, 200))
    if not bounds.commits:
        return fill("{}.", head)
    between = words("between them, the newest" if bounds.more else "between them")
    rows = bullets(fill("{} {}", code(sha[:12]), inline(subject, 120)) for sha, subject in bounds.commits)
    return paragraphs(fill("{}; {}:", head, join([between, _comparison(bounds, url)])), rows)


def _place(commit: str, revision: str) -> Markdown:
    """What was tested in a run."""
    sha = fill("commit {}", code(commit, 40)) if commit else NOTHING
    return join([sha, fill("revision {}", code(revision, 40)) if revision else NOTHING], ", ")


def _comparison(bounds: Bounds, url: str) -> Markdown:
    """Where the difference can be read: on the same site as the issue."""
    home = url.partition("/issues/")[0]
    shown = (
        link("diff", f"{home}/compare/{bounds.last_good}...{bounds.first_bad}")
        if "/issues/" in url
        else NOTHING
    )
    return fill("({})", shown) if shown else NOTHING


def _last(judged: Judged, fix: str) -> Markdown:
    """A cause of the last time, and what mended it then."""
    mended = fill("fixed by {}", code(fix, 40)) if fix else NOTHING
    told = join([fill("accepted by {}", inline(judged.who)), mended], ", ")
    return fill("**Last time the cause was:** {} *({})*", inline(judged.text, 330), told)


def _not_it(judged: Judged) -> Markdown:
    """A cause that was ruled out."""
    who = inline(": ".join(filter(None, (judged.who, judged.said.rstrip(". ")))), 400)
    return fill("**Not the cause:** {} *(ruled out by {})*", inline(judged.text, 330), who)
