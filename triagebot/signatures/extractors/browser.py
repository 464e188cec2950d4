"""What a test awaited of a page and did not get: elements, titles, addresses, responses, the page or the browser itself.

Wording of Playwright (all languages but Python's, whose assertions are `locator`'s), Cypress, Selenium and what is built on
WebDriver, WebdriverIO, Puppeteer, Selenide, SeleniumLibrary, Detox and Maestro. `target` is the locator as the test names it,
`wanted` what for, `failed` how it ended (timeout, assertion, …), `state` what the page was last seen to be. Values that were
met are no part of it: a page may show anything. What `net::ERR_…` tells belongs to `connection`, `dns` and `tls`.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from triagebot.signatures.browsers.awaited import awaited
from triagebot.signatures.browsers.cypress import cypress
from triagebot.signatures.browsers.playwright import called, expected
from triagebot.signatures.browsers.webdriver import webdriver
from triagebot.signatures.elsewhere import test_of
from triagebot.signatures.subject import Finding, Subject

_OF_ELEMENTS = frozenset(("timeout", "error", "assertion", "missing", "strict mode"))
_LATE = re.compile(r"imeout (?:of )?\d{1,9} ?ms exceeded")
"""A limit that ran out within a page's own exception, which is a timeout.

Hit: `Timeout of 500 ms exceeded`
Miss: `Time is up`
"""
_GONE = (
    ("target crashed", "page crashed"), ("page crashed", "page crashed"), ("tab crashed", "page crashed"), ("the renderer process", "page crashed"),
    ("page, context or browser has been closed", "browser closed"), ("browser has been closed", "browser closed"), ("target closed", "browser closed"),
    ("browser has disconnected", "browser closed"), ("browser closed", "browser closed"), ("not connected to devtools", "browser closed"),
    ("chrome not reachable", "browser closed"), ("invalid session id", "browser closed"), ("no such window", "window closed"),
    ("target window already closed", "window closed"), ("the app has crashed", "app crashed"), ("app crashed or stopped", "app crashed"),
    ("chromium process just crashed", "page crashed"), ("browser process just crashed", "browser closed"), ("we detected that the", "browser closed"),
)  # fmt: skip
_ENDED = re.compile(r"Test timeout of \d{1,9}ms exceeded")
"""The runner closes the page of a test whose time is up; what the test waited for then stands behind it.

Hit: `Test timeout of 30000ms exceeded`
Miss: `Timeout 30000ms exceeded`
"""
_NO_BROWSER = re.compile(
    r"Executable doesn't exist at|session not created|Failed to launch the browser"
    r"|Failed to launch (?:chromium|firefox|webkit)"
    r"|Looks like Playwright (?:Test or Playwright )?was just installed"
    r"|cannot find (?:Chrome|Firefox) binary|Could not start a new session"
    r"|DevToolsActivePort file doesn't exist"
)
"""How drivers say that no browser came up.

Hit: `Executable doesn't exist at /ms-playwright/chromium`
Hit: `session not created: no chrome`
Miss: `session closed`
"""
_NO_BROWSER_WHY = re.compile(
    r"only supports (?P<name>[A-Z]\w{1,20}) version|(?P<missing>Executable doesn't exist)"
    r"|(?P<port>DevToolsActivePort)"
)
"""Why none came up.

Hit: `This version of ChromeDriver only supports Chrome version 120`
Hit: `DevToolsActivePort file doesn't exist`
Miss: `session not created`
"""
_SCRIPT = re.compile(
    r"(?:^|\n)(?:Uncaught in the page: |\(uncaught exception\) ?|javascript error: |page\.evaluate: )"
    r"(?:Error: )?(?P<said>[^\n]{1,600})"
)
"""What a page's own script threw. Hit: `javascript error: cart is undefined`. Miss: `cart is undefined`."""


def browser(subject: Subject) -> Finding | None:
    """`browser` with `target`, `wanted`, `failed`, `state`, and `expected` or `host` where they are told."""
    if not subject.foreign:
        return None
    for read in _READERS:
        if found := read(subject):
            return _at_its_test(found, subject)
    return None


def _at_its_test(found: Finding, subject: Subject) -> Finding:
    """The finding; where it names no element it says too little to be that of several tests."""
    slots = dict(found.slots)
    if "target" in slots or slots["failed"] not in _OF_ELEMENTS or slots.get("wanted") == "loaded":
        return found
    at = test_of(subject)
    return replace(found, slots=tuple(sorted({**slots, "at": at}.items())), title=f"{found.title} ({at})")


def _gone(subject: Subject) -> Finding | None:
    """A page, a window or a browser that is not there any more."""
    head = subject.lowered[:1_500]
    words, state = next(((words, state) for words, state in _GONE if words in head), ("", ""))
    if not words or _ENDED.match(subject.text) or (words == "we detected that the" and "crashed" not in head):
        return None
    failed = "crash" if state.endswith("crashed") else "closed"
    return awaited("", "", failed, state, words)


def _not_started(subject: Subject) -> Finding | None:
    found = _NO_BROWSER.search(subject.text)
    if not found:
        return None
    why = _NO_BROWSER_WHY.search(subject.text)
    state = (
        "" if not why else f"the driver is for another version of {why['name']}" if why["name"] else why[0]
    )
    return awaited("", "", "launch", state, found[0])


def _script(subject: Subject) -> Finding | None:
    """An exception that the page itself threw."""
    found = _SCRIPT.search(subject.text)
    if (
        not found
        or "net::" in found["said"]
        or "Execution context was destroyed" in found["said"]
        or _LATE.search(found["said"])
    ):
        return None
    said = (
        f"{subject.type}: {found['said']}"
        if subject.type.endswith("Error") and ": " not in found["said"]
        else found["said"]
    )
    return awaited("", "", "script", "", found[0], expected=said)


_READERS: tuple[Callable[[Subject], Finding | None], ...] = (
    _gone,
    _not_started,
    expected,
    called,
    cypress,
    webdriver,
    _script,
)
