"""The values of redaction: what was found where, what text became, and how much of which kind was taken out."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A secret at `text[start:end]`. `identity` names the secret where the text shows only a form of it (base64)."""

    start: int
    end: int
    kind: str
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """How many places of one kind were replaced."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """Text without secrets, and the receipts for what was taken out, sorted by kind."""

    text: str
    receipts: tuple[Receipt, ...] = ()


def tally(receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    """Receipts of several texts added up, sorted by kind."""
    counts: dict[str, int] = {}
    for receipt in receipts:
        counts[receipt.kind] = counts.get(receipt.kind, 0) + receipt.count
    return tuple(Receipt(kind, count) for kind, count in sorted(counts.items()))
