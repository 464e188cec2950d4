"""An answer without what broke a rule: less is said, nothing is added, and never anything stronger than before.

In: an `Answer` and its `Violation`s. Out: a smaller `Answer`, or None when no supported step is left and the honest
thing is a digest. No step is ever promoted and no sentence is rewritten; the one text that code adds says that
something was removed.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from triagebot.drafts.answer_schema import RANKS, Action, Answer, Missing, Ref, Rival, Root, Why
from triagebot.drafts.model import Catalogue, Violation
from triagebot.drafts.verify import FEWEST_OCCURRENCE, MOST_OCCURRENCE, MOST_OF_A_LIST, MOST_WHYS, verify

REMOVED: Final = Missing(
    what="Evidence for the steps that were removed because they could not be checked",
    how="Collect the logs of the failing service for the time of the run, and ask again",
)

T = TypeVar("T")

_PLACE = re.compile(r"(whys|rivals|actions|missing|roots)\[(\d{1,6})\](?:\.refs\[(\d{1,6})\])?")
"""The place of a violation in an answer. Hit: `whys[2].refs[0]`. Miss: `title`."""
_MOST_ROUNDS = 60

_DROP_REF = frozenset(
    {"evidence_unknown", "line_unknown", "quote_size", "quote_elsewhere", "quote_invented", "quoted_order"}
)
_DEMOTE = frozenset({"unsupported", "gap_as_proof", "no_overlap", "hedged", "leapt"})
_UNCITE = frozenset({"effect_before_cause"})
_ABSTAIN = frozenset({"wrong_length", "root_missing"})
_WEAKEN = frozenset({"overclaimed", "blind_conclusion"})


@dataclass(frozen=True, slots=True)
class _Cut:
    """What has to go, by index: whole entries by list, refs by (list, entry, ref), steps to demote or uncite."""

    entries: dict[str, set[int]] = field(default_factory=dict)
    refs: set[tuple[str, int, int]] = field(default_factory=set)
    demoted: set[int] = field(default_factory=set)
    uncited: set[int] = field(default_factory=set)
    abstain: bool = False
    weaken: bool = False


def settle(
    draft: Answer, catalogue: Catalogue, *, problem: str = "", clean: Callable[[str], str] = str
) -> tuple[Answer | None, tuple[Violation, ...]]:
    """The largest part of a draft that breaks no rule, and what was taken out of it; None when a digest says more."""
    taken: tuple[Violation, ...] = ()
    for _ in range(_MOST_ROUNDS):
        violations = verify(draft, catalogue, problem=problem, clean=clean)
        if not violations:
            return (draft if _supported(draft) else None), taken
        taken += violations
        smaller = degrade(draft, violations)
        if smaller is None:
            return None, taken
        draft = smaller
    return None, taken


def degrade(draft: Answer, violations: Collection[Violation]) -> Answer | None:
    """The draft without what the violations name, its statuses and verdict worked out anew.

    Refs that do not hold are dropped; a step that lost its support becomes a hypothesis, and so does every step
    below it; a step whose words cannot stand goes with all that hangs below it. None when no supported step is left.
    """
    if not violations:
        return draft
    cut = _cut(violations)
    whys = _closed(_kept_whys(draft, cut))
    rivals = tuple(_rivals(draft, cut))
    roots, actions = _ends(draft, whys, cut)
    missing = _kept(draft.missing, cut.entries.get("missing", set()))[:MOST_OF_A_LIST]
    verdict = draft.verdict
    if not roots:
        verdict = "insufficient_evidence"
    elif cut.weaken or any(why.status != "supported" for why in _path(whys, roots[0].why)):
        verdict = "root_cause_hypothesis"
    if not missing and (verdict == "insufficient_evidence" or any(why.status == "unknown" for why in whys)):
        missing = (REMOVED,)
    smaller = Answer(whys=whys, roots=roots, rivals=rivals, actions=actions, missing=missing, verdict=verdict)
    return smaller if _supported(smaller) else None


def _supported(draft: Answer) -> bool:
    """Whether any step is supported."""
    return any(why.status == "supported" for why in draft.whys)


def _cut(violations: Iterable[Violation]) -> _Cut:
    """What the violations ask to be cut."""
    entries: dict[str, set[int]] = {}
    refs, demoted, uncited = set[tuple[str, int, int]](), set[int](), set[int]()
    rules = {violation.rule for violation in violations}
    for violation in violations:
        found = _PLACE.match(violation.where)
        if not found:
            continue
        name, at, ref = found.group(1), int(found.group(2)), found.group(3)
        if violation.rule in _DROP_REF and ref is not None:
            refs.add((name, at, int(ref)))
        elif violation.rule in _DEMOTE:
            demoted.add(at)
        elif violation.rule in _UNCITE:
            uncited.add(at)
        else:
            entries.setdefault(name, set()).add(at)
    return _Cut(entries, refs, demoted, uncited, bool(rules & _ABSTAIN), bool(rules & _WEAKEN))


def _kept(values: tuple[T, ...], gone: Collection[int]) -> tuple[T, ...]:
    """The values whose index is not gone."""
    return tuple(value for at, value in enumerate(values) if at not in gone)


def _kept_whys(draft: Answer, cut: _Cut) -> list[Why]:
    """The steps that stay, without their bad refs; demoted where they lost what carried them."""
    gone = cut.entries.get("whys", set())
    kept = []
    for at, why in enumerate(draft.whys):
        if at in gone:
            continue
        refs = _kept_refs("whys", at, why.refs, cut) if at not in cut.uncited else ()
        lost = why.status == "supported" and (at in cut.demoted or at in cut.uncited or not refs)
        kept.append(why.model_copy(update={"refs": refs, "status": "hypothesis" if lost else why.status}))
    return kept


def _kept_refs(name: str, at: int, refs: tuple[Ref, ...], cut: _Cut) -> tuple[Ref, ...]:
    """The refs of one entry that are not cut."""
    return tuple(ref for index, ref in enumerate(refs) if (name, at, index) not in cut.refs)


def _closed(whys: Iterable[Why]) -> tuple[Why, ...]:
    """The steps that hang from the problem, within the limits; supported only below supported ones."""
    waiting = list(whys)
    order = {why.id: at for at, why in reversed(list(enumerate(waiting)))}
    placed: dict[str, Why] = {}
    while ready := [
        why for why in waiting if why.id not in placed and (not why.parent or why.parent in placed)
    ]:
        for why in ready:
            placed.setdefault(why.id, _below(placed.get(why.parent), why))
    forest = tuple(placed.values())[:MOST_WHYS]
    short = (why for why in forest if len(_path(forest, why.id)) <= MOST_OCCURRENCE)
    return tuple(sorted(short, key=lambda why: order[why.id]))


def _below(parent: Why | None, why: Why) -> Why:
    """A step as it may stand below its parent."""
    leapt = parent is not None and parent.status != "supported" and why.status == "supported"
    return why.model_copy(update={"status": "hypothesis"}) if leapt else why


def _rivals(draft: Answer, cut: _Cut) -> Iterable[Rival]:
    """The rivals that stay. One whose evidence was cut goes: what it says was argued from that evidence."""
    gone = cut.entries.get("rivals", set()) | {at for name, at, _ in cut.refs if name == "rivals"}
    return _kept(draft.rivals, gone)[:MOST_OF_A_LIST]


def _ends(draft: Answer, whys: tuple[Why, ...], cut: _Cut) -> tuple[tuple[Root, ...], tuple[Action, ...]]:
    """The roots that still are leaves with an action, ranked anew, and the actions about them."""
    if cut.abstain or _deepest(whys) < FEWEST_OCCURRENCE or draft.verdict == "insufficient_evidence":
        return (), ()
    parents = {why.parent for why in whys if why.branch == "occurrence"}
    known = {
        why.id
        for why in whys
        if why.status != "unknown" and (why.branch == "detection" or why.id not in parents)
    }
    actions = _kept(draft.actions, cut.entries.get("actions", set()))[:MOST_OF_A_LIST]
    acted = {action.root for action in actions}
    kept = dict.fromkeys(root.why for root in _kept(draft.roots, cut.entries.get("roots", set())))
    leaves = [why for why in kept if why in known & acted]
    roots = tuple(Root(why=why, rank=rank) for why, rank in zip(leaves, RANKS, strict=False))
    named = {root.why for root in roots}
    return roots, tuple(action for action in actions if action.root in named)


def _deepest(whys: tuple[Why, ...]) -> int:
    """The length of the longest chain of what happened."""
    return max((len(_path(whys, why.id)) for why in whys if why.branch == "occurrence"), default=0)


def _path(whys: tuple[Why, ...], leaf: str) -> tuple[Why, ...]:
    """A step and all above it. The steps form a forest, so that this ends."""
    by_id = {why.id: why for why in whys}
    path: list[Why] = []
    while (why := by_id.get(leaf)) is not None and why not in path:
        path.append(why)
        leaf = why.parent
    return tuple(path)
