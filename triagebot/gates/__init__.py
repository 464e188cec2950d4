"""Gates: what must be proven before people go on, and what holds them up; quarantine, the other half of honest gates.

In: a run, the past of its scope, verdicts of contracts, the config, today. Out: a `GateResult` for each gate. A run that was stopped,
a skipped or missing test, a quarantined one, an unproven pass, a pass on another revision: none of them is a proof.
"""

from triagebot.gates.evaluating import gates, needed
from triagebot.gates.model import GateResult, Standing
from triagebot.gates.quarantine import Quarantined, quarantined
from triagebot.gates.standing import standings

__all__ = ["GateResult", "Quarantined", "Standing", "gates", "needed", "quarantined", "standings"]
