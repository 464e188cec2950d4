"""Small values for tests of what happens over several runs: runs, groups, and a way from a run to the tracker."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triagebot.config import Config
from triagebot.drafts.digest import digest
from triagebot.groups.model import Group, Impact, Incident, Risk, Variant
from triagebot.history import Past
from triagebot.issues import nobody_knows
from triagebot.issues.match import Contains
from triagebot.plans import Outcome, Plan, decide, render_plan
from triagebot.reports.model import Attempt, Case, Failure, Run, Section, Totals
from triagebot.signatures.model import Signature
from triagebot.trackers import Tracker
from triagebot.trackers.applying import apply

DAY = datetime(2025, 9, 10, 19, 52, tzinfo=UTC)
CONFIG = Config()
MONEY = Impact(
    priority="P1",
    suites=("chat golden path",),
    phases=("1",),
    areas=("chat",),
    owners=("team-chat",),
    risks=(Risk("chat golden path", 120_000, "$ MRR", "chat"),),
)


def test_id(name: str) -> str:
    return f"tests/e2e/test_1_websocket_events_staging.py::TestEvents::{name}"


test_id.__test__ = False  # a builder, whatever its name says


def join(test: str) -> str:
    return test.replace(".py::", ".").replace("::", ".").replace("/", ".")


def failure(test: str, message: str = "received 1011 (internal error)", sections: bool = True) -> Failure:
    text = (
        "self = <TestEvents object at 0x7f>\n\n    async def test(self):\n>       await self.ws.recv()\n\n"
        f"tests/e2e/client.py:33: in recv\nE       websockets.exceptions.ConnectionClosedError: {message}"
    )
    logs = (
        Section("Captured log call", "INFO connecting to wss://api.staging.example/ws\nERROR closed 1011"),
    )
    return Failure(test, join(test), "call", message, text, sections=logs if sections else ())


def group(key: str = "ws.close-aaaaaaaaaaaa", tests: Sequence[str] = ("a", "b"), **changes: object) -> Group:
    names = tuple(map(test_id, tests))
    title = "WebSocket closed by the server with 1011 (internal error)"
    signature = Signature(key, key.partition("-")[0], (("code", "1011"), ("side", "received")), title)
    made = Group(signature, tuple(map(failure, names)), names, (Variant("received <n>", len(names)),), MONEY)
    from dataclasses import replace

    signature_changes = {n: v for n, v in changes.items() if n in {"aliases", "title", "hosts", "kind"}}
    group_changes = {n: v for n, v in changes.items() if n not in signature_changes}
    return replace(made, signature=replace(signature, **signature_changes), **group_changes)


def case(test: str, outcome: str = "passed", failures: tuple[Failure, ...] = (), attempts: int = 1) -> Case:
    again = tuple(Attempt("failed", (failure(test),), 0.4) for _ in range(attempts - 1))
    return Case(test, join(test), outcome, (*again, Attempt(outcome, failures, 0.31)))


def run(
    id: str,
    groups: Iterable[Group] = (),
    passed: Iterable[str] = (),
    *,
    skipped: Iterable[str] = (),
    day: float | None = 0,
    commit: str | None = None,
    **changes: object,
) -> Run:
    red = {f.test: f for g in groups for f in g.failures}
    cases = [case(test, "failed", (f,)) for test, f in red.items()]
    cases += [case(test_id(name)) for name in passed]
    cases += [case(test_id(name), "skipped") for name in skipped]
    green = len(cases) - len(red)
    values = {
        "id": id,
        "formats": ("pytest-json",),
        "cases": tuple(cases),
        "totals": Totals(len(cases), passed=green, failed=len(red)),
        "status": "failed" if red else "passed",
        "started": None if day is None else DAY + timedelta(days=day),
        "environment": "staging",
        "branch": "main",
        "commit": commit,
    }
    return Run(**{**values, **changes})


def plan(tested, groups, issues, past, drafts, config, *, now, explain=None, **more) -> Plan:
    """What a run changes: decided, then written with these drafts."""
    decision = decide(tested, groups, issues, past, config, **more)
    return render_plan(
        decision, drafts, config, now=now, explain=lambda group: (explain or {}).get(group.key, ())
    )


def planned(
    tracker: Tracker,
    run: Run,
    groups: Sequence[Group] = (),
    *,
    past: Past | None = None,
    config: Config = CONFIG,
    max_new: int | None = None,
    incidents: Sequence[Incident] = (),
    contains: Contains = nobody_knows,
    name: str = "local",
    **more: object,
) -> Plan:
    drafts = {g.key: digest(g, run, "no key") for g in groups}
    return plan(
        run,
        groups,
        tracker.issues(),
        Past() if past is None else past,
        drafts,
        config,
        now=(run.started or DAY) + timedelta(hours=1),
        tracker=name,
        max_new=max_new,
        incidents=incidents,
        explain={g.key: ["the exception's own words decided: ConnectionClosedError"] for g in groups},
        contains=contains,
        **more,
    )


def triage(tracker: Tracker, run: Run, groups: Sequence[Group] = (), **more: object) -> tuple[Outcome, ...]:
    return apply(planned(tracker, run, groups, **more), tracker)


def local(folder: Path):
    from triagebot.trackers.local import LocalTracker

    return LocalTracker(folder / "triagebot.db", clock=lambda: DAY + timedelta(days=0.5))
