"""Commits that may have broken a cause, by the real git in a real clone, and the owner of the file that they broke."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_green import FAILED, FUNCTIONS, GREEN, RED, report
from tests.sources.test_git import commit, run

SHOP = "\n\n".join(f"def {name.rpartition(':')[2]}():\n    return {n}\n" for n, name in enumerate(FUNCTIONS))
SECRET = "ghp_" + "a1B2" * 9
OWNERS = "* @acme/everybody\n/src/ @acme/pricing # @acme/nobody\n"


@pytest.fixture
def clone(tmp_path: Path) -> tuple[Path, Path, str]:
    """A green report of the first commit, a red one of the last, and the commit that broke it."""
    run(tmp_path, "init", "-q", "-b", "main")
    good = commit(tmp_path, "first", {"src/shop.py": SHOP, ".github/CODEOWNERS": OWNERS})
    commit(tmp_path, "docs", {"README.md": "x\n"})
    late = SHOP.replace("return 4\n", "return 44\n")
    commit(tmp_path, "ship later", {"src/shop.py": late})
    broken = late.replace("return 1\n", f"token = '{SECRET}'\n    return guess()\n")
    culprit = commit(tmp_path, "price: guess @everybody", {"src/shop.py": broken})
    bad = commit(tmp_path, "pay twice", {"src/shop.py": broken.replace("return 0", "return 00")})
    green = told(report(tmp_path / "green.json", GREEN, {}), good)
    return green, told(report(tmp_path / "red.json", RED, FAILED, day=1), bad), culprit


def told(path: Path, sha: str) -> Path:
    """The report with its commit."""
    path.write_text(json.dumps(json.loads(path.read_text()) | {"environment": {"commit": sha}}))
    return path


def body(triagebot: Command) -> str:
    return triagebot("issues", "show", "1").out


def test_the_issue_names_the_commit_that_changed_the_function_first_with_its_hunk(
    triagebot: Command, clone: tuple[Path, Path, str]
) -> None:
    green, red, culprit = clone
    triagebot("triage", green)
    said = triagebot("triage", red)
    assert f"Suspect: commit {culprit[:12]}" in " ".join(said.out.replace("|", " ").split())
    text = body(triagebot)
    first, second, third = (text.index(word) for word in ("price: guess", "pay twice", "ship later"))
    assert first < second < third
    assert "docs" not in text.partition("### What is known")[0]
    assert "changes price, where 2 of 2 failing tests leave" in text
    assert "changes pay, 1 call above where they leave it" in text
    assert "changes shop.py beside the functions on the way" in text
    assert "+    return guess()" in text
    assert SECRET not in text


@pytest.mark.parametrize("ending", ["html", "md"])
def test_the_page_of_a_cause_names_the_commits_too(
    triagebot: Command, clone: tuple[Path, Path, str], tmp_path: Path, ending: str
) -> None:
    green, red, culprit = clone
    triagebot("triage", green)
    assert triagebot("triage", red, "--out", tmp_path / "site").code == 0
    (page,) = (tmp_path / "site").glob(f"error-*.{ending}")
    text = page.read_text("utf-8")
    assert culprit[:12] in text
    assert text.index("price: guess") < text.index("pay twice") < text.index("ship later")
    assert "What it changes in src/shop.py" in text
    assert "+    return guess()" in text
    assert SECRET not in text


def test_the_owner_of_the_file_stands_beside_the_suites_owner(
    triagebot: Command, clone: tuple[Path, Path, str], tmp_path: Path
) -> None:
    green, red, culprit = clone
    config = tmp_path / "t.toml"
    config.write_text('[[suites]]\nmatch = "*"\nowner = "shop team"\n')
    triagebot("triage", red, "--green", green, "--config", config)
    text = body(triagebot)
    assert "**Owner:** shop team" in text
    assert "**Code owner of `src/shop.py`:** `@acme/pricing`" in text
    (cause,) = json.loads(triagebot("group", red, "--green", green, "--json").out)["causes"]
    assert (cause["code"], cause["code_owners"]) == ("src/shop.py", ["@acme/pricing"])
    assert cause["suspects"][0]["commit"] == culprit
    assert SECRET not in json.dumps(cause)


def test_what_came_after_the_first_red_run_is_not_suspect(
    triagebot: Command, clone: tuple[Path, Path, str], tmp_path: Path
) -> None:
    green, red, _ = clone
    triagebot("triage", green)
    triagebot("triage", red)
    later = commit(
        tmp_path, "price: an attempt to mend", {"src/shop.py": SHOP.replace("return 1", "return 11")}
    )
    triagebot("triage", told(report(tmp_path / "again.json", RED, FAILED, day=2), later))
    assert "an attempt to mend" not in body(triagebot)
    assert "price: guess" in body(triagebot)


@pytest.mark.parametrize("lacks", ["the clone", "the commit", "the report's commit"])
def test_without_a_clone_of_the_tested_commit_nothing_is_suspected(
    triagebot: Command, clone: tuple[Path, Path, str], tmp_path: Path, lacks: str
) -> None:
    green, red, _ = clone
    if lacks == "the clone":
        (tmp_path / ".git").rename(tmp_path / "gone")
    else:
        told(red, "0" * 40 if lacks == "the commit" else "")
    assert triagebot("triage", red, "--green", green).code == 0
    assert "leave the path of their last green run" in body(triagebot)
    assert "most suspect first" not in body(triagebot)
