"""Says whether an exchange keeps to GitHub's published OpenAPI description.

In: one request or answer as plain values. Out: a list of complaints, empty when all is well. Statuses that GitHub
sends from anywhere (401, 403, 429, 5xx) need not be listed by the operation; everything else must be.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

DESCRIPTION = Path(__file__).parent / "openapi" / "github.json"
HOST = "https://api.github.com"
_JUDGED: dict[tuple[object, ...], list[str]] = {}
EVERYWHERE = {401, 403, 429, 500, 502, 503, 504}


@dataclass
class Asked:
    """openapi-core's request protocol over plain values; `path_pattern` spares it the search for the operation."""

    method: str
    path: str
    path_pattern: str
    parameters: RequestParameters
    body: bytes | None
    content_type: str = "application/json"
    host_url: str = HOST


@dataclass
class Answered:
    """openapi-core's response protocol over plain values."""

    status_code: int
    data: bytes
    headers: Headers
    content_type: str = "application/json"


@cache
def description() -> OpenAPI:
    """The cut description, checked and with its validators cached once per process."""
    return OpenAPI.from_dict(json.loads(DESCRIPTION.read_text("utf-8")))


@cache
def statuses(template: str, method: str) -> frozenset[int]:
    """The statuses that GitHub lists for an operation."""
    operation = json.loads(DESCRIPTION.read_text("utf-8"))["paths"][template][method]
    return frozenset(int(status) for status in operation["responses"])


def asked(
    method: str, template: str, names: dict[str, str], query: list[tuple[str, str]], body: bytes | None
) -> Asked:
    """The request as openapi-core reads it. Names with slashes (refs) are one segment there."""
    flat = {name: quote(value, safe="") for name, value in names.items()}
    path = template.format(**flat)
    parameters = RequestParameters(query=ImmutableMultiDict(query), header=Headers(), path=flat)
    return Asked(method.lower(), path, template, parameters, body or None)


def request_complaints(request: Asked) -> list[str]:
    """What is wrong with a request; [] when nothing is. A request that was seen before is not judged again."""
    seen = (
        request.method,
        request.path,
        request.parameters.query.to_dict(flat=False).__repr__(),
        request.body,
    )
    if seen not in _JUDGED:
        _JUDGED[seen] = _complaints(request, lambda: description().validate_request(request))
    return list(_JUDGED[seen])


def response_complaints(request: Asked, status: int, data: bytes, headers: dict[str, str]) -> list[str]:
    """What is wrong with an answer; [] when nothing is."""
    listed = statuses(request.path_pattern, request.method)
    if status not in listed:
        return (
            []
            if status in EVERYWHERE
            else [f"{request.method} {request.path}: status {status} is not documented"]
        )
    if not data:
        return []
    answer = Answered(status, data, Headers(headers))
    return _complaints(request, lambda: description().validate_response(request, answer))


def _complaints(request: Asked, check: Any) -> list[str]:
    try:
        check()
    except OpenAPIError as error:
        return [f"{request.method} {request.path}: {error!r}: {_depths(error)}"]
    return []


def _depths(error: BaseException) -> str:
    cause = error.__cause__
    found = [
        f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
        for e in getattr(cause, "schema_errors", ())
    ]
    return "; ".join(found) or repr(cause)
