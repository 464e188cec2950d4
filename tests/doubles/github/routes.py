"""GitHub's endpoints over the world: method and path template to a function of one call.

In: a `Call` with names from the path, query, JSON body and the actor. Out: an `Answer`. Every function here answers
what GitHub's documentation says for that endpoint, refusals included, and nothing but what the bot uses.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.github import shapes
from tests.doubles.github.world import Actor, Comment, Issue, World

LEVELS = {"": 0, "read": 1, "write": 2}


@dataclass
class Call:
    """One request as an endpoint sees it. `api` is the address under which the API is served."""

    world: World
    api: str
    names: dict[str, str]
    query: dict[str, str]
    body: Any
    actor: Actor
    stale: bool = False

    @property
    def repo_api(self) -> str:
        """Address of the repository's part of the API."""
        return f"{self.api}/repos/{self.world.owner}/{self.world.name}"


@dataclass
class Answer:
    """What is sent back. `items` is a list that the server cuts into pages; `data` raw bytes."""

    status: int = 200
    json: Any = None
    items: list[Any] | None = None
    wrap: str = ""
    data: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


Endpoint = Callable[[Call], Answer]
ROUTES: dict[tuple[str, str], tuple[Endpoint, str, str]] = {}
REPO = "/repos/{owner}/{repo}"


def route(
    method: str, template: str, permission: str = "metadata", level: str = "read"
) -> Callable[[Endpoint], Endpoint]:
    """Registers an endpoint and what a token needs for it."""

    def register(endpoint: Endpoint) -> Endpoint:
        ROUTES[method, template] = (endpoint, permission, level)
        return endpoint

    return register


