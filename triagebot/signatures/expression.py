"""What a failed statement was about: the call whose result was asserted, read from the statement and the source above.

In: a `Subject`. Out: the name of a call, such as `dump`, or of the value that could be traced no further. It reads text,
not syntax trees: what pytest shows is often half a statement, and must read the same on every Python.
"""

import re

from triagebot.signatures.subject import Subject

_CALL = re.compile(r"(?:([A-Za-z_]\w{0,80})\s?)?([(\[{])|([)\]}])")
"""A bracket, with the name that it calls. Hit: `len(rows)`. Miss: `rows`."""
_PATH = re.compile(r"(?<![\w.'\"])([A-Za-z_]\w{0,80})((?:\.\w{1,80}){0,6})")
"""A name with its attributes. Hit: `response.status_code`. Miss: `'response'`."""
_STRING = re.compile(r"[rbufRBUF]{0,2}(?:'[^'\n]{0,400}'|\"[^\"\n]{0,400}\")")
"""A string literal. Hit: `b'paid'`. Miss: `paid`."""
_OPERATOR = re.compile(r"\s(?:==|!=|<=|>=|<|>|is not|is|not in|in)\s")
"""An operator that compares. Hit: `a not in b`. Miss: `a and b`."""
_UNITTEST = re.compile(r"^(?:self|cls|tc|case)\.(?:assert|fail)\w{1,60}\((.{0,2000}?)\)?$")
"""A call of unittest's assertions, with its arguments. Hit: `self.assertEqual(a, b)`. Miss: `check(a, b)`."""
_RECEIVER = re.compile(
    r"where (?P<method>\w{1,80}) = "
    r"(?:<(?:\w{1,80}\.){0,8}(?P<shown>\w{1,80})[ (]|(?P<built>[A-Z]\w{0,80})\().{0,600}\.(?P=method)$",
    re.MULTILINE,
)
"""The object whose method pytest shows.

Hit: `where json = <app.client.Answer object at 0x7f>.json`
Miss: `where 5 = len([1])`
"""
_NO_CLASS = frozenset(("module", "function", "class", "bound", "built", "Mock", "MagicMock", "AsyncMock"))
_ITEM = re.compile(r"(?:\[[\"'](\w{1,80})[\"']\]|\.(\w{1,80}))$")
"""The last key or attribute of an expression. Hit: `body['state']`. Hit: `order.state`. Miss: `len(rows)`."""
_NUMBER = re.compile(r"(?<![\w.])\d[\w.]{0,40}")
"""A number that stands alone. Hit: `rows[0]`. Miss: `row0`."""
_NAMED = re.compile(r"[\"']([A-Za-z_][\w.-]{1,60})[\"']")
"""A string that could be a key. Hit: `'state'`. Miss: `'a b'`."""
_SUBSCRIPT = re.compile(r"[\w)\]]\[$")
"""Where a subscript begins. Hit: `body[`. Miss: `= [`."""
_SOUGHT = re.compile(r" (?:not )?in\b")
"""Whether something is sought in something else. Hit: ` not in body`. Miss: ` is b`."""
_LAYOUT = re.compile(r",? (?=[\])}])|(?<=[\[({]) ")
"""Blanks and commas that a formatter adds within brackets. Hit: `f( a, )`. Miss: `f(a, b)`."""
_RAISES = re.compile(r"(?:pytest\.|self\.)?(?:raises|warns|assertRaises\w{0,10})\(\s?([\w.]{1,160})")
"""The exception that a block waits for. Hit: `with pytest.raises(ValueError):`. Miss: `with client.stream():`."""
_BOUND = re.compile(r"(?:assert )?(?:[\w.]{1,80}(?:, ?[\w.]{1,80}){0,6} = )?")
"""What a statement binds or asserts, before its expression. It can be empty.

Hit: `rows = `
Hit: `first, last = `
"""
_LOOP = re.compile(r"^(?:async )?for [^:\n]{1,80}? in ")
"""The head of a loop or a comprehension. Hit: `for row in rows`. Miss: `forever`."""
_NONE_HAS_NO = re.compile(r"'NoneType' object has no attribute '(\w{1,160})'")
"""An attribute of None.

Hit: `'NoneType' object has no attribute 'get'`
Miss: `'dict' object has no attribute 'get'`
"""
_PLAIN = frozenset((
    "len", "list", "sorted", "str", "repr", "dict", "set", "tuple", "frozenset", "isinstance",
    "issubclass", "bool", "int", "float", "type", "all", "any", "next", "iter", "sum", "min", "max",
    "abs", "round", "getattr", "hasattr", "bytes", "bytearray", "enumerate", "zip", "map", "filter",
    "range", "id", "hash", "callable", "vars", "dir", "ord", "chr", "format", "reversed", "not", "and",
    "or", "in", "is", "assert", "await", "lambda", "if", "else", "for", "return", "yield", "None",
    "True", "False", "self", "cls", "approx", "print",
))  # fmt: skip
_DEPTH = 4


