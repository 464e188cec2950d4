"""Boards made by hand for tests of pages: plain ones, very large ones, and one with hostile text in every field."""

from datetime import UTC, date, datetime, timedelta

from triagebot.boards.model import (
    Board,
    BoardCause,
    BoardWhy,
    ClosedCause,
    Drafted,
    FlakyTest,
    Frequency,
    GridRow,
    HeldCause,
    IssueEvent,
    Mean,
    Pulse,
    Seen,
    Stake,
    Total,
    Week,
)
from triagebot.groups.model import Risk
from triagebot.redact import Fact
from triagebot.reports.model import Scope

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCOPE = Scope(Fact("staging"), Fact("main"))
AREAS = ("websocket", "agents", "accounts")
OWNERS = ("realtime", "platform")
STATES = ("new", "known", "came back", "muted", "flaky")
HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> \"' onmouseover=x "
    "\u202eevil\u202c javascript:alert(1) {{7*7}} </table><a href=//evil.example>x</a> "
)


def cause(number: int, runs: int = 60, text: str = "") -> BoardCause:
    """One cause that fails in every seventeenth run; `text` is put into every field that comes from outside."""
    at = [NOW - timedelta(hours=6 * back) for back in range(runs, 0, -1)]
    strip = tuple(
        Seen(
            text or f"acme/shop/{n}/1", when, "●" if (n * 7 + number) % 17 == 0 else "○", SCOPE,
            1, text or f"{n * 7919 + 1:040x}", text or f"staging-{n:05}", text or "https://ci.example/run",
        )
        for n, when in enumerate(at)
    )  # fmt: skip
    bad = tuple(seen.run for seen in strip if seen.mark == "●")
    weeks = tuple(
        Week(date(2026, 10, 23) + timedelta(days=7 * n), bad[n : n + 3], tuple(s.run for s in strip[:10]))
        for n in range(4)
    )
    return BoardCause(
        key=text or f"http.status-{number:012}", issue=number, title=text or f"[P{number % 3 + 1}] Broken thing number {number}",
        url=text or f"https://github.com/acme/shop/issues/{number}", scopes=(SCOPE,), priority=f"P{number % 3 + 1}",
        area=text or AREAS[number % 3], owner=text or OWNERS[number % 2], state=STATES[number % 5],
        review="draft", first=NOW - timedelta(days=number), last=NOW - timedelta(hours=number), age_days=number,
        rate=Frequency(bad, tuple(seen.run for seen in strip)), weeks=weeks,
        tests=tuple(text or f"tests/test_{number}.py::test_{n}" for n in range(3)), tests_seen=3,
        risks=(Risk(text or "checkout", 1000.0, text or "$ MRR", text or "checkout"),), strip=strip, clean=number % 3, needed=5,
        until="until it is fixed" if number % 5 == 3 else "", owed=number % 2 == 0, unreviewed=number % 4 == 0,
        first_bad=text or "c" * 40, last_good=text or "b" * 40, events=(IssueEvent(NOW, "accept", text or "ada"),),
        draft=(BoardWhy("1", text or "It broke.", "primary", "accept", text or "ada"),), keys=(text or "k",),
    )  # fmt: skip


def board(causes: int, runs: int = 60, text: str = "") -> Board:
    """A board of so many causes."""
    every = tuple(cause(number, runs, text) for number in range(1, causes + 1))
    return Board(
        at=NOW, open=every,
        closed=(ClosedCause(text or "k", 9001, text or "Was broken", "", NOW, ("r1",), 12.0),),
        held=(HeldCause(text or "import-x", SCOPE, text or "over the cap", ("r1",), NOW),),
        flaky=(FlakyTest(text or "tests.test_x", SCOPE, ("r1",), ("r1", "r2"), None),),
        scopes=(Pulse(SCOPE, 60, 20, "r60", NOW, silent=True),),
        totals=(Total(text or "$ MRR", 1000.0, (Stake(text or "checkout", text or "checkout", 1000.0, (1,)),)),),
        to_close=Mean(12.0, (9001,)), to_review=Mean(None, ()), drafts=Drafted((1,), (1, 2), None),
    )  # fmt: skip


def grids(of: Board, text: str = "", most: int = 100) -> dict[int, list[GridRow]]:
    """How the tests of the first causes ended."""
    return {c.issue: [GridRow(text or test, "○●·~" * 15, 15, 45) for test in c.tests] for c in of.open[:most]}
