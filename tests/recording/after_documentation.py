"""Writes samples of reports whose runners cannot be installed here, in the shape that their documentation gives.

Run by hand:  python tests/recording/after_documentation.py

Out: `tests/data/runners/<tool>/`, each with a provenance.json that says so and an expected.json. Nothing here was
recorded. The cases below are the suite of the recorded runners, with the errors that the platforms' own clients say.
"""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

OUT = Path(__file__).parent.parent / "data" / "runners"


@dataclass(frozen=True)
class Case:
    """One test: where it stands, how it ends ("passed", "failed", "error", "skipped"), what it says, by which fault."""

    suite: str
    name: str
    outcome: str = "passed"
    fault: str = ""
    kind: str = ""
    message: str = ""
    stack: str = ""
    project: str = ""
    phase: str = "call"

    @property
    def first(self) -> str:
        return self.message.splitlines()[0] if self.message else ""


HTTP = "System.Net.Http.HttpRequestException"
AT = "   at Shop.Staging.Get(String service, String path) in /home/runner/work/app/app/Shop.Tests/Staging.cs:line {}\n   at Shop.Tests.{}.{}() in /home/runner/work/app/app/Shop.Tests/{}.cs:line {}"


def _at(suite: str, name: str, line: int) -> str:
    return AT.format(20 + line % 7, suite, name, suite, line)


DOTNET = (
    Case("AccountsTests", "SignsIn"),
    Case("AccountsTests", "IsHealthy"),
    Case("AccountsTests", "ExportsAsPdf", "skipped", "skipped", "", "no PDF on staging"),
    Case("AccountsTests", "ShowsTheTotal"),
    Case("AgentsTests", "ChatAnswersAQuestion", "failed", "ws-1011", "Shop.ChatClosedException",
         "The chat was closed: InternalServerError (1011) Internal error"),
    Case("AgentsTests", "QuotesArePriced", "failed", "http-503", HTTP,
         "Response status code does not indicate success: 503 (Service Unavailable)."),
    Case("AgentsTests", "ReportServiceIsUp", "failed", "refused", HTTP,
         "Connection refused (127.0.0.1:8812)\n---- System.Net.Sockets.SocketException : Connection refused"),
    Case("AgentsTests", "DeepReportIsReadyInTime", "failed", "timeout", "System.Threading.Tasks.TaskCanceledException",
         "The request was canceled due to the configured HttpClient.Timeout of 1 seconds elapsing.\n---- System.TimeoutException : A task was canceled.\n-------- System.Threading.Tasks.TaskCanceledException : A task was canceled."),
    Case("AgentsTests", "BasketHoldsThePlan", "failed", "missing", "System.Collections.Generic.KeyNotFoundException",
         "The given key 'plan' was not present in the dictionary."),
    Case("AgentsTests", "OrderCanBePlaced", "failed", "missing", "OpenQA.Selenium.NoSuchElementException",
         'no such element: Unable to locate element: {"method":"css selector","selector":"#place-order"}\n  (Session info: chrome=131.0.6778.85); For documentation on this error, please visit: https://www.selenium.dev/documentation/webdriver/troubleshooting/errors#no-such-element-exception'),
    Case("AgentsTests", 'SavingAddsUp(plan: "large", total: 43)', "failed", "assertion", "Xunit.Sdk.EqualException",
         "Assert.Equal() Failure: Values differ\nExpected: 43\nActual:   41"),
    Case("AgentsTests", 'SavingAddsUp(plan: "small", total: 41)'),
    Case("AgentsTests", "PartnerResolves", "failed", "dns", HTTP,
         "Name or service not known (partner.staging.invalid:80)\n---- System.Net.Sockets.SocketException : Name or service not known"),
    Case("AgentsTests", "CertificateIsTrusted", "failed", "tls", HTTP,
         "The SSL connection could not be established, see inner exception.\n---- System.Security.Authentication.AuthenticationException : The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot"),
    Case("AgentsTests", "SaysWhyItFails", "failed", "no-source", "System.Exception", "quota exceeded"),
    Case("AgentsTests", "ShowsTheTotal", "failed", "assertion", "Xunit.Sdk.SingleException",
         "Assert.Single() Failure: The collection was empty"),
)  # fmt: skip


def _stack(case: Case) -> str:
    return (
        "" if case.fault == "no-source" else _at(case.suite, case.name.partition("(")[0], 10 + len(case.name))
    )


