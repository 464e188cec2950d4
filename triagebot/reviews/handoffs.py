"""What somebody needs who mends a cause: what is settled or shown, how to see it fail, where it began, what proves the fix.

In: an issue with its marker, the past of its scope, what changed in the code. Out: a `Handoff`, from which a comment and JSON are made. Nothing that was
neither accepted by a person nor shown by evidence is in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from triagebot.drafts.model import Changes
from triagebot.history import Past, PastRun, joined, streak
from triagebot.issues import Issue, Judged, Marker, Occurrence, Quote
from triagebot.reports.test_names import is_node_id
from triagebot.reviews import states

_COMMITS = 20
MOST_TESTS = 20
"""Tests that the command which shows the failure names."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One step that stands: the text that counts, why it stands (accepted, corrected, supported), by whom, and its evidence.

    `who` is "" and `at` None where only evidence supports it; a corrected step has no quotes, for they were found for the
    text before. `root` is its rank as a root cause, "action" of something to do, "" of other steps.
    """

    text: str
    standing: str
    root: str = ""
    who: str = ""
    at: datetime | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where it began: the last good and the first bad commit and revision ("" where nobody knows), and the commits after the good one.

    `commits` are (sha, subject), newest first; `more` says that there are others, `unread` why they could not be listed.
    """

    last_good: str = ""
    first_bad: str = ""
    last_good_revision: str = ""
    first_bad_revision: str = ""
    commits: tuple[tuple[str, str], ...] = ()
    more: bool = False
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Handoff:
    """The hand-over of one cause. `causes` were stated by people; `last` is the cause before it came back, mended by `last_fix`."""

    issue: int
    url: str
    key: str
    title: str
    causes: tuple[Judged, ...]
    steps: tuple[Standing, ...]
    ruled_out: tuple[Judged, ...]
    tests: tuple[str, ...]
    reproduce: str
    bounds: Bounds
    proof: str
    last: tuple[Judged, ...] = ()
    last_fix: str = ""

    @property
    def as_json(self) -> Mapping[str, Any]:
        """The same as data; times in ISO 8601, what is not known null."""
        plain = asdict(self)
        for name in ("causes", "steps", "ruled_out", "last"):
            plain[name] = [_dated(one) for one in plain[name]]
        bounds = plain.pop("bounds")
        bounds["commits"] = [{"sha": sha, "subject": subject} for sha, subject in self.bounds.commits]
        told = {name: value or None for name, value in bounds.items() if isinstance(value, str)}
        return {**plain, "commits": {**told, "commits": bounds["commits"], "more": bounds["more"]}}


def _dated(plain: dict[str, Any]) -> dict[str, Any]:
    """One judgement with its time as text."""
    return {**plain, "at": plain["at"].isoformat() if plain["at"] else None}


def handoff(issue: Issue, *, needed: int | None = None, bounds: Bounds = Bounds()) -> Handoff:
    """What is known of an issue's cause. `needed` are the clean runs that close it."""
    marker = issue.marker
    assert marker is not None
    return Handoff(
        issue=issue.number,
        url=issue.url,
        key=marker.key,
        title=issue.title,
        causes=tuple(cause for cause in states.causes(marker) if cause.verb == "cause"),
        steps=tuple(sorted({step.text: step for step in _standing(marker)}.values(), key=_rank)),
        ruled_out=states.ruled_out(marker),
        tests=marker.tests,
        reproduce=_command(marker.tests),
        bounds=bounds,
        proof=_proof(needed, len(marker.tests)),
        last=marker.last,
        last_fix=marker.last_fix or "",
    )


def _standing(marker: Marker) -> Iterator[Standing]:
    """The steps that people settled or evidence shows, those of earlier drafts first; none that somebody doubts."""
    yield from (_settled(judged) for judged in marker.kept)
    said = states.verdicts(marker)
    whole = states.state(marker) == "rejected"
    for why in marker.whys:
        last = said[why.number][-1] if why.number in said else None
        if last is not None and last.verb == "accept":
            yield Standing(why.text, "accepted", why.root, last.who, last.at, why.quotes)
        elif last is not None and last.verb == "edit":
            yield Standing(last.said, "corrected", why.root, last.who, last.at)
        elif last is None and why.status == "supported" and not whole:
            yield Standing(why.text, "supported", why.root, quotes=why.quotes)


def _rank(step: Standing) -> int:
    """Root causes first, the primary one before the others."""
    return ("primary", "secondary", "tertiary", "", "action").index(step.root)


def _settled(judged: Judged) -> Standing:
    """A step of an earlier draft, whose evidence is not kept."""
    done = "corrected" if judged.verb == "edit" else "accepted"
    return Standing(judged.text, done, judged.rank, judged.who, judged.at)


def ends(marker: Marker, past: Past) -> Bounds:
    """Where it began, without the commits between.

    Without a history the first bad one is that of the first run in which it was seen, as long as the issue remembers it.
    """
    good, bad = streak(past, joined(marker.tests))
    known = len(marker.occurrences) == marker.seen and "regression" not in marker.states
    first: Sequence[PastRun | Occurrence] = bad or (marker.occurrences if known else ())
    return Bounds(
        (good.commit if good else None) or "",
        next((row.commit for row in first if row.commit), ""),
        (good.revision if good else None) or "",
        next((row.revision for row in first if row.revision), ""),
    )


def bounded(ends: Bounds, found: Changes) -> Bounds:
    """Where it began, with the commits between as far as they could be read."""
    if found.problem:
        return replace(ends, unread=found.problem)
    commits = tuple((commit.sha, commit.subject) for commit in found.commits)
    return replace(ends, commits=commits[:_COMMITS], more=found.truncated or len(commits) > _COMMITS)


def _command(tests: tuple[str, ...]) -> str:
    """The command that runs the failing tests where they are pytest's; "" elsewhere."""
    ours = [test for test in tests if is_node_id(test)]
    return "pytest " + " ".join(map(_quoted, ours[:MOST_TESTS])) if ours else ""


def _quoted(test: str) -> str:
    """A test's id as one word of a shell."""
    return "'" + test.replace("'", "'\\''") + "'"


def _proof(needed: int | None, tests: int) -> str:
    """What shows that it is mended."""
    runs = f"{needed} runs in a row" if needed else "as many runs as a person asks for"
    who = "The test runs and passes" if tests == 1 else f"All {tests} tests run and pass"
    return f"{who} in {runs}; skipped or not run is no pass."
