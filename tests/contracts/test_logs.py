"""Logs of a test, and the exact finding: right, missing, doubled, reordered, of two users, late, spelled otherwise, JSON, cut, large."""

import json
from datetime import UTC, datetime

import pytest

from triagebot.config import Contract
from triagebot.config.bounded import runs_away
from triagebot.contracts import events as reading
from triagebot.contracts import verdicts
from triagebot.reports.captured_output import capped
from triagebot.reports.model import Attempt, Case, Failure, Run, Section, Totals

FIVE = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")


def plain(*names, **fields):
    more = "".join(f" {name}={value}" for name, value in fields.items())
    return "\n".join(f"INFO     chat:ws.py:12 ada receives {name}{more}" for name in names)


def at(second):
    return f"2025-09-10T19:52:{second:06.3f}Z"


def objects(*names, start=0.0, step=1.0, **fields):
    return "\n".join(
        json.dumps({"ts": at(start + step * n), "type": name, **fields}) for n, name in enumerate(names)
    )


def woven(*texts):
    """The lines of several texts in turns."""
    lines = [text.split("\n") for text in texts]
    return "\n".join(line for row in zip(*lines, strict=True) for line in row)


def case(name, text, outcome="passed", section="Captured log call", attempts=1, properties=()):
    sections = (Section(section, text),) if text else ()
    failures = (Failure(name, name, "call", "boom", "boom"),) if outcome == "failed" else ()
    last = Attempt(outcome, failures, 1.0, sections, properties)
    return Case(name, name, outcome, (*[Attempt("failed")] * (attempts - 1), last))


def run_of(*cases):
    return Run(
        "r",
        ("pytest-json",),
        tuple(cases),
        Totals(len(cases)),
        "passed",
        started=datetime(2025, 9, 10, tzinfo=UTC),
    )


def contract(**given):
    return Contract(name="five", **{"events": FIVE, **given})


def judged(text, given, *others):
    (found, *_) = [
        v for v in verdicts(run_of(case("test_a", text), *others), [given]) if v.test == "test_a"
    ] or [None]
    if found is None:
        return "not about it"
    if found.state == "not known":
        return f"not known: {found.why}"
    return [f"{b.problem}: {b.what}" for b in found.breaches] or "kept"


WITHOUT = [name for name in FIVE if name != "tool_executing"]
RUN = {"per": "run_id"}
STAGES = {"before": (("data", "optimisation"), ("optimisation", "reporting"))}
AGENTS = {"events": (), **STAGES, "per": "run_id"}


def agents(*names, **fields):
    return "\n".join(objects(*FIVE, start=n * 5, agent=name, **fields) for n, name in enumerate(names))