def trx() -> str:
    """Two assemblies in one TRX, as `dotnet test --logger trx` writes with MSTest's schema of 2010."""
    ids = {case: f"{index:08x}-0000-4000-8000-000000000000" for index, case in enumerate(DOTNET, 1)}
    eu = replace(DOTNET[3], project="shop.us.tests.dll", outcome="failed", fault="assertion",
                 kind="Xunit.Sdk.EqualException", message="Assert.Equal() Failure: Values differ\nExpected: 43\nActual:   41")  # fmt: skip
    cases = {**ids, eu: "000000ff-0000-4000-8000-000000000000"}
    outcomes = {"passed": "Passed", "failed": "Failed", "skipped": "NotExecuted"}
    results, definitions, entries = [], [], []
    for index, (case, key) in enumerate(cases.items(), 1):
        output = ""
        if case.outcome == "failed":
            stack = f"<StackTrace>{escape(_stack(case))}</StackTrace>" if _stack(case) else ""
            output = f"<Output><ErrorInfo><Message>{escape(f'{case.kind} : {case.message}')}</Message>{stack}</ErrorInfo></Output>"
        if case.outcome == "skipped":
            output = f"<Output><ErrorInfo><Message>{case.message}</Message></ErrorInfo></Output>"
        name = quoteattr(f"Shop.Tests.{case.suite}.{case.name}")
        results.append(
            f'    <UnitTestResult executionId="e{key[1:]}" testId="{key}" testName={name} computerName="runner" duration="00:00:00.0{index:02}0000"'
            f' startTime="2026-11-27T09:00:{index:02}.0000000+00:00" endTime="2026-11-27T09:00:{index:02}.0{index:02}0000+00:00"'
            f' testType="13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b" outcome="{outcomes[case.outcome]}" testListId="8c84fa94-04c1-424b-9868-57a2d4851a1d"'
            f' relativeResultsDirectory="e{key[1:]}">{output}</UnitTestResult>'
        )
        storage = case.project or "shop.eu.tests.dll"
        definitions.append(
            f'    <UnitTest name={name} storage="/home/runner/work/app/app/bin/debug/net8.0/{storage}" id="{key}"><Execution id="e{key[1:]}" />'
            f'<TestMethod codeBase="/home/runner/work/app/app/bin/Debug/net8.0/{storage}" adapterTypeName="executor://xunit/VsTestRunner2/netcoreapp"'
            f' className="Shop.Tests.{case.suite}" name={quoteattr(case.name)} /></UnitTest>'
        )
        entries.append(
            f'    <TestEntry testId="{key}" executionId="e{key[1:]}" testListId="8c84fa94-04c1-424b-9868-57a2d4851a1d" />'
        )
    counts = _totals(list(cases))
    body = "\n".join([
        '<?xml version="1.0" encoding="utf-8"?>',
        '<TestRun id="5f0e6a39-8b8e-4b0a-9d5c-0a4f2f0a7c11" name="@runner 2026-11-27 09:00:00" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">',
        '  <Times creation="2026-11-27T09:00:00.0000000+00:00" queuing="2026-11-27T09:00:00.0000000+00:00" start="2026-11-27T09:00:00.0000000+00:00" finish="2026-11-27T09:00:20.0000000+00:00" />',
        "  <Results>", *results, "  </Results>", "  <TestDefinitions>", *definitions, "  </TestDefinitions>",
        "  <TestEntries>", *entries, "  </TestEntries>",
        '  <TestLists><TestList name="Results Not in a List" id="8c84fa94-04c1-424b-9868-57a2d4851a1d" /><TestList name="All Loaded Results" id="19431567-8539-422a-85d7-44ee4e166bda" /></TestLists>',
        '  <ResultSummary outcome="Failed">',
        f'    <Counters total="{len(cases)}" executed="{len(cases) - counts["skipped"]}" passed="{counts["passed"]}" failed="{counts["failed"]}" error="0" timeout="0" aborted="0" inconclusive="0" passedButRunAborted="0" notRunnable="0" notExecuted="0" disconnected="0" warning="0" completed="0" inProgress="0" pending="0" />',
        '    <RunInfos><RunInfo computerName="runner" outcome="Error" timestamp="2026-11-27T09:00:20.0000000+00:00"><Text>The active test run was aborted. Reason: Test host process crashed : Stack overflow.</Text></RunInfo></RunInfos>',
        "  </ResultSummary>", "</TestRun>", "",
    ])  # fmt: skip
    crash = Case("", "", "error", "crash", message="The active test run was aborted. Reason: Test host process crashed : Stack overflow.", project="run")  # fmt: skip
    eu_cases = [replace(case, project=case.project or "shop.eu.tests.dll") for case in cases]
    _keep("trx", {"report.trx": body}, [*eu_cases], "trx", {
        "documentation": ["the XML schema vstst.xsd of Visual Studio", "learn.microsoft.com: dotnet test --logger trx"],
        "run_error": crash.message,
    }, error_prefix=True)  # fmt: skip
    return body


def nunit() -> None:
    cases = [replace(case, kind="", message=_nunit_message(case)) for case in DOTNET]
    by_suite = {
        suite: [case for case in cases if case.suite == suite] for suite in ("AccountsTests", "AgentsTests")
    }
    fixtures = []
    for number, (suite, members) in enumerate(by_suite.items(), 1001):
        lines = [_nunit_case(index, case) for index, case in enumerate(members, number * 10)]
        counts = _totals(members)
        fixtures.append(
            f'      <test-suite type="TestFixture" id="0-{number}" name="{suite}" fullname="Shop.Tests.{suite}" classname="Shop.Tests.{suite}" runstate="Runnable"'
            f' testcasecount="{len(members)}" result="{"Failed" if counts["failed"] else "Passed"}" site="Child" total="{len(members)}" passed="{counts["passed"]}"'
            f' failed="{counts["failed"]}" inconclusive="0" skipped="{counts["skipped"]}" asserts="1">\n'
            + "\n".join(lines) + "\n      </test-suite>"
        )  # fmt: skip
    counts = _totals(cases)
    head = f'testcasecount="{len(cases)}" result="Failed" total="{len(cases)}" passed="{counts["passed"]}" failed="{counts["failed"]}" warnings="0" inconclusive="0" skipped="{counts["skipped"]}" asserts="14"'
    body = "\n".join([
        '<?xml version="1.0" encoding="utf-8" standalone="no"?>',
        f'<test-run id="2" runstate="Runnable" {head} engine-version="3.17.0.0" clr-version="8.0.11" start-time="2026-11-27 09:00:00Z" end-time="2026-11-27 09:00:04Z" duration="4.2">',
        "  <command-line><![CDATA[nunit3-console Shop.Tests.dll]]></command-line>",
        f'  <test-suite type="Assembly" id="0-1000" name="Shop.Tests.dll" fullname="/home/runner/work/app/app/bin/Shop.Tests.dll" runstate="Runnable" {head} site="Child">',
        '    <environment framework-version="4.2.2.0" clr-version="8.0.11" os-version="Ubuntu 24.04" platform="Unix" cwd="/home/runner/work/app/app" machine-name="runner" user="runner" user-domain="runner" culture="en-US" os-architecture="x64" />',
        "    <failure><message><![CDATA[One or more child tests had errors]]></message></failure>",
        '    <test-suite type="TestSuite" id="0-1099" name="Shop" fullname="Shop" runstate="Runnable" result="Failed" site="Child">',
        *fixtures, "    </test-suite>", "  </test-suite>", "</test-run>", "",
    ])  # fmt: skip
    _keep(
        "nunit",
        {"TestResult.xml": body},
        cases,
        "nunit3",
        {"documentation": ["docs.nunit.org: Test Result XML Format"]},
    )


def _nunit_message(case: Case) -> str:
    """NUnit has the type before the message of an exception, two spaces before that of an assertion."""
    if case.outcome != "failed":
        return case.message
    if case.fault == "assertion":
        return (
            "  Expected: 43\n  But was:  41\n"
            if "Saving" in case.name
            else "  Expected: collection with 1 item\n  But was:  <empty>\n"
        )
    message = case.message.replace("\n---- ", "\n  ----> ").replace("\n-------- ", "\n  ----> ")
    return f"{case.kind} : {message}"


