"""What the acts of people come to: the state of a draft, what became of each step, which cause is the accepted one.

In: a marker. Out: judgements over it, and the marker after a new draft was made or the issue came back. Later acts win
over earlier ones, and both stay to be shown. Nothing here knows how a command is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from triagebot.issues import Act, DraftedWhy, Judged, Marker
from triagebot.redact import Fact

State = Literal["draft", "confirmed", "rejected", "needs-evidence"]
STATES: tuple[State, ...] = ("confirmed", "rejected", "needs-evidence", "draft")
ON_WHYS = frozenset({"accept", "edit", "reject", "not-quite"})
_FROZEN = frozenset({"accept", "edit"})
_MOST_KEPT = 12


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
            return "rejected" if not act.on or _roots(marker) & {*act.on} else before
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
    stated = {act.rank: _judged(act, act.said, act.rank) for act in marker.acts if act.verb == "cause"}
    if stated:
        return tuple(stated[rank] for rank in ("primary", "secondary", "tertiary") if rank in stated)
    if state(marker) != "confirmed":
        return ()
    roots = [judged for judged in (*marker.kept, *frozen(marker)) if judged.rank]
    return tuple(sorted(roots, key=lambda judged: judged.rank != "primary"))


def frozen(marker: Marker) -> tuple[Judged, ...]:
    """The steps of the draft that stands which people accepted or corrected, in the words that count."""
    return tuple(_of_whys(marker, _FROZEN))


def ruled_out(marker: Marker) -> tuple[Judged, ...]:
    """Every cause that people rejected: steps of this draft, all roots of a draft that was rejected, and earlier ones."""
    now = [*_of_whys(marker, {"reject"})]
    whole = next((act for act in reversed(marker.acts) if act.verb == "reject" and not act.on), None)
    if whole is not None and state(marker) == "rejected":
        now += [_judged(whole, why.text, why.root) for why in marker.whys if why.root]
    return _newest((*marker.ruled_out, *now))


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


def fix(marker: Marker) -> str:
    """The commit that a person named as the fix; "" for none."""
    return next((act.said for act in reversed(marker.acts) if act.verb == "fixed-by"), "")


def redrafted(marker: Marker, whys: Sequence[DraftedWhy]) -> Marker:
    """The marker under a new draft: what people settled in the one before is kept, and the new one is to be judged."""
    if tuple(whys) == marker.whys:
        return marker
    again = {why.text for why in whys}
    kept = _newest((*marker.kept, *(judged for judged in frozen(marker) if judged.text not in again)))
    acts = tuple(act for act in marker.acts if act.verb not in ON_WHYS | {"redraft", "needs-evidence"})
    carried = tuple(
        Act("accept", judged.who, judged.at, "", judged.comment, (why.number,))
        for why in whys
        for judged in frozen(marker)
        if judged.text == why.text
    )
    return replace(marker, whys=tuple(whys), acts=(*acts, *carried), kept=kept, ruled_out=ruled_out(marker))


def returned(marker: Marker, fixed_by: Fact | None) -> Marker:
    """The marker of an issue that came back: its accepted cause becomes the one of last time, and a new draft is due."""
    if not (found := causes(marker)):
        return marker
    settled = ON_WHYS | {"cause", "redraft", "needs-evidence", "fixed-by"}
    acts = tuple(act for act in marker.acts if act.verb not in settled)
    out = ruled_out(marker)
    return replace(marker, acts=acts, kept=(), last=found, last_fix=fixed_by, ruled_out=out)


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
    return state(marker), last, causes(marker), ruled_out(marker), owner(marker), fix(marker)


def _of_whys(marker: Marker, verbs: Iterable[str]) -> Iterable[Judged]:
    """The steps about which the last word was one of these."""
    said = verdicts(marker)
    for why in marker.whys:
        if (acts := said.get(why.number)) and acts[-1].verb in verbs:
            text = acts[-1].said if acts[-1].verb == "edit" else why.text
            yield _judged(acts[-1], text, why.root)


def _judged(act: Act, text: str, rank: str) -> Judged:
    """A text with who judged it."""
    said = act.said if act.verb == "reject" else ""
    return Judged(act.verb, text, act.who, act.at, act.comment, said, rank)


def _newest(judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """The newest that a marker has room for, each text once."""
    return tuple({one.text: one for one in judged}.values())[-_MOST_KEPT:]
