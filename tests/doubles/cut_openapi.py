"""GitHub's published OpenAPI description in, the part that the bot calls out.

    python tests/doubles/cut_openapi.py path/to/api.github.com.json

The file comes from the npm package `@octokit/openapi` (`generated/api.github.com.json`, MIT). What is kept: the
operations in CALLED with everything that they refer to. What is dropped: prose and examples, which no validator
reads. What is mended: nullable enums that do not list null, the array form of labels, which GitHub documents
in prose and accepts, but leaves out of the schema, and 404 for comments and reactions that are gone.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE / "openapi" / "github.json"

REPO = "/repos/{owner}/{repo}"
CALLED = {
    "/app": ["get"],
    "/app/installations/{installation_id}/access_tokens": ["post"],
    "/rate_limit": ["get"],
    "/user": ["get"],
    REPO: ["get"],
    f"{REPO}/installation": ["get"],
    f"{REPO}/issues": ["get", "post"],
    f"{REPO}/issues/{{issue_number}}": ["get", "patch"],
    f"{REPO}/issues/{{issue_number}}/comments": ["get", "post"],
    f"{REPO}/issues/{{issue_number}}/events": ["get"],
    f"{REPO}/issues/comments/{{comment_id}}": ["patch", "delete"],
    f"{REPO}/issues/comments/{{comment_id}}/reactions": ["get", "post"],
    f"{REPO}/issues/comments/{{comment_id}}/reactions/{{reaction_id}}": ["delete"],
    f"{REPO}/issues/{{issue_number}}/labels": ["post"],
    f"{REPO}/issues/{{issue_number}}/labels/{{name}}": ["delete"],
    f"{REPO}/labels": ["get", "post"],
    f"{REPO}/labels/{{name}}": ["get", "patch"],
    f"{REPO}/collaborators/{{username}}/permission": ["get"],
    f"{REPO}/compare/{{basehead}}": ["get"],
    f"{REPO}/commits/{{ref}}": ["get"],
    f"{REPO}/git/blobs": ["post"],
    f"{REPO}/git/blobs/{{file_sha}}": ["get"],
    f"{REPO}/git/trees": ["post"],
    f"{REPO}/git/trees/{{tree_sha}}": ["get"],
    f"{REPO}/git/commits": ["post"],
    f"{REPO}/git/commits/{{commit_sha}}": ["get"],
    f"{REPO}/git/ref/{{ref}}": ["get"],
    f"{REPO}/git/refs": ["post"],
    f"{REPO}/git/refs/{{ref}}": ["patch"],
    f"{REPO}/zipball/{{ref}}": ["get"],
    f"{REPO}/actions/runs/{{run_id}}": ["get"],
    f"{REPO}/actions/runs/{{run_id}}/artifacts": ["get"],
    f"{REPO}/actions/artifacts/{{artifact_id}}/{{archive_format}}": ["get"],
}
PROSE = {"description", "summary", "externalDocs", "examples", "example", "tags", "operationId"}


def cut(whole: dict[str, Any]) -> dict[str, Any]:
    """The description of CALLED alone, mended. KeyError where GitHub no longer publishes an operation."""
    paths = {path: _operations(whole["paths"][path], verbs) for path, verbs in CALLED.items()}
    part: dict[str, Any] = {
        "openapi": whole["openapi"],
        "info": _info(whole),
        "paths": paths,
        "components": {},
    }
    for reference in sorted(_references(paths, whole)):
        _, _, kind, name = reference.split("/")
        part["components"].setdefault(kind, {})[name] = whole["components"][kind][name]
    return _mend(_bare(part))


def _info(whole: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "The part of GitHub's REST API that triagebot calls",
        "version": whole["info"]["version"],
    }


def _operations(item: dict[str, Any], verbs: list[str]) -> dict[str, Any]:
    return {verb: item[verb] for verb in verbs} | {k: v for k, v in item.items() if k == "parameters"}


def _references(node: Any, whole: dict[str, Any], seen: set[str] | None = None) -> set[str]:
    seen = set() if seen is None else seen
    for reference in _direct(node):
        if reference not in seen and not reference.startswith("#/components/examples/"):
            seen.add(reference)
            _, _, kind, name = reference.split("/")
            _references(whole["components"][kind][name], whole, seen)
    return seen


def _direct(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in _direct(value)]
    return [found for value in node for found in _direct(value)] if isinstance(node, list) else []


def _bare(node: Any, names: bool = False) -> Any:
    """Without prose. `names` says that this dict's keys are names of things, which may be called "description"."""
    if isinstance(node, list):
        return [_bare(value) for value in node]
    if not isinstance(node, dict):
        return node
    kept = {k: v for k, v in node.items() if names or (k not in PROSE and not k.startswith("x-"))}
    bare = {
        k: _bare(v, names=not names and k in {"properties", "schemas", "parameters", "headers"})
        for k, v in kept.items()
    }
    if not names and "responses" in bare and "openapi" not in bare:
        bare["responses"] = {
            status: {"description": "", **response} for status, response in bare["responses"].items()
        }
    return bare


def _mend(part: dict[str, Any]) -> dict[str, Any]:
    _allow_null(part)
    for response in part["components"]["responses"].values():
        response.setdefault("description", "")
    for path in (
        f"{REPO}/issues/comments/{{comment_id}}",
        f"{REPO}/issues/comments/{{comment_id}}/reactions/{{reaction_id}}",
    ):
        for verb in CALLED[
            path
        ]:  # what is gone is answered with 404 there as everywhere, which nobody wrote down
            part["paths"][path][verb]["responses"].setdefault("404", {"description": ""})
    body = part["paths"][f"{REPO}/issues/{{issue_number}}/labels"]["post"]["requestBody"]
    forms = body["content"]["application/json"]["schema"]["oneOf"]
    if not any(form.get("type") == "array" for form in forms):
        forms.append({"type": "array", "minItems": 1, "items": {"type": "string"}})
    return part


def _allow_null(node: Any) -> None:
    """Null into every nullable enum: JSON Schema's enum would refuse what GitHub sends."""
    if isinstance(node, dict):
        if node.get("nullable") and isinstance(node.get("enum"), list) and None not in node["enum"]:
            node["enum"].append(None)
        for value in node.values():
            _allow_null(value)
    elif isinstance(node, list):
        for value in node:
            _allow_null(value)


if __name__ == "__main__":
    text = json.dumps(
        cut(json.loads(Path(sys.argv[1]).read_text("utf-8"))), sort_keys=True, separators=(",", ":")
    )
    TARGET.write_text(
        text.replace('"/repos', '\n"/repos').replace('"components":', '\n"components":') + "\n", "utf-8"
    )
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")
