"""Commits and hunks between two commits, by the real git in a real clone; every refusal in words."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.doubles.opened import opened
from triagebot.sources import git
from triagebot.sources.git import changes

ENV = {
    **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
}  # fmt: skip


def run(folder: Path, *arguments: str, at: str = "2025-03-04T09:00:00+02:00") -> str:
    env = {**ENV, "GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    return subprocess.run(
        ["git", "-C", folder, *arguments], check=True, capture_output=True, text=True, env=env
    ).stdout.strip()


def commit(folder: Path, subject: str, files: dict[str, str | None]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink() if text is None else path.write_text(text)
    run(folder, "add", "-A")
    run(folder, "commit", "-qm", subject)
    return run(folder, "rev-parse", "HEAD")


@pytest.fixture
def clone(tmp_path: Path) -> tuple[Path, str, str]:
    run(tmp_path, "init", "-q", "-b", "main")
    good = commit(tmp_path, "first", {"app/pool.py": "size = 10\n", "old.txt": "gone\n", "data.bin": "\0\1"})
    commit(tmp_path, "pool: smaller", {"app/pool.py": "size = 2\n", "data.bin": "\0\2"})
    bad = commit(tmp_path, "docs: ünïcode", {"docs/résumé.md": "x\n", "old.txt": None})
    return tmp_path, good, bad


def test_commits_come_newest_first_with_time_subject_and_paths(clone: tuple[Path, str, str]) -> None:
    folder, good, bad = clone
    found = opened(changes(folder, good[:12], "main"))
    assert (found.good, found.bad, found.problem, found.truncated) == (good, bad, "", False)
    assert [(c.subject, c.paths) for c in found.commits] == [
        ("docs: ünïcode", ("docs/résumé.md", "old.txt")),
        ("pool: smaller", ("app/pool.py", "data.bin")),
    ]
    assert found.commits[0].at == datetime(2025, 3, 4, 7, 0, tzinfo=UTC)


def test_hunks_have_their_paths_and_lines(clone: tuple[Path, str, str]) -> None:
    folder, good, bad = clone
    found = {hunk.path: hunk for hunk in opened(changes(folder, good, bad)).hunks}
    assert set(found) == {"app/pool.py", "docs/résumé.md", "old.txt"}
    assert found["app/pool.py"].lines == ("-size = 10", "+size = 2")
    assert found["old.txt"].lines == ("-gone",)
    assert found["app/pool.py"].header.startswith("@@ -1 +1 @@")


def test_nothing_between_a_commit_and_itself(clone: tuple[Path, str, str]) -> None:
    folder, good, _ = clone
    found = opened(changes(folder, good, good))
    assert (found.commits, found.hunks, found.problem) == ((), (), "")


@pytest.mark.parametrize(
    "name",
    [
        "--upload-pack=touch pwned",
        "-n1",
        "main..other",
        "a b",
        "main;touch pwned",
        "$(touch pwned)",
        "x" * 300,
        "HEAD^{/x}",
        "main\n",
    ],
)
def test_a_name_that_could_be_anything_else_is_refused(name: str, clone: tuple[Path, str, str]) -> None:
    folder, good, _ = clone
    found = opened(changes(folder, good, name))
    assert "is not the name of a commit" in found.problem
    assert not (folder / "pwned").exists()


PROBLEMS = {
    "no good commit": ((None, "main"), "no last good commit is known"),
    "no bad commit": (("main", ""), "no first bad commit is known"),
    "not in this clone": (
        ("main", "deadbeef" * 5),
        "is not in this clone; fetch its history (fetch-depth: 0)",
    ),
}


@pytest.mark.parametrize(("span", "told"), PROBLEMS.values(), ids=PROBLEMS)
def test_what_is_not_there_is_said(
    span: tuple[str | None, str | None], told: str, clone: tuple[Path, str, str]
) -> None:
    assert told in opened(changes(clone[0], *span)).problem


def test_a_folder_that_is_no_clone(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    found = opened(changes(tmp_path / "plain", "a", "b"))
    assert "is not a clone" in found.problem


def test_a_machine_without_git(clone: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert opened(changes(clone[0], "a", "b")).problem


def test_nothing_of_the_repository_is_run(clone: tuple[Path, str, str]) -> None:
    """Drivers, filters, hooks and monitors of a repository are programs of whoever wrote its config."""
    folder, good, bad = clone
    trap = folder / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {folder}/sprung\ncat\n")
    trap.chmod(0o755)
    (folder / ".gitattributes").write_text("*.py diff=trap\n")
    for key in ("diff.trap.command", "diff.trap.textconv", "diff.external", "core.fsmonitor", "core.pager"):
        run(folder, "config", key, str(trap))
    found = opened(changes(folder, good, bad))
    assert found.problem == ""
    assert any(hunk.path == "app/pool.py" for hunk in found.hunks)
    assert not (folder / "sprung").exists()


def test_more_than_the_limits_is_cut_and_said(
    clone: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, good, bad = clone
    monkeypatch.setattr(git, "MOST_COMMITS", 1)
    monkeypatch.setattr(git, "MOST_HUNKS", 1)
    found = opened(changes(folder, good, bad))
    assert (len(found.commits), len(found.hunks), found.truncated) == (1, 1, True)


def test_a_long_hunk_is_cut_and_says_so(clone: tuple[Path, str, str]) -> None:
    folder, _, bad = clone
    after = commit(folder, "long", {"long.txt": "\n".join(f"line {n}" for n in range(500)) + "\n"})
    (hunk,) = opened(changes(folder, bad, after)).hunks
    assert len(hunk.lines) == git.MOST_LINES + 1
    assert hunk.lines[-1] == " [… 380 lines of this hunk elided]"


def test_a_shallow_clone_says_what_to_do(clone: tuple[Path, str, str], tmp_path: Path) -> None:
    folder, good, bad = clone
    shallow = tmp_path / "shallow"
    run(folder, "clone", "-q", "--depth=1", f"file://{folder}", str(shallow))
    assert "fetch-depth: 0" in opened(changes(shallow, good, bad)).problem


def test_more_text_than_the_limit_is_cut_and_said(
    clone: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, good, bad = clone
    monkeypatch.setattr(git, "MOST_BYTES", 300)
    found = opened(changes(folder, good, bad))
    assert (found.problem, found.truncated) == ("", True)


def test_a_git_that_hangs_is_ended(
    clone: tuple[Path, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (fake / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "SECONDS", 0.3)
    assert "took more than" in opened(changes(clone[0], "main", "main")).problem


def test_a_fix_is_what_a_commit_changed_beside_its_first_parent(clone: tuple[Path, str, str]) -> None:
    folder, good, bad = clone
    one = opened(git.fix(folder, bad[:10]))
    assert [commit.sha for commit in one.commits] == [bad]
    assert {hunk.path for hunk in one.hunks} == {"docs/résumé.md", "old.txt"}
    run(folder, "checkout", "-qb", "side", good)
    commit(folder, "side: one", {"side/a.py": "a\n"})
    commit(folder, "side: two", {"side/b.py": "b\n"})
    run(folder, "checkout", "-q", "main")
    run(folder, "merge", "-q", "--no-ff", "-m", "merge", "side")
    merged = opened(git.fix(folder, run(folder, "rev-parse", "HEAD")))
    assert {hunk.path for hunk in merged.hunks} == {"side/a.py", "side/b.py"}


@pytest.mark.parametrize("name", ["first", "0123abc", "--output=x", "a..b"])
def test_a_fix_that_cannot_be_told_is_a_problem(clone: tuple[Path, str, str], name: str) -> None:
    folder, good, _ = clone
    found = opened(git.fix(folder, good if name == "first" else name))
    assert found.problem
    assert not found.hunks
