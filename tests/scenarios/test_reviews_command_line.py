"""On GitHub a command of the command line is that of the token's owner, and of nobody whom a comment would not obey."""

import pytest

from tests.doubles.github import Clock, GitHub, World

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play  # noqa: E402 - only what is imported after the line above explains its asserts

CASES = {
    "the owner, who may": ("ada", "write", [], 0, ""),
    "the owner by name": ("ada", "triage", ["--as", "Ada"], 0, ""),
    "another name than the owner's": ("ada", "write", ["--as", "bob"], 1, "the owner of the token speaks, and that is ada"),
    "an owner who may read only": ("mallory", "read", [], 1, "no triage permission"),
    "an owner without any role": ("mallory", None, [], 1, "no triage permission"),
    "a bot": ("github-actions[bot]", "write", [], 1, "is a bot"),
}  # fmt: skip


@pytest.mark.parametrize("preview", [[], ["--preview"]], ids=["done", "shown only"])
@pytest.mark.parametrize(("login", "role", "named", "code", "words"), CASES.values(), ids=CASES)
def test_who_speaks_on_github(tmp_path, login, role, named, code, words, preview) -> None:
    with GitHub(World(Clock())) as github:
        play = Play(github, tmp_path, github.world.clock)
        play.step({"run": "r1", "red": "a"})
        play.step({"config": f'authors = ["{github.world.issues[1].user}"]', "token": login})
        if role:
            github.world.roles[login] = role
        play.config_file()
        before = len(
            [e for e in github.exchanges if e.method in {"PATCH", "POST"} and "graphql" not in e.path]
        )
        argv = ["review", "1", "cause: the wheel lacks shop", "--tracker", "github", *named, *preview]
        assert play.command([*argv, f"--config={tmp_path / 'config.toml'}"]) == code, play.said
        assert words in play.said
        writes = [e for e in github.exchanges if e.method in {"PATCH", "POST"} and "graphql" not in e.path][
            before:
        ]
        assert bool(writes) == (code == 0 and not preview)
        assert ("stated by" in github.world.issues[1].body) == bool(writes)
        assert f"stated by {login}" in github.world.issues[1].body or not writes
