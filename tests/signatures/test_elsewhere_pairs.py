"""Failures of other languages: pairs that differ in one thing that matters never share a key; what changes from run to run never moves one."""

import pytest

from tests.signatures.elsewhere import dotnet, elsewhere, go, java, php, ruby, rust, v8
from tests.signatures.test_browser import EXPECT, GOING, LOG, OLD, clicked
from triagebot.signatures import sign


def click(target: str, state: str = "", ms: int = 30000) -> str:
    tried = (
        f"    - locator resolved to <button>Pay</button>\n  - attempting click action\n      - {state}\n"
        if state
        else ""
    )
    return v8(f"TimeoutError: locator.click: Timeout {ms}ms exceeded.\n{LOG.format(target)}{tried}")


def seen(
    matcher: str, target: str, argument: str = "", wanted: str = "x", got: str = "y", ms: int = 5000
) -> str:
    return v8(
        f"Error: expect(locator).{matcher}({argument}) failed\n\nLocator:  {target}\nExpected: {wanted}\nReceived: {got}\nTimeout:  {ms}ms\n"
    )


def jest(wanted: str, got: str, matcher: str = "toBe") -> str:
    return v8(
        f"Error: expect(received).{matcher}(expected) // Object.is equality\n\nExpected: {wanted}\nReceived: {got}"
    )


def found(css: str, session: str = "chrome=131.0.6778.85") -> str:
    return java(
        f'org.openqa.selenium.NoSuchElementException: no such element: Unable to locate element: {{"method":"css selector","selector":"{css}"}}\n  (Session info: {session})'
    )


def missing(css: str, ms: int = 4000) -> str:
    return v8(
        f"AssertionError: Timed out retrying after {ms}ms: Expected to find element: `{css}`, but never found it."
    )


