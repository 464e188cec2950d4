"""What people did to an issue at the moment in which we wrote it, put back: GitHub takes bodies and labels as a whole.

In: numbers that this command wrote. Out: nothing; text, title and labels of people stand again where a write of ours took
them away, and what cannot be put back is said on the issue once. The edit history of bodies is in GraphQL only, and an
optional question, asked once and not again after an outage: without it nobody can tell, that is said, and the next run
that writes the issue finds what this one could not.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from triagebot.issues.revisions import Overwritten, Revision, overwritten, plain
from triagebot.plans.render.comments import once_of, overwritten_comment
from triagebot.trackers import Edit, TrackerError
from triagebot.trackers.github.responses import EVENTS, BodyEdit, EventAnswer

if TYPE_CHECKING:
    from triagebot.trackers.github.tracker import GitHubTracker

MAX_CHARS = 65_536
_ROUNDS = 3
"""How often a body is mended: people may write at that very moment, too."""
_BATCH = 50
_KIND = "tell whether people wrote at the same moment"


def put_back(tracker: "GitHubTracker", written: Collection[int], relabelled: Collection[int]) -> None:
    """Mend what was taken from people: bodies of `written` issues, titles and labels of `relabelled` ones."""
    for number in sorted(relabelled):
        tracker.unknowns.ask(_KIND, partial(_title_and_labels, tracker, number))
    for number in tracker.unknowns.ask(_KIND, lambda: [*_suspects(tracker, sorted(written))]) or ():
        tracker.unknowns.ask(_KIND, partial(_body, tracker, number))


def revisions(tracker: "GitHubTracker", number: int) -> tuple[Revision, ...]:
    """The last revisions of an issue's body, newest first. Raises TrackerError where the token may not see them."""
    return revisions_of(tracker.api.edits([number], texts=True).get(number, ()))


def revisions_of(edits: Sequence[BodyEdit]) -> tuple[Revision, ...]:
    """Revisions with their texts, as the house knows them. Raises TrackerError where the token may not see these."""
    return tuple(map(_revision, edits))


def _revision(edit: BodyEdit) -> Revision:
    """One revision as the house knows it."""
    if edit.diff is None:
        raise TrackerError("the token may not see the texts of an edit history")
    return Revision(_editor(edit), edit.at, edit.diff)


def _editor(edit: BodyEdit) -> str:
    """Who made a revision; an account that was deleted is somebody else."""
    return edit.editor.as_in_rest if edit.editor else "ghost"


def _is_ours(tracker: "GitHubTracker", login: str) -> bool:
    """Whether a login is ours, or was."""
    return login.lower() in tracker.trust.logins


def _suspects(tracker: "GitHubTracker", numbers: Sequence[int]) -> Iterator[int]:
    """The issues that we wrote after somebody else had: one request for fifty of them, without texts."""
    for first in range(0, len(numbers), _BATCH):
        some = numbers[first : first + _BATCH]
        for number, edits in tracker.api.edits(some, texts=False).items():
            ours = [_is_ours(tracker, _editor(edit)) for edit in edits]
            if True in ours and False in ours[ours.index(True) :]:
                yield number


def _body(tracker: "GitHubTracker", number: int) -> None:
    """Put back what a person wrote into the body; say so where they wrote on since."""
    for _ in range(_ROUNDS):
        seen = revisions(tracker, number)
        lost = overwritten(seen, partial(_is_ours, tracker))
        for found in lost:
            if not _fits(found.mended):
                _say(tracker, number, found)
        mended = next((found.mended for found in lost if _fits(found.mended)), "")
        issue = tracker.read(number) if mended else None
        if issue is None:
            return
        if plain(issue.body) == plain(seen[0].body):
            tracker.update(number, Edit(body=mended))


def _fits(body: str) -> bool:
    """Whether a body can be written back."""
    return 0 < len(body) <= MAX_CHARS


def _say(tracker: "GitHubTracker", number: int, found: Overwritten) -> None:
    """Say once that a person's text was overwritten."""
    was = found.revision
    told = json.dumps([number, was.editor, was.at.isoformat(), was.body])
    once = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    if once not in map(once_of, tracker.comments(number)):
        tracker.comment(number, overwritten_comment(once, was.editor, was.at))


def _title_and_labels(tracker: "GitHubTracker", number: int) -> None:
    """Put back a title and labels that a person had changed last, before us: those are theirs."""
    events = tracker.api.all(EVENTS, f"/issues/{number}/events", "events")
    if last := _overruled(tracker, [event for event in events if event.event == "renamed"]):
        tracker.update(number, Edit(title=last.rename.before if last.rename else None))
    by_label: dict[str, list[EventAnswer]] = {}
    for event in events:
        if event.label and event.event in ("labeled", "unlabeled"):
            by_label.setdefault(event.label.name.lower(), []).append(event)
    undone = [last for found in by_label.values() if (last := _overruled(tracker, found))]
    added = tuple(event.label.name for event in undone if event.label and event.event == "unlabeled")
    removed = tuple(event.label.name for event in undone if event.label and event.event == "labeled")
    if added or removed:
        tracker.update(number, Edit(add=added, remove=removed))


def _overruled(tracker: "GitHubTracker", events: Sequence[EventAnswer]) -> EventAnswer | None:
    """The last of these events where we did it and a person had done another thing just before."""
    if len(events) < 2:
        return None
    before, last = events[-2:]
    ours = [event.actor is not None and _is_ours(tracker, event.actor.login) for event in (before, last)]
    undoes = last.event == "renamed" or before.event != last.event
    return last if ours == [False, True] and undoes else None
