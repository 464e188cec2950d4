"""The values of drafting: what is known (a catalogue of numbered evidence), and what was made of it (a draft).

Every text of a catalogue has been redacted and stripped of control characters; it is still untrusted and not yet
safe as Markdown. A draft holds the words of a model only inside `FiveWhys.answer`, and only after verification.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from triagebot.drafts.answer_schema import Answer

EvidenceKind = Literal[
    "message",
    "chain",
    "contrast",
    "stats",
    "authenticity",
    "gap",
    "change",
    "config",
    "contract",
    "test_log",
    "service_log",
    "ci",
    "history",
    "timeline",
]
CARRIES_CAUSE: frozenset[EvidenceKind] = frozenset({"service_log", "change", "config", "contract"})
"""Evidence from inside the system; without any, what a test saw is a symptom and no cause is more than a hypothesis."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence. `number` counts from 1 inside its item, before any trimming, so that it stays.

    `where` says which line of which file it was ("backend.log:45"), "" when code made it. `at` is UTC, where the line
    carries a time. `url` leads to the line, where there is such a place.
    """

    number: int
    text: str
    where: str = ""
    at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence. `total` is how many lines it had before trimming; `lines` are those that are left."""

    id: str
    kind: EvidenceKind
    source: str
    title: str
    lines: tuple[Line, ...]
    total: int

    def line(self, number: int) -> Line | None:
        """The line of that number, or None when there is none or it was trimmed away."""
        return next((line for line in self.lines if line.number == number), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All evidence for one group, in the order of its ids.

    `contrasted` is (log lines read, log lines dropped because passing tests or runs log the same). `receipts` are
    (kind of secret, how many were replaced). `blind` names the services whose logs were looked for and not found.
    `ruled_out` are causes that maintainers rejected: no draft may name them again.
    """

    items: tuple[Item, ...]
    contrasted: tuple[int, int] = (0, 0)
    receipts: tuple[tuple[str, int], ...] = ()
    blind: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()

    def item(self, id: str) -> Item | None:
        """The item of that id, or None."""
        return next((item for item in self.items if item.id == id), None)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit between the last good and the first bad one. `subject` is the first line of its message."""

    sha: str
    at: datetime | None
    subject: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk of a diff: its path, header ("@@ -1,4 +1,6 @@ def connect") and lines with their " ", "+", "-"."""

    path: str
    header: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two commits. `problem` says in words why nothing could be read, "" when it could."""

    good: str = ""
    bad: str = ""
    commits: tuple[Commit, ...] = ()
    hunks: tuple[Hunk, ...] = ()
    problem: str = ""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the deployment or the test session by name. `state` is set, empty or missing; values stay outside."""

    name: str
    state: Literal["set", "empty", "missing"]
    where: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier issue of this signature or a near one, and what maintainers said of its cause.

    `settled` are steps that they accepted or corrected, `ruled_out` causes that they rejected, each with the reason ("" for
    none), `asked` what they want the next draft to mind.
    """

    issue: int
    title: str
    verdict: Literal["accepted", "rejected", "open"]
    cause: str = ""
    settled: tuple[str, ...] = ()
    ruled_out: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule of a draft: its name, where ("whys[2].refs[0]", in the answer's own order), and what is wrong."""

    rule: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a draft comes from: enough to make it again and to bill it. `cost_usd` is an estimate, None unknown.

    `digest` is sha256 over prompt, schema, model and evidence. `repaired` means that one repair call was made;
    `degraded` are the violations that code had to take out afterwards.
    """

    model: str
    prompt: str
    version: int
    digest: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    repaired: bool = False
    degraded: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A line that a draft quotes, as the catalogue has it: this is what readers see, never the model's copy of it.

    `title` says what the item is, `where` which line of which file, `url` where it can be read (both may be "").
    """

    evidence: str
    line: int
    text: str
    title: str
    where: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FiveWhys:
    """A verified draft: the problem in code's words (Why 0), what the model proposed, and where it comes from.

    `cited` holds every line that the answer quotes; `kinds` the kinds of evidence that it cites, sorted. `once` is the
    digest of signature, telling evidence, prompt and model under which it need not be made again.
    """

    problem: str
    answer: Answer
    origin: Origin
    receipts: tuple[tuple[str, int], ...] = field(default=())
    cited: tuple[Citation, ...] = ()
    kinds: tuple[EvidenceKind, ...] = ()
    once: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the reports say: what it is, in our words, and the value, in theirs (redacted plain text)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a report as it stands there, redacted and cut visibly; `caption` says what it is and of which test."""

    caption: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """An open question, and what would answer it."""

    ask: str
    tell: str


@dataclass(frozen=True, slots=True)
class Digest:
    """The honest draft without a model: what is known, what passed beside it, and what nobody knows yet. No cause.

    `reason` says why no model wrote it. `whys` are the five rows as open questions; `collect` says what to keep next
    time. `owed` means that a model's draft is to be made when it can be. Every text is redacted plain text.
    """

    reason: str
    facts: tuple[Fact, ...]
    contrast: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]
    whys: tuple[Question, ...]
    collect: tuple[str, ...]
    owed: bool = False


Draft = Digest | FiveWhys
