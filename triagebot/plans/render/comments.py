"""Comments, which notify people and are therefore few: a new wording, a regression, a recovery.

In: what happened. Out: the body of a comment, with its once-key in a marker of its own.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from triagebot.groups.model import Group
from triagebot.issues.model import Issue, Marker
from triagebot.markdown import Markdown, bullets, code, fill, inline, join, paragraphs, words
from triagebot.plans.lifecycle import is_about_the_run
from triagebot.plans.render.formatting import commit, moment, where
from triagebot.reports.model import Run

_ONCE = re.compile(r"<!-- triagebot-once ([0-9a-f]{64}) -->")
"""The mark by which a comment is known to be made already.

Hit: `<!-- triagebot-once 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef -->`
Miss: `<!-- triagebot-once -->`
"""


def comment(once: str, text: str) -> str:
    """A comment that can be told again by its once-key."""
    return f"<!-- triagebot-once {once} -->\n{text}"


def once_of(body: str) -> str | None:
    """The once-key of one of our comments: on its first line, else None."""
    found = _ONCE.fullmatch(body.replace("\r\n", "\n").split("\n", 1)[0].strip())
    return found[1] if found else None


def trouble_comment(trouble: str) -> str:
    """What was wrong with an issue's marker."""
    return fill(
        "**This issue had lost its marker:** {}. It is the hidden line at the top by which I know what an issue is about. I have "
        "written my part anew and kept what people wrote. Please leave that line where it is, and only there. I say this once.",
        inline(trouble),
    )


def lost_comment() -> str:
    """That an issue of ours may be about anything, and what follows from that."""
    return words(
        "**I no longer know what this issue is about:** the hidden line at its top, my marker, is gone. Until it is known again I open no "
        "new issue, for it might be this one. Please put my text back from the edit history, or take my label off to keep "
        "the issue for yourselves. I say this once."
    )


def overwritten_comment(once: str, editor: str, at: datetime) -> str:
    """What a person wrote into the body while we wrote it, too, and could not be put back."""
    text = fill(
        "**Text of {} was overwritten:** what was written at {} UTC is not in the body that I wrote at the same moment, and "
        "the body was changed since. It stands in the edit history of this issue; please put back what is missing.",
        code(editor),
        inline(moment(at)),
    )
    return comment(once, text)


def variant_comment(texts: Sequence[str], run: Run) -> str:
    """A wording that was not seen before under this cause."""
    shown = bullets(code(text, 300) for text in texts[:5])
    more = fill("And {} more.", inline(str(len(texts) - 5))) if len(texts) > 5 else Markdown("")
    head = fill("New wording of this failure in {}:", _run(run))
    return paragraphs(head, shown, more)


def regression_comment(groups: Sequence[Group], issue: Issue, run: Run) -> str:
    """A closed cause that is back."""
    tests = len({test for group in groups for test in group.tests})
    head = fill(
        "**It came back:** {} failed this way in {}.", inline(f"{tests} test{'s' * (tests != 1)}"), _run(run)
    )
    fix = fill("The tested commit contains {}, which closed this issue.", commit(issue.closed_commit))
    since = (
        fill("It was closed on {} UTC.", inline(moment(issue.closed_at))) if issue.closed_at else Markdown("")
    )
    return join([head, since, fix if issue.closed_commit and run.commit else Markdown("")])


def recovery_comment(marker: Marker, run: Run) -> str:
    """The proof on which an issue is closed."""
    return fill(
        "**Closed on proof:** {} in {}, the last of them {}. "
        "Before, it failed in {} of {}. Should it return on a commit that is newer, this issue is reopened.",
        _proof(marker),
        inline("1 run" if marker.clean == 1 else f"{marker.clean} runs in a row"),
        _run(run),
        inline(str(marker.seen)),
        inline("1 run" if marker.ran - marker.clean == 1 else f"{marker.ran - marker.clean} runs"),
    )


def _proof(marker: Marker) -> Markdown:
    """What the clean runs showed."""
    if is_about_the_run(marker):
        return words("nothing of the kind was seen")
    return inline(
        f"{f'all {marker.tests_seen} tests' if marker.tests_seen != 1 else 'its test'} ran and passed"
    )


def _run(run: Run) -> Markdown:
    """The run in words: when, where, on which commit."""
    said = [
        inline(f"the run of {moment(run.started)} UTC") if run.started else words("a run without a date"),
        where(run.environment, run.branch),
        fill("commit {}", commit(run.commit)) if run.commit else Markdown(""),
    ]
    return join(said, ", ")
