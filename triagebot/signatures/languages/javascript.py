"""JavaScript: V8's, Firefox's and WebKit's stacks, `[cause]`, AggregateError, and what its runners print around.

In: text and message. Out: the chain, with the statement where a code frame shows it (Jest's, Playwright's). Read after
what Node prints (https://nodejs.org/api/errors.html), `util.inspect`, and the reporters of Jest, Vitest, Mocha, node:test,
Playwright, Cypress and Newman. What an error log adds behind the stack (serialized fields, attachments, diffs) is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from triagebot.reports.model import Frame
from triagebot.signatures.languages.shape import exception, linked, message_and_frames, parted
from triagebot.signatures.traceback import ExceptionText

_V8 = re.compile(
    r"\s{0,40}at (?:async )?"
    r"(?:(?P<function>[^()\n]{1,300}?(?: \[as [^\]\n]{1,80}\])?) \((?P<path>[^()\n]{1,400}?)"
    r"(?::(?P<line>\d{1,7})(?::\d{1,7})?)?\)"
    r"|(?P<alone>[^\s()]{1,400}?):(?P<line2>\d{1,7}):\d{1,7}\)?)(?: \{)?$"
)
"""`at fn (path:1:2)` and `at path:1:2`.

Hit: `    at Cart.add (/srv/shop/cart.js:12:5)`
Hit: `    at /srv/shop/cart.js:12:5`
Miss: `at noon`
"""
_ARROW = re.compile(
    r"\s{0,40}❯ (?:(?P<function>\S[^\n]{0,200}?) )?(?P<path>[^\s:]{1,400}):(?P<line>\d{1,7}):\d{1,7}$"
)
"""Vitest's frames. Hit: ` ❯ add src/cart.ts:12:5`. Miss: `❯ add`."""
_GECKO = re.compile(
    r"\s{0,40}(?P<function>[^\s@()]{0,200})@(?P<path>(?:[a-z-]{2,20}:/{1,3}|/|[A-Za-z]:\\)[^\s]{1,400}?):"
    r"(?P<line>\d{1,7}):\d{1,7}$"
)
"""Frames of Firefox and WebKit. Hit: `add@https://shop.example/cart.js:12:5`. Miss: `ada@shop.example`."""
_CAUSE = re.compile(r"\s{0,40}(?:\[?[Cc]ause\]?|Caused by): {0,4}(?=\S|$)")
"""The mark of an error's cause. Hit: `  [cause]: Error: gone`. Miss: `causes: gone`."""
_CODE = re.compile(r"\s{0,20}(?P<here>>)?\s{0,9}\d{1,6} \|(?P<code>.{0,400})|\s{1,20}\|[\s^~]{0,400}$")
"""A line of a code frame; `>` marks the one that failed.

Hit: `> 12 |   expect(state).toBe(5)`
Miss: ` 12: expect`
"""
_AFTER_ERROR = re.compile(  # what is printed behind an error: fields, diffs of reporters, attachments, rules
    r"\s{0,20}(?:Serialized Error: |\[object Object\]$|(?:expected|actual): |\+ expected - actual$"
    r"|attachment #\d|Error Context: |─{8}|⎯{8}"
    r"|\[errors\]: \[|at Object\.eval sandbox-script|(?:duration_ms|location|failureType|assertion): "
    r"|Retry #\d)|.{0,200}\{ code: '"
)
"""Hit: `+ expected - actual`. Hit: `attachment #1: trace`. Miss: `expected 5`."""
_BANNER = re.compile(  # what runners print above: Jest's bullet, Playwright's box, the project's first line
    r"\s{0,20}(?:● .{1,400}|\d{0,4}\)? ?\[[^\]\n]{1,80}\] › .{1,400}|.{1,300}─{8,200})$"
)
"""Hit: `  ● cart › adds`. Miss: `cart › adds`."""
_BOX = re.compile(
    r"^\s{0,20}(?:\d{1,4}\) )?(?:\[[^\]\n]{1,80}\] )?› .{1,300}─{3}|^\s{0,20}\[[^\]\n]{1,80}\] › ",
    re.MULTILINE,
)
"""The box that Playwright draws around a test's name.

Hit: `  [chromium] › cart.spec.ts:5:3 › adds`
Miss: `cart.spec.ts › adds`
"""
_NEWMAN = re.compile(
    r"^\s{0,20}Test description: (?P<test>.{1,400})\.\n\s{0,20}Error message: (?P<said>.{1,800})\.\n",
    re.MULTILINE,
)
"""A failed assertion of Newman: the test and the message.

Hit: `Test description: status is 200.\nError message: expected 503 to equal 200.\n`
Miss: `Test description: status is 200.`
"""
_ASSERTION = re.compile(r"^assertion: (?P<test>.{1,400})$", re.MULTILINE)
"""The name of the assertion, which is what Newman calls a test; its script is somewhere in the collection.

Hit: `assertion: status is 200`
Miss: `an assertion: status`
"""
_MARKS = re.compile(
    r"\[ERR_[A-Z_]{3,60}\]|code: 'ERR_[A-Z_]{3,60}'"
    r"|\b(?:locator|page|frame|elementHandle|browserContext|browserType|apiRequestContext)\.[$\w]{1,40}: "
    r"|\bexpect\((?:received|locator|page|response|jest\.fn\(\))\)\.|^AggregateError\b"
    r"|^(?:CypressError|AxiosError|DOMException): ",
    re.MULTILINE,
)
"""Words that only JavaScript's errors have, where no frame is shown.

Hit: `TypeError [ERR_INVALID_ARG_TYPE]: gone`
Hit: `locator.click: gone`
Miss: `Error: gone`
"""
_BRACKETED = re.compile(
    r"\[(?P<head>(?:Uncaught )?[A-Za-z]\w{0,60}(?: \[\w{1,60}\])?: .{0,2000}?)\](?: \{.*)?$", re.DOTALL
)
"""An error within brackets, as Node shows one that is a value. Hit: `[TypeError: gone]`. Miss: `[gone]`."""
_SIGNAL = re.compile(r"signal[:=] ?'?(?P<signal>SIG[A-Z]{2,6})")
"""The signal that ended a process. Hit: `signal: 'SIGKILL'`. Miss: `signal 9`."""
_THROWN = re.compile(r"the (?:string|object|number) \"(?P<said>.{1,400})\" was thrown, throw an Error :\)$")
"""What Mocha says of a value that is no error.

Hit: `the string "gone" was thrown, throw an Error :)`
Miss: `"gone" was thrown`
"""
_INNER = re.compile(r"\n\s{0,8}> (?P<said>[^\n]{1,1000})")
"""The error within one of Cypress. Hit: `said:\n  > 503: Service Unavailable`. Miss: `> 503`."""
_THROWN_BY = "The following error originated from your "
_IN_PAGE = f"{_THROWN_BY}application"
_LEAF = re.compile(r"\s{1,40}(?=(?:\[cause\]: )?[A-Z]\w{0,60}Error(?: \[\w{1,60}\])?: |Error: )")
"""An error of an AggregateError, which stands indented. Hit: `    Error: gone`. Miss: `Error: gone`."""
_NAME_ONLY = re.compile(r"\[Error\]$")
"""An error without a message. Hit: `[Error]`. Miss: `[Error: gone]`."""


