"""The JSON in which GitHub tells things. In: a piece of the world and the API's address. Out: a dict, as sent."""

import base64
from datetime import datetime
from typing import Any

from tests.doubles.github.world import Artifact, Comment, Event, Issue, WorkflowRun, World

USER_URLS = (
    "events",
    "followers",
    "following",
    "gists",
    "organizations",
    "received_events",
    "repos",
    "starred",
    "subscriptions",
)
REPO_URLS = [
    "archive",
    "assignees",
    "blobs",
    "branches",
    "collaborators",
    "comments",
    "commits",
    "compare",
    "contents",
    "contributors",
    "deployments",
    "downloads",
    "events",
    "forks",
    "git_commits",
    "git_refs",
    "git_tags",
    "hooks",
    "issue_comment",
    "issue_events",
    "issues",
    "keys",
    "labels",
    "languages",
    "merges",
    "milestones",
    "notifications",
    "pulls",
    "releases",
    "stargazers",
    "statuses",
    "subscribers",
    "subscription",
    "tags",
    "teams",
    "trees",
]
REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")


def when(at: datetime | None) -> str | None:
    """GitHub's spelling of a moment, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def user(login: str, api: str) -> dict[str, Any]:
    """A simple user."""
    url = f"{api}/users/{login.replace('[', '%5B').replace(']', '%5D')}"
    number = sum(map(ord, login))
    return {
        "login": login, "id": number, "node_id": f"U_{number}", "avatar_url": f"{url}.png", "gravatar_id": "", "url": url,
        "html_url": url, "type": "Bot" if login.endswith("[bot]") else "User", "site_admin": False,
        **{f"{name}_url": f"{url}/{name}" for name in USER_URLS},
    }  # fmt: skip


def account(login: str, api: str) -> dict[str, Any]:
    """A user's own account, as the user sees it."""
    unset = ("bio", "blog", "company", "email", "hireable", "location", "name")
    counts = ("followers", "following", "public_gists", "public_repos")
    made = {
        "created_at": "2025-01-01T00:00:00Z",
        "updated_at": "2025-01-01T00:00:00Z",
        "user_view_type": "public",
    }
    return {**user(login, api), **dict.fromkeys(unset), **dict.fromkeys(counts, 0), **made}


def repository(world: World, api: str, full: bool = True) -> dict[str, Any]:
    """The repository, minimal or full."""
    url = f"{api}/repos/{world.told}"
    minimal = {
        "id": 1, "node_id": "R_1", "name": world.name, "full_name": f"{world.told}", "private": False,
        "owner": user(world.owner, api), "html_url": f"https://github.com/{world.told}", "description": None,
        "fork": False, "url": url, **{f"{name}_url": f"{url}/{name}" for name in REPO_URLS},
    }  # fmt: skip
    return minimal | (_rest_of_repository(world, url) if full else {})


def _rest_of_repository(world: World, url: str) -> dict[str, Any]:
    counts = (
        "forks",
        "forks_count",
        "open_issues",
        "open_issues_count",
        "size",
        "stargazers_count",
        "watchers",
        "watchers_count",
        "network_count",
        "subscribers_count",
    )
    flags = ("has_projects", "has_wiki", "has_pages", "has_discussions", "archived", "disabled")
    moments = ("pushed_at", "created_at", "updated_at")
    return {
        "clone_url": url, "git_url": url, "ssh_url": url, "svn_url": url, "mirror_url": None, "homepage": None, "language": None,
        "license": None, "default_branch": world.default_branch, "has_issues": world.has_issues,
        **dict.fromkeys(counts, 0), **dict.fromkeys(flags, False), **dict.fromkeys(moments, "2024-01-01T00:00:00Z"),
    }  # fmt: skip


def label(world: World, name: str, api: str) -> dict[str, Any]:
    """A label with colour and description."""
    kept = world.labels[name]
    url = f"{api}/repos/{world.told}/labels/{kept['id']}"
    return {**kept, "node_id": f"LA_{kept['id']}", "url": url, "default": False}


