"""The Python that the docs show runs as it stands there, and prints what the command line would say."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from triagebot import api

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "docs/python.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
)


@pytest.fixture
def example(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples/staging/reports", tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_docs_show_two_programs():
    assert len(BLOCKS) == 2


def test_the_first_program_prints_causes_and_opens_an_issue_for_each(example, capsys):
    exec(compile(BLOCKS[0], "docs/python.md", "exec"), {})
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("failed ")
    causes = [line for line in lines if " tests, key " in line]
    assert causes and all(re.match(r"P[1-5] .+: \d+ tests, key [\w.-]+$", line) for line in causes)
    assert len([line for line in lines if line.startswith("applied ")]) >= len(causes)
    assert (example / ".triagebot/triagebot.db").is_file()


def test_the_second_program_plans_and_writes_nothing(example):
    exec(compile(BLOCKS[1], "docs/python.md", "exec"), {})
    assert sorted(path.name for path in example.iterdir()) == ["reports"]


def test_grouping_from_python_loads_no_database_no_github_and_no_model(example):
    program = (
        "import sys; from triagebot.api import group, read_reports; print(len(group(read_reports('reports/day-2-red'))));"
        "assert not {'sqlalchemy', 'github', 'anthropic', 'jinja2', 'pydantic'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


def test_python_judges_gates_and_contracts_as_the_command_line_does(example):
    config = api.read_config(str(ROOT / "examples/triagebot.toml"), api.Effects())
    run = api.read_reports("reports/day-4-red", config=config)
    planned, _ = api.triage(run, config=config, dry_run=True)
    assert {gate.name: gate.passed for gate in planned.proof.gates} == {
        "P1": True,
        "five events": True,
        "data first": False,
        "P2": False,
    }
    assert planned.proof.broken
