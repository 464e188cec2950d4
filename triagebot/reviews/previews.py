"""What a merge or a split would have changed over the runs that are known: which runs, tests and issues move.

In: markers, the past of their scope, the config. Out: `Moves` and `Part` values. What a marker has dropped and no history
holds is not counted.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from triagebot.config import Config, named_suites
from triagebot.history import Past, joined
from triagebot.issues import Marker
from triagebot.reports.model import RED


@dataclass(frozen=True, slots=True)
class Moves:
    """Runs (ids) and tests (display ids) of an issue, and those that the issue which takes over has, too."""

    runs: tuple[str, ...]
    runs_there: tuple[str, ...]
    tests: tuple[str, ...]
    tests_there: frozenset[str]

    @property
    def only_here(self) -> tuple[str, ...]:
        """The runs that the other issue would have counted as well."""
        return tuple(run for run in self.runs if run not in self.runs_there)


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes an issue of its own: its name, its tests, and the runs in which one of them failed (None: nobody knows)."""

    name: str
    tests: tuple[str, ...]
    runs: tuple[str, ...] | None = None


def moves(marker: Marker, other: Marker, past: Past) -> Moves:
    """What would have gone to the other issue."""
    return Moves(_runs(marker, past), _runs(other, past), marker.tests, frozenset(other.tests))


def _runs(marker: Marker, past: Past) -> tuple[str, ...]:
    """The runs in which a cause is known to have occurred, those of history first."""
    seen = (run for key in (marker.key, *marker.aliases) for run in past.seen.get(key, ()))
    return tuple(dict.fromkeys((*map(str, seen), *marker.runs)))


def parts(marker: Marker, by: str, config: Config, past: Past) -> tuple[Part, ...]:
    """The parts of the tests that an issue knows, most tests first; () where tests do not tell them apart."""
    if by not in _NAMES:
        return ()
    found: dict[str, list[str]] = defaultdict(list)
    for test in marker.tests:
        found[_NAMES[by](test, config)].append(test)
    named = (Part(name, tuple(tests), _failed_in(tests, marker, past)) for name, tests in found.items())
    return tuple(sorted(named, key=lambda part: (-len(part.tests), part.name)))


def _failed_in(tests: list[str], marker: Marker, past: Past) -> tuple[str, ...] | None:
    """Those runs of the cause in which one of these tests failed, oldest first."""
    seen = {run for key in (marker.key, *marker.aliases) for run in past.seen.get(key, ())}
    if not seen:
        return None
    red = {r.run for test in joined(tests) for r in past.results.get(test, ()) if r.outcome in RED}
    return tuple(run.id for run in past.runs if run.id in seen & red)


_NAMES: Mapping[str, Callable[[str, Config], str]] = {
    "test": lambda test, _config: test.partition("[")[0],
    "file": lambda test, _config: test.partition("::")[0],
    "suite": lambda test, config: named_suites(test, config.suites),
}
"""As `groups.splitting` tells failures apart, as far as the name of a test tells it."""
