"""Go's tests: what a package, a parent, a panic and a build tell beside the tests."""

import json

import pytest

from triagebot.reports import parse
from triagebot.reports.go_results import message_in


def events(*told: tuple) -> bytes:
    keys = ("Action", "Package", "Test", "Output")
    return "\n".join(json.dumps({"Time": "2026-11-27T09:00:00Z"} | {k: v for k, v in zip(keys, row, strict=False) if v}) for row in told).encode()  # fmt: skip


def cases(data: bytes) -> dict:
    return {case.test: case for case in parse("go.json", data).cases}


def test_a_parent_that_says_something_itself_is_a_failure_of_its_own():
    found = cases(events(
        ("run", "p", "TestA"), ("run", "p", "TestA/x"), ("output", "p", "TestA", "    a_test.go:3: and I\n"),
        ("fail", "p", "TestA/x"), ("fail", "p", "TestA"), ("fail", "p"),
    ))  # fmt: skip
    assert [(c.test, c.failures[0].message) for c in found.values()] == [
        ("p::TestA", "and I"),
        ("p::TestA/x", ""),
    ]


def test_a_package_that_fails_without_a_failing_test_is_a_failure():
    found = cases(events(("run", "p", "TestA"), ("pass", "p", "TestA"), ("output", "p", "", "exit by os.Exit(3)\n"), ("fail", "p")))  # fmt: skip
    assert (found["p"].outcome, found["p"].failures[0].message) == ("error", "exit by os.Exit(3)")
    assert found["p"].failures[0].phase == "collect"


def test_the_build_output_of_newer_go_is_the_text_of_its_package():
    data = b"\n".join(
        json.dumps(event).encode()
        for event in [
            {"ImportPath": "p [p.test]", "Action": "build-output", "Output": "# p [p.test]\n"},
            {
                "ImportPath": "p [p.test]",
                "Action": "build-output",
                "Output": "./p_test.go:6:2: undefined: Import\n",
            },
            {"ImportPath": "p [p.test]", "Action": "build-fail"},
            {"Action": "start", "Package": "p"},
            {"Action": "output", "Package": "p", "Output": "FAIL\tp [build failed]\n"},
            {"Action": "fail", "Package": "p", "FailedBuild": "p [p.test]"},
        ]
    )
    (only,) = cases(data).values()
    assert only.failures[0].message == "undefined: Import"


def test_a_test_that_was_running_when_its_package_panicked_is_red_and_the_others_never_ran():
    data = events(
        ("run", "p", "TestA"), ("run", "p", "TestB"),
        ("output", "p", "TestA", "panic: test timed out after 1s\n"), ("fail", "p"),
    )  # fmt: skip
    report = parse("go.json", data)
    assert [(c.test, c.failures[0].message) for c in report.cases] == [
        ("p::TestA", "panic: test timed out after 1s")
    ]
    assert not report.complete


@pytest.mark.parametrize("cut", [b'\n{"Time":"2026', b""])
def test_a_stream_that_ends_inside_a_package_is_not_complete(cut):
    report = parse("go.json", events(("run", "p", "TestA"), ("pass", "p", "TestA")) + cut)
    assert not report.complete


def test_a_second_run_of_a_test_is_an_attempt():
    (only,) = cases(events(("run", "p", "T"), ("fail", "p", "T"), ("fail", "p"), ("run", "p", "T"), ("pass", "p", "T"), ("pass", "p"))).values()  # fmt: skip
    assert [attempt.outcome for attempt in only.attempts] == ["failed", "passed"]


def test_verbose_output_names_what_passed():
    text = "=== RUN   TestA\n--- PASS: TestA (0.01s)\n=== RUN   TestB\n    b_test.go:4: no\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\tp\t0.1s\n"
    report = parse("go.txt", text.encode())
    assert [(c.test, c.outcome) for c in report.cases] == [("p::TestA", "passed"), ("p::TestB", "failed")]
    assert report.complete


MESSAGES = [
    ("    a_test.go:3: no answer\n", "no answer"),
    ("    a_test.go:3: \n        want: 1\n        got: 2\n", "want: 1\ngot: 2"),
    ("    a_test.go:3: \n        \tError Trace:\ta_test.go:3\n        \tError:      \tNot equal: \n        \t            \texpected: 1\n        \t            \tactual  : 2\n        \tTest:       \tTestA\n", "Not equal:\nexpected: 1\nactual  : 2"),
    ("=== RUN   TestA\npanic: boom [recovered]\n\tpanic: boom\n", "panic: boom"),
    ("fatal error: all goroutines are asleep - deadlock!\n", "fatal error: all goroutines are asleep - deadlock!"),
    ("--- FAIL: TestA (0.00s)\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MESSAGES)
def test_the_message_is_what_went_wrong(text, message):
    assert message_in(text) == message
