"""What each group of this run means beside the issues that are there.

In: groups, the tracker's issues (all of ours, open and closed), the run and the config. Out: one `Match` per group,
in order. Identity is the key in the marker, an alias in the marker, or an adoption in the config; never a title.
It decides nothing about text or labels. Where nobody can say which commit is newer (the tests live in another
repository), a later run on another commit counts as newer: a failure that stays silent for ever would be worse.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from triagebot.config import Config
from triagebot.groups.model import Group
from triagebot.issues.model import DASHBOARD, SESSION, Issue, Marker, Match
from triagebot.reports.model import Run

STATES = {
    "new": "new",
    "known": "known",
    "reported": "known",
    "regressed": "came back",
    "straggler": "before the fix",
    "muted": "muted",
}
"""What a match means, in words for people."""

Contains = Callable[[str, str], bool | None]
"""`contains(commit, ancestor)`: whether `commit` has `ancestor` in its history; None when nobody can say."""


_SHORTEST_SHA = 7


def nobody_knows(commit: str, ancestor: str) -> bool | None:
    """The `Contains` of a place without git: a commit, written short or whole, has itself in its history; of others nobody knows."""
    short, whole = sorted((commit, ancestor), key=len)
    return True if short == whole or (len(short) >= _SHORTEST_SHA and whole.startswith(short)) else None


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of newer and older: ancestry of commits, and revisions in the order in which history saw them."""

    contains: Contains = nobody_knows
    revisions: tuple[str, ...] = ()


def match(
    groups: Sequence[Group],
    issues: Sequence[Issue],
    run: Run,
    config: Config,
    contains: Contains = nobody_knows,
    revisions: Sequence[str] = (),
) -> tuple[Match, ...]:
    """One `Match` per group. Several groups may share an issue (aliases, duplicates routed to the original).

    `revisions` are those of the scope in the order in which history first saw them: opaque names have no other order.
    """
    order = Order(contains, tuple(revisions))
    return tuple(_match(group, issues, run, config, order) for group in groups)


def keys_of(issue: Issue) -> frozenset[str]:
    """The keys under which an issue is known: none without a trusted marker."""
    return frozenset((issue.marker.key, *issue.marker.aliases)) if issue.marker else frozenset()


def issue_of(keys: Iterable[str], issues: Sequence[Issue], config: Config) -> Issue | None:
    """The issue that is home to the first of `keys` that has one; duplicates lead to their original."""
    for key in keys:
        if (found := _issue_of_key(key, issues, config)) is not None:
            return _original(found, issues)
    return None


def duplicates(issues: Iterable[Issue]) -> tuple[tuple[Issue, Issue], ...]:
    """Pairs (duplicate, original) of issues with one key: the lowest number is the original, also when it is closed.

    Beside a closed one we open none, so an open one above it comes from a list that did not show it.
    """
    first: dict[str, Issue] = {}
    pairs = []
    for issue in sorted((i for i in issues if i.marker and not _is_duplicate(i)), key=lambda i: i.number):
        assert issue.marker is not None
        original = first.setdefault(issue.marker.key, issue)
        if original is not issue and issue.state == "open":
            pairs.append((issue, original))
    parts = (
        issue for issue in first.values() if issue.state == "open" and issue.marker and issue.marker.origin
    )
    for part in parts:  # put together again
        whole = first.get(part.marker.origin) if part.marker else None
        if whole is not None and whole.state == "open" and not _is_split(whole):
            pairs.append((part, whole))
    return tuple(pairs)


def echoes(issues: Iterable[Issue]) -> tuple[tuple[Issue, Issue], ...]:
    """Pairs (duplicate, original) of issues with one key of which the first was closed as a duplicate already."""
    every = [issue for issue in issues if issue.marker]
    originals: dict[str, Issue] = {}
    for issue in sorted(every, key=lambda i: i.number):
        if issue.marker and not _is_duplicate(issue):
            originals.setdefault(issue.marker.key, issue)
    return tuple(
        (issue, originals[issue.marker.key])
        for issue in every
        if issue.marker and _is_duplicate(issue) and issue.marker.key in originals
    )


def _match(group: Group, issues: Sequence[Issue], run: Run, config: Config, order: Order) -> Match:
    """The ladder of judgement for one group; the first rung that holds decides."""
    issue = issue_of(group.signature.known_as, issues, config)
    if issue is None:
        return Match(group, "new")
    if issue.marker and run.id in issue.marker.runs:
        return Match(group, "reported", issue, "this run is already counted there")
    if reason := _muted(issue, config):
        return Match(group, "muted", issue, reason)
    if issue.state == "open":
        return Match(group, "known", issue)
    if straggles := straggles_because(issue, run, order):
        return Match(group, "straggler", issue, straggles)
    return Match(group, "regressed", issue, "it is closed, and this run has what closed it")


