"""Logs that lie in folders of reports come along: into the digest's and the model's evidence, and into paths."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import STAGING, Command
from triagebot.cli.runner import argv_of
from triagebot.pipeline.origin import Subject
from triagebot.sources import log_files
from triagebot.sources.log_files import logs_beside

DAY = STAGING / "day-2-red"


def prompt(triagebot: Command, *argv: object) -> str:
    said = triagebot("draft", *argv, "--key", "ws", "--show-prompt")
    assert said.code == 0, said.err
    return said.out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a report, and a log of a service below it."""
    home = tmp_path / "artifacts"
    (home / "logs").mkdir(parents=True)
    shutil.copy(DAY / "report.json", home)
    shutil.copy(DAY / "service.log", home / "logs" / "backend.log")
    return home


def test_the_logs_of_a_folder_of_reports_are_evidence(triagebot: Command, folder: Path) -> None:
    assert "backend.log" in prompt(triagebot, folder)


def test_no_logs_leaves_them_out(triagebot: Command, folder: Path) -> None:
    assert "backend.log" not in prompt(triagebot, folder, "--no-logs")


def test_a_report_that_is_named_brings_no_logs(triagebot: Command, folder: Path) -> None:
    assert "backend.log" not in prompt(triagebot, folder / "report.json")


def test_logs_that_are_named_as_well_are_read_once(folder: Path, triagebot: Command) -> None:
    alone, twice = prompt(triagebot, folder), prompt(triagebot, folder, "--logs", folder)
    assert alone.count("backend.log") == twice.count("backend.log")


def names(folder: Path) -> list[str]:
    logs, _ = logs_beside([str(folder)])
    return [log.redacted_by(lambda log: log).name.rpartition("/")[2] for log in logs]


def test_what_is_a_report_or_no_log_by_its_ending_stays_out(folder: Path) -> None:
    shutil.copy(DAY / "output.txt", folder / "pytest.log")
    (folder / "notes.txt").write_text("hello", encoding="utf-8")
    (folder / "records.jsonl").write_text('{"ts": 1, "msg": "x"}\n', encoding="utf-8")
    assert names(folder) == ["records.jsonl", "backend.log"]


def test_logs_beyond_the_cap_are_told_and_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "MOST_BESIDE", 100)
    logs, problems = logs_beside([str(folder)])
    assert logs == ()
    assert "name those that matter with --logs" in problems[0].reason


def test_inputs_of_the_action_hold_one_path_a_line() -> None:
    environ = {
        "INPUT_REPORTS": "a.json",
        "INPUT_LOGS": "service.log\n\n artifacts:17/logs* \n",
        "INPUT_PASSING_LOGS": "green.log",
        "INPUT_GREEN": "one.json\ntwo.json",
    }
    assert argv_of(environ, Subject())[1:6] == [
        "--logs=service.log",
        "--logs=artifacts:17/logs*",
        "--passing-logs=green.log",
        "--green=one.json",
        "--green=two.json",
    ]
    assert not [word for word in argv_of({**environ, "INPUT_MODE": "sweep"}, Subject()) if "log" in word]


def test_triage_reads_logs_that_lie_beside(triagebot: Command, folder: Path) -> None:
    said = triagebot("triage", folder, "--dry-run", "--json")
    assert said.code == 0
    assert json.loads(said.out)["changes"]
