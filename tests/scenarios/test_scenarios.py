"""Every rule of conduct on GitHub as scenarios of several days: see README.md in this folder."""

import tomllib
from pathlib import Path

import pytest

from tests.cli.analyst import analyst
from tests.doubles.github import Clock, GitHub, World
from tests.models.stub import serving

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play  # noqa: E402 - only what is imported after the line above explains its asserts

KEY = "sk-ant-" + "api03-" + "Q1w2E3r4T5y6U7i8O9p0"
FILES = sorted(Path(__file__).parent.glob("*.toml"))
SCENARIOS = [
    pytest.param(scenario, id=f"{file.stem}: {scenario['name']}")
    for file in FILES
    for scenario in tomllib.loads(file.read_text("utf-8"))["scenario"]
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario, tmp_path):
    clock = Clock()
    with GitHub(World(clock)) as github, serving(analyst()) as model:
        play = Play(github, tmp_path, clock, scenario.get("config", ""))
        if scenario.get("model"):
            play.more = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        for number, step in enumerate(scenario["steps"], 1):
            try:
                play.step(step)
            except AssertionError as error:
                raise AssertionError(f"step {number}, {step}: {error}") from error
        assert not github.complaints
        assert not [f.kind for f in github.script.faults if f.times and f.skip == 0 and f.times < 90], (
            "a fault never struck"
        )


def test_there_are_enough_scenarios_and_every_rule_has_some():
    assert len(SCENARIOS) >= 60
    assert {file.name[:2] for file in FILES} == {f"{rule:02}" for rule in range(1, 18)}