def _nunit_case(index: int, case: Case) -> str:
    result = {"passed": "Passed", "failed": "Failed", "skipped": "Skipped"}[case.outcome]
    label = (
        ' label="Error"'
        if case.outcome == "failed" and case.fault != "assertion"
        else ' label="Ignored"'
        if case.outcome == "skipped"
        else ""
    )
    inner = ""
    if case.outcome == "failed":
        inner = f"<failure><message><![CDATA[{case.message}]]></message><stack-trace><![CDATA[{_stack(case)}]]></stack-trace></failure>"
    if case.outcome == "skipped":
        inner = f"<reason><message><![CDATA[{case.message}]]></message></reason>"
    return (
        f'        <test-case id="0-{index}" name={quoteattr(case.name)} fullname={quoteattr(f"Shop.Tests.{case.suite}.{case.name}")} methodname="{case.name.partition("(")[0]}"'
        f' classname="Shop.Tests.{case.suite}" runstate="{"Ignored" if case.outcome == "skipped" else "Runnable"}" seed="{index}" result="{result}"{label}'
        f' start-time="2026-11-27 09:00:00Z" end-time="2026-11-27 09:00:01Z" duration="0.01" asserts="1">{inner}</test-case>'
    )


def xunit() -> None:
    def test(case: Case, version: int) -> str:
        result = {"passed": "Pass", "failed": "Fail", "skipped": "Skip"}[case.outcome]
        inner = ""
        if case.outcome == "failed":
            inner = (
                f'<failure exception-type="{case.kind}"><message>{escape(case.kind + " : " + case.message if case.fault != "assertion" else case.message)}</message>'
                f"<stack-trace>{escape(_stack(case))}</stack-trace></failure>"
            )
        if case.outcome == "skipped":
            inner = f"<reason>{case.message}</reason>"
        ids = f' id="{DOTNET.index(case):08}"' if version == 3 else ""
        return (
            f'      <test{ids} name={quoteattr(f"Shop.Tests.{case.suite}.{case.name}")} type="Shop.Tests.{case.suite}" method="{case.name.partition("(")[0]}"'
            f' time="0.01" result="{result}">{inner}</test>'
        )

    files = {}
    for version in (2, 3):
        lines = []
        for suite in ("AccountsTests", "AgentsTests"):
            members = [case for case in DOTNET if case.suite == suite]
            counts = _totals(members)
            lines += [
                f'    <collection name="Test collection for Shop.Tests.{suite}" time="1.0" total="{len(members)}" passed="{counts["passed"]}" failed="{counts["failed"]}" skipped="{counts["skipped"]}">',
                *(test(case, version) for case in members),
                "    </collection>",
            ]
        counts = _totals(list(DOTNET))
        head = f'total="{len(DOTNET)}" passed="{counts["passed"]}" failed="{counts["failed"]}" skipped="{counts["skipped"]}"'
        extra = (
            ' id="9e7b7f30-3d3b-4a58-8d55-4b8f7a5b3c01" finish-rtf="2026-11-27T09:00:04.0000000+00:00" start-rtf="2026-11-27T09:00:00.0000000+00:00"'
            if version == 3
            else ""
        )
        files[f"v{version}.xml"] = "\n".join([
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<assemblies schema-version="{version}" timestamp="11/27/2026 09:00:04" computer="runner" user="runner"{extra}>',
            f'  <assembly name="/home/runner/work/app/app/bin/Shop.Tests.dll" run-date="2026-11-27" run-time="09:00:00" time="4.2" {head} errors="1" environment="64-bit .NET 8.0.11" test-framework="xUnit.net {version}">',
            '    <errors><error type="assembly-cleanup" name="Shop.Tests.dll"><failure exception-type="System.IO.IOException"><message>System.IO.IOException : the archive could not be closed</message><stack-trace /></failure></error></errors>',
            *lines, "  </assembly>", "</assemblies>", "",
        ])  # fmt: skip
    cases = [
        replace(
            case,
            message=case.message
            if case.fault == "assertion" or case.outcome != "failed"
            else f"{case.kind} : {case.message}",
        )
        for case in DOTNET
    ]
    _keep("xunit-net", files, cases, "xunit-net", {
        "documentation": ["xunit.net/docs/format-xml-v2"],
        "run_error": "System.IO.IOException : the archive could not be closed",
    })  # fmt: skip


PANIC = "thread '{}' panicked at tests/agents.rs:{}:{}:\n{}\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"
RUST = (
    Case("shop::accounts", "signs_in"),
    Case("shop::accounts", "is_healthy"),
    Case("shop::accounts", "shows_the_total"),
    Case("shop::agents", "chat_answers_a_question", "failed", "ws-1011", message="called `Result::unwrap()` on an `Err` value: Protocol(ResetWithoutClosingHandshake) after close frame 1011 (Internal error)"),
    Case("shop::agents", "quotes_are_priced", "failed", "http-503", message='called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Status(503), url: "http://127.0.0.1:8800/api/quotes" }'),
    Case("shop::agents", "report_service_is_up", "failed", "refused", message='called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Request, url: "http://127.0.0.1:8812/health", source: hyper_util::client::legacy::Error(Connect, ConnectError("tcp connect error", 127.0.0.1:8812, Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })) }'),
    Case("shop::agents", "deep_report_is_ready_in_time", "failed", "timeout", message='called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Request, url: "http://127.0.0.1:8810/slow", source: TimedOut }'),
    Case("shop::agents", "basket_holds_the_plan", "failed", "missing", message="called `Option::unwrap()` on a `None` value"),
    Case("shop::agents", "saving_adds_up", "failed", "assertion", message="assertion `left == right` failed: the saving of the small plan\n  left: 41\n right: 42"),
    Case("shop::agents", "renderer_survives", "failed", "crash", kind="test abort", message="test aborted with signal 6 (SIGABRT)"),
    Case("shop::agents", "renderer_ends", "failed", "timeout", kind="test timeout", message="test timed out"),
    Case("shop::agents", "partner_resolves", "failed", "dns", message='called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Request, url: "http://partner.staging.invalid/", source: hyper_util::client::legacy::Error(Connect, ConnectError("dns error", Custom { kind: Uncategorized, error: "failed to lookup address information: Name or service not known" })) }'),
    Case("shop::agents", "certificate_is_trusted", "failed", "tls", message='called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Request, url: "https://127.0.0.1:8811/", source: hyper_util::client::legacy::Error(Connect, Custom { kind: Other, error: Custom { kind: InvalidData, error: InvalidCertificate(UnknownIssuer) } }) }'),
    Case("shop::agents", "says_why_it_fails", "failed", "no-source", message="Box<dyn Any>"),
    Case("shop::agents", "shows_the_total", "failed", "assertion", message='assertion failed: basket.contains("items: 1")'),
)  # fmt: skip


