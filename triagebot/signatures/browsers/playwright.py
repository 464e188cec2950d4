"""Playwright's words, in all languages but Python, whose assertions are `extractors.locator`'s: call logs, `expect`, strict mode."""

import re

from triagebot.signatures import host
from triagebot.signatures.browsers.awaited import WAITS, awaited, element, matched
from triagebot.signatures.subject import Finding, Subject

_ACTION = re.compile(
    r"(?:^|\n|: )(?P<on>locator|page|frame|frameLocator|elementHandle|browserContext|browserType|browser"
    r"|keyboard|mouse)\.(?P<call>[$\w]{1,40}): (?P<said>[^\n]{1,600})"
)
"""Playwright names the call in front of what it says: `locator.click: Timeout 1500ms exceeded.`

Hit: `locator.click: Timeout 1500ms exceeded.`
Miss: `cart.click: gone`
"""
_TIMEOUT = re.compile(r"(?:Test t|T)imeout (?:of )?\d{1,9} ?ms exceeded")
"""A limit that ran out, of a call or of a test. Hit: `Timeout 1500ms exceeded`. Miss: `Timeout exceeded`."""
_WAITING = re.compile(
    r"waiting for (?!element|\d|fonts|scheduled|navigation|event|response|request|function)"
    r"(?P<target>[^\n]{1,400}?)(?: to be (?P<to>visible|hidden|attached|detached))?\s*$",
    re.MULTILINE,
)
"""The locator in the call log, and the state that it waited for.

Hit: `waiting for locator('#pay') to be visible`
Miss: `waiting for navigation`
"""
_EXPECT = re.compile(
    r"expect\((?P<what>locator|page|response|[\w.]{1,40})\)(?P<not>\.not)?\.(?P<matcher>to[A-Z]\w{1,40})\("
    r"(?P<argument>[^()\n]{0,40})\)"
)
"""The assertion that Playwright Test prints. Hit: `expect(locator).not.toBeVisible()`. Miss: `expect(received)`."""
_WORDED = re.compile(
    r"(?P<what>Locator|Page) expected (?P<not>not )?to "
    r"(?P<wanted>(?:be|have|contain|match)(?: [a-z]{1,20}){0,3})"
    r"(?::? (?P<value>[\"'/][^\n]{0,300}|\d[^\n]{0,40}))?"
)
"""The assertion in words, as Playwright for Java and .NET says it.

Hit: `Locator expected to have text: "Paid"`
Miss: `Locator is hidden`
"""
_LOCATOR = re.compile(r"^Locator: {1,4}(?P<target>[^\n]{1,400})$", re.MULTILINE)
"""The locator beneath an assertion. Hit: `Locator: locator('#pay')`. Miss: `locator('#pay')`."""
_WANTED_VALUE = re.compile(
    r"^Expected(?: (?:string|pattern|substring|value|length|count))?: {1,4}(?P<value>[^\n]{1,400})$",
    re.MULTILINE,
)
"""What was wanted of it. Hit: `Expected string: "Paid"`. Miss: `Expected`."""
_GOT_VALUE = re.compile(
    r"^Received(?: (?:string|value|length|count))?: {1,4}(?P<value>[^\n]{1,400})$", re.MULTILINE
)
"""What it had. Hit: `Received string: "Open"`. Miss: `Received`."""
_OF_PAGE = frozenset(("toHaveTitle", "toHaveURL"))
_ON_PAGE = frozenset(
    ["toBeAttached", "toBeChecked", "toBeDisabled", "toBeEditable", "toBeEmpty", "toBeEnabled", "toBeFocused", "toBeHidden", "toBeInViewport",
     "toBeVisible", "toContainClass", "toContainText", "toHaveAccessibleDescription", "toHaveAccessibleName", "toHaveAttribute", "toHaveClass",
     "toHaveCount", "toHaveCSS", "toHaveId", "toHaveJSProperty", "toHaveRole", "toHaveScreenshot", "toHaveText", "toHaveValue", "toHaveValues",
     "toMatchAriaSnapshot", "toHaveTitle", "toHaveURL"]
)  # fmt: skip
_STATES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), state)
    for pattern, state in (
        # Hit: `<div class="mask"></div> intercepts pointer events`
        (
            r"<(?P<by>[^\n]{1,400}?)> (?:from <[^\n]{1,300}> subtree )?intercepts pointer events",
            "covered by {by}",
        ),
        # Hit: `element is not visible`
        (
            r"element is not visible|Received: +hidden|unexpected value \"hidden\"|resolved to hidden <",
            "hidden",
        ),
        # Hit: `element is not enabled`
        (r"element is not enabled|Received: +disabled|unexpected value \"disabled\"", "disabled"),
        # Hit: `element is not editable`
        (r"element is not editable|unexpected value \"readonly\"", "not editable"),
        # Hit: `element is not stable`
        (r"element is not stable", "moving"),
        # Hit: `element is outside of the viewport`
        (r"element is outside of the viewport", "outside of the viewport"),
        # Hit: `element was detached from the DOM`
        (r"element was detached from the DOM|not attached to the DOM", "detached"),
        # Hit: `element(s) not found`
        (r"element\(s\) not found", "not found"),
        # Hit: `did not find some options`
        (r"did not find some options", "without the option"),
    )
)
"""What the call log says that the element was last seen to be. Miss: `element is visible`."""
_RESOLVED = re.compile(r"locator resolved to (?!0 elements)")
"""An element that was found. Hit: `locator resolved to <button>`. Miss: `locator resolved to 0 elements`."""
_STRICT = re.compile(r"strict mode violation: (?P<target>[^\n]{1,400}?) resolved to \d{1,6} elements")
"""A locator that fits several elements.

Hit: `strict mode violation: locator('a') resolved to 2 elements`
Miss: `locator('a') resolved to 2 elements`
"""
_NAVIGATING = re.compile(r"navigating to \"(?P<url>[^\"\n]{1,800})\"")
"""Where the page was on its way to.

Hit: `navigating to "https://shop.example/cart", waiting until "load"`
Miss: `navigating`
"""
_AWAITED = re.compile(
    r"waiting for (?P<what>response|request|navigation)(?: to)? \"(?P<target>[^\"\n]{1,400})\""
)
"""A request, an answer or a navigation that was waited for.

Hit: `waiting for response "**/orders"`
Miss: `waiting for response`
"""
_EVENT = re.compile(r"waiting for event \"(?P<target>\w{1,40})\"")
"""An event that was waited for. Hit: `waiting for event "download"`. Miss: `waiting for download`."""


