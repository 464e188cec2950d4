"""JUnit XML: what each dialect's elements mean."""

from datetime import UTC, datetime

import pytest

from triagebot.reports import parse, xml_documents


def read(body, name="pytest", attributes=""):
    text = f'<?xml version="1.0"?><testsuites><testsuite name="{name}" {attributes}>{body}</testsuite></testsuites>'
    return parse("j.xml", text.encode())


def cases(body, name="pytest"):
    return [(c.test, c.outcome, [f.phase for f in c.failures]) for c in read(body, name).cases]


def t(inner="", name="t", classname="a"):
    return f'<testcase classname="{classname}" name="{name}">{inner}</testcase>'


PYTEST = [  # elements, outcome, phases
    (t(), "passed", []),
    (t('<failure message="m"/>'), "failed", ["call"]),
    (t('<error message="failed on setup with &quot;m&quot;"/>'), "error", ["setup"]),
    (t('<error message="failed on teardown with &quot;m&quot;"/>'), "error", ["teardown"]),
    (t('<error message="test setup failure"/>'), "error", ["setup"]),
    (t('<error message="test teardown failure"/>'), "error", ["teardown"]),
    (t('<error message="collection failure"/>'), "error", ["collect"]),
    (
        t(
            "<error message=\"failed on setup with &quot;worker 'gw0' crashed while running 'a.py::t'&quot;\"/>"
        ),
        "failed",
        ["call"],
    ),
    (
        t("<failure/>") + t('<error message="failed on teardown with &quot;m&quot;"/>'),
        "failed",
        ["call", "teardown"],
    ),
    (t('<failure/><error message="failed on teardown with &quot;m&quot;"/>'), "failed", ["call", "teardown"]),
    (t('<skipped type="pytest.skip"/>'), "skipped", []),
    (t('<skipped type="pytest.xfail"/>'), "xfailed", []),
    (t('<skipped message="xfail-marked test passes unexpectedly"/>'), "xpassed", []),
]


@pytest.mark.parametrize("elements, outcome, phases", PYTEST)
def test_pytests_elements_mean_phases(elements, outcome, phases):
    assert cases(elements) == [("a.py::t", outcome, phases)]


def test_messages_are_unwrapped_and_restored_from_the_text():
    text = "def t():\n&gt;   f()\nE   ValueError: first\nE     second\n\na.py:1: ValueError"
    cut = "failed on setup with &quot;ValueError: first\n[+1 more line; full report in element text]"
    report = read(t(f'<error message="{cut}">{text}</error>'.replace("\n", "&#10;")))
    assert report.cases[0].failures[0].message == "ValueError: first\n  second"


def test_attempts_before_the_last_failed_though_pytest_leaves_them_bare():
    (case,) = read(t() + t() + t("<failure/>", "u") + t()).cases[:1]
    assert [a.outcome for a in case.attempts] == ["failed", "failed", "passed"]


def test_an_internal_error_is_no_case_but_an_exit_code():
    report = read(
        t('<error message="internal error">Traceback\nOSError: gone\n</error>', "internal", "pytest")
    )
    assert (report.cases, report.exit_code, report.complete) == ((), 3, False)
    assert [p.reason for p in report.problems] == ["pytest stopped with an internal error: OSError: gone"]


def test_only_failed_collection_means_that_pytest_stopped():
    broken = t('<error message="collection failure"/>')
    assert read(broken).complete is False
    assert read(broken + t(name="u")).complete is True


OTHERS = [  # elements, outcome
    (t("<failure/>"), "failed"),
    (t("<error/>"), "error"),
    (t("<skipped/>"), "skipped"),
    (t('<skipped type="todo"/><failure/>'), "xfailed"),
    ('<testcase classname="a" name="t" status="notrun"/>', "skipped"),
    ('<testcase classname="a" name="t" status="run"/>', "passed"),
]


@pytest.mark.parametrize("elements, outcome", OTHERS)
def test_other_tools_elements_keep_their_own_count(elements, outcome):
    assert cases(elements, "suite") == [("a.t", outcome, ["call"] if outcome in ("failed", "error") else [])]


