"""What a run proves: contracts and authenticity before it is triaged, gates after.

In: a run, the config, history, logs, the tracker (for issues that quarantine names). Out: the run as it is to be triaged, and a `Proof`.
History is asked for all tests of the scope only where a gate or a least duration needs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from triagebot.authenticity import Judgement, judgements, with_unproven
from triagebot.config import Config
from triagebot.contracts import Verdict, verdicts, with_breaches
from triagebot.errors import TrackerError
from triagebot.gates import GateResult, Quarantined, gates, quarantined, standings
from triagebot.history import Past
from triagebot.reports.model import Run
from triagebot.reports.test_names import node_id
from triagebot.steps import LogText

if TYPE_CHECKING:  # `group` needs neither a database nor a tracker
    from triagebot.pipeline.recording import HistoryRecorder
    from triagebot.trackers import Tracker


@dataclass(frozen=True, slots=True)
class Proof:
    """What was judged of one run. `past` is that of its scope without it, empty where nothing asked for it."""

    verdicts: tuple[Verdict, ...] = ()
    suites: tuple[Judgement, ...] = ()
    past: Past = field(default_factory=Past)
    gates: tuple[GateResult, ...] = ()
    quarantine: Quarantined = field(default_factory=Quarantined)

    @property
    def as_json(self) -> dict[str, Any]:
        """What machines read of it."""
        return {
            "gates": [
                {
                    "name": g.name,
                    "about": g.about,
                    "open": g.passed,
                    "proven": g.proven,
                    "total": g.total,
                    "why": g.why,
                }
                for g in self.gates
            ],
            "contracts": [
                {
                    "contract": v.contract,
                    "test": v.test,
                    "state": v.state,
                    "breaches": [{"problem": b.problem, "what": b.what, "said": b.said} for b in v.breaches],
                    "why": v.why,
                }
                for v in self.verdicts
            ],
            "authenticity": [
                {"suite": s.suite, "state": s.state, "said": s.said, "unproven": sorted(s.unproven)}
                for s in self.suites
            ],
        }

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """Contracts that were broken."""
        return tuple(verdict for verdict in self.verdicts if verdict.state == "broken")

    @property
    def findings(self) -> tuple[str, ...]:
        """Sentences about contracts and passes, the worst first: breaches, unproven passes, what is not known, what was real.

        What a failing test broke beside is evidence of its cause, and no finding of its own.
        """
        order = {"unproven": 0, "not known": 1, "real": 2}
        said = sorted(self.suites, key=lambda suite: order[suite.state])
        broken = [verdict for verdict in self.broken if verdict.passed]
        return (*_breaches(broken), *(suite.said for suite in said))


def _breaches(broken: Sequence[Verdict]) -> list[str]:
    """One sentence for each contract and each way in which it was broken."""
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for verdict in broken:
        for breach in verdict.breaches:
            named = (verdict.contract, breach.problem, breach.what)
            found.setdefault(named, []).append((verdict.test, breach.said))
    return [
        f"contract {name}: {problem}: {tests[0][1]} ({tests[0][0]}{f' and {len(tests) - 1} more tests' if len(tests) > 1 else ''})"
        for (name, problem, _), tests in found.items()
    ]


def judged(
    run: Run, config: Config, history: "HistoryRecorder | None", logs: Sequence[LogText] = ()
) -> tuple[Run, Proof]:
    """The run with breaches as failures and unproven passes marked, and what that rests on. `logs` are redacted."""
    asks = config.gates or any(suite.min_duration for suite in config.suites)
    past = history.past(run.scope, (), None, but=run.id) if history and asks else Past(run.scope)
    found = verdicts(run, config.contracts, config.suites, logs)
    suites = judgements(run, config.suites, sizes(run, past, config))
    return with_unproven(with_breaches(run, found), suites), Proof(found, suites, past)


def sizes(run: Run, past: Past, config: Config) -> dict[str, int]:
    """How many tests each suite with a least duration has, as far as this run and earlier ones tell."""
    asked = [suite for suite in config.suites if suite.min_duration]
    if not asked:
        return {}
    shown = {case.join: case.test for case in run.cases} | {
        join: node_id(join) for join in past.results if join not in {case.join for case in run.cases}
    }
    return {suite.called: sum(suite.holds(test) for test in shown.values()) for suite in asked}


def gated(proof: Proof, run: Run, config: Config, tracker: "Tracker", now: datetime) -> Proof:
    """The proof with what gates say of it today."""
    if not (config.gates or config.quarantine):
        return proof
    held = quarantined(config.quarantine, now.date(), lambda number: state_of(tracker, number))
    tests = standings(run, proof.past, held)
    found = gates(config, tests, proof.verdicts, now=now, run=run.id)
    return replace(proof, gates=found, quarantine=held)


def state_of(tracker: "Tracker", number: int) -> str:
    """The state of an issue that a person named; "" where it is not there or the tracker does not tell."""
    try:
        issue = tracker.read(number)
    except TrackerError:
        return ""
    return issue.state if issue else ""