def find(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The template that a path matches and the names in it; None for an address that the double does not have."""
    for known_method, template in ROUTES:
        if known_method == method and (match := _pattern(template).fullmatch(path)):
            return template, match.groupdict()
    return None


def _pattern(template: str) -> re.Pattern[str]:
    named = re.sub(
        r"\{(\w+)\}", lambda m: f"(?P<{m[1]}>{'.+' if m[1] in ('ref', 'basehead') else '[^/]+'})", template
    )
    return re.compile(named)


def answer(template: str, method: str, call: Call) -> Answer:
    """The endpoint's answer, or GitHub's refusal for a token that may not."""
    endpoint, permission, level = ROUTES[method, template]
    if LEVELS[call.actor.permissions.get(permission, "")] < LEVELS[level]:
        refused = error(403, "Resource not accessible by integration")
        refused.headers["x-accepted-github-permissions"] = f"{permission}={level}"
        return refused
    if "owner" in call.names and (call.names["owner"], call.names["repo"]) != (
        call.world.owner,
        call.world.name,
    ):
        return error(404, "Not Found")
    return endpoint(call)


def error(status: int, message: str, **more: Any) -> Answer:
    """An error as GitHub words it."""
    return Answer(
        status,
        {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            "status": str(status),
            **more,
        },
    )


def invalid(resource: str, field_name: str, code: str) -> Answer:
    """GitHub's 422 for a field."""
    return error(422, "Validation Failed", errors=[{"resource": resource, "field": field_name, "code": code}])


def elsewhere(api: str) -> Answer:
    """An issue in the repository that one of ours was moved to."""
    world = World()
    world.name = "elsewhere"
    return Answer(json=shapes.issue(world, world.open("moved", "", "ada"), api))


@route("GET", REPO)
def get_repository(call: Call) -> Answer:
    return Answer(json=shapes.repository(call.world, call.api))


@route("GET", "/rate_limit")
def get_rate_limit(call: Call) -> Answer:
    rate = {
        "limit": 1000,
        "remaining": call.actor.remaining,
        "reset": call.actor.reset,
        "used": 1000 - call.actor.remaining,
    }
    return Answer(json={"resources": {"core": rate, "search": rate}, "rate": rate})


@route("GET", "/user")
def get_user(call: Call) -> Answer:
    if call.actor.login.endswith("[bot]"):
        return error(403, "Resource not accessible by integration")
    return Answer(json=shapes.account(call.actor.login, call.api))


@route("GET", "/app", "app")
def get_app(call: Call) -> Answer:
    return Answer(json={
        "id": 1, "slug": "triage-app", "node_id": "A_1", "owner": shapes.user("acme", call.api), "name": "Triage app",
        "description": None, "external_url": call.api, "html_url": call.api, "created_at": "2025-01-01T00:00:00Z",
        "updated_at": "2025-01-01T00:00:00Z", "permissions": {"issues": "write"}, "events": [],
    })  # fmt: skip


@route("GET", f"{REPO}/issues", "issues")
def list_issues(call: Call) -> Answer:
    if not call.world.has_issues:
        return error(404, "Not Found")
    if call.world.refuses_apps and call.query.get("creator", "").endswith("[bot]"):
        return invalid("Issue", "creator", "invalid")
    issues = [seen for issue in call.world.issues.values() if (seen := _as_listed(issue, call.stale))]
    issues = [issue for issue in issues if not issue.gone and _wanted(issue, call)]
    key = {"updated": lambda i: i.updated_at}.get(call.query.get("sort", ""), lambda i: i.created_at)
    issues.sort(key=lambda i: (key(i), i.number), reverse=call.query.get("direction", "desc") == "desc")
    return Answer(items=[shapes.issue(call.world, issue, call.api) for issue in issues])


def _as_listed(issue: Issue, stale: bool) -> Issue | None:
    """An issue as a list shows it; a stale list shows what was there before the last write."""
    return issue.before if stale else issue


def _wanted(issue: Issue, call: Call) -> bool:
    labels = {name.lower() for name in call.query.get("labels", "").split(",") if name}
    has = {name.lower() for name in issue.labels}
    state = call.query.get("state", "open")
    return (
        labels <= has
        and _is_creator(issue, call)
        and state in ("all", issue.state)
        and (shapes.when(issue.updated_at) or "") >= call.query.get("since", "")
    )


def _is_creator(issue: Issue, call: Call) -> bool:
    wanted = call.query.get("creator")
    if wanted is None:
        return True
    return wanted.lower() == issue.user.lower() and (call.world.knows_apps or not wanted.endswith("[bot]"))


def _issue(call: Call) -> Issue | Answer:
    """The issue of this call, or why there is none."""
    issue = call.world.issues.get(int(call.names["issue_number"]))
    if issue is None or issue.gone == "deleted for outsiders":
        return error(404, "Not Found")
    if issue.gone == "transferred":
        return Answer(
            301,
            {"message": "Moved Permanently", "url": call.api + "/x"},
            headers={"location": f"{call.api}/repositories/2/issues/1"},
        )
    return error(410, "This issue was deleted") if issue.gone else issue


@route("POST", f"{REPO}/issues", "issues", "write")
def create_issue(call: Call) -> Answer:
    if not call.world.has_issues:
        return error(410, "Issues has been disabled in this repository.")
    if len(call.body.get("body") or "") > 65_536:
        return error(
            422,
            "Validation Failed",
            errors=[
                {
                    "resource": "Issue",
                    "code": "custom",
                    "field": "body",
                    "message": "body is too long (maximum is 65536 characters)",
                }
            ],
        )
    labels = tuple(call.body.get("labels", ())) if call.actor.push else ()
    issue = call.world.open(str(call.body["title"]), call.body.get("body"), call.actor.login, labels)
    return Answer(201, shapes.issue(call.world, issue, call.api))


@route("GET", f"{REPO}/issues/{{issue_number}}", "issues")
def get_issue(call: Call) -> Answer:
    issue = _issue(call)
    return issue if isinstance(issue, Answer) else Answer(json=shapes.issue(call.world, issue, call.api))


@route("PATCH", f"{REPO}/issues/{{issue_number}}", "issues", "write")
def update_issue(call: Call) -> Answer:
    issue = _issue(call)
    if isinstance(issue, Answer):
        return issue
    if len(call.body.get("body") or "") > 65_536:
        return invalid("Issue", "body", "custom")
    if call.body.get("state_reason") == "duplicate" and not _known_id(
        call, call.body.get("duplicate_issue_id")
    ):
        return invalid("Issue", "duplicate_issue_id", "invalid")
    fields = call.body if call.actor.push else {k: v for k, v in call.body.items() if k != "labels"}
    return Answer(json=shapes.issue(call.world, call.world.patch(issue, call.actor.login, fields), call.api))


def _known_id(call: Call, wanted: int | None) -> bool:
    return wanted is None or any(issue.id == wanted for issue in call.world.issues.values())


@route("GET", f"{REPO}/issues/{{issue_number}}/comments", "issues")
def list_comments(call: Call) -> Answer:
    issue = _issue(call)
    if isinstance(issue, Answer):
        return issue
    return Answer(
        items=[shapes.comment(call.world, issue.number, comment, call.api) for comment in issue.comments]
    )


@route("POST", f"{REPO}/issues/{{issue_number}}/comments", "issues", "write")
def create_comment(call: Call) -> Answer:
    issue = _issue(call)
    if isinstance(issue, Answer):
        return issue
    if issue.locked:
        return error(403, "Unable to create comment because issue is locked.")
    comment = call.world.comment(issue.number, call.actor.login, call.body["body"])
    return Answer(201, shapes.comment(call.world, issue.number, comment, call.api))


def _comment(call: Call) -> tuple[Issue, Comment] | Answer:
    """The comment of this call with its issue, or why there is none."""
    return call.world.find_comment(int(call.names["comment_id"])) or error(404, "Not Found")


@route("PATCH", f"{REPO}/issues/comments/{{comment_id}}", "issues", "write")
def update_comment(call: Call) -> Answer:
    found = _comment(call)
    if isinstance(found, Answer):
        return found
    call.world.edit_comment(found[1].id, call.body["body"])
    return Answer(json=shapes.comment(call.world, found[0].number, found[1], call.api))


@route("DELETE", f"{REPO}/issues/comments/{{comment_id}}", "issues", "write")
def delete_comment(call: Call) -> Answer:
    found = _comment(call)
    if isinstance(found, Answer):
        return found
    found[0].comments.remove(found[1])
    return Answer(204)


@route("GET", f"{REPO}/issues/comments/{{comment_id}}/reactions", "issues")
def list_reactions(call: Call) -> Answer:
    found = _comment(call)
    if isinstance(found, Answer):
        return found
    wanted = call.query.get("content")
    given = [one for one in found[1].reactions if wanted in (None, one[2])]
    return Answer(items=[shapes.reaction(*one, found[1].at, call.api) for one in given])


@route("POST", f"{REPO}/issues/comments/{{comment_id}}/reactions", "issues", "write")
def create_reaction(call: Call) -> Answer:
    found = _comment(call)
    if isinstance(found, Answer):
        return found
    issue, comment = found
    if issue.locked:
        return error(403, "Unable to create reaction because issue is locked.")
    mine = [one for one in comment.reactions if one[1:] == (call.actor.login, call.body["content"])]
    if not mine:
        mine = [(call.world.next_id(), call.actor.login, call.body["content"])]
        comment.reactions += mine
        return Answer(201, shapes.reaction(*mine[0], comment.at, call.api))
    return Answer(200, shapes.reaction(*mine[0], comment.at, call.api))


@route("DELETE", f"{REPO}/issues/comments/{{comment_id}}/reactions/{{reaction_id}}", "issues", "write")
def delete_reaction(call: Call) -> Answer:
    found = _comment(call)
    if isinstance(found, Answer):
        return found
    there = [one for one in found[1].reactions if one[0] == int(call.names["reaction_id"])]
    if not there or there[0][1] != call.actor.login:
        return error(404, "Not Found")
    found[1].reactions.remove(there[0])
    return Answer(204)


@route("GET", f"{REPO}/issues/{{issue_number}}/events", "issues")
def list_events(call: Call) -> Answer:
    issue = _issue(call)
    if isinstance(issue, Answer):
        return issue
    return Answer(items=[shapes.event(call.world, event, call.api) for event in issue.events])


@route("POST", f"{REPO}/issues/{{issue_number}}/labels", "issues", "write")
def add_labels(call: Call) -> Answer:
    issue = _issue(call)
    if isinstance(issue, Answer):
        return issue
    names = call.body if isinstance(call.body, list) else call.body["labels"]
    if call.actor.push:
        call.world.touch(issue)
        call.world.add_labels(issue, list(names), call.actor.login)
    return Answer(items=[shapes.label(call.world, name, call.api) for name in issue.labels])


@route("DELETE", f"{REPO}/issues/{{issue_number}}/labels/{{name}}", "issues", "write")
def remove_label(call: Call) -> Answer:
    issue = _issue(call)
    if isinstance(issue, Answer):
        return issue
    if not call.world.remove_label(issue.number, call.names["name"], call.actor.login):
        return error(404, "Label does not exist")
    return Answer(items=[shapes.label(call.world, name, call.api) for name in issue.labels])


@route("GET", f"{REPO}/labels", "issues")
def list_labels(call: Call) -> Answer:
    return Answer(items=[shapes.label(call.world, name, call.api) for name in call.world.labels])


@route("POST", f"{REPO}/labels", "issues", "write")
def create_label(call: Call) -> Answer:
    name = call.body["name"]
    if call.world.spelled(name) in call.world.labels:
        return invalid("Label", "name", "already_exists")
    if len(name) > 50 or len(call.body.get("description") or "") > 100:
        return invalid("Label", "name", "custom")
    call.world.labels[name] = call.world.label(
        name, call.body.get("color", "ededed"), call.body.get("description")
    )
    return Answer(201, shapes.label(call.world, name, call.api))


@route("GET", f"{REPO}/labels/{{name}}", "issues")
def get_label(call: Call) -> Answer:
    name = call.world.spelled(call.names["name"])
    return (
        Answer(json=shapes.label(call.world, name, call.api))
        if name in call.world.labels
        else error(404, "Not Found")
    )


@route("PATCH", f"{REPO}/labels/{{name}}", "issues", "write")
def update_label(call: Call) -> Answer:
    name = call.world.spelled(call.names["name"])
    if name not in call.world.labels:
        return error(404, "Not Found")
    call.world.labels[name] |= {k: v for k, v in call.body.items() if k in ("color", "description")}
    return Answer(json=shapes.label(call.world, name, call.api))


@route("GET", f"{REPO}/collaborators/{{username}}/permission")
def get_permission(call: Call) -> Answer:
    login = call.names["username"]
    role = call.world.roles.get(login, "read")
    if role == "unknown":
        return error(404, f"{login} is not a user")
    legacy = {"triage": "read", "maintain": "write"}.get(role, role)
    return Answer(
        json={
            "permission": legacy,
            "role_name": role,
            "user": {**shapes.user(login, call.api), "role_name": role},
        }
    )


@route("GET", f"{REPO}/compare/{{basehead}}", "contents")
def compare(call: Call) -> Answer:
    base, _, head = call.names["basehead"].partition("...")
    known = call.world.commits
    if base not in known or head not in known:
        return error(404, "Not Found")
    behind = call.world.ancestors(base) - call.world.ancestors(head)
    ahead = call.world.ancestors(head) - call.world.ancestors(base)
    status = {(0, 0): "identical", (1, 0): "ahead", (0, 1): "behind"}.get(
        (bool(ahead), bool(behind)), "diverged"
    )
    url = f"{call.repo_api}/compare/{base}...{head}"
    commit = shapes.commit(base, call.world, call.api)
    first = call.query.get("page", "1") == "1"
    commits = [
        shapes.commit(sha, call.world, call.api) for sha in call.world.commits if sha in ahead and first
    ]
    return Answer(json={
        "url": url, "html_url": url, "permalink_url": url, "diff_url": url, "patch_url": url, "base_commit": commit,
        "merge_base_commit": commit, "status": status, "ahead_by": len(ahead), "behind_by": len(behind),
        "total_commits": len(ahead), "commits": commits, "files": [],
    })  # fmt: skip


@route("GET", f"{REPO}/commits/{{ref}}", "contents")
def commit_of_code(call: Call) -> Answer:
    sha = call.names["ref"]
    if sha not in call.world.commits:
        return error(422, f"No commit found for SHA: {sha}")
    return Answer(json=shapes.commit(sha, call.world, call.api) | shapes.files(sha, call.world, call.api))


@route("POST", f"{REPO}/git/blobs", "contents", "write")
def create_blob(call: Call) -> Answer:
    raw = call.body["content"]
    data = base64.b64decode(raw) if call.body.get("encoding") == "base64" else raw.encode()
    sha = call.world.keep("blob", {"data": data}, data)
    return Answer(201, {"sha": sha, "url": f"{call.repo_api}/git/blobs/{sha}"})


@route("GET", f"{REPO}/git/blobs/{{file_sha}}", "contents")
def get_blob(call: Call) -> Answer:
    kept = call.world.objects.get(call.names["file_sha"])
    return (
        Answer(json=shapes.blob(call.names["file_sha"], kept["data"], call.repo_api))
        if kept
        else error(404, "Not Found")
    )


@route("POST", f"{REPO}/git/trees", "contents", "write")
def create_tree(call: Call) -> Answer:
    base = call.world.objects.get(call.body.get("base_tree") or "", {"entries": {}})
    entries = dict(base["entries"])
    for given in call.body["tree"]:
        entry = {"mode": given.get("mode", "100644"), "type": "blob", "sha": given.get("sha")}
        if given.get("sha") is None and "content" not in given:
            entries.pop(given["path"], None)
        elif entry["sha"] not in call.world.objects:
            return error(422, f"tree.sha {given['sha']} is not a valid blob")
        else:
            entries[given["path"]] = entry
    sha = call.world.keep("tree", {"entries": entries}, repr(sorted(entries.items())).encode())
    return Answer(201, shapes.git_tree(sha, entries, call.repo_api))


@route("GET", f"{REPO}/git/trees/{{tree_sha}}", "contents")
def get_tree(call: Call) -> Answer:
    kept = call.world.objects.get(call.names["tree_sha"])
    if kept and kept["kind"] == "commit":
        kept = call.world.objects[kept["tree"]]
    return (
        Answer(json=shapes.git_tree(call.names["tree_sha"], kept["entries"], call.repo_api))
        if kept
        else error(404, "Not Found")
    )


@route("POST", f"{REPO}/git/commits", "contents", "write")
def create_commit(call: Call) -> Answer:
    given = call.body
    value = {
        "tree": given["tree"],
        "parents": given.get("parents", []),
        "message": given["message"],
        "at": shapes.when(call.world.clock()),
    }
    sha = call.world.keep("commit", value, repr((value, call.world.next_id())).encode())
    return Answer(201, shapes.git_commit(sha, call.world.objects[sha], call.repo_api))


@route("GET", f"{REPO}/git/commits/{{commit_sha}}", "contents")
def get_commit(call: Call) -> Answer:
    kept = call.world.objects.get(call.names["commit_sha"])
    return (
        Answer(json=shapes.git_commit(call.names["commit_sha"], kept, call.repo_api))
        if kept
        else error(404, "Not Found")
    )


@route("GET", f"{REPO}/git/ref/{{ref}}", "contents")
def get_ref(call: Call) -> Answer:
    ref = f"refs/{call.names['ref']}"
    return (
        Answer(json=shapes.git_ref(ref, call.world.refs[ref], call.repo_api))
        if ref in call.world.refs
        else error(404, "Not Found")
    )


@route("POST", f"{REPO}/git/refs", "contents", "write")
def create_ref(call: Call) -> Answer:
    ref, sha = call.body["ref"], call.body["sha"]
    if ref in call.world.refs:
        return error(422, "Reference already exists")
    call.world.refs[ref] = sha
    return Answer(201, shapes.git_ref(ref, sha, call.repo_api))


@route("PATCH", f"{REPO}/git/refs/{{ref}}", "contents", "write")
def update_ref(call: Call) -> Answer:
    ref, sha = f"refs/{call.names['ref']}", call.body["sha"]
    if ref not in call.world.refs:
        return error(422, "Reference does not exist")
    if not call.body.get("force") and not _descends(call.world, sha, call.world.refs[ref]):
        return error(422, "Update is not a fast forward")
    call.world.refs[ref] = sha
    return Answer(json=shapes.git_ref(ref, sha, call.repo_api))


def _descends(world: World, sha: str, ancestor: str) -> bool:
    todo = [sha]
    while todo:
        found = todo.pop()
        if found == ancestor:
            return True
        todo += world.objects.get(found, {}).get("parents", [])
    return False


@route("GET", f"{REPO}/actions/runs/{{run_id}}", "actions")
def get_run(call: Call) -> Answer:
    run = call.world.runs.get(int(call.names["run_id"]))
    return Answer(json=shapes.workflow_run(run, call.world, call.api)) if run else error(404, "Not Found")


@route("GET", f"{REPO}/actions/runs/{{run_id}}/artifacts", "actions")
def list_artifacts(call: Call) -> Answer:
    found = [
        a
        for a in call.world.artifacts
        if a.run == int(call.names["run_id"]) and call.query.get("name", a.name) == a.name
    ]
    return Answer(items=[shapes.artifact(artifact, call.repo_api) for artifact in found], wrap="artifacts")


@route("GET", f"{REPO}/actions/artifacts/{{artifact_id}}/{{archive_format}}", "actions")
def download_artifact(call: Call) -> Answer:
    artifact = next((a for a in call.world.artifacts if a.id == int(call.names["artifact_id"])), None)
    if artifact is None or artifact.expired:
        return error(410, "Artifact has expired")
    default = f"{call.api}/storage/{artifact.id}.zip?sig=s1gned"
    return Answer(302, headers={"location": default if artifact.location is None else artifact.location})


@route("GET", f"{REPO}/zipball/{{ref}}", "contents")
def download_branch(call: Call) -> Answer:
    ref = f"refs/heads/{call.names['ref']}"
    if ref not in call.world.refs:
        return error(404, "Not Found")
    return Answer(302, headers={"location": f"{call.api}/storage/branch/{call.world.refs[ref]}.zip"})


@route("GET", f"{REPO}/installation", "app")
def get_installation(call: Call) -> Answer:
    return Answer(json={
        "id": 77, "app_id": 1, "app_slug": "triage-app", "target_id": 1, "target_type": "Organization", "single_file_name": None,
        "repository_selection": "all", "access_tokens_url": f"{call.api}/app/installations/77/access_tokens", "html_url": call.api,
        "repositories_url": call.api, "events": [], "account": shapes.user("acme", call.api), "permissions": {"issues": "write"},
        "created_at": "2025-01-01T00:00:00Z", "updated_at": "2025-01-01T00:00:00Z", "suspended_by": None, "suspended_at": None,
    })  # fmt: skip


@route("POST", "/app/installations/{installation_id}/access_tokens", "app")
def create_token(call: Call) -> Answer:
    token = f"ghs_{call.world.next_id()}"
    call.world.actors[token] = Actor("triage-app[bot]")
    return Answer(
        201,
        {
            "token": token,
            "expires_at": "2099-01-01T00:00:00Z",
            "permissions": {"issues": "write"},
            "repository_selection": "all",
        },
    )
