"""The values of redaction: what was found where, what text became, and how much of which kind was taken out."""

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
