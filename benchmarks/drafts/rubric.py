"""The twelve points and four gates by which a draft is judged; computed where code can, left blank for a person where it cannot.

In: a case and the draft that was made of it. Out: a `Score`. What code computes here from gold words is a floor, not a verdict: a draft can use
the right words and be wrong, and that is what the person's half is for.
"""

import re
from dataclasses import dataclass

from benchmarks.drafts.cases import GOLD, Case
from triagebot.drafts.answer_schema import Answer, Why
from triagebot.drafts.citations import citation
from triagebot.drafts.degrade import REMOVED
from triagebot.drafts.model import FiveWhys
from triagebot.drafts.verify import verify
from triagebot.plans.draft_text import draft_markdown
from triagebot.redact import Redactor

GATES = {
    "quotes are verbatim and in the cited item": {
        "quote_invented",
        "quote_elsewhere",
        "evidence_unknown",
        "line_unknown",
    },
    "no number or name from outside the cited evidence": {"foreign_token", "foreign_rival", "foreign_sha"},
    "no secret, mention or live link": {"injected", "secret"},
    "no blame": {"blame"},
}
PERSON = (
    "why 1 matches the mechanism (sent and received right)",
    "each link reads 'therefore'",
    "stops at a control that the team owns, or says why not",
    "the refutation can be carried out",
    "what is missing is specific",
    "can be decided on in two minutes",
)


@dataclass(frozen=True)
class Score:
    """One draft's judgement. `points` by name: True, False, or None for what only a person can say."""

    gates: dict[str, bool]
    points: dict[str, bool | None]
    right_cause: bool
    right_verdict: bool
    forbidden: tuple[str, ...]

    @property
    def computed(self) -> tuple[int, int]:
        """(points that code gave, points that code can give); none when a gate is shut."""
        known = [value for value in self.points.values() if value is not None]
        return (sum(known) if all(self.gates.values()) else 0), len(known)


def score(case: Case, draft: FiveWhys) -> Score:
    """The judgement of a draft by what is known of its case."""
    broken = {
        v.rule for v in verify(draft.answer, case.catalogue, problem=draft.problem, clean=Redactor().text)
    }
    gates = {name: not rules & broken for name, rules in GATES.items()}
    points: dict[str, bool | None] = dict.fromkeys(PERSON)
    points |= _computed(draft)
    points["the certainty is labelled right"] = right_verdict(case, draft.answer)
    wrong = _forbidden(case, draft.answer)
    return Score(
        gates, points, right_cause(case, draft.answer) and not wrong, right_verdict(case, draft.answer), wrong
    )


def _computed(draft: FiveWhys) -> dict[str, bool | None]:
    """The points that follow from the draft alone."""
    answer = draft.answer
    acted = {action.root for action in answer.actions if action.done_when.strip()}
    ruled_out = [
        rival for rival in answer.rivals if rival.standing == "ruled_out" and _quoted(draft, rival.refs)
    ]
    return {
        "contrast or stats are used": bool({"contrast", "stats"} & set(draft.kinds)),
        "a rival is ruled out with evidence": bool(ruled_out),
        "there is a detection branch": any(why.branch == "detection" for why in answer.whys),
        "each root has an action with done-when": all(root.why in acted for root in answer.roots),
        "what is unknown has its missing evidence": _asked_for(answer),
        "at most sixty lines before the folds": _lines(draft) <= 60,
    }


def _quoted(draft: FiveWhys, refs: tuple[object, ...]) -> bool:
    return bool(refs) and all(citation(draft, ref) for ref in refs)  # type: ignore[arg-type]  # refs of the answer


def _asked_for(answer: Answer) -> bool:
    """Whether open steps come with what would tell, in the model's own words."""
    unknown = answer.verdict == "insufficient_evidence" or any(why.status == "unknown" for why in answer.whys)
    return not unknown or any(missing != REMOVED for missing in answer.missing)


def _lines(draft: FiveWhys) -> int:
    return len(re.sub(r"(?s) *<details>.*?</details>", "", draft_markdown(draft)).splitlines())


def path_to_root(answer: Answer) -> list[Why]:
    """The steps that lead to any root; all supported steps where none is named."""
    by_id = {why.id: why for why in answer.whys}
    if not answer.roots:
        return [why for why in answer.whys if why.status == "supported"]
    found: list[Why] = []
    for root in answer.roots:
        why = by_id.get(root.why)
        while why is not None and why not in found:
            found.append(why)
            why = by_id.get(why.parent)
    return found


def right_cause(case: Case, answer: Answer) -> bool:
    """Whether the steps hold the words of every fault's true cause, and a root is named where the evidence leads to one."""
    text = " ".join(why.sentence for why in path_to_root(answer)).casefold()
    causes = [group for fault in case.faults for group in GOLD[fault]["causes"]]
    told = all(any(word.casefold() in text for word in group) for group in causes)
    return (
        told and bool(answer.roots) if case.answerable else told or answer.verdict == "insufficient_evidence"
    )


def right_verdict(case: Case, answer: Answer) -> bool:
    """Whether the draft is no surer than the evidence allows, and does not abstain where it leads to the cause."""
    if case.answerable:
        return answer.verdict != "insufficient_evidence"
    return answer.verdict != "root_cause_supported"


def _forbidden(case: Case, answer: Answer) -> tuple[str, ...]:
    """Claims on the way to a root that are known to be wrong for every fault of the case."""
    text = " ".join(why.sentence for why in path_to_root(answer))
    patterns = set.intersection(*(set(GOLD[fault]["forbidden"]) for fault in case.faults))
    return tuple(sorted(pattern for pattern in patterns if re.search(pattern, text, re.IGNORECASE)))
