"""Terminal output: names from `-v` and the summary, texts from the blocks, and nothing out of captured output."""

import time

import pytest

from triagebot.reports import Context, merge, parse
from triagebot.reports.pytest_terminal import looks

CLOSE = "==== 1 failed in 0.10s ===="


def read(text):
    return parse("t.txt", text.encode())


def failures(text):
    return [(c.test, f.phase, f.message) for c in read(text).cases for f in c.failures]


def log(failures="", summary="", close=CLOSE, progress=""):
    return (
        f"=== test session starts ===\n{progress}\n=== FAILURES ===\n{failures}\n"
        f"=== short test summary info ===\n{summary}\n{close}\n"
    )


SUMMARY = [  # summary line, heading, node id
    ("FAILED a.py::t - E: x - y", "t", "a.py::t"),
    ("FAILED a.py::t", "t", "a.py::t"),
    ("FAILED a.py::t[a - b] - E: x", "t[a - b]", "a.py::t[a - b]"),
    ("FAILED a.py::t[a] - b] - E: x", "t[a] - b]", "a.py::t[a] - b]"),
    ("FAILED a.py::C::D::t - E: x", "C.D.t", "a.py::C::D::t"),
    ("FAILED dir with blanks/a.py::t - E: x", "t", "dir with blanks/a.py::t"),
    ("SUBFAILED[m - n] (i=1) a.py::t - E: x", "t [m - n] (i=1)", "a.py::t"),
    ("SUBFAILED(text='a::b (c)') a.py::C::t - E", "C.t (text='a::b (c)')", "a.py::C::t"),
    ("SUBFAILED(<subtest>) a.py::t - E: x", "t (<subtest>)", "a.py::t"),
]


@pytest.mark.parametrize("line, heading, node", SUMMARY)
def test_blocks_find_their_node_id(line, heading, node):
    assert failures(log(f"____ {heading} ____\nE   E: x", line)) == [(node, "call", "E: x")]


def test_equal_headings_are_matched_in_order():
    body = "____ t ____\nE   one\n____ t ____\nE   two"
    assert failures(log(body, "FAILED a.py::t - o\nFAILED b.py::t - t")) == [
        ("a.py::t", "call", "one"),
        ("b.py::t", "call", "two"),
    ]


def test_output_that_looks_like_pytests_own_is_not():
    body = "____ t ____\nE   one\n---- Captured stdout call ----\n____ u ____\n=== Report ===\nE   printed"
    (case,) = read(log(body, "FAILED a.py::t - one")).cases
    assert case.failures[0].text == "E   one"
    assert case.failures[0].sections[0].text == "____ u ____\n=== Report ===\nE   printed"


def test_a_message_over_several_lines_is_kept_where_there_is_no_block():
    assert failures(log("", "FAILED a.py::t - E: one\n  two\nFAILED a.py::u - E: three")) == [
        ("a.py::t", "call", "E: one\n  two"),
        ("a.py::u", "call", "E: three"),
    ]


def test_line_style_is_matched_by_order_or_not_at_all():
    body = "E   E: x\n/a.py:3: E: x\n/a.py:4: E: y"
    summary = "FAILED a.py::t - short\nFAILED a.py::u - E: y"
    assert [f.text for c in read(log(body, summary)).cases for f in c.failures] == [
        "E   E: x\n/a.py:3: E: x",
        "/a.py:4: E: y",
    ]
    assert [f.text for c in read(log(body, summary + "\nFAILED a.py::v")).cases for f in c.failures] == [
        "",
        "",
        "",
    ]


