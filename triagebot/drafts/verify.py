"""Whether an answer says only what its evidence carries, as far as code can tell.

In: an `Answer` and the `Catalogue` that it was made from. Out: violations as data, in the order of `RULES`. Code proves
provenance (the words are there, in the cited line, and every number and name of the claim is among them); it
never proves that the conclusion is true. Nothing here raises on what a model wrote, and nothing is repaired here:
that is `degrade`'s.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from triagebot.drafts.answer_schema import RANKS, Answer, Ref, Why
from triagebot.drafts.bad_phrases import BLAME, EMPTY_REFUTATION, HEDGE, INJECTION, VAGUE
from triagebot.drafts.model import CARRIES_CAUSE, Catalogue, Item, Violation
from triagebot.drafts.sentence_tokens import content, digits, fold, holds, identifiers, numbers, shas

QUOTE_SHORTEST = 12
QUOTE_LONGEST = 160
SENTENCE_LONGEST = 320
MOST_WHYS = 14
MOST_OCCURRENCE = 7
FEWEST_OCCURRENCE = 3
MOST_OF_A_LIST = 8


@dataclass(frozen=True)
class Case:
    """An answer beside its evidence, with what several rules ask of them, computed once.

    `problem` is Why 0 as code wrote it: its numbers and names may be used without a quote. `clean` is the redactor.
    """

    answer: Answer
    catalogue: Catalogue
    problem: str = ""
    clean: Callable[[str], str] = str

    @cached_property
    def items(self) -> dict[str, Item]:
        """Evidence by id."""
        return {item.id: item for item in self.catalogue.items}

    @cached_property
    def whys(self) -> dict[str, Why]:
        """Whys by id; of two with one id the first."""
        return {why.id: why for why in reversed(self.answer.whys)}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The folded text of each item, line by line."""
        return {item.id: "\n".join(fold(line.text) for line in item.lines) for item in self.catalogue.items}

    @cached_property
    def everything(self) -> str:
        """All evidence and the problem as one folded text."""
        return "\n".join((self.problem, *self.texts.values(), *(item.title for item in self.catalogue.items)))

    def ancestors(self, why: Why) -> Iterator[Why]:
        """From the parent of a why up to the problem; it ends at an unknown id and where it would go in circles."""
        seen = {why.id}
        while (parent := self.whys.get(why.parent)) is not None and parent.id not in seen:
            yield parent
            seen.add(parent.id)
            why = parent

    def path(self, why: Why) -> tuple[Why, ...]:
        """A why and all its ancestors."""
        return (why, *self.ancestors(why))


Finding = tuple[str, str]
Check = Callable[[Case], Iterator[Finding]]


def verify(
    draft: Answer, catalogue: Catalogue, *, problem: str = "", clean: Callable[[str], str] = str
) -> tuple[Violation, ...]:
    """Every rule that the draft breaks, where and how; empty for a draft that may be shown.

    `problem` is Why 0; `clean` removes secrets from a text (a draft whose text it changes is in violation).
    """
    case = Case(draft, catalogue, problem, clean)
    return tuple(
        Violation(rule, where, detail) for rule, check in RULES.items() for where, detail in check(case)
    )


def _refs(case: Case) -> Iterator[tuple[str, Ref]]:
    """All refs of whys and rivals with their places."""
    for at, why in enumerate(case.answer.whys):
        yield from ((f"whys[{at}].refs[{index}]", ref) for index, ref in enumerate(why.refs))
    for at, rival in enumerate(case.answer.rivals):
        yield from ((f"rivals[{at}].refs[{index}]", ref) for index, ref in enumerate(rival.refs))


def _whys(case: Case) -> Iterator[tuple[str, Why]]:
    return ((f"whys[{at}]", why) for at, why in enumerate(case.answer.whys))


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    """Every piece of prose that would be shown, with its place."""
    answer = case.answer
    for at, why in enumerate(answer.whys):
        yield f"whys[{at}].sentence", why.sentence
        yield f"whys[{at}].refuted_by", why.refuted_by
    for at, rival in enumerate(answer.rivals):
        yield f"rivals[{at}].cause", rival.cause
        yield f"rivals[{at}].because", rival.because
    for at, action in enumerate(answer.actions):
        yield f"actions[{at}].step", action.step
        yield f"actions[{at}].done_when", action.done_when
    for at, missing in enumerate(answer.missing):
        yield f"missing[{at}].what", missing.what
        yield f"missing[{at}].how", missing.how


