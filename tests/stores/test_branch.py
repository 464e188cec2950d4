"""History on a branch, with the branch held in memory: commits, contents and a ref that only swaps."""

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.plans.worlds import DAY, group, run
from triagebot.issues import Issue, Marker, Occurrence
from triagebot.reports.model import Problem, Scope
from triagebot.stores import branch_history, open_history, sql_history
from triagebot.stores.branch_history import BranchHistory
from triagebot.stores.rows import Ended, RunFile, Sighting, run_file
from triagebot.stores.run_files import MAX_BYTES, decode, encode, outdated, path_of

GROUP = group()
SCOPE = Scope("staging", "main")
FILE = run_file(run("r1", [GROUP], ["p"], commit="c1", revision="v1"), [GROUP], DAY)


class Repository:
    """A branch in memory. `before_write` is called once, before the next write: somebody else's chance."""

    def __init__(self):
        self.held, self.writes, self.before_write = {}, 0, None

    def names(self):
        return tuple(self.held)

    def read_all(self):
        return dict(self.held)

    def write(self, files, message):  # noqa: ARG002  # a branch says why it was written
        if (other := self.before_write) is not None:
            self.before_write = None
            other()
        self.writes += 1
        self.held = {p: d for p, d in {**self.held, **files}.items() if d is not None}
        return str(self.writes)


@pytest.fixture
def repository():
    return Repository()


@pytest.fixture
def open_branch(repository, tmp_path):
    opened = []

    def make(**more):
        opened.append(open_history(f"sqlite:///{tmp_path / f'copy-{len(opened)}.db'}"))
        return BranchHistory(repository, opened[-1], **more)

    yield make
    for cache in opened:
        cache.engine.dispose()


def test_what_one_runner_records_the_next_one_knows(open_branch):
    assert open_branch().record(run("r1", [GROUP], commit="c1"), [GROUP], now=DAY)
    past = open_branch().past(SCOPE, [GROUP.key])
    assert [r.id for r in past.runs] == ["r1"]
    assert past.seen == {GROUP.key: ("r1",)}
    assert len(past.results) == 2


def test_recording_again_from_anywhere_moves_nothing(open_branch, repository):
    open_branch().record(run("r1", [GROUP]), [GROUP], now=DAY)
    before = repository.writes
    assert not open_branch().record(run("r1", [GROUP]), [GROUP], now=DAY)
    assert repository.writes == before


def test_a_run_without_a_start_is_recorded_once_even_on_another_day(open_branch, repository):
    open_branch().record(run("r1", [GROUP], day=None), [GROUP], now=DAY)
    assert not open_branch().record(run("r1", [GROUP], day=None), [GROUP], now=DAY + timedelta(days=3))
    assert len(repository.held) == 1


def test_what_another_run_wrote_meanwhile_is_known_with_the_next_record(open_branch, repository):
    ours, theirs = open_branch(), open_branch()
    repository.before_write = lambda: theirs.record(run("theirs", [GROUP]), [GROUP], now=DAY)
    assert ours.record(run("ours", [GROUP], day=1), [GROUP], now=DAY)
    assert [r.id for r in open_branch().past(SCOPE, [GROUP.key]).runs] == ["theirs", "ours"]
    assert not ours.record(run("theirs", [GROUP]), [GROUP], now=DAY)
    assert [r.id for r in ours.past(SCOPE, [GROUP.key]).runs] == ["theirs", "ours"]


def test_old_files_leave_with_the_next_run_and_foreign_ones_stay(open_branch, repository):
    history = open_branch(keep_days=10)
    for number in (0, 5, 20):
        history.record(run(f"r{number}", day=number), [], now=DAY + timedelta(days=number))
    repository.write({"README.md": b"ours"}, "a person's file")
    history.record(run("r25", day=25), [], now=DAY + timedelta(days=25))
    paths = sorted(repository.held)
    assert [path.split("/")[1] for path in paths if path.startswith("runs/")] == ["2025-09-30", "2025-10-05"]
    assert "README.md" in paths


def test_old_reports_are_a_past_for_a_branch_that_has_nothing_newer(open_branch, repository):
    now = DAY + timedelta(days=1_000)
    history = open_branch(keep_days=10)
    for number in (0, 5):
        history.record(run(f"r{number}", [GROUP], day=number), [GROUP], now=now)
    history.rebuild([issue(0, 4)], now=now)
    assert [path.split("/")[1] for path in sorted(repository.held)] == [
        "2025-09-14",
        "2025-09-10",
        "2025-09-15",
    ]
    history.record(run("r20", day=20), [], now=now)
    assert [path.split("/")[1] for path in repository.held] == ["2025-09-30"]


def test_runs_beyond_the_reach_of_a_past_are_known_without_their_results(open_branch, monkeypatch):
    monkeypatch.setattr(branch_history, "RUNS", 3)
    monkeypatch.setattr(sql_history, "RUNS", 3)
    history = open_branch()
    for number in range(6):
        history.record(run(f"r{number}", [GROUP], day=number), [GROUP], now=DAY)
        history.record(replace(run(f"e{number}"), environment="e"), [GROUP], now=DAY)
    read = open_branch()
    for but in (None, "r5"):
        assert read.past(SCOPE, [GROUP.key], but=but) == history.past(SCOPE, [GROUP.key], but=but)
    with read.cache.engine.connect() as connection:
        runs = set(connection.scalars(text("SELECT DISTINCT run FROM results WHERE run LIKE 'r%'")))
        assert runs == {"r2", "r3", "r4", "r5"}