def nextest() -> None:
    def body(case: Case) -> str:
        if case.kind:
            return case.message
        return PANIC.format(case.name, len(case.name), 5, case.message)

    def element(case: Case) -> str:
        opened = f'        <testcase name="{case.name}" classname="{case.suite}" timestamp="2026-11-27T09:00:00.000+00:00" time="0.004">'
        if case.outcome == "passed":
            return opened + "\n        </testcase>"
        text = body(case)
        attributes = (
            f'message={quoteattr(text.splitlines()[0])} type="{case.kind or "test failure with exit code 101"}"'
            if not case.kind
            else f'type="{case.kind}"'
        )
        failure = f"            <failure {attributes}>{escape(text)}</failure>"
        rerun = f'            <rerunFailure timestamp="2026-11-27T09:00:01.000+00:00" time="0.004" {attributes}>{escape(text)}<system-out>running 1 test</system-out><system-err>{escape(text)}</system-err></rerunFailure>'
        out = f"            <system-out>running 1 test\ntest {case.name} ... FAILED</system-out>\n            <system-err>{escape(text)}</system-err>"
        return f"{opened}\n{failure}\n{rerun}\n{out}\n        </testcase>"

    flaky = "\n".join([
        '        <testcase name="session_is_refreshed" classname="shop::accounts" timestamp="2026-11-27T09:00:02.000+00:00" time="0.003">',
        f'            <flakyFailure timestamp="2026-11-27T09:00:01.000+00:00" time="0.004" message="thread &apos;session_is_refreshed&apos; panicked at tests/accounts.rs:14:5" type="test failure with exit code 101">{escape(PANIC.format("session_is_refreshed", 14, 5, "the first refresh is lost"))}<system-out>running 1 test</system-out></flakyFailure>',
        "        </testcase>",
    ])  # fmt: skip
    suites = []
    for name in ("shop::accounts", "shop::agents"):
        members = [case for case in RUST if case.suite == name]
        inner = [element(case) for case in members] + ([flaky] if name.endswith("accounts") else [])
        failed = sum(case.outcome == "failed" for case in members)
        suites += [
            f'    <testsuite name="{name}" tests="{len(inner)}" disabled="0" errors="0" failures="{failed}">',
            *inner,
            "    </testsuite>",
        ]
    failed = sum(case.outcome == "failed" for case in RUST)
    body_text = "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="nextest-run" tests="{len(RUST) + 1}" failures="{failed}" errors="0" uuid="45c50042-482e-477e-88a2-60cfcc3eaf95" timestamp="2026-11-27T09:00:00.000+00:00" time="3.2">',
        *suites, "</testsuites>", "",
    ])  # fmt: skip
    _keep("nextest", {"junit.xml": body_text}, list(RUST), "junit", {"documentation": ["nexte.st: JUnit support", "docs.rs: quick-junit"]},
          flaky=[{"name": "session_is_refreshed", "suite": "shop::accounts", "error": "the first refresh is lost"}])  # fmt: skip


def bazel() -> None:
    log = 'exec ${PAGER:-/usr/bin/less} "$0" || exit 1\nExecuting tests from //shop:renderer_test\n-----------------------------------------------------------------------------\nrenderer_test: the renderer ran out of pages\nSegmentation fault (core dumped)\n'
    crash = "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>",
        '  <testsuite name="shop/renderer_test" tests="1" failures="0" errors="1">',
        '    <testcase name="shop/renderer_test" status="run" duration="1" time="1"><error message="exited with error code 139"></error></testcase>',
        "      <system-out>", f"Generated test.log (if the file is not UTF-8, then this may be unreadable):\n<![CDATA[{log}]]>", "      </system-out>",
        "    </testsuite>", "</testsuites>", "",
    ])  # fmt: skip
    passed = (
        crash.replace('errors="1"', 'errors="0"')
        .replace('<error message="exited with error code 139"></error>', "")
        .replace("renderer_test", "accounts_test")
    )
    passed = (
        passed[: passed.index("<![CDATA[") + 9]
        + "Executing tests from //shop:accounts_test\nPASS\n"
        + passed[passed.index("]]>") :]
    )
    slow = (
        crash.replace("exited with error code 139", "exited with error code 142")
        .replace("renderer_test", "report_test")
        .replace("Segmentation fault (core dumped)\n", "-- Test timed out at 2026-11-27 09:01:00 UTC --\n")
        .replace("report_test: the renderer ran out of pages\n", "")
    )
    files = {
        "shop/renderer_test/test.xml": crash,
        "shop/accounts_test/test.xml": passed,
        "shop/report_test/test.xml": slow,
    }
    cases = {
        "shop/renderer_test/test.xml": [Case("shop/renderer_test", "shop/renderer_test", "error", "crash", message="exited with error code 139")],
        "shop/accounts_test/test.xml": [Case("shop/accounts_test", "shop/accounts_test")],
        "shop/report_test/test.xml": [Case("shop/report_test", "shop/report_test", "error", "timeout", message="exited with error code 142")],
    }  # fmt: skip
    _keep("bazel", files, [case for each in cases.values() for case in each], "junit", {
        "documentation": ["bazel.build: Test encyclopedia, XML output of tests without a reporter of their own (generate-xml.sh)"],
    }, by_file=cases)  # fmt: skip