def malformed_id(case: Case) -> Iterator[Finding]:
    """Ids are a capital letter and a number."""
    for where, why in _whys(case):
        if not re.fullmatch(r"[A-Z]\d{1,2}", why.id):
            yield where, f"the id {why.id[:40]!r} is not a capital letter and a number"


def duplicate_id(case: Case) -> Iterator[Finding]:
    """No two whys share an id."""
    count = Counter(why.id for why in case.answer.whys)
    seen: set[str] = set()
    for where, why in _whys(case):
        if why.id in seen:
            yield where, f"{count[why.id]} whys have the id {why.id[:40]!r}"
        seen.add(why.id)


def orphan(case: Case) -> Iterator[Finding]:
    """Every parent exists."""
    for where, why in _whys(case):
        if why.parent and why.parent not in case.whys:
            yield where, f"its parent {why.parent[:40]!r} does not exist"


def cycle(case: Case) -> Iterator[Finding]:
    """Asking why never leads back to where it began."""
    for where, why in _whys(case):
        top = case.path(why)[-1]
        if top.parent and top.parent in case.whys:
            yield where, "its parents lead in a circle"


def wrong_branch(case: Case) -> Iterator[Finding]:
    """What happened is not explained by why it was not noticed."""
    for where, why in _whys(case):
        parent = case.whys.get(why.parent)
        if why.branch == "occurrence" and parent is not None and parent.branch == "detection":
            yield where, "an occurrence why hangs below a detection why"


def too_many(case: Case) -> Iterator[Finding]:
    """A list that nobody reads to its end is not an analysis."""
    answer = case.answer
    if len(answer.whys) > MOST_WHYS:
        yield "whys", f"{len(answer.whys)} whys; at most {MOST_WHYS}"
    for name, length in (
        ("rivals", len(answer.rivals)),
        ("actions", len(answer.actions)),
        ("missing", len(answer.missing)),
    ):
        if length > MOST_OF_A_LIST:
            yield name, f"{length} entries; at most {MOST_OF_A_LIST}"


def wrong_length(case: Case) -> Iterator[Finding]:
    """A chain has at most seven steps, and at least three when it claims a root cause."""
    deepest = max((len(case.path(why)) for why in case.answer.whys if why.branch == "occurrence"), default=0)
    if deepest > MOST_OCCURRENCE:
        yield "whys", f"the longest chain has {deepest} steps; at most {MOST_OCCURRENCE}"
    if deepest < FEWEST_OCCURRENCE and case.answer.verdict != "insufficient_evidence":
        yield "verdict", f"a root cause is claimed after {deepest} steps; at least {FEWEST_OCCURRENCE}"


def bad_sentence(case: Case) -> Iterator[Finding]:
    """Every text that is shown is one to a few plain sentences: neither empty nor a page."""
    for where, text in _texts(case):
        if not any(char.isalpha() for char in text):
            yield where, "the text is empty"
        elif len(text) > SENTENCE_LONGEST:
            yield where, f"{len(text)} characters; at most {SENTENCE_LONGEST}"


def injected(case: Case) -> Iterator[Finding]:
    """No links, mentions, markers, markup, hidden characters or orders in what will be shown."""
    for where, text in _texts(case):
        for name, pattern in INJECTION.items():
            if pattern.search(text[: 4 * SENTENCE_LONGEST]):
                yield where, f"the text contains a {name}"


def secret(case: Case) -> Iterator[Finding]:
    """The redactor finds nothing to replace in what will be shown."""
    for where, text in _texts(case):
        if case.clean(text) != text:
            yield where, "the text contains something that looks like a secret"


def evidence_unknown(case: Case) -> Iterator[Finding]:
    """Every cited item exists."""
    for where, ref in _refs(case):
        if ref.evidence not in case.items:
            yield where, f"there is no evidence {ref.evidence[:40]!r}"


def line_unknown(case: Case) -> Iterator[Finding]:
    """Every cited line exists and was shown."""
    for where, ref in _refs(case):
        item = case.items.get(ref.evidence)
        if item is not None and item.line(ref.line) is None:
            yield where, f"{item.id} has no line {ref.line}"


def quote_size(case: Case) -> Iterator[Finding]:
    """A quote is long enough to mean something and short enough to be read."""
    for where, ref in _refs(case):
        length = len(fold(ref.quote))
        if not QUOTE_SHORTEST <= length <= QUOTE_LONGEST and not _is_whole_line(case, ref):
            yield (
                where,
                f"the quote has {length} characters; {QUOTE_SHORTEST} to {QUOTE_LONGEST}, or a whole short line",
            )


