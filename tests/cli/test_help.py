"""What a newcomer reads first."""

from collections.abc import Iterator

import click
import pytest

from tests.cli.conftest import Command
from triagebot.cli import VERBS, app


def test_help_lists_every_verb(triagebot: Command) -> None:
    said = triagebot("--help")
    assert said.code == 0
    for verb in VERBS:
        assert f"\n  {verb} " in said.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(triagebot: Command, verb: str) -> None:
    said = triagebot(verb, "--help")
    assert said.code == 0
    assert f"triagebot {verb}" in said.out.partition("Example")[2]


STEERING = {"issues close", "issues reopen", "issues mute", "issues label"}
NO_NEWS = {"config check", "config schema", "completion"}


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        if isinstance(found, click.Group):
            yield from commands(found, f"{path}{name} ")
        elif found is not None:
            yield f"{path}{name}", found


def test_every_command_about_runs_and_issues_speaks_json() -> None:
    silent = {
        path for path, found in commands(app) if "--json" not in {o for p in found.params for o in p.opts}
    }
    assert silent == STEERING | NO_NEWS


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(triagebot: Command, shell: str) -> None:
    said = triagebot("completion", shell)
    assert said.code == 0
    assert "_TRIAGEBOT_COMPLETE" in said.out
