"""The values of memory on the tracker: an issue as it stands, the marker inside it, and what a group means beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from triagebot.groups.model import Group
from triagebot.redact import Fact

IssueState = Literal["open", "closed"]
StateReason = Literal["completed", "not_planned", "duplicate", "reopened"]
SESSION = "session-"
"""How the key in the marker of a session's record begins, which is about no cause."""
DASHBOARD = "dashboard"
"""The key in the marker of the dashboard, which is about no cause."""
MatchState = Literal["new", "known", "reported", "regressed", "straggler", "muted"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One run in which a signature was seen: enough for a row of the issue's table and to rebuild a lost history.

    `at` is UTC, the run's start where known, else when it was triaged. `failed` and `ran` count tests of the group.
    `environment` and `branch` are the scope: proof of recovery counts only where the failure was seen.
    """

    run: Fact
    at: datetime
    failed: int
    ran: int
    commit: Fact | None = None
    revision: Fact | None = None
    url: Fact | None = None
    environment: Fact | None = None
    branch: Fact | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A line of evidence that a step quotes: its text, which line of which file, and where it can be read ("" for nowhere)."""

    text: str
    where: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class DraftedWhy:
    """One step of the draft on the issue, as people name it. `root` is its rank where the asking stopped there, else "".

    `status` is what the check of the draft left of it: supported, hypothesis or unknown.
    """

    number: str
    text: str
    root: str = ""
    status: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """A draft that stands no longer, or not as it was judged: when it was made, by which prompt, and what became of it."""

    at: datetime
    prompt: str
    fate: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A draft beside the fix: did the fix touch what the supported roots name ("yes", "no", "cannot say"), and which names.

    `at` is when the draft was made, `whys` are (number, what people did with the step) each.
    """

    at: datetime
    prompt: str
    fix: Fact
    touched: str
    names: tuple[str, ...] = ()
    whys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One command of a person that took effect. `at` is UTC, when it was said; `comment` is the id of the comment, 0 elsewhere.

    `once` tells the command from every other one, `on` names the steps that it is about (none: the whole draft), `said`
    is what the person stated, `rank` that of a cause, and `before` what an undo puts back.
    """

    verb: str
    who: str
    at: datetime
    once: str
    comment: int = 0
    on: tuple[str, ...] = ()
    said: str = ""
    rank: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text that a person judged, kept beyond the draft that it stood in. `verb` is what was done.

    `said` is why it was rejected, or of a correction the text before. `rank` is that of a root cause, "action" of something to do.
    """

    verb: str
    text: str
    who: str
    at: datetime
    comment: int = 0
    said: str = ""
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What people decided on one issue about the cause of its key; history keeps it beyond the issue.

    `causes` are those that they accepted, primary first, `ruled_out` those that they rejected, `fixed_by` is the commit
    that mended it, where that is known.
    """

    key: str
    issue: int
    causes: tuple[Judged, ...] = ()
    ruled_out: tuple[Judged, ...] = ()
    fixed_by: Fact | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A key that an explanation brought to an issue: the run, why, and in how many runs it has failed alone since."""

    key: str
    run: Fact
    why: str = ""
    alone: int = 0


@dataclass(frozen=True, slots=True)
class Marker:
    """What the bot remembers inside an issue. One line of JSON in an HTML comment; the first version is `v` 1.

    `runs` are the last 50 run ids that were counted (oldest first); `labels` those that we set; `states` all states
    of the signature even where only one is shown as a label; `occurrences` the rows of the table, oldest first;
    `seen` counts occurrences ever; `clean` counts runs since the last occurrence in which its tests ran and passed;
    `clean_runs` are their ids. `once` are the once-keys of writes made to the issue. `tests` are display ids seen
    (`tests_seen` counts them where the list had to be cut). `ran` counts runs since the first in which its tests ran,
    red or green. `first` is when it was first seen, `title` the last title that we gave (a different one on the issue
    is a person's and wins), `closed_commit` and `closed_revision` those of the run whose proof closed it, and
    `stragglers` counts failures after closing on commits without the fix. `parts` are the keys inside an incident.
    `variants` are the variant texts that people were told of; `commented` is the last day (ISO) of such a comment.
    `drafted` says who made the draft that is shown: "digest" or "model"; `draft_once` is a digest of what the model was
    shown, so that the same evidence is not paid for twice.
    `prompt` names the prompt and version of that draft, `drafted_at` says when it was made, `ended` what became of earlier ones,
    `grades` how drafts fared beside the fix.
    `whys` are the steps of that draft, `actions` what it says is to be done, `acts` what people said of it and of the issue, oldest first. `heard` are the
    commands that need no further look ("comment:command"), and `heard_to` the comment up to which none does. `kept` are texts of earlier drafts that people accepted or corrected, `ruled_out`
    causes that they rejected, `last` the cause that was accepted before the issue came back, with `last_fix`, the
    commit that closed it then. `joined` are aliases that an explanation brought, `let_go` those that later failed without the rest of
    the cause and are none any more. `mute` says until when the issue is muted by a command: "on", "fixed" or a day.
    `merged` is the issue that a person merged this one into, 0 for none; `split` what a person split it by ("" for
    nothing), and `origin` the key that was split where this issue is about a part of it. `places` are the
    disjoint ones at which tests left their green paths, each with these tests, `whole` is the key of the issue of which this was such a part until
    it survived the fix of the rest, and `parted` are the tests that left this issue that way. `bare` is the key without its host, `masked` says that reports only ever masked it. `notes` are names and texts that only
    the dashboard keeps.
    """

    key: str
    algorithm: int
    v: int = 1
    aliases: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    seen: int = 0
    clean_runs: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    owed: bool = False
    closed_by_bot: bool = False
    tests_seen: int = 0
    ran: int = 0
    clean: int = 0
    first: datetime | None = None
    title: str = ""
    closed_commit: Fact | None = None
    closed_revision: Fact | None = None
    joined: tuple[Joined, ...] = ()
    let_go: tuple[str, ...] = ()
    stragglers: int = 0
    parts: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    commented: str = ""
    drafted: str = ""
    draft_once: str = ""
    prompt: str = ""
    drafted_at: datetime | None = None
    ended: tuple[Ended, ...] = ()
    grades: tuple[Grade, ...] = ()
    whys: tuple[DraftedWhy, ...] = ()
    actions: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    heard: tuple[str, ...] = ()
    heard_to: int = 0
    kept: tuple[Judged, ...] = ()
    ruled_out: tuple[Judged, ...] = ()
    last: tuple[Judged, ...] = ()
    last_fix: Fact | None = None
    mute: str = ""
    merged: int = 0
    split: str = ""
    origin: str = ""
    places: tuple[tuple[str, tuple[str, ...]], ...] = ()
    whole: str = ""
    parted: tuple[str, ...] = ()
    bare: str = ""
    masked: bool = False
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue as the tracker has it. `body` is raw; `marker` is the trusted, well-formed marker in it or None.

    `duplicate_of` is the number of the issue that it was closed as a duplicate of, where the tracker knows. `own` says that
    it was opened under our login or that of a configured author; `trouble` what was wrong with its marker, "" for nothing.
    """

    number: int
    title: str
    body: str
    state: IssueState
    labels: tuple[str, ...]
    author: str
    marker: Marker | None = None
    state_reason: StateReason | None = None
    closed_at: datetime | None = None
    closed_commit: str | None = None
    url: str = ""
    duplicate_of: int | None = None
    own: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A group beside the tracker: which issue is its own, if any, and what this run means for it."""

    group: Group
    state: MatchState
    issue: Issue | None = None
    reason: str = ""
