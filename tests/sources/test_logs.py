"""Log files and folders, packed or plain: what is read, what is said of what cannot be."""

import gzip
import zipfile
from pathlib import Path

import pytest

from tests.doubles.opened import opened
from triagebot.config import Limits
from triagebot.errors import UserError
from triagebot.sources import log_files
from triagebot.sources.allowance import Allowance
from triagebot.sources.log_files import read_logs as sealed_logs

LINE = "2025-09-10T19:52:00Z ERROR pool exhausted\n"


def read_logs(*arguments, **options):
    found, problems = sealed_logs(*arguments, **options)
    return tuple(opened(log) for log in found), problems


def names(found: object) -> list[str]:
    return [Path(log.name.replace("!", "/")).name for log in found]  # type: ignore[attr-defined]  # LogTexts


def test_a_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "backend").write_text(LINE)
    found, problems = read_logs([str(tmp_path / "backend")])
    assert ([log.text for log in found], problems) == ([LINE], ())
    assert not found[0].passing


def test_a_folder_is_read_below_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.log", "a.txt", "deep/c.jsonl", "report.json", "image.png", ".hidden/d.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(LINE)
    found, _ = read_logs([str(tmp_path)], passing=True)
    assert names(found) == ["a.txt", "b.log", "c.jsonl"]
    assert all(log.passing for log in found)


def test_gzip_and_zip_are_opened(tmp_path: Path) -> None:
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(LINE.encode()))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("auth/auth.log", LINE)
        archive.writestr("packed.log.gz", gzip.compress(LINE.encode()))
        archive.writestr("report.json", "{}")
    found, problems = read_logs([str(tmp_path)])
    assert names(found) == ["a.log.gz", "auth.log", "packed.log.gz"]
    assert {log.text for log in found} == {LINE}
    assert problems == ()


ENCODINGS = {
    "utf-8 with a mark": b"\xef\xbb\xbf" + LINE.encode(),
    "utf-16": b"\xff\xfe" + LINE.encode("utf-16-le"),
    "the other utf-16": b"\xfe\xff" + LINE.encode("utf-16-be"),
}


@pytest.mark.parametrize("data", ENCODINGS.values(), ids=ENCODINGS)
def test_marks_of_encodings_are_obeyed(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(data)
    assert read_logs([str(tmp_path)])[0][0].text == LINE


def test_bytes_that_are_no_utf_8_cost_a_character_only(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"caf\xe9 closed\n")
    assert read_logs([str(tmp_path)])[0][0].text == "caf\ufffd closed\n"


BAD = {
    "NUL bytes": ("a.log", b"\x00\x01\x02", "NUL"),
    "broken gzip": ("a.log.gz", b"\x1f\x8b\x08broken", "gzip"),
    "broken zip": ("a.zip", b"PK\x03\x04broken", "zip"),
    "too large": ("a.log", b"x" * 2_000_000, "beyond the 1 MB"),
}


@pytest.mark.parametrize(("name", "data", "reason"), BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_a_problem_and_the_rest_is_read(
    name: str, data: bytes, reason: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.log").write_text(LINE)
    found, problems = read_logs([str(tmp_path)], allowance=Allowance(Limits(read_mb=1)))
    assert names(found) == ["good.log"]
    assert reason in problems[0].reason


def test_a_path_that_is_not_there_is_the_user_s_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_logs([str(tmp_path / "nowhere")])


def test_a_folder_without_logs_is_a_problem(tmp_path: Path) -> None:
    assert "no log in this folder" in read_logs([str(tmp_path)])[1][0].reason


def test_a_file_named_twice_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(LINE)
    assert len(read_logs([str(tmp_path), str(tmp_path / "a.log")])[0]) == 1


def test_of_a_very_long_log_the_end_is_kept_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_files, "MOST_CHARACTERS", 100)
    (tmp_path / "a.log").write_text("first\n" * 50 + LINE)
    found, problems = read_logs([str(tmp_path)])
    assert found[0].text.endswith(LINE)
    assert found[0].text.startswith("first\n")
    assert "the last 100 were read" in problems[0].reason


def test_entries_that_point_outside_their_archive_are_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../etc/evil.log", LINE)
    found, problems = read_logs([str(tmp_path)])
    assert found == ()
    assert "outside" in problems[0].reason
