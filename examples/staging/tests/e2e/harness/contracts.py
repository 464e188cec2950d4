"""What the product promises about its events, each promise checked in one place."""

from harness.client import Event

FIVE = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")
STAGES = ("data", "optimisation", "reporting")


def of_agent(events: list[Event], agent: str) -> list[str]:
    """The types of an agent's events, in order of arrival."""
    return [event["type"] for event in events if event.get("agent") == agent]


def assert_five_events(events: list[Event], agent: str) -> None:
    """Every agent sends the five events, in their order."""
    seen = of_agent(events, agent)
    missing = [kind for kind in FIVE if kind not in seen]
    assert not missing, f"missing events: {', '.join(missing)}"
    assert seen == list(FIVE), f"events out of order: {', '.join(seen)}"


def assert_stage_order(events: list[Event]) -> None:
    """Data completes before optimisation starts, and optimisation before reporting."""
    stages = [event["agent"] for event in events if event["type"] == "agent_started"]
    assert stages == list(STAGES), f"agents ran in the order {' -> '.join(stages)}"
