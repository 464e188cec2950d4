"""What doctor finds against the double, and what it advises."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.doubles.github import Actor, GitHub
from triagebot.config import Config
from triagebot.trackers.diagnosis import Probed, judge, worst
from triagebot.trackers.github import GitHubTracker, Pace, connect
from triagebot.trackers.github.probe import probe

NOW = datetime(2025, 9, 10, 20, 0, tzinfo=UTC)


@pytest.fixture
def tracker(github: GitHub) -> GitHubTracker:
    environ = {"GITHUB_TOKEN": "t0ken", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_API_URL": github.url}
    made = connect(environ, Config(), now=github.world.clock, pause=github.world.clock.sleep, pace=Pace(0, 0))
    github.clients.append(made)
    github.world.commit("main")
    return made


def verdicts(tracker: GitHubTracker, now: datetime = NOW, **more: str) -> dict[str, str]:
    branch = more.get("history", "").partition(":")[2] or None
    return {
        f.name: f.verdict for f in judge(probe(tracker, writes_branch=bool(branch)), Config(), now, **more)
    }


def test_all_is_well_with_a_token_that_may_do_everything(github, tracker):
    found = verdicts(tracker, history="branch:history")
    assert set(found.values()) == {"ok"}
    assert list(github.world.labels) == ["triagebot"]


@pytest.mark.parametrize(
    ("lacking", "name", "verdict"),
    [
        ({"issues": "read"}, "write issues", "fail"),
        ({"issues": ""}, "read issues", "fail"),
        ({"contents": ""}, "compare commits", "warn"),
        ({"contents": "read"}, "history", "fail"),
        ({"actions": ""}, "read artifacts", "warn"),
        ({"metadata": ""}, "repository", "fail"),
    ],
)
def test_each_missing_permission_is_found_by_name(github, tracker, lacking, name, verdict):
    github.world.actors["t0ken"].permissions |= lacking
    assert verdicts(tracker, history="branch:history")[name] == verdict


def test_every_finding_that_is_not_well_says_what_to_do(github, tracker):
    github.world.actors["t0ken"] = Actor(permissions={})
    findings = judge(
        probe(tracker, writes_branch=True), Config(), NOW + timedelta(hours=1), history="branch:history"
    )
    assert worst(findings) == "fail"
    assert all(finding.advice for finding in findings if finding.verdict != "ok")


def test_a_bad_token_fails_everything_and_still_ends(github, tracker):
    github.world.actors.clear()
    found = verdicts(tracker)
    assert found["login"] == found["repository"] == found["read issues"] == "fail"


@pytest.mark.parametrize(
    ("probed", "name", "verdict"),
    [
        (Probed(has_issues=False), "repository", "fail"),
        (Probed(archived=True), "repository", "fail"),
        (Probed(server_time=NOW - timedelta(seconds=59)), "clock", "ok"),
        (Probed(server_time=NOW + timedelta(seconds=61)), "clock", "warn"),
        (Probed(), "clock", "warn"),
        (Probed(remaining=99, limit=1000), "rate limit", "warn"),
        (Probed(remaining=100, limit=1000), "rate limit", "ok"),
        (Probed(), "history", "warn"),
    ],
)
def test_what_was_probed_is_judged(probed, name, verdict):
    assert {f.name: f.verdict for f in judge(probed, Config(), NOW)}[name] == verdict


def test_a_page_of_a_proxy_in_place_of_the_repository_is_no_repository_that_is_well(github, tracker):
    github.fault("html", "GET", "/repos/acme/shop")
    assert verdicts(tracker)["repository"] == "fail"
