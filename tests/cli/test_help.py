"""What a newcomer reads first."""

import pytest

from tests.cli.conftest import Command
from triagebot.cli import VERBS


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


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(triagebot: Command, shell: str) -> None:
    said = triagebot("completion", shell)
    assert said.code == 0
    assert "_TRIAGEBOT_COMPLETE" in said.out
