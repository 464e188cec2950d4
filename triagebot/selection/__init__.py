"""What to run next: known tests put in order by what a run of them would tell, within a budget of time, gates first.

In: what is known of each test (`facts`), a way to choose, a budget. Out: a `Selection`: tests in their order, each with the reason in one
sentence, and the command that runs them. The same input gives the same selection.
"""

from triagebot.selection.command import arguments, pytest_command
from triagebot.selection.facts_per_test import TestFacts, facts
from triagebot.selection.model import Choice, How, Selection
from triagebot.selection.ordering import select

__all__ = ["Choice", "How", "Selection", "TestFacts", "arguments", "facts", "pytest_command", "select"]
