"""Rule 10, where a model's draft is needed: ticks that people set in its actions stay."""

import pytest

from tests.cli.analyst import analyst
from tests.doubles.github import Clock, GitHub, World
from tests.models.stub import serving

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play  # noqa: E402 - only what is imported after the line above explains its asserts


def test_a_tick_in_an_action_stays_through_edits_and_the_rest_stays_unticked(tmp_path):
    clock = Clock()
    with GitHub(World(clock)) as github, serving(analyst()) as model:
        key = {"ANTHROPIC_API_KEY": "sk-ant-" + "api03-" + "Q1w2E3r4T5y6U7i8O9p0"}
        play = Play(github, tmp_path, clock, more=key | {"ANTHROPIC_BASE_URL": model.url})
        play.step({"run": "r1", "red": "a", "green": "b"})
        boxes = github.world.issues[1].body.count("- [ ] ")
        assert boxes > 0
        github.world.issues[1].body = github.world.issues[1].body.replace("- [ ] ", "- [x] ", 1)
        for day in (1, 2):
            play.step({"day": day, "run": f"r{day + 1}", "red": "a", "green": "b", "plan": ["edit 1"]})
            body = github.world.issues[1].body
            assert f"`r{day + 1}`" in body
            assert (body.count("- [x] "), body.count("- [ ] ")) == (1, boxes - 1)
        assert not github.complaints
