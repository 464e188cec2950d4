from dataclasses import replace
from datetime import timedelta

import pytest

from tests.plans.worlds import CONFIG, DAY, group, run
from triagebot.config import Alias, Config
from triagebot.issues import Issue, Marker, Occurrence, duplicates, echoes, is_let_go, match, nobody_knows

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
    "closed, and our label was taken off": (
        [replace(marked(CLOSED, labels=("triagebot",)), labels=("bug",))],
        RUN,
        "muted",
    ),
    "open as not planned before it was reopened": ([replace(OPEN, state_reason="not_planned")], RUN, "known"),
    "open as a duplicate before it was reopened": ([replace(OPEN, state_reason="duplicate")], RUN, "known"),
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
    "fix unknown, run in the moment of the close": (
        [replace(CLOSED, closed_commit=None)],
        replace(RUN, started=CLOSED.closed_at),
        "straggler",
    ),
    "fix and start of the run unknown": (
        [replace(CLOSED, closed_commit=None)],
        replace(RUN, started=None),
        "regressed",
    ),
    "the fix is in, though the clock says otherwise": ([CLOSED], replace(RUN, started=DAY), "regressed"),
    "no commit of the run, revision already seen": (
        [marked(CLOSED, closed_revision="r1")],
        replace(RUN, commit=None, revision="r1"),
        "straggler",
    ),
    "no commit of the issue, revision of the last failure": (
        [
            marked(
                replace(CLOSED, closed_commit=None), occurrences=(replace(ROW, commit=None, revision="r1"),)
            )
        ],
        replace(RUN, revision="r1"),
        "straggler",
    ),
    "the clean run that closed it counts, not the failure before": (
        [marked(replace(CLOSED, closed_commit=None), closed_commit="c5")],
        replace(RUN, commit="c1"),
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


def test_an_adopted_issue_that_was_closed_comes_back():
    adopted = Issue(2, "person's title", "text", "closed", (), "person", state_reason="completed")
    (found,) = match([GROUP], [adopted], RUN, Config(aliases=(Alias(key=KEY, issue=2),)))
    assert (found.state, found.issue) == ("regressed", adopted)


def test_an_adoption_of_another_key_is_no_home():
    adopted = Issue(2, "person's title", "text", "open", (), "person")
    (found,) = match([GROUP], [adopted], RUN, Config(aliases=(Alias(key="other", issue=2),)))
    assert found.state == "new"


def test_without_git_a_later_run_on_another_commit_is_a_regression():
    (found,) = match([GROUP], [CLOSED], RUN, CONFIG)
    assert found.state == "regressed"


@pytest.mark.parametrize(
    ("ours", "there", "let_go"),
    [
        (("triagebot",), ("triagebot", "bug"), False),
        (("triagebot",), ("bug",), True),
        (("P1",), ("bug",), False),
        ((), (), False),
    ],
    ids=["still there", "taken off", "never set by us", "none set"],
)
def test_an_issue_is_let_go_when_a_person_took_our_label_off(ours, there, let_go):
    assert is_let_go(replace(marked(OPEN, labels=ours), labels=there), CONFIG) is let_go


def test_a_persons_issue_was_never_ours_to_let_go():
    assert not is_let_go(replace(OPEN, marker=None, labels=()), CONFIG)


def test_a_duplicate_leads_to_its_original_even_of_another_key():
    original = replace(marked(OPEN, key="http.status-b"), number=2)
    duplicate = replace(CLOSED, state_reason="duplicate", duplicate_of=2)
    (found,) = match([GROUP], [duplicate, original], RUN, CONFIG)
    assert (found.state, found.issue.number) == ("known", 2)


def test_a_chain_of_duplicates_leads_to_its_end():
    end = replace(marked(OPEN, key="other"), number=1)
    middle = replace(marked(CLOSED, key="middle"), number=2, state_reason="duplicate", duplicate_of=1)
    start = replace(CLOSED, number=3, state_reason="duplicate", duplicate_of=2)
    (found,) = match([GROUP], [start, middle, end], RUN, CONFIG)
    assert (found.state, found.issue.number) == ("known", 1)


def test_a_chain_of_duplicates_that_breaks_off_leads_as_far_as_it_goes():
    middle = replace(marked(CLOSED, key="middle"), number=2, state_reason="duplicate", duplicate_of=99)
    start = replace(CLOSED, number=3, state_reason="duplicate", duplicate_of=2)
    (found,) = match([GROUP], [start, middle], RUN, CONFIG)
    assert (found.state, found.issue.number) == ("muted", 2)


def test_duplicates_in_a_circle_are_left_alone():
    one = replace(CLOSED, number=1, state_reason="duplicate", duplicate_of=2)
    two = replace(marked(CLOSED, key="other"), number=2, state_reason="duplicate", duplicate_of=1)
    (found,) = match([GROUP], [one, two], RUN, CONFIG)
    assert found.state == "muted"


def test_a_closed_issue_that_a_list_did_not_show_is_the_home_of_what_was_opened_beside_it():
    first = replace(CLOSED, number=1)
    (found,) = match([GROUP], [first, OPEN], RUN, CONFIG)
    assert found.issue == first


def test_the_lowest_number_is_the_original_of_open_duplicates():
    five, six = replace(OPEN, number=5), replace(OPEN, number=6)
    other = replace(marked(OPEN, key="other"), number=7)
    assert duplicates([six, other, five, OPEN]) == ((five, OPEN), (six, OPEN))
    first = replace(CLOSED, number=1)
    assert duplicates([six, first, other]) == ((six, first),)
    assert duplicates([replace(first, state_reason="duplicate"), OPEN, replace(CLOSED, number=8)]) == ()


def test_what_was_closed_as_a_duplicate_goes_with_the_issue_that_kept_the_key():
    duplicate = replace(CLOSED, number=3, state_reason="duplicate")
    later = replace(OPEN, number=9)
    stranger = replace(marked(CLOSED, key="other"), number=5, state_reason="duplicate")
    unmarked = replace(duplicate, number=6, marker=None)
    assert echoes([later, duplicate, OPEN, stranger, unmarked]) == ((duplicate, OPEN),)


def test_what_is_closed_otherwise_is_no_echo_and_may_be_the_home_of_one():
    duplicate = replace(CLOSED, number=3, state_reason="duplicate")
    assert echoes([CLOSED, duplicate, replace(OPEN, number=8)]) == ((duplicate, CLOSED),)
    assert echoes([CLOSED, OPEN]) == ()
    assert echoes([duplicate]) == ()


def test_an_issue_without_a_marker_is_nobodys_duplicate():
    assert duplicates([OPEN, replace(OPEN, number=5, marker=None)]) == ()


@pytest.mark.parametrize(
    ("revisions", "state"),
    [(("r1", "r2"), "straggler"), (("r2", "r1"), "regressed"), (("r2",), "regressed"), ((), "regressed")],
    ids=["rolled back", "deployed later", "the tested one is new", "nothing known"],
)
def test_revisions_are_ordered_by_when_history_first_saw_them(revisions, state):
    closed = marked(replace(CLOSED, closed_commit=None), closed_revision="r2")
    (found,) = match([GROUP], [closed], replace(RUN, revision="r1"), CONFIG, revisions=revisions)
    assert found.state == state


NAMED = "0123abc" + "d" * 33


@pytest.mark.parametrize(
    ("commit", "ancestor", "told"),
    [
        ("c5", "c5", True),
        (NAMED, NAMED[:7], True),
        (NAMED[:7], NAMED, True),
        ("c51", "c5", None),
        (NAMED, "0123abe", None),
    ],
)
def test_a_place_without_git_knows_that_a_commit_has_itself(commit, ancestor, told):
    assert nobody_knows(commit, ancestor) is told


def test_a_failure_on_the_very_commit_that_mended_it_is_a_return_without_git_too():
    (found,) = match([GROUP], [CLOSED], replace(RUN, commit="c5", started=DAY), CONFIG)
    assert found.state == "regressed"
