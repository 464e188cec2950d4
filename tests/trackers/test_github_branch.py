"""Files on an orphan branch through real HTTP: nobody's file is lost, whoever races and whatever GitHub answers."""

import pytest

from tests.doubles.github import GitHub
from triagebot.trackers import TrackerError
from triagebot.trackers.github import Api
from triagebot.trackers.github.branch_files import Branch
from triagebot.trackers.github.connect import Pace, access, client

NAME = "triagebot/history"
REF = f"refs/heads/{NAME}"


@pytest.fixture
def branch(github: GitHub) -> Branch:
    return joined(github)


def joined(github: GitHub) -> Branch:
    environ = {"GITHUB_TOKEN": "t0ken", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_API_URL": github.url}
    clock = github.world.clock
    wanted = access(environ)
    made = client(wanted, pause=clock.sleep, now=clock, pace=Pace(0, 0, timeout_s=1))
    github.clients.append(made)
    return Branch(Api(made, wanted.repository, clock), NAME, pause=clock.sleep, now=clock)


def test_a_branch_that_does_not_exist_yet_is_empty(branch):
    assert branch.names() == ()
    assert branch.read("runs/a.gz") is None
    assert branch.read_all() == {}


def test_what_was_written_is_read_one_by_one_and_all_at_once(branch):
    files = {"runs/a.gz": b"\x1f\x8b\x00\xff", "runs/b.gz": b""}
    branch.write(files, "a run")
    branch.write({"runs/c.gz": b"c"}, "another run")
    assert branch.names() == ("runs/a.gz", "runs/b.gz", "runs/c.gz")
    assert branch.read("runs/a.gz") == b"\x1f\x8b\x00\xff"
    assert branch.read_all() == {**files, "runs/c.gz": b"c"}


def test_the_first_commit_has_no_parent_and_the_next_ones_have_one(github, branch):
    first = branch.write({"a": b"1"}, "one")
    second = branch.write({"b": b"2"}, "two")
    assert github.world.objects[first]["parents"] == []
    assert github.world.objects[second]["parents"] == [first]


def test_reading_everything_costs_the_same_however_much_there_is(github, branch):
    branch.write({f"runs/{n:03}.gz": b"%d" % n for n in range(30)}, "many")
    before = len(github.exchanges)
    assert len(branch.read_all()) == 30
    assert len(github.exchanges) - before == 3


def test_the_same_content_again_makes_no_commit(github, branch):
    tip = branch.write({"a": b"1"}, "one")
    assert branch.write({"a": b"1"}, "again") == tip
    assert github.world.refs[REF] == tip


def test_a_file_that_is_none_is_removed(branch):
    branch.write({"runs/2024.gz": b"1", "runs/2025.gz": b"2"}, "one")
    branch.write({"runs/2024.gz": None}, "older than a year")
    assert branch.names() == ("runs/2025.gz",)


@pytest.mark.parametrize("existing", [True, False])
def test_a_write_that_lost_the_race_is_built_anew_on_the_winners(github, branch, existing):
    other = joined(github)
    if existing:
        branch.write({"runs/0.gz": b"0"}, "before")
    method, path = ("PATCH", "/git/refs/") if existing else ("POST", "/git/refs")

    def race(asked: str, where: str, _token: str) -> None:
        if asked == method and path in where and github.gate is not None:
            github.gate = None
            other.write({"runs/theirs.gz": b"t"}, "theirs")

    github.gate = race
    branch.write({"runs/ours.gz": b"o"}, "ours")
    assert {"runs/ours.gz", "runs/theirs.gz"} <= set(branch.names())


@pytest.mark.parametrize(
    "kind", ["502 after", "502 before", "drop after", "drop before", "403 secondary", "429", "html"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/git/blobs"),
        ("POST", "/git/trees"),
        ("POST", "/git/commits"),
        ("POST", "/git/refs"),
        ("PATCH", "/git/refs/"),
        ("GET", "/git/ref/"),
    ],
)
def test_no_fault_on_the_way_loses_a_file_or_doubles_it(github, branch, kind, method, path):
    if method != "POST" or path != "/git/refs":
        branch.write({"runs/0.gz": b"0"}, "before")
    github.fault(kind, method, path)
    try:
        branch.write({"runs/1.gz": b"1"}, "ours")
    except TrackerError:
        assert (kind, method) == ("html", "GET")
    joined(github).write({"runs/1.gz": b"1"}, "the next run")
    assert "runs/1.gz" in branch.names()


def test_losing_every_race_ends_in_words(github, branch):
    branch.write({"a": b"1"}, "one")
    other, count = joined(github), iter(range(1000))
    busy: list[bool] = []

    def race(method: str, path: str, _token: str) -> None:
        if method == "PATCH" and not busy:
            busy.append(True)
            other.write({f"theirs/{next(count)}": b"t"}, "theirs")
            busy.clear()

    github.gate = race
    with pytest.raises(TrackerError, match="faster"):
        branch.write({"ours": b"o"}, "ours")


def test_a_token_that_may_only_read_is_told_so(github, branch):
    github.world.actors["t0ken"].permissions["contents"] = "read"
    with pytest.raises(TrackerError, match="contents: write"):
        branch.write({"a": b"1"}, "one")
