"""What Playwright's JSON says in several errors of one attempt."""

import json

import pytest

from triagebot.reports import parse
from triagebot.signatures import sign

LOG = "\nCall log:\n  - waiting for getByRole('button', { name: 'Pay' })\n"
LIMIT = "\x1b[31mTest timeout of 30000ms exceeded.\x1b[39m"


def report(*messages: str) -> bytes:
    errors = [{"message": message, "stack": f"{message}\n    at /w/shop.spec.ts:9:3"} for message in messages]
    result = {
        "status": "timedOut",
        "duration": 30000,
        "error": errors[0],
        "errors": errors,
        "attachments": [],
    }
    tests = [
        {"projectName": "chromium", "expectedStatus": "passed", "status": "unexpected", "results": [result]}
    ]
    suites = [
        {
            "title": "shop.spec.ts",
            "file": "shop.spec.ts",
            "specs": [{"title": "pays", "file": "shop.spec.ts", "tests": tests}],
        }
    ]
    return json.dumps(
        {
            "config": {"rootDir": "/w", "projects": []},
            "suites": suites,
            "errors": [],
            "stats": {"unexpected": 1},
        }
    ).encode()


@pytest.mark.parametrize(
    "ended",
    [
        "Error: locator.click: Test timeout of 30000ms exceeded.",
        "Error: locator.click: Target page, context or browser has been closed",
    ],
)
def test_a_time_limit_and_the_call_that_it_ended_are_one_failure(ended):
    (case,) = parse("r.json", report(LIMIT, ended + LOG)).cases
    (failure,) = case.failures
    signature = sign(failure)
    assert signature.title == "getByRole('button', { name: 'Pay' }) was not found (wanted clickable)"
    alone = sign(
        parse("r.json", report("TimeoutError: locator.click: Timeout 1500ms exceeded." + LOG))
        .cases[0]
        .failures[0]
    )
    assert signature.key == alone.key


def test_soft_assertions_are_failures_of_their_own():
    (case,) = parse("r.json", report("Error: the sum is wrong", "Error: the plan is wrong")).cases
    assert [sign(failure).title for failure in case.failures] == ["the sum is wrong", "the plan is wrong"]


def test_a_time_limit_alone_is_that_of_the_test():
    (case,) = parse("r.json", report(LIMIT)).cases
    assert sign(case.failures[0]).title == "Test exceeded its time limit"
