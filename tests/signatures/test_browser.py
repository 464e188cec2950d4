"""What tests awaited of pages: the locator, what for, how it ended and what the page was last seen to be."""

import pytest

from tests.signatures.elsewhere import dotnet, elsewhere, java, ruby, v8
from triagebot.signatures import sign

BUTTON = "getByRole('button', { name: 'Place order' })"
LOG = "Call log:\n  - waiting for {}\n"
ATTEMPT = '    - locator resolved to <button id="pay">Pay</button>\n  - attempting click action\n    2 × waiting for element to be visible, enabled and stable\n      - {}\n    - retrying click action\n'
EXPECT = "Error: expect(locator).{}({}) failed\n\nLocator:  getByTestId('total')\nExpected: {}\nReceived: {}\nTimeout:  5000ms\n\nCall log:\n  - waiting for getByTestId('total')\n"
OLD = "Error: Timed out 5000ms waiting for expect(locator).{}({})\n\nLocator: getByTestId('total')\nExpected: {}\nReceived: {}\nCall log:\n  - expect.{} with timeout 5000ms\n  - waiting for getByTestId('total')\n"


def clicked(state: str) -> str:
    return (
        "TimeoutError: locator.click: Timeout 30000ms exceeded.\n"
        + LOG.format(BUTTON)
        + (ATTEMPT.format(state) if state else "")
    )