def _is_whole_line(case: Case, ref: Ref) -> bool:
    """Whether a short quote is all that its line says."""
    item = case.items.get(ref.evidence)
    line = item.line(ref.line) if item else None
    return line is not None and bool(fold(ref.quote)) and fold(line.text) == fold(ref.quote)


def quote_elsewhere(case: Case) -> Iterator[Finding]:
    """A quote stands in the line that it cites: here, those that stand somewhere else."""
    for where, ref in _refs(case):
        if not _stands(case, ref) and (found := _other_citations(case, ref)):
            yield where, f"the quote is not in {ref.evidence[:40]}:L{ref.line}; it is in {found[0]}"


def quote_invented(case: Case) -> Iterator[Finding]:
    """A quote stands in the line that it cites: here, those that stand nowhere."""
    for where, ref in _refs(case):
        if not _stands(case, ref) and not _other_citations(case, ref):
            yield where, "the quote is in no evidence; copy the words exactly"


def _stands(case: Case, ref: Ref) -> bool:
    """Whether the quote is verbatim in the cited line (NFKC, white space and ANSI folded; no fuzzy match)."""
    item = case.items.get(ref.evidence)
    line = item.line(ref.line) if item else None
    return line is not None and bool(fold(ref.quote)) and fold(ref.quote) in fold(line.text)


def _other_citations(case: Case, ref: Ref) -> list[str]:
    """Where else the quote stands, as "E7:L12"."""
    quote = fold(ref.quote)
    items = (item for item in case.catalogue.items if quote and quote in case.texts[item.id])
    return [f"{item.id}:L{line.number}" for item in items for line in item.lines if quote in fold(line.text)]


def quoted_order(case: Case) -> Iterator[Finding]:
    """No line carries a claim that speaks to its reader instead of telling what happened: somebody planted it."""
    for where, ref in _refs(case):
        item = case.items.get(ref.evidence)
        line = item.line(ref.line) if item else None
        if line is not None and INJECTION["order"].search(line.text):
            yield where, "the line that it quotes gives orders to its reader; it is no evidence"


def unsupported(case: Case) -> Iterator[Finding]:
    """What is marked as supported has a quote."""
    for where, why in _whys(case):
        if why.status == "supported" and not why.refs:
            yield where, "it is marked as supported and quotes nothing"


def gap_as_proof(case: Case) -> Iterator[Finding]:
    """That something was not found supports nothing by itself."""
    for where, why in _whys(case):
        kinds = {case.items[ref.evidence].kind for ref in why.refs if ref.evidence in case.items}
        if why.status == "supported" and kinds == {"gap"}:
            yield where, "only a gap is quoted; absence of evidence supports nothing"


def foreign_token(case: Case) -> Iterator[Finding]:
    """Every number, path, sha and name of a why stands in an item that it cites or in the problem."""
    for where, why in _whys(case):
        cited = [case.texts[ref.evidence] for ref in why.refs if ref.evidence in case.texts]
        for token in _foreign(why.sentence, "\n".join((case.problem, *cited))):
            yield f"{where}.sentence", f"{token!r} is in no cited item"


def foreign_rival(case: Case) -> Iterator[Finding]:
    """Every number, path, sha and name of a rival cause and of what is said about it is in the evidence."""
    for at, rival in enumerate(case.answer.rivals):
        for token in _foreign(f"{rival.cause} {rival.because}", case.everything):
            yield f"rivals[{at}]", f"{token!r} is in no evidence"


def foreign_sha(case: Case) -> Iterator[Finding]:
    """No text names a commit or an id that the evidence does not hold: nobody is sent to revert what is not there."""
    low = fold(case.everything).casefold()
    for where, text in _texts(case):
        for token in shas(text):
            if not holds(low, token):
                yield where, f"{token!r} is in no evidence"


def _foreign(sentence: str, text: str) -> list[str]:
    """The numbers and identifiers of a sentence that a text does not hold."""
    low = fold(text).casefold()
    known = digits(low)
    strange = [number for number in numbers(sentence) if number not in known]
    return sorted(strange + [name for name in identifiers(fold(sentence)) if not holds(low, name)])


