"""mode: review under bash with real event payloads, also with hostile ones: only the number of the issue is taken from them."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.action.test_run_script import FAILED, Runner, commands

EVENTS = Path(__file__).parent / "events"
HOSTILE = "a'b\"c `id` $(touch pwned) ${{ secrets.GITHUB_TOKEN }} \\ ; exit 9 #\n::error::forged\n\r\n##[error]x\u202e"


def event(name):
    return json.loads((EVENTS / f"{name}.json").read_text("utf-8"))


def hostile(payload):
    """The payload with every text in it replaced, but numbers and the words of the API."""
    if isinstance(payload, dict):
        return {key: hostile(value) for key, value in payload.items()}
    if isinstance(payload, list):
        return [hostile(value) for value in payload]
    return HOSTILE if isinstance(payload, str) else payload


@pytest.fixture
def runner(tmp_path, github):
    made = Runner(tmp_path, github)
    made.run(reports=made.report(FAILED.format("")))
    github.world.roles["ada"] = "triage"
    return made


@pytest.mark.parametrize("name", ["issue_comment.created", "issue_comment.edited", "issues.labeled"])
@pytest.mark.parametrize("change", [copy.deepcopy, hostile], ids=["as published", "hostile"])
def test_what_was_said_is_carried_out_whatever_else_the_event_says(runner, github, name, change):
    github.world.comment(1, "ada", "/triage cause: The wheel was built without shop")
    runner.event = change(event(name))
    done = runner.run(mode="review")
    assert done.returncode == 0, done.stderr
    assert "triage: confirmed" in github.world.issues[1].labels
    assert github.world.issues[1].comments[0].reacted("github-actions[bot]") == ["+1"]
    assert not (runner.work / "pwned").exists()
    assert not [line for line in commands(done.stdout) if "forged" in line]
    assert not github.complaints


def test_what_the_event_says_of_comment_and_author_is_not_believed(runner, github):
    github.world.comment(1, "mallory", "/triage mute")
    runner.event = event("issue_comment.created")
    runner.event["comment"] |= {"body": "/triage priority P1", "author_association": "OWNER"}
    runner.event["comment"]["user"]["login"] = runner.event["sender"]["login"] = "ada"
    assert runner.run(mode="review").returncode == 0
    assert github.world.issues[1].labels == ["triagebot", "P3", "triage: draft"]


@pytest.mark.parametrize("issue", [{"number": 1.5}, {"number": "1; exit 9"}, {"number": 10**12}, []])
def test_an_issue_that_is_none_is_not_taken_for_one(runner, github, issue):
    github.world.clock.now = datetime.now(UTC)
    github.world.comment(1, "ada", "/triage mute")
    runner.event = event("issue_comment.created") | {"issue": issue}
    done = runner.run(mode="review")
    assert done.returncode == 0, done.stderr
    assert "muted" in github.world.issues[1].labels, "without a number all that was talked about is heard"


def test_an_issue_of_somebody_else_is_nobodys_business(runner, github):
    github.world.open("by hand", "text", "ada")
    github.world.comment(2, "ada", "/triage mute")
    runner.event = event("issue_comment.created")
    runner.event["issue"]["number"] = 2
    writes = len(github.writes)
    assert runner.run(mode="review").returncode == 0
    assert [e.path for e in github.writes[writes:] if e.path != "/graphql"] == []


def test_dry_run_and_review_contradict_each_other(runner):
    done = runner.run(mode="review", dry_run="true")
    assert done.returncode == 2
    assert "mode review only writes" in done.stderr
