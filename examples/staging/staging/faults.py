"""The faults that STAGING_FAULTS can switch on. Each changes how the system is deployed or wired, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`mechanism` is what is really done to the system, `seen` what a client then meets."""

    name: str
    mechanism: str
    seen: str


FAULTS = (
    Fault(
        "ws-env",
        "the deployment leaves AGENT_SERVICE_TOKEN out of the environment of the WebSocket gateway",
        "the gateway closes every chat with 1011",
    ),
    Fault(
        "session-order",
        "the middleware that reads the session is put outside SessionMiddleware",
        "HTTP 500 on the session routes",
    ),
    Fault(
        "pricing-503",
        "the pricing service is deployed with a concurrency limit of 1, which its own connection uses up",
        "HTTP 503 from pricing and from whatever cannot do without it",
    ),
    Fault(
        "slow-ping",
        "the gateway renders deep reports on its event loop instead of in a thread",
        "no pong while it renders: the client closes with 1011, keepalive ping timeout",
    ),
    Fault(
        "missing-table",
        "the deployment does not run the last migration",
        "no such table: run_reports",
    ),
    Fault(
        "event-lost",
        "the outbox coalesces waiting events by tool and no longer by type and tool",
        "tool_executing never arrives",
    ),
    Fault(
        "order-violated",
        "the agents are started without their declared needs",
        "reporting runs before optimisation and data",
    ),
    Fault(
        "expired-token",
        "a refreshed token keeps the expiry of the token that it replaces",
        "HTTP 401, and HTTP 401 in the WebSocket handshake",
    ),
    Fault(
        "cold-start",
        "a roll-out no longer waits for the readiness probe",
        "connection refused while the new instance warms up",
    ),
    Fault(
        "discount-lost",
        "billing compares the number of runs with the discount's threshold by > and no longer by >=",
        "wrong amounts on bills, and no word of an error",
    ),
    Fault(
        "rates-lost",
        "the deployment's table of exchange rates is empty",
        "dollars where euros should be, and no word of an error",
    ),
)
NAMES = tuple(fault.name for fault in FAULTS)


def active(environ: Mapping[str, str]) -> frozenset[str]:
    """The faults named in STAGING_FAULTS. Raises ValueError naming the first one that does not exist."""
    names = frozenset(name.strip() for name in environ.get("STAGING_FAULTS", "").split(",") if name.strip())
    if unknown := sorted(names.difference(NAMES)):
        raise ValueError(f"no fault is called {unknown[0]!r}; there are: {', '.join(NAMES)}")
    return names
