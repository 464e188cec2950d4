"""Small runs, pasts and groups, made by hand, for tests of drafting."""

from datetime import UTC, datetime, timedelta
from typing import Any

from triagebot.groups.model import Group
from triagebot.history.model import Past, PastRun, Result
from triagebot.reports.model import Attempt, Case, Failure, Run, Section, Totals
from triagebot.signatures.model import Signature

START = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
FILE = "tests/e2e/test_chat.py"
TEXT = f"""\
    def test_reply(chat):
>       assert chat.receive()
{FILE}:12:
_ _ _ _ _
    def recv(self):
        '''Receive the next message, as the manual says at length.'''
>       raise self.close_exc
E       ConnectionClosedError: received 1011 (internal error)
.venv/lib/python3.11/site-packages/websockets/sync/connection.py:354: ConnectionClosedError"""


def failure(name: str = "test_reply", **held: Any) -> Failure:
    test = f"{FILE}::{name}"
    defaults = {
        "phase": "call",
        "message": "ConnectionClosedError: received 1011 (internal error)",
        "text": TEXT,
    }
    return Failure(test, test.replace("/", ".").replace("::", "."), **{**defaults, **held})


def red(held: Failure, seconds: float | None = 1.5, attempts: int = 1) -> Case:
    attempt = Attempt("failed", (held,), seconds)
    return Case(held.test, held.join, "failed", (attempt,) * attempts)


def green(name: str, *sections: Section, seconds: float = 0.2, file: str = FILE) -> Case:
    test = f"{file}::{name}"
    attempt = Attempt("passed", (), seconds, sections)
    return Case(test, test.replace("/", ".").replace("::", "."), "passed", (attempt,))


def run(*cases: Case, **held: Any) -> Run:
    defaults = {
        "started": START,
        "duration_s": 60.0,
        "environment": "staging",
        "branch": "main",
        "commit": "c" * 40,
    }
    return Run("run-9", ("pytest-json",), cases, Totals(len(cases)), "failed", **{**defaults, **held})


def group(*failures: Failure, **held: Any) -> Group:
    defaults = {"slots": (("code", "1011"), ("side", "received")), "hosts": ("chat.staging.example",)}
    title = "WebSocket closed by the server with 1011 (internal error)"
    signature = Signature("ws.close-aaaaaaaaaaaa", "ws.close", title=title, **{**defaults, **held})
    return Group(signature, failures, tuple(dict.fromkeys(f.test for f in failures)))


def past(*outcomes: str, held: Failure | None = None) -> Past:
    """Earlier runs, one a day before this one, oldest first, in which the failing test ended so ("": it did not run)."""
    join = (held or failure()).join
    days = len(outcomes)
    runs = tuple(
        PastRun(
            f"run-{at}", START - timedelta(days=days - at), commit=f"{at}" * 40, revision=f"backend-0{at}"
        )
        for at in range(days)
    )
    results = tuple(Result(f"run-{at}", outcome, 0.4) for at, outcome in enumerate(outcomes) if outcome)
    seen = tuple(f"run-{at}" for at, outcome in enumerate(outcomes) if outcome == "failed")
    return Past(runs=runs, results={join: results}, seen={"ws.close-aaaaaaaaaaaa": seen})