SAID = [
    # Playwright: actions
    (v8(clicked("")), {"target": BUTTON, "wanted": "clickable", "failed": "timeout", "state": "not found"}, f"{BUTTON} was not found (wanted clickable)"),
    (v8(clicked("element is not visible")), {"target": BUTTON, "state": "hidden"}, f"{BUTTON} was hidden, not clickable"),
    (v8(clicked("element is not enabled")), {"target": BUTTON, "state": "disabled"}, f"{BUTTON} was disabled, not clickable"),
    (v8(clicked("element is not stable")), {"state": "moving"}, f"{BUTTON} was moving, not clickable"),
    (v8(clicked("element was detached from the DOM, retrying")), {"state": "detached"}, f"{BUTTON} was detached, not clickable"),
    (v8(clicked("element is outside of the viewport")), {"state": "outside of the viewport"}, f"{BUTTON} was outside of the viewport, not clickable"),
    (v8(clicked('<div id="cover"></div> intercepts pointer events')), {"state": "covered by div#cover"}, f"{BUTTON} was covered by div#cover, not clickable"),
    (v8(clicked('<div class="modal show">…</div> from <div id="root">…</div> subtree intercepts pointer events')), {"state": "covered by div.modal"}, f"{BUTTON} was covered by div.modal, not clickable"),
    (v8("Error: locator.click: Test timeout of 30000ms exceeded.\n" + LOG.format(BUTTON)), {"target": BUTTON, "failed": "timeout", "state": "not found"}, f"{BUTTON} was not found (wanted clickable)"),
    (v8("TimeoutError: locator.fill: Timeout 1500ms exceeded.\n" + LOG.format("locator('#name')")), {"target": "locator('#name')", "wanted": "editable"}, "locator('#name') was not found (wanted editable)"),
    (v8("TimeoutError: locator.waitFor: Timeout 1500ms exceeded.\nCall log:\n  - waiting for getByText('Paid') to be visible\n"), {"target": "getByText('Paid')", "wanted": "visible"}, "getByText('Paid') was not found (wanted visible)"),
    (v8("TimeoutError: locator.textContent: Timeout 1500ms exceeded.\n" + LOG.format("locator('.sum')")), {"target": "locator('.sum')", "wanted": "present"}, "locator('.sum') was not found"),
    (v8("Error: locator.click: Error: strict mode violation: locator('.plan') resolved to 2 elements:\n    1) <li class=\"plan\">Small</li> aka getByText('Small')\n"), {"target": "locator('.plan')", "failed": "strict mode", "state": "several elements"}, "locator('.plan') names several elements where one is wanted"),
    (java('com.microsoft.playwright.TimeoutError: Error {\n  message=\'Timeout 30000ms exceeded.\nCall log:\n  - waiting for getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pay"))\n'), {"target": "getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName('Pay'))", "failed": "timeout", "state": "not found"}, "getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName('Pay')) was not found"),
    # Playwright: pages
    (v8('TimeoutError: page.goto: Timeout 1000ms exceeded.\nCall log:\n  - navigating to "https://shop.example/cart?step=2", waiting until "load"\n'), {"target": "/cart", "wanted": "loaded", "host": "shop.example", "failed": "timeout"}, "Page /cart did not load in time"),
    (v8('TimeoutError: page.waitForURL: Timeout 5000ms exceeded.\n=========================== logs ===========================\nwaiting for navigation to "**/thanks" until "load"\n============================================================'), {"target": "**/thanks", "wanted": "URL"}, "No URL **/thanks came in time"),
    (v8('TimeoutError: page.waitForResponse: Timeout 1000ms exceeded while waiting for event "response"\n=========================== logs ===========================\nwaiting for response "**/api/prices"\n'), {"target": "**/api/prices", "wanted": "response"}, "No response **/api/prices came in time"),
    (v8('TimeoutError: page.waitForEvent: Timeout 1000ms exceeded while waiting for event "download"'), {"target": "download", "wanted": "event"}, "No event download came in time"),
    (v8("Error: locator.click: Target crashed"), {"failed": "crash", "state": "page crashed"}, "The page crashed during the test"),
    (v8("Error: locator.click: Target page, context or browser has been closed"), {"failed": "closed", "state": "browser closed"}, "The browser was closed during the test"),
    (v8("Error: browserType.launch: Executable doesn't exist at /root/.cache/ms-playwright/chromium-1105/chrome-linux/chrome"), {"failed": "launch"}, "No browser could be started: Executable doesn't exist"),
    # Playwright: assertions, in today's words and in those of versions before 1.53
    (v8(EXPECT.format("toBeVisible", "", "visible", "hidden")), {"target": "getByTestId('total')", "wanted": "visible", "failed": "assertion", "state": "hidden"}, "getByTestId('total') was hidden, not visible"),
    (v8(EXPECT.format("toBeVisible", "", "visible", "<element(s) not found>")), {"state": "not found"}, "getByTestId('total') was not found (wanted visible)"),
    (v8(OLD.format("toBeVisible", "", "visible", "<element(s) not found>", "toBeVisible")), {"target": "getByTestId('total')", "wanted": "visible", "failed": "assertion", "state": "not found"}, "getByTestId('total') was not found (wanted visible)"),
    (v8(EXPECT.format("toBeEnabled", "", "enabled", "disabled")), {"wanted": "enabled", "state": "disabled"}, "getByTestId('total') was disabled, not enabled"),
    (v8(EXPECT.format("toHaveText", "expected", '"42 €"', '"41 €"')), {"wanted": "text", "expected": "42 €"}, "getByTestId('total'): expected text 42 €, got 41 €"),
    (v8(OLD.format("toHaveText", "expected", '"42 €"', '"41 €"', "toHaveText")), {"wanted": "text", "expected": "42 €"}, "getByTestId('total'): expected text 42 €, got 41 €"),
    (v8(EXPECT.format("toContainText", "expected", '"€"', '"41 $"')), {"wanted": "text containing"}, "getByTestId('total'): expected text containing €, got 41 $"),
    (v8(EXPECT.format("toHaveCount", "expected", "3", "0")), {"wanted": "count", "expected": "3"}, "getByTestId('total'): expected count 3, got 0"),
    (v8("Error: expect(locator).not.toBeVisible() failed\n\nLocator: getByText('Wait')\nExpected: not visible\nReceived: visible\n"), {"wanted": "not visible", "target": "getByText('Wait')"}, "getByText('Wait'): expected not visible, got visible"),
    (v8('Error: expect(page).toHaveTitle(expected) failed\n\nExpected pattern: /Checkout/\nReceived string:  "Shop"\nTimeout: 1500ms\n'), {"target": "page", "wanted": "title", "expected": "/Checkout/"}, "page: expected title /Checkout/, got Shop"),
    (v8('Error: expect(page).toHaveURL(expected) failed\n\nExpected string: "https://shop.example/thanks"\nReceived string: "https://shop.example/cart"\n'), {"target": "page", "wanted": "URL"}, "page: expected URL https://shop.example/thanks, got https://shop.example/cart"),
    (dotnet('Microsoft.Playwright.PlaywrightException : Locator expected to be visible\nCall log:\n  - LocatorAssertions.ToBeVisibleAsync with timeout 5000ms\n  - waiting for GetByTestId("total")\n'), {"target": "GetByTestId('total')", "wanted": "visible", "failed": "assertion"}, None),
    (java('org.opentest4j.AssertionFailedError: Locator expected to have text: "42 €"\nReceived: 41 €\n\nCall log:\n  - waiting for getByTestId("total")\n'), {"target": "getByTestId('total')", "wanted": "text", "expected": "42 €"}, None),
    # Cypress
    (v8("AssertionError: Timed out retrying after 4000ms: Expected to find element: `[data-cy=plan]`, but never found it."), {"target": "[data-cy=plan]", "wanted": "present", "failed": "timeout", "state": "not found"}, "[data-cy=plan] was not found"),
    (v8("AssertionError: Timed out retrying after 4000ms: Expected to find content: 'Place order' within the selector: 'button' but never did."), {"target": "button 'Place order'", "state": "not found"}, "button 'Place order' was not found"),
    (v8('CypressError: Timed out retrying after 4000ms: `cy.click()` failed because this element is `disabled`:\n\n`<button id="pay" disabled="">Pay</button>`\n\nFix this problem'), {"target": "button#pay", "wanted": "clickable", "state": "disabled"}, "button#pay was disabled, not clickable"),
    (v8('CypressError: Timed out retrying after 4000ms: `cy.click()` failed because this element:\n\n`<button id="pay">Pay</button>`\n\nis being covered by another element:\n\n`<div id="cover"></div>`\n'), {"target": "button#pay", "state": "covered by div#cover"}, "button#pay was covered by div#cover, not clickable"),
    (v8("CypressError: Timed out retrying after 4000ms: `cy.click()` failed because the page updated while this command was executing. Cypress tried to locate elements but the subject is detached from the DOM."), {"state": "detached"}, None),
    (v8("AssertionError: Timed out retrying after 4000ms: expected '<p#sum>' to have text '42 €', but the text was '41 €'"), {"target": "<p#sum>", "wanted": "text", "expected": "42 €"}, "<p#sum>: expected text 42 € in time"),
    (v8("AssertionError: Timed out retrying after 4000ms: expected '<p#sum>' to be 'visible'"), {"target": "<p#sum>", "expected": "visible"}, None),
    (v8("CypressError: Timed out retrying after 5000ms: `cy.wait()` timed out waiting `5000ms` for the 1st request to the route: `quotes`. No request ever occurred."), {"target": "quotes", "wanted": "request"}, "No request quotes came in time"),
    (v8("CypressError: Timed out after waiting `60000ms` for your remote page to load."), {"wanted": "loaded"}, "The page did not load in time"),
    (v8("TypeError: The following error originated from your application code, not from Cypress.\n\n  > Cannot read properties of undefined (reading 'plan')\n\nWhen Cypress detects"), {"failed": "script", "expected": "TypeError: Cannot read properties of undefined (reading 'plan')"}, "The page's script failed: TypeError: Cannot read properties of undefined (reading 'plan')"),
    (v8("CypressError: `cy.click()` can only be called on a single element. Your subject contained 3 elements."), {"failed": "strict mode", "wanted": "clickable"}, None),
    (v8("AssertionError: Timed out retrying after 4000ms: Too many elements found. Found '3', expected '2'."), {"wanted": "count", "expected": "2"}, None),
    ("Page should have contained text 'Paid' but did not.", {"target": "Paid", "wanted": "present", "failed": "assertion"}, "Paid did not become present"),
    # Selenium in Java, .NET and JavaScript; what is built on it
    (java('org.openqa.selenium.NoSuchElementException: no such element: Unable to locate element: {"method":"css selector","selector":"#pay"}\n  (Session info: chrome=131.0.6778.85)'), {"target": "#pay", "wanted": "present", "failed": "missing", "state": "not found"}, "#pay was not found"),
    (dotnet('OpenQA.Selenium.NoSuchElementException : no such element: Unable to locate element: {"method":"css selector","selector":"#pay"}'), {"target": "#pay"}, "#pay was not found"),
    (v8("NoSuchElementError: Unable to locate element: #pay"), {"target": "#pay"}, "#pay was not found"),
    (java('org.openqa.selenium.ElementClickInterceptedException: element click intercepted: Element <button id="pay">...</button> is not clickable at point (412, 330). Other element would receive the click: <div id="cover"></div>'), {"target": "button#pay", "wanted": "clickable", "state": "covered by div#cover"}, "button#pay was covered by div#cover, not clickable"),
    (java("org.openqa.selenium.StaleElementReferenceException: stale element reference: stale element not found in the current frame"), {"state": "detached"}, None),
    (java("org.openqa.selenium.ElementNotInteractableException: element not interactable"), {"state": "not interactable"}, None),
    (java("org.openqa.selenium.TimeoutException: Expected condition failed: waiting for visibility of element located by By.cssSelector: #pay (tried for 10 second(s) with 500 milliseconds interval)"), {"target": "#pay", "wanted": "visible", "failed": "timeout"}, "#pay did not become visible in time"),
    (v8("TimeoutError: Waiting for element to be located By(css selector, #pay)\nWait timed out after 10012ms"), {"target": "#pay", "wanted": "present", "failed": "timeout", "state": "not found"}, "#pay was not found"),
    (java("org.openqa.selenium.SessionNotCreatedException: session not created: This version of ChromeDriver only supports Chrome version 114"), {"failed": "launch", "state": "the driver is for another version of Chrome"}, "No browser could be started: the driver is for another version of Chrome"),
    (java("org.openqa.selenium.WebDriverException: tab crashed"), {"failed": "crash", "state": "page crashed"}, "The page crashed during the test"),
    (java("org.openqa.selenium.UnhandledAlertException: unexpected alert open: {Alert text : Sure?}"), {"state": "behind an alert"}, None),
    (v8('Error: element ("#pay") still not displayed after 5000ms'), {"target": "#pay", "wanted": "visible", "failed": "timeout"}, "#pay did not become visible in time"),
    (v8("TimeoutError: Waiting for selector `#pay` failed: Waiting failed: 30000ms exceeded"), {"target": "#pay", "state": "not found"}, "#pay was not found"),
    (v8("TimeoutError: Navigation timeout of 30000 ms exceeded"), {"wanted": "loaded", "failed": "timeout"}, "The page did not load in time"),
    (java("Element not found {#pay}\nExpected: visible\nTimeout: 4 s."), {"target": "#pay", "state": "not found"}, "#pay was not found"),
    (ruby('Capybara::ElementNotFound: Unable to find button "Pay"'), {"target": "button 'Pay'", "state": "not found"}, "button 'Pay' was not found"),
    (ruby('RSpec::Expectations::ExpectationNotMetError: expected to find text "Paid" in "Open"'), {"target": "Paid", "wanted": "text", "failed": "assertion"}, "Paid did not become text"),
    (v8('TestingLibraryElementError: Unable to find an accessible element with the role "button" and name "Pay"\n\nHere are the roles:'), {"target": "the role 'button' and name 'Pay'", "state": "not found"}, None),
    (v8('TestingLibraryElementError: Found multiple elements with the role "button"'), {"target": "the role 'button'", "failed": "strict mode"}, None),
    (v8('NightwatchAssertError: Timed out while waiting for element <#pay> to be visible for 5000 milliseconds. - expected "visible" but got: "not visible"'), {"target": "#pay", "wanted": "visible", "failed": "timeout"}, "#pay did not become visible in time"),
    (v8('Error: Element "#pay" was not found by text|CSS|XPath'), {"target": "#pay", "state": "not found"}, "#pay was not found"),
    ("Element with locator 'id:pay' not found.", {"target": "id:pay", "state": "not found"}, "id:pay was not found"),
    ("Element not found: Text matching regex: Place order", {"target": "Place order"}, "Place order was not found"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "slots", "title"), SAID, ids=[t[:70].replace("\n", " ") for t, _s, _t in SAID]
)
def test_what_was_awaited_of_a_page(text, slots, title):
    signature = sign(elsewhere(text))
    assert signature.kind == "browser"
    assert {name: dict(signature.slots).get(name) for name in slots} == slots
    assert title is None or signature.title == title


