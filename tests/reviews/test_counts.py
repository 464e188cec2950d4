"""What became of drafts is counted, and where they are few nothing is made of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from triagebot.issues import Act, DraftedWhy, Issue, Marker
from triagebot.reviews.counts import counted, fate, interval

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
        ([act("needs-evidence", said="log")], "waiting"),
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
    found = {(c.kind, c.fate): c for c in counted(issues, NOW)}
    assert found["", "accepted as drafted"].number == found["ws.close", "accepted as drafted"].number == 19
    assert found["", "accepted as drafted"].interval is None
    assert counted([], NOW) == ()


def test_the_interval_is_wilsons():
    low, high = interval(64, 71)
    assert (round(low, 2), round(high, 2)) == (0.81, 0.95)
