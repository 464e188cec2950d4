"""What somebody needs who mends a cause: what is settled or shown, how to see it fail, where it began, what proves the fix.

In: an issue with its marker. Out: a `Handoff`, from which a comment and JSON are made. Nothing that was neither accepted
by a person nor shown by evidence is in it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from triagebot.issues import Issue, Judged
from triagebot.reviews import states


@dataclass(frozen=True, slots=True)
class Handoff:
    """The hand-over of one cause. `commits` are (last good, first bad), each "" where nobody knows."""

    issue: int
    key: str
    title: str
    causes: tuple[Judged, ...]
    steps: tuple[Judged, ...]
    ruled_out: tuple[Judged, ...]
    tests: tuple[str, ...]
    reproduce: str
    commits: tuple[str, str]
    proof: str

    @property
    def as_json(self) -> Mapping[str, Any]:
        """The same as data; times in ISO 8601."""
        plain = asdict(self)
        for name in ("causes", "steps", "ruled_out"):
            plain[name] = [{**judged, "at": judged["at"].isoformat()} for judged in plain[name]]
        plain["commits"] = {"last_good": self.commits[0] or None, "first_bad": self.commits[1] or None}
        return plain


def handoff(issue: Issue, *, needed: int | None = None, last_good: str = "") -> Handoff:
    """What is known of an issue's cause. `needed` are the clean runs that close it, `last_good` the commit before it began."""
    marker = issue.marker
    assert marker is not None
    first = marker.occurrences[0] if marker.occurrences else None
    steps = (*marker.kept, *states.frozen(marker))
    return Handoff(
        issue=issue.number,
        key=marker.key,
        title=issue.title,
        causes=states.causes(marker),
        steps=tuple({step.text: step for step in steps}.values()),
        ruled_out=states.ruled_out(marker),
        tests=marker.tests,
        reproduce=_command(marker.tests),
        commits=(last_good, (first.commit or "") if first else ""),
        proof=_proof(needed, len(marker.tests)),
    )


def _command(tests: tuple[str, ...]) -> str:
    """The command that runs the failing tests where they are pytest's; "" elsewhere."""
    ours = [test for test in tests if "::" in test]
    return "pytest " + " ".join(map(_quoted, ours[:20])) if ours else ""


def _quoted(test: str) -> str:
    """A test's id as one word of a shell."""
    return "'" + test.replace("'", "'\\''") + "'"


def _proof(needed: int | None, tests: int) -> str:
    """What shows that it is mended."""
    runs = f"{needed} runs in a row" if needed else "as many runs as a person asks for"
    return f"All {tests} tests run and pass in {runs}; skipped or not run is no pass."
