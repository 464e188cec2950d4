"""The agent pipeline: data before optimisation before reporting, five events from each agent.

The outbox holds events until they are sent; an update of the same event that is still waiting replaces it.
"""

import asyncio
import os
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

import httpx2

from staging import faults

Event = dict[str, Any]
Send = Callable[[Event], Awaitable[None]]
FIVE = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")
RENDER_S = 2.0
TLS = ssl.create_default_context()  # made once: it takes longer than most requests
LIST_PRICES = {"small": 0.4, "medium": 1.1, "large": 3.2}
USAGE = {"small": 9_000, "medium": 4_200, "large": 1_900}


@dataclass(frozen=True, slots=True)
class Context:
    """What agents need from their surroundings: where pricing is and the token that it asks for."""

    pricing_url: str
    service_token: str = field(repr=False)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Context":
        return cls(environ["PRICING_URL"], environ["AGENT_SERVICE_TOKEN"])


@dataclass(slots=True)
class Outbox:
    """Events on their way out, in order of their first appearance."""

    send: Send
    by_tool: bool
    sent: list[Event] = field(default_factory=list)
    _waiting: dict[tuple[str, ...], Event] = field(default_factory=dict)

    def put(self, event: Event) -> None:
        tool = event["payload"].get("tool", "")
        key = (event["agent"], tool) if self.by_tool and tool else (event["agent"], event["type"], tool)
        self._waiting[key] = event

    async def flush(self) -> None:
        waiting, self._waiting = list(self._waiting.values()), {}
        for event in waiting:
            event["seq"] = len(self.sent) + 1
            self.sent.append(event)
            await self.send(event)


@dataclass(slots=True)
class Work:
    """One request on its way through the agents; `results` holds what each agent found."""

    run_id: str
    thread_id: str
    user: str
    content: str
    deep: bool
    context: Context
    results: dict[str, Any] = field(default_factory=dict)


async def query_usage(work: Work) -> dict[str, Any]:
    """Calls per model of this user, without which nothing can be saved."""
    await asyncio.sleep(0.01)
    return {"usage": dict(USAGE), "user": work.user}


async def price_lookup(work: Work) -> dict[str, Any]:
    """The cheapest model that would do, with list prices where pricing does not answer."""
    prices, source = dict(LIST_PRICES), "list"
    with suppress(httpx2.HTTPError):
        prices, source = await quotes(work.context), "pricing"
    usage = work.results.get("data", {}).get("usage", {})
    saving = sum(calls * (prices[model] - prices["small"]) / 1000 for model, calls in usage.items())
    return {"monthly_saving": round(saving, 2), "prices": source}


async def render_report(work: Work) -> dict[str, Any]:
    """The report as text. The renderer of deep reports blocks, so it belongs in a thread."""
    if work.deep and "slow-ping" in faults.active(os.environ):
        pages = render_pages()
    else:
        pages = await asyncio.to_thread(render_pages) if work.deep else 1
    saving = work.results.get("optimisation", {}).get("monthly_saving", 0.0)
    return {"title": f"Savings for {work.user}", "monthly_saving": saving, "pages": pages}


def render_pages() -> int:
    """The pages of a deep report, from an engine that takes its time and holds the caller."""
    time.sleep(RENDER_S)
    return 12


async def quotes(context: Context) -> dict[str, float]:
    """Today's price per model. Raises httpx2.HTTPError when pricing does not answer."""
    headers = {"x-service-token": context.service_token}
    async with httpx2.AsyncClient(
        base_url=context.pricing_url, headers=headers, verify=TLS, timeout=3
    ) as client:
        response = await client.get("/v1/quotes")
        response.raise_for_status()
        return dict(response.json()["prices"])


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent: its tool, and the agents whose results it needs."""

    tool: Callable[[Work], Awaitable[dict[str, Any]]]
    needs: tuple[str, ...] = ()


AGENTS = {
    "reporting": Agent(render_report, ("optimisation",)),
    "optimisation": Agent(price_lookup, ("data",)),
    "data": Agent(query_usage),
}


def order() -> list[str]:
    """The agents, each after those it needs."""
    ignore_needs = "order-violated" in faults.active(os.environ)
    return list(
        TopologicalSorter({n: () if ignore_needs else a.needs for n, a in AGENTS.items()}).static_order()
    )


async def run(work: Work, send: Send) -> tuple[dict[str, Any], list[Event]]:
    """Send five events for each agent; the report and the events that were sent."""
    outbox = Outbox(send, by_tool="event-lost" in faults.active(os.environ))
    for name in order():
        await _run_agent(name, work, outbox)
    return work.results["reporting"], outbox.sent


async def _run_agent(name: str, work: Work, outbox: Outbox) -> None:
    def put(kind: str, **payload: Any) -> None:
        outbox.put(
            {
                "type": kind,
                "agent": name,
                "run_id": work.run_id,
                "thread_id": work.thread_id,
                "user": work.user,
                "ts": time.time(),
                "payload": payload,
            }
        )

    tool = AGENTS[name].tool
    put("agent_started")
    await outbox.flush()
    put("agent_thinking", thought=f"{name} reads the request")
    put("agent_thinking", thought=f"{name} chooses {tool.__name__}")
    await outbox.flush()
    put("tool_executing", tool=tool.__name__)
    work.results[name] = await tool(work)
    put("tool_completed", tool=tool.__name__, result=work.results[name])
    await outbox.flush()
    put("agent_completed", result=work.results[name])
    await outbox.flush()
