"""Money: reserved before a call, charged from its usage before anybody reads the answer.

In: a cap and a price. Out: whether a call may be made, and what was spent. Several threads share one ledger.
"""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from triagebot.drafts.token_prices import Price, usd
from triagebot.models.model import Spend


@dataclass
class Ledger:
    """The account of one run. Mutable on purpose, and guarded: it is the one thing that parallel calls share."""

    cap_usd: float
    price: Price
    spend: Spend = field(default_factory=Spend)
    reserved: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def reserve(self, worst: float) -> bool:
        """Set aside what a call costs at worst; False when that would pass the cap."""
        with self._lock:
            if self.spend.usd + self.spend.unseen_usd + self.reserved + worst > self.cap_usd:
                return False
            self.reserved += worst
            return True

    def charge(self, worst: float, usage: Any) -> Spend:
        """Book the usage that a response reports in place of its reservation."""
        tokens = {
            "input": count(usage, "input_tokens"),
            "output": count(usage, "output_tokens"),
            "write": count(usage, "cache_creation_input_tokens"),
            "read": count(usage, "cache_read_input_tokens"),
        }
        cost = usd(self.price, **tokens)
        booked = Spend(1, tokens["input"], tokens["output"], tokens["write"], tokens["read"], cost)
        return self._book(worst, booked)

    def lose(self, worst: float) -> Spend:
        """Book a call that was sent and gave no answer: it may be billed, so that its worst case counts against the cap."""
        return self._book(worst, Spend(1, unseen_usd=worst))

    def release(self, worst: float) -> Spend:
        """Give back what was set aside for a call that the service did not accept."""
        return self._book(worst, Spend(1))

    def _book(self, worst: float, booked: Spend) -> Spend:
        with self._lock:
            self.reserved = max(0.0, self.reserved - worst)
            self.spend += booked
        return booked


def count(usage: Any, name: str) -> int:
    """A number of tokens that a response reports, 0 where it does not or reports nonsense."""
    value = getattr(usage, name, 0)
    return value if isinstance(value, int) and value >= 0 else 0
