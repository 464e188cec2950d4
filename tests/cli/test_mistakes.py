"""Mistakes as a new user makes them: one clear line with the next step, and the right exit code."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import STAGING, Command

RED = STAGING / "day-2-red/report.json"


def nothing(_folder: Path) -> None:
    """No preparation."""


def empty_folder(folder: Path) -> None:
    (folder / "empty").mkdir()


def binary(folder: Path) -> None:
    (folder / "photo.json").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9)


def bad_json(folder: Path) -> None:
    (folder / "cut.json").write_bytes(RED.read_bytes()[:5000])


def unknown_key(folder: Path) -> None:
    (folder / "c.toml").write_text('[[suites]]\nmatch = "a"\nprioritty = "P1"\n')


def newer_tracker(folder: Path) -> None:
    (folder / ".triagebot").mkdir()
    with sqlite3.connect(folder / ".triagebot/triagebot.db") as db:
        db.execute("create table meta (name text primary key, value text)")
        db.execute("insert into meta values ('version', '999')")


def not_a_tracker(folder: Path) -> None:
    (folder / ".triagebot").mkdir()
    (folder / ".triagebot/triagebot.db").write_text("not a database, but long enough to be looked at " * 40)


@pytest.mark.parametrize(
    ("prepare", "argv", "code", "says"),
    [
        (nothing, ["triage", "missing.json"], 1, ["missing.json", "Check the path"]),
        (nothing, ["triage", "*.nothing"], 1, ["*.nothing"]),
        (empty_folder, ["triage", "empty"], 1, ["empty", "no report"]),
        (nothing, ["triage"], 2, ["REPORT"]),
        (nothing, ["triage", RED, "--colour"], 2, ["--colour"]),
        (nothing, ["triaage", RED], 2, ["triaage", "triage"]),
        (nothing, ["triage", RED, "--config", "none.toml"], 1, ["none.toml", "Check the path"]),
        (unknown_key, ["triage", RED, "--config", "c.toml"], 1, ["c.toml", "prioritty", "priority"]),
        (
            nothing,
            ["triage", RED, STAGING / "day-3-red/report.json"],
            1,
            ["different runs", "--each"],
        ),
        (newer_tracker, ["triage", RED], 1, [".triagebot/triagebot.db", "newer", "upgrade"]),
        (not_a_tracker, ["triage", RED], 1, [".triagebot/triagebot.db"]),
        (nothing, ["issues", "show", "7"], 1, ["no local tracker", "triagebot triage"]),
        (nothing, ["apply", "none.json"], 1, ["none.json"]),
        (nothing, ["apply", "--plan-file", "none.json"], 1, ["none.json"]),
        (nothing, ["apply"], 2, ["--plan-file"]),
        (nothing, ["apply", "a.json", "--plan-file", "b.json"], 2, ["one saved plan"]),
        (bad_json, ["apply", "cut.json"], 1, ["cut.json"]),
        (nothing, ["explain", RED, "--test", "test_that_is_not_there"], 1, ["test_that_is_not_there"]),
    ],
    ids=lambda value: " ".join(map(str, value))[-60:] if isinstance(value, list) else None,
)
def test_says_what_is_wrong_and_what_to_do(
    triagebot: Command,
    tmp_path: Path,
    prepare: Callable[[Path], None],
    argv: list[object],
    code: int,
    says: list[str],
) -> None:
    prepare(tmp_path)
    said = triagebot(*argv)
    assert said.code == code, said.err
    assert "Traceback" not in said.err
    for word in says:
        assert word.lower() in said.err.lower(), said.err


@pytest.mark.parametrize(("prepare", "name"), [(binary, "photo.json"), (bad_json, "cut.json")])
def test_an_unreadable_report_is_a_red_group_of_its_own_and_never_green(
    triagebot: Command, tmp_path: Path, prepare: Callable[[Path], None], name: str
) -> None:
    prepare(tmp_path)
    said = triagebot("group", name, "--json")
    found = json.loads(said.out)
    assert said.code == 0
    assert found["run"]["status"] == "unreadable"
    assert [group["kind"] for group in found["groups"]] == ["run.unreadable"]
    assert found["problems"][0]["path"] == name


def test_an_unreadable_report_beside_a_green_one_is_not_green(triagebot: Command, tmp_path: Path) -> None:
    bad_json(tmp_path)
    said = json.loads(triagebot("group", STAGING / "day-1-green/report.json", "cut.json", "--json").out)
    assert said["run"]["status"] == "errored"
    assert [(group["kind"], group["title"]) for group in said["groups"]] == [
        ("run.unreadable", "A report of this run could not be read")
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
def test_a_read_only_folder_is_named(triagebot: Command, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    said = triagebot("triage", RED)
    assert said.code == 1
    assert ".triagebot" in said.err


def test_a_folder_that_cannot_be_made_is_named(triagebot: Command, tmp_path: Path) -> None:
    (tmp_path / ".triagebot").write_text("a file where the folder belongs")
    said = triagebot("triage", RED)
    assert said.code == 1
    assert ".triagebot" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("how", "code"), [("fail", 1), ("warn", 0), ("ignore", 0)])
def test_no_report_means_what_the_option_says(
    triagebot: Command, tmp_path: Path, how: str, code: int
) -> None:
    (tmp_path / "empty").mkdir()
    said = triagebot("triage", "empty", "--if-no-reports", how)
    assert said.code == code
    assert ("empty" in said.err) == (how != "ignore")
