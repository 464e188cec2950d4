"""Values as the JSON that machines read. The shapes are contracts; `schema` says which."""

import json
from collections.abc import Sequence
from typing import Any

from triagebot.groups.model import Group, Incident
from triagebot.redact import Redactor
from triagebot.reports.model import Run

SCHEMA = 1
_MESSAGE_CHARS = 600
_PARTS = 16


def grouped(run: Run, groups: tuple[Group, ...], incidents: tuple[Incident, ...]) -> dict[str, Any]:
    """`group --json`: the run, its totals, every group with every failure, incidents and problems."""
    return {
        "schema": SCHEMA,
        "run": run_as_json(run),
        "totals": {name: getattr(run.totals, name) for name in run.totals.__slots__},
        "groups": [group_as_json(group) for group in groups],
        "incidents": [{"key": i.key, "title": i.title, "parts": list(i.parts)} for i in incidents],
        "problems": [{"path": p.path, "reason": p.reason} for p in run.problems],
    }


def run_as_json(run: Run) -> dict[str, Any]:
    """The run without its cases."""
    return {
        "id": run.id,
        "formats": list(run.formats),
        "started": run.started.isoformat().replace("+00:00", "Z") if run.started else None,
        "duration_s": run.duration_s,
        "exit_code": run.exit_code,
        "status": run.status,
        "complete": run.complete,
        "doubted": run.doubted,
        "idle": run.idle or None,
        "environment": run.environment,
        "branch": run.branch,
        "commit": run.commit,
        "revision": run.revision,
    }


def group_as_json(group: Group) -> dict[str, Any]:
    """One group: identity, where it was seen, what is at risk, every failure."""
    signature = group.signature
    return {
        "key": signature.key,
        "algorithm": signature.algorithm,
        "kind": signature.kind,
        "slots": dict(signature.slots),
        "aliases": list(signature.aliases),
        "hosts": list(signature.hosts),
        "title": signature.title,
        "priority": group.impact.priority,
        "impact": {
            "suites": list(group.impact.suites),
            "areas": list(group.impact.areas),
            "owners": list(group.impact.owners),
            "risks": [
                {"text": r.text, "amount": r.amount, "unit": r.unit, "stream": r.stream}
                for r in group.impact.risks
            ],
        },
        "hints": list(group.hints),
        "tests": list(group.tests),
        "failures": [
            {"test": f.test, "phase": f.phase, "variant": said, "message": f.message[:_MESSAGE_CHARS]}
            for f, said in zip(group.failures, group.said or [""] * len(group.failures), strict=True)
        ],
    }


def dumps(value: Any, redactor: Redactor) -> str:
    """One line of JSON without secrets, with lone surrogates escaped so that any stream can take it.

    Text without a secret, the usual case, is looked at once as a whole. Where something is found, the strings that hold
    it are sought out and go through the redactor on their own: a finding never crosses from one string into another.
    """
    strings: list[str] = []
    _gather(value, strings)
    secret = _secret(list(dict.fromkeys(strings)), redactor)
    if secret:
        value = _with_ids(_cleaned(value, secret, redactor), value, redactor)
    return json.dumps(value, ensure_ascii=True)


def _gather(value: Any, strings: list[str]) -> None:
    """Append every string in a JSON value but the names of its members, which are ours."""
    if isinstance(value, str):
        strings.append(value)
    elif isinstance(value, dict):
        for member in value.values():
            _gather(member, strings)
    elif isinstance(value, list | tuple):
        for member in value:
            _gather(member, strings)


def _secret(strings: Sequence[str], redactor: Redactor) -> set[str]:
    """Those of the strings in which something is found: looked at together, and in ever smaller parts where that finds any."""
    whole = "\n".join(strings)
    if redactor.text(whole) == whole:
        return set()
    if len(strings) == 1:
        return set(strings)
    size = -(-len(strings) // _PARTS)
    parts = (strings[at : at + size] for at in range(0, len(strings), size))
    return {string for part in parts for string in _secret(part, redactor)}


def _cleaned(value: Any, secret: set[str], redactor: Redactor) -> Any:
    """The value with these strings cleaned."""
    if isinstance(value, str):
        return redactor.text(value) if value in secret else value
    if isinstance(value, dict):
        return {name: _cleaned(member, secret, redactor) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(member, secret, redactor) for member in value]
    return value


def _with_ids(cleaned: Any, value: Any, redactor: Redactor) -> Any:
    """The cleaned value with the ids of its tests as they are where nothing but an e-mail address was found in them.

    An id stands in the tests' own code, and has to be the same in every run for people to run that test again.
    """
    for group, before in zip(cleaned.get("groups", ()), value.get("groups", ()), strict=True):
        tests = zip(group["tests"], before["tests"], strict=True)
        group["tests"] = [_id(new, old, redactor) for new, old in tests]
        for failure, old in zip(group["failures"], before["failures"], strict=True):
            failure["test"] = _id(failure["test"], old["test"], redactor)
    return cleaned


def _id(cleaned: str, test: str, redactor: Redactor) -> str:
    """A test's id without secrets; `cleaned` is the id without e-mail addresses, too."""
    if cleaned == test:
        return test
    return test if all(receipt.kind == "email" for receipt in redactor.clean(test).receipts) else cleaned
