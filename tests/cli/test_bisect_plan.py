"""`bisect-plan` prints commands that, run by a shell in a real clone, find the commit that broke the cause."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command

CULPRIT = 4


def git(folder: Path, *args: str) -> str:
    environ = os.environ | {
        f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(["git", *args], cwd=folder, env=environ, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> tuple[Path, list[str]]:
    """A repository of six commits, of which the fourth breaks `total`; before the second there is no test."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "-q")
    commits = []
    for number in range(1, 7):
        (folder / "shop.py").write_text(
            f"def total():\n    return {41 if number >= CULPRIT else 42}  # {number}\n"
        )
        if number >= 2:
            (folder / "test_shop.py").write_text(
                "import shop\n\ndef test_total():\n    assert shop.total() == 42\n\ndef test_other():\n    assert shop.total() == 42\n"
            )
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", f"change {number}")
        commits.append(git(folder, "rev-parse", "HEAD"))
    return folder, commits


def report(folder: Path, name: str, *, red: bool) -> Path:
    failure = (
        "<failure message='assert 41 == 42'>&gt;       assert shop.total() == 42\nE       assert 41 == 42\n\ntest_shop.py:4: AssertionError</failure>"
        if red
        else ""
    )
    cases = "".join(
        f"<testcase classname='test_shop' name='{test}' time='{seconds}'>{failure}</testcase>"
        for test, seconds in (("test_total", 9.5), ("test_other", 0.5))
    )
    path = folder / f"{name}.xml"
    path.write_text(
        f"<testsuites><testsuite name='pytest' tests='2' failures='{2 * red}' timestamp='2026-03-0{len(name)}T09:00:00+00:00'>{cases}</testsuite></testsuites>"
    )
    return path


def test_the_commands_find_the_commit_that_broke_it(triagebot: Command, tmp_path: Path, clone) -> None:
    folder, commits = clone
    for name, commit, red in (("r", commits[0], False), ("rr", commits[5], True)):
        assert triagebot("triage", report(tmp_path, name, red=red), "--commit", commit).code == 0
    said = triagebot("bisect-plan", "1")
    assert said.code == 0, said.err
    assert "test_shop.py::test_other: failed in 1 of 1 runs since, takes 0.5 s" in said.out, "the quick one"
    environ = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        ["sh"], input=said.out, cwd=folder, env=environ, capture_output=True, text=True, timeout=120
    )
    assert f"{commits[CULPRIT - 1]} is the first bad commit" in done.stdout, done.stdout + done.stderr
    assert git(folder, "status", "--porcelain", "--untracked-files=no") == ""


def test_what_history_does_not_know_is_asked_for_and_can_be_given(triagebot: Command, tmp_path: Path) -> None:
    triagebot("triage", report(tmp_path, "r", red=True))
    said = triagebot("bisect-plan", "1")
    assert (said.code, "--good SHA" in said.err) == (1, True)
    said = triagebot("bisect-plan", "1", "--good", "v1", "--bad", "v2 x", "--json")
    plan = json.loads(said.out)
    assert (plan["issue"], plan["good"], plan["bad"]) == (1, "v1", "v2 x")
    assert plan["commands"][0] == "git bisect start 'v2 x' v1"


@pytest.mark.parametrize("key", ["2", "no.such", "as"])
def test_a_key_that_means_no_issue_is_told(triagebot: Command, tmp_path: Path, key: str) -> None:
    triagebot("triage", report(tmp_path, "r", red=True))
    said = triagebot("bisect-plan", key, "--good", "a", "--bad", "b")
    assert said.code == (0 if key == "as" else 1), "the beginning of a key will do"
    assert key == "as" or "triagebot issues list" in said.err
