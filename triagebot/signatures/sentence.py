"""A message as the sentence that its author wrote, apart from the data that he printed behind it.

In: the first line of a message. Out: the line with a body (`{"error": "quota", "request_id": "b7"}`, `['a', 'b']`) as
the names of its fields, what its telling fields say, and the words of a plain list: sorted, each once. How many items
came, in which order and with which ids differs from day to day. A message that is all data is left as it is.
"""

import re

_OPENS = re.compile(r"(?<=[\w:=,;!?.)>\-] )(?P<call>[A-Za-z]\w{0,20}\()?[{\[](?=\s?[\"'{\[])")
"""Where a literal opens within a sentence. Hit: `got {'state': 'open'}`. Miss: `got {state}`."""
_FIELD = re.compile(
    r"(?P<q>['\"])(?P<name>[A-Za-z_][\w.-]{0,60})(?P=q)\s?:\s?"
    r"(?:(['\"])(?P<text>(?:(?!\3).){0,200})\3|(?P<bare>[\w.+-]{1,40}))?"
)
"""A field of such a literal. Hit: `'state': 'open'`. Hit: `"count": 5`. Miss: `state: open`."""
_TEXT = re.compile(r"(['\"])((?:(?!\1).){1,200})\1")
"""A string of such a literal. Hit: `['open', 'paid']`. Miss: `[5]`."""
_TELLING = frozenset(
    ("error", "code", "type", "message", "detail", "reason", "status", "error_code", "error_type", "errorCode", "title", "msg",
     "selector", "field", "loc", "param", "event", "errno", "sqlstate", "operation")
)  # fmt: skip
_WORDS = re.compile(r"[A-Za-z]{2}\w{0,40}\W{1,4}[A-Za-z]?\w{0,40}")
"""Two words or more: text for people, no id. Hit: `order is open`. Miss: `o-1`."""
_PAIRS = {"{": "}", "[": "]"}


def sentence(line: str, log: list[tuple[str, str]] | None = None) -> str:
    """The line with the first body behind its words told shortly; `log` receives ("data", the body)."""
    found = _OPENS.search(line) if "{" in line or "[" in line else None
    if not found or not _WORDS.search(line[: found.start()]):
        return line
    start = found.end() - 1
    end = _end(line, start)
    if log is not None:
        log.append(("data", line[start:end]))
    rest = line[end:].removeprefix(")") if found["call"] else line[end:]
    return f"{line[: found.start()]}{_literal_words(line[start:end])}{rest}"


def _end(line: str, start: int) -> int:
    """The end of a body, or of the line where it was cut."""
    opened, closed, depth = line[start], _PAIRS[line[start]], 0
    for at in range(start, len(line)):
        depth += (line[at] == opened) - (line[at] == closed)
        if depth == 0:
            return at + 1
    return len(line)


def _literal_words(body: str) -> str:
    """Fields by name, in a lone object with what the telling ones say; words of a plain list."""
    fields = list(_FIELD.finditer(body))
    if not fields:
        words = {found[2] for found in _TEXT.finditer(body)}
        return f"[{', '.join(sorted(words))}]"
    alone = body[0] == "{"
    return "{" + ", ".join(sorted({_field(found, alone=alone) for found in fields})) + "}"


def _field(found: re.Match[str], *, alone: bool) -> str:
    said = found["text"] or found["bare"]
    return f"{found['name']}: {said}" if alone and said and found["name"] in _TELLING else found["name"]
