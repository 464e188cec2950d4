"""Users, chats and the database of the deployment whose addresses stand in the environment."""

import logging
import os
import platform
import sqlite3
import time
from collections.abc import Iterator

import httpx2
import pytest
from harness.client import Chat, User, open_chat
from staging import deploy

logging.getLogger("httpx2").setLevel(logging.WARNING)  # the harness says it in fewer words
FACTS = ("environment", "branch", "commit", "revision")


def facts() -> dict[str, str]:
    """What is tested, as the script that deployed it says."""
    return {
        name: os.environ[f"STAGING_{name.upper()}"]
        for name in FACTS
        if f"STAGING_{name.upper()}" in os.environ
    }


def pytest_metadata(metadata: dict[str, object]) -> None:
    """What stands in the terminal's header: what is tested, and no more of the machine than its system."""
    metadata.update(facts(), Platform=platform.system())


def pytest_json_modifyreport(json_report: dict[str, dict[str, str]]) -> None:
    json_report["environment"].update(facts())


@pytest.fixture(scope="session", autouse=True)
def _facts_in_junit(record_testsuite_property: pytest.FixtureRequest) -> None:
    for name, value in facts().items():
        record_testsuite_property(name, value)


@pytest.fixture
def ada() -> User:
    return User.sign_in("ada")


@pytest.fixture
def grace() -> User:
    return User.sign_in("grace")


@pytest.fixture
def chat(ada: User) -> Iterator[Chat]:
    """A chat that is ready for a question."""
    with open_chat(ada) as opened:
        ready = opened.receive()
        assert ready["type"] == "connection_ready"
        yield opened


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(os.environ["DATABASE_PATH"], timeout=5)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def lapsed() -> User:
    """A user whose token expired a moment ago, within the time in which it may be refreshed."""
    user = User.sign_in("linus", lifetime_s=1)
    time.sleep(2.1)
    return user


@pytest.fixture(scope="module")
def canary() -> Iterator[httpx2.Client]:
    """The instance that a roll-out has put beside the first."""
    with deploy.roll_out(os.environ) as url, httpx2.Client(base_url=url, timeout=5) as client:
        yield client