def issue(world: World, issue: Issue, api: str) -> dict[str, Any]:
    """An issue; a pull request carries the key that tells it apart."""
    url = f"{api}/repos/{world.told}/issues/{issue.number}"
    html = f"https://github.com/{world.told}/issues/{issue.number}"
    told = {
        "id": issue.id, "node_id": f"I_{issue.id}", "number": issue.number, "title": issue.title, "body": issue.body,
        "state": issue.state, "state_reason": issue.state_reason, "locked": issue.locked, "comments": len(issue.comments),
        "user": user(issue.user, api), "labels": [label(world, name, api) for name in issue.labels], "assignee": None,
        "assignees": [], "milestone": None, "created_at": when(issue.created_at), "updated_at": when(issue.updated_at),
        "closed_at": when(issue.closed_at), "closed_by": None, "author_association": "NONE", "url": url, "html_url": html,
        "repository_url": f"{api}/repos/{world.told}", "comments_url": f"{url}/comments",
        "events_url": f"{url}/events", "labels_url": f"{url}/labels{{/name}}", "reactions": _reactions(url),
    }  # fmt: skip
    pull = {"url": url, "html_url": html, "diff_url": html, "patch_url": html}
    return told | ({"pull_request": pull} if issue.pull_request else {})


def _reactions(url: str, given: list[str] | None = None) -> dict[str, Any]:
    counts = {content: (given or []).count(content) for content in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(given or []), **counts}


def reaction(id: int, user_: str, content: str, at: datetime, api: str) -> dict[str, Any]:
    """A reaction to a comment."""
    return {
        "id": id,
        "node_id": f"REA_{id}",
        "user": user(user_, api),
        "content": content,
        "created_at": when(at),
    }


def comment(world: World, number: int, comment: Comment, api: str) -> dict[str, Any]:
    """A comment on an issue."""
    base = f"{api}/repos/{world.told}/issues"
    url = f"{base}/comments/{comment.id}"
    return {
        "id": comment.id, "node_id": f"IC_{comment.id}", "url": url, "html_url": url, "issue_url": f"{base}/{number}", "body": comment.body,
        "user": user(comment.user, api), "created_at": when(comment.at), "updated_at": when(comment.edited or comment.at), "author_association": "NONE",
        "performed_via_github_app": None, "reactions": _reactions(url, [content for _, _, content in comment.reactions]),
    }  # fmt: skip


def event(world: World, event: Event, api: str) -> dict[str, Any]:
    """An entry of an issue's events."""
    url = f"{api}/repos/{world.told}/issues/events/{event.id}"
    told = {
        "id": event.id, "node_id": f"E_{event.id}", "url": url, "actor": user(event.actor, api), "event": event.event,
        "commit_id": event.commit_id, "commit_url": f"{api}/commits/{event.commit_id}" if event.commit_id else None,
        "created_at": when(event.at), "performed_via_github_app": None,
    }  # fmt: skip
    if event.event == "renamed":
        told["rename"] = {"from": event.before or "before", "to": "after"}
    return told | ({"label": {"name": event.label, "color": "ededed"}} if event.label else {})


def commit(sha: str, world: World, api: str) -> dict[str, Any]:
    """A commit as the compare endpoint tells it."""
    url = f"{api}/repos/{world.told}/commits/{sha}"
    person = {"name": "Ada", "email": "ada@example.com", "date": "2025-09-10T12:00:00Z"}
    tree = {"sha": sha, "url": url}
    return {
        "url": url, "sha": sha, "node_id": f"C_{sha}", "html_url": url, "comments_url": url, "author": user("ada", api), "committer": user("ada", api),
        "commit": {"url": url, "author": person, "committer": person, "message": sha, "comment_count": 0, "tree": tree},
        "parents": [{"sha": parent, "url": url, "html_url": url} for parent in world.commits.get(sha, ())],
    }  # fmt: skip


