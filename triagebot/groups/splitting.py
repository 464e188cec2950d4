"""Groups that a person split: the failures of one key told apart by test, file, host or suite.

In: groups, what each key is split by, the config. Out: groups; a part has a key of its own, the same that a `split` rule
of the config would give it. Nothing here remembers who asked for it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from triagebot.config import Config, named_suites
from triagebot.groups.impact import impact
from triagebot.groups.model import Group
from triagebot.groups.shared_parameters import hints
from triagebot.reports.model import Failure
from triagebot.signatures import judge, key, settings

SLOTS = {"test": "by_test", "file": "by_module", "host": "by_host", "suite": "by_suite"}


def split_groups(groups: Sequence[Group], splits: Mapping[str, str], config: Config) -> tuple[Group, ...]:
    """The groups, those whose key is in `splits` in parts."""
    found: list[Group] = []
    for group in groups:
        by = next((splits[k] for k in group.signature.known_as if k in splits), "")
        found += _parts(group, by, config) if by in SLOTS else [group]
    return tuple(sorted(found, key=lambda g: (g.impact.priority, -len(g.tests), g.key)))


def parts_of(group: Group, by: str, config: Config) -> Mapping[str, tuple[Failure, ...]]:
    """The failures of a group by what tells them apart."""
    told: dict[str, list[Failure]] = defaultdict(list)
    for failure in group.failures:
        told[_fact(failure, by, config)].append(failure)
    return {value: tuple(failures) for value, failures in told.items()}


def _parts(group: Group, by: str, config: Config) -> Iterator[Group]:
    """A group for each value."""
    for value, failures in parts_of(group, by, config).items():
        slots = tuple(sorted({**dict(group.signature.slots), SLOTS[by]: value}.items()))
        title = f"{group.signature.title} ({value or 'elsewhere'})"
        made = key(group.signature.kind, slots)
        signature = replace(group.signature, key=made, slots=slots, title=title, aliases=(), former=())
        tests = tuple(dict.fromkeys(failure.test for failure in failures))
        yield Group(
            signature,
            failures,
            tests,
            impact=impact(tests, config.suites),
            hints=hints(tests),
            origin=group.key,
            raised=group.raised,
        )


def _fact(failure: Failure, by: str, config: Config) -> str:
    """What a failure is told apart by; "" where it has nothing of the kind."""
    if by == "test":
        return failure.test.partition("[")[0]
    if by == "file":
        return failure.test.partition("::")[0]
    if by == "host":
        return " ".join(judge(failure, settings(config)).signature.hosts)
    return named_suites(failure.test, config.suites)
