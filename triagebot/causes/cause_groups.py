"""Causes as groups: what is filed, counted, held and drafted is one group for each cause, under the key of one of its own.

In: causes, our issues. Out: groups that hold their parts. A key that has an issue stays with it: of a cause whose keys have several
issues each keeps its own, and what has none goes to the first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from triagebot.causes.divergence import Divergence
from triagebot.causes.items import telling_words
from triagebot.causes.model import Cause, Join, SuspectFunction
from triagebot.causes.places import places
from triagebot.causes.sentences import findings
from triagebot.groups.impact import joined_impact
from triagebot.groups.model import Group, Variant

IssueNumbers = Mapping[str, int]
"""The number of the issue that is home to a key."""
NO_ISSUES: IssueNumbers = MappingProxyType({})

_TITLE = 160
_STRONGEST = ("path", "item", "missing", "difference", "value", "slots")


def split_by_issue(cause: Cause, issues: IssueNumbers) -> tuple[Cause, ...]:
    """The cause as it is filed: one for each issue that its keys have, the rest with the lowest number; itself without any."""
    numbers = sorted({issues[group.key] for group in cause.groups if group.key in issues})
    if len(numbers) < 2:
        return (_led(cause, issues),)
    parts = [tuple(g for g in cause.groups if issues.get(g.key, numbers[0]) == number) for number in numbers]
    first, *later = (_led(_part(cause, groups), issues) for groups in parts)
    reason = _strongest(cause.joins).reason
    return (first, *(replace(part, same_as=(numbers[0], reason)) for part in later))


def _part(cause: Cause, groups: tuple[Group, ...]) -> Cause:
    """Some groups of a cause with the joins among them."""
    keys = {group.key for group in groups}
    return replace(cause, groups=groups, joins=tuple(j for j in cause.joins if keys.issuperset(j.keys)))


def _led(cause: Cause, issues: IssueNumbers) -> Cause:
    """The cause with a group first that has an issue, where one has."""
    return replace(cause, groups=tuple(sorted(cause.groups, key=lambda group: group.key not in issues)))


def as_group(cause: Cause, left: Mapping[str, Divergence], suspects: Sequence[SuspectFunction] = ()) -> Group:
    """One group for all groups of a cause. `left` says where each test (join id) left its green path, `suspects` where to look first."""
    lead = cause.groups[0]
    failures = tuple(failure for group in cause.groups for failure in group.failures)
    tests = dict.fromkeys(failure.join for failure in failures)
    split = places(lead, left) if len(cause.groups) == 1 else ()
    told = findings(cause, [left[test] for test in tests if test in left], split, suspects)
    if len(cause.groups) == 1:
        return replace(lead, findings=told, places=split) if told else lead
    keys = (key for group in cause.groups for key in (group.key, *group.signature.aliases))
    aliases = tuple(key for key in dict.fromkeys(keys) if key != lead.key)
    former = tuple(dict.fromkeys(key for group in cause.groups for key in group.signature.former))
    hosts = dict.fromkeys(host for group in cause.groups for host in group.signature.hosts)
    return Group(
        signature=replace(
            lead.signature, aliases=aliases, former=former, hosts=tuple(hosts)[:10], title=title(cause)
        ),
        failures=failures,
        tests=tuple(dict.fromkeys(test for group in cause.groups for test in group.tests)),
        variants=tuple(Variant(group.signature.title, len(group.failures)) for group in cause.groups[:10]),
        impact=joined_impact(cause.groups),
        hints=tuple(dict.fromkeys(hint for group in cause.groups for hint in group.hints)),
        wordings=tuple(group.signature.title for group in cause.groups for _ in group.failures),
        parts=cause.groups,
        findings=told,
    )


def title(cause: Cause) -> str:
    """What a cause is called: by what joins most of it. It says no number, so that it stays as the cause grows and shrinks."""
    lead, join = cause.groups[0].signature.title, _strongest(cause.joins)
    quote = next((e.quote for e in cause.explanations if e.telling and e.place), "")
    if join.rule == "path":
        return f"{join.reason.rpartition(' at ')[2]} leaves its green path: {lead}"[:_TITLE]
    if join.rule == "item" and quote:
        return f"{telling_words(quote)} (several ways to fail)"
    if join.rule == "missing":
        return f"{lead} and more of its kind"[:_TITLE]
    return lead


def _strongest(joins: Iterable[Join]) -> Join:
    """The join that says most."""
    return min(joins, key=lambda join: (_STRONGEST.index(join.rule), join.keys))
