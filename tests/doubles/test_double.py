"""The double itself: it notices what GitHub would refuse, and the description it is held to is whole."""

import json

import pytest
import requests

from tests.doubles import contract, cut_openapi
from tests.doubles.github import GitHub, World, routes

NAMES = {"owner": "acme", "repo": "shop"}
AUTH = {"authorization": "Bearer t0ken"}


def test_every_endpoint_of_the_double_is_in_the_description_and_the_other_way_round():
    described = json.loads(contract.DESCRIPTION.read_text("utf-8"))["paths"]
    known = {(verb.upper(), path) for path, verbs in cut_openapi.CALLED.items() for verb in verbs}
    assert known == {
        (verb.upper(), path) for path, item in described.items() for verb in item if verb != "parameters"
    }
    assert set(routes.ROUTES) <= known


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/issues", {"body": "no title"}),
        ("POST", "/issues", {"title": "t", "labels": "bug"}),
        ("PATCH", "/issues/1", {"state": "shut"}),
        ("PATCH", "/issues/1", {"state_reason": "done"}),
        ("POST", "/issues/1/comments", {}),
        ("GET", "/issues?state=any", None),
        ("GET", "/nowhere", None),
    ],
)
def test_a_request_that_github_does_not_describe_is_a_complaint(method, path, body):
    with GitHub() as github:
        github.world.open("t", "b", "ada")
        requests.request(method, f"{github.url}/repos/acme/shop{path}", json=body, headers=AUTH, timeout=5)
        assert len(github.complaints) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("number", "1"), ("locked", "no"), ("closed_at", "yesterday"), ("user", {})]
)
def test_an_answer_that_github_would_not_give_is_a_complaint(monkeypatch, field, value):
    told = routes.shapes.issue
    monkeypatch.setattr(routes.shapes, "issue", lambda *given: {**told(*given), field: value})
    with GitHub() as github:
        github.world.open("t", "b", "ada")
        requests.get(f"{github.url}/repos/acme/shop/issues/1", headers=AUTH, timeout=5)
        assert github.complaints


def test_one_bad_item_of_a_list_is_a_complaint_wherever_it_stands(monkeypatch):
    told = routes.shapes.issue

    def numbered(world, issue, api):
        return {**told(world, issue, api), **({"locked": "no"} if issue.number == 2 else {})}

    monkeypatch.setattr(routes.shapes, "issue", numbered)
    with GitHub() as github:
        for title in "abc":
            github.world.open(title, "b", "ada")
        for _ in range(2):
            requests.get(f"{github.url}/repos/acme/shop/issues", headers=AUTH, timeout=5)
        assert len(github.complaints) == 2


def test_what_was_judged_under_one_schema_is_judged_anew_under_another():
    issue = contract.asked(
        "GET", f"{routes.REPO}/issues/{{issue_number}}", NAMES | {"issue_number": "1"}, [], None
    )
    label = contract.asked("GET", f"{routes.REPO}/labels/{{name}}", NAMES | {"name": "bug"}, [], None)
    world = World()
    told = routes.shapes.issue(world, world.open("t", "b", "ada"), "https://x")
    assert contract.response_complaints(issue, 200, told, {}) == []
    assert contract.response_complaints(label, 200, told, {})


def test_an_empty_list_is_a_list_and_nothing_else():
    names = contract.asked("GET", f"{routes.REPO}/issues", NAMES, [], None)
    one = contract.asked(
        "GET", f"{routes.REPO}/issues/{{issue_number}}", NAMES | {"issue_number": "1"}, [], None
    )
    assert contract.response_complaints(names, 200, [], {}) == []
    assert contract.response_complaints(one, 200, [], {})
    assert contract.response_complaints(names, 200, {}, {})


def test_nothing_is_complained_of_in_order():
    with GitHub() as github:
        github.world.open("t", "b", "ada", ("bug",))
        answer = requests.get(f"{github.url}/repos/acme/shop/issues?labels=bug", headers=AUTH, timeout=5)
        assert [issue["title"] for issue in answer.json()] == ["t"]
        assert github.complaints == []


def test_a_spent_token_is_refused_as_github_refuses_it():
    with GitHub() as github:
        github.world.actors["t0ken"].remaining = 1
        url = f"{github.url}/repos/acme/shop"
        assert [requests.get(url, headers=AUTH, timeout=5).status_code for _ in range(2)] == [200, 403]


def test_cutting_drops_prose_and_mends_what_github_leaves_out():
    enum = {"type": "string", "nullable": True, "enum": ["a"], "description": "prose"}
    thing = {"properties": {"description": enum, "examples": {"type": "string"}}}
    assert cut_openapi._bare(thing)["properties"].keys() == {"description", "examples"}
    assert "description" not in cut_openapi._bare(thing)["properties"]["description"]
    cut_openapi._allow_null(thing)
    assert thing["properties"]["description"]["enum"] == ["a", None]
