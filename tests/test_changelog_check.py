"""What users see does not change without a line in the changelog."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci/check_changelog.py"


def git(folder, *args):
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("files", "message", "code"),
    [
        (["triagebot/a.py"], "a: b", 1),
        (["action.yml"], "a: b", 1),
        (["triagebot/a.py", "CHANGELOG.md"], "a: b", 0),
        (["triagebot/a.py"], "a: b\n\nChangelog: none", 0),
        (["tests/a.py", "docs/a.md"], "a: b", 0),
    ],
)
def test_a_visible_change_needs_a_line(tmp_path, files, message, code):
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "start")
    git(tmp_path, "switch", "-q", "-c", "change")
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", message)
    done = subprocess.run([sys.executable, SCRIPT, "main"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == code, done.stdout
