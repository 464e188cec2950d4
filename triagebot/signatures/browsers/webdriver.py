"""The words of Selenium's drivers and of their kin: WebdriverIO, Puppeteer, Capybara, Selenide, SeleniumLibrary, Testing Library, Nightwatch, CodeceptJS, TestCafe, Detox, Maestro."""

import re

from triagebot.signatures.browsers.awaited import awaited, element, matched
from triagebot.signatures.subject import Finding, Subject

_TABLE: tuple[tuple[re.Pattern[str], str, str, str], ...] = tuple(
    (re.compile(pattern), wanted, failed, state)
    for pattern, wanted, failed, state in (
        # Hit: `no such element: Unable to locate element: {"method":"css selector","selector":"#pay"}`
        (r"no such element: Unable to locate element: \{\"method\":\"[^\"\n]{1,40}\",\"selector\":\"(?P<target>(?:[^\"\\\n]|\\.){1,400})\"\}", "present", "missing", "not found"),
        # Hit: `Unable to locate element: #pay`
        (r"Unable to locate element: (?P<target>[^\n]{1,400})", "present", "missing", "not found"),
        # Hit: `element is not clickable at point (5, 5). Other element would receive the click: <div class="mask">`
        (r"(?:is|was) not clickable at point \([^)\n]{1,40}\)[^\n]{0,40}?(?:Other element would receive the click: |another element )(?P<by><[^\n]{1,400}?>)", "clickable", "error", "covered by {by}"),
        # Hit: `element click intercepted`
        (r"element click intercepted", "clickable", "error", "covered"),
        # Hit: `stale element reference`
        (r"stale element reference|is stale[;:]", "present", "error", "detached"),
        # Hit: `element not interactable`
        (r"element not interactable|could not be scrolled into view", "usable", "error", "not interactable"),
        # Hit: `invalid element state`
        (r"invalid element state", "editable", "error", "not editable"),
        # Hit: `unexpected alert open: {Alert text : Sure?}`
        (r"unexpected alert open: \{Alert text : (?P<target>[^}\n]{0,200})\}", "usable", "error", "behind an alert"),
        # Hit: `no such frame: pay`
        (r"no such frame(?:: (?P<target>[^\n]{1,100}))?", "present", "missing", "not found"),
        # Hit: `Expected condition failed: waiting for visibility of element located by By.id: pay (tried for`
        (r"Expected condition failed: waiting for (?P<to>visibility|presence|element to be clickable|invisibility|title|url|text|number)[^\n]{0,80}?(?:By\.\w{1,30}: ?(?P<target>[^\n]{1,300}?))? ?\(tried for", "{to}", "timeout", ""),
        # Hit: `Waiting for element to be located By(css selector, #pay)`
        (r"Waiting for element to be located By\([\w ]{1,30}, (?P<target>[^\n]{1,300})\)", "present", "timeout", "not found"),
        # Hit: `Waiting for element is visible`
        (r"Waiting (?:until )?for? ?element is (?P<to>visible|enabled|selected)", "{to}", "timeout", ""),
        # Hit: `element ("#pay") still not displayed after`
        (r"element \(\"(?P<target>[^\n]{1,300}?)\"\) still (?:not )?(?P<to>displayed|existing|clickable|enabled) after", "{to}", "timeout", ""),
        # Hit: `Can't call click on element with selector "#pay" because element wasn't found`
        (r"Can't call (?P<call>\w{1,40}) on element with selector \"(?P<target>[^\n]{1,300}?)\" because element wasn't found", "present", "missing", "not found"),
        # Hit: ``Waiting for selector `#pay` failed``
        (r"Waiting for selector [`'\"](?P<target>[^\n]{1,300}?)[`'\"] failed", "present", "timeout", "not found"),
        # Hit: `No element found for selector: #pay`
        (r"No (?:element|node) found for selector: (?P<target>[^\n]{1,300})", "present", "missing", "not found"),
        # Hit: `Navigation timeout of 30000 ms exceeded`
        (r"Navigation timeout of \d{1,9} ?ms exceeded", "loaded", "timeout", ""),
        # Hit: `Element not found {#pay}`
        (r"Element not found \{(?P<target>[^\n]{1,300}?)\}", "present", "timeout", "not found"),
        # Hit: `Element should be visible {#pay}`
        (r"Element should (?P<to>be visible|be hidden|have text|have exact text|exist|be enabled|have value)[^\n{]{0,200}\{(?P<target>[^\n]{1,300}?)\}", "{to}", "timeout", ""),
        # Hit: `Element 'id:pay' not found`
        (r"Element (?:with locator )?'(?P<target>[^'\n]{1,300})' (?:not found|did not appear in|not visible after)", "present", "missing", "not found"),
        # Hit: `Element 'id:pay' is not visible`
        (r"Element '(?P<target>[^'\n]{1,300})' (?:was not|is not|should be|should have been) (?P<to>visible|enabled|present|focused|clickable)", "{to}", "assertion", ""),
        # Hit: `No elements found for “MATCHER(id == “pay”)”`
        (r"No elements? found for “MATCHER\((?P<target>[^\n]{1,300})\)”", "present", "missing", "not found"),
        # Hit: `Wait for “[toBeVisible] WITH MATCHER(id == “pay”) TIMEOUT(5s)”`
        (r"Wait for “\[(?P<to>toBe\w{1,30}|toHave\w{1,30}|toExist)\] WITH MATCHER\((?P<target>[^\n]{1,300}?)\) TIMEOUT\(", "{to}", "timeout", ""),
        # Hit: `Element not found: #pay`
        (r"Element not found: (?P<target>[^\n]{1,300})", "present", "missing", "not found"),
        # Hit: `Assertion is false: #pay is visible`
        (r"Assertion is false: (?P<target>[^\n]{1,300}?) is (?P<to>not visible|visible|true)$", "{to}", "assertion", ""),
        # Hit: `Unable to find an element with the text: Pay.`
        (r"Unable to find an (?:accessible )?element (?:with |by: )(?P<target>[^\n]{1,300}?)(?:\. This could be because|\n|$)", "present", "missing", "not found"),
        # Hit: `Found multiple elements with the text: Pay`
        (r"Found multiple elements (?:with |by: )(?P<target>[^\n]{1,300})", "", "strict mode", "several elements"),
        # Hit: `waiting for element <#pay> to be visible`
        (r"waiting for element <(?P<target>[^>\n]{1,300})> to be (?P<to>visible|present|not visible|not present)", "{to}", "timeout", ""),
        # Hit: `Expected element <#pay> to be visible`
        (r"Expected element <(?P<target>[^>\n]{1,300})> to be (?P<to>visible|present|enabled)", "{to}", "assertion", ""),
        # Hit: `Can't find element by #pay`
        (r"Can't find element by (?P<target>[^\n]{1,300})|Element \"(?P<by_name>[^\"\n]{1,300})\" was not found by", "present", "missing", "not found"),
        # Hit: `An element could not be located on the page using the given search parameters`
        (r"An element could not be located on the page using the given search parameters", "present", "missing", "not found"),
        # Hit: `Unable to find button "Pay"`
        (r"Unable to find (?P<target>(?:visible |disabled )?(?:button|link|link or button|field|css|xpath|select box|file field|option|id|element)\b[^\n]{1,300})", "present", "missing", "not found"),
        # Hit: `expected to find text "Paid"`
        (r"expected (?:not )?to find (?P<to>text|css|xpath|button|link|field) \"(?P<target>[^\"\n]{1,300})\"", "{to}", "assertion", ""),
        # Hit: `Text 'Paid' did not appear in 5 s`
        (r"Text '(?P<target>[^'\n]{1,300})' did not appear in", "present", "timeout", "not found"),
        # Hit: `Page should have contained text 'Paid'`
        (r"Page should (?P<to>not have contained|have contained) (?:text|element|button|link|textfield|checkbox|image|list) '(?P<target>[^'\n]{1,300})'", "{to}", "assertion", ""),
        # Hit: `the specified selector does not match any node in the DOM tree`
        (r"the specified selector does not match any (?:node|element) in the DOM tree", "present", "missing", "not found"),
    )
)  # fmt: skip
"""The sentences of Selenium and of what speaks WebDriver or imitates it, with what was wanted, how it ended and what was seen.

Miss: `element is visible`
"""
_TO = {
    "have contained": "present",
    "not have contained": "absent",
    "visibility": "visible",
    "presence": "present",
    "element to be clickable": "clickable",
    "invisibility": "hidden",
    "url": "URL",
    "displayed": "visible",
    "existing": "present",
}
_INSIDE = re.compile(r"Element (?P<html><[^\n]{1,400}?>)")
"""The element that a sentence names in full.

Hit: `Element <button id="pay"> is not clickable`
Miss: `Element pay`
"""


def webdriver(subject: Subject) -> Finding | None:
    """What the first row of the table that knows the words says of them."""
    text = subject.text[:4_000]
    for pattern, wanted, failed, state in _TABLE:
        if found := pattern.search(text):
            groups = {name: value or "" for name, value in found.groupdict().items()}
            by = element(groups.get("by", ""))
            what = wanted.format(to=_needed(groups.get("to", "")))
            return awaited(_target(groups, text), what, failed, state.format(by=by), found[0])
    return None


def _needed(to: str) -> str:
    """What for, in the words of `wanted`."""
    said = matched(to, negated=False) if to.startswith("to") else _TO.get(to, to.removeprefix("be "))
    return "hidden" if said == "not visible" else said


def _target(groups: dict[str, str], text: str) -> str:
    """The locator without the quotes of its report, or the element that stands in its place."""
    inside = _INSIDE.search(text)
    target = groups.get("target") or groups.get("by_name") or (element(inside["html"]) if inside else "")
    target = (
        target.replace('\\"', '"').replace("“", '"').replace("”", '"').removeprefix("Text matching regex: ")
    )
    return re.sub(r'^"(.*)"$', r"\1", target)
