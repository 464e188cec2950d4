"""What counts as a number, a name, a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.drafts.sentence_tokens import content, digits, fold, holds, identifiers, numbers, shas

NAMES = {
    "snake case": ("the pool_size is low", {"pool_size"}),
    "setting": ("AGENT_SERVICE_TOKEN is unset", {"agent_service_token"}),
    "camel case": ("ConnectionPool was empty", {"connectionpool"}),
    "path": ("see src/app/main.py there", {"src/app/main.py"}),
    "route": ("the route /ws closed", {"/ws"}),
    "dotted": ("asyncio.run failed", {"asyncio.run"}),
    "host": ("api.staging.example said no", {"api.staging.example"}),
    "sha": ("since deadbeef12 it fails", {"deadbeef12"}),
    "revision": ("backend-00238 is deployed", {"backend-00238"}),
    "end of a sentence": ("It is in config.toml.", {"config.toml"}),
    "and/or": ("one and/or the other", set()),
    "units": ("after 30s and 120ms and 2h", set()),
    "technologies": ("the WebSocket of GitHub over IPv4", set()),
    "acronyms": ("JWT over HTTP", set()),
    "abbreviations": ("e.g. this, i.e. that", set()),
    "evidence ids": ("as E7 shows", set()),
    "plain words": ("The server closed the connection early.", set()),
    "hyphens": ("a long-lived keep-alive connection", set()),
}


@pytest.mark.parametrize(("text", "names"), NAMES.values(), ids=NAMES)
def test_names_are_told_from_words(text: str, names: set[str]) -> None:
    assert identifiers(text) == names


def test_numbers_that_a_sentence_states() -> None:
    assert numbers("In 2.5 s, 7 of 18 got code 1011 (E7, utf8, 30s).") == {"2.5", "7", "18", "1011", "30"}
    assert {"00238", "1.2", "1", "2"} <= digits("backend-00238 v1.2")


def test_shas() -> None:
    assert shas("Revert DEADBEEF12 and 1234567, not defaced or facade or 123") == {"deadbeef12", "1234567"}


HOLDS = [
    ("a pool_size b", "pool_size", True),
    ("a max_pool_size b", "pool_size", False),
    ("a pool_sizes b", "pool_size", False),
    ("pool_sizes pool_size", "pool_size", True),
    ("x(/ws)", "/ws", True),
    ("x/ws", "/ws", True),
    ("", "x", False),
]


@pytest.mark.parametrize(("text", "name", "held"), HOLDS)
def test_a_name_stands_as_a_whole(text: str, name: str, held: bool) -> None:
    assert holds(text, name) is held


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    content(text), identifiers(text), numbers(text), shas(text)