PROGRESS = [  # progress, cases
    ("a.py::t PASSED [ 10%]", [("a.py::t", "passed")]),
    ("a.py::t[a PASSED b] FAILED [ 10%]", [("a.py::t[a PASSED b]", "failed")]),
    ("a.py::t SKIPPED (it FAILED before) [ 10%]", [("a.py::t", "skipped")]),
    ("[gw0] [ 10%] XFAIL a.py::t", [("a.py::t", "xfailed")]),
    ("[gw12] PASSED a.py::t[x y]", [("a.py::t[x y]", "passed")]),
    ("a.py::t \n---- live log call ----\nWARNING x\nPASSED    [ 10%]", [("a.py::t", "passed")]),
    ("a.py::t said FAILED word\nPASSED [ 10%]", [("a.py::t", "passed")]),
    ("a.py::t printed\nmore printedPASSED", []),
    ("a.py::t printed PASSED [ 10%]", [("a.py::t", "passed")]),
    ("cases.yaml::one case PASSED [ 10%]", [("cases.yaml::one case", "passed")]),
    ("a.py::t SUBFAILED[m] (i=1) [ 10%]\na.py::t PASSED [ 10%]", [("a.py::t", "failed")]),
    ("a.py::t PASSED [ 10%]\na.py::t ERROR [ 10%]", [("a.py::t", "error")]),
    ("a.py::t RERUN [ 10%]\na.py::t PASSED [ 10%]", [("a.py::t", "passed")]),
    ("2025-09-10 svc::mod ERROR no report", []),
]


@pytest.mark.parametrize("progress, cases", PROGRESS)
def test_progress_lines_name_cases(progress, cases):
    found = read(f"=== test session starts ===\n{progress}\n=== 1 passed in 0.1s ===\n").cases
    assert [(c.test, c.outcome) for c in found] == cases


ENDINGS = [  # last lines, exit code, complete, counted
    ("=== 3 passed in 0.10s ===", None, True, {"passed": 3}),
    ("3 passed, 1 skipped in 61.00s (0:01:01)", None, True, {"passed": 3, "skipped": 1}),
    ("=== 1 failed, 2 warnings in 0.10s ===", 1, True, {"failed": 1}),
    ("=== 2 errors in 0.10s ===", 1, True, {"error": 2}),
    ("=== no tests ran in 0.10s ===", 5, True, {}),
    ("=== 3 deselected in 0.10s ===", 5, True, {}),
    ("!!! Interrupted: 1 error during collection !!!\n=== 1 error in 0.10s ===", 2, False, {"error": 1}),
    ("!!! KeyboardInterrupt !!!\n=== 1 passed in 0.10s ===", 2, False, {"passed": 1}),
    ("!!! stopping after 1 failures !!!\n=== 1 failed in 0.10s ===", 1, False, {"failed": 1}),
    ("INTERNALERROR> Traceback\nINTERNALERROR> OSError: x\n=== no tests ran in 0.10s ===", 3, False, {}),
    ("FAIL Required test coverage of 90% not reached.\n=== 3 passed in 0.10s ===", 1, True, {"passed": 3}),
    ("..F", None, False, {}),
    ("a.py ..Fs [ 40%]", None, False, {"passed": 2, "failed": 1, "skipped": 1}),
]


@pytest.mark.parametrize("ending, code, complete, counted", ENDINGS)
def test_the_end_tells_exit_code_and_completeness(ending, code, complete, counted):
    report = read(f"=== test session starts ===\n{ending}\n")
    assert (report.exit_code, report.complete) == (code, complete)
    if ending != "..F":
        assert report.unnamed == counted


def test_a_cut_log_says_what_was_running():
    report = read("=== test session starts ===\na.py::t PASSED [ 1%]\na.py::u")
    assert [p.reason for p in report.problems] == [
        "cut off at line 3 while a.py::u was running: pytest's closing line is missing"
    ]
    assert merge([report], Context()).status == "interrupted"


SESSIONS = {  # what the second session says of itself, outcomes of each case's attempts
    "nothing": ("", [["failed"], ["passed"]]),
    "last failed": (
        "run-last-failure: rerun previous 1 failure (skipped 3 files)\n",
        [["failed", "passed"]],
    ),
    "failed first": ("run-last-failure: rerun previous 1 failure first\n", [["failed", "passed"]]),
    "none failed before": (
        "run-last-failure: no previously failed tests, not deselecting items.\n",
        [["failed"], ["passed"]],
    ),
}