def _issue_of_key(key: str, issues: Sequence[Issue], config: Config) -> Issue | None:
    """The issue of one key: adopted by config, else by its own key, else by an alias; the lowest that is no duplicate."""
    adopted = {alias.issue for alias in config.aliases if alias.key == key}
    for holds in (
        lambda issue: issue.number in adopted,
        lambda issue: issue.marker is not None and issue.marker.key == key,
        lambda issue: key in keys_of(issue) and not _is_part_of(issue, key),
    ):
        if found := sorted(
            filter(holds, (i for i in issues if not _is_split(i))), key=lambda i: (_is_duplicate(i), i.number)
        ):
            return found[0]
    return None


def _is_split(issue: Issue) -> bool:
    """Whether a person split its cause: its parts have issues of their own."""
    return issue.marker is not None and bool(issue.marker.split)


def _is_part_of(issue: Issue, key: str) -> bool:
    """Whether an issue is about a part of what this key was."""
    return issue.marker is not None and issue.marker.origin == key


def _is_duplicate(issue: Issue) -> bool:
    """Whether it was closed as a duplicate."""
    return issue.state == "closed" and issue.state_reason == "duplicate"


def _original(issue: Issue, issues: Sequence[Issue]) -> Issue:
    """Where an issue that was closed as a duplicate leads; itself when that is not known or goes in a circle."""
    by_number = {other.number: other for other in issues}
    seen: set[int] = set()
    place = issue
    while _is_duplicate(place) and place.number not in seen and _duplicate_of(place) in by_number:
        seen.add(place.number)
        place = by_number[_duplicate_of(place)]
    return issue if place.number in seen else place


def _duplicate_of(issue: Issue) -> int:
    """Of which issue one is a duplicate, as the tracker says or a person told us; 0 where nobody did."""
    return issue.duplicate_of or (issue.marker.merged if issue.marker else 0)


def is_let_go(issue: Issue, config: Config) -> bool:
    """Whether somebody took the label off by which we know our issues: it is theirs now (golang/go#72731)."""
    generated = config.labels.generated
    return issue.marker is not None and generated in issue.marker.labels and generated not in issue.labels


def is_dashboard(issue: Issue, config: Config) -> bool:
    """Whether this is the dashboard, by its marker, and by its label where that was damaged: it is about no cause."""
    if issue.marker is not None:
        return issue.marker.key == DASHBOARD
    return issue.own and config.labels.board in issue.labels


def is_session(issue: Issue, config: Config) -> bool:
    """Whether this is the record of a session, by its marker, and by its label where that was damaged: it is about no cause."""
    if issue.marker is not None:
        return issue.marker.key.startswith(SESSION)
    return issue.own and config.labels.session in issue.labels


def _muted(issue: Issue, config: Config) -> str:
    """Why people do not want to hear of this issue; "" when they do."""
    if config.labels.muted in issue.labels:
        return f"labelled {config.labels.muted}"
    if is_let_go(issue, config):
        return f"a person took our label {config.labels.generated} off: hands off"
    if issue.state == "closed" and issue.state_reason == "not_planned":
        return "closed as not planned"
    return "closed as a duplicate" if _is_duplicate(issue) else ""


def fix_of(issue: Issue) -> str | None:
    """The commit that mended an issue: the one that a person named, else the one that closed it; None where nobody knows."""
    acts = issue.marker.acts if issue.marker else ()
    return next((act.said for act in reversed(acts) if act.verb == "fixed-by"), issue.closed_commit)


def straggles_because(issue: Issue, run: Run, order: Order) -> str:
    """Why a failure of this run does not mean that a closed issue came back; "" when it does mean that.

    By commits, not clocks: the tested commit must contain the fix. Where the fix is unknown, only a run that started
    after the close, on something newer than what closed it, counts (golang/go#57632).
    """
    marker = issue.marker or Marker("", 0)
    fix = fix_of(issue)
    if fix and run.commit:
        contained = order.contains(run.commit, fix)
        if contained is not None:
            return "" if contained else f"commit {run.commit[:12]} does not contain the fix {fix[:12]}"
    if issue.closed_at and run.started and run.started <= issue.closed_at:
        return "the run started before the issue was closed"
    return _not_newer(marker, run, order)


def _not_newer(marker: Marker, run: Run, order: Order) -> str:
    """Why the run is not newer than what closed the issue (the clean run, else the last one that failed)."""
    last = marker.occurrences[-1] if marker.occurrences else None
    commit = marker.closed_commit or (last.commit if last else None)
    revision = marker.closed_revision or (last.revision if last else None)
    if revision and run.revision and revision != run.revision:
        older = _is_older(run.revision, revision, order.revisions)
        return f"revision {run.revision} is older than {revision}, on which it was closed" if older else ""
    if not commit or not run.commit:
        return f"revision {revision} was already seen when it was closed" if revision and run.revision else ""
    if commit == run.commit:
        return f"commit {commit[:12]} was already tested when it was closed"
    if order.contains(run.commit, commit) is False:
        return f"commit {run.commit[:12]} is not newer than {commit[:12]}, on which it was closed"
    return ""


def _is_older(revision: str, than: str, seen: Sequence[str]) -> bool:
    """Whether history saw a revision before another one; a revision that it never saw is new."""
    return revision in seen and than in seen and seen.index(revision) < seen.index(than)
