"""A plan as JSON on disk, so that it can be read, approved and applied elsewhere.

In: a `Plan` or its text. Out: the other one. A file is data from outside: it is checked against the schema, nothing in
it is executed, and what it says is applied only where the tracker still is as it expects.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass
from dataclasses import fields as fields_of
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from triagebot.errors import UserError
from triagebot.plans.model import (
    Absent,
    AddComment,
    Change,
    CloseIssue,
    EditIssue,
    Held,
    LabelIssue,
    OpenIssue,
    Outcome,
    Plan,
    Present,
    ReopenIssue,
)
from triagebot.reports.model import Problem

SCHEMA = 1
_ACTIONS: dict[str, type[Change]] = {
    "open": OpenIssue,
    "edit": EditIssue,
    "comment": AddComment,
    "reopen": ReopenIssue,
    "close": CloseIssue,
    "label": LabelIssue,
}
_NAMES = {kind: name for name, kind in _ACTIONS.items()}


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan on disk: the name that its file was given, and the SHA-256 (hex) of its bytes, by which it is approved."""

    name: str
    sha256: str


def sha256_of(data: bytes) -> str:
    """The SHA-256 (hex) of a plan file's bytes."""
    return hashlib.sha256(data).hexdigest()


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Written(_Closed):
    """A change as it stands on disk: flat, with the action's name; what an action does not use is absent."""

    action: Literal["open", "edit", "comment", "reopen", "close", "label"]
    key: str
    issue: Annotated[int, Field(ge=1)] | None = None
    once: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    expects: Absent | Present
    title: str | None = None
    section: str | None = None
    body: str | None = None
    labels: tuple[str, ...] | None = None
    add: tuple[str, ...] | None = None
    remove: tuple[str, ...] | None = None
    state_reason: Literal["completed", "not_planned", "duplicate"] | None = None
    duplicate_of: Annotated[int, Field(ge=1)] | None = None
    outcome: dict[str, Any] | None = None


class _File(_Closed):
    """The whole file."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    run: str
    changes: tuple[_Written, ...]
    held: tuple[Held, ...] = ()
    problems: tuple[Problem, ...] = ()
    blocked: str = ""


def dump(
    plan: Plan, outcomes: Mapping[str, Outcome] | None = None, more: Mapping[str, Any] | None = None
) -> str:
    """The plan as JSON (schema 1), two spaces deep, ending in a line end.

    `outcomes` by once-key put an `outcome` into each change, and `more` stands beside the plan, for `triage --json`.
    """
    told = outcomes or {}
    document = {
        "schema": SCHEMA,
        "run": plan.run,
        "blocked": plan.blocked,
        "changes": [_write(change, told.get(change.once)) for change in plan.changes],
        "held": [asdict(held) for held in plan.held],
        "problems": [asdict(problem) for problem in plan.problems],
        **(more or {}),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def load(text: str, name: str) -> Plan:
    """The plan that `text` holds.

    Raises UserError naming `name` when it is not JSON, of a newer schema, or not a plan; with the next step.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"{name}: not JSON: {error}. Make it anew with `triagebot plan … -o {name}`."
        ) from None
    if isinstance(raw, dict) and isinstance(raw.get("schema"), int) and raw["schema"] > SCHEMA:
        raise UserError(
            f"{name}: a plan of schema {raw['schema']}, but this triagebot knows {SCHEMA}; upgrade triagebot."
        )
    try:
        return _plan(_File.model_validate_json(text))
    except (ValidationError, TypeError) as error:
        raise UserError(
            f"{name}: not a plan: {_first(error)}. Make it anew with `triagebot plan … -o {name}`."
        ) from None


def _write(change: Change, outcome: Outcome | None) -> dict[str, Any]:
    """A change as a flat object; what it leaves as it is is absent."""
    fields = {name: value for name, value in asdict(change).items() if value is not None}
    fields = {name: value for name, value in fields.items() if value != () or name not in {"add", "remove"}}
    written = {
        "action": _NAMES[type(change)],
        "key": change.key,
        "issue": fields.pop("issue", None),
        **fields,
    }
    if outcome is not None:
        written["outcome"] = {"status": outcome.status, "issue": outcome.issue, "detail": outcome.detail}
    return written


def _plan(file: _File) -> Plan:
    """The values of a checked file."""
    return Plan(file.run, tuple(map(_change, file.changes)), file.held, file.problems, file.blocked)


def _change(written: _Written) -> Change:
    """The change that an object describes. Raises TypeError when fields are missing, too many or of another action."""
    kind = _ACTIONS[written.action]
    known = {field.name: field.default is MISSING for field in fields_of(kind)}
    given = {name: getattr(written, name) for name in written.model_fields_set - {"action", "outcome"}}
    given = {name: value for name, value in given.items() if value is not None}
    if missing := [name for name, required in known.items() if required and name not in given]:
        raise TypeError(f"{written.action} of {written.key}: {missing[0]} is missing")
    if unknown := sorted(set(given) - set(known)):
        raise TypeError(f"{written.action} of {written.key}: {unknown[0]} does not belong there")
    if isinstance(written.expects, Absent) != (kind is OpenIssue):
        raise TypeError(f"{written.action} of {written.key}: expects does not fit the action")
    return kind(**given)


def _first(error: ValidationError | TypeError) -> str:
    """The first thing that is wrong, in one line."""
    if isinstance(error, TypeError):
        return str(error)
    detail = error.errors()[0]
    return f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}"
