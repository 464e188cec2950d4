"""Makes the samples of pytest in this folder by really running pytest, and the damaged ones from those.

    python tests/data/make.py            # needs pytest, pytest-json-report, xdist, rerunfailures, timeout

Each case is a tiny suite with the options to run it under. What is written is what pytest wrote, but that the paths of
the machine are replaced (`/venv`, `/home/runner/work/shop`). Run it when pytest's formats change, look at the difference,
then `pytest tests/reports --update-golden`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
HOME = "/home/runner/work/shop"

KINDS = """
import pytest

class TestOrders:
    def test_passes(self):
        print("hello")

    class TestNested:
        @pytest.mark.parametrize("where", ["a/b", "a::b", "a - b", "x.py", "C:\\\\t", "[x]", "PASSED (1)", "é"])
        def test_param(self, where):
            print("out of", where)
            assert where == "ok"

def test_chain():
    try:
        {}["k"]
    except KeyError as error:
        raise RuntimeError("HTTP 503 from checkout") from error

@pytest.fixture
def broken():
    raise ConnectionError("setup refused")

@pytest.fixture
def leaky():
    yield
    raise OSError("teardown leak")

def test_setup(broken): pass

def test_teardown(leaky): pass

def test_both(leaky):
    assert 1 == 2

def test_no_fixture(nowhere): pass

@pytest.mark.skip(reason="not today")
def test_skip(): pass

@pytest.mark.xfail(reason="known")
def test_xfail():
    assert 0

@pytest.mark.xfail(reason="known")
def test_xpass(): pass

@pytest.mark.xfail(strict=True, reason="known")
def test_xpass_strict(): pass

def test_group():
    raise ExceptionGroup("many", [ValueError("one"), TypeError("two")])

def test_subtests(subtests):
    for i in range(3):
        with subtests.test(msg="msg", i=i):
            assert i != 1

def test_subtests_and_more(subtests):
    with subtests.test(i=0):
        assert 0 > 5
    assert 0, "own"
"""

SUITES = {
    "kinds": {
        "tests/test_kinds.py": KINDS,
        "tests/test_bad_import.py": "import nowhere_to_be_found\n",
        "tests/test_skipped_module.py": "import pytest\npytest.importorskip('nowhere_to_be_found')\n",
    },
    "reruns": {
        "test_r.py": """
import pathlib

import pytest

COUNT = pathlib.Path("count.txt")

def test_flaky():
    n = int(COUNT.read_text()) if COUNT.exists() else 0
    COUNT.write_text(str(n + 1))
    assert n >= 2, f"attempt {n}"

def test_always():
    assert 0, "always"

@pytest.fixture
def bad():
    raise OSError("setup down")

def test_setup(bad): pass

def test_ok(): pass
"""
    },
    "crash": {
        "tests/test_crash.py": """
import os

def test_dies():
    os._exit(9)

def test_after(): pass
"""
    },
    "timeout": {
        "test_slow.py": """
import time

def test_slow():
    time.sleep(5)
"""
    },
    "collection": {
        "tests/test_bad_import.py": "import nowhere_to_be_found\n",
        "tests/test_bad_syntax.py": "def test(:\n",
        "tests/test_good.py": "def test_good(): pass\n",
    },
    "maxfail": {"test_m.py": "def test_a(): pass\ndef test_b(): assert 0\ndef test_c(): pass\n"},
    "empty": {"test_e.py": "def test_a(): pass\n"},
    "internal": {
        "conftest.py": "def pytest_runtest_logstart(nodeid):\n    raise ValueError('I/O operation on closed file.')\n",
        "test_i.py": "def test_a(): pass\n",
    },
    "interrupt": {"test_k.py": "def test_a(): pass\ndef test_b(): raise KeyboardInterrupt\ndef test_c(): pass\n"},
    "gate": {
        "conftest.py": "import pytest\n\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtestloop(session):\n"
        "    done = yield\n    session.testsfailed += 1\n    return done\n",
        "test_g.py": "def test_a(): pass\n",
    },
    "logs": {
        "pytest.ini": "[pytest]\nlog_cli = true\nlog_level = INFO\njunit_logging = all\njunit_family = xunit1\n",
        "shop/tests/test_logs.py": """
import logging
import sys