def asserted_call(subject: Subject) -> tuple[str, bool]:
    """The name of the call whose result a statement judges and True; or of the value that it judges and False.

    The name is "" when the statement shows neither.
    """
    sides = _sides(_STRING.sub("''", subject.statement))
    found = (_traced(side, subject.shown, _DEPTH) for side in sides[:2])
    return next((answer for answer in found if answer[0]), ("", False))


def receiver(subject: Subject, call: str) -> str:
    """The class of the object whose method was judged, as pytest's own explanation names it, or ""."""
    found = _RECEIVER.search(subject.text) if "where " in subject.text else None
    named = (found["shown"] or found["built"]) if found and found["method"] == call else ""
    return "" if named in _NO_CLASS else named


def item(statement: str) -> str:
    """The item or attribute by which the judged value was reached: `total` of `assert order["total"] == 3`, or ""."""
    found = _ITEM.search(_sides(statement)[0].strip())
    return (found[1] or found[2]) if found else ""


def stumbled(statement: str, message: str) -> str:
    """The expression that was None where a statement used it: `resp` of `user = resp.json()` without an attribute `json`."""
    used = _BOUND.sub("", statement.removeprefix("return "))
    used = _LOOP.sub("", used).rstrip(":")
    attribute = _NONE_HAS_NO.search(message)
    if attribute and (found := re.search(rf"\.{attribute[1]}\b", used)):
        return used[: found.start()]
    return used.rpartition("[")[0] if "not subscriptable" in message and "[" in used else used


def judged(statement: str) -> str:
    """A statement with its literals masked, but for names, and without what a formatter may move."""
    return _LAYOUT.sub("", _NUMBER.sub("?", _STRING.sub(_literal, statement)))


def _literal(found: re.Match[str]) -> str:
    """`?`, or what is no value but a name: `body['plan']`, `'token' in body`, `wait_for('agent_started')`."""
    name = _NAMED.fullmatch(found[0])
    if not name:
        return "?"
    before, after = (
        found.string[max(0, found.start() - 20) : found.start()],
        found.string[found.end() : found.end() + 8],
    )
    sought = _SOUGHT.match(after) or before.endswith(("assertIn(", "assertNotIn("))
    reached = after[:1] == "]" and _SUBSCRIPT.search(before)
    return f"'{name[1]}'" if sought or reached or "_" in name[1] else "?"


def _sides(statement: str) -> list[str]:
    """What a statement compares: the sides of its operator, or the arguments of unittest's method."""
    said = statement.removeprefix("assert ").removeprefix("not ")
    unittest = _UNITTEST.match(said)
    return _arguments(unittest[1]) if unittest else _OPERATOR.split(said, maxsplit=1)


def raised_type(statement: str) -> str:
    """The type that `pytest.raises(…)` of a statement expects."""
    found = _RAISES.search(statement)
    return found[1].rpartition(".")[2] if found else ""


def outer_call(expression: str) -> str:
    """The last call at the outermost level of an expression: `dump` of `Schema(only=x).dump(y)["z"]`."""
    inside = [""]
    depth, last = 0, ""
    for found in _CALL.finditer(expression):
        if found[3]:
            depth = max(0, depth - 1)
            continue
        if depth == 0 and found[2] == "(" and found[1] and found[1] not in _PLAIN:
            last = found[1]
        elif depth == 0 and found[2] == "(":
            inside.append(expression[found.end() :])
        depth += 1
    return last or (outer_call(inside[-1]) if len(inside) > 1 and len(inside[-1]) < len(expression) else "")


def _traced(expression: str, shown: tuple[str, ...], depth: int) -> tuple[str, bool]:
    """The call of an expression, else of what was assigned to the value that it begins with, else its last attribute."""
    if call := outer_call(expression):
        return call, True
    path = next((found[0] for found in _PATH.finditer(expression) if found[2] or found[1] not in _PLAIN), "")
    name = path.partition(".")[0]
    value = _assigned(name, shown) if depth and name not in _PLAIN else ""
    traced = _traced(value, shown, depth - 1) if value else ("", False)
    return traced if traced[0] else (path.rpartition(".")[2], "." in path)


def _assigned(name: str, shown: tuple[str, ...]) -> str:
    """What a name stands for in the source shown: the last assignment, loop or `with` that binds it."""
    bound = re.compile(
        rf"\s{{0,60}}(?:[\w, ()*]{{0,80}}\b)?{name}(?:, [\w, *]{{1,80}})?(?:: [^=]{{1,80}})? = (.{{1,400}})"
        rf"|\s{{0,60}}(?:async )?for [\w, ()]{{0,40}}\b{name}\b[\w, ()]{{0,40}} in (.{{1,400}}):"
        rf"|\s{{0,60}}(?:async )?with (.{{1,400}}) as {name}\b"
    )
    for line in reversed(shown):
        if name in line and line[:1] == " " and (found := bound.match(line)):
            value = _STRING.sub("''", found[1] or found[2] or found[3])
            raised = raised_type(value)
            return f"{raised}()" if raised else value
    return ""


def _arguments(text: str) -> list[str]:
    """The arguments of a call, split at the outermost commas."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]
