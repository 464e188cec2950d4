"""Failures that no family knows: by type and sentence, and for those that say little, by where in the code.

In: a `Subject`. Out: always a `Finding`: `assert` for assertions without words of their author, `error` for the rest.
An assertion is known by the call whose result it judges, with the class where pytest shows it, and never by values: a
call that gives None is one issue however many tests ask it; else the asserted expression stands beside it, its literals
masked. Where the call says little the asserting function does, too, and where a shared helper compares values that it
was handed, their masked words do. A test that stumbles over None while it uses a result judges that result, too. There
are no line numbers anywhere.
"""

import re
from dataclasses import replace

from triagebot.signatures.assertion import actual_error, is_bare, own_words
from triagebot.signatures.code_location import is_test, spot, without_library
from triagebot.signatures.elsewhere import elsewhere
from triagebot.signatures.expression import asserted_call, item, judged, raised_type, receiver, stumbled
from triagebot.signatures.mask import HARMLESS, Masked, mask
from triagebot.signatures.sentence import sentence
from triagebot.signatures.subject import Finding, Subject, finding

_SAY_LITTLE = frozenset((
    "AttributeError", "TypeError", "KeyError", "IndexError", "ValueError", "UnboundLocalError",
    "LookupError", "StopIteration", "ZeroDivisionError",
))  # fmt: skip
_SAY_NOTHING = frozenset(("IndexError", "StopIteration", "StopAsyncIteration", "ZeroDivisionError"))
"""Types whose words are Python's own and name nothing: without a place in the code under test, the test's own stands."""
_RAISE = re.compile(
    r"DID NOT (RAISE|WARN)\.?(?: any of| No warnings of type)? ?(?:\(?<class '([\w.]{1,200})'>|([\w., ]{1,300}))?"
)
"""A test whose exception or warning never came.

Hit: `DID NOT RAISE <class 'ValueError'>`
Hit: `DID NOT RAISE ValueError`
Miss: `did raise ValueError`
"""
_NOT_RAISED = re.compile(r"(?:AssertionError ?:? ?)?[\w.]{1,120} not raised(?: by .{1,200})?")
"""The same in unittest's words. Hit: `ValueError not raised`. Miss: `the flag was not raised in time`."""
_PASSED = re.compile(r"\[XPASS\(strict\)\] ?(.{0,300})")
"""A test that was marked to fail and passed. Hit: `[XPASS(strict)] bug 5`. Miss: `XFAIL bug 5`."""
_SUBTESTS = re.compile(r"contains \d{1,6} failed subtests?$")
"""A test that failed by its parts. Hit: `contains 2 failed subtests`. Miss: `contains 2 failed tests`."""
_ATTRIBUTE = re.compile(
    r"(?:type object )?'(?P<owner>[\w.]{1,120})'(?: object)? has no attribute '(?P<name>\w{1,160})'"
)
"""An attribute that a class or an object does not have.

Hit: `'dict' object has no attribute 'status'`
Miss: `module 'app' has no function 'run'`
"""
_MOCKED = re.compile(
    r"<(?:module '(?P<owner>[\w.]{1,160})' from '[^'\n]{0,400}'"
    r"|(?P<other>[\w.]{1,160}) object at 0x\w{1,20}|class '(?P<cls>[\w.]{1,160})')> "
    r"does not have the attribute '(?P<name>\w{1,160})'"
)
"""An attribute that a mock was to replace.

Hit: `<module 'app.mail' from '/srv/app/mail.py'> does not have the attribute 'send'`
Miss: `'app.mail' does not have the attribute 'send'`
"""
_HINT = re.compile(r"[.;] Did you (?:mean|forget)\b.{0,300}$")
"""What newer Pythons add to a message. Hit: `. Did you mean: 'status'?`. Miss: `Did it end?`."""
_NAMES_A_FUNCTION = re.compile(r"^[\w.<>]{1,160}\(\) (?:got|missing|takes)")
"""A call with wrong arguments, which names its function.

Hit: `Cart.add() missing 1 required positional argument`
Miss: `unsupported operand type(s)`
"""
_BUILTIN = frozenset((
    "NoneType", "str", "bytes", "int", "float", "bool", "dict", "list", "tuple", "set", "function",
    "coroutine", "generator", "method", "module",
))  # fmt: skip
_GENERIC_CALLS = frozenset((
    "get", "post", "put", "patch", "delete", "head", "request", "send", "recv", "receive", "call", "run",
    "execute", "fetch", "json", "read", "text", "items", "keys", "values", "pop", "next", "result",
    "response", "data", "main", "invoke", "query", "wait", "sleep", "gather", "create", "update", "copy",
    "open", "actual", "value",
))  # fmt: skip
_OF_PYTHON = frozenset((
    "Exception", "BaseException", "RuntimeError", "ValueError", "TypeError", "KeyError", "IndexError",
    "AttributeError", "AssertionError", "LookupError", "OSError", "NotImplementedError", "StopIteration",
    "ZeroDivisionError", "SystemExit",
))  # fmt: skip
_VEHICLES = frozenset(("AssertionError", "Failed", "Exception", "Error"))
"""Types that only carry a sentence: the sentence alone is the better title."""
_HUMP = re.compile(r"[A-Z][a-z0-9]*$")
"""The last word of a name in camel case. Hit: `CartError`. Miss: `cart_error`."""
_NONE = re.compile(r"\bNone\b")
"""A value that is not there. Hit: `assert None == 5`. Miss: `assert Nones == 5`."""
_COMPARED_NAME = re.compile(r" (?:==|!=|in|not in|is|<|>|<=|>=) ([a-z_]\w{0,80})$")
"""A name that an assertion compares with; its value came from elsewhere.

Hit: `assert status == wanted`
Miss: `assert status == 200`
"""
_ADDED = re.compile(r"^\s{0,4}\+ (?! where|  where)([^\n]{1,400})$", re.MULTILINE)
"""A line of pytest's diff that came. Hit: `  + paid`. Miss: `  - paid`."""
_MISSED = re.compile(r"^\s{0,4}- ([^\n]{1,400})$", re.MULTILINE)
"""The lines of pytest's diff: what came (`+`) and what was expected (`-`), in full where the sentence is cut.

Hit: `  - paid`
Miss: `  + paid`
"""
_SIDES = re.compile(r" (?:==|!=|is not|is|not in|in|<=|>=|<|>) ")
"""The operator of an assertion. Hit: `503 == 200`. Miss: `503`."""


