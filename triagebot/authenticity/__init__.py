"""Whether passes were real: long enough, in touch with the service, without a mock in its place.

In: a run, suites that say what they require. Out: a `Judgement` for each such suite, which names its numbers, and the run in which
passes that prove nothing say so (`Case.unproven`). Traffic is known from the pytest plugin's traces, or from what logs say; where neither
is there it is not known, and nothing is called real.
"""

from triagebot.authenticity.model import Judgement
from triagebot.authenticity.requirements import judgements, with_unproven

__all__ = ["Judgement", "judgements", "with_unproven"]
