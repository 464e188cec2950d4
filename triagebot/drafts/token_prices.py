"""What tokens cost, as far as is known: for estimates and for the cap, never for accounts.

In: the limits of `[drafts]`. Out: a price per million tokens in US dollars. Prices change; the config's own prices win, and
a model that nobody knows is taken to be as dear as the dearest one here, so that a cap holds.
"""

from dataclasses import dataclass

from triagebot.config import Drafts


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens: input, output, written to the cache, read from the cache."""

    input: float
    output: float
    write: float
    read: float


# As third parties' tables gave Anthropic's list prices in October 2026; where they differ, the dearer one.
_PRICES = {
    "claude-sonnet-5-5": Price(2.0, 10.0, 2.5, 0.2),
    "claude-haiku-5-5": Price(0.1, 0.5, 0.125, 0.01),
    "claude-opus": Price(15.0, 75.0, 18.75, 1.5),
}
_DEAREST = _PRICES["claude-opus"]


def price_of(limits: Drafts) -> tuple[Price, bool]:
    """The price of the configured model, and whether it is known (else it is the dearest of the table)."""
    if limits.price_input is not None and limits.price_output is not None:
        return _derived(limits.price_input, limits.price_output), True
    found = max((name for name in _PRICES if name in limits.model), key=len, default=None)
    return (_PRICES[found], True) if found else (_DEAREST, False)


def _derived(input: float, output: float) -> Price:
    """A price with the usual ratios for the cache."""
    return Price(input, output, input * 1.25, input * 0.1)


def usd(price: Price, *, input: int, output: int, write: int, read: int) -> float:
    """Dollars for the tokens of one call."""
    tokens = input * price.input + output * price.output + write * price.write + read * price.read
    return tokens / 1e6
