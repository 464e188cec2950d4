"""History stores that get into trouble at any moment of a command: nothing is raised, all is said, nothing is lost."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

import pytest
from sqlalchemy import Engine, event

from tests.doubles.postgresql import database
from tests.doubles.troubled import BusyError, Home, of_postgresql, of_sqlite
from tests.plans.worlds import DAY, group, run
from triagebot.config import HistoryLimits
from triagebot.issues import Issue, Marker, Occurrence
from triagebot.pipeline.recording import HistoryRecorder
from triagebot.reports.model import Scope
from triagebot.stores import history_opener

SCOPE = Scope("staging", "main")
GROUP = group()
WAITING = {"silent", "locked"}
LIMITS = HistoryLimits(timeout_s=2)
"""Of commands that have to wait; others may be slow on a slow machine."""
KINDS = [
    *(("sqlite", kind) for kind in ("locked", "newer", "foreign", "without rights")),
    *(("postgresql", kind) for kind in ("away", "silent", "locked", "newer", "foreign", "without rights")),
]


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path) -> Iterator[Home]:
    """A home of the kind that the test names."""
    if request.param == "sqlite":
        yield of_sqlite(tmp_path / "history.db")
        return
    name = f"p{abs(hash(request.node.nodeid))}"
    with of_postgresql(database(request.getfixturevalue("postgresql"), name)) as found:
        yield found


def rows(*days: int) -> tuple[Occurrence, ...]:
    at = {day: DAY + timedelta(days=day) for day in days}
    return tuple(Occurrence(f"r{day}", at[day], 2, 2, environment="staging", branch="main") for day in days)


def last(day: int) -> range:
    """The days before, as far as an issue's table reaches here; a past reaches back further."""
    return range(max(0, day - 30), day)


def issue(*days: int) -> Issue:
    return Issue(4, "t", "", "open", (), "bot", Marker(GROUP.key, 1, occurrences=rows(*days)))


def command(home: Home, day: int, kind: str = "") -> HistoryRecorder:
    """What a triage asks of history on a day, whatever history says to it: the issue gets its row."""
    limits = LIMITS if kind in WAITING else None
    recorder = HistoryRecorder(history_opener(home.url, limits=limits), lambda: DAY + timedelta(days=day))
    tested = run(f"r{day}", [GROUP], ["p"], day=day)
    recorder.past(SCOPE, {GROUP.key}, {f.join for f in GROUP.failures}, but=tested.id)
    recorder.keep(tested, [GROUP], [issue(*last(day))])
    recorder.past(SCOPE, {GROUP.key}, (), but=tested.id)
    recorder.compare([issue(*last(day + 1))])
    recorder.settle()
    recorder.close()
    return recorder


@dataclass
class Moments:
    """Counts what is asked of a home, and begins a trouble at one moment."""

    url: str
    begin: Callable[[], Callable[[], None]] | None = None
    at: int = -1
    count: int = 0
    end: Callable[[], None] | None = None
    busy: bool = False

    def __enter__(self) -> Self:
        event.listen(Engine, "before_cursor_execute", self.asked)
        event.listen(Engine, "commit", self.asked)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "before_cursor_execute", self.asked)
        event.remove(Engine, "commit", self.asked)
        if self.end:
            self.end()

    def asked(self, connection, *_: object) -> None:
        if connection.engine.url.database != self.url.rpartition("://")[2].partition("/")[2]:
            return
        if self.count == self.at and self.begin:
            try:
                self.end = self.begin()
            except BusyError:
                self.busy = True
        self.count += 1


def held(home: Home) -> set[str]:
    """The runs that a home in no trouble knows of the key, recorded or taken over."""
    store = history_opener(home.url)()
    past = store.past(SCOPE, {GROUP.key}, ())
    store.close()
    return {*past.seen.get(GROUP.key, ()), *(row.run.id for row in past.taken_over.get(GROUP.key, ()))}


def check(home: Home, troubled: HistoryRecorder, day: int) -> None:
    """Either all was kept and nothing said, or it was said; and with the next run nothing is lost."""
    if not troubled.refusal:
        assert held(home) >= {f"r{n}" for n in last(day + 1)}
    assert "\n" not in troubled.refusal
    assert troubled.alone <= bool(troubled.refusal)
    after = command(home, day + 1)
    assert after.refusal == ""
    assert held(home) >= {f"r{n}" for n in last(day + 2)}


@pytest.mark.parametrize(("home", "kind"), KINDS, indirect=["home"])
def test_trouble_from_the_beginning_is_said_and_made_up_for(home, kind):
    command(home, 0)
    began = time.monotonic()
    with home.in_trouble(kind):
        troubled = command(home, 1, kind)
    assert time.monotonic() - began < 60  # far less than for ever, on the slowest machine
    assert "not kept" in troubled.refusal
    check(home, troubled, 1)


@pytest.mark.parametrize(("home", "kind"), KINDS, indirect=["home"])
def test_trouble_at_any_moment_is_said_and_made_up_for(home, kind):
    command(home, 0)
    with Moments(home.url) as all_moments:
        command(home, 1)
    step = all_moments.count // 4 if kind in WAITING else 4
    moments = range(1, all_moments.count, step)
    day, played = 2, 0
    for at in moments:
        with Moments(home.url, home.troubles[kind], at) as moment:
            troubled = command(home, day, kind)
        assert moment.end or moment.busy or moment.count <= at
        played += moment.end is not None
        check(home, troubled, day)
        day += 2
    # Five moments of a kind that waits are few: most of them may lie inside our own transactions, where tables are busy.
    assert played > (0 if kind in WAITING else len(moments) // 3)


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_a_server_that_is_silent_from_the_first_byte_is_waited_for_no_longer_than_allowed(home):
    with home.in_trouble("silent"):
        began = time.monotonic()
        troubled = command(home, 0, "silent")
    assert time.monotonic() - began < 60
    assert "no answer within 2 s" in troubled.refusal
    assert "timeout_s under [history]" in troubled.refusal


@pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)
def test_what_could_not_be_read_is_said_even_when_writing_goes_well(home):
    command(home, 0)
    recorder = HistoryRecorder(history_opener(home.url), lambda: DAY + timedelta(days=1))
    with home.in_trouble("newer"):
        assert not recorder.past(SCOPE, {GROUP.key}).runs
    recorder.keep(run("r1", [GROUP], day=1), [GROUP], [issue(0)])
    assert recorder.refusal.startswith("History could not be read: ")
    assert "newer triagebot" in recorder.refusal
    assert not recorder.alone
    recorder.close()


def test_a_command_that_history_left_alone_remembers_what_it_saw(tmp_path):
    home = of_sqlite(tmp_path / "history.db")
    command(home, 0)
    with home.in_trouble("newer"):
        recorder = HistoryRecorder(history_opener(home.url), lambda: DAY + timedelta(days=2))
        recorder.past(SCOPE, {GROUP.key})
        recorder.keep(run("r2", [GROUP], day=2), [GROUP], [issue(0, 1)])
        past = recorder.past(SCOPE, {GROUP.key})
        recorder.close()
    assert [row.run.id for row in past.taken_over[GROUP.key]] == ["r0", "r1"]
    assert past.seen == {GROUP.key: ("r2",)}