def test_a_failure_and_an_error_in_one_case_are_both_kept():
    assert cases(t("<error/><failure/>"), "suite") == [("a.t", "failed", ["call", "call"])]


def test_text_after_a_child_element_and_a_type_without_text_are_kept():
    report = read(
        t("<failure>one<b>two</b>three</failure>") + t('<error type="E" message="m"/>', "u"), "suite"
    )
    assert [f.text for c in report.cases for f in c.failures] == ["onetwothree", "E: m"]


def test_a_namespace_changes_nothing():
    text = (
        '<testsuite xmlns="urn:x" name="s"><testcase classname="a" name="t"><failure/></testcase></testsuite>'
    )
    assert [c.outcome for c in parse("j", text.encode()).cases] == ["failed"]


def test_cases_outside_any_suite_are_read():
    text = '<testsuites><testcase classname="a" name="t"><failure/></testcase></testsuites>'
    assert [c.test for c in parse("j", text.encode()).cases] == ["a.t"]


IDS = [  # suite name, attributes of the case, id
    ("s", 'classname="com.acme.Cart" name="adds"', "com.acme.Cart.adds"),
    ("s", 'classname="github.com/acme/cart" name="TestAdd/x"', "github.com/acme/cart::TestAdd/x"),
    ("s", 'classname="cart adds" name="cart adds"', "cart adds"),
    ("s", 'classname="cart" name="cart adds"', "cart adds"),
    ("s", 'classname="test" name="adds"', "s.adds"),
    ("s", 'name="adds"', "s.adds"),
    ("s", 'classname="Cart" name="adds" file="spec\\cart.rb"', "spec/cart.rb::Cart::adds"),
    ("s", 'classname="Cart" name="adds" file="/home/me/spec/cart.rb"', "Cart.adds"),
    ("s", 'classname="Cart" name="adds" file="C:\\me\\cart.rb"', "Cart.adds"),
    ("s", 'classname="tests.test_a.TestX" name="t" file="tests/test_a.py"', "tests/test_a.py::TestX::t"),
]


@pytest.mark.parametrize("suite, attributes, test", IDS)
def test_ids_of_other_tools_are_the_same_on_every_machine(suite, attributes, test):
    assert [c.test for c in read(f"<testcase {attributes}/>", suite).cases] == [test]


def two_suites(one, two, names=("s", "s")):
    text = "".join(f'<testsuite name="{n}">{b}</testsuite>' for n, b in zip(names, (one, two), strict=True))
    return parse("j.xml", f"<testsuites>{text}</testsuites>".encode()).cases


def test_two_tests_of_one_name_are_two_tests():
    for pair in ((t("<failure/>"), t()), (t(), t("<failure/>"))):
        found = two_suites(*pair)
        assert sorted(c.outcome for c in found) == ["failed", "passed"]
        assert [len(c.attempts) for c in found] == [1, 1]
        assert [c.test for c in found] == ["a.t (namesake 1)", "a.t (namesake 2)"]
    both = two_suites(t('<failure message="1"/>'), t('<failure message="2"/>'))
    assert [f.message for c in both for f in c.failures] == ["1", "2"]


def test_two_tests_of_one_name_in_suites_of_other_names_are_told_apart():
    found = two_suites(t("<failure/>"), t(), ("x", "y"))
    assert [(c.test, c.outcome) for c in found] == [("x::a.t", "failed"), ("y::a.t", "passed")]
    assert found[0].failures[0].join == found[0].join == "x.a.t"


STARTS = [
    ("2025-09-10T19:52:00Z", datetime(2025, 9, 10, 19, 52, tzinfo=UTC)),
    ("2025-09-10T12:52:00.5-07:00", datetime(2025, 9, 10, 19, 52, 0, 500_000, tzinfo=UTC)),
    ("2025-09-10T19:52:00", None),
    ("0001-01-01T00:00:00+14:00", None),
    ("Sun, 22 Nov 2026", None),
]


@pytest.mark.parametrize("timestamp, started", STARTS)
def test_a_start_needs_a_zone(timestamp, started):
    assert read(t(), attributes=f'timestamp="{timestamp}"').started == started


