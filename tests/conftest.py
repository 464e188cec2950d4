"""What all tests share: goldens beside their inputs; random examples without a stopwatch."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.doubles.github import GitHub

# A slow machine is no failure: time is judged in benchmarks/, as ratios.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files with what the code says now"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """A check that text equals a golden file; a missing or different golden fails and shows what it would hold."""

    def check(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        held = path.read_text(encoding="utf-8") if path.exists() else "(no golden)"
        assert text == held, f"{path} differs; look at it, then `pytest --update-golden`"

    return check


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty PostgreSQL server on a free port of loopback, gone after the tests."""
    from tests.doubles.postgresql import binaries, server

    if (tools := binaries()) is None:
        pytest.skip("no PostgreSQL on this machine: install it (Debian: postgresql) to run these tests")
    with server(tools) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium on this machine."""
    import shutil

    names = ("chromium", "chromium-browser", "google-chrome")
    if (found := next(filter(None, map(shutil.which, names)), None)) is None:
        pytest.skip("no Chromium on this machine: install it (Debian: chromium) to run these tests")
    return found


@pytest.fixture
def github() -> "Iterator[GitHub]":
    """An in-process GitHub; the test fails when an exchange broke GitHub's published description."""
    from tests.doubles.github import GitHub

    with GitHub() as double:
        yield double
    assert not double.complaints
