"""How what a test got differs from what it expected, where the two were shown: the same difference in several assertions has one cause.

In: the text of a failure. Out: a `str` that is the same for the same difference in other surroundings; "" where none is shown, where nothing is
common to both sides, or where the difference says too little. pytest and unittest show differences line by line (`-`, `+`).
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_CHANGED = re.compile(
    r"^(?:E {1,12})?(?P<side>[-+]) (?! {0,8}(?:where|and) )(?P<words>.{0,2000})$", re.MULTILINE
)
"""A changed line of a difference; `where` and `and` lead pytest's notes on values.

Hit: `E     - queued`
Hit: `+ done`
Miss: `E     + where 5 = len(cart)`
"""
_TOKENS = re.compile(r"\w+|[^\w\s]")
"""A word or a sign. Hit: `queued`. Hit: `▶`. Miss: ` `."""
_NUMBER = re.compile(r"\d+")
"""A number, whichever it is. Hit: `48213`. Miss: `queued`."""
_WORD = re.compile(r"[^\W\d_]{2}")
"""Two letters. Hit: `ok`. Miss: `a1 b2`."""
_DULL = frozenset(("True", "False", "None", "true", "false", "null", "N", "▶"))
_EXPECTED = re.compile(
    r"^(?:E {1,12})?(?:Expected regex|Regex|Pattern): {1,4}(?P<words>[^\n]{4,300})$", re.MULTILINE
)
"""What `pytest.raises(match=…)` looked for.

Hit: `E    Regex: 'no such table'`
Hit: `Expected regex: 'gone'`
Miss: `E    Input: 'no such table'`
"""
_MOST = 120
"""Tokens of a side that are compared."""
_TEXT = 20_000
_CHANGES = 6
_TELLING = 4
"""Different tokens from which on a difference says which one it is: `queued ▶ done` stands in unrelated tests."""


def difference(text: str) -> str:
    """What a failure's text shows as changed: `~ ▶ < sub >`, or the message that was expected; "" for nothing that says enough."""
    head = text[-_TEXT:]
    if expected := _EXPECTED.search(head):
        return f"no message {expected['words'].strip()}"
    sides: dict[str, list[str]] = {"-": [], "+": []}
    for line in _CHANGED.finditer(head):
        sides[line["side"]] += _TOKENS.findall(_NUMBER.sub("N", line["words"]))
    told = sorted(set(_changes(sides["-"], sides["+"])))
    words = {token for change in told for token in change.split()} - _DULL
    says = len(words) >= _TELLING and any(map(_WORD.search, words))
    return ", ".join(told) if says and len(told) <= _CHANGES else ""


def _changes(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """The changes from one to the other, each token once; none where too much is to be compared, or nothing is common."""
    if not one or not other or max(len(one), len(other)) > _MOST:
        return
    compared = SequenceMatcher(None, one, other, autojunk=False)
    if compared.ratio() < 0.5:
        return
    for kind, i, j, k, m in compared.get_opcodes():
        if kind != "equal":
            yield f"{_once(one[i:j])} ▶ {_once(other[k:m])}"


def _once(tokens: Sequence[str]) -> str:
    """Tokens, each at its first place."""
    return " ".join(dict.fromkeys(tokens))
