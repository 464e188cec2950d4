"""What a browser test expected of a page: Playwright's `expect(locator).to_…`, whose locator stands below the sentence."""

import re

from triagebot.signatures.mask import mask
from triagebot.signatures.subject import Finding, Subject, finding

_EXPECTED = re.compile(r"(?:Locator|Page|Response)(?: \w{1,20})? (?:expected|not expected) [^\n]{1,300}")
"""The sentence of an assertion of Playwright for Python.

Hit: `Locator expected to be visible`
Miss: `Locator is hidden`
"""
_WAITING = re.compile(r"waiting for (?P<what>(?:locator|get_by_\w{1,30}|frame_locator)\([^\n]{1,300})")
"""The locator in its call log.

Hit: `waiting for get_by_role("button", name="Pay")`
Miss: `waiting for navigation`
"""


def locator(subject: Subject) -> Finding | None:
    """`assert` with the expectation and the locator that it was about."""
    if subject.type != "AssertionError" or "expected" not in subject.first:
        return None
    found = _EXPECTED.match(subject.first)
    if not found:
        return None
    waiting = _WAITING.search(subject.text)
    target = mask(waiting["what"].strip()) if waiting else ""
    said = mask(found[0])
    of = f": {target}" if target else ""
    return finding("assert", f"{said}{of}", found[0], text=said, target=target)
