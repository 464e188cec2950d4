"""Contracts: what the product promises about its events, held against what tests logged or recorded, in passing tests too.

In: a run, `[[contracts]]` of the config, logs. Out: a `Verdict` for each test that a contract is about. `events` reads, `verdicts`
judges, `breaches` puts verdicts into words and, where a contract is enforced, makes failures of them. What was not recorded, or
was cut, is not known, and never a breach.
"""

from triagebot.contracts.breaches import verdict_text, with_breaches
from triagebot.contracts.model import Breach, Event, Verdict
from triagebot.contracts.verdicts import verdicts

__all__ = ["Breach", "Event", "Verdict", "verdict_text", "verdicts", "with_breaches"]
