"""The exact words that a model is asked with, and what they will cost at most.

In: a catalogue, the problem in code's words, prompts, a nonce. Out: a `Request`, the same for the same values. Evidence
goes in as a value of the template and is never read as a template itself. Nothing is sent here.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil
from typing import Literal

from triagebot.config import Drafts
from triagebot.drafts.answer_schema import Answer
from triagebot.drafts.evidence import CHARACTERS_PER_TOKEN
from triagebot.drafts.model import Catalogue, Item, Line, Violation
from triagebot.drafts.prompts import Example, Prompts, fill
from triagebot.drafts.token_prices import Price, price_of
from triagebot.steps.log_timeline import template

_NONCE = re.compile(r"[A-Za-z0-9]{8,64}")
"""What a tag of a prompt may be named with. Hit: `x7Kq9mPz`. Miss: `a b`."""
_STABLE = frozenset(
    {"message", "chain", "test_log", "service_log", "ci", "change", "contract", "config", "history"}
)
_OF_A_RUN = frozenset({"message", "chain", "test_log", "service_log", "ci"})
_MOST_VIOLATIONS = 40


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """All that a model is given for one group, and what its answer will be held against."""

    key: str
    problem: str
    catalogue: Catalogue
    prompts: Prompts
    system: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a call costs at most, before it is made: tokens in and out, and dollars. `known` is False for a guessed price."""

    input_tokens: int
    output_tokens: int
    usd: float
    known: bool


def build(catalogue: Catalogue, problem: str, prompts: Prompts, nonce: str, *, key: str = "") -> Request:
    """The request for one group, whose issue is `key`.

    Raises ValueError for a nonce that is not 8 to 64 letters and digits, or that stands in the evidence.
    """
    evidence = "\n\n".join(_item(item) for item in catalogue.items)
    if not _NONCE.fullmatch(nonce) or nonce in evidence:
        raise ValueError("a nonce is 8 to 64 letters and digits that do not occur in the evidence")
    values = {"problem": problem, "about": _about(catalogue), "nonce": nonce, "evidence": evidence}
    system = fill(prompts.system, {"examples": "\n\n".join(map(_example, prompts.examples))})
    return Request(key, problem, catalogue, prompts, system, (Turn("user", fill(prompts.user, values)),))


def nonce_of(catalogue: Catalogue, problem: str) -> str:
    """A nonce that needs no randomness: a digest of the evidence, which no text inside it can have foreseen."""
    evidence = "\n".join(_item(item) for item in catalogue.items)
    return sha256(f"{problem}\n{evidence}".encode()).hexdigest()[:16]


def repair(request: Request, said: str, violations: Sequence[Violation]) -> Request:
    """The request that follows an answer which broke rules: the same conversation, the answer, the violations."""
    listed = [{"rule": v.rule, "where": v.where, "detail": v.detail} for v in violations[:_MOST_VIOLATIONS]]
    words = fill(request.prompts.repair, {"violations": json.dumps(listed, indent=1, ensure_ascii=False)})
    return replace(request, turns=(*request.turns, Turn("assistant", said), Turn("user", words)))


def digest(request: Request, model: str) -> str:
    """sha256 over prompt, schema, model and evidence: what is stamped in the issue."""
    parts = [
        request.prompts.digest,
        Answer.model_json_schema(),
        model,
        request.system,
        [[t.role, t.text] for t in request.turns],
    ]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def once(key: str, catalogue: Catalogue, prompts: Prompts, model: str) -> str:
    """The key under which a draft need not be made twice: signature, telling evidence, prompt version and model.

    What moves with every run is left out: counts and times (stats, timeline, durations, contrast), which commit was
    tested, and in what was logged and reported times, ids, addresses and ports.
    """
    stable = [
        [item.kind, item.source, _telling(item)]
        for item in catalogue.items
        if item.kind in _STABLE and (item.kind, item.source) != ("config", "deployment")
    ]
    parts = [key, stable, prompts.id, prompts.version, model]
    return sha256(json.dumps(parts).encode()).hexdigest()


def _telling(item: Item) -> list[str]:
    """What the lines of an item say: those of a run without the accidents of that run, all others verbatim."""
    if item.kind not in _OF_A_RUN:
        return [line.text for line in item.lines]
    return sorted({template(line.text) for line in item.lines})


def estimate(request: Request, limits: Drafts) -> Estimate:
    """What one call with this request costs at most. A repair costs about as much again."""
    characters = len(request.system) + sum(len(turn.text) for turn in request.turns)
    tokens = ceil(characters / CHARACTERS_PER_TOKEN) + ceil(_schema_size() / CHARACTERS_PER_TOKEN)
    price, known = price_of(limits)
    return Estimate(tokens, limits.max_output_tokens, _usd(price, tokens, limits.max_output_tokens), known)


def _usd(price: Price, tokens_in: int, tokens_out: int) -> float:
    """Dollars for tokens, all input taken as newly cached, which is the dearest."""
    return (tokens_in * price.write + tokens_out * price.output) / 1e6


def _schema_size() -> int:
    """The length of the schema, which is part of what is read."""
    return len(json.dumps(Answer.model_json_schema()))


def _about(catalogue: Catalogue) -> str:
    """What code knows of the evidence as a whole."""
    read, dropped = catalogue.contrasted
    sentences = [f"The catalogue holds {len(catalogue.items)} items."]
    if read:
        share = round(100 * dropped / read)
        sentences.append(
            f"Of {read} log records, {dropped} ({share} %) also occur in what passed and were left out."
        )
    if catalogue.blind:
        sentences.append(
            f"No log of {', '.join(catalogue.blind[:3])} was read: what happened inside is not known."
        )
    return " ".join(sentences)


def _item(item: Item) -> str:
    """An item as the model sees it: a heading, and every line under its number; cuts are visible."""
    return "\n".join([f"{item.id} {item.kind}: {' '.join(item.title.split())}", *_lines(item)])


def _lines(item: Item) -> Iterator[str]:
    """The lines of an item; where numbers are missing it says how many."""
    expected = 1
    for line in (*item.lines, Line(item.total + 1, "")):
        if line.number > expected:
            yield f"[… {line.number - expected} lines elided]"
        if line.number <= item.total:
            yield f"{item.id}:L{line.number}| {line.text}"
        expected = line.number + 1


def _example(example: Example) -> str:
    """An example as it stands in the system prompt."""
    evidence = "\n".join(_item(item) for item in example.catalogue.items)
    answer = json.dumps(example.answer.model_dump(mode="json"), ensure_ascii=False)
    return (
        f"## Example: {example.name}\nProblem (measured by code): {example.problem}\n<example-evidence>\n{evidence}\n"
        f"</example-evidence>\nAnswer:\n{answer}"
    )
