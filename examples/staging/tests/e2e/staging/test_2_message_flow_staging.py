"""A message goes in over either transport, is kept, and comes back to its owner only."""

import httpx2
import pytest
from harness.client import Chat, User, open_chat


class TestMessageFlow:
    def test_message_over_http_is_kept(self, ada: User) -> None:
        thread = ada.new_thread()
        ada.post(f"/api/threads/{thread}/messages", content="hello")
        assert ada.get(f"/api/threads/{thread}/messages")["messages"] == [
            {"role": "user", "content": "hello"}
        ]

    def test_message_over_websocket_is_kept(self, ada: User) -> None:
        thread = ada.new_thread()
        with open_chat(ada) as chat:
            chat.receive()
            chat.send(type="user_message", thread_id=thread, content="hello")
            list(chat.events())
        roles = [message["role"] for message in ada.get(f"/api/threads/{thread}/messages")["messages"]]
        assert roles[0] == "user"

    def test_thread_of_another_user_does_not_exist(self, ada: User, grace: User) -> None:
        thread = ada.new_thread()
        with pytest.raises(httpx2.HTTPStatusError, match="404"):
            grace.get(f"/api/threads/{thread}/messages")

    def test_unknown_thread_is_an_error_message(self, chat: Chat) -> None:
        chat.send(type="user_message", thread_id="nowhere", content="hello")
        assert chat.receive()["code"] == "no_such_thread"


class TestPreferences:
    def test_preferences_survive_between_requests(self, ada: User) -> None:
        ada.put("/api/session/preferences", theme="dark")
        assert ada.get("/api/session/preferences")["preferences"] == {"theme": "dark"}

    def test_preferences_are_kept_apart(self, ada: User, grace: User) -> None:
        ada.put("/api/session/preferences", theme="dark")
        assert grace.get("/api/session/preferences")["preferences"] == {}