RETRY = "Timed out retrying after 4000ms: "
CYPRESS = (
    Case("basket", "is shown"),
    Case("basket", "holds the plan", "failed", "missing", "AssertionError", RETRY + "Expected to find element: `[data-cy=plan]`, but never found it."),
    Case("basket", "order can be placed", "failed", "missing", "AssertionError", RETRY + "Expected to find content: 'Place order' within the selector: 'button' but never did."),
    Case("basket", "voucher can be applied", "failed", "missing", "CypressError", RETRY + '`cy.click()` failed because this element is `disabled`:\n\n`<button id="disabled" disabled="">Apply voucher</button>`\n\nFix this problem, or use `{force: true}` to disable error checking.\n\nhttps://on.cypress.io/element-cannot-be-interacted-with'),
    Case("basket", "pays", "failed", "missing", "CypressError", RETRY + '`cy.click()` failed because this element:\n\n`<button id="pay">Pay now</button>`\n\nis being covered by another element:\n\n`<div id="cover"></div>`\n\nFix this problem, or use {force: true} to disable error checking.\n\nhttps://on.cypress.io/element-cannot-be-interacted-with'),
    Case("basket", "shows the total", "failed", "assertion", "AssertionError", RETRY + "expected '<p>' to have text '42 €', but the text was '41 €'"),
    Case("basket", "prints a receipt", "skipped", "skipped"),
    Case("agents", "shop answers", "failed", "refused", "CypressError", "`cy.visit()` failed trying to load:\n\nhttp://127.0.0.1:8812/\n\nWe attempted to make an http request to this URL but the request failed without a response.\n\nWe received this error at the network level:\n\n  > Error: connect ECONNREFUSED 127.0.0.1:8812\n\nCommon situations why this would fail:\n  - you don't have internet access\n  - you forgot to run / boot your web server\n  - your web server isn't accessible\n  - you have weird network configuration settings on your computer"),
    Case("agents", "partner shop answers", "failed", "dns", "CypressError", "`cy.visit()` failed trying to load:\n\nhttp://partner.staging.invalid/\n\nWe attempted to make an http request to this URL but the request failed without a response.\n\nWe received this error at the network level:\n\n  > Error: getaddrinfo ENOTFOUND partner.staging.invalid"),
    Case("agents", "quotes are priced", "failed", "http-503", "CypressError", "`cy.request()` failed on:\n\nhttp://127.0.0.1:8800/api/quotes\n\nThe response we received from your web server was:\n\n  > 503: Service Unavailable\n\nThis was considered a failure because the status code was not `2xx` or `3xx`.\n\nIf you do not want status codes to cause failures pass the option: `failOnStatusCode: false`"),
    Case("agents", "page is there", "failed", "http-503", "CypressError", "`cy.visit()` failed trying to load:\n\nhttp://127.0.0.1:8810/api/quotes\n\nThe response we received from your web server was:\n\n  > 503: Service Unavailable\n\nThis was considered a failure because the status code was not `2xx`.\n\nIf you do not want status codes to cause failures pass the option: `failOnStatusCode: false`"),
    Case("agents", "quotes come in time", "failed", "timeout", "CypressError", RETRY + "`cy.wait()` timed out waiting `5000ms` for the 1st request to the route: `quotes`. No request ever occurred.\n\nhttps://on.cypress.io/wait"),
    Case("agents", "slow page loads", "failed", "timeout", "CypressError", "Timed out after waiting `60000ms` for your remote page to load.\n\nYour page did not fire its `load` event within `60000ms`."),
    Case("agents", "chat answers a question", "failed", "ws-1011", "Error", "WebSocket closed with code 1011 (Internal error)"),
    Case("agents", "no script breaks", "failed", "assertion", "TypeError", "The following error originated from your application code, not from Cypress.\n\n  > Cannot read properties of undefined (reading 'plan')\n\nWhen Cypress detects uncaught errors originating from your application it will automatically fail the current test."),
    Case("agents", "certificate is trusted", "failed", "tls", "CypressError", "`cy.request()` failed trying to load:\n\nhttps://127.0.0.1:8811/\n\nWe attempted to make an http request to this URL but the request failed without a response.\n\nWe received this error at the network level:\n\n  > Error: self-signed certificate"),
    Case("agents", "says why it fails", "failed", "no-source", "Error", "quota exceeded"),
    Case("agents", "shows the total", "failed", "assertion", "AssertionError", "expected 0 to equal 1"),
    Case("archive", '"before each" hook for "keeps runs"', "failed", "refused", "CypressError", "`cy.request()` failed trying to load:\n\nhttp://127.0.0.1:8812/archive\n\nWe attempted to make an http request to this URL but the request failed without a response.\n\nWe received this error at the network level:\n\n  > Error: connect ECONNREFUSED 127.0.0.1:8812\n\nBecause this error occurred during a `before each` hook we are skipping the remaining tests in the current suite: `archive`", phase="setup"),
)  # fmt: skip


def _js_stack(case: Case) -> str:
    lines = [f"{case.kind}: {case.message}"]
    if case.fault != "no-source":
        lines.append(
            f"    at Context.eval (webpack://shop/./cypress/e2e/{case.suite}.cy.js:{10 + len(case.name)}:7)"
        )
    return "\n".join(lines)


def cypress() -> None:
    spec = "cypress/e2e/shop.cy.js"
    suites, xml = [], []
    for name in ("basket", "agents", "archive"):
        members = [case for case in CYPRESS if case.suite == name]
        hooks = [case for case in members if case.phase == "setup"]
        tests = [_mocha_test(case) for case in members if case.phase == "call"]
        if hooks:
            tests = [_mocha_test(replace(hooks[0], name='"before each" hook for "keeps runs"'))]
        suites.append({
            "uuid": f"{name}-0000-4000-8000-000000000000", "title": name, "fullFile": "", "file": "", "beforeHooks": [], "afterHooks": [],
            "tests": tests, "suites": [], "passes": [t["uuid"] for t in tests if t["pass"]], "failures": [t["uuid"] for t in tests if t["fail"]],
            "pending": [t["uuid"] for t in tests if t["pending"]], "skipped": [], "duration": 4000, "root": False, "rootEmpty": False, "_timeout": 2000,
        })  # fmt: skip
        xml += [f'  <testsuite name="{name}" timestamp="2026-11-27T09:00:00" tests="{len(members)}" time="4.0000" failures="{sum(c.outcome == "failed" for c in members)}">',
                *(_mocha_junit(case) for case in members), "  </testsuite>"]  # fmt: skip
    counts = _totals(list(CYPRESS))
    stats = {"suites": 3, "tests": len(CYPRESS), "passes": counts["passed"], "pending": counts["skipped"], "failures": counts["failed"],
             "start": "2026-11-27T09:00:00.000Z", "end": "2026-11-27T09:01:40.000Z", "duration": 100000, "testsRegistered": len(CYPRESS),
             "passPercent": 5.0, "pendingPercent": 5.0, "other": 0, "hasOther": False, "skipped": 0, "hasSkipped": False}  # fmt: skip
    root = {"uuid": "root-0000-4000-8000-000000000000", "title": "", "fullFile": spec, "file": spec, "beforeHooks": [], "afterHooks": [], "tests": [],
            "suites": suites, "passes": [], "failures": [], "pending": [], "skipped": [], "duration": 0, "root": True, "rootEmpty": True, "_timeout": 2000}  # fmt: skip
    report = {"stats": stats, "results": [root], "meta": {"mocha": {"version": "7.2.0"}, "mochawesome": {"options": {"quiet": False, "reportFilename": "mochawesome"}, "version": "7.1.3"},
                                                           "marge": {"options": None, "version": "6.2.0"}}}  # fmt: skip
    junit = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>',
                       f'<testsuites name="Mocha Tests" time="100.0000" tests="{len(CYPRESS)}" failures="{counts["failed"]}" skipped="{counts["skipped"]}">',
                       f'  <testsuite name="Root Suite" timestamp="2026-11-27T09:00:00" tests="0" file="{spec}" time="0.0000" failures="0">', "  </testsuite>", *xml, "</testsuites>", ""])  # fmt: skip
    _keep("cypress", {"mochawesome.json": json.dumps(report, indent=1) + "\n", "junit.xml": junit}, list(CYPRESS), {"mochawesome.json": "mochawesome", "junit.xml": "junit"},
          {"documentation": ["docs.cypress.io: reporters; errors of commands as in packages/driver/src/cypress/error_messages.ts", "mocha-junit-reporter, mochawesome: README"]})  # fmt: skip