def test_talks(record_property):
    record_property("order", "42")
    logging.getLogger("shop").warning("stock is low")
    print("=== not a section ===")
    print("____ not_a_heading ____")
    print("FAILED not/a/summary.py::line - really")
    print("to stderr", file=sys.stderr)
    assert 0, "talked"

class TestQuiet:
    def test_ok(self):
        logging.getLogger("shop").info("fine")
""",
    },
    "surrogate": {"test_s.py": "def test_s():\n    print('\\udc80 printed')\n    raise ValueError('half \\ud800 pair')\n"},
    "facts": {
        "conftest.py": "def pytest_json_modifyreport(json_report):\n    json_report['environment'] = "
        "{'Environment': 'staging', 'branch': 'main', 'commit': 'abc123', 'revision': 'backend-00238', 'Python': '3'}\n",
        "test_f.py": "def test_a(): pass\n",
    },
    "unittest": {
        "test_u.py": """
import unittest

class TestAll(unittest.TestCase):
    def test_last_fails(self):
        for i in range(2):
            with self.subTest(text=f"a [{i}] (b)"):
                self.assertNotEqual(i, 1)

    def test_last_passes(self):
        for i in range(2):
            with self.subTest(i=i):
                self.assertNotEqual(i, 0)
"""
    },
    "green": {"tests/test_green.py": "class TestA:\n    def test_a(self): pass\n\ndef test_b(): pass\n"},
}

RUNS = [  # sample, suite, options
    ("kinds", "kinds", "-v --tb=short --continue-on-collection-errors"),
    ("kinds-long", "kinds", "--tb=long --continue-on-collection-errors"),
    ("kinds-line", "kinds", "--tb=line --continue-on-collection-errors"),
    ("kinds-native", "kinds", "--tb=native --continue-on-collection-errors -k chain"),
    ("kinds-no", "kinds", "-q --tb=no --continue-on-collection-errors"),
    ("kinds-quiet", "kinds", "-q --tb=short --continue-on-collection-errors -rA"),
    ("kinds-unnamed", "kinds", "-q --tb=short --continue-on-collection-errors -rN"),
    ("kinds-xdist", "kinds", "-n2 -v --tb=short --continue-on-collection-errors"),
    ("reruns", "reruns", "-v --tb=short --reruns 2"),
    ("crash", "crash", "-n1 -v --tb=short"),
    ("timeout", "timeout", "-v --tb=short --timeout 0.3"),
    ("collection", "collection", "-v --tb=short"),
    ("maxfail", "maxfail", "-v --tb=short -x"),
    ("empty", "empty", "-v -k nothing"),
    ("internal", "internal", "-v --tb=short"),
    ("interrupt", "interrupt", "-v --tb=short"),
    ("gate", "gate", "-v"),
    ("logs", "logs", "-v --tb=short"),
    ("surrogate", "surrogate", "-v --tb=short"),
    ("facts", "facts", "-q"),
    ("unittest", "unittest", "-v --tb=short"),
    ("green", "green", "-v"),
    ("green-quiet", "green", "-q"),
    ("usage", "green", "--no-such-option"),
]
KEPT = {"kinds-long": "txt", "kinds-line": "txt", "kinds-native": "json xml txt", "kinds-no": "txt", "kinds-quiet": "txt"}
KEPT |= {"kinds-unnamed": "txt", "green-quiet": "txt", "usage": "txt", "facts": "json"}


def run(sample: str, suite: str, options: str) -> dict[str, bytes]:
    """What one run of pytest left, by ending."""
    with tempfile.TemporaryDirectory() as folder:
        home, out = Path(folder, "shop"), Path(folder, "out")
        out.mkdir()
        for name, text in SUITES[suite].items():
            home.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
            home.joinpath(name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:anyio"]
        command += [*options.split(), "--json-report", f"--json-report-file={out}/report.json", f"--junitxml={out}/junit.xml"]
        said = subprocess.run(command, cwd=home, env=_environment(), capture_output=True, check=False)
        left = {"txt": said.stdout + said.stderr}
        for ending, name in (("json", "report.json"), ("xml", "junit.xml")):
            if out.joinpath(name).exists():
                left[ending] = out.joinpath(name).read_bytes()
        return {ending: _anonymous(data, folder) for ending, data in left.items()}


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "80", "PYTHONUTF8": "1"}


def _anonymous(data: bytes, folder: str) -> bytes:
    swaps = ((f"{folder}/shop", HOME), (folder, "/tmp"), (sys.prefix, "/venv"), (sys.base_prefix, "/usr/local"))
    for path, name in swaps:
        data = data.replace(path.encode(), name.encode())
    return data


def damaged(folder: Path) -> dict[str, bytes]:
    """Reports as they arrive when something went wrong, made of the real ones."""
    json, xml = folder.joinpath("kinds.json").read_bytes(), folder.joinpath("kinds.xml").read_bytes()
    text = folder.joinpath("kinds.txt").read_text(encoding="utf-8")
    ansi = text.replace(" PASSED", " \x1b[32mPASSED\x1b[0m").replace(" FAILED", " \x1b[31mFAILED\x1b[0m")
    stamped = "\n".join(f"2025-09-10T19:52:00.1234567Z {line}" for line in text.split("\n"))
    body = xml.decode().partition("?>")[2]
    return {
        "bom.json": b"\xef\xbb\xbf" + json,
        "utf16.json": json.decode().encode("utf-16"),
        "utf16.xml": ('<?xml version="1.0" encoding="utf-16"?>' + body).encode("utf-16"),
        "utf16-no-mark.xml": ('<?xml version="1.0"?>' + body).encode("utf-16-le"),
        "utf16-lying.xml": ('<?xml version="1.0" encoding="utf-8"?>' + body).encode("utf-16"),
        "cut.json": json[: len(json) // 2],
        "cut.xml": xml[: len(xml) // 2],
        "cut-utf16.xml": body.encode("utf-16")[:813],
        "cut-early.xml": xml[:120],
        "cut-mid.txt": text[: text.index("test_both FAILED")].encode(),
        "cut-late.txt": text[: text.index("short test summary")].encode(),
        "nul-padded.json": json + b"\0" * 512,
        "nul-padded-cut.xml": xml[: len(xml) // 2] + b"\0" * 512,
        "control.xml": xml.replace(b"HTTP 503", b"HTTP \x1b[31m503\x00&#x1b;&#0;"),
        "latin1.txt": text.replace("é", "\xe9").encode("latin-1", "replace"),
        "crlf.txt": text.replace("\n", "\r\n").encode(),
        "colours.txt": ansi.encode(),
        "github-log.txt": stamped.encode(),
        "windows.txt": text.replace("tests/test_kinds.py:", "tests\\test_kinds.py:").replace("\n", "\r\n").encode("utf-16"),
        "conflict.xml": b"<<<<<<< HEAD\n" + xml + b"=======\n" + xml + b">>>>>>> other\n",
        "entities.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuites><testsuite>&b;</testsuite></testsuites>',
        "page.xml": b"<!DOCTYPE html>\n<html><body>Sign in to continue</body></html>\n",
        "page.html": b"<html><body>502 Bad Gateway</body></html>\n",
        "package.json": b'{"name": "shop", "version": "1.0.0"}\n',
        "list.json": b"[1, 2, 3]\n",
        "deep.json": b'{"exitcode": 1, "tests": ' + b"[" * 100_000,
        "digits.json": b'{"exitcode": ' + b"9" * 5_000 + b"}",
        "wrong-types.json": b'{"exitcode": "1", "created": NaN, "duration": 1e400, "summary": [], "tests": [3, {"nodeid": 7, '
        b'"outcome": ["x"], "call": {"outcome": {}}}, {"nodeid": "a.py::t", "outcome": "failed", "call": {"outcome": "failed", '
        b'"longrepr": {"reprcrash": {"message": "E: m"}}, "crash": []}}], "collectors": {}}',
        "prose.txt": b"The nightly run went well.\n",
        "binary.json": bytes(range(256)) * 4,
        "nothing.json": b"",
        "blank.xml": b"\n \n",
    }


def main() -> None:
    folder = HERE / "pytest"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for sample, suite, options in RUNS:
        for ending, data in run(sample, suite, options).items():
            if ending in KEPT.get(sample, "json xml txt").split():
                folder.joinpath(f"{sample}.{ending}").write_bytes(data)
    broken = HERE / "damaged"
    shutil.rmtree(broken, ignore_errors=True)
    broken.mkdir()
    for name, data in damaged(folder).items():
        broken.joinpath(name).write_bytes(data)


if __name__ == "__main__":
    main()