LOGS = [
    # right
    ("words", plain(*FIVE), {}, "kept"),
    ("words, in order", plain(*FIVE), {"ordered": True}, "kept"),
    ("JSON lines", objects(*FIVE), {"ordered": True}, "kept"),
    ("JSON behind a logger's words", "\n".join(f"INFO x:1 recv {line}" for line in objects(*FIVE).split("\n")), {}, "kept"),
    ("nested JSON", "\n".join(json.dumps({"data": {"event": name}}) for name in FIVE), {}, "kept"),
    ("the name in a JSON message", "\n".join(json.dumps({"msg": f"ada receives {name}"}) for name in FIVE), {}, "kept"),
    ("pairs", "\n".join(f"level=info event={name} run_id=r1" for name in FIVE), {**RUN, "ordered": True}, "kept"),
    ("among other lines", f"GET /api/me -> 200\n{plain(*FIVE)}\nbye", {}, "kept"),
    ("Windows line ends", plain(*FIVE).replace("\n", "\r\n"), {"ordered": True}, "kept"),
    ("in time", objects(*FIVE, step=1), {"within": "30s"}, "kept"),
    ("exactly in time", objects(*FIVE, step=1), {"within": "4s"}, "kept"),
    ("without times nothing is late", plain(*FIVE), {"within": "1ms"}, "kept"),
    ("one run", objects(*FIVE, run_id="r1"), RUN, "kept"),
    ("two runs, one after the other", objects(*FIVE, run_id="r1") + "\n" + objects(*FIVE, run_id="r2"), {**RUN, "ordered": True}, "kept"),
    ("two runs of two users at once", woven(objects(*FIVE, run_id="r1"), objects(*FIVE, run_id="r2")), {**RUN, "ordered": True}, "kept"),
    ("three agents", agents("data", "optimisation", "reporting"), {"each": "agent", **STAGES}, "kept"),
    ("three agents by run", agents("data", "optimisation", "reporting", run_id="r"), AGENTS, "kept"),
    ("only the first of a pair", agents("data", run_id="r"), AGENTS, "kept"),
    ("agents in words", "\n".join(f"ada receives {e} {a}" for a in ("data", "optimisation", "reporting") for e in FIVE), {"each": "agent", **STAGES}, "kept"),
    # missing
    ("one missing", plain(*WITHOUT), {}, ["missing: tool_executing"]),
    ("one missing in JSON", objects(*WITHOUT), {"ordered": True}, ["missing: tool_executing"]),
    ("two missing", plain(*FIVE[:3]), {}, ["missing: agent_completed tool_completed"]),
    ("the first missing", plain(*FIVE[1:]), {}, ["missing: agent_started"]),
    ("all but one missing", plain(FIVE[0]), {}, ["missing: agent_completed agent_thinking tool_completed tool_executing"]),
    ("nothing at all, and the test must show them", "GET / -> 200", {"where": "test_*"}, ["missing: agent_completed agent_started agent_thinking tool_completed tool_executing"]),
    ("nothing at all, and nobody said that it must", "GET / -> 200", {}, "not about it"),
    ("missing for one agent", agents("data", "optimisation") + "\n" + objects(*WITHOUT, agent="reporting"), {"each": "agent", **STAGES}, ["missing: tool_executing"]),
    ("an agent that never ran", agents("data", "optimisation"), {"each": "agent", **STAGES}, ["missing: agent_completed agent_started agent_thinking tool_completed tool_executing"]),
    ("missing in the second of two runs", objects(*FIVE, run_id="r1") + "\n" + objects(*WITHOUT, run_id="r2"), RUN, ["missing: tool_executing"]),
    ("missing in both runs is one finding", objects(*WITHOUT, run_id="r1") + "\n" + objects(*WITHOUT, run_id="r2"), RUN, ["missing: tool_executing"]),
    ("a line that says one is missing is none", plain(*WITHOUT) + "\nmissing event tool_executing", {}, ["missing: tool_executing"]),
    ("a line that waits for one is none", plain(*WITHOUT) + "\nwaiting for tool_executing", {}, ["missing: tool_executing"]),
    ("a list of all is none", plain(*WITHOUT) + f"\nthe five are {', '.join(FIVE)}", {}, ["missing: tool_executing"]),
    ("a longer word is another event", plain(*WITHOUT) + "\nada receives tool_executing_soon", {}, ["missing: tool_executing"]),
    ("a word behind another is another event", plain(*WITHOUT) + "\nada receives pre_tool_executing", {}, ["missing: tool_executing"]),
    # doubled
    ("one doubled", plain(FIVE[0], *FIVE), {}, "kept"),
    ("one doubled, in order", plain(FIVE[0], *FIVE), {"ordered": True}, "kept"),
    ("all doubled", plain(*FIVE, *FIVE), {"ordered": True}, "kept"),
    ("doubled hides no missing one", plain(*WITHOUT, *WITHOUT), {}, ["missing: tool_executing"]),
    # reordered
    ("two changed places", plain(FIVE[0], FIVE[1], FIVE[3], FIVE[2], FIVE[4]), {"ordered": True}, ["order: tool_completed before tool_executing"]),
    ("the end first", plain(FIVE[4], *FIVE[:4]), {"ordered": True}, ["order: agent_completed before tool_completed"]),
    ("order does not matter", plain(*reversed(FIVE)), {}, "kept"),
    ("missing and out of order", plain(FIVE[1], FIVE[0], FIVE[3], FIVE[4]), {"ordered": True}, ["missing: tool_executing", "order: agent_thinking before agent_started"]),
    ("reporting first", agents("reporting", "data", "optimisation", run_id="r"), AGENTS, ["order: reporting before optimisation"]),
    ("all the wrong way round", agents("reporting", "optimisation", "data", run_id="r"), AGENTS, ["order: optimisation before data", "order: reporting before optimisation"]),
    ("begun before the other ended", woven(objects(*FIVE, agent="data", run_id="r"), objects(*FIVE, agent="optimisation", run_id="r")), AGENTS, ["order: optimisation before data"]),
    ("without what must come before", agents("optimisation", run_id="r"), AGENTS, ["order: optimisation without data"]),
    ("in one of two runs", agents("data", "optimisation", run_id="r1") + "\n" + agents("optimisation", "data", run_id="r2"), AGENTS, ["order: optimisation before data"]),
    ("events by name", plain("pay", "ship"), {"events": (), "before": (("pay", "ship"),)}, "kept"),
    ("events by name, reordered", plain("ship", "pay"), {"events": (), "before": (("pay", "ship"),)}, ["order: ship before pay"]),
    ("several rounds without a unit", plain("pay", "ship", "pay", "ship"), {"events": (), "before": (("pay", "ship"),)}, "kept"),
    # of two users
    ("one of another run", objects(*FIVE, run_id="r1") + "\n" + objects("agent_thinking", run_id="r2"), RUN, ["foreign: agent_thinking"]),
    ("several of another run", objects(*FIVE, run_id="r1") + "\n" + objects(*FIVE[1:3], run_id="r2"), RUN, ["foreign: several events"]),
    ("one of another user", objects(*FIVE, user="ada") + "\n" + objects("tool_completed", user="grace"), {"per": "user"}, ["foreign: tool_completed"]),
    ("foreign and missing", objects(*WITHOUT, run_id="r1") + "\n" + objects("tool_executing", run_id="r2"), RUN, ["foreign: tool_executing", "missing: tool_executing"]),
    ("events without a unit are nobody's", objects(*FIVE, run_id="r1") + "\n" + plain("agent_thinking"), RUN, "kept"),
    ("where no event names its unit all are one", objects(*WITHOUT), RUN, ["missing: tool_executing"]),
    ("what never began here", objects("agent_thinking", run_id="r1"), {**RUN, "where": "test_a"}, ["missing: agent_completed agent_started tool_completed tool_executing"]),
    # late
    ("late", objects(*FIVE, step=10), {"within": "30s"}, ["late: agent_completed"]),
    ("late in one run of two", objects(*FIVE, run_id="r1") + "\n" + objects(*FIVE, step=10, run_id="r2"), {**RUN, "within": "30s"}, ["late: agent_completed"]),
    ("late by seconds since 1970", "\n".join(json.dumps({"at": 1757533920 + n * 20, "type": name}) for n, name in enumerate(FIVE)), {"within": "1m"}, ["late: agent_completed"]),
    ("late by milliseconds since 1970", "\n".join(json.dumps({"time": 1757533920000 + n * 20000, "type": name}) for n, name in enumerate(FIVE)), {"within": "1m"}, ["late: agent_completed"]),
    ("late by the line's own time", "\n".join(f"2025-09-10 19:52:{n * 12:02} {name}" for n, name in enumerate(FIVE)), {"within": "30s"}, ["late: agent_completed"]),
    # other spellings
    ("camel case", plain("agentStarted", "agentThinking", "toolExecuting", "toolCompleted", "agentCompleted"), {"ordered": True}, "kept"),
    ("hyphens", plain(*(name.replace("_", "-") for name in FIVE)), {"ordered": True}, "kept"),
    ("capitals", plain(*(name.upper() for name in FIVE)), {"ordered": True}, "kept"),
    ("dots in JSON", objects(*(name.replace("_", ".") for name in FIVE)), {"ordered": True}, "kept"),
    ("fields in another spelling", "\n".join(f"event={name} runId=r1" for name in FIVE), RUN, "kept"),
    # cut
    ("the last line cut", objects(*FIVE)[:-2], {}, "kept"),
    ("cut before the end", objects(*FIVE)[:120], {}, ["missing: agent_completed tool_completed tool_executing"]),
    ("a capture that the reader cut", capped(plain(*FIVE) + "\n" + "x" * 200_000), {}, "not known: what was captured is cut"),
    ("a capture that the reader cut proves no breach", capped(plain(*WITHOUT) + "\n" + "x" * 200_000), {}, "not known: what was captured is cut"),
    ("damaged JSON keeps its unit", objects(*FIVE, run_id="r1").replace('"}', '"'), {**RUN, "ordered": True}, "kept"),
    # the user's own pattern
    ("a pattern", "\n".join(f"[r1] <{name}>" for name in FIVE), {**RUN, "pattern": r"\[(?P<unit>\w{1,40})\] <(?P<event>\w{1,40})>"}, "kept"),
    ("a pattern, one of another", "\n".join(f"[r1] <{n}>" for n in FIVE) + "\n[r2] <agent_thinking>", {**RUN, "pattern": r"\[(?P<unit>\w{1,40})\] <(?P<event>\w{1,40})>"}, ["foreign: agent_thinking"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "given", "finding"), [row[1:] for row in LOGS], ids=[row[0] for row in LOGS]
)
def test_a_log_gives_this_finding(text, given, finding):
    assert judged(text, contract(**given)) == finding


def test_there_are_enough_logs():
    assert len(LOGS) >= 60


def test_a_unit_that_another_test_shows_whole_is_that_ones():
    leaked = objects("agent_started", run_id="r2")
    other = case("test_b", objects(*FIVE, run_id="r2"))
    assert judged(objects(*FIVE, run_id="r1") + "\n" + leaked, contract(**RUN), other) == [
        "foreign: agent_started"
    ]


def test_a_user_may_come_in_many_tests_and_is_no_stranger_in_any():
    others = [case(f"test_{n}", objects(*FIVE, user="ada")) for n in range(3)]
    assert judged(objects(*WITHOUT, user="ada"), contract(per="user"), *others) == ["missing: tool_executing"]
    assert judged(objects(*FIVE, user="ada"), contract(per="user"), *others) == "kept"


def test_a_report_without_logs_of_passing_tests_is_not_known():
    red = case("test_b", plain(*WITHOUT), "failed")
    said = "not known: the report carries no logs of passing tests"
    assert judged("", contract(where="test_*"), red) == said


def test_a_test_that_was_run_again_is_not_known():
    (found,) = verdicts(run_of(case("test_a", plain(*WITHOUT), attempts=2)), [contract()])
    assert (found.state, found.why[:22]) == ("not known", "the test was run again")


@pytest.mark.parametrize(("found_in", "section", "finding"), [
    ("stdout", "Captured stdout call", "kept"),
    ("log", "Captured stdout call", "not about it"),
    ("stdout", "Captured log call", "not about it"),
    ("stdout", "system-out", "kept"),
])  # fmt: skip
def test_events_are_looked_for_where_the_contract_says(found_in, section, finding):
    run = run_of(case("test_a", plain(*FIVE), section=section))
    found = verdicts(run, [contract(found_in=found_in)])
    assert [v.state for v in found] == ([finding] if finding == "kept" else [])


def test_recorded_events_are_read_from_properties_and_metadata():
    recorded = tuple(("triagebot_event", json.dumps({"event": name, "run_id": "r"})) for name in FIVE)
    meta = tuple((f"metadata.{name}", value) for name, value in recorded)
    for found_in, pairs in (("properties", recorded), ("metadata", meta)):
        (found,) = verdicts(
            run_of(case("test_a", "", properties=pairs)), [contract(found_in=found_in, **RUN)]
        )
        assert found.state == "kept"
        assert [event.unit for event in found.events] == ["r"] * 5


def test_fifty_megabytes_are_read_in_seconds_and_found_whole():
    noise = "2025-09-10T19:52:00Z INFO pool: conn 123 returned to the pool, agents idle\n" * 7_000
    text = "".join(noise + line + "\n" for line in objects(*WITHOUT, run_id="r1").split("\n")) + noise * 95
    assert len(text) > 50_000_000
    found = list(reading.events(text, contract(**RUN)))
    assert [event.name for event in found] == WITHOUT


def test_no_pattern_of_ours_is_unbounded():
    given = contract(**RUN, **STAGES, each="agent")
    read = reading.Reader(given)
    ours = [read.wanted, read.members, reading._ABOUT, reading._WORDS, reading._pair("run_id")]
    assert not [pattern.pattern for pattern in ours if runs_away(pattern.pattern)]
