"""A session as its issue tells it: a table of sessions with what each part must say, and what it must not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from triagebot.sessions import CauseSeen, Closed, GateSeen, Ran, Session, Start, render
from triagebot.sessions.model import Chosen

AT = datetime(2025, 9, 10, 19, 45, tzinfo=UTC)
START = Start("golden-1", AT, "golden path", environment="staging", branch="main", revision="staging-1")
FULL = replace(
    START,
    mission="1,000 tests pass",
    urls=(("backend", "https://api.staging.example"),),
    target=1000,
    suites=(Chosen("Chat", "1 critical", "P1", 25, 3, "golden path ($120K MRR)", "never proven"),),
    criteria=("All of P1 is proven",),
    gates=("P1: 100 %",),
)
RAN = Ran(
    "r1", AT, AT, "failed", 60, 6, 2, 1, 69, seconds=75.0, revision="staging-2", command="pytest -m chat",
    causes=(CauseSeen("WebSocket closed with 1011", "P1", 12, 7, "new", "chat"), CauseSeen("HTTP 503", "P2", 1)),
    more_causes=2, gates=(GateSeen("P1", False, "6 failed"), GateSeen("P2", True, "all proven")), doubts=("too fast",), real=("2 hosts",),
    proven=34, known=80, why_next="10 tests are red", next="pytest -m chat --lf",
)  # fmt: skip


def text(session: Session, *, open_: bool = True) -> dict[str, str]:
    return render.parts(session, open_=open_)


SAYS = {
    "before the first run": (Session(FULL), True, {
        "session": ["**golden path**", "`golden-1`", "2025-09-10 19:45 UTC", "open, 0 runs", "1,000 tests pass", "staging, main", "staging-1", "https://api.staging.example", "120K MRR)"],
        "gates": ["- P1: 100 %"], "plan": ["Chat", "1 critical", "25", "never proven"], "criteria": ["All of P1 is proven"], "log": ["No run yet."]}),
    "after a run": (Session(FULL, (RAN,)), True, {
        "session": ["open, 1 run |", "34 of 1000 tests", "staging-2"],
        "gates": ["⛔ **P1** 6 failed", "✅ **P2** all proven"], "next": ["10 tests are red", "pytest -m chat --lf"],
        "log": ["60 passed, 1 unproven, 6 failed, 2 skipped of 69 in 1 min 15 s on staging-2; 4 causes", "`pytest -m chat`", "#7 WebSocket closed with 1011 (new, P1, 12 tests, chat)", "not filed HTTP 503 (P2, 1 test)", "and 2 more causes", "Gate P1: held: 6 failed", "too fast", "2 hosts"]}),
    "without a target": (Session(START, (RAN,)), True, {"session": ["34 of 80 known tests"]}),
    "stopped early": (Session(START, (replace(RAN, complete=False, revision="", next=""),)), True, {"log": ["stopped early"], "next": ["10 tests are red"]}),
    "closed": (Session(FULL, (RAN,), Closed(AT, "", (GateSeen("P1", True, "25 of 25"),), 40, 80)), False, {
        "session": ["closed 2025-09-10 19:45 UTC |", "40 of 1000 tests"], "gates": ["✅ **P1** 25 of 25"]}),
    "closed by force": (Session(FULL, (RAN,), Closed(AT, "the demo is now")), False, {"session": ["closed 2025-09-10 19:45 UTC by force: the demo is now"]}),
    "closed by a person": (Session(FULL, (RAN,)), False, {"session": ["closed by a person"], "gates": ["⛔ **P1** 6 failed"]}),
    "opened again": (Session(FULL, (RAN,), Closed(AT)), True, {"session": ["open, 1 run |", "34 of 1000"]}),
    "lines that do not fit": (Session(START, (RAN,), dropped=3), True, {"session": ["open, 4 runs"], "log": ["3 older runs do not fit here any more"]}),
}  # fmt: skip


@pytest.mark.parametrize(("session", "open_", "says"), SAYS.values(), ids=SAYS)
def test_the_parts_of_a_session_say_what_its_lines_say(session, open_, says):
    shown = text(session, open_=open_)
    for part, words in says.items():
        for word in words:
            assert word in shown[part], part


@pytest.mark.parametrize(("session", "open_"), [(Session(FULL, (RAN,)), False), (Session(START), True)])
def test_a_closed_session_and_one_without_a_run_say_nothing_of_what_is_next(session, open_):
    assert "next" not in text(session, open_=open_)


def test_older_runs_stand_in_a_fold_newest_first():
    some = tuple(
        replace(RAN, run=f"r{n}", logged=AT + timedelta(minutes=n), causes=(), more_causes=0)
        for n in range(9)
    )
    log = text(Session(START, some))["log"]
    assert [f"`r{n}`" in log.partition("<details>")[0] for n in range(9)] == [False] * 4 + [True] * 5
    assert "4 older runs" in log
    assert log.index("`r8`") < log.index("`r4`") < log.index("`r3`") < log.index("`r0`")


def test_the_title_names_focus_environment_and_moment():
    assert render.title(START) == "Session: golden path on staging, since 2025-09-10 19:45 UTC"
    assert render.title(replace(START, environment="")) == "Session: golden path, since 2025-09-10 19:45 UTC"
