"""What every issue tracker does, as `Tracker` promises: each test runs against every one. A new tracker adds a line to `TRACKERS`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.plans.worlds import local
from tests.trackers.test_github_tracker import joined
from triagebot.issues import write_marker
from triagebot.issues.model import Marker
from triagebot.trackers import Edit, Tracker, TrackerError

KEY, OTHER = "ws.close-aaaaaaaaaaaa", "http.status-bbbbbbbbbbbb"
LABEL = "triagebot"
UNKNOWN = 4_711


@dataclass(frozen=True)
class Home:
    """A tracker, and how the next command opens the same one."""

    tracker: Tracker
    again: Callable[[], Tracker]


def on_disk(request: pytest.FixtureRequest) -> Home:
    folder: Path = request.getfixturevalue("tmp_path")
    return Home(local(folder), lambda: local(folder))


def on_github(request: pytest.FixtureRequest) -> Home:
    github = request.getfixturevalue("github")
    return Home(joined(github), lambda: joined(github))


TRACKERS = {"local": on_disk, "github": on_github}


@pytest.fixture(params=sorted(TRACKERS))
def home(request: pytest.FixtureRequest) -> Home:
    return TRACKERS[request.param](request)


def body(key: str, once: str, text: str = "what broke") -> str:
    marker = write_marker(Marker(key=key, algorithm=1, once=(once,)))
    return f"{marker}\n<!-- triagebot:begin -->\n{text}\n<!-- triagebot:end -->"


def opened(tracker: Tracker, key: str = KEY, once: str = "1" * 64) -> int:
    return tracker.create(f"{key} broke", body(key, once), (LABEL,), once).number


def test_it_has_the_name_under_which_people_choose_it(home):
    assert home.tracker.name in TRACKERS


def test_an_issue_is_as_it_was_created_for_whoever_opens_the_tracker_next(home):
    made = home.tracker.create("a broke", body(KEY, "1" * 64), (LABEL, "P1"), "1" * 64)
    for tracker in (home.tracker, home.again()):
        (issue,) = tracker.issues()
        assert (issue.number, issue.title, issue.state) == (made.number, "a broke", "open")
        assert set(issue.labels) == {LABEL, "P1"}
        assert issue.body == body(KEY, "1" * 64)
        assert issue.marker == Marker(key=KEY, algorithm=1, once=("1" * 64,))
        assert tracker.read(made.number) == issue


def test_the_record_of_a_session_is_no_issue_about_a_cause(home):
    record = opened(home.tracker, "session-aaaaaaaaaaaa")
    cause = opened(home.tracker, KEY, "2" * 64)
    for tracker in (home.tracker, home.again()):
        assert [issue.number for issue in tracker.issues()] == [cause]
        assert [issue.number for issue in tracker.sessions()] == [record]


def test_issues_are_listed_by_number_whether_open_or_closed(home):
    first = opened(home.tracker)
    second = opened(home.tracker, OTHER, "2" * 64)
    home.tracker.update(first, Edit(state="closed", state_reason="completed"))
    listed = home.again().issues()
    assert [(issue.number, issue.state) for issue in listed] == [(first, "closed"), (second, "open")]
    assert listed[0].state_reason == "completed"
    assert listed[0].closed_at is not None


def test_what_was_never_there_is_certain_to_be_gone(home):
    assert home.tracker.read(UNKNOWN) is None


@pytest.mark.parametrize("fresh", [True, False])
def test_issues_are_found_by_key_and_alias(home, fresh):
    number = opened(home.tracker)
    alias = write_marker(Marker(key=OTHER, algorithm=1, aliases=("import-cccccccccccc",), once=("2" * 64,)))
    other = home.tracker.create("b", f"{alias}\n", (LABEL,), "2" * 64).number
    tracker = home.again()
    assert [i.number for i in tracker.holding([KEY], fresh=fresh)] == [number]
    assert [i.number for i in tracker.holding(["import-cccccccccccc", KEY], fresh=fresh)] == [number, other]
    assert list(tracker.holding(["tls-dddddddddddd"], fresh=fresh)) == []


def test_one_edit_changes_what_it_names_and_nothing_else(home):
    number = opened(home.tracker)
    tracker = home.again()
    tracker.read(number)
    after = tracker.update(number, Edit(body=body(KEY, "1" * 64, "more"), add=("P2", "flaky")))
    assert (after.title, after.state) == (f"{KEY} broke", "open")
    assert set(after.labels) == {LABEL, "P2", "flaky"}
    after = tracker.update(number, Edit(title="b broke", remove=("flaky", "never there")))
    assert (after.title, set(after.labels)) == ("b broke", {LABEL, "P2"})
    assert "more" in after.body
    assert home.again().read(number) == after


def test_an_issue_is_closed_as_a_duplicate_and_opened_again(home):
    first, second = opened(home.tracker), opened(home.tracker, OTHER, "2" * 64)
    closed = home.tracker.update(second, Edit(state="closed", state_reason="duplicate", duplicate_of=first))
    assert (closed.state, closed.state_reason) == ("closed", "duplicate")
    again = home.again().update(second, Edit(state="open", state_reason="reopened"))
    assert (again.state, again.closed_at) == ("open", None)


def test_our_comments_are_told_oldest_first(home):
    number = opened(home.tracker)
    for text in ("first", "second\n\nwith lines", "third"):
        home.tracker.comment(number, text)
    assert list(home.again().comments(number)) == ["first", "second\n\nwith lines", "third"]
    assert list(home.tracker.comments(opened(home.tracker, OTHER, "2" * 64))) == []


@pytest.mark.parametrize("write", ["update", "comment"])
def test_a_write_to_an_issue_that_is_not_there_is_an_error_that_names_it(home, write):
    opened(home.tracker)
    with pytest.raises(TrackerError, match=str(UNKNOWN)):
        home.tracker.update(UNKNOWN, Edit(title="t")) if write == "update" else home.tracker.comment(
            UNKNOWN, "c"
        )


def test_text_of_any_language_and_length_within_the_limit_comes_back_as_it_was(home):
    text = 'Ünïcode ✓ 漢字 \U0001f600 `code` <b> & "quotes"\n' * 900
    number = home.tracker.create("t", body(KEY, "1" * 64, text.strip()), (LABEL,), "1" * 64).number
    assert text.strip() in home.again().read(number).body


def test_waiting_and_putting_back_where_nobody_wrote_change_nothing(home):
    number = opened(home.tracker)
    before = home.tracker.read(number)
    with home.tracker.transaction():
        home.tracker.calm()
        home.tracker.update(number, Edit(add=("P3",)))
    home.tracker.put_back([number], [number])
    after = home.again().read(number)
    assert (after.title, after.body) == (before.title, before.body)
    assert set(after.labels) == {*before.labels, "P3"}
