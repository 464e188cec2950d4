"""What became of drafts is counted, and where they are few nothing is made of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from triagebot.issues import Act, DraftedWhy, Grade, Issue, Marker
from triagebot.redact import Fact
from triagebot.reviews import states
from triagebot.reviews.counts import GRADES, counted, interval
from triagebot.reviews.states import fate

NOW = datetime(2025, 9, 20, tzinfo=UTC)
WHYS = (DraftedWhy("1", "a"), DraftedWhy("2", "b", "primary"))
DRAFTED = Marker("ws.close-aaaaaaaaaaaa", 1, drafted="model", whys=WHYS, first=NOW - timedelta(days=8))


def act(verb, *on, said=""):
    return Act(verb, "ada", NOW, "1:a", 1, on, said)


@pytest.mark.parametrize(
    "acts, expected",
    [
        ([act("accept")], "accepted as drafted"),
        ([act("accept", "1"), act("edit", "2", said="c")], "edited"),
        ([act("cause", said="c")], "edited"),
        ([act("reject", said="no")], "rejected"),
        ([act("accept"), act("reject", "1", said="no")], "rejected"),
        ([], "untouched after 7 days"),
        ([act("owner", said="x")], "untouched after 7 days"),
        ([act("needs-evidence", said="log")], "sent back"),
        ([act("redraft")], "sent back"),
    ],
)
def test_the_fate_of_a_draft(acts, expected):
    assert fate(replace(DRAFTED, acts=tuple(acts)), NOW) == expected


def test_a_young_draft_waits():
    assert fate(replace(DRAFTED, first=NOW - timedelta(days=6)), NOW) == "waiting"


def test_digests_are_no_drafts_and_under_twenty_no_share_is_told():
    issues = [
        Issue(n, "t", "", "open", (), "bot", replace(DRAFTED, acts=(act("accept"),))) for n in range(19)
    ]
    issues.append(Issue(99, "t", "", "open", (), "bot", replace(DRAFTED, drafted="digest")))
    found = {(c.kind, c.prompt, c.fate): c for c in counted(issues, NOW)}
    assert found["", "", "accepted as drafted"].number == 19
    assert found["ws.close", "", "accepted as drafted"].number == 19
    assert found["", "", "accepted as drafted"].interval is None
    assert counted([], NOW) == ()


def test_the_interval_is_wilsons():
    low, high = interval(64, 71)
    assert (round(low, 2), round(high, 2)) == (0.81, 0.95)


def test_a_draft_that_another_one_replaced_is_counted_under_its_own_prompt():
    first = replace(DRAFTED, prompt="five_whys 2", acts=(act("reject", "2", said="no"),), drafted_at=NOW)
    second = replace(states.redrafted(first, WHYS[:1], NOW + timedelta(days=1)), prompt="five_whys 3")
    third = replace(second, acts=(act("accept"),))
    found = {
        (c.kind, c.prompt, c.fate): c for c in counted([Issue(1, "t", "", "open", (), "bot", third)], NOW)
    }
    assert found["ws.close", "five_whys 2", "rejected"].number == 1
    assert found["ws.close", "five_whys 3", "accepted as drafted"].number == 1
    assert found["", "", "rejected"].drafts == 2


def test_an_accepted_draft_is_counted_once_also_when_its_cause_came_back():
    accepted = replace(DRAFTED, acts=(act("accept"),), drafted_at=NOW)
    back = states.returned(accepted, None, NOW)
    assert back.last
    for marker in (accepted, back, states.redrafted(back, WHYS[:1], NOW)):
        found = [c for c in counted([Issue(1, "t", "", "open", (), "bot", marker)], NOW) if c.number]
        assert next(c.fate for c in found if (c.kind, c.prompt) == ("", "")) == "accepted as drafted"
        assert sum(c.number for c in found if c.kind == c.prompt == "" and c.fate.startswith("acc")) == 1


def test_what_fixes_touched_is_counted_over_the_drafts_that_were_graded_and_told_from_twenty_on():
    grades = [
        Grade(NOW, "five_whys 3", Fact("c1"), touched)
        for touched in ["yes"] * 15 + ["no"] * 4 + ["cannot say"]
    ]
    issues = [
        Issue(n, "t", "", "closed", (), "bot", replace(DRAFTED, drafted="digest", grades=(grade,)))
        for n, grade in enumerate(grades)
    ]
    found = {(c.prompt, c.fate): c for c in counted(issues, NOW) if c.kind == "ws.close"}
    yes = found["five_whys 3", GRADES["yes"]]
    assert (yes.number, yes.drafts) == (15, 20)
    assert [round(end, 2) for end in yes.interval] == [0.53, 0.89]
    assert found["five_whys 3", GRADES["cannot say"]].number == 1
    assert not [c for c in counted(issues[:19], NOW) if c.interval]
