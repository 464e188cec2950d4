"""Groups that are one cause: each pair with its rule and reason; what contradicts is never joined.

In: the groups of a run, what its tests showed, and where they left their green paths (both may be empty). Out: `Cause`s that
hold every group once, the same for every order of the groups. Rules act from the strongest to the weakest, and each join is
refused that would put two groups together that contradict each other.
"""

import builtins
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from triagebot.causes.contrast import Evidence, explanations, telling_items
from triagebot.causes.difference import difference
from triagebot.causes.model import Cause, Join, JoinRule
from triagebot.groups.model import Group
from triagebot.groups.similar import SOFT

_SHARE = 0.6
"""The share of a group's tests that must show the item, or leave their path at the place, that joins it (measured)."""
_SEVERAL = 3
"""From so many objects missing at once on, one thing is missing: the schema, the install, the set-up."""
_NAMED: Mapping[str, str] = {
    "database": "object",
    "import": "module",
    "env": "name",
    "fixture": "name",
    "syntax": "file",
}
"""Kinds of which several may be missing at once, and the slot that says which."""
_READ = frozenset(("env",))
"""Of these only those that one function reads are one thing: each service has variables of its own."""
_WORDS = SOFT | {"type", "got", "item", "expected", "leaves"}
"""Slots that say how a test noticed, not what happened: one silent fault shows as many of these."""
_ITS_OWN = frozenset(("run.counts", "run.empty", "run.exit", "run.unreadable", "rule", "incident"))
"""Kinds that are about the run, or that a person's rule gave: no rule of ours joins them."""

_SAYS = re.compile(r"(?:raise|assert|throw)\b")
"""How a line begins that raises an error of its own.

Hit: `raise ValueError('gone')`
Hit: `assert cart`
Miss: `cart.raise_for_status()`
"""

_QUOTED = re.compile(r"(?<!\w)'[^'\n]{0,200}'(?!\w)|\"[^\"\n]{0,200}\"|[\w.]{1,200}\.<locals>\.\w{1,100}")
"""What an error names: a value, or a function of a test's own.

Hit: `missing argument: 'cart'`
Hit: `test_pay.<locals>.call() takes no arguments`
Miss: `int object is not iterable`
"""
_LETTERS = re.compile(r"[^\W\d_]{2,}")
"""A word. Hit: `missing`. Miss: `1`."""
_NAME = re.compile(r"\w{1,100}")
"""A name in a message. Hit: `token_prev`. Miss: `'()'`."""
_CALL = re.compile(r"(\w{1,100})\s?\(")
"""A call in a line of code. Hit: `cart.total(1)`. Miss: `cart.total`."""
_EVERYWHERE = frozenset(
    name for home in (builtins, str, bytes, dict, list, set, tuple, int, float) for name in dir(home)
)
"""Calls that stand on unrelated lines: `get`, `join`, `len`."""

Places = Mapping[str, str]
"""Where a failing test (join id) leaves its green path: the place that most suspicion falls on."""


def causes(groups: Sequence[Group], evidence: Evidence, places: Places | None = None) -> tuple[Cause, ...]:
    """The causes behind the groups, in the order in which their first groups stand."""
    found = _Clusters(groups)
    for join in (
        *_by_place(groups, places or {}),
        *_missing_at_once(groups),
        *_by_difference(groups),
        *_given(groups),
        *_by_value(groups),
        *_by_item(groups, evidence),
        *_by_slots(groups),
    ):
        found.join(join)
    return tuple(_cause(members, found.joins, evidence) for members in found.clusters())


def _cause(members: Sequence[Group], joins: Iterable[Join], evidence: Evidence) -> Cause:
    """A cause of these groups; the widest stands for all."""
    keys = {group.key for group in members}
    tests = list(dict.fromkeys(failure.join for group in members for failure in group.failures))
    return Cause(
        groups=tuple(members),
        joins=tuple(join for join in joins if keys.issuperset(join.keys)),
        explanations=explanations(evidence, tests),
    )


class _Home:
    """Groups that are together so far, and what is known of them all: values of protected slots, functions that raised.

    Two homes are compared by these alone, so that a thousand groups cost no million comparisons.
    """

    def __init__(self, group: Group) -> None:
        self.groups = [group]
        self.kinds = {group.signature.kind}
        self.known: dict[str, set[str]] = {}
        for name, value in _said(group):
            self.known.setdefault(name, set()).add(value)

    @cached_property
    def raised(self) -> set[tuple[str, str]]:
        """Functions of the code under test in which the errors of these groups were raised, and what was said there."""
        return {(place, _words(group, place)) for group in self.groups if (place := group.raised.function)}

    def take(self, other: "_Home") -> None:
        """Everything of another home."""
        self.raised |= other.raised
        self.groups += other.groups
        self.kinds |= other.kinds
        for name, values in other.known.items():
            self.known[name] = self.known.get(name, set()) | values

    def opposes(self, other: "_Home") -> bool:
        """Whether two groups of these homes say different things of one protected slot, or two functions raised two errors."""
        if _ITS_OWN & (self.kinds | other.kinds) or _differ(self.known, other.known):
            return True
        if not self.raised or not other.raised:
            return False
        places, words = zip(*(self.raised | other.raised), strict=True)
        return len(set(places)) > 1 and len(set(words)) > 1


