"""Reports that contradict themselves are never green and prove nothing; honest ones of every writer raise no doubt."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triagebot.config import Config
from triagebot.groups import group
from triagebot.history import proves_gone
from triagebot.reports import Context, merge, parse
from triagebot.stores.rows import run_file

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PASSED = {"outcome": "passed"}
FAILED = {"outcome": "failed", "longrepr": "E   boom", "crash": {"message": "boom"}}


def run_of(text):
    return merge([parse("report", text.encode())], Context(run_id="r"))


def told(run):
    """The kinds of groups that are about the run."""
    return [g.signature.kind for g in group(run, Config()) if g.signature.kind.startswith("run.")]


def check_doubted(run):
    """A problem, a group of its own, not green, no proof today and none in history."""
    assert run.status not in {"passed", "empty"}
    assert run.problems
    assert told(run) == ["run.counts" if any(run.failures) or run.exit_code in (None, 0, 5) else "run.exit"]
    assert run.doubted
    assert not any(proves_gone(run, {case.join}) for case in run.cases)
    assert all(row.outcome not in {"passed", "xpassed"} for row in run_file(run, (), NOW).results)


def document(*tests, exitcode=0, **rest):
    return json.dumps({"exitcode": exitcode, "tests": list(tests), **rest})


def entry(outcome="passed", node="a.py::t", **rest):
    phases = {"setup": PASSED, "call": PASSED, "teardown": PASSED}
    return {"nodeid": node, "outcome": outcome} | phases | rest


def summary(**counts):
    return {"total": 1, "collected": 1} | counts


def bare(**rest):
    return {"nodeid": "a.py::t", **rest}


JSON = {
    "a summary that counts failures": document(entry(), summary=summary(passed=1, failed=3)),
    "the same with a red exit code": document(entry(), exitcode=1, summary=summary(passed=1, failed=3)),
    "a summary that counts errors": document(entry(), summary=summary(passed=1, error=1)),
    "a summary that counts more passed": document(entry(), summary=summary(passed=9)),
    "a summary that counts what is not there": document(entry(), entry("skipped", "b.py::t"), summary={"skipped": 1, "total": 2}),
    "a summary with a greater total": document(entry(), summary=summary(passed=1, total=9)),
    "a summary that counts less": document(entry(), entry(node="b.py::t"), summary=summary(passed=1, total=1)),
    "a summary that counts below nothing": document(entry(), summary=summary(passed=1, failed=-1)),
    "a summary that counts words": document(entry(), summary=summary(passed="one")),
    "a summary that counts absurdly": document(entry(), summary=summary(passed=1, collected=10**30)),
    "a summary that is a list": document(entry(), summary=["passed"]),
    "a summary beside no tests": document(summary=summary(failed=2, total=2)),
    "a summary alone, green by its exit code": json.dumps({"exitcode": 0, "summary": summary(failed=1)}),
    "a summary alone that does not add up": json.dumps({"exitcode": 0, "summary": summary(passed=1, total=4)}),
    "tests that are no list": json.dumps({"exitcode": 0, "tests": {"a": entry()}}),
    "an outcome in capitals": document(entry("FAILED")),
    "an outcome in capitals, as if it passed": document(entry("PASSED")),
    "an outcome that nobody knows": document(entry("broken"), entry(node="b.py::t")),
    "an outcome that is empty": document(entry("")),
    "an outcome that is null": document(entry(None)),
    "an outcome that is a number": document(entry(1)),
    "no outcome": document(bare(setup=PASSED, call=PASSED)),
    "no outcome beside a crash": document(bare(call={"crash": {"message": "boom"}})),
    "no outcome beside a long text": document(bare(call={"longrepr": "E boom"})),
    "an entry that is no test": document(entry(), {"name": "t"}),
    "an entry that is a word": document(entry(), "failed"),
    "passed beside a phase that failed": document(entry(call=FAILED), exitcode=1),
    "skipped beside a phase that failed": document(entry("skipped", call=FAILED), exitcode=1),
    "xfailed beside a teardown that failed": document(entry("xfailed", teardown=FAILED), exitcode=1),
    "a phase that passed beside a crash": document(entry(call=FAILED | PASSED)),
    "a phase in capitals": document(entry(call=FAILED | {"outcome": "FAILED"})),
    "a phase that nobody knows": document(entry(call={"outcome": "crashed"})),
    "a phase without an outcome": document(entry(call={"duration": 1})),
    "exit code 0 beside a failure": document(entry("failed", call=FAILED)),
    "exit code 0 beside a broken collector": document(
        entry(), collectors=[{"nodeid": "b.py", "outcome": "failed", "longrepr": "ImportError", "result": []}]
    ),
    "exit code 5 beside a test that ran": document(entry(), exitcode=5),
    "exit code 1 beside nothing red": document(entry(), exitcode=1),
    "exit code 139 beside nothing red": document(entry(), exitcode=139),
    "an exit code below nothing": document(entry(), exitcode=-11),
    "an exit code that is a word": document(entry(), exitcode="0"),
    "an exit code that is null": document(entry(), exitcode=None),
    "an exit code that is a fraction": document(entry(), exitcode=0.5),
    "a collector that nobody knows": document(
        entry(), collectors=[{"nodeid": "b.py", "outcome": "exploded", "result": []}]
    ),
    "a collector that passed beside an error": document(
        entry(), collectors=[{"nodeid": "b.py", "outcome": "passed", "longrepr": "E", "result": []}]
    ),
    "a collector without an outcome": document(entry(), collectors=[{"nodeid": "b.py", "result": []}]),
    "an outcome that stands twice": '{"exitcode":0,"tests":[{"nodeid":"a","outcome":"failed","call":{"outcome":"passed"},"outcome":"passed"}]}',
    "a list of tests that stands twice": f'{{"exitcode":1,"tests":[{json.dumps(entry("failed"))}],"tests":[{json.dumps(entry())}]}}',
    "an exit code that stands twice": f'{{"exitcode":1,"exitcode":0,"tests":[{json.dumps(entry())}]}}',
    "a count that stands twice": f'{{"exitcode":0,"tests":[{json.dumps(entry())}],"summary":{{"failed":3,"failed":0,"passed":1,"total":1}}}}',
}  # fmt: skip


def suites(body, root="", suite=""):
    return f"<testsuites {root}><testsuite name='shop' {suite}>{body}</testsuite></testsuites>"


OK = "<testcase classname='a' name='t'/>"
RED = "<testcase classname='a' name='u'><failure message='m'/></testcase>"


def of(attributes="", inner=""):
    return f"<testcase classname='a' name='t' {attributes}>{inner}</testcase>"


JUNIT = {
    "a root that counts failures": suites(OK, root='failures="3"'),
    "a root that counts errors": suites(OK, root='errors="1"'),
    "a suite that counts failures": suites(OK, suite='tests="1" failures="1"'),
    "a suite that counts more failures than it names": suites(OK + RED, suite='tests="2" failures="2"'),
    "one of two suites": f"<testsuites><testsuite name='x' failures='1'>{OK}</testsuite><testsuite name='y' failures='1'>{RED}</testsuite></testsuites>",
    "a suite within a suite": f"<testsuites><testsuite name='x' failures='0'><testsuite name='y' errors='2'>{OK}</testsuite></testsuite></testsuites>",
    "a suite around suites": f"<testsuites><testsuite name='x' failures='2'><testsuite name='y'>{OK}</testsuite></testsuite></testsuites>",
    "a suite of pytest": f"<testsuites name='pytest tests'><testsuite name='pytest' errors='0' failures='2' tests='3'>{OK}</testsuite></testsuites>",
    "a suite that counts tests it does not name": suites(OK, suite='tests="5" failures="0"'),
    "a suite that counts tests and names none": suites("", suite='tests="5" failures="0"'),
    "a count below nothing": suites(OK, suite='tests="1" failures="-1"'),
    "a count in words": suites(OK, suite='tests="1" failures="many"'),
    "a count beyond reason": suites(OK, root='failures="' + "9" * 40 + '"'),
    "a count in hexadecimals": suites(OK, suite='errors="0x1"'),
    "a suite that says it failed": suites(OK, suite='status="failed"'),
    "a case that stands in no suite": f"<testsuites><testsuite name='x'><tests>{OK}</tests></testsuite></testsuites>",
    "a case within a case": suites(of(inner=RED)),
    "a failure below an element of nobody": suites(OK + "<results><failure message='m'/></results>"),
    "a status that nobody knows": suites(OK + "<testcase classname='a' name='x' status='exploded'/>"),
    "a result in another spelling": suites(of(inner="<Failure message='m'/>")),
    "a result in other words": suites(of(inner="<broken/>")),
}  # fmt: skip

STATED = {
    "status failed": ('status="failed"', ""),
    "status FAILED": ('status="FAILED"', ""),
    "status timed out": ('status="timed out"', ""),
    "result failure": ('result="Failure"', ""),
    "outcome broken": ('outcome="broken"', ""),
    "status crashed beside a skip": ('status="crashed"', "<skipped/>"),
    "status passed, result error": ('status="passed" result="error"', ""),
    "a rerun that failed, and no pass": ("", "<rerunFailure message='m'>text</rerunFailure>"),
}

HEAD = "=== test session starts ===\ncollected 2 items\n"
SUMMARY = "=== short test summary info ===\nFAILED a.py::t - boom\n"
TERMINAL = {
    "more failures than names": f"{HEAD}a.py::t FAILED [ 50%]\na.py::u PASSED [100%]\n{SUMMARY}=== 3 failed, 1 passed in 1.00s ===\n",
    "errors that nobody names": f"{HEAD}a.py::t FAILED [ 50%]\na.py::u PASSED [100%]\n{SUMMARY}=== 1 failed, 1 passed, 2 errors in 1.00s ===\n",
    "failures beside passes that are named": f"{HEAD}a.py::t PASSED [ 50%]\na.py::u PASSED [100%]\n=== 1 failed, 2 passed in 1.00s ===\n",
    "a word of a plugin": f"{HEAD}a.py::t PASSED [ 50%]\n=== 1 crashed, 1 passed in 1.00s ===\n",
    "letters that the closing line forgets": f"{HEAD}a.py .F                    [100%]\n=== 2 passed in 1.00s ===\n",
}  # fmt: skip


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
def test_json_that_contradicts_itself_is_doubted(text):
    check_doubted(run_of(text))


@pytest.mark.parametrize("text", JUNIT.values(), ids=JUNIT)
def test_junit_that_contradicts_itself_is_doubted(text):
    check_doubted(run_of(text))


@pytest.mark.parametrize("text", TERMINAL.values(), ids=TERMINAL)
def test_output_that_contradicts_itself_is_doubted(text):
    check_doubted(run_of(text))


@pytest.mark.parametrize("attributes, inner", STATED.values(), ids=STATED)
def test_a_case_that_only_states_its_failure_failed(attributes, inner):
    run = run_of(suites(OK.replace("'t'", "'other'") + of(attributes, inner), suite='tests="2" failures="1"'))
    assert (run.status, run.totals.failed, run.totals.passed, run.doubted) == ("failed", 1, 1, False)
    assert next(run.failures).message


def test_a_case_without_a_name_that_states_its_failure_is_red():
    assert run_of(suites("<testcase status='failed'/>" + OK)).status == "failed"


def test_a_failure_with_a_text_keeps_it_whatever_contradicts_it():
    for case in (bare(call={"crash": {"message": "boom"}}), entry("FAILED", call=FAILED), entry(call=FAILED)):
        run = run_of(document(case, exitcode=1))
        assert [f.message for f in run.failures] == ["boom"]
        assert run.status == "failed"


def test_what_stands_behind_a_hook_that_broke_is_no_contradiction_but_no_proof():
    hook = '<testcase classname="a" name="before all hook"><failure message="m"/></testcase>'
    run = run_of(suites(hook, suite='tests="5" failures="1"'))
    assert (run.status, run.complete, run.doubted, run.problems) == ("failed", False, False, ())


HONEST = {  # text, totals: passed, failed, error, skipped, rerun
    "catch2 counts assertions": (
        f'<testsuites><testsuite name="unit" errors="0" failures="1" skipped="0" tests="26" hostname="tbd">{OK}{RED}</testsuite></testsuites>',
        (1, 1, 0, 0, 0),
    ),
    "nightwatch counts assertions, and says so": (
        suites('<testcase classname="a" name="t" assertions="7"/>', suite='tests="7" failures="0"'),
        (1, 0, 0, 0, 0),
    ),
    "mocha's xunit calls failures errors": (
        f'<testsuite name="Mocha Tests" tests="3" failures="0" errors="1" skipped="1">{OK}{RED}<testcase classname="a" name="s"><skipped/></testcase></testsuite>',
        (1, 1, 0, 1, 0),
    ),
    "skipped tests that are counted and left out": (suites(OK, suite='tests="4" failures="0" skipped="3"'), (1, 0, 0, 0, 0)),
    "disabled tests of googletest": (
        suites(
            '<testcase classname="a" name="t" status="run" result="completed"/><testcase classname="a" name="u" status="notrun" result="suppressed"/>',
            suite='tests="2" failures="0" disabled="1" errors="0"',
        ),
        (1, 0, 0, 1, 0),
    ),
    "googletest with two failures in one test": (
        suites('<testcase classname="a" name="t" status="run" result="completed"><failure/><failure/></testcase>', suite='tests="1" failures="1"'),
        (0, 1, 0, 0, 0),
    ),
    "jasmine with two expectations, counted as two": (
        suites('<testcase classname="a" name="t"><failure/><failure/></testcase>', suite='tests="1" failures="2"'),
        (0, 1, 0, 0, 0),
    ),
    "a call and its teardown in one case, as pytest counts them": (
        ('<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" tests="2"><testcase classname="a" name="t"><failure message="m"/></testcase>'
        '<testcase classname="a" name="t"><error message="failed on teardown with &quot;x&quot;"/></testcase></testsuite></testsuites>'),
        (0, 1, 0, 0, 0),
    ),
    "subtests that pytest counts as tests": (
        f'<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" tests="4">{OK}</testsuite></testsuites>',
        (1, 0, 0, 0, 0),
    ),
    "suites that count only their own, inside others that sum up": (
        (f'<testsuites tests="2" failures="1"><testsuite name="x" tests="2" failures="1"><testsuite name="y" tests="1" failures="0">{OK}</testsuite>'
        f'<testsuite name="z" tests="1" failures="1">{RED}</testsuite></testsuite></testsuites>'),
        (1, 1, 0, 0, 0),
    ),
    "an outer suite that counts its suites, as node's": (
        f'<testsuites><testsuite name="x" tests="1" failures="1"><testsuite name="y" tests="2" failures="1">{OK}{RED}</testsuite></testsuite></testsuites>',
        (1, 1, 0, 0, 0),
    ),
    "a root of noughts": (suites(OK + RED, root='tests="0" failures="0"'), (1, 1, 0, 0, 0)),
    "counts that are empty, grouped or written as decimals": (
        suites(OK, suite='tests="1.0" failures="" errors="0" skipped="1,000"'),
        (1, 0, 0, 0, 0),
    ),
    "surefire's flake, counted apart": (
        suites(of(inner='<flakyFailure message="m"><stackTrace>x</stackTrace></flakyFailure>'), suite='tests="1" failures="0" errors="0" flakes="1"'),
        (1, 0, 0, 0, 1),
    ),
    "surefire's flake, each attempt counted as a test": (
        suites(of(inner='<flakyFailure message="m"><stackTrace>x</stackTrace></flakyFailure>'), suite='tests="2" failures="1" errors="0"'),
        (1, 0, 0, 0, 1),
    ),
    "surefire's reruns of one failure": (
        suites(of(inner='<failure message="m"/><rerunFailure message="m"/><rerunFailure message="m"/>'), suite='tests="1" failures="1"'),
        (0, 1, 0, 0, 2),
    ),
    "bazel's one error": (
        suites('<testcase name="//shop:test" status="run"><error message="exited with error code 1"/></testcase>', suite='tests="1" failures="0" errors="1"'),
        (0, 0, 1, 0, 0),
    ),
    "behave's and ginkgo's words": (
        suites("".join(f'<testcase classname="a" name="{word}" status="{word}"/>' for word in ("passed", "skipped", "pending", "untested", "completed"))),
        (2, 0, 0, 3, 0),
    ),
    "a status that is a number, or none": (suites(of('status="1"') + "<testcase classname='a' name='v' status=''/>"), (2, 0, 0, 0, 0)),
    "node's failing todo": (suites(of(inner='<skipped type="todo"/><failure/>'), suite='tests="1" failures="0"'), (0, 0, 0, 0, 0)),
    "json, rerun by pytest-rerunfailures": (document(entry("rerun"), summary={"rerun": 1, "total": 1, "collected": 1}), (1, 0, 0, 0, 1)),
    "json, run again by pytest-retry": (document(entry("retried"), summary={"retried": 1, "total": 1, "collected": 1}), (1, 0, 0, 0, 1)),
    "json without a summary": (document(entry()), (1, 0, 0, 0, 0)),
    "json with deselected tests": (document(entry(), summary={"passed": 1, "total": 1, "collected": 9, "deselected": 8}), (1, 0, 0, 0, 0)),
    "json with an expected failure": (
        document(entry("xfailed", call={"outcome": "skipped", "longrepr": "E", "crash": {"message": "x"}}), summary={"xfailed": 1, "total": 1}),
        (0, 0, 0, 0, 0),
    ),
    "json with a skip": (
        document(entry(), bare(nodeid="b.py::t", outcome="skipped", setup={"outcome": "skipped", "longrepr": "('a', 1, 'Skipped')"}), summary={"passed": 1, "skipped": 1, "total": 2}),
        (1, 0, 0, 1, 0),
    ),
    "json of a crashed worker": (
        document(bare(outcome="failed", **{"???": {"outcome": "failed", "longrepr": "worker 'gw0' crashed"}}), exitcode=1, summary={"failed": 1, "total": 1}),
        (0, 1, 0, 0, 0),
    ),
    "json whose metadata speaks of outcomes": (document(entry(metadata={"outcome": "who knows"})), (1, 0, 0, 0, 0)),
    "a terminal with warnings, reruns and plugins' words": (
        f"{HEAD}a.py::t RERUN [ 50%]\na.py::t PASSED [ 50%]\na.py::u PASSED [100%]\n=== 2 passed, 3 warnings, 1 rerun, 4 snapshots in 1.00s ===\n",
        (2, 0, 0, 0, 1),
    ),
    "a terminal of pytest-retry": (
        f"{HEAD}a.py::t RETRY [ 50%]\na.py::t PASSED [ 50%]\na.py::u PASSED [100%]\n=== 2 passed, 1 retried in 1.00s ===\n",
        (2, 0, 0, 0, 1),
    ),
    "a terminal with a test that prints letters": (f"{HEAD}FEE\na.py ..                     [100%]\n=== 2 passed in 1.00s ===\n", (2, 0, 0, 0, 0)),
}  # fmt: skip


@pytest.mark.parametrize("text, counts", HONEST.values(), ids=HONEST)
def test_what_honest_writers_count_in_their_own_way_raises_no_doubt(text, counts):
    run = run_of(text)
    t = run.totals
    assert (t.passed, t.failed, t.error, t.skipped, t.rerun) == counts
    assert (run.problems, run.doubted, run.complete, told(run)) == ((), False, True, [])


def test_an_exit_code_is_explained_by_another_report_of_the_same_leg():
    red = suites(of(inner="<failure/>"))
    reports = [parse("a.json", document(entry(), exitcode=1).encode()), parse("b.xml", red.encode())]
    assert not merge(reports, Context()).doubted
    gate = f"{HEAD}a.py::t PASSED [100%]\nFAIL Required test coverage of 90% not reached.\n=== 1 passed in 1.00s ===\n"
    reports = [reports[0], parse("c.txt", gate.encode())]
    run = merge(reports, Context())
    assert (run.status, run.doubted, told(run)) == ("errored", False, ["run.exit"])


def test_the_failure_of_one_shard_does_not_explain_the_exit_code_of_another():
    shards = [document(entry(), exitcode=1), document(entry("failed", "b.py::t", call=FAILED), exitcode=1)]
    run = merge([parse(f"{n}.json", text.encode()) for n, text in enumerate(shards)], Context())
    assert (run.status, run.doubted, told(run)) == ("failed", True, ["run.counts"])
    assert not proves_gone(run, {"a.t"})


outcomes = st.sampled_from(
    ["passed", "failed", "error", "skipped", "xfailed", "xpassed", "broken", "FAILED", ""]
)
counts = st.sampled_from(["0", "1", "2", "7", "-1", "x"])


@settings(max_examples=120)
@given(
    st.lists(st.tuples(st.sampled_from("tuv"), outcomes), max_size=5),
    st.dictionaries(st.sampled_from(["passed", "failed", "error", "total"]), st.integers(-1, 5)),
    st.sampled_from([0, 1, 5]),
)
def test_json_with_any_outcome_or_count_of_red_is_never_green_nor_proof(cases, summed, exit_code):
    tests = [entry(said, f"a.py::{name}") for name, said in cases]
    run = run_of(document(*tests, exitcode=exit_code, summary=summed))
    claims = exit_code == 1 or summed.get("failed", 0) or summed.get("error", 0)
    if claims or any(said in {"failed", "error", "broken", "FAILED", ""} for _, said in cases):
        assert run.status not in {"passed", "empty"}
        assert group(run, Config())
        red = [case.join for case in run.cases if case.failures]
        assert not any(proves_gone(run, {join}) for join in (red or [case.join for case in run.cases]))


ELEMENTS = {"pass": "", "failure": "<failure/>", "error": "<error/>", "skip": "<skipped/>"}


def written(cases, name, claims):
    body = "".join(f'<testcase classname="a" name="{n}">{ELEMENTS[what]}</testcase>' for n, what in cases)
    attributes = " ".join(f'{key}="{value}"' for key, value in claims.items())
    return f'<testsuites><testsuite name="{name}" {attributes}>{body}</testsuite></testsuites>'


elements = st.tuples(st.sampled_from("tuv"), st.sampled_from(sorted(ELEMENTS)))


@settings(max_examples=150)
@given(
    st.lists(elements, max_size=6),
    st.sampled_from(["pytest", "shop"]),
    st.dictionaries(st.sampled_from(["tests", "failures", "errors"]), counts),
    st.integers(0, 6),
)
def test_junit_with_any_cases_and_counts_is_never_green_and_no_namesake_outvotes_a_failure(
    cases, name, claims, place
):
    run = run_of(written(cases, name, claims))
    red = [what in {"failure", "error"} for _, what in cases]
    if any(red) or any(claims.get(key, "0") != "0" for key in ("failures", "errors")):
        assert run.status not in {"passed", "empty"}
        assert group(run, Config())
    before = run_of(written(cases, name, {})).totals
    after = run_of(written([*cases[:place], ("t", "pass"), *cases[place:]], name, {})).totals
    assert after.failed + after.error >= before.failed + before.error
    if name == "shop":
        assert len(run.cases) == len(cases)
        assert sum(bool(c.failures) for c in run.cases) == sum(red)


LOST = """===== test session starts =====
collected 3 items