def _mocha_test(case: Case) -> dict:
    err = (
        {"message": f"{case.kind}: {case.message}", "estack": _js_stack(case), "diff": None}
        if case.outcome == "failed"
        else {}
    )
    return {
        "title": case.name, "fullTitle": f"{case.suite} {case.name}", "timedOut": None, "duration": 400 if case.outcome != "skipped" else 0,
        "state": case.outcome if case.outcome != "skipped" else "pending", "speed": "fast" if case.outcome == "passed" else None,
        "pass": case.outcome == "passed", "fail": case.outcome == "failed", "pending": case.outcome == "skipped", "context": None,
        "code": "cy.visit('/');", "err": err, "uuid": f"{case.suite}-{case.name}".replace(" ", "-"), "parentUUID": f"{case.suite}-0000-4000-8000-000000000000",
        "isHook": case.phase == "setup", "skipped": False,
    }  # fmt: skip


def _mocha_junit(case: Case) -> str:
    head = f'    <testcase name={quoteattr(f"{case.suite} {case.name}")} time="0.400" classname={quoteattr(case.name)}'
    if case.outcome == "passed":
        return head + "/>"
    if case.outcome == "skipped":
        return head + "><skipped/></testcase>"
    return f'{head}><failure message={quoteattr(case.message)} type="{case.kind}"><![CDATA[{_js_stack(case)}]]></failure></testcase>'


def k6() -> None:
    cases = [
        Case("shop.js", "http_req_duration - p(95)<500", "failed", "timeout", message="http_req_duration threshold failed: p(95)<500"),
        Case("shop.js", "http_req_failed - rate<0.01", "failed", "http-503", message="http_req_failed threshold failed: rate<0.01"),
        Case("shop.js", "iterations - count>10"),
        Case("accounts", "signs in"),
        Case("agents", "quotes answer 200", "failed", "http-503", message="quotes answer 200: 0 passes, 12 fails"),
        Case("agents", "shows the total", "failed", "assertion", message="shows the total: 3 passes, 9 fails"),
        Case("accounts", "shows the total"),
    ]  # fmt: skip
    suites = []
    for name in ("shop.js", "accounts", "agents"):
        members = [case for case in cases if case.suite == name]
        suites.append(
            f'  <testsuite name="{name}" tests="{len(members)}" failures="{sum(c.outcome == "failed" for c in members)}">'
        )
        for case in members:
            inner = f"<failure message={quoteattr(case.message)} />" if case.outcome == "failed" else ""
            suites.append(f'    <testcase name={quoteattr(case.name)} classname="{name}">{inner}</testcase>')
        suites.append("  </testsuite>")
    body = "\n".join(
        [
            '<?xml version="1.0"?>',
            f'<testsuites tests="{len(cases)}" failures="{sum(c.outcome == "failed" for c in cases)}">',
            *suites,
            "</testsuites>",
            "",
        ]
    )
    _keep(
        "k6",
        {"junit.xml": body},
        cases,
        "junit",
        {"documentation": ["grafana.com/docs/k6: handleSummary and jUnit() of k6-summary; npm: k6-junit"]},
    )


def karate() -> None:
    cases = [
        Case("features/accounts.feature", "signs in"),
        Case("features/accounts.feature", "shows the total"),
        Case("features/agents.feature", "quotes are priced", "failed", "http-503", message='status code was: 503, expected: 200, response time in milliseconds: 12, url: http://127.0.0.1:8800/api/quotes, response: \n{"error":"dependency failed","dependency":"pricing"}'),
        Case("features/agents.feature", "report service is up", "failed", "refused", message="org.apache.http.conn.HttpHostConnectException: Connect to 127.0.0.1:8812 [/127.0.0.1] failed: Connection refused"),
        Case("features/agents.feature", "deep report is ready in time", "failed", "timeout", message="java.net.SocketTimeoutException: Read timed out, http call failed after 1003 milliseconds for url: http://127.0.0.1:8810/slow"),
        Case("features/agents.feature", "basket holds the plan", "failed", "missing", message='match failed: CONTAINS\n  $ | actual does not contain expected | all key-values did not match, expected has un-matched keys: [plan] (MAP:MAP)\n  {"items":[],"total":41}\n  {"plan":"#string"}'),
        Case("features/agents.feature", "saving adds up", "failed", "assertion", message="match failed: EQUALS\n  $ | not equal (NUMBER:NUMBER)\n  41\n  42"),
        Case("features/agents.feature", "partner resolves", "failed", "dns", message="java.net.UnknownHostException: partner.staging.invalid: Name or service not known"),
        Case("features/agents.feature", "certificate is trusted", "failed", "tls", message="javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target"),
        Case("features/agents.feature", "shows the total", "failed", "assertion", message="match failed: EQUALS\n  $ | not equal (NUMBER:NUMBER)\n  0\n  1"),
    ]  # fmt: skip
    files, by_file = {}, {}
    for name in ("features/accounts.feature", "features/agents.feature"):
        members = [case for case in cases if case.suite == name]
        lines = []
        for case in members:
            steps = f"* url baseUrl .................................................................... passed\nWhen method get ................................................................... {'passed' if case.outcome == 'passed' else 'failed'}\n"
            inner = (
                f"<failure message={quoteattr(case.message)}>{escape(steps)}\nStack Trace:\n{escape(case.message)}\nclasspath:{name}:{len(case.name)}</failure>"
                if case.outcome == "failed"
                else f"<system-out>{steps}</system-out>"
            )
            lines.append(
                f'  <testcase classname="{name.removesuffix(".feature").replace("/", ".")}" name="{case.name}" time="0.031">{inner}</testcase>'
            )
        file = f"{name.removesuffix('.feature').replace('/', '.')}.xml"
        files[file] = "\n".join(
            [
                f'<testsuite failures="{sum(c.outcome == "failed" for c in members)}" name="{name}" skipped="0" tests="{len(members)}" time="0.31">',
                *lines,
                "</testsuite>",
                "",
            ]
        )
        by_file[file] = members
    _keep(
        "karate",
        files,
        cases,
        "junit",
        {"documentation": ["karatelabs: JUnit XML output of the parallel runner"]},
        by_file=by_file,
    )