class _Clusters:
    """Groups on their way to become causes."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.order = {group.key: number for number, group in enumerate(groups)}
        self.homes = {group.key: _Home(group) for group in groups}
        self.joins: list[Join] = []

    def join(self, join: Join) -> None:
        """Put the homes of two keys together, unless two of their groups contradict each other."""
        first, second = (self.homes[key] for key in join.keys)
        if first is second:
            self.joins.append(join)
        elif join.rule == "missing" or not first.opposes(second):
            more, fewer = sorted((first, second), key=lambda home: -len(home.groups))
            more.take(fewer)
            self.homes |= {group.key: more for group in fewer.groups}
            self.joins.append(join)

    def clusters(self) -> Iterator[list[Group]]:
        """The groups of each home, in their own order."""
        for home in dict.fromkeys(self.homes[key] for key in self.order):
            yield sorted(home.groups, key=lambda group: self.order[group.key])


def _said(group: Group) -> Iterator[tuple[str, str]]:
    """What a group says that another may contradict. A peer whose address is masked is no other host."""
    for name, value in group.signature.slots:
        if name == "peer" and not value.startswith("<"):
            yield "host", value.partition(":")[0]
        elif name not in _WORDS:
            yield name, value


def _differ(some: Mapping[str, set[str]], others: Mapping[str, set[str]]) -> bool:
    """Whether a slot that both name has more than one value: 503 and 429, sent and received, two hosts."""
    return any(len(values | others[name]) > 1 for name, values in some.items() if name in others)


def _words(group: Group, place: str) -> str:
    """The words of an error that Python raised over a value, which may have come from elsewhere; where code raised it itself, the place."""
    return str(_error(group)) if _faulty_line(group) else place


def _faulty_line(group: Group) -> str:
    """The line of the code under test on which Python itself raised a group's error; "" for all others."""
    line = group.raised.line
    return "" if group.signature.kind != "error" or _SAYS.match(line) else line


def _error(group: Group) -> tuple[str, str]:
    """The type and the masked words of a group's error."""
    slots = dict(group.signature.slots)
    return slots.get("type", ""), slots.get("text", "")


def _by_place(groups: Sequence[Group], places: Places) -> Iterator[Join]:
    """Groups most of whose tests leave their green paths at one place."""
    homes: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        if place := _common_place(group, places):
            homes[place].append(group)
    for place, members in sorted(homes.items()):
        yield from _chained(members, "path", f"their tests leave the path of their last green run at {place}")


