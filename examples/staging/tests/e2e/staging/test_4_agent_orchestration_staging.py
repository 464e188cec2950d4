"""Data before optimisation before reporting; each agent once; prices from the pricing service."""

import pytest
from harness.client import Chat, User, print_transcript
from harness.contracts import STAGES, assert_stage_order


class TestOrchestration:
    def test_agents_run_in_order_over_http(self, ada: User) -> None:
        assert_stage_order(ada.run()["events"])

    def test_agents_run_in_order_over_websocket(self, chat: Chat) -> None:
        events = chat.ask()
        print_transcript(events)
        assert_stage_order(events)

    @pytest.mark.parametrize("content", ["Where can I save?", "Compare the models", "Summarise my month"])
    def test_every_question_keeps_the_order(self, ada: User, content: str) -> None:
        assert_stage_order(ada.run(content)["events"])

    @pytest.mark.parametrize("agent", STAGES)
    def test_agent_runs_once(self, ada: User, agent: str) -> None:
        started = [event["agent"] for event in ada.run()["events"] if event["type"] == "agent_started"]
        assert started.count(agent) == 1

    def test_prices_come_from_the_pricing_service(self, ada: User) -> None:
        quoted = ada.get("/api/quotes")["prices"]
        assert quoted["small"] < quoted["medium"] < quoted["large"]