_OF_TYPE = {
    "TypeError": re.compile(
        r"^(?:Cannot (?:read|set) propert(?:y|ies) (?:'.{1,200}' )?of (?:undefined|null)\b"
        r"|[\w$.\[\]()\"']{1,300} is not a (?:function|constructor)$)"
    ),
    "ReferenceError": re.compile(
        r"^(?:[\w$]{1,200} is not defined|Cannot access '[\w$]{1,200}' before initialization)$"
    ),
}
"""What only V8 says, and of which type it is, where a report keeps the words alone.

Hit: `Cannot read properties of undefined (reading 'name')`
Hit: `cart.add is not a function`
Hit: `plan is not defined`
Miss: `the plan is not defined`
"""


def javascript(text: str, message: str) -> tuple[ExceptionText, ...]:
    """The chain of a text with frames, a code frame or words of JavaScript's; of a message alone where it begins like an error."""
    text = _unwrapped(text) or message
    lines = text.split("\n")
    if not (
        any(map(frame, lines))
        or any(map(_is_code, lines))
        or any(mark.search(text) for mark in (_MARKS, _ASSERTION, _BOX, *_OF_TYPE.values()))
    ):
        return ()
    parts = parted(lines, _CAUSE)
    chain = [_one(part) for part in parts]
    if chain[0] and (named := _ASSERTION.search(text)):
        chain[0] = replace(chain[0], statement=named[0])
    if chain[0] is None and message:
        chain[0] = exception(message.split("\n"))
    if len(chain) > 1 and "ERR_TEST_FAILURE" in "\n".join(parts[0]):
        chain = [one for one in chain[1:] if one] or chain
    return _with_leaves(_ended(linked([_settled(one) for one in chain]), text), lines)


