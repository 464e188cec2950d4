"""Whose code was tested, as the event that started us tells it: ours, or that of strangers, whose runs file nothing.

In: the environment of a runner. Out: what the event says of the tested run, and why its code may be a stranger's. Every
name in an event was chosen by a stranger, and stays data. What nobody can say counts as a fork.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triagebot.errors import UserError

_OURS = frozenset(
    (
        "push",
        "schedule",
        "workflow_dispatch",
        "repository_dispatch",
        "merge_group",
        "release",
        "deployment",
        "deployment_status",
    )
)
"""Events that only a timer or somebody who may write to this repository starts, on code that is in it.

https://docs.github.com/actions/reference/events-that-trigger-workflows (read 2025-11)
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """The run whose reports are read, as the event tells it. `fork` is True when strangers wrote its code.

    `issue` is the number of the issue on which something was said or done, 0 for none.
    """

    run_id: str = ""
    url: str = ""
    branch: str = ""
    commit: str = ""
    fork: bool = False
    issue: int = 0


def event_of(environ: Mapping[str, str]) -> Mapping[str, Any]:
    """The event's payload; {} where the runner names no file or it is no object. Raises UserError."""
    path = environ.get("GITHUB_EVENT_PATH", "")
    if not path or not Path(path).is_file():
        return {}
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"GITHUB_EVENT_PATH: the event cannot be read: {error}.") from None
    return event if isinstance(event, dict) else {}


def subject_of(event: Mapping[str, Any], name: str = "") -> Subject:
    """What the event (`name` is GITHUB_EVENT_NAME) says of the tested run."""
    if name == "workflow_run" or "workflow_run" in event:
        run = event.get("workflow_run")
        return _from_workflow_run(run if isinstance(run, Mapping) else {}, event)
    if name.startswith("pull_request") or "pull_request" in event:
        pull = event.get("pull_request")
        head = pull.get("head") if isinstance(pull, Mapping) else None
        return Subject(fork=_foreign(head if isinstance(head, Mapping) else {}, "repo", event))
    return Subject(issue=_issue(event.get("issue")))


def _issue(issue: Any) -> int:
    """The number of an event's issue, which is all that is taken from it; 0 for a pull request and for none."""
    number = issue.get("number") if isinstance(issue, Mapping) and not issue.get("pull_request") else 0
    return number if isinstance(number, int) and 0 < number < 2**31 else 0


def strangers_because(environ: Mapping[str, str]) -> tuple[str, bool]:
    """Why the tested code may be a stranger's, as far as the event tells ("" when it is ours), and whether that is certain.

    What is not certain gives way to what is known of the run whose artifacts are read.
    """
    name, event = environ.get("GITHUB_EVENT_NAME", ""), event_of(environ)
    if subject_of(event, name).fork:
        return "the tested code came from a fork: summary only", True
    known = not name or name in _OURS or name == "workflow_run" or name.startswith("pull_request")
    return ("" if known else f"nobody can say whose code is tested on {name}: summary only"), False


def _from_workflow_run(run: Mapping[str, Any], event: Mapping[str, Any]) -> Subject:
    """The tested run of a `workflow_run` event."""
    home = _name(event.get("repository"))
    return Subject(
        run_id=f"{home}/{run.get('id')}/{run.get('run_attempt') or 1}" if home and run.get("id") else "",
        url=str(run.get("html_url") or ""),
        branch=str(run.get("head_branch") or ""),
        commit=str(run.get("head_sha") or ""),
        fork=_foreign(run, "head_repository", event),
    )


def _foreign(head: Mapping[str, Any], key: str, event: Mapping[str, Any]) -> bool:
    """Whether code came from another repository than ours; a repository that was deleted or is not told counts as one."""
    home = _name(event.get("repository")).lower()
    return not home or _name(head.get(key)).lower() != home


def _name(repository: Any) -> str:
    """owner/name of a repository in an event."""
    return str(repository.get("full_name") or "") if isinstance(repository, Mapping) else ""
