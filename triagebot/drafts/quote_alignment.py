"""Refs that name the right item and the wrong line, pointed at the line that holds their words.

In: an `Answer` and its `Catalogue`. Out: the same answer with other line numbers. Words, items and claims stay: a quote that is
in one line of the item it cites, and in no other, can only mean that line.
"""

from triagebot.drafts.answer_schema import Answer, Ref
from triagebot.drafts.model import Catalogue, Item
from triagebot.drafts.sentence_tokens import fold


def align(draft: Answer, catalogue: Catalogue) -> Answer:
    """The answer whose refs name the line that holds their quote, where there is exactly one in the cited item."""
    items = {item.id: item for item in catalogue.items}
    whys = tuple(why.model_copy(update={"refs": _refs(why.refs, items)}) for why in draft.whys)
    rivals = tuple(rival.model_copy(update={"refs": _refs(rival.refs, items)}) for rival in draft.rivals)
    return draft.model_copy(update={"whys": whys, "rivals": rivals})


def _refs(refs: tuple[Ref, ...], items: dict[str, Item]) -> tuple[Ref, ...]:
    return tuple(_ref(ref, items.get(ref.evidence)) for ref in refs)


def _ref(ref: Ref, item: Item | None) -> Ref:
    """One ref, moved only where there is no doubt."""
    quote = fold(ref.quote)
    if item is None or not quote:
        return ref
    holding = [line.number for line in item.lines if quote in fold(line.text)]
    return ref if ref.line in holding or len(holding) != 1 else ref.model_copy(update={"line": holding[0]})
