"""How the double misbehaves: faults as values, and the script that says which exchange gets which.

A fault that starts with "after" lets the request take effect before it answers with an error, as a proxy that gives
up on a slow backend does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "500 before", "502 before", "502 after", "503 before", "504 after",
    "403 secondary", "403 primary", "403 forbidden", "429",
    "drop before", "drop after", "hang",
    "html", "cut json", "object", "empty page", "short page", "stale",
    "answer",
]  # fmt: skip
AFTER: frozenset[str] = frozenset({"502 after", "504 after", "drop after"})
ANSWERS: frozenset[str] = frozenset({"html", "cut json", "object", "empty page", "short page", "stale"})


@dataclass
class Fault:
    """`kind` for the next `times` requests with this method and a path that holds `path`, after `skip` of them.

    An "answer" is `status` with `data` in place of what GitHub would have done.
    """

    kind: Kind
    method: str | None = None
    path: str = ""
    times: int = 1
    skip: int = 0
    token: str | None = None
    retry_after: int | None = None
    status: int = 200
    data: bytes = b""

    def strikes(self, method: str, path: str, token: str) -> bool:
        """Whether this exchange is hit. Counts down."""
        wanted = self.method in (None, method) and self.path in path and self.token in (None, token)
        if not wanted or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Script:
    """Faults to come, in order; `choose` (method, path, token) decides instead where a campaign sets it."""

    faults: list[Fault] = field(default_factory=list)
    choose: Callable[[str, str, str], Fault | None] | None = None

    def next(self, method: str, path: str, token: str) -> Fault | None:
        """The fault for this exchange, or None."""
        if self.choose is not None:
            return self.choose(method, path, token)
        return next((fault for fault in self.faults if fault.strikes(method, path, token)), None)
