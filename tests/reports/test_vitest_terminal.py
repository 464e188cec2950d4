"""What Vitest prints, in the spellings of its versions and reporters that no recording holds."""

from textwrap import dedent

import pytest

from triagebot.reports import Context, merge, parse

BARS = """\
     RUN  v3.2.4 /w

     ❯ |shop (chromium)| src/cart.test.tsx (3 tests | 2 failed) 12ms
       ✓ cart > pays 4ms
       × cart > ships 5ms (retry x1)
         → boom
       × cart > sails 3ms
         → boom

    ⎯⎯⎯⎯⎯⎯⎯ Failed Tests 2 ⎯⎯⎯⎯⎯⎯⎯

     FAIL  |shop (chromium)| src/cart.test.tsx > cart > ships
     FAIL  |shop (chromium)| src/cart.test.tsx > cart > sails
    Error: boom
     ❯ src/cart.test.tsx:4:9

    ⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/2]⎯

     Test Files  1 failed (1)
          Tests  2 failed | 1 passed (3)
       Duration  301ms (transform 9ms)
    """
BARE = """\
     RUN  v1.6.0 /w

     ✓ a.test.ts  (2 tests) 3ms

     Test Files  1 passed (1)
          Tests  2 passed (2)
       Start at  10:00:00
       Duration  1.20s (transform 9ms)
    """
REJECTED = """\
     RUN  v3.2.4 /w

     ✓ a.test.ts (2 tests) 3ms

    ⎯⎯⎯⎯ Unhandled Errors ⎯⎯⎯⎯

    Vitest caught 1 unhandled error during the test run.

    ⎯⎯⎯⎯ Unhandled Rejection ⎯⎯⎯⎯⎯
    Error: connect ECONNREFUSED 127.0.0.1:9
     ❯ TCPConnectWrap.afterConnect node:net:1611:16

    This error originated in "a.test.ts" test file. It doesn't mean the error was thrown inside the file itself.
    ⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯

     Test Files  1 passed (1)
          Tests  2 passed (2)
         Errors  1 error
    """
CUT = """\
     RUN  v3.2.4 /w

     ❯ a.test.ts (1 test | 1 failed) 3ms
       × pays 3ms
    """


def run(text: str):
    report = parse("vitest.txt", dedent(text).encode())
    assert report.format == "vitest-terminal"
    return merge([report], Context())


def test_tests_that_failed_alike_are_each_a_case_of_their_project_with_their_attempts():
    told = run(BARS)
    assert [(c.test, c.project, len(c.attempts), c.duration_s) for c in told.cases] == [
        ("src/cart.test.tsx::cart ships [shop (chromium)]", "shop (chromium)", 2, 0.005),
        ("src/cart.test.tsx::cart sails [shop (chromium)]", "shop (chromium)", 1, 0.003),
    ]
    assert {f.message for c in told.cases for f in c.failures} == {"Error: boom"}
    assert (told.totals.passed, told.totals.failed, told.duration_s) == (1, 2, 0.301)


def test_a_green_run_is_counted():
    told = run(BARE)
    assert (told.status, told.totals.passed, told.duration_s) == ("passed", 2, 1.2)


def test_an_error_that_no_test_caught_is_red():
    told = run(REJECTED)
    assert (told.status, told.totals.passed, told.totals.error) == ("failed", 2, 1)
    assert told.cases[0].failures[0].message == "Error: connect ECONNREFUSED 127.0.0.1:9"


@pytest.mark.parametrize("text", [CUT, BARS.partition("     Test Files")[0]])
def test_a_run_without_its_sums_is_not_green(text):
    told = run(text)
    assert told.status != "passed"
    assert not told.complete
