"""What people decided about causes is kept for each key and issue, in every history store, and follows the issue."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans.worlds import DAY
from tests.stores.test_branch import Repository
from triagebot.errors import UserError
from triagebot.issues import Act, DraftedWhy, Issue, Judged, Marker, Settled
from triagebot.pipeline.recording import HistoryRecorder
from triagebot.redact import Fact
from triagebot.reports.model import Problem
from triagebot.reviews import states
from triagebot.stores import open_history
from triagebot.stores.branch_history import BranchHistory
from triagebot.stores.settled import changed, decode, encode, of_row, path_of, row

KEY, OTHER = "ws.close-aaaaaaaaaaaa", "http.status-bbbbbbbbbbbb"
WHYS = (DraftedWhy("1", "The pool is empty."), DraftedWhy("2", "Nobody returns connections.", "primary"))
CAUSE = Act("cause", "ada", DAY, "1:a", 1, said="The pool has eight connections.", rank="primary")
REJECT = Act("reject", "bob", DAY + timedelta(hours=1), "2:b", 2, on=("2",), said="they are returned")
FIXED = Act("fixed-by", "ada", DAY, "3:c", 3, said="0123abc")


def issue(*acts, number=4, key=KEY, **more):
    marker = Marker(key, 1, whys=WHYS, acts=acts)
    return Issue(number, "t", "", "open", (), "bot", marker, **more)


@pytest.fixture(params=["sql", "branch"])
def home(request, url, tmp_path):
    """Opens the home of a project again and again, as the next command does."""
    if request.param == "branch" and url.startswith("postgresql"):
        pytest.skip("a branch has one kind of copy")
    opened, repository = [], Repository()

    def make():
        if request.param == "sql":
            opened.append(open_history(url, "acme/shop"))
            return opened[-1]
        opened.append(open_history(f"sqlite:///{tmp_path / f'copy-{len(opened)}.db'}"))
        return BranchHistory(repository, opened[-1])

    make.writes = lambda: repository.writes
    yield make
    for store in opened:
        store.engine.dispose()


def test_an_accepted_cause_and_what_was_ruled_out_are_known_to_the_next_command(home):
    home().rebuild([issue(CAUSE, REJECT, FIXED), issue(number=5, key=OTHER)], now=DAY)
    (found,) = home().settled([KEY, OTHER])
    assert (found.key, found.issue, found.fixed_by) == (KEY, 4, "0123abc")
    assert [(c.text, c.who, c.rank) for c in found.causes] == [(CAUSE.said, "ada", "primary")]
    assert [(c.text, c.said) for c in found.ruled_out] == [
        ("Nobody returns connections.", "they are returned")
    ]
    assert home().settled([OTHER]) == ()


def test_the_issue_has_the_last_word_and_the_same_word_writes_nothing(home):
    home().rebuild([issue(CAUSE)], now=DAY)
    first = home.writes()
    home().rebuild([issue(CAUSE)], now=DAY)
    assert home.writes() == first
    home().rebuild([issue(CAUSE, REJECT)], now=DAY)
    assert len(home().settled([KEY])[0].ruled_out) == 1
    home().rebuild([issue()], now=DAY)
    assert home().settled([KEY]) == ()
    home().rebuild([issue()], now=DAY)
    assert home().settled([KEY]) == ()


def test_an_issue_that_is_gone_or_lost_its_memory_takes_nothing_away(home):
    home().rebuild([issue(CAUSE)], now=DAY)
    home().rebuild([], now=DAY)
    home().rebuild([issue(trouble="its marker was gone")], now=DAY)
    home().rebuild([replace(issue(), marker=None)], now=DAY)
    assert len(home().settled([KEY])) == 1


def test_issues_of_one_key_are_kept_apart_and_keys_of_other_projects_are_not_seen(url):
    ours, theirs = open_history(url, "acme/shop"), open_history(url, "acme/other")
    ours.rebuild([issue(CAUSE), issue(REJECT, number=9)], now=DAY)
    assert [found.issue for found in ours.settled([KEY])] == [4, 9]
    assert theirs.settled([KEY]) == ()
    theirs.rebuild([issue(number=4)], now=DAY)
    assert [found.issue for found in ours.settled([KEY])] == [4, 9]
    ours.close()
    theirs.close()


def test_what_closed_an_issue_and_is_not_told_this_time_stays_known():
    held = states.settled(issue(CAUSE, closed_commit="abc1234"))
    assert held.fixed_by == "abc1234"
    assert changed([issue(CAUSE)], {(KEY, 4): held}) == ()
    (new,) = changed([issue(CAUSE, FIXED)], {(KEY, 4): held})
    assert new.fixed_by == "0123abc"


def test_a_home_that_does_not_answer_costs_a_sentence_and_no_cause():
    def away():
        raise UserError("history: nobody there")

    recorder = HistoryRecorder(away, lambda: DAY)
    assert recorder.settled([KEY]) == ()
    assert "nobody there" in recorder.refusal


def test_of_several_issues_the_newest_causes_count_and_what_was_accepted_later_is_not_ruled_out():
    old = Settled(
        KEY, 4, (Judged("cause", "A", "ada", DAY),), (Judged("reject", "B", "bob", DAY),), Fact("c1")
    )
    new = Settled(KEY, 9, (Judged("accept", "B", "eve", DAY + timedelta(days=2)),), (Judged("reject", "A", "eve", DAY + timedelta(days=1)),))  # fmt: skip
    for order in ([old, new], [new, old]):
        marker = states.remembering(Marker(KEY, 1), order)
        assert [cause.text for cause in marker.last] == ["B"]
        assert [cause.text for cause in marker.ruled_out] == ["A"]
        assert marker.last_fix is None


texts = st.text(max_size=40)
judged = st.builds(Judged, texts, texts, texts, st.just(DAY), st.integers(0, 9), texts, texts)
found = st.builds(
    Settled, texts, st.integers(1, 9), st.tuples(judged), st.tuples(judged), st.just(Fact("c1")) | st.none()
)


@given(found)
def test_what_is_written_is_read_again(one):
    assert decode(path_of(one), encode(one)) == one
    assert of_row(row("p", one)["told"]) == one


@given(st.binary(max_size=60) | found.map(encode).map(lambda data: data[:-9]))
def test_any_bytes_are_a_decision_or_a_problem(data):
    assert isinstance(decode("settled/x.settled1.json.gz", data), Settled | Problem)
    assert of_row(data.decode("latin-1")) is None
