"""Many tests on one status are titled with what unites them and what differs."""

import pytest

from triagebot.config import Config
from triagebot.groups.grouping import group
from triagebot.reports import Context, merge
from triagebot.reports.model import Attempt, Case, Failure, Report

ROUTES = [f"/api/{name}" for name in ("agents", "billing", "carts", "drafts", "events", "files", "groups", "hooks", "images", "jobs", "keys", "logs")]  # fmt: skip


def failing(test: str, text: str, message: str) -> Case:
    failure = Failure(test, test, "call", message, text)
    return Case(test, test, "failed", (Attempt("failed", (failure,)),))


def title(cases: list[Case]) -> str:
    run = merge([Report("r.xml", "0", "junit-xml", tuple(cases))], Context())
    (found,) = group(run, Config())
    return found.signature.title


def shown(route: str, wanted: int) -> tuple[str, str]:
    message = f"assert 404 == {wanted}\n +  where 404 = <Response [404 Not Found]>.status_code"
    text = f'    def test_it(client):\n>       assert client.get("{route}").status_code == {wanted}\nE       assert 404 == {wanted}\nE        +  where 404 = <Response [404 Not Found]>.status_code\n\ntests/test_api.py:9: AssertionError'
    return text, message


def test_an_app_that_did_not_start_is_titled_with_its_routes_and_what_was_expected():
    cases = [
        failing(f"tests/test_api.py::test_{at}", *shown(route, 201 if at % 2 else 200))
        for at, route in enumerate(ROUTES)
    ]
    assert (
        title(cases)
        == "HTTP 404 Not Found on many routes (/api/agents, /api/billing, /api/carts, …), expected 200 or 201"
    )


def test_routes_may_be_parameters():
    cases = [failing(f"tests/test_api.py::test_route[{route}]", *shown("/x", 200)) for route in ROUTES]
    assert "(/api/agents, /api/billing, /api/carts, …), expected 200" in title(cases)


def test_other_languages_are_titled_alike():
    def said(route: str) -> str:
        return f"Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 200\nReceived: 404\n\n> 9 |   expect((await request.get('{route}')).status()).toBe(200);\n\n    at /w/api.spec.ts:9:3"

    cases = [failing(f"api.spec.ts::answers {at}", said(route), "") for at, route in enumerate(ROUTES)]
    assert (
        title(cases)
        == "HTTP 404 Not Found on many routes (/api/agents, /api/billing, /api/carts, …), expected 200"
    )


@pytest.mark.parametrize("count", [1, 9])
def test_a_few_tests_keep_their_title(count):
    cases = [
        failing(f"tests/test_api.py::test_{at}", *shown(route, 200))
        for at, route in enumerate(ROUTES[:count])
    ]
    assert title(cases) == "HTTP 404 Not Found"


def test_one_route_that_many_tests_ask_keeps_its_title():
    cases = [failing(f"tests/test_api.py::test_{at}", *shown("/api/agents", 200)) for at in range(20)]
    assert title(cases) == "HTTP 404 Not Found"


def test_two_tests_that_say_the_same_in_the_same_words_stay_two_failures():
    text = "Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: true\nReceived: false\n    at helper (/w/tests/helper.spec.ts:9:3)"
    cases = [failing(f"shop.spec.ts::{name}", text, "") for name in ("pays", "refunds")]
    run = merge([Report("r.json", "0", "playwright-json", tuple(cases))], Context())
    assert len(group(run, Config())) == 2
