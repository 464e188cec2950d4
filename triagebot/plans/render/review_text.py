"""What people said of the draft and of the issue, as readers see it: the state first, then every word with its author.

In: a marker. Out: the parts `memory` and `review` of an issue, and the draft's own text with what became of each step.
What a person wrote is shown as theirs; nothing here judges.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from triagebot.issues import Act, DraftedWhy, Grade, Judged, Marker
from triagebot.markdown import (
    Markdown,
    bullets,
    code,
    comment_link,
    fill,
    heading,
    inline,
    join,
    paragraphs,
    words,
)
from triagebot.plans.render.formatting import commit, moment
from triagebot.reviews import states

# The line of one step in a draft, as `plans.draft_text` writes it, with what was put behind it before.
_STEP = re.compile(r"(- \*\*(D?[0-9.]{1,20})\*\* .{0,2000}?)( \*\*\(.{0,300}\)\*\*)?")
"""Hit: `- **2** The pool is too small.`. Miss: `2. The pool is too small.`."""
_SAID = {
    "accept": words("accepted"),
    "edit": words("corrected"),
    "reject": words("rejected"),
    "not-quite": words("called not quite right"),
}
_STATES: Mapping[states.State, Markdown] = {
    "confirmed": words("**Confirmed**"),
    "rejected": words("**Rejected**"),
    "needs-evidence": words("**Needs evidence**"),
    "draft": words("**Draft**"),
}
_TELLING: Mapping[states.State, frozenset[str]] = {
    "confirmed": frozenset({"accept", "edit", "cause"}),
    "rejected": frozenset({"reject"}),
    "needs-evidence": frozenset({"needs-evidence"}),
    "draft": frozenset({"redraft", "not-quite"}),
}
_TOUCHED = {
    "yes": "it touched what a supported root of the draft names ({})",
    "no": "it touched nothing that a supported root of the draft names",
    "cannot say": "whether it touched what the draft names cannot be said",
}
_ASKS = {"needs-evidence": words("asks for evidence"), "redraft": words("asks for another draft")}
_OWED = words("Another draft is made when it next fails.")
NOTHING = Markdown("")
TEXT = 330


def review_parts(marker: Marker) -> dict[str, str]:
    """The parts about what people said; "" where they said nothing."""
    return {"memory": _memory(marker), "review": _review(marker)}


def annotated(draft: str, marker: Marker) -> str:
    """The draft's text with what became of each of its steps behind it; doing it twice changes nothing."""
    said = states.verdicts(marker)
    return "\n".join(_annotated(line, said) for line in draft.split("\n"))


def _annotated(line: str, said: Mapping[str, Sequence[Act]]) -> str:
    """One line of a draft."""
    step = _STEP.fullmatch(line)
    if step is None:
        return line
    acts = said.get(step[2])
    return f"{step[1]} **({_by(acts[-1])})**" if acts else step[1]


def _memory(marker: Marker) -> Markdown:
    """What the cause was the last time."""
    if not marker.last:
        return NOTHING
    cause = join((inline(f"{judged.text.rstrip('. ')}.", TEXT) for judged in marker.last), " ")
    first = marker.last[0]
    by = fill("accepted by {} on {} UTC", inline(first.who), inline(moment(first.at)))
    fix = fill("fixed by {}", commit(marker.last_fix)) if marker.last_fix else NOTHING
    told = join([by, fix], ", ")
    return fill("> **Last time the cause was:** {} *({})* Why did the prevention not hold?", cause, told)


def _review(marker: Marker) -> Markdown:
    """The state, and everything that was said."""
    rows = [
        *(_cause(act) for act in marker.acts if act.verb == "cause"),
        *(_of_all(act) for act in marker.acts if act.verb in ("accept", "reject") and not act.on),
        *_steps(marker),
        *(_request_line(act) for act in marker.acts if act.verb in _ASKS),
        *map(_kept, marker.kept),
        *map(_out, marker.ruled_out),
        *_steering(marker),
    ]
    if not rows:
        return NOTHING
    return paragraphs(heading(3, words("What maintainers said")), _state(marker), bullets(rows))