def fallback(subject: Subject, log: list[Masked] | None = None) -> Finding:
    """The finding when no extractor has one; `log` receives what was masked."""
    if subject.foreign:
        return elsewhere(subject, log)
    found = _of_python(subject, log)
    if not subject.compares or not subject.whole_test or not _shows_values_only(subject):
        return found
    slots = tuple(sorted((*found.slots, ("test", subject.whole_test))))
    return replace(found, slots=slots, reread=True)


def _shows_values_only(subject: Subject) -> bool:
    """Whether nothing but values is left of a failure: no source, no place in the code under test, no words of an author."""
    if subject.statement.strip() or subject.place or "\n +  where " in subject.text:
        return False
    if _RAISE.match(subject.first) or _NOT_RAISED.fullmatch(f"{subject.type} {subject.first}".strip()):
        return True
    if not subject.type and not subject.text:
        return False  # the report says nothing at all, as where it was cut: that is one thing
    return subject.type in ("", "AssertionError") and (
        subject.text == subject.type or shows_values(subject.text)
    )


def shows_values(text: str) -> bool:
    """Whether the words of an assertion of pytest's or unittest's are values, and none of its author."""
    first = text.partition("\n")[0]
    return (
        is_bare(text)
        or bool(_RAISE.match(first) or _NOT_RAISED.fullmatch(first))
        or first == "AssertionError"
    )


