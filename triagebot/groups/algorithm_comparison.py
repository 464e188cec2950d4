"""What another version of the algorithm would make of the same run: which groups it would merge, which it would split.

In: two keys for every failure. Out: a comparison with the overlap of old and new keys, from which the new key can be
attached to the old issue. It decides nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.reports.model import Run
from triagebot.signatures import ALGORITHMS, judge, settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """`overlap` counts failures by (our key, their key); `merges` are our keys that they put together, by their key;
    `splits` their keys into which one of ours falls, by our key.
    """

    algorithm: int
    overlap: tuple[tuple[str, str, int], ...]
    merges: tuple[tuple[str, tuple[str, ...]], ...]
    splits: tuple[tuple[str, tuple[str, ...]], ...]


def compare(run: Run, config: Config, algorithm: int) -> Comparison:
    """Our grouping of a run beside that of another version of the algorithm.

    Raises UserError when this release does not ship that version.
    """
    other = ALGORITHMS.get(algorithm)
    if other is None:
        shipped = ", ".join(map(str, sorted(ALGORITHMS)))
        raise UserError(f"--compare-algorithm {algorithm}: this release knows {shipped}. Give one of these.")
    chosen = settings(config)
    pairs = ((judge(f, chosen).signature.key, other(f, chosen).signature.key) for f in run.failures)
    return compared(algorithm, pairs)


def compared(algorithm: int, pairs: Iterable[tuple[str, str]]) -> Comparison:
    """The comparison of two groupings, given both keys of each failure."""
    counts = Counter(pairs)
    theirs: dict[str, set[str]] = defaultdict(set)
    ours: dict[str, set[str]] = defaultdict(set)
    for mine, other in counts:
        theirs[other].add(mine)
        ours[mine].add(other)
    return Comparison(
        algorithm,
        tuple(sorted((mine, other, count) for (mine, other), count in counts.items())),
        tuple((key, tuple(sorted(keys))) for key, keys in sorted(theirs.items()) if len(keys) > 1),
        tuple((key, tuple(sorted(keys))) for key, keys in sorted(ours.items()) if len(keys) > 1),
    )