def _state(marker: Marker) -> Markdown:
    """The state, and who brought it about, when and where."""
    now = states.state(marker)
    told = next((act for act in reversed(marker.acts) if act.verb in _TELLING[now]), None)
    named = (
        fill("{} by {} on {} UTC", _STATES[now], inline(told.who), inline(moment(told.at)))
        if told
        else NOTHING
    )
    head = join([named or _STATES[now], _where(told.comment if told else 0)])
    return join([Markdown(f"{head}."), _OWED if marker.owed and now != "confirmed" else NOTHING])


def _cause(act: Act) -> Markdown:
    """A cause in a person's words."""
    name = fill("**Root cause ({})**, stated by {}", inline(act.rank), inline(act.who))
    return fill("{}: {}", join([name, _where(act.comment)]), inline(act.said, TEXT))


def _steps(marker: Marker) -> list[Markdown]:
    """What was said of single steps, the last word first."""
    said = {number: [act for act in acts if act.on] for number, acts in states.verdicts(marker).items()}
    return [_step(why, said[why.number]) for why in marker.whys if said.get(why.number)]


def _step(why: DraftedWhy, acts: Sequence[Act]) -> Markdown:
    """One step: the last word, the text that it is about, and the words before it."""
    last = acts[-1]
    head = fill("**{}** {}", inline(why.number), _word(last))
    drafted = fill("*(drafted: {})*", inline(why.text, TEXT)) if last.said else inline(why.text, TEXT)
    before = join(map(_word, acts[:-1]), ", ")
    return join([Markdown(f"{head}."), drafted, fill("Before: {}.", before) if before else NOTHING])


def _word(act: Act) -> Markdown:
    """What somebody did, where, and in which words."""
    head = join([_by(act), _where(act.comment)])
    return fill("{}: {}", head, inline(act.said.rstrip(". "), TEXT)) if act.said else head


def _by(act: Act) -> Markdown:
    """What somebody did."""
    return fill("{} by {}", _SAID.get(act.verb, words("judged")), inline(act.who))


def _of_all(act: Act) -> Markdown:
    """The whole draft accepted or rejected."""
    return fill("Whole draft {}", _word(act))


def _request_line(act: Act) -> Markdown:
    """Evidence or another draft that somebody asked for."""
    head = join([fill("{} {}", inline(act.who), _ASKS[act.verb]), _where(act.comment)])
    return fill("{}: {}", head, inline(act.said, TEXT)) if act.said else head


def _kept(judged: Judged) -> Markdown:
    """A text of an earlier draft that stays."""
    done = words("corrected") if judged.verb == "edit" else words("accepted")
    what = words("Action kept" if judged.rank == "action" else "Kept")
    return fill(
        "{} from an earlier draft, {} by {}: {}", what, done, inline(judged.who), inline(judged.text, TEXT)
    )


def _out(judged: Judged) -> Markdown:
    """A cause that was rejected and must not come back."""
    why = fill("({})", inline(judged.said.rstrip("."), TEXT)) if judged.said else NOTHING
    return join([fill("Ruled out by {}: {}", inline(judged.who), inline(judged.text, TEXT)), why])


def _steering(marker: Marker) -> list[Markdown]:
    """Owner, fix and silence as people set them."""
    rows = []
    if owner := states.owner(marker):
        rows.append(fill("**Owner:** {} (named by {})", inline(owner.said, 100), inline(owner.who)))
    if fix := states.fixed_by(marker):
        rows.append(fill("**Fixed by:** {}", code(fix, 40)))
    if marker.mute:
        rows.append(fill("**Muted** {}", _until(marker.mute)))
    return [*rows, *map(_grade, marker.grades)]


def _grade(grade: Grade) -> Markdown:
    """How a draft fared beside the fix."""
    names = join(map(code, grade.names), ", ")
    touched = fill(_TOUCHED[grade.touched], names) if names else words(_TOUCHED[grade.touched])
    done = Counter(fate for _, fate in grade.whys)
    said = ", ".join(f"{count} {name}" for name, count in done.items())
    return fill("**Graded** by the fix {}: {}. Its steps: {}.", commit(grade.fix), touched, inline(said, 200))


def _until(mute: str) -> Markdown:
    """How long the issue is muted."""
    if mute == "on":
        return words("until somebody says `/triage unmute`")
    return words("until it is fixed") if mute == "fixed" else fill("until {}", inline(mute))


def _where(comment: int) -> Markdown:
    """A link to where it was said."""
    return fill("({})", comment_link(comment)) if comment else NOTHING
