"""The one issue of a storm: what broke at once, and what became of its parts.

In: a `Storm`, its marker and the parts already there. Out: a title and named parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from triagebot.groups.impact import joined_impact
from triagebot.groups.model import Group
from triagebot.issues.model import Marker
from triagebot.markdown import (
    Markdown,
    code,
    fill,
    fold,
    heading,
    inline,
    join,
    paragraphs,
    plain,
    table,
    words,
)
from triagebot.plans.lifecycle import Countdown
from triagebot.plans.render.formatting import moment, where
from triagebot.plans.render.occurrences import occurrences
from triagebot.plans.storm import Storm
from triagebot.plans.urgency import by_urgency
from triagebot.reports.model import Run

_ROWS = 25
_OVER = "done, for the storm is over"
_ENDS = "the first run that is no storm closes it and files what remains"


def incident_title(storm: Storm, run: Run) -> str:
    """`[P1] Incident: 23 new causes at once, 412 of 900 tests`."""
    assert storm.incident is not None
    tests = len({test for group in storm.parts for test in group.tests})
    text = f"Incident: {len(storm.parts)} new causes at once, {tests} of {run.totals.collected} tests"
    return plain(f"[{joined_impact(storm.parts).priority}] {text}")


def incident_parts(
    storm: Storm, marker: Marker, run: Run, old: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The parts of the incident's section. In the run that ends the storm only that it is over is new."""
    if storm.incident is None:
        told = occurrences(replace(marker, closed_by_bot=False), Countdown(0, None, _OVER))
        return {**(old or {}), "sentence": _over(storm, marker, run), "occurrences": told}
    return {
        "sentence": _sentence(storm, run),
        "causes": _causes(storm.parts),
        "occurrences": occurrences(marker, Countdown(0, None, _ENDS)),
        "footer": words(
            "---\n\nWritten by triagebot from test reports. One issue stands for the whole storm."
        ),
    }


def _sentence(storm: Storm, run: Run) -> Markdown:
    """How much broke at once."""
    tests = len({test for group in storm.parts for test in group.tests})
    place = where(run.environment, run.branch)
    text = fill(
        "{} of {} tests failed in one run, in {} that no issue holds yet",
        inline(str(tests)),
        inline(str(run.totals.collected)),
        inline(f"{len(storm.parts)} different ways"),
    )
    text = fill("{}.", join([text, fill("({})", place) if place else Markdown("")]))
    return paragraphs(
        text, words("So many at once usually come and go together, so they are not filed one by one.")
    )


def _over(storm: Storm, marker: Marker, run: Run) -> Markdown:
    """That the storm is over, and what is left of it. What is new in this run and was no part of it is not counted."""
    remaining = sum(group.key in marker.parts for group in storm.remaining)
    left = f"{remaining} of its causes" if remaining else "None of its causes"
    at = (
        fill("the run of {} UTC", inline(moment(run.started)))
        if run.started
        else words("a run without a date")
    )
    return fill(
        "**Over:** {} was no storm. {} remained new there; what fails is filed on its own.",
        at,
        inline(left),
    )


def _causes(groups: Sequence[Group]) -> Markdown:
    """The causes, worst first; those beyond the first ones in a fold."""
    ordered = by_urgency(groups)
    header = (words("Priority"), words("Cause"), words("Tests"), words("Key"))
    rows = [
        (inline(g.impact.priority), inline(g.signature.title, 160), inline(str(len(g.tests))), code(g.key))
        for g in ordered
    ]
    rest = (
        fold(f"{len(rows) - _ROWS} more causes", table(header, rows[_ROWS : _ROWS + 75]))
        if rows[_ROWS:]
        else Markdown("")
    )
    return paragraphs(heading(3, words("Causes")), table(header, rows[:_ROWS]), rest)