NEGATIVES = [
    # two locators
    (click("getByRole('button', { name: 'Pay' })"), click("getByRole('button', { name: 'Cancel' })")),
    (click("getByRole('button', { name: 'Pay' })"), click("getByRole('link', { name: 'Pay' })")),
    (click("getByTestId('total')"), click("getByTestId('sum')")),
    (click("getByTestId('plan-1')"), click("getByTestId('plan-2')")),
    (click("locator('#pay')"), click("locator('.pay')")),
    (click("locator('li').nth(1)"), click("locator('li').nth(2)")),
    (click("getByText('Paid')"), click("getByLabel('Paid')")),
    (seen("toBeVisible", "getByTestId('total')"), seen("toBeVisible", "getByTestId('sum')")),
    (missing("[data-cy=plan]"), missing("[data-cy=price]")),
    (found("#pay"), found("#cancel")),
    (v8("Error: locator.click: Error: strict mode violation: locator('.plan') resolved to 2 elements:"), v8("Error: locator.click: Error: strict mode violation: locator('.price') resolved to 2 elements:")),
    ("Element with locator 'id:pay' not found.", "Element with locator 'id:cancel' not found."),
    # what for, how it ended, what it was
    (seen("toBeVisible", "getByTestId('total')"), seen("toBeEnabled", "getByTestId('total')")),
    (seen("toBeVisible", "getByTestId('total')", "", "visible", "hidden"), seen("toBeVisible", "getByTestId('total')", "", "visible", "<element(s) not found>")),
    (v8("Error: expect(locator).toBeVisible() failed\n\nLocator: getByText('a')\n"), v8("Error: expect(locator).not.toBeVisible() failed\n\nLocator: getByText('a')\n")),
    (seen("toHaveText", "getByTestId('state')", "expected", '"Paid"'), seen("toHaveText", "getByTestId('state')", "expected", '"Refunded"')),
    (seen("toHaveText", "getByTestId('a')", "expected", '"Paid"'), seen("toHaveValue", "getByTestId('a')", "expected", '"Paid"')),
    (seen("toHaveCount", "locator('li')", "expected", "3", "0"), seen("toHaveCount", "locator('li')", "expected", "4", "0")),
    (click("locator('#pay')", "element is not enabled"), click("locator('#pay')", "element is not visible")),
    (click("locator('#pay')", '<div id="cover"></div> intercepts pointer events'), click("locator('#pay')", '<div id="banner"></div> intercepts pointer events')),
    (click("locator('#pay')"), click("locator('#pay')", "element is not visible")),
    (click("locator('#pay')"), v8(f"TimeoutError: locator.fill: Timeout 30000ms exceeded.\n{LOG.format(chr(108) + 'ocator(' + chr(39) + '#pay' + chr(39) + ')')}")),
    (click("locator('#pay')"), seen("toBeVisible", "locator('#pay')", "", "visible", "<element(s) not found>")),
    (v8("Error: locator.click: Target crashed"), v8("Error: locator.click: Target page, context or browser has been closed")),
    (v8('TimeoutError: page.waitForResponse: Timeout 1000ms exceeded.\nwaiting for response "**/prices"'), v8('TimeoutError: page.waitForResponse: Timeout 1000ms exceeded.\nwaiting for response "**/quotes"')),
    (v8('TimeoutError: page.waitForResponse: Timeout 1000ms exceeded.\nwaiting for response "**/prices"'), v8('TimeoutError: page.waitForRequest: Timeout 1000ms exceeded.\nwaiting for request "**/prices"')),
    (v8('TimeoutError: page.goto: Timeout 1000ms exceeded.\nCall log:\n  - navigating to "https://a.example/", waiting until "load"'), v8('TimeoutError: page.goto: Timeout 1000ms exceeded.\nCall log:\n  - navigating to "https://b.example/", waiting until "load"')),
    (v8("TypeError: The following error originated from your application code, not from Cypress.\n\n  > a is not a function"), v8("TypeError: The following error originated from your application code, not from Cypress.\n\n  > b is not a function")),
    # two hosts, two services
    (v8(GOING.format("net::ERR_CONNECTION_REFUSED at https://a.example/")), v8(GOING.format("net::ERR_CONNECTION_REFUSED at https://b.example/").replace("shop.example", "b.example"))),
    (v8("Error: connect ECONNREFUSED 127.0.0.1:8080"), v8("Error: connect ECONNREFUSED 127.0.0.1:9090")),
    (v8("Error: getaddrinfo ENOTFOUND a.example"), v8("Error: getaddrinfo ENOTFOUND b.example")),
    (go('Get "http://x/": dial tcp: lookup a.example on 127.0.0.53:53: no such host'), go('Get "http://x/": dial tcp: lookup b.example on 127.0.0.53:53: no such host')),
    (java("java.net.UnknownHostException: a.example"), java("java.net.UnknownHostException: b.example")),
    (java("java.net.SocketTimeoutException: Read timed out"), java("java.net.SocketTimeoutException: connect timed out")),
    (dotnet("System.Net.Http.HttpRequestException : Connection refused (a.example:80)"), dotnet("System.Net.Http.HttpRequestException : Connection refused (b.example:80)")),
    (v8("Error: connect ECONNREFUSED 127.0.0.1:8080"), v8("Error: read ECONNRESET")),
    (v8(GOING.format("net::ERR_CONNECTION_REFUSED at https://a.example/")), v8(GOING.format("net::ERR_CONNECTION_RESET at https://a.example/"))),
    (v8(GOING.format("net::ERR_CERT_DATE_INVALID at https://a.example/")), v8(GOING.format("net::ERR_CERT_AUTHORITY_INVALID at https://a.example/"))),
    # two statuses, two codes
    (v8("AxiosError: Request failed with status code 503"), v8("AxiosError: Request failed with status code 500")),
    (java("java.lang.AssertionError: Status expected:<200> but was:<503>"), java("java.lang.AssertionError: Status expected:<200> but was:<404>")),
    (jest("200", "503"), jest("200", "404")),
    (dotnet("System.Net.Http.HttpRequestException : Response status code does not indicate success: 503 (Service Unavailable)."), dotnet("System.Net.Http.HttpRequestException : Response status code does not indicate success: 401 (Unauthorized).")),
    (php("GuzzleHttp\\Exception\\ServerException: Server error: `GET http://a.example/` resulted in a `503 Service Unavailable` response:"), php("GuzzleHttp\\Exception\\ServerException: Server error: `GET http://a.example/` resulted in a `502 Bad Gateway` response:")),
    (ruby("Faraday::ServerError: the server responded with status 503"), ruby("Faraday::ServerError: the server responded with status 500")),
    (rust('called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Status(503), url: "http://a.example/" }'), rust('called `Result::unwrap()` on an `Err` value: reqwest::Error { kind: Status(429), url: "http://a.example/" }')),
    (v8("Error: WebSocket closed with code 1011"), v8("Error: WebSocket closed with code 1008")),
    (go("websocket: close 1011 (internal server error): a"), go("websocket: close 1006 (abnormal closure): unexpected EOF")),
    (v8("Error: Unexpected server response: 503"), v8("Error: Unexpected server response: 401")),
    (v8("Error: worker process exited unexpectedly (code=null, signal=SIGSEGV)"), v8("Error: worker process exited unexpectedly (code=null, signal=SIGKILL)")),
    # two variables, modules, tables, sentences, types, tests
    (ruby('KeyError: key not found: "STAGING_TOKEN"'), ruby('KeyError: key not found: "STAGING_URL"')),
    (v8("Error: Cannot find module './renderer'"), v8("Error: Cannot find module './importer'")),
    (java("java.lang.ClassNotFoundException: com.example.A"), java("java.lang.ClassNotFoundException: com.example.B")),
    (go('pq: relation "users" does not exist'), go('pq: relation "plans" does not exist')),
    (v8("TypeError: Cannot read properties of undefined (reading 'name')"), v8("TypeError: Cannot read properties of undefined (reading 'price')")),
    (v8("TypeError: Cannot read properties of undefined (reading 'name')"), v8("TypeError: Cannot read properties of null (reading 'name')")),
    (java("java.lang.IllegalStateException: closed"), java("java.lang.IllegalArgumentException: closed")),
    (v8("Error: Test timed out in 5000ms."), v8("Error: Hook timed out in 5000ms.")),
    (v8("Error: quota exceeded"), v8("Error: plan unknown")),
    (rust("assertion `left == right` failed: the total\n  left: 41\n right: 42"), rust("assertion `left == right` failed: the saving\n  left: 41\n right: 42")),
    (php("Failed asserting that an array has the key 'plan'."), php("Failed asserting that an array is empty.")),
    (dotnet("System.Collections.Generic.KeyNotFoundException : The given key 'plan' was not present in the dictionary."), dotnet("System.Collections.Generic.KeyNotFoundException : The given key 'price' was not present in the dictionary.")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), NEGATIVES)
