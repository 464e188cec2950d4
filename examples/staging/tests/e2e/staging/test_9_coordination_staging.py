"""Several users at once: nobody sees another's events, reports or sessions."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.client import Chat, User, open_chat


@pytest.fixture
def archive(database: sqlite3.Connection) -> sqlite3.Connection:
    """The archive of reports with nothing in it but what this test adds."""
    with database:
        database.execute("DELETE FROM run_reports")
    return database


class TestIsolation:
    def test_users_see_their_own_events_only(self, chat: Chat, grace: User) -> None:
        with open_chat(grace) as other:
            other.receive()
            hers = other.ask()
        his = chat.ask()
        assert {event["user"] for event in his[:-1]} == {"ada"}
        assert {event["user"] for event in hers[:-1]} == {"grace"}

    def test_runs_at_the_same_time_stay_apart(self, ada: User, grace: User) -> None:
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(User.run, (ada, grace)))
        assert [{event["user"] for event in answer["events"]} for answer in answers] == [{"ada"}, {"grace"}]

    def test_sessions_count_apart(self, ada: User, grace: User) -> None:
        ada.get("/api/session/preferences")
        assert grace.get("/api/session/preferences")["visits"] == 1


class TestArchive:
    def test_every_run_is_archived_once(self, ada: User, archive: sqlite3.Connection) -> None:
        ada.run()
        assert archive.execute("SELECT count(*) FROM run_reports").fetchone() == (1,)

    def test_archive_keeps_users_apart(self, ada: User, grace: User, archive: sqlite3.Connection) -> None:
        ada.run()
        grace.run()
        rows = archive.execute(
            "SELECT user, count(*) FROM run_reports GROUP BY user ORDER BY user"
        ).fetchall()
        assert rows == [("ada", 1), ("grace", 1)]
