"""A job's log of GitHub Actions: what a runner printed in it, and what the job said where none did."""

from triagebot.reports import Context, merge, parse

STAMP = "2026-11-27T09:00:00.1234567Z "


def log(*lines: str, before: str = "") -> bytes:
    return "".join(f"{before}{STAMP}{line}\n" for line in lines).encode()


def test_output_that_starts_beyond_the_first_64_kilobytes_is_found():
    noise = [f"Downloading wheel {number}" for number in range(3_000)]
    report = parse("job.log", log("Complete job name: e2e", *noise, "=== RUN   TestA", "    a_test.go:3: no", "--- FAIL: TestA (0.00s)", "FAIL\tp\t0.1s"))  # fmt: skip
    assert [(case.test, case.outcome) for case in report.cases] == [("p::TestA", "failed")]
    assert report.job == "e2e"


def test_two_runners_in_one_job_are_both_read():
    report = parse("job.log", log(
        "--- FAIL: TestA (0.00s)", "FAIL\tp\t0.1s",
        "FAIL ./a.test.js", "  ● adds", "", "    expect(received).toBe(expected)", "", "Tests:       1 failed, 2 passed, 3 total",
    ))  # fmt: skip
    assert {case.test for case in report.cases} == {"p::TestA", "a.test.js::adds"}
    assert report.unnamed == {"passed": 2}


def test_jobs_of_one_text_keep_their_namesakes_apart():
    lines = ["--- FAIL: TestA (0.00s)", "FAIL\tp\t0.1s"]
    data = log(*lines, before="e2e (eu)\tRun tests\t") + log(*lines, before="e2e (us)\tRun tests\t")
    assert [case.test for case in parse("job.log", data).cases] == [
        "e2e (eu)::p::TestA",
        "e2e (us)::p::TestA",
    ]


def test_a_job_that_failed_without_tests_says_what_it_said():
    report = parse(
        "job.log",
        log(
            "##[group]Run make",
            "make: *** no rule",
            "##[endgroup]",
            "##[error]Process completed with exit code 2.",
        ),
    )
    assert not report.readable
    assert report.problems[0].reason == (
        "a job that failed, with no known runner's output in its log; it says: Process completed with exit code 2."
    )


def test_a_log_that_was_cut_before_any_test_is_not_taken_for_a_job_without_tests():
    report = parse(
        "e2e.log", log("Complete job name: e2e", "##[group]Run npx playwright test", "_bootstrap._gcd_imp")
    )
    assert not report.readable
    assert (
        report.problems[0].reason
        == "the log of e2e ends before the job did, with no known runner's output in it"
    )


def test_a_green_job_without_tests_is_no_problem_beside_others():
    lint = parse(
        "lint.log", log("Complete job name: lint", "All checks passed!", "Cleaning up orphan processes")
    )
    assert lint.idle == "no test ran in lint"
    tests = parse(
        "e2e.log",
        log("Complete job name: e2e", "=== RUN   TestA", "--- PASS: TestA (0.01s)", "PASS", "ok  \tp\t0.1s"),
    )
    run = merge([lint, tests], Context())
    assert (run.status, run.problems, run.totals.passed) == ("passed", (), 1)
