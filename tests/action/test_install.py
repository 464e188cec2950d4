"""How the Action installs itself: wheels with known hashes and nothing else. `.ci/run` installs for real."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
WHEELS_ONLY = "--only-binary :all:"
UV = """#!/bin/sh
echo "$@" >> "$RUNNER_TEMP/asked"
if [ "$1" = venv ]; then
  mkdir -p "$RUNNER_TEMP/triagebot/bin"
  printf '#!/bin/sh\\necho "%s"\\n' "$RUNNER_TEMP" > "$RUNNER_TEMP/triagebot/bin/python"
  chmod +x "$RUNNER_TEMP/triagebot/bin/python"
else
  exit {code}
fi
"""


def install(folder, code=0):
    """The Action's own script with an uv that only takes notes, and ends with `code` when it is to install."""
    uv = folder / "bin/uv"
    uv.parent.mkdir()
    uv.write_text(UV.replace("{code}", str(code)))
    uv.chmod(0o755)
    environ = {
        "PATH": f"{uv.parent}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(folder),
        "GITHUB_ACTION_PATH": str(ROOT),
    }
    [step] = [step for step in ACTION["runs"]["steps"] if step["name"] == "Install triagebot"]
    return subprocess.run(
        ["bash", "-c", step["run"]], env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_action_installs_wheels_with_known_hashes_and_builds_nothing(tmp_path):
    done = install(tmp_path)
    assert done.returncode == 0, done.stderr
    [asked] = [
        line for line in (tmp_path / "asked").read_text().splitlines() if line.startswith("pip install")
    ]
    assert WHEELS_ONLY in asked
    assert "--require-hashes" in asked
    assert asked.endswith(f"-r {ROOT / 'requirements.lock'}")
    assert (tmp_path / "triagebot-action.pth").read_text() == f"{ROOT}\n"


def test_where_a_dependency_has_no_wheel_the_step_says_so_and_where_to_look(tmp_path):
    done = install(tmp_path, code=1)
    assert done.returncode == 1
    assert "Only wheels are" in done.stderr
    assert not (tmp_path / "triagebot-action.pth").exists()


@pytest.mark.parametrize("platform", ["Linux with glibc 2.28", "macOS on arm64"])
def test_readme_and_the_check_of_wheels_name_the_same_platforms(platform):
    checked = (ROOT / ".ci/wheels").read_text("utf-8")
    assert platform in (ROOT / "README.md").read_text("utf-8").replace("\n", " ")
    assert platform in checked