NETWORK = [
    ("net::ERR_CONNECTION_REFUSED at https://shop.example/", "NS_ERROR_CONNECTION_REFUSED", "Could not connect to shop.example: Connection refused", "connection", "refused"),
    ("net::ERR_CONNECTION_RESET at https://shop.example/", "NS_ERROR_NET_RESET", "Connection reset", "connection", "reset"),
    ("net::ERR_CONNECTION_TIMED_OUT at https://shop.example/", "NS_ERROR_NET_TIMEOUT", "Connection timed out", "connection", "timeout"),
    ("net::ERR_NAME_NOT_RESOLVED at https://shop.example/", "NS_ERROR_UNKNOWN_HOST", "Could not resolve hostname", "dns", "unknown"),
    ("net::ERR_CERT_AUTHORITY_INVALID at https://shop.example/", "SEC_ERROR_UNKNOWN_ISSUER", None, "tls", "unable to get local issuer certificate"),
    ("net::ERR_CERT_DATE_INVALID at https://shop.example/", "SEC_ERROR_EXPIRED_CERTIFICATE", None, "tls", "certificate has expired"),
    ("net::ERR_TOO_MANY_REDIRECTS at https://shop.example/", None, None, "connection", "too many redirects"),
    ("net::ERR_EMPTY_RESPONSE at https://shop.example/", "NS_ERROR_NET_EMPTY_RESPONSE", None, "connection", "closed"),
]  # fmt: skip
GOING = 'Error: page.goto: {}\nCall log:\n  - navigating to "https://shop.example/", waiting until "load"\n'


