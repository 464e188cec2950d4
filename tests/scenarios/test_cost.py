"""What one triage asks of GitHub, as a whole table: 1,000 tests, 30 causes, 300 issues, through the command line.

Whoever adds a request to a triage meets it here. A token of Actions has 1,000 an hour.
"""

import re
from collections import Counter
from collections.abc import Iterable
from copy import deepcopy

import pytest

from tests.doubles.github import GitHub, World

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play, number  # noqa: E402 - only what is imported after the line above explains its asserts

PLENTY = "[limits]\nbreaker = 500\n[storms]\nnew_keys = 1000\n"
"""Lets one run open all three hundred."""
FIXED = [f"a{n:02}" for n in range(1, 5)]
KNOWN = [f"a{n:02}" for n in range(5, 31)]
NEW = [f"b{n}" for n in range(1, 5)]
CALM = [f"a{n}" for n in range(291, 301)]
"""Causes whose tests pass by now: their countdown moves, which is an edit."""


@pytest.fixture(scope="module")
def three_hundred(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The repository after one run opened three hundred issues, of which a commit has closed four."""
    with GitHub() as github:
        play = Play(github, tmp_path_factory.mktemp("filed"), github.world.clock, PLENTY)
        play.step({"run": "first", "red": "a*300", "commit": "c1", "args": ["--max-new-issues=400"]})
        for sha, *parents in (("c1",), ("fix", "c1"), ("c2", "fix")):
            github.world.commit(sha, *parents)
        for cause in FIXED:
            github.world.close(number(github, cause), "ada", commit="fix")
    return github.world


@pytest.fixture
def play(three_hundred, tmp_path):
    world = deepcopy(three_hundred)
    with GitHub(world) as github:
        yield Play(github, tmp_path, world.clock, PLENTY)
    assert not github.complaints


def triage(play: Play, causes: Iterable[str], changes: dict[str, int]) -> Counter[str]:
    """The requests, by kind, of one triage of a thousand tests of which ten fail for each cause."""
    red = [cause + more for cause in causes for more in ("", *(f".{n}" for n in range(2, 11)))]
    green = [*CALM, *(f"g{n}" for n in range(1000 - len(red) - len(CALM)))]
    play.step({"day": 1, "run": "second", "red": red, "green": green, "commit": "c2"})
    assert Counter(change["action"] for change in play.plan["changes"]) == changes
    return Counter(kind(e.method, e.path) for e in play.github.exchanges)


def kind(method: str, path: str) -> str:
    """A request without the number, commits or name in it."""
    place = re.sub(r"/(\d+|(?<=/compare/).*|(?<=/labels/).*)", "/N", path.removeprefix("/repos/acme/shop"))
    return f"{method} {place or '/'}"


def test_four_lists_one_read_and_one_write_for_each_changed_issue_one_for_each_comment(play):
    asked = triage(play, [*FIXED, *KNOWN[:22], *NEW], {"edit": 32, "reopen": 4, "comment": 4, "open": 4})
    assert asked == {
        "POST /graphql": 2,  # who we are, and who else edited the bodies
        "GET /": 1,  # the default branch
        "GET /issues": 4,  # three pages before, and what changed since after
        "GET /issues/N": 36,
        "PATCH /issues/N": 36,
        "POST /issues": 4,
        "POST /issues/N/comments": 4,
        "GET /issues/N/events": 4
        + 4,  # what closed those that came back, whether people labelled them just before us,
        "GET /compare/N": 1,  # and whether this commit has it
        "POST /labels": 1,  # "regression", which no issue had
    }


def test_where_nothing_is_new_it_costs_the_same_without_the_new(play):
    asked = triage(play, KNOWN, {"edit": 36})
    assert asked == {
        "POST /graphql": 2,
        "GET /": 1,
        "GET /issues": 4,
        "GET /issues/N": 36,
        "PATCH /issues/N": 36,
    }


def test_the_same_run_again_costs_the_listing(play):
    triage(play, [*KNOWN, *NEW], {"edit": 36, "open": 4})
    play.github.exchanges.clear()
    asked = triage(play, [*KNOWN, *NEW], {})
    assert asked == {"POST /graphql": 1, "GET /": 1, "GET /issues": 4}  # 304 issues are four pages


def test_an_empty_repository_costs_three_lists(github, tmp_path):
    play = Play(github, tmp_path, github.world.clock)
    asked = triage(play, NEW, {"open": 4})
    made = {"POST /issues": 4, "POST /labels": 3}
    assert asked == {"POST /graphql": 1, "GET /": 1, "GET /issues": 3, **made}
