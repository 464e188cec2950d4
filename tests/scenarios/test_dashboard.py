"""The dashboard under races, at size, and what it costs: through the command line, PyGithub and the double."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.doubles.github import BOT, GitHub, World
from triagebot.boards import Board, BoardCause, board
from triagebot.boards.dashboard import MAX_CHARS, DashboardMemory, dashboard_change
from triagebot.boards.model import Drafted, Frequency, Mean
from triagebot.config import Config
from triagebot.issues import Issue, read_marker
from triagebot.plans.model import EditIssue, OpenIssue

pytest.register_assert_rewrite("tests.scenarios.play")
from tests.scenarios.play import Play, turn  # noqa: E402 - only what is imported after the line above explains its asserts

ON = "[board]\nissue = true\n"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def play(github, tmp_path):
    github.world.roles = {"ada": "triage"}
    return Play(github, tmp_path, github.world.clock, ON)


def asked(play: Play, first: int) -> Counter[str]:
    return Counter(
        f"{e.method} {e.path.removeprefix('/repos/acme/shop')}" for e in play.github.exchanges[first:]
    )


@pytest.mark.parametrize("red", ["a b", "a c", ""])
def test_a_triage_with_the_dashboard_on_costs_two_requests_more(tmp_path, red):
    spent = []
    for config in ("", ON):
        with GitHub(World()) as github:
            play = Play(github, tmp_path, github.world.clock, ON)
            play.step({"run": "r1", "red": "a b"})
            play.config = config
            first = len(github.exchanges)
            play.step({"day": 1, "run": "r2", "red": red, "green": "d"})
            spent.append(asked(play, first))
    assert sum((spent[1] - spent[0]).values()) <= 2, spent[1] - spent[0]
    assert spent[1]["PATCH /issues/3"] == 1


def test_without_a_change_the_dashboard_costs_nothing(play):
    play.step({"run": "r1", "red": "a"})
    first = len(play.github.exchanges)
    play.step({"run": "r1", "red": "a"})
    assert sum(asked(play, first).values()) == 3, "who we are, the repository, the list"


def between(play: Play, method: str, path: str, act) -> None:
    """Has `act` done once, just before the double takes such a request."""
    done = []

    def gate(m, p, _token):
        if (m, p.endswith(path)) == (method, True) and not done:
            done.append(True)
            act()

    play.github.gate = gate


def test_a_tick_between_our_read_and_our_write_is_not_lost(play):
    play.step({"run": "r1", "red": "a"})
    issue = play.github.world.issues[2]
    between(play, "PATCH", "/issues/2", lambda: turn(play.github, issue, "ada", "pause", "x"))
    play.step({"day": 1, "run": "r2", "red": "a b"})
    play.github.gate = None
    play.step({"day": 2, "run": "r3", "red": "a b", "plan": [], "says": "Filing is paused by ada"})


def test_a_tick_between_read_and_write_of_a_run_that_writes_nothing_else_is_not_lost(play):
    play.step({"run": "r1", "red": "a"})
    issue = play.github.world.issues[2]
    play.step({"day": 1, "act": "close", "issue": 1})
    between(play, "PATCH", "/issues/2", lambda: turn(play.github, issue, "ada", "pause", "x"))
    play.step({"day": 1, "run": "r2", "green": "a", "plan": [], "writes": ["PATCH /issues/2"]})
    play.github.gate = None
    play.step({"day": 2, "run": "r3", "red": "b"})
    play.step({"day": 3, "run": "r4", "red": "b c", "plan": [], "says": "Filing is paused by ada"})


def test_text_of_a_person_between_read_and_write_is_not_lost(play):
    play.step({"run": "r1", "red": "a"})
    issue = play.github.world.issues[2]

    def write() -> None:
        play.github.world.patch(issue, "ada", {"body": f"{issue.body}\nmine"})

    between(play, "PATCH", "/issues/2", write)
    play.step({"day": 1, "run": "r2", "red": "a b"})
    play.github.gate = None
    assert issue.body.endswith("mine")
    assert "2 open causes" in issue.body


def test_two_runs_at_once_leave_one_dashboard_that_tells_of_both(tmp_path):
    with GitHub(World()) as github:
        plays = [Play(github, tmp_path / str(n), github.world.clock, ON) for n in range(2)]
        for play in plays:
            play.folder.mkdir()
        steps = [{"run": f"r{n}", "red": cause} for n, cause in enumerate("ab")]
        threads = [
            threading.Thread(target=play.step, args=(step,)) for play, step in zip(plays, steps, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        plays[0].step({"day": 1, "run": "r9", "red": "a b"})
        boards = [
            i
            for i in github.world.issues.values()
            if i.title == "Dashboard of triagebot" and i.state == "open"
        ]
        assert len(boards) == 1
        assert "2 open causes" in (boards[0].body or "")
        assert not github.complaints


def test_a_plan_that_was_saved_before_is_not_applied_while_filing_is_paused(play):
    play.step({"run": "r1", "red": "a"})
    saved = play.folder / "plan.json"
    play.step({"day": 1, "run": "r2", "verb": "plan", "red": "a b", "args": [f"--plan-file={saved}"]})
    turn(play.github, play.github.world.issues[2], "ada", "pause", "x")
    play.step({"day": 1, "run": "r3", "red": "a"})
    writes = len(play.github.writes)
    code = play.command(["apply", f"--config={play.folder / 'config.toml'}", str(saved)])
    assert (code, "filing is paused by ada" in play.said) == (1, True)
    assert [e for e in play.github.writes[writes:] if e.path != "/graphql"] == []


def cause(number: int) -> BoardCause:
    """One of very many causes, the higher numbers the younger."""
    first = NOW - timedelta(days=400) + timedelta(minutes=number)
    return BoardCause(
        key=f"kind-{number:012}", issue=number, title=f"[P3] Something is broken in part {number}", url="", scopes=(),
        priority="P3", area="", owner="", state="known", review="draft", first=first, last=first, age_days=1,
        rate=Frequency(), weeks=(), tests=(), tests_seen=1, risks=(), strip=(), clean=0, needed=3,
    )  # fmt: skip


def full(causes: list[BoardCause]) -> Board:
    nothing = Mean(None, ())
    return Board(NOW, tuple(causes), (), (), (), (), (), nothing, nothing, Drafted((), (), None))


def test_of_ten_thousand_causes_the_newest_stand_and_the_others_are_counted():
    change = dashboard_change(
        None, full([cause(n) for n in range(1, 10_001)]), DashboardMemory(), Config(), "https://x.test/a/b"
    )
    assert isinstance(change, OpenIssue)
    assert 55_000 < len(change.section) <= MAX_CHARS
    rows = change.section.count("Something is broken")
    assert f"… and {10_000 - rows:d} older ones" in change.section
    assert "#10000 " in change.section
    assert "#1 " not in change.section


def test_text_of_people_takes_its_room_from_the_rows():
    causes = full([cause(n) for n in range(1, 1001)])
    opened = dashboard_change(None, causes, DashboardMemory(), Config(), "https://x.test/a/b")
    assert isinstance(opened, OpenIssue)
    body = f"{'long ' * 8000}\n{opened.section}"[: MAX_CHARS * 2]
    marker = read_marker(body)
    there = Issue(7, "Dashboard", body, "open", (), BOT, marker, own=True)
    change = dashboard_change(there, causes, DashboardMemory(unpinned="x"), Config(), "https://x.test/a/b")
    assert isinstance(change, EditIssue)
    assert len(change.section) + 40_000 <= MAX_CHARS


@pytest.mark.parametrize(
    "as_kept",
    [
        str,
        lambda body: f"{body}\nRota.".replace("\n", "\n\nOurs.\n", 1).replace("\n", "\r\n"),
        lambda body: f"{body}  \n\n",
    ],
)
def test_the_same_board_needs_no_change_however_github_keeps_its_lines(as_kept):
    causes = full([replace(cause(1), owed=True, until="until it is fixed")])
    opened = dashboard_change(None, causes, DashboardMemory(), Config(), "https://x.test/a/b")
    assert isinstance(opened, OpenIssue)
    body = as_kept(opened.section)
    there = Issue(7, "Dashboard", body, "open", (), BOT, read_marker(body), own=True)
    assert dashboard_change(there, causes, DashboardMemory(), Config(), "https://x.test/a/b") is None


def test_a_board_of_nothing_is_one():
    told = board((), (), Config(), NOW)
    change = dashboard_change(None, told, DashboardMemory(), Config(), "https://x.test/a/b")
    assert isinstance(change, OpenIssue)
    assert "Nothing is broken" in change.section


FAULTS = [
    ("502 before", "POST", "/issues"),
    ("502 after", "POST", "/issues"),
    ("drop after", "POST", "/issues"),
    ("502 after", "PATCH", "/issues/2"),
    ("403 secondary", "PATCH", "/issues/2"),
    ("html", "PATCH", "/issues/2"),
    ("403 forbidden", "PATCH", "/labels"),
    ("403 forbidden", "POST", "/graphql"),
]


@pytest.mark.parametrize(("fault", "method", "path"), FAULTS)
def test_whatever_goes_wrong_at_a_write_the_next_runs_leave_one_dashboard_that_is_right(
    play, fault, method, path
):
    play.config = ""
    play.step({"run": "r0", "red": "a"})
    play.config = ON
    play.github.fault(fault, method, path, skip=1 if path == "/graphql" else 0)
    play.step({"day": 1, "run": "r1", "red": "a"})
    play.step({"day": 2, "run": "r2", "red": "a b"})
    world = play.github.world
    boards = [i for i in world.issues.values() if i.title == "Dashboard of triagebot" and i.state == "open"]
    assert len(boards) == 1
    assert "2 open causes" in (boards[0].body or "")
    assert sum(i.state == "open" for i in world.issues.values()) == 3
