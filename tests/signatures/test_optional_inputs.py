"""Host roles, in-app paths and the plugin's chain refine a key; they never move a failure to another issue."""

from dataclasses import replace

import pytest

from tests.signatures.said import failure, in_app, long_text
from tests.signatures.test_extractors import HITS
from triagebot.config import load
from triagebot.reports.model import Frame, Raised
from triagebot.signatures import Settings, judge, settings, sign

ROLES = settings(load('[hosts]\n"api.shop.example" = "gateway"', "t"))
IN_APP = settings(load('in_app = ["*/site-packages/shop/*"]', "t"))
REFUSED = long_text(
    "requests.HTTPError", "503 Server Error: Service Unavailable for url: https://api.shop.example/v1"
)


def test_a_role_stands_for_its_host_and_the_plain_key_is_an_alias():
    plain, refined = sign(failure("", REFUSED)), sign(failure("", REFUSED), ROLES)
    assert dict(refined.slots)["host"] == "gateway"
    assert refined.title == "HTTP 503 Service Unavailable from gateway"
    assert refined.key != plain.key
    assert refined.aliases == (plain.key,)


def test_in_app_paths_choose_the_place_and_the_plain_key_is_an_alias():
    text = in_app("KeyError", "'name'", module="/venv/lib/python3.12/site-packages/shop/read.py")
    plain, refined = sign(failure("", text)), sign(failure("", text), IN_APP)
    assert dict(refined.slots)["at"] == "read:send"
    assert refined.aliases == (plain.key,)


def test_the_plugins_chain_refines_and_the_plain_key_is_an_alias():
    told = failure("AssertionError: the agent is gone")
    chain = (
        Raised(
            "websockets.exceptions.ConnectionClosedError",
            "gone",
            attributes=(("close_code", "1011"), ("close_side", "received")),
        ),
    )
    plain, refined = sign(told), sign(replace(told, chain=chain))
    assert refined.slots == (("code", "1011"), ("side", "received"))
    assert refined.aliases == (plain.key,)


def test_the_plugins_chain_keeps_the_statement_that_only_text_shows():
    told = failure(
        "", long_text("AssertionError", "assert 503 == 200", statement="assert reply.status == 200")
    )
    chain = (Raised("AssertionError", "assert 503 == 200", (Frame("tests/e2e/test_a.py", 12, "test_b"),)),)
    assert sign(replace(told, chain=chain)) == sign(told)
    assert sign(told).kind == "http.status"


def test_a_fixture_that_is_not_there_reads_the_same_with_the_plugin():
    told = failure(
        "", "file /w/a.py, line 3\n  def test_a(nope):\nE       fixture 'nope' not found\n\n/w/a.py:3"
    )
    chain = (
        Raised("_pytest.fixtures.FixtureLookupError", "('nope', <FixtureRequest for <Function test_a>>)"),
    )
    assert sign(replace(told, chain=chain)) == sign(told)


@pytest.mark.parametrize(("type_", "message", "_kind", "_slots"), HITS)
@pytest.mark.parametrize("chosen", [ROLES, IN_APP], ids=["roles", "in_app"])
def test_an_optional_input_never_loses_the_plain_key(type_, message, _kind, _slots, chosen):
    told = failure("", in_app(type_, message))
    plain, refined = sign(told), sign(told, chosen)
    assert plain.key in {refined.key, *refined.aliases}


def test_inputs_that_change_nothing_leave_no_alias():
    assert sign(failure("ValueError: no"), ROLES).aliases == ()
    assert judge(failure("ValueError: no"), Settings()).signature.aliases == ()