@pytest.mark.parametrize(("said", "attempts"), SESSIONS.values(), ids=SESSIONS)
def test_a_session_is_an_attempt_of_another_only_where_it_says_so(said, attempts):
    one = "=== test session starts ===\ncollected 1 item\na.py::t FAILED [ 1%]\n=== 1 failed in 1.00s ===\n"
    two = one.replace("FAILED", "PASSED").replace("failed", "passed").replace("item\n", f"item\n{said}")
    report = read(one + "pip install x\n" + two)
    assert [[a.outcome for a in c.attempts] for c in report.cases] == attempts
    assert (report.duration_s, report.collected) == (2.0, 2)


def test_headings_without_any_names_stay_headings():
    report = read("=== FAILURES ===\n____ TestX.t ____\nE   x\n=== 1 failed in 1.00s ===\n")
    assert [(c.test, c.outcome) for c in report.cases] == [("TestX.t", "failed")]


NO_LOGS = [
    "",
    "hello\nworld",
    "{}",
    "<testsuite/>",
    "=== Memory ===",
    "1 of 3 passed",
    "a::b PASSED",
    "___ x ___",
]


@pytest.mark.parametrize("text", NO_LOGS)
def test_other_texts_are_not_taken_for_logs(text):
    assert not looks(text)


HOSTILE = [
    "=" * 200_000,
    "_ " * 100_000,
    ("= " * 1_000 + "\n") * 100,
    ("SUBFAILED" + ") " * 1_000 + "\n") * 100,
    ("FAILED a.py::t" + " - x" * 500 + "\n") * 100,
    ("a.py::t" + "[" * 1_000 + " PASSED" * 100 + "\n") * 100,
    "\x1b[" + "0;" * 100_000,
    ("E " + " " * 100_000 + "x\n") * 3,
    ("____ t" + " (" * 900 + ") ____\n") * 100,
    ("1 a, " * 400 + "in\n") * 100,
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_lines_cost_little(body):
    start = time.perf_counter()
    read(log(body, body))
    assert time.perf_counter() - start < 2.0


@pytest.mark.parametrize("collected", ["collected 2 items", "&.. cllected 2 items", ""])
def test_a_test_that_began_and_has_no_end_is_no_pass_of_the_run(collected):
    log = f"""== test session starts ==
{collected}

a.py::t PASSED                                                 [ 50%]
a.py::u

!!!!!!!!!!!!!! KeyboardInterrupt !!!!%!!!!
== 1 passed in 0.45s ==
"""
    report = parse("log.txt", log.encode(), format="pytest-terminal")
    assert not report.complete and report.doubted
    assert [p.reason for p in report.problems] == [
        "a.py::u was running when the run ended, and nothing tells how it ended"
    ]


HEAD = "rootdir: /srv/shop\nplugins: xdist-3.8.0\ncollected 1 item\n\na.py::t PASSED   [100%]\n\n== 1 passed in 0.05s ==\n"


@pytest.mark.parametrize("before", ["", '{"status":"failed"}0.8.1\'}}\n', "Run pytest\nplatform linux\n"])
def test_a_log_whose_start_was_cut_off_within_a_sessions_head_is_no_pass(before):
    report = parse("log.txt", (before + HEAD).encode(), format="pytest-terminal")
    assert not report.complete
    assert "cut off at its start" in report.problems[0].reason


@pytest.mark.parametrize(
    "before", ["== test session starts ==\n", "== test session starts ==\nplatform linux\n"]
)
def test_a_log_with_a_sessions_first_line_is_whole(before):
    assert parse("log.txt", (before + HEAD).encode(), format="pytest-terminal").complete


def test_a_quiet_log_has_no_head_and_is_whole():
    said = "deploying\nrootdir: /srv is where it goes\n.   [100%]\n1 passed in 0.05s\n"
    assert parse("log.txt", said.encode(), format="pytest-terminal").complete
