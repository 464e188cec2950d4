"""Newman's JSON (Postman): one execution for each request of the collection and iteration.

In: a `File`. Out: a `Report`. A case is an assertion, as in Newman's JUnit: where its request got no answer, that is what it
failed with. A request without assertions, and one whose script broke, is a case of its own.
Source: https://github.com/postmanlabs/newman#json-reporter
"""

import re
from collections.abc import Iterator
from typing import Any

from triagebot.reports.decoding import File
from triagebot.reports.json_documents import document_of
from triagebot.reports.json_values import count, items, mapping, moment, number, string
from triagebot.reports.limits import NoReport
from triagebot.reports.model import Case, CaseOutcome, Report, Section
from triagebot.reports.runner_cases import AttemptResult, Error, case, raised, report, seconds

NAME = "newman-json"

_KEYS = re.compile(r'\{\s{0,20}"(?:collection|run)"\s{0,9}:')
"""How a file begins that Newman may have written. Hit: `{"collection": {`. Miss: `{"stats": {`."""


def looks(head: str) -> bool:
    """Whether a text starts like Newman's JSON, whose collection comes first."""
    start = head.lstrip("\ufeff \t\r\n")
    return bool(_KEYS.match(start)) and any(
        f'"{key}"' in head for key in ("item", "_postman_id", "executions", "info")
    )


def read(file: File) -> Report:
    """The Report of Newman's JSON."""
    document = mapping(document_of(file))
    run = mapping(document.get("run"))
    if not isinstance(run.get("executions"), list):
        raise NoReport("JSON, but not Newman's: it has no executions")
    timings = mapping(run.get("timings"))
    start, stop = number(timings.get("started")), number(timings.get("completed"))
    return report(
        file,
        NAME,
        list(_cases(document, run)),
        started=moment(start / 1000) if start else None,
        duration_s=(stop - start) / 1000 if start and stop and stop >= start else None,
        problems=[f"the run ended with: {string(run['error'])[:300]}"] if run.get("error") else [],
        complete=not run.get("error"),
    )


def _cases(document: dict[str, Any], run: dict[str, Any]) -> Iterator[Case]:
    collection = mapping(document.get("collection"))
    homes = dict(_folders(collection))
    title = string(mapping(collection.get("info")).get("name"))
    broken: dict[str, list[dict[str, Any]]] = {}
    for failure in map(mapping, items(run.get("failures"))):
        broken.setdefault(string(mapping(failure.get("cursor")).get("ref")), []).append(failure)
    several = (count(mapping(mapping(run.get("stats")).get("iterations")).get("total")) or 1) > 1
    for execution in map(mapping, run["executions"]):
        item, cursor = mapping(execution.get("item")), mapping(execution.get("cursor"))
        name = " / ".join([*homes.get(string(item.get("id")), ()), string(item.get("name"))])
        iteration = f"iteration {(count(cursor.get('iteration')) or 0) + 1}" if several else ""
        for names, told in _result(execution, broken.get(string(cursor.get("ref")), [])):
            yield case("::".join(filter(None, (title, name, *names))), [told], iteration)


def _folders(collection: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The folders around each item, by its id."""
    waiting: list[tuple[dict[str, Any], tuple[str, ...]]] = [(collection, ())]
    while waiting:
        folder, around = waiting.pop()
        for item in map(mapping, items(folder.get("item"))):
            yield string(item.get("id")), around
            if isinstance(item.get("item"), list):
                waiting.append((item, (*around, string(item.get("name")))))


def _result(
    execution: dict[str, Any], broken: list[dict[str, Any]]
) -> Iterator[tuple[tuple[str, ...], AttemptResult]]:
    """What each assertion came to, with its name; without a name, what the request itself came to."""
    response = mapping(execution.get("response"))
    took = seconds(response.get("responseTime"), 1000)
    sections = (Section("request", _request(execution, response)),)
    unanswered = _raised(broken, "request") or _held(execution, "requestError")
    asserted: dict[str, list[dict[str, Any]]] = {}
    for one in map(mapping, items(execution.get("assertions"))):
        asserted.setdefault(string(one.get("assertion")), []).append(one)
    red = False
    for name, held in asserted.items():
        errors = [mapping(one["error"]) for one in held if mapping(one.get("error"))]
        red = red or bool(errors)
        skipped: CaseOutcome = "skipped" if all(one.get("skipped") for one in held) else "passed"
        told = tuple(map(_error, errors and (unanswered or errors)))
        yield (name,), AttemptResult("failed" if errors else skipped, told, took, sections if errors else ())
    errors = _of_scripts(execution, broken) or ([] if red else unanswered)
    if errors or not asserted:
        yield (), AttemptResult("error" if errors else "passed", tuple(map(_error, errors)), took, sections)


def _raised(broken: list[dict[str, Any]], *places: str) -> list[dict[str, Any]]:
    """The errors that the run names for a request, of those that happened at these places."""
    return [mapping(one.get("error")) for one in broken if string(one.get("at")).startswith(places)]


def _of_scripts(execution: dict[str, Any], broken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = ("prerequestScript", "testScript")
    return _raised(broken, "prerequest", "test-script") or [
        error
        for kind in kinds
        for one in items(execution.get(kind))
        for error in _held(mapping(one), "error")
    ]


def _held(value: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [mapping(value[key])] if mapping(value.get(key)) else []


def _error(error: dict[str, Any]) -> Error:
    message = string(error.get("message")) or " ".join(
        string(error[key]) for key in ("syscall", "code", "address", "hostname") if error.get(key)
    )
    name = string(error.get("name"))
    typed = f"{name}: {message}" if name not in {"", "Error"} and not message.startswith(name) else message
    tried = string(error.get("test"))
    said = raised(typed, string(error.get("stack")) if message else "")
    return Error(said.message, f"{said.text}\nassertion: {tried}" if tried else said.text)


def _request(execution: dict[str, Any], response: dict[str, Any]) -> str:
    request = mapping(execution.get("request"))
    url = mapping(request.get("url"))
    host, path = ".".join(map(string, items(url.get("host")))), "/".join(map(string, items(url.get("path"))))
    port = f":{string(url['port'])}" if url.get("port") else ""
    answer = f"{string(response.get('code'))} {string(response.get('status'))}".strip() or "no answer"
    return f"{string(request.get('method'))} {string(url.get('protocol')) or 'http'}://{host}{port}/{path}: {answer}"