def devices() -> None:
    maestro = [
        Case("Test Suite", "sign-in"),
        Case("Test Suite", "place-order", "failed", "missing", message="Element not found: Text matching regex: Place order"),
        Case("Test Suite", "receipt", "failed", "assertion", message='Assertion is false: "Receipt" is visible'),
        Case("Test Suite", "report", "error", "timeout", message="Timeout: the screen did not settle within 15000 ms"),
        Case("Test Suite", "launch", "failed", "crash", message="App crashed or stopped while executing flow"),
    ]  # fmt: skip
    lines = []
    for case in maestro:
        inner = "" if case.outcome == "passed" else f"<failure>{escape(case.message)}</failure>"
        status = {"passed": "SUCCESS", "failed": "ERROR", "error": "ERROR"}[case.outcome]
        lines.append(
            f'    <testcase id="{case.name}" name="{case.name}" classname="{case.name}" time="12.0" status="{status}">{inner}</testcase>'
        )
    body = "\n".join(["<?xml version='1.0' encoding='UTF-8'?>", "<testsuites>",
                      '  <testsuite name="Test Suite" device="Pixel_5_API_34" tests="5" failures="4" time="60.0">', *lines, "  </testsuite>", "</testsuites>", ""])  # fmt: skip
    shown = [
        replace(case, outcome="failed" if case.outcome == "error" else case.outcome, project="Pixel_5_API_34")
        for case in maestro
    ]
    _keep(
        "maestro",
        {"report.xml": body},
        shown,
        "junit",
        {"documentation": ["docs.maestro.dev: test reports, --format junit"]},
    )
    detox = [
        Case("Checkout", "basket is shown"),
        Case("Checkout", "order can be placed", "failed", "missing", "DetoxRuntimeError", "Test Failed: No elements found for “MATCHER(id == “place-order”)”\n\nHINT: To print view hierarchy on failed actions/matches, use log-level verbose or higher."),
        Case("Checkout", "receipt is shown", "failed", "timeout", "DetoxRuntimeError", "Test Failed: Wait for “[toBeVisible] WITH MATCHER(id == “receipt”) TIMEOUT(5s)” failed with error “View does not match the matcher”"),
        Case("Checkout", "app survives", "failed", "crash", "DetoxRuntimeError", "Test Failed: The app has crashed, see the details below:\n\nSignal 11 was raised\n(\n\t0   Shop   0x0000000104c1e3a8 -[Renderer draw] + 72\n)"),
        Case("Checkout", "app launches", "failed", "timeout", "Error", "Exceeded timeout of 120000ms while setting up Detox environment"),
        Case("Checkout", "prints", "skipped", "skipped"),
    ]  # fmt: skip
    lines = []
    for case in detox:
        full = f"{case.suite} {case.name}"
        inner = {"passed": "", "skipped": "<skipped/>"}.get(case.outcome) if case.outcome != "failed" else (
            f"<failure>{escape(f'{case.kind}: {case.message}')}\n    at Object.tap (/home/runner/work/app/app/e2e/checkout.test.js:{len(case.name)}:34)</failure>")  # fmt: skip
        lines.append(f'    <testcase classname="{full}" name="{full}" time="3.2">{inner}</testcase>')
    body = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="jest tests" tests="6" failures="4" errors="0" time="190">',
                      '  <testsuite name="Checkout" errors="0" failures="4" skipped="1" timestamp="2026-11-27T09:00:00" time="189" tests="6">', *lines, "  </testsuite>", "</testsuites>", ""])  # fmt: skip
    shown = [
        replace(case, message=f"{case.kind}: {case.message}" if case.outcome == "failed" else "")
        for case in detox
    ]
    _keep(
        "detox",
        {"junit.xml": body},
        shown,
        "junit",
        {"documentation": ["wix.github.io/Detox: Jest as its runner; jest-junit: README"]},
    )


DART = (
    Case("accounts", "signs in"),
    Case("accounts", "is healthy"),
    Case("accounts", "exports as PDF", "skipped", "skipped"),
    Case("accounts", "shows the total"),
    Case("agents", "chat answers a question", "error", "ws-1011", "",
         "WebSocketChannelException: WebSocket closed with code 1011 (Internal error)"),
    Case("agents", "quotes are priced", "error", "http-503", "", "HttpException: GET /api/quotes answered HTTP 503 Service Unavailable"),
    Case("agents", "report service is up", "error", "refused", "",
         "SocketException: Connection refused (OS Error: Connection refused, errno = 111), address = 127.0.0.1, port = 8812"),
    Case("agents", "deep report is ready in time", "error", "timeout", "", "TimeoutException after 0:00:01.000000: Test timed out after 1 seconds."),
    Case("agents", "basket holds the plan", "error", "missing", "",
         "NoSuchMethodError: The method '[]' was called on null.\nReceiver: null\nTried calling: []('name')"),
    Case("agents", "saving adds up", "failed", "assertion", "", "Expected: <42>\n  Actual: <41>\n"),
    Case("agents", "partner resolves", "error", "dns", "",
         "SocketException: Failed host lookup: 'partner.staging.invalid' (OS Error: Name or service not known, errno = -2)"),
    Case("agents", "certificate is trusted", "error", "tls", "",
         "HandshakeException: Handshake error in client (OS Error: CERTIFICATE_VERIFY_FAILED: self signed certificate(handshake.cc:393))"),
    Case("agents", "says why it fails", "error", "no-source", "", "quota exceeded"),
    Case("agents", "shows the total", "failed", "assertion", "", "Expected: an object with length of <1>\n  Actual: []\n   Which: has length of <0>\n"),
)  # fmt: skip


