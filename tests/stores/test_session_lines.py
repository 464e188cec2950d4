"""Lines of sessions are kept once, in every history store; a home of before they came gets their table when it is opened."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.plans.worlds import DAY
from tests.stores.test_branch import Repository
from triagebot.reports.model import Problem
from triagebot.stores import open_history
from triagebot.stores.branch_history import BranchHistory
from triagebot.stores.run_files import outdated
from triagebot.stores.session_lines import LineFile, decode, encode, path_of

ONE = {"start": (DAY, '{"a":1}'), "run r1": (DAY + timedelta(hours=1), '{"b":2}')}
TWO = {"run r1": (DAY, "another word for it"), "run r2": (DAY + timedelta(hours=2), '{"c":3}')}
BOTH = {"start": '{"a":1}', "run r1": '{"b":2}', "run r2": '{"c":3}'}


def test_a_line_is_kept_once_and_never_replaced(url):
    history = open_history(url)
    history.add_session_lines("s", ONE)
    history.add_session_lines("s", TWO)
    history.add_session_lines("other", {"start": (DAY, "{}")})
    assert history.session_lines() == {"s": BOTH, "other": {"start": "{}"}}
    history.close()
    again = open_history(url)
    assert again.session_lines()["s"] == BOTH
    again.close()


def test_a_home_of_before_sessions_gets_their_table(url):
    history = open_history(url)
    with history.engine.begin() as connection:
        connection.execute(text("DROP TABLE session_lines"))
    history.close()
    again = open_history(url)
    again.add_session_lines("s", ONE)
    assert [*again.session_lines()["s"]] == ["start", "run r1"]
    again.close()


def branch(repository):
    return BranchHistory(repository, open_history("sqlite://"))


def test_two_runners_on_one_branch_keep_each_other_s_lines():
    repository = Repository()
    one, two = branch(repository), branch(repository)
    one.add_session_lines("s", ONE)
    two.add_session_lines("s", {"run r2": TWO["run r2"]})
    assert one.session_lines() == two.session_lines() == branch(repository).session_lines() == {"s": BOTH}
    assert not branch(repository).problems


@pytest.mark.parametrize("data", [b"", b"no gzip", encode(LineFile("s", "start", DAY, "{}"))[:-12]])
def test_a_file_that_nobody_can_read_is_told_and_left_alone(data):
    assert isinstance(decode("sessions/x", data), Problem)


def test_a_line_is_a_file_of_its_day_which_goes_when_that_day_goes():
    file = LineFile("s", "start", DAY, "{}")
    path = path_of(file)
    assert path.startswith(f"sessions/{DAY.date().isoformat()}/")
    assert decode(path, encode(file)) == file
    assert outdated([path], DAY + timedelta(days=91), 90) == (path,)
    assert outdated([path], DAY + timedelta(days=89), 90) == ()
