"""How a signature came about, step by step, and why two failures are not the same.

In: judgements. Out: values with lines of plain text; whoever prints them decides on colour. It tells what happened
(every line is read from the `Judgement`), never a second story, and never judges anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from triagebot.signatures.key import canonical
from triagebot.signatures.model import Judgement, Part


@dataclass(frozen=True, slots=True)
class Explanation:
    """One judgement told: `lines` in order of the steps, `parts` what was looked at and whether it is in the key."""

    key: str
    title: str
    test: str
    lines: tuple[str, ...]
    parts: tuple[Part, ...]
    canonical: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What keeps two judgements apart: `same` when nothing does, else one line for every part that differs."""

    keys: tuple[str, str]
    same: bool
    lines: tuple[str, ...]


def explain(judgement: Judgement, others: Iterable[Judgement] = ()) -> Explanation:
    """The way of one failure, and the nearest of `others` that it is not."""
    signature = judgement.signature
    hashed = canonical(signature.kind, signature.slots)
    lines = [
        *_chain_lines(judgement),
        *_found_lines(judgement),
        *_mask_lines(judgement),
        *_part_lines(judgement),
    ]
    lines.append(f"key: {signature.key} = {signature.kind} + base32(sha256({hashed}))")
    lines.extend(f"alias: {alias} (the key without optional inputs)" for alias in signature.aliases)
    lines.extend(f"alias: {key} (the key of the algorithm before)" for key in signature.former)
    lines.extend(f"note: {note}" for note in judgement.notes)
    lines.extend(_near_lines(judgement, others))
    return Explanation(
        signature.key, signature.title, judgement.failure.test, tuple(lines), judgement.parts, hashed
    )


def why_not_same(one: Judgement, other: Judgement) -> Difference:
    """What keeps two failures from having one key, part by part."""
    keys = (one.signature.key, other.signature.key)
    if keys[0] == keys[1]:
        return Difference(keys, True, ("They are the same: both have the key " + keys[0],))
    if one.signature.kind != other.signature.kind:
        how = f"kind: {one.signature.kind} (by {one.extractor}) is not {other.signature.kind} (by {other.extractor})"
        return Difference(keys, False, (how, *_slot_lines(one, other)))
    return Difference(keys, False, tuple(_slot_lines(one, other)))


def _slot_lines(one: Judgement, other: Judgement) -> list[str]:
    """A line for every slot that differs."""
    mine, theirs = dict(one.signature.slots), dict(other.signature.slots)
    names = sorted(mine.keys() | theirs.keys())
    return [
        f"{name}: {mine.get(name, '(none)')!s} is not {theirs.get(name, '(none)')!s}"
        for name in names
        if mine.get(name) != theirs.get(name)
    ]


def _chain_lines(judgement: Judgement) -> list[str]:
    """Which exceptions were read and which one was chosen."""
    if not judgement.parsed:
        return [f"read: {judgement.root_reason}; judged by its first words alone (low confidence)"]
    chain = [
        f"{'▶' if raised is judgement.root else ' '} {raised.type or '(no type)'}: {raised.message.partition(chr(10))[0][:120]}"
        for raised in judgement.chain
    ]
    return [
        f"read: {len(chain)} exception{'s' if len(chain) > 1 else ''}, first raised first",
        *chain,
        f"chosen: {judgement.root_reason}",
    ]


def _found_lines(judgement: Judgement) -> list[str]:
    """Which extractor decided and what it read."""
    return [f"decided by: {judgement.extractor}", f"read from: {judgement.span[:200]}"]


def _mask_lines(judgement: Judgement) -> list[str]:
    """What was masked."""
    return [f"masked: {text[:80]} as <{name}>" for name, text in judgement.masks]


def _part_lines(judgement: Judgement) -> list[str]:
    """What was looked at."""
    return [
        f"{'+' if part.contributes else '-'} {part.name} = {part.value[:160]}{f'  ({part.hint})' if part.hint else ''}"
        for part in judgement.parts
    ]


def _near_lines(judgement: Judgement, others: Iterable[Judgement]) -> list[str]:
    """The nearest signatures that this one is not, at most three, each with what differs."""
    signature = judgement.signature
    near: dict[str, tuple[int, int, str]] = {}
    for other in others:
        if other.signature.key == signature.key or other.signature.kind != signature.kind:
            continue
        difference = _slot_lines(judgement, other)
        line = f"not {other.signature.key}: {'; '.join(difference)}"
        near.setdefault(other.signature.key, (len(difference), -_in_common(judgement, other), line))
    return [line for _count, _common, line in sorted(near.values())[:3]]


def _in_common(one: Judgement, other: Judgement) -> int:
    """How many words the slots of two judgements share."""
    mine, theirs = (
        {word for _name, value in each.signature.slots for word in value.split()} for each in (one, other)
    )
    return len(mine & theirs)
