"""`triagebot doctor`: what it finds locally and on GitHub, what it says to do, and how it ends."""

import json

import pytest

from tests.cli.conftest import Command, Said
from tests.doubles.github import START, GitHub


def verdicts(said: Said) -> dict[str, str]:
    return {finding["name"]: finding["verdict"] for finding in json.loads(said.out)["findings"]}


def on_github(triagebot: Command, github: GitHub, *argv: str, **environ: str) -> Said:
    given = {"GITHUB_TOKEN": "t0ken", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_API_URL": github.url}
    return triagebot("doctor", "--tracker", "github", "--json", *argv, environ=given | environ, now=START)


def test_an_empty_folder_is_fine_and_stays_empty(triagebot, tmp_path):
    said = triagebot("doctor", "--json")
    assert said.code == 0
    assert verdicts(said) == {"config": "ok", "folder": "ok", "history": "ok", "model": "warn"}
    assert list(tmp_path.iterdir()) == []


def test_a_local_tracker_is_opened_and_counted(triagebot):
    triagebot("triage", "-", "--draft", "digest", stdin=b"<testsuites/>")
    said = triagebot("doctor", environ={"ANTHROPIC_API_KEY": "sk-ant-123456"})
    assert said.code == 0
    assert "triagebot.db holds 1 issues" in said.out
    assert "sk-ant" not in said.out


def test_a_local_tracker_that_is_no_database_fails_with_advice(triagebot, tmp_path):
    (tmp_path / ".triagebot").mkdir()
    (tmp_path / ".triagebot/triagebot.db").write_text("not a database at all, " * 100)
    said = triagebot("doctor")
    assert said.code == 1
    assert "Move .triagebot/triagebot.db away" in said.out


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[labls]", "did you mean labels?"),
        ("[[rules]]\nwhen = {message = '/(/'}\nkey = 'x'", "is not a regular expression"),
        ("[[rules]]\nwhen = 'quota'", "exactly one of key, ignore and split"),
        ("suites = ", "not TOML"),
    ],
)
def test_a_config_that_is_not_understood_fails_and_the_rest_is_still_checked(triagebot, tmp_path, text, word):
    (tmp_path / "c.toml").write_text(text)
    said = triagebot("doctor", "--json", "--config", "c.toml")
    assert said.code == 1
    found = {finding["name"]: finding for finding in json.loads(said.out)["findings"]}
    assert word in found["config"]["said"]
    assert "c.toml" in found["config"]["advice"]
    assert found["folder"]["verdict"] == "ok"


@pytest.mark.parametrize("home", ["branch:history", "postgresql://localhost:1/none", "nonsense"])
def test_a_home_of_history_that_does_not_answer_fails(triagebot, home):
    said = triagebot("doctor", "--json", "--history", home)
    assert said.code == 1
    assert verdicts(said)["history"] == "fail"


@pytest.mark.parametrize("home", ["branch:triagebot-history", "sqlite:///history.db"])
def test_on_github_a_token_that_may_do_everything_is_well(triagebot, github, home):
    github.world.commit("main")
    said = on_github(triagebot, github, f"--history={home}", ANTHROPIC_API_KEY="sk-ant-123456")
    assert said.code == 0, said.err
    assert set(verdicts(said).values()) == {"ok"}
    assert github.world.issues == {}


def test_on_github_a_token_that_may_only_read_fails_and_hears_what_it_lacks(triagebot, github):
    github.world.commit("main")
    github.world.actors["t0ken"].permissions |= {"issues": "read", "contents": "read"}
    said = on_github(triagebot, github, "--history=branch:triagebot-history")
    found = {finding["name"]: finding for finding in json.loads(said.out)["findings"]}
    assert said.code == 1
    assert "issues: write" in found["write issues"]["advice"]
    assert "contents: write" in found["history"]["advice"]


@pytest.mark.parametrize("home", ["branch:..", "postgresql://localhost:1/none"])
def test_on_github_a_home_that_does_not_answer_fails(triagebot, github, home):
    github.world.commit("main")
    assert verdicts(on_github(triagebot, github, f"--history={home}"))["history"] == "fail"


@pytest.mark.parametrize("lacking", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_without_token_or_repository_the_missing_one_is_named(triagebot, github, lacking):
    said = on_github(triagebot, github, **{lacking: ""})
    assert said.code == 1
    assert lacking in said.out
    assert verdicts(said)["access"] == "fail"


def test_a_token_that_github_does_not_know_fails_and_is_not_shown(triagebot, github):
    said = on_github(triagebot, github, GITHUB_TOKEN="ghp_" + "x" * 36)
    assert said.code == 1
    assert verdicts(said)["login"] == "fail"
    assert "ghp_" not in said.out


def test_on_github_silence_is_said_when_it_is_longer_than_people_want_to_wait(triagebot, github, tmp_path):
    github.world.commit("main")
    (tmp_path / "c.toml").write_text(
        '[limits]\nsilence_days = 3\n[[scopes]]\nenvironment = "staging"\nbranch = "main"'
    )
    said = on_github(triagebot, github, "--history=branch:triagebot-history", "--config=c.toml")
    found = {finding["name"]: finding for finding in json.loads(said.out)["findings"]}
    assert found["last run"]["verdict"] == "warn"
    assert found["last run"]["said"] == "staging, main: no run was ever recorded"
    assert "silence_days" in found["last run"]["advice"]
    assert said.code == 0, "silence is for people to look at; nothing stands in the way"