def _common_place(group: Group, places: Places) -> str:
    """The place at which most of a group's tests leave their green path; "" without one."""
    tests = {failure.join for failure in group.failures}
    counts: dict[str, int] = defaultdict(int)
    for test in tests:
        if test in places:
            counts[places[test]] += 1
    place, count = max(counts.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    return place if count >= _SHARE * len(tests) else ""


def _missing_at_once(groups: Sequence[Group]) -> Iterator[Join]:
    """Groups that miss several objects of one kind at once: tables, modules, variables, fixtures, files that cannot be read."""
    homes: dict[tuple[str, tuple[tuple[str, str], ...], str], list[Group]] = defaultdict(list)
    for group in groups:
        named = _NAMED.get(group.signature.kind)
        slots = dict(group.signature.slots)
        if named in slots:
            same = tuple(pair for pair in group.signature.slots if pair[0] not in {named, "name", *SOFT})
            if group.signature.kind in _READ and not group.raised.function:
                continue
            reader = group.raised.function if group.signature.kind in _READ else ""
            homes[group.signature.kind, same, reader].append(group)
    for (kind, *_), members in sorted(homes.items()):
        names = sorted({dict(group.signature.slots)[_NAMED[kind]] for group in members})
        if len(names) >= _SEVERAL:
            more = f" and {len(names) - 6} more" if len(names) > 6 else ""
            yield from _chained(
                members, "missing", f"{len(names)} of one kind ({kind}) at once: {', '.join(names[:6])}{more}"
            )


def _given(groups: Sequence[Group]) -> Iterator[Join]:
    """Groups to which one call gave nothing, as a whole and in several items of what it gives. A group of few tests says too little."""
    homes: dict[tuple[str, str], dict[str, list[Group]]] = defaultdict(lambda: defaultdict(list))
    for group in groups:
        slots = dict(group.signature.slots)
        if group.signature.kind == "assert" and {"call", "got"} <= slots.keys() and "at" not in slots:
            homes[slots["call"], slots["got"]][slots.get("item", "")].append(group)
    for (call, got), items in sorted(homes.items()):
        wide = [group for each in items.values() for group in each if len(group.tests) >= _SEVERAL]
        if len(items) >= _SEVERAL and len(wide) > 1:
            names = ", ".join(sorted(filter(None, items))[:6])
            yield from _chained(wide, "difference", f"{call} gave {got}, as itself or as one of {names}")


def _by_difference(groups: Sequence[Group]) -> Iterator[Join]:
    """Assertions that show the same difference at once, whatever they compared."""
    homes: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        if group.signature.kind == "assert" and (shown := difference(group.exemplar.text)):
            homes[shown].append(group)
    for shown, members in sorted(homes.items()):
        if len(members) >= _SEVERAL:
            yield from _chained(
                members, "difference", f"{len(members)} assertions show the same difference: {shown[:120]}"
            )


def _by_value(groups: Sequence[Group]) -> Iterator[Join]:
    """Errors that Python raised over values of one origin: on one line, in words that differ in what they quote; or over what one call gave."""
    lines: dict[tuple[str, ...], list[Group]] = defaultdict(list)
    calls: dict[tuple[str, ...], list[Group]] = defaultdict(list)
    for group in groups:
        if line := _faulty_line(group):
            kind, text = _error(group)
            form = _QUOTED.sub("…", text)
            if len(_LETTERS.findall(form)) >= _SEVERAL:
                lines[group.raised.function, line, kind, form].append(group)
                for call in {*_CALL.findall(line)} - _EVERYWHERE - {*_NAME.findall(text)}:
                    calls[call, kind, text].append(group)
    for (_, line, kind, _), members in sorted(lines.items()):
        if len(members) >= _SEVERAL:
            yield from _chained(
                members, "value", f"{kind} over {len(members)} values on one line: {line[:120]}"
            )
    for (call, kind, _), members in sorted(calls.items()):
        if len(members) > 1:
            yield from _chained(members, "value", f"{kind} over what {call}() gave, in {len(members)} places")


def _by_item(groups: Sequence[Group], evidence: Evidence) -> Iterator[Join]:
    """Groups most of whose tests show one telling item that no passing test shows.

    An item that stands in groups that contradict each other follows from failing, and explains none of them.
    """
    tests = {group.key: {failure.join for failure in group.failures} for group in groups}
    by_test: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        for test in tests[group.key]:
            by_test[test].append(group)
    for text, holders in telling_items(evidence, set(by_test)):
        touched = {group.key: group for test in holders for group in by_test[test]}.values()
        members = [g for g in touched if len(tests[g.key] & holders) >= _SHARE * len(tests[g.key])]
        if len(members) < 2 or _any_contradict(touched):
            continue
        shown = sum(len(tests[group.key] & holders) for group in members)
        quote = evidence.items[min(holders)][text].quote[:120]
        yield from _chained(
            members,
            "item",
            f"{shown} of their tests, and none of {len(evidence.passing)} that passed, printed: {quote}",
        )


def _any_contradict(groups: Iterable[Group]) -> bool:
    """Whether any two groups differ in a protected slot."""
    named: dict[str, str] = {}
    return any(named.setdefault(name, value) != value for group in groups for name, value in _said(group))


def _by_slots(groups: Sequence[Group]) -> Iterator[Join]:
    """Groups whose slots only lack what one other group of the run names: `HTTP 503` beside `HTTP 503 from api`."""
    alike: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        if group.signature.kind not in _ITS_OWN:
            alike[group.signature.kind].append(group)
    for members in alike.values():
        named = {slots: group for group in reversed(members) if (slots := _protected(group))}
        having: dict[tuple[str, str], list[frozenset[tuple[str, str]]]] = defaultdict(list)
        for slots in named:
            for pair in slots:
                having[pair].append(slots)
        fullest = {slots: _fullest(slots, having) for slots in named}
        for group in members:
            slots = _protected(group)
            if most := fullest.get(slots):
                extra = ", ".join(f"{name} {value}" for name, value in sorted(most - slots))
                yield _join(group, named[most], "slots", f"the one only lacks what the other names: {extra}")


def _fullest(
    slots: frozenset[tuple[str, str]], having: Mapping[tuple[str, str], Sequence[frozenset[tuple[str, str]]]]
) -> frozenset[tuple[str, str]] | None:
    """The one set that holds these slots and all other sets that do; None where there is no such set."""
    rarest = min((having[pair] for pair in slots), key=len)
    fuller = [other for other in rarest if slots < other]
    most = max(fuller, key=len, default=None)
    return most if most and all(other <= most for other in fuller) else None


def _protected(group: Group) -> frozenset[tuple[str, str]]:
    """The slots of a group that hold no sentence and no place."""
    return frozenset(pair for pair in group.signature.slots if pair[0] not in SOFT)


def _chained(members: Sequence[Group], rule: JoinRule, reason: str) -> Iterator[Join]:
    """Joins of each group with the first by key."""
    first, *others = sorted(members, key=lambda group: group.key)
    yield from (_join(first, other, rule, reason) for other in others)


def _join(one: Group, other: Group, rule: JoinRule, reason: str) -> Join:
    first, second = sorted((one.key, other.key))
    return Join((first, second), rule, reason)
