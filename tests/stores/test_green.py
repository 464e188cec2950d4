"""Green paths: of each test of a scope the steps of its last proven green run, in every history store."""

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.plans.worlds import DAY, run
from tests.stores.test_branch import Repository
from triagebot.history import Green
from triagebot.reports.model import Problem, Scope
from triagebot.steps import Step, TestPath
from triagebot.stores import open_history
from triagebot.stores.branch_history import BranchHistory
from triagebot.stores.green_paths import decode, encode, is_green, pack, path_of, unpack

SCOPE = Scope("staging", "main")


def path(test: str, *functions: str, **more) -> TestPath:
    steps = tuple(
        Step("function", f"app:{name}", "app:main", "app.py:3", f"app:{name}") for name in functions
    )
    return TestPath(test, steps, more.get("absent", ("log", "output", "value")))


def recorded(history, number: int, paths: dict[str, TestPath], **changes) -> bool:
    made = run(f"r{number}", (), ["p"], day=number, commit=f"c{number}", **changes)
    return history.record(made, [], now=DAY + timedelta(days=number), green=paths)


@pytest.fixture(params=["sql", "branch"])
def home(request, url, tmp_path):
    """Opens the home of a project again and again, as the next command does."""
    if request.param == "branch" and url.startswith("postgresql"):
        pytest.skip("a branch has one kind of copy")
    opened, repository = [], Repository()

    def make(**more):
        if request.param == "sql":
            opened.append(open_history(url))
            return opened[-1]
        opened.append(open_history(f"sqlite:///{tmp_path / f'copy-{len(opened)}.db'}"))
        return BranchHistory(repository, opened[-1], **more)

    yield make
    for store in opened:
        store.engine.dispose()


def test_a_green_path_is_known_to_the_next_command_with_its_run_and_commit(home):
    there = path("t.a", "one", "two")
    assert recorded(home(), 1, {"t.a": there})
    assert home().green(SCOPE, ["t.a", "t.b"]) == {"t.a": Green(there, "r1", DAY + timedelta(days=1), "c1")}


def test_each_green_run_takes_the_place_of_the_one_before_and_leaves_other_tests_alone(home):
    recorded(home(), 1, {"t.a": path("t.a", "one"), "t.b": path("t.b", "one")})
    recorded(home(), 2, {"t.a": path("t.a", "two")})
    found = home().green(SCOPE)
    assert {test: (green.run, green.path.steps[0].text) for test, green in found.items()} == {
        "t.a": ("r2", "app:two"),
        "t.b": ("r1", "app:one"),
    }


def test_a_run_that_is_older_changes_no_green_path(home):
    recorded(home(), 2, {"t.a": path("t.a", "two")})
    recorded(home(), 1, {"t.a": path("t.a", "one")})
    assert home().green(SCOPE)["t.a"].run == "r2"


def test_scopes_have_green_paths_of_their_own(home):
    recorded(home(), 1, {"t.a": path("t.a", "one")})
    recorded(home(), 2, {"t.a": path("t.a", "two")}, environment=None, branch=None)
    assert home().green(SCOPE)["t.a"].run == "r1"
    assert home().green(Scope())["t.a"].run == "r2"
    assert home().green(Scope("staging", None)) == {}


def test_a_run_that_was_recorded_before_changes_nothing(home):
    recorded(home(), 1, {"t.a": path("t.a", "one")})
    assert not recorded(home(), 1, {"t.a": path("t.a", "two")})
    assert home().green(SCOPE)["t.a"].path.steps[0].text == "app:one"


def test_a_path_of_which_nothing_was_recorded_is_none(home):
    everything = ("function", "contact", "log", "output", "value", "fixture")
    recorded(home(), 1, {"t.a": TestPath("t.a", (), everything), "t.b": path("t.b")})
    assert set(home().green(SCOPE)) == {"t.b"}


