"""What a command leaves on the disk of whoever runs it: what README says, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "examples/staging/reports/day-2-red"


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize(
    ("verb", "folders"), [("triage", {".triagebot"}), ("group", set()), ("explain", set())]
)
def test_nothing_is_written_but_the_tracker_and_the_engines_compiled_rules(tmp_path, home, verb, folders):
    here = tmp_path / "here"
    here.mkdir()
    environ = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TMPDIR": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    program = [sys.executable, "-c", "from triagebot.cli import main; main()", verb, str(REPORT)]
    done = subprocess.run(
        program, cwd=here, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert {path.partition("/")[0] for path in files(here)} == folders
    assert all(path.startswith(".cache/kingfisher/") for path in files(home))
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
