"""What findings say of the place where tests leave their green paths."""

import pytest

from triagebot.causes.divergence import Divergence
from triagebot.causes.model import Cause, SuspectFunction
from triagebot.causes.sentences import findings, turn
from triagebot.steps import Step

RATE, CHECK, END, SHOWN = (Step("function", name, caller) for name, caller in (
    ("app:rate", "app:load"), ("app:check", "app:load"), ("app:end", "app:load"), ("app:Order.__repr__", ""),
))  # fmt: skip

TURNS = {
    "app:end was called in place of app:check after app:rate": Divergence(RATE, CHECK, END),
    "app:check, which came next after app:rate, was not called": Divergence(RATE, CHECK, None),
    "app:end was called after app:rate, where nothing was": Divergence(RATE, None, END),
    "it is the last that ran, as in the green run": Divergence(RATE, None, None),
}


@pytest.mark.parametrize("said", TURNS)
def test_a_turn_is_told(said: str) -> None:
    assert turn(TURNS[said]) == said


@pytest.mark.parametrize(("expected", "without"), [(CHECK, Divergence(RATE, CHECK, None)), (None, Divergence(RATE, None, None))])  # fmt: skip
def test_what_the_runner_calls_to_show_values_is_no_turn(expected: Step | None, without: Divergence) -> None:
    assert turn(Divergence(RATE, expected, SHOWN)) == turn(without)


@pytest.mark.parametrize(("first", "named"), [("app:rate", True), ("app:load", False)])
def test_where_to_look_first_is_said_where_it_is_not_where_tests_turn(first: str, named: bool) -> None:
    left = [Divergence(RATE, CHECK, END)] * 3
    said = findings(Cause(()), left, (), [SuspectFunction(first, "app.py:9", 0, 3, 3)])
    assert said[0].startswith("All 3 leave the path of their last green run in app:load: ")
    assert said[1:] == ((f"Look first at {first} (app.py:9): 3 of 3 tests point to it.",) if named else ())
