from dataclasses import replace
from datetime import timedelta

import pytest

from tests.plans.worlds import CONFIG, DAY, group, run
from triagebot.config import Alias, Config
from triagebot.issues import Issue, Marker, Occurrence, duplicates, match

KEY = "ws.close-aaaaaaaaaaaa"
GROUP = group(KEY)
RUN = run("run-9", [GROUP], day=9, commit="c9")
ROW = Occurrence("run-1", DAY, 2, 2, commit="c1")
OPEN = Issue(
    4, "title", "", "open", ("triagebot",), "bot", Marker(KEY, 1, runs=("run-1",), occurrences=(ROW,))
)
CLOSED = replace(
    OPEN, state="closed", state_reason="completed", closed_at=DAY + timedelta(days=5), closed_commit="c5"
)
ANCESTRY = {("c9", "c5"): True, ("c4", "c5"): False, ("c9", "c1"): True, ("c0", "c1"): False}


def contains(commit, ancestor):
    return ANCESTRY.get((commit, ancestor))


def marked(issue, **changes):
    return replace(issue, marker=replace(issue.marker, **changes))


STATES = {
    "no issue": ([], RUN, "new"),
    "an issue of another key": ([marked(OPEN, key="http.status-bbbbbbbbbbbb")], RUN, "new"),
    "an issue without a trusted marker": ([replace(OPEN, marker=None)], RUN, "new"),
    "open": ([OPEN], RUN, "known"),
    "open, this run counted": ([marked(OPEN, runs=("run-9",))], RUN, "reported"),
    "closed, this run counted": ([marked(CLOSED, runs=("run-9",))], RUN, "reported"),
    "open and muted": ([replace(OPEN, labels=("muted",))], RUN, "muted"),
    "closed and muted": ([replace(CLOSED, labels=("muted",))], RUN, "muted"),
    "closed as not planned": ([replace(CLOSED, state_reason="not_planned")], RUN, "muted"),
    "closed as a duplicate of nobody knows what": ([replace(CLOSED, state_reason="duplicate")], RUN, "muted"),
    "the fix is in the tested commit": ([CLOSED], RUN, "regressed"),
    "the fix is not in the tested commit": ([CLOSED], replace(RUN, commit="c4"), "straggler"),
    "fix unknown, run before the close": (
        [replace(CLOSED, closed_commit=None)],
        replace(RUN, started=DAY + timedelta(days=4)),
        "straggler",
    ),
    "fix unknown, commit not newer than the last failure": (
        [replace(CLOSED, closed_commit=None)],
        replace(RUN, commit="c1"),
        "straggler",
    ),
    "fix unknown, commit older than the last failure": (
        [replace(CLOSED, closed_commit=None)],
        replace(RUN, commit="c0"),
        "straggler",
    ),
    "fix unknown, newer run on a newer commit": ([replace(CLOSED, closed_commit=None)], RUN, "regressed"),
    "fix unknown, the clean run that closed it had this commit": (
        [marked(replace(CLOSED, closed_commit=None), closed_commit="c9")],
        RUN,
        "straggler",
    ),
    "fix unknown, same commit, deployed anew": (
        [marked(replace(CLOSED, closed_commit=None), closed_commit="c9", closed_revision="r1")],
        replace(RUN, revision="r2"),
        "regressed",
    ),
    "no commit anywhere, revision already seen": (
        [marked(replace(CLOSED, closed_commit=None), closed_revision="r1", occurrences=())],
        replace(RUN, commit=None, revision="r1"),
        "straggler",
    ),
    "nothing known but that the run is later": (
        [marked(replace(CLOSED, closed_commit=None), occurrences=())],
        replace(RUN, commit=None),
        "regressed",
    ),
    "nobody can say whether the fix is in": ([replace(CLOSED, closed_commit="c7")], RUN, "regressed"),
}


@pytest.mark.parametrize(("issues", "tested", "state"), STATES.values(), ids=STATES)
def test_state_of_a_group_beside_its_issue(issues, tested, state):
    (found,) = match([GROUP], issues, tested, CONFIG, contains)
    assert found.state == state
    assert (found.issue is None) == (state == "new")
    assert (found.reason == "") == (state in {"new", "known"})


def test_an_alias_in_the_marker_is_a_home():
    (found,) = match([GROUP], [marked(OPEN, key="ws.close-old", aliases=(KEY,))], RUN, CONFIG)
    assert (found.state, found.issue.number) == ("known", 4)


def test_the_plain_key_of_a_signature_finds_the_issue_that_it_was_filed_under():
    (found,) = match([group("rule-mine", aliases=(KEY,))], [OPEN], RUN, CONFIG)
    assert found.issue is OPEN


def test_an_own_key_beats_an_alias():
    other = replace(marked(OPEN, key="x-1", aliases=(KEY,)), number=2)
    (found,) = match([GROUP], [other, OPEN], RUN, CONFIG)
    assert found.issue.number == 4


def test_an_adopted_issue_is_the_home_even_without_a_marker():
    adopted = Issue(2, "person's title", "text", "open", (), "person")
    (found,) = match([GROUP], [OPEN, adopted], RUN, Config(aliases=(Alias(key=KEY, issue=2),)))
    assert found.issue is adopted


def test_a_duplicate_leads_to_its_original_even_of_another_key():
    original = replace(marked(OPEN, key="http.status-b"), number=2)
    duplicate = replace(CLOSED, state_reason="duplicate", duplicate_of=2)
    (found,) = match([GROUP], [duplicate, original], RUN, CONFIG)
    assert (found.state, found.issue.number) == ("known", 2)


def test_duplicates_in_a_circle_are_left_alone():
    one = replace(CLOSED, number=1, state_reason="duplicate", duplicate_of=2)
    two = replace(marked(CLOSED, key="other"), number=2, state_reason="duplicate", duplicate_of=1)
    (found,) = match([GROUP], [one, two], RUN, CONFIG)
    assert found.state == "muted"


def test_an_open_issue_beats_a_closed_one_of_the_same_key():
    (found,) = match([GROUP], [replace(CLOSED, number=1), OPEN], RUN, CONFIG)
    assert found.issue.number == 4


def test_the_lowest_open_number_is_the_original_of_duplicates():
    five, six = replace(OPEN, number=5), replace(OPEN, number=6)
    other = replace(marked(OPEN, key="other"), number=7)
    assert duplicates([six, other, five, OPEN, replace(CLOSED, number=1)]) == ((five, OPEN), (six, OPEN))


@pytest.mark.parametrize(
    ("revisions", "state"),
    [(("r1", "r2"), "straggler"), (("r2", "r1"), "regressed"), (("r2",), "regressed"), ((), "regressed")],
    ids=["rolled back", "deployed later", "the tested one is new", "nothing known"],
)
def test_revisions_are_ordered_by_when_history_first_saw_them(revisions, state):
    closed = marked(replace(CLOSED, closed_commit=None), closed_revision="r2")
    (found,) = match([GROUP], [closed], replace(RUN, revision="r1"), CONFIG, revisions=revisions)
    assert found.state == state
