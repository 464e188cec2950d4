"""The title of an issue: priority, what broke, how wide it is, what is at risk.

In: groups and their impact. Out: one line of plain text for a place that is not Markdown.
"""

import re
from collections.abc import Sequence

from triagebot.groups.impact import risk_text
from triagebot.groups.model import Group, Impact
from triagebot.markdown import plain

# The priority that we put in front of a title.
_PRIORITY = re.compile(r"^\[P[1-5]\] ")
"""Hit: `[P1] Chat is down`. Miss: `Chat [P1] is down`."""
_COUNT = re.compile(r": \d{1,7} tests?(?=$|, | \()")
"""The count of tests within a title. Hit: `Chat is down: 22 tests`. Miss: `Chat is down`."""


def title(groups: Sequence[Group], impact: Impact) -> str:
    """`[P1] WebSocket closed by the server with 1011: 7 tests, chat golden path ($120K MRR)`, at most 200 characters.

    The words of the signature are cut first, for the rest says why to look at it.
    """
    tests = len({test for group in groups for test in group.tests})
    width = [f"{tests} test{'s' * (tests != 1)}"] if tests else []
    stake = risk_text(impact.risks[0]) if impact.risks else next(iter(impact.suites), "")
    told = ", ".join([*width, *([plain(stake, 80)] if stake else [])])
    tail = f": {told}" if told else ""
    what = plain(groups[0].signature.title, 190 - len(tail) - len(impact.priority))
    return f"[{impact.priority}] {what}{tail}"


def with_priority(title: str, priority: str) -> str:
    """Our title with another priority in front."""
    return _PRIORITY.sub(f"[{priority}] ", title, count=1)


def without_counts(title: str) -> str:
    """A title without its number of tests, which alone is no reason to rename an issue."""
    return _COUNT.sub(":", title)