def no_overlap(case: Case) -> Iterator[Finding]:
    """A supported sentence shares at least one content word with what it quotes."""
    for where, why in _whys(case):
        quoted = content(" ".join(ref.quote for ref in why.refs))
        if why.status == "supported" and why.refs and not content(why.sentence) & quoted:
            yield where, "the sentence and its quotes have no word in common"


def hedged(case: Case) -> Iterator[Finding]:
    """What is marked as supported is said plainly."""
    for where, why in _whys(case):
        found = HEDGE.search(why.sentence)
        if why.status == "supported" and found:
            yield where, f"{found.group()!r} in a supported why; say it plainly or mark it as hypothesis"


def restates(case: Case) -> Iterator[Finding]:
    """A why says something that its parent, or the problem, does not say already."""
    for where, why in _whys(case):
        parent = case.whys.get(why.parent)
        above = parent.sentence if parent else case.problem
        if parent is not why and _same(why.sentence, above):
            yield where, "it says what the step above it says"


def ruled_out(case: Case) -> Iterator[Finding]:
    """No step says what maintainers rejected as a cause."""
    for where, why in _whys(case):
        if any(_same(why.sentence, text) for text in case.catalogue.ruled_out):
            yield where, "maintainers ruled this out, in these words; what they said of it is in the history"


def _same(one: str, other: str) -> bool:
    """Whether two sentences have nearly the same content words."""
    mine, theirs = content(one), content(other)
    return bool(mine and theirs) and len(mine & theirs) >= 0.8 * len(mine | theirs)


def no_refutation(case: Case) -> Iterator[Finding]:
    """A claim says what would prove it wrong."""
    for where, why in _whys(case):
        told = why.refuted_by.strip()
        if why.status != "unknown" and (len(told) < 12 or EMPTY_REFUTATION.fullmatch(told)):
            yield where, "it does not say what would prove it wrong"


def blame(case: Case) -> Iterator[Finding]:
    """Causes are conditions that a team can change, never people."""
    for where, text in _texts(case):
        if found := BLAME.search(text):
            yield where, f"{found.group()[:60]!r} blames a person"


def vague(case: Case) -> Iterator[Finding]:
    """A cause can be measured; "inadequate" cannot."""
    for where, why in _whys(case):
        if found := VAGUE.search(why.sentence):
            yield where, f"{found.group()[:60]!r} is not a cause that can be checked"


def leapt(case: Case) -> Iterator[Finding]:
    """Nothing is supported below a step that is not."""
    for where, why in _whys(case):
        if why.status == "supported" and any(above.status != "supported" for above in case.ancestors(why)):
            yield where, "a step above it is not supported"


def effect_before_cause(case: Case) -> Iterator[Finding]:
    """A cause is not seen only after its effect, where both carry times."""
    for where, why in _whys(case):
        parent = case.whys.get(why.parent)
        causes, effects = _times(case, why), _times(case, parent) if parent else []
        if why.branch == "occurrence" and causes and effects and min(causes) > max(effects):
            yield where, "what it quotes happened after what it is to explain"


def _times(case: Case, why: Why) -> list[datetime]:
    """The times of the lines that a why quotes."""
    lines = (case.items[ref.evidence].line(ref.line) for ref in why.refs if ref.evidence in case.items)
    return [line.at for line in lines if line and line.at]


def root_wrong(case: Case) -> Iterator[Finding]:
    """A root is a known leaf that is not itself unknown, named once, ranked from primary on without gaps."""
    parents = {why.parent for why in case.answer.whys if why.branch == "occurrence"}
    ranks = [root.rank for root in case.answer.roots]
    seen: set[str] = set()
    for at, root in enumerate(case.answer.roots):
        why = case.whys.get(root.why)
        if why is None:
            yield f"roots[{at}]", f"there is no why {root.why[:40]!r}"
        elif why.status == "unknown" or (why.branch == "occurrence" and why.id in parents) or why.id in seen:
            yield f"roots[{at}]", "a root is a leaf that is not unknown, named once"
        elif tuple(ranks) != RANKS[: len(ranks)]:
            yield f"roots[{at}]", f"ranks are {', '.join(RANKS)} in this order, each once"
        seen.add(root.why)


def root_missing(case: Case) -> Iterator[Finding]:
    """A verdict that names a root cause names one; one that abstains names none."""
    if case.answer.verdict != "insufficient_evidence" and not case.answer.roots:
        yield "roots", "the verdict claims a root cause and none is named"
    if case.answer.verdict == "insufficient_evidence" and case.answer.roots:
        yield "roots", "the verdict abstains and a root cause is named all the same"


