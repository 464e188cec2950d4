"""Print what hostile inputs of at most 2 MB cost whole commands, and fail where one costs more than 300 MiB or 10 s.

    python -m benchmarks.hostile [--only WORD] [--verb group] [--verb triage] [--megabytes 2]

Each input is made new, handed to `triagebot group --json` and `triagebot triage` in an empty folder, and measured from
outside: peak memory and seconds of the process, its exit code. A command must end with 0 or 1, and an input that was
not read whole must be told of.
"""

import argparse
import gzip
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Process
from pathlib import Path
from xml.sax.saxutils import escape

from rich.console import Console
from rich.table import Table

MOST_MIB = 300
MOST_SECONDS = 10
KILLED_AFTER_S = 60


def xml_suite(cases: str) -> str:
    return f'<testsuites><testsuite name="s">{cases}</testsuite></testsuites>'


def fill(part: str, size: int) -> str:
    return part * (size // len(part))


def numbered(part: Callable[[int], str], size: int) -> str:
    """Parts with their numbers, as many as fit."""
    return "".join(part(number) for number in range(size // len(part(10**5))))


def nested(opening: str, closing: str, size: int, inner: str = "") -> str:
    levels = size // (len(opening) + len(closing) + len(inner))
    return f"<testsuites>{(opening + inner) * levels}{closing * levels}</testsuites>"


def pytest_json(tests: list[dict], **more: object) -> str:
    return json.dumps({"exitcode": 1, "tests": tests} | more)


def failing(node: str, text: str, **more: object) -> dict:
    call = {
        "outcome": "failed",
        "longrepr": text,
        "crash": {"path": "a.py", "lineno": 1, "message": text[:500]},
    }
    return {"nodeid": node, "outcome": "failed", "call": call | more}


def chained(depth: int) -> dict:
    deep: dict = {"type": "E", "message": "m"}
    for _ in range(depth):
        deep = {"type": "G", "message": "m", "leaves": [deep], "chain": [{"type": "C"}]}
    return deep


def words(rng: random.Random, length: int) -> str:
    found: list[str] = []
    while sum(map(len, found)) + len(found) < length:
        found.append("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 9))))
    return " ".join(found)[:length]


def zipped(entries: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def packed_entries(size: int, unpacked: int) -> bytes:
    """A zip of reports that unpack to `unpacked` bytes each, as many as fit."""
    text = xml_suite(
        "<testcase name='t'><failure>" + "x" * (unpacked - 120) + "</failure></testcase>"
    ).encode()
    cost = len(zipped([("r00000.xml", text)]))
    return zipped([(f"r{at:05}.xml", text) for at in range(max(1, size // cost))])


def dense(size: int, ratio: int, part: str, head: str, tail: str) -> bytes:
    """gzip of a text of `size * ratio` bytes at most whose packed form has at most `size` bytes."""
    return gzip.compress((head + fill(part, size * ratio) + tail).encode(), 9)[:size]


def terminal(body: str) -> str:
    return f"===== test session starts =====\ncollected 3 items\n\n{body}\n===== 1 failed in 0.1s =====\n"


def failures_of(texts: list[str]) -> str:
    return xml_suite(
        "".join(
            f'<testcase classname="c" name="t{at}"><failure message="{escape(text[:200], {chr(34): ""})}">{escape(text)}</failure></testcase>'
            for at, text in enumerate(texts)
        )
    )


def different(size: int, length: int) -> list[str]:
    rng = random.Random(1)
    return [f"E   AssertionError: {words(rng, length)}" for _ in range(size // (length + 300))]


RNG = random.Random(7)
Content = str | bytes
INPUTS: dict[str, tuple[str, Callable[[int], Content]]] = {
    "suites in suites": ("r.xml", lambda n: nested("<testsuite>", "</testsuite>", n)),
    "suites in suites, named": ("r.xml", lambda n: nested('<testsuite name="abc">', "</testsuite>", n)),
    "suites in suites, a failure in each": ("r.xml", lambda n: nested('<testsuite name="abc">', "</testsuite>", n, '<testcase name="t"><failure/></testcase>')),
    "suites in suites, long names": ("r.xml", lambda n: nested(f'<testsuite name="{"n" * 2000}">', "</testsuite>", n, '<testcase name="t"><failure/></testcase>')),
    "suites in suites, a file in each": ("r.xml", lambda n: nested('<testsuite name="a" file="a/b.py" timestamp="2020-01-01T00:00:00+00:00">', "</testsuite>", n, '<testcase name="t"/>')),
    "cases in cases": ("r.xml", lambda n: nested("<testcase name='a'>", "</testcase>", n)),
    "failures in failures": ("r.xml", lambda n: xml_suite("<testcase name='a'>" + "<failure>" * (n // 20) + "</failure>" * (n // 20) + "</testcase>")),
    "unknown elements in each other": ("r.xml", lambda n: nested("<a>", "</a>", n)),
    "suites side by side": ("r.xml", lambda n: "<testsuites>" + fill("<testsuite/>", n) + "</testsuites>"),
    "bare cases": ("r.xml", lambda n: xml_suite(fill("<testcase/>", n))),
    "named cases": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase name="{i}"/>', n))),
    "failing cases": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase name="{i}"><failure/></testcase>', n))),
    "failing cases of one name": ("r.xml", lambda n: xml_suite(fill('<testcase name="a"><failure/></testcase>', n))),
    "attempts of one case": ("r.xml", lambda n: xml_suite("<testcase name='a'>" + fill("<rerunFailure/>", n) + "<failure/></testcase>")),
    "bare results of one case": ("r.xml", lambda n: xml_suite("<testcase name='a'>" + fill("<failure/>", n) + "</testcase>")),
    "pytest's attempts of one case": ("r.xml", lambda n: '<testsuites name="pytest tests"><testsuite name="pytest">' + fill('<testcase classname="a" name="b"/>', n) + "</testsuite></testsuites>"),
    "properties": ("r.xml", lambda n: xml_suite("<properties>" + numbered(lambda i: f'<property name="{i}" value="v"/>', n) + "</properties>")),
    "attributes of one element": ("r.xml", lambda n: "<testsuites><testsuite " + numbered(lambda i: f'a{i}="" ', n) + "/></testsuites>"),
    "one attribute": ("r.xml", lambda n: xml_suite(f'<testcase name="{"n" * n}"><failure/></testcase>')),
    "one attribute of references": ("r.xml", lambda n: xml_suite(f'<testcase name="{fill("&#1;", n)}"><failure/></testcase>')),
    "one attribute without an end": ("r.xml", lambda n: f'<testsuites><testsuite name="{"n" * n}'),
    "a message of one line": ("r.xml", lambda n: xml_suite(f'<testcase name="a"><failure message="{"m " * (n // 2)}"/></testcase>')),
    "names of 4 kB": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase name="{i:06}{"n" * 4000}"><failure message="m"/></testcase>', n))),
    "names of 4 kB, every sign another": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase name="{i:06}{words(RNG, 4000)}"><failure message="m"/></testcase>', n))),
    "names of 4 kB, each failing otherwise": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase name="{i:06}{words(RNG, 2000)}"><failure message="E: {words(RNG, 2000)}"/></testcase>', n))),
    "names of 4 kB of slashes": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase name="{i:06}{"a/" * 2000}"><failure message="m"/></testcase>', n))),
    "names of 4 kB with brackets": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase classname="{"A." * 1000}" name="t[{i:06}{"[" * 2000}"><failure message="m"/></testcase>', n))),
    "names of 4 kB like secrets": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase name="{i:06}{"token=abc " * 400}"><failure message="m"/></testcase>', n))),
    "names of 4 kB in base64": ("r.xml", lambda n: xml_suite(numbered(lambda i: f'<testcase name="{i:06}{"QUJDREVGR0g" * 364}"><failure message="m"/></testcase>', n))),
    "failures of 200 signs": ("r.xml", lambda n: failures_of(different(n, 200))),
    "failures of 2 kB": ("r.xml", lambda n: failures_of(different(n, 2_000))),
    "failures of 20 kB": ("r.xml", lambda n: failures_of(different(n, 20_000))),
    "failures of 30 kB of dots": ("r.xml", lambda n: failures_of(["E   AssertionError: " + "1.2.3.4:" * 3_700] * (n // 30_000))),
    "failures of 30 kB of frames": ("r.xml", lambda n: failures_of(["a/b.py:1: in f\n    g()\n" * 1_200 + "E   ValueError: x"] * (n // 30_000))),
    "failures of 30 kB of exceptions": ("r.xml", lambda n: failures_of(["E   ValueError: x\n\nDuring handling of the above exception, another exception occurred:\n\n" * 330] * (n // 30_000))),
    "failures of 30 kB of addresses": ("r.xml", lambda n: failures_of([f"E   OSError: {at}" + "http://a.b/c?d=e&f=0x12 " * 1_250 for at in range(n // 30_000)])),
    "failures of 30 kB of quotes": ("r.xml", lambda n: failures_of([f"E   KeyError: {at}" + "{'a': \"b\"}, " * 2_500 for at in range(n // 40_000)])),
    "failures like secrets": ("r.xml", lambda n: failures_of([f"E   Error: {at} " + "password=abc token: 'x' Bearer abcdefgh1234 " * 600 for at in range(n // 27_000)])),
    "zip of entries of 15 MB": ("r.zip", lambda n: packed_entries(n, 15 << 20)),
    "zip of entries of 1 MB": ("r.zip", lambda n: packed_entries(n, 1 << 20)),
    "zip of small entries": ("r.zip", lambda n: zipped([(f"{at}.xml", b"<testsuite><testcase name='a'><failure/></testcase></testsuite>") for at in range(n // 190)])),
    "zip of empty entries": ("r.zip", lambda n: zipped([(f"{at}.xml", b"") for at in range(n // 110)])),
    "zip of long names": ("r.zip", lambda n: zipped([(f"{at}{'n' * 20_000}.xml", b"<testsuite/>") for at in range(n // 40_200)])),
    "zip of dense cases": ("r.zip", lambda n: zipped([("r.xml", xml_suite(fill("<testcase name='a'><failure/></testcase>", n * 100)).encode())])),
    "zip of dense JSON": ("r.zip", lambda n: zipped([("r.json", ('{"exitcode":1,"x":[' + fill("{},", n * 100) + "0]}").encode())])),
    "zip of gzips": ("r.zip", lambda n: zipped([(f"{at}.xml.gz", gzip.compress(xml_suite("<testcase name='a'>" + "x" * (15 << 20) + "</testcase>").encode())) for at in range(min(100, n // 16_000))])),
    "gzip of 15 MB": ("r.xml.gz", lambda n: gzip.compress(xml_suite("<testcase name='a'><failure>" + "x" * (15 << 20) + "</failure></testcase>").encode())),
    "gzip of random text": ("r.xml.gz", lambda n: gzip.compress(failures_of(different(n * 2, 2_000)).encode())[:n]),
    "gzip of dense cases": ("r.xml.gz", lambda n: dense(n, 100, "<testcase name='a'><failure/></testcase>", "<testsuite>", "</testsuite>")),
    "gzip of bare cases": ("r.xml.gz", lambda n: dense(n, 100, "<testcase/>", "<testsuite>", "</testsuite>")),
    "gzip of suites in suites": ("r.xml.gz", lambda n: dense(n, 100, "<testsuite>", "<testsuites>", "")),
    "gzip of dense JSON": ("r.json.gz", lambda n: dense(n, 100, "[],", '{"exitcode":1,"x":[', "0]}")),
    "gzip of empty objects": ("r.json.gz", lambda n: dense(n, 100, "{},", '{"exitcode":1,"x":[', "0]}")),
    "gzip of tests": ("r.json.gz", lambda n: dense(n, 100, '{"nodeid":"a","outcome":"failed"},', '{"exitcode":1,"tests":[', "0]}")),
    "gzip of one line of a log": ("r.txt.gz", lambda n: dense(n, 100, "x", terminal(""), "")),
    "gzip of short lines of a log": ("r.txt.gz", lambda n: dense(n, 100, "x\n", terminal(""), "")),
    "gzip of status lines": ("r.txt.gz", lambda n: dense(n, 100, "a.py::t FAILED\n", terminal(""), "")),
    "gzip without an end": ("r.xml.gz", lambda n: gzip.compress(os.urandom(n))[:-100]),
    "arrays in arrays": ("r.json", lambda n: '{"exitcode": 1, "tests": ' + "[" * (n // 2) + "]" * (n // 2) + "}"),
    "objects in objects": ("r.json", lambda n: '{"exitcode": 1, "tests": ' + fill('{"a":', n) + "}"),
    "empty arrays": ("r.json", lambda n: '{"exitcode": 1, "tests": [' + fill("[],", n) + "0]}"),
    "empty objects": ("r.json", lambda n: '{"exitcode": 1, "tests": [' + fill("{},", n) + "0]}"),
    "numbers": ("r.json", lambda n: '{"exitcode": 1, "tests": [' + fill("1,", n) + "0]}"),
    "digits": ("r.json", lambda n: '{"exitcode": 1' + "0" * n + "}"),
    "keys": ("r.json", lambda n: '{"exitcode": 1' + numbered(lambda i: f',"{i}":0', n) + "}"),
    "doubled keys": ("r.json", lambda n: '{"exitcode": 1' + fill(',"exitcode":0', n) + "}"),
    "tests": ("r.json", lambda n: '{"exitcode": 1, "tests": [' + numbered(lambda i: f'{{"nodeid":"{i}","outcome":"failed"}},', n) + "0]}"),
    "tests of one name": ("r.json", lambda n: '{"exitcode": 1, "tests": [' + fill('{"nodeid":"a","outcome":"failed"},', n) + "0]}"),
    "tests that were run again": ("r.json", lambda n: '{"exitcode": 1, "tests": [' + fill('{"nodeid":"a","outcome":"rerun"},', n) + "0]}"),
    "phases of one test": ("r.json", lambda n: '{"exitcode": 1, "tests": [{"nodeid": "a", "outcome": "failed"' + numbered(lambda i: f',"p{i}":{{"outcome":"failed"}}', n) + "}]}"),
    "collectors": ("r.json", lambda n: '{"exitcode": 1, "collectors": [' + numbered(lambda i: f'{{"nodeid":"{i}","outcome":"failed","longrepr":"x"}},', n) + "0]}"),
    "log records": ("r.json", lambda n: pytest_json([failing("a", "boom", log=[{"levelname": "E", "msg": "m"}] * (n // 40))])),
    "groups in groups": ("r.json", lambda n: pytest_json([failing(f"a{i}", "x") | {"metadata": {"triagebot": {"chains": {"call": [chained(50)]}}}} for i in range(n // 4_500)])),
    "long chains": ("r.json", lambda n: pytest_json([failing("a", "x") | {"metadata": {"triagebot": {"chains": {"call": [{"type": "E", "message": "m", "link": "cause"}] * (n // 50)}}}}])),
    "node ids of 4 kB": ("r.json", lambda n: pytest_json([failing(f"{i}{'n' * 4_000}", "E  x: y") for i in range(n // 4_200)])),
    "one node id": ("r.json", lambda n: pytest_json([failing("n" * n, "x")])),
    "one longrepr of one line": ("r.json", lambda n: pytest_json([failing("a", "E   ValueError: " + "x" * n)])),
    "one longrepr of short lines": ("r.json", lambda n: pytest_json([failing("a", "E   x\n" * (n // 8))])),
    "environment": ("r.json", lambda n: pytest_json([failing("a", "x")], environment={"environment": "e" * (n // 2), "branch": "b" * (n // 2)})),
    "a log of one line": ("r.txt", lambda n: terminal("x" * n)),
    "a log of one line of words": ("r.txt", lambda n: terminal(fill("FAILED a.py::t - ", n))),
    "a log of short lines": ("r.txt", lambda n: terminal(fill("x\n", n))),
    "a log of status lines": ("r.txt", lambda n: terminal(numbered(lambda i: f"a.py::t{i} FAILED\n", n))),
    "a log of status lines of one name": ("r.txt", lambda n: terminal(fill("a.py::t FAILED\n", n))),
    "a log of summaries": ("r.txt", lambda n: terminal("==== short test summary info ====\n" + numbered(lambda i: f"FAILED a.py::t{i} - x\n", n))),
    "a log of headings": ("r.txt", lambda n: terminal("==== FAILURES ====\n" + numbered(lambda i: f"___ t{i} ___\nE  x\n", n))),
    "a log of headings of one name": ("r.txt", lambda n: terminal("==== FAILURES ====\n" + fill("___ t ___\nE  x\n", n) + "==== short test summary info ====\n" + fill("FAILED a.py::t - x\n", n // 2))),
    "a log of headings and summaries": ("r.txt", lambda n: terminal("==== FAILURES ====\n" + numbered(lambda i: f"___ t{i} ___\nE  x\n", n // 2) + "==== short test summary info ====\n" + numbered(lambda i: f"FAILED a.py::t{i} - x\n", n // 2))),
    "a log of sessions": ("r.txt", lambda n: fill(terminal("a.py::t FAILED"), n)),
    "a log of titles": ("r.txt", lambda n: fill("==== FAILURES ====\n", n)),
    "a log of carriage returns": ("r.txt", lambda n: terminal(fill("\r", n))),
    "a log of colours": ("r.txt", lambda n: terminal(fill("\x1b[31m", n))),
    "a log of underscores": ("r.txt", lambda n: terminal("==== FAILURES ====\n" + fill("_" * 1_900 + "\n", n))),
    "a log of letters": ("r.txt", lambda n: terminal(fill("." * 70 + " [ 50%]\n", n))),
    "a log of places": ("r.txt", lambda n: terminal("==== FAILURES ====\n" + fill("a.py:1: x\n", n) + "==== short test summary info ====\nFAILED a.py::t - x")),
    "blanks": ("r.xml", lambda n: " " * n),
    "NULs": ("r.xml", lambda n: b"\0" * n),
    "brackets of XML": ("r.xml", lambda n: "<testsuite>" + "<" * n),
    "a declaration without an end": ("r.xml", lambda n: "<?xml " + "x" * n + "<testsuite>"),
    "an entity": ("r.xml", lambda n: '<!DOCTYPE a [<!ENTITY a "' + "a" * n + '">]><testsuite name="&a;"/>'),
    "a comment": ("r.xml", lambda n: "<testsuites><!--" + "c" * n + "--><testsuite/></testsuites>"),
    "processing instructions": ("r.xml", lambda n: "<testsuites>" + fill("<?a?>", n) + "<testsuite/></testsuites>"),
    "namespaces": ("r.xml", lambda n: "<testsuites " + numbered(lambda i: f'xmlns:a{i}="b" ', n) + "><testsuite/></testsuites>"),
    "signs of four bytes": ("r.xml", lambda n: xml_suite(f"<testcase name='a'><failure>{fill(chr(0x1f600), n // 4)}</failure></testcase>")),
    "signs of UTF-16": ("r.xml", lambda n: xml_suite("<testcase name='a'><failure>" + "é" * (n // 2) + "</failure></testcase>").encode("utf-16")),
    "signs that combine": ("r.xml", lambda n: xml_suite(f"<testcase name='a'><failure>{fill('e' + chr(0x301), n)}</failure></testcase>")),
    "invisible signs": ("r.xml", lambda n: xml_suite(f"<testcase name='a{fill(chr(0x200b), n // 2)}'><failure>{fill(chr(0x202e), n // 4)}</failure></testcase>")),
    "bytes of no encoding": ("r.xml", lambda n: b"<testsuite><testcase name='a'><failure>" + b"\xff" * n),
    "random bytes": ("r.xml", os.urandom),
}  # fmt: skip
"""What it is called ▶ the file's name, and its content of at most so many bytes."""


def many_files(folder: Path, content: str, count: int) -> None:
    for at in range(count):
        home = folder / "r" / str(at // 1_000)
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{at}.xml").write_text(content)


FOLDERS: dict[str, Callable[[Path, int], None]] = {
    "folder of 50,000 empty files": lambda folder, _: many_files(folder, "", 50_000),
    "folder of small reports": lambda folder, n: many_files(folder, "<testsuite><testcase name='a'><failure/></testcase></testsuite>", n // 64),
    "folder of small green reports": lambda folder, n: many_files(folder, "<testsuite><testcase name='a'/></testsuite>", n // 44),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    mib: float
    seconds: float
    code: int


def spent(folder: Path, verb: str, path: str) -> Cost:
    """What one command costs. `code` is negative for one that had to be killed."""
    command = [sys.executable, "-c", "from triagebot.cli import main; main()", verb, path]
    command += ["--json"] if verb == "group" else ["--tracker", "local", "--draft", "digest"]
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, preexec_fn=limit)  # noqa: PLW1509 - there are no threads
        _, status, usage = os.wait4(process.pid, 0)
    seconds = usage.ru_utime + usage.ru_stime
    return Cost(usage.ru_maxrss / 1024, seconds, os.waitstatus_to_exitcode(status))


def limit() -> None:
    """Ends a command that computes for too long. Seconds are those of the processor: others may use this machine, too."""
    resource.setrlimit(resource.RLIMIT_CPU, (KILLED_AFTER_S, KILLED_AFTER_S))


def write(folder: Path, name: str, size: int) -> None:
    """The input on disk."""
    if name in FOLDERS:
        FOLDERS[name](folder, size)
    else:
        file, make = INPUTS[name]
        content = make(size)
        (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())


def written(folder: Path, name: str, size: int) -> str:
    """What to name on the command line, once it is there. Another process writes: Linux counts what this one had as its child's."""
    writer = Process(target=write, args=(folder, name, size))
    writer.start()
    writer.join()
    return "r" if name in FOLDERS else INPUTS[name][0]


def pace() -> float:
    """Seconds of processor time of a fixed loop: machines that others use as well are not always equally quick."""
    began = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number * number % 7
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--verb", action="append", choices=["group", "triage"])
    parser.add_argument("--megabytes", type=float, default=2.0)
    asked = parser.parse_args()
    table = Table("input", "bytes", "verb", "MiB", "s", "exit")
    over = 0
    worst = Cost(0, 0, 0)
    for name in (name for name in (*INPUTS, *FOLDERS) if asked.only in name):
        for verb in asked.verb or ["group", "triage"]:
            with tempfile.TemporaryDirectory() as place:
                folder = Path(place)
                path = written(folder, name, int(asked.megabytes * (1 << 20)) - 300)
                size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
                cost = spent(folder, verb, path)
            bad = cost.mib > MOST_MIB or cost.seconds > MOST_SECONDS or cost.code not in (0, 1)
            over += bad
            worst = Cost(max(worst.mib, cost.mib), max(worst.seconds, cost.seconds), 0)
            style = "red" if bad else ""
            row = (name, str(size), verb, f"{cost.mib:.0f}", f"{cost.seconds:.1f}", str(cost.code))
            table.add_row(*row, style=style)
            print("OVER" if bad else "ok  ", *row, file=sys.stderr, flush=True)
    Console(width=130).print(table)
    print(
        f"worst: {worst.mib:.0f} MiB, {worst.seconds:.1f} s; {over} over {MOST_MIB} MiB or {MOST_SECONDS} s; "
        f"a loop of 10,000,000 rounds takes {pace():.1f} s here"
    )
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()