def files(sha: str, world: World, api: str) -> dict[str, Any]:
    """The files that a commit changed, as the commit endpoint tells them beside the commit."""
    url = f"{api}/repos/{world.told}/contents/x"
    return {
        "stats": {"additions": 1, "deletions": 0, "total": 1},
        "files": [
            {
                "sha": sha, "filename": name, "status": "modified", "additions": 1, "deletions": 0, "changes": 1,
                "blob_url": url, "raw_url": url, "contents_url": url, "patch": patch,
            }
            for name, patch in world.files.get(sha, {}).items()
        ],
    }  # fmt: skip


def git_commit(sha: str, kept: dict[str, Any], api: str) -> dict[str, Any]:
    """A commit as the git data API tells it."""
    url = f"{api}/git/commits/{sha}"
    person = {"name": "Ada", "email": "ada@example.com", "date": kept["at"]}
    return {
        "sha": sha, "node_id": f"C_{sha}", "url": url, "html_url": url, "author": person, "committer": person, "message": kept["message"],
        "tree": {"sha": kept["tree"], "url": f"{api}/git/trees/{kept['tree']}"},
        "parents": [{"sha": parent, "url": url, "html_url": url} for parent in kept["parents"]],
        "verification": {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None},
    }  # fmt: skip


def git_tree(sha: str, entries: dict[str, dict[str, Any]], api: str) -> dict[str, Any]:
    """A tree, flat: the double keeps full paths."""
    told = [
        {"path": path, **entry, "url": f"{api}/git/blobs/{entry['sha']}"}
        for path, entry in sorted(entries.items())
    ]
    return {"sha": sha, "url": f"{api}/git/trees/{sha}", "tree": told, "truncated": False}


def git_ref(ref: str, sha: str, api: str) -> dict[str, Any]:
    """A ref and the commit it names."""
    return {
        "ref": ref,
        "node_id": f"REF_{ref}",
        "url": f"{api}/git/{ref}",
        "object": {"type": "commit", "sha": sha, "url": f"{api}/git/commits/{sha}"},
    }


def blob(sha: str, data: bytes, api: str) -> dict[str, Any]:
    """A blob in base64, wrapped as GitHub wraps it."""
    text = base64.encodebytes(data).decode()
    return {
        "sha": sha,
        "node_id": f"B_{sha}",
        "size": len(data),
        "url": f"{api}/git/blobs/{sha}",
        "content": text,
        "encoding": "base64",
    }


def artifact(artifact: Artifact, api: str) -> dict[str, Any]:
    """An artifact in a list."""
    url = f"{api}/actions/artifacts/{artifact.id}"
    return {
        "id": artifact.id, "node_id": f"A_{artifact.id}", "name": artifact.name, "size_in_bytes": len(artifact.data), "url": url,
        "archive_download_url": f"{url}/zip", "expired": artifact.expired, "created_at": "2025-09-10T19:00:00Z",
        "expires_at": "2025-12-10T19:00:00Z", "updated_at": "2025-09-10T19:00:00Z",
    }  # fmt: skip


def workflow_run(run: WorkflowRun, world: World, api: str) -> dict[str, Any]:
    """A workflow run."""
    url = f"{api}/repos/{world.told}/actions/runs/{run.id}"
    links = (
        "jobs_url",
        "logs_url",
        "check_suite_url",
        "cancel_url",
        "rerun_url",
        "artifacts_url",
        "workflow_url",
    )
    repo = repository(world, api, full=False)
    return {
        "id": run.id, "node_id": f"WR_{run.id}", "name": "staging", "head_branch": run.head_branch, "head_sha": run.head_sha,
        "path": ".github/workflows/staging.yml", "run_number": 1, "run_attempt": run.attempt, "display_title": run.display_title,
        "event": run.event, "status": "completed", "conclusion": run.conclusion, "workflow_id": 1, "url": url,
        "html_url": f"https://github.com/{world.told}/actions/runs/{run.id}", "created_at": "2025-09-10T19:00:00Z",
        "updated_at": "2025-09-10T19:10:00Z", "run_started_at": "2025-09-10T19:00:00Z", "head_commit": None, "pull_requests": [],
        "repository": repo, "head_repository": {**repo, "full_name": run.head_repository, "fork": run.head_repository != repo["full_name"]}
        if run.head_repository else None,
        **dict.fromkeys(links, url),
    }  # fmt: skip