def frame(line: str) -> Frame | None:
    """A frame of a stack, or None."""
    found = _V8.match(line) or _ARROW.match(line) or _GECKO.match(line)
    if not found:
        return None
    groups = found.groupdict()
    path = (groups.get("path") or groups.get("alone") or "").removeprefix("file://").replace("\\", "/")
    number = groups.get("line") or groups.get("line2")
    return Frame(path, int(number) if number else None, (groups.get("function") or "").strip())


def _unwrapped(text: str) -> str:
    """The text without Newman's envelope."""
    if "Stacktrace: " not in text:
        return text
    said, stack = _NEWMAN.search(text), text.partition("Stacktrace: ")[2]
    kind, colon, _rest = stack.partition(":")
    return (
        f"{kind}{colon} {said['said']}\nassertion: {said['test']}"
        if said and kind.endswith("Error")
        else stack
    )


def _one(lines: Sequence[str]) -> ExceptionText | None:
    """One exception: what is said before code frame and stack, its frames, the statement."""
    lines = [line for line in lines if not _BANNER.match(line)]
    said, frames = message_and_frames(lines, frame)
    statement = ""
    kept: list[str] = []
    for line in said:
        if code := _CODE.match(line):
            statement = (code["code"] or "").strip() if code["here"] else statement
        elif _AFTER_ERROR.match(line) and kept and not line.startswith("["):
            break
        elif not statement:
            kept.append(line)
    return exception(_once(_margin(kept)), frames, statement)


def _margin(lines: list[str]) -> list[str]:
    """The lines without the margin that they share; the first line may stand alone, behind `cause: `."""
    told = [line for line in lines if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in told), default=0)
    return [line[margin:] for line in lines]


def _once(lines: list[str]) -> list[str]:
    """The lines from where the error itself begins: Mocha's xunit says the message first, and then the error with it."""
    first = next((line.strip() for line in lines if line.strip()), "")
    for at, line in enumerate(lines):
        if at and first and line.rstrip().endswith(f": {first}"):
            return lines[at:]
    return lines


def _settled(told: ExceptionText | None) -> ExceptionText | None:
    """The exception without the brackets of `util.inspect` and the envelopes of those who caught it."""
    if told is None:
        return None
    raised = told.raised
    said = raised.message
    if not raised.type and (found := _BRACKETED.match(said)):
        inner = exception(found["head"].split("\n"))
        raised = inner.raised if inner else raised
        said = raised.message
    said = _NAME_ONLY.sub("", said).removesuffix("} {").strip()
    if found := _THROWN.match(said):
        said = found["said"]
    if said.startswith(_THROWN_BY) and (inside := _INNER.search(said)):
        said = f"{'Uncaught in the page: ' if said.startswith(_IN_PAGE) else ''}{inside['said']}"
    said = said.removeprefix("thrown: ").strip()
    said = said[1:-1] if len(said) > 1 and said[0] == said[-1] == '"' else said
    said = said.removeprefix("Unknown Error: ")
    type_ = raised.type or next((name for name, words in _OF_TYPE.items() if words.search(said)), "")
    return replace(told, raised=replace(raised, type=type_, message=said, frames=told.raised.frames))


def _ended(chain: tuple[ExceptionText, ...], text: str) -> tuple[ExceptionText, ...]:
    """The chain of a file whose process was ended by a signal, of which node:test says no more in words than that it failed."""
    signal = _SIGNAL.search(text) if chain and chain[-1].raised.message == "test failed" else None
    if not signal:
        return chain
    raised = replace(chain[-1].raised, message=f"test failed (signal {signal['signal']})")
    return (*chain[:-1], replace(chain[-1], raised=raised))


def _with_leaves(chain: tuple[ExceptionText, ...], lines: Sequence[str]) -> tuple[ExceptionText, ...]:
    """The chain with the errors that an AggregateError lists behind `[errors]: [`."""
    at = next((at for at, line in enumerate(lines) if line.strip() == "[errors]: ["), -1)
    if at < 0 or not chain:
        return chain
    listed: list[list[str]] = []
    for line in lines[at + 1 :]:
        if line.strip().startswith("]"):
            break
        if _LEAF.match(line):
            listed.append([line.strip()])
        elif listed:
            listed[-1].append(line)
    leaves = tuple(one.raised for part in listed[:50] if (one := _settled(_one(part))))
    whose = next((n for n, told in enumerate(chain) if told.raised.type == "AggregateError"), len(chain) - 1)
    grouped = replace(chain[whose], raised=replace(chain[whose].raised, leaves=leaves))
    return (*chain[:whose], grouped, *chain[whose + 1 :])


def _is_code(line: str) -> bool:
    found = _CODE.match(line)
    return found is not None and found["here"] is not None
