"""What users name becomes blobs; what cannot be read becomes a problem; what is not there is said in one line."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from triagebot.errors import UserError
from triagebot.sources import read

JSON = b'{"created": 1, "exitcode": 0, "tests": []}'
XML = b'<?xml version="1.0"?><testsuites><testsuite name="pytest" tests="0"/></testsuites>'
TEXT = b"===== 1 passed in 0.10s =====\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path, data):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def pack(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return str(path)


def names(sources):
    return [blob.path.replace(os.sep, "/") for blob in sources.blobs]


def reasons(sources):
    return [(problem.path.replace(os.sep, "/"), problem.reason) for problem in sources.problems]


def test_a_named_file_is_read_whatever_it_holds(folder):
    put("notes.md", b"anything")
    sources = read(["notes.md"])
    assert [(blob.path, blob.data) for blob in sources.blobs] == [("notes.md", b"anything")]
    assert sources.problems == ()


def test_a_folder_gives_its_reports_in_order_and_nothing_else(folder):
    put("out/b/junit.xml", XML)
    put("out/a.json", JSON)
    put("out/run.log", TEXT)
    put("out/b/killed.xml", b"")
    put("out/package.json", b'{"name": "shop"}')
    put("out/pom.xml", b"<project/>")
    put("out/empty.txt", b"")
    put("out/main.py", TEXT)
    put("out/.git/x.json", JSON)
    put("out/node_modules/x.json", JSON)
    assert names(read(["out"])) == ["out/a.json", "out/run.log", "out/b/junit.xml", "out/b/killed.xml"]


def test_packed_reports_are_unpacked_in_memory(folder):
    put("r.json.gz", gzip.compress(JSON))
    pack(
        "a.zip",
        [("deep/er/junit.xml", XML), ("r.json.gz", gzip.compress(JSON)), ("readme.md", b"no"), ("dir/", b"")],
    )
    sources = read(["r.json.gz", "a.zip"])
    assert [(b.path, b.data) for b in sources.blobs] == [
        ("r.json.gz", JSON),
        ("a.zip!deep/er/junit.xml", XML),
        ("a.zip!r.json.gz", JSON),
    ]
    assert sorted(p.name for p in folder.iterdir()) == ["a.zip", "r.json.gz"]


def test_packing_is_known_by_content_not_by_name(folder):
    put("report", gzip.compress(JSON))
    pack("download", [("junit.xml", XML)])
    assert [b.data for b in read(["report", "download"]).blobs] == [JSON, XML]


def test_globs_find_files_and_folders(folder):
    put("out/1.json", JSON)
    put("out/2.json", JSON)
    put("out/deep/3.json", JSON)
    assert names(read(["out/*.json"])) == ["out/1.json", "out/2.json"]
    assert names(read(["out/**/*.json"])) == ["out/1.json", "out/2.json", "out/deep/3.json"]
    assert names(read(["o*"])) == ["out/1.json", "out/2.json", "out/deep/3.json"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(folder):
    put("run[1].json", JSON)
    assert names(read(["run[1].json"])) == ["run[1].json"]


def test_the_same_file_counts_once_however_it_is_reached(folder):
    put("out/a.json", JSON)
    os.symlink("out/a.json", "again.json")
    assert names(read(["out/a.json", "out", "again.json", "./out/a.json"])) == ["out/a.json"]


def test_standard_input_may_be_packed_too():
    assert read(["-"], stdin=io.BytesIO(JSON)).blobs[0].data == JSON
    packed = read(["-"], stdin=io.BytesIO(gzip.compress(XML))).blobs[0]
    assert (packed.path, packed.data) == ("-", XML)


MISTAKES = [
    ("nope.json", r"^nope\.json: there is no such file or folder\. Check the path"),
    ("*.json", r"^\*\.json: no file matches it\. Check the path"),
    ("bare", r"^bare: no report in this folder\. Name a file"),
    ("-", r"^- reads a report from standard input, and there is none\. Name a file"),
]


@pytest.mark.parametrize("path, said", MISTAKES)
def test_a_path_that_leads_nowhere_is_told_in_one_line(folder, path, said):
    put("bare/main.py", b"")
    with pytest.raises(UserError, match=said) as caught:
        read([path])
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_opened_is_a_problem_and_the_rest_is_read(folder):
    put("ok.json", JSON)
    os.symlink("gone", "broken.json")
    sources = read(["broken.json", "ok.json"])
    assert names(sources) == ["ok.json"]
    assert reasons(sources) == [("broken.json", "cannot be opened: No such file or directory")]


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "a/../../evil.json",
        "/etc/evil.json",
        "C:\\evil.json",
        "..\\evil.json",
        "\\\\host\\evil.json",
    ],
)
def test_an_entry_that_points_outside_is_not_read(folder, name):
    pack("a.zip", [(name, JSON), ("ok.json", JSON)])
    sources = read(["a.zip"])
    assert names(sources) == ["a.zip!ok.json"]
    assert [reason for _, reason in reasons(sources)] == [
        "an entry that points outside its archive; it was not read"
    ]


def test_a_zip_in_a_zip_is_not_opened(folder):
    pack("in.zip", [("r.json", JSON)])
    pack("out.zip", [("in.zip", Path("in.zip").read_bytes())])
    assert reasons(read(["out.zip"])) == [("out.zip!in.zip", "a zip in a zip; unpack the outer one first")]


BROKEN = [
    ("cut.gz", gzip.compress(JSON * 50, mtime=0)[:40], "gzip that cannot be unpacked"),
    ("odd.gz", b"\x1f\x8b\x08\x00garbage-garbage-garbage", "gzip that cannot be unpacked"),
    ("cut.zip", b"PK\x03\x04 and then nothing", "zip that cannot be opened"),
    ("none.zip", b"PK\x05\x06" + b"\0" * 18, "zip without a report"),
]


@pytest.mark.parametrize("name, data, reason", BROKEN)
def test_a_broken_archive_is_a_problem(folder, name, data, reason):
    put(name, data)
    sources = read([name])
    assert sources.blobs == ()
    assert [problem.reason.startswith(reason) for problem in sources.problems] == [True]


def test_a_damaged_entry_costs_only_itself(folder):
    pack("a.zip", [("bad.json", JSON * 100), ("ok.json", JSON)])
    data = bytearray(Path("a.zip").read_bytes())
    at = data.index(b"bad.json") + len("bad.json")
    data[at : at + 8] = b"\xff" * 8
    put("a.zip", bytes(data))
    sources = read(["a.zip"])
    assert names(sources) == ["a.zip!ok.json"]
    assert [path for path, _ in reasons(sources)] == ["a.zip!bad.json"]


def test_an_encrypted_entry_is_a_problem(folder):
    pack("a.zip", [("r.json", JSON)])
    data = bytearray(Path("a.zip").read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    put("a.zip", bytes(data))
    (problem,) = read(["a.zip"]).problems
    assert problem.path == "a.zip!r.json"
    assert problem.reason.startswith("an entry that cannot be unpacked")