TIMES = [("1,234.5", 1234.5), ("nan", None), ("inf", None), ("", None), ("x", None)]


@pytest.mark.parametrize("time, seconds", TIMES)
def test_odd_times_are_numbers_or_nothing(time, seconds):
    assert read(t(), attributes=f'time="{time}"').duration_s == seconds


def test_failures_that_are_counted_but_not_named_are_a_problem():
    report = read("", "s", 'failures="2" errors="x"')
    assert (report.unnamed, [p.reason for p in report.problems]) == (
        {"failed": 2},
        ["failures that are counted but not named: 2", 'counts that are none: errors="x"'],
    )
    assert (report.doubted, report.complete) == (True, False)


def test_a_cut_file_keeps_complete_cases_and_drops_the_open_one():
    text = f'<testsuites><testsuite name="pytest">{t()}{t("<failure>x</failure>", "u")}<testcase name="v"><failure>half'
    report = parse("j.xml", text.encode())
    assert ([c.test for c in report.cases], report.complete) == (["a.py::t", "a.py::u"], False)
    assert [p.reason for p in report.problems] == [f"XML cut off at byte {len(text)} (line 1)"]


def test_xml_broken_in_the_middle_says_where():
    report = parse("j.xml", f"<testsuites><testsuite>{t()}\n<a></b></testsuite></testsuites>".encode())
    assert [p.reason for p in report.problems] == ["not XML at line 2, column 5: mismatched tag"]
    assert len(report.cases) == 1


def test_nesting_without_end_is_read_or_refused_but_never_fatal():
    deep = "<testsuite>" * 50_000
    assert parse("j.xml", f"<testsuites>{deep}".encode()).complete is False


def test_two_suites_of_pytest_with_one_test_are_two_tests():
    found = two_suites(t("<failure/>"), t(), ("pytest", "pytest"))
    assert [(c.test, c.join, c.outcome) for c in found] == [
        ("a.py::t (namesake 1)", "a.t (namesake 1)", "failed"),
        ("a.py::t (namesake 2)", "a.t (namesake 2)", "passed"),
    ]
    assert [f.join for f in found[0].failures] == ["a.t (namesake 1)"]


@pytest.mark.parametrize(
    ("declared", "name"),
    [("utf-8", "né"), ("latin-1", "nÃ©"), ("x-nobody-knows", "né"), ("utf-16", "né"), ("hex", "né")],
)
def test_only_an_encoding_that_these_bytes_can_have_is_believed(declared, name):
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    found = parse("j.xml", f'{head}<testsuite name="s">{t(name="né")}</testsuite>'.encode())
    assert [c.test for c in found.cases] == [f"a.{name}"]


@pytest.mark.parametrize("error", [ValueError("odd"), RecursionError("deep")])
def test_whatever_stops_the_parser_is_a_problem(error, monkeypatch):
    def feed(self, text):
        raise error

    monkeypatch.setattr(xml_documents.DefusedXMLParser, "feed", feed)
    report = read(t())
    assert (report.complete, report.cases) == (False, ())
    assert [p.reason for p in report.problems] == [f"XML that cannot be read: {error}"]


def whole(text):
    report = parse("j.xml", text.encode())
    return [(c.test, c.outcome, c.duration_s) for c in report.cases], report.complete, report.problems


