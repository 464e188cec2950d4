"""A small part of benchmarks/mutations.py for the gate: damaged reports of the corpus end no run and are not called green."""

import pytest

from benchmarks.mutations import play

SEED = 20261128


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_no_damaged_report_ends_the_command_or_turns_red_into_green(start):
    played = [play(SEED, number) for number in range(start, start + 20)]
    faults = [
        f"python -m benchmarks.mutations --show {SEED}:{one.number}: {one.how} of {one.path}: {one.fault}"
        for one in played
        if one.fault
    ]
    assert faults == []
