"""Tokens, sessions and runs each have a life, from the first request to the last."""

import httpx2
import pytest
from harness.client import Chat, User, open_chat
from harness.contracts import of_agent


class TestTokens:
    def test_expired_token_is_refused(self, lapsed: User) -> None:
        with pytest.raises(httpx2.HTTPStatusError, match="401"):
            lapsed.get("/api/me")

    def test_refreshed_token_is_accepted_over_http(self, lapsed: User) -> None:
        assert lapsed.refreshed().get("/api/me") == {"user": "linus"}

    def test_refreshed_token_can_start_a_run(self, lapsed: User) -> None:
        assert lapsed.refreshed().run()["run_id"]

    def test_refreshed_token_opens_a_chat(self, lapsed: User) -> None:
        with open_chat(lapsed.refreshed()) as chat:
            assert chat.receive()["type"] == "connection_ready"


class TestLifecycle:
    def test_session_counts_its_visits(self, ada: User) -> None:
        ada.get("/api/session/preferences")
        assert ada.get("/api/session/preferences")["visits"] == 2

    def test_completed_is_the_last_word_of_every_agent(self, chat: Chat) -> None:
        events = chat.ask()
        assert {of_agent(events, agent)[-1] for agent in ("data", "optimisation", "reporting")} == {
            "agent_completed"
        }

    def test_run_is_completed_over_http(self, ada: User) -> None:
        run = ada.run()["run_id"]
        assert ada.get(f"/api/runs/{run}")["status"] == "completed"