def test_a_file_that_cannot_be_read_is_a_problem_and_no_obstacle(open_branch, repository):
    open_branch().record(run("r1"), [], now=DAY)
    bad = {"runs/2025-09-10/x.v1.json.gz": b"not gzip", "runs/2025-09-10/y.v9.json.gz": b"later"}
    repository.write(bad, "damage")
    history = open_branch()
    assert [problem.path for problem in history.problems] == sorted(bad)
    assert [r.id for r in history.past(SCOPE, []).runs] == ["r1"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
files = st.builds(
    RunFile,
    texts,
    st.just(DAY),
    st.sampled_from(["passed", "failed", "unreadable"]),
    st.booleans(),
    st.none() | texts,
    st.none() | texts,
    st.none() | texts,
    results=st.lists(
        st.builds(Ended, texts, st.sampled_from(["passed", "error"]), st.none() | st.floats(0, 1e6))
    ).map(tuple),
    seen=st.lists(st.builds(Sighting, texts, st.lists(texts).map(tuple))).map(tuple),
)


@given(files)
def test_what_is_encoded_is_decoded(file):
    assert decode(path_of(file), encode(file)) == file


def test_the_same_run_gives_the_same_path_and_bytes():
    assert (path_of(FILE), encode(FILE)) == (path_of(replace(FILE)), encode(replace(FILE)))
    assert path_of(FILE).startswith("runs/2025-09-10/")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a run file"),
        (b"\x1f\x8b", "not a run file"),
        (b"plain", "not gzip"),
        (gzip.compress(b"{", mtime=0), "not a run file"),
        (gzip.compress(b'{"id": 5}', mtime=0), "not a run file"),
        (gzip.compress(b" " * (MAX_BYTES + 10), mtime=0), "more than"),
        (encode(FILE)[:-20], "not a run file"),
    ],
)
def test_any_bytes_are_a_problem_with_a_reason(data, said):
    problem = decode(path_of(FILE), data)
    assert isinstance(problem, Problem)
    assert said in problem.reason


@given(st.lists(st.text(max_size=30)))
def test_no_foreign_path_is_ever_outdated(paths):
    assert all(path.startswith("runs/") for path in outdated(paths, DAY, 0))


def test_outdated_is_what_ended_before_the_days_to_keep():
    days = ["2025-09-09", "2025-09-10", "2025-08-01", "nonsense"]
    assert outdated([f"runs/{day}/x" for day in days], DAY, 1) == ("runs/2025-08-01/x",)
    assert outdated([f"runs/{day}/x" for day in days], DAY, 0) == ("runs/2025-08-01/x", "runs/2025-09-09/x")


def issue(*days):
    rows = tuple(
        Occurrence(f"r{day}", DAY + timedelta(days=day), 2, 2, environment="staging", branch="main")
        for day in days
    )
    return Issue(4, "t", "", "open", (), "bot", Marker(GROUP.key, 1, occurrences=rows))


def taken_over(history):
    return [row.run.id for row in history.past(SCOPE, [GROUP.key]).taken_over.get(GROUP.key, ())]


def test_what_only_issues_hold_is_taken_over_in_one_file_for_every_runner(open_branch, repository):
    found = open_branch().rebuild([issue(0, 1)], now=DAY)
    assert found.taken_over == ((GROUP.key, "r0"), (GROUP.key, "r1"))
    assert [path.split("/")[:2] for path in repository.held] == [["rows", "2025-09-11"]]
    assert taken_over(open_branch()) == ["r0", "r1"]
    assert not open_branch().rebuild([issue(0, 1)], now=DAY).taken_over
    assert repository.writes == 1


def test_a_run_that_is_recorded_later_says_more_than_its_row(open_branch):
    open_branch().rebuild([issue(0)], now=DAY)
    assert open_branch().record(run("r0", [GROUP]), [GROUP], now=DAY)
    history = open_branch()
    assert taken_over(history) == []
    assert [r.id for r in history.past(SCOPE, [GROUP.key]).runs] == ["r0"]


def test_what_another_run_recorded_since_the_branch_was_read_is_not_lacking(open_branch, repository):
    ours = open_branch()
    open_branch().record(run("r0", [GROUP]), [GROUP], now=DAY)
    before = repository.writes
    assert not ours.rebuild([issue(0)], now=DAY).taken_over
    assert repository.writes == before


def test_rows_of_days_that_the_branch_keeps_no_longer_are_not_taken_over_again_and_again(
    open_branch, repository
):
    now = DAY + timedelta(days=11)
    history = open_branch(keep_days=10)
    assert not history.rebuild([issue(0)], now=now).taken_over
    assert not repository.held
    history.rebuild([issue(0, 5)], now=now)
    history.record(run("late", day=20), [], now=DAY + timedelta(days=20))
    assert [path.split("/")[0] for path in repository.held] == ["runs"]