def test_green_paths_older_than_the_days_to_keep_are_let_go(home):
    recorded(home(), 1, {"t.a": path("t.a", "one")})
    recorded(home(), 800, {"t.b": path("t.b", "one")})
    assert set(home().green(SCOPE)) == {"t.b"}


def test_a_very_long_id_is_told_whole(home):
    name = "t." + "long" * 1000
    recorded(home(), 1, {name: path(name, "one")})
    assert set(home().green(SCOPE, [name])) == {name}


def test_one_row_stands_for_a_test_and_a_scope(url):
    history = open_history(url)
    for number in range(3):
        recorded(history, number, {"t.a": path("t.a", "one")})
    with history.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM green_paths")) == 1
    history.close()


def test_a_path_that_nobody_can_read_lacks_everything(url):
    history = open_history(url)
    recorded(history, 1, {"t.a": path("t.a", "one")})
    with history.engine.begin() as connection:
        connection.execute(text("UPDATE green_paths SET path = :path"), {"path": b"broken"})
    found = history.green(SCOPE)["t.a"].path
    assert found.steps == () and "function" in found.absent
    history.close()


def test_a_branch_holds_one_file_for_a_scope(tmp_path):
    repository = Repository()
    cache = open_history(f"sqlite:///{tmp_path / 'copy.db'}")
    history = BranchHistory(repository, cache)
    for number in range(3):
        recorded(history, number, {f"t.{number}": path(f"t.{number}", "one")})
    assert [name for name in repository.held if is_green(name)] == [path_of(SCOPE)]
    assert repository.writes == 3
    assert len(history.green(SCOPE)) == 3
    cache.engine.dispose()


def test_what_another_runner_found_green_meanwhile_is_known_with_the_next_record(tmp_path):
    repository = Repository()
    caches = [open_history(f"sqlite:///{tmp_path / f'{n}.db'}") for n in range(2)]
    one, other = (BranchHistory(repository, cache) for cache in caches)
    recorded(one, 1, {"t.a": path("t.a", "one")})
    recorded(other, 2, {"t.b": path("t.b", "one")})
    assert set(BranchHistory(repository, caches[0]).green(SCOPE)) == {"t.a", "t.b"}
    for cache in caches:
        cache.engine.dispose()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("green/a.paths9.json.gz", b""),
        (path_of(SCOPE), b"no gzip"),
        (path_of(SCOPE), gzip.compress(b"{", mtime=0)),
        (path_of(SCOPE), gzip.compress(b'{"steps": 3}', mtime=0)),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_and_stops_nothing(tmp_path, name, data):
    assert isinstance(decode(name, data), Problem)
    repository = Repository()
    repository.held[name] = data
    cache = open_history(f"sqlite:///{tmp_path / 'copy.db'}")
    history = BranchHistory(repository, cache)
    assert [problem.path for problem in history.problems] == [name]
    assert recorded(history, 1, {"t.a": path("t.a", "one")})
    assert set(history.green(SCOPE)) == {"t.a"}
    cache.engine.dispose()


STEPS = st.builds(
    Step,
    st.sampled_from(["function", "contact", "log", "output"]),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.text(st.characters(codec="utf-8"), max_size=5),
    count=st.integers(1, 9),
)
PATHS = st.builds(TestPath, st.just("t.a"), st.lists(STEPS, max_size=6).map(tuple), st.just(("value",)))


@given(PATHS)
def test_what_is_packed_is_unpacked_and_what_is_encoded_is_decoded(found):
    kept = replace(found, steps=tuple(replace(step, quote=step.text) for step in found.steps))
    assert unpack("t.a", pack(found)) == kept
    green = {"t.a": Green(kept, "r1", DAY, "c1")}
    assert decode(path_of(SCOPE), encode(SCOPE, green)) == (SCOPE, green)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_path_or_a_problem(data):
    assert unpack("t.a", data).test == "t.a"
    decode(path_of(SCOPE), data)
