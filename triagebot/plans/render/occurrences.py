"""The table of runs in which a cause was seen, how often that is, and how far the proof of its end has come.

In: a marker and its countdown. Out: Markdown, rows newest first. The rows are those of the marker, so that table and
memory cannot differ.
"""

from collections.abc import Sequence

from triagebot.issues.model import Marker, Occurrence
from triagebot.markdown import Markdown, fill, fold, heading, inline, join, paragraphs, table, words
from triagebot.plans.lifecycle import Countdown, is_about_the_run
from triagebot.plans.render.formatting import commit, moment, run_link

_ROWS = 8
_CLEAN = "A run is clean when every test that ever failed this way ran and passed; skipped or missing is not passed."
_SOUND = "A run is clean when it was read whole and did not end like this."
_HEADER = (words("When (UTC)"), words("Run"), words("Commit"), words("Revision"), words("Failed / ran"))


def occurrences(marker: Marker, countdown: Countdown, older: int = 42) -> str:
    """The part "Occurrences": the newest rows, at most `older` more in a fold, counts, and what closes the issue."""
    rows = tuple(reversed(marker.occurrences))
    return paragraphs(
        heading(3, words("Occurrences")),
        table(_HEADER, map(_row, rows[:_ROWS])),
        _older(rows[_ROWS : _ROWS + older]),
        join([_counts(marker), _stragglers(marker)], " "),
        _closing(marker, countdown),
    )


def _row(row: Occurrence) -> tuple[Markdown, ...]:
    """One run."""
    tests = inline(f"{row.failed} / {row.ran}")
    return (inline(moment(row.at)), run_link(row), commit(row.commit), inline(row.revision or "", 40), tests)


def _older(rows: Sequence[Occurrence]) -> Markdown:
    """Rows beyond the newest, folded away."""
    return fold(f"{len(rows)} earlier", table(_HEADER, map(_row, rows))) if rows else Markdown("")


def _counts(marker: Marker) -> Markdown:
    """First seen, and in how many of the runs of its tests it occurred while it was there."""
    first = inline(moment(marker.first)) if marker.first else words("unknown")
    alive = marker.ran - marker.clean
    share = f" ({round(100 * marker.seen / alive)} %)" if alive > marker.seen else ""
    times = f"{marker.seen} of {alive} run{'s' * (alive != 1)} of its tests{share}"
    return fill("First seen {} UTC. It occurred in {} up to the last row.", first, inline(times))


def _stragglers(marker: Marker) -> Markdown:
    """Failures after closing on commits without the fix."""
    if not marker.stragglers:
        return Markdown("")
    count = inline(str(marker.stragglers))
    return fill(
        "Since it was closed: {} on a commit or revision without the fix, which reopens nothing.", count
    )


def _closing(marker: Marker, countdown: Countdown) -> Markdown:
    """The countdown, or why there is none."""
    if marker.closed_by_bot:
        done = inline(f"{countdown.clean} clean run{'s' * (countdown.clean != 1)}")
        return fill("**Closed** after {} in a row.", done)
    if countdown.needed is None:
        return fill("**Closing:** {}.", inline(countdown.why, 300))
    return fill(
        "**Closing:** {} of {} clean runs in a row. {}",
        inline(str(countdown.clean)),
        inline(str(countdown.needed)),
        words(_SOUND if is_about_the_run(marker) else _CLEAN),
    )
