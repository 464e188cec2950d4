"""What the acts of people come to: the state of a draft, what became of each step, which cause is the accepted one.

In: a marker. Out: judgements over it, and the marker after a new draft was made or the issue came back. Later acts win
over earlier ones, and both stay to be shown. Nothing here knows how a command is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from triagebot.issues import Act, DraftedWhy, Ended, Issue, Judged, Marker, Settled, fix_of
from triagebot.redact import Fact, recorded

State = Literal["draft", "confirmed", "rejected", "needs-evidence"]
STATES: tuple[State, ...] = ("confirmed", "rejected", "needs-evidence", "draft")
ON_WHYS = frozenset({"accept", "edit", "reject", "not-quite"})
_FROZEN = frozenset({"accept", "edit"})
_MOST_KEPT = 12
_RANKS = ("primary", "secondary", "tertiary")
UNTOUCHED = timedelta(days=7)
Fate = Literal["accepted as drafted", "edited", "rejected", "sent back", "untouched after 7 days", "waiting"]
DONE = {
    "accept": "accepted",
    "edit": "corrected",
    "reject": "rejected",
    "not-quite": "called not quite right",
}


def state(marker: Marker) -> State:
    """Where the draft stands: the last act that says so counts."""
    found: State = "draft"
    for at, act in enumerate(marker.acts):
        found = _after(found, act, replace(marker, acts=marker.acts[: at + 1]))
    return found


def with_state(marker: Marker) -> Marker:
    """The marker with its state among the other states of the signature."""
    return replace(marker, states=tuple(sorted({*marker.states} - {*STATES} | {state(marker)})))


def _after(before: State, act: Act, marker: Marker) -> State:
    """The state after one act. `marker` holds the acts up to it."""
    match act.verb:
        case "accept" | "edit":
            return _after_accepting(before, act, marker)
        case "cause":
            return "confirmed"
        case "reject":
            at_root = not act.on or (_roots(marker) & {*act.on} and not _stated(marker))
            return "rejected" if at_root else before
        case "needs-evidence":
            return "needs-evidence"
        case "redraft" | "not-quite":
            return "draft"
        case _:
            return before


def _after_accepting(before: State, act: Act, marker: Marker) -> State:
    """Confirmed when every root stands accepted or corrected, or the whole draft was accepted."""
    roots = _roots(marker)
    settled = {number for number, acts in verdicts(marker).items() if acts[-1].verb in _FROZEN}
    if not act.on or (roots and roots <= settled):
        return "confirmed"
    return "draft" if before == "rejected" and roots & {*act.on} else before


def _roots(marker: Marker) -> set[str]:
    """The numbers of the steps at which the asking stopped."""
    return {why.number for why in marker.whys if why.root}


def verdicts(marker: Marker) -> dict[str, tuple[Act, ...]]:
    """What people said of each step of the draft that stands, by number, oldest first: the last one counts."""
    found: dict[str, tuple[Act, ...]] = {}
    for act in marker.acts:
        for why in marker.whys if act.verb in ON_WHYS else ():
            if why.number in act.on or (act.verb == "accept" and not act.on):
                found[why.number] = (*found.get(why.number, ()), act)
    return found


def causes(marker: Marker) -> tuple[Judged, ...]:
    """The accepted causes: stated by people, else the roots that they accepted or corrected, primary first."""
    if stated := _stated(marker):
        return tuple(stated[rank] for rank in _RANKS if rank in stated)
    if state(marker) != "confirmed":
        return ()
    roots = [judged for judged in (*marker.kept, *frozen(marker)) if judged.rank in _RANKS]
    return tuple(sorted(roots, key=lambda judged: judged.rank != "primary"))


def _stated(marker: Marker) -> dict[str, Judged]:
    """The causes that people stated in their own words, by rank: the last one counts, unless somebody rejected it all since."""
    acts = (act for act in marker.acts[_since(marker) :] if act.verb == "cause")
    return {act.rank: _judged(act, act.said, act.rank) for act in acts}


def _since(marker: Marker) -> int:
    """How many acts there were when somebody last rejected everything; 0 where nobody did."""
    return next((at + 1 for at, act in reversed([*enumerate(marker.acts)]) if _is_of_all(act)), 0)


def _is_of_all(act: Act) -> bool:
    """Whether somebody rejected everything that was there."""
    return act.verb == "reject" and not act.on


def frozen(marker: Marker) -> tuple[Judged, ...]:
    """The steps of the draft that stands which people accepted or corrected, in the words that count."""
    return tuple(_of_whys(marker, _FROZEN))


def ruled_out(marker: Marker) -> tuple[Judged, ...]:
    """Every cause that people rejected: steps of this draft, all roots of a draft that was rejected, and earlier ones.

    What they accepted or stated in the same words afterwards is none of them.
    """
    now = [*_of_whys(marker, {"reject"})]
    whole = next((act for act in reversed(marker.acts) if _is_of_all(act)), None)
    if whole is not None and state(marker) == "rejected":
        now += [_judged(whole, why.text, why.root) for why in marker.whys if why.root]
    if whole is not None:
        before = marker.acts[: marker.acts.index(whole)]
        now += [_judged(whole, act.said, act.rank) for act in before if act.verb == "cause"]
    held = {one.text: one.at for one in (*marker.kept, *frozen(marker), *_stated(marker).values())}
    return _newest(
        one for one in (*marker.ruled_out, *now) if one.text not in held or held[one.text] < one.at
    )


def hints(marker: Marker) -> tuple[str, ...]:
    """What people asked the next draft to mind, oldest first: hints, steps that are not quite right, missing evidence."""
    texts = {why.number: why.text for why in marker.whys}
    asked = {"redraft", "not-quite", "needs-evidence"}
    return tuple(
        f"{act.said} (of the step: {texts[act.on[0]]})" if act.on and act.on[0] in texts else act.said
        for act in marker.acts
        if act.verb in asked and act.said
    )


def owner(marker: Marker) -> Act | None:
    """Who named an owner last."""
    return next((act for act in reversed(marker.acts) if act.verb == "owner"), None)


def fix(issue: Issue) -> Fact | None:
    """The commit that mended an issue, as far as anybody knows."""
    return recorded(fix_of(issue))


def fixed_by(marker: Marker) -> str:
    """The commit that a person named as the fix; "" for none."""
    return next((act.said for act in reversed(marker.acts) if act.verb == "fixed-by"), "")


def settled(issue: Issue) -> Settled | None:
    """What history is to keep of an issue; None where people decided nothing about its cause."""
    if (marker := issue.marker) is None:
        return None
    now, out = causes(marker), ruled_out(marker)
    if not (now or marker.last or out):
        return None
    return Settled(marker.key, issue.number, now or marker.last, out, fix(issue) if now else marker.last_fix)


def remembering(marker: Marker, found: Iterable[Settled]) -> Marker:
    """The marker of an issue that knows nothing yet, with what people decided on earlier ones: the newest causes count."""
    known = sorted(found, key=_when)
    last = next((one for one in reversed(known) if one.causes), None)
    causes_, fix_ = (last.causes, last.fixed_by) if last else ((), None)
    accepted = {judged.text: judged.at for judged in causes_}
    out = sorted((judged for one in known for judged in one.ruled_out), key=lambda judged: judged.at)
    still = (judged for judged in out if accepted.get(judged.text, judged.at) <= judged.at)
    return replace(marker, last=causes_, last_fix=fix_, ruled_out=_newest(still))


def _when(found: Settled) -> tuple[datetime, int]:
    """When the last of it was decided."""
    return max(judged.at for judged in (*found.causes, *found.ruled_out)), found.issue


def fate(marker: Marker, now: datetime) -> Fate:
    """What became of the draft on an issue."""
    judged = [act for act in marker.acts if act.verb in ON_WHYS | {"cause", "needs-evidence", "redraft"}]
    if any(act.verb in ("edit", "cause", "not-quite") for act in judged):
        return "edited"
    if state(marker) == "rejected" or any(act.verb == "reject" for act in judged):
        return "rejected"
    if any(act.verb == "accept" for act in judged):
        return "accepted as drafted"
    if judged:
        return "sent back"
    made = marker.drafted_at or marker.first
    old = made is not None and now - made >= UNTOUCHED
    return "untouched after 7 days" if old else "waiting"


def fates_of_whys(marker: Marker) -> tuple[tuple[str, str], ...]:
    """What people did with each step of the draft that stands: the last word counts."""
    said = verdicts(marker)
    return tuple(
        (why.number, DONE[said[why.number][-1].verb] if why.number in said else "never looked at")
        for why in marker.whys
    )


def _ended(marker: Marker, now: datetime) -> tuple[Ended, ...]:
    """The drafts that stand no longer, with the one that does, once; what nobody had time to look at is no draft that was judged."""
    at = marker.drafted_at or marker.first
    found = fate(marker, now)
    if marker.drafted != "model" or at is None or found == "waiting" or is_ended(marker):
        return marker.ended
    return (*marker.ended, Ended(at, marker.prompt, found))


def is_ended(marker: Marker) -> bool:
    """Whether what became of the draft that is shown was written down already, before the issue came back."""
    return (marker.drafted_at or marker.first) in {one.at for one in marker.ended}


def redrafted(
    marker: Marker, whys: Sequence[DraftedWhy], now: datetime, actions: Sequence[str] = ()
) -> Marker:
    """The marker under a new draft: what people settled in the one before is kept, and the new one is to be judged."""
    if tuple(whys) == marker.whys and tuple(actions) in (marker.actions, ()):
        return marker
    marker = replace(marker, ended=_ended(marker, now), drafted_at=now)
    held = {judged.text: judged for judged in (*marker.kept, *frozen(marker), *_accepted_actions(marker))}
    held = {text: judged for text, judged in held.items() if judged.rank != "action" or text not in actions}
    again = {judged.text: why for judged in held.values() for why in whys if _is_about(judged, why)}
    over = {*ON_WHYS, "redraft", "needs-evidence"}
    since = _since(marker)
    acts = tuple(
        act
        for at, act in enumerate(marker.acts)
        if act.verb not in over and (act.verb != "cause" or at >= since)
    )
    carried = tuple(_carried(held[text], why) for text, why in again.items())
    kept = _newest(judged for text, judged in held.items() if text not in again)
    return replace(
        marker,
        whys=tuple(whys),
        actions=tuple(actions),
        acts=(*carried, *acts),
        kept=kept,
        ruled_out=ruled_out(marker),
    )


def _accepted_actions(marker: Marker) -> Iterable[Judged]:
    """What is to be done by a draft that somebody accepted whole."""
    whole = next((act for act in reversed(marker.acts) if act.verb in ON_WHYS and not act.on), None)
    if whole is not None and whole.verb == "accept":
        yield from (_judged(whole, text, "action") for text in marker.actions)


def _is_about(judged: Judged, why: DraftedWhy) -> bool:
    """Whether a step of a new draft is one that a person settled: in the words that count, or in those that were corrected."""
    return why.text in (judged.text, judged.said if judged.verb == "edit" else judged.text)


def _carried(judged: Judged, why: DraftedWhy) -> Act:
    """What a person settled, said of the same step of a new draft."""
    if why.text == judged.text:
        return Act("accept", judged.who, judged.at, "", judged.comment, (why.number,))
    return Act("edit", judged.who, judged.at, "", judged.comment, (why.number,), judged.text)


def returned(marker: Marker, by: Fact | None, now: datetime) -> Marker:
    """The marker of an issue that came back: its accepted cause becomes the one of last time, and a new draft is due."""
    if not (found := causes(marker)):
        return marker
    settled = ON_WHYS | {"cause", "redraft", "needs-evidence", "fixed-by"}
    acts = tuple(act for act in marker.acts if act.verb not in settled)
    out = ruled_out(marker)
    ended = _ended(marker, now)
    return replace(marker, acts=acts, kept=(), last=found, last_fix=by, ruled_out=out, ended=ended)


def spared(marker: Marker, most: int = 30) -> Marker:
    """The marker with at most `most` acts where some of them change nothing any more; those leave, oldest first."""
    for act in marker.acts if len(marker.acts) > most else ():
        less = replace(marker, acts=tuple(other for other in marker.acts if other is not act))
        if len(marker.acts) > most and _sense(less) == _sense(marker):
            marker = less
    return marker


def _sense(marker: Marker) -> tuple[object, ...]:
    """Everything that acts decide."""
    last = {number: acts[-1] for number, acts in verdicts(marker).items()}
    return state(marker), last, causes(marker), ruled_out(marker), owner(marker), fixed_by(marker)


def _of_whys(marker: Marker, verbs: Iterable[str]) -> Iterable[Judged]:
    """The steps about which the last word was one of these."""
    said = verdicts(marker)
    for why in marker.whys:
        if (acts := said.get(why.number)) and acts[-1].verb in verbs:
            last = acts[-1]
            edited = last.verb == "edit"
            judged = _judged(last, last.said if edited else why.text, why.root)
            yield replace(judged, said=why.text) if edited else judged


def _judged(act: Act, text: str, rank: str) -> Judged:
    """A text with who judged it."""
    said = act.said if act.verb == "reject" else ""
    return Judged(act.verb, text, act.who, act.at, act.comment, said, rank)


def _newest(judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """The newest that a marker has room for, each text once."""
    return tuple({one.text: one for one in judged}.values())[-_MOST_KEPT:]
