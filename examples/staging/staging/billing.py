"""The monthly bill: what a customer owes for the runs in the database, in their currency.

The nightly job computes it; the suite runs the same code on the database of the deployment.
"""

import json
import operator
import os
import sqlite3
from dataclasses import dataclass

from staging import faults

PRICE = 0.5
THRESHOLD = 3
"""From so many runs a month on a customer has the volume discount."""
DISCOUNT = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill."""

    text: str
    amount: float


@dataclass(frozen=True, slots=True)
class Bill:
    """What a customer owes, line by line."""

    user: str
    currency: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> float:
        return cents(sum(line.amount for line in self.lines))


def bill(database: sqlite3.Connection, user: str, currency: str = "USD") -> Bill:
    """The bill of a customer for all their runs that were completed."""
    runs = completed_runs(database, user)
    lines = [Line(f"{runs} runs", runs * PRICE), *discounts(runs)]
    return Bill(user, currency, tuple(Line(line.text, in_currency(line.amount, currency)) for line in lines))


def completed_runs(database: sqlite3.Connection, user: str) -> int:
    row = database.execute("SELECT count(*) FROM runs WHERE user = ? AND status = 'completed'", (user,))
    return int(row.fetchone()[0])


def discounts(runs: int) -> list[Line]:
    """The volume discount, for those who have it."""
    reaches = operator.gt if "discount-lost" in faults.active(os.environ) else operator.ge
    return [reduction(runs)] if reaches(runs, THRESHOLD) else []


def reduction(runs: int) -> Line:
    return Line("volume discount", -cents(runs * PRICE * DISCOUNT))


def in_currency(amount: float, currency: str) -> float:
    """An amount of dollars in a currency; as it is where no rate is known."""
    rate = None if currency == "USD" else rate_of(currency)
    return amount if rate is None else cents(amount * rate)


def rate_of(currency: str) -> float | None:
    """Today's price of a dollar."""
    rates: dict[str, float] = json.loads(os.environ["EXCHANGE_RATES"])
    return rates.get(currency)


def cents(amount: float) -> float:
    return round(amount, 2)


def as_text(made: Bill) -> str:
    """A bill as it is sent."""
    rows = [f"{line.text:<20} {line.amount:>8.2f}" for line in made.lines]
    return "\n".join([f"Bill for {made.user}", *rows, f"{'total':<20} {made.total:>8.2f} {made.currency}"])
