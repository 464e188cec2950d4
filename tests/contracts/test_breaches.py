"""What becomes of a breach: a failure with a key of its own where the contract is enforced, else a finding; evidence beside a failure."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.test_logs import FIVE, WITHOUT, case, contract, objects, run_of
from triagebot.config import Config, Suite
from triagebot.contracts import verdict_text, verdicts, with_breaches
from triagebot.groups import group
from triagebot.history import proves_gone
from triagebot.pytest_plugin.event_properties import MOST, NAME, Events
from triagebot.steps import paths


def broken(text=None, outcome="passed", **given):
    run = run_of(case("test_a", text or objects(*WITHOUT, run_id="r1"), outcome))
    return with_breaches(run, verdicts(run, [contract(per="run_id", **given)]))


def test_a_breach_of_an_enforced_contract_fails_its_test_under_a_key_without_ids():
    (found,) = group(broken(enforce=True), Config())
    (other,) = group(broken(objects(*WITHOUT, run_id="r2"), enforce=True), Config())
    assert found.key == other.key
    assert found.signature.kind == "contract"
    assert dict(found.signature.slots) == {
        "contract": "five",
        "problem": "missing",
        "event": "tool_executing",
    }
    assert found.signature.title == "Contract five: Event tool_executing never came"


def test_the_run_counts_a_test_that_broke_an_enforced_contract_as_failed():
    run = run_of(case("test_a", objects(*WITHOUT)), case("test_b", objects(*FIVE)))
    judged = with_breaches(run, verdicts(run, [contract(enforce=True)]))
    assert [c.outcome for c in judged.cases] == ["failed", "passed"]
    assert (judged.status, judged.totals.failed) == ("failed", 1)
    assert not proves_gone(judged, {"test_a"})


def test_a_breach_of_a_contract_that_is_not_enforced_changes_nothing():
    run = run_of(case("test_a", objects(*WITHOUT)))
    assert with_breaches(run, verdicts(run, [contract()])) == run


def test_several_breaches_are_several_causes():
    text = objects(FIVE[1], FIVE[0], FIVE[3], FIVE[4], step=20)
    found = group(broken(text, enforce=True, ordered=True, within="30s"), Config())
    assert sorted(dict(one.signature.slots)["problem"] for one in found) == ["late", "missing", "order"]


def test_a_failing_test_shows_what_its_contract_saw_and_keeps_its_key_and_its_steps():
    run = run_of(case("test_a", objects(*WITHOUT, run_id="r1"), "failed"))
    judged = broken(outcome="failed", enforce=True)
    assert [g.key for g in group(judged, Config())] == [g.key for g in group(run, Config())]
    assert paths(judged) == paths(run)
    (shown,) = [s for s in next(judged.failures).sections if s.name == "Contract five"]
    assert shown.text.splitlines()[:3] == [
        "missing: tool_executing never came; 4 of 5 did",
        "seen: 4 events",
        f"  19:52:00.000 agent_started: {objects(*WITHOUT, run_id='r1').splitlines()[0]}",
    ]


def test_evidence_shows_the_lines_that_are_out_of_order():
    run = run_of(case("test_a", objects(FIVE[0], FIVE[2], FIVE[1], *FIVE[3:])))
    (found,) = verdicts(run, [contract(ordered=True)])
    text = verdict_text(found)
    assert text.startswith(
        "order: tool_executing came before agent_thinking\n  shown by 19:52:01.000 tool_executing: {"
    )


def test_a_contract_is_about_the_tests_of_its_suite():
    run = run_of(case("a/test_1.py::test_a", "nothing"), case("b/test_1.py::test_b", "nothing"))
    suite = Suite(match="a/*", name="chats")
    assert [v.test for v in verdicts(run, [contract(where="chats")], [suite])] == ["a/test_1.py::test_a"]


class Grumpy:
    def __str__(self):
        raise RuntimeError("no")

    __repr__ = __str__


odd = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.binary() | st.builds(Grumpy) | st.just("\ud800"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(odd, st.dictionaries(st.text(), odd, max_size=30)), max_size=8))
def test_whatever_the_recorder_meets_it_raises_nothing_and_keeps_little(calls):
    kept = []
    events = Events(kept)
    for event, fields in calls:
        events.record(event, **fields)
    assert len(kept) <= len(calls)
    for name, value in kept:
        assert name == NAME
        assert len(value) < 60_000
        json.loads(value)


def test_the_recorder_stops_at_its_limit_and_survives_a_place_that_refuses():
    kept = []
    events = Events(kept)
    for _ in range(MOST + 5):
        events.record("e")
    assert len(kept) == MOST
    Events(None).record("e")