def _of_python(subject: Subject, log: list[Masked] | None) -> Finding:
    """The finding for an exception of Python's."""
    words = own_words(subject.text)[0] if subject.type == "AssertionError" else ""
    subject = replace(subject, text=words) if words else subject
    if found := _RAISE.match(subject.first):
        return _not_raised(subject, found)
    if found := _PASSED.match(subject.first):
        return _passed(subject, found[1])
    if subject.asserted and subject.sourceless:
        return _message_only(subject)
    if subject.asserted:
        return _asserted(subject, _got_none(subject.first))
    if "NoneType" in subject.first and _in_a_test(subject):
        return _stumbled(subject, log)
    if subject.type == "KeyError" and _in_a_test(subject) and (found_item := _lacking(subject)):
        return found_item
    if subject.type == "AttributeError":
        found = _ATTRIBUTE.search(subject.first) or _MOCKED.search(subject.first)
        if found:
            return _attribute(subject, found)
    return _error(subject, log)


def _not_raised(subject: Subject, found: re.Match[str]) -> Finding:
    """An exception or a warning that a test waited for in vain; one of Python's own says little without who waited."""
    names = ", ".join(name.strip().rpartition(".")[2] for name in (found[2] or found[3] or "").split(","))
    what = "raised" if found[1] == "RAISE" else "warned"
    title = f"{names or 'An exception'} was not {what}"
    at = spot(subject.frames) if not names or names in _OF_PYTHON else ""
    return finding("assert", title, found[0], expected=f"not {what}", type=names, at=at)


def _passed(subject: Subject, reason: str) -> Finding:
    """A test that was expected to fail; its reason stands in the source, so `bug 12` is not `bug 13`."""
    title = f"Passed although it was expected to fail{f': {reason}' if reason else ''}"
    return finding(
        "assert", title, subject.first, expected="failure", text=reason, at="" if reason else subject.test
    )


def _attribute(subject: Subject, found: re.Match[str]) -> Finding:
    """A missing attribute: of classes with one head noun (`Serializer`, `TimedSerializer`); of a builtin, by its place."""
    groups = found.groupdict()
    named = groups.get("owner") or groups.get("other") or groups.get("cls") or ""
    owner, name = named.rpartition(".")[2], found["name"]
    title = f"{owner} has no attribute {name}"
    if owner in _BUILTIN:
        return finding(
            "error", title, found[0], type=subject.type, text=f"{owner} has no {name}", at=subject.place
        )
    noun = _HUMP.search(owner)
    return finding(
        "error", title, found[0], type=subject.type, text=f"{noun[0] if noun else owner} has no {name}"
    )


def _error(subject: Subject, log: list[Masked] | None) -> Finding:
    """Type and masked sentence; with the place when both say little."""
    masks: list[Masked] = []
    first = sentence(_HINT.sub("", subject.first.removeprefix("Message: ")), log)
    said = mask(first, masks).rstrip(" .:;!")
    if log is not None:
        log.extend(masks)
    shown = first if {name for name, _text in masks} <= HARMLESS else said
    title = shown if subject.type in _VEHICLES and " " in shown else f"{subject.type}: {shown}".strip(": ")
    if not subject.frames and _SUBTESTS.match(first):
        return _of_test(subject, said)
    says_little = len(said) < 4 or (subject.type in _SAY_LITTLE and not _NAMES_A_FUNCTION.match(said))
    at = subject.place if says_little else ""
    at = at or (spot(without_library(subject.frames)) if subject.type in _SAY_NOTHING else "")
    return finding(
        "error",
        title or "A failure of which the report says nothing",
        subject.first,
        type=subject.type,
        text=said,
        at=at,
    )


def _of_test(subject: Subject, said: str) -> Finding:
    """A test of which no more is said than that its subtests failed: they are its own."""
    title = f"{subject.test} {subject.first}".strip()
    return finding("error", title, subject.first, type=subject.type, text=said, at=subject.test)


