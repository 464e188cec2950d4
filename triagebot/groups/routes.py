"""What many tests on one HTTP status have in common and what sets them apart: the routes that they asked, the statuses that they expected.

In: the failures of a group and its title. Out: the title, with both where there are many. An app that did not start answers
404 on every route: that is one cause, and its first route alone would be a poor name for it. No number of tests stands in it,
so that it stays as the group grows and shrinks.
"""

import re
from collections.abc import Iterable, Sequence

from triagebot.reports.model import Failure

_MANY = 10
"""Tests from which on a status is no longer that of one route."""
_SHOWN = 3
_CALLED = re.compile(
    r"(?:\b(?:get|post|put|patch|delete|head|options|request|fetch|open|visit|goto|GET|POST|PUT|PATCH"
    r"|DELETE)\(\s{0,40}(?:[\"'][A-Z]{3,7}[\"'],\s{0,8})?[rf]?[\"'`]"
    r"|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) )"
    r"(?:https?://[^/\s\"'`]{1,200})?(?P<route>/[\w.~/{}$:@%+*-]{0,120})"
)
"""The first argument of a client's call, or a request as a message tells it.

Hit: `client.get("/v1/orders")`
Hit: `GET /v1/orders`
Miss: `in /v1/orders`
"""
_PARAMETER = re.compile(r"\[(?:[\w-]{0,40}?-)?(?P<route>/[^\]\s?]{0,120}?)(?:-\d{3})?\]$")
"""A route as the last parameter of a test. Hit: `test_answers[get-/v1/orders-200]`. Miss: `test_answers[orders]`."""
_WANTED = re.compile(
    r"(?:assert \(?\d{3} (?:==|is) |(?i:expected)(?: status)?(?: code)?[: <]{1,3}"
    r"|(?i:to have status(?: code)?) |(?i:but was|!=) )(?P<status>[1-5]\d{2})\b"
)
"""The status that an assertion wants. Hit: `assert 503 == 200`. Miss: `got 200`."""
_LOOKED_AT = 500
"""Failures of a group that are read for their routes."""
_READ = 6_000


def with_routes(title: str, kind: str, failures: Sequence[Failure]) -> str:
    """The title of a group on one status, with routes and expected statuses where many tests share it."""
    if kind != "http.status" or len({failure.test for failure in failures}) < _MANY:
        return title
    routes = sorted({route for failure in failures[:_LOOKED_AT] if (route := _route(failure))})
    if len(routes) < _SHOWN:
        return title
    wanted = sorted({status for failure in failures[:_LOOKED_AT] for status in _expected(failure)})
    shown = ", ".join(routes[:_SHOWN]) + (", …" if len(routes) > _SHOWN else "")
    where = "" if " was expected" in title or not wanted else f", expected {_listed(wanted)}"
    return f"{title} on many routes ({shown}){where}"


def _route(failure: Failure) -> str:
    """The route that a test asked: of its parameter, else of the last call that its text shows."""
    named = _PARAMETER.search(failure.test)
    called = [found["route"] for found in _CALLED.finditer(failure.text[:_READ])] if not named else []
    return named["route"] if named else called[-1] if called else ""


def _expected(failure: Failure) -> Iterable[str]:
    """The statuses that a test names as expected."""
    return [found["status"] for found in _WANTED.finditer(failure.message[:500] or failure.text[:_READ])][:3]


def _listed(words: Sequence[str]) -> str:
    """`200, 201 or 302`."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
