"""Events are streamed while the agents work, also while a deep report is rendered."""

import time

import pytest
from harness.client import Chat, User, open_chat

KEEPALIVE = {"ping_interval": 0.4, "ping_timeout": 0.8}


@pytest.mark.deep
class TestDeepReports:
    def test_deep_report_streams_to_the_end(self, ada: User) -> None:
        with open_chat(ada, **KEEPALIVE) as chat:
            chat.receive()
            end = chat.ask(mode="deep")[-1]
        assert end["report"]["pages"] == 12

    def test_chat_outlives_a_deep_report(self, ada: User) -> None:
        with open_chat(ada, **KEEPALIVE) as chat:
            chat.receive()
            chat.ask(mode="deep")
            chat.send(type="ping")
            assert chat.receive()["type"] == "pong"

    def test_other_chats_go_on_meanwhile(self, ada: User, grace: User) -> None:
        with open_chat(ada, ping_interval=None) as busy, open_chat(grace, **KEEPALIVE) as other:
            busy.receive()
            other.receive()
            busy.send(type="user_message", thread_id=ada.new_thread(), content="all of it", mode="deep")
            while busy.receive().get("agent") != "reporting":
                pass
            time.sleep(0.2)
            other.send(type="ping")
            assert other.receive()["type"] == "pong"


class TestStreaming:
    def test_events_arrive_before_the_report(self, chat: Chat) -> None:
        *events, end = chat.ask()
        assert end["type"] == "run_completed"
        assert len(events) >= 12

    def test_timestamps_never_go_back(self, chat: Chat) -> None:
        *events, _ = chat.ask()
        stamps = [event["ts"] for event in events]
        assert stamps == sorted(stamps)
