"""A draft laid out for readers: steps numbered, quotes looked up, actions in order; the words are left to who shows it.

In: a verified `FiveWhys`. Out: an `Outline`, from which the text of an issue, the Markdown report and the page are all
made. Nothing is judged, shortened or escaped here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from triagebot.drafts.answer_schema import Action, Missing, Rank, Ref, Rival, Why
from triagebot.drafts.citations import Confidence, citation, confidence
from triagebot.drafts.model import Citation, FiveWhys, Origin, Violation
from triagebot.drafts.verify import RULES
from triagebot.issues import DraftedWhy, Quote

_QUOTES, _QUOTED, _PLACE = 2, 200, 120
"""How many lines of a step a marker remembers, and how many characters of each and of its place."""
_URGENCY = ("now", "24h", "later")
MARKS = {"supported": "✔ supported", "hypothesis": "❓ hypothesis", "unknown": "∅ unknown"}
"""The status of a step as a mark that also reads without colour."""
WINDOWS = {"now": "now", "24h": "within 24 hours", "later": "later"}
"""Until when an action is due, in words."""
STANDINGS = {"ruled_out": "ruled out", "open": "still open"}
"""What became of another cause that was considered."""


@dataclass(frozen=True, slots=True)
class Step:
    """One why under the number that shows where it hangs, with the lines that it quotes."""

    number: str
    why: Why
    quotes: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class RootCause:
    """A why at which the asking stopped, and how much of the failure it carries."""

    rank: Rank
    why: Why


@dataclass(frozen=True, slots=True)
class RivalCause:
    """Another cause that was considered, with the evidence against it."""

    rival: Rival
    quotes: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """How often a rule took something out of the model's answer, and what the rule asks for."""

    rule: str
    count: int
    asks: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A draft in reading order. `receipts` are what was redacted before the evidence was sent, by kind."""

    problem: str
    confidence: Confidence
    roots: tuple[RootCause, ...]
    occurrence: tuple[Step, ...]
    detection: tuple[Step, ...]
    actions: tuple[Action, ...]
    missing: tuple[Missing, ...]
    rivals: tuple[RivalCause, ...]
    removed: tuple[Removed, ...]
    origin: Origin
    receipts: tuple[tuple[str, int], ...]

    @property
    def primary(self) -> Why | None:
        """The primary root cause; None where none is named."""
        return next((root.why for root in self.roots if root.rank == "primary"), None)

    @property
    def strongest(self) -> Citation | None:
        """The line that says most: quoted by the primary root, else by the deepest step that quotes one."""
        quoted = [step for step in self.occurrence if step.quotes]
        of_root = [step for step in quoted if self.primary is not None and step.why.id == self.primary.id]
        return next((step.quotes[0] for step in (*of_root, *reversed(quoted))), None)


def outline(draft: FiveWhys) -> Outline:
    """The draft in reading order."""
    answer = draft.answer
    whys = {why.id: why for why in answer.whys}
    steps = [Step(number, why, _quotes(draft, why.refs)) for number, why in numbered(answer.whys)]
    return Outline(
        problem=draft.problem,
        confidence=confidence(draft),
        roots=tuple(RootCause(root.rank, whys[root.why]) for root in answer.roots if root.why in whys),
        occurrence=tuple(step for step in steps if step.why.branch == "occurrence"),
        detection=tuple(step for step in steps if step.why.branch == "detection"),
        actions=tuple(sorted(answer.actions, key=lambda action: _URGENCY.index(action.window))),
        missing=answer.missing,
        rivals=tuple(RivalCause(rival, _quotes(draft, rival.refs)) for rival in answer.rivals),
        removed=_removed(draft.origin.degraded),
        origin=draft.origin,
        receipts=draft.receipts,
    )


def drafted_whys(draft: FiveWhys) -> tuple[DraftedWhy, ...]:
    """The steps of a draft as people name them in their answers."""
    ranks = {root.why: root.rank for root in draft.answer.roots}
    return tuple(
        DraftedWhy(number, why.sentence, ranks.get(why.id, ""), why.status, _remembered(draft, why))
        for number, why in numbered(draft.answer.whys)
    )


def drafted_actions(draft: FiveWhys) -> tuple[str, ...]:
    """What a draft says is to be done."""
    return tuple(dict.fromkeys(action.step for action in draft.answer.actions))


def _remembered(draft: FiveWhys, why: Why) -> tuple[Quote, ...]:
    """The first lines that a step quotes, as short as a marker has room for."""
    cited = _quotes(draft, why.refs)[:_QUOTES]
    return tuple(
        Quote(c.text[:_QUOTED], (c.where or c.title)[:_PLACE], c.url if len(c.url) <= _PLACE * 2 else "")
        for c in cited
    )


def numbered(whys: Sequence[Why]) -> list[tuple[str, Why]]:
    """Every step under a number that shows where it hangs: 1, 2, 3 along a chain; 2.1, 2.2 where it forks; D1, D2 in the
    branch of detection, so that no two steps have one number.

    The model's own ids are not shown. `whys` form a forest, as `verify` has it.
    """
    found: list[tuple[str, Why]] = []
    for branch in ("occurrence", "detection"):
        tops = [why for why in whys if why.branch == branch and not _same_branch_parent(why, whys)]
        letter = "D" if branch == "detection" else ""
        for place, top in enumerate(tops, 1):
            found += _chain(top, f"{letter}{place}." if len(tops) > 1 else letter, 1, whys)
    return found


def _same_branch_parent(why: Why, whys: Sequence[Why]) -> bool:
    """Whether a step explains another one of its branch."""
    return any(other.id == why.parent and other.branch == why.branch for other in whys)


def _chain(why: Why, prefix: str, depth: int, whys: Sequence[Why]) -> Iterator[tuple[str, Why]]:
    """A step and all below it."""
    yield f"{prefix}{depth}", why
    below = [other for other in whys if other.parent == why.id and other.branch == why.branch]
    for place, other in enumerate(below, 1):
        fork = f"{prefix}{depth}.{place}." if len(below) > 1 else prefix
        yield from _chain(other, fork, 1 if len(below) > 1 else depth + 1, whys)


def _quotes(draft: FiveWhys, refs: Iterable[Ref]) -> tuple[Citation, ...]:
    """The lines that refs quote, as the catalogue has them."""
    return tuple(found for ref in refs if (found := citation(draft, ref)))


def _removed(taken: Sequence[Violation]) -> tuple[Removed, ...]:
    """What the check took out by rule; in the words of the rules, for the model's own are what was taken."""
    counts = Counter(violation.rule for violation in taken)
    return tuple(Removed(rule, count, _asks(rule)) for rule, count in counts.items())


def _asks(rule: str) -> str:
    """What a rule asks for: the first line of its own description."""
    check = RULES.get(rule)
    return (check.__doc__ or "").partition("\n")[0] if check else ""
