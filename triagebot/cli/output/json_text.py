"""Values as the JSON that machines read. The shapes are contracts; `schema` says which."""

import json
from dataclasses import asdict
from typing import Any

from triagebot.causes import Cause
from triagebot.groups.model import Group, Incident
from triagebot.reports.model import Run

SCHEMA = 1
_MESSAGE_CHARS = 600


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


def cause_as_json(cause: Cause, known: Group) -> dict[str, Any]:
    """One cause: the keys of its groups, why they were joined, what sets its tests apart.

    What the clone knows of where its tests break is on `known`, the group that it is filed as.
    """
    return {
        "key": cause.key,
        "keys": list(cause.keys),
        "tests": list(dict.fromkeys(test for group in cause.groups for test in group.tests)),
        "joins": [asdict(join) for join in cause.joins],
        "explanations": [asdict(explanation) for explanation in cause.explanations],
        "parts": [asdict(place) for place in known.places],
        "code": known.code or None,
        "code_owners": list(known.code_owners),
        "suspects": [
            asdict(suspect) | {"at": suspect.at.isoformat().replace("+00:00", "Z") if suspect.at else None}
            for suspect in known.suspects
        ],
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
        "aliases": list(signature.known_as[1:]),
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
            {
                "test": f.test,
                "project": f.project or None,
                "leg": f.leg or None,
                "phase": f.phase,
                "variant": wording,
                "message": f.message[:_MESSAGE_CHARS],
                "attachments": [
                    {"name": a.name, "path": a.path, "content_type": a.content_type} for a in f.attachments
                ],
            }
            for f, wording in zip(group.failures, group.wordings or [""] * len(group.failures), strict=True)
        ],
    }


def dumps(value: Any) -> str:
    """One line of JSON, with lone surrogates escaped so that any stream can take it."""
    return json.dumps(value, ensure_ascii=True)
