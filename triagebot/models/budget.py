"""Money: reserved before a call, charged from its usage before anybody reads the answer.

In: a cap and a price. Out: whether a call may be made, and what was spent. Several threads share one ledger.
"""

from dataclasses import dataclass, field
from threading import Lock

from triagebot.drafts.token_prices import Price, usd
from triagebot.models.model import Spend, Tokens


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

    def charge(self, worst: float, used: Tokens) -> Spend:
        """Book what an answer used in place of its reservation."""
        cost = usd(self.price, input=used.input, output=used.output, write=used.written, read=used.read)
        return self._book(worst, Spend(1, used.input, used.output, used.written, used.read, cost))

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
