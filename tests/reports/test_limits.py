"""One report beyond the limits costs little, tells which limit and file, keeps what it can, and proves nothing."""

import json
import tracemalloc
from types import SimpleNamespace

import pytest

from triagebot.config import Config, Limits
from triagebot.groups import group
from triagebot.history import proves_gone
from triagebot.reports import Context, formats, merge, parse
from triagebot.reports.model import Beyond

PASSED = '<testcase classname="c" name="before"/>'
FAILED = '<testcase classname="c" name="red"><failure message="boom"/></testcase>'


def suites(levels, inner="", *, name="abc"):
    opening = f'<testsuite name="{name}">'
    return f"<testsuites><testsuite>{PASSED}</testsuite>{opening * levels}{inner}{'</testsuite>' * levels}</testsuites>"


def many_tests(count):
    call = {"outcome": "passed"}
    return json.dumps(
        {
            "exitcode": 0,
            "tests": [{"nodeid": f"a.py::t{at}", "outcome": "passed", "call": call} for at in range(count)],
        }
    )


def cases(count, name="t{}"):
    inner = "".join(f'<testcase classname="c" name="{name.format(at)}"/>' for at in range(count))
    return f"<testsuites><testsuite>{inner}</testsuite></testsuites>"


ATTRIBUTES = " ".join(f"a{at}=''" for at in range(900))
BEYOND = {
    "suites in suites": (suites(50), {"depth": 20}, "limits.depth", 1),
    "suites in suites, and red within": (suites(50, FAILED), {"depth": 20}, "limits.depth", 1),
    "other elements in each other": (f"<testsuites><testsuite>{PASSED}{'<a>' * 50}", {"depth": 20}, "limits.depth", 1),
    "too many cases in XML": (cases(30), {"cases": 20}, "limits.cases", 20),
    "too many cases in suites in suites": (f"<testsuites><testsuite><testsuite>{PASSED * 15}</testsuite>{PASSED * 10}</testsuite></testsuites>", {"cases": 20}, "limits.cases", 20),
    "too many suites": (f"<testsuites>{f'<testsuite>{PASSED}</testsuite>' * 30}</testsuites>", {"cases": 20}, "limits.cases", 20),
    "too many cases in JSON": (many_tests(30), {"cases": 20}, "limits.cases", 0),
    "too many cases in a log": ("\n".join(f"a.py::t{at} PASSED" for at in range(30)) + "\n=== 30 passed in 1s ===\n", {"cases": 20}, "limits.cases", 20),
    "too many elements": (f"<testsuites><testsuite>{PASSED}{'<a/>' * 900}</testsuite></testsuites>", {"cases": 20}, "limits.cases", 1),
    "too many attributes": (f"<testsuites><testsuite>{PASSED}<a {ATTRIBUTES}/></testsuite></testsuites>", {"cases": 20}, "limits.cases", 1),
    "too many objects in JSON": (json.dumps({"exitcode": 0, "x": [{}] * 30}), {"cases": 20}, "limits.cases", 0),
    "a long name": (cases(3, "t{}" + "x" * 300), {"name_chars": 200}, "limits.name_chars", 3),
}  # fmt: skip


@pytest.mark.parametrize(("text", "limits", "key", "kept"), BEYOND.values(), ids=BEYOND)
def test_what_is_beyond_a_limit_is_told_and_the_run_proves_nothing(text, limits, key, kept):
    report = parse("r", text.encode(), limits=Limits(**limits))
    told = [problem for problem in report.problems if isinstance(problem, Beyond)]
    assert [(problem.path, key in problem.reason) for problem in told] == [("r", True)]
    assert (len(report.cases), report.complete) == (kept, False)
    run = merge([report], Context())
    assert (run.status, run.doubted) == ("errored" if kept else "unreadable", True)
    assert not any(proves_gone(run, {case.join}) for case in run.cases)
    assert [g.signature.kind for g in group(run, Config())] == ["run.unreadable"]
    assert not any(isinstance(p, Beyond) for p in parse("r", text.encode(), limits=Limits()).problems)


def test_a_red_case_beside_what_was_not_read_has_a_group_and_so_has_the_report():
    run = merge([parse("r", suites(50).replace(PASSED, FAILED).encode(), limits=Limits(depth=20))], Context())
    assert sorted(g.signature.kind for g in group(run, Config())) == ["error", "run.unreadable"]


def test_failures_beyond_the_limit_are_counted_and_not_grouped_and_the_run_proves_nothing():
    failing = "".join(f"<testcase name='f{at}'><failure/></testcase>" for at in range(30))
    text = f"<testsuites><testsuite>{failing}<testcase name='p'/></testsuite></testsuites>"
    report = parse("r", text.encode(), limits=Limits(failures=20))
    (told,) = [problem.reason for problem in report.problems if isinstance(problem, Beyond)]
    assert told == "more failing tests than one command groups; the first 20 of 30 count (limits.failures)"
    run = merge([report], Context())
    assert (run.status, run.doubted, run.totals.failed, run.totals.passed) == ("failed", True, 20, 1)
    assert not any(proves_gone(run, {case.join}) for case in run.cases)


