"""Small reports of the shapes that strangers' tools write are counted as they say: passed, failed, error, skipped."""

import json

import pytest

from triagebot.reports import Context, merge, parse


def trx(results: str, outcome: str = "Failed", definitions: str = "") -> str:
    return (
        '<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">'
        f"<Results>{results}</Results><TestDefinitions>{definitions}</TestDefinitions>"
        f'<ResultSummary outcome="{outcome}"/></TestRun>'
    )


def row(name: str, outcome: str = "", inner: str = "", id_: str = "1", tag: str = "UnitTestResult") -> str:
    said = f'outcome="{outcome}"' if outcome else ""
    return f'<{tag} testId="{id_}" testName="{name}" {said}>{inner}</{tag}>'


def info(inner: str) -> str:
    return f"<Output><ErrorInfo>{inner}</ErrorInfo></Output>"


def class_(id_: str, name: str) -> str:
    return f'<UnitTest id="{id_}"><TestMethod className="{name}"/></UnitTest>'


def nunit3(inner: str, attributes: str = "") -> str:
    return f'<test-run result="Failed" {attributes}><test-suite type="Assembly" name="a.dll">{inner}</test-suite></test-run>'


def nunit2(inner: str) -> str:
    return f'<test-results name="a.dll"><test-suite><results>{inner}</results></test-suite></test-results>'


def jest(*assertions: tuple[str, str], **more: object) -> str:
    told = [
        {"ancestorTitles": [], "title": title, "fullName": title, "status": status, "failureMessages": []}
        for title, status in assertions
    ]
    result = {"name": "/w/a.test.js", "status": "passed", "assertionResults": told, **more}
    return json.dumps({"numTotalTests": len(told), "success": True, "testResults": [result]})


def mocha(**lists: list[str]) -> str:
    named = {kind: [{"title": name, "fullTitle": f"S {name}", "err": {"message": "m"} if kind == "failures" else {}} for name in names] for kind, names in lists.items()}  # fmt: skip
    return json.dumps({"stats": {"suites": 1, "tests": 9, "passes": 0}, **named})


def go(*events: tuple[str, str, str]) -> str:
    return "\n".join(json.dumps({"Action": action, "Package": package, **({"Test": test} if test else {})}) for action, package, test in events)  # fmt: skip