SHAPES = {  # what strangers' files hold: cases with outcome and seconds, whether it is complete
    "a report within a report": (
        f"<testsuites><testsuite name='x'>{t()}</testsuite><testsuites name='n'><testsuite name='y'>{t('<failure/>', 'u')}</testsuite></testsuites></testsuites>",
        [("a.t", "passed", None), ("n::y::a::u", "failed", None)], True,
    ),
    "Eclipse's root": (f"<testrun name='x' tests='1' ignored='0'><testsuite name='x'>{t()}</testsuite></testrun>", [("a.t", "passed", None)], True),
    "an error of a suite and no case": ("<testsuite name='x' tests='0' errors='1'><error message='no database'>at setUp</error></testsuite>", [("x", "error", None)], False),
    "a failure of a suite beside a case": (f"<testsuites><testsuite name='x'>{t()}<failure message='m'/></testsuite></testsuites>", [("x", "error", None), ("a.t", "passed", None)], False),
    "cases without a name": (
        "<testsuites><testsuite><testcase><failure/></testcase><testcase/><testcase classname='c'/><testcase><skipped/></testcase></testsuite></testsuites>",
        [("unnamed test (namesake 1)", "failed", None), ("unnamed test (namesake 2)", "passed", None), ("unnamed test (namesake 3)", "skipped", None), ("c", "passed", None)], True,
    ),
    "commas in times": (
        "<testsuite name='x'><testcase name='a' time='2,003.5'/><testcase name='b' time='0,123'/><testcase name='c' time='1,5'/><testcase name='d' time='1,234'/></testsuite>",
        [("x.a", "passed", 2003.5), ("x.b", "passed", 0.123), ("x.c", "passed", 1.5), ("x.d", "passed", 1234.0)], True,
    ),
    "several results of one case": (
        "<testsuite name='x' tests='2' failures='2' errors='1'><testcase name='a'><failure message='1'/><failure message='2'/></testcase><testcase name='b'><skipped/><error/></testcase></testsuite>",
        [("x.a", "failed", None), ("x.b", "error", None)], True,
    ),
    "nothing": ("<testsuites/>", [], True),
    "a suite of nothing": (f"<testsuites><testsuite name='x' tests='0'/><testsuite name='y'>{t()}</testsuite></testsuites>", [("a.t", "passed", None)], True),
}  # fmt: skip


@pytest.mark.parametrize(("text", "cases", "complete"), SHAPES.values(), ids=SHAPES)
def test_files_of_odd_shapes_are_read_to_the_last_case(text, cases, complete):
    assert whole(text) == (cases, complete, ())


def test_what_a_suite_says_of_itself_is_its_failure():
    report = parse(
        "j.xml", b"<testsuite name='x' errors='1'><error message='no database'>at setUp</error></testsuite>"
    )
    assert [(f.phase, f.message) for c in report.cases for f in c.failures] == [("setup", "no database")]


def test_files_that_the_output_of_a_failure_names_are_kept():
    out = "[[ATTACHMENT|../../test-results/a-pays/trace.zip]]\n[[ATTACHMENT|/builds/shop/app/out/a.png]]\n[[ATTACHMENT|/builds/shop/app/out/a.png]]"
    red, green = (
        t(f"{inner}<system-out>{out}</system-out>", name) for inner, name in (("<failure/>", "u"), ("", "t"))
    )
    report = parse("j.xml", f"<testsuites><testsuite name='x'>{red}{green}</testsuite></testsuites>".encode())
    kept = [one.path for case in report.cases for f in case.failures for one in f.attachments]
    assert kept == ["test-results/a-pays/trace.zip", "out/a.png"]


BROWSERS = {
    "Karma": "<testsuites><testsuite name='Chrome 120.0.0.0 (Linux x86_64)'><testcase name='S a' classname='Chrome_120_0_0_0_(Linux_x86_64).S'/></testsuite><testsuite name='Firefox 121.0 (Linux x86_64)'><testcase name='S a' classname='Firefox_121_0_(Linux_x86_64).S'><failure/></testcase></testsuite></testsuites>",
    "Web Test Runner": "<testsuites>" + "".join(f"<testsuite name='{browser}_playwright_/test'><properties><property name='browser.name' value='{browser}'/></properties><testcase name='a' classname='S' file='test/a.test.js'>{inner}</testcase></testsuite>" for browser, inner in (("Chrome", ""), ("Firefox", "<failure/>"))) + "</testsuites>",
}  # fmt: skip


@pytest.mark.parametrize("text", BROWSERS.values(), ids=BROWSERS)
def test_the_browser_that_ran_a_test_is_its_project_whatever_its_version(text):
    report = parse("j.xml", text.encode())
    assert [(c.project, c.outcome) for c in report.cases] == [("Chrome", "passed"), ("Firefox", "failed")]
    assert len({c.test.removesuffix(f" [{c.project}]") for c in report.cases}) == 1
    assert "120" not in report.cases[0].join