def dart() -> None:
    """Events of `flutter test --machine`: a file that does not load, and groups whose names stand in those of their tests."""
    home = "/home/runner/work/app/app/test"
    events: list[object] = [
        {"protocolVersion": "0.1.1", "runnerVersion": "1.25.8", "pid": 4711, "type": "start", "time": 0}
    ]
    number = 0
    for suite, name in enumerate(("accounts", "agents", "importer")):
        path = f"{home}/{name}_test.dart"
        events.append({"suite": {"id": suite, "platform": "vm", "path": path}, "type": "suite", "time": 10})
        number += 1
        events.append(
            {
                "test": {
                    "id": number,
                    "name": f"loading {path}",
                    "suiteID": suite,
                    "groupIDs": [],
                    "metadata": {"skip": False, "skipReason": None},
                    "line": None,
                    "column": None,
                    "url": None,
                },
                "type": "testStart",
                "time": 11,
            }
        )
        if name == "importer":
            said = f"Failed to load \"{path}\": Compilation failed for testPath={path}: test/importer_test.dart:3:8: Error: Error when reading 'lib/importer.dart': No such file or directory"
            events.append(
                {
                    "testID": number,
                    "error": said,
                    "stackTrace": "",
                    "isFailure": False,
                    "type": "error",
                    "time": 900,
                }
            )
            events.append(
                {
                    "testID": number,
                    "result": "error",
                    "skipped": False,
                    "hidden": False,
                    "type": "testDone",
                    "time": 901,
                }
            )
            continue
        events.append(
            {
                "testID": number,
                "result": "success",
                "skipped": False,
                "hidden": True,
                "type": "testDone",
                "time": 20,
            }
        )
        group = number = number + 1
        events.append(
            {
                "group": {
                    "id": group,
                    "suiteID": suite,
                    "parentID": None,
                    "name": name,
                    "metadata": {"skip": False, "skipReason": None},
                    "testCount": 9,
                    "line": 6,
                    "column": 3,
                    "url": f"file://{path}",
                },
                "type": "group",
                "time": 21,
            }
        )
        for line, one in enumerate((one for one in DART if one.suite == name), 8):
            number += 1
            events.append(
                {
                    "test": {
                        "id": number,
                        "name": f"{name} {one.name}",
                        "suiteID": suite,
                        "groupIDs": [group],
                        "metadata": {"skip": one.outcome == "skipped", "skipReason": None},
                        "line": line,
                        "column": 5,
                        "url": f"file://{path}",
                    },
                    "type": "testStart",
                    "time": 100 * number,
                }
            )
            if one.message:
                stack = f"package:matcher                                     expect\ntest/{name}_test.dart {line}:7                        main.<fn>.<fn>\n"
                events.append(
                    {
                        "testID": number,
                        "messageType": "print",
                        "message": f"asking {one.name}",
                        "type": "print",
                        "time": 100 * number + 1,
                    }
                )
                events.append(
                    {
                        "testID": number,
                        "error": one.message,
                        "stackTrace": stack,
                        "isFailure": one.outcome == "failed",
                        "type": "error",
                        "time": 100 * number + 10,
                    }
                )
            result = {"passed": "success", "skipped": "success", "failed": "failure"}.get(
                one.outcome, "error"
            )
            events.append(
                {
                    "testID": number,
                    "result": result,
                    "skipped": one.outcome == "skipped",
                    "hidden": False,
                    "type": "testDone",
                    "time": 100 * number + 20,
                }
            )
    events.append({"success": False, "type": "done", "time": 3000})
    text = "".join(json.dumps(event, separators=(",", ":"), ensure_ascii=False) + "\n" for event in events)
    flutter = '[{"event":"test.startedProcess","params":{"vmServiceUri":null,"observatoryUri":null}}]\n'
    first, _newline, rest = text.partition("\n")
    broken = Case("importer", "importer_test.dart", "error", "import", "", "Failed to load")
    _keep(
        "dart", {"report.json": f"{first}\n{flutter}{rest}"}, [*DART, broken], "dart-json",
        {"documentation": ["dart.dev: package test, JSON reporter protocol 0.1.1", "flutter.dev: flutter test --machine"]},
    )  # fmt: skip


def _totals(cases: list[Case], flaky: int = 0) -> dict[str, int]:
    return {
        name: sum(case.outcome == name for case in cases) for name in ("passed", "failed", "error", "skipped")
    } | {"flaky": flaky}


def _keep(tool, files, cases, formats, provenance, *, flaky=(), by_file=None, error_prefix=False) -> None:
    folder = OUT / tool
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    where = {case: name for name, members in (by_file or {}).items() for case in members}
    failures = []
    for case in cases:
        if case.outcome in ("failed", "error"):
            message = f"{case.kind} : {case.first}" if error_prefix else case.first
            entry = {
                "name": case.name,
                "suite": case.suite,
                "project": case.project,
                "fault": case.fault,
                "error": message.strip(),
            }
            entry |= {"outcome": "error"} if case.outcome == "error" else {}
            entry |= {"phase": case.phase} if case.phase != "call" else {}
            entry |= {"reports": [where[case]]} if case in where else {}
            failures.append({key: value for key, value in entry.items() if value})
    expected = {
        "reports": {
            name: {
                "format": formats if isinstance(formats, str) else formats[name],
                "totals": _totals(by_file[name] if by_file else cases, len(flaky)),
            }
            for name in files
        },
        "failures": failures,
        "flaky": list(flaky),
        "skipped": [{"name": case.name, "suite": case.suite} for case in cases if case.outcome == "skipped"],
    }
    if "run_error" in provenance:
        expected["run_error"] = provenance.pop("run_error")
    made = {
        "source": "made after the documentation, not recorded",
        "by": f"tests/recording/{Path(__file__).name}",
        "date": "2026-11-27",
        **provenance,
    }
    for name, value in (("expected", expected), ("provenance", made)):
        (folder / f"{name}.json").write_text(
            json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    for write in (trx, nunit, xunit, nextest, bazel, cypress, k6, karate, devices, dart):
        write()
    sys.exit(0)
