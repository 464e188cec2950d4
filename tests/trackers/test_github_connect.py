"""From the environment to a client: tokens, apps, GitHub Enterprise, and how long to wait."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.doubles.github import GitHub
from triagebot.config import Config
from triagebot.errors import UserError
from triagebot.trackers import TrackerError
from triagebot.trackers.github import Pace, connect
from triagebot.trackers.github.connect import access
from triagebot.trackers.github.retry_policy import LimitedError, is_limit, refuse_long, wait_s

NOW = datetime(2025, 9, 10, 20, 0, tzinfo=UTC)
SOON = str(int(NOW.timestamp()) + 30)
BASE = {"GITHUB_REPOSITORY": "acme/shop", "GITHUB_TOKEN": "t"}


@pytest.fixture(scope="module")
def key():
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return made.private_bytes(*form).decode()


def joined(github, **environ):
    clock = github.world.clock
    given = {"GITHUB_REPOSITORY": "acme/shop", "GITHUB_API_URL": github.url, **environ}
    tracker = connect(given, Config(), now=clock, pause=clock.sleep, pace=Pace(0, 0))
    github.clients.append(tracker)
    return tracker


@pytest.mark.parametrize("more", [{}, {"TRIAGEBOT_APP_INSTALLATION_ID": "77"}])
def test_an_app_signs_in_for_its_installation_and_writes_under_its_own_name(github, key, more):
    tracker = joined(github, TRIAGEBOT_APP_ID="1", TRIAGEBOT_APP_PRIVATE_KEY=key, **more)
    made = tracker.create("t", "b", ("triagebot",), "o")
    assert made.author == "triage-app[bot]"
    assert github.count("GET", "/installation") == (0 if more else 1)


def test_a_key_whose_line_ends_were_escaped_on_the_way_is_read(github, key):
    escaped = key.replace("\n", "\\n")
    assert joined(github, TRIAGEBOT_APP_ID="1", TRIAGEBOT_APP_PRIVATE_KEY=escaped).issues() == []


def test_an_app_that_is_not_installed_is_said(github, key):
    github.world.name = "elsewhere"
    with pytest.raises(TrackerError, match="not installed"):
        joined(github, TRIAGEBOT_APP_ID="1", TRIAGEBOT_APP_PRIVATE_KEY=key)


def test_github_enterprise_is_reached_below_its_path():
    with GitHub(prefix="/api/v3") as github:
        for number in range(101):
            github.world.open("t", "b", "ada", ("triagebot",), number=number + 1)
        assert len(joined(github, GITHUB_TOKEN="t0ken").issues()) == 101
        assert not github.complaints


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"GITHUB_REPOSITORY": ""}, "GITHUB_REPOSITORY must be owner/name"),
        ({"GITHUB_REPOSITORY": "shop"}, "owner/name"),
        ({"GITHUB_REPOSITORY": "a/b/c"}, "owner/name"),
        ({"GITHUB_REPOSITORY": "/shop"}, "owner/name"),
        ({"GITHUB_TOKEN": ""}, "No way in"),
        ({"GITHUB_TOKEN": "", "TRIAGEBOT_APP_ID": "1"}, "No way in"),
        ({"GITHUB_API_URL": "github.com"}, "must be an address"),
        ({"GITHUB_API_URL": "file:///etc/passwd"}, "must be an address"),
        ({"TRIAGEBOT_APP_INSTALLATION_ID": "x"}, "must be a number"),
    ],
)
def test_what_is_missing_or_malformed_is_named(environ, words):
    with pytest.raises(UserError, match=words):
        access({**BASE, **environ})


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "https://api.github.com"),
        ({"GITHUB_API_URL": "https://ghe.example/api/v3/"}, "https://ghe.example/api/v3"),
    ],
)
def test_the_address_comes_from_the_environment(environ, url):
    assert access({**BASE, **environ}).api_url == url


def test_a_token_of_the_command_line_tool_will_do():
    assert access({"GITHUB_REPOSITORY": "acme/shop", "GH_TOKEN": "gh"}).token == "gh"


@pytest.mark.parametrize(
    ("status", "headers", "attempt", "seconds"),
    [
        (429, {"retry-after": "17"}, 1, 17),
        (403, {"retry-after": "0"}, 3, 0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": SOON}, 1, 31),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, 1, 1),
        (403, {"x-ratelimit-remaining": "5", "x-ratelimit-reset": SOON}, 1, 60),
        (403, {}, 2, 120),
        (429, {"retry-after": "soon"}, 1, 60),
        (502, {}, 1, 1),
        (502, {}, 4, 8),
        (0, {}, 3, 4),
    ],
)
def test_how_long_to_wait(status, headers, attempt, seconds):
    assert wait_s(status, headers, attempt, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "headers", "message", "limit"),
    [
        (429, {}, "", True),
        (403, {}, "You have exceeded a secondary rate limit.", True),
        (403, {"retry-after": "1"}, "", True),
        (403, {"x-ratelimit-remaining": "0"}, "", True),
        (403, {"x-ratelimit-remaining": "9"}, "Resource not accessible by integration", False),
        (404, {"x-ratelimit-remaining": "0"}, "", False),
        (500, {}, "rate limit", False),
    ],
)
def test_what_is_a_limit_and_what_is_a_refusal(status, headers, message, limit):
    assert is_limit(status, headers, message) is limit


def test_nobody_sits_idle_for_longer_than_two_minutes():
    assert refuse_long(120, NOW) == 120
    with pytest.raises(LimitedError, match="2 minutes"):
        refuse_long(121, NOW)
