"""What was awaited of a page: the finding with its title, locators fit to be searched for, elements by their names.

In: what a tool's words say. Out: a `Finding` of kind `browser` with `target` (the locator as the test names it), `wanted` (what
for), `failed` (how it ended: timeout, assertion, missing, …), `state` (what the page was last seen to be), and `expected` or
`host` where they are told. What a page showed instead is no part of it: a page may show anything.
"""

import re

from triagebot.signatures.mask import mask
from triagebot.signatures.subject import Finding, finding

_TAG = re.compile(r"<?/?(?P<tag>[a-zA-Z][\w-]{0,40})(?P<rest>[^>\n]{0,400})")
"""The name of an element, and its attributes. Hit: `<button id="pay">`. Miss: `5`."""
_NAMED_BY = re.compile(
    r"\b(?P<name>id|data-testid|data-cy|data-test|name|class)=[\"'](?P<value>[^\"'\n]{1,120})[\"']"
)
"""The attribute that tells an element from others. Hit: `<button id="pay">`. Miss: `<button disabled>`."""
_SHORT = re.compile(r"(?<![\w])\d{3,}(?![\w])|(?<=[A-Za-z_-])\d{3,}\b")
"""A number that a framework or a database made up. Hit: `row-48213`. Miss: `row-48`."""
_GENERATED = re.compile(
    r":r\w{1,4}:|«r\w{1,4}»"
    r"|\b(?:css|sc|jss|mui|ember|radix|headlessui|ng|react-select)-(?=[\w-]{0,40}\d)[\w-]{1,40}"
)
"""An id that a framework makes up. Hit: `:r1a:`. Hit: `css-1q2w3e`. Miss: `css-button`."""


WAITS = {
    "goto": "loaded", "reload": "loaded", "goBack": "loaded", "goForward": "loaded", "setContent": "loaded", "waitForLoadState": "loaded",
    "waitForURL": "URL", "waitForFunction": "true", "fill": "editable", "type": "editable", "press": "focusable", "check": "checkable",
    "uncheck": "checkable", "selectOption": "selectable", "hover": "hoverable", "click": "clickable", "dblclick": "clickable", "tap": "clickable",
    "setInputFiles": "editable", "dragTo": "draggable", "waitFor": "visible", "waitForSelector": "visible", "clear": "editable",
    "pressSequentially": "editable", "setChecked": "checkable", "screenshot": "screenshot",
}  # fmt: skip
"""What an action needs of its element."""


def awaited(
    target: str,
    wanted: str,
    failed: str,
    state: str,
    span: str,
    *,
    expected: str = "",
    where: str = "",
    got: str = "",
) -> Finding:
    """The finding; what a page showed instead stands in the title alone."""
    target = named(target)
    title = _title(target, wanted, failed, state, expected, got)
    hosts = (where,) if where else ()
    return finding(
        "browser", title, span, hosts, target=target, wanted=wanted, failed=failed, state=state, expected=named(expected)[:120], host=where
    )  # fmt: skip


def _title(target: str, wanted: str, failed: str, state: str, expected: str, got: str) -> str:
    """What was awaited and what the page was, in a maintainer's words."""
    if failed in {"crash", "closed"}:
        return f"The {state.replace(' crashed', ' crashed during the test').replace(' closed', ' was closed during the test')}"
    if failed == "launch":
        return f"No browser could be started{f': {state}' if state else ''}"
    if failed == "script":
        return f"The page's script failed: {expected}"
    if failed == "strict mode":
        return f"{target or 'A locator'} names several elements where one is wanted"
    late = " in time" if failed == "timeout" else ""
    who = target or "An element"
    if wanted.endswith(("screenshot", "aria snapshot")) and not state:
        return f"{target or 'The page'} differs from its {wanted}"
    if wanted == "loaded":
        return f"Page {target} did not load{late}" if target else f"The page did not load{late}"
    if wanted in {"response", "request", "event", "URL"} and failed == "timeout":
        return f"No {wanted} {target} came in time".replace("  ", " ")
    if state == "not found":
        return f"{who} was not found{f' (wanted {wanted})' if wanted not in {'present', ''} else ''}"
    if state:
        return f"{who} was {state}{f', not {wanted}' if wanted else ''}"
    if expected or got:
        return f"{who}: expected {f'{wanted} {expected}'.strip()}{f', got {got}' if got else late}"
    return f"{who} did not become {wanted}{late}" if wanted else f"{who} failed"


def named(target: str) -> str:
    """A locator as a maintainer would search for it: one kind of quotes, and ids that change from run to run masked."""
    said = _GENERATED.sub("<id>", " ".join(target.split())).replace('"', "'")
    kept = {found.start() for found in re.finditer(r"(?<!\w)\d{1,2}(?!\w)|(?<=[A-Za-z_-])\d{1,2}\b", said)}
    if not any(map(str.isdigit, said)):
        return said[:300]
    parts = (
        re.split(r"((?<![\w.])\d{1,2}(?![\w.])|(?<=[A-Za-z_-])\d{1,2}(?![\w.]))", said) if kept else [said]
    )
    return "".join(part if at % 2 else _masked(part) for at, part in enumerate(parts))[:300]


def _masked(part: str) -> str:
    """A part of a locator with ids masked; paths and attributes stay as they are, for they are what is searched for."""
    return mask(_SHORT.sub("<id>", part)) if "/" not in part else _SHORT.sub("<id>", part)


def element(html: str) -> str:
    """`div#cover` of `<div id="cover" class="…">`."""
    found = _TAG.search(html)
    if not found:
        return ""
    by = {one["name"]: one["value"] for one in _NAMED_BY.finditer(found["rest"])}
    if identity := by.get("id"):
        return named(f"{found['tag']}#{identity}")
    name = next((key for key in ("data-testid", "data-cy", "data-test", "name") if key in by), "")
    if name:
        return named(f"{found['tag']}[{name}={by[name]}]")
    return named(f"{found['tag']}.{by['class'].split()[0]}") if by.get("class", "").split() else found["tag"]


def matched(matcher: str, *, negated: bool) -> str:
    """`visible` of `toBeVisible`, `text` of `toHaveText`, `text containing` of `toContainText`."""
    bare = re.sub(r"^to(?:Be|Have|Match)", "", matcher)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare.removeprefix("toContain")).lower()
    words = {"url": "URL", "css": "CSS"}.get(words, words)
    return f"{'not ' if negated else ''}{words}{' containing' if matcher.startswith('toContain') else ''}"
