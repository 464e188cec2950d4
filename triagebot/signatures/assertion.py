"""Whether an assertion's text is a machine's or its author's, and which error it may be about.

In: an AssertionError. Out: a yes or no, or type and text of the error that it quotes. Rewritten by pytest (`assert 1 == 2`), worded by unittest
(`1 != 2`) or empty: then the words are values, and only the statement says what was asserted.
"""

import re

from triagebot.signatures.subject import Subject, first_line

_UNITTEST = re.compile(
    r"(?:Lists|Tuples|Dicts|Sequences|First|Second|Sets) (?:differ|sequence|has|contains)|Items in the "
    r"|Regex pattern did not match|Regex didn't match|\w{1,120} not raised"
    r"|.{0,400} (?:!=|==|not found in|unexpectedly found in|is not (?:true|false|None|an instance of|not)"
    r"|is not|unexpectedly identical"
    r"|not (?:greater|less) than|not (?:in|equal to)) "
)
"""How an assertion of unittest begins.

Hit: `Lists differ: [1] != [2]`
Hit: `ValueError not raised`
Hit: `503 != 200 : no answer`
Miss: `connection refused`
"""
_TRUTH = re.compile(r".{0,400} is not (?:true|false|None)$|unexpectedly None$|.{0,400} is not None$")
"""An assertion of unittest about truth, which shows no second value. Hit: `None is not true`. Miss: `503 != 200`."""


_ACTUAL = re.compile(r"(?:Actual message|Input): (?:'(.{0,400})'|\"(.{0,400})\")$", re.MULTILINE)
"""The message that `pytest.raises(match=…)` got. Hit: `Input: 'no such table'`. Miss: `Regex: 'no such table'`."""
_INFO = re.compile(r"<ExceptionInfo ([A-Za-z_]\w{0,80})\((.{0,400})\) tblen=\d{1,4}>")
"""How pytest shows the exception that it caught.

Hit: `<ExceptionInfo ValueError('no such table') tblen=2>`
Miss: `<ExceptionInfo for raises contextmanager>`
"""
_STRING = re.compile(r"'([^']{0,400})'|\"([^\"]{0,400})\"")
"""A string literal and nothing else. Hit: `'no such table'`. Miss: `ValueError('gone')`."""
_ABOUT_AN_ERROR = re.compile(r"\bstr\(|\.value\b|\bexc\w{0,8}\b|\berr(?:or)?\b|\.args\b|\.message\b|repr\(")
"""An expression that reads an exception. Hit: `str(caught.value)`. Miss: `response.text`."""
_QUOTED = re.compile(r"assert (?:'((?:[^'\\\n]|\\.){1,400})'|\"((?:[^\"\\\n]|\\.){1,400})\") == ")
"""A string that an assertion compares with another. Hit: `assert 'gone' == 'here'`. Miss: `assert 5 == 6`."""


def actual_error(subject: Subject) -> tuple[str, str]:
    """Type and text of the error that an assertion about an error met; the type is "" where only the text is shown."""
    if found := _INFO.search(subject.text):
        return found[1], _argument(found[1], found[2])
    if found := _ACTUAL.search(subject.text):
        return _quoted(found[1] or found[2] or "")
    quoted = _QUOTED.match(subject.first) if _ABOUT_AN_ERROR.search(subject.statement) else None
    return _quoted(quoted[1] or quoted[2]) if quoted else ("", "")


def _quoted(text: str) -> tuple[str, str]:
    """The text of an error; quotes are how a KeyError prints itself."""
    return ("KeyError" if text and text[0] == "'" == text[-1] else ""), text


def _argument(type_: str, shown: str) -> str:
    """The text of an error from its repr: its only argument without quotes, of which a KeyError keeps them."""
    lone = _STRING.fullmatch(shown) if type_ != "KeyError" else None
    return (lone[1] or lone[2] or "") if lone else shown


def own_words(message: str) -> tuple[str, str]:
    """What the author of an assertion wrote, and the values that pytest (`\\nassert 1 == 2`) or unittest (`1 != 2 : `) put beside it.

    Both are "" where there are not two parts.
    """
    words, newline, values = message.partition("\nassert ")
    if newline:
        return words, f"assert {values}"
    values, colon, words = message.partition(" : ")
    return (
        (words, values) if colon and words and (_TRUTH.match(values) or _UNITTEST.match(values)) else ("", "")
    )


def is_bare(message: str) -> bool:
    """Whether the first line of an assertion's message carries no words of its author."""
    first = first_line(message)
    if not first or first.startswith(
        ("assert ", "Regex pattern did not match", "Expected call", "expected call")
    ):
        return True
    if " : " in first[-200:]:
        return False
    return _TRUTH.match(first) is not None or (
        first[:1] in "'\"[{(<-0123456789NTFbLIDSR" and _UNITTEST.match(first) is not None
    )