def test_blocks_of_a_log_beyond_the_limit_are_told_of_and_not_read():
    blocks = "".join(f"____ test_{at} ____\nE   boom {at}\n" for at in range(30))
    text = f"=== test session starts ===\n=== FAILURES ===\n{blocks}=== 30 failed in 1s ===\n"
    report = parse("r", text.encode(), limits=Limits(failures=20))
    (told,) = report.problems
    assert isinstance(told, Beyond)
    assert "the first 20 of a session count (limits.failures)" in told.reason
    assert [case.test for case in report.cases] == [f"test_{at}" for at in range(20)]
    assert (report.complete, merge([report], Context()).doubted) == (False, True)


def test_long_names_stay_as_many_names_and_the_same_ones_in_every_run():
    limits = Limits(name_chars=200)
    texts = [cases(3, "x" * 300 + "{}"), cases(3, "x" * 300 + "{}").replace("<testsuite>", "<testsuite >")]
    first, again = (parse("r", text.encode(), limits=limits) for text in texts)
    assert len({case.join for case in first.cases}) == 3
    assert [case.join for case in first.cases] == [case.join for case in again.cases]
    assert all(len(case.test) == len(case.join) == 200 for case in first.cases)


def test_names_of_suites_in_each_other_are_not_held_once_for_each_case():
    text = suites(
        90, "".join(f"<testcase name='{at}'><failure/></testcase>" for at in range(500)), name="n" * 3_000
    )
    report = parse("r", text.encode())
    assert len(report.cases) == 501
    assert max(len(case.test) for case in report.cases) <= Limits().name_chars


HEAVY = {
    "suites": lambda size: "<testsuites>" + "<testsuite>" * (size // 11),
    "named suites": lambda size: "<testsuites>" + '<testsuite name="a">' * (size // 20),
    "suites with cases": lambda size: "<testsuites>" + '<testsuite name="a"><testcase name="b"/>' * (size // 40),
    "failures": lambda size: "<testsuite><testcase name='a'>" + "<failure>" * (size // 9),
    "cases": lambda size: "<testsuite>" + "<testcase name='a'>" * (size // 19),
    "arrays": lambda size: '{"exitcode": 1, "tests": ' + "[" * size,
    "attempts": lambda size: json.dumps({"exitcode": 1, "tests": [{"nodeid": "a", "outcome": "rerun"}] * (size // 40)}),
}  # fmt: skip


@pytest.mark.parametrize("make", HEAVY.values(), ids=HEAVY)
def test_memory_grows_with_the_size_of_a_report_and_no_faster(make):
    peaks = []
    for size in (100_000, 400_000):
        data = make(size).encode()
        tracemalloc.start()
        try:
            merge([parse("r", data)], Context())
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < 5 * peaks[0]
    assert peaks[1] < 60 << 20


def boom(error):
    def read(_file):
        raise error

    return read


@pytest.mark.parametrize(
    "error", [ValueError("s3cret"), RecursionError(), MemoryError(), KeyError("x"), AssertionError()]
)
@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_whatever_a_reader_raises_is_a_problem_of_its_file(name, error, monkeypatch):
    monkeypatch.setattr(formats, "import_module", lambda _: SimpleNamespace(read=boom(error)))
    report = parse("r.xml", b"<x/>", format=name)
    assert (report.readable, report.complete, report.cases) == (False, False, ())
    [problem] = report.problems
    assert problem.path == "r.xml"
    assert "s3cret" not in problem.reason
    assert merge([report], Context()).status == "unreadable"


ENCODINGS = [
    *("punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape", "hex", "base64", "zlib", "rot13", "bz2"),
    *("utf-7", "utf-16", "utf-32", "utf_16_be", "cp037", "cp1026", "mbcs", "oem", "charmap", "palmos", "hz", "iso2022_kr", "johab"),
    *("nonsense", "..", "aliases", "__init__", "utf-8", "utf8", "UTF-8-SIG", "latin-1", "windows-1252", "koi8-r", "gb18030", "shift_jis", "euc-jp", "big5"),
]  # fmt: skip


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize(
    "damage",
    ["", "\\x \\u12 \\N{x} +A- ~{ xn--", "é", "-" * 50_000],
    ids=["none", "escapes", "accent", "long"],
)
def test_no_declared_encoding_ends_the_reading_or_hides_a_failure(name, damage):
    text = f'<?xml version="1.0" encoding="{name}"?><testsuite tests="1" failures="1"><testcase name="b"><failure message="m">{damage}</failure></testcase></testsuite>'
    run = merge([parse("r.xml", text.encode())], Context())
    assert run.status in {"failed", "errored", "unreadable"}
    assert run.status == "failed" or run.problems


def test_texts_in_an_encoding_that_is_declared_are_read_as_they_were_written():
    for name, said in (
        ("iso-8859-1", "é"),
        ("windows-1251", "Ж"),
        ("shift_jis", "テスト"),
        ("gb18030", "测试"),
        ("koi8-r", "Ж"),
    ):
        text = f'<?xml version="1.0" encoding="{name}"?><testsuite><testcase name="{said}"/></testsuite>'
        [case] = parse("r.xml", text.encode(name)).cases
        assert case.test == said