PLAIN = '<test name="N.{0}" type="N" method="{0}" result="{1}"/>'
STRANGERS = {
    "TRX: no message, only a stack": (trx(row("N.A", "Passed") + row("N.B", "Failed", info("<StackTrace>at x</StackTrace>"), "2")), (1, 1, 0, 0)),
    "TRX: nothing but output": (trx(row("N.A", "Failed", "<Output><StdOut>x</StdOut></Output>")), (0, 1, 0, 0)),
    "TRX: an outcome left out": (trx(row("N.A")), (0, 1, 0, 0)),
    "TRX: skipped and inconclusive": (trx(row("N.A", "NotExecuted") + row("N.B", "Inconclusive", id_="2"), "Completed"), (0, 0, 0, 2)),
    "TRX: rows of data": (trx(row("N.A", "Failed", f"<InnerResults>{row('N.A (1)', 'Passed')}{row('N.A (2)', 'Failed')}</InnerResults>")), (1, 1, 0, 0)),
    "TRX: an ordered test": (trx(row("O", "Failed", f"<InnerResults>{row('N.A', 'Failed')}{row('N.B', 'Passed')}</InnerResults>", tag="TestResultAggregation")), (1, 1, 0, 0)),
    "TRX: tests that are no unit tests": (trx(row("g", "Failed", tag="GenericTestResult") + row("w", "Passed", tag="WebTestResult")), (1, 1, 0, 0)),
    "TRX: one name in two classes": (trx(row("A", "Passed", id_="1") + row("A", "Failed", id_="2"), definitions=class_("1", "N.X, a") + class_("2", "N.Y")), (1, 1, 0, 0)),
    "TRX: nothing": (trx("", "Completed"), (0, 0, 0, 0)),
    "NUnit 3: parameters": (nunit3('<test-case fullname="N.P(1,&quot;a&quot;)" result="Passed"/><test-case fullname="N.P(2,null)" result="Failed"/>'), (1, 1, 0, 0)),
    "NUnit 3: warnings, ignored, inconclusive": (nunit3('<test-case fullname="W" result="Warning"/><test-case fullname="I" result="Inconclusive"/><test-case fullname="S" result="Skipped" label="Ignored"/><test-case fullname="F" result="Failed"/>'), (1, 1, 0, 2)),
    "NUnit 3: a set-up that failed": (nunit3('<test-suite fullname="N.F" result="Failed" site="SetUp"><failure><message>m</message></failure><test-case fullname="N.F.A" result="Failed" site="Parent"/></test-suite>'), (0, 1, 0, 0)),
    "NUnit 3: an assembly that cannot be run": ('<test-run result="Failed"><test-suite type="Assembly" name="a.dll" runstate="NotRunnable" result="Failed"><reason><message>no tests</message></reason></test-suite></test-run>', (0, 0, 1, 0)),
    "NUnit 2.5": (nunit2('<test-case name="A" executed="True" result="Success" success="True"/><test-case name="B" executed="True" result="Error" success="False"/><test-case name="C" executed="False" result="Ignored"/>'), (1, 1, 0, 1)),
    "NUnit before 2.5": (nunit2('<test-case name="A" executed="True" success="True"/><test-case name="B" executed="True" success="False"/><test-case name="C" executed="False"/>'), (1, 1, 0, 1)),
    "xUnit.net 2: not run, and an error beside": (f'<assemblies><assembly name="a" errors="1"><errors><error type="assembly-cleanup" name="n"><failure><message>m</message></failure></error></errors><collection>{PLAIN.format("A", "Pass")}{PLAIN.format("B", "Fail")}{PLAIN.format("C", "Skip")}{PLAIN.format("D", "NotRun")}</collection></assembly></assemblies>', (1, 1, 1, 2)),
    "xUnit.net 1": (f'<assembly name="a"><class name="N">{PLAIN.format("A", "Pass")}{PLAIN.format("B", "Fail")}</class></assembly>', (1, 1, 0, 0)),
    "xUnit.net: nothing": ("<assemblies/>", (0, 0, 0, 0)),
    "JUnit of Gradle": ('<testsuite name="N.T" tests="3" skipped="1" failures="1" errors="0" timestamp="2026-01-01T00:00:00.123Z" hostname="h" time="0.1"><properties/><testcase name="a()" classname="N.T" time="0.1"/><testcase name="[1] b" classname="N.T" time="0.1"><failure message="m" type="t">s</failure></testcase><testcase name="c()" classname="N.T" time="0.0"><skipped/></testcase><system-out><![CDATA[]]></system-out><system-err><![CDATA[]]></system-err></testsuite>', (1, 1, 0, 1)),
    "JUnit of Swift": ('<testsuites><testsuite name="TestResults" errors="0" tests="3" failures="1" time="1"><testcase classname="A.T" name="test_a" time="0.3"></testcase><testcase classname="A.T" name="test_b"><failure message="failed"></failure></testcase><testcase classname="A.T" name="test_c"><skipped></skipped></testcase></testsuite></testsuites>', (1, 1, 0, 1)),
    "JUnit of Ginkgo": ('<testsuites tests="3" disabled="1" errors="1" failures="1"><testsuite name="S" tests="4" disabled="1" errors="1" failures="1"><testcase name="[It] a" classname="S" status="passed"/><testcase name="[It] b" classname="S" status="failed"><failure message="m" type="failed">t</failure></testcase><testcase name="[It] c" classname="S" status="panicked"><error message="m" type="panicked">t</error></testcase><testcase name="[It] d" classname="S" status="pending"><skipped message="pending"/></testcase></testsuite></testsuites>', (1, 1, 1, 1)),
    "Jest: what does not run": (jest(("a", "passed"), ("b", "todo"), ("c", "pending"), ("d", "disabled"), ("e", "skipped")), (1, 0, 0, 4)),
    "Jest: a file that could not run": (jest(status="failed", message="  ● Test suite failed to run\n\n    Cannot find module 'x'"), (0, 0, 1, 0)),
    "Mocha: lists without all tests": (mocha(passes=["a"], failures=["b"], pending=["c"]), (1, 1, 0, 1)),
    "Mocha: a hook": (mocha(tests=["a"], passes=["a"], failures=['"before each" hook for "b"'], pending=[]), (1, 1, 0, 0)),
    "Mocha: what npm prints around it": ("\n> app@1.0.0 test\n> mocha --reporter json\n\n" + mocha(tests=["a"], passes=["a"], failures=[], pending=[]) + "\nnpm ERR! code ELIFECYCLE\nnpm ERR! errno 1\n", (1, 0, 0, 0)),
    "Jest: what yarn prints around it": ("yarn run v1.22.22\n$ jest --json\n" + jest(("a", "passed")) + "\nDone in 1.20s.\n", (1, 0, 0, 0)),
    "RSpec: a file that does not load": (json.dumps({"version": "3.11", "messages": ["\nAn error occurred while loading ./spec/a_spec.rb"], "examples": [], "summary": {"example_count": 0, "errors_outside_of_examples_count": 1}, "summary_line": ""}), (0, 0, 1, 0)),
    "Go: subtests, skips, packages without tests": (go(("run", "p", "TestA"), ("run", "p", "TestA/x"), ("fail", "p", "TestA/x"), ("fail", "p", "TestA"), ("skip", "p", "TestS"), ("pass", "p", "TestP"), ("fail", "p", ""), ("skip", "q", "")), (1, 1, 0, 1)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "counts"), STRANGERS.values(), ids=STRANGERS)
def test_a_strangers_report_counts_what_it_says(text, counts):
    report = parse("report", text.encode())
    totals = merge([report], Context()).totals
    assert report.readable, report.problems
    assert (totals.passed, totals.failed, totals.error, totals.skipped) == counts


def test_screenshots_that_robots_log_links_to_are_kept():
    image = '&lt;a href="shot-1.png"&gt;&lt;img src="shot-1.png" width="800px"&gt;&lt;/a&gt; &lt;a href="https://shop.example/a.png"&gt;'
    text = (
        '<robot generator="Robot 7.0"><suite name="S"><test name="pays"><kw name="Click">'
        f'<msg level="INFO" html="true">{image}</msg><status status="FAIL"/></kw><status status="FAIL">no</status></test></suite></robot>'
    )
    report = parse("output.xml", text.encode())
    assert [one.path for case in report.cases for f in case.failures for one in f.attachments] == [
        "shot-1.png"
    ]


def test_two_documents_in_one_file_are_no_report():
    one = mocha(tests=["a"], passes=["a"], failures=[], pending=[])
    assert not parse("r.json", f"{one}\n{one}".encode()).readable
