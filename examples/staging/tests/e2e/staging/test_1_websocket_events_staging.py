"""The WebSocket is the product: it opens, speaks JSON, and sends five events from each agent."""

import pytest
from harness.client import Chat, User, open_chat
from harness.contracts import STAGES, assert_five_events


class TestWebSocketEvents:
    def test_connection_ready_names_the_user(self, ada: User) -> None:
        with open_chat(ada) as chat:
            ready = chat.receive()
        assert ready["type"] == "connection_ready"
        assert ready["user"] == "ada"

    @pytest.mark.parametrize("agent", STAGES)
    def test_agent_sends_five_events(self, ada: User, agent: str) -> None:
        with open_chat(ada) as chat:
            chat.receive()
            events = chat.ask()
        assert_five_events(events, agent)

    def test_events_carry_their_run_and_thread(self, ada: User) -> None:
        with open_chat(ada) as chat:
            chat.receive()
            *events, end = chat.ask()
        assert {event["run_id"] for event in events} == {end["run_id"]}
        assert len({event["thread_id"] for event in events}) == 1

    def test_sequence_numbers_have_no_gap(self, chat: Chat) -> None:
        *events, _ = chat.ask()
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))

    def test_ping_is_answered_by_pong(self, chat: Chat) -> None:
        chat.send(type="ping")
        assert chat.receive() == {"type": "pong"}
