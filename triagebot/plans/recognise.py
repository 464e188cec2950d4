"""Issues of ours whose marker was lost, doubled or swapped, known again by what only we can have written.

In: issues as listed, groups, config, and a way to ask for the marker that we wrote last. Out: the issues, with a marker
again where one was found, and what was wrong. Ours is what our login opened and what carries our label; of such an issue
the marker is the one that we wrote last, else that of its markers which fits its title, else that of the group whose title
it has. Nothing here reads a tracker.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from triagebot.config import Config
from triagebot.groups.model import Group
from triagebot.issues import Issue, Marker, issue_of
from triagebot.issues.marker import markers_in
from triagebot.plans import lifecycle, render
from triagebot.plans.labels import is_label_of_ours

Remembered = Callable[[int], Marker | None]
"""The marker that we wrote last into the issue of a number, as far as the tracker knows."""
_PRIORITY = re.compile(r"\[P[1-5]\] ")
"""The priority that stands before a title. Hit: `[P1] Chat is down`. Miss: `P1 Chat is down`."""


def nothing_remembered(_number: int) -> Marker | None:
    """The `Remembered` of a tracker without an edit history."""
    return None


def recognised(
    issues: Sequence[Issue], groups: Sequence[Group], config: Config, remembered: Remembered
) -> list[Issue]:
    """The issues, those of ours that lost their marker with one again and with the trouble told, where that can be."""
    found = [_with_marker(issue, config, remembered) for issue in map(_unswapped(issues), issues)]
    homeless = [g for g in groups if issue_of(g.signature.known_as, found, config) is None]
    return [_by_title(issue, homeless, found, config) for issue in found]


def unknown(issues: Sequence[Issue], config: Config) -> tuple[Issue, ...]:
    """Open issues of ours of which nobody can say what they are about: beside them nothing may be opened."""
    return tuple(issue for issue in issues if issue.state == "open" and is_unmarked(issue, config))


def is_unmarked(issue: Issue, config: Config) -> bool:
    """Whether this is an issue of ours without a marker that counts."""
    adopted = any(alias.issue == issue.number for alias in config.aliases)
    return issue.own and issue.marker is None and config.labels.generated in issue.labels and not adopted


def may_be_swapped(issue: Issue) -> bool:
    """Whether the marker of an issue of ours may be another issue's: it remembers another title."""
    return issue.own and issue.marker is not None and not _is_titled(issue)


def _unswapped(issues: Sequence[Issue]) -> Callable[[Issue], Issue]:
    """Takes the marker out of an issue where it is that of another issue, pasted: the other one has its title, too."""
    titled = {issue.marker.key: issue.number for issue in issues if issue.marker and _is_titled(issue)}

    def unswapped(issue: Issue) -> Issue:
        if issue.marker is None or not may_be_swapped(issue) or issue.marker.key not in titled:
            return issue
        other = titled[issue.marker.key]
        return replace(issue, marker=None, trouble=f"its marker was that of issue {other}")

    return unswapped


def _is_titled(issue: Issue) -> bool:
    """Whether an issue still has the title that its marker remembers."""
    return issue.marker is not None and _same(issue.title, issue.marker.title)


def _same(title: str, other: str) -> bool:
    """Whether two titles differ in priority and counts at most."""
    return _bare(title) == _bare(other)


def _bare(title: str) -> str:
    """A title without its priority and its number of tests."""
    return render.without_counts(_PRIORITY.sub("", title, count=1))


def _with_marker(issue: Issue, config: Config, remembered: Remembered) -> Issue:
    """The issue with the marker that we wrote last, or that of several which is ours."""
    if not is_unmarked(issue, config):
        return issue
    held = markers_in(issue.body)
    trouble = issue.trouble or (f"it had {len(held)} markers" if held else "its marker was gone")
    if len({marker.key for marker in held}) == 1 and not issue.trouble:
        return replace(issue, marker=max(held, key=lambda marker: marker.seen), trouble=trouble)
    if (marker := remembered(issue.number)) is not None:
        return replace(issue, marker=marker, trouble=trouble)
    titled = {m.key: m for m in held if _same(issue.title, m.title)}
    return replace(issue, marker=next(iter(titled.values())) if len(titled) == 1 else None, trouble=trouble)


def _by_title(issue: Issue, homeless: Sequence[Group], issues: Sequence[Issue], config: Config) -> Issue:
    """The issue as the home of the one group that has no other and would give it this title; what it counted is lost."""
    if not is_unmarked(issue, config):
        return issue
    groups = [group for group in homeless if _same(render.title([group], group.impact), issue.title)]
    rivals = [i for i in issues if is_unmarked(i, config) and _same(i.title, issue.title) and i is not issue]
    if len(groups) != 1 or any(rival.number < issue.number for rival in rivals):
        return issue
    ours = tuple(name for name in issue.labels if is_label_of_ours(name, config))
    marker = lifecycle.fresh(groups[0].key, groups[0].signature.algorithm)
    trouble = f"{issue.trouble}, and what it had counted is lost"
    return replace(issue, marker=replace(marker, title=issue.title, labels=ours), trouble=trouble)
