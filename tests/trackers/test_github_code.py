"""What changed in the code, as GitHub tells it: commits between two, the files of one, and what it does not know."""

import pytest

from tests.doubles.github import Clock, GitHub, World
from tests.doubles.opened import opened
from tests.trackers.test_github_tracker import joined
from triagebot.trackers import TrackerError

PATCH = "@@ -1,2 +1,2 @@ def pool():\n-size = 10\n+size = 2"


@pytest.fixture
def github():
    with GitHub(World(Clock())) as double:
        for sha, *parents in (["c0"], ["c1", "c0"], ["c2", "c1"]):
            double.world.commit(sha, *parents)
        double.world.files["c2"] = {"app/pool.py": PATCH, "data.bin": ""}
        yield double
        assert not double.complaints


def test_a_fix_is_told_with_its_files_and_hunks_and_a_file_without_a_patch_by_its_name(github):
    found = opened(joined(github).code.fix("c2"))
    assert (found.problem, [commit.sha for commit in found.commits]) == ("", ["c2"])
    assert [(hunk.path, hunk.lines) for hunk in found.hunks] == [
        ("app/pool.py", ("-size = 10", "+size = 2")),
        ("data.bin", ()),
    ]


def test_the_commits_between_come_newest_first(github):
    found = opened(joined(github).code.between("c0", "c2"))
    assert [(commit.sha, commit.subject) for commit in found.commits] == [("c2", "c2"), ("c1", "c1")]
    assert not found.truncated


@pytest.mark.parametrize("name", ["beef", "a/b", "c0?x=1", "../../user"])
def test_what_github_does_not_know_is_a_problem(github, name):
    code = joined(github).code
    assert "does not know" in opened(code.fix(name)).problem
    assert "does not know" in opened(code.between("c0", name)).problem


def test_a_refusal_leaves_the_commits_untold_and_the_fix_for_the_next_run(github):
    tracker = joined(github)
    github.fault("403 forbidden", "GET", "/compare", times=9)
    github.fault("403 forbidden", "GET", "/commits", times=9)
    assert opened(tracker.code.between("c0", "c2")).problem == "GitHub did not tell"
    assert "tell what changed in the code" in " ".join(tracker.unknowns.messages.values())
    with pytest.raises(TrackerError):
        tracker.code.fix("c2")