def _asserted(subject: Subject, got: str) -> Finding:
    """The call that was judged, with what came of it: None, and where; else the expression that did not hold."""
    if subject.first.startswith("Regex"):
        call = raised_type(subject.statement)
        title = f"{call or 'An exception'} raised with another message than expected"
        said = mask(actual_error(subject)[1].partition("\\n")[0])
        return finding("assert", title, subject.first, expected="message", type=call, text=said)
    call, traced = asserted_call(subject)
    owner = receiver(subject, call)
    asked = subject.first.startswith("assert None ") or (got and call in _GENERIC_CALLS)
    of = item(subject.statement) if asked and not owner else ""
    of = "" if of == call else of
    named = f"{owner}.{call}".lstrip(".")
    at = "" if traced and call not in _GENERIC_CALLS else spot(subject.frames)
    title = _title(subject, named, got, of)
    says = call and (traced or _in_a_test_function(subject))
    text = _values(subject) if not says else "" if got else judged(subject.statement)
    if says and not got and _is_compared_with_argument(subject):
        text = f"{text} ({_values(subject)})"
    title = title or (f"{call} gave another value than expected" if says else f"Assertion failed: {text}")
    return finding("assert", title, subject.first, call=named, item=of, got=got, at=at, text=text)


def _message_only(subject: Subject) -> Finding:
    """An assertion whose source is not shown: its message is all there is; without one, its test."""
    first = subject.first.removeprefix("assert ").strip()
    met, wanted = _ADDED.search(subject.text), _MISSED.search(subject.text)
    whole = met and wanted and "..." in first
    said = f"{met[1]!r} == {wanted[1]!r}" if met and wanted and whole else first
    got = (
        f"{said.partition(' == ')[0]} where {said.partition(' == ')[2]} was expected"
        if " == " in said
        else said
    )
    title = f"Assertion failed: {got}" if got else f"Assertion failed in {subject.test}"
    at = "" if said else subject.test
    return finding("assert", title, subject.first, text=_values(replace(subject, text=said)), at=at)


def _stumbled(subject: Subject, log: list[Masked] | None) -> Finding:
    """A test that used a result which was None: the call that gave it, as if the test had asserted it."""
    if not subject.statement or subject.sourceless:
        return _error(subject, log)
    expression = stumbled(subject.statement, subject.first)
    return _asserted(replace(subject, statement=expression), got="None")


def _values(subject: Subject) -> str:
    """The masked words of an assertion. Where nothing tells its place, short numbers stay: 404 is not 500."""
    first = subject.first.removeprefix("assert ")
    masks: list[Masked] = []
    said = mask(first, masks)
    short = all(name == "int" and len(text) <= 3 for name, text in masks)
    return first if short and not subject.frames else said


def _lacking(subject: Subject) -> Finding | None:
    """A test that looked up what a result did not have: the call that gave it, where that says something."""
    before, looked_up, _rest = subject.statement.replace('"', "'").partition(f"[{subject.first}]")
    call, traced = asserted_call(replace(subject, statement=before)) if looked_up else ("", False)
    if not traced or call in _GENERIC_CALLS:
        return None
    title = f"{call} gave no {subject.first}"
    return finding("error", title, subject.first, type=subject.type, text=mask(subject.first), call=call)


def _is_compared_with_argument(subject: Subject) -> bool:
    """Whether a helper compares with a value that it was handed: `assert len(self.rows) == n`."""
    handed = _COMPARED_NAME.search(subject.statement)
    helps = _in_a_test(subject) and not _in_a_test_function(subject)
    return helps and handed is not None and not any(f" {handed[1]} = " in line for line in subject.shown)


def _in_a_test_function(subject: Subject) -> bool:
    """Whether the failed statement is a test's own, not that of a helper which many tests hand their values."""
    return bool(subject.frames) and subject.frames[-1].function.startswith("test")


def _title(subject: Subject, call: str, got: str, of: str) -> str:
    """What was asserted, in words; "" where only the masked values can say it."""
    if call and got:
        return f"{call} gave {got}{f' as {of}' if of else ''} where a value was expected"
    statement = subject.statement.removeprefix("assert ")
    return f"Assertion failed: {statement}" if statement and len(statement) < 120 else ""


def _got_none(first: str) -> str:
    """`None` where the actual value holds a None that the expected one does not, else nothing."""
    actual, *expected = _SIDES.split(first.removeprefix("assert "), maxsplit=1)
    return "None" if _NONE.search(actual) and not any(_NONE.search(side) for side in expected) else ""


def _in_a_test(subject: Subject) -> bool:
    """Whether the innermost frame is test code: then the test was using a result when it stumbled."""
    return bool(subject.frames) and is_test(subject.frames[-1].path)
