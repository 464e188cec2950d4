"""The golden path, as a paying user walks it: sign in, ask, watch the agents, read the report, come back to it."""

from harness.client import Chat, User, open_chat, print_transcript
from harness.contracts import STAGES, assert_five_events


class TestCriticalPath:
    def test_golden_path_chat(self, ada: User) -> None:
        thread = ada.new_thread("golden path")
        with open_chat(ada) as chat:
            assert chat.receive()["type"] == "connection_ready"
            chat.send(type="user_message", thread_id=thread, content="Where can I save?")
            events = list(chat.events())
        print_transcript(events)
        for agent in STAGES:
            assert_five_events(events, agent)
        assert ada.get(f"/api/threads/{thread}/messages")["messages"][-1]["role"] == "assistant"

    def test_report_belongs_to_the_user(self, chat: Chat) -> None:
        assert chat.ask()[-1]["report"]["title"] == "Savings for ada"

    def test_answer_comes_within_two_seconds_of_the_question(self, chat: Chat) -> None:
        *events, _ = chat.ask()
        assert events[-1]["ts"] - events[0]["ts"] < 2

    def test_same_token_works_over_http(self, ada: User) -> None:
        assert ada.get("/api/me") == {"user": "ada"}
