"""Parts of a cause that turn out to be causes of their own: one survives the fix of the other, and gets an issue of its own.

In: groups, where their tests leave their green paths, our issues, the past. Out: groups, a part under a key of its own, and issues without what
left them. What people split or merged stays as they said. It writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from triagebot.causes import Cause
from triagebot.causes.cause_groups import as_group
from triagebot.causes.divergence import Divergence
from triagebot.causes.places import suspected
from triagebot.config import Config
from triagebot.groups.impact import impact
from triagebot.groups.model import Group, Place
from triagebot.groups.shared_parameters import hints
from triagebot.history import Past, clean_runs, joined, needed_clean_runs, proves_gone
from triagebot.issues import Issue, Marker, fix_of, issue_of
from triagebot.issues.match import Order, straggles_because
from triagebot.reports.model import Failure, Run
from triagebot.signatures import key
from triagebot.signatures.model import Signature

_SLOT = "at"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at to tell whether a part survived: the run, what earlier ones saw, the order of commits."""

    run: Run
    past: Past
    order: Order
    config: Config


def parted(
    groups: Sequence[Group], left: Mapping[str, Divergence], issues: Sequence[Issue], scene: Scene
) -> tuple[Group, ...]:
    """The groups, those parts under their own keys that have an issue or survived the fix of the rest. `left` is by join id."""
    return tuple(part for group in groups for part in _parted(group, left, issues, scene))


def without_parts(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The issues; what has an issue of its own is no longer awaited by the one that it was part of."""
    held = list(issues)
    gone: dict[str, list[str]] = defaultdict(list)
    for issue in held:
        if issue.marker and issue.marker.whole:
            gone[issue.marker.whole] += issue.marker.tests
    return tuple(_without(issue, gone.get(issue.marker.key, ())) if issue.marker else issue for issue in held)


def _without(issue: Issue, tests: Iterable[str]) -> Issue:
    """An issue without tests that left it."""
    marker, left = issue.marker, frozenset(tests)
    if marker is None or not left:
        return issue
    kept = tuple(test for test in marker.tests if test not in left)
    seen = marker.tests_seen - (len(marker.tests) - len(kept))
    parted_ = tuple(sorted({*marker.parted, *left}))
    return replace(issue, marker=replace(marker, tests=kept, tests_seen=seen, parted=parted_))


def _parted(
    group: Group, left: Mapping[str, Divergence], issues: Sequence[Issue], scene: Scene
) -> Iterator[Group]:
    """One group, in parts where it has any that stand alone."""
    home = issue_of(group.signature.known_as, issues, scene.config)
    marker = home.marker if home else None
    if home is None or marker is None or group.parts or marker.split:
        yield group
        return
    own = {
        place: i for i in issues if i.marker and i.marker.whole == marker.key for place, _ in i.marker.places
    }
    known = {
        **{place: tests for i in own.values() if i.marker for place, tests in i.marker.places},
        **dict(marker.places),
    }
    found: dict[str, list[Failure]] = defaultdict(list)
    for failure in group.failures:
        found[_place_of(failure, left.get(failure.join), known)].append(failure)
    alone = {*own, *_survivors(home, marker, found, own, scene)} & set(found)
    if not alone:
        yield group
        return
    rest = [failure for place, failures in found.items() if place not in alone for failure in failures]
    if rest:
        yield _group(group, group.signature, rest, left, scene.config)
    for place in sorted(alone):
        yield _part(group, home, place, own.get(place), found[place], left, scene.config)


def _place_of(failure: Failure, one: Divergence | None, known: Mapping[str, Sequence[str]]) -> str:
    """The part that a failure belongs to: by where its test leaves its green path, else by its name; "" for none."""
    names = suspected(one) if one else frozenset()
    by_path = [place for place in known if place in names]
    by_name = [place for place, tests in known.items() if failure.test in tests]
    return [*by_path, *by_name, ""][0]


def _survivors(
    home: Issue,
    marker: Marker,
    found: Mapping[str, Sequence[Failure]],
    own: Mapping[str, Issue],
    scene: Scene,
) -> set[str]:
    """The parts that fail on when the others, which failed before, are mended; none while that is open."""
    there = {place: frozenset(joined(tests)) for place, tests in marker.places if place not in own}
    failing = {place for place in found if place in there}
    mended = frozenset[str]().union(*(tests for place, tests in there.items() if place not in failing))
    if "" in found or not failing or not proves_gone(scene.run, mended):
        return set()
    last = marker.occurrences[-1].at if marker.occurrences else None
    if marker.closed_by_bot or any(clean_runs(scene.past, there[place], last) for place in failing):
        return set()  # they were mended as well, and came back
    return failing if _is_fixed(home, marker, mended, scene) else set()


def _is_fixed(home: Issue, marker: Marker, mended: frozenset[str], scene: Scene) -> bool:
    """Whether what was mended is fixed for good: its issue is closed by a fix that this run has, or it is proven."""
    if home.state == "closed":
        kept = home.state_reason not in ("not_planned", "duplicate")
        return kept and not straggles_because(home, scene.run, scene.order)
    fix = fix_of(home)
    if fix and scene.run.commit and scene.order.contains(scene.run.commit, fix):
        return True
    needed = needed_clean_runs(marker.seen, marker.ran)
    clean = clean_runs(scene.past, mended, _last_red(scene.past, mended))
    return needed is not None and len(clean) + 1 >= needed


def _last_red(past: Past, tests: Iterable[str]) -> datetime | None:
    """When one of these tests last failed."""
    red = {r.run for test in tests for r in past.results.get(test, ()) if r.outcome in ("failed", "error")}
    return max((run.at for run in past.runs if run.id in red), default=None)


def _part(
    group: Group, home: Issue, place: str, own: Issue | None, failures: Sequence[Failure],
    left: Mapping[str, Divergence], config: Config,
) -> Group:  # fmt: skip
    """A part as a group of its own, under the key of its issue where it has one."""
    slots = tuple(sorted({**dict(group.signature.slots), _SLOT: place}.items()))
    made = own.marker.key if own and own.marker else key(group.signature.kind, slots)
    title = f"{group.signature.title} (at {place})"
    signature = replace(group.signature, key=made, slots=slots, title=title, aliases=(), former=())
    part = _group(group, signature, failures, left, config)
    said = f"it was part of issue {home.number}, whose fix it survived: its tests leave their green paths elsewhere"
    return replace(part, hints=(*part.hints, said), whole=group.key, places=(Place(place, part.tests, ""),))


def _group(
    group: Group,
    signature: Signature,
    failures: Sequence[Failure],
    left: Mapping[str, Divergence],
    config: Config,
) -> Group:
    """Some failures of a group."""
    tests = tuple(dict.fromkeys(failure.test for failure in failures))
    some = Group(
        signature,
        tuple(failures),
        tests,
        impact=impact(tests, config.suites),
        hints=hints(tests),
        origin=group.origin,
    )
    return as_group(Cause((some,)), left)
