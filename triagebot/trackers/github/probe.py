"""Asks GitHub what `doctor` wants to know.

In: a tracker. Out: a `Probed` value; refusals are answers here and end nothing. It writes the label that every issue
of ours carries, if it is missing, and for a history on a branch an empty blob that nothing refers to: only a try shows
whether a token may write.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from triagebot.trackers import TrackerError
from triagebot.trackers.diagnosis import Probed
from triagebot.trackers.github.requests import GoneError
from triagebot.trackers.github.tracker import GitHubTracker

T = TypeVar("T")
_NO_RUN = 1
"""A run id that is nobody's: "not found" shows that the token may look."""


def probe(tracker: GitHubTracker, *, writes_branch: bool = False) -> Probed:
    """What GitHub answers. `writes_branch` says that history is kept on a branch of the repository."""
    errors: dict[str, str] = {}
    headers, about = _try(errors, "repository", tracker.api.about) or ({}, None)
    login = tracker.login_of_ours
    if tracker.guess:
        errors["login"] = tracker.guess
    issues = _try(errors, "issues", tracker.issues)
    labels = _try(errors, "label", tracker.label_names)
    _try(errors, "compare", lambda: _compare(tracker, about.default_branch if about else "main"))
    _try(errors, "runs", lambda: _may_look(lambda: tracker.api.get(f"/actions/runs/{_NO_RUN}/artifacts")))
    if writes_branch:
        blob = {"content": "", "encoding": "utf-8"}
        _try(errors, "history", lambda: tracker.api.send("POST", "/git/blobs", blob))
    budget = tracker.budget
    return Probed(
        login=login,
        default_branch=about.default_branch if about else None,
        has_issues=about.has_issues if about else None,
        archived=about.archived if about else None,
        server_time=_date(headers.get("date", "")),
        issues=len(issues) if issues is not None else None,
        labels=labels,
        remaining=budget.remaining,
        limit=budget.limit,
        errors=errors,
    )


def _try(errors: dict[str, str], name: str, ask: Callable[[], T]) -> T | None:
    """The answer; None with the refusal noted under `name`."""
    try:
        return ask()
    except TrackerError as error:
        errors[name] = str(error)
        return None


def _may_look(ask: Callable[[], Any]) -> None:
    """Asks; "there is no such thing" is an answer, too. Raises TrackerError for a refusal."""
    with suppress(GoneError):
        ask()


def _compare(tracker: GitHubTracker, branch: str) -> None:
    """Compares the default branch with itself. Raises TrackerError: a private repository hides what a token may not read."""
    if tracker.compare(branch, branch) is None:
        raise TrackerError(f"GitHub does not compare {branch} with itself: the token may not read contents")


def _date(text: str) -> datetime | None:
    """GitHub's own clock."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None