def root_without_action(case: Case) -> Iterator[Finding]:
    """Every root has something to be done about it."""
    acted = {action.root for action in case.answer.actions}
    for at, root in enumerate(case.answer.roots):
        if root.why not in acted:
            yield f"roots[{at}]", "there is no action for it"


def action_wrong(case: Case) -> Iterator[Finding]:
    """Every action is about a root."""
    roots = {root.why for root in case.answer.roots}
    for at, action in enumerate(case.answer.actions):
        if action.root not in roots:
            yield f"actions[{at}]", f"{action.root[:40]!r} is no root"


def rival_unproven(case: Case) -> Iterator[Finding]:
    """A rival is ruled out by evidence or left open."""
    for at, rival in enumerate(case.answer.rivals):
        if rival.standing == "ruled_out" and not rival.refs:
            yield f"rivals[{at}]", "it is ruled out without a quote; leave it open"


def overclaimed(case: Case) -> Iterator[Finding]:
    """A supported root cause: the whole way to it is supported, and contrast or stats are cited."""
    if case.answer.verdict != "root_cause_supported":
        return
    path = _primary_path(case)
    if path and any(why.status != "supported" for why in path):
        yield "verdict", "a step on the way to the primary root is not supported"
    if not _kinds(case, path) & {"contrast", "stats"}:
        yield "verdict", "neither contrast nor stats are cited on the way to the primary root"


def blind_conclusion(case: Case) -> Iterator[Finding]:
    """Without the logs of the service that failed there is no supported root cause, unless a change or setting carries it.

    Google's Auto-Diagnose refuses to conclude without all component logs (arXiv 2604.12108).
    """
    if case.answer.verdict != "root_cause_supported" or not case.catalogue.blind:
        return
    if not _kinds(case, _primary_path(case)) & CARRIES_CAUSE:
        blind = ", ".join(case.catalogue.blind[:3])
        yield (
            "verdict",
            f"no log of {blind} was read, and no log, change or setting that is cited shows its inside",
        )


def _primary_path(case: Case) -> tuple[Why, ...]:
    """The steps from the primary root up to the problem."""
    root = next((case.whys.get(root.why) for root in case.answer.roots if root.rank == "primary"), None)
    return case.path(root) if root else ()


def _kinds(case: Case, path: tuple[Why, ...]) -> set[str]:
    """The kinds of evidence that a path and the ruled-out rivals quote."""
    refs = [ref for why in path for ref in why.refs]
    refs += [ref for rival in case.answer.rivals if rival.standing == "ruled_out" for ref in rival.refs]
    return {case.items[ref.evidence].kind for ref in refs if ref.evidence in case.items}


def nothing_missing(case: Case) -> Iterator[Finding]:
    """Who abstains, or leaves a step unknown, says what evidence would settle it."""
    unknown = any(why.status == "unknown" for why in case.answer.whys)
    if (unknown or case.answer.verdict == "insufficient_evidence") and not case.answer.missing:
        yield "missing", "something is unknown, and nothing says what would tell"


RULES: dict[str, Check] = {
    "malformed_id": malformed_id,
    "duplicate_id": duplicate_id,
    "orphan": orphan,
    "cycle": cycle,
    "wrong_branch": wrong_branch,
    "too_many": too_many,
    "wrong_length": wrong_length,
    "bad_sentence": bad_sentence,
    "injected": injected,
    "secret": secret,
    "evidence_unknown": evidence_unknown,
    "line_unknown": line_unknown,
    "quote_size": quote_size,
    "quote_elsewhere": quote_elsewhere,
    "quote_invented": quote_invented,
    "quoted_order": quoted_order,
    "unsupported": unsupported,
    "gap_as_proof": gap_as_proof,
    "foreign_token": foreign_token,
    "foreign_rival": foreign_rival,
    "foreign_sha": foreign_sha,
    "no_overlap": no_overlap,
    "hedged": hedged,
    "restates": restates,
    "ruled_out": ruled_out,
    "no_refutation": no_refutation,
    "blame": blame,
    "vague": vague,
    "leapt": leapt,
    "effect_before_cause": effect_before_cause,
    "root_wrong": root_wrong,
    "root_missing": root_missing,
    "root_without_action": root_without_action,
    "action_wrong": action_wrong,
    "rival_unproven": rival_unproven,
    "overclaimed": overclaimed,
    "blind_conclusion": blind_conclusion,
    "nothing_missing": nothing_missing,
}
