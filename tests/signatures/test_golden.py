"""Keys are a promise: one that changes needs a new ALGORITHM, and a new snapshot with its number."""

from pathlib import Path

import pytest

from tests.signatures.elsewhere import elsewhere
from tests.signatures.said import failure, in_app, long_text, native_text, short_text
from tests.signatures.test_browser import SAID
from tests.signatures.test_elsewhere_pairs import NEGATIVES
from tests.signatures.test_extractors import HITS
from tests.signatures.test_hard_negatives import PAIRS
from tests.signatures.test_wordings import SAID as CLIENTS
from triagebot.signatures import ALGORITHM, ALGORITHMS, Settings, sign

ELSEWHERE = [
    *(text for text, _slots, _title in SAID),
    *(shape(said) for shape, said, _kind, _slots in CLIENTS),
    *(text for pair in NEGATIVES for text in pair),
]
GOLDEN = Path(__file__).parent / "golden"


def lines(algorithm: int) -> list[str]:
    rows = [(type_, message) for type_, message, _kind, _slots in HITS]
    rows += [one for pair in PAIRS for one in pair]
    shapes = (long_text, short_text, native_text, in_app)
    found = [
        (
            sign(failure("", shape(type_, message)), Settings(algorithm=algorithm)),
            shape.__name__,
            type_,
            message,
        )
        for type_, message in dict.fromkeys(rows)
        for shape in shapes
    ]
    found += [
        (sign(elsewhere(text), Settings(algorithm=algorithm)), "elsewhere", "", text)
        for text in dict.fromkeys(ELSEWHERE if algorithm > 1 else ())
    ]
    return [
        f"{s.key}  {shape:11}  {type_}: {message}".replace("\n", "⏎") for s, shape, type_, message in found
    ]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_key_changes_without_a_new_algorithm(golden, algorithm):
    golden(GOLDEN / f"keys-{algorithm}.txt", "\n".join(lines(algorithm)) + "\n")


def test_this_release_ships_its_own_algorithm():
    assert ALGORITHM in ALGORITHMS
    assert sign(failure("ValueError: no")).algorithm == ALGORITHM