@pytest.mark.parametrize(("chromium", "firefox", "webkit", "kind", "word"), NETWORK)
def test_three_browsers_that_cannot_reach_a_host_say_one_thing(chromium, firefox, webkit, kind, word):
    found = [sign(elsewhere(v8(GOING.format(said)))) for said in (chromium, firefox, webkit) if said]
    assert {one.kind for one in found} == {kind}
    assert word in dict(found[0].slots).values()
    assert "shop.example" in dict(found[0].slots).values()
    assert len({one.key for one in found}) == 1


def test_what_a_page_says_is_no_answer_of_a_server():
    said = EXPECT.format("toHaveText", "expected", '"Paid"', '"HTTP 503 Service Unavailable"')
    assert sign(elsewhere(v8(said))).kind == "browser"


def test_a_failure_titled_with_its_tests_name_is_read_from_its_text():
    text = f"\n  [chromium] › shop.spec.ts:7:1 › pays ─────────────────────────\n\n    {clicked('')}\n        at /w/e2e/shop.spec.ts:9:59\n\n    attachment #1: screenshot (image/png) ──────────────────\n    test-results/pays/test-failed-1.png\n"
    signature = sign(elsewhere(text, "shop.spec.ts:7:1 pays"))
    assert signature.title == f"{BUTTON} was not found (wanted clickable)"
    assert signature.key == sign(elsewhere(v8(clicked("")))).key