def test_what_matters_parts_two_failures(one, other):
    assert sign(elsewhere(one)).key != sign(elsewhere(other)).key


def test_one_assertion_in_two_tests_is_two_failures():
    one, other = (
        elsewhere(jest("true", "false"), test="a.test.js::pays"),
        elsewhere(jest("true", "false"), test="a.test.js::refunds"),
    )
    assert sign(one).key != sign(other).key


def test_an_element_that_nobody_names_is_its_tests_own():
    text = java(
        "org.openqa.selenium.StaleElementReferenceException: stale element reference: stale element not found in the current frame"
    )
    one, other = elsewhere(text, test="ShopTest.pays"), elsewhere(text, test="ShopTest.refunds")
    assert sign(one).key != sign(other).key


def both(said: str, other: str) -> tuple[str, str]:
    return v8(said), v8(other)


WINDOWS = "C:\\a\\shop\\shop\\tests\\shop.spec.ts"
STABLE = [
    # durations, retries, lines, checkouts, browsers, languages of one runner
    (click("locator('#pay')", ms=1500), click("locator('#pay')", ms=30000)),
    (click("locator('#pay')"), v8("Error: locator.click: Test timeout of 30000ms exceeded.\n" + LOG.format("locator('#pay')"))),
    (click("locator('#pay')"), click("locator('#pay')").replace("'", '"')),
    (click("locator('#pay')"), click("locator('#pay')").replace(":12:9", ":99:1")),
    (click("locator('#pay')"), click("locator('#pay')").replace("/home/runner/work/app/app/", "/builds/team/app/")),
    (click("locator('#pay')"), v8(f"TimeoutError: locator.click: Timeout 30000ms exceeded.\n{LOG.format(chr(108) + 'ocator(' + chr(39) + '#pay' + chr(39) + ')')}", path=WINDOWS)),
    (click("locator('#pay')", "element is not enabled"), click("locator('#pay')", "element is not enabled\n    - retrying click action\n    - waiting 500ms\n      - element is not enabled")),
    (click("locator('#order-18273')"), click("locator('#order-99120')")),
    (click("getByTestId('0b9a7f5e-1111-4222-8333-944445555666')"), click("getByTestId('1b9a7f5e-1111-4222-8333-944445555667')")),
    (click("locator('#radix-:r5:')"), click("locator('#radix-:r17:')")),
    (click("locator('.css-1q2w3e4')"), click("locator('.css-9z8y7x6')")),
    (click("getByText('Order 4711')"), click("getByText('Order 90817')")),
    (seen("toBeVisible", "getByTestId('a')", "", "visible", "hidden", ms=1000), seen("toBeVisible", "getByTestId('a')", "", "visible", "hidden", ms=5000)),
    (seen("toHaveText", "getByTestId('a')", "expected", '"42 €"', '"41 €"'), seen("toHaveText", "getByTestId('a')", "expected", '"42 €"', '"17 €"')),
    (v8(EXPECT.format("toBeVisible", "", "visible", "<element(s) not found>")), v8(OLD.format("toBeVisible", "", "visible", "<element(s) not found>", "toBeVisible"))),
    (v8(EXPECT.format("toHaveText", "expected", '"a"', '"b"')), v8("Error: the sum is shown\n\n" + EXPECT.format("toHaveText", "expected", '"a"', '"b"').removeprefix("Error: "))),
    (missing("[data-cy=plan]", 4000), missing("[data-cy=plan]", 10000)),
    (found("#pay"), found("#pay", "chrome=140.0.1.2")),
    (found("#pay"), dotnet('OpenQA.Selenium.NoSuchElementException : no such element: Unable to locate element: {"method":"css selector","selector":"#pay"}')),
    (found("#pay"), v8("NoSuchElementError: Unable to locate element: #pay")),
    (v8("Error: locator.click: Error: strict mode violation: locator('.plan') resolved to 2 elements:"), v8("Error: locator.click: Error: strict mode violation: locator('.plan') resolved to 17 elements:")),
    (v8(GOING.format("net::ERR_CONNECTION_REFUSED at https://shop.example/")), v8(GOING.format("NS_ERROR_CONNECTION_REFUSED"))),
    (v8('TimeoutError: page.goto: Timeout 1000ms exceeded.\nCall log:\n  - navigating to "https://a.example/cart?x=1", waiting until "load"'), v8('TimeoutError: page.goto: Timeout 9000ms exceeded.\nCall log:\n  - navigating to "https://a.example/cart?x=2", waiting until "domcontentloaded"')),
    (v8("Error: browserType.launch: Executable doesn't exist at /root/.cache/ms-playwright/chromium-1105/chrome"), v8("Error: browserType.launch: Executable doesn't exist at C:\\pw\\chromium-1140\\chrome.exe")),
    both("AssertionError: Timed out retrying after 4000ms: expected '<p#sum>' to have text '42', but the text was '41'", "AssertionError: Timed out retrying after 9000ms: expected '<p#sum>' to have text '42', but the text was '40'"),
    # ports of the kernel, addresses, ids, times
    both("Error: connect ECONNREFUSED 127.0.0.1:8080", "Error: connect ECONNREFUSED ::1:8080"),
    both("Error: connect ECONNREFUSED 10.0.0.7:8080", "Error: connect ECONNREFUSED 10.9.9.9:8080"),
    both("Error: read ECONNRESET", "Error: read ECONNRESET\n"),
    both("Error: Request 6d195a53a2ea45cabd30e40177159298 failed", "Error: Request 00005a53a2ea45cabd30e40177159298 failed"),
    both("Error: order 4711 is gone at 2026-11-22T09:08:55Z", "Error: order 12 is gone at 2027-01-01T00:00:00Z"),
    both("Error: user a.b@shop.example is gone", "Error: user c@other.example is gone"),
    both("Error: Timeout of 2000ms exceeded. For async tests and hooks, ensure", "Error: Timeout of 9000ms exceeded. For async tests and hooks, ensure"),
    both("AxiosError: timeout of 500ms exceeded", "AxiosError: timeout of 30000ms exceeded"),
    both("Error: A jest worker process (pid=1) was terminated by another process: signal=SIGKILL, exitCode=null.", "Error: A jest worker process (pid=29432) was terminated by another process: signal=SIGKILL, exitCode=null."),
    both("Error: ENOENT: no such file or directory, open '/home/runner/work/a/a/plans.json'", "Error: ENOENT: no such file or directory, open '/builds/x/y/plans.json'"),
    # the envelope of one error
    (v8("Error: quota exceeded"), "quota exceeded"),
    (v8("Error: quota exceeded"), "Error: quota exceeded"),
    (v8("Error: quota exceeded"), v8('Error: thrown: "quota exceeded"')),
    (v8("Error: quota exceeded"), v8('Error: the string "quota exceeded" was thrown, throw an Error :)')),
    (v8("Error: quota exceeded"), "  ● shop › pays\n\n    quota exceeded\n\n      10 |\n    > 12 |   throw new Error('quota exceeded');\n         |         ^\n\n      at pay (shop.spec.ts:12:9)"),
    (v8("Error: quota exceeded"), "[Error [ERR_TEST_FAILURE]: quota exceeded] { code: 'ERR_TEST_FAILURE', failureType: 'testCodeFailure', cause: 'quota exceeded' }"),
    (v8("TypeError: fetch failed") + "\n\n[cause]: Error: connect ECONNREFUSED 127.0.0.1:8080\n    at x (node:net:1:2)", v8("Error: connect ECONNREFUSED 127.0.0.1:8080")),
    (v8("TypeError: fetch failed") + "\nCause:\n    connect ECONNREFUSED 127.0.0.1:8080", v8("Error: connect ECONNREFUSED 127.0.0.1:8080")),
    (v8("TypeError: a is not a function"), "TypeError: a is not a function\npay@http://localhost:3000/app.js:12:9\n"),
    (v8("TypeError: a is not a function"), "TypeError: a is not a function\n ❯ pay shop.spec.ts:12:9\n ❯ processTicksAndRejections node:internal/process/task_queues:95:5"),
    (v8("TypeError: a is not a function"), "a is not a function\nTypeError: a is not a function\n    at pay (shop.spec.ts:12:9)"),
    (v8("Error: socket hang up"), v8("Error: socket hang up") + "\n\n⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯\nSerialized Error: { code: 'ECONNRESET' }"),
    ("/src/shop_test.cpp:18: Failure\nExpected equality of these values:\n  total()\n    Which is: 41\n  42", "C:\\src\\shop_test.cpp(80): error: Expected equality of these values:\n  total()\n    Which is: 40\n  42"),
    (rust("assertion failed: basket.is_empty()"), rust("assertion failed: basket.is_empty()").replace("tests/shop.rs", "tests\\shop.rs")),
    (ruby("ArgumentError: quota exceeded"), ruby("ArgumentError: quota exceeded").replace("/home/runner/work/app/app/", "C:/a/app/")),
    # lines, ids and envelopes elsewhere
    (java("java.lang.IllegalStateException: order 4711 is closed", line=12), java("java.lang.IllegalStateException: order 99 is closed", line=80)),
    (java("java.lang.IllegalStateException: closed"), java("java.lang.RuntimeException: the plan could not be priced") + "\nCaused by: java.lang.IllegalStateException: closed\n\tat com.example.shop.Client.get(Client.java:9)\n\t... 12 more"),
    (java("java.net.ConnectException: Connection refused"), java("java.net.ConnectException: Connection refused") + "\n\tSuppressed: java.lang.IllegalStateException: while closing\n\t\tat com.example.shop.Client.close(Client.java:3)"),
    (dotnet("System.IO.IOException : the archive is gone", line=1), dotnet("System.IO.IOException : the archive is gone", line=70).replace("/src/", "D:\\a\\")),
    (dotnet("System.Exception : quota exceeded"), dotnet("System.Exception: quota exceeded")),
    (go("total 41 is not right", line=1), go("total 40 is not right", line=70)),
    (go("context: quota exceeded"), "=== RUN   TestPays\n    shop_test.go:26: \n        \tError Trace:\t/home/runner/go/src/shop_test.go:26\n        \tError:      \tReceived unexpected error:\n        \t            \tcontext: quota exceeded\n        \tTest:       \tTestPays\n--- FAIL: TestPays (0.00s)\n"),
    (rust("quota exceeded", line=1), "thread 'pays' panicked at 'quota exceeded', tests/shop.rs:40:9\nnote: run with `RUST_BACKTRACE=1`"),
    (rust("quota exceeded"), rust("quota exceeded").replace("thread 'pays'", "thread 'pays' (4711)")),
    (php("RuntimeException: quota exceeded", line=1), php("RuntimeException: quota exceeded", line=70)),
    (ruby("RuntimeError: quota exceeded"), "Failure/Error: raise 'quota exceeded'\n\nRuntimeError:\n  quota exceeded\n./spec/shop_spec.rb:9:in `block (2 levels) in <top (required)>'"),
    (ruby("NoMethodError: undefined method `price' for nil:NilClass"), "Failure/Error: plan.price\n\nNoMethodError:\n  undefined method `price' for nil:NilClass\n\n    plan.price\n        ^^^^^^\n./spec/shop_spec.rb:9:in `block (2 levels) in <top (required)>'"),
    (ruby("ArgumentError: quota exceeded"), "Failure:\ntest_pays(ShopTest) [test/shop_test.rb:9]:\nArgumentError: quota exceeded\n    test/shop_test.rb:9:in `test_pays'"),
    ('Running main() from gtest_main.cc\n[ RUN      ] Shop.Pays\nunknown file: Failure\nC++ exception with description "quota exceeded" thrown in the test body.\n[  FAILED  ] Shop.Pays (0 ms)', 'unknown file\nC++ exception with description "quota exceeded" thrown in the test body.'),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), STABLE)
def test_what_changes_from_run_to_run_moves_no_failure(one, other):
    first, second = sign(elsewhere(one)), sign(elsewhere(other))
    assert (first.kind, first.slots) == (second.kind, second.slots)


def test_there_are_as_many_pairs_as_the_page_promises():
    assert len(NEGATIVES) >= 60
    assert len(STABLE) >= 60


PROJECTS = ("chromium", "firefox", "webkit")


def test_who_ran_a_test_is_no_part_of_what_is_wrong():
    ran = [elsewhere(jest("true", "false"), test=f"a.spec.ts::pays [{project}]") for project in PROJECTS]
    assert len({sign(one).key for one in ran}) == 1
    assert len({one.join for one in ran}) == 3
    assert clicked("") != clicked("element is not visible")