a.py::test_a PASSED   [ 33%]
a.py::test_b{}
{}
===== 1 passed{} in 0.45s =====
"""


@pytest.mark.parametrize(
    ("word", "stop", "counts", "doubted"),
    [
        ("", "", "", True),
        ("", "!!!!! KeyboardInterrupt !!!!!", "", False),
        (" FAILED", "", ", 1 failed, 1 skipped", False),
        ("", "", ", 2 deselected", False),
        (" SKIPPED", "", "", False),
    ],
    ids=[
        "nothing says why",
        "interrupted",
        "all ended",
        "the others were deselected",
        "another plugin's count",
    ],
)
def test_a_test_that_was_running_when_the_log_ends_is_not_green(word, stop, counts, doubted):
    run = run_of(LOST.format(word, stop, counts))
    assert (run.doubted, run.status == "passed") == (
        doubted,
        not doubted and "!" not in stop and "failed" not in counts,
    )


def test_an_error_outside_of_rspecs_examples_counts_where_the_summary_does_not():
    said = {
        "version": "3.12.0",
        "messages": [
            "\nAn error occurred while loading ./spec/a_spec.rb.\nLoadError:\n  cannot load such file -- b"
        ],
        "examples": [],
    }
    report = parse("r.json", json.dumps(said).encode())
    assert merge([report], Context()).status == "failed"
    assert [case.outcome for case in report.cases] == ["error"]
