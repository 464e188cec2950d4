"""Cypress' words, whose every command retries until its time is up."""

import re

from triagebot.signatures.browsers.awaited import WAITS, awaited, element
from triagebot.signatures.subject import Finding, Subject

_LATE = re.compile(
    r"(?:Timed out retrying after \d{1,9}ms|Timed out retrying): (?P<said>.{1,2000})", re.DOTALL
)
_MISSING = re.compile(
    r"Expected to find (?P<what>element|content): [`'](?P<target>[^\n]{1,400}?)[`'](?: within the (?:selector|element): ['`](?P<within>[^\n]{1,200}?)['`])?,? but (?:never found it|never did|did not)"
)
_PRESENT = re.compile(
    r"Expected (?P<target>[^\n]{1,400}?) not to exist in the DOM, but it was continuously found"
)
_CALL = re.compile(r"`cy\.(?P<call>\w{1,40})\(\)` failed because (?P<why>.{1,1500})", re.DOTALL)
_HTML = re.compile(r"`(?P<html><[^`\n]{1,600})`")
_STATES = (
    ("covered by another element", "covered by {by}"), ("`disabled`", "disabled"), ("not visible", "hidden"), ("is hidden", "hidden"), ("`visibility: hidden`", "hidden"),
    ("`display: none`", "hidden"), ("detached from the dom", "detached"), ("disappeared from the page", "detached"), ("animating", "moving"), ("`readonly`", "not editable"),
    ("`pointer-events: none`", "without pointer events"), ("being clipped", "hidden"), ("`opacity: 0`", "hidden"), ("multiple elements", "several elements"),
    ("can only be called on a single element", "several elements"), ("zero width and height", "hidden"), ("`0 x 0`", "hidden"),
)  # fmt: skip
_WAIT = re.compile(
    r"`cy\.wait\(\)` timed out waiting `\d{1,9}ms` for the (?P<nth>\d{1,4}\w{2}) (?P<what>request|response) to the route: `(?P<route>[^`\n]{1,200})`"
)
_LOAD = re.compile(r"Timed out after waiting `\d{1,9}ms` for your remote page to load")
_SINGLE = re.compile(r"`cy\.(?P<call>\w{1,40})\(\)` can only be called on a single element")
_COUNT = re.compile(
    r"(?:Too many|Not enough) elements found\. Found '(?P<got>\d{1,9})', expected '(?P<wanted>\d{1,9})'"
)
_SHOULD = re.compile(
    r"expected '(?P<target>[^\n]{1,300}?)' (?P<not>not )?to (?P<what>(?:be|have|contain|include|match|exist)[^\n,]{0,200}?)(?: '(?P<value>[^'\n]{0,300})')?(?:, but .{0,400})?$",
    re.MULTILINE,
)


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
