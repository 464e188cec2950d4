"""One request runs through all agents, over HTTP as over the WebSocket, and leaves its traces in the database."""

import sqlite3

import pytest
from harness.client import Chat, User
from harness.contracts import STAGES, assert_five_events


class TestPipelineOverHttp:
    def test_run_returns_a_report(self, ada: User) -> None:
        assert ada.run()["report"]["title"] == "Savings for ada"

    @pytest.mark.parametrize("agent", STAGES)
    def test_agent_sends_five_events(self, ada: User, agent: str) -> None:
        assert_five_events(ada.run()["events"], agent)

    def test_run_is_persisted(self, ada: User, database: sqlite3.Connection) -> None:
        run = ada.run()["run_id"]
        row = database.execute("SELECT user, status FROM runs WHERE id = ?", (run,)).fetchone()
        assert row == ("ada", "completed")

    def test_report_is_archived(self, ada: User, database: sqlite3.Connection) -> None:
        run = ada.run()["run_id"]
        row = database.execute("SELECT user FROM run_reports WHERE run_id = ?", (run,)).fetchone()
        assert row == ("ada",)


class TestPipelineOverWebSocket:
    def test_run_ends_in_a_report(self, chat: Chat) -> None:
        end = chat.ask()[-1]
        assert end["type"] == "run_completed"
        assert end["report"]["title"] == "Savings for ada"

    def test_two_questions_in_one_chat_are_two_runs(self, chat: Chat) -> None:
        assert chat.ask()[-1]["run_id"] != chat.ask()[-1]["run_id"]
