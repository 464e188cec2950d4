"""The engine behind the redactor: when it starts, how it is fed, what of its findings counts, and what is left without it."""

import base64
import itertools
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redact.shapes import ALNUM, HEX, SHAPES, Shape, made
from triagebot.redact import Redactor, vendors

_DATABRICKS = "da" + "pi" + made(32, HEX, "engine")
_BLOCK = vendors._BLOCK

# Tokens with a prefix of their own that only the engine knows.
_BARE = {
    f"vendor: {name}"
    for name in ("databricks", "notion", "pulumi", "replicate", "nvidia", "atlassian", "vault batch", "shippo", "prefect", "perplexity", "pinecone", "posthog", "readme",
                 "square", "vercel", "cerebras", "octopus deploy", "docker organisation", "digitalocean oauth", "planetscale password", "sourcegraph", "resend")
}  # fmt: skip


def _token(shape: Shape) -> tuple[str, str, str]:
    """The name, the whole token and its secret part."""
    return shape.name, shape.text.partition("rejected ")[2].partition("\nnext line")[0], shape.secret


needs_engine = pytest.mark.skipif(vendors._scanner() is None, reason="no wheels for this platform")


@pytest.fixture
def started() -> Iterator[list[int]]:
    """Notes each start of the engine; the one that was running before runs again after."""
    starts: list[int] = []
    before = vendors._scanner

    def scanner() -> None:
        starts.append(1)

    scanner.cache_info = lambda: SimpleNamespace(currsize=len(starts))  # type: ignore[attr-defined]
    vendors._scanner = scanner  # type: ignore[assignment]
    yield starts
    vendors._scanner = before


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("", False),
        ("E   websockets.exceptions.ConnectionClosedError: received 1011 (internal error)", False),
        ("tests/e2e/test_checkout_2_staging.py::TestCheckout::test_total_is_right_12", False),
        ("2026-11-27T10:00:00.123456Z INFO order 12345 is queued", False),
        ("TypeErrorInTheMiddleOfSomethingLong", False),
        (f"rejected {_DATABRICKS}", True),
        ("A3-ABCDEF-GHIJKL2MNOP-QRSTU-VWXYZ-12345", True),
    ],
)
def test_the_engine_starts_only_for_text_that_may_hold_a_token(
    started: list[int], text: str, starts: bool
) -> None:
    list(vendors.vendor_tokens(text))
    assert bool(started) is starts


@needs_engine
def test_what_is_found_does_not_depend_on_whether_the_engine_runs() -> None:
    """A short token beside its name is found by the engine, but would not have started it."""
    short = "discord client_id = '123456789012345678'"
    vendors._scanner.cache_clear()
    cold = list(vendors.vendor_tokens(short))
    list(vendors.vendor_tokens(_DATABRICKS))
    assert list(vendors.vendor_tokens(short)) == cold == []


@needs_engine
@pytest.mark.parametrize("filler", ["x\n", "word ", "é", "x"])
@pytest.mark.parametrize("place", [0, _BLOCK - 40, _BLOCK - 10, _BLOCK, 2 * _BLOCK - 17, 3 * _BLOCK + 5])
def test_a_token_is_found_wherever_blocks_are_cut(filler: str, place: int) -> None:
    before = (filler * (place // len(filler) + 1))[:place]
    text = f"{before} {_DATABRICKS} {filler * _BLOCK}"
    cleaned = Redactor().text(text)
    assert _DATABRICKS[4:] not in cleaned
    assert len(cleaned) > len(text) - len(_DATABRICKS)


@given(st.integers(0, 4 * _BLOCK), st.integers(0, 4 * _BLOCK))
def test_blocks_cover_the_text_in_order_and_never_stand_still(size: int, line: int) -> None:
    raw = bytearray(b"a" * size)
    if line < size:
        raw[line] = 10
    blocks = list(vendors._blocks(bytes(raw)))
    assert blocks[0][0] == 0
    assert blocks[-1][1] == size
    for (start, end), (following, _) in itertools.pairwise(blocks):
        assert start < following <= end <= start + _BLOCK


@needs_engine
@pytest.mark.parametrize(
    "comment", ["# gitleaks:allow", "# betterleaks:allow", "# kingfisher:ignore", "nosec"]
)
def test_a_comment_that_scanners_heed_hides_nothing(comment: str) -> None:
    assert _DATABRICKS[4:] not in Redactor().text(f"key = {_DATABRICKS}  {comment}")


@needs_engine
def test_the_kind_is_the_name_of_the_rule() -> None:
    assert Redactor().text(f"x {_DATABRICKS}") == "x [REDACTED:databricks-api-token#1]"


def test_without_the_engine_our_own_rules_are_all_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kingfisher_sdk", None)
    vendors._scanner.cache_clear()
    try:
        assert vendors._scanner() is None
        text = f"{_DATABRICKS} and {'gh' + 'p_'}{made(36, ALNUM, 'own')}"
        assert Redactor().text(text) == f"{_DATABRICKS} and [REDACTED:github-token#1]"
    finally:
        vendors._scanner.cache_clear()


@needs_engine
@pytest.mark.parametrize(
    "around",
    [
        "{}", "'\\n{}'", '"{}\\n"', "a%3D{}%26b", "\\u0022{}\\u0022", "{}.", "{}…", "\x1b[31m{}\x1b[0m", "({})", "[{}]", "{},", "<{}>", "{}: no", "a={}&b",
        "{}|", "`{}`", "{}!", "https://h/{}/x", "https://{}:x@h", "\\'{}\\'", "{}\\t", "%22{}%22", "{}\r\n", "é{}é", "k={};",
    ],
)  # fmt: skip
def test_vendors_tokens_are_found_between_any_signs(around: str) -> None:
    tokens = [_token(shape) for shape in SHAPES if shape.name in _BARE]
    assert len(tokens) == len(_BARE)
    assert [name for name, token, secret in tokens if secret in Redactor().text(around.format(token))] == []


@needs_engine
@pytest.mark.parametrize("inner", ["{}", "user:{}", '{{"token": "{}", "x": 1}}', "a {} b"])
def test_a_token_inside_base64_is_hidden_under_the_number_it_has_elsewhere(inner: str) -> None:
    encoded = base64.b64encode(inner.format(_DATABRICKS).encode()).decode()
    redactor = Redactor()
    assert redactor.text(f"x {_DATABRICKS}") == "x [REDACTED:databricks-api-token#1]"
    cleaned = redactor.text(f"body {encoded} end")
    assert cleaned.startswith("body [REDACTED:databricks-api-token#1]")
    assert encoded[:12] not in cleaned
    assert redactor.text(cleaned) == cleaned