def expected(subject: Subject) -> Finding | None:
    """`expect(locator).toBeVisible()` and its kin, by what they wait for."""
    if worded := _WORDED.search(subject.text[:2_000]):
        return _worded(subject, worded)
    found = _EXPECT.search(subject.text[:2_000])
    if not found or found["matcher"] not in _ON_PAGE:
        return None
    if found["what"] == "received" and not _LOCATOR.search(subject.text) and "Call log:" not in subject.text:
        return None
    where = _LOCATOR.search(subject.text) or _WAITING.search(subject.text)
    target = where["target"].strip() if where else "page" if found["matcher"] in _OF_PAGE else ""
    value, got = _WANTED_VALUE.search(subject.text), _GOT_VALUE.search(subject.text)
    wanted = matched(found["matcher"], negated=bool(found["not"]))
    expected = value["value"].strip().strip('"') if value and found["argument"] else ""
    if "screenshot" in wanted or "snapshot" in wanted:
        expected = ""
    state = _state(subject.text)
    shown = got["value"].strip().strip('"')[:80] if got and not state else ""
    return awaited(target, wanted, "assertion", state, found[0], expected=expected, got=shown)


def _worded(subject: Subject, found: re.Match[str]) -> Finding:
    """The same in the words of .NET, Java and Python."""
    where = _WAITING.search(subject.text)
    target = where["target"].strip() if where else "page" if found["what"].startswith("Page") else ""
    wanted = f"{found['not'] or ''}{found['wanted'].removeprefix('be ').removeprefix('have ')}".strip()
    return awaited(
        target,
        wanted,
        "assertion",
        _state(subject.text),
        found[0],
        expected=(found["value"] or "").strip("'\""),
    )


def called(subject: Subject) -> Finding | None:
    """A call of Playwright's that waited in vain, or met what it could not use."""
    if strict := _STRICT.search(subject.text):
        return awaited(strict["target"], "", "strict mode", "several elements", strict[0])
    found, late = _ACTION.search(subject.text[:4_000]), _TIMEOUT.search(subject.text[:4_000])
    if found and found["on"] == "browserType":
        return None
    if not late:
        return _unusable(subject, found)
    if not found and "waiting for" not in subject.lowered and "navigating to" not in subject.lowered:
        return None
    call = found["call"] if found else ""
    return _waited(subject, call, found[0].strip(" \n:") if found else late[0])


def _waited(subject: Subject, call: str, span: str) -> Finding:
    """What a call waited for when its time was up."""
    text = subject.text
    if going := _NAVIGATING.search(text):
        return _load(going["url"], span)
    if other := _AWAITED.search(text):
        return awaited(
            other["target"], "URL" if other["what"] == "navigation" else other["what"], "timeout", "", span
        )
    if event := _EVENT.search(text):
        return awaited(event["target"], "event", "timeout", "", span)
    where = _WAITING.search(text)
    if not where:
        return awaited("", _wanted(call, text), "timeout", "", span)
    state = _state(text) or ("" if _RESOLVED.search(text) else "not found")
    wanted = where["to"] or _wanted(call, text)
    return awaited(where["target"].strip(), wanted, "timeout", state if state != wanted else "", span)


def _load(url: str, span: str, failed: str = "timeout") -> Finding:
    """A page that did not load: its host and its path."""
    path = re.sub(r"^[a-z]{2,10}://[^/\s]{0,300}", "", url.partition("?")[0].partition("#")[0]) or "/"
    return awaited(path, "loaded", failed, "", span, where=host.of_url(url))


def _wanted(call: str, text: str) -> str:
    """What an action needs of its element; of a reader such as `textContent`, that it is there."""
    attempted = re.search(r"attempting (\w{1,20}) action", text)
    return WAITS.get(call or (attempted[1] if attempted else ""), "present")


def _unusable(subject: Subject, found: re.Match[str] | None) -> Finding | None:
    """An element that a call could not use at once."""
    if not found:
        return None
    state = _state(found["said"]) or _state(subject.text)
    where = _WAITING.search(subject.text)
    return (
        awaited(
            where["target"].strip() if where else "",
            _wanted(found["call"], ""),
            "error",
            state,
            found[0].strip(" \n:"),
        )
        if state
        else None
    )


def _state(text: str) -> str:
    """The last state that a call log, or the values, tell."""
    last, said = -1, ""
    for pattern, state in _STATES:
        for found in pattern.finditer(text[:12_000]):
            if found.start() > last:
                last, said = found.start(), state
                if "{by}" in state:
                    said = state.format(by=element(found["by"]))
    return said
