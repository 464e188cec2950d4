"""Says whether an exchange keeps to GitHub's published OpenAPI description.

In: one request or answer as plain values. Out: a list of complaints, empty when all is well. Statuses that GitHub
sends from anywhere (401, 403, 429, 5xx) need not be listed by the operation; everything else must be.

Every exchange is judged, and what is the same as something that was judged before is not judged anew: the same request,
and the same thing of the same schema, alone or in a list. An issue is listed far more often than it changes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema import FormatChecker
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.validation.request import V30RequestBodyValidator, V30RequestParametersValidator
from openapi_core.validation.request.validators import APICallRequestValidator
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator
from werkzeug.datastructures import Headers, ImmutableMultiDict

DESCRIPTION = Path(__file__).parent / "openapi" / "github.json"
HOST = "https://api.github.com"
_FINE: set[bytes] = set()
"""Digests of what was judged and is fine: of the things themselves a campaign would keep gigabytes."""
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


class OneChecker(SchemaValidatorsFactory):
    """openapi-core's factory without the deep copy of all formats that it makes for each value."""

    def get_format_checker(self, *_formats: object) -> FormatChecker:
        """The one that all share; nothing is added to it here."""
        return self.format_checker


@cache
def description() -> OpenAPI:
    """The cut description, checked once per process, as answers are held to it."""
    reading = OneChecker(OAS30ReadValidator)
    return OpenAPI.from_dict(
        json.loads(DESCRIPTION.read_text("utf-8")), Config(schema_validators_factory=reading)
    )


@cache
def _requests(part: type[APICallRequestValidator]) -> OpenAPI:
    """The description as one part of requests is held to it."""
    writing = OneChecker(OAS30WriteValidator)
    known = Config(spec_validator_cls=None, request_validator_cls=part, schema_validators_factory=writing)
    return OpenAPI(description().spec, known)


@cache
def responses(template: str, method: str) -> dict[int, Any]:
    """What GitHub lists for an operation: the schema of its JSON, {} where it has none, by status."""
    operation = json.loads(DESCRIPTION.read_text("utf-8"))["paths"][template][method]
    return {
        int(status): response.get("content", {}).get("application/json", {}).get("schema", response)
        for status, response in operation["responses"].items()
    }


def asked(
    method: str, template: str, names: dict[str, str], query: list[tuple[str, str]], body: bytes | None
) -> Asked:
    """The request as openapi-core reads it. Names with slashes (refs) are one segment there."""
    flat = {name: quote(value, safe="") for name, value in names.items()}
    path = template.format(**flat)
    parameters = RequestParameters(query=ImmutableMultiDict(query), header=Headers(), path=flat)
    return Asked(method.lower(), path, template, parameters, body or None)


def request_complaints(request: Asked) -> list[str]:
    """What is wrong with a request's address or with its body; [] when nothing is."""
    query = [*request.parameters.query.items(multi=True)]
    parts = {
        V30RequestParametersValidator: _digest(request.method, request.path, query),
        V30RequestBodyValidator: _digest(request.method, request.path_pattern, request.body),
    }
    found = []
    for part, seen in parts.items():
        if seen not in _FINE:
            wrong = _complaints(request, lambda part=part: _requests(part).validate_request(request))
            _FINE.update(() if wrong else [seen])
            found += wrong
    return found


def response_complaints(request: Asked, status: int, given: Any, headers: dict[str, str]) -> list[str]:
    """What is wrong with an answer whose JSON is `given` (None for none); [] when nothing is."""
    listed = responses(request.path_pattern, request.method)
    if status not in listed:
        undocumented = f"{request.method} {request.path}: status {status} is not documented"
        return [] if status in EVERYWHERE else [undocumented]
    if given is None:
        return []
    schema, listing = listed[status], isinstance(given, list) and given != []
    names = [
        _names(schema.get("items") if listing else schema, thing) for thing in (given if listing else [given])
    ]
    new = [at for at, name in enumerate(names) if not name <= _FINE]
    if not new:
        return []
    data = json.dumps([given[at] for at in new] if listing else given).encode()
    answer = Answered(status, data, Headers(headers))
    found = _complaints(request, lambda: description().validate_response(request, answer))
    _FINE.update(() if found else [name for at in new for name in names[at]])
    return found


def _names(schema: Any, thing: object) -> set[bytes]:
    """A digest of a thing for each schema that it has to satisfy."""
    return {_digest(each, thing) for each in (schema or {}).get("allOf", [schema])}


def _digest(*seen: object) -> bytes:
    """A name for what was seen that no other thing has."""
    return blake2b(repr(seen).encode(), digest_size=16).digest()


def _complaints(request: Asked, check: Callable[[], object]) -> list[str]:
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
