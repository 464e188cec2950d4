"""Cypress' words, whose every command retries until its time is up."""

import re

from triagebot.signatures.browsers.awaited import WAITS, awaited, element
from triagebot.signatures.subject import Finding, Subject

_LATE = re.compile(
    r"(?:Timed out retrying after \d{1,9}ms|Timed out retrying): (?P<said>.{1,2000})", re.DOTALL
)
"""What Cypress says when it has retried long enough.

Hit: `` Timed out retrying after 4000ms: Expected to find element: `#pay` ``
Miss: `Timed out`
"""
_MISSING = re.compile(
    r"Expected to find (?P<what>element|content): [`'](?P<target>[^\n]{1,400}?)[`']"
    r"(?: within the (?:selector|element): ['`](?P<within>[^\n]{1,200}?)['`])?,? but "
    r"(?:never found it|never did|did not)"
)
"""An element or a text that never came.

Hit: ``Expected to find element: `#pay`, but never found it.``
Miss: `` Expected to find `#pay` ``
"""
_PRESENT = re.compile(
    r"Expected (?P<target>[^\n]{1,400}?) not to exist in the DOM, but it was continuously found"
)
"""An element that never went.

Hit: `Expected <div.spinner> not to exist in the DOM, but it was continuously found.`
Miss: `Expected <div.spinner> to exist`
"""
_CALL = re.compile(r"`cy\.(?P<call>\w{1,40})\(\)` failed because (?P<why>.{1,1500})", re.DOTALL)
"""The command that failed, and why.

Hit: `` `cy.click()` failed because this element is covered ``
Miss: `cy.click() failed`
"""
_HTML = re.compile(r"`(?P<html><[^`\n]{1,600})`")
"""The element that it failed at. Hit: `` `<button id="pay">` ``. Miss: `` `button` ``."""
_STATES = (
    ("covered by another element", "covered by {by}"), ("`disabled`", "disabled"), ("not visible", "hidden"), ("is hidden", "hidden"), ("`visibility: hidden`", "hidden"),
    ("`display: none`", "hidden"), ("detached from the dom", "detached"), ("disappeared from the page", "detached"), ("animating", "moving"), ("`readonly`", "not editable"),
    ("`pointer-events: none`", "without pointer events"), ("being clipped", "hidden"), ("`opacity: 0`", "hidden"), ("multiple elements", "several elements"),
    ("can only be called on a single element", "several elements"), ("zero width and height", "hidden"), ("`0 x 0`", "hidden"),
)  # fmt: skip
_WAIT = re.compile(
    r"`cy\.wait\(\)` timed out waiting `\d{1,9}ms` for the (?P<nth>\d{1,4}\w{2}) "
    r"(?P<what>request|response) to the route: `(?P<route>[^`\n]{1,200})`"
)
"""A request that never came, by its route.

Hit: `` `cy.wait()` timed out waiting `5000ms` for the 1st request to the route: `orders` ``
Miss: `` `cy.wait()` timed out ``
"""
_LOAD = re.compile(r"Timed out after waiting `\d{1,9}ms` for your remote page to load")
"""A page that never loaded.

Hit: ``Timed out after waiting `60000ms` for your remote page to load.``
Miss: `Timed out after waiting`
"""
_SINGLE = re.compile(r"`cy\.(?P<call>\w{1,40})\(\)` can only be called on a single element")
"""A command that takes one element and got several.

Hit: `` `cy.click()` can only be called on a single element. ``
Miss: `` `cy.click()` failed ``
"""
_COUNT = re.compile(
    r"(?:Too many|Not enough) elements found\. Found '(?P<got>\d{1,9})', expected '(?P<wanted>\d{1,9})'"
)
"""A wrong number of elements. Hit: `Too many elements found. Found '3', expected '2'.`. Miss: `Found '3'`."""
_SHOULD = re.compile(
    r"expected '(?P<target>[^\n]{1,300}?)' (?P<not>not )?to "
    r"(?P<what>(?:be|have|contain|include|match|exist)[^\n,]{0,200}?)(?: '(?P<value>[^'\n]{0,300})')?"
    r"(?:, but .{0,400})?$",
    re.MULTILINE,
)
"""A sentence of Chai about an element.

Hit: `expected '<button#pay>' to be 'visible'`
Hit: `expected '<button#pay>' not to exist`
Miss: `expected 5 to equal 6`
"""


def cypress(subject: Subject) -> Finding | None:
    """Cypress, whose every command retries until its time is up."""
    text = subject.text
    late = _LATE.match(text)
    if single := _SINGLE.search(text):
        return awaited("", WAITS.get(single["call"], "usable"), "strict mode", "several elements", single[0])
    if counted := _COUNT.search(text):
        return awaited("", "count", "timeout", "", counted[0], expected=counted["wanted"], got=counted["got"])
    if _LOAD.match(text):
        return awaited("", "loaded", "timeout", "", "remote page to load")
    if found := _WAIT.search(text):
        return awaited(found["route"], found["what"], "timeout", "", found[0])
    if found := _MISSING.search(text):
        target = f"{found['within']} '{found['target']}'" if found["within"] else found["target"]
        return awaited(target, "present", "timeout", "not found", found[0])
    if found := _PRESENT.search(text):
        return awaited(found["target"], "absent", "timeout", "present", found[0])
    if (found := _CALL.search(text)) and (late or "CypressError" in subject.qualified):
        return _called(found)
    if late and (found := _SHOULD.match(late["said"])):
        wanted = f"{found['not'] or ''}{found['what'].removeprefix('be ').removeprefix('have ')}".strip()
        element_ = found["target"] if found["target"].startswith("<") else ""  # else it is a value
        return awaited(element_, wanted, "timeout", "", found[0], expected=found["value"] or "")
    return None


def _called(found: re.Match[str]) -> Finding:
    """A command that could not use its element: the element, and why not."""
    html = [one["html"] for one in _HTML.finditer(found["why"])]
    low = found["why"].lower()
    state = next((state for words, state in _STATES if words in low), "")
    by = element(html[1]) if len(html) > 1 else ""
    return awaited(
        element(html[0]) if html else "",
        WAITS.get(found["call"], "usable"),
        "timeout",
        state.format(by=by),
        found[0].partition("\n")[0],
    )
