"""What one command reads is bounded as a whole: what is beyond is a problem of its file, and the rest is read."""

import gzip
import io
import os
import socket
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.doubles.opened import opened
from triagebot.config import Limits
from triagebot.reports.model import Beyond
from triagebot.sources import Allowance, read
from triagebot.sources.allowance import Refused
from triagebot.sources.log_files import read_logs

XML = b"<testsuite><testcase name='a'/></testsuite>"
MB = 1 << 20


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def put(name, data):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(data)
    return name


def sources(*paths, **limits):
    return read(paths, allowance=Allowance(Limits(**limits)))


def names(found):
    return [blob.path for blob in found.blobs]


def beyond(found):
    """The paths of the problems of limits, and the key that each says to raise."""
    assert all(isinstance(problem, Beyond) for problem in found.problems)
    return [(p.path, p.reason.rpartition("(")[2].rstrip(")")) for p in found.problems]


def test_what_is_too_large_beside_the_others_is_a_problem_and_what_still_fits_is_read():
    put("a.json", b"x" * MB)
    put("b.json", b"x" * (2 * MB))
    put("c.json", b"x" * MB)
    found = sources("a.json", "b.json", "c.json", read_mb=2)
    assert (names(found), beyond(found)) == (["a.json", "c.json"], [("b.json", "limits.read_mb")])


def test_packed_reports_count_as_what_they_hold():
    put("a.xml.gz", gzip.compress(os.urandom(MB)))
    put("b.xml.gz", gzip.compress(os.urandom(MB)))
    found = sources("a.xml.gz", "b.xml.gz", read_mb=4)
    assert (names(found), beyond(found)) == (["a.xml.gz"], [("b.xml.gz", "limits.read_mb")])


BOMBS = {
    "one entry": lambda: [("a.zip", zipped(("a.xml", XML + b" " * (90 * MB)), ("z.xml", XML)))],
    "many entries": lambda: [("a.zip", zipped(*((f"{at:02}.xml", XML + b" " * (5 * MB)) for at in range(20)), ("z.xml", XML)))],
    "many archives": lambda: [(f"{at:02}.zip", zipped(("a.xml", XML + b" " * (5 * MB)))) for at in range(20)],
    "gzip": lambda: [("a.xml.gz", gzip.compress(XML + b" " * (90 * MB)))],
    "gzip in a zip": lambda: [("a.zip", zipped(("a.xml.gz", gzip.compress(XML + b" " * (90 * MB)))))],
    "gzip in gzip in a zip": lambda: [("a.zip", zipped(("a.xml.gz", gzip.compress(XML + b" " * (90 * MB)) + bytes(3 * MB))))],
    "signs of four bytes": lambda: [("a.xml.gz", gzip.compress(XML + "\U0001f600".encode() + b" " * (30 * MB)))],
    "small values": lambda: [("a.json.gz", gzip.compress(b'{"exitcode":1,"x":[' + b"[]," * (2 * MB)))],
    "small elements": lambda: [("a.xml.gz", gzip.compress(b"<testsuite>" + b"<a/>" * (2 * MB)))],
    "short lines": lambda: [("a.txt.gz", gzip.compress(b"===== 1 passed in 0.1s =====\n" + b"x\n" * (2 * MB)))],
}  # fmt: skip


@pytest.mark.parametrize("files", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_and_costs_the_other_reports_nothing(files):
    given_files = [put(name, data) for name, data in files()]
    put("good.xml", XML)
    put("good.zip", zipped(("r.xml", XML)))
    tracemalloc.start()
    try:
        found = sources(*given_files, "good.xml", "good.zip")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert {key for _, key in beyond(found)} == {"limits.unpacked_mb"}
    assert names(found)[-2:] == ["good.xml", "good.zip!r.xml"]
    assert "a.zip!z.xml" in names(found) or given_files[0] != "a.zip" or "gz" in found.problems[0].path
    assert peak < 150 * MB


def test_an_honest_report_of_any_size_is_unpacked():
    body = b"".join(b"<testcase name='%s'/>" % os.urandom(20).hex().encode() for _ in range(100_000))
    put("a.zip", zipped(("r.xml", b"<testsuite>" + body + b"</testsuite>")))
    assert names(sources("a.zip", unpacked_mb=1)) == ["a.zip!r.xml"]


def test_entries_that_lie_over_each_other_have_no_larger_share_than_their_archive():
    whole = zipped(*((f"{at}.xml", XML + bytes([65 + at]) * MB) for at in range(3)))
    archive = zipfile.ZipFile(io.BytesIO(whole))
    lying = whole.replace(
        archive.infolist()[1].compress_size.to_bytes(4, "little"), (len(whole) * 9).to_bytes(4, "little")
    )
    put("a.zip", lying)
    found = sources("a.zip", unpacked_mb=1)
    assert len(found.blobs) < 2


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_entry_that_unpacks_megabytes_at_a_step_is_not_opened(method):
    put("a.zip", zipped(("a.xml", XML), method=method))
    [problem] = sources("a.zip").problems
    assert (problem.path, problem.reason) == (
        "a.zip!a.xml",
        "an entry that is not packed by deflate; it was not read",
    )


def test_files_are_counted_over_folders_and_archives_together():
    for at in range(3):
        put(f"out/{at}.xml", XML)
    put("out/z.zip", zipped(*((f"{at}.xml", XML) for at in range(3))))
    found = sources("out", files=5)
    assert names(found) == ["out/0.xml", "out/1.xml", "out/2.xml", "out/z.zip!0.xml"]
    assert beyond(found) == [("out/z.zip", "limits.files")]
    assert beyond(sources("out", files=2)) == [("out", "limits.files")]


def test_more_folders_than_may_be_looked_at_end_the_looking():
    for at in range(30):
        Path(f"out/{at:02}").mkdir(parents=True)
    put("out/99/r.xml", XML)
    put("out/98/r.xml", XML)
    assert names(sources("out", files=2)) == ["out/98/r.xml", "out/99/r.xml"]


def fifo(name):
    os.mkfifo(name)


def unix_socket(name):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(name)


def device(name):
    os.symlink("/dev/zero", name)


KINDS = {"a named pipe": fifo, "a socket": unix_socket, "a device": device}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["r.xml", "out", "out/*.xml", "out/*"])
def test_what_is_no_file_is_a_problem_and_never_waited_for(kind, path):
    Path("out").mkdir()
    KINDS[kind]("r.xml" if path == "r.xml" else "out/r.xml")
    put("out/good.xml", XML)
    found = sources(path, "out/good.xml")
    assert names(found) == ["out/good.xml"]
    [problem] = found.problems
    assert problem.path.endswith("r.xml")
    assert problem.reason == f"cannot be opened: {kind}, and no file; hand its content in on standard input"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["out/r.log", "out"])
def test_a_log_that_is_no_file_is_a_problem_too(kind, path):
    Path("out").mkdir()
    KINDS[kind]("out/r.log")
    put("out/good.log", b"closed\n")
    logs, problems = read_logs([path, "out/good.log"])
    assert [opened(log).name for log in logs] == ["out/good.log"]
    assert [kind in problem.reason for problem in problems] == [True]


@given(st.lists(st.binary(max_size=200_000), max_size=12), st.integers(1, 3))
def test_no_more_is_kept_than_may_be_read(inputs, most):
    allowance = Allowance(Limits(read_mb=most))
    kept = 0
    for data in inputs:
        try:
            kept += len(allowance.take([data * 4]))
        except Refused:
            assert kept + 4 * len(data) > most * MB
    assert kept == allowance.read <= most * MB
